"""Put what was measured beside the truth."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping
from typing import TypeGuard

import numpy as np

from gait.errors import GaitError
from gait.events.agreement import match_events
from gait.metrics.rearfoot import NAMES as REARFOOT
from gait.metrics.rearfoot import method_of
from gait.model import INITIAL_CONTACT, SIDES, TOE_OFF, Floats, GaitEvent, MetricValue
from gait.validation.leg_truth import Truths
from gait.validation.records import Case, Comparison, EventErrors, Unmeasured

_log = logging.getLogger(__name__)


def failure_words(problem: Exception, name: str) -> str:
    """Say in a sentence why a file could not be judged; a fault of the program goes into the log as a whole."""
    if isinstance(problem, GaitError):
        return problem.message
    _log.error("validation failed on %s", name, exc_info=problem)
    return f"left out: the program failed on it ({type(problem).__name__}: {problem})."


def compare_metrics(
    case: Case,
    metrics: Iterable[MetricValue],
    truths: Truths,
    quality_level: str,
    uncertainties: Mapping[str, float] | None = None,
) -> tuple[Comparison, ...]:
    """Compare every number that has a truth.

    Parameters
    ----------
    case : Case
        The clip.
    metrics : iterable of MetricValue
        As measured.
    truths : dict
        By metric and side; cadence stands under each side, and the near one's counts.
    quality_level : str
        Of the recording.
    uncertainties : mapping of str to float, optional
        Half-width of the 95 % interval of a metric's truth.
    """
    found = []
    for metric in metrics:
        # What is measured for both sides comes from the near leg; from behind from either.
        for side in (metric.side, case.near, *SIDES) if metric.side == "both" else (metric.side,):
            truth = truths.get((metric.name, side))
            if truth is not None:
                break
        if truth is None or not _is_number(metric.value):
            continue
        uncertainty = (uncertainties or {}).get(metric.name, 0.0)
        found.append(
            Comparison(
                *(case, metric.name, metric.side, metric.value, metric.ci95, truth),
                *(metric.confidence, quality_level, uncertainty, method_of(metric)),
            )
        )
    return tuple(found)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, float) and math.isfinite(value)


def not_measured(
    case: Case, metrics: Iterable[MetricValue], truths: Truths, method: str = ""
) -> tuple[Unmeasured, ...]:
    """Return what has a truth but no number: withheld, or of a clip that was refused (no metrics at all).

    Parameters
    ----------
    case : Case
        The clip.
    metrics : iterable of MetricValue
        As measured.
    truths : dict
        By metric and side.
    method : str
        How rearfoot angles should have been read in this clip; empty where that is not known.
    """
    seen = {(m.name, m.side): m for m in metrics}
    found = []
    for name, side in truths:
        # A number for both sides answers the truth of either side, and either side's a truth for both.
        sides = (side, *SIDES) if side == "both" else (side, "both")
        answers = [seen[name, s] for s in sides if (name, s) in seen]
        if not any(_is_number(m.value) for m in answers):
            reason = next((m.reason for m in answers if m.reason), "")
            found.append(Unmeasured(case, name, side, reason, method if name in REARFOOT else ""))
    return tuple(found)


def compare_events(
    case: Case, events: Iterable[GaitEvent], contacts: Mapping[str, Floats], start_s: float, stop_s: float
) -> tuple[EventErrors, ...]:
    """Match the events of both feet with the true ones.

    Parameters
    ----------
    case : Case
        The clip.
    events : iterable of GaitEvent
        As detected.
    contacts : mapping of str to ndarray, shape (n, 2)
        True initial contact and toe-off by side; NaN where the clip does not hold one.
    start_s, stop_s : float
        True events outside are not judged.
    """
    events = list(events)
    found = []
    for side in SIDES:
        matched: list[dict[int, float]] = []
        for column, kind in enumerate((INITIAL_CONTACT, TOE_OFF)):
            detected = np.array([e.time_s for e in events if e.side == side and e.kind == kind])
            known = np.flatnonzero(np.isfinite(contacts[side][:, column]))
            true = contacts[side][known, column]
            agreement = match_events(detected, true, start_s, stop_s)
            errors = tuple(1000.0 * float(e) for e in agreement.errors_s)
            found.append(EventErrors(case, side, kind, errors, agreement.missed, agreement.false))
            matched.append({int(known[i]): float(detected[j] - true[i]) for i, j in agreement.partners.items()})
        found.append(_contact_times(case, side, contacts[side], matched, start_s, stop_s))
    return tuple(found)


def _contact_times(
    case: Case, side: str, contacts: Floats, matched: list[dict[int, float]], start_s: float, stop_s: float
) -> EventErrors:
    """Compare the contact times; a contact of which an event was not found is a missed one."""
    early, late = matched
    judged = [k for k, (ic, to) in enumerate(contacts) if np.isfinite(to - ic) and ic >= start_s and to <= stop_s]
    errors = tuple(1000.0 * (late[k] - early[k]) for k in judged if k in early and k in late)
    return EventErrors(case, side, "contact_time", errors, missed=len(judged) - len(errors))

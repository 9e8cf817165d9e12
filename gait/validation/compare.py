"""Put what was measured beside the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from gait.events.agreement import MATCH_WINDOW_S, match_events
from gait.model import INITIAL_CONTACT, SIDES, TOE_OFF, Floats, GaitEvent, MetricValue
from gait.validation.leg_truth import Truths
from gait.validation.records import Case, Comparison, EventErrors


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
        if truth is None or not isinstance(metric.value, float):
            continue
        uncertainty = (uncertainties or {}).get(metric.name, 0.0)
        found.append(
            Comparison(
                *(case, metric.name, metric.side, metric.value, metric.ci95, truth),
                *(metric.confidence, quality_level, uncertainty),
            )
        )
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
        detected = {
            kind: np.array([e.time_s for e in events if e.side == side and e.kind == kind])
            for kind in (INITIAL_CONTACT, TOE_OFF)
        }
        for column, kind in enumerate((INITIAL_CONTACT, TOE_OFF)):
            true = contacts[side][:, column]
            agreement = match_events(detected[kind], true[np.isfinite(true)], start_s, stop_s)
            errors = tuple(1000.0 * float(e) for e in agreement.errors_s)
            found.append(EventErrors(case, side, kind, errors, agreement.missed, agreement.false))
        lasting = _contact_time_errors_ms(contacts[side], detected, start_s, stop_s)
        found.append(EventErrors(case, side, "contact_time", lasting))
    return tuple(found)


def _contact_time_errors_ms(
    contacts: Floats, detected: Mapping[str, Floats], start_s: float, stop_s: float
) -> tuple[float, ...]:
    """Error of the contact time of every true contact of which both events were found."""
    found = []
    for ic, to in contacts:
        if np.isfinite(to - ic) and ic >= start_s and to <= stop_s:
            early, late = _nearest(detected[INITIAL_CONTACT], ic), _nearest(detected[TOE_OFF], to)
            if np.isfinite(late - early):
                found.append(1000.0 * (late - early))
    return tuple(found)


def _nearest(detected: Floats, true_s: float) -> float:
    """Error of the nearest detection within the match window, s; NaN without one."""
    if not len(detected):
        return float("nan")
    error = float(detected[np.abs(detected - true_s).argmin()] - true_s)
    return error if abs(error) <= MATCH_WINDOW_S else float("nan")

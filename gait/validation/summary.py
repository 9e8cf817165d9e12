"""From records to figures: bias, SD, RMSE, coverage, strike classes, quality levels."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gait.metrics.quality import LEVELS
from gait.model import Floats
from gait.validation.records import Case, Comparison, EventErrors, StrikeVerdict

CLASSES = ("rearfoot", "midfoot", "forefoot")


@dataclass(frozen=True)
class Row:
    """One line of the table: one quantity of one source at one frame rate.

    Parameters
    ----------
    source, model, condition : str
        As in :class:`gait.validation.records.Case`.
    rate_hz : float
        Frame rate.
    quantity, leg : str
        Event kind or metric; ``near``, ``far`` or ``both``.
    n : int
        Contacts for events, clips otherwise.
    bias, sd, rmse, mae, worst : float
        Of measured minus true; SD is NaN for a single value. ``worst`` is the largest |error| of a clip, for events the
        largest RMSE of a foot in a clip.
    coverage : float
        Share of 95 % intervals that contain the truth; NaN for events.
    missed, false : int
        For events.
    low, high : float
        Smallest and largest error of a clip, for events of a contact.
    method : str
        How it was read where there are several ways: ``tape`` or ``outline``.
    """

    source: str
    model: str
    rate_hz: float
    condition: str
    quantity: str
    leg: str
    n: int
    bias: float
    sd: float
    rmse: float
    mae: float
    worst: float
    coverage: float = float("nan")
    missed: int = 0
    false: int = 0
    low: float = float("nan")
    high: float = float("nan")
    method: str = ""


def rmse(errors: Floats) -> float:
    """Root mean square, NaN when empty."""
    return float(np.sqrt(np.mean(np.square(errors)))) if len(errors) else float("nan")


def metric_rows(comparisons: Iterable[Comparison]) -> list[Row]:
    """Summarise metrics by source, model, rate, condition, leg and method, in order of first appearance."""
    groups: dict[tuple[object, ...], list[Comparison]] = defaultdict(list)
    for c in comparisons:
        groups[*_key(c.case), c.metric, c.leg, c.method].append(c)
    return [_row(group[0].case, group[0].metric, group[0].leg, group) for group in groups.values()]


def _row(case: Case, quantity: str, leg: str, group: Sequence[Comparison]) -> Row:
    errors = np.array([c.error for c in group])
    return Row(
        *(case.source, case.model, case.rate_hz, case.condition, quantity, leg, len(errors)),
        *spread(errors),
        worst=float(np.abs(errors).max()),
        coverage=coverage(group),
        low=float(errors.min()),
        high=float(errors.max()),
        method=group[0].method,
    )


def event_rows(events: Iterable[EventErrors]) -> list[Row]:
    """Summarise events pooled over contacts; a row per leg."""
    groups: dict[tuple[object, ...], list[EventErrors]] = defaultdict(list)
    for e in events:
        groups[*_key(e.case), e.kind, e.leg].append(e)
    return [pooled_events(group) for group in groups.values()]


def pooled_events(group: Sequence[EventErrors], leg: str | None = None) -> Row:
    """Pool records of one kind of event into one row."""
    first = group[0]
    errors = pooled(group)
    case = first.case
    return Row(
        *(case.source, case.model, case.rate_hz, case.condition, first.kind, leg or first.leg, len(errors)),
        *spread(errors),
        worst=max((rmse(np.array(e.errors_ms)) for e in group if e.errors_ms), default=float("nan")),
        missed=sum(e.missed for e in group),
        false=sum(e.false for e in group),
        low=float(errors.min()) if len(errors) else float("nan"),
        high=float(errors.max()) if len(errors) else float("nan"),
    )


def pooled(group: Iterable[EventErrors]) -> Floats:
    """All errors of several records, ms."""
    return np.array([error for e in group for error in e.errors_ms])


def spread(errors: Floats) -> tuple[float, float, float, float]:
    """Return bias, SD, RMSE and mean absolute error."""
    if not len(errors):
        return (float("nan"),) * 4
    sd = float(np.std(errors, ddof=1)) if len(errors) > 1 else float("nan")
    return float(errors.mean()), sd, rmse(errors), float(np.abs(errors).mean())


def _key(case: Case) -> tuple[str, str, float, str]:
    return case.source, case.model, case.rate_hz, case.condition


def coverage(group: Iterable[Comparison]) -> float:
    """Share of 95 % intervals that contain the truth; NaN without one."""
    seen = [c.covered for c in group if c.covered is not None]
    return float(np.mean(seen)) if seen else float("nan")


def coverage_by(comparisons: Iterable[Comparison]) -> dict[tuple[str, str], tuple[int, float]]:
    """Return number of intervals and coverage per metric and source; source ``all`` pools them."""
    groups: dict[tuple[str, str], list[Comparison]] = defaultdict(list)
    for c in comparisons:
        if c.covered is not None:
            groups[c.metric, "all"].append(c)
            groups[c.metric, c.case.source].append(c)
    return {key: (len(group), coverage(group)) for key, group in groups.items()}


@dataclass(frozen=True)
class LevelError:
    """How large errors are at one quality level: median |error| in units of the metric's RMS error over all cases."""

    level: str
    n: int
    median: float


def error_by_level(comparisons: Sequence[Comparison]) -> list[LevelError]:
    """Return the median normalised |error| of each quality level that occurs, best level first."""
    by_metric: dict[str, list[Comparison]] = defaultdict(list)
    for c in comparisons:
        by_metric[c.metric].append(c)
    relative: dict[str, list[float]] = defaultdict(list)
    for group in by_metric.values():
        usual = rmse(np.array([c.error for c in group]))
        for c in group:
            if usual > 0:
                relative[c.quality_level].append(abs(c.error) / usual)
    return [
        LevelError(level, len(relative[level]), float(np.median(relative[level])))
        for level in LEVELS
        if relative.get(level)
    ]


def levels_in_order(found: Sequence[LevelError]) -> bool:
    """Tell whether the median error never falls from a better level to a worse one."""
    return all(a.median <= b.median for a, b in itertools.pairwise(found))


@dataclass(frozen=True)
class StrikeSummary:
    """Agreement of the strike class with the labels of the source.

    ``confusion`` counts by label and three-way class (``withheld`` where none was given); percentages are of
    determinate feet (agreement) and of all feet (indeterminate).
    """

    n: int
    agreement_pct: float
    indeterminate_pct: float
    disagreements: tuple[StrikeVerdict, ...]
    confusion: dict[tuple[str, str], int]


def strike_summary(strikes: Sequence[StrikeVerdict]) -> StrikeSummary:
    """Summarise strike classes of one condition."""
    sure = [s for s in strikes if s.agrees is not None]
    confusion: dict[tuple[str, str], int] = defaultdict(int)
    for s in strikes:
        confusion[s.label, s.three_way or "withheld"] += 1
    return StrikeSummary(
        len(strikes),
        100.0 * float(np.mean([bool(s.agrees) for s in sure])) if sure else float("nan"),
        100.0 * (1.0 - len(sure) / len(strikes)) if strikes else float("nan"),
        tuple(s for s in sure if not s.agrees),
        dict(confusion),
    )

"""Two analyses of one person, before and after: which differences are more than chance.

A change of a number is real when it lies beyond the smallest change that counts: the published smallest detectable
change, or 1.96 times the standard error of the difference where none is published or where these recordings resolve
less (:mod:`gait.metrics.detectable`). That limit is the half-width of the 95 % interval of the change, so that a real
change is one whose interval does not hold 0. At the limit itself a change is not real.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from gait.metrics.catalogue import CATALOGUE, place_of
from gait.metrics.conditions import Conditions, conditions_of, same_method
from gait.metrics.detectable import smallest_change
from gait.metrics.pelvis import FROM_MEAN_METHOD, HIP_LINE_METHOD
from gait.metrics.strike import INDETERMINATE
from gait.model import SIDES, GaitAnalysis, MetricValue, QualityWarning

REAL = "real_change"
NOT_SHOWN = "no_real_change_shown"
CANNOT_TELL = "cannot_tell"
NOT_COMPARABLE = "not_comparable"
VERDICTS = (REAL, CANNOT_TELL, NOT_SHOWN, NOT_COMPARABLE)

ONE_STRIDE = "a single stride has no error bar"
_BELT = ("belt_speed_m_s", "both")
_CONFIDENCE = ("none", "low", "medium", "high")
_ROUNDING = 1e-9
"""15.8 - 12.0 is a little more than 3.8 for a computer: that much beyond a limit is still at the limit."""


@dataclass(frozen=True)
class MetricChange:
    """One metric in both recordings, and what may be said about the difference.

    Parameters
    ----------
    name, side, unit
        As in :class:`gait.model.MetricValue`.
    before, after : MetricValue or None
        What each analysis says; None where it does not know the metric.
    change : float or None
        After less before, in the unit; None for classes and where one has no value.
    ci95 : (float, float) or None
        95 % interval of the change.
    smallest : float or None
        The smallest change that counts, in the unit.
    smallest_origin : str or None
        ``published`` or ``derived``.
    verdict : str
        One of :data:`VERDICTS`.
    reason : str
        Why nothing can be said, or what to bear in mind; empty otherwise.
    """

    name: str
    side: str
    unit: str | None
    before: MetricValue | None
    after: MetricValue | None
    change: float | None = None
    ci95: tuple[float, float] | None = None
    smallest: float | None = None
    smallest_origin: str | None = None
    verdict: str = NOT_COMPARABLE
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two analyses side by side: what to know first, then every metric that at least one of them has a value of."""

    before: GaitAnalysis
    after: GaitAnalysis
    warnings: tuple[QualityWarning, ...]
    changes: tuple[MetricChange, ...]

    def having(self, verdict: str) -> tuple[MetricChange, ...]:
        """Return the changes of one verdict, in the order of the catalogue."""
        return tuple(change for change in self.changes if change.verdict == verdict)


def compare(before: GaitAnalysis, after: GaitAnalysis) -> Comparison:
    """Compare two analyses of the same person.

    Parameters
    ----------
    before, after : GaitAnalysis
        The earlier and the later one.

    Returns
    -------
    Comparison
        Exchanging the two turns every change round and leaves every verdict as it is.
    """
    first, second = _by_key(before.metrics), _by_key(after.metrics)
    seen = _both_numbers(first.get(_BELT), second.get(_BELT))
    seen_limit = None if seen is None else _limit(before, after, first[_BELT], second[_BELT])[0]
    conditions = conditions_of(before, after, seen_speeds_m_s=seen, seen_limit_m_s=seen_limit)
    found: dict[tuple[str, str], MetricChange] = {}
    # Numbers first: a class asks the number that decides it.
    for key in sorted(first.keys() | second.keys(), key=lambda key: (_is_class(key[0]), _place(key))):
        change = _change(before, after, key, first.get(key), second.get(key), conditions, found)
        if change is not None:
            found[key] = change
    ordered = tuple(found[key] for key in sorted(found, key=_place))
    return Comparison(before, after, conditions.warnings, ordered)


def _place(key: tuple[str, str]) -> tuple[int, str, str]:
    return (place_of(key[0]), *key)


def _is_class(name: str) -> bool:
    return name in CATALOGUE and CATALOGUE[name].rests_on is not None


def _by_key(metrics: Iterable[MetricValue]) -> dict[tuple[str, str], MetricValue]:
    """Return one metric per name and side; of several videos' the one with a value and the highest confidence."""
    found: dict[tuple[str, str], MetricValue] = {}
    for metric in metrics:
        key = (metric.name, metric.side)
        if key not in found or _worth(metric) > _worth(found[key]):
            found[key] = metric
    return found


def _worth(metric: MetricValue) -> tuple[bool, int]:
    rank = _CONFIDENCE.index(metric.confidence) if metric.confidence in _CONFIDENCE else 0
    return _has_value(metric), rank


def _has_value(metric: MetricValue | None) -> bool:
    if metric is None or metric.value is None:
        return False
    return isinstance(metric.value, str) or math.isfinite(metric.value)


def _change(
    before: GaitAnalysis,
    after: GaitAnalysis,
    key: tuple[str, str],
    first: MetricValue | None,
    second: MetricValue | None,
    conditions: Conditions,
    numbers: dict[tuple[str, str], MetricChange],
) -> MetricChange | None:
    """Judge one metric; None where neither has a value."""
    if not _has_value(first) and not _has_value(second):
        return None
    if first is None or second is None or not (_has_value(first) and _has_value(second)):
        return _one_is_missing(before, after, key, first, second)
    if isinstance(first.value, str) and isinstance(second.value, str):
        return _class_change(first, second, numbers)
    values = _both_numbers(first, second)
    if values is None or first.unit != second.unit:
        return MetricChange(*key, first.unit, first, second, reason="the two are not given in the same unit")
    limit, origin = _limit(before, after, first, second)
    change = values[1] - values[0]
    interval = None if limit is None else (change - limit, change + limit)
    verdict = CANNOT_TELL if limit is None else REAL if _is_beyond(change, limit) else NOT_SHOWN
    reason = "" if limit is not None else ONE_STRIDE
    if _read_differently(first, second):
        verdict, reason = CANNOT_TELL, "how the pelvis tilts is known better in one of the two recordings"
    if conditions.speed_differs and _depends_on_speed(first.name):
        verdict = CANNOT_TELL
        reason = f"the belt speed differs ({conditions.speed_words}), and this number changes with speed"
    return MetricChange(*key, first.unit, first, second, change, interval, limit, origin, verdict, reason)


def _read_differently(first: MetricValue, second: MetricValue) -> bool:
    """Tell whether the hip line was believed to a different extent, so that what is wrong with it does not cancel."""
    return any((way in first.method) != (way in second.method) for way in (HIP_LINE_METHOD, FROM_MEAN_METHOD))


def _both_numbers(first: MetricValue | None, second: MetricValue | None) -> tuple[float, float] | None:
    if first is None or second is None or isinstance(first.value, str) or isinstance(second.value, str):
        return None
    return None if first.value is None or second.value is None else (float(first.value), float(second.value))


def _is_beyond(change: float, limit: float | None) -> bool:
    return limit is not None and abs(change) - limit > _ROUNDING * max(1.0, limit)


def _limit(
    before: GaitAnalysis, after: GaitAnalysis, first: MetricValue, second: MetricValue
) -> tuple[float, str] | tuple[None, None]:
    alike = same_method(before, first.video, after, second.video)
    return smallest_change(first.name, _standard_error(first, alike), _standard_error(second, alike))


def _one_is_missing(
    before: GaitAnalysis,
    after: GaitAnalysis,
    key: tuple[str, str],
    first: MetricValue | None,
    second: MetricValue | None,
) -> MetricChange:
    have, lacks, whose = (first, after, "after") if _has_value(first) else (second, before, "before")
    lacking = second if _has_value(first) else first
    # Filmed from another side, the other analysis gives its reason under "both" or the other leg.
    reasons = [
        m.reason for m in (lacking, *(m for m in lacks.metrics if m.name == key[0])) if m is not None and m.reason
    ]
    why = reasons[0] if reasons else _not_there(key, lacks)
    unit = have.unit if have is not None else None
    return MetricChange(*key, unit, first, second, reason=f"No value {whose}: {why}")


def _not_there(key: tuple[str, str], lacks: GaitAnalysis) -> str:
    """Say why an analysis does not even know a metric."""
    name, side = key
    views = sorted({v.view for v in lacks.videos})
    if side in SIDES and side not in views:
        return f"it was filmed from {' and '.join(views) or 'an unknown view'} only."
    if any(m.name == name for m in lacks.metrics):
        return "it was not measured there."
    return "that analysis does not have this number."


def _depends_on_speed(name: str) -> bool:
    return name not in CATALOGUE or CATALOGUE[name].speed_dependent


def _standard_error(metric: MetricValue, alike: bool) -> float | None:
    """Standard error of a difference's one side, in the metric's unit.

    Where the method or the person differs nothing that is common to all strides cancels, and in older files it is not
    told apart: then it is that of the whole interval. Yet never less than between two recordings of one method: how
    the pace wanders from one to the next is in the one and not in the other.
    """
    if alike and metric.retest_se is not None:
        return metric.retest_se
    if metric.ci95 is None or not all(math.isfinite(x) for x in metric.ci95):
        return None
    return max((metric.ci95[1] - metric.ci95[0]) / 2 / 1.96, metric.retest_se or 0.0)


def _class_change(
    first: MetricValue, second: MetricValue, numbers: dict[tuple[str, str], MetricChange]
) -> MetricChange:
    """Judge a class: it has changed only where the number that decides it has really changed, too."""
    verdict, reason = NOT_SHOWN, ""
    undecided = [w for w, m in (("before", first), ("after", second)) if m.value == INDETERMINATE]
    spec = CATALOGUE.get(first.name)
    behind = numbers.get((spec.rests_on, first.side)) if spec and spec.rests_on else None
    if undecided:
        verdict, reason = CANNOT_TELL, f"not decided {' and '.join(undecided)}"
    elif first.value != second.value:
        verdict = CANNOT_TELL
        if behind is None:
            reason = "the number that decides the class is missing"
        elif behind.verdict == REAL:
            verdict = REAL
        elif behind.verdict == NOT_SHOWN:
            reason = f"{CATALOGUE[behind.name].title.lower()}, which decides it, shows no real change"
        else:
            reason = behind.reason
    return MetricChange(first.name, first.side, None, first, second, verdict=verdict, reason=reason)

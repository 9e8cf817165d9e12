"""Holding measured numbers and answers against a rule's limits: raised, borderline, clear or not assessed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gait.findings.entries import Rule, Test
from gait.findings.predicate import holds
from gait.findings.sentences import answer_line, metric_line
from gait.findings.types import BORDERLINE, CLEAR, NOT_ASSESSED, RAISED, Evidence
from gait.metrics.catalogue import CATALOGUE, REFERENCE_SPEED_TOLERANCE_M_S
from gait.metrics.pelvis import FROM_MEAN_METHOD
from gait.metrics.symmetry import is_difference
from gait.model import SIDES, GaitAnalysis, MetricValue
from gait.words import text

_CONFIDENCE = ("none", "low", "medium", "high")
_ORDER = (RAISED, BORDERLINE, CLEAR, NOT_ASSESSED)
STRONG, PLAIN = "clear", "slight"


@dataclass(frozen=True)
class Outcome:
    """How a rule came out.

    Parameters
    ----------
    state : {"raised", "borderline", "clear", "not_assessed", "silent"}
        Silent where the rule asks for answers that were not given.
    strength : str
        ``clear`` where a strong limit is passed, too.
    evidence : tuple of Evidence
        What it rests on.
    reason : str
        Why it was not assessed.
    """

    state: str
    strength: str = PLAIN
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""


SILENT = "silent"


def belt_speed_m_s(analysis: GaitAnalysis) -> float | None:
    """Return the belt speed: as told, else as seen in the pictures where that is at least fairly sure."""
    if analysis.recording.belt_speed_m_s is not None:
        return analysis.recording.belt_speed_m_s
    seen = analysis.metric("belt_speed_m_s")
    if seen is None or not isinstance(seen.value, int | float) or seen.confidence not in ("medium", "high"):
        return None
    return float(seen.value)


def band(metric: str, speed_m_s: float | None) -> tuple[float, float] | None:
    """Return mean and SD of the reference runners at a belt speed, between two speeds interpolated.

    Returns
    -------
    (float, float) or None
        None where the speed is unknown, or further than 0.4 m/s beyond the reference's slowest and fastest.
    """
    points = sorted(CATALOGUE[metric].reference_points)
    if speed_m_s is None or not points:
        return None
    speeds = [point[0] for point in points]
    reach = REFERENCE_SPEED_TOLERANCE_M_S
    if not speeds[0] - reach <= speed_m_s <= speeds[-1] + reach:
        return None
    at = min(max(speed_m_s, speeds[0]), speeds[-1])
    for (low_s, low_mean, low_sd), (high_s, high_mean, high_sd) in pairwise(points):
        if low_s <= at <= high_s:
            share = (at - low_s) / (high_s - low_s)
            return low_mean + share * (high_mean - low_mean), low_sd + share * (high_sd - low_sd)
    return points[0][1], points[0][2]


def evaluate(rule: Rule, analysis: GaitAnalysis, facts: Mapping[str, Any]) -> Outcome:
    """Hold one rule against an analysis and the answers.

    Parameters
    ----------
    rule : Rule
    analysis : GaitAnalysis
    facts : mapping
        See `gait.findings.facts.facts_of`.
    """
    if rule.needs and not holds(rule.needs, facts):
        return Outcome(SILENT)
    speed = belt_speed_m_s(analysis)
    if rule.speed_m_s is not None and speed is not None and not rule.speed_m_s[0] <= speed <= rule.speed_m_s[1]:
        return Outcome(NOT_ASSESSED, reason=_beyond_reference(speed))
    if rule.view != "none" and analysis.quality.level == "unusable":
        return Outcome(NOT_ASSESSED, reason=text("findings.reason.quality"))
    main = [_tested(test, rule, analysis, facts, speed) for test in rule.tests if not test.supporting]
    if all(not rows for rows in main) and rule.view == "none":
        return Outcome(SILENT)
    state = _joined(main, rule.match)
    evidence = [row for rows in main for row in rows]
    evidence += [row for test in rule.tests if test.supporting for row in _tested(test, rule, analysis, facts, speed)]
    if state == NOT_ASSESSED:
        return Outcome(NOT_ASSESSED, evidence=tuple(evidence), reason=_reason(rule, analysis, evidence))
    strong = any(_is_strong(test, rows, speed) for test, rows in zip(_main(rule), main, strict=True))
    return Outcome(state, STRONG if strong and state == RAISED else PLAIN, tuple(evidence))


def _main(rule: Rule) -> list[Test]:
    return [test for test in rule.tests if not test.supporting]


def _best(rows: Iterable[Evidence]) -> str:
    states = {row.state for row in rows} or {NOT_ASSESSED}
    return next(state for state in _ORDER if state in states)


def _joined(tests: list[list[Evidence]], match: str) -> str:
    """Join the tests of a rule: the worst of any; or the least of all on one leg, and of the legs the worse."""
    if match == "any":
        return _best(row for rows in tests for row in rows)
    sides = sorted({row.side for rows in tests for row in rows if row.side in SIDES}) or [""]
    # A knee of one leg and an ankle of the other are no way to land; what has no side counts for both.
    legs = [
        [_best(row for row in rows if row.side == side or row.side not in SIDES) for rows in tests] for side in sides
    ]
    return min((_least(states) for states in legs), key=_ORDER.index)


def _least(states: list[str]) -> str:
    if NOT_ASSESSED in states:
        return CLEAR if CLEAR in states else NOT_ASSESSED
    return max(states, key=_ORDER.index)


def _tested(
    test: Test, rule: Rule, analysis: GaitAnalysis, facts: Mapping[str, Any], speed: float | None
) -> list[Evidence]:
    if test.told:
        return _answered(test, facts)
    rows = [_measured(test, rule, metric, speed) for metric in _metrics(test.metric, analysis)]
    if test.differs:
        # Dozens of comparisons that show nothing are no evidence for anything.
        shown = [row for row in rows if row.state in (RAISED, BORDERLINE)]
        return shown or sorted(rows, key=lambda row: _ORDER.index(row.state))[:1]
    return rows


def _metrics(name: str, analysis: GaitAnalysis) -> list[MetricValue]:
    if name.endswith("*"):
        return [m for m in analysis.metrics if m.name.startswith(name[:-1]) and m.value is not None]
    return [m for m in analysis.metrics if m.name == name]


def _answered(test: Test, facts: Mapping[str, Any]) -> list[Evidence]:
    if test.told not in facts:
        return []
    value = facts[test.told]
    if test.classes:
        raised = holds([{test.told: list(test.classes)}], facts)
        limit = None
    else:
        name, limit = next((n, v) for n in ("above", "at_least", "below") if (v := getattr(test, n)) is not None)
        raised = holds([{test.told: {name: limit}}], facts)
    shown = value if isinstance(value, float | str) else str(value)
    state = RAISED if raised else CLEAR
    return [Evidence(test.told, "", "", shown, None, None, limit, state, answer_line(test, value))]


def _measured(test: Test, rule: Rule, metric: MetricValue, speed: float | None) -> Evidence:
    limit, limit_sd = _limit(test, metric.name, speed)
    trusted = _CONFIDENCE.index(metric.confidence) >= _CONFIDENCE.index(rule.min_confidence)
    if metric.value is None or not trusted:
        state = NOT_ASSESSED
    elif test.differs:
        state = _different(metric)
    elif test.classes:
        state = _classed(test, metric)
    elif limit is None or not isinstance(metric.value, int | float):
        state = NOT_ASSESSED
    else:
        state = _against(
            float(metric.value), metric.ci95, limit, upwards=_upwards(test), reached=test.at_least is not None
        )
    if state == CLEAR and _is_about_level(metric):
        # The movement is within the limit; a drop of one side alone may hide in the mean that was taken off.
        state = NOT_ASSESSED
    words = metric_line(metric, limit, limit_sd, state, rule.limit_origin, speed)
    return Evidence(metric.name, metric.side, metric.video, metric.value, metric.unit, metric.ci95, limit, state, words)


def _is_about_level(metric: MetricValue) -> bool:
    return metric.value is not None and FROM_MEAN_METHOD in metric.method


def _upwards(test: Test) -> bool:
    return test.below is None and test.below_band_sd is None


def _limit(test: Test, name: str, speed: float | None) -> tuple[float | None, float | None]:
    """Return the limit in the metric's unit, and how many SDs from the reference's mean it lies."""
    sds = test.above_band_sd or (None if test.below_band_sd is None else -test.below_band_sd)
    if sds is None:
        return next((v for v in (test.above, test.at_least, test.below) if v is not None), None), None
    runners = band(name, speed)
    return (None, sds) if runners is None else (runners[0] + sds * runners[1], sds)


def _against(
    value: float, ci95: tuple[float, float] | None, limit: float, *, upwards: bool, reached: bool = False
) -> str:
    """Raised when the whole interval lies beyond the limit (``reached``: or on it), borderline when it straddles it."""
    low, high = ci95 if ci95 is not None else (value, value)
    if not upwards:
        low, high, limit = -high, -low, -limit
    if math.isnan(low) or math.isnan(high):
        return NOT_ASSESSED

    def beyond(edge: float) -> bool:
        return edge >= limit if reached else edge > limit

    return RAISED if beyond(low) else BORDERLINE if beyond(high) else CLEAR


def _classed(test: Test, metric: MetricValue) -> str:
    if metric.value in test.classes:
        return RAISED
    return BORDERLINE if metric.value == "indeterminate" else CLEAR


def _different(metric: MetricValue) -> str:
    verdict = is_difference(metric)
    if verdict is None:
        return NOT_ASSESSED
    threshold = (metric.reference or {})["threshold"]
    return RAISED if verdict else BORDERLINE if abs(float(metric.value or 0.0)) > threshold else CLEAR


def _is_strong(test: Test, rows: Iterable[Evidence], speed: float | None) -> bool:
    """Tell whether a number that raises the finding lies beyond the strong limit with its whole interval."""
    for row in rows:
        if row.state != RAISED:
            continue
        strong = test.strong
        if test.strong_band_sd is not None and (runners := band(row.name, speed)) is not None:
            strong = runners[0] + (1 if _upwards(test) else -1) * test.strong_band_sd * runners[1]
        if strong is None or not isinstance(row.value, int | float):
            continue
        if _against(float(row.value), row.ci95, strong, upwards=_upwards(test)) == RAISED:
            return True
    return False


def _reason(rule: Rule, analysis: GaitAnalysis, evidence: Iterable[Evidence]) -> str:
    """Say why a finding could not be looked for: the view, the speed, or what the metric itself says."""
    views = {"side" if video.view in ("left", "right") else video.view for video in analysis.videos}
    if rule.view in ("side", "rear") and rule.view not in views:
        return text(f"findings.reason.view_{rule.view}")
    seen_both = "rear" in views or {video.view for video in analysis.videos} >= set(SIDES)
    if any(test.differs for test in rule.tests) and not seen_both:
        return text("findings.reason.both_sides")
    if any(_is_about_level(m) for m in analysis.metrics if m.name in {row.name for row in evidence}):
        return text("findings.reason.about_level")
    names = {row.name for row in evidence} | {test.metric for test in _main(rule)}
    reasons = [m.reason for m in analysis.metrics if m.name in names and m.value is None and m.reason]
    if reasons:
        return reasons[0]
    if any(test.above_band_sd or test.below_band_sd for test in _main(rule)):
        speed = belt_speed_m_s(analysis)
        return text("findings.reason.no_speed") if speed is None else _beyond_reference(speed)
    return text("findings.reason.not_measured")


def _beyond_reference(speed_m_s: float) -> str:
    return text("findings.reason.speed", speed=f"{speed_m_s:.1f}")

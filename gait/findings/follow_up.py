"""What became of the findings and of the cadence target between two recordings of one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gait.findings.assess import saved_assessment
from gait.findings.types import BORDERLINE, NOT_ASSESSED, OPTIONAL, RAISED, Assessment, Finding
from gait.metrics.change import REAL, Comparison
from gait.words import text

ABSENT = "absent"
CADENCE_TOLERANCE_SPM = 2.0
"""A cadence this close below its target counts as reached, steps/min. [default of ours]"""


@dataclass(frozen=True)
class FollowUp:
    """How one finding came out before and after, and whether the numbers it rests on really changed.

    ``before`` and ``after`` are statuses of findings, ``absent`` or ``not_assessed``; ``backed`` is None for findings
    that rest on answers only.
    """

    rule: str
    title: str
    before: str
    after: str
    backed: bool | None
    words: str


def follow_up(comparison: Comparison) -> tuple[FollowUp, ...]:
    """Return what became of every finding that was raised in one of two analyses, in the order of the later one.

    Empty where one of them holds no findings.
    """
    assessments = saved_assessment(comparison.before), saved_assessment(comparison.after)
    if assessments[0] is None or assessments[1] is None:
        return ()
    before, after = (_by_rule(assessment) for assessment in assessments if assessment is not None)
    rows = []
    for rule in dict.fromkeys((*after, *before)):
        statuses = before.get(rule), after.get(rule)
        if any(f is not None and f.status in (RAISED, OPTIONAL) for f in statuses):
            rows.append(_followed(rule, *statuses, comparison))
    return tuple(rows)


def _by_rule(assessment: Assessment) -> Mapping[str, Finding]:
    return {finding.rule: finding for finding in (*assessment.findings, *assessment.not_assessed)}


def _followed(rule: str, before: Finding | None, after: Finding | None, comparison: Comparison) -> FollowUp:
    first, second = (ABSENT if f is None else RAISED if f.status == OPTIONAL else f.status for f in (before, after))
    title = next(finding.title for finding in (after, before) if finding is not None)
    backed = _backed(before, after, comparison)
    if first == second:
        key = "still"
    elif NOT_ASSESSED in (first, second):
        key = "not_assessed_now" if second == NOT_ASSESSED else "not_assessed_before"
    elif BORDERLINE in (first, second):
        key = "borderline_now" if second == BORDERLINE else "borderline_before"
    else:
        key = "new" if second == RAISED else "gone"
    words = text(f"compare.{key}", title=title)
    if key not in ("still", "not_assessed_now", "not_assessed_before") and backed is not None:
        words = f"{words} {text('compare.backed' if backed else 'compare.not_backed')}"
    return FollowUp(rule, title, first, second, backed, words)


def _backed(before: Finding | None, after: Finding | None, comparison: Comparison) -> bool | None:
    """Tell whether any number that the finding rests on really changed; None where it rests on none."""
    names = {row.name for finding in (before, after) if finding is not None for row in finding.evidence}
    changes = [change for change in comparison.changes if change.name in names]
    return any(change.verdict == REAL for change in changes) if changes else None


def cadence_words(comparison: Comparison) -> str:
    """Say how the later cadence stands to the target of the earlier plan; empty where there was none.

    Empty, too, where a red flag of the later analysis hides cadences, and where belt speeds differ: a target
    holds for one speed.
    """
    before, after = saved_assessment(comparison.before), saved_assessment(comparison.after)
    plan = before.plan.cadence if before is not None else None
    now = comparison.after.metric("cadence_spm")
    if plan is None or now is None or not isinstance(now.value, int | float):
        return ""
    if after is not None and after.plan.withheld:
        return ""
    if any(warning.code == "speed_differs" for warning in comparison.warnings):
        return ""
    target = plan.first_spm
    key = "cadence_reached" if now.value >= target - CADENCE_TOLERANCE_SPM else "cadence_not_reached"
    return text(f"compare.{key}", target=target, now=f"{now.value:.0f}", before=f"{plan.measured_spm:.0f}")

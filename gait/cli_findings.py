"""What the terminal says of referral, findings and plan: the gravest first, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gait.findings.assess import saved_assessment
from gait.words import text

if TYPE_CHECKING:
    from rich.console import Console

    from gait.findings.types import Assessment
    from gait.model import GaitAnalysis


def print_referral(console: Console, analysis: GaitAnalysis) -> None:
    """Print every red flag with what to do; nothing without one."""
    assessment = saved_assessment(analysis)
    if assessment is None or not assessment.red_flags:
        return
    console.print(f"{text('report.referral_title')}:", style="bold red", markup=False)
    for flag in assessment.red_flags:
        urgency = text(f"report.urgency_{flag.urgency}")
        console.print(f"  {urgency}: {flag.title}. {flag.do}", soft_wrap=True, markup=False)
    console.print(assessment.plan.withheld, soft_wrap=True, markup=False)
    console.print()


def print_plan(console: Console, analysis: GaitAnalysis) -> None:
    """Print what stands out and the priorities; nothing where advice is withheld."""
    assessment = saved_assessment(analysis)
    if assessment is None or assessment.plan.withheld:
        return
    for line in plan_lines(assessment):
        console.print(line, soft_wrap=True, markup=False)
    console.print()


def plan_lines(assessment: Assessment) -> list[str]:
    """Return the plan's summary, then a line for each priority: what it is and what it rests on."""
    titles = {finding.rule: finding.title for finding in assessment.findings}
    lines = [assessment.plan.summary]
    for item in assessment.plan.priorities:
        because = titles.get(item.rule, "")
        lines.append(f"  {item.priority}. {item.title}" + (f" ({because[:1].lower()}{because[1:]})" if because else ""))
    if assessment.conditions:
        named = ", ".join(condition.title for condition in assessment.conditions)
        lines.append(f"  {text('report.discuss_title')}: {named}")
    optional = [item.title for item in assessment.plan.prevention if item.optional]
    return [*lines, *(f"  {text('report.optional', what=title)}" for title in optional)]

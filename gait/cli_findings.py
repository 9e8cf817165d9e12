"""What the terminal says of referral, findings and plan: the gravest first, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gait.findings.assess import saved_assessment
from gait.findings.origin import short_origin
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
        words = f"{urgency}: {flag.title}. {flag.do} [{short_origin(flag.source)}]"
        console.print(f"  {words}", soft_wrap=True, markup=False)
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
    """Return the plan's summary, then a line for each priority: what it is, what it rests on, where it comes from."""
    titles = {finding.rule: finding.title for finding in assessment.findings}
    source = assessment.plan.source
    lines = [assessment.plan.summary if source is None else f"{assessment.plan.summary} [{short_origin(source)}]"]
    for item in assessment.plan.priorities:
        because = titles.get(item.rule, "")
        words = f"{item.title} ({because[:1].lower()}{because[1:]})" if because else item.title
        lines.append(f"  {item.priority}. {words} [{short_origin(item.source)}]")
    if assessment.conditions:
        named = ", ".join(condition.title for condition in assessment.conditions)
        lines.append(f"  {text('report.discuss_title')}: {named}")
    for item in assessment.plan.prevention:
        if item.optional:
            lines.append(f"  {text('report.optional', what=item.title)} [{short_origin(item.source)}]")
    return lines

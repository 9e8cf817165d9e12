"""From findings to a plan: at most three priorities, the four kinds of prevention, cadence, distance, a date."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from gait.findings.distance import distance_plan
from gait.findings.entries import CHECK, FORM, LOAD, AdviceEntry, Rule, citations
from gait.findings.library import Library
from gait.findings.predicate import holds
from gait.findings.types import (
    BORDERLINE,
    GROUPS,
    MOST_PRIORITIES,
    OPTIONAL,
    PUBLISHED,
    RAISED,
    Advice,
    CadencePlan,
    Finding,
    Plan,
    Source,
)
from gait.model import GaitAnalysis
from gait.told import Told
from gait.words import text

FIRST_STEP, FURTHER = 1.05, (1.075, 1.10)
"""First and further cadences, as multiples of the measured one, at the same speed (Heiderscheit et al. 2011,
doi:10.1249/MSS.0b013e3181ebedf4: +5 and +10 %)."""

_CERTAINTY = {"A": 3, "": 2, "B": 2, "C": 1, "D": 0}
"""Rank of a grade; the article's own advice (no grade) stands with B. [default of ours]"""


def make_plan(
    analysis: GaitAnalysis,
    told: Told,
    library: Library,
    facts: Mapping[str, Any],
    findings: Sequence[Finding],
    on: date,
    *,
    looked: bool,
) -> Plan:
    """Make the plan of somebody without red flags.

    Parameters
    ----------
    analysis : GaitAnalysis
    told : Told
    library : Library
    facts : mapping
        The answers, and which findings were raised.
    findings : sequence of Finding
        Raised, optional and borderline ones.
    on : date
        Day of the plan; dates are counted from it.
    looked : bool
        Whether anything about the way of running could be assessed.
    """
    cadence = _cadence_plan(analysis)
    ranked = sorted(
        (finding for finding in findings if finding.status == RAISED),
        key=lambda f: -_weight(library.rules[f.rule], f),
    )
    priorities: list[Advice] = []
    for finding in ranked:
        entry = _advice_for(library, library.rules[finding.rule], facts)
        given = {item.id for item in priorities}
        if entry is None or _is_told(library, entry, given) or len(priorities) == MOST_PRIORITIES:
            continue
        priorities.append(_made(library, entry, on, cadence, rule=finding.rule, priority=len(priorities) + 1))
    prevention = _prevention(library, facts, findings, priorities, on, cadence)
    dates = sorted(item.refilm_on for item in priorities if item.refilm_on)
    summary, source = summary_of(findings, priorities, told, looked=looked)
    return Plan(
        summary=summary,
        source=source,
        nothing_to_change=looked and not _is_any(findings, RAISED),
        priorities=tuple(priorities),
        prevention=tuple(prevention),
        cadence=cadence_in_use(cadence, library, priorities, prevention),
        distance=distance_plan(told, on),
        refilm_on=dates[-1] if dates else "",
    )


def cadence_in_use(
    cadence: CadencePlan | None, library: Library, priorities: Sequence[Advice], prevention: Sequence[Advice]
) -> CadencePlan | None:
    """Return the cadences where advice asks for them, as optional as that advice; else None."""

    def asked_by(items: Sequence[Advice]) -> list[Advice]:
        return [item for item in items if item.id in library.advice and library.advice[item.id].uses_cadence]

    if cadence is None or not asked_by((*priorities, *prevention)):
        return None
    needed = asked_by(priorities) or [item for item in asked_by(prevention) if not item.optional]
    return replace(cadence, optional=not needed)


def needs_reason(rule: Rule) -> bool:
    """Whether a finding of this rule calls for a change only with symptoms or a goal."""
    return rule.kind in (FORM, LOAD, CHECK)


def _weight(rule: Rule, finding: Finding) -> float:
    """Effect first, then certainty: the grade of the evidence, and how far beyond the limit."""
    return 10.0 * rule.effect + 2.0 * _CERTAINTY[finding.source.grade] + (finding.strength == "clear")


def _advice_for(library: Library, rule: Rule, facts: Mapping[str, Any]) -> AdviceEntry | None:
    for choice in rule.advice:
        entry = library.advice[choice.id]
        if (not choice.when or holds(choice.when, facts)) and _allowed(entry, facts):
            return entry
    return None


def _is_told(library: Library, entry: AdviceEntry, given: Collection[str]) -> bool:
    """Whether the same is told already: this advice, or another that asks for quicker steps."""
    return entry.id in given or (entry.uses_cadence and any(library.advice[name].uses_cadence for name in given))


def _allowed(entry: AdviceEntry, facts: Mapping[str, Any]) -> bool:
    return not holds(entry.not_with, facts) and (not entry.only_with or holds(entry.only_with, facts))


def _prevention(
    library: Library,
    facts: Mapping[str, Any],
    findings: Sequence[Finding],
    priorities: Sequence[Advice],
    on: date,
    cadence: CadencePlan | None,
) -> list[Advice]:
    """Return what the four groups hold: advice on findings that is no priority, and what everybody is told."""
    given = {item.id for item in priorities}
    items: list[Advice] = []
    for finding in findings:
        rule = library.rules[finding.rule]
        entry = _advice_for(library, rule, facts) if finding.status in (RAISED, OPTIONAL) else None
        if entry is not None and not _is_told(library, entry, given):
            given.add(entry.id)
            optional = finding.status == OPTIONAL
            items.append(_made(library, entry, on, cadence, rule=finding.rule, optional=optional))
    for entry in library.advice.values():
        if entry.everybody and entry.part_of not in given and _allowed(entry, facts):
            items.append(_made(library, entry, on, cadence))
    return sorted(items, key=lambda item: GROUPS.index(item.group))


def _made(
    library: Library,
    entry: AdviceEntry,
    on: date,
    cadence: CadencePlan | None,
    *,
    rule: str = "",
    priority: int = 0,
    optional: bool = False,
) -> Advice:
    def said(field: str) -> str:
        sentence = library.words("advice", entry, field)
        if not entry.uses_cadence:
            return sentence
        if cadence is None:
            return library.words("advice", entry, f"{field}_unmeasured") or sentence
        low, high = cadence.further_spm
        for gap, value in (("{first}", cadence.first_spm), ("{low}", low), ("{high}", high)):
            sentence = sentence.replace(gap, str(value))
        return sentence

    weeks = entry.refilm_weeks
    return Advice(
        id=entry.id,
        rule=rule,
        group=entry.group,
        title=said("title"),
        text=said("text"),
        source=entry.source,
        cue=said("cue"),
        drill=said("drill"),
        dose=said("dose"),
        progression=said("progression"),
        caveat=said("caveat"),
        priority=priority,
        optional=optional,
        refilm_on=(on + timedelta(weeks=weeks)).isoformat() if weeks and (priority or optional) else "",
    )


def _cadence_plan(analysis: GaitAnalysis) -> CadencePlan | None:
    """Work out cadences to run to from the measured one, never towards 180."""
    metric = analysis.metric("cadence_spm")
    if metric is None or not isinstance(metric.value, int | float):
        return None
    measured = float(metric.value)
    first, low, high = (round(measured * factor) for factor in (FIRST_STEP, *FURTHER))
    words = text(
        "plan.cadence.words", measured=f"{measured:.0f}", first=first, half=f"{first / 2:g}", low=low, high=high
    )
    source = Source(PUBLISHED, "B", (citations()["heiderscheit_2011"],))
    return CadencePlan(measured, first, (low, high), words, source)


def summary_of(
    findings: Sequence[Finding], priorities: Sequence[Advice], told: Told, *, looked: bool
) -> tuple[str, Source | None]:
    """Return the plan in a sentence or two, and where it comes from where it says what studies support.

    Parameters
    ----------
    findings : sequence of Finding
        Raised, optional and borderline ones.
    priorities : sequence of Advice
    told : Told
        Whether something hurts, or nothing does, or neither was told.
    looked : bool
        Whether anything about the way of running could be assessed: where nothing could, nothing is said to be well.
    """
    if priorities:
        return text("plan.summary.one" if len(priorities) == 1 else "plan.summary.several", n=len(priorities)), None
    if _is_any(findings, RAISED):
        return text("plan.summary.no_priority"), None
    if _is_any(findings, OPTIONAL):
        key = "optional" if told.says_how_it_is else "optional_untold"
        return text(f"plan.summary.{key}"), _no_change_source()
    if not looked:
        return text("plan.summary.not_assessed"), None
    if _is_any(findings, BORDERLINE):
        names = "”, “".join(finding.title for finding in findings if finding.status == BORDERLINE)
        return text("plan.summary.borderline", names=names), None
    if told.has_complaint:
        return text("plan.summary.nothing_with_complaint"), None
    return text("plan.summary.nothing" if told.says_how_it_is else "plan.summary.nothing_untold"), _no_change_source()


def _is_any(findings: Sequence[Finding], status: str) -> bool:
    return any(finding.status == status for finding in findings)


def _no_change_source() -> Source:
    """Return where it comes from that nobody without complaints need change how they run."""
    return Source(PUBLISHED, "A", (citations()["doyle_2022"],))


def has_looked(library: Library, not_assessed: Collection[str]) -> bool:
    """Tell whether any rule about the way of running was held against a measured number.

    Parameters
    ----------
    library : Library
    not_assessed : collection of str
        Ids of the rules that could not be.
    """
    # Rules with needs are silent without the answers they need, and then stand in no list.
    measuring = [rule.id for rule in library.rules.values() if rule.view != "none" and not rule.needs]
    return any(name not in not_assessed for name in measuring)

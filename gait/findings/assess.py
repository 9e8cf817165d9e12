"""Findings, referral and plan of one analysis: red flags first, then what stands out, then what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gait.errors import VideoError
from gait.findings.complaints import background, conditions, red_flags
from gait.findings.entries import Rule
from gait.findings.evaluate import SILENT, Outcome, evaluate
from gait.findings.facts import facts_of
from gait.findings.library import Library, shipped_library
from gait.findings.plan import has_looked, make_plan, needs_reason
from gait.findings.sentences import differences
from gait.findings.types import BORDERLINE, NOT_ASSESSED, OPTIONAL, RAISED, Assessment, Finding, Plan
from gait.model import GaitAnalysis
from gait.told import Told
from gait.words import text

_SHAPE = TypeAdapter(Assessment)


def assess(
    analysis: GaitAnalysis,
    library: Library | None = None,
    *,
    on: date | None = None,
    set_aside: Collection[str] = (),
) -> Assessment:
    """Work out what follows from an analysis and what the person told.

    Parameters
    ----------
    analysis : GaitAnalysis
        With the answers under ``recording.told``.
    library : Library, optional
        Rules, advice and the rest; what comes with the program when not given.
    on : date, optional
        Day from which dates are counted: that of the analysis when not given.
    set_aside : collection of str
        Ids of red flags that a therapist looked into and set aside: they do not count.

    Returns
    -------
    Assessment
        The same for the same arguments.

    Notes
    -----
    With a red flag the plan is withheld, and so is what is known of the findings, which speaks of cadence, exercises
    and ways of landing: the finding itself, its numbers and the referral remain.
    """
    library = library or shipped_library()
    told = Told.from_mapping(analysis.recording.told)
    facts = facts_of(told)
    flags = red_flags(library, facts, set_aside)
    found, unseen = _findings(library, analysis, facts)
    facts |= {"hard_landing": _raised(found, "hard_landing"), "eversion": _raised(found, "eversion")}
    if flags:
        plan = Plan(withheld=text("plan.withheld"))
        found, unseen = ([replace(finding, known="") for finding in rows] for rows in (found, unseen))
    else:
        looked = has_looked(library, {finding.rule for finding in unseen})
        plan = make_plan(analysis, told, library, facts, found, on or day_of(analysis), looked=looked)
    return Assessment(
        flags,
        conditions(library, facts),
        tuple(found),
        tuple(unseen),
        plan,
        background(library, facts, flagged=bool(flags)),
    )


def with_answers(analysis: GaitAnalysis, told: Told) -> GaitAnalysis:
    """Return the analysis with what the person tells; no number, picture or landmark depends on it."""
    recording = replace(analysis.recording, person=told.name or None, told=told.answered())
    return replace(analysis, recording=recording)


def day_of(analysis: GaitAnalysis) -> date:
    """Return the day of an analysis; today for one that does not say."""
    try:
        return datetime.fromisoformat(analysis.software["analysed_at"]).date()
    except (KeyError, ValueError):
        return date.today()


def with_assessment(analysis: GaitAnalysis, assessment: Assessment) -> GaitAnalysis:
    """Return the analysis with findings, advice and plan as they are saved."""
    saved = asdict(assessment)
    plan = saved.pop("plan")
    advice = (*plan.pop("priorities"), *plan.pop("prevention"))
    kinds = ("red_flags", "conditions", "findings", "not_assessed")
    findings = tuple({"kind": kind} | row for kind in kinds for row in saved[kind])
    return replace(
        analysis,
        findings=findings,
        advice=advice,
        plan=plan | {"background": saved["background"]},
    )


def saved_assessment(analysis: GaitAnalysis) -> Assessment | None:
    """Return what :func:`with_assessment` put into an analysis; None where nothing was assessed.

    Raises
    ------
    VideoError
        When findings or plan in the saved analysis are not as this program writes them.
    """
    if not analysis.plan:
        return None
    try:
        return _restored(analysis)
    except (ValidationError, KeyError, TypeError, AttributeError) as problem:
        raise VideoError(
            "The findings in the saved analysis cannot be read.",
            "Analyse the video again, or use the gait that wrote it.",
        ) from problem


def _restored(analysis: GaitAnalysis) -> Assessment:
    rows: dict[str, list[Mapping[str, Any]]] = {k: [] for k in ("red_flags", "conditions", "findings", "not_assessed")}
    for row in analysis.findings:
        if row["kind"] in rows:
            rows[row["kind"]].append({key: value for key, value in row.items() if key != "kind"})
    plan = {key: value for key, value in analysis.plan.items() if key != "background"}
    plan |= {
        "priorities": [item for item in analysis.advice if item["priority"]],
        "prevention": [item for item in analysis.advice if not item["priority"]],
    }
    return _SHAPE.validate_python({**rows, "plan": plan, "background": analysis.plan.get("background", ())})


def _raised(found: Iterable[Finding], rule: str) -> bool:
    return any(finding.rule == rule and finding.status in (RAISED, OPTIONAL) for finding in found)


def _findings(
    library: Library, analysis: GaitAnalysis, facts: Mapping[str, Any]
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings, raised before borderline, and those that could not be looked for."""
    has_reason = bool(facts["complaint"] or facts["goal_told"])
    outcomes = {rule.id: evaluate(rule, analysis, facts) for rule in library.rules.values()}
    found, unseen = [], []
    for rule in library.rules.values():
        outcome = outcomes[rule.id]
        if outcome.state == NOT_ASSESSED:
            unseen.append(_finding(library, rule, outcome, NOT_ASSESSED))
        elif outcome.state in (RAISED, BORDERLINE) and not _told_elsewhere(rule, outcomes):
            optional = outcome.state == RAISED and needs_reason(rule) and not has_reason
            found.append(_finding(library, rule, outcome, OPTIONAL if optional else outcome.state))
    order = (RAISED, OPTIONAL, BORDERLINE)
    return sorted(found, key=lambda finding: order.index(finding.status)), unseen


def _told_elsewhere(rule: Rule, outcomes: Mapping[str, Outcome]) -> bool:
    """Whether a rule that says the same and more is raised itself."""
    return bool(rule.part_of) and outcomes.get(rule.part_of, Outcome(SILENT)).state == RAISED


def _finding(library: Library, rule: Rule, outcome: Outcome, status: str) -> Finding:
    def said(field: str) -> str:
        return library.words("rule", rule, field)

    plain = outcome.reason if status == NOT_ASSESSED else said("plain").replace("{what}", differences(outcome.evidence))
    return Finding(
        rule=rule.id,
        title=said("title"),
        status=status,
        strength=outcome.strength,
        plain=plain,
        known=said("known"),
        evidence=outcome.evidence,
        source=rule.source,
        caveat=said("caveat"),
    )

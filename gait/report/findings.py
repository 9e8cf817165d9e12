"""Referral, findings, plan and background as sections of the report: plain words first, what they rest on below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from gait.findings.edited import EditedAssessment
from gait.findings.origin import origin_words
from gait.findings.types import (
    BORDERLINE,
    FITS,
    GROUPS,
    NOT_TOLD,
    RAISED,
    SPEAKS_AGAINST,
    Advice,
    Assessment,
    CadencePlan,
    Condition,
    DistancePlan,
    Finding,
    Note,
    RedFlag,
)
from gait.report.blocks import (
    Action,
    ActionGroup,
    ActionGroups,
    Actions,
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Details,
    Level,
    Paragraph,
    Section,
    Subheading,
    Table,
)
from gait.words import text

_LEVEL: dict[str, Level] = {"now": "serious", "today": "serious", "soon": "caution"}
_HELP = "seek_help"
_OPEN = "after_injury"


def referral_section(assessment: Assessment) -> Section | None:
    """Say first of all what must be looked at, how soon, and what to tell there; None without a red flag."""
    if not assessment.red_flags:
        return None
    blocks: list[Block] = [Paragraph(text("report.referral_lead"), "lead")]
    blocks += [_flag(flag) for flag in assessment.red_flags]
    blocks.append(Paragraph(assessment.plan.withheld))
    return Section("referral", text("report.referral_title"), tuple(blocks))


def _flag(flag: RedFlag) -> Callout:
    label = f"{text(f'report.urgency_{flag.urgency}')}: {flag.title}"
    hint = f"{flag.do} {text('report.say')} {flag.say} ({origin_words(flag.source)})"
    return Callout(_LEVEL[flag.urgency], label, flag.why, hint)


def seen_blocks(assessment: Assessment) -> list[Block]:
    """Say in plain words what stood out, or that nothing did."""
    if assessment.red_flags:
        return []
    blocks: list[Block] = [Paragraph(assessment.plan.summary, "lead")]
    if assessment.plan.source is not None:
        blocks.append(Paragraph(f"{origin_words(assessment.plan.source)}.", "small"))
    first = [item.rule for item in assessment.plan.priorities]
    # What a priority answers comes first. What could not be decided is for the clinician to read.
    found = sorted(
        (finding for finding in assessment.findings if finding.status != BORDERLINE),
        key=lambda finding: first.index(finding.rule) if finding.rule in first else len(first),
    )
    lines = [f.plain if f.status == RAISED else text("report.optional", what=f.plain) for f in found]
    if lines:
        blocks.append(Bullets(tuple(lines)))
    open_question = next((note for note in assessment.background if note.key == _OPEN), None)
    if open_question is not None:
        words = f"{open_question.text} ({origin_words(open_question.source)})"
        blocks.append(Callout("caution", open_question.title, words))
    return blocks


def plan_section(assessment: Assessment) -> Section | None:
    """Show the priorities, cadence and weekly distance; None where there is none of them."""
    plan = assessment.plan
    blocks: list[Block] = []
    if plan.priorities:
        blocks.append(Actions(tuple(_action(item, item.priority) for item in plan.priorities)))
    # Optional cadences stand with the optional advice that names them.
    if plan.cadence is not None and not plan.cadence.optional:
        blocks += _cadence(plan.cadence)
    if plan.distance is not None:
        blocks += _distance(plan.distance)
    return Section("plan", text("report.plan_title"), tuple(blocks)) if blocks else None


def _cadence(plan: CadencePlan) -> list[Block]:
    blocks: list[Block] = [Subheading(text("report.cadence_title")), Paragraph(plan.words)]
    if plan.source is not None:
        blocks.append(Paragraph(f"{origin_words(plan.source)}.", "small"))
    return blocks


def _distance(plan: DistancePlan) -> list[Block]:
    blocks: list[Block] = [Subheading(text("report.distance_title"))]
    if plan.flag:
        blocks.append(Paragraph(plan.flag))
    blocks.append(Paragraph(plan.words))
    if len({week.km for week in plan.weeks}) > 1:
        columns = (
            Column(text("report.week"), key=True),
            *(Column(str(week.number), numeric=True) for week in plan.weeks),
        )
        days = (Cell(text("report.from_day")), *(Cell(_short(week.starts_on)) for week in plan.weeks))
        km = (Cell(text("report.distance_km")), *(Cell(f"{week.km:g} km") for week in plan.weeks))
        blocks.append(Table(columns, (days, km)))
    blocks.append(Paragraph(f"{origin_words(plan.source)}.", "small"))
    return blocks


def _short(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%b}"


def long_date(iso: str) -> str:
    """Return an ISO date as "13 April 2026"."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def prevention_section(assessment: Assessment) -> Section | None:
    """Show the four kinds of prevention; None with a red flag."""
    if not assessment.plan.prevention:
        return None
    groups = tuple(
        _group(group, [item for item in assessment.plan.prevention if item.group == group]) for group in GROUPS
    )
    blocks = (Paragraph(text("report.prevention_lead")), ActionGroups(tuple(g for g in groups if g.items)))
    return Section("prevention", text("report.prevention_title"), blocks)


def _group(group: str, items: list[Advice]) -> ActionGroup:
    """Say the origin once, below, where most of a group share it."""
    origins = [origin_words(item.source) for item in items]
    common = max(origins, key=origins.count, default="")
    actions = (_action(item, 0) for item in items)
    shown = tuple(replace(action, foot="") if action.foot == common else action for action in actions)
    return ActionGroup(text(f"report.group_{group}"), shown, common)


def _action(item: Advice, number: int) -> Action:
    title = text("report.optional", what=item.title) if item.optional else item.title
    return Action(number, title, item.text, action_lines(item), origin_words(item.source))


def action_lines(item: Advice) -> tuple[tuple[str, str], ...]:
    """Return label and words of all that a piece of advice says below its text: cue, drill, dose and so on."""
    labels = ("cue", "drill", "dose", "progression", "caveat")
    lines = [(text(f"report.{label}"), getattr(item, label)) for label in labels if getattr(item, label)]
    if item.refilm_on:
        lines.append((text("report.refilm"), long_date(item.refilm_on)))
    return tuple(lines)


def discuss_section(assessment: Assessment) -> Section | None:
    """Show the conditions to discuss: which signs fit and which do not; None without any."""
    if not assessment.conditions:
        return None
    cards = Actions(tuple(_condition(condition) for condition in assessment.conditions), compact=True)
    return Section("discuss", text("report.discuss_title"), (Paragraph(text("report.discuss_lead")), cards))


def _condition(condition: Condition) -> Action:
    lines = []
    for told, key in ((FITS, "fits"), (SPEAKS_AGAINST, "speaks_against"), (NOT_TOLD, "not_told")):
        signs = [sign.text for sign in condition.signs if sign.told == told]
        if signs:
            lines.append((text(f"report.{key}"), _listed(signs)))
    causes = [cause.text for cause in condition.causes if cause.told == FITS]
    if causes:
        lines.append((text("report.causes"), _listed(causes)))
    return Action(
        0, condition.title, f"{condition.what} {condition.note}", tuple(lines), origin_words(condition.source)
    )


def _listed(items: Iterable[str]) -> str:
    first, *rest = items
    return "; ".join((first, *(item[:1].lower() + item[1:] for item in rest)))


def help_section(assessment: Assessment) -> Section | None:
    """Say when to seek help; None where there is nothing of it."""
    note = next((note for note in assessment.background if note.key == _HELP), None)
    return None if note is None else Section("help", note.title, (Paragraph(note.text),))


def background_section(assessment: Assessment) -> Section | None:
    """Tell the rest of what the article says, as far as it applies, and where current guidance differs."""
    notes = [note for note in assessment.background if note.key not in (_HELP, _OPEN)]
    if not notes:
        return None
    cards = Actions(tuple(_note(note) for note in notes), compact=True)
    lead = Paragraph(text("report.background_lead"), "small")
    return Section("background", text("report.background_title"), (lead, cards))


def _note(note: Note) -> Action:
    words, origin = note.text, origin_words(note.source)
    if note.published and note.published_source is not None:
        words = f"{words} {text('report.differs', words=note.published)}"
        origin = f"{origin}. {origin_words(note.published_source)}"
    return Action(0, note.title, words, (), origin)


def notes_section(edited: EditedAssessment) -> Section | None:
    """Print the therapist's notes and signature, and that findings or advice were changed; None without any."""
    titles = edited.titles
    blocks: list[Block] = [
        Paragraph(f"{titles[note.about]}: {note.text}" if note.about in titles else note.text) for note in edited.notes
    ]
    when = long_date(edited.when) if edited.when else ""
    if edited.signed:
        blocks.append(Paragraph(text("report.signed", who=", ".join(filter(None, (edited.signed, when))))))
    if edited.removed or edited.reworded:
        blocks.append(Paragraph(text("report.edited", who=edited.who), "small"))
    return Section("notes", text("report.notes_title", who=edited.who), tuple(blocks)) if blocks else None


def findings_section(assessment: Assessment) -> Section:
    """List every finding with its evidence, grade and citations, and what could not be assessed."""
    blocks: list[Block] = [Paragraph(text("report.findings_lead"))]
    if assessment.findings:
        columns = tuple(
            Column(text(f"report.column_{name}"), key=name == "finding")
            for name in ("finding", "status", "evidence", "known")
        )
        blocks.append(Table(columns, tuple(_row(finding) for finding in assessment.findings)))
        blocks.append(Paragraph(text("report.grades"), "small"))
    else:
        blocks.append(Paragraph(text("report.no_findings")))
    if assessment.not_assessed:
        columns = (Column(text("report.column_finding"), key=True), Column(text("report.column_reason")))
        rows = tuple((Cell(f.title), Cell(f.plain)) for f in assessment.not_assessed)
        blocks.append(Details(text("report.not_assessed_title"), (Table(columns, rows),), on_paper=True))
    return Section("findings", text("report.findings_title"), tuple(blocks), "professional")


def _row(finding: Finding) -> tuple[Cell, ...]:
    evidence = ". ".join(row.words for row in finding.evidence)
    known = f"{finding.known} {finding.caveat}".strip()
    return (
        Cell(finding.title),
        Cell(text(f"report.status_{finding.status}")),
        Cell(f"{evidence}."),
        Cell(known, origin_words(finding.source)),
    )

"""A report as a therapist left it: findings and advice removed, put in order, reworded, with notes and signature."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from gait.errors import ConfigError
from gait.findings.assess import assess, day_of
from gait.findings.edits import EditNote, Edits, Reword
from gait.findings.library import Library, shipped_library
from gait.findings.plan import cadence_in_use, has_looked, summary_of
from gait.findings.types import RAISED, Advice, Assessment, Plan, RedFlag
from gait.model import GaitAnalysis
from gait.options import nearest
from gait.told import Told
from gait.words import text

FIELDS = {
    "flag": ("title", "why", "do", "say"),
    "condition": ("title", "what", "note"),
    "rule": ("title", "plain", "known", "caveat"),
    "advice": ("title", "text", "cue", "drill", "dose", "progression", "caveat"),
    "note": ("title", "text", "published"),
    "plan": ("summary",),
}
"""Fields that can be reworded, by kind."""

PLAN, DISTANCE, CADENCE = "plan", "distance_plan", "cadence_plan"


@dataclass(frozen=True)
class EditedAssessment:
    """An assessment as the therapist left it, and what the report prints of that.

    Parameters
    ----------
    assessment : Assessment
        With the edits applied.
    who, when, signed : str
        Of the edits.
    notes : tuple of EditNote
        ``about`` is ``kind.id`` (``advice.cadence``), ``plan``, or empty for the whole report. A note about what was
        removed is here, too.
    removed, reworded : tuple of str
        What was removed (``rule.overstride``) and reworded (``advice.cadence.text``): those words are the therapist's.
    titles : mapping
        Titles by ``kind.id`` of all that could be named, what was removed with the others.
    """

    assessment: Assessment
    who: str
    when: str
    signed: str
    notes: tuple[EditNote, ...]
    removed: tuple[str, ...]
    reworded: tuple[str, ...]
    titles: Mapping[str, str]


def apply_edits(
    analysis: GaitAnalysis, assessment: Assessment, edits: Edits, library: Library | None = None
) -> EditedAssessment:
    """Return the assessment as a therapist wants it.

    Parameters
    ----------
    analysis : GaitAnalysis
        What was assessed; a plan that was withheld is made from it once no red flag stands.
    assessment : Assessment
        The original.
    edits : Edits
        What to change.
    library : Library, optional
        The one that the assessment was made with; what comes with the program when not given.

    Notes
    -----
    With a finding goes the advice that answers it, unless ``order`` names that advice.

    Raises
    ------
    ConfigError
        For an id or field that the report does not have, more than three priorities, or a red flag removed without a
        note about it.
    """
    library = library or shipped_library()
    named = {key for name in edits.remove if (key := _names(assessment).get(name, "")).startswith("flag.")}
    _check_reasons(assessment, named, edits)
    base = _without_flags(analysis, assessment, named, library)
    names = _names(base, flags=assessment.red_flags)

    def key_of(name: str) -> str:
        return _known(names, name, withheld=bool(base.plan.withheld))

    removed = tuple(dict.fromkeys(key_of(name) for name in edits.remove))
    order = None if edits.order is None else tuple(key_of(name) for name in edits.order)
    _check_order(order, removed)
    found = _without(base, removed, order or ())
    if not found.plan.withheld:
        complaint = Told.from_mapping(analysis.recording.told).has_complaint
        plan = _ordered(found.plan, order, library, day_of(analysis))
        looked = has_looked(library, {finding.rule for finding in base.not_assessed})
        found = replace(found, plan=_settled(plan, found, library, complaint=complaint, looked=looked))
    reworded = []
    for row in edits.reword:
        key = key_of(row.id)
        found = _reworded(found, key, row, edits.who)
        reworded.append(f"{key}.{row.field}")
    notes = tuple(EditNote(note.text, key_of(note.about) if note.about else "") for note in edits.notes)
    return EditedAssessment(
        assessment=found,
        who=edits.who,
        when=edits.when,
        signed=edits.signed,
        notes=notes,
        removed=removed,
        reworded=tuple(dict.fromkeys(reworded)),
        titles=_entries(base, assessment.red_flags) | _entries(found),
    )


def _without_flags(
    analysis: GaitAnalysis, assessment: Assessment, named: Collection[str], library: Library
) -> Assessment:
    """Take out red flags; with the last one that stands, the plan that they withheld is made."""
    left = tuple(flag for flag in assessment.red_flags if f"flag.{flag.rule}" not in named)
    if assessment.red_flags and not left:
        return assess(analysis, library, set_aside=[key.removeprefix("flag.") for key in named])
    return replace(assessment, red_flags=left)


def _entries(assessment: Assessment, flags: Sequence[RedFlag] = ()) -> dict[str, str]:
    """Return the title of everything that an edit can name, by ``kind.id``."""
    plan = assessment.plan
    found = {f"flag.{flag.rule}": flag.title for flag in (*flags, *assessment.red_flags)}
    found |= {f"rule.{item.rule}": item.title for item in (*assessment.findings, *assessment.not_assessed)}
    found |= {f"condition.{item.rule}": item.title for item in assessment.conditions}
    found |= {f"advice.{item.id}": item.title for item in (*plan.priorities, *plan.prevention)}
    found |= {f"note.{item.key}": item.title for item in assessment.background}
    if not plan.withheld:
        found[PLAN] = text(f"edits.{PLAN}")
    if plan.cadence is not None:
        found[CADENCE] = text(f"edits.{CADENCE}")
    if plan.distance is not None:
        found[DISTANCE] = text(f"edits.{DISTANCE}")
    return found


def _names(assessment: Assessment, flags: Sequence[RedFlag] = ()) -> dict[str, str]:
    """Return ``kind.id`` of all names that are understood: with the kind, and without where only one kind has it."""
    keys = _entries(assessment, flags)
    ids = [key.rpartition(".")[2] for key in keys]
    return {key: key for key in keys} | {name: key for name, key in zip(ids, keys, strict=True) if ids.count(name) == 1}


def _known(names: dict[str, str], name: str, *, withheld: bool) -> str:
    if name in names:
        return names[name]
    if same := [key for key in names if key.endswith(f".{name}")]:
        raise ConfigError(f'The edits name "{name}", which is several things.', f"Write {' or '.join(same)}.")
    hint = nearest(name, [known for known in names if "." not in known])
    if withheld:
        hint += " Advice is withheld as long as a red flag stands."
    raise ConfigError(f'The edits name "{name}", which this report does not have.', hint)


def _check_reasons(assessment: Assessment, flags: Collection[str], edits: Edits) -> None:
    names = _names(assessment)
    explained = {names.get(note.about) for note in edits.notes}
    for key in sorted(flags):
        if key not in explained:
            name = key.removeprefix("flag.")
            raise ConfigError(
                f"The red flag {name} cannot be removed without a reason.",
                f'Add a [[note]] with about = "{name}" that says why.',
            )


def _check_order(order: Sequence[str] | None, removed: Collection[str]) -> None:
    for key in order or ():
        if not key.startswith("advice."):
            raise ConfigError(f"{key} cannot be a priority.", "Only advice can: order names ids of advice.")
        if key in removed:
            raise ConfigError(f"The edits both remove {key} and make it a priority.", "Keep one.")
    if order and len(set(order)) < len(order):
        raise ConfigError("The edits name the same priority twice.", "Name each once in order.")


def _without(base: Assessment, removed: Collection[str], order: Collection[str]) -> Assessment:
    """Take out what is removed, and the advice that answers a finding that is."""

    def stays(item: Advice) -> bool:
        key = f"advice.{item.id}"
        return key not in removed and (f"rule.{item.rule}" not in removed or key in order)

    plan = replace(
        base.plan,
        priorities=tuple(item for item in base.plan.priorities if stays(item)),
        prevention=tuple(item for item in base.plan.prevention if stays(item)),
        cadence=None if CADENCE in removed else base.plan.cadence,
        distance=None if DISTANCE in removed else base.plan.distance,
    )
    return replace(
        base,
        conditions=tuple(item for item in base.conditions if f"condition.{item.rule}" not in removed),
        findings=tuple(item for item in base.findings if f"rule.{item.rule}" not in removed),
        not_assessed=tuple(item for item in base.not_assessed if f"rule.{item.rule}" not in removed),
        background=tuple(item for item in base.background if f"note.{item.key}" not in removed),
        plan=plan,
    )


def _ordered(plan: Plan, order: Sequence[str] | None, library: Library, on: date) -> Plan:
    """Make the named advice the priorities; number those that are left where nothing was named."""
    items = {f"advice.{item.id}": item for item in (*plan.priorities, *plan.prevention)}
    keys = [f"advice.{item.id}" for item in plan.priorities] if order is None else list(order)

    def refilm(item: Advice) -> str:
        entry = library.advice.get(item.id)
        weeks = entry.refilm_weeks if entry is not None else 0
        return item.refilm_on or ((on + timedelta(weeks=weeks)).isoformat() if weeks else "")

    first = tuple(
        replace(items[key], priority=place, optional=False, refilm_on=refilm(items[key]))
        for place, key in enumerate(keys, start=1)
    )
    rest = tuple(
        replace(item, priority=0, refilm_on="") if item.priority else item
        for key, item in items.items()
        if key not in keys
    )
    return replace(plan, priorities=first, prevention=rest)


def _settled(plan: Plan, found: Assessment, library: Library, *, complaint: bool, looked: bool) -> Plan:
    """Make summary, date and cadences follow from what is left."""
    summary, source = summary_of(found.findings, plan.priorities, complaint=complaint, looked=looked)
    nothing = looked and not plan.priorities and not any(finding.status == RAISED for finding in found.findings)
    return replace(
        plan,
        summary=summary,
        source=source,
        nothing_to_change=nothing,
        cadence=cadence_in_use(plan.cadence, library, plan.priorities, plan.prevention),
        refilm_on=max((item.refilm_on for item in plan.priorities), default=""),
    )


def _reworded(found: Assessment, key: str, row: Reword, who: str) -> Assessment:
    """Put other words into one field; they stay as they were written, and the origin says whose they are."""
    kind, _, name = key.partition(".")
    if row.field not in FIELDS.get(kind, ()):
        hint = nearest(row.field, FIELDS[kind]) if kind in FIELDS else "It can only be removed."
        raise ConfigError(f'{key} has no field "{row.field}".', hint)

    def changed(items: Sequence[Any], id_field: str = "rule") -> tuple[Any, ...]:
        return tuple(reworded(item) if getattr(item, id_field) == name else item for item in items)

    def reworded(item: Any) -> Any:
        by = text("report.reworded", who=who)
        cited = tuple(dict.fromkeys((*item.source.citations, by)))
        return replace(item, **{row.field: row.text}, source=replace(item.source, citations=cited))

    if kind == "flag":
        return replace(found, red_flags=changed(found.red_flags))
    if kind == "condition":
        return replace(found, conditions=changed(found.conditions))
    if kind == "rule":
        return replace(found, findings=changed(found.findings), not_assessed=changed(found.not_assessed))
    if kind == "note":
        return replace(found, background=changed(found.background, "key"))
    if kind == PLAN:
        return replace(found, plan=replace(found.plan, summary=row.text))
    priorities, prevention = changed(found.plan.priorities, "id"), changed(found.plan.prevention, "id")
    return replace(found, plan=replace(found.plan, priorities=priorities, prevention=prevention))


def edits_template(assessment: Assessment) -> str:
    """Return a file of edits to fill in: TOML that changes nothing yet and lists all ids with their titles.

    Parameters
    ----------
    assessment : Assessment
        The original, as `saved_assessment` gives it.
    """
    first = next(iter(_entries(assessment)), "plan")
    name = first.rpartition(".")[2]
    field = FIELDS.get(first.partition(".")[0], ("title",))[0]
    lines = [
        "# What you change in this report. Lines that begin with # are not read: take the # away for a change.",
        "# The report prints what you leave; the analysis keeps the original.",
        'who = "Your name"',
        "# when = 2026-01-31",
        f'# remove = ["{name}"]',
        "# order = []  # ids of advice, the first priority first, at most three; the rest goes to prevention",
        '# signed = "Name, role"',
        "#",
        f'# [[reword]]\n# id = "{name}"\n# field = "{field}"\n# text = """Your words."""',
        "#",
        f'# [[note]]\n# about = "{name}"  # leave out for a note on the whole report\n# text = """Your note."""',
        "#",
        "# Fields: " + "; ".join(f"{kind}: {', '.join(fields)}" for kind, fields in FIELDS.items()),
    ]
    names = _names(assessment)
    heading = ""
    for key, title in _entries(assessment).items():
        kind = PLAN if key in (CADENCE, DISTANCE) else key.partition(".")[0]
        if heading != (heading := text(f"edits.headings.{kind}")):
            lines += ["#", f"# {heading}"]
        short = key.rpartition(".")[2]
        lines.append(f"#   {short if short in names else key:<32} {' '.join(title.split())}")
    return "\n".join(lines) + "\n"

"""What a therapist changes in a report: read from a file, kept in the analysis beside the untouched original.

See `gait.findings.edited` for how they are applied.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from gait.errors import ConfigError
from gait.findings.types import MOST_PRIORITIES
from gait.model import GaitAnalysis
from gait.options import nearest
from gait.own_file import first_mistake, read_own_file

_MARK = "report"
"""Key of the rows of ``GaitAnalysis.edits`` that are of this kind; other corrections by hand stay as they are."""


@dataclass(frozen=True)
class Reword:
    """Other words for one field of what stands under ``id``."""

    id: str
    field: str
    text: str


@dataclass(frozen=True)
class EditNote:
    """A note of the therapist's, about what stands under an id, or about the whole report."""

    text: str
    about: str = ""


@dataclass(frozen=True)
class Edits:
    """What a therapist changes in one report.

    Parameters
    ----------
    who : str
        The therapist's name.
    when : str
        ISO date; empty when not said.
    remove : tuple of str
        Ids of findings, conditions, red flags, advice, paragraphs, or ``distance_plan`` and ``cadence_plan``.
    order : tuple of str or None
        Ids of the priorities, first to last; advice that is none of them goes to prevention. None leaves them.
    reword : tuple of Reword
    notes : tuple of EditNote
    signed : str
        Name and role under the report; empty for none.
    """

    who: str
    when: str = ""
    remove: tuple[str, ...] = ()
    order: tuple[str, ...] | None = None
    reword: tuple[Reword, ...] = ()
    notes: tuple[EditNote, ...] = ()
    signed: str = ""


def _plain(text: str) -> str:
    """Refuse characters that no page can show; everything else a person writes stays as it is."""
    if any(ord(char) < 32 and char not in "\n\t" for char in text) or "\x7f" in text:
        raise ValueError("a text must not hold control characters")
    if not text.strip():
        raise ValueError("a text must not be empty")
    return text


_Text = Annotated[str, Field(max_length=5000), AfterValidator(_plain)]
_Line = Annotated[str, Field(max_length=300), AfterValidator(lambda text: _plain(" ".join(text.split())))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _RewordRow(_Strict):
    id: _Line
    field: _Line
    text: _Text


class _NoteRow(_Strict):
    text: _Text
    about: _Line | None = None


class _File(_Strict):
    who: _Line
    when: date | None = None
    remove: tuple[_Line, ...] = ()
    order: tuple[_Line, ...] | None = Field(None, max_length=MOST_PRIORITIES)
    reword: tuple[_RewordRow, ...] = ()
    note: tuple[_NoteRow, ...] = ()
    signed: _Line | None = None

    def edits(self) -> Edits:
        return Edits(
            self.who,
            self.when.isoformat() if self.when else "",
            self.remove,
            self.order,
            tuple(Reword(row.id, row.field, row.text) for row in self.reword),
            tuple(EditNote(row.text, row.about or "") for row in self.note),
            self.signed or "",
        )


def read_edits(path: Path) -> Edits:
    """Read a file of edits, TOML or JSON; `edits_template` shows its form.

    Raises
    ------
    ConfigError
        When it cannot be read, or holds what a file of edits does not hold.
    """
    saved = read_own_file(path, what="The file of edits", option="--edits", hint="Put texts in quotes.")
    try:
        return _File.model_validate(saved).edits()
    except ValidationError as problem:
        raise _refused(path, problem) from None


def _refused(path: Path, problem: ValidationError) -> ConfigError:
    first = problem.errors()[0]
    where = " ".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"]) or "it"
    what = first_mistake(problem)
    hint = "A file of edits needs who, and may hold when, remove, order, reword, note and signed."
    if first["type"] == "extra_forbidden" and len(first["loc"]) == 1:
        hint = nearest(str(first["loc"][0]), _File.model_fields)
    elif first["loc"] == ("order",) and first["type"] == "too_long":
        what, hint = f"there are at most {MOST_PRIORITIES} priorities", "Keep those that matter most."
    return ConfigError(f"The file of edits {path}, {where}: {what}.", hint)


def with_edits(analysis: GaitAnalysis, edits: Edits) -> GaitAnalysis:
    """Return the analysis with these edits noted; findings, advice and plan stay the original.

    Edits of the report that were noted before are replaced: a file of edits says all that differs from the original.
    """
    kept = tuple(row for row in analysis.edits if _MARK not in row)
    rows = tuple({"who": edits.who, "when": edits.when, "what": what, _MARK: part} for what, part in _steps(edits))
    return replace(analysis, edits=kept + rows)


def saved_edits(analysis: GaitAnalysis) -> Edits | None:
    """Return the edits that :func:`with_edits` noted; None where there are none.

    Raises
    ------
    ConfigError
        When the rows are not what it writes.
    """
    rows = [row for row in analysis.edits if _MARK in row]
    if not rows:
        return None
    found: dict[str, Any] = {"who": rows[0].get("who"), "when": rows[0].get("when") or None}
    try:
        for row in rows:
            for key, value in row[_MARK].items():
                if key in ("reword", "note", "remove"):
                    found.setdefault(key, []).append(value)
                else:
                    found[key] = value
        return _File.model_validate(found).edits()
    except (AttributeError, ValidationError):
        raise ConfigError("The edits saved with this analysis are damaged.", "Give them again with --edits.") from None


def _steps(edits: Edits) -> Iterable[tuple[str, dict[str, Any]]]:
    """Each change in words and as data."""
    yield "edited the report", {}
    for name in edits.remove:
        yield f"removed {name}", {"remove": name}
    if edits.order is not None:
        yield f"priorities: {', '.join(edits.order) or 'none'}", {"order": list(edits.order)}
    for row in edits.reword:
        words = f"reworded the {row.field} of {row.id}: {row.text}"
        yield words, {"reword": {"id": row.id, "field": row.field, "text": row.text}}
    for note in edits.notes:
        about = f" about {note.about}" if note.about else ""
        yield f"note{about}: {note.text}", {"note": {"text": note.text, "about": note.about or None}}
    if edits.signed:
        yield f"signed: {edits.signed}", {"signed": edits.signed}

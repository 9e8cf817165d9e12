"""Rules, advice, red flags, conditions and background as data: their schema, and how they are read and checked.

The shipped ones lie in `data/*.toml`, their words in the catalogue of words. A rules file of a therapist's own has the
same form, may carry its words itself, and replaces what has the same id.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from gait.errors import ConfigError
from gait.findings.facts import FACTS
from gait.findings.predicate import RANGES, fact_name
from gait.findings.types import Source
from gait.metrics.catalogue import CATALOGUE
from gait.options import options_of
from gait.told import Told
from gait.words import lookup

MAX_FILE_BYTES = 1_000_000
FORM, LOAD, TRAINING, FOOTWEAR, CHECK = "form", "load", "training", "footwear", "check"
_FINDING_FACTS = frozenset({"hard_landing", "eversion"})
_QUESTIONS = {option.name: option for option in options_of(Told)} | dict.fromkeys(FACTS | _FINDING_FACTS)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _checked(tables: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Refuse questions that nobody is asked and answers that nobody can give."""
    for table in tables:
        for name, asked in table.items():
            _check_question(fact_name(name), asked)
    return tables


def _check_question(name: str, asked: Any) -> None:
    if name not in _QUESTIONS:
        raise ValueError(f'nobody is asked "{name}"')
    option = _QUESTIONS[name]
    if isinstance(asked, dict):
        if not asked or set(asked) - set(RANGES):
            raise ValueError(f'"{name}" needs a range of {", ".join(RANGES)}')
        return
    if not isinstance(asked, list | tuple) or not asked:
        raise ValueError(f'"{name}" needs a list of answers')
    if name == "pain":
        option.read(list(asked))  # type: ignore[union-attr]
    elif option is not None and option.choices and (unknown := set(asked) - set(option.choices)):
        raise ValueError(f'"{name}" is never answered {", ".join(sorted(map(str, unknown)))}')
    elif (option is None or option.kind == "switch") and not all(isinstance(one, bool) for one in asked):
        raise ValueError(f'"{name}" is answered true or false')


When = Annotated[tuple[dict[str, Any], ...], AfterValidator(_checked)]


class Test(_Strict):
    """One thing to hold against a limit: a metric, or an answer (``told``)."""

    metric: str = ""
    told: str = ""
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    strong: float | None = None
    above_band_sd: float | None = Field(None, gt=0)
    below_band_sd: float | None = Field(None, gt=0)
    strong_band_sd: float | None = Field(None, gt=0)
    differs: bool = False
    classes: tuple[str | bool, ...] = Field((), alias="is")
    supporting: bool = False

    @model_validator(mode="after")
    def _one_of_each(self) -> Test:
        if bool(self.metric) == bool(self.told):
            raise ValueError("a test needs either metric or told")
        if self.metric and self.metric not in CATALOGUE and not self.metric.endswith("*"):
            raise ValueError(f'there is no metric "{self.metric}"')
        if self.told:
            asked = list(self.classes) if self.classes else {"above": 0}
            _check_question(self.told, asked)
        limits = (self.above, self.at_least, self.below, self.above_band_sd, self.below_band_sd)
        if sum(limit is not None for limit in limits) + self.differs + bool(self.classes) != 1:
            raise ValueError("a test needs exactly one limit: above, at_least, below, a band, differs or is")
        if (self.above_band_sd or self.below_band_sd) and not CATALOGUE[self.metric].reference_points:
            raise ValueError(f'"{self.metric}" has no reference runners')
        return self


class AdviceChoice(_Strict):
    """Advice that a rule gives where ``when`` holds, or always."""

    id: str
    when: When = ()


class _Worded(_Strict):
    """What all entries share: their key, where they come from, and words of their own."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    origin: Literal["article", "published", "default"]
    grade: Literal["", "A", "B", "C", "D"] = ""
    sources: tuple[str, ...] = ()
    words: dict[str, str] = Field(default_factory=dict)

    @property
    def source(self) -> Source:
        """Where it comes from, with the citations as printed."""
        known = citations()
        return Source(self.origin, self.grade, tuple(known.get(key, key) for key in self.sources))


class Rule(_Worded):
    """A finding and when it is raised."""

    kind: Literal["form", "load", "training", "footwear", "check"]
    view: Literal["side", "rear", "any", "none"]
    effect: Literal[1, 2, 3]
    limit_origin: Literal["article", "published", "default"]
    tests: tuple[Test, ...] = Field(min_length=1)
    match: Literal["any", "all"] = "any"
    needs: When = ()
    speed_m_s: tuple[float, float] | None = None
    min_confidence: Literal["low", "medium", "high"] = "low"
    part_of: str = ""
    advice: tuple[AdviceChoice, ...] = Field(min_length=1)


class AdviceEntry(_Worded):
    """A piece of advice."""

    group: Literal["footwear", "strength", "form", "progression"]
    refilm_weeks: int = Field(0, ge=0, le=52)
    uses_cadence: bool = False
    everybody: bool = False
    part_of: str = ""
    not_with: When = ()
    only_with: When = ()


class FlagEntry(_Worded):
    """A red flag."""

    urgency: Literal["now", "today", "soon"]
    when: When = Field(min_length=1)
    part_of: str = ""


class SignEntry(_Strict):
    """A sign or cause of a condition."""

    id: str
    when: When = Field(min_length=1)
    against: When = ()
    needed: bool = False


class ConditionEntry(_Strict):
    """A condition to discuss."""

    id: str
    sign: tuple[SignEntry, ...] = Field(min_length=2)
    cause: tuple[SignEntry, ...] = ()


class NoteEntry(_Worded):
    """A paragraph of background."""

    always: bool = False
    when: When = ()
    published: tuple[str, ...] = ()


class _OwnFile(_Strict):
    """What a therapist's own file may hold."""

    rule: tuple[Rule, ...] = ()
    advice: tuple[AdviceEntry, ...] = ()


@dataclass(frozen=True)
class Library:
    """All entries by id."""

    rules: dict[str, Rule]
    advice: dict[str, AdviceEntry]
    flags: tuple[FlagEntry, ...]
    conditions: tuple[ConditionEntry, ...]
    notes: tuple[NoteEntry, ...]

    def words(self, table: str, entry: _Worded, field: str) -> str:
        """Return a sentence of an entry: its own, else the catalogue's, else nothing."""
        return entry.words.get(field) or lookup(f"{table}.{entry.id}.{field}") or ""


@cache
def citations() -> dict[str, str]:
    """Return all citations by key."""
    return {str(key): str(value) for key, value in _shipped("sources").items()}


@cache
def shipped_library() -> Library:
    """Return what comes with the program."""
    return Library(
        {rule.id: rule for rule in (Rule.model_validate(row) for row in _shipped("rules")["rule"])},
        {entry.id: entry for entry in (AdviceEntry.model_validate(row) for row in _shipped("advice")["advice"])},
        tuple(FlagEntry.model_validate(row) for row in _shipped("red_flags")["flag"]),
        tuple(ConditionEntry.model_validate(row) for row in _shipped("conditions")["condition"]),
        tuple(NoteEntry.model_validate(row) for row in _shipped("background")["note"]),
    )


def library(own: Path | None = None) -> Library:
    """Return the shipped library, with the entries of a file of the user's own added or put in place.

    Raises
    ------
    ConfigError
        When the file cannot be read, or an entry in it does not follow the schema.
    """
    shipped = shipped_library()
    if own is None:
        return shipped
    extra = _read_own(own)
    rules = shipped.rules | {rule.id: rule for rule in extra.rule}
    advice = shipped.advice | {entry.id: entry for entry in extra.advice}
    joined = Library(rules, advice, shipped.flags, shipped.conditions, shipped.notes)
    if problems := list(_missing(joined)):
        raise ConfigError(f"The rules file {own}: {problems[0]}.", "Compare it with `gait explain RULE --toml`.")
    return joined


def _missing(joined: Library) -> Iterable[str]:
    """Say what an entry names that is not there."""
    for rule in joined.rules.values():
        for choice in rule.advice:
            if choice.id not in joined.advice:
                yield f'rule {rule.id} names the advice "{choice.id}", which is not there'
        if rule.part_of and rule.part_of not in joined.rules:
            yield f'rule {rule.id} is part of "{rule.part_of}", which is not there'
        for field in ("title", "plain"):
            if not joined.words("rule", rule, field):
                yield f"rule {rule.id} has no {field} (write words.{field})"
    for entry in joined.advice.values():
        for field in ("title", "text"):
            if not joined.words("advice", entry, field):
                yield f"advice {entry.id} has no {field} (write words.{field})"


def _read_own(path: Path) -> _OwnFile:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ConfigError(f"The rules file {path} is too large.", "A rules file holds a few dozen entries.")
        saved = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        reason = "does not exist" if isinstance(problem, FileNotFoundError) else "cannot be read"
        raise ConfigError(f"The rules file {path} {reason}.", "Check the name given to --rules.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise ConfigError(
            f"The rules file {path} is not valid TOML: {problem}.", "Write one [[rule]] an entry."
        ) from None
    try:
        return _OwnFile.model_validate(saved)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = " ".join(str(part) for part in first["loc"])
        what = str(first["msg"]).removeprefix("Value error, ")
        raise ConfigError(
            f"The rules file {path}, {where}: {what}.", "`gait explain RULE --toml` shows an entry."
        ) from None


def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads(files("gait.findings").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))

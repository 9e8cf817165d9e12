"""Rules, advice, red flags, conditions and background as data: their schema, and how they are read and checked.

The shipped ones lie in `data/*.toml`, their words in the catalogue of words. A rules file of a therapist's own has the
same form, may carry its words itself, and replaces what has the same id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from gait.errors import ConfigError
from gait.findings.entries import AdviceEntry, ConditionEntry, FlagEntry, NoteEntry, Rule, shipped
from gait.own_file import first_mistake, read_own_file
from gait.words import lookup


class _OwnFile(BaseModel):
    """What a therapist's own file may hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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

    def words(self, table: str, entry: Rule | AdviceEntry, field: str) -> str:
        """Return a sentence of an entry: its own, else the catalogue's, else nothing."""
        return entry.words.get(field) or lookup(f"{table}.{entry.id}.{field}") or ""


@cache
def shipped_library() -> Library:
    """Return what comes with the program."""
    return Library(
        {rule.id: rule for rule in (Rule.model_validate(row) for row in shipped("rules")["rule"])},
        {entry.id: entry for entry in (AdviceEntry.model_validate(row) for row in shipped("advice")["advice"])},
        tuple(FlagEntry.model_validate(row) for row in shipped("red_flags")["flag"]),
        tuple(ConditionEntry.model_validate(row) for row in shipped("conditions")["condition"]),
        tuple(NoteEntry.model_validate(row) for row in shipped("background")["note"]),
    )


def library(own: Path | None = None) -> Library:
    """Return the shipped library, with the entries of a file of the user's own added or put in place.

    Raises
    ------
    ConfigError
        When the file cannot be read, or an entry in it does not follow the schema.
    """
    found = shipped_library()
    if own is None:
        return found
    extra = _read_own(own)
    rules = found.rules | {rule.id: rule for rule in extra.rule}
    advice = found.advice | {entry.id: entry for entry in extra.advice}
    joined = Library(rules, advice, found.flags, found.conditions, found.notes)
    for problem in (*_twice(extra), *_missing(joined)):
        raise ConfigError(f"The rules file {own}: {problem}.", "Compare it with `gait explain RULE --toml`.")
    return joined


def _twice(extra: _OwnFile) -> Iterable[str]:
    for kind, entries in (("rule", extra.rule), ("advice", extra.advice)):
        for name, times in Counter(entry.id for entry in entries).items():
            if times > 1:
                yield f"{kind} {name} stands there {times} times"


def _missing(joined: Library) -> Iterable[str]:
    """Say what an entry names that is not there."""
    for rule in joined.rules.values():
        for choice in rule.advice:
            if choice.id not in joined.advice:
                yield f'rule {rule.id} names the advice "{choice.id}", which is not there'
        if rule.part_of and rule.part_of not in joined.rules:
            yield f'rule {rule.id} is part of "{rule.part_of}", which is not there'
        if _is_part_of_itself(rule, joined.rules):
            yield f"rule {rule.id} is part of itself"
        for field in ("title", "plain"):
            if not joined.words("rule", rule, field):
                yield f"rule {rule.id} has no {field} (write words.{field})"
    for entry in joined.advice.values():
        if entry.part_of and entry.part_of not in joined.advice:
            yield f'advice {entry.id} is part of "{entry.part_of}", which is not there'
        for field in ("title", "text"):
            if not joined.words("advice", entry, field):
                yield f"advice {entry.id} has no {field} (write words.{field})"


def _is_part_of_itself(rule: Rule, rules: dict[str, Rule]) -> bool:
    seen = {rule.id}
    while rule.part_of in rules:
        rule = rules[rule.part_of]
        if rule.id in seen:
            return True
        seen.add(rule.id)
    return False


def _read_own(path: Path) -> _OwnFile:
    saved = read_own_file(
        path, what="The rules file", option="--rules", hint="Write one [[rule]] an entry.", json_too=False
    )
    try:
        return _OwnFile.model_validate(saved)
    except ValidationError as problem:
        where = _place(saved, problem.errors()[0]["loc"])
        raise ConfigError(
            f"The rules file {path}, {where}: {first_mistake(problem)}.", "`gait explain RULE --toml` shows an entry."
        ) from None


def _place(saved: Any, loc: tuple[int | str, ...]) -> str:
    """Say where in the file a mistake is: by the entry's id where it has one, else by its number, from 1."""
    words = [str(part + 1) if isinstance(part, int) else part for part in loc]
    if len(loc) >= 2 and isinstance(loc[1], int):
        entry = saved[loc[0]][loc[1]]
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            words[1] = entry["id"]
    return " ".join(" ".join(words).split())

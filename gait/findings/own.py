"""Entries of the library written as a rules file, to change and to give back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tomli_w

from gait.findings.entries import WORD_FIELDS, AdviceEntry, Rule
from gait.findings.library import Library


def as_toml(library: Library, entries: Iterable[Rule | AdviceEntry]) -> str:
    """Return rules with the advice that they name, and advice, as a rules file with all their words in it.

    Read back by `gait.findings.library.library` they replace the shipped entries of their ids by the same.
    """
    entries = list(entries)
    rules = [entry for entry in entries if isinstance(entry, Rule)]
    named = [choice.id for rule in rules for choice in rule.advice]
    named += [entry.id for entry in entries if isinstance(entry, AdviceEntry)]
    tables: dict[str, Any] = {
        "rule": [_table(library, rule) for rule in rules],
        "advice": [_table(library, library.advice[name]) for name in dict.fromkeys(named)],
    }
    return tomli_w.dumps({name: rows for name, rows in tables.items() if rows})


def _table(library: Library, entry: Rule | AdviceEntry) -> dict[str, Any]:
    words = {field: library.words(entry.table, entry, field) for field in WORD_FIELDS[entry.table]}
    saved = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"words"})
    return saved | {"words": {field: said for field, said in words.items() if said}}

"""From what the person told: red flags first, then the conditions to discuss, and what the article says about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from gait.findings.entries import ConditionEntry, FlagEntry, SignEntry, citations
from gait.findings.library import Library
from gait.findings.predicate import holds
from gait.findings.types import (
    ARTICLE,
    FITS,
    NOT_TOLD,
    PUBLISHED,
    SPEAKS_AGAINST,
    URGENCIES,
    Condition,
    Note,
    RedFlag,
    Sign,
    Source,
)
from gait.words import lookup, text


def red_flags(library: Library, facts: Mapping[str, Any], set_aside: Collection[str] = ()) -> tuple[RedFlag, ...]:
    """Return every red flag that the answers raise, the most urgent first.

    Those that a therapist set aside do not count; one that is part of such a one then stands for itself.
    """
    raised = [flag for flag in library.flags if flag.id not in set_aside and holds(flag.when, facts)]
    ids = {flag.id for flag in raised}
    found = [
        RedFlag(
            flag.id,
            text(f"flag.{flag.id}.title"),
            flag.urgency,
            _why(flag, facts),
            text(f"flag.{flag.id}.do"),
            text(f"flag.{flag.id}.say"),
            flag.source,
        )
        for flag in raised
        if flag.part_of not in ids
    ]
    return tuple(sorted(found, key=lambda flag: URGENCIES.index(flag.urgency)))


def _why(flag: FlagEntry, facts: Mapping[str, Any]) -> str:
    """Say which of the ways to raise a flag it was, where it has words for each; else all of them."""
    which = next(number for number, table in enumerate(flag.when, start=1) if holds([table], facts))
    return lookup(f"flag.{flag.id}.why_{which}") or text(f"flag.{flag.id}.why")


def conditions(library: Library, facts: Mapping[str, Any]) -> tuple[Condition, ...]:
    """Return the conditions that are worth a word with a professional: the place fits, and more fits than does not.

    They come in the order of how many signs fit, which is no probability.
    """
    found = []
    for entry in library.conditions:
        signs = tuple(_sign(entry, "sign", sign, facts) for sign in entry.sign)
        needed = all(sign.told == FITS for entry_sign, sign in zip(entry.sign, signs, strict=True) if entry_sign.needed)
        fits = sum(sign.told == FITS for sign in signs)
        against = sum(sign.told == SPEAKS_AGAINST for sign in signs)
        causes = tuple(_sign(entry, "cause", cause, facts) for cause in entry.cause)
        told = fits + sum(cause.told == FITS for cause in causes)
        if signs[0].told == FITS and needed and fits > against:
            found.append((against - fits, _condition(entry, signs, causes, only_place=told < 2)))
    return tuple(condition for _, condition in sorted(found, key=lambda pair: pair[0]))


def _condition(
    entry: ConditionEntry, signs: tuple[Sign, ...], causes: tuple[Sign, ...], *, only_place: bool
) -> Condition:
    key = f"condition.{entry.id}"
    return Condition(
        entry.id,
        text(f"{key}.title"),
        text(f"{key}.what"),
        signs,
        causes,
        f"{text('findings.only_place')} {text(f'{key}.note')}" if only_place else text(f"{key}.note"),
        entry.source,
    )


def _sign(entry: ConditionEntry, kind: str, sign: SignEntry, facts: Mapping[str, Any]) -> Sign:
    words = text(f"condition.{entry.id}.{kind}.{sign.id}")
    if holds(sign.when, facts):
        return Sign(words, FITS)
    # What was not ticked says nothing: only another answer to the same question speaks against.
    return Sign(words, SPEAKS_AGAINST if holds(sign.against, facts) else NOT_TOLD)


def background(library: Library, facts: Mapping[str, Any], *, flagged: bool = False) -> tuple[Note, ...]:
    """Return the article's paragraphs that apply, each with what current guidance says otherwise, if it does.

    With red flags (``flagged``) those are left out that name exercises.
    """
    return tuple(
        Note(
            note.id,
            text(f"note.{note.id}.title"),
            text(f"note.{note.id}.text"),
            note.source if not note.published else Source(ARTICLE, "", note.source.citations),
            text(f"note.{note.id}.published") if note.published else "",
            Source(PUBLISHED, note.grade, _cited(note.published)) if note.published else None,
        )
        for note in library.notes
        if (note.always or holds(note.when, facts)) and (note.with_red_flags or not flagged)
    )


def _cited(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(citations()[key] for key in keys)

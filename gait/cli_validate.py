"""``gait validate``: compare the measurements with independent truth and write the accuracy table."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from gait.validation.documents import coverage_words, strike_words
from gait.validation.run import Validation, validate
from gait.validation.tables import bounds, measured, met_words, state, target_place
from gait.validation.targets import STATISTIC_WORDS
from gait.validation.words import title

_STATES = {"met": "met", "missed": "MISSED", "not judged": "not judged"}


def run_validation(data: Path, readme: Path | None, out: Path | None, quick: bool, jobs: int) -> None:
    """Validate with a line per finished clip, then print the targets.

    Raises
    ------
    GaitError
        When there is nothing to compare with, or a result cannot be written.
    """
    done = validate(data, readme=readme, out=out, quick=quick, jobs=jobs, on_done=_say)
    _print(done)


def _say(name: str, done: int, total: int) -> None:
    print(f"[{done}/{total}] {name}", file=sys.stderr, flush=True)


def _print(validation: Validation) -> None:
    verdicts, outcome = validation.verdicts, validation.outcome
    for v in verdicts:
        words = f"{title(v.target.quantity)}, {target_place(v)}: {STATISTIC_WORDS[v.statistic]}: {measured(v)}"
        typer.echo(f"{_STATES[state(v)]:10} {words} (target {bounds(v)})")
        if v.tried:
            typer.echo(f"{'':10} {v.tried}")
    typer.echo("")
    for words in (coverage_words(outcome), strike_words(outcome)):
        if words:
            typer.echo(words.replace("**", ""))
    for note in (*outcome.notes, *outcome.skipped):
        typer.echo(f"Note: {note}")
    typer.echo(met_words(verdicts))
    for path in validation.written:
        if path.suffix in (".md", ".json"):
            typer.echo(f"Written: {path}")

"""``gait models``: list, fetch and verify the pose models."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from gait.cli_render import print_table
from gait.pose import provision, store
from gait.pose.paths import models_dir

HEADER = ("Model", "State", "Size", "Where")


def list_models() -> None:
    """Print where an analysis would find each size without a network."""
    print_table(_rows(provision.status()), HEADER)
    typer.echo("\nFetch them with: gait models fetch [heavy full lite] [--to DIR]")


def fetch_models(sizes: list[str], to: Path | None) -> None:
    """Fetch models with a progress line and print what was fetched.

    Raises
    ------
    GaitError
        When a size is unknown or cannot be had.
    """
    from gait.config import MODEL_CHOICES

    wanted = [size.strip().lower() for size in sizes] or list(MODEL_CHOICES)
    say, end = _progress_line()
    try:
        bundles = provision.fetch(wanted, to, say)
    finally:
        end()
    for bundle in bundles:
        typer.echo(f"{bundle.size}: {bundle.path} ({bundle.source})")
    if to is not None:
        typer.echo(f'\nOn the other computer: gait analyze VIDEO --model-dir "{to}"')


def verify_models(folder: Path | None) -> bool:
    """Print the state of every size in a folder; True when at least one is there and none is damaged."""
    found = provision.verify(folder or models_dir())
    print_table(_rows(found), HEADER)
    states = [status.state for status in found]
    return store.DAMAGED not in states and store.VERIFIED in states


def _rows(found: Iterable[store.ModelStatus]) -> list[tuple[str, ...]]:
    return [(s.size, s.state, f"{s.n_bytes / 1e6:.1f} MB" if s.n_bytes else "", s.message) for s in found]


def _progress_line() -> tuple[Callable[[str, int, int], None], Callable[[], None]]:
    """Return a reporter of bytes loaded and a function that ends its line."""
    terminal = sys.stderr.isatty()
    last = {"what": "", "width": 0}

    def say(what: str, done: int, total: int) -> None:
        amount = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB" if total else f"{done / 1e6:.1f} MB"
        if terminal:
            text = f"{what}: {amount}"
            print(f"\r{text:<{last['width']}}", end="", file=sys.stderr, flush=True)
            last["width"] = len(text)
        elif what != last["what"]:
            print(what, file=sys.stderr, flush=True)
        last["what"] = what

    def end() -> None:
        if terminal and last["what"]:
            print(file=sys.stderr)

    return say, end

"""What ``gait compare`` shows: warnings first, real changes in words, one table, and how to read it."""

from __future__ import annotations

import os

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gait.findings.follow_up import cadence_words, follow_up
from gait.metrics.change import CANNOT_TELL, NOT_COMPARABLE, NOT_SHOWN, REAL, Comparison, MetricChange
from gait.report.comparison import (
    HOW_TO_READ,
    VERDICT_WORDS,
    by_reason,
    change_words,
    count_words,
    limit_words,
    signed,
    value_words,
)
from gait.report.wording import MINUS, interval, spec, unit_words
from gait.words import text

PIPED_WIDTH = 110
"""Columns where nobody says how wide it is: in a file or a pipe."""

NARROW = 100
"""Below so many columns the interval is left out, which is the change and, on both sides of it, the limit, and the
verdicts are short."""

_SHORT_WORDS = {REAL: "real", NOT_SHOWN: "not shown"}
_STYLES = {REAL: "bold", CANNOT_TELL: "yellow"}
_INTERVAL = "95 % interval"
_COLUMNS = (
    ("Measurement", "left"),
    ("Leg", "left"),
    ("Before", "right"),
    ("After", "right"),
    ("Change", "right"),
    (_INTERVAL, "right"),
    ("Beyond", "right"),
    ("Verdict", "left"),
)


def print_comparison(comparison: Comparison, before: str, after: str, console: Console | None = None) -> None:
    """Print a comparison.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    before, after : str
        Where the two analyses are.
    console : rich.console.Console, optional
        Where to print; standard output.
    """
    console = console or _console()
    for title, path in (("Before: ", before), ("After:  ", after)):
        console.print(_text(console, title + path), soft_wrap=True)  # a path must stay whole
    for warning in comparison.warnings:
        _say(console, f"! {warning.message}", "yellow", indent=2)
        _say(console, warning.hint, indent=4)
    console.print()
    _say(console, count_words(comparison), "bold")
    for change in comparison.having(REAL):
        _say(console, change_words(change), "bold", indent=2)
    _findings(console, comparison)
    table = _table(console, comparison)
    if table.row_count:
        console.print()
        console.print(table)
    for verdict in (CANNOT_TELL, NOT_COMPARABLE):
        _reasons(console, comparison, verdict)
    console.print()
    for note in HOW_TO_READ:
        _say(console, note, "dim")


def _findings(console: Console, comparison: Comparison) -> None:
    lines = [row.words for row in follow_up(comparison)]
    if cadence := cadence_words(comparison):
        lines.append(cadence)
    if lines:
        console.print()
        _say(console, f"{text('compare.title')}:", "bold")
        for line in lines:
            _say(console, line, indent=2)


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = PIPED_WIDTH
    return console


def _say(console: Console, line: str, style: str = "", *, indent: int = 0) -> None:
    console.print(Padding(_text(console, line, style), (0, 0, 0, indent), expand=False))


def _text(console: Console, words: str, style: str = "") -> Text:
    """Keep the sign of a number on a console that has no minus sign."""
    try:
        MINUS.encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        words = words.replace(MINUS, "-")
    return Text(words, style=style)


def _table(console: Console, comparison: Comparison) -> Table:
    wide = console.width >= NARROW
    shown = [i for i, (title, _) in enumerate(_COLUMNS) if wide or title != _INTERVAL]
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title, justify in (_COLUMNS[i] for i in shown):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    for change in comparison.changes:
        if change.verdict != NOT_COMPARABLE:
            cells, style = _cells(change, wide), _STYLES.get(change.verdict, "")
            table.add_row(*(_text(console, cells[i], style) for i in shown))
    return table


def _cells(change: MetricChange, wide: bool) -> tuple[str, ...]:
    unit = unit_words(change.unit)
    title = spec(change.name).title
    return (
        f"{title}, {unit}" if unit else title,
        "" if change.side == "both" else change.side,
        value_words(change.before),
        value_words(change.after),
        signed(change.change, change.unit),
        interval(change.ci95, change.unit) if change.ci95 is not None else "",
        limit_words(change),
        VERDICT_WORDS[change.verdict] if wide else _SHORT_WORDS.get(change.verdict, VERDICT_WORDS[change.verdict]),
    )


def _reasons(console: Console, comparison: Comparison, verdict: str) -> None:
    grouped = by_reason(comparison.having(verdict))
    if not grouped:
        return
    words = VERDICT_WORDS[verdict]
    console.print()
    _say(console, f"{words[:1].upper()}{words[1:]}:")
    for reason, titles in grouped.items():
        _say(console, f"{reason}: {', '.join(titles)}.", indent=2)

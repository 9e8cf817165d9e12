"""How the columns of a printed table share its width, by what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

from gait.report.blocks import Table

SUB_SIZE = 0.87
"""Size of a cell's second line and of a column's title, of the cell's text."""

CHUNK = 24
"""Longer words may be broken, so they ask for no more."""

SHORT_EM = (9.0, 6.8)
"""A line no longer than this stays whole: intervals, levels, sides; the second where many columns are crowded."""

_ROOMY = 0.7
"""Share of the width that whole short lines may take, so that something is left for the long ones."""

_GAP_EM = 0.85
_DAMPING = 0.6
_BOLD = 1.08
_OTHER_EM = 0.6
_WIDTHS_PER_MILLE = (
    # From the blank to the tilde.
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
"""Widths of the font's letters (Liberation Sans has those of Arial and Helvetica)."""


def width_em(text: str) -> float:
    """Return about how wide a line of text is, in its own size."""
    codes = (ord(c) - 32 for c in text)
    return sum(_WIDTHS_PER_MILLE[k] / 1000 if 0 <= k < len(_WIDTHS_PER_MILLE) else _OTHER_EM for k in codes)


def shares(tables: Sequence[Table], total_em: float) -> tuple[float, ...]:
    """Share the width of tables that have the same columns among these.

    Every column gets what its longest word needs; what is left goes to the columns with long lines, the more the
    longer, but less than in proportion: else one very long cell would starve all others.

    Parameters
    ----------
    tables : sequence of Table
        At least one; they are to line up below each other.
    total_em : float
        Their width in sizes of the cells' text.

    Returns
    -------
    tuple of float
        Relative width of each column.
    """
    for short_em in SHORT_EM:
        least, wanted = zip(*(_needs(tables, i, short_em) for i in range(len(tables[0].columns))), strict=True)
        if sum(least) <= _ROOMY * total_em:
            break
    spare, more = total_em - sum(least), sum(wanted) - sum(least)
    if spare <= 0 or spare >= more:
        return least if spare <= 0 else wanted
    pulls = [(high - low) ** _DAMPING for low, high in zip(least, wanted, strict=True)]
    return tuple(low + spare * pull / sum(pulls) for low, pull in zip(least, pulls, strict=True))


def _needs(tables: Sequence[Table], index: int, short_em: float) -> tuple[float, float]:
    """Least and wanted width of a column, em."""
    column = tables[0].columns[index]
    cells = [row[index] for table in tables for row in table.rows]
    main = _BOLD if column.key or any(c.strong for c in cells) else 1.0
    words = [(column.title, SUB_SIZE * _BOLD), *((c.text, main) for c in cells), *((c.sub, SUB_SIZE) for c in cells)]
    longest_word = max((width_em(word[:CHUNK]) * size for text, size in words for word in text.split()), default=1.0)
    lines = [width_em(c.text) * main for c in cells]
    least = max(longest_word, *(line for line in lines if line <= short_em), 0.0)
    longest_sub = max((width_em(c.sub) * SUB_SIZE for c in cells), default=0.0)
    # A number may wrap before its unit; a second line may wrap more often than the first.
    wanted = least if column.numeric else max(*lines, 0.6 * longest_sub, least)
    return least + _GAP_EM, wanted + _GAP_EM

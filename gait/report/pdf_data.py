"""A document as plain data and files for the printing template; no text of it ever becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gait.report.blocks import (
    Action,
    ActionGroups,
    Actions,
    Block,
    Bullets,
    Callout,
    Cell,
    Chart,
    ChartGrid,
    Column,
    Details,
    Document,
    Facts,
    Gallery,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Picture,
    Section,
    Subheading,
    Table,
)
from gait.report.column_widths import shares
from gait.report.pictures import as_jpeg, size_px
from gait.report.wording import PROFESSIONAL_PART, confidence_words, without_quotes
from gait.words import text

Plain = dict[str, Any]

# What no font has a shape for: control characters, halves of surrogate pairs, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_TEXT_WIDTH_PT = 493.0
"""Width of the text on A4; on Letter it is 17 points more."""

_MANY_COLUMNS = 8
_TABLE_SIZE_PT, _WIDE_TABLE_SIZE_PT = 8.2, 7.6
"""Letters of tables, and of those with `_MANY_COLUMNS` and more."""

_WHOLE = 900
"""Pieces with more letters than this may break over pages; no page could hold a very long one."""

_LONGEST_LINE, _LONGEST_HEAD = 240, 70

_FEW_ROWS = 8
"""A table with no more rows than this stays on one page."""


@dataclass
class Pages:
    """What the template reads: its data, and pictures by name."""

    data: Plain = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    alike: dict[tuple[Column, ...], list[Table]] = field(default_factory=dict)
    """All tables by their columns: those with the same ones line up."""

    def add(self, content: bytes, ending: str) -> str:
        """Keep a picture and return the name by which the template finds it."""
        name = f"f{len(self.files) + 1}.{ending}"
        self.files[name] = content
        return name


def printed(words: str) -> str:
    """Return text as it is printed: unprintable characters become the replacement character."""
    return _UNPRINTABLE.sub("\ufffd", without_quotes(words))


def pages_of(document: Document) -> Pages:
    """Turn a document into data for the template.

    Parameters
    ----------
    document : Document
        What to print. What is folded away and not meant for paper is left out.

    Returns
    -------
    Pages
        Data of JSON types and the pictures that they name.
    """
    pages = Pages()
    for table in _tables([block for section in document.sections for block in section.blocks]):
        pages.alike.setdefault(table.columns, []).append(table)
    when = moment(document)
    head = document.letterhead
    pages.data = {
        "title": _line(document.title) or text("report.words.page.report"),
        "subtitle": _line(document.subtitle),
        "head": [_line(words, _LONGEST_HEAD) for words in (document.subtitle, head.clinic) if words],
        "meta": _facts(document.meta),
        "intended_use": printed(document.intended_use),
        "lang": document.lang.split("-")[0].lower(),
        "date": f"{when:%Y-%m-%d}" if when else "",
        "created": [when.year, when.month, when.day, when.hour, when.minute, when.second] if when else [],
        "clinic": _line(head.clinic),
        "therapist": _line(head.therapist),
        "logo": pages.add(head.logo.data, head.logo.kind) if head.logo else "",
        "logo_alt": text("report.words.page.logo_of", clinic=_line(head.clinic))
        if head.clinic
        else text("report.words.page.logo"),
        # The template knows the numbers, and puts them where these stand.
        "page_of": text("report.words.page.page", page="{page}", pages="{pages}"),
        "part": PROFESSIONAL_PART,
        "sections": [_section(section, pages) for section in document.sections],
    }
    return pages


def _tables(blocks: Iterable[Block]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Details) and block.on_paper:
            yield from _tables(block.blocks)


def moment(document: Document) -> datetime | None:
    """Return when the analysis was made; None where the document does not say."""
    try:
        return datetime.fromisoformat(document.date)
    except ValueError:
        return None


def _line(words: str, longest: int = _LONGEST_LINE) -> str:
    """Return text as one line for a heading or the head of a page, which must leave room for the rest."""
    words = " ".join(printed(words).split())
    return words if len(words) <= longest else words[: longest - 1] + "\u2026"


def _facts(items: tuple[tuple[str, str], ...]) -> list[list[str]]:
    return [[_line(label), printed(value)] for label, value in items]


def _section(section: Section, pages: Pages) -> Plain:
    return {
        "title": _line(section.title),
        "professional": section.audience == "professional",
        "blocks": _blocks(section.blocks, pages),
    }


def _blocks(blocks: tuple[Block, ...], pages: Pages) -> list[Plain]:
    """Turn blocks into data; each says whether it stays with what follows."""
    shown = [block for block in blocks if not isinstance(block, Details) or block.on_paper]
    found = []
    for i, block in enumerate(shown):
        follower = shown[i + 1] if i + 1 < len(shown) else None
        leads = isinstance(block, Paragraph) and follower is not None and not isinstance(follower, Paragraph)
        kind = type(block)
        found.append({"kind": kind.__name__, "leads": leads} | CASES[kind](block, pages))
    return found


def _paragraph(block: Paragraph, _: Pages) -> Plain:
    return {"text": printed(block.text), "tone": block.tone}


def _subheading(block: Subheading, _: Pages) -> Plain:
    return {"text": _line(block.text)}


def _bullets(block: Bullets, _: Pages) -> Plain:
    return {"items": [printed(item) for item in block.items]}


def _callout(block: Callout, _: Pages) -> Plain:
    return {
        "level": block.level,
        "label": printed(block.label),
        "text": printed(block.text),
        "hint": printed(block.hint),
        "hint_label": text("report.words.page.what_to_do"),
        "whole": len(block.text) + len(block.hint) < _WHOLE,
    }


def _key_figures(block: KeyFigures, pages: Pages) -> Plain:
    return {"cards": [_card(card, pages) for card in block.cards], "compact": block.compact}


def _actions(block: Actions, _: Pages) -> Plain:
    return {"items": [_action(item) for item in block.items], "compact": block.compact}


def _action(item: Action) -> Plain:
    return {
        "number": item.number,
        "title": _line(item.title),
        "text": printed(item.text),
        "lines": _facts(item.lines),
        "foot": printed(item.foot),
    }


def _action_groups(block: ActionGroups, _: Pages) -> Plain:
    groups = [
        {"title": _line(group.title), "items": [_action(item) for item in group.items], "foot": printed(group.foot)}
        for group in block.groups
    ]
    # Columns as wide as they have to say come out about as high as each other.
    letters = [sum(_action_letters(item) for item in group.items) for group in block.groups]
    mean = max(1.0, sum(letters) / max(1, len(letters)))
    return {"groups": groups, "widths": [min(1.5, max(0.65, n / mean)) for n in letters]}


def _action_letters(item: Action) -> int:
    texts = (item.title, item.text, item.foot, *(word for line in item.lines for word in line))
    return sum(len(one) for one in texts)


def _card(card: KeyFigure, pages: Pages) -> Plain:
    texts = {
        name: printed(getattr(card, name)) for name in ("title", "value", "unit", "interval", "reference", "plain")
    }
    dots, word = confidence_words(card.confidence)
    strip = pages.add(card.strip_svg.encode(), "svg") if card.strip_svg else ""
    return texts | {"confidence": text("report.words.page.confidence", confidence=f"{dots} {word}"), "strip": strip}


def _table(block: Table, pages: Pages) -> Plain:
    size_pt = _WIDE_TABLE_SIZE_PT if len(block.columns) >= _MANY_COLUMNS else _TABLE_SIZE_PT
    return {
        "size": size_pt,
        "whole": len(block.rows) <= _FEW_ROWS and _letters(block.rows) < _WHOLE,
        "caption": printed(block.caption),
        "notes": [printed(note) for note in block.notes],
        "columns": [{"title": printed(c.title), "numeric": c.numeric, "key": c.key} for c in block.columns],
        "widths": list(shares(pages.alike[block.columns], _TEXT_WIDTH_PT / size_pt)),
        "rows": [{"cells": [_cell(c) for c in row], "whole": _letters((row,)) < _WHOLE} for row in block.rows],
    }


def _cell(cell: Cell) -> Plain:
    return {"text": printed(cell.text), "sub": printed(cell.sub), "strong": cell.strong}


def _letters(rows: tuple[tuple[Cell, ...], ...]) -> int:
    return sum(len(cell.text) + len(cell.sub) for row in rows for cell in row)


def _facts_block(block: Facts, _: Pages) -> Plain:
    return {"items": _facts(block.items)}


def _picture(block: Picture, pages: Pages) -> Plain:
    jpeg = as_jpeg(block.data)
    width, height = size_px(jpeg)
    return {
        "file": pages.add(jpeg, "jpg"),
        "aspect": width / height,
        "title": printed(block.title),
        "caption": printed(block.caption),
        "alt": printed(block.alt),
    }


def _gallery(block: Gallery, pages: Pages) -> Plain:
    return {"pictures": [_picture(picture, pages) for picture in block.pictures]}


def _chart(block: Chart, pages: Pages) -> Plain:
    return {
        "file": pages.add(block.svg.encode(), "svg"),
        "title": printed(block.title),
        "caption": printed(block.caption),
        "alt": printed(block.alt),
    }


def _chart_grid(block: ChartGrid, pages: Pages) -> Plain:
    return {"charts": [_chart(chart, pages) for chart in block.charts]}


def _details(block: Details, pages: Pages) -> Plain:
    return {"summary": _line(block.summary), "blocks": _blocks(block.blocks, pages)}


CASES: dict[type, Callable[[Any, Pages], Plain]] = {
    Paragraph: _paragraph,
    Subheading: _subheading,
    Bullets: _bullets,
    Callout: _callout,
    KeyFigures: _key_figures,
    Actions: _actions,
    ActionGroups: _action_groups,
    Table: _table,
    Facts: _facts_block,
    Picture: _picture,
    Gallery: _gallery,
    Chart: _chart,
    ChartGrid: _chart_grid,
    Details: _details,
}
"""How each kind of block becomes data."""

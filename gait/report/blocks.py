"""The vocabulary of a report: frozen blocks that any renderer (HTML, PDF, a page of the dashboard) can walk.

Blocks hold plain text, never markup: a renderer escapes what it prints. A new kind of content is a new block
here plus one case in each renderer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Audience = Literal["everyone", "professional"]
Level = Literal["good", "note", "caution", "serious"]
Confidence = Literal["high", "medium", "low", "none"]


@dataclass(frozen=True)
class Paragraph:
    """Running text; ``tone`` is ``"body"``, ``"lead"`` (larger, opens a section) or ``"small"``."""

    text: str
    tone: Literal["body", "lead", "small"] = "body"


@dataclass(frozen=True)
class Subheading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of short sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Callout:
    """Something that must not be overlooked: what happened and what to do about it.

    The level is always also printed as a word (``label``), so that nothing rests on colour.
    """

    level: Level
    label: str
    text: str
    hint: str = ""


@dataclass(frozen=True)
class KeyFigure:
    """One number on a card.

    Parameters
    ----------
    title, value, unit : str
        What it is, the formatted value and its unit (may be empty for a class).
    interval : str
        Interval and number of strides in words.
    reference : str
        What the value may be compared with, in words, with the mark of its origin.
    plain : str
        One sentence that a runner understands.
    confidence : str
        ``high``, ``medium``, ``low`` or ``none``.
    strip_svg : str
        Small picture of the value beside the reference runners; empty where there is no comparison.
    """

    title: str
    value: str
    unit: str = ""
    interval: str = ""
    reference: str = ""
    plain: str = ""
    confidence: str = "none"
    strip_svg: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """A row of cards; ``compact`` ones show value, interval and the plain sentence only."""

    cards: tuple[KeyFigure, ...]
    compact: bool = False


@dataclass(frozen=True)
class Column:
    """A table column; ``key`` marks the column that names the row, ``numeric`` ones align right."""

    title: str
    numeric: bool = False
    key: bool = False


@dataclass(frozen=True)
class Cell:
    """A table cell: main text and a smaller second line."""

    text: str
    sub: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table; every row has one cell per column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every table row needs one cell per column")


@dataclass(frozen=True)
class Facts:
    """Pairs of a label and a value."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """An encoded PNG or JPEG with its caption and a description for those who cannot see it."""

    data: bytes = field(repr=False)
    title: str
    caption: str
    alt: str


@dataclass(frozen=True)
class Gallery:
    """Pictures side by side."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, eq=False)
class Chart:
    """A Vega-Lite specification and the SVG made from it, with title, caption and description."""

    title: str
    spec: Mapping[str, Any] = field(repr=False)
    svg: str = field(repr=False)
    caption: str
    alt: str


@dataclass(frozen=True)
class ChartGrid:
    """Charts side by side."""

    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class Action:
    """Something to do: a number (0 for none), what it is, labelled lines (what to think of, how much), its origin."""

    number: int
    title: str
    text: str
    lines: tuple[tuple[str, str], ...] = ()
    foot: str = ""


@dataclass(frozen=True)
class Actions:
    """Things to do, one below the other; ``compact`` ones stand side by side."""

    items: tuple[Action, ...]
    compact: bool = False


@dataclass(frozen=True)
class ActionGroup:
    """Things to do of one kind, with what they have in common below."""

    title: str
    items: tuple[Action, ...]
    foot: str = ""


@dataclass(frozen=True)
class ActionGroups:
    """Groups side by side."""

    groups: tuple[ActionGroup, ...]


@dataclass(frozen=True)
class Details:
    """Blocks that stay folded until asked for; on paper, where nothing unfolds, they are whole or absent."""

    summary: str
    blocks: tuple[Block, ...]
    on_paper: bool = False


Block = (
    Paragraph
    | Subheading
    | Bullets
    | Callout
    | KeyFigures
    | Table
    | Facts
    | Picture
    | Gallery
    | Chart
    | ChartGrid
    | Actions
    | ActionGroups
    | Details
)


@dataclass(frozen=True)
class Section:
    """A titled part of the report; ``key`` is its anchor and what later parts find it by."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    audience: Audience = "everyone"


@dataclass(frozen=True)
class Logo:
    """A checked picture for the head of a report: a PNG, or an SVG whose text is XML."""

    data: bytes = field(repr=False)
    kind: Literal["png", "svg"]


@dataclass(frozen=True)
class Letterhead:
    """Who hands the report out; what is empty is left out."""

    clinic: str = ""
    therapist: str = ""
    logo: Logo | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to print."""
        return not (self.clinic or self.therapist or self.logo)


@dataclass(frozen=True)
class Document:
    """A whole report.

    Parameters
    ----------
    title, subtitle : str
        Heading and the line below it.
    meta : tuple of (str, str)
        Facts of the header, in order.
    sections : tuple of Section
        The body; never an empty section. On paper the first ``professional`` section begins a part of its own, on a
        new page; all that stands before it is what the person takes home.
    intended_use : str
        Printed at the top and at the bottom of a page without end, and at the foot of every sheet of paper.
    lang : str
        BCP 47 language of the text.
    date : str
        When the analysis was made (ISO 8601), empty where that is not known.
    letterhead : Letterhead
        Who hands it out.
    """

    title: str
    subtitle: str
    meta: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    intended_use: str
    lang: str = "en"
    date: str = ""
    letterhead: Letterhead = Letterhead()

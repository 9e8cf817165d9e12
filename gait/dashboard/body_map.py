"""The body map: a drawing with a spot for every place, which shows where pain was told."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection
from html import escape
from pathlib import Path

from gait.told import PLACES
from gait.told_words import choice_words
from gait.words import table

_DRAWING = Path(__file__).parent / "body_map.svg"
_NOT_TOLD = 'r="5" fill="#fff" stroke="#0b3d5c" stroke-width="1.6"'
_TOLD = 'r="6.5" fill="#b42318" stroke="#7a1710" stroke-width="1.6"'


def body_map(pain: Collection[str] = ()) -> str:
    """Return the drawing as SVG.

    Parameters
    ----------
    pain : collection of str
        Places as they are stored, ``left heel``; their spots are filled. A spot of the foot stands for both feet, and a
        place without its side is shown on both.
    """
    labels = {place: choice_words("pain", place) for place in PLACES} | table("told.map")
    drawing = _DRAWING.read_text(encoding="utf-8").format_map({name: escape(text) for name, text in labels.items()})
    bare = {where.rpartition(" ")[2] for where in pain}

    def spot(match: re.Match[str]) -> str:
        at = match[1]
        side, _, place = at.rpartition(" ")
        told = at in pain or place in pain or (not side and place in bare)
        return f'{_TOLD if told else _NOT_TOLD} data-at="{at}"'

    return re.sub(rf'{re.escape(_NOT_TOLD)} data-at="([^"]+)"', spot, drawing)


def body_map_html(pain: Collection[str] = ()) -> str:
    """Return :func:`body_map` as a picture for a page; drawings themselves are taken out of a page's HTML."""
    drawing = base64.b64encode(body_map(pain).encode()).decode()
    alt = escape(table("told.map")["title"])
    return f'<img class="body-map" src="data:image/svg+xml;base64,{drawing}" alt="{alt}">'

"""Words on a picture, readable on any background."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Image8 = NDArray[np.uint8]
Rgb = tuple[int, int, int]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom of a rectangle in pixels."""

WHITE: Rgb = (255, 255, 255)
INK: Rgb = (20, 22, 26)

_REFERENCE_SIDE_PX = 720

_DRAWABLE = "°±·«»©™‘’“”"
"""What Pillow's built-in font has beyond ASCII."""

# Signs for which normalising finds nothing plain.
_REPLACED = dict.fromkeys("\u2212\u2010\u2011\u2013\u2014", "-") | {
    "\u00d7": "x",
    "≤": "<=",
    "≥": ">=",
    "ß": "ss",
    "…": "...",
}


def unit_px(rgb: Image8, scale: float = 1.0) -> float:
    """Return the length, px, that is one pixel on a 720p picture: the unit of line widths and letters."""
    return max(min(rgb.shape[:2]) / _REFERENCE_SIDE_PX, 0.4) * scale


def draw_label(
    rgb: Image8,
    text: str,
    origin_px: tuple[float, float],
    *,
    colour: Rgb = WHITE,
    scale: float = 1.0,
    size_px: float = 22.0,
    centred: bool = False,
) -> Box:
    """Write a line of text (or several) on a dark, half-transparent box that keeps inside the picture.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
        The picture, changed in place.
    text : str
        What to write; new lines are kept.
    origin_px : (x, y)
        Top left corner of the box, or its middle when ``centred``.
    colour : (int, int, int)
        RGB of the letters.
    scale : float
        Factor on the size.
    size_px : float
        Height of the font on a 720p picture.
    centred : bool
        Whether ``origin_px`` is the box's middle.

    Returns
    -------
    Box
        The rectangle that was covered.
    """
    box = label_box(rgb, text, origin_px, scale=scale, size_px=size_px, centred=centred)
    left, top, right, bottom = box
    patch = rgb[top:bottom, left:right]
    if not patch.size:
        return box
    pad = _padding(rgb, scale, size_px)
    height, width = patch.shape[:2]
    backing = Image.new("L", (width, height), 0)
    ImageDraw.Draw(backing).rounded_rectangle((0, 0, width - 1, height - 1), radius=pad, fill=190)
    letters = Image.new("L", (width, height), 0)
    font = _font(_font_px(rgb, scale, size_px))
    ImageDraw.Draw(letters).multiline_text((pad, pad), _plain(text), fill=255, font=font, spacing=pad // 2)
    for mask, ink in ((backing, INK), (letters, colour)):
        opacity = np.asarray(mask, dtype=np.float32)[..., None] / 255
        patch[:] = (patch * (1 - opacity) + np.array(ink, dtype=np.float32) * opacity + 0.5).astype(np.uint8)
    return box


def label_box(
    rgb: Image8,
    text: str,
    origin_px: tuple[float, float],
    *,
    scale: float = 1.0,
    size_px: float = 22.0,
    centred: bool = False,
) -> Box:
    """Return the rectangle that :func:`draw_label` would cover, pushed inside the picture."""
    pad = _padding(rgb, scale, size_px)
    measure = ImageDraw.Draw(Image.new("L", (1, 1)))
    font = _font(_font_px(rgb, scale, size_px))
    _, _, width, height = measure.multiline_textbbox((0, 0), _plain(text), font=font, spacing=pad // 2)
    width, height = math.ceil(width) + 2 * pad, math.ceil(height) + 2 * pad
    left, top = origin_px
    if centred:
        left, top = left - width / 2, top - height / 2
    return inside(rgb, round(left), round(top), width, height)


def inside(rgb: Image8, left: int, top: int, width: int, height: int) -> Box:
    """Return a box of this size (left, top, right, bottom; px) moved so that it lies inside the picture."""
    picture_height, picture_width = rgb.shape[:2]
    left = max(min(left, picture_width - width), 0)
    top = max(min(top, picture_height - height), 0)
    return left, top, min(left + width, picture_width), min(top + height, picture_height)


def _padding(rgb: Image8, scale: float, size_px: float) -> int:
    return max(round(0.3 * _font_px(rgb, scale, size_px)), 2)


def _font_px(rgb: Image8, scale: float, size_px: float) -> int:
    return max(round(size_px * unit_px(rgb, scale)), 9)


@lru_cache(maxsize=16)
def _font(height_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=height_px)


def _plain(text: str) -> str:
    """Replace what the font lacks: accents go, dashes become hyphens, and the rest question marks."""
    text = unicodedata.normalize("NFKD", "".join(_REPLACED.get(sign, sign) for sign in text))
    bare = (sign for sign in text if not unicodedata.combining(sign))
    return "".join(sign if sign.isascii() or sign in _DRAWABLE else "?" for sign in bare)

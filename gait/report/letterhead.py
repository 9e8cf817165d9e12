"""The logo in the head of a report: read, checked and made small before anything is printed with it."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from gait.errors import ConfigError
from gait.report.blocks import Logo
from gait.words import text

MAX_BYTES = 5_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE_PX = 900
"""Larger pictures are made smaller: a logo is printed at most 55 mm wide. [limits of ours]"""

_HINT = text("report.words.logo.hint")


def read_logo(path: Path) -> Logo:
    """Read a logo.

    Parameters
    ----------
    path : Path
        A PNG, JPEG or SVG file.

    Returns
    -------
    Logo
        PNG without what a camera or a drawing program noted in it, at most `MAX_SIDE_PX` on a side; an SVG as it is.

    Raises
    ------
    ConfigError
        When it cannot be read, is too large or is no such picture.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(
                text("report.words.logo.large", path=path, mb=MAX_BYTES // 1_000_000),
                text("report.words.logo.large_hint"),
            )
        data = path.read_bytes()
    except OSError as problem:
        raise ConfigError(text("report.words.logo.unreadable", path=path, problem=problem.strerror), _HINT) from problem
    logo = Logo(data, "svg") if b"<svg" in data else Logo(_as_png(data, path), "png")
    if logo.kind == "svg" and not _can_be_drawn(logo):
        raise ConfigError(text("report.words.logo.no_svg", path=path), _HINT)
    return logo


def _as_png(data: bytes, path: Path) -> bytes:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                hint = text("report.words.logo.pixels_hint", pixels=MAX_SIDE_PX)
                raise ConfigError(text("report.words.logo.pixels", path=path), hint)
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    # Pillow raises errors of many kinds for broken files, SyntaxError among them.
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise ConfigError(text("report.words.logo.no_picture", path=path), _HINT) from problem
    upright.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX))
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    target = io.BytesIO()
    clean.save(target, "PNG", optimize=True)
    return target.getvalue()


def _can_be_drawn(logo: Logo) -> bool:
    from gait.report.pdf import draws

    return draws(logo)


def data_uri(logo: Logo) -> str:
    """Return a logo as an address that holds it, for a page that asks nothing of the outside."""
    mime = "image/svg+xml" if logo.kind == "svg" else "image/png"
    return f"data:{mime};base64," + base64.b64encode(logo.data).decode("ascii")

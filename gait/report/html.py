"""A document as one HTML file that asks nothing of the outside: no script, font or picture from elsewhere.

A content security policy inside the page forbids every request, so the promise holds in the browser too.
"""

from __future__ import annotations

import base64
import itertools
from functools import cache
from importlib.resources import files
from typing import Any

from gait.report.blocks import Document
from gait.report.charts import inline_svg
from gait.report.letterhead import data_uri
from gait.report.pictures import as_jpeg, size_px
from gait.report.wording import PROFESSIONAL_PART, without_quotes
from gait.words import text


def render_html(document: Document) -> str:
    """Render a document as one self-contained page.

    Parameters
    ----------
    document : Document
        What to show. All its text is escaped; charts are trusted SVG made by `gait.report.charts`.

    Returns
    -------
    str
        HTML, the same for the same document.
    """
    environment = _environment()
    numbers = itertools.count(1)

    def chart(svg: str) -> Any:
        from markupsafe import Markup

        return Markup(inline_svg(svg, f"c{next(numbers)}"))

    template = environment.get_template("report.html")
    return str(
        template.render(
            document=document,
            style=_style(),
            chart=chart,
            jpeg=_jpeg,
            kind=_kind,
            logo_uri=data_uri,
            first_professional=_first_professional(document),
            professional_part=PROFESSIONAL_PART,
            say=text,
        )
    )


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("gait.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: without_quotes(value) if type(value) is str else value,
    )


@cache
def _style() -> Any:
    from markupsafe import Markup

    return Markup(files("gait.report").joinpath("style.css").read_text(encoding="utf-8"))


def _jpeg(data: bytes) -> dict[str, Any]:
    picture = as_jpeg(data)
    width, height = size_px(picture)
    uri = "data:image/jpeg;base64," + base64.b64encode(picture).decode("ascii")
    return {"uri": uri, "width": width, "height": height}


def _first_professional(document: Document) -> str | None:
    """Key of the section before which the professionals' part is announced; None where all of it is theirs."""
    audiences = [section.audience for section in document.sections]
    if "professional" not in audiences or audiences[0] == "professional":
        return None
    return document.sections[audiences.index("professional")].key


def _kind(block: object) -> str:
    """Name of a block's class, by which the template chooses how to draw it."""
    return type(block).__name__

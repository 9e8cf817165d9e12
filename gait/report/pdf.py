"""A document as a PDF to hand out, on A4 or US Letter, the same bytes for the same document.

Typst sets the pages; it comes as a wheel and needs no network, browser or system package. The template is ours, all
content reaches it as data, so that no text of a report is ever read as markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from gait.report.blocks import Document, Logo
from gait.report.pdf_data import moment, pages_of

Paper = Literal["a4", "letter"]

PAPERS: Mapping[Paper, str] = {"a4": "a4", "letter": "us-letter"}
"""Papers by our names, with Typst's."""

_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)


def render_pdf(document: Document, paper: Paper = "a4") -> bytes:
    """Render a document for print.

    Parameters
    ----------
    document : Document
        What to print; its `date` becomes the file's date.
    paper : {"a4", "letter"}
        The sheet.

    Returns
    -------
    bytes
        A tagged PDF after PDF/UA-1 (alternative texts, headings, language), readable in grey. Characters that the
        built-in fonts lack are drawn with the computer's own fonts; for those that these lack, too, a box is drawn,
        and the file does not claim the standard.
    """
    pages = pages_of(document)
    data = pages.data | {"paper": PAPERS[paper]}
    files = {"main.typ": _template("report.typ"), "blocks.typ": _template("blocks.typ"), **pages.files}
    files["report.json"] = json.dumps(data, ensure_ascii=False, sort_keys=True).encode()
    when = moment(document) or _NO_DATE
    return _compile(files, when if when.tzinfo else when.replace(tzinfo=UTC))


def draws(logo: Logo) -> bool:
    """Tell whether a picture can be printed."""
    import typst

    name = f"logo.{logo.kind}"
    main = f'#set document(title: "Logo")\n#image("{name}", alt: "Logo", width: 1cm)'
    try:
        _compile({"main.typ": main.encode(), name: logo.data}, _NO_DATE)
    except typst.TypstError:
        return False
    return True


def _compile(files: dict[str, bytes], when: datetime) -> bytes:
    """Set the pages, with our fonts alone where they suffice: then the result is the same on every computer.

    Typst reads its files from a folder and nothing outside of it.
    """
    import typst

    with TemporaryDirectory(prefix="gait-", ignore_cleanup_errors=True) as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        main = str(Path(folder) / "main.typ")
        for system_fonts, universal_access in ((False, True), (True, True), (True, False)):
            try:
                return bytes(
                    typst.compile(
                        main,
                        root=folder,
                        font_paths=[str(_fonts())],
                        ignore_system_fonts=not system_fonts,
                        format="pdf",
                        pdf_standards=["ua-1"] if universal_access else [],
                        timestamp=when,
                    )
                )
            except typst.TypstError as problem:
                # The standard asks for a shape of every character; all else is a fault of the template.
                if not universal_access or "could not be displayed with font" not in str(problem):
                    raise
    raise AssertionError("the last attempt returns or raises")  # pragma: no cover


def _fonts() -> Path:
    return Path(__file__).parent / "fonts"


@cache
def _template(name: str) -> bytes:
    return (Path(__file__).parent / "templates" / name).read_bytes()

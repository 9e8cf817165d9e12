"""The head of a report: a logo that can be read, and names as they are."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sample_analysis import sample_analysis

from gait.errors import ConfigError
from gait.report import letterhead
from gait.report.blocks import Document, Letterhead, Logo
from gait.report.document import build_document
from gait.report.html import render_html
from gait.report.letterhead import MAX_SIDE_PX, read_logo

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def saved(path: Path, size: tuple[int, int], mode: str = "RGB", **more: object) -> Path:
    Image.new(mode, size, "red" if mode == "RGB" else None).save(path, **more)
    return path


def document(head: Letterhead) -> Document:
    return replace(build_document(sample_analysis(), {}), letterhead=head)


@pytest.mark.parametrize(("name", "mode"), [("a.png", "RGBA"), ("a.png", "P"), ("a.jpg", "RGB"), ("a.jpg", "CMYK")])
def test_a_picture_becomes_a_small_png_of_the_same_shape(tmp_path: Path, name: str, mode: str) -> None:
    logo = read_logo(saved(tmp_path / name, (2000, 500), mode))
    with Image.open(io.BytesIO(logo.data)) as found:
        assert (logo.kind, found.format, found.size) == ("png", "PNG", (MAX_SIDE_PX, MAX_SIDE_PX // 4))


def test_a_photograph_stands_upright_and_keeps_no_notes(tmp_path: Path) -> None:
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x010E] = "secret place"
    logo = read_logo(saved(tmp_path / "a.jpg", (40, 20), exif=notes))
    with Image.open(io.BytesIO(logo.data)) as found:
        assert found.size == (20, 40)
        assert not found.getexif()
    assert b"secret" not in logo.data


def test_an_svg_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_bytes(SVG)
    assert read_logo(path) == Logo(SVG, "svg")


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"\x89PNG\r\n\x1a\nbroken", b"<svg", b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>"],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "logo"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="The logo") as error:
        read_logo(path)
    assert "\n" not in str(error.value)
    assert "--logo" in error.value.hint


def test_a_missing_or_a_huge_logo_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_logo(tmp_path / "none.png")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_logo(tmp_path)
    path = saved(tmp_path / "a.png", (30, 30))
    monkeypatch.setattr(letterhead, "MAX_PIXELS", 500)
    with pytest.raises(ConfigError, match="pixels"):
        read_logo(path)
    monkeypatch.setattr(letterhead, "MAX_BYTES", 10)
    with pytest.raises(ConfigError, match="larger than"):
        read_logo(path)


def test_the_page_shows_the_head_and_asks_nothing_of_the_outside(tmp_path: Path) -> None:
    logo = read_logo(saved(tmp_path / "a.png", (30, 30)))
    page = render_html(document(Letterhead("Praxis <b>Süd</b>", "Ana & Co", logo)))
    assert "Praxis &lt;b&gt;Süd&lt;/b&gt;" in page
    assert "Ana &amp; Co" in page
    assert f"data:image/png;base64,{base64.b64encode(logo.data).decode()}" in page
    assert 'alt="Logo of Praxis' in page
    assert not re.search(r'src="(?!data:)', page)


def test_the_print_shows_an_svg(tmp_path: Path) -> None:
    from gait.report.pdf import render_pdf

    path = tmp_path / "logo.svg"
    path.write_bytes(SVG)
    with_logo = render_pdf(document(Letterhead("Praxis", logo=read_logo(path))))
    assert b"Logo of Praxis" in with_logo
    assert b"Logo of Praxis" not in render_pdf(document(Letterhead("Praxis")))


def test_an_empty_head_leaves_no_trace() -> None:
    assert Letterhead().is_empty
    assert 'class="letterhead"' not in render_html(document(Letterhead()))

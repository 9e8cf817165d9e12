"""The printed report: every block, text as it is, sheets, parts, access, and the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
from pypdf import PdfReader
from sample_analysis import sample_analysis

from gait.report.blocks import (
    Action,
    ActionGroup,
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
    Letterhead,
    Logo,
    Paragraph,
    Picture,
    Section,
    Subheading,
    Table,
)
from gait.report.column_widths import shares
from gait.report.document import build_document
from gait.report.pdf import render_pdf
from gait.report.pdf_data import CASES
from gait.report.pictures import png_bytes

PICTURE = png_bytes(np.random.default_rng(3).integers(0, 255, (90, 60, 3), dtype=np.uint8))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40" viewBox="0 0 9 4"><path d="M0 0h9"/></svg>'
HOSTILE = '#let $a_b$ *x* <b>&amp; \\ =1+1 `code` "q" @x // c /* */ [x] #image("f1.jpg") {{7*7}} -- ...'


def chart(word: str) -> Chart:
    return Chart(f"{word}title", {}, SVG, f"{word}caption", f"{word}alt")


def picture(word: str) -> Picture:
    return Picture(PICTURE, f"{word}title", f"{word}caption", f"{word}alt")


SAMPLES: dict[type, tuple[Any, tuple[str, ...]]] = {
    Paragraph: (Paragraph("ppp", "lead"), ("ppp",)),
    Subheading: (Subheading("sss"), ("sss",)),
    Bullets: (Bullets(("b1b", "b2b")), ("b1b", "b2b")),
    Callout: (Callout("serious", "lll", "ttt", "hhh"), ("lll.", "ttt", "What to do:", "hhh")),
    KeyFigures: (
        KeyFigures((KeyFigure("kti", "kva", "kun", "kin", "kre", "kpl", "low", SVG), KeyFigure("k2", "7", "°"))),
        ("kti", "kva", "kun", "kin", "kre", "kpl", "low", "k2", "7°", "none"),
    ),
    Table: (
        Table(
            (Column("c1c", key=True), Column("c2c", numeric=True)), ((Cell("d1d", "e1e"), Cell("d2d")),), "", ("nnn",)
        ),
        ("c1c", "c2c", "d1d", "e1e", "d2d", "nnn"),
    ),
    Facts: (Facts((("f1f", "f2f"), ("f3f", "x " * 40), ("f4f", "f5f"))), ("f1f", "f2f", "f3f", "f4f", "f5f")),
    Picture: (picture("one"), ("onetitle", "onecaption")),
    Gallery: (Gallery((picture("g1"), picture("g2"))), ("g1title", "g2caption")),
    Chart: (chart("cha"), ("chatitle", "chacaption")),
    ChartGrid: (ChartGrid((chart("m1"), chart("m2"), chart("m3"))), ("m1title", "m2title", "m3caption")),
    Actions: (
        Actions((Action(2, "act", "txt", (("lab", "val"),), "foo"), Action(0, "a2a", ""))),
        ("2", "act", "txt", "lab", "val", "foo", "a2a"),
    ),
    ActionGroups: (
        ActionGroups((ActionGroup("g1g", (Action(0, "i1i", "j1j", (("k1k", "l1l"),), "m1m"),), "n1n"),)),
        ("g1g", "i1i", "j1j", "k1k:", "l1l", "m1m", "n1n"),
    ),
    Details: (Details("dsum", (Paragraph("dpar"), Subheading("dsub")), on_paper=True), ("dsum", "dpar", "dsub")),
}


def document(*blocks: Block, **changes: Any) -> Document:
    sections = (Section("s", "Part one", blocks or (Paragraph("text"),)),)
    return replace(Document("Report", "Runner", (("Label", "Value"),), sections, "Intended."), **changes)


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes, page: int | None = None) -> str:
    pages = opened(pdf).pages
    return "\n".join(p.extract_text() for p in (pages if page is None else [pages[page]]))


def squeezed(text: str) -> str:
    """Text without blanks: lines break where the sheet ends."""
    return re.sub(r"\s", "", text)


def tree(reader: PdfReader) -> Iterator[Any]:
    """All elements of the structure that screen readers walk."""
    waiting: list[Any] = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop()
        if not hasattr(element, "get"):
            continue
        yield element
        kids = element.get("/K")
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        if not isinstance(kids, int) and kids is not None:
            waiting += [
                k.get_object() for k in (kids if isinstance(kids, list) else [kids]) if hasattr(k, "get_object")
            ]


def alts(pdf: bytes) -> set[str]:
    return {str(element["/Alt"]) for element in tree(opened(pdf)) if "/Alt" in element}


def test_there_is_a_case_and_a_sample_for_every_kind_of_block() -> None:
    assert set(get_args(Block)) == set(CASES) == set(SAMPLES)


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_a_block_is_printed_with_all_its_words(kind: type) -> None:
    block, expected = SAMPLES[kind]
    text = squeezed(words(render_pdf(document(block))))
    for word in expected:
        assert squeezed(word) in text


def test_brief_key_figures_are_printed_without_what_they_are_compared_with() -> None:
    card = KeyFigure("kti", "kva", "kun", "kin", "kre", "kpl", "low", SVG)
    text = squeezed(words(render_pdf(document(KeyFigures((card,), compact=True)))))

    assert all(word in text for word in ("kti", "kva", "kun", "kin"))
    assert "kre" not in text


def test_text_is_never_read_as_markup() -> None:
    cell = Cell(HOSTILE, HOSTILE)
    blocks = (
        Paragraph(HOSTILE),
        Subheading(HOSTILE),
        Bullets((HOSTILE,)),
        Callout("note", HOSTILE, HOSTILE, HOSTILE),
        KeyFigures((KeyFigure(*[HOSTILE] * 6),)),
        Table((Column(HOSTILE, key=True), Column(HOSTILE)), ((cell, cell),), HOSTILE, (HOSTILE,)),
        Facts(((HOSTILE, HOSTILE),)),
        Details(HOSTILE, (Paragraph(HOSTILE),), on_paper=True),
        Gallery((Picture(PICTURE, HOSTILE, HOSTILE, HOSTILE),)),
        ChartGrid((Chart(HOSTILE, {}, SVG, HOSTILE, HOSTILE),)),
    )
    given = document(
        *blocks,
        title=HOSTILE,
        subtitle=HOSTILE,
        meta=((HOSTILE, HOSTILE),),
        letterhead=Letterhead(HOSTILE, HOSTILE),
    )
    pdf = render_pdf(given)
    found = squeezed(words(pdf)).replace("\u200b", "")
    # Title, subtitle, two of the head's facts and two of the letterhead, then as many as the blocks hold.
    assert found.count(squeezed(HOSTILE)) >= 6 + 1 + 1 + 1 + 3 + 6 + 7 + 2 + 2 + 2 + 2
    assert opened(pdf).metadata.title == f"{HOSTILE}: {HOSTILE}"
    assert opened(pdf).metadata.author == HOSTILE
    assert HOSTILE in alts(pdf)


def test_backticks_of_a_hint_go_and_those_of_a_name_stay() -> None:
    text = words(render_pdf(document(Paragraph("Give the height (`--height`) to `Ana`."))))
    assert "(--height)" in text
    assert "`Ana`" in text


@pytest.mark.parametrize(
    "text", ["漢字", "😀", "שלום", "\u202eabc", "\x00\x01", "\ud800", "A" * 3000, "word " * 400, "", "x\ny"]
)
def test_no_text_stops_the_print(text: str) -> None:
    cell = Cell(text, text)
    blocks = (
        Paragraph(text),
        Subheading(text),
        Bullets((text,)),
        Callout("good", text, text),
        KeyFigures((KeyFigure(text, text, text, text),)),
        Table((Column(text), Column(text)), ((cell, cell),)),
        Facts(((text, text),)),
        Details(text, (Paragraph(text),), on_paper=True),
    )
    pdf = render_pdf(document(*blocks, title=text, subtitle=text, letterhead=Letterhead(text, text), date=text))
    assert pdf.startswith(b"%PDF-")


@pytest.mark.parametrize(("paper", "size_mm"), [("a4", (210.0, 297.0)), ("letter", (215.9, 279.4))])
def test_the_sheet_is_as_asked_for(paper: Any, size_mm: tuple[float, float]) -> None:
    for page in opened(render_pdf(document(), paper)).pages:
        box = page.mediabox
        assert (float(box.width) / 72 * 25.4, float(box.height) / 72 * 25.4) == pytest.approx(size_mm, abs=0.1)


def test_the_same_document_gives_the_same_bytes_dated_by_the_analysis() -> None:
    given = build_document(sample_analysis(), {})
    first = render_pdf(given)
    assert first == render_pdf(given)
    assert first != render_pdf(replace(given, title="Other"))
    assert f"{opened(first).metadata.creation_date:%Y-%m-%d %H:%M}" == "2026-03-02 09:41"
    assert opened(render_pdf(document())).metadata.creation_date is None


def test_pictures_and_charts_have_their_words_for_those_who_cannot_see_them() -> None:
    logo = Logo(png_bytes(np.zeros((8, 8, 3), dtype=np.uint8)), "png")
    pdf = render_pdf(
        document(picture("p"), Gallery((picture("g"),)), chart("c"), letterhead=Letterhead("Clinic", "", logo))
    )
    assert alts(pdf) == {"palt", "galt", "calt", "Logo of Clinic"}


def test_the_file_says_title_clinic_and_language_and_claims_universal_access() -> None:
    pdf = render_pdf(document(lang="de-CH", letterhead=Letterhead("Praxis", "Ana")))
    reader = opened(pdf)
    assert (reader.metadata.title, reader.metadata.author) == ("Report: Runner", "Praxis")
    assert reader.root_object["/Lang"] == "de"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    text = words(pdf)
    assert "Praxis" in text
    assert "Ana" in text


def test_headings_and_the_tables_titles_are_marked_as_such() -> None:
    block, _ = SAMPLES[Table]
    kinds = [element.get("/S") for element in tree(opened(render_pdf(document(Subheading("sub"), block))))]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= set(kinds)


def test_only_the_fonts_that_come_along_are_used() -> None:
    fonts = set()
    for page in opened(render_pdf(build_document(sample_analysis(), {}))).pages:
        fonts |= {
            str(font.get_object()["/BaseFont"]).partition("+")[2] for font in page["/Resources"]["/Font"].values()
        }
    assert fonts == {"LiberationSans", "LiberationSans-Bold"}


def test_what_is_for_professionals_begins_on_a_page_of_its_own() -> None:
    sections = (
        Section("a", "First", (Paragraph("to take home"),)),
        Section("b", "Second", (Paragraph("numbers"),), "professional"),
        Section("c", "Third", (Paragraph("limits"),)),
    )
    pdf = render_pdf(document(sections=sections))
    assert len(opened(pdf).pages) == 2
    assert "to take home" in words(pdf, 0)
    assert "For the clinician" not in words(pdf, 0)
    second = words(pdf, 1)
    assert second.index("For the clinician") < second.index("numbers") < second.index("limits")


def test_a_report_for_professionals_alone_is_not_parted() -> None:
    sections = (Section("b", "Second", (Paragraph("numbers"),), "professional"),)
    pdf = render_pdf(document(sections=sections))
    assert len(opened(pdf).pages) == 1
    assert "For the clinician" not in words(pdf)


def test_what_is_folded_away_and_not_meant_for_paper_is_left_out() -> None:
    assert "unseen" not in words(render_pdf(document(Details("more", (Paragraph("unseen"),)))))


def test_a_long_table_repeats_its_titles_and_every_page_has_head_foot_and_number() -> None:
    rows = tuple((Cell(f"row{k}end"), Cell(str(k))) for k in range(150))
    pdf = render_pdf(
        document(Table((Column("Measure", key=True), Column("Value", numeric=True)), rows), date="2026-03-02")
    )
    pages = [page.extract_text() for page in opened(pdf).pages]
    assert len(pages) > 2
    for k, text in enumerate(pages):
        assert "Measure" in text
        assert "Intended." in text
        assert f"Page {k + 1} of {len(pages)}" in text
        assert k == 0 or ("Runner" in text and "2026-03-02" in text)
    assert all(f"row{k}end" in "".join(pages) for k in range(150))


def test_a_very_long_name_leaves_room_for_the_page() -> None:
    filler = tuple(Paragraph(f"filler {k}") for k in range(120))
    pdf = render_pdf(document(*filler, subtitle="Anna " * 100, letterhead=Letterhead("Praxis " * 100)))
    head = words(pdf, 1).partition("filler")[0]
    assert "Anna" in head
    assert "\u2026" in head
    assert len(head) < 250


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    table = Table((Column("Measure", key=True),), tuple((Cell(f"row {k}"),) for k in range(4)))
    for n in range(30, 60):
        filler = tuple(Paragraph(f"filler {k}") for k in range(n))
        pdf = render_pdf(document(*filler, Subheading("Lonely"), Paragraph("lead text"), table))
        page = next(page for page in opened(pdf).pages if "Lonely" in page.extract_text()).extract_text()
        assert "lead text" in page
        assert "row 0" in page


def test_the_printed_report_of_an_analysis_holds_every_section() -> None:
    given = build_document(sample_analysis(), {"initial_contact_left.png": PICTURE})
    text = squeezed(words(render_pdf(given)))
    for section in given.sections:
        assert squeezed(section.title) in text


def columns(*rows: tuple[str, ...], numeric: tuple[bool, ...] = ()) -> Table:
    titles = tuple(Column("T", numeric=n) for n in numeric or (False,) * len(rows[0]))
    return Table(titles, tuple(tuple(Cell(text) for text in row) for row in rows))


def test_a_column_gets_room_for_its_longest_word_and_a_number_stays_whole() -> None:
    table = columns(("incomprehensible", "169.5 to 170.8", "many words " * 40), numeric=(False, True, False))
    name, value, text = shares([table], 50.0)
    assert sum((name, value, text)) == pytest.approx(50.0)
    assert name > 7.0
    assert 7.0 < value < 9.5
    assert text > name


def test_tables_with_the_same_columns_line_up() -> None:
    one, two = columns(("short", "x" * 30)), columns(("rather long words here", "y"))
    assert shares([one, two], 40.0) == shares([two, one], 40.0) != shares([one], 40.0)


def test_columns_too_crowded_for_the_sheet_share_it_by_need() -> None:
    found = shares([columns(tuple("incomprehensible" for _ in range(12)))], 50.0)
    assert len(set(found)) == 1

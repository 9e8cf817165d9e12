"""The page: self-contained, escaped, well-formed, and the same every time."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from sample_analysis import CURVES, sample_analysis, times_only

from gait.model import Quality, QualityWarning, Recording
from gait.report.charts import curve_charts, inline_svg, stride_chart
from gait.report.document import build_document
from gait.report.html import render_html
from gait.report.pictures import as_jpeg, png_bytes

NOISE = np.random.default_rng(1).integers(0, 255, (1500, 900, 3), dtype=np.uint8)
PICTURES = {
    f"{phase}_left.png": png_bytes(cv2.GaussianBlur(NOISE, (31, 31), 0))
    for phase in ("initial_contact", "mid_stance", "toe_off")
}
_VOID = {"meta", "img", "br", "link", "input", "hr"}


class _Page(HTMLParser):
    """Collects tags and attributes, and notes tags that do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def _page(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    return page


@pytest.fixture(scope="module")
def html() -> str:
    return render_html(build_document(sample_analysis(), PICTURES))


def test_page_asks_nothing_of_the_outside(html: str) -> None:
    page = _page(html)
    for tag, attrs in page.tags:
        for name in ("src", "href", "xlink:href", "action", "data", "srcset", "poster"):
            target = attrs.get(name)
            assert target is None or target.startswith(("data:image/", "#")), (tag, name, target)
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in page.tags}
    assert "http:" not in html
    assert "https:" not in html
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_page_forbids_requests_by_policy(html: str) -> None:
    metas = [attrs for tag, attrs in _page(html).tags if tag == "meta"]
    policy = next(m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_page_is_well_formed(html: str) -> None:
    page = _page(html)
    assert page.faults == []
    assert page.open == []
    assert ("html", {"lang": "en"}) in page.tags
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))


def test_pictures_are_jpeg_with_alternative_text(html: str) -> None:
    images = [attrs for tag, attrs in _page(html).tags if tag == "img"]
    assert len(images) == 3
    for image in images:
        kind, _, data = str(image["src"]).partition(",")
        assert kind == "data:image/jpeg;base64"
        picture = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)
        assert picture.shape[:2] == (int(str(image["height"])), int(str(image["width"]))) == (1000, 600)
        assert str(image["alt"]).startswith("Picture of the runner")


@pytest.mark.parametrize(
    "answers",
    [
        {"goal": "<script>alert(1)</script>", "pain": ["left heel"]},
        {"onset": "<script>alert(1)</script>", "pain": "<script>", "signs": [{"<script>": 1}]},
        {"<script>": "<script>", "pain_when": ["<script>"], "since_days": "<script>"},
    ],
)
def test_answers_with_markup_and_odd_answers_appear_literally(answers: dict[str, object]) -> None:
    analysis = sample_analysis()
    spoken = replace(analysis, recording=replace(analysis.recording, person="<script>", told=answers))
    page = render_html(build_document(spoken, {}))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not _page(page).faults


def test_names_with_markup_appear_literally() -> None:
    evil = '<script>alert("x")</script> & <b>'
    analysis = sample_analysis(
        recording=Recording(person=evil, footwear=evil, symptoms=(evil,)),
        quality=Quality("low", (QualityWarning("x", evil, evil),)),
        software={"gait": evil, evil: "1"},
        config={evil: evil},
        edits=({"who": evil, "when": evil, "what": evil},),
    )
    video = replace(analysis.videos[0], path=f"{evil}.mp4".replace("/", "_"), pose_model=evil, travel=evil)
    metrics = tuple(replace(m, reason=evil, value=None) for m in analysis.metrics[:2])
    strides = tuple(replace(s, reject_reason=evil) for s in analysis.strides[:2])
    named = replace(analysis.metrics[2], name=evil, method=evil, reference={"note": evil, "mark": evil})
    page = render_html(
        build_document(replace(analysis, videos=(video,), metrics=(*metrics, named), strides=strides), PICTURES)
    )
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; &lt;b&gt;" in page


def test_markup_in_curve_and_stride_labels_is_escaped_inside_charts() -> None:
    curve = replace(CURVES[0], name="<i>knee</i>_deg", video="<u>")
    charts = curve_charts(sample_analysis(curves=(curve, replace(curve, video="<s>"))))
    assert "<i>" not in charts[0].svg
    assert "<u>" not in charts[0].svg
    ElementTree.fromstring(charts[0].svg)


def test_warnings_reasons_and_intended_use_reach_the_page(html: str) -> None:
    for warning in sample_analysis().quality.warnings:
        assert warning.message in html
        assert warning.hint in html
    assert html.count("Not a medical device, not a diagnosis.") == 2
    assert "No belt speed was entered" in html
    assert "[M] measured" in html
    assert "[E] a default of ours, not validated" in html


def test_same_analysis_gives_the_same_page(html: str) -> None:
    assert render_html(build_document(sample_analysis(), PICTURES)) == html


def test_short_clip_reads_without_empty_headings() -> None:
    page = render_html(build_document(times_only(), {}))
    assert "Joint angles" not in page
    assert "The moments that matter" not in page
    assert re.search(r"</h2>\s*</section>", page) is None
    assert re.search(r"</h3>\s*</section>", page) is None


def test_charts_are_wellformed_svg_with_labelled_axes() -> None:
    charts = curve_charts(sample_analysis())
    assert [c.title for c in charts][:1] == ["Knee flexion"]
    assert len(charts) == 5
    for chart in charts:
        root = ElementTree.fromstring(chart.svg)
        text = " ".join(t for t in root.itertext() if t.strip())
        assert "Gait cycle (%)" in text
        assert "Degrees" in text
        assert "toe-off 39 %" in text
        assert "left (near) leg" in chart.alt


def test_curves_of_two_legs_share_a_chart_and_differ_by_dash() -> None:
    right = replace(CURVES[0], side="right")
    (chart,) = curve_charts(sample_analysis(curves=(CURVES[0], right)))
    scale = chart.spec["layer"][-1]["encoding"]["strokeDash"]["scale"]
    assert scale == {"domain": ["left (near) leg", "right (far) leg"], "range": [[1, 0], [6, 3]]}
    assert "left (near) leg" in chart.svg
    assert "right (far) leg" in chart.svg


def test_curve_with_gaps_or_nothing_is_handled() -> None:
    nan = float("nan")
    broken = replace(CURVES[0], mean=(nan,) * 10 + CURVES[0].mean[10:], toe_off_pct=nan)
    empty = replace(CURVES[1], mean=(nan,) * 101)
    charts = curve_charts(sample_analysis(curves=(broken, empty)))
    assert [c.title for c in charts] == ["Knee flexion"]
    assert "toe-off 39" not in charts[0].svg
    assert "NaN" not in charts[0].svg


def test_stride_chart_shows_kept_and_dropped_strides() -> None:
    chart = stride_chart(sample_analysis())
    assert chart is not None
    kept, dropped = chart.spec["vconcat"]
    assert len(kept["data"]["values"]) == 25
    assert [row["t"] for row in dropped["data"]["values"]] == pytest.approx([3.7433, 4.809, 7.2958], abs=1e-3)
    assert "dropped, right (far)" in chart.svg
    ElementTree.fromstring(chart.svg)


def test_inlined_charts_share_no_identifiers() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="5" viewBox="0 0 4 5">'
        '<defs><clipPath id="clip1"/></defs><g clip-path="url(#clip1)"/></svg>'
    )
    assert inline_svg(svg, "c2") == (
        '<svg viewBox="0 0 4 5"><defs><clipPath id="c2-clip1"/></defs><g clip-path="url(#c2-clip1)"/></svg>'
    )


def test_a_jpeg_of_fitting_size_is_kept_and_rubbish_is_refused() -> None:
    small = as_jpeg(png_bytes(NOISE[:300, :200]))
    assert small.startswith(b"\xff\xd8\xff")
    assert as_jpeg(small) == small
    with pytest.raises(ValueError, match="not a picture"):
        as_jpeg(b"text")
    with pytest.raises(ValueError, match="not a picture"):
        as_jpeg(b"")

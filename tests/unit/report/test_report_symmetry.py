"""Left against right in the report: signs, words, and no difference where none can be told."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
import runner as sim
from two_sides import from_the_left, joined, part_of

from gait.model import GaitAnalysis, MetricValue
from gait.report.blocks import Callout, Cell, Details, Gallery, Section, Table
from gait.report.charts import curve_charts, stride_charts
from gait.report.document import build_document
from gait.report.html import render_html
from gait.report.pictures import png_bytes
from gait.report.symmetry import compared_metrics, shows_from_words, signed, symmetry_section, symmetry_words, verdict


@lru_cache
def both_sides(stretch: float = 1.0) -> GaitAnalysis:
    left = from_the_left(sim.stretched(sim.runner(noise_px=0.5, seed=2), stretch))
    return joined(sim.runner(noise_px=0.5), left)


@lru_cache
def one_side() -> GaitAnalysis:
    return part_of(sim.runner(noise_px=0.5), "v1").analysis


def difference(value: float, half: float, threshold: float | None, name: str = "shank_angle_ic_deg") -> MetricValue:
    return MetricValue(
        f"symmetry_{name}",
        "both",
        "v1",
        value,
        "deg",
        n_strides=14,
        ci95=(value - half, value + half),
        confidence="medium",
        reference={"threshold": threshold},
    )


def with_shin(found: MetricValue) -> GaitAnalysis:
    metrics = tuple(found if m.name == found.name else m for m in both_sides().metrics)
    return replace(both_sides(), metrics=metrics)


def sections(analysis: GaitAnalysis, pictures: dict[str, bytes] | None = None) -> dict[str, Section]:
    return {s.key: s for s in build_document(analysis, pictures or {}).sections}


def tables(blocks: Any) -> list[Table]:
    found = [b for b in blocks if isinstance(b, Table)]
    return found + [t for b in blocks if isinstance(b, Details) for t in tables(b.blocks)]


@pytest.mark.parametrize(
    ("value", "half", "threshold", "shown", "said"),
    [
        (6.24, 2.0, 4.8, "+6.2°", ("Yes, larger on the left", "")),
        (-6.24, 2.0, 4.8, "\u22126.2°", ("Yes, larger on the right", "")),
        (6.24, 7.0, 4.8, "+6.2°", ("None shown", "")),
        (2.0, 0.5, 3.0, "+2.0°", ("None shown", "")),
        (0.01, 0.5, 3.0, "0.0°", ("None shown", "")),
        (9.0, 0.5, None, "+9.0°", ("Not judged", "one leg is hidden half of the time")),
    ],
)
def test_value_and_verdict(
    value: float, half: float, threshold: float | None, shown: str, said: tuple[str, str]
) -> None:
    assert signed(difference(value, half, threshold)) == shown
    assert verdict(difference(value, half, threshold)) == said


def test_a_difference_is_told_in_a_sentence_with_its_interval() -> None:
    text = symmetry_words(with_shin(difference(-6.24, 1.0, 4.8)))
    assert text.startswith("What differs: shin angle at landing is 6.2° larger on the right (5.2 to 7.2).")
    text = symmetry_words(both_sides())
    assert text.startswith("Left and right do not differ by more than these clips can tell. Only differences above ")
    assert text.endswith(" would show; smaller ones are not ruled out.")


def test_the_table_says_from_which_size_on_a_difference_would_show() -> None:
    assert shows_from_words(difference(6.24, 2.0, 4.8)) == "4.8°"
    assert shows_from_words(difference(6.24, 5.5, 4.8)) == "5.5°"
    assert shows_from_words(difference(6.24, 2.0, None)) == "\u2014"


def test_two_sides_have_a_section_with_both_legs_difference_and_interval() -> None:
    section = sections(both_sides())["symmetry"]
    table = tables(section.blocks)[0]
    row = next(r for r in table.rows if r[0].text == "Shin angle at landing")
    left, right = (both_sides().metric("shank_angle_ic_deg", side) for side in ("left", "right"))
    assert left is not None
    assert right is not None
    assert (row[1].text, row[2].text) == (f"{left.value:.1f}°", f"{right.value:.1f}°")
    assert row[4].text.endswith("°")
    assert row[7] == Cell(*verdict(both_sides().metric("symmetry_shank_angle_ic_deg")))  # type: ignore[arg-type]
    assert "Left against right" not in [t.caption for t in tables(sections(both_sides())["measurements"].blocks)]


def test_a_length_is_compared_once() -> None:
    names = [m.name for m in compared_metrics(both_sides())]
    assert "symmetry_overstride_cm" in names
    assert "symmetry_overstride_leg_pct" not in names
    no_scale = tuple(m for m in both_sides().metrics if m.name != "symmetry_overstride_cm")
    names = [m.name for m in compared_metrics(replace(both_sides(), metrics=no_scale))]
    assert "symmetry_overstride_leg_pct" in names


def test_another_belt_speed_is_said_in_place_of_numbers() -> None:
    section = symmetry_section(both_sides(1.06))
    assert section is not None
    (block,) = section.blocks
    assert isinstance(block, Callout)
    assert "belt speeds" in block.text
    assert not tables(section.blocks)


def test_one_side_compares_times_only_among_all_measurements_and_judges_nothing() -> None:
    found = sections(one_side())
    assert "symmetry" not in found
    table = next(t for t in tables(found["measurements"].blocks) if t.caption == "Left against right")
    assert {r[0].text for r in table.rows} == {"Ground contact time", "Flight time", "Duty factor"}
    assert {r[7].text for r in table.rows} == {"Not judged"}
    assert {r[6].text for r in table.rows} == {"●○○ low"}


def test_limits_follow_the_views() -> None:
    one, two = sections(one_side())["limits"], sections(both_sides())["limits"]
    assert (one.title, two.title) == ("What a single side view cannot show", "What two side views cannot show")
    assert "Left against right" in repr(one.blocks)
    assert "Left against right" not in repr(two.blocks)
    assert "film from behind, too" in repr(two.blocks)


def test_every_clip_has_its_own_pictures_chart_and_header() -> None:
    pictures = {k.file: png_bytes(sim.np.full((40, 30, 3), 90, sim.np.uint8)) for k in both_sides().keyframes}
    found = sections(both_sides(), pictures)
    galleries = [b for b in found["pictures"].blocks if isinstance(b, Gallery)]
    assert [len(g.pictures) for g in galleries] == [3, 3]
    titles = [chart.title for chart in stride_charts(both_sides())]
    assert titles == [f"Contact time, stride by stride: {side}-side clip" for side in ("right", "left")]
    meta = dict(build_document(both_sides(), {}).meta)
    assert meta["Right-side clip (v1)"].startswith("right.mp4, 10.")
    assert meta["Left-side clip (v2)"].startswith("left.mp4, 10.")
    assert "<h2" in render_html(build_document(both_sides(), pictures))


def test_the_legend_of_two_legs_shows_lines_with_their_dashes() -> None:
    chart = curve_charts(both_sides())[0]
    band, line = chart.spec["layer"][-2:]
    assert line["encoding"]["strokeDash"]["scale"]["range"] == [[6, 3], [1, 0]]
    # The legend is shared by both layers: it must not be drawn as the pale band is.
    for layer in (band, line):
        legend = layer["encoding"]["color"]["legend"]
        assert (legend["symbolType"], legend["symbolOpacity"]) == ("stroke", 1)

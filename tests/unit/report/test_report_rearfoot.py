"""What a reader sees of the heels: words, curve, pictures and film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from feet import seen_foot
from sample_analysis import VIDEO, sample_analysis

from gait.cli_render import heel_words
from gait.metrics.catalogue import reference_for
from gait.metrics.rearfoot import ASK, ZERO_PARALLEL, ZERO_STANDING, rearfoot_curve
from gait.metrics.rearfoot_band import band_for
from gait.metrics.rearfoot_keyframes import rearfoot_keyframe
from gait.model import GaitAnalysis, KeyFrame, MetricValue, Recording
from gait.report.annotated import film_key, lines_by_frame
from gait.report.blocks import Bullets, Callout, ChartGrid, Details, Paragraph, Section
from gait.report.charts import curve_charts
from gait.report.document import build_document
from gait.report.foot_lines import CALF_COLOUR, HEEL_COLOUR, rolled_words
from gait.report.html import render_html
from gait.report.keyframes import render_keyframes
from gait.report.measurements import cards, measurement_blocks
from gait.report.rearfoot import rearfoot_section
from gait.report.rearfoot_chart import rearfoot_charts
from gait.report.references import comparison

REASON = f"The heel was seen in only 3 landings. {ASK}"
NAME = "rearfoot_excursion_deg"


def excursion(
    side: str, value: float | None, ci95: tuple[float, float], zero: str = ZERO_PARALLEL, belt: float | None = 2.5
) -> MetricValue:
    if value is None:
        return MetricValue(NAME, side, "v1", None, "deg", reason=REASON)
    method = f"rear events, model; from tape marks; {zero}"
    reference = reference_for(NAME, value, belt)
    return MetricValue(NAME, side, "v1", value, "deg", 14, 1.0, ci95, "medium", method, reference=reference)


def rear(*metrics: MetricValue, belt: float | None = 2.5, **changes: Any) -> GaitAnalysis:
    curves = tuple(rearfoot_curve("v1", side, seen_foot(side)) for side in ("right", "left"))
    return sample_analysis(
        videos=(replace(VIDEO, id="v1", view="rear"),),
        recording=Recording(belt_speed_m_s=belt),
        **{"metrics": metrics, "curves": curves, "keyframes": (), **changes},
    )


def section(analysis: GaitAnalysis) -> Section:
    found = rearfoot_section(analysis)
    assert found is not None
    return found


def sentences(analysis: GaitAnalysis) -> tuple[str, ...]:
    return next(b for b in section(analysis).blocks if isinstance(b, Bullets)).items


@pytest.mark.parametrize(
    ("value", "ci95", "words"),
    [
        (4.0, (2.0, 6.0), "Less eversion (rolling in) than the middle one of the reference runners"),
        (2.0, (0.0, 3.5), "Less eversion (rolling in) than most of the reference runners (about below their 5th"),
        (11.5, (9.0, 14.0), "Not clearly more or less eversion (rolling in) than the reference runners"),
        (15.0, (12.5, 17.0), "More eversion (rolling in) than the middle one of the reference runners"),
        (22.0, (19.0, 25.0), "More eversion (rolling in) than most of the reference runners (about above their 95th"),
    ],
)
def test_more_or_less_eversion_only_where_the_whole_interval_says_so(
    value: float, ci95: tuple[float, float], words: str
) -> None:
    assert words in comparison(excursion("left", value, ci95))


def test_each_foot_has_a_sentence_with_value_percentile_method_and_confidence() -> None:
    left, right = sentences(rear(excursion("right", 17.5, (13.9, 21.9)), excursion("left", 8.5, (5.8, 10.9))))
    assert left.startswith("Left foot: from landing the heel rolls in by 8.5° (95 % interval 5.8 to 10.9)")
    assert "percentile" in left
    assert left.endswith("Read from tape marks; confidence medium.")
    assert right.startswith("Right foot: from landing the heel rolls in by 17.5°")
    # 17.3 deg, SD 4.0: the six men at 2.5 m/s.
    assert "More than one SD below the mean of six men" in left
    assert "Within one SD of the mean of six men" in right


@pytest.mark.parametrize(("belt", "why"), [(None, "belt speed is not known"), (4.6, "they ran at 2.5 m/s")])
def test_why_there_is_no_percentile(belt: float | None, why: str) -> None:
    (words,) = sentences(rear(excursion("left", 8.5, (5.8, 10.9), belt=belt), belt=belt))
    assert why in words
    assert f"at {4.5 if belt else 2.5} m/s" in words


@pytest.mark.parametrize("zero", [ZERO_PARALLEL, ZERO_STANDING])
def test_a_height_that_may_be_shifted_is_told(zero: str) -> None:
    text = repr(section(rear(excursion("left", 8.5, (5.8, 10.9), zero))).blocks)
    assert ("may be shifted as a whole" in text) == (zero == ZERO_PARALLEL)


def test_what_was_not_assessed_says_why_and_what_to_film_and_both_feet_at_once() -> None:
    found = section(rear(excursion("left", None, (0, 0)), excursion("right", None, (0, 0)), curves=()))
    (block,) = found.blocks
    assert isinstance(block, Callout)
    assert (block.label, block.text) == ("Heels not assessed", "The heel was seen in only 3 landings.")
    assert block.hint == ASK
    one = section(rear(excursion("left", 8.5, (5.8, 10.9)), excursion("right", None, (0, 0)), curves=()))
    assert [b.label for b in one.blocks if isinstance(b, Callout)] == ["Right heel not assessed"]


def test_no_section_without_a_rear_view() -> None:
    assert rearfoot_section(sample_analysis()) is None


def test_no_verdict_anywhere() -> None:
    analysis = rear(excursion("left", 22.0, (19.0, 25.0)), excursion("right", 8.5, (5.8, 10.9)))
    text = render_html(build_document(analysis, {})).lower()
    for word in ("overpronat", "abnormal", "excessive", "stability shoe", "motion control", "too much"):
        assert word not in text
    details = [b for b in section(analysis).blocks if isinstance(b, Details)]
    assert "not a fault" in repr(details)


def test_the_curve_stands_before_the_band_on_shared_axes() -> None:
    analysis = rear(excursion("left", 12.0, (9.0, 15.0)), belt=3.4)
    charts = rearfoot_charts(analysis)
    assert [chart.title for chart in charts] == ["Heel angle, left foot", "Heel angle, right foot"]
    domains = [chart.spec["layer"][-1]["encoding"]["y"]["scale"]["domain"] for chart in charts]
    assert domains[0] == domains[1]
    rows = charts[0].spec["data"]["values"]
    own, others = ([r for r in rows if ("left" in r["who"]) is is_own] for is_own in (True, False))
    band = band_for(3.4)
    assert [r["mean"] for r in others] == pytest.approx(band.mean_deg.tolist(), abs=1e-3)
    assert [r["high"] - r["mean"] for r in others] == pytest.approx(band.sd_deg.tolist(), abs=1e-3)
    # The prescribed foot: -4 deg at contact, 8 deg at 42 % of stance.
    assert max(own, key=lambda r: r["mean"])["pct"] == pytest.approx(42, abs=3)
    assert max(r["mean"] for r in own) == pytest.approx(8.0, abs=0.5)
    assert all(low <= r["low"] and r["high"] <= high for r in rows for low, high in [domains[0]])
    assert "6 men at 3.5 m/s, measured with markers, 0 = standing" in charts[0].caption
    # Told apart without colour.
    assert charts[0].spec["layer"][-1]["encoding"]["strokeDash"]["scale"]["range"] == [[1, 0], [5, 3]]


def test_stance_curves_are_not_drawn_as_strides() -> None:
    analysis = rear(excursion("left", 12.0, (9.0, 15.0)))
    assert curve_charts(analysis) == ()
    keys = [s.key for s in build_document(analysis, {}).sections]
    assert "rearfoot" in keys
    assert "curves" not in keys
    assert any(isinstance(b, ChartGrid) and len(b.charts) == 2 for b in section(analysis).blocks)


def test_left_against_right_is_told_when_it_can_be() -> None:
    difference = MetricValue(
        f"symmetry_{NAME}", "both", "v1", -5.0, "deg", 14, None, (-8.7, -1.4), reference={"threshold": 3.0}
    )
    feet = (excursion("left", 8.5, (5.8, 10.9)), excursion("right", 13.5, (10.8, 16.1)))
    said = [b.text for b in section(rear(*feet, difference)).blocks if isinstance(b, Paragraph)]
    assert any("5.0° larger on the right" in text for text in said)
    small = replace(difference, value=-1.0, ci95=(-4.0, 2.0))
    said = [b.text for b in section(rear(*feet, small)).blocks if isinstance(b, Paragraph)]
    assert any(
        "do not differ by more than this recording can tell (a difference would show from 3.0°)" in t for t in said
    )


def test_the_method_stands_beside_the_number_on_cards_in_the_table_and_in_the_terminal() -> None:
    analysis = rear(excursion("right", 13.4, (10.8, 16.1)), excursion("left", None, (0, 0)))
    left, right = cards(rear(excursion("right", 13.4, (10.8, 16.1)), excursion("left", 8.5, (5.8, 10.9))))
    assert (left.title, right.title) == ("Heel roll-in from landing, left", "Heel roll-in from landing, right")
    (card,) = cards(analysis)
    assert card.interval == "95 % interval 10.8 to 16.1 \u00b7 14 landings \u00b7 from tape marks"
    assert card.reference.endswith("(17.3 \u00b1 4.0° at 2.5 m/s).")
    table = next(b for b in measurement_blocks(analysis) if type(b).__name__ == "Table")
    assert table.rows[0][0].sub.endswith(f"From tape marks; {ZERO_PARALLEL}.")  # type: ignore[union-attr]
    assert heel_words(analysis) == ["Right heel: read from tape marks.", f"Left heel: not assessed. {REASON}"]
    assert heel_words(sample_analysis()) == []


@pytest.mark.parametrize(("deg", "words"), [(9.4, "9° rolled in"), (-3.0, "3° rolled out"), (0.2, "0°")])
def test_angles_on_pictures_are_words(deg: float, words: str) -> None:
    assert rolled_words(deg) == words


def _keyframe(clip: Any, mirrored: bool = False) -> KeyFrame:
    found = rearfoot_keyframe("v1", "right", seen_foot("right", mirrored=mirrored), clip.pose, mirrored=mirrored)
    assert found is not None
    return replace(found, frame=5)


def test_a_foot_is_shown_enlarged_with_both_lines_in_their_colours(make_clip: Callable[..., Any]) -> None:
    clip = make_clip(30.0, 20)
    keyframe = _keyframe(clip)
    data = render_keyframes(clip.info, clip.pose, [keyframe], near_side=None, blur=False)[keyframe.file]
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    assert keyframe.crop_px is not None
    left, top, right, bottom = keyframe.crop_px
    left, top = max(round(left), 0), max(round(top), 0)
    factor = picture.shape[0] / (min(round(bottom), clip.info.size_px[1]) - top)
    assert factor > 3

    def shown(label: str, share: float) -> list[int]:
        a, b = np.array(next(line.points_px for line in keyframe.lines if line.label == label))
        x, y = ((a + share * (b - a)) - (left, top)) * factor
        return [int(v) for v in picture[round(float(y)), round(float(x))]]

    # Not where a mark's outline or a label's pointer crosses.
    assert shown("calf", 0.3) == pytest.approx(CALF_COLOUR, abs=6)
    assert shown("heel", 0.25) == pytest.approx(HEEL_COLOUR, abs=6)
    assert right - left < 0.6 * clip.info.size_px[0]


def test_a_crop_that_reaches_out_of_the_picture_is_cut_and_one_outside_shows_the_runner(
    make_clip: Callable[..., Any],
) -> None:
    clip = make_clip(30.0, 20)
    over = replace(_keyframe(clip), crop_px=(-50.0, 200.0, 100.0, 400.0), file="over.png")
    outside = replace(_keyframe(clip), crop_px=(500.0, 500.0, 600.0, 600.0), file="outside.png", lines=(), marks=())
    found = render_keyframes(clip.info, clip.pose, [over, outside], near_side=None, blur=True)
    over_px = cv2.imdecode(np.frombuffer(found["over.png"], np.uint8), cv2.IMREAD_COLOR).shape
    assert over_px[1] / over_px[0] == pytest.approx(100 / 120, abs=0.02)
    assert "outside.png" in found


def test_film_lines_stand_in_stance_only_and_are_part_of_its_key(make_clip: Callable[..., Any]) -> None:
    feet = {"left": seen_foot("left"), "right": seen_foot("right", stances=9)}
    lines = lines_by_frame(feet)
    for side, foot in feet.items():
        drawn = {frame for frame, seen in lines.items() if any(s.side == side for s in seen)}
        wanted = {f.frame for f in foot.angles.frames for s in foot.stances if s.ic_s <= f.time_s <= s.to_s}
        assert drawn == wanted
        assert len(drawn) < len(foot.angles.frames)
    clip = make_clip(30.0, 5)
    analysis = rear()
    keys = {
        film_key(clip.info, clip.pose, analysis, blur=True, feet=f) for f in (None, {}, feet, {"left": feet["left"]})
    }
    assert len(keys) == 3

"""What the report says: everything measured, every warning, every reason, and no empty heading."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sample_analysis import sample_analysis, times_only

from gait.metrics.catalogue import reference_for
from gait.model import MetricValue, Quality, QualityWarning, Recording, VideoRecord
from gait.report.blocks import (
    Callout,
    Cell,
    ChartGrid,
    Column,
    Details,
    Document,
    Facts,
    Gallery,
    KeyFigures,
    Table,
)
from gait.report.document import SECTIONS, build_document
from gait.report.measurements import has_value
from gait.report.pictures import png_bytes
from gait.report.references import card_reference, comparison, reference_strip, reference_summary
from gait.report.told import told
from gait.report.wording import interval, number, quantity, readable, spec

PICTURE = png_bytes(np.full((40, 30, 3), 90, dtype=np.uint8))
PICTURES = {f"{phase}_left.png": PICTURE for phase in ("initial_contact", "mid_stance", "toe_off")}


def _section(document: Document, key: str) -> Any:
    return next(s for s in document.sections if s.key == key)


def _tables(blocks: Any) -> list[Table]:
    found = [b for b in blocks if isinstance(b, Table)]
    return found + [t for b in blocks if isinstance(b, Details) for t in _tables(b.blocks)]


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (168.87, "steps/min", "168.9 steps/min"),
        (279.4, "ms", "279 ms"),
        (-1.24, "deg", "\u22121.2°"),
        (18.62, "cm", "18.6 cm"),
        (1.046, "m", "1.05 m"),
        (-0.04, "deg", "0.0°"),
        (14.2, "leg_pct", "14.2 % of leg length"),
        (math.nan, "deg", "\u2014"),
        (None, "ms", "\u2014"),
    ],
)
def test_numbers_have_the_digits_their_unit_deserves(value: float | None, unit: str, words: str) -> None:
    assert quantity(value, unit) == words


def test_interval_is_written_in_words() -> None:
    assert interval((168.4, 169.3), "steps/min") == "168.4 to 169.3"
    assert interval((-3.0, 0.4), "deg") == "\u22123.0 to 0.4"
    assert interval(None, "deg") == "\u2014"
    assert number(1234.5, digits=0) == "1234"


def test_names_without_a_catalogue_entry_become_words() -> None:
    assert readable("shank_angle_ic_deg") == "Shank angle at contact"
    assert spec("some_new_thing_cm").title == "Some new thing"


def test_quality_opens_the_clinicians_pages_with_every_warning_and_its_hint() -> None:
    document = build_document(sample_analysis(), {})
    first = next(section for section in document.sections if section.audience == "professional")
    callouts = [b for b in first.blocks if isinstance(b, Callout)]
    assert first.key == "quality"
    assert callouts[0].label == "Quality: medium"
    assert [(c.text, c.hint) for c in callouts[1:]] == [(w.message, w.hint) for w in sample_analysis().quality.warnings]


def test_sections_stand_in_reading_order() -> None:
    document = build_document(sample_analysis(), PICTURES)
    assert [s.key for s in document.sections] == [
        "saw",
        "pictures",
        "quality",
        "key-figures",
        "measurements",
        "curves",
        "strides",
        "limits",
        "accuracy",
        "method",
    ]
    assert len(SECTIONS) == 20


def test_a_poor_recording_tells_the_runner_what_is_wrong_and_a_good_one_says_nothing() -> None:
    def first(level: str) -> list[Callout]:
        quality = replace(sample_analysis().quality, level=level)
        blocks = build_document(sample_analysis(quality=quality), {}).sections[0]
        return [block for block in blocks.blocks if isinstance(block, Callout)]

    assert first("high") == []
    assert [callout.label for callout in first("medium")] == ["Quality: medium"]
    assert [callout.text for callout in first("low")][1:] == [w.message for w in sample_analysis().quality.warnings]


def test_empty_parts_leave_no_heading() -> None:
    bare = sample_analysis(metrics=(), curves=(), keyframes=(), strides=(), events=())
    document = build_document(bare, PICTURES)
    assert [s.key for s in document.sections] == ["saw", "quality", "limits", "method"]
    assert all(s.blocks for s in document.sections)


def test_key_frames_without_a_picture_are_left_out() -> None:
    document = build_document(sample_analysis(), {"toe_off_left.png": PICTURE})
    gallery = next(b for b in _section(document, "pictures").blocks if isinstance(b, Gallery))
    assert [p.title for p in gallery.pictures] == ["Toe-off, left (near) foot"]
    assert gallery.pictures[0].caption == "The toes leave the belt. At 5.83 s."


def test_every_metric_is_in_a_table_or_among_those_without_value() -> None:
    analysis = sample_analysis()
    tables = _tables(_section(build_document(analysis, {}), "measurements").blocks)
    main = [t for t in tables if len(t.columns) == 9]
    missing = next(t for t in tables if t.caption == "Measures without a value")
    valued = [m for m in analysis.metrics if has_value(m)]
    assert sum(len(t.rows) for t in main) == len(valued)
    text = " ".join(c.text for row in missing.rows for c in row)
    for metric in analysis.metrics:
        if metric.value is None:
            assert metric.reason is not None
            assert metric.reason[1:] in text
            assert spec(metric.name).title in text


def test_a_metric_row_has_value_interval_confidence_and_marked_reference() -> None:
    tables = _tables(_section(build_document(sample_analysis(), {}), "measurements").blocks)
    rows = [row for t in tables if len(t.columns) == 9 for row in t.rows]
    row = next(r for r in rows if r[0].text == spec("shank_angle_ic_deg").title)
    assert [c.text for c in row[1:8]] == [
        "left (near)",
        "8.2°",
        "7.0 to 9.4",
        "1.9",
        "13",
        "●○○ low",
        "4.8°",
    ]
    assert row[8].text == "6.3 ± 1.6° [M]"
    assert row[8].sub == "At 2.5 m/s. 65th to above 95th percentile."
    row = next(r for r in rows if r[0].text == spec("knee_flexion_ic_deg").title)
    assert (row[7].text, row[7].sub) == ("3.8°", "published")
    row = next(r for r in rows if r[0].text == spec("cadence_spm").title)
    assert (row[7].text, row[7].sub) == ("2.6 steps/min", "derived")
    row = next(r for r in rows if r[0].text == spec("overstride_cm").title)
    assert row[8].text == "[M]"
    assert row[8].sub == "16.7 ± 3.2 cm at 2.5 m/s. Belt speed unknown: no comparison made."


def test_one_reason_is_said_once_for_all_metrics_that_share_it() -> None:
    document = build_document(times_only(), {})
    missing = next(
        t for t in _tables(_section(document, "measurements").blocks) if t.caption == "Measures without a value"
    )
    assert [row[0].text for row in missing.rows] == ["Only 4 steps of this leg; at least 7 are needed"]


def test_times_only_still_has_its_cards() -> None:
    document = build_document(times_only(), {})
    cards = next(b for b in _section(document, "key-figures").blocks if isinstance(b, KeyFigures)).cards
    assert [(c.value, c.unit) for c in cards] == [("168.9", "steps/min"), ("279", "ms")]
    assert "curves" not in [s.key for s in document.sections]


def test_cards_prefer_the_near_leg_and_name_the_foot_angle() -> None:
    document = build_document(sample_analysis(), {})
    cards = next(b for b in _section(document, "key-figures").blocks if isinstance(b, KeyFigures)).cards
    contact = [c for c in cards if c.unit == "ms"]
    assert [c.value for c in contact] == ["279"]
    strike = next(c for c in cards if c.value == "Rearfoot")
    assert strike.interval == "Foot angle 13.4° (95 % interval 11.2 to 15.7) \u00b7 13 strides"


def test_bands_and_values_are_never_called_normal_or_abnormal() -> None:
    text = repr(build_document(sample_analysis(), PICTURES)).lower()
    for word in ("abnormal", "normal range", "healthy", "pathological", "injury risk"):
        assert word not in text


def test_intended_use_names_what_it_is_not() -> None:
    assert build_document(sample_analysis(), {}).intended_use.startswith("Not a medical device, not a diagnosis.")


def test_header_tells_what_was_told() -> None:
    full = Recording(belt_speed_m_s=2.8, height_m=1.75, mass_kg=70.4, incline_pct=1.0, symptoms=("calf",))
    assert told(full) == (
        "belt 2.80 m/s (10.1 km/h, 6.3 mph), incline 1.0 %, height 1.75 m, mass 70 kg, complaints: calf"
    )
    assert told(Recording()) == "nothing (no height, no belt speed)"
    answers = {"pain": ["left heel"], "trend": "worse", "goal": "run <b>far</b>", "arch": "high", "name": "Anna"}
    assert told(Recording(height_m=1.75, told=answers)) == (
        "height 1.75 m; pain: left heel; lately worse; goal: run <b>far</b>"
    )
    assert told(Recording(told={"pain": 5, "onset": {"a": "<i>"}})) == "pain: 5; began {'a': '<i>'}"


def test_windows_paths_show_their_file_name_only() -> None:
    analysis = sample_analysis()
    video = replace(analysis.videos[0], path="C:\\clips\\run 1.mp4")
    assert build_document(replace(analysis, videos=(video,)), {}).subtitle == "run 1.mp4"


def test_limits_are_told_for_the_views_that_were_filmed() -> None:
    analysis = sample_analysis()
    rear = replace(analysis.videos[0], id="rear", view="rear")

    def limits(*videos: VideoRecord) -> tuple[str, str]:
        section = _section(build_document(replace(analysis, videos=videos), {}), "limits")
        return section.title, repr(section.blocks)

    one, both, behind = limits(analysis.videos[0]), limits(analysis.videos[0], rear), limits(rear)
    assert (one[0], both[0]) == ("What a single side view cannot show", "What these clips cannot show")
    assert behind[0] == "What a rear view cannot show"
    # Who filmed from behind is not sent there again, and nobody is promised the pelvis.
    assert ["film from behind" in text for _, text in (one, both, behind)] == [True, False, False]
    assert all("pelvis drops" in text for _, text in (one, both, behind))
    assert ["nearer the camera" in text for _, text in (one, both, behind)] == [True, True, False]


def test_dropped_strides_are_listed_with_their_reasons() -> None:
    section = _section(build_document(sample_analysis(), {}), "strides")
    details = next(b for b in section.blocks if isinstance(b, Details))
    assert details.summary == "Why 3 strides were dropped"
    assert [row[2].text for row in _tables(section.blocks)[0].rows] == [
        "the far foot was hidden for 120 ms",
        "contact time 96 ms is outside 120 to 400 ms",
        "the far foot was hidden for 120 ms",
    ]
    grid = next(b for b in section.blocks if isinstance(b, ChartGrid))
    assert grid.charts[0].caption == "Left (near): 13 of 14 strides used. Right (far): 12 of 14 strides used."


def _value(reference: dict[str, Any] | None, value: float | str = 8.0) -> MetricValue:
    return MetricValue("shank_angle_ic_deg", "left", "side", value, "deg", reference=reference)


def test_a_wide_interval_is_a_range_of_percentiles() -> None:
    reference = {"mean": 6.3, "sd": 1.6, "unit": "deg", "mark": "M", "percentile": 30}
    value = replace(_value(reference), ci95=(4.6, 5.9))
    assert comparison(value) == "Within the range of the reference runners (from their 15th to their 40th percentile)."
    wide = replace(value, ci95=(1.0, 5.9))
    assert comparison(wide) == "Among the reference runners (from below their 5th to their 40th percentile)."
    assert comparison(replace(value, ci95=(1.0, 5.9)), short=True) == "Below 5th to 40th percentile."
    assert comparison(replace(value, ci95=(1.0, 2.9))).startswith("Lower than in most")


@pytest.mark.parametrize(
    ("percentile", "words"),
    [
        (2.0, "below their 5th"),
        (62.0, "about their 60th percentile"),
        (99.0, "above their 95th"),
    ],
)
def test_comparison_is_coarse_and_without_verdict(percentile: float, words: str) -> None:
    reference = {"mean": 6.3, "sd": 1.6, "unit": "deg", "mark": "M", "percentile": percentile}
    assert words in comparison(_value(reference))


def test_no_picture_of_a_reference_that_does_not_compare() -> None:
    reference = {"note": "Belt speed unknown.", "mark": "M", "source": "s", "unit": "deg"}
    assert reference_strip(_value(reference)) == ""
    assert reference_strip(_value(None)) == ""
    assert reference_summary(_value(reference)) == ("[M]", "Belt speed unknown.")
    assert comparison(_value(reference)) == ""
    assert card_reference(_value(reference)) == "Reference [M]: Belt speed unknown."
    assert card_reference(_value(None)) == ""


def test_references_of_the_catalogue_are_understood() -> None:
    value = replace(_value(None, 8.2), reference=reference_for("shank_angle_ic_deg", 8.2, 2.6))
    assert card_reference(value) == (
        "Reference at 2.5 m/s: 6.3 ± 1.6° [M]. Within the range of the reference runners (about their 90th percentile)."
    )
    assert reference_strip(value).startswith("<svg")


def test_reference_strip_marks_the_middle_90_percent() -> None:
    reference = {"mean": 10.0, "sd": 2.0, "unit": "deg", "mark": "M", "percentile": 50}
    svg = reference_strip(_value(reference, 10.0))
    assert ">6.7<" in svg
    assert ">13.3<" in svg
    assert 'aria-label="10.0°; the middle 90 % of the reference runners lie between 6.7 to 13.3 °"' in svg


def test_a_table_refuses_rows_of_another_length() -> None:
    with pytest.raises(ValueError, match="one cell per column"):
        Table((Column("a"), Column("b")), ((Cell("1"),),))


def test_a_recording_without_warnings_says_so() -> None:
    document = build_document(sample_analysis(quality=Quality("high")), {})
    assert "Nothing about the recording calls for caution." in repr(_section(document, "quality"))


def test_unusual_levels_and_warnings_do_not_break_the_report() -> None:
    quality = Quality("unusable", (QualityWarning("x", "Nobody runs here."),))
    callouts = build_document(sample_analysis(quality=quality), {}).sections[0].blocks
    assert isinstance(callouts[0], Callout)
    assert callouts[0].level == "serious"


def test_settings_are_plain_words_without_folders() -> None:
    config = {"model": "heavy", "blur_face": True, "height_m": 1.75, "mass_kg": None, "model_dir": "/home/anna/models"}
    config |= {"with": [{"path": "/home/anna/left.mp4", "start_s": 3.0}]}
    section = _section(build_document(sample_analysis(config=config), {}), "method")
    details = next(b for b in section.blocks if isinstance(b, Details) and b.summary == "Settings")
    (facts,) = details.blocks
    assert isinstance(facts, Facts)
    shown = dict(facts.items)
    assert shown["Runner's height"] == "1.75 m"
    assert shown["Runner's mass"] == "not set"
    assert shown["Blur the face in pictures and video"] == "yes"
    assert shown["Folder with pose models"] == "models"
    assert shown["Further clips"] == "left.mp4, Start at: 3 s"
    assert "/home" not in repr(section)


def test_a_caption_says_its_time_once() -> None:
    frame = replace(sample_analysis().keyframes[0], caption="Push-off, left foot, at 5.83 s", time_s=5.83)
    document = build_document(sample_analysis(keyframes=(frame,)), {frame.file: PICTURE})
    gallery = next(b for b in _section(document, "pictures").blocks if isinstance(b, Gallery))
    assert gallery.pictures[0].caption.count("5.83") == 1

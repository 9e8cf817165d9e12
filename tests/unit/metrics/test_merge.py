"""Which clip speaks for which number, what is warned of, and what cannot be joined."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gait.errors import QualityError
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.merge import Part, merged, merged_columns, refuse_unfit
from gait.model import (
    GaitAnalysis,
    GaitEvent,
    MetricValue,
    Quality,
    QualityWarning,
    Recording,
    Stride,
    VideoRecord,
)

CONTACT, SHIN, CADENCE, DROP = "ground_contact_time_ms", "shank_angle_ic_deg", "cadence_spm", "pelvic_drop_deg"
NEAR_MS = {"left": 260.0, "right": 240.0}


def metric(video: str, name: str, side: str, value: float | None, **more: Any) -> MetricValue:
    ci95 = None if value is None else (value - 1.0, value + 1.0)
    reason = f"{video} lacks it" if value is None else None
    fields: dict[str, Any] = {"ci95": ci95, "confidence": "none" if value is None else "medium", "reason": reason}
    return MetricValue(name, side, video, value, CATALOGUE[name].unit, n_strides=12, **(fields | more))


def part(
    view: str, video: str, *metrics: MetricValue, level: str = "medium", strides: int = 12, belt: float | None = 3.0
) -> Part:
    record = VideoRecord(
        id=video,
        path=f"clips/{video}_{view}.mp4",
        sha256=video * 32,
        view=view,
        mirrored=False,
        time_scale=1.0,
        size_px=(1280, 720),
        rate_hz=60.0,
        n_frames=600,
        duration_s=10.0,
        analysed_s=(0.0, 10.0),
        travel="left",
        codec="h264",
        pose_model="heavy",
    )
    side = "left" if view == "rear" else view
    analysis = GaitAnalysis(
        software={"gait": "1", "processing": "same"},
        videos=(record,),
        recording=Recording(height_m=1.75),
        config={"height_m": 1.75},
        quality=Quality(level),
        events=(GaitEvent(video, side, "near", "initial_contact", 0.5, 0.01),),
        strides=tuple(Stride(video, side, i, i + 0.25, i + 0.7) for i in range(strides)),
        metrics=metrics or side_view(video, view),
    )
    return Part(analysis, belt if view != "rear" else None)


def side_view(video: str, view: str, cadence: float = 170.0) -> tuple[MetricValue, ...]:
    """What a clip of a view gives, in short."""
    if view == "rear":
        return (
            metric(video, CADENCE, "both", cadence),
            metric(video, CONTACT, "left", 270.0, confidence="low"),
            metric(video, CONTACT, "right", 271.0, confidence="low"),
            metric(video, SHIN, "both", None),
            metric(video, DROP, "left", 6.0),
            metric(video, DROP, "right", 5.0),
            metric(video, "trunk_lean_deg", "both", None),
        )
    far = {"left": "right", "right": "left"}[view]
    return (
        metric(video, CADENCE, "both", cadence),
        metric(video, CONTACT, view, NEAR_MS[view]),
        metric(video, CONTACT, far, 300.0, confidence="low"),
        metric(video, SHIN, view, 8.0 if view == "left" else 7.0),
        metric(video, SHIN, far, None),
        metric(video, "trunk_lean_deg", "both", 5.0 if view == "left" else 6.0),
        metric(video, DROP, "both", None),
    )


def warned(part_: Part, *warnings: QualityWarning) -> Part:
    return replace(part_, analysis=replace(part_.analysis, quality=Quality("medium", warnings)))


def value(analysis: GaitAnalysis, name: str, side: str = "both") -> float | str | None:
    found = [m for m in analysis.metrics if m.name == name and m.side == side]
    assert len(found) == 1, (name, side)
    return found[0].value


def codes(analysis: GaitAnalysis) -> list[str]:
    return [w.code for w in analysis.quality.warnings]


class TestTwoSides:
    def test_each_leg_from_the_clip_that_films_it_near(self) -> None:
        found = merged([part("right", "v1"), part("left", "v2")])
        assert value(found, CONTACT, "left") == 260.0
        assert value(found, CONTACT, "right") == 240.0
        assert value(found, SHIN, "left") == 8.0
        assert value(found, "symmetry_shank_angle_ic_deg") == pytest.approx(1.0)
        assert value(found, "symmetry_ground_contact_time_pct") == pytest.approx(8.0)

    def test_one_row_for_each_name_and_side(self) -> None:
        found = merged([part("right", "v1"), part("left", "v2"), part("rear", "v3")])
        keys = [(m.name, m.side) for m in found.metrics]
        assert len(keys) == len(set(keys))
        order = [list(CATALOGUE).index(name) for name, _ in keys]
        assert order == sorted(order)

    def test_the_near_leg_is_not_replaced_by_a_guess_when_it_has_no_value(self) -> None:
        lost = [metric("v2", CONTACT, "left", None), metric("v2", CONTACT, "right", 300.0)]
        found = merged([part("right", "v1"), part("left", "v2", *lost)])
        row = found.metric(CONTACT, "left")
        assert row is not None
        assert (row.value, row.reason) == (None, "v2 lacks it")

    @pytest.mark.parametrize(
        ("left", "right", "lean"),
        [
            ({}, {}, 5.0),  # all equal: the left clip
            ({"level": "low"}, {}, 6.0),
            ({"level": "low", "strides": 40}, {}, 6.0),  # quality before length
            ({}, {"strides": 13}, 6.0),
            ({"level": "high"}, {"strides": 40}, 5.0),
        ],
    )
    def test_what_both_legs_share_comes_from_the_better_clip(
        self, left: dict[str, Any], right: dict[str, Any], lean: float
    ) -> None:
        clips = [part("left", "v1", **left), part("right", "v2", **right)]
        assert value(merged(clips), "trunk_lean_deg") == lean
        assert value(merged(clips[::-1]), "trunk_lean_deg") == lean

    def test_everything_else_is_kept_of_both(self) -> None:
        found = merged([part("right", "v1"), part("left", "v2", strides=5)])
        assert [v.id for v in found.videos] == ["v1", "v2"]
        assert [s.video for s in found.strides] == ["v1"] * 12 + ["v2"] * 5
        assert [e.video for e in found.events] == ["v1", "v2"]
        assert found.recording == Recording(height_m=1.75)

    def test_another_belt_speed(self) -> None:
        found = merged([part("right", "v1", belt=3.0), part("left", "v2", belt=3.15)])
        assert value(found, "symmetry_shank_angle_ic_deg") is None
        assert value(found, SHIN, "left") == 8.0
        assert codes(found) == ["belt_speed_differs"]
        assert "4.8 % apart" in found.quality.warnings[0].message

    @pytest.mark.parametrize(("cadence", "warns"), [(174.0, False), (175.5, True), (165.5, False), (164.0, True)])
    def test_another_cadence_is_warned_of(self, cadence: float, warns: bool) -> None:
        found = merged([part("right", "v1"), part("left", "v2", *side_view("v2", "left", cadence))])
        assert codes(found) == (["cadence_differs"] if warns else [])
        if warns:
            assert "170.0 steps/min in the right-side clip" in found.quality.warnings[0].message
            assert f"{cadence:.1f} in the left-side clip" in found.quality.warnings[0].message
            assert "quality is therefore low" in found.quality.warnings[0].message
            assert found.quality.level == "low"
            assert all(m.confidence == "low" for m in found.metrics if m.name.startswith("symmetry_") and m.value)


class TestRear:
    @pytest.mark.parametrize("rear_first", [True, False])
    def test_the_rear_clip_adds_what_only_it_shows_and_times_stay_with_the_side(self, rear_first: bool) -> None:
        clips = [part("rear", "v1"), part("right", "v2")]
        found = merged(clips if rear_first else clips[::-1])
        assert value(found, DROP, "left") == 6.0
        assert value(found, DROP, "right") == 5.0
        assert not [m for m in found.metrics if (m.name, m.side) == (DROP, "both")]
        assert value(found, "symmetry_pelvic_drop_deg") == pytest.approx(1.0)
        assert value(found, CONTACT, "right") == 240.0
        assert value(found, CONTACT, "left") == 300.0
        assert value(found, SHIN, "right") == 7.0
        assert not [m for m in found.metrics if (m.name, m.side) == (SHIN, "both")]
        assert value(found, "trunk_lean_deg") == 6.0

    def test_a_time_that_the_side_lacks_may_come_from_behind_but_is_not_compared(self) -> None:
        hidden = [m for m in side_view("v1", "right") if (m.name, m.side) != (CONTACT, "left")]
        side = part("right", "v1", *hidden, metric("v1", CONTACT, "left", None))
        found = merged([side, part("rear", "v2")])
        assert value(found, CONTACT, "left") == 270.0
        assert value(found, "symmetry_ground_contact_time_pct") is None

    def test_its_warning_does_not_ask_for_the_side_that_is_there(self) -> None:
        rear = warned(part("rear", "v2"), QualityWarning("rear_view", "Times only.", "Film from the side."))
        found = merged([part("right", "v1"), rear])
        assert found.quality.warnings[0].message.startswith("Rear clip: ")
        assert found.quality.warnings[0].hint == ""


class TestQuality:
    @pytest.mark.parametrize(("levels", "worst"), [(("high", "low"), "low"), (("medium", "high"), "medium")])
    def test_the_worst_level(self, levels: tuple[str, str], worst: str) -> None:
        found = merged([part("right", "v1", level=levels[0]), part("left", "v2", level=levels[1])])
        assert found.quality.level == worst
        assert codes(found) == ["quality_differs"]
        assert (
            f"{levels[0]} in the right-side clip, {levels[1]} in the left-side clip"
            in found.quality.warnings[0].message
        )

    def test_warnings_say_of_which_clip_and_common_ones_are_said_once(self) -> None:
        both, one = QualityWarning("short_clip", "14 strides.", "Film more."), QualityWarning("small", "Small.")
        found = merged([warned(part("right", "v1"), both, one), warned(part("left", "v2"), both)])
        assert [w.message for w in found.quality.warnings] == ["14 strides.", "Right-side clip: Small."]
        three = merged([warned(part("right", "v1"), both), warned(part("left", "v2"), both), part("rear", "v3")])
        assert [w.message for w in three.quality.warnings] == ["Right-side clip, left-side clip: 14 strides."]

    def test_the_far_leg_needs_no_warning_when_it_was_filmed(self) -> None:
        far = QualityWarning("far_leg_differs", "The far leg differs.", "Film the left side, too.")
        right = warned(part("right", "v1"), far)
        assert codes(merged([right, part("left", "v2")])) == []
        assert codes(merged([right, part("rear", "v2")])) == ["far_leg_differs"]

    def test_processing_is_told_apart_only_where_it_differs(self) -> None:
        left = part("left", "v2")
        assert merged([part("right", "v1"), left]).software["processing"] == "same"
        other = replace(left, analysis=replace(left.analysis, software={"processing": "other"}))
        assert merged([part("right", "v1"), other]).software["processing"] == "v1: same; v2: other"


class TestRefused:
    @pytest.mark.parametrize(("view", "words"), [("right", "the runner's right side"), ("rear", "from behind")])
    def test_two_clips_of_one_view(self, view: str, words: str) -> None:
        with pytest.raises(QualityError) as caught:
            refuse_unfit(part(view, "v2"), [part(view, "v1")])
        assert caught.value.message.startswith(f"v1_{view}.mp4 and v2_{view}.mp4 both show")
        assert words in caught.value.message
        assert f"--with v2_{view}.mp4,mirrored" in caught.value.hint

    def test_different_views_are_welcome(self) -> None:
        refuse_unfit(part("rear", "v3"), [part("right", "v1"), part("left", "v2")])

    def test_a_clip_whose_times_cannot_be_right(self) -> None:
        cause = QualityWarning("slow_motion_suspected", "21 steps/min is too few.", "Give `--capture-rate 240`.")
        slow = part("left", "v2", level="unusable")
        slow = replace(slow, analysis=replace(slow.analysis, quality=Quality("unusable", (cause,))))
        with pytest.raises(QualityError, match=r"v2_left.mp4 cannot be joined .* 21 steps/min") as caught:
            refuse_unfit(slow, [part("right", "v1")])
        assert "--capture-rate 240" in caught.value.hint


def test_columns_of_strides_are_joined_with_gaps_where_a_clip_lacks_one() -> None:
    found = merged_columns([{"a": [1.0, 2.0], "b": [3.0, None]}, {"a": [4.0], "c": [5.0]}], [2, 1])
    assert found == {"a": [1.0, 2.0, 4.0], "b": [3.0, None, None], "c": [None, None, 5.0]}

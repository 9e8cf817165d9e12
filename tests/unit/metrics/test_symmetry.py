"""Left against right: formulas, signs, intervals, and every reason why there is no comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gait.metrics.catalogue import CATALOGUE
from gait.metrics.pelvis import FROM_MEAN_METHOD, HIP_LINE_METHOD
from gait.metrics.symmetry import (
    ABOUT_LEVEL_REASON,
    ASKEW_REASON,
    ClipView,
    is_difference,
    shows_from,
    speeds_differ,
    with_symmetry,
)
from gait.model import MetricValue

RIGHT, LEFT, REAR = ClipView("v1", "right", 3.0), ClipView("v2", "left", 3.0), ClipView("v3", "rear")
CONTACT, SHIN, KNEE = "ground_contact_time_ms", "shank_angle_ic_deg", "knee_flexion_ic_deg"


def metric(name: str, side: str, value: float | None, half: float = 1.0, **more: Any) -> MetricValue:
    fields: dict[str, Any] = {"video": "v2" if side == "left" else "v1", "n_strides": 14, "confidence": "high"}
    if value is None:
        fields |= {"reason": "why not", "n_strides": 0, "confidence": "none"}
    ci95 = None if value is None else (value - half, value + half)
    return MetricValue(name, side, value=value, unit=CATALOGUE[name].unit, ci95=ci95, **(fields | more))


def compare(*metrics: MetricValue, clips: tuple[ClipView, ...] = (RIGHT, LEFT), of: str = "") -> MetricValue:
    wanted = of or metrics[0].name
    return next(m for m in with_symmetry(metrics, clips) if CATALOGUE[m.name].of == wanted)


class TestFormulas:
    def test_a_longer_contact_on_the_left_is_positive(self) -> None:
        found = compare(metric(CONTACT, "left", 260.0, 3.0), metric(CONTACT, "right", 240.0, 4.0))
        assert (found.name, found.side, found.unit) == ("symmetry_ground_contact_time_pct", "both", "%")
        assert found.value == pytest.approx(100 * 20 / 250)
        # Slopes 400 R / (L + R)^2 and 400 L / (L + R)^2 times the half-widths.
        half = ((400 * 240 * 3 / 500**2) ** 2 + (400 * 260 * 4 / 500**2) ** 2) ** 0.5
        assert found.ci95 == pytest.approx((8.0 - half, 8.0 + half))

    def test_a_larger_angle_on_the_left_is_positive_and_in_degrees(self) -> None:
        found = compare(metric(SHIN, "left", 9.0, 3.0), metric(SHIN, "right", 4.0, 4.0))
        assert (found.name, found.unit) == ("symmetry_shank_angle_ic_deg", "deg")
        assert found.value == pytest.approx(5.0)
        assert found.ci95 == pytest.approx((0.0, 10.0))

    def test_one_sided_half_widths_go_where_they_belong(self) -> None:
        left = replace(metric(SHIN, "left", 9.0), ci95=(6.0, 10.0))
        right = replace(metric(SHIN, "right", 4.0), ci95=(3.9, 8.0))
        # Below: the left could be 3 less, the right 4 more. Above: the left 1 more, the right 0.1 less.
        assert compare(left, right).ci95 == pytest.approx((5.0 - 5.0, 5.0 + (1 + 0.01) ** 0.5))

    @pytest.mark.parametrize("name", [CONTACT, "flight_time_ms", "duty_factor_pct", SHIN, KNEE, "overstride_cm"])
    def test_exchanging_the_legs_turns_the_sign(self, name: str) -> None:
        one = compare(metric(name, "left", 21.0, 2.0), metric(name, "right", 18.0, 1.0))
        other = compare(metric(name, "left", 18.0, 1.0), metric(name, "right", 21.0, 2.0))
        assert one.value == pytest.approx(-other.value)
        assert one.ci95 is not None
        assert other.ci95 is not None
        assert one.ci95 == pytest.approx((-other.ci95[1], -other.ci95[0]))

    def test_equal_legs(self) -> None:
        assert compare(metric(CONTACT, "left", 250.0), metric(CONTACT, "right", 250.0)).value == 0.0

    def test_confidence_and_strides_are_the_lower_ones(self) -> None:
        left = metric(SHIN, "left", 9.0, confidence="medium", n_strides=9)
        found = compare(left, metric(SHIN, "right", 4.0))
        assert (found.confidence, found.n_strides) == ("medium", 9)
        assert found.method.startswith("left leg from v2, right leg from v1")

    def test_lengths_keep_their_unit(self) -> None:
        found = compare(metric("overstride_leg_pct", "left", 20.0), metric("overstride_leg_pct", "right", 17.0))
        assert (found.name, found.unit, found.value) == ("symmetry_overstride_leg_pct", "%", pytest.approx(3.0))


class TestMeasuredAlike:
    """Two near legs of one pose model: what is missed on both sides alike drops out."""

    CLIPS = (replace(RIGHT, pose_model="heavy"), replace(LEFT, pose_model="heavy"))

    def test_the_interval_is_that_of_a_change_between_two_recordings(self) -> None:
        legs = metric(CONTACT, "left", 260.0, 30.0, retest_se=3.0), metric(CONTACT, "right", 240.0, 30.0, retest_se=4.0)
        found = compare(*legs, clips=self.CLIPS)
        half = 1.96 * ((400 * 240 * 3 / 500**2) ** 2 + (400 * 260 * 4 / 500**2) ** 2) ** 0.5
        assert found.ci95 == pytest.approx((8.0 - half, 8.0 + half))
        assert "by one method" in (found.method or "")

    def test_no_leg_is_measured_better_than_is_published(self) -> None:
        legs = metric(SHIN, "left", 9.0, 8.0, retest_se=0.1), metric(SHIN, "right", 4.0, 8.0, retest_se=0.1)
        assert compare(*legs, clips=self.CLIPS).ci95 == pytest.approx((5.0 - 4.8, 5.0 + 4.8))

    @pytest.mark.parametrize("clips", [(RIGHT, LEFT), (CLIPS[0], replace(LEFT, pose_model="lite"))])
    def test_nothing_cancels_where_the_pose_model_differs_or_is_unknown(self, clips: tuple[ClipView, ...]) -> None:
        legs = metric(SHIN, "left", 9.0, 3.0, retest_se=0.1), metric(SHIN, "right", 4.0, 4.0, retest_se=0.1)
        assert compare(*legs, clips=clips).ci95 == pytest.approx((0.0, 10.0))

    def test_nothing_cancels_between_near_and_far_leg(self) -> None:
        far = metric(CONTACT, "left", 260.0, 30.0, video="v1", retest_se=3.0)
        found = compare(far, metric(CONTACT, "right", 240.0, 30.0, retest_se=4.0), clips=self.CLIPS[:1])
        assert found.ci95 is not None
        assert found.ci95[1] - found.ci95[0] > 30.0
        assert shows_from(found) is None

    def test_it_would_show_from_the_larger_of_limit_and_half_width(self) -> None:
        right = metric(SHIN, "right", 4.0, 4.0)
        assert shows_from(compare(metric(SHIN, "left", 9.0, 3.0, sdc=4.0), right)) == pytest.approx(5.0)
        assert shows_from(compare(metric(SHIN, "left", 9.0, 3.0, sdc=7.0), right)) == pytest.approx(7.0)


class TestBetweenVisits:
    """What `gait compare` needs of a comparison: its own standard error."""

    def test_both_legs_errors_add_up(self) -> None:
        left = metric("overstride_cm", "left", 20.0, retest_se=3.0)
        found = compare(left, metric("overstride_cm", "right", 17.0, retest_se=4.0))
        assert found.retest_se == pytest.approx(5.0)
        assert found.sdc == pytest.approx(1.96 * 2**0.5 * 5.0)
        assert found.sdc_origin == "derived"

    def test_in_per_cent_by_the_slopes(self) -> None:
        found = compare(metric(CONTACT, "left", 260.0, retest_se=3.0), metric(CONTACT, "right", 240.0, retest_se=4.0))
        wanted = ((400 * 240 * 3 / 500**2) ** 2 + (400 * 260 * 4 / 500**2) ** 2) ** 0.5
        assert found.retest_se == pytest.approx(wanted)

    def test_no_leg_repeats_better_than_is_published(self) -> None:
        found = compare(metric(SHIN, "left", 9.0, retest_se=0.1), metric(SHIN, "right", 4.0, retest_se=0.1))
        assert found.sdc == pytest.approx(4.8 * 2**0.5)

    def test_unknown_where_a_legs_is(self) -> None:
        found = compare(metric(SHIN, "left", 9.0), metric(SHIN, "right", 4.0, retest_se=1.0))
        assert (found.retest_se, found.sdc, found.sdc_origin) == (None, None, None)


class TestDifference:
    @pytest.mark.parametrize(
        ("left", "right", "half", "sdc", "real"),
        [
            (9.0, 4.0, 1.0, 4.8, True),
            (4.0, 9.0, 1.0, 4.8, True),
            (8.7, 4.0, 1.0, 4.8, False),  # under the smallest detectable change
            (9.0, 4.0, 4.0, 4.8, False),  # the interval holds 0
            (6.9, 4.0, 0.1, 0.5, False),  # under 3 degrees, whatever is detectable
            (7.2, 4.0, 0.1, 0.5, True),
            (7.2, 4.0, 0.1, None, True),
        ],
    )
    def test_angles(self, left: float, right: float, half: float, sdc: float | None, real: bool) -> None:
        found = compare(metric(SHIN, "left", left, half, sdc=sdc), metric(SHIN, "right", right, half))
        assert is_difference(found) is real

    def test_the_larger_of_the_two_detectable_changes_counts(self) -> None:
        found = compare(metric(SHIN, "left", 9.0, 0.5, sdc=4.0), metric(SHIN, "right", 4.0, 0.5, sdc=6.0))
        assert found.reference is not None
        assert found.reference["threshold"] == 6.0
        assert is_difference(found) is False

    @pytest.mark.parametrize(("sdc", "real"), [(10.0, True), (30.0, False)])
    def test_times_are_judged_by_what_can_be_detected(self, sdc: float, real: bool) -> None:
        found = compare(metric(CONTACT, "left", 260.0, 2.0, sdc=sdc), metric(CONTACT, "right", 240.0, 2.0, sdc=5.0))
        assert found.reference is not None
        assert found.reference["threshold"] == pytest.approx(100 * sdc / 250)
        assert is_difference(found) is real

    def test_without_a_value_nothing_is_judged(self) -> None:
        assert is_difference(compare(metric(SHIN, "left", None), metric(SHIN, "right", 4.0))) is None


class TestOneSide:
    CLIPS = (RIGHT,)

    def test_times_are_given_with_low_confidence_and_not_judged(self) -> None:
        far = metric(CONTACT, "left", 300.0, 1.0, video="v1")
        found = compare(far, metric(CONTACT, "right", 240.0), clips=self.CLIPS)
        assert found.value == pytest.approx(100 * 60 / 270)
        assert found.confidence == "low"
        assert is_difference(found) is None

    def test_angles_are_withheld_and_say_what_to_film(self) -> None:
        far = metric(SHIN, "left", None, video="v1")
        found = compare(far, metric(SHIN, "right", 4.0), clips=self.CLIPS)
        assert found.value is None
        assert found.confidence == "none"
        assert found.reason is not None
        assert "film the other side" in found.reason
        assert "--with" in found.reason

    def test_a_withheld_far_leg_passes_its_reason_on(self) -> None:
        found = compare(metric(CONTACT, "left", None, video="v1"), metric(CONTACT, "right", 240.0), clips=self.CLIPS)
        assert found.value is None
        assert found.reason == "No value for the left leg: why not"


class TestRear:
    def test_both_legs_of_one_rear_clip_are_compared(self) -> None:
        legs = [metric("pelvic_drop_deg", s, v, 1.0, video="v3") for s, v in (("left", 9.0), ("right", 5.0))]
        found = compare(*legs, clips=(RIGHT, REAR))
        assert (found.name, found.value) == ("symmetry_pelvic_drop_deg", pytest.approx(4.0))
        assert found.confidence == "high"
        assert is_difference(found) is True

    @pytest.mark.parametrize(
        ("way", "reason"),
        [(HIP_LINE_METHOD, ASKEW_REASON), (HIP_LINE_METHOD + FROM_MEAN_METHOD, ABOUT_LEVEL_REASON)],
    )
    def test_a_hip_line_read_through_the_clothes_is_not_compared(self, way: str, reason: str) -> None:
        more = {"video": "v3", "method": f"rear events, a pose model{way}"}
        legs = [metric("pelvic_drop_deg", s, v, 1.0, **more) for s, v in (("left", 9.0), ("right", 2.0))]
        found = compare(*legs, clips=(REAR,))
        assert found.value is None
        assert found.reason == reason

    def test_side_and_rear_times_are_not_mixed(self) -> None:
        found = compare(
            metric(CONTACT, "left", 250.0, video="v3"), metric(CONTACT, "right", 240.0), clips=(RIGHT, REAR)
        )
        assert found.value is None
        assert "different kinds of view" in (found.reason or "")

    def test_what_the_body_lacks_as_a_whole_both_legs_lack(self) -> None:
        shared = MetricValue("pelvic_drop_deg", "both", "v1", None, "deg", reason="Film from behind.")
        assert compare(shared, clips=(RIGHT,)).reason == "Film from behind."


class TestSpeeds:
    @pytest.mark.parametrize(("left", "right"), [(3.0, 3.0), (3.08, 3.0), (3.0, 3.08)])
    def test_equal_enough(self, left: float, right: float) -> None:
        clips = (replace(RIGHT, belt_leg_s=right), replace(LEFT, belt_leg_s=left))
        assert speeds_differ(clips) is None
        assert compare(metric(SHIN, "left", 9.0), metric(SHIN, "right", 4.0), clips=clips).value == pytest.approx(5.0)

    @pytest.mark.parametrize("name", [SHIN, CONTACT, "overstride_cm"])
    @pytest.mark.parametrize(("left", "right", "words"), [(3.12, 3.0, "3.8 %"), (3.0, 3.3, "9.1 %")])
    def test_different_speeds_withhold_everything(self, left: float, right: float, words: str, name: str) -> None:
        clips = (replace(RIGHT, belt_leg_s=right), replace(LEFT, belt_leg_s=left))
        found = compare(metric(name, "left", 9.0), metric(name, "right", 4.0), clips=clips)
        assert found.value is None
        assert found.reason is not None
        assert f"{words} apart" in found.reason
        assert "one speed" in found.reason

    def test_an_unknown_speed_withholds_too(self) -> None:
        clips = (replace(RIGHT, belt_leg_s=None), LEFT)
        found = compare(metric(SHIN, "left", 9.0), metric(SHIN, "right", 4.0), clips=clips)
        assert found.reason == "The belt speeds of the two side clips could not be compared."

    def test_a_rear_clip_has_no_say(self) -> None:
        assert speeds_differ((RIGHT, REAR)) is None


class TestReasons:
    def test_the_leg_without_a_value_is_named(self) -> None:
        found = compare(metric(SHIN, "left", 9.0), metric(SHIN, "right", None))
        assert found.reason == "No value for the right leg: why not"

    def test_no_percentage_of_next_to_nothing(self) -> None:
        found = compare(metric("flight_time_ms", "left", 5.0, 8.0), metric("flight_time_ms", "right", 9.0, 8.0))
        assert found.value is None
        assert "close to zero" in (found.reason or "")

    @pytest.mark.parametrize(("strides", "given"), [(6, True), (5, False), (2, False)])
    def test_seven_steps_of_each_foot_are_needed(self, strides: int, given: bool) -> None:
        found = compare(metric(CONTACT, "left", 260.0, n_strides=strides), metric(CONTACT, "right", 240.0))
        assert (found.value is not None) is given
        assert given or "7 steps" in (found.reason or "")

    def test_a_single_stride_has_no_interval(self) -> None:
        found = compare(replace(metric(SHIN, "left", 9.0), ci95=None), metric(SHIN, "right", 4.0))
        assert found.reason == "Needs at least two strides of each leg."


def test_there_is_one_row_for_every_comparison_of_the_catalogue_and_none_twice() -> None:
    first = with_symmetry([metric(SHIN, "left", 9.0), metric(SHIN, "right", 4.0)], (RIGHT, LEFT))
    wanted = [name for name, spec in CATALOGUE.items() if spec.of]
    assert [m.name for m in first[2:]] == wanted
    assert with_symmetry(first, (RIGHT, LEFT)) == first


@pytest.mark.parametrize("name", [n for n, spec in CATALOGUE.items() if spec.of])
def test_the_catalogue_names_what_is_compared(name: str) -> None:
    spec = CATALOGUE[name]
    base = CATALOGUE[spec.of or ""]
    assert name.startswith("symmetry_")
    assert spec.view == base.view
    assert base.title in spec.title
    if base.symmetry == "relative":
        assert (name, spec.unit) == (f"symmetry_{base.name.rpartition('_')[0]}_pct", "%")
    else:
        assert (name, spec.unit) == (f"symmetry_{base.name}", base.unit)

"""Which differences are real: at the limits, just beyond them, and where nothing can be said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pairs import RECORDING, SOFTWARE, analysis, another, classed, number, withheld

from gait.metrics.catalogue import CATALOGUE
from gait.metrics.change import CANNOT_TELL, NOT_COMPARABLE, NOT_SHOWN, REAL, VERDICTS, MetricChange, compare
from gait.metrics.pelvis import FROM_MEAN_METHOD, HIP_LINE_METHOD
from gait.model import GaitAnalysis, MetricValue, Quality

SE = 0.5
DERIVED = 1.96 * np.sqrt(2.0) * SE
"""1.386: the limit of two numbers of :func:`pairs.number` where none is published."""


def changed(first: MetricValue, second: MetricValue, **after: Any) -> MetricChange:
    """Compare two recordings of one metric."""
    after = {"video": another()} | after
    (found,) = compare(analysis(first), analysis(second, **after)).changes
    return found


def codes(before: GaitAnalysis, after: GaitAnalysis) -> list[str]:
    return [w.code for w in compare(before, after).warnings]


class TestNumbers:
    @pytest.mark.parametrize(
        ("name", "change", "verdict"),
        [
            ("knee_flexion_ic_deg", 3.79, NOT_SHOWN),
            ("knee_flexion_ic_deg", 3.8, NOT_SHOWN),
            ("knee_flexion_ic_deg", 3.81, REAL),
            ("knee_flexion_ic_deg", -3.8, NOT_SHOWN),
            ("knee_flexion_ic_deg", -3.81, REAL),
            ("shank_angle_ic_deg", 4.8, NOT_SHOWN),
            ("shank_angle_ic_deg", 4.81, REAL),
            ("ankle_dorsiflexion_peak_deg", 4.81, REAL),
            ("foot_strike_angle_deg", 2.3, NOT_SHOWN),
            ("foot_strike_angle_deg", 2.31, REAL),
            ("pelvic_drop_deg", -2.8, NOT_SHOWN),
            ("pelvic_drop_deg", -2.81, REAL),
            ("hip_adduction_peak_deg", 3.81, REAL),
            ("lateral_trunk_lean_deg", 2.31, REAL),
            ("trunk_lean_deg", DERIVED, NOT_SHOWN),
            ("trunk_lean_deg", DERIVED + 0.001, REAL),
            ("ground_contact_time_ms", -DERIVED, NOT_SHOWN),
            ("ground_contact_time_ms", -DERIVED - 0.001, REAL),
            ("overstride_cm", DERIVED + 0.001, REAL),
            ("cadence_spm", 0.0, NOT_SHOWN),
        ],
    )
    def test_at_the_limit_it_is_chance_and_just_beyond_it_is_real(self, name: str, change: float, verdict: str) -> None:
        found = changed(number(name, 12.0), number(name, 12.0 + change))
        assert found.verdict == verdict
        assert found.change == pytest.approx(change)
        published = CATALOGUE[name].sdc
        assert found.smallest == pytest.approx(published or DERIVED)
        assert found.smallest_origin == ("published" if published else "derived")
        assert found.reason == ""

    def test_the_interval_is_the_limit_on_both_sides(self) -> None:
        found = changed(number("trunk_lean_deg", 5.0), number("trunk_lean_deg", 7.0))
        assert found.ci95 == pytest.approx((2.0 - DERIVED, 2.0 + DERIVED))

    def test_standard_errors_of_both_count(self) -> None:
        first, second = number("overstride_cm", 15.0, retest_se=0.3), number("overstride_cm", 16.0, retest_se=0.4)
        assert changed(first, second).smallest == pytest.approx(1.96 * 0.5)

    def test_a_coarse_recording_has_a_limit_beyond_the_published_one(self) -> None:
        first = number("knee_flexion_ic_deg", 10.0, retest_se=3.0)
        found = changed(first, number("knee_flexion_ic_deg", 15.0, retest_se=4.0))
        assert (found.smallest, found.smallest_origin) == (pytest.approx(9.8), "derived")
        assert found.verdict == NOT_SHOWN

    @pytest.mark.parametrize("name", ["pelvic_drop_deg", "hip_adduction_peak_deg"])
    def test_a_pelvis_read_in_two_ways_cannot_be_compared(self, name: str) -> None:
        ways = ("x", "x" + HIP_LINE_METHOD, "x" + HIP_LINE_METHOD + FROM_MEAN_METHOD)
        for first in ways:
            for second in ways:
                found = changed(number(name, 5.0, method=first), number(name, 12.0, method=second))
                assert found.verdict == (REAL if first == second else CANNOT_TELL)
                assert ("known better" in found.reason) == (first != second)

    def test_a_file_without_the_standard_error_is_taken_at_its_whole_interval(self) -> None:
        old = number("trunk_lean_deg", 5.0, retest_se=None)
        found = changed(old, number("trunk_lean_deg", 7.5, retest_se=None))
        assert found.smallest == pytest.approx(2.0 * np.sqrt(2.0))
        assert found.verdict == NOT_SHOWN

    @pytest.mark.parametrize(
        "after",
        [
            {"video": another(pose_model="full (b2c3)")},
            {"video": another(view="right")},
            {"software": SOFTWARE | {"gait": "0.2.0"}},
            {"recording": replace(RECORDING, height_m=1.80)},
        ],
    )
    def test_another_method_or_person_leaves_nothing_that_cancels(self, after: dict[str, Any]) -> None:
        first, second = number("trunk_lean_deg", 5.0), number("trunk_lean_deg", 7.0)
        assert changed(first, second).verdict == REAL
        found = changed(first, second, **after)
        assert found.smallest == pytest.approx(2.0 * np.sqrt(2.0))
        assert found.verdict == NOT_SHOWN

    @pytest.mark.parametrize("height_m", [1.75, 1.80])
    def test_another_height_makes_no_limit_smaller(self, height_m: float) -> None:
        # The interval of cadence is narrower than what the pace wanders between two recordings.
        narrow: dict[str, Any] = {"side": "both", "retest_se": 0.8}
        first = number("cadence_spm", 160.0, ci95=(159.5, 160.5), **narrow)
        second = number("cadence_spm", 162.0, ci95=(161.5, 162.5), **narrow)
        found = changed(first, second, recording=replace(RECORDING, height_m=height_m))
        assert found.smallest == pytest.approx(1.96 * 0.8 * np.sqrt(2.0))

    def test_one_stride_tells_nothing(self) -> None:
        lone = number("knee_flexion_ic_deg", 30.0, ci95=None, retest_se=None, n_strides=1)
        found = changed(number("knee_flexion_ic_deg", 10.0), lone)
        assert (found.verdict, found.ci95, found.smallest) == (CANNOT_TELL, None, None)
        assert found.reason == "a single stride has no error bar"
        assert found.change == 20.0

    def test_units_that_differ_are_not_compared(self) -> None:
        found = changed(number("overstride_cm", 15.0), number("overstride_cm", 0.15, unit="m"))
        assert (found.verdict, found.change) == (NOT_COMPARABLE, None)

    def test_a_metric_that_the_catalogue_does_not_know(self) -> None:
        first = replace(number("trunk_lean_deg", 1.0), name="symmetry_new_deg")
        found = changed(first, replace(first, value=3.0))
        assert (found.verdict, found.smallest_origin) == (REAL, "derived")

    @given(
        name=st.sampled_from(["knee_flexion_ic_deg", "cadence_spm", "trunk_lean_deg", "step_length_m"]),
        values=st.tuples(*[st.floats(-200, 200)] * 2),
        errors=st.tuples(*[st.one_of(st.none(), st.floats(0, 30))] * 2),
        speeds=st.tuples(*[st.one_of(st.none(), st.floats(1, 6))] * 2),
        models=st.tuples(*[st.sampled_from(["heavy", "full"])] * 2),
    )
    def test_exchanging_the_two_turns_the_change_round_and_keeps_the_verdict(
        self, name: str, values: Any, errors: Any, speeds: Any, models: Any
    ) -> None:
        first, second = (
            analysis(
                number(name, v, retest_se=e),
                video=another(pose_model=m),
                recording=replace(RECORDING, belt_speed_m_s=s),
            )
            for v, e, s, m in zip(values, errors, speeds, models, strict=True)
        )
        there, back = compare(first, second), compare(second, first)
        (a,), (b,) = there.changes, back.changes
        assert a.change == -b.change
        assert a.verdict == b.verdict
        assert a.smallest == b.smallest
        assert a.ci95 == (-b.ci95[1], -b.ci95[0])
        assert [w.code for w in there.warnings] == [w.code for w in back.warnings]
        # A real change is one whose interval does not hold 0, and the other way round unless the speed differs.
        assert a.verdict in VERDICTS
        if a.verdict == REAL:
            assert a.ci95[0] > 0 or a.ci95[1] < 0
        if a.verdict == NOT_SHOWN:
            assert a.ci95[0] <= 1e-6
            assert a.ci95[1] >= -1e-6


class TestClasses:
    def pair(self, first: str, second: str, angles: tuple[float, float] | None, **after: Any) -> MetricChange:
        before, later = [classed("foot_strike", first)], [classed("foot_strike", second)]
        if angles:
            before.append(number("foot_strike_angle_deg", angles[0]))
            later.append(number("foot_strike_angle_deg", angles[1]))
        found = compare(analysis(*before), analysis(*later, **({"video": another()} | after))).changes
        return next(c for c in found if c.name == "foot_strike")

    def test_the_same_class(self) -> None:
        assert self.pair("rearfoot", "rearfoot", (15.0, 9.0)).verdict == NOT_SHOWN

    def test_a_class_changes_with_the_angle_that_decides_it(self) -> None:
        found = self.pair("rearfoot", "non-rearfoot", (15.0, 3.0))
        assert (found.verdict, found.change, found.reason) == (REAL, None, "")

    def test_a_class_on_either_side_of_its_limit_by_a_hair_has_not_changed(self) -> None:
        found = self.pair("rearfoot", "non-rearfoot", (9.0, 7.0))
        assert found.verdict == CANNOT_TELL
        assert found.reason == "foot angle at landing, which decides it, shows no real change"

    @pytest.mark.parametrize(
        ("first", "second", "reason"),
        [
            ("indeterminate", "rearfoot", "not decided before"),
            ("non-rearfoot", "indeterminate", "not decided after"),
            ("indeterminate", "indeterminate", "not decided before and after"),
        ],
    )
    def test_what_was_not_decided_cannot_be_compared(self, first: str, second: str, reason: str) -> None:
        found = self.pair(first, second, (15.0, 3.0))
        assert (found.verdict, found.reason) == (CANNOT_TELL, reason)

    def test_without_the_angle_nothing_is_said(self) -> None:
        found = self.pair("rearfoot", "non-rearfoot", None)
        assert (found.verdict, found.reason) == (CANNOT_TELL, "the number that decides the class is missing")

    def test_another_speed_speaks_for_the_class_too(self) -> None:
        found = self.pair("rearfoot", "non-rearfoot", (15.0, 3.0), recording=replace(RECORDING, belt_speed_m_s=4.0))
        assert found.verdict == CANNOT_TELL
        assert "belt speed differs" in found.reason

    def test_a_class_against_a_number_is_not_comparable(self) -> None:
        found = changed(classed("foot_strike", "rearfoot"), replace(classed("foot_strike", ""), value=3.0))
        assert found.verdict == NOT_COMPARABLE


class TestMissing:
    @pytest.mark.parametrize("turned", [False, True])
    def test_withheld_in_one(self, turned: bool) -> None:
        pair = [number("knee_flexion_ic_deg", 12.0), withheld("knee_flexion_ic_deg", "Too few steps.")]
        found = changed(*(reversed(pair) if turned else pair))
        assert (found.verdict, found.change) == (NOT_COMPARABLE, None)
        assert found.reason == f"No value {'before' if turned else 'after'}: Too few steps."

    def test_withheld_in_both_is_left_out(self) -> None:
        first, second = withheld("pelvic_drop_deg", "No rear view."), withheld("pelvic_drop_deg", "No rear view.")
        assert compare(analysis(first), analysis(second)).changes == ()

    def test_unknown_to_one_takes_the_reason_of_the_same_metric(self) -> None:
        other = withheld("knee_flexion_ic_deg", "Not visible from behind.", side="both")
        found = {c.side: c for c in compare(analysis(number("knee_flexion_ic_deg", 9.0)), analysis(other)).changes}
        assert found["left"].reason == "No value after: Not visible from behind."
        (alone,) = compare(analysis(), analysis(number("knee_flexion_ic_deg", 9.0))).changes
        assert (alone.verdict, alone.reason) == (
            NOT_COMPARABLE,
            "No value before: that analysis does not have this number.",
        )

    @pytest.mark.parametrize("bad", [float("nan"), float("inf")])
    def test_no_number_is_no_value(self, bad: float) -> None:
        assert changed(number("cadence_spm", 170.0), number("cadence_spm", bad)).verdict == NOT_COMPARABLE

    def test_of_two_videos_the_surer_number_counts(self) -> None:
        far = number("cadence_spm", 150.0, confidence="low")
        near = number("cadence_spm", 170.0, confidence="high")
        (found,) = compare(analysis(far, near), analysis(near, withheld("cadence_spm", "no"))).changes
        assert found.change == 0.0

    def test_the_order_is_the_catalogues(self) -> None:
        names = ["foot_strike_angle_deg", "cadence_spm", "foot_strike", "trunk_lean_deg"]
        metrics = [classed(n, "rearfoot") if n == "foot_strike" else number(n, 10.0) for n in names]
        found = [c.name for c in compare(analysis(*metrics), analysis(*metrics)).changes]
        assert found == [n for n in CATALOGUE if n in names]


class TestWarnings:
    AFTER = analysis(video=another())

    def test_nothing_differs(self) -> None:
        assert codes(analysis(), self.AFTER) == []

    @pytest.mark.parametrize(
        ("after", "code"),
        [
            (analysis(video=another(pose_model="full (b2c3)")), "pose_model_differs"),
            (analysis(video=another(), software={"gait": "0.2.0"}), "version_differs"),
            (analysis(video=another(rate_hz=60.0)), "rate_differs"),
            (analysis(video=another(), quality=Quality("low")), "quality_differs"),
            (analysis(video=another(view="right")), "view_differs"),
            (analysis(video=another(view="rear")), "view_differs"),
            (analysis(video=another(), recording=replace(RECORDING, incline_pct=1.0)), "incline_differs"),
            (analysis(video=another(), recording=replace(RECORDING, height_m=1.76)), "height_differs"),
            (analysis(video=another(scale_origin="belt speed")), "scale_differs"),
            (analysis(video=another(), recording=replace(RECORDING, belt_speed_m_s=None)), "speed_unknown"),
            (analysis(), "same_pictures"),
            (analysis(video={"analysed_s": (10.0, 20.0)}), "same_pictures"),
        ],
        ids=lambda x: x if isinstance(x, str) else "",
    )
    def test_each(self, after: GaitAnalysis, code: str) -> None:
        found = compare(analysis(), after).warnings
        assert [w.code for w in found] == [code]
        assert found[0].message.endswith(".")
        assert found[0].hint.endswith(".")

    @pytest.mark.parametrize(
        "after",
        [
            analysis(video=another(rate_hz=119.88)),
            analysis(video=another(), recording=replace(RECORDING, incline_pct=0.5)),
            analysis(video=another(), recording=replace(RECORDING, height_m=1.754)),
            analysis(video={"analysed_s": (20.0, 40.0)}),
            analysis(video=another(), recording=replace(RECORDING, person="Anna")),
        ],
    )
    def test_what_is_not_worth_a_word(self, after: GaitAnalysis) -> None:
        assert codes(analysis(), after) == []

    @pytest.mark.parametrize(("speed", "differs"), [(3.09, False), (3.1, True), (2.91, False), (2.90, True)])
    def test_belt_speed(self, speed: float, differs: bool) -> None:
        after = analysis(video=another(), recording=replace(RECORDING, belt_speed_m_s=speed))
        assert codes(analysis(), after) == (["speed_differs"] if differs else [])

    @pytest.mark.parametrize(("seen", "differs"), [(3.06, False), (3.2, False), (3.6, True)])
    def test_a_belt_speed_seen_must_differ_by_more_than_its_own_uncertainty(self, seen: float, differs: bool) -> None:
        # 3.2 m/s is 6 % off, but the limit of the estimate is 0.28 m/s.
        unknown = replace(RECORDING, belt_speed_m_s=None)
        pair = [
            analysis(number("belt_speed_m_s", v, side="both", retest_se=0.1), video=another(), recording=unknown)
            for v in (3.0, seen)
        ]
        pair[1] = replace(pair[1], videos=analysis().videos)
        assert codes(*pair) == (["speed_differs"] if differs else ["speed_unknown"])

    @pytest.mark.parametrize(
        ("entered", "seen", "said"),
        [
            ((3.0, 3.5), (3.02, 3.01), "The video of AFTER shows about 3.0 m/s, not 3.5: check what was entered."),
            ((3.0, 3.0), (3.5, 3.0), "The video of BEFORE shows about 3.5 m/s, not 3.0: check what was entered."),
            ((3.0, 3.5), (3.1, 3.6), None),
            ((3.0, 3.0), (3.3, 3.3), None),  # a height entered wrongly, the same in both
            ((3.0, 3.0), (3.0, 3.2), None),  # within what is seen differently by chance
        ],
    )
    def test_a_speed_entered_that_its_video_does_not_show(
        self, entered: tuple[float, float], seen: tuple[float, float], said: str | None
    ) -> None:
        pair = [
            analysis(
                number("belt_speed_m_s", shown, side="both", retest_se=0.1),
                video=another() if i else {},
                recording=replace(RECORDING, belt_speed_m_s=told),
            )
            for i, (told, shown) in enumerate(zip(entered, seen, strict=True))
        ]
        messages = [w.message for w in compare(*pair).warnings if w.code == "entered_speed_in_doubt"]
        assert messages == ([said] if said else [])

    def test_one_side_against_both_names_what_can_be_compared(self) -> None:
        left = analysis().videos[0]
        both = replace(analysis(video=another()), videos=(left, replace(left, id="v2", view="right", sha256="ef" * 32)))
        (found,) = (w for w in compare(analysis(), both).warnings if w.code == "view_differs")
        assert found.message == "Filmed from left before and from left and right after."
        assert found.hint.startswith("Only what left shows in both can be compared")

    def test_names_of_people(self) -> None:
        def named(name: str, **video: Any) -> GaitAnalysis:
            return analysis(video=video, recording=replace(RECORDING, person=name))

        assert codes(named("Anna"), named("anna ", **another())) == []
        found = compare(named("Anna"), named("Berta", **another())).warnings
        assert [w.code for w in found] == ["person_differs"]
        assert found[0].message == "Two different people are named: Anna and Berta."

    def test_low_quality_of_both(self) -> None:
        low = Quality("low")
        assert codes(analysis(quality=low), analysis(video=another(), quality=low)) == ["quality_low"]

    def test_the_path_of_another_system(self) -> None:
        where = {"path": "C:\\clips\\anna.mp4"}
        found = compare(analysis(video=where), analysis(video=where)).warnings
        assert found[0].message == "Both analyses are of the same video (anna.mp4)."


class TestSpeed:
    FASTER = replace(RECORDING, belt_speed_m_s=3.5)

    @pytest.mark.parametrize("value", [160.0, 175.0])
    def test_what_changes_with_speed_cannot_be_told(self, value: float) -> None:
        found = changed(number("cadence_spm", 160.0), number("cadence_spm", value), recording=self.FASTER)
        assert found.verdict == CANNOT_TELL
        assert found.reason == "the belt speed differs (3.00 and 3.50 m/s), and this number changes with speed"
        assert found.change == value - 160.0

    def test_what_does_not_is_judged(self) -> None:
        found = changed(number("trunk_lean_deg", 5.0), number("trunk_lean_deg", 9.0), recording=self.FASTER)
        assert found.verdict == REAL

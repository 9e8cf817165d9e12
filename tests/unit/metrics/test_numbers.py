"""Small formulas against numbers worked out by hand: force, statistics, strike class, quality, scale, times."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import runner as sim

from gait.metrics.force import peak_force_bw, vertical_stiffness_kn_m
from gait.metrics.quality import QualityFacts, level_of, lower
from gait.metrics.scale import BELT_SD, HEIGHT_SD, MISMATCH, body_height_px, find_scale
from gait.metrics.statistics import summarise
from gait.metrics.strike import strike_class, strike_class_three_way
from gait.metrics.temporal import stride_times
from gait.model import Stride


class TestForce:
    def test_peak_force(self) -> None:
        found = peak_force_bw(np.array([0.25, 0.20]), np.array([0.10, 0.10]))
        np.testing.assert_allclose(found, [np.pi / 2 * 1.4, np.pi / 2 * 1.5])

    def test_no_flight_is_half_pi(self) -> None:
        assert peak_force_bw(np.array([0.3]), np.array([0.0]))[0] == pytest.approx(np.pi / 2)

    def test_stiffness(self) -> None:
        # m = 70 kg, tc = 0.25, tf = 0.10 s: F = 1510.1 N; F tc^2/(m pi^2) = 0.13661 m; g tc^2/8 = 0.07664 m.
        assert vertical_stiffness_kn_m(np.array([0.25]), np.array([0.10]), 70.0)[0] == pytest.approx(25.18, abs=0.03)

    def test_stiffness_grows_with_mass(self) -> None:
        times = np.array([0.25]), np.array([0.10])
        assert vertical_stiffness_kn_m(*times, 84.0)[0] / vertical_stiffness_kn_m(*times, 70.0)[0] == pytest.approx(1.2)


class TestSummarise:
    VALUES = np.array([10.0, 12.0, 11.0, 30.0, 9.0])

    def test_median_sd_and_n(self) -> None:
        found = summarise(self.VALUES)
        assert found is not None
        assert found.value == 11.0
        assert found.n == 5
        assert found.sd == pytest.approx(np.sqrt((4.4**2 + 2.4**2 + 3.4**2 + 15.6**2 + 5.4**2) / 4))

    def test_mean_where_asked_for(self) -> None:
        found = summarise(self.VALUES, mean=True)
        assert found is not None
        assert found.value == pytest.approx(14.4)

    def test_nan_is_left_out(self) -> None:
        found = summarise(np.array([1.0, np.nan, 3.0]))
        assert found is not None
        assert (found.value, found.n) == (2.0, 2)
        assert summarise(np.array([np.nan, np.nan])) is None
        assert summarise(np.array([])) is None

    def test_one_value_has_no_spread(self) -> None:
        found = summarise(np.array([5.0]), systematic_sd=1.0)
        assert found is not None
        assert (found.value, found.n) == (5.0, 1)
        assert found.sd is None
        assert found.ci95 is None
        assert found.strides_se is None

    def test_two_values_have_the_interval_of_student(self) -> None:
        found = summarise(np.array([4.0, 6.0]))
        assert found is not None
        # Student's t for one degree of freedom is 12.7062; SD sqrt(2), standard error 1.
        assert found.ci95 == pytest.approx((5.0 - 12.7062, 5.0 + 12.7062), abs=1e-3)

    def test_the_interval_of_a_mean_is_that_of_the_text_book(self) -> None:
        x = np.random.default_rng(8).normal(100.0, 5.0, 100)
        found = summarise(x, mean=True)
        assert found is not None
        half = (found.ci95[1] - found.ci95[0]) / 2
        assert half == pytest.approx(1.96 * x.std(ddof=1) / 10, rel=0.08)

    def test_the_interval_of_a_median(self) -> None:
        # Standard error of a normal sample's median: 1.2533 SD / sqrt(n).
        halves = []
        for seed in range(20):
            found = summarise(np.random.default_rng(seed).normal(0.0, 1.0, 101))
            assert found is not None
            halves.append((found.ci95[1] - found.ci95[0]) / 2)
        assert np.mean(halves) == pytest.approx(1.96 * 1.2533 / np.sqrt(101), rel=0.10)

    def test_the_interval_holds_the_truth_as_often_as_it_says(self) -> None:
        held = 0
        for seed in range(200):
            found = summarise(np.random.default_rng(1000 + seed).normal(3.0, 1.0, 30))
            assert found is not None
            held += found.ci95[0] <= 3.0 <= found.ci95[1]
        assert 182 <= held <= 198

    def test_the_common_uncertainty_widens_in_quadrature(self) -> None:
        narrow, wide = summarise(self.VALUES), summarise(self.VALUES, systematic_sd=4.0)
        assert narrow is not None
        assert wide is not None
        low, high = 11.0 - narrow.ci95[0], narrow.ci95[1] - 11.0
        assert wide.ci95 == pytest.approx((11.0 - np.hypot(low, 1.96 * 4), 11.0 + np.hypot(high, 1.96 * 4)))
        assert wide.sd == narrow.sd

    def test_the_same_strides_give_the_same_interval(self) -> None:
        assert summarise(self.VALUES, 1.0) == summarise(self.VALUES.copy(), 1.0)

    def test_the_standard_error_over_strides_leaves_out_what_is_common(self) -> None:
        narrow, wide = summarise(self.VALUES), summarise(self.VALUES, systematic_sd=4.0)
        assert narrow is not None
        assert wide is not None
        assert narrow.strides_se == pytest.approx((narrow.ci95[1] - narrow.ci95[0]) / 2 / 1.96)
        assert wide.strides_se == narrow.strides_se


class TestStrike:
    @pytest.mark.parametrize(
        ("ci95", "wanted"),
        [
            # Half-width 4.66 deg: 80 % lie above the angle less 2.0 deg.
            ((5.35, 14.66), "rearfoot"),
            ((5.33, 14.64), "indeterminate"),
            ((5.0, 11.0), "indeterminate"),
            ((1.35, 10.67), "indeterminate"),
            ((1.33, 10.65), "non-rearfoot"),
            ((-9.0, -4.0), "non-rearfoot"),
        ],
    )
    def test_two_classes_ask_how_likely(self, ci95: tuple[float, float], wanted: str) -> None:
        assert strike_class(sum(ci95) / 2, ci95) == wanted

    @pytest.mark.parametrize(
        ("angle", "wanted"),
        [(8.01, "rearfoot"), (8.0, "midfoot"), (-1.6, "midfoot"), (-1.61, "forefoot"), (0.0, "midfoot")],
    )
    def test_three_classes_by_the_angle(self, angle: float, wanted: str) -> None:
        assert strike_class_three_way(angle, (angle - 20, angle + 20)) == wanted


class TestQuality:
    BEST = QualityFacts(rate_hz=120.0, strides=30, lost=0.0, swapped=0.0, leg_px=300.0)

    @pytest.mark.parametrize(
        ("change", "level"),
        [
            ({}, "high"),
            ({"rate_hz": 100.0}, "high"),
            ({"rate_hz": 99.0}, "medium"),
            ({"rate_hz": 55.0}, "medium"),
            ({"rate_hz": 54.9}, "low"),
            ({"strides": 25}, "high"),
            ({"strides": 24}, "medium"),
            ({"strides": 7}, "medium"),
            ({"strides": 6}, "low"),
            ({"lost": 0.02}, "high"),
            ({"lost": 0.021}, "medium"),
            ({"lost": 0.081}, "low"),
            ({"swapped": 0.03}, "high"),
            ({"swapped": 0.05}, "medium"),
            ({"swapped": 0.13}, "low"),
            ({"leg_px": 200.0}, "high"),
            ({"leg_px": 199.0}, "medium"),
            ({"leg_px": 109.0}, "low"),
            ({"time_base_ok": False}, "unusable"),
            ({"rate_hz": 60.0, "swapped": 0.2}, "low"),
        ],
    )
    def test_the_worst_part_decides(self, change: dict[str, float], level: str) -> None:
        assert level_of(replace(self.BEST, **change)) == level

    def test_lower(self) -> None:
        assert lower("high", "medium") == "medium"
        assert lower("unusable", "low") == "unusable"


class TestScale:
    """The stick leg is 80 px from hip to ankle: a body of 80 / 0.480 px."""

    LEG = sim.stick_leg()
    PX_PER_M = 80.0 / 0.480 / 1.75

    def test_neither(self) -> None:
        found = find_scale(self.LEG, 300.0, None, None)
        assert (found.px_per_m, found.origin, found.mismatch) == (None, None, None)

    def test_height(self) -> None:
        found = find_scale(self.LEG, 300.0, 1.75, None)
        assert body_height_px(self.LEG) == pytest.approx(80.0 / 0.480)
        assert found.px_per_m == pytest.approx(self.PX_PER_M)
        assert (found.origin, found.relative_sd, found.mismatch) == ("height", HEIGHT_SD, None)

    def test_belt(self) -> None:
        found = find_scale(self.LEG, 300.0, None, 3.0)
        assert found.px_per_m == pytest.approx(100.0)
        assert (found.origin, found.relative_sd) == ("belt speed", BELT_SD)
        assert found.height_px_per_m is None

    def test_a_belt_that_was_not_seen_is_no_scale(self) -> None:
        assert find_scale(self.LEG, float("nan"), None, 3.0).px_per_m is None
        assert find_scale(self.LEG, float("nan"), 1.75, 3.0).origin == "height"

    def test_both_are_weighed_by_how_good_they_are(self) -> None:
        found = find_scale(self.LEG, 300.0, 1.75, 3.0)
        heavy, light = BELT_SD**-2, HEIGHT_SD**-2
        assert found.px_per_m == pytest.approx((heavy * 100.0 + light * self.PX_PER_M) / (heavy + light))
        assert found.relative_sd == pytest.approx((heavy + light) ** -0.5)
        assert found.relative_sd < BELT_SD
        assert found.origin == "height and belt speed"
        assert found.mismatch == pytest.approx(100.0 / self.PX_PER_M - 1)

    def test_mismatch_is_the_belt_seen_against_the_belt_entered(self) -> None:
        # Twice as many pixels a second as the height explains: the belt looks twice as fast as entered.
        found = find_scale(self.LEG, 2 * 3.0 * self.PX_PER_M, 1.75, 3.0)
        assert found.mismatch == pytest.approx(1.0)
        assert pytest.approx(0.08) == MISMATCH

    def test_leg_length_goes_down_to_the_heel(self) -> None:
        assert self.LEG.length_to_heel == pytest.approx(80.0 + np.hypot(10.0, 5.0))


class TestTimes:
    def stride(self, ic: float, to: float, following: float, reason: str | None = None) -> Stride:
        return Stride("clip", "left", ic, to, following, reason)

    def test_durations(self) -> None:
        found = stride_times(
            [self.stride(1.0, 1.25, 1.70), self.stride(1.7, 1.94, 2.42, "dropped"), self.stride(2.42, 2.68, 3.1)],
            np.array([1.36, 2.05, 2.75]),
        )
        np.testing.assert_allclose(found.stride_s, [0.70, 0.68])
        np.testing.assert_allclose(found.contact_s, [0.25, 0.26])
        np.testing.assert_allclose(found.flight_s, [0.11, 0.07])

    def test_flight_needs_one_contact_of_the_other_foot(self) -> None:
        stride = [self.stride(1.0, 1.25, 2.0)]
        assert np.isnan(stride_times(stride, np.array([])).flight_s).all()
        assert np.isnan(stride_times(stride, np.array([1.4, 1.6])).flight_s).all()
        # A contact in the first fifth of the stride cannot be the other foot's landing.
        assert np.isnan(stride_times(stride, np.array([1.15])).flight_s).all()

    def test_flight_is_negative_in_grounded_running(self) -> None:
        found = stride_times([self.stride(1.0, 1.45, 1.8)], np.array([1.4]))
        assert found.flight_s[0] == pytest.approx(-0.05)

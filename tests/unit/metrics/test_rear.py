"""Pelvis, thigh, trunk and steps from behind: signs and values on figures that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gait.metrics.assemble_rear import CROSSING, NOT_CROSSING, crossover_class
from gait.metrics.rear import FrontalPlane, oscillations, peaks, stance_curves, stance_values, step_widths
from gait.metrics.scale import SHANK_OF_HEIGHT, THIGH_AND_SHANK_OF_HEIGHT, find_rear_scale
from gait.metrics.strike import INDETERMINATE
from gait.model import Floats, Stride
from gait.signals.legs import Leg

TIMES_S = np.arange(0.0, 8.0, 0.001)
STRIDES = {
    "left": [Stride("v", "left", 0.5 + k, 0.8 + k, 1.5 + k) for k in range(6)],
    "right": [Stride("v", "right", 1.0 + k, 1.3 + k, 2.0 + k) for k in range(6)],
}
HIP, KNEE, FOOT = 10.0, 8.0, 6.0
"""How far each is from the midline; hips 90, knees 50, ankles 10, heels 5 and shoulders 140 high."""


def still(x: float, y: float) -> Floats:
    return np.tile([x, y], (len(TIMES_S), 1))


def person() -> dict[str, Leg]:
    """Somebody who hangs still in the air, alike on both sides."""
    legs = {}
    for side, out in (("left", -1.0), ("right", 1.0)):
        position = {
            "hip": still(out * HIP, 90.0),
            "knee": still(out * KNEE, 50.0),
            "ankle": still(out * FOOT, 10.0),
            "heel": still(out * FOOT, 5.0),
            "toe": still(out * FOOT, 0.0),
            "mid_hip": still(0.0, 90.0),
            "mid_shoulder": still(0.0, 140.0),
        }
        legs[side] = Leg(side, TIMES_S, position, {k: np.zeros_like(v) for k, v in position.items()}, "px")
    return legs


def values(legs: dict[str, Leg], side: str) -> dict[str, float]:
    return {k: float(np.median(v)) for k, v in stance_values(FrontalPlane(legs), side, STRIDES[side]).items()}


@pytest.mark.parametrize(("side", "swing", "sign"), [("right", "left", 1.0), ("left", "right", 1.0)])
def test_a_lower_hip_of_the_swinging_leg_is_a_positive_drop(side: str, swing: str, sign: float) -> None:
    legs = person()
    legs[swing].position["hip"][:, 1] -= 2.0
    drop = np.degrees(np.arctan2(2.0, 2 * HIP))
    assert values(legs, side)["pelvic_drop_deg"] == pytest.approx(sign * drop)
    # Seen from the other leg, the same pelvis is hitched.
    assert values(legs, swing)["pelvic_drop_deg"] == pytest.approx(-sign * drop)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_knee_inwards_is_positive_adduction_and_a_drop_adds_to_it(side: str) -> None:
    legs = person()
    thigh = np.degrees(np.arctan2(HIP - KNEE, 40.0))
    assert values(legs, side)["hip_adduction_peak_deg"] == pytest.approx(thigh)
    other = "left" if side == "right" else "right"
    legs[other].position["hip"][:, 1] -= 2.0
    drop = np.degrees(np.arctan2(2.0, 2 * HIP))
    assert values(legs, side)["hip_adduction_peak_deg"] == pytest.approx(thigh + drop)
    assert values(legs, side)["thigh_adduction_peak_deg"] == pytest.approx(thigh)


@pytest.mark.parametrize(("side", "sign"), [("right", 1.0), ("left", -1.0)])
def test_trunk_lean_is_positive_towards_the_standing_leg(side: str, sign: float) -> None:
    legs = person()
    for leg in legs.values():
        leg.position["mid_shoulder"][:, 0] += 5.0  # to the right
    assert values(legs, side)["lateral_trunk_lean_deg"] == pytest.approx(sign * np.degrees(np.arctan2(5.0, 50.0)))


def test_knee_distance_is_the_smallest_in_stance() -> None:
    legs = person()
    assert values(legs, "right")["knee_distance"] == pytest.approx(2 * KNEE)
    # Nearest in the middle of the right foot's stances.
    legs["left"].position["knee"][:, 0] += 6.0 * np.exp(-0.5 * ((TIMES_S % 1.0 - 0.15) / 0.04) ** 2)
    assert values(legs, "right")["knee_distance"] == pytest.approx(2 * KNEE - 6.0, abs=0.05)
    assert values(legs, "left")["knee_distance"] == pytest.approx(2 * KNEE)


class TestStepWidth:
    def test_is_right_heel_less_left_heel(self) -> None:
        widths = step_widths(FrontalPlane(person()), STRIDES)
        # Six left and six right contacts in turn: eleven pairs.
        np.testing.assert_allclose(widths, np.full(11, 2 * FOOT))

    def test_feet_that_cross_give_a_negative_one(self) -> None:
        legs = person()
        legs["left"].position["heel"][:, 0] = 3.0
        legs["right"].position["heel"][:, 0] = -1.0
        np.testing.assert_allclose(step_widths(FrontalPlane(legs), STRIDES), -4.0)

    def test_each_foot_counts_in_the_middle_of_its_own_stance(self) -> None:
        legs = person()
        # Away from 40 to 50 % of its stance the left heel is anywhere.
        phase = (TIMES_S - 0.5) % 1.0 / 0.3
        legs["left"].position["heel"][(phase < 0.38) | (phase > 0.52), 0] = 99.0
        np.testing.assert_allclose(step_widths(FrontalPlane(legs), STRIDES), 2 * FOOT)

    def test_a_missing_contact_is_not_bridged(self) -> None:
        some = {"left": [s for s in STRIDES["left"] if s.ic_s != 2.5], "right": STRIDES["right"]}
        assert len(step_widths(FrontalPlane(person()), some)) == 9

    def test_a_drift_across_the_belt_cancels_on_the_mean(self) -> None:
        legs = person()
        for leg in legs.values():
            leg.position["heel"][:, 0] += 3.0 * TIMES_S
        widths = step_widths(FrontalPlane(legs), STRIDES)
        assert widths[:-1].mean() == pytest.approx(2 * FOOT, abs=0.01)

    def test_toe_offs_that_are_missing_leave_their_stance_out(self) -> None:
        lost = [Stride("v", "left", s.ic_s, float("nan"), s.next_ic_s) for s in STRIDES["left"]]
        assert len(step_widths(FrontalPlane(person()), {"left": lost, "right": STRIDES["right"]})) == 0


class TestPeaks:
    def test_peak_of_the_median_stance_not_of_the_noise(self) -> None:
        phases = np.linspace(0.0, 1.0, 101)
        noise = np.random.default_rng(3).normal(0.0, 1.0, (60, 101))
        curves = 6.0 * np.sin(np.pi * phases) + noise
        found = peaks(curves)
        # The mean over 5 % of stance about the peak.
        assert np.median(found) == pytest.approx(6.0, abs=0.4)
        assert np.median(curves.max(axis=1)) > 7.0

    def test_a_stance_with_a_gap_gives_nothing(self) -> None:
        leg = person()["right"]
        signal = np.ones(len(TIMES_S))
        signal[(TIMES_S > 1.0) & (TIMES_S < 1.2)] = np.nan
        curves = stance_curves(leg, signal, STRIDES["right"])
        assert np.isnan(curves[0]).all()
        np.testing.assert_allclose(peaks(curves)[1:], 1.0)


def test_oscillation_is_the_mean_of_both_steps() -> None:
    leg = person()["right"]
    leg.position["mid_hip"][:, 1] += 4.0 * np.cos(2 * np.pi * 2.0 * TIMES_S)
    np.testing.assert_allclose(oscillations(leg, STRIDES["right"]), 8.0, atol=1e-3)


def test_scale_from_height() -> None:
    # Thigh and shank are 40.05 long each way; the shank's share of perspective is taken off.
    px_per_m = find_rear_scale(person(), 1.0).px_per_m
    assert px_per_m == pytest.approx(2 * np.hypot(2.0, 40.0) / 1.015 / THIGH_AND_SHANK_OF_HEIGHT)
    assert find_rear_scale(person(), None).px_per_m is None


def test_scale_from_the_shank_alone_is_less_sure() -> None:
    whole, shank = find_rear_scale(person(), 1.0), find_rear_scale(person(), 1.0, shank_only=True)
    assert shank.px_per_m == pytest.approx(np.hypot(2.0, 40.0) / SHANK_OF_HEIGHT)
    assert shank.relative_sd > whole.relative_sd
    assert find_rear_scale(person(), None, shank_only=True).px_per_m is None


@pytest.mark.parametrize(
    ("width", "ci95", "expected"),
    [
        (-4.0, (-7.0, -1.0), CROSSING),
        (4.0, (1.0, 7.0), NOT_CROSSING),
        # 0.842 of 1.96 half-widths: the limit lies at 43 % of the interval's half.
        (1.0, (-1.0, 3.0), NOT_CROSSING),
        (0.8, (-1.2, 2.8), INDETERMINATE),
        (-0.8, (-2.8, 1.2), INDETERMINATE),
        (0.0, (-1.0, 1.0), INDETERMINATE),
    ],
)
def test_crossover_class(width: float, ci95: tuple[float, float], expected: str) -> None:
    assert crossover_class(width, ci95) == expected

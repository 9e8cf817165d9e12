"""Values of one stride, on legs drawn by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import runner as sim

from gait.metrics.curves import side_curves
from gait.metrics.side import (
    FootFlat,
    dorsiflexion_deg,
    foot_flat,
    stride_values,
    timing_sensitivity,
    values_by_name,
)
from gait.metrics.standing import standing_samples
from gait.model import Stride
from gait.signals.legs import Leg

FLAT = FootFlat(0.0, "given")
STRIDE = Stride("clip", "right", 0.1, 0.3, 0.4)


def values(leg: Leg, flat: FootFlat = FLAT) -> dict[str, float]:
    return stride_values(leg, STRIDE, flat)


def test_angles_keep_the_signs_of_the_catalogue() -> None:
    found = values(sim.stick_leg(thigh_deg=25.0, shank_deg=8.0, foot_deg=12.0, trunk_deg=6.0))
    assert found["shank_angle_ic_deg"] == pytest.approx(8.0), "+ ankle ahead of knee"
    assert found["knee_flexion_ic_deg"] == pytest.approx(17.0), "+ flexion"
    assert found["knee_flexion_peak_stance_deg"] == pytest.approx(17.0)
    assert found["foot_strike_angle_deg"] == pytest.approx(12.0), "+ toes up"
    assert found["trunk_lean_deg"] == pytest.approx(6.0), "+ forward"
    assert found["hip_extension_peak_deg"] == pytest.approx(-25.0), "+ thigh behind vertical"


def test_overstride_is_positive_with_the_foot_ahead() -> None:
    found = values(sim.stick_leg(thigh_deg=30.0, shank_deg=10.0))
    ahead = 40 * np.sin(np.radians(30)) + 40 * np.sin(np.radians(10))
    assert found["overstride"] == pytest.approx(ahead)
    assert found["heel_overstride"] == pytest.approx(ahead - 10.0)


@pytest.mark.parametrize(
    ("shank", "foot", "flat", "wanted"),
    [
        (0.0, 0.0, 0.0, 0.0),
        # The shank leans 20 deg forward over a flat foot: 20 deg of dorsiflexion.
        (-20.0, 0.0, 0.0, 20.0),
        # Ankle ahead of the knee and toes up by the same angle: still square.
        (10.0, 10.0, 0.0, 0.0),
        # A landmark line that points 15 deg down when the foot is flat is no plantarflexion.
        (0.0, -15.0, -15.0, 0.0),
        (0.0, -35.0, -15.0, -20.0),
    ],
)
def test_dorsiflexion(shank: float, foot: float, flat: float, wanted: float) -> None:
    leg = sim.stick_leg(shank_deg=shank, foot_deg=foot)
    assert dorsiflexion_deg(leg, FootFlat(flat, ""))[0] == pytest.approx(wanted)
    found = values(leg, FootFlat(flat, ""))
    assert found["ankle_dorsiflexion_ic_deg"] == pytest.approx(wanted)
    assert found["ankle_dorsiflexion_peak_deg"] == pytest.approx(wanted)


def test_the_flat_foot_is_the_zero_of_the_strike_angle() -> None:
    assert values(sim.stick_leg(foot_deg=4.0), FootFlat(-9.0, ""))["foot_strike_angle_deg"] == pytest.approx(13.0)


def test_oscillation_is_per_step() -> None:
    leg = sim.stick_leg()
    t = leg.times_s
    # 6 px up and down in the first step of the stride, 10 in the second.
    size = np.where(t < 0.25, 3.0, 5.0)
    leg.position["mid_hip"] = leg.position["mid_hip"].copy()
    leg.position["mid_hip"][:, 1] += size * (1 - np.cos(2 * np.pi * (t - 0.1) / 0.15))
    assert values(leg)["vertical_oscillation"] == pytest.approx(8.0, abs=0.05)


def test_trunk_lean_wants_most_of_the_stride_seen() -> None:
    leg = sim.stick_leg(trunk_deg=5.0)
    leg.position["mid_shoulder"][100:150] = np.nan
    assert values(leg)["trunk_lean_deg"] == pytest.approx(5.0)
    leg = sim.stick_leg(trunk_deg=5.0)
    leg.position["mid_shoulder"][100:170] = np.nan
    assert np.isnan(values(leg)["trunk_lean_deg"])


def pitched(profile: dict[float, float]) -> Leg:
    """A leg whose foot pitch follows a profile over time (s, deg)."""
    leg = sim.stick_leg()
    pitch = np.radians(np.interp(leg.times_s, list(profile), list(profile.values())))
    direction = np.stack([np.cos(pitch), np.sin(pitch)], axis=1)
    return replace(leg, position=leg.position | {"toe": leg.position["heel"] + 25.0 * direction})


def test_flat_foot_of_a_rearfoot_striker() -> None:
    # Contact from 0.1 to 0.3 s: toes come down by 20 % of stance, the heel rises from 35 % on.
    leg = pitched({0.0: 15.0, 0.10: 15.0, 0.125: -3.0, 0.16: -3.0, 0.30: -60.0, 0.5: -60.0})
    found = foot_flat(leg, [STRIDE])
    assert found.pitch_deg == pytest.approx(-3.0, abs=0.2)
    assert found.method == "15-30 % of stance"
    assert values(leg, found)["foot_strike_angle_deg"] == pytest.approx(18.0, abs=0.3)


def test_flat_foot_of_a_forefoot_striker() -> None:
    # Lands toes down and brings the heel down to -4 deg by 40 % of stance.
    leg = pitched({0.0: -20.0, 0.10: -20.0, 0.17: -4.0, 0.20: -4.0, 0.30: -60.0, 0.5: -60.0})
    found = foot_flat(leg, [STRIDE])
    assert found.pitch_deg == pytest.approx(-4.0, abs=0.5)
    assert found.method.startswith("25-50 %")
    assert values(leg, found)["foot_strike_angle_deg"] == pytest.approx(-16.0, abs=0.6)


def test_standing_frames_are_preferred() -> None:
    leg = sim.stick_leg(foot_deg=-7.0, seconds=2.0)
    standing = standing_samples(leg)
    assert standing == [slice(0, 2000)]
    found = foot_flat(leg, [STRIDE], standing)
    assert found.pitch_deg == pytest.approx(-7.0)
    assert found.method == "standing frames of the clip"


def test_timing_sensitivity_of_a_turning_shank() -> None:
    # A shank that turns at 200 deg/s: 5 ms are one degree.
    leg = sim.stick_leg(seconds=0.6)
    angle = np.radians(200.0 * (leg.times_s - 0.2))
    swing = leg.position["knee"] + 40.0 * np.stack([np.sin(angle), -np.cos(angle)], axis=1)
    leg = replace(leg, position=leg.position | {"ankle": swing})
    strides = [STRIDE, replace(STRIDE, ic_s=0.12, to_s=0.32, next_ic_s=0.42)]
    found = timing_sensitivity(leg, strides, FLAT, 0.005, 0.010)
    assert found["shank_angle_ic_deg"] == pytest.approx(1.0, abs=0.01)
    assert found["trunk_lean_deg"] == pytest.approx(0.0, abs=1e-9)
    assert set(found) == set(values_by_name(leg, strides, FLAT))


def test_curves_are_the_mean_over_strides() -> None:
    leg = sim.stick_leg(thigh_deg=20.0, shank_deg=5.0, seconds=1.0)
    strides = [STRIDE, replace(STRIDE, ic_s=0.4, to_s=0.58, next_ic_s=0.7)]
    curves = {c.name: c for c in side_curves(leg, strides, FLAT, "clip")}
    knee = curves["knee_flexion_deg"]
    assert len(knee.cycle_pct) == len(knee.mean) == 101
    assert (knee.cycle_pct[0], knee.cycle_pct[-1]) == (0.0, 100.0)
    assert knee.mean == pytest.approx([15.0] * 101)
    assert knee.sd == pytest.approx([0.0] * 101)
    assert knee.n_strides == 2
    assert knee.toe_off_pct == pytest.approx((200 / 3 + 60.0) / 2, abs=0.1)
    assert side_curves(leg, [], FLAT, "clip") == []

"""Signs and values of the joint angles, on stick figures drawn by hand; placement of hips."""

from __future__ import annotations

import numpy as np
import pytest
import runner as sim

from gait.model import Trajectories
from gait.signals.legs import angle_deg, legs_of
from gait.signals.placement import HIP_AHEAD, correct_placement
from gait.skeleton import BLAZEPOSE


def test_angle_is_zero_along_the_axis_and_positive_towards_x() -> None:
    found = angle_deg(np.array([0.0, 1.0, -1.0]), np.array([1.0, 1.0, 1.0]))
    np.testing.assert_allclose(found, [0.0, 45.0, -45.0])


@pytest.mark.parametrize("thigh", [-20.0, 0.0, 25.0])
@pytest.mark.parametrize("shank", [-40.0, 0.0, 8.0])
def test_knee_thigh_and_shank(thigh: float, shank: float) -> None:
    leg = sim.stick_leg(thigh_deg=thigh, shank_deg=shank)
    # Knee ahead of hip and ankle ahead of knee are positive; a knee bent backwards is flexion.
    assert leg.thigh_deg[0] == pytest.approx(thigh)
    assert leg.shank_deg[0] == pytest.approx(shank)
    assert leg.knee_flexion_deg[0] == pytest.approx(thigh - shank)


def test_a_bent_knee_reads_positive_by_hand() -> None:
    # Knee 10 ahead of a vertical line from hip to ankle: flexed.
    leg = sim.stick_leg()
    leg.position["hip"][:] = (0.0, 80.0)
    leg.position["knee"][:] = (10.0, 40.0)
    leg.position["ankle"][:] = (0.0, 0.0)
    assert leg.knee_flexion_deg[0] == pytest.approx(2 * np.degrees(np.arctan2(10, 40)))


@pytest.mark.parametrize("pitch", [-100.0, -15.0, 0.0, 20.0])
def test_foot_pitch_is_positive_toes_up(pitch: float) -> None:
    assert sim.stick_leg(foot_deg=pitch).foot_pitch_deg[0] == pytest.approx(pitch)


def test_trunk_lean_is_positive_forward() -> None:
    assert sim.stick_leg(trunk_deg=7.0).trunk_deg[0] == pytest.approx(7.0)
    assert sim.stick_leg(trunk_deg=-3.0).trunk_deg[0] == pytest.approx(-3.0)


def test_length_and_foot_ahead_of_hip() -> None:
    leg = sim.stick_leg(thigh_deg=30.0, shank_deg=30.0, foot_deg=0.0)
    assert leg.length == pytest.approx(80.0)
    middle = (leg.position["heel"][0, 0] + leg.position["toe"][0, 0]) / 2
    assert leg.foot_from_hip[0] == pytest.approx(middle - leg.position["mid_hip"][0, 0])


def test_windows_are_clipped_to_the_clip() -> None:
    leg = sim.stick_leg(seconds=1.0)
    assert leg.index(0.2504) == 250
    assert leg.index(-5.0) == 0
    assert leg.index(99.0) == len(leg.times_s) - 1
    assert leg.window(0.1, 0.2) == slice(100, 201)


def test_legs_of_upsample_both_sides() -> None:
    t = np.arange(0, 1, 1 / 60)
    xy = np.zeros((len(t), 33, 2))
    xy[:, BLAZEPOSE.index("left_ankle"), 0] = np.sin(2 * np.pi * t)
    xy[:, BLAZEPOSE.index("left_hip"), 1] = 4.0
    found = legs_of(Trajectories(t, xy, "px", np.zeros(xy.shape[:2], bool), BLAZEPOSE.name))
    left = found["left"]
    middle = left.index(0.5)
    assert left.velocity["ankle"][middle, 0] == pytest.approx(-2 * np.pi, rel=0.01)
    assert left.position["ankle"][left.index(0.25), 0] == pytest.approx(1.0, abs=1e-3)
    assert left.position["mid_hip"][middle, 1] == pytest.approx(2.0)
    assert found["right"].velocity["ankle"][middle, 0] == pytest.approx(0.0)
    assert np.diff(left.times_s) == pytest.approx(0.001)


def test_hips_move_back_for_mediapipe_only() -> None:
    xy = np.zeros((2, 33, 2))
    body = Trajectories(np.array([0.0, 1.0]), xy, "px", np.zeros((2, 33), bool), BLAZEPOSE.name)
    moved = correct_placement(body, "MediaPipe pose landmarker, heavy", 200.0)
    hips = BLAZEPOSE.indices(["left_hip", "right_hip"])
    assert moved.xy[:, hips, 0] == pytest.approx(-HIP_AHEAD * 200.0)
    assert np.count_nonzero(moved.xy) == 4
    assert correct_placement(body, "truth", 200.0) is body

"""The sample generator's rearfoot: the roll it solves for yields the prescribed angle in space, on the right side."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "sample_videos"))

from generator.frontal import Eversion, ankle_shift, foot_axes
from generator.spec import CameraSpec, FrontalSpec
from scipy.spatial.transform import Rotation

CONTACT = np.array([0.2, 0.9, 1.6, 2.3])
OFF = CONTACT + 0.25
RIGHT, LEFT = 0, 1


@pytest.mark.parametrize("side", [RIGHT, LEFT])
def test_rolled_heel_makes_the_prescribed_angle_with_the_shank(side: int) -> None:
    spec = FrontalSpec(excursion_deg=(12.0, 5.0), toe_out_deg=(10.0, 4.0))
    curve = Eversion(spec, side, CONTACT, OFF)
    time = np.linspace(0.2, 2.4, 150)
    pitch, tilt = np.radians(-40 + 55 * np.cos(9 * time)), np.radians(5 + 2 * np.sin(7 * time)) * (1, -1)[side]
    yaw = np.radians(spec.toe_out_deg[side]) * (-1, 1)[side]
    roll = curve.roll(time, pitch, yaw, tilt)
    heel = (foot_axes(pitch, yaw) * Rotation.from_euler("x", roll[:, None])).apply([0.0, 0.0, 1.0])
    # Axes are forward, left, up: the hinge of a leg whose ankle is further to the left points up a little.
    hinge = np.stack([0 * tilt, np.cos(tilt), np.sin(tilt)], axis=-1)
    angle = np.arcsin((heel * hinge).sum(axis=1)) * (1, -1)[side]
    np.testing.assert_allclose(angle, curve.angle(time), atol=1e-9)


@pytest.mark.parametrize(("side", "towards_left"), [(RIGHT, 1), (LEFT, -1)])
def test_everting_leans_the_heel_inwards_and_takes_the_ankle_along(side: int, towards_left: int) -> None:
    spec = FrontalSpec(contact_deg=(0.0, 0.0), excursion_deg=(10.0, 10.0), contact_sd_deg=0.0, excursion_sd_deg=0.0)
    curve = Eversion(spec, side, CONTACT, OFF)
    peak = np.array([CONTACT[1] + spec.peak_share[side] * (OFF - CONTACT)[1]])
    roll = curve.roll(peak, np.zeros(1), 0.0, np.zeros(1))
    heel = Rotation.from_euler("x", roll).apply([0.0, 0.0, 1.0])
    assert np.degrees(np.arcsin(np.ravel(heel)[1])) == pytest.approx(10.0 * towards_left)
    assert np.sign(ankle_shift(0.1, np.zeros(1), 0.0, roll)[0, 1]) == towards_left


def test_each_stance_rises_by_its_own_excursion_and_no_further() -> None:
    curve = Eversion(FrontalSpec(excursion_deg=(9.0, 3.0)), RIGHT, CONTACT, OFF)
    for k in range(len(CONTACT)):
        angle = np.degrees(curve.angle(np.linspace(CONTACT[k], OFF[k], 2001)))
        assert angle[0] == pytest.approx(curve.at_contact[k], abs=1e-6)
        assert angle.max() - angle[0] == pytest.approx(curve.excursion[k], abs=1e-3)
        assert 0.35 < angle.argmax() / 2000 < 0.50
    assert np.ptp(curve.excursion) > 0.1


def test_camera_rolled_clockwise_leans_upright_things_to_the_left() -> None:
    level = CameraSpec("rear", (0.0, 3.0, 0.8), (0.0, 0.0, 0.8))
    rolled = CameraSpec("rear", (0.0, 3.0, 0.8), (0.0, 0.0, 0.8), roll_deg=2.0)
    pole = np.array([[0.0, 0.0, 0.6], [0.0, 0.0, 1.0]])
    (low, high), (tilted_low, tilted_high) = level.project(pole), rolled.project(pole)
    assert low[0] == pytest.approx(high[0])
    lean = np.degrees(np.arctan2(tilted_high[0] - tilted_low[0], tilted_low[1] - tilted_high[1]))
    assert lean == pytest.approx(-2.0, abs=1e-6)


def test_a_camera_behind_sees_the_runners_left_on_the_left() -> None:
    camera = CameraSpec("rear", (0.0, 3.0, 0.8), (0.0, 0.0, 0.8))
    assert camera.project(np.array([0.3, 0.0, 0.8]))[0] < camera.project(np.array([-0.3, 0.0, 0.8]))[0]

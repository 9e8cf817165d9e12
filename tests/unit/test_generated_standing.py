"""The sample generator's quiet standing: still, with the prescribed eversion, and a smooth way into the run."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "sample_videos"))

from generator.frontal import foot_axes
from generator.kinematics import Motion, Proportions
from generator.shoe import ShoeGeometry
from generator.spec import FrontalSpec, RunnerSpec, StandingSpec
from generator.standing import StandThenRun
from scipy.spatial.transform import Rotation

RIGHT, LEFT = 0, 1
STANDING = StandingSpec(lasting_s=2.0, start_s=0.6, eversion_deg=(4.0, -2.0))


@pytest.fixture(scope="module")
def motion() -> StandThenRun:
    shoe = ShoeGeometry(heel_x=-0.065, toe_x=0.205, ball_x=0.125, ankle_z=0.105)
    spec = RunnerSpec(frontal=FrontalSpec(), standing=STANDING)
    return StandThenRun(Motion(spec, Proportions(0.09, 0.43, 0.42, shoe), 6.0, 0.1))


def test_the_runner_stands_still_on_flat_feet(motion: StandThenRun) -> None:
    pose = motion.pose(np.linspace(0.0, STANDING.lasting_s, 20))
    for leg in pose.legs:
        assert np.ptp(leg.ankle, axis=0).max() < 1e-9
        assert np.ptp(leg.knee, axis=0).max() < 1e-9
        np.testing.assert_allclose(np.degrees(leg.angles[:, 1]), STANDING.knee_deg, atol=1.5)
        assert (leg.pitch == 0).all()
        assert leg.stance.all()
    # Feet apart as the hips are.
    assert pose.legs[LEFT].ankle[0, 1] - pose.legs[RIGHT].ankle[0, 1] == pytest.approx(0.18, abs=0.02)


@pytest.mark.parametrize(("side", "sign"), [(RIGHT, 1), (LEFT, -1)])
def test_the_heel_stands_everted_as_prescribed(motion: StandThenRun, side: int, sign: int) -> None:
    leg = motion.pose(np.array([1.0])).legs[side]
    heel = (foot_axes(leg.pitch, leg.yaw) * Rotation.from_euler("x", leg.roll[:, None])).apply([0.0, 0.0, 1.0])[0]
    shank = leg.knee[0] - leg.ankle[0]
    # The knee's hinge is square to the shank and points to the left.
    hinge = np.cross(shank, [1.0, 0.0, 0.0])
    lean = np.degrees(np.arcsin(heel @ hinge / np.linalg.norm(hinge)))
    assert sign * lean == pytest.approx(STANDING.eversion_deg[side], abs=0.01)
    assert np.degrees(leg.eversion[0]) == pytest.approx(STANDING.eversion_deg[side])


def test_it_runs_as_it_would_have_without_standing(motion: StandThenRun) -> None:
    time_s = np.linspace(STANDING.lasting_s + STANDING.start_s, 5.5, 60)
    mixed, run = motion.pose(time_s), motion.run.pose(time_s)
    for own, its in zip(mixed.legs, run.legs, strict=True):
        np.testing.assert_allclose(own.ankle, its.ankle, atol=1e-9)
        np.testing.assert_allclose(own.roll, its.roll, atol=1e-9)
    np.testing.assert_allclose(mixed.trunk.pelvis.as_matrix(), run.trunk.pelvis.as_matrix(), atol=1e-9)


def test_nothing_jumps_on_the_way(motion: StandThenRun) -> None:
    time_s = np.arange(1.8, 3.2, 0.001)
    pose = motion.pose(time_s)
    for leg in pose.legs:
        # No faster than the foot of somebody who runs at 3 m/s swings, some three times that.
        assert np.linalg.norm(np.diff(leg.ankle, axis=0), axis=1).max() / 0.001 < 10.0


def test_events_are_those_of_the_run_alone(motion: StandThenRun) -> None:
    for side in (RIGHT, LEFT):
        leg = motion.legs[side]
        assert leg.contact.min() >= STANDING.lasting_s + STANDING.start_s
        assert (leg.off > leg.contact).all()
        assert leg.eversion is not None
        assert len(leg.eversion.at_contact) == len(leg.eversion.excursion) == len(leg.contact)

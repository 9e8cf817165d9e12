"""The virtual camera: projection, mirror, yaw and noise, by points whose picture can be computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gait.model import SIDES
from gait.skeleton import BLAZEPOSE
from gait.validation.camera import VirtualCamera, resampled
from gait.validation.markers import PARTS, MarkerTrial

CENTRE = np.array([0.8, 0.9, 1.2])


@pytest.mark.parametrize(
    ("near", "yaw_deg", "point", "expected"),
    [
        # 0.4 m ahead at 4 m and 1200 px: 120 px, to the right when the right side is near.
        ("right", 0.0, (0.4, 0.0, 0.0), (760.0, 360.0)),
        ("left", 0.0, (0.4, 0.0, 0.0), (520.0, 360.0)),
        # Half a metre up is 150 px up, whatever the side.
        ("right", 0.0, (0.0, 0.5, 0.0), (640.0, 210.0)),
        ("left", 0.0, (0.0, -0.5, 0.0), (640.0, 510.0)),
        # One metre nearer, everything is a third larger.
        ("right", 0.0, (0.3, 0.3, 1.0), (760.0, 240.0)),
        ("left", 0.0, (0.3, 0.3, -1.0), (520.0, 240.0)),
        # Turned by 90 deg towards the front, the camera sees the runner head on: the right foot is on the left.
        ("right", 90.0, (0.0, 0.0, 0.4), (520.0, 360.0)),
        ("left", 90.0, (0.0, 0.0, 0.4), (520.0, 360.0)),
        # A yaw of 60 deg halves what is ahead: 0.8 x 0.5 = 0.4 across, and 0.8 x 0.866 nearer.
        ("right", 60.0, (0.8, 0.0, 0.0), (640.0 + 1200 * 0.4 / (4 - 0.8 * np.sqrt(0.75)), 360.0)),
    ],
)
def test_projection(near: str, yaw_deg: float, point: tuple[float, ...], expected: tuple[float, float]) -> None:
    camera = VirtualCamera(120.0, 0.0, near, yaw_deg)
    xy, _ = camera.project(CENTRE + np.array([point]), CENTRE)
    np.testing.assert_allclose(xy[0], expected, atol=1e-9)


def test_depth_is_negative_towards_the_camera() -> None:
    for near, sign in (("right", 1.0), ("left", -1.0)):
        _, depth = VirtualCamera(60.0, near=near).project(CENTRE + np.array([[0, 0, 0.1 * sign]]), CENTRE)
        assert depth[0] == pytest.approx(-30.0)


def still_trial(name: str = "still", seconds: float = 4.0) -> MarkerTrial:
    """A person of points that do not move."""
    times_s = np.arange(0.0, seconds, 1 / 150)
    heights = {"hip": 0.9, "knee": 0.5, "ankle": 0.1, "heel": 0.05, "toe": 0.05, "shoulder": 1.4}
    parts = {
        side: {part: np.tile([0.2 * (part == "toe"), heights[part], aside], (len(times_s), 1)) for part in PARTS}
        for side, aside in (("left", -0.1), ("right", 0.1))
    }
    empty = {side: np.empty((0, 2)) for side in SIDES}
    return MarkerTrial(name, "x", 3.0, times_s, parts, empty, empty, empty, None, None, {}, dict.fromkeys(SIDES, 0.0))


def test_noise_has_the_size_asked_for_and_is_reproducible() -> None:
    trial = still_trial()
    camera = VirtualCamera(240.0, 0.006)
    pose = camera(trial)
    ankle = pose.xy_px[:, BLAZEPOSE.index("right_ankle")]
    assert ankle.std(axis=0) == pytest.approx([1.8, 1.8], rel=0.1)
    np.testing.assert_array_equal(pose.xy_px, camera(trial).xy_px)
    other = camera(still_trial("another")).xy_px
    assert not np.allclose(other, pose.xy_px, equal_nan=True)
    heel = pose.xy_px[:, BLAZEPOSE.index("right_heel")]
    assert abs(np.corrcoef(ankle[:, 0], heel[:, 0])[0, 1]) < 0.1


def test_rate_names_and_landmarks_without_markers() -> None:
    pose = VirtualCamera(60.0)(still_trial())
    assert np.diff(pose.times_s) == pytest.approx(1 / 60)
    assert (pose.estimator, pose.skeleton) == ("markers", "blazepose33")
    assert np.isnan(pose.xy_px[:, BLAZEPOSE.index("nose")]).all()
    assert (pose.score[:, BLAZEPOSE.index("nose")] == 0).all()
    assert (pose.score[:, BLAZEPOSE.index("left_foot_index")] == 1).all()


def test_a_long_gap_stays_a_gap() -> None:
    times_s = np.arange(0.0, 1.0, 1 / 150)
    path = np.stack([times_s, times_s**2, times_s], axis=1)
    path[60:90] = np.nan
    found = resampled(times_s, path, np.arange(0.0, 0.99, 0.01))
    gap = slice(41, 59)
    assert np.isnan(found[gap]).all()
    assert found[20] == pytest.approx([0.2, 0.04, 0.2])

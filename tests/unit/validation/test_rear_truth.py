"""What is true from behind: the virtual camera's geometry, and bodies that jump."""

from __future__ import annotations

import numpy as np
import pytest

from gait.validation.camera import RearCamera
from gait.validation.rear_truth import steady_frames

CENTRE = np.array([0.8, 0.9, 1.2])


@pytest.mark.parametrize(
    ("camera", "point", "expected"),
    [
        # At the hips' height 3 m behind, 1200 px: 0.3 m to the runner's right is 120 px to the picture's right.
        (RearCamera(120.0), (0.0, 0.0, 0.3), (760.0, 360.0)),
        (RearCamera(120.0), (0.0, 0.3, -0.3), (520.0, 240.0)),
        # One metre nearer, everything is half as large again.
        (RearCamera(120.0), (-1.0, 0.3, 0.3), (820.0, 180.0)),
        # The camera always looks at the hips.
        (RearCamera(120.0, height_m=0.5, aside_m=0.4), (0.0, 0.0, 0.0), (640.0, 360.0)),
        # Rolled by 90 deg, the right is up.
        (RearCamera(120.0, roll_deg=90.0), (0.0, 0.0, 0.3), (640.0, 240.0)),
    ],
)
def test_projection(camera: RearCamera, point: tuple[float, ...], expected: tuple[float, float]) -> None:
    xy, _ = camera.project(CENTRE + np.array([point]), CENTRE)
    np.testing.assert_allclose(xy[0], expected, atol=1e-9)


def test_a_low_camera_sees_what_is_nearer_higher_above_its_axis() -> None:
    # A point on the floor comes down in the picture as it comes nearer, seen from above.
    floor = np.array([[0.3, 0.0, 1.2], [-0.3, 0.0, 1.2]])
    xy, depth = RearCamera(120.0).project(CENTRE * [1, 0, 0] + floor * [1, 1, 1], CENTRE)
    assert xy[1, 1] > xy[0, 1]
    assert depth[1] < depth[0]


def test_frames_in_which_the_body_jumps() -> None:
    times_s = np.arange(120) / 60.0
    smooth = np.stack([0 * times_s, 0.05 * np.sin(2 * np.pi * 2.8 * times_s), 0 * times_s], axis=1)
    assert steady_frames(times_s, [smooth]).all()
    jumping = smooth.copy()
    jumping[50:53, 1] -= 0.15
    steady = steady_frames(times_s, [smooth, jumping])
    assert not steady[49:54].any()
    assert steady[:47].all()
    assert steady[57:].all()

"""Where a pose model puts hips and heels from behind is taken back; other landmarks and other models stay."""

from __future__ import annotations

import numpy as np
import pytest

from gait.model import Trajectories
from gait.signals.placement import HEEL_INWARDS, HIP_OUTWARDS, correct_placement_from_behind
from gait.skeleton import BLAZEPOSE

LEG_PX = 400.0


def standing() -> Trajectories:
    """One person from behind, the left of the body on the left of the picture."""
    xy = np.zeros((3, len(BLAZEPOSE.landmarks), 2))
    for k, name in enumerate(BLAZEPOSE.landmarks):
        xy[:, k, 0] = {"left": -40.0, "right": 40.0}.get(name.split("_")[0], 0.0)
    return Trajectories(np.arange(3) / 60.0, xy, "px", np.zeros(xy.shape[:2], dtype=bool), BLAZEPOSE.name)


def apart(body: Trajectories, part: str) -> float:
    right, left = (body.xy[0, BLAZEPOSE.index(f"{side}_{part}"), 0] for side in ("right", "left"))
    return float(right - left)


def test_hips_go_outwards_and_heels_inwards() -> None:
    moved = correct_placement_from_behind(standing(), "MediaPipe pose landmarker, heavy", LEG_PX)
    assert apart(moved, "hip") == pytest.approx(80.0 + 2 * HIP_OUTWARDS * LEG_PX)
    assert apart(moved, "heel") == pytest.approx(80.0 - 2 * HEEL_INWARDS * LEG_PX)
    for part in ("knee", "ankle", "foot_index", "shoulder"):
        assert apart(moved, part) == 80.0
    assert not moved.xy[..., 1].any()
    assert len(moved.steps) == len(standing().steps) + 1


def test_markers_stay_where_they_are() -> None:
    np.testing.assert_array_equal(correct_placement_from_behind(standing(), "markers", LEG_PX).xy, standing().xy)

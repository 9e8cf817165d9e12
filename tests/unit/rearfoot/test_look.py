"""What is reckoned from landmarks beside the pictures: how far a foot points outwards."""

from __future__ import annotations

import numpy as np
import pytest

from gait.model import PoseSequence
from gait.rearfoot.angles import Stance
from gait.rearfoot.look import FOOT_OF_SHANK, TOE_LANDMARK_OUT_DEG, LegPath, toe_out_deg
from gait.skeleton import BLAZEPOSE

SHANK_PX = 200.0


def standing_foot(out_deg: float, side: str, *, mirrored: bool = False) -> PoseSequence:
    """A foot that points outwards by ``out_deg`` in every frame."""
    times_s = np.arange(0, 3, 1 / 60)
    xy = np.full((len(times_s), len(BLAZEPOSE.landmarks), 2), np.nan)
    outwards = (1.0 if side == "right" else -1.0) * (-1.0 if mirrored else 1.0)
    across = outwards * FOOT_OF_SHANK * SHANK_PX * np.sin(np.radians(out_deg))
    for part, place in {"knee": (0, 0), "ankle": (0, SHANK_PX), "heel": (0, 220), "foot_index": (across, 230)}.items():
        xy[:, BLAZEPOSE.index(f"{side}_{part}")] = np.array(place) + 500.0
    score = np.isfinite(xy[..., 0]).astype(float)
    return PoseSequence(times_s, xy, score, np.zeros_like(score), BLAZEPOSE.name, "drawn", "1")


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("out_deg", [-5.0, 4.0, 22.0])
def test_toe_out(out_deg: float, side: str, mirrored: bool) -> None:
    pose = standing_foot(out_deg, side, mirrored=mirrored)
    stances = [Stance(side, 0.5, 0.75), Stance(side, 1.2, 1.45)]
    found = toe_out_deg(pose, LegPath.of(pose, side), stances, mirrored=mirrored)
    assert found == pytest.approx(out_deg - TOE_LANDMARK_OUT_DEG, abs=0.01)


def test_no_toe_no_number() -> None:
    pose = standing_foot(5.0, "left")
    pose.xy_px[:, BLAZEPOSE.index("left_foot_index")] = np.nan
    assert toe_out_deg(pose, LegPath.of(pose, "left"), [Stance("left", 0.5, 0.75)]) is None

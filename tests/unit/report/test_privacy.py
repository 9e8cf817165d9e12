"""Whose picture is hidden, and whose need not be."""

from __future__ import annotations

import numpy as np

from gait.model import PoseSequence
from gait.rearfoot.finder import ESTIMATOR
from gait.report.privacy import HeadTrack
from gait.skeleton import BLAZEPOSE


def nobody(estimator: str) -> PoseSequence:
    """A clip in which no head was found."""
    empty = np.full((5, len(BLAZEPOSE.landmarks), 2), np.nan)
    none = np.zeros(empty.shape[:2])
    return PoseSequence(np.arange(5) / 60.0, empty, none, none, BLAZEPOSE.name, estimator, "1")


def test_a_lost_head_hides_the_picture_but_lower_legs_have_none() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    heads = HeadTrack.to_hide(nobody("MediaPipe"), blur=True)
    assert heads is not None
    hidden = picture.copy()
    assert heads.cover(hidden, 2) is False
    assert (hidden != picture).any()
    assert HeadTrack.to_hide(nobody(ESTIMATOR), blur=True) is None
    assert HeadTrack.to_hide(nobody("MediaPipe"), blur=False) is None

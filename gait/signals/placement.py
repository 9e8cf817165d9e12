"""Where a pose model puts its landmarks, compared with the joints: constant offsets that are taken off again.

Only an offset that bodies of different make show alike is corrected, and with reserve, because marker trials of real
runners cannot confirm it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gait.model import Trajectories
from gait.skeleton import SKELETONS

HIP_AHEAD = 0.025
"""How far back MediaPipe's hips are moved, in leg lengths (hip-knee-ankle). On the 12 films of
`sample_videos/calibrate.py` its mid-hip lies 0.034 (SD 0.004) ahead of the joints
(:mod:`gait.validation.pose_offsets`); three quarters of that are taken off, because all of them draw one make of body,
and one of another make shows 0.021."""


def is_mediapipe(estimator: str) -> bool:
    """Tell by an estimator's name whether its landmarks are placed as was measured for MediaPipe."""
    return estimator.startswith("MediaPipe")


def correct_placement(body: Trajectories, estimator: str, leg_length: float) -> Trajectories:
    """Move the hips back by :data:`HIP_AHEAD` when the landmarks come from MediaPipe.

    Parameters
    ----------
    body : Trajectories
        In the body frame, x along travel (side views only).
    estimator : str
        What made the landmarks; markers and other models stay as they are.
    leg_length : float
        Hip-knee-ankle length in the unit of the trajectories.
    """
    if not is_mediapipe(estimator):
        return body
    xy = body.xy.copy()
    hips = SKELETONS[body.skeleton].indices(["left_hip", "right_hip"])
    xy[:, hips] -= np.array([HIP_AHEAD * leg_length, 0.0])
    return replace(body, xy=xy, steps=(*body.steps, f"hips moved back by {HIP_AHEAD:.1%} of leg length"))

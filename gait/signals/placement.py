"""Where a pose model puts its landmarks, compared with the joints: constant offsets that are taken off again.

Only an offset that bodies of different make show alike is corrected, and not by all of it, because marker trials of
real runners cannot confirm it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gait.model import Trajectories
from gait.skeleton import SKELETONS

HIP_AHEAD = 0.025
"""How far MediaPipe's hips lie ahead of the hip joints, in leg lengths (hip-knee-ankle; mid-hip, median over the clip,
heavy model): 0.035 to 0.046 on eleven films of one drawn body in two statures and six ways of running, 0.021 on a body
of another make. Between the two makes; trunk lean, thigh, knee and overstride of both come out nearer the truth."""

_MEASURED_ON = "MediaPipe"


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
    if not estimator.startswith(_MEASURED_ON):
        return body
    xy = body.xy.copy()
    hips = SKELETONS[body.skeleton].indices(["left_hip", "right_hip"])
    xy[:, hips] -= np.array([HIP_AHEAD * leg_length, 0.0])
    return replace(body, xy=xy, steps=(*body.steps, f"hips moved back by {HIP_AHEAD:.1%} of leg length"))

"""Where a pose model puts its landmarks, compared with the joints: constant offsets that are taken off again.

Only offsets that more than one body shows are corrected, and only by a part of what rendered bodies show, because
marker trials of real runners cannot confirm them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gait.model import Trajectories
from gait.skeleton import SKELETONS

HIP_AHEAD = 0.010
"""How far MediaPipe's hips lie ahead of the hip joints, in leg lengths (hip-knee-ankle): 0.020 and 0.040 on two
rendered bodies (mid-hip, median over the clip, heavy model); a third of the mean is taken off. Without it trunk lean
and peak knee flexion come out 3 to 4 deg too small on both bodies; with more of it knee flexion at contact, which has
the opposite error on one of them, gets worse."""

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

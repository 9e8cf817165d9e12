"""Where a pose model puts its landmarks, compared with the joints: constant offsets that are taken off again.

Only an offset that bodies of different make show alike is corrected, and with reserve, because marker trials of real
runners cannot confirm it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gait.model import Trajectories
from gait.skeleton import OUTWARDS, SKELETONS

HIP_AHEAD = 0.025
"""How far back MediaPipe's hips are moved, in leg lengths (hip-knee-ankle). On the 12 films of
`sample_videos/calibrate.py` its mid-hip lies 0.034 (SD 0.004) ahead of the joints
(:mod:`gait.validation.pose_offsets`); three quarters of that are taken off, because all of them draw one make of body,
and one of another make shows 0.021."""


HIP_OUTWARDS = 0.015
"""How far MediaPipe's hips are moved outwards from behind, in leg lengths. On four films of two makes of body they lie
0.026 to 0.036 inside the joints; half of that is taken off, because these bodies' hip joints are further apart
(0.12 and 0.13 of body height) than people's (0.10; Harrington et al. 2007, doi:10.1016/j.jbiomech.2006.02.003)."""

HEEL_INWARDS = 0.005
"""How far MediaPipe's heels are moved inwards from behind, in leg lengths. In stance they lie further apart than the
drawn heels: step width is 1.0 cm too large on both films of one make of body, 0.9 to 3.9 cm (mean 2.2) on nine of
another (shoes or bare feet make no difference); in leg lengths a heel, 0.006 and 0.013. Half of their mean is taken
off."""


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


def correct_placement_from_behind(body: Trajectories, estimator: str, leg_length: float) -> Trajectories:
    """Move MediaPipe's hips outwards by :data:`HIP_OUTWARDS`, its heels inwards by :data:`HEEL_INWARDS`.

    Mid-hip and the middle between the heels stay.

    Parameters
    ----------
    body : Trajectories
        From behind, x to the picture's right.
    estimator, leg_length
        As for :func:`correct_placement`.
    """
    if not is_mediapipe(estimator):
        return body
    xy = body.xy.copy()
    for side, outwards in OUTWARDS.items():
        for part, out_legs in (("hip", HIP_OUTWARDS), ("heel", -HEEL_INWARDS)):
            xy[:, SKELETONS[body.skeleton].index(f"{side}_{part}"), 0] += outwards * out_legs * leg_length
    moved = f"hips moved outwards by {HIP_OUTWARDS:.1%}, heels inwards by {HEEL_INWARDS:.1%} of leg length"
    return replace(body, xy=xy, steps=(*body.steps, moved))

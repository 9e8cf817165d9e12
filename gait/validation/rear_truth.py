"""True metrics of a view from behind, from joints without noise and true events, by the project's own definitions.

Angles are those of the joints as they lie in the picture, because the definitions are flat ones; lengths are those in
space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.ndimage import binary_closing, binary_dilation

from gait.metrics.rear import ANGLES, KNEE_BREADTH_OF_HEIGHT, FrontalPlane, oscillations, stance_values, step_widths
from gait.model import SIDES, Bools, Floats, Stride, regular_step_s
from gait.signals.legs import Leg
from gait.validation.leg_truth import Truths

MIN_STANCES = 2

MAX_ACCELERATION_M_S2 = 100.0
"""No runner's hip or shoulder is accelerated like this (10 g, several times what landing does): a rendered body that
jumps so for a few frames shows a fault of its source, not a pelvis that drops."""

_JOINED_S = 0.1


def rear_truths(
    seen: Mapping[str, Leg],
    in_space: Mapping[str, Leg],
    strides: Mapping[str, Sequence[Stride]],
    height_m: float | None,
    leg_to_heel_m: float,
) -> Truths:
    """Compute the truth of every body metric that shows from behind.

    Parameters
    ----------
    seen : mapping of str to Leg
        Legs as the camera saw the joints: x to the picture's right, y up, px or any unit.
    in_space : mapping of str to Leg
        The same in metres: x to the runner's right, y up.
    strides : mapping of str to sequence of Stride
        True strides by side.
    height_m : float or None
        For the breadth of the knees.
    leg_to_heel_m : float
        Length hip-knee-ankle-heel in space.
    """
    found: Truths = {}
    for side in SIDES:
        own = [stride for stride in strides[side] if np.isfinite(stride.to_s)]
        if len(own) < MIN_STANCES:
            continue
        values = stance_values(FrontalPlane(seen), side, own)
        found |= {(name, side): _median(values[name]) for name in ANGLES}
        if height_m is not None:
            apart_m = stance_values(FrontalPlane(in_space), side, own)["knee_distance"]
            gap_m = _median(np.maximum(apart_m - KNEE_BREADTH_OF_HEIGHT * height_m, 0.0))
            found["knee_window_cm", side] = 100.0 * gap_m
    found["step_width_cm", "both"] = 100.0 * _median(step_widths(FrontalPlane(in_space), strides))
    every = [stride for side in SIDES for stride in strides[side]]
    lifts_m = _median(oscillations(in_space["right"], every))
    found["vertical_oscillation_cm", "both"] = 100.0 * lifts_m
    found["vertical_oscillation_leg_pct", "both"] = 100.0 * lifts_m / leg_to_heel_m
    return {key: value for key, value in found.items() if np.isfinite(value)}


def steady_frames(times_s: Floats, trunk_m: Sequence[Floats]) -> Bools:
    """Find the frames in which the body does not jump.

    Parameters
    ----------
    times_s : ndarray, shape (T,)
        Of frames at a regular rate.
    trunk_m : sequence of ndarray, shape (T, 3)
        Paths of hips and shoulders, m.

    Returns
    -------
    ndarray of bool, shape (T,)
        False at a jump, one frame either side, and between jumps less than 0.1 s apart.
    """
    step_s = regular_step_s(times_s)
    wild = np.zeros(len(times_s), dtype=bool)
    for path in trunk_m:
        acceleration = np.linalg.norm(np.diff(path, n=2, axis=0), axis=1) / step_s**2
        wild[1:-1] |= acceleration > MAX_ACCELERATION_M_S2
    return ~binary_closing(binary_dilation(wild), np.ones(max(1, round(_JOINED_S / step_s)), dtype=bool))


def _median(values: Floats) -> float:
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if len(seen) else float("nan")

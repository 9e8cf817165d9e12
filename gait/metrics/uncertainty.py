"""What does not average out over strides: how far landmarks sit from joints, per pose model, and how the foot slips."""

from __future__ import annotations

import numpy as np

from gait.signals.placement import is_mediapipe

MODEL_FACTORS = {"full": 3.0, "lite": 6.0}
"""How many times less exactly the smaller pose models place landmarks than the heavy one: on a rendered runner the 95th
percentile of their error was 60-120 and 140 px against 10-20. [rounded, default of ours]"""


def model_factor(estimator: str) -> float:
    """Return the factor of :data:`MODEL_FACTORS` for an estimator's name, 1 for the heavy model and others."""
    return next((f for size, f in MODEL_FACTORS.items() if estimator.endswith(f", {size}")), 1.0)


PICTURE_SD = {
    "overstride": 0.006,
    "heel_overstride": 0.007,
    "vertical_oscillation": 0.0013,
    "shank_angle_ic_deg": 0.5,
    "knee_flexion_ic_deg": 1.5,
    "knee_flexion_peak_stance_deg": 1.6,
    "ankle_dorsiflexion_ic_deg": 1.1,
    "ankle_dorsiflexion_peak_deg": 0.8,
    "hip_extension_peak_deg": 1.5,
    "trunk_lean_deg": 0.8,
    "foot_strike_angle_deg": 1.2,
}
"""How far a flat picture differs from the sagittal plane whatever made the landmarks (perspective, a camera up to 10
deg askew, the low-pass filter): SD in leg lengths or degrees, from 18 marker trials filmed by virtual cameras, timing
taken off; trunk lean, which they cannot show, is a default of ours."""

POSE_MODEL_SD = {
    "overstride": 0.016,
    "heel_overstride": 0.016,
    "vertical_oscillation": 0.011,
    "shank_angle_ic_deg": 1.8,
    "knee_flexion_ic_deg": 2.4,
    "knee_flexion_peak_stance_deg": 2.9,
    "ankle_dorsiflexion_ic_deg": 2.5,
    "ankle_dorsiflexion_peak_deg": 1.8,
    "hip_extension_peak_deg": 2.0,
    "trunk_lean_deg": 1.7,
    "foot_strike_angle_deg": 2.1,
}
"""How far MediaPipe's heavy model places its landmarks from the joints: RMS over the 12 films of
`sample_videos/calibrate.py` at the true events, after :data:`gait.signals.placement.HIP_AHEAD`, in leg lengths or
degrees (:mod:`gait.validation.pose_offsets`; rounded up)."""


def placement_sd(name: str, estimator: str) -> float:
    """Return the standard uncertainty of a quantity from where its landmarks sit, in leg lengths or degrees."""
    if not is_mediapipe(estimator):
        return PICTURE_SD[name]
    return float(np.hypot(PICTURE_SD[name], model_factor(estimator) * POSE_MODEL_SD[name]))


REAR_PICTURE_SD = {
    "pelvic_drop_deg": 0.6,
    "hip_adduction_peak_deg": 1.0,
    "lateral_trunk_lean_deg": 0.5,
    "step_width_cm": 0.0045,
    "knee_window_cm": 0.0055,
    "vertical_oscillation": 0.005,
}
"""As :data:`PICTURE_SD`, from behind: 18 marker trials against the frontal plane, camera 3 m behind and 0.5 or 0.9 m
high. Trunk lean, which they cannot show, is a default of ours."""

REAR_POSE_MODEL_SD = {
    "pelvic_drop_deg": 3.0,
    "hip_adduction_peak_deg": 3.0,
    "lateral_trunk_lean_deg": 0.7,
    "step_width_cm": 0.020,
    "knee_window_cm": 0.010,
    "vertical_oscillation": 0.020,
}
"""As :data:`POSE_MODEL_SD`, from behind: RMS over eight feet of two rendered runners and two drawn ones of another make
of body, rounded up; of step width over eleven films, after the heels were moved
(:data:`gait.signals.placement.HEEL_INWARDS`): 0.2 cm too wide on one make of body, 0.6 to 3 on the other. Of pelvic
drop and vertical oscillation no number is given from MediaPipe's landmarks."""


BELT_RETEST_SD = 0.02
"""Relative SD by which the belt speed that a pose model's foot shows differs between two films of one run: three films
and their mirror images differed by 0.6 to 5.5 %, one run drawn at 60 and at 240 frames/s by 2.6 %."""


def rear_placement_sd(name: str, estimator: str) -> float:
    """Return the standard uncertainty of a rear quantity from where its landmarks sit, in leg lengths or degrees."""
    if not is_mediapipe(estimator):
        return REAR_PICTURE_SD[name]
    return float(np.hypot(REAR_PICTURE_SD[name], model_factor(estimator) * REAR_POSE_MODEL_SD[name]))


_SHIFTED_BY_ROLL = (
    "pelvic_drop_deg",
    "lateral_trunk_lean_deg",
    "trunk_lean_deg",
    "shank_angle_ic_deg",
    "hip_extension_peak_deg",
)
"""Angles against the horizontal or vertical; an angle between two lines of the body does not care about roll."""


def roll_sd_deg(name: str, sd_deg: float) -> float:
    """Return what the uncertainty of the camera's roll adds to an angle: all of it, or nothing."""
    return sd_deg if name in _SHIFTED_BY_ROLL else 0.0


BELT_SEEN_SD = 0.015
"""Relative uncertainty of the foot's backward speed against the belt's: the foot slips and rolls. 1.0 % on the marker
trials (step length as a share of leg length), half as much again for noise and a pose model's landmarks. [default of
ours]"""

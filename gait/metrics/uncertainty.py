"""What does not average out over strides: how far landmarks sit from joints, per pose model, and how the foot slips."""

from __future__ import annotations

MODEL_FACTORS = {"full": 3.0, "lite": 6.0}
"""How many times less exactly the smaller pose models place landmarks than the heavy one: on a rendered runner the 95th
percentile of their error was 60-120 and 140 px against 10-20. [rounded, default of ours]"""


def model_factor(estimator: str) -> float:
    """Return the factor of :data:`MODEL_FACTORS` for an estimator's name, 1 for the heavy model and others."""
    return next((f for size, f in MODEL_FACTORS.items() if estimator.endswith(f", {size}")), 1.0)


PLACEMENT_SD = {
    "overstride": 0.018,
    "heel_overstride": 0.018,
    "vertical_oscillation": 0.005,
    "shank_angle_ic_deg": 1.0,
    "knee_flexion_ic_deg": 2.9,
    "knee_flexion_peak_stance_deg": 2.9,
    "ankle_dorsiflexion_ic_deg": 2.9,
    "ankle_dorsiflexion_peak_deg": 2.9,
    "hip_extension_peak_deg": 2.5,
    "trunk_lean_deg": 2.0,
    "foot_strike_angle_deg": 1.8,
}
"""How far the pose model's landmarks sit from the joints, as SD between recordings: lengths in leg lengths, angles in
degrees. 2.9 deg is the published RMSE of 2D against 3D angles of the near leg; the rest are defaults of ours."""

BELT_SEEN_SD = 0.025
"""Relative uncertainty of the foot's backward speed against the belt's: the foot slips and rolls. [default of ours]"""

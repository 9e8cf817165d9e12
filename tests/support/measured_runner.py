"""The simulated runner, measured: what several tests of measuring start from."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import runner as sim

from gait.errors import GaitError
from gait.metrics.measure import ClipMeasurement, measure
from gait.model import MetricValue, PoseSequence, Recording

TRUTH = sim.truth()

TOLERANCE = {
    "cadence_spm": 0.3,
    # Contact and flight carry the lateness of toe-off, 13 ms on this runner.
    "ground_contact_time_ms": 20.0,
    "flight_time_ms": 20.0,
    "foot_strike_angle_deg": 3.0,
    # This runner's contact is found 6 ms late: 1 deg.
    "shank_angle_ic_deg": 2.5,
    "knee_flexion_ic_deg": 4.0,
    "knee_flexion_peak_stance_deg": 5.0,
    "trunk_lean_deg": 3.0,
    "overstride_cm": 2.0,
    "vertical_oscillation_cm": 0.8,
    "belt_speed_m_s": 0.06 * TRUTH.belt_speed_m_s,
    "step_length_m": 0.06 * TRUTH.metrics["step_length_m"],
}
"""The accuracy targets from pixels at 60 Hz and more, near leg; flight as contact."""

ICS = TRUTH.ic_s["right"]
TRUE = TRUTH.metrics


@lru_cache
def measured(rate_hz: float = 60.0, **recording: Any) -> ClipMeasurement:
    known = {"height_m": TRUTH.height_m} | recording
    return measure(sim.runner(rate_hz), sim.options(file_rate_hz=rate_hz, recording=Recording(**known)))


def metric(clip: ClipMeasurement, name: str, side: str | None = None) -> MetricValue:
    sides = (side,) if side else ("right", "both")
    return next(m for m in clip.metrics if m.name == name and m.side in sides)


def number(clip: ClipMeasurement, name: str, side: str | None = None) -> float:
    value = metric(clip, name, side).value
    assert isinstance(value, float)
    return value


def codes(clip: ClipMeasurement) -> set[str]:
    return {w.code for w in clip.quality.warnings}


def said_of(pose: PoseSequence, **changes: Any) -> str:
    """The view that was measured, ``"front view"`` when refused as one, else ``"refused"``."""
    try:
        return measure(pose, sim.options(**changes)).view.name
    except GaitError as problem:
        return "front view" if "front view" in problem.message else "refused"

"""True metrics from joints without noise and true events, by the project's own definitions.

The formulas of :mod:`gait.metrics.side` run on the true paths with the true strides, so that a difference from the
measured value is one of measurement and not of definition.
"""

from __future__ import annotations

import numpy as np

from gait.metrics.side import LENGTHS, foot_flat, values_by_name
from gait.metrics.temporal import stride_times
from gait.model import SIDES, Floats, Stride, Trajectories
from gait.signals.legs import MEASURED_PARTS, PARTS, Leg, legs_of
from gait.skeleton import BLAZEPOSE, other

Truths = dict[tuple[str, str], float]
"""Values by metric and side (``left``, ``right``, ``both``)."""

_SHARED = ("vertical_oscillation", "trunk_lean_deg")
_DOUBLE = 1.35
"""A stride this many times the median has a contact missing in the truth itself."""


Paths = dict[str, dict[str, Floats]]
"""Paths of shape (T, 2) by side and part: hip, knee, ankle, heel, toe, shoulder."""


def as_landmarks(paths: Paths) -> Floats:
    """Put the paths of joints where a pose model's landmarks stand, shape (T, K, 2); NaN for those without a path."""
    count = len(next(iter(paths[SIDES[0]].values())))
    xy = np.full((count, len(BLAZEPOSE.landmarks), 2), np.nan)
    for side in SIDES:
        for part, landmark in MEASURED_PARTS.items():
            xy[:, BLAZEPOSE.index(f"{side}_{landmark}")] = paths[side][part]
    return xy


def true_legs(times_s: Floats, paths: Paths) -> dict[str, Leg]:
    """Build both legs.

    Parameters
    ----------
    times_s : ndarray, shape (T,)
        Uniform.
    paths : dict of str to dict of str to ndarray, shape (T, 2)
        m, x forward, y up.
    """
    xy = as_landmarks(paths)
    filled = np.zeros(xy.shape[:2], dtype=bool)
    return legs_of(Trajectories(times_s, xy, "m", filled, BLAZEPOSE.name))


def true_strides(contacts: Floats, side: str, start_s: float, stop_s: float) -> list[Stride]:
    """Pair the contacts of one foot, shape (n, 2), into strides that lie within the judged part."""
    if len(contacts) < 2:
        return []
    lasting = np.diff(contacts[:, 0])
    usual = float(np.median(lasting))
    return [
        Stride("", side, float(ic), float(to), float(following))
        for (ic, to), following in zip(contacts[:-1], contacts[1:, 0], strict=True)
        if ic >= start_s and following <= stop_s and following - ic < _DOUBLE * usual
    ]


def time_truths(contacts: dict[str, Floats], start_s: float, stop_s: float) -> Truths:
    """Cadence, stride, contact and flight time and duty factor of each side; cadence under the side it comes from."""
    found: Truths = {}
    for side in SIDES:
        strides = true_strides(contacts[side], side, start_s, stop_s)
        if not strides:
            continue
        times = stride_times(strides, contacts[other(side)][:, 0])
        found["cadence_spm", side] = float(np.mean(120.0 / times.stride_s))
        found["stride_time_ms", side] = 1000.0 * float(np.mean(times.stride_s))
        found["ground_contact_time_ms", side] = 1000.0 * float(np.median(times.contact_s))
        found["flight_time_ms", side] = 1000.0 * _median(times.flight_s)
        found["duty_factor_pct", side] = 100.0 * float(np.median(times.contact_s / times.stride_s))
    return {key: value for key, value in found.items() if np.isfinite(value)}


def shape_truths(legs: dict[str, Leg], strides: dict[str, list[Stride]], near: str) -> Truths:
    """Angles and lengths of the near leg and of the trunk: medians over its strides."""
    leg = legs[near]
    seen = [s for s in strides[near] if _whole(leg, s)]
    if not seen:
        return {}
    flat = foot_flat(leg, seen)
    found: Truths = {}
    for name, values in values_by_name(leg, seen, flat).items():
        side = "both" if name in _SHARED else near
        value = _median(values)
        if name in LENGTHS:
            found[f"{name}_cm", side] = 100.0 * value
            found[f"{name}_leg_pct", side] = 100.0 * value / leg.length_to_heel
        else:
            found[name, side] = value
    return {key: value for key, value in found.items() if np.isfinite(value)}


def speed_truths(speed_m_s: float, leg: Leg, strides: list[Stride]) -> Truths:
    """Belt speed and the step length that follows."""
    if not strides:
        return {}
    step_m = speed_m_s * float(np.median([s.next_ic_s - s.ic_s for s in strides])) / 2
    return {
        ("belt_speed_m_s", "both"): speed_m_s,
        ("step_length_m", "both"): step_m,
        ("step_length_leg_pct", "both"): 100.0 * step_m / leg.length_to_heel,
    }


def _whole(leg: Leg, stride: Stride) -> bool:
    """Tell whether a stride has all joints: a gap of the markers leaves it out."""
    window = leg.window(stride.ic_s, max(stride.next_ic_s, stride.to_s + 0.06))
    return all(np.isfinite(leg.position[part][window]).all() for part in (*PARTS, "mid_hip"))


def _median(values: Floats) -> float:
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if len(seen) else float("nan")

"""What a side view shows in each stride of the near leg. Signs and definitions: the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gait.model import Floats, Stride
from gait.signals.legs import Leg

FLAT_FOOT = (0.15, 0.30)
"""Part of stance in which a rearfoot striker's foot is flat; at 40-50 % the heel is already 2.5 deg up (measured)."""

_LATE_FLAT = (0.25, 0.50)

FLAT_MARGIN_DEG = 2.0
"""How much flatter the foot must be later in stance before that counts: more than noise makes. [default of ours]"""

_AFTER_TOE_OFF_S = 0.050

LENGTHS = ("overstride", "heel_overstride", "vertical_oscillation")
"""Quantities of :func:`stride_values` in the leg's own unit; the others are degrees."""


@dataclass(frozen=True)
class FootFlat:
    """Pitch of the heel-to-toe line with the foot flat on the belt, and how it was found."""

    pitch_deg: float
    method: str


def foot_flat(leg: Leg, strides: list[Stride], standing: list[slice] | None = None) -> FootFlat:
    """Find the flat foot: standing frames where the clip has them, else early stance.

    Parameters
    ----------
    leg : Leg
        Near leg.
    strides : list of Stride
        Those kept.
    standing : list of slice
        Samples in which the person stands still.

    Notes
    -----
    In stance the median pitch over 15-30 % is taken. A forefoot striker comes down on the heel later, or never
    quite: where the foot is flatter (toes further up) between 25 and 50 % of stance, that is taken instead.
    """
    if standing:
        pitch = np.concatenate([leg.foot_pitch_deg[s] for s in standing])
        if np.isfinite(pitch).sum() > 200:
            return FootFlat(float(np.nanmedian(pitch)), "standing frames of the clip")
    early, late = [], []
    for stride in strides:
        early.append(np.nanmedian(_part(leg, leg.foot_pitch_deg, stride, FLAT_FOOT)))
        late.append(np.nanpercentile(_part(leg, leg.foot_pitch_deg, stride, _LATE_FLAT), 75))
    first, second = float(np.median(early)), float(np.median(late))
    if second > first + FLAT_MARGIN_DEG:
        return FootFlat(second, "25-50 % of stance, where the heel comes lowest")
    return FootFlat(first, "15-30 % of stance")


def _part(leg: Leg, signal: Floats, stride: Stride, share: tuple[float, float]) -> Floats:
    contact = stride.to_s - stride.ic_s
    return signal[leg.window(stride.ic_s + share[0] * contact, stride.ic_s + share[1] * contact)]


def dorsiflexion_deg(leg: Leg, flat: FootFlat) -> Floats:
    """Ankle dorsiflexion over time: foot pitch less flat pitch, plus the shank's forward lean, shape (M,)."""
    return leg.ankle_deg - flat.pitch_deg


def stride_values(leg: Leg, stride: Stride, flat: FootFlat) -> dict[str, float]:
    """Measure one stride.

    Returns
    -------
    dict
        Angles in degrees under their catalogue names; lengths in the leg's own unit under ``overstride``,
        ``heel_overstride`` and ``vertical_oscillation``.
    """
    ic = leg.index(stride.ic_s)
    stance = leg.window(stride.ic_s, stride.to_s)
    push = leg.window((stride.ic_s + stride.to_s) / 2, stride.to_s + _AFTER_TOE_OFF_S)
    cycle = leg.window(stride.ic_s, stride.next_ic_s)
    p = leg.position
    hip_x = p["mid_hip"][ic, 0]
    return {
        "overstride": float(p["ankle"][ic, 0] - hip_x),
        "heel_overstride": float(p["heel"][ic, 0] - hip_x),
        "vertical_oscillation": _oscillation(leg, stride),
        "shank_angle_ic_deg": float(leg.shank_deg[ic]),
        "knee_flexion_ic_deg": float(leg.knee_flexion_deg[ic]),
        "knee_flexion_peak_stance_deg": float(leg.knee_flexion_deg[stance].max()),
        "ankle_dorsiflexion_ic_deg": float(leg.ankle_deg[ic]) - flat.pitch_deg,
        "ankle_dorsiflexion_peak_deg": float(leg.ankle_deg[stance].max()) - flat.pitch_deg,
        "hip_extension_peak_deg": float((-leg.thigh_deg[push]).max()),
        "trunk_lean_deg": _mean_where_seen(leg.trunk_deg[cycle]),
        "foot_strike_angle_deg": float(leg.foot_pitch_deg[ic] - flat.pitch_deg),
    }


def _mean_where_seen(signal: Floats) -> float:
    """Mean over a stride of which at least four fifths were seen, else NaN."""
    ok = np.isfinite(signal)
    return float(signal[ok].mean()) if ok.mean() >= 0.8 else float("nan")


def _oscillation(leg: Leg, stride: Stride) -> float:
    """Highest less lowest mid-hip within each half of the stride, mean of the two steps."""
    middle = (stride.ic_s + stride.next_ic_s) / 2
    ranges = []
    for start, stop in ((stride.ic_s, middle), (middle, stride.next_ic_s)):
        height = leg.position["mid_hip"][leg.window(start, stop), 1]
        ranges.append(float(height.max() - height.min()))
    return float(np.mean(ranges))


def values_by_name(leg: Leg, strides: list[Stride], flat: FootFlat) -> dict[str, Floats]:
    """Measure all strides: one array of shape (n,) per quantity of :func:`stride_values`."""
    rows = [stride_values(leg, stride, flat) for stride in strides]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]} if rows else {}


def timing_sensitivity(
    leg: Leg, strides: list[Stride], flat: FootFlat, ic_sd_s: float, to_sd_s: float
) -> dict[str, float]:
    """How far each quantity moves when all contacts, or all toe-offs, are late by their uncertainty.

    Returns
    -------
    dict
        Standard uncertainty per quantity, in its unit: half the change between late and early, contact and toe-off in
        quadrature.
    """

    def moved(ic: float, to: float) -> dict[str, float]:
        shifted = [replace(s, ic_s=s.ic_s + ic, to_s=s.to_s + to) for s in strides]
        return {name: float(np.nanmedian(v)) for name, v in values_by_name(leg, shifted, flat).items()}

    late_ic, early_ic = moved(ic_sd_s, 0.0), moved(-ic_sd_s, 0.0)
    late_to, early_to = moved(0.0, to_sd_s), moved(0.0, -to_sd_s)
    return {
        name: float(np.hypot((late_ic[name] - early_ic[name]) / 2, (late_to[name] - early_to[name]) / 2))
        for name in late_ic
    }

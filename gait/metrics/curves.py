"""Joint angles over the gait cycle: mean and spread over strides, 0 % at contact and 100 % at the next."""

from __future__ import annotations

import numpy as np

from gait.metrics.side import FootFlat, dorsiflexion_deg
from gait.model import Curve, Floats, Stride
from gait.signals.legs import Leg

CYCLE_PCT = np.linspace(0.0, 100.0, 101)


def side_curves(leg: Leg, strides: list[Stride], flat: FootFlat, video: str) -> list[Curve]:
    """Average the near leg's angles over its kept strides.

    Parameters
    ----------
    leg : Leg
        Near leg.
    strides : list of Stride
        Those kept; none gives no curves.
    flat : FootFlat
        Zero of foot pitch and ankle angle.
    video : str
        Id stored with the curves.
    """
    if not strides:
        return []
    signals = {
        "knee_flexion_deg": leg.knee_flexion_deg,
        "ankle_dorsiflexion_deg": dorsiflexion_deg(leg, flat),
        "thigh_angle_deg": leg.thigh_deg,
        "shank_angle_deg": leg.shank_deg,
        "foot_pitch_deg": leg.foot_pitch_deg - flat.pitch_deg,
        "trunk_lean_deg": leg.trunk_deg,
    }
    toe_off = float(np.median([(s.to_s - s.ic_s) / (s.next_ic_s - s.ic_s) for s in strides]) * 100.0)
    curves = (_curve(name, signal, leg, strides, video, toe_off) for name, signal in signals.items())
    return [curve for curve in curves if curve is not None]


def _curve(name: str, signal: Floats, leg: Leg, strides: list[Stride], video: str, toe_off: float) -> Curve | None:
    """Average one signal over the strides in which it was seen throughout; None when there are none."""
    rows = [np.interp(s.ic_s + (s.next_ic_s - s.ic_s) * CYCLE_PCT / 100.0, leg.times_s, signal) for s in strides]
    seen = np.array([row for row in rows if np.isfinite(row).all()])
    if not len(seen):
        return None
    spread = seen.std(axis=0, ddof=1) if len(seen) > 1 else np.zeros(len(CYCLE_PCT))
    return Curve(
        name=name,
        side=leg.side,
        video=video,
        unit="deg",
        cycle_pct=tuple(float(v) for v in CYCLE_PCT),
        mean=tuple(float(v) for v in seen.mean(axis=0)),
        sd=tuple(float(v) for v in spread),
        n_strides=len(seen),
        toe_off_pct=toe_off,
    )

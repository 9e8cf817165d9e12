"""Classes of foot strike from the foot-strike angle (Altman & Davis 2012, doi:10.1016/j.gaitpost.2011.09.104)."""

from __future__ import annotations

REARFOOT_ABOVE_DEG = 8.0
FOREFOOT_BELOW_DEG = -1.6
INDETERMINATE = "indeterminate"


def strike_class(angle_deg: float, ci95: tuple[float, float]) -> str:
    """Return ``rearfoot`` or ``non-rearfoot``, or ``indeterminate`` where the interval holds the limit."""
    if ci95[0] > REARFOOT_ABOVE_DEG:
        return "rearfoot"
    if ci95[1] < REARFOOT_ABOVE_DEG:
        return "non-rearfoot"
    return INDETERMINATE


def strike_class_three_way(angle_deg: float, ci95: tuple[float, float]) -> str:
    """Return ``rearfoot``, ``midfoot`` or ``forefoot`` by the angle alone; the interval is not looked at."""
    if angle_deg > REARFOOT_ABOVE_DEG:
        return "rearfoot"
    return "midfoot" if angle_deg >= FOREFOOT_BELOW_DEG else "forefoot"

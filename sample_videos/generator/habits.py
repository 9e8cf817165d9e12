"""How a leg moves around and between its contacts: the heel's rise and the swing's joint angles.

All numbers are shares of stance or of swing, and of an angle that the runner's spec or the posture at contact and
toe-off gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

Knots = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True)
class Habits:
    """How a runner's heel rises and leg swings.

    Attributes
    ----------
    heel_off : float
        Share of stance at which the heel begins to rise.
    rise : Knots or None
        Shares of the time from there to toe-off, and of the rearfoot's pitch at toe-off; both end at 1. None for a
        rise whose rate grows smoothly over the first half and then stays (`ramp`).
    rise_rate : float
        The curve's last slope, in the same shares.
    thigh, knee, ankle : Knots
        Shares of swing, and the angle there: thigh forward of vertical and ankle dorsiflexion in degrees, knee flexion
        as a share of its peak in swing.
    """

    heel_off: float
    thigh: Knots
    knee: Knots
    ankle: Knots
    rise: Knots | None = None
    rise_rate: float = 4 / 3

    def risen(self, share: np.ndarray) -> np.ndarray:
        """Share of its pitch at toe-off that the rearfoot has reached, by share of stance; goes on beyond toe-off."""
        since = (np.asarray(share, dtype=float) - self.heel_off) / (1 - self.heel_off)
        if self.rise is None:
            return ramp(since)
        curve = CubicSpline(*((0.0, *knots) for knots in self.rise), bc_type=((1, 0.0), (1, self.rise_rate)))
        return np.where(since < 1, curve(np.clip(since, 0.0, 1.0)), 1 + self.rise_rate * (since - 1))


def ramp(u: np.ndarray) -> np.ndarray:
    """Rise from 0 to 1 whose slope grows smoothly over the first half and then stays constant."""
    u = np.asarray(u, dtype=float)
    v = np.clip(u, 0.0, None)
    early = np.minimum(v, 0.5)
    # Slope follows a half cosine up to u = 0.5; its integral is written out here.
    grown = 0.5 * early - np.sin(2 * np.pi * early) / (4 * np.pi)
    return (grown + np.maximum(v - 0.5, 0.0)) / 0.75


# Fast heel recovery, thigh foremost at 3/4, knee reaching out before landing: curves drawn by hand after Novacheck 1998
# (DOI 10.1016/S0966-6362(97)00038-6). Against the men below the ankle rises early in late stance (0.067 leg lengths at
# 80 %, theirs 0.05) and twice as fast after toe-off (5.4 leg lengths per second, theirs 1.4 to 2.2).
BY_HAND = Habits(
    heel_off=0.40,
    thigh=((0.13, 0.45, 0.77), (-25.0, 10.0, 36.0)),
    knee=((0.20, 0.42, 0.66, 0.88), (0.54, 1.0, 0.82, 0.25)),
    ankle=((0.14, 0.34, 0.54, 0.84), (-33.0, -12.0, 4.0, 7.0)),
)

# Means at 2.5 and 3.5 m/s of six men's both legs (markers of DOI 10.7717/peerj.3298): heel-to-toe-joint line, thigh,
# and foot against shank less standing, at shares of stance and swing between the force plate's events. Between the
# knots the splines are this body's; the last ones give the sole its clearance.
AS_MEASURED = Habits(
    heel_off=0.40,
    rise=((1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0), (0.036, 0.089, 0.213, 0.426, 0.702, 1.0)),
    rise_rate=1.72,
    thigh=((0.13, 0.30, 0.50, 0.70, 0.87), (-25.5, -10.0, 20.0, 33.5, 25.0)),
    knee=((0.20, 0.35, 0.50, 0.65, 0.80), (0.38, 0.78, 1.0, 0.80, 0.40)),
    ankle=((0.12, 0.35, 0.55, 0.80), (-24.0, -13.0, 1.0, 6.5)),
)
# With it goes the same men's mean knee flexion at toe-off (deg), for a runner's spec.
KNEE_AT_TOE_OFF_DEG = 11.3

# Feet of people roll in fast: mean eversion of the same feet at 5 to 25 % of stance (gait/metrics/rearfoot_band.csv),
# for `FrontalSpec.loading`. From behind, contact shows in nothing so well as in this.
LOADING = ((0.12, 0.10), (0.24, 0.41), (0.36, 0.67), (0.48, 0.82), (0.60, 0.88))

"""The whole runner's motion: pelvis height solved for the wanted knee flexion, then trunk, arms and legs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.optimize import brentq

from .legs import Leg, LegPose
from .shoe import ShoeGeometry
from .spec import RunnerSpec
from .timing import Steps, make_steps
from .trunk import TrunkPose, trunk_pose


@dataclass(frozen=True)
class Proportions:
    """Sizes taken from the body model (m): hip joint beside the mid-hip, thigh, shank, and the shoe."""

    half_hip: float
    thigh: float
    shank: float
    shoe: ShoeGeometry


@dataclass(frozen=True)
class Pose:
    """Everything needed to pose the body at `n` instants; legs in the order right, left."""

    time_s: np.ndarray
    trunk: TrunkPose
    hips: tuple[np.ndarray, np.ndarray]
    legs: tuple[LegPose, LegPose]


class Movement(Protocol):
    """What moves a runner: its legs know their contacts (s) and toe-offs (s)."""

    spec: RunnerSpec
    legs: tuple

    def pose(self, time_s: np.ndarray) -> Pose:
        """Pose of the whole body at the given times (s)."""


class Motion:
    """A run of a given body.

    Parameters
    ----------
    spec : RunnerSpec
    size : Proportions
    duration_s : float
        Length of the run from time zero (s).
    lean_offset : float
        Forward lean of the thorax (rad) that yields the wanted shoulder-to-hip lean on this body.
    """

    def __init__(self, spec: RunnerSpec, size: Proportions, duration_s: float, lean_offset: float) -> None:
        self.spec, self.size, self.lean_offset = spec, size, lean_offset
        self.steps: Steps = make_steps(spec, duration_s)
        self.hip_height = self._solve_height()
        self.legs = tuple(
            Leg(
                spec,
                self.steps,
                side,
                (size.thigh, size.shank),
                size.shoe,
                lambda t, s=side: self.hip(t, s),
                lambda t: self._trunk(t).mid_hip,
            )
            for side in (0, 1)
        )

    def _trunk(self, time_s: np.ndarray, height: float | None = None) -> TrunkPose:
        chosen = self.hip_height if height is None else height
        return trunk_pose(self.spec, self.steps, np.asarray(time_s, dtype=float), chosen, self.lean_offset)

    def hip(self, time_s: np.ndarray, side: int, height: float | None = None) -> np.ndarray:
        """Hip joint of one side (0 right, 1 left), shape (n, 3), in metres."""
        trunk = self._trunk(time_s, height)
        sign = -1.0 if side == 0 else 1.0
        return trunk.mid_hip + trunk.pelvis.apply([0.0, sign * self.size.half_hip, 0.0])

    def _solve_height(self) -> float:
        """Mid-hip height at contact that gives the wanted knee flexion there."""
        spec, size = self.spec, self.size
        own = self.steps.side == 0
        time = self.steps.contact_s[own][1:3]
        strike = np.radians(spec.strike_pitch_deg)
        _, z = size.shoe.ankle(np.array([strike]), np.zeros(1))

        flexion = np.radians(spec.knee_at_contact_deg)
        wanted = np.sqrt(size.thigh**2 + size.shank**2 + 2 * size.thigh * size.shank * np.cos(flexion))

        def excess(height: float) -> float:
            hip = self.hip(time, 0, height)
            ahead = self._trunk(time, height).mid_hip[:, 0] + spec.overstride_m
            ankle = np.stack([ahead, np.full(len(time), -spec.step_width_m / 2), np.full(len(time), z[0])], axis=-1)
            return float(np.mean(np.linalg.norm(ankle - hip, axis=1))) - wanted

        return brentq(excess, 0.5 * wanted, 1.5 * wanted)

    def pose(self, time_s: np.ndarray) -> Pose:
        """Pose of the whole body at the given times (s)."""
        time_s = np.asarray(time_s, dtype=float)
        hips = (self.hip(time_s, 0), self.hip(time_s, 1))
        return Pose(time_s, self._trunk(time_s), hips, (self.legs[0].pose(time_s), self.legs[1].pose(time_s)))

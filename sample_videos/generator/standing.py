"""Quiet standing before the run: a still pose, and a smooth way from it into the running."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from .frontal import Eversion, ankle_shift, roll_for
from .kinematics import Motion, Pose
from .legs import ROLL_ROUNDS, Leg, LegPose, leg_points, solve_leg
from .trunk import TrunkPose

# Arms hang down with slightly bent elbows (rad).
ELBOW = np.radians(14.0)


@dataclass(frozen=True)
class RunningLeg:
    """What a leg does once it runs: contacts and toe-offs (s), each stance's eversion (deg), and its pose."""

    leg: Leg
    after_s: float

    @property
    def contact(self) -> np.ndarray:
        """Initial contacts (s) of the run."""
        return self.leg.contact[self._own]

    @property
    def off(self) -> np.ndarray:
        """Toe-offs (s) that follow them."""
        return self.leg.off[self._own]

    @property
    def eversion(self) -> RunningLeg | None:
        """This, where eversion is prescribed."""
        return None if self.leg.eversion is None else self

    @property
    def at_contact(self) -> np.ndarray:
        """Eversion at each contact (deg)."""
        return self._prescribed.at_contact[self._own]

    @property
    def excursion(self) -> np.ndarray:
        """Rise from there to the peak (deg)."""
        return self._prescribed.excursion[self._own]

    def pose(self, time_s: np.ndarray) -> LegPose:
        """Pose of the running leg at times after the start."""
        return self.leg.pose(time_s)

    @property
    def _own(self) -> np.ndarray:
        return self.leg.contact >= self.after_s

    @property
    def _prescribed(self) -> Eversion:
        if self.leg.eversion is None:
            raise ValueError("this run has no prescribed eversion")
        return self.leg.eversion


class StandThenRun:
    """A run whose first seconds are replaced by quiet standing.

    Parameters
    ----------
    run : Motion
        The run; its spec has `standing` set.
    """

    def __init__(self, run: Motion) -> None:
        if run.spec.standing is None:
            raise ValueError("nothing says how the runner stands")
        self.run, self.spec = run, run.spec
        self.standing = run.spec.standing
        self.legs = tuple(RunningLeg(leg, self.standing.lasting_s + self.standing.start_s) for leg in run.legs)

    def share_of_run(self, time_s: np.ndarray) -> np.ndarray:
        """How far the way from standing (0) into running (1) has gone, with flat ends."""
        u = np.clip((np.asarray(time_s) - self.standing.lasting_s) / self.standing.start_s, 0.0, 1.0)
        return u**3 * (10 - 15 * u + 6 * u * u)

    def pose(self, time_s: np.ndarray) -> Pose:
        """Pose of the whole body at the given times (s)."""
        time_s = np.asarray(time_s, dtype=float)
        share, running = self.share_of_run(time_s), self.run.pose(time_s)
        still = self._still(len(time_s))
        trunk = _mixed_trunk(still.trunk, running.trunk, share)
        hips = tuple(_mixed(a, b, share) for a, b in zip(still.hips, running.hips, strict=True))
        lengths = self.run.size.thigh, self.run.size.shank
        legs = tuple(
            _mixed_leg(a, b, share, hip, lengths) for a, b, hip in zip(still.legs, running.legs, hips, strict=True)
        )
        return Pose(time_s, trunk, hips, legs)  # type: ignore[arg-type]

    def _still(self, count: int) -> Pose:
        """Return the standing pose, `count` times."""
        size, flexion = self.run.size, np.radians(self.standing.knee_deg)
        reach = np.sqrt(size.thigh**2 + size.shank**2 + 2 * size.thigh * size.shank * np.cos(flexion))
        mid_hip = np.tile([0.0, 0.0, size.shoe.ankle_z + reach], (count, 1))
        none = np.zeros((count, 2))
        upright = Rotation.from_rotvec(np.zeros((count, 3)))
        trunk = TrunkPose(mid_hip, upright, upright, upright, none, none + ELBOW)
        hips = tuple(mid_hip + np.array([0.0, sign * size.half_hip, 0.0]) for sign in (-1.0, 1.0))
        legs = tuple(self._standing_leg(side, hips[side]) for side in (0, 1))
        return Pose(np.zeros(count), trunk, hips, legs)  # type: ignore[arg-type]

    def _standing_leg(self, side: int, hip: np.ndarray) -> LegPose:
        """Pose of one leg whose foot stands flat under its hip joint."""
        size, leg, count = self.run.size, self.run.legs[side], len(hip)
        ankle = np.stack([hip[:, 0], hip[:, 1], np.full(count, size.shoe.ankle_z)], axis=-1)
        flat = np.zeros(count)
        thigh, knee, tilt = solve_leg(hip, ankle, size.thigh, size.shank).T
        roll, extra = flat, (None, None)
        if leg.eversion is not None:
            eversion = np.full(count, np.radians(self.standing.eversion_deg[side]))
            for _ in range(ROLL_ROUNDS):
                roll = roll_for(leg.eversion.sign * eversion, flat, leg.yaw, tilt)
                shift = ankle_shift(size.shoe.ankle_z, flat, leg.yaw, roll)
                thigh, knee, tilt = solve_leg(hip, ankle + shift, size.thigh, size.shank).T
            extra = eversion, flat
        angles = np.stack([thigh, knee, knee - thigh, tilt], axis=-1)
        at_knee, at_ankle = leg_points(hip, angles, size.thigh, size.shank)
        none = np.zeros((count, 2))
        return LegPose(angles, flat, flat, none, at_knee, at_ankle, flat == 0, leg.yaw, roll, *extra)


def _mixed(still: np.ndarray, running: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Values that go from standing to running, shape (n, ...)."""
    part = share.reshape(-1, *[1] * (np.ndim(running) - 1))
    return (1 - part) * still + part * running


def _turned(still: Rotation, running: Rotation, share: np.ndarray) -> Rotation:
    """Rotations that go the shortest way from standing to running."""
    return still * Rotation.from_rotvec(share[:, None] * (still.inv() * running).as_rotvec())


def _mixed_trunk(still: TrunkPose, running: TrunkPose, share: np.ndarray) -> TrunkPose:
    turns = (_turned(getattr(still, name), getattr(running, name), share) for name in ("pelvis", "thorax", "head"))
    arms = (_mixed(getattr(still, name), getattr(running, name), share) for name in ("arm_swing", "elbow"))
    return TrunkPose(_mixed(still.mid_hip, running.mid_hip, share), *turns, *arms)


def _mixed_leg(
    still: LegPose, running: LegPose, share: np.ndarray, hip: np.ndarray, lengths: tuple[float, float]
) -> LegPose:
    def mixed(name: str) -> np.ndarray | None:
        ends = getattr(still, name), getattr(running, name)
        return None if ends[0] is None or ends[1] is None else _mixed(*ends, share)

    angles = _mixed(still.angles, running.angles, share)
    knee, ankle = leg_points(hip, angles, *lengths)
    stance = np.where(share < 0.5, still.stance, running.stance)
    pitch, bend, give, roll = (mixed(name) for name in ("pitch", "bend", "give", "roll"))
    return LegPose(
        angles, pitch, bend, give, knee, ankle, stance, running.yaw, roll, mixed("eversion"), mixed("fore_share")
    )

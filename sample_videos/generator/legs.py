"""Legs: the standing foot is prescribed on the belt, the swing is prescribed in joint angles.

In stance the ankle follows from the shoe rolling on the belt while its cushion gives way, and hip and knee
angles from two-link inverse kinematics. In swing, quintic splines of thigh, knee, ankle and leg tilt join the
two stances. The foot lands without a jump in speed: it arrives sinking and slower than the belt, and what is
left of that after contact goes into the cushion. It leaves with a small lift. Axes: forward, left, up; metres
and radians.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BSpline, CubicHermiteSpline, make_interp_spline
from scipy.optimize import brentq

from .frontal import Eversion, ankle_shift
from .habits import Habits, ramp
from .shoe import ShoeGeometry
from .spec import RunnerSpec
from .timing import Steps

# Share of stance: foot flat reached, forefoot starts to roll. Foot-flat near a fifth of stance and heel-off near half
# follow Novacheck 1998 (DOI 10.1016/S0966-6362(97)00038-6): both ease in and out, so the foot is within a degree of
# flat from 0.20 on, and the heel has risen by a centimetre at 0.55.
FLAT, TOE_ROLL = 0.24, 0.78
# Share of stance at which the cushion is squashed and sheared the most.
SQUASHED, SHEARED = 0.20, 0.12
UNBEND_S = 0.080
DIFF_S = 1e-3
# Each round leaves about a tenth of the error in tilt: four end below a thousandth of a degree.
ROLL_ROUNDS = 4

# Angle names, in the order of the arrays: thigh forward of the leg plane's vertical, knee flexion, ankle
# dorsiflexion, tilt of the leg plane to the left.
THIGH, KNEE, ANKLE, TILT = range(4)


@dataclass(frozen=True)
class LegPose:
    """One leg at `n` instants.

    Attributes
    ----------
    angles : ndarray of shape (n, 4)
        Thigh, knee, ankle and tilt (rad).
    pitch, bend : ndarray of shape (n,)
        Pitch of the rearfoot, positive toes up, and bend at the toe joints, positive heel up (rad).
    give : ndarray of shape (n, 2)
        How far the foot has moved forward and down into the cushion of its shoe (m).
    knee, ankle : ndarray of shape (n, 3)
        Joints (m).
    stance : ndarray of shape (n,)
        Whether the foot is on the belt.
    yaw : float
        The foot's turn to the left (rad).
    roll : ndarray of shape (n,)
        The foot's turn about its long axis, positive with the left edge up (rad).
    eversion : ndarray of shape (n,), optional
        Rearfoot against shank, everted positive (rad), where it is prescribed.
    fore_share : ndarray of shape (n,), optional
        Share of the rearfoot's roll that the forefoot takes part in, where eversion is prescribed.
    """

    angles: np.ndarray
    pitch: np.ndarray
    bend: np.ndarray
    give: np.ndarray
    knee: np.ndarray
    ankle: np.ndarray
    stance: np.ndarray
    yaw: float
    roll: np.ndarray
    eversion: np.ndarray | None = None
    fore_share: np.ndarray | None = None


def load(share: np.ndarray, top: float, slope: float) -> np.ndarray:
    """Rise from 0 with a slope to 1 at `top`, then return to 0 at 1; smooth from there on."""
    return CubicHermiteSpline([0.0, top, 1.0], [0.0, 1.0, 0.0], [slope, 0.0, 0.0])(share)


def foot_pitch(
    share: np.ndarray, strike: float, turn: float, off: float, forefoot_off: float, habits: Habits
) -> tuple[np.ndarray, np.ndarray]:
    """Pitch of rearfoot and forefoot through stance (rad, positive toes up).

    Parameters
    ----------
    share : ndarray
        Time since contact as a share of stance.
    strike, off, forefoot_off : float
        Pitch at contact, of the rearfoot at toe-off and of the forefoot at toe-off (rad).
    turn : float
        Rate of the pitch at contact (rad per stance).
    habits : Habits
        How the heel rises.
    """
    landing = CubicHermiteSpline([0.0, FLAT], [strike, 0.0], [turn, 0.0])(np.minimum(share, FLAT))
    rear = landing + off * habits.risen(share)
    fore = landing + forefoot_off * ramp((share - TOE_ROLL) / (1 - TOE_ROLL))
    return rear, fore


def solve_leg(hip: np.ndarray, ankle: np.ndarray, thigh: float, shank: float) -> np.ndarray:
    """Two-link inverse kinematics with the knee bending forward.

    Parameters
    ----------
    hip, ankle : ndarray of shape (n, 3)
    thigh, shank : float
        Segment lengths (m).

    Returns
    -------
    ndarray of shape (n, 3)
        Thigh angle, knee flexion, leg tilt (rad).

    Raises
    ------
    ValueError
        If an ankle is out of reach: a clipped solution would break the promise that the foot does not slip.
    """
    gap = ankle - hip
    down = np.hypot(gap[:, 1], gap[:, 2])
    reach = np.hypot(gap[:, 0], down)
    if np.any(reach >= (thigh + shank) * 0.9999):
        raise ValueError(f"the ankle is out of reach by {np.max(reach) - thigh - shank:.4f} m; lower the hip height")
    inner = np.arccos((thigh**2 + reach**2 - shank**2) / (2 * thigh * reach))
    flexion = np.pi - np.arccos((thigh**2 + shank**2 - reach**2) / (2 * thigh * shank))
    return np.stack([np.arctan2(gap[:, 0], down) + inner, flexion, np.arctan2(gap[:, 1], -gap[:, 2])], axis=-1)


def leg_points(hip: np.ndarray, angles: np.ndarray, thigh: float, shank: float) -> tuple[np.ndarray, np.ndarray]:
    """Knee and ankle joint from the hip joint and the leg's angles (m)."""
    tilt = angles[:, TILT]
    down = np.stack([np.zeros_like(tilt), np.sin(tilt), -np.cos(tilt)], axis=-1)
    forward = np.array([1.0, 0.0, 0.0])

    def along(angle: np.ndarray) -> np.ndarray:
        return np.sin(angle)[:, None] * forward + np.cos(angle)[:, None] * down

    knee = hip + thigh * along(angles[:, THIGH])
    return knee, knee + shank * along(angles[:, THIGH] - angles[:, KNEE])


class Leg:
    """One leg's motion over a whole clip.

    Parameters
    ----------
    spec : RunnerSpec
    steps : Steps
    side : int
        0 right, 1 left.
    lengths : tuple of float
        Thigh and shank length (m).
    shoe : ShoeGeometry
    hip_at : callable
        Hip joint (n, 3) at given times.
    mid_hip_at : callable
        Mid-hip (n, 3) at given times.
    """

    def __init__(
        self,
        spec: RunnerSpec,
        steps: Steps,
        side: int,
        lengths: tuple[float, float],
        shoe: ShoeGeometry,
        hip_at: Callable[[np.ndarray], np.ndarray],
        mid_hip_at: Callable[[np.ndarray], np.ndarray],
    ) -> None:
        self.spec, self.shoe, self.lengths, self.hip_at = spec, shoe, lengths, hip_at
        own = np.flatnonzero(steps.side == side)
        self.contact, self.off = steps.contact_s[own], steps.off_s[own]
        self.eversion = None if spec.frontal is None else Eversion(spec.frontal, side, self.contact, self.off)
        toe_out = spec.toe_out_deg if spec.frontal is None else spec.frontal.toe_out_deg[side]
        self.lateral = (-1 if side == 0 else 1) * spec.step_width_m / 2
        self.yaw = (-1 if side == 0 else 1) * np.radians(toe_out)
        if self.eversion is not None:
            # Step width is the heels' there, and toe-out brings them nearer to each other.
            self.lateral -= shoe.heel_x * np.sin(self.yaw)
        noise = {name: values[own] for name, values in steps.noise.items()}
        self.strike = np.radians(spec.strike_pitch_deg + spec.strike_pitch_sd_deg * noise["pitch"])
        self.knee_peak = np.radians(spec.knee_swing_peak_deg + spec.knee_swing_sd_deg * noise["knee"])
        ahead = spec.overstride_m + spec.overstride_sd_m * noise["overstride"]
        local = np.array([shoe.ankle(np.array([s]), np.zeros(1))[0][0] for s in self.strike])
        # Where the flat shoe's origin would be at the instant of contact.
        self.place = mid_hip_at(self.contact)[:, 0] + ahead - local * np.cos(self.yaw)
        self.off_pitch = np.array([self._solve_off_pitch(k) for k in range(len(own))])
        self.swings = [self._swing(k) for k in range(len(own) - 1)]

    def _solve_off_pitch(self, k: int) -> float:
        """Rearfoot pitch at toe-off (rad) that leaves the knee flexed as wanted.

        The heel's rise is what the leg's length leaves over: solving for it keeps the knee from locking in
        a long contact.
        """
        (thigh, shank), share = self.lengths, self.spec.forefoot_roll_share
        flexion = np.radians(self.spec.knee_at_toe_off_deg)
        wanted = np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(flexion))
        hip = self.hip_at(self.off[k : k + 1])[0]
        belt = self.place[k] - self.spec.speed_m_s * (self.off[k] - self.contact[k])

        def excess(off: float) -> float:
            x, z = self.shoe.ankle(np.array([off]), np.array([(share - 1) * off]))
            ankle = [belt + x[0] * np.cos(self.yaw), self.lateral + x[0] * np.sin(self.yaw), z[0]]
            return float(np.linalg.norm(ankle - hip)) - wanted

        return brentq(excess, np.radians(-85.0), np.radians(-20.0))

    def _give(self, k: int, time: np.ndarray) -> np.ndarray:
        """How far the foot has moved forward and down into the cushion in stance `k` (m), shape (n, 2)."""
        spec, stance = self.spec, self.off[k] - self.contact[k]
        share = (time - self.contact[k]) / stance
        shear = spec.shear_m * load(share, SHEARED, spec.landing_slow_m_s * stance / spec.shear_m)
        squash = spec.squash_m * load(share, SQUASHED, spec.landing_sink_m_s * stance / spec.squash_m)
        return np.stack([shear, squash], axis=-1)

    def _standing(self, k: int, time: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Angles (n, 4), pitch and bend of stance `k`; may be asked slightly beyond its ends."""
        spec, stance = self.spec, self.off[k] - self.contact[k]
        turn, off = np.radians(spec.landing_turn_deg_s) * stance, self.off_pitch[k]
        share = (time - self.contact[k]) / stance
        rear, fore = foot_pitch(share, self.strike[k], turn, off, spec.forefoot_roll_share * off, spec.habits)
        x, z = self.shoe.ankle(rear, fore - rear)
        give = self._give(k, time)
        belt = self.place[k] - spec.speed_m_s * (time - self.contact[k]) + give[:, 0]
        across = self.lateral + x * np.sin(self.yaw)
        ankle = np.stack([belt + x * np.cos(self.yaw), across, z - give[:, 1]], axis=-1)
        hip = self.hip_at(time)
        thigh, knee, tilt = solve_leg(hip, ankle, *self.lengths).T
        if self.eversion is not None:
            # The rolling foot takes the ankle along, which changes the shank's tilt a little: found by repetition.
            for _ in range(ROLL_ROUNDS):
                roll = self.eversion.roll(time, rear, self.yaw, tilt)
                shift = ankle_shift(self.shoe.ankle_z, rear, self.yaw, roll)
                thigh, knee, tilt = solve_leg(hip, ankle + shift, *self.lengths).T
        return np.stack([thigh, knee, rear - (thigh - knee), tilt], axis=-1), rear, fore - rear

    def _joint_rates(self, angles: np.ndarray, ankle_speed: np.ndarray) -> np.ndarray:
        """Rates of thigh and knee (rad/s) that give the ankle a speed against the hip (forward, up; m/s)."""
        thigh, shank = self.lengths
        theta, lower = angles[THIGH], angles[THIGH] - angles[KNEE]
        jacobian = np.array(
            [
                [thigh * np.cos(theta) + shank * np.cos(lower), -shank * np.cos(lower)],
                [thigh * np.sin(theta) + shank * np.sin(lower), -shank * np.sin(lower)],
            ]
        )
        return np.linalg.solve(jacobian, ankle_speed)

    def _leaving_rates(self, rates: np.ndarray, angles: np.ndarray) -> np.ndarray:
        """Rates just after toe-off: the rolling foot's plus a small lift that ends the contact at once."""
        lift = self._joint_rates(angles, np.array([0.0, self.spec.lift_off_m_s]))
        return rates + np.array([lift[0], lift[1], -(lift[0] - lift[1]), 0.0])

    def _swing(self, k: int) -> list[BSpline]:
        """Splines of the four angles from toe-off `k` to contact `k` + 1."""
        begin, end = self.off[k], self.contact[k + 1]
        around = begin + np.array([-DIFF_S, 0.0, DIFF_S])
        near = self._standing(k, around)[0]
        speed0 = self._leaving_rates((near[2] - near[0]) / (2 * DIFF_S), near[1])
        accel0 = (near[2] - 2 * near[1] + near[0]) / DIFF_S**2
        # Slopes at landing are those of the stance that follows, so the foot's speed has no jump.
        after = self._standing(k + 1, end + np.array([0.0, DIFF_S, 2 * DIFF_S]))[0]
        target, rates = after[0], (4 * after[1] - 3 * after[0] - after[2]) / (2 * DIFF_S)
        habits = self.spec.habits
        inner = {
            THIGH: (habits.thigh[0], np.radians(habits.thigh[1])),
            KNEE: (habits.knee[0], self.knee_peak[k] * np.array(habits.knee[1])),
            ANKLE: (habits.ankle[0], np.radians(habits.ankle[1])),
            TILT: ((), np.array([])),
        }
        splines = []
        for name in (THIGH, KNEE, ANKLE, TILT):
            share, values = inner[name]
            time = np.concatenate([[begin], begin + np.array(share) * (end - begin), [end]])
            points = np.concatenate([[near[1, name]], values, [target[name]]])
            ends = ([(1, speed0[name]), (2, accel0[name])], [(1, rates[name]), (3, 0.0)])
            splines.append(make_interp_spline(time, points, k=5, bc_type=ends))
        return splines

    def pose(self, time_s: np.ndarray) -> LegPose:
        """Pose of the leg at times within the clip."""
        count = len(time_s)
        angles, pitch, bend, give = np.zeros((count, 4)), np.zeros(count), np.zeros(count), np.zeros((count, 2))
        stance = np.zeros(count, dtype=bool)
        which = np.searchsorted(self.contact, time_s, side="right") - 1
        for k in np.unique(which):
            mine = which == k
            down = mine & (time_s <= self.off[k])
            up = mine & ~down
            stance |= down
            if down.any():
                angles[down], pitch[down], bend[down] = self._standing(k, time_s[down])
                give[down] = self._give(k, time_s[down])
            if up.any():
                angles[up] = np.stack([s(time_s[up]) for s in self.swings[k]], axis=-1)
                pitch[up] = angles[up, THIGH] - angles[up, KNEE] + angles[up, ANKLE]
                last = -(1 - self.spec.forefoot_roll_share) * self.off_pitch[k]
                fade = np.clip((time_s[up] - self.off[k]) / UNBEND_S, 0.0, 1.0)
                bend[up] = last * (1 - fade**3 * (10 - 15 * fade + 6 * fade**2))
        knee, ankle = leg_points(self.hip_at(time_s), angles, *self.lengths)
        if self.eversion is None:
            return LegPose(angles, pitch, bend, give, knee, ankle, stance, self.yaw, np.zeros(count))
        roll = self.eversion.roll(time_s, pitch, self.yaw, angles[:, TILT])
        extra = self.eversion.angle(time_s), self.eversion.fore_share(time_s)
        return LegPose(angles, pitch, bend, give, knee, ankle, stance, self.yaw, roll, *extra)

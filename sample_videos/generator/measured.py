"""Move the body by a measured treadmill trial instead of a prescribed run.

Foot attitude, pelvis and the legs' joint angles are the trial's, lengths are scaled to the body. In stance the ankle
goes where the measured foot carries it, with the sole just touching the belt at the force plate's initial contact and
toe-off; what the foot sinks or shears in between goes into the shoe's cushion. The pelvis is moved a little and slowly
so that the legs keep their measured angles, and inverse kinematics closes what is left. Trunk and arms, which carry no
markers, are the generator's at the trial's rhythm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.ndimage import gaussian_filter1d, maximum_filter1d
from scipy.spatial.transform import Rotation

from .body import load_rest_body
from .kinematics import Pose, Proportions
from .legs import LegPose, leg_points, solve_leg
from .runner import Runner, proportions, set_moving
from .shoe import ShoeGeometry
from .shoemaker import Shoe, make_shoe, place_shoe
from .spec import Look, RunnerSpec
from .timing import SIDES, Steps
from .trials import Trial, low_pass, read_trial
from .trunk import trunk_pose

GRID_HZ = 300.0
# Covered before and after the film (s), so that no filter's end is seen.
MARGIN_S = 0.8
# Share of stance at which the foot's slow sinking and creeping are pinned, and how much of each may remain (m).
KNOTS = np.array([0.0, 0.35, 0.70, 1.0])
SINK_M, CREEP_M = np.array([0.0, 0.012, 0.008, 0.0]), np.array([0.030, 0.004, 0.003, 0.003])
# The shoe's shear: how far, and how soon (s) it is reached.
SHEAR_M, SHEAR_S = 0.008, 0.025
# The measured path of the ankle rules this long around stance, then fades to the measured angles over the next.
HOLD_S, FADE_S = 0.020, 0.080
UNBEND_S, BEND_IN_S = 0.080, 0.050
# Corner of the pelvis correction (Hz): below the step rate, or the correction would bounce.
PELVIS_HZ = 6.0
# It looks this far beyond contact and toe-off (s).
EARLY_S, LATE_S = 0.04, 0.02
# Half of the rest pose's knee flexion is the body's way of placing joints, half a bent knee.
STANDING_SHARE = 0.5
# The swinging sole stays at least this high, and gains on the belt at least this fast next to contact.
CLEAR_M, CLEAR_M_S = 0.012, 0.25

# No knee is straighter than this (rad); the pelvis gives way over this time (s).
STRAIGHTEST, UNLOCK_S = np.radians(4.0), 0.04


def smooth_step(share: np.ndarray) -> np.ndarray:
    """Rise from 0 to 1 with flat ends."""
    u = np.clip(share, 0.0, 1.0)
    return u**3 * (10 - 15 * u + 6 * u**2)


def sagittal(segment: np.ndarray) -> np.ndarray:
    """Angle of a segment against straight down, forward positive (rad); a raised shank's goes beyond a right angle."""
    return np.arctan2(segment[..., 0], -segment[..., 2])


def lowest(shoe: Shoe, rear: np.ndarray, bend: np.ndarray, roll: np.ndarray) -> np.ndarray:
    """Height of the ankle above the shoe's lowest point (m)."""
    under = shoe.vertices[:, 2] < 0.035
    sole = replace(shoe, vertices=shoe.vertices[under])
    still = np.zeros(3), np.zeros(2)
    return np.array(
        [
            -place_shoe(sole, still[0], a, b, 0.0, still[1], c)[:, 2].min()
            for a, b, c in zip(rear, bend, roll, strict=True)
        ]
    )


@dataclass
class _Foot:
    """One foot on the grid; see `LegPose` for the angles."""

    contact: np.ndarray
    off: np.ndarray
    yaw: float
    pitch: np.ndarray
    bend: np.ndarray
    roll: np.ndarray
    place: np.ndarray
    reach: np.ndarray
    thigh: np.ndarray
    shank: np.ndarray
    give: np.ndarray
    ankle: np.ndarray
    lift: np.ndarray

    def share(self, clock: np.ndarray) -> np.ndarray:
        """Share of stance, NaN in swing."""
        out = np.full(len(clock), np.nan)
        for contact, off in zip(self.contact, self.off, strict=True):
            mine = (clock >= contact) & (clock <= off)
            out[mine] = (clock[mine] - contact) / (off - contact)
        return out


class Retargeted:
    """A trial carried over to a body.

    Parameters
    ----------
    trial : Trial
    start_s : float
        Time of the trial at which the film begins.
    duration_s : float
    size : Proportions
    shoes : tuple of Shoe
        Right and left.
    rest : tuple of float
        Thigh and shank angle of the body at rest, forward positive (rad).
    """

    def __init__(
        self,
        trial: Trial,
        start_s: float,
        duration_s: float,
        size: Proportions,
        shoes: tuple[Shoe, Shoe],
        rest: tuple[float, float],
    ) -> None:
        self.trial, self.start_s, self.size, self.shoes = trial, start_s, size, shoes
        self.clock = np.arange(-MARGIN_S, duration_s + MARGIN_S, 1 / GRID_HZ)
        stand = trial.standing
        legs = [self._length(stand[s], "hip", "knee") + self._length(stand[s], "knee", "ankle") for s in SIDES]
        self.scale = (size.thigh + size.shank) / float(np.mean(legs))
        self._pelvis()
        self.feet = [self._foot(side, rest) for side in (0, 1)]
        self.speed_m_s = float(np.median([v for side in (0, 1) for v in self._speeds(side)]))
        for side in (0, 1):
            self._stand(side)
        self._fit_pelvis()
        for side in (0, 1):
            self._swing(side)
            self._touch(side)
        self._unlock()

    @staticmethod
    def _length(points: dict[str, np.ndarray], a: str, b: str) -> float:
        return float(np.linalg.norm(points[a] - points[b]))

    def _on_grid(self, values: np.ndarray) -> np.ndarray:
        return CubicSpline(self.trial.time_s, values)(self.clock + self.start_s)

    def _pelvis(self) -> None:
        """Scaled mid-hip path, centred on the film's mean, and the pelvis's turns from standing."""
        points, stand = self.trial.points, self.trial.standing

        def turns(of: dict[str, dict[str, np.ndarray]]) -> np.ndarray:
            left = of["L"]["hip"] - of["R"]["hip"]
            up = (of["L"]["crest"] + of["R"]["crest"] - of["L"]["hip"] - of["R"]["hip"]) / 2
            yaw = np.arctan2(-left[..., 0], left[..., 1])
            drop = np.arcsin(left[..., 2] / np.linalg.norm(left, axis=-1))
            return np.stack([yaw, np.arctan2(up[..., 0], up[..., 2]), drop], axis=-1)

        self.turns = self._on_grid(turns(points) - turns(stand))
        mid = self._on_grid((points["L"]["hip"] + points["R"]["hip"]) / 2) * self.scale
        inside = (self.clock >= 0) & (self.clock <= self.clock[-1] - MARGIN_S)
        self.centre = np.append(mid[inside, :2].mean(axis=0), 0.0)
        self.mid_hip = mid - self.centre

    def hips(self, side: int) -> np.ndarray:
        """Hip joint of one side on the grid (m)."""
        sign = -1.0 if side == 0 else 1.0
        return self.mid_hip + Rotation.from_euler("ZYX", self.turns).apply([0.0, sign * self.size.half_hip, 0.0])

    def _foot(self, side: int, rest: tuple[float, float]) -> _Foot:
        """Attitude of one foot, the path its ankle would have, and the leg's angles."""
        name, trial, shape = SIDES[side], self.trial, self.size.shoe
        points, stand = trial.points[name], trial.standing[name]
        contacts = trial.contacts[name] - self.start_s
        keep = (contacts[:, 0] > self.clock[0] + 0.05) & (contacts[:, 1] < self.clock[-1] - 0.05)
        contact, off = contacts[keep].T
        axis, axis0 = points["ball"] - points["heel"], stand["ball"] - stand["heel"]
        pitch = np.unwrap(np.arctan2(axis[:, 2], axis[:, 0])) - np.arctan2(axis0[2], axis0[0])
        pitch -= 2 * np.pi * np.round(np.median(pitch) / (2 * np.pi))
        flat = np.zeros(len(self.clock), dtype=bool)
        for c, o in zip(contact, off, strict=True):
            flat |= (self.clock > c + 0.25 * (o - c)) & (self.clock < c + 0.45 * (o - c))
        yaw = float(np.median(self._on_grid(np.arctan2(axis[:, 1], axis[:, 0]))[flat]))
        roll = self._roll(name, yaw, pitch, np.arctan2(axis0[1], axis0[0]))
        roll = self._settle(roll - np.median(roll[flat]), contact, off)
        pitch = self._on_grid(pitch)
        bend = self._bend(pitch, self._on_grid(points["ball"][:, 2]) * self.scale, contact, off, shape)
        # The body's ankle, as a point of the measured foot: as high, and as far behind the toe joints.
        along = axis0 * [1, 1, 0] / np.hypot(axis0[0], axis0[1])
        ankle = stand["ball"] * [1, 1, 0] - along * shape.ball_x / self.scale + [0, 0, shape.ankle_z / self.scale]
        turn, shift = trial.feet[name]
        place = self._on_grid(turn @ ankle + shift) * self.scale - self.centre
        knee = sagittal(stand["knee"] - stand["hip"]) - sagittal(stand["ankle"] - stand["knee"])
        extra = STANDING_SHARE * (rest[0] - rest[1] - knee)
        thigh = self._on_grid(sagittal(points["knee"] - points["hip"])) + extra / 2
        shank = self._on_grid(sagittal(points["ankle"] - points["knee"])) - extra / 2
        reach = lowest(self.shoes[side], pitch, bend, roll)
        zero = np.zeros((len(self.clock), 2))
        return _Foot(contact, off, yaw, pitch, bend, roll, place, reach, thigh, shank, zero, place.copy(), zero[:, 0])

    def _roll(self, name: str, yaw: float, pitch: np.ndarray, standing_yaw: float) -> np.ndarray:
        """What remains of a measured foot's turn after a fixed yaw and its pitch (rad)."""
        foot = Rotation.from_matrix(self.trial.feet[name][0]) * Rotation.from_euler("z", standing_yaw)
        level = Rotation.from_euler("z", yaw) * Rotation.from_euler("y", -pitch[:, None])
        left = (level.inv() * foot).as_matrix()
        return self._on_grid(np.unwrap(np.arctan2(left[:, 2, 1], left[:, 1, 1])))

    def _bend(
        self, pitch: np.ndarray, ball: np.ndarray, contact: np.ndarray, off: np.ndarray, shape: ShoeGeometry
    ) -> np.ndarray:
        """Toe bend that keeps the forefoot on the belt while the heel is up (rad).

        How far the forefoot itself has rolled over its tip shows in the height of the toe joints.
        """
        tilt = np.radians(np.linspace(-60.0, 0.0, 121))
        _, height = shape.roll(tilt)
        height = height + shape.ball_x * np.sin(tilt)
        inside = [(self.clock >= c) & (self.clock <= o) for c, o in zip(contact, off, strict=True)]
        flat = np.median([ball[mine].min() for mine in inside])
        fore = np.interp(ball - flat, height[::-1], tilt[::-1])
        wanted = gaussian_filter1d(np.maximum(np.minimum(fore, 0.0) - pitch, 0.0) * (pitch < 0), 0.006 * GRID_HZ)
        bend = np.zeros(len(pitch))
        for c, o in zip(contact, off, strict=True):
            mine = (self.clock >= c) & (self.clock <= o)
            bend[mine] = wanted[mine] * smooth_step((self.clock[mine] - c) / BEND_IN_S)
            last = np.interp(o, self.clock, wanted)
            after = (self.clock > o) & (self.clock < o + UNBEND_S)
            bend[after] = last * (1 - smooth_step((self.clock[after] - o) / UNBEND_S))
        return bend

    def _settle(self, roll: np.ndarray, contact: np.ndarray, off: np.ndarray) -> np.ndarray:
        """Roll with the foot laid flat by mid-stance and left flat until it has gone."""
        weight = np.ones(len(roll))
        for c, o in zip(contact, off, strict=True):
            down = (self.clock - c) / (o - c)
            weight -= np.where(
                self.clock < o, smooth_step((down - 0.20) / 0.25), 1 - smooth_step((self.clock - o) / FADE_S)
            ) * (self.clock >= c)
        return roll * np.clip(weight, 0.0, 1.0)

    def _rolled(self, side: int) -> np.ndarray:
        """Forward place of the ankle on a shoe that rolls without slipping, against its flat place (m)."""
        foot = self.feet[side]
        return self.size.shoe.ankle(foot.pitch, foot.bend)[0] * np.cos(foot.yaw)

    def _speeds(self, side: int) -> list[float]:
        """Backward speed of the standing foot, one for each stance (m/s)."""
        foot, out = self.feet[side], []
        along = self._on_grid(self.trial.points[SIDES[side]]["ball"][:, 0]) * self.scale
        for c, o in zip(foot.contact, foot.off, strict=True):
            mine = (self.clock > c + 0.25 * (o - c)) & (self.clock < c + 0.60 * (o - c))
            out.append(-float(np.polyfit(self.clock[mine], along[mine], 1)[0]))
        return out

    def _stand(self, side: int) -> None:
        """Bring the ankle's path to the belt, stance by stance, and take the cushion's share of what is left."""
        foot, rolled = self.feet[side], self._rolled(side)
        middle = np.append((foot.off[:-1] + foot.contact[1:]) / 2, self.clock[-1] + 1)
        owner = np.searchsorted(middle, self.clock)
        for k, (c, o) in enumerate(zip(foot.contact, foot.off, strict=True)):
            mine = owner == k
            time = self.clock[mine]
            knots = c + KNOTS * (o - c)
            above = foot.place[mine, 2] - foot.reach[mine]
            above -= np.interp(c, time, above)
            at = np.interp(knots, time, above)
            fix = PchipInterpolator(knots, np.clip(at, -SINK_M, 0.0) - at)
            raised = fix(np.clip(time, c, o))
            slip = foot.place[mine, 0] - rolled[mine] + self.speed_m_s * (time - c)
            slip -= slip[(time > c + 0.35 * (o - c)) & (time < c + 0.65 * (o - c))].mean()
            at = np.interp(knots, time, slip)
            ahead = PchipInterpolator(knots, np.clip(at, -CREEP_M, CREEP_M) - at)(np.clip(time, c, o))
            across = foot.place[mine, 1]
            mean = across[(time > c + 0.2 * (o - c)) & (time < c + 0.6 * (o - c))].mean()
            hold = smooth_step((time - c) / 0.04) * smooth_step((o + FADE_S - time) / FADE_S)
            height = foot.reach[mine] + above + raised
            foot.ankle[mine] = np.stack([foot.place[mine, 0] + ahead, across + (mean - across) * hold, height], axis=-1)

    def _fit_pelvis(self) -> None:
        """Move the pelvis slowly to where the standing legs, with their measured angles, would have it."""
        want = np.full((len(self.clock), 3), np.nan)
        for side in (0, 1):
            foot = self.feet[side]
            need = foot.ankle - self._leg_vector(side, foot.ankle[:, 1]) - self.hips(side)
            around = np.zeros(len(self.clock), dtype=bool)
            for c, o in zip(foot.contact, foot.off, strict=True):
                around |= (self.clock > c - EARLY_S) & (self.clock < o + LATE_S)
            want[around] = need[around]
        known = np.isfinite(want[:, 0])
        for axis in (0, 2):
            filled = np.interp(self.clock, self.clock[known], want[known, axis])
            self.mid_hip[:, axis] += low_pass(filled, GRID_HZ, PELVIS_HZ)

    def _leg_vector(self, side: int, across: np.ndarray) -> np.ndarray:
        """From hip to ankle with the measured angles, the plane tilted to reach `across` (m)."""
        foot, size = self.feet[side], self.size
        ahead = size.thigh * np.sin(foot.thigh) + size.shank * np.sin(foot.shank)
        down = size.thigh * np.cos(foot.thigh) + size.shank * np.cos(foot.shank)
        aside = np.clip(across - self.hips(side)[:, 1], -0.4 * down, 0.4 * down)
        return np.stack([ahead, aside, -np.sqrt(down**2 - aside**2)], axis=-1)

    def _swing(self, side: int) -> None:
        """Away from the belt, let the measured angles rule."""
        foot = self.feet[side]
        weight = np.zeros(len(self.clock))
        for c, o in zip(foot.contact, foot.off, strict=True):
            away = np.maximum(np.maximum(c - self.clock, self.clock - o) - HOLD_S, 0.0)
            weight = np.maximum(weight, 1 - smooth_step(away / FADE_S))
        free = self.hips(side) + self._leg_vector(side, foot.ankle[:, 1])
        foot.ankle = free + (foot.ankle - free) * weight[:, None]

    def _touch(self, side: int) -> None:
        """Keep the sole off the belt in the air, on it in stance, and put the rest into the cushion."""
        foot = self.feet[side]
        share = foot.share(self.clock)
        standing = np.isfinite(share)
        above = foot.ankle[:, 2] - foot.reach
        edges = np.sort(np.concatenate([foot.contact, foot.off]))
        away = np.abs(self.clock[:, None] - edges).min(axis=1)
        floor = np.where(standing, -1.0, np.minimum(CLEAR_M_S * away, CLEAR_M))
        ceiling = np.where(standing, 0.0, 9.0)
        width = round(UNLOCK_S * GRID_HZ)
        lift = gaussian_filter1d(maximum_filter1d(np.maximum(floor - above, 0.0), width), width / 2)
        foot.lift = np.where(standing, 0.0, lift * smooth_step(away / FADE_S))
        foot.ankle[:, 2] += foot.lift - np.maximum(above - ceiling, 0.0)
        above = foot.ankle[:, 2] - foot.reach
        foot.give = np.zeros((len(self.clock), 2))
        foot.give[:, 1] = np.where(standing, np.maximum(-above, 0.0), 0.0)
        for c, o in zip(foot.contact, foot.off, strict=True):
            mine = (self.clock >= c) & (self.clock <= o)
            since = self.clock[mine] - c
            foot.give[mine, 0] = (
                SHEAR_M * smooth_step(since / SHEAR_S) * (1 - smooth_step((since / (o - c) - 0.2) / 0.5))
            )

    def _unlock(self) -> None:
        """Lower the pelvis where a knee would be straighter than people's."""
        thigh, shank = self.size.thigh, self.size.shank
        longest = np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(STRAIGHTEST))
        excess = np.zeros(len(self.clock))
        for side in (0, 1):
            gap = self.hips(side) - self.feet[side].ankle
            aside = np.minimum(np.hypot(gap[:, 0], gap[:, 1]), 0.9 * longest)
            excess = np.maximum(excess, gap[:, 2] - np.sqrt(longest**2 - aside**2))
        width = round(UNLOCK_S * GRID_HZ)
        self.lowered = gaussian_filter1d(maximum_filter1d(np.maximum(excess, 0.0), 2 * width), width / 2)
        self.mid_hip[:, 2] -= self.lowered


class MeasuredLeg:
    """One leg's path, with the contacts that the truth asks for.

    Parameters
    ----------
    run : Retargeted
    side : int
        0 right, 1 left.
    hip_at : callable
        Hip joint (n, 3) at given times.
    """

    def __init__(self, run: Retargeted, side: int, hip_at: Callable[[np.ndarray], np.ndarray]) -> None:
        foot = run.feet[side]
        self.contact, self.off, self.hip_at = foot.contact, foot.off, hip_at
        self._yaw, self._lengths = foot.yaw, (run.size.thigh, run.size.shank)
        self._ankle = CubicSpline(run.clock, foot.ankle)
        self._foot = CubicSpline(run.clock, np.stack([foot.pitch, foot.bend, foot.roll], axis=-1))
        self._give = PchipInterpolator(run.clock, foot.give)

    def pose(self, time_s: np.ndarray) -> LegPose:
        """Pose of the leg at times within the film (s)."""
        hip, ankle = self.hip_at(time_s), self._ankle(time_s)
        pitch, bend, roll = self._foot(time_s).T
        thigh, knee, tilt = solve_leg(hip, ankle, *self._lengths).T
        angles = np.stack([thigh, knee, pitch - (thigh - knee), tilt], axis=-1)
        knee_at, ankle_at = leg_points(hip, angles, *self._lengths)
        stance = np.any((time_s[:, None] >= self.contact) & (time_s[:, None] <= self.off), axis=1)
        return LegPose(angles, pitch, bend, self._give(time_s), knee_at, ankle_at, stance, self._yaw, roll)


class MeasuredMotion:
    """A run that follows a trial; stands in for `Motion`.

    Parameters
    ----------
    spec : RunnerSpec
        Lean and the trunk's and arms' habits; its rhythm should be the trial's.
    run : Retargeted
    lean_offset : float
        As for `Motion`.
    """

    def __init__(self, spec: RunnerSpec, run: Retargeted, lean_offset: float) -> None:
        self.spec, self.run, self.lean_offset = spec, run, lean_offset
        self.steps = steps_of(run)
        self._mid_hip = CubicSpline(run.clock, run.mid_hip)
        self._turns = CubicSpline(run.clock, run.turns)
        self.legs = tuple(MeasuredLeg(run, side, partial(self.hip, side=side)) for side in (0, 1))

    def _pelvis(self, time_s: np.ndarray) -> Rotation:
        return Rotation.from_euler("ZYX", self._turns(time_s))

    def hip(self, time_s: np.ndarray, side: int) -> np.ndarray:
        """Hip joint of one side (0 right, 1 left), shape (n, 3), in metres."""
        sign = -1.0 if side == 0 else 1.0
        return self._mid_hip(time_s) + self._pelvis(time_s).apply([0.0, sign * self.run.size.half_hip, 0.0])

    def pose(self, time_s: np.ndarray) -> Pose:
        """Pose of the whole body at the given times (s)."""
        time_s = np.asarray(time_s, dtype=float)
        trunk = trunk_pose(self.spec, self.steps, time_s, 0.0, self.lean_offset)
        trunk = replace(trunk, mid_hip=self._mid_hip(time_s), pelvis=self._pelvis(time_s))
        hips = (self.hip(time_s, 0), self.hip(time_s, 1))
        return Pose(time_s, trunk, hips, (self.legs[0].pose(time_s), self.legs[1].pose(time_s)))


def steps_of(run: Retargeted) -> Steps:
    """Contacts of both feet in order, with the smooth phase that trunk and arms follow."""
    rows = sorted(
        (c, o, side) for side in (0, 1) for c, o in zip(run.feet[side].contact, run.feet[side].off, strict=True)
    )
    contact, off, side = (np.array(column) for column in zip(*rows, strict=True))
    if (np.diff(side) == 0).any():
        raise ValueError(f"{run.trial.name}: a contact is missing near {run.start_s:.1f} s; begin elsewhere")
    whole = np.arange(len(contact), dtype=float)
    share = float(np.mean((off - contact)[:-1] / np.diff(contact)))
    times = np.stack([contact, off], axis=1).ravel()
    return Steps(contact, off, side, {}, CubicSpline(times, np.stack([whole, whole + share], axis=1).ravel()))


@dataclass(frozen=True)
class Recording:
    """Which part of which trial moves the body, and what no marker tells.

    Attributes
    ----------
    folder : Path
        Where the trials are; see `read_trial`.
    trial : str
    start_s, duration_s : float
        Part of the trial (s).
    look : Look
    lean_deg : float
        Mean forward lean of the line from hips to shoulders.
    """

    folder: Path
    trial: str
    start_s: float
    duration_s: float
    look: Look
    lean_deg: float


def make_measured_runner(recording: Recording) -> Runner:
    """Build a runner of the recorded stature who moves as recorded."""
    trial = read_trial(recording.folder, recording.trial)
    look = recording.look
    body = load_rest_body(trial.height_m, look.shape)
    shoes = (make_shoe(body, "R", look), make_shoe(body, "L", look))
    hip, knee, ankle = (body.head_of(f"{bone}.R") for bone in ("upperleg01", "lowerleg01", "foot"))
    thigh, shank = (np.arctan2(-segment[1], -segment[2]) for segment in (knee - hip, ankle - knee))
    size = proportions(body, shoes[0])
    run = Retargeted(trial, recording.start_s, recording.duration_s, size, shoes, (thigh, shank))
    steps = steps_of(run)
    spec = RunnerSpec(
        stature_m=trial.height_m,
        speed_m_s=run.speed_m_s,
        cadence_spm=60.0 / float(np.diff(steps.contact_s).mean()),
        contact_s=float((steps.off_s - steps.contact_s).mean()),
        trunk_lean_deg=recording.lean_deg,
        look=look,
    )
    return set_moving(spec, body, shoes, partial(MeasuredMotion, spec, run))

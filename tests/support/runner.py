"""A simulated runner with known truth: landmarks made from the truth of the sample clip, and ways to spoil them.

The image positions of hip, knee, ankle, heel, toe and shoulder come from `sample_videos/side_60fps.truth.json`: a
pinhole picture of prescribed running, free of any pose model. Each function takes a :class:`PoseSequence` and returns
a changed copy, so that troubles can be combined.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline

from gait.metrics.options import ClipOptions
from gait.model import Floats, PoseSequence, Recording
from gait.signals.legs import Leg
from gait.skeleton import BLAZEPOSE

SAMPLES = Path(__file__).parents[2] / "sample_videos"

_PARTS = {"hip": "hip", "knee": "knee", "ankle": "ankle", "heel": "heel", "toe": "foot_index", "shoulder": "shoulder"}
_EXCHANGED = ("knee", "ankle", "heel", "foot_index")
_SIDES = {"L": "left", "R": "right"}


@dataclass(frozen=True, eq=False)
class Truth:
    """What is true of the sample clip.

    ``xy_px`` (T, 33, 2) and ``xyz_m`` (T, 33, 3) are NaN for landmarks that the truth does not hold.
    """

    times_s: Floats
    xy_px: Floats
    xyz_m: Floats
    ic_s: dict[str, Floats]
    to_s: dict[str, Floats]
    metrics: dict[str, float]
    size_px: tuple[int, int]
    height_m: float
    belt_speed_m_s: float


@lru_cache
def truth() -> Truth:
    """Read the truth of the sample clip: right side, 60 Hz, 10.5 s."""
    saved: dict[str, Any] = json.loads((SAMPLES / "side_60fps.truth.json").read_text(encoding="utf-8"))
    frames = saved["frames"]
    xy = np.full((len(frames), len(BLAZEPOSE.landmarks), 2), np.nan)
    xyz = np.full((len(frames), len(BLAZEPOSE.landmarks), 3), np.nan)
    for short, side in _SIDES.items():
        for part, landmark in _PARTS.items():
            k = BLAZEPOSE.index(f"{side}_{landmark}")
            xy[:, k] = [frame[short]["p2"][part] for frame in frames]
            xyz[:, k] = [frame[short]["p3"][part] for frame in frames]
    width, height = saved["size"]
    return Truth(
        times_s=np.arange(len(frames)) / saved["fps"],
        xy_px=xy,
        xyz_m=xyz,
        ic_s={side: np.array(saved["events"][short]["ic"]) for short, side in _SIDES.items()},
        to_s={side: np.array(saved["events"][short]["to"]) for short, side in _SIDES.items()},
        metrics=saved["metrics"],
        size_px=(width, height),
        height_m=saved["height_m"],
        belt_speed_m_s=saved["speed"],
    )


def pose_of(times_s: Floats, xy_px: Floats) -> PoseSequence:
    """Wrap landmarks as if a pose model without any offset had found them."""
    seen = np.isfinite(xy_px[..., 0])
    return PoseSequence(
        times_s=np.asarray(times_s, dtype=float),
        xy_px=np.asarray(xy_px, dtype=float),
        score=seen.astype(float),
        depth=np.zeros(seen.shape),
        skeleton=BLAZEPOSE.name,
        estimator="truth",
        version="1",
    )


def runner(rate_hz: float = 60.0, *, noise_px: float = 0.0, seed: int = 1, stop_s: float | None = None) -> PoseSequence:
    """Film the runner at any rate: a cubic spline through the 60 Hz truth, with white noise if wanted."""
    known = truth()
    times_s = np.arange(0.0, min(known.times_s[-1], stop_s or np.inf) + 1e-9, 1.0 / rate_hz)
    pose = at_times(times_s)
    return noisy(pose, noise_px, seed) if noise_px else pose


def at_times(times_s: Floats) -> PoseSequence:
    """Film the runner at any times, even or not."""
    known = truth()
    seen = np.isfinite(known.xy_px[0, :, 0])
    xy = np.full((len(times_s), len(seen), 2), np.nan)
    xy[:, seen] = CubicSpline(known.times_s, known.xy_px[:, seen])(times_s)
    return pose_of(times_s, xy)


def uneven(rate_hz: float, jitter: float, seed: int = 1) -> PoseSequence:
    """Film at a variable rate: every frame early or late by up to ``jitter`` frame intervals."""
    times_s = np.arange(1.0, 10.4 * rate_hz) / rate_hz
    return at_times(times_s + np.random.default_rng(seed).uniform(-jitter, jitter, len(times_s)) / rate_hz)


def options(*, scale: float = 1.0, **changes: Any) -> ClipOptions:
    """Options that fit the simulated runner; ``scale`` enlarges the picture."""
    width, height = truth().size_px
    recording = Recording(height_m=truth().height_m)
    usual: dict[str, Any] = {
        "video": "clip",
        "size_px": (round(width * scale), round(height * scale)),
        "file_rate_hz": 60.0,
    }
    return ClipOptions(**(usual | {"recording": recording} | changes))


def noisy(pose: PoseSequence, sd_px: float, seed: int = 1) -> PoseSequence:
    """Add white noise to every coordinate."""
    return replace(pose, xy_px=pose.xy_px + np.random.default_rng(seed).normal(0.0, sd_px, pose.xy_px.shape))


def mirror_image(pose: PoseSequence, width_px: float) -> PoseSequence:
    """Show the picture of the mirror-image runner: x reflected, left and right of the body exchanged."""
    order = list(BLAZEPOSE.mirror)
    xy = pose.xy_px[:, order].copy()
    xy[..., 0] = width_px - xy[..., 0]
    return replace(pose, xy_px=xy, score=pose.score[:, order], depth=pose.depth[:, order])


def shifted(pose: PoseSequence, dx_px: float, dy_px: float) -> PoseSequence:
    """Move the whole picture."""
    return replace(pose, xy_px=pose.xy_px + np.array([dx_px, dy_px]))


def scaled(pose: PoseSequence, factor: float) -> PoseSequence:
    """Enlarge the picture about its upper left corner."""
    return replace(pose, xy_px=pose.xy_px * factor)


def stretched(pose: PoseSequence, factor: float) -> PoseSequence:
    """Play the same movement slower (factor above 1) or faster."""
    return replace(pose, times_s=pose.times_s * factor)


def without_frames(pose: PoseSequence, share: float, seed: int = 1) -> PoseSequence:
    """Lose single frames at random, as overloaded cameras do; their times are gone too."""
    keep = np.random.default_rng(seed).random(len(pose.times_s)) >= share
    keep[[0, -1]] = True
    return _rows(pose, keep)


def _rows(pose: PoseSequence, keep: Any) -> PoseSequence:
    return replace(
        pose, times_s=pose.times_s[keep], xy_px=pose.xy_px[keep], score=pose.score[keep], depth=pose.depth[keep]
    )


def part(pose: PoseSequence, start_s: float, stop_s: float) -> PoseSequence:
    """Cut a passage out; times stay."""
    return _rows(pose, (pose.times_s >= start_s - 1e-9) & (pose.times_s <= stop_s + 1e-9))


def with_outliers(
    pose: PoseSequence, share: float, seed: int = 1, jump_px: tuple[float, float] = (60.0, 200.0)
) -> tuple[PoseSequence, np.ndarray]:
    """Throw single landmarks away from their place; also return which, (T, 33) bool."""
    rng = np.random.default_rng(seed)
    hit = (rng.random(pose.score.shape) < share) & np.isfinite(pose.xy_px[..., 0])
    angle = rng.uniform(0.0, 2 * np.pi, hit.shape)
    length = rng.uniform(*jump_px, hit.shape)
    jump = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * length[..., None]
    return replace(pose, xy_px=np.where(hit[..., None], pose.xy_px + jump, pose.xy_px)), hit


def swapped(pose: PoseSequence, frames: Any) -> PoseSequence:
    """Exchange knee, ankle, heel and toe of both legs in some frames (index or mask)."""
    rows = np.flatnonzero(frames) if np.asarray(frames).dtype == bool else np.asarray(frames)
    left = np.array(BLAZEPOSE.indices([f"left_{p}" for p in _EXCHANGED]))
    right = np.array(BLAZEPOSE.indices([f"right_{p}" for p in _EXCHANGED]))
    xy = pose.xy_px.copy()
    xy[rows[:, None], left] = pose.xy_px[rows[:, None], right]
    xy[rows[:, None], right] = pose.xy_px[rows[:, None], left]
    return replace(pose, xy_px=xy)


def random_swaps(pose: PoseSequence, share: float, seed: int = 1) -> PoseSequence:
    """Exchange the legs in frames chosen at random."""
    return swapped(pose, np.random.default_rng(seed).random(len(pose.times_s)) < share)


def occluded(pose: PoseSequence, first: int, count: int) -> PoseSequence:
    """Hide both legs for some frames."""
    hidden = [i for i, name in enumerate(BLAZEPOSE.landmarks) if name.partition("_")[2] in _PARTS.values()]
    hidden = [i for i in hidden if "shoulder" not in BLAZEPOSE.landmarks[i]]
    xy, score = pose.xy_px.copy(), pose.score.copy()
    xy[first : first + count, hidden] = np.nan
    score[first : first + count, hidden] = 0.0
    return replace(pose, xy_px=xy, score=score)


def drifting(pose: PoseSequence, distance_px: float) -> PoseSequence:
    """Let the runner fall back and catch up once over the clip, by so much either way."""
    phase = 2 * np.pi * (pose.times_s - pose.times_s[0]) / (pose.times_s[-1] - pose.times_s[0])
    shift = np.zeros_like(pose.xy_px)
    shift[..., 0] = distance_px * np.sin(phase)[:, None]
    return replace(pose, xy_px=pose.xy_px + shift)


def rolled(pose: PoseSequence, horizon_deg: float) -> PoseSequence:
    """Roll the camera so that the true horizontal rises to the right by so much in the picture."""
    width, height = truth().size_px
    centre = np.array([width / 2, height / 2])
    angle = np.radians(horizon_deg)
    # y points down: a picture direction (1, 0) becomes (cos, -sin), which rises to the right.
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return replace(pose, xy_px=(pose.xy_px - centre) @ turn.T + centre)


def walker(cadence_spm: float = 116.0, rate_hz: float = 60.0, duration_s: float = 10.0) -> PoseSequence:
    """Walk on stiff legs: the hips vault over the standing foot, highest when the feet pass each other."""
    times_s = np.arange(0.0, duration_s, 1.0 / rate_hz)
    leg_px, stride_hz, reach_px = 250.0, cadence_spm / 120.0, 90.0
    phase = 2 * np.pi * stride_hz * times_s
    xy = np.full((len(times_s), len(BLAZEPOSE.landmarks), 2), np.nan)
    hip = np.stack([np.full(len(times_s), 640.0), 600.0 - np.sqrt(leg_px**2 - (reach_px * np.cos(phase)) ** 2)], axis=1)
    for side, turn in (("left", 0.0), ("right", np.pi)):
        ahead = reach_px * np.cos(phase + turn)
        lift = 25.0 * np.minimum(np.sin(phase + turn), 0.0)
        ankle = np.stack([640.0 + ahead, 600.0 + lift], axis=1)
        points = {
            "hip": hip,
            "knee": (hip + ankle) / 2 + np.array([6.0, 0.0]),
            "ankle": ankle,
            "heel": ankle + np.array([-18.0, 18.0]),
            "foot_index": ankle + np.array([50.0, 22.0]),
            "shoulder": hip + np.array([10.0, -150.0]),
        }
        for landmark, path in points.items():
            xy[:, BLAZEPOSE.index(f"{side}_{landmark}")] = path
    return pose_of(times_s, xy)


def standing_upright(duration_s: float = 2.0, rate_hz: float = 60.0, noise_px: float = 0.5) -> PoseSequence:
    """Stand with both feet flat under the hips, the soles' landmarks 5.04 deg toes down, where the runner runs."""
    points = {
        "hip": (620.0, 330.0),
        "knee": (622.0, 455.0),
        "ankle": (618.0, 575.0),
        "heel": (600.0, 600.0),
        "foot_index": (668.0, 606.0),
        "shoulder": (622.0, 200.0),
    }
    times_s = np.arange(0.0, duration_s, 1.0 / rate_hz)
    xy = np.full((len(times_s), len(BLAZEPOSE.landmarks), 2), np.nan)
    for side, aside in (("left", 3.0), ("right", -3.0)):
        for landmark, (x, y) in points.items():
            xy[:, BLAZEPOSE.index(f"{side}_{landmark}")] = (x + aside, y)
    return noisy(pose_of(times_s, xy), noise_px)


def joined(first: PoseSequence, then: PoseSequence) -> PoseSequence:
    """Show one after the other."""
    step_s = first.times_s[1] - first.times_s[0]
    later = then.times_s - then.times_s[0] + first.times_s[-1] + step_s
    both = pose_of(np.concatenate([first.times_s, later]), np.concatenate([first.xy_px, then.xy_px]))
    return replace(both, depth=np.concatenate([first.depth, then.depth]))


def standing(duration_s: float = 10.0, rate_hz: float = 60.0, noise_px: float = 1.0) -> PoseSequence:
    """Stand still: the runner's first picture over and over, with landmark noise (0 for a still picture)."""
    times_s = np.arange(0.0, duration_s, 1.0 / rate_hz)
    still = pose_of(times_s, np.repeat(truth().xy_px[:1], len(times_s), axis=0))
    return noisy(still, noise_px) if noise_px else still


def seen_from_behind(rate_hz: float = 60.0, *, towards: bool = False) -> PoseSequence:
    """Film the runner from behind (or from the front) with a camera at hip height, 3.5 m away."""
    known = truth()
    seen = np.isfinite(known.xyz_m[0, :, 0])
    times_s = np.arange(0.0, known.times_s[-1] + 1e-9, 1.0 / rate_hz)
    x, y, z = np.moveaxis(CubicSpline(known.times_s, known.xyz_m[:, seen])(times_s), -1, 0)
    # The runner faces -y with the left side at +x: from behind, +x is on the left of the picture.
    facing = 1.0 if towards else -1.0
    away_m = 3.5 + facing * y
    focal_px, (width, height) = 1100.0, known.size_px
    xy = np.full((len(times_s), len(seen), 2), np.nan)
    xy[:, seen, 0] = width / 2 + facing * focal_px * x / away_m
    xy[:, seen, 1] = height / 2 - focal_px * (z - 0.9) / away_m
    depth = np.zeros(xy.shape[:2])
    depth[:, BLAZEPOSE.index("nose")] = -100.0 if towards else 100.0
    return replace(pose_of(times_s, xy), depth=depth)


def standing_from_behind(duration_s: float = 2.0, rate_hz: float = 60.0, noise_px: float = 0.5) -> PoseSequence:
    """Stand on the belt with both feet flat, where :func:`seen_from_behind` runs."""
    run = seen_from_behind(rate_hz)
    heights = {part: 0.9 - z for part, z in (("hip", 0.93), ("knee", 0.51), ("ankle", 0.10), ("heel", 0.04))}
    times_s = np.arange(0.0, duration_s, 1.0 / rate_hz)
    still = run.xy_px[0].copy()
    for side, sign in (("left", -1.0), ("right", 1.0)):
        for part, down_m in (*heights.items(), ("foot_index", 0.88)):
            x_m = sign * (0.12 if part == "foot_index" else 0.09)
            still[BLAZEPOSE.index(f"{side}_{part}")] = (640.0 + 1100.0 * x_m / 3.5, 360.0 + 1100.0 * down_m / 3.5)
    pose = pose_of(times_s, np.repeat(still[None], len(times_s), axis=0))
    return noisy(replace(pose, depth=np.repeat(run.depth[:1], len(times_s), axis=0)), noise_px)


THIGH, SHANK, TRUNK = 40.0, 40.0, 50.0


def stick_leg(
    thigh_deg: float = 0.0,
    shank_deg: float = 0.0,
    foot_deg: float = 0.0,
    trunk_deg: float = 0.0,
    *,
    seconds: float = 0.5,
    side: str = "right",
) -> Leg:
    """Draw a leg that stands still in a given position; the heel is 10 behind and 5 below the ankle when flat."""

    def towards(angle_deg: float, length: float) -> Floats:
        return length * np.array([np.sin(np.radians(angle_deg)), -np.cos(np.radians(angle_deg))])

    hip = np.array([0.0, 80.0])
    knee = hip + towards(thigh_deg, THIGH)
    ankle = knee + towards(shank_deg, SHANK)
    turn = np.radians(foot_deg)
    heel = ankle + np.array([-10.0, -5.0])
    toe = heel + 25.0 * np.array([np.cos(turn), np.sin(turn)])
    shoulder = hip - towards(-trunk_deg, TRUNK)
    points = {"hip": hip, "knee": knee, "ankle": ankle, "heel": heel, "toe": toe}
    points |= {"mid_hip": hip, "mid_shoulder": shoulder}
    times_s = np.arange(round(seconds * 1000)) / 1000.0
    position = {name: np.tile(point, (len(times_s), 1)) for name, point in points.items()}
    return Leg(side, times_s, position, {name: np.zeros((len(times_s), 2)) for name in points}, "px")

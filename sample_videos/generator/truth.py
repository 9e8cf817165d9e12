"""What is true of a clip: events, joints in metres and pixels, and the gait measures that follow."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np

from .kinematics import Pose
from .posing import SIDE_NAMES, PosedBones
from .rear_truth import rear_head, rear_metrics, rear_rows
from .runner import Runner
from .spec import CameraSpec, ClipSpec
from .tape import MARKS

POINTS = ("hip", "knee", "ankle", "ball", "shoulder", "heel", "toe")
PRESCRIBED = "sample_videos/generate.py: parametric running of an Anny body, all kinematics prescribed"
RIG_JOINTS = {"hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot", "shoulder": "upperarm01"}


def foot_points(runner: Runner, pose: Pose, side: int) -> dict[str, np.ndarray]:
    """Points of the shoe through time.

    Parameters
    ----------
    runner : Runner
    pose : Pose
    side : int
        0 right, 1 left.

    Returns
    -------
    dict of str to ndarray
        "heel" rearmost and "toe" foremost point of the resting shoe, "ball" the toe joints, each (n, 3) in
        metres; "sole" the lowest point's height (n,).
    """
    shoe = runner.shoes[side]
    own = shoe.vertices[: shoe.bare]
    heel, toe = int(own[:, 0].argmin()), int(own[:, 0].argmax())
    top = np.array([shoe.geometry.ball_x, 0.0, 0.045])
    ball = int(np.linalg.norm(own - top, axis=1).argmin())
    rows: dict[str, list] = {"heel": [], "toe": [], "ball": [], "sole": []}
    for index in range(len(pose.time_s)):
        points = runner.shoe_points(pose, index, side)
        for name, vertex in (("heel", heel), ("toe", toe), ("ball", ball)):
            rows[name].append(points[vertex])
        rows["sole"].append(points[: shoe.bare, 2].min())
    return {name: np.array(values) for name, values in rows.items()}


def track(runner: Runner, time_s: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """Follow joints and shoe points.

    Parameters
    ----------
    runner : Runner
    time_s : ndarray of shape (n,)

    Returns
    -------
    dict
        For "L" and "R": arrays (n, 3) in metres for each of ``POINTS``, and "sole" (n,).
    """
    pose, bones = runner.bones(time_s)
    return {name: _track_side(runner, pose, bones, side) for side, name in enumerate(SIDE_NAMES)}


def _track_side(runner: Runner, pose: Pose, bones: PosedBones, side: int) -> dict[str, np.ndarray]:
    out = foot_points(runner, pose, side)
    for point, bone in RIG_JOINTS.items():
        out[point] = bones.joints[:, runner.body.bones.index(f"{bone}.{SIDE_NAMES[side]}")]
    return out


def events(runner: Runner, duration_s: float) -> dict[str, dict[str, list[float]]]:
    """Initial contacts and toe-offs inside the clip (s)."""
    out = {}
    for side, name in enumerate(SIDE_NAMES):
        leg = runner.motion.legs[side]
        out[name] = {
            key: [round(float(t), 5) for t in times if 0 <= t <= duration_s]
            for key, times in (("ic", leg.contact), ("to", leg.off))
        }
    return dict(sorted(out.items()))


def _angles(points: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Sagittal angles in degrees as metrics.md section 5 defines them; forward is -y."""

    def lean(upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
        return np.degrees(np.arctan2(-(lower - upper)[:, 1], (upper - lower)[:, 2]))

    thigh, shank = lean(points["hip"], points["knee"]), lean(points["knee"], points["ankle"])
    foot = points["toe"] - points["heel"]
    return {"shank": shank, "knee": thigh - shank, "foot": np.degrees(np.arctan2(foot[:, 2], -foot[:, 1]))}


def metrics(runner: Runner, clip: ClipSpec) -> dict[str, float]:
    """Gait measures of the near leg: medians over its strides.

    Parameters
    ----------
    runner : Runner
    clip : ClipSpec

    Returns
    -------
    dict of str to float
        Names carry their units.
    """
    marks = events(runner, clip.duration_s)
    near, far = ("L", "R") if clip.camera.view == "side_left" else ("R", "L")
    contact, off = np.array(marks[near]["ic"]), np.array(marks[near]["to"])
    off = np.array([off[off > c][0] for c in contact if (off > c).any()])
    contact = contact[: len(off)]
    other = np.array(marks[far]["ic"])
    flight = [float(other[other > t][0] - t) for t in off if (other > t).any()]
    at = track(runner, contact)
    angles, middle = _angles(at[near]), 0.5 * (at["L"]["hip"] + at["R"]["hip"])
    shares = np.linspace(0.15, 0.30, 9)
    flat = np.array(
        [_angles(track(runner, c + shares * (t - c))[near])["foot"].mean() for c, t in zip(contact, off, strict=True)]
    )
    stance = [
        _angles(track(runner, np.linspace(c, t, 60))[near])["knee"].max() for c, t in zip(contact, off, strict=True)
    ]
    step = 0.5 * np.diff(contact)
    bounce, lean = _trunk_measures(runner, contact, np.sort(np.concatenate([contact, other])))
    values = {
        "cadence_spm": 60.0 / np.mean(step),
        "ground_contact_time_ms": 1e3 * np.median(off - contact),
        "flight_time_ms": 1e3 * np.median(flight),
        "overstride_cm": 100 * np.median(middle[:, 1] - at[near]["ankle"][:, 1]),
        "shank_angle_ic_deg": np.median(angles["shank"]),
        "knee_flexion_ic_deg": np.median(angles["knee"]),
        "knee_flexion_peak_stance_deg": np.median(stance),
        "trunk_lean_deg": lean,
        "foot_strike_angle_deg": np.median(angles["foot"] - flat),
        "vertical_oscillation_cm": bounce,
        "belt_speed_m_s": runner.spec.speed_m_s,
        "step_length_m": runner.spec.speed_m_s * np.mean(step),
    }
    return {name: round(float(value), 3) for name, value in values.items()}


def _trunk_measures(runner: Runner, contact: np.ndarray, every: np.ndarray) -> tuple[float, float]:
    """Median rise and fall of the mid-hip per step (cm), and mean trunk lean over whole strides (deg)."""

    def mid(at: dict, name: str) -> np.ndarray:
        return 0.5 * (at["L"][name] + at["R"][name])

    heights = []
    for begin, end in pairwise(every):
        _, bones = runner.bones(np.linspace(begin, end, 80))
        hip = [bones.joints[:, runner.body.bones.index(f"upperleg01.{s}"), 2] for s in SIDE_NAMES]
        heights.append(np.ptp(np.mean(hip, axis=0)))
    at = track(runner, np.linspace(contact[0], contact[-1], 400))
    gap = mid(at, "shoulder") - mid(at, "hip")
    return 100 * float(np.median(heights)), float(np.mean(np.degrees(np.arctan2(-gap[:, 1], gap[:, 2]))))


def _frame(at: dict, pixels: dict, index: int, time: float, rear: dict | None) -> dict:
    row: dict = {"t": round(float(time), 5)}
    for side in ("L", "R"):
        row[side] = {
            "p3": {name: np.round(at[side][name][index], 4).tolist() for name in POINTS},
            "p2": {name: np.round(pixels[side][name][index], 1).tolist() for name in POINTS},
            "sole": round(float(at[side]["sole"][index]), 4),
        }
        if rear is not None:
            row[side]["eversion"] = round(float(rear[side]["eversion"][index]), 2)
            # Hundredths of a pixel: a heel is some twenty pixels high.
            row[side]["tape"] = {name: np.round(rear[side][name][index], 2).tolist() for name in MARKS}
    return row


def write_truth(runner: Runner, clip: ClipSpec, path: Path, frame_count: int, source: str = PRESCRIBED) -> dict:
    """Write a clip's truth file.

    Parameters
    ----------
    runner : Runner
    clip : ClipSpec
    path : Path
    frame_count : int
        Frames in the film.
    source : str
        Where the movement comes from, in words.

    Returns
    -------
    dict
        The gait measures.
    """
    time_s = np.arange(0, frame_count, clip.truth_every) / clip.capture_rate_hz
    camera: CameraSpec = clip.camera
    at = track(runner, time_s)
    pixels = {side: {name: camera.project(at[side][name]) for name in POINTS} for side in at}
    rear = rear_rows(runner, camera, time_s) if camera.view == "rear" else None
    measures = metrics(runner, clip) if rear is None else rear_metrics(runner, clip)
    head = {
        "source": source,
        "view": camera.view,
        "fps": clip.capture_rate_hz,
        "capture_rate_hz": clip.capture_rate_hz,
        "file_rate_hz": clip.file_rate_hz,
        "size": list(camera.size_px),
        "height_m": runner.spec.stature_m,
        "speed": runner.spec.speed_m_s,
        "axes": "metres; x to the runner's left, y backwards, z up; belt surface z = 0; t in real seconds",
        "frame_step": clip.truth_every,
        "metrics": measures,
        "events": events(runner, (frame_count - 1) / clip.capture_rate_hz),
    }
    if rear is not None:
        head |= rear_head(runner, clip)
    rows = [json.dumps(_frame(at, pixels, i, t, rear), separators=(",", ":")) for i, t in enumerate(time_s)]
    text = json.dumps(head, indent=1)[:-2] + ',\n "frames": [\n' + ",\n".join(rows) + "\n]}\n"
    path.write_text(text)
    return measures

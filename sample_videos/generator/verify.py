"""Check the posed surfaces, not just the numbers that posed them: no slip, no sinking, true events."""

from __future__ import annotations

import numpy as np

from .body import frame, skin
from .kinematics import Pose
from .posing import SIDE_NAMES, PosedBones
from .rear_truth import mark_points
from .runner import Runner

TOUCH_M = 0.0015


def _stance(runner: Runner, side: int, contact: float, off: float) -> dict[str, float]:
    """Slip and height of the sole through one stance, from mesh vertices."""
    time = np.arange(contact + 0.002, off - 0.002, 0.002)
    pose = runner.motion.pose(time)
    points = np.array([runner.shoe_points(pose, i, side) for i in range(len(time))])
    lowest = points[:, :, 2].min(axis=1)
    slips = []
    for i in range(len(time) - 1):
        touching = np.flatnonzero((points[i, :, 2] < TOUCH_M) & (points[i + 1, :, 2] < TOUCH_M))
        if len(touching):
            speed = (points[i + 1, touching] - points[i, touching]) / (time[i + 1] - time[i])
            weight = np.exp(-points[i, touching, 2] / 2e-4)
            slips.append(np.average(speed[:, 1], weights=weight) - runner.spec.speed_m_s)
    return {
        "low": lowest.min(),
        "high": lowest.max(),
        "slip": float(np.median(slips)),
        "worst": np.max(np.abs(slips)),
    }


def _mesh_events(runner: Runner, side: int, contact: float, off: float) -> tuple[float, float, float]:
    """Errors of the sole's 1 mm crossings at contact and toe-off (s); its height 30 ms after toe-off (m)."""
    errors = []
    for instant, sense in ((contact, -1), (off, 1)):
        time = instant + np.arange(-0.02, 0.0205, 0.0005)
        pose = runner.motion.pose(time)
        low = np.array([runner.shoe_points(pose, i, side)[:, 2].min() for i in range(len(time))])
        above = low > 0.001
        edge = np.flatnonzero(above[1:] != above[:-1])
        errors.append(time[edge[-1 if sense < 0 else 0] + 1] - instant if len(edge) else np.nan)
    pose = runner.motion.pose(np.array([off + 0.030]))
    return errors[0], errors[1], float(runner.shoe_points(pose, 0, side)[:, 2].min())


def verify(runner: Runner, duration_s: float, strides: int = 4) -> dict[str, float]:
    """Measure the promises on the mesh for the first strides of both legs.

    Parameters
    ----------
    runner : Runner
    duration_s : float
    strides : int
        Strides per leg.

    Returns
    -------
    dict of str to float
        Sole height range in stance (mm), slip (m/s), event errors (ms), clearance (mm), knee range (deg).
    """
    rows, marks = [], []
    swing_low, knees = [], []
    for side in (0, 1):
        leg = runner.motion.legs[side]
        first = int(np.flatnonzero(leg.contact > 0.05)[0])
        for k in range(first, first + strides):
            rows.append(_stance(runner, side, leg.contact[k], leg.off[k]))
            marks.append(_mesh_events(runner, side, leg.contact[k], leg.off[k]))
            swing = np.linspace(leg.off[k] + 0.03, leg.contact[k + 1] - 0.02, 80)
            pose = runner.motion.pose(swing)
            swing_low.append(min(runner.shoe_points(pose, i, side)[:, 2].min() for i in range(len(swing))))
        knees.append(np.degrees(leg.pose(np.arange(0.0, duration_s, 0.002)).angles[:, 1]))
    array = np.array(marks)
    return {
        "stance_sole_lowest_mm": 1e3 * min(r["low"] for r in rows),
        "stance_sole_highest_mm": 1e3 * max(r["high"] for r in rows),
        "stance_slip_median_m_s": float(np.median([r["slip"] for r in rows])),
        "stance_slip_worst_m_s": max(r["worst"] for r in rows),
        "contact_error_ms": 1e3 * float(np.abs(array[:, 0]).max()),
        "toe_off_error_ms": 1e3 * float(np.abs(array[:, 1]).max()),
        "sole_30ms_after_toe_off_mm": 1e3 * float(array[:, 2].min()),
        "swing_sole_lowest_mm": 1e3 * min(swing_low),
        "knee_lowest_deg": float(min(k.min() for k in knees)),
        "knee_highest_deg": float(max(k.max() for k in knees)),
    }


def verify_measured(runner: Runner, duration_s: float) -> dict[str, float]:
    """Measure on the mesh how well a measured run keeps to the belt, over all whole stances of a film.

    Parameters
    ----------
    runner : Runner
    duration_s : float

    Returns
    -------
    dict of str to float
        Height of the sole's lowest point in stance, from the 5th to the 95th percentile and at its extremes (mm); its
        lowest in swing (mm); slip over the whole stance and from a fifth of it on, as shares of the belt's speed (%);
        errors of the sole's 1 mm crossings (ms); range of knee flexion (deg).
    """
    heights, swings, slips, late, marks, knees = [], [], [], [], [], []
    speed = runner.spec.speed_m_s
    for side in (0, 1):
        leg = runner.motion.legs[side]
        inside = np.flatnonzero((leg.contact > 0.05) & (leg.off < duration_s - 0.05))
        for k in inside:
            contact, off = leg.contact[k], leg.off[k]
            time = np.linspace(contact, off, 40)
            pose = runner.motion.pose(time)
            points = np.array([runner.shoe_points(pose, i, side) for i in range(len(time))])
            heights.append(points[:, :, 2].min(axis=1))
            slip = [_slip(points[i], points[i + 1], time[1] - time[0], speed) for i in range(len(time) - 1)]
            slips.append(np.abs(slip))
            late.append(np.abs(slip[8:]))
            marks.append(_mesh_events(runner, side, contact, off))
            swing = np.linspace(off + 0.01, leg.contact[k + 1] - 0.01, 40)
            pose = runner.motion.pose(swing)
            swings.append(min(runner.shoe_points(pose, i, side)[:, 2].min() for i in range(len(swing))))
        knees.append(np.degrees(leg.pose(np.arange(0.0, duration_s, 0.004)).angles[:, 1]))
    height, mark = 1e3 * np.concatenate(heights), 1e3 * np.array(marks)
    return {
        "stance_sole_p5_mm": float(np.percentile(height, 5)),
        "stance_sole_p95_mm": float(np.percentile(height, 95)),
        "stance_sole_lowest_mm": float(height.min()),
        "stance_sole_highest_mm": float(height.max()),
        "swing_sole_lowest_mm": 1e3 * float(np.min(swings)),
        "slip_median_pct": 100 * float(np.nanmedian(np.concatenate(slips))) / speed,
        "slip_after_fifth_mean_pct": 100 * float(np.nanmean(np.concatenate(late))) / speed,
        "slip_after_fifth_p95_pct": 100 * float(np.nanpercentile(np.concatenate(late), 95)) / speed,
        "contact_error_median_ms": float(np.nanmedian(mark[:, 0])),
        "contact_error_worst_ms": float(np.nanmax(np.abs(mark[:, 0]))),
        "toe_off_error_median_ms": float(np.nanmedian(mark[:, 1])),
        "toe_off_error_worst_ms": float(np.nanmax(np.abs(mark[:, 1]))),
        "knee_lowest_deg": float(min(k.min() for k in knees)),
        "knee_highest_deg": float(max(k.max() for k in knees)),
    }


def _slip(now: np.ndarray, then: np.ndarray, step_s: float, speed: float) -> float:
    """Backward speed of the touching part of a sole against the belt's (m/s); NaN where nothing touches."""
    touching = np.flatnonzero((now[:, 2] < TOUCH_M) & (then[:, 2] < TOUCH_M))
    if not len(touching):
        return float("nan")
    weight = np.exp(-now[touching, 2] / 2e-4)
    return float(np.average((then - now)[touching, 1] / step_s, weights=weight)) - speed


def _turn_of(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, float]:
    """Rotation (3, 3) that best carries points to where they are now, and the rms of what is left (m)."""
    a, b = before - before.mean(axis=0), after - after.mean(axis=0)
    u, _, vt = np.linalg.svd(b.T @ a)
    turn = u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt
    return turn, float(np.sqrt(((b - a @ turn.T) ** 2).sum(axis=1).mean()))


def verify_rear(runner: Runner, duration_s: float, instants: int = 60) -> dict[str, float]:
    """Measure on the mesh what is prescribed in the frontal plane.

    The heel counter's attitude is fitted to its vertices, the shank's to those of the calf's skin; neither uses the
    angles that posed them.

    Parameters
    ----------
    runner : Runner
    duration_s : float
    instants : int
        How many instants of the film are looked at.

    Returns
    -------
    dict of str to float
        Worst difference between mesh and prescription (deg) in stance and over all, what the fit of a rigid heel
        counter leaves (mm), distance of the marks from the tape's own vertices (mm; 0 without tape), difference
        between the marks' line and the heel counter's mid-line or the shank, seen along the foot's plane (deg).
    """
    time = np.linspace(0.05, duration_s - 0.05, instants)
    pose, bones = runner.bones(time)
    rows = [_rear_side(runner, pose, bones, side) for side in (0, 1)]
    return {name: float(max(row[name] for row in rows)) for name in rows[0]}


def _rear_side(runner: Runner, pose: Pose, bones: PosedBones, side: int) -> dict[str, float]:
    shoe, body, name = runner.shoes[side], runner.body, SIDE_NAMES[side]
    own = shoe.vertices[: shoe.bare]
    counter = (own[:, 0] < -0.03) & (own[:, 2] > 0.048) & (own[:, 2] < 0.115)
    knee, ankle = body.head_of(f"lowerleg01.{name}"), body.head_of(f"foot.{name}")
    along = (body.vertices - knee) @ (ankle - knee) / ((ankle - knee) @ (ankle - knee))
    calf = (along > 0.3) & (along < 0.7) & ((body.vertices[:, 0] < 0) == (side == 0))
    # Left to the shank's bones alone, the skin is rigid there.
    calf &= body.weight_of(f"lowerleg01.{name}", f"lowerleg02.{name}") > 0.999
    hinge = frame(ankle - knee, np.array([1.0, 0.0, 0.0]))[:, 0]
    sign = 1.0 if side == 0 else -1.0
    marks = mark_points(runner, pose, bones, side)
    misses, left, off, lines = [], [], [], []
    for i in range(len(pose.time_s)):
        placed = runner.shoe_points(pose, i, side)
        heel, rest = _turn_of(own[counter], placed[: shoe.bare][counter])
        posed = skin(body.vertices[calf], body.weights[calf], bones.rotation[i], bones.shift[i])
        shank, loose = _turn_of(body.vertices[calf], posed)
        angle = sign * np.degrees(np.arcsin((heel @ [0.0, 0.0, 1.0]) @ (shank @ hinge)))
        misses.append(abs(angle - np.degrees(pose.legs[side].eversion[i])))
        left.append(max(rest, loose))
        # Seen from straight behind the foot and behind the shank, the marks' lines are the segments' own.
        for upper, lower, turn, sideways in (
            ("heel_upper", "heel_lower", heel, np.array([0.0, 1.0, 0.0])),
            ("calf_upper", "calf_lower", shank, hinge),
        ):
            line = marks[upper][i] - marks[lower][i]
            lines.append(abs(np.degrees(np.arcsin(line @ (turn @ sideways) / np.linalg.norm(line)))))
        if len(placed) > shoe.bare:
            taped = placed[shoe.bare :]
            off += [_to_line(taped, marks[mark][i]) for mark in ("heel_upper", "heel_lower")]
            piece = next(p for p in runner.pieces if p.name == "tape")
            taped = skin(piece.vertices, piece.weights, bones.rotation[i], bones.shift[i])
            off += [_to_line(taped, marks[mark][i]) for mark in ("calf_upper", "calf_lower")]
    stance = pose.legs[side].stance
    return {
        "eversion_error_stance_deg": max(np.array(misses)[stance]),
        "eversion_error_deg": max(misses),
        "rigid_fit_left_mm": 1e3 * max(left),
        "mark_off_tape_mm": 1e3 * max(off, default=0.0),
        "mark_line_error_deg": max(lines),
    }


def _to_line(taped: np.ndarray, mark: np.ndarray) -> float:
    """Distance from a mark to the middle of the tape around it (m)."""
    near = taped[np.linalg.norm(taped - mark, axis=1) < 0.0072]
    return float(np.linalg.norm(near.mean(axis=0) - mark)) if len(near) else float("inf")

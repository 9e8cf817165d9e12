"""Read treadmill trials: markers and vertical force of Fukuchi, Fukuchi and Duarte (DOI 10.7717/peerj.3298).

The recordings (C3D, CC BY 4.0, figshare 4543435) are not part of this project. Markers are in millimetres, forward,
up and right; they come out in the runner's own axes: forward, left, up, in metres.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import butter, filtfilt

Markers = dict[str, np.ndarray]

SIDES = ("R", "L")
MARKER_HZ, FORCE_HZ = 150.0, 300.0
# Force above this is contact (N); the corner of the force's zero-lag low-pass (Hz).
CONTACT_N, FORCE_CORNER_HZ = 50.0, 50.0
# A second-order filter run both ways needs its corner raised by this to keep the wanted one.
TWICE = 1 / 0.802
SHORTEST_S, LONGEST_S = 0.08, 0.50


@dataclass(frozen=True)
class Trial:
    """One treadmill trial of one runner.

    Attributes
    ----------
    name : str
    time_s : ndarray of shape (n,)
    points, standing : dict of str to dict of str to ndarray
        For each side hip (greater trochanter), knee and ankle (middle of the joint), heel and ball (middle of the
        marker pairs) and crest: paths (n, 3), and means of the standing trial (3,).
    feet : dict of str to tuple of ndarray
        Rotation (n, 3, 3) and shift (n, 3) that carry each standing foot to where it is: p goes to R p + s.
    contacts : dict of str to ndarray of shape (m, 2)
        Initial contact and toe-off of each side (s), from the force plate.
    height_m : float
    speed_m_s : float
        The speed the treadmill was set to.
    """

    name: str
    time_s: np.ndarray
    points: dict[str, Markers]
    standing: dict[str, Markers]
    feet: dict[str, tuple[np.ndarray, np.ndarray]]
    contacts: dict[str, np.ndarray]
    height_m: float
    speed_m_s: float


def _markers(path: Path) -> tuple[Markers, np.ndarray | None]:
    """Markers (n, 3) in runner axes and, if there is a plate, vertical force (N)."""
    import ezc3d

    file = ezc3d.c3d(str(path))
    labels = file["parameters"]["POINT"]["LABELS"]["value"]
    raw = {label: file["data"]["points"][:3, i].T / 1000.0 for i, label in enumerate(labels)}
    markers = {}
    for label, points in raw.items():
        turned = np.stack([points[:, 0], -points[:, 2], points[:, 1]], axis=-1)
        turned[(points == 0).all(axis=1)] = np.nan
        markers[label] = turned
    plate, analogs = file["parameters"]["FORCE_PLATFORM"], file["data"]["analogs"][0]
    if "CAL_MATRIX" not in plate or analogs.shape[1] < 10:
        return markers, None
    return markers, -(np.asarray(plate["CAL_MATRIX"]["value"])[:, :, 0] @ analogs)[2]


def low_pass(values: np.ndarray, rate_hz: float, corner_hz: float) -> np.ndarray:
    """Zero-lag low-pass along the first axis."""
    return filtfilt(*butter(2, corner_hz * TWICE / (rate_hz / 2)), values, axis=0)


def _rigid(standing: np.ndarray, moved: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rotation and shift that best carry points (k, 3) to points (k, 3)."""
    a, b = standing.mean(0), moved.mean(0)
    u, _, v = np.linalg.svd((standing - a).T @ (moved - b))
    turn = v.T @ np.diag([1.0, 1.0, np.sign(np.linalg.det(v.T @ u.T))]) @ u.T
    return turn, b - turn @ a


def _ride(paths: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rotation (n, 3, 3) and shift (n, 3) that carry resting markers (k, 3) to their paths (n, k, 3)."""
    turns, shifts = np.full((len(paths), 3, 3), np.nan), np.full((len(paths), 3), np.nan)
    for row, seen in enumerate(paths):
        good = np.isfinite(seen).all(axis=1) & np.isfinite(rest).all(axis=1)
        if good.sum() >= 3:
            turns[row], shifts[row] = _rigid(rest[good], seen[good])
    return turns, shifts


def _follow(moving: Markers, standing: Markers, cluster: list[str], targets: list[str]) -> Markers:
    """Paths of standing markers that ride on a cluster."""
    names = [name for name in cluster if name in moving and name in standing]
    turns, shifts = _ride(np.stack([moving[n] for n in names], axis=1), np.array([standing[n] for n in names]))
    return {target: turns @ standing[target] + shifts for target in targets}


def _side(moving: Markers, standing: Markers, side: str, corner_hz: float) -> tuple[Markers, Markers, tuple]:
    """Paths and standing places of one side's points, and how its foot turns and shifts."""
    ankle, knee = ([f"{side}.{joint}", f"{side}.{joint}.Medial"] for joint in ("Ankle", "Knee"))
    hip, crest = f"{side}.GTR", f"{side}.Iliac.Crest"
    shank = [f"{side}.Shank.{a}.{b}" for a in ("Top", "Bottom") for b in ("Lateral", "Medial")]
    pelvis = [f"{q}.{m}" for q in SIDES for m in ("ASIS", "PSIS", "Iliac.Crest")]
    seen = {**moving, **_follow(moving, standing, shank, [*ankle, *knee])}
    seen.update(_follow(moving, standing, pelvis, [hip, crest]))
    balls = _ball_markers(moving, standing, side)
    heel = [f"{side}.Heel.Bottom", f"{side}.Heel.Top"]
    names = {"hip": [hip], "crest": [crest], "knee": knee, "ankle": ankle, "heel": heel, "ball": list(balls)}
    smooth = {m: low_pass(_fill(seen[m]), MARKER_HZ, corner_hz) for members in names.values() for m in members}
    paths = {name: np.mean([smooth[m] for m in members], axis=0) for name, members in names.items()}
    rest = {name: np.mean([standing[balls.get(m, m)] for m in members], axis=0) for name, members in names.items()}
    foot = [*heel, *balls]
    lateral = f"{side}.Heel.Lateral"
    smooth[lateral] = low_pass(_fill(moving[lateral]), MARKER_HZ, corner_hz)
    foot.append(lateral)
    resting = np.array([standing[balls.get(m, m)] for m in foot])
    return paths, rest, _ride(np.stack([smooth[m] for m in foot], axis=1), resting)


def _ball_markers(moving: Markers, standing: Markers, side: str) -> dict[str, str]:
    """Toe-joint markers of a running trial, and the standing markers they belong to.

    A few trials lack one of the two, or name them wrongly: each is known by the side of the foot on which it rides.
    """
    inward = 1 if side == "R" else -1
    names = [f"{side}.MT1", f"{side}.MT5"]
    place = {name: inward * (standing[name] - standing[f"{side}.Heel.Bottom"])[1] for name in names}
    found = {}
    for name in names:
        if name in moving and np.isfinite(moving[name]).mean() > 0.9:
            found[name] = inward * np.nanmedian((moving[name] - moving[f"{side}.Heel.Bottom"])[:, 1])
    if len(found) == 1:
        ((name, at),) = found.items()
        return {name: min(names, key=lambda own: abs(place[own] - at))}
    swapped = (found[names[0]] > found[names[1]]) != (place[names[0]] > place[names[1]])
    return dict(zip(names, names[::-1] if swapped else names, strict=True))


def _fill(path: np.ndarray) -> np.ndarray:
    """A path with its short gaps bridged."""
    rows = np.arange(len(path))
    good = np.isfinite(path).all(axis=1)
    return np.stack([np.interp(rows, rows[good], path[good, axis]) for axis in range(3)], axis=-1)


def _contacts(force: np.ndarray, points: dict[str, Markers]) -> dict[str, np.ndarray]:
    """Contacts of each side (n, 2): one belt, so a contact belongs to the foot whose heel is lower then."""
    smooth = low_pass(force, FORCE_HZ, FORCE_CORNER_HZ)
    on = smooth > CONTACT_N

    def cross(edges: np.ndarray) -> np.ndarray:
        return (edges + (CONTACT_N - smooth[edges]) / (smooth[edges + 1] - smooth[edges])) / FORCE_HZ

    starts, ends = cross(np.flatnonzero(~on[:-1] & on[1:])), cross(np.flatnonzero(on[:-1] & ~on[1:]))
    out: dict[str, list[tuple[float, float]]] = {side: [] for side in SIDES}
    for start in starts:
        later = ends[ends > start + SHORTEST_S]
        if len(later) and later[0] - start < LONGEST_S:
            middle = int((start + later[0]) / 2 * MARKER_HZ)
            if middle < len(points["R"]["heel"]):
                lower = min(SIDES, key=lambda s: points[s]["heel"][middle, 2])
                out[lower].append((float(start), float(later[0])))
    return {side: np.array(pairs) for side, pairs in out.items()}


def read_trial(folder: Path, name: str, corner_hz: float = 20.0) -> Trial:
    """Read one trial, its standing trial and the runner's height.

    Parameters
    ----------
    folder : Path
        Holds ``*.c3d`` and ``runners.csv``.
    name : str
        For example ``RBDS001runT35``.
    corner_hz : float
        Corner of the markers' zero-lag low-pass.
    """
    subject, speed = re.fullmatch(r"RBDS(\d+)runT(\d+)", name).groups()
    moving, force = _markers(folder / f"{name}.c3d")
    standing, _ = _markers(folder / f"RBDS{subject}static.c3d")
    still = {label: np.nanmean(path, axis=0) for label, path in standing.items() if np.isfinite(path).any()}
    both = {side: _side(moving, still, side, corner_hz) for side in SIDES}
    points = {side: both[side][0] for side in SIDES}
    with (folder / "runners.csv").open(encoding="utf-8") as table:
        heights = {int(row["subject"]): float(row["height_cm"]) / 100 for row in csv.DictReader(table)}
    return Trial(
        name,
        np.arange(len(points["R"]["hip"])) / MARKER_HZ,
        points,
        {side: both[side][1] for side in SIDES},
        {side: both[side][2] for side in SIDES},
        _contacts(force, points),
        heights[int(subject)],
        int(speed) / 10,
    )

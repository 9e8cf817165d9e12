"""Marker files of the simulated runner, laid out as the public treadmill set: true joints inside rigid clusters."""

from __future__ import annotations

from pathlib import Path

import ezc3d
import numpy as np
from runner import truth
from scipy.interpolate import CubicSpline

RATE_HZ, FORCE_HZ = 150.0, 300.0
MASS_KG, GRAVITY = 70.0, 9.81
STRIKE_ROW = "900,F,30,175,70,Rearfoot,Rearfoot,Rearfoot,Rearfoot,Rearfoot,Rearfoot"
HEADER_ROW = "subject,sex,age,height_cm,mass_kg,right_25,right_30,right_45,left_25,left_30,left_45"

# Offsets in metres in the frame of each segment: along it, to its front, and to the runner's right.
_SHANK = {
    "Shank.Top.Lateral": (0.12, -0.02, 0.05),
    "Shank.Top.Medial": (0.12, -0.05, -0.03),
    "Shank.Bottom.Lateral": (0.26, -0.01, 0.05),
    "Shank.Bottom.Medial": (0.27, -0.05, -0.02),
    "Knee": (0.0, 0.0, 0.05),
    "Knee.Medial": (0.0, 0.0, -0.05),
}
_FOOT = {
    "Heel.Bottom": (0.0, -0.025, 0.0),
    "Heel.Top": (0.0, 0.025, 0.0),
    "Heel.Lateral": (0.03, 0.0, 0.04),
}
_TOES = {"MT1": (0.012, -0.05), "MT5": (-0.012, 0.05)}
_PELVIS = {"ASIS": (0.10, 0.08), "PSIS": (-0.08, 0.10), "Iliac.Crest": (0.0, 0.15)}


def joints(times_s: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """True joints by side at any times, m: X forward, Y up, Z right."""
    known = truth()
    found: dict[str, dict[str, np.ndarray]] = {}
    from gait.skeleton import BLAZEPOSE

    for side in ("left", "right"):
        found[side] = {}
        for part in ("hip", "knee", "ankle", "heel", "foot_index"):
            xyz = known.xyz_m[:, BLAZEPOSE.index(f"{side}_{part}")]
            path = np.stack([-xyz[:, 1], xyz[:, 2], -xyz[:, 0]], axis=1)
            found[side][part] = CubicSpline(known.times_s, path)(times_s)
    return found


def _frames(start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Orthonormal axes (T, 3, 3): along the segment, to the front or top, to the right."""
    along = (stop - start) / np.linalg.norm(stop - start, axis=1, keepdims=True)
    right = np.array([0.0, 0.0, 1.0]) - along * along[:, 2:3]
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    return np.stack([along, np.cross(right, along), right], axis=1)


def markers(parts: dict[str, dict[str, np.ndarray]], lengths: dict[str, float]) -> dict[str, np.ndarray]:
    """Paths of every marker from joints; segments have fixed ``lengths`` so that clusters are rigid."""
    found: dict[str, np.ndarray] = {}
    middle = (parts["left"]["hip"] + parts["right"]["hip"]) / 2
    across = parts["right"]["hip"] - parts["left"]["hip"]
    across = across / np.linalg.norm(across, axis=1, keepdims=True)
    forward = np.cross(np.array([0.0, 1.0, 0.0]), across)
    forward /= np.linalg.norm(forward, axis=1, keepdims=True)
    upward = np.cross(across, forward)
    for side, letter, sign in (("left", "L", -1.0), ("right", "R", 1.0)):
        p = parts[side]
        shank, foot = _frames(p["knee"], p["ankle"]), _frames(p["heel"], p["foot_index"])

        def put(name: str, origin: np.ndarray, axes: np.ndarray, at: tuple[float, float, float], letter=letter) -> None:
            found[f"{letter}.{name}"] = origin + np.einsum("k,tki->ti", np.array(at), axes)

        for name, (a, b, c) in _SHANK.items():
            put(name, p["knee"], shank, (a, b, sign * c))
        put("Ankle", p["knee"], shank, (lengths["shank"], 0.0, sign * 0.04))
        put("Ankle.Medial", p["knee"], shank, (lengths["shank"], 0.0, -sign * 0.04))
        for name, (a, b, c) in _FOOT.items():
            put(name, p["heel"], foot, (a, b, sign * c))
        for name, (ahead, aside) in _TOES.items():
            put(name, p["heel"], foot, (lengths["foot"] + ahead, 0.0, sign * aside))
        found[f"{letter}.GTR"] = p["hip"]
        for name, (ahead, up) in _PELVIS.items():
            found[f"{letter}.{name}"] = middle + across * sign * 0.13 + forward * ahead + upward * up
    return found


def lengths_of(parts: dict[str, dict[str, np.ndarray]]) -> dict[str, float]:
    """Mean segment lengths of the runner."""

    def mean(a: str, b: str) -> float:
        return float(np.mean([np.linalg.norm(p[a] - p[b], axis=1).mean() for p in parts.values()]))

    return {"shank": mean("knee", "ankle"), "foot": mean("heel", "foot_index")}


def standing_joints(parts: dict[str, dict[str, np.ndarray]], frames: int = 15) -> dict[str, dict[str, np.ndarray]]:
    """Stand upright on flat feet, each side as wide as the runner's hips."""
    lengths, found = lengths_of(parts), {}
    width = float(np.linalg.norm(parts["left"]["hip"] - parts["right"]["hip"], axis=1).mean())
    for side, sign in (("left", -1.0), ("right", 1.0)):
        aside = sign * width / 2
        ankle = np.array([0.0, 0.09, aside])
        points = {
            "ankle": ankle,
            "knee": ankle + np.array([0.0, lengths["shank"], 0.0]),
            "hip": ankle + np.array([0.0, lengths["shank"] + 0.42, 0.0]),
            "heel": np.array([-0.05, 0.04, aside]),
            "foot_index": np.array([-0.05 + lengths["foot"], 0.04, aside]),
        }
        found[side] = {name: np.tile(point, (frames, 1)) for name, point in points.items()}
    return found


def contacts() -> list[tuple[float, float]]:
    """Every whole contact of both feet, in order."""
    known = truth()
    found = []
    for side in ("left", "right"):
        for start in known.ic_s[side]:
            ends = known.to_s[side][known.to_s[side] > start]
            if len(ends):
                found.append((float(start), float(ends[0])))
    return sorted(found)


def force_n(peak_n: float = 1600.0) -> np.ndarray:
    """Half a sine per contact, at 300 Hz."""
    times_s = np.arange(0.0, truth().times_s[-1], 1.0 / FORCE_HZ)
    force = np.zeros(len(times_s))
    for start, stop in contacts():
        on = (times_s >= start) & (times_s <= stop)
        force[on] = peak_n * np.sin(np.pi * (times_s[on] - start) / (stop - start))
    return force


def write_c3d(path: Path, points: dict[str, np.ndarray], vertical_n: np.ndarray | None = None) -> None:
    """Write a file as the public set has it: millimetres, a plate of type 4 with its matrix."""
    file = ezc3d.c3d()
    labels = list(points)
    frames = len(points[labels[0]])
    data = np.ones((4, len(labels), frames))
    for k, name in enumerate(labels):
        data[:3, k] = np.nan_to_num(1000.0 * points[name].T, nan=0.0)
    file["parameters"]["POINT"]["RATE"]["value"] = [RATE_HZ]
    file["parameters"]["POINT"]["LABELS"]["value"] = labels
    file["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    file["data"]["points"] = data
    if vertical_n is not None:
        names = ["F1X", "F1Y", "F1Z", "M1X", "M1Y", "M1Z"]
        analogs = np.zeros((1, 6, frames * 2))
        stop = min(frames * 2, len(vertical_n))
        analogs[0, 2, :stop] = -vertical_n[:stop] / 1000.0
        file["parameters"]["ANALOG"]["RATE"]["value"] = [FORCE_HZ]
        file["parameters"]["ANALOG"]["LABELS"]["value"] = names
        file["data"]["analogs"] = analogs
        matrix = np.diag([500.0, 500.0, 1000.0, 8e5, 2.5e5, 4e5])[:, :, None]
        file.add_parameter("FORCE_PLATFORM", "USED", [1])
        file.add_parameter("FORCE_PLATFORM", "TYPE", [4])
        file.add_parameter("FORCE_PLATFORM", "CHANNEL", np.arange(1.0, 7.0)[:, None])
        file.add_parameter("FORCE_PLATFORM", "CAL_MATRIX", matrix)
    file.write(str(path))


def write_trial(folder: Path, name: str = "RBDS900runT30", *, faults: dict[str, str] | None = None) -> Path:
    """Write running and standing trial and the table of runners.

    Parameters
    ----------
    folder : Path
        Made if missing.
    name : str
        Of the running trial.
    faults : dict, optional
        Label given to a marker in place of its own; an empty one leaves the marker out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    times_s = np.arange(0.0, truth().times_s[-1], 1.0 / RATE_HZ)
    running = joints(times_s)
    lengths = lengths_of(running)
    paths = markers(running, lengths)
    hidden = ("Knee", "Ankle", "GTR")
    paths = {n: p for n, p in paths.items() if not n.partition(".")[2].startswith(hidden)}
    given = {(faults or {}).get(n, n): p for n, p in paths.items()}
    given.pop("", None)
    write_c3d(folder / f"{name}.c3d", given, force_n())
    still = markers(standing_joints(running), lengths)
    write_c3d(folder / f"{name.partition('run')[0]}static.c3d", still)
    (folder / "runners.csv").write_text(f"{HEADER_ROW}\n{STRIKE_ROW}\n", encoding="utf-8")
    return folder / f"{name}.c3d"

"""Running trials with markers and a force plate, as independent truth.

Files are laid out as in the public treadmill set of Fukuchi, Fukuchi & Duarte 2017 (doi:10.7717/peerj.3298): trials
``RBDS<runner>runT<speed>.c3d``, a standing trial ``RBDS<runner>static.c3d``, axes X forward, Y up, Z right, and a table
``runners.csv`` with height, mass and the strike class of each foot at each speed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.interpolate import PchipInterpolator

from gait.errors import GaitError
from gait.metrics.force import GRAVITY_M_S2
from gait.metrics.scale import TRUNK_OF_HEIGHT
from gait.model import SIDES, Floats
from gait.signals.filters import runs_of
from gait.validation.c3d import Capture, read_c3d
from gait.validation.feet import FOOT_MARKERS, repaired_foot
from gait.validation.force import body_weight_n, contacts_of, filtered_force, peak_force_n, stiffness_kn_m
from gait.validation.rigid import follow

PARTS = ("hip", "knee", "ankle", "heel", "toe", "shoulder")
LONGEST_GAP_S = 0.10
"""Gaps of markers up to this long are interpolated; a longer one stays NaN."""

_SHANK = tuple(f"Shank.{a}.{b}" for a in ("Top", "Bottom") for b in ("Lateral", "Medial"))
_PELVIS = ("ASIS", "PSIS", "Iliac.Crest")
_TRIAL = re.compile(r"(?P<runner>RBDS(?P<number>\d+))runT(?P<speed>\d+)$")
_LEAN = np.tan(np.radians(6.0))
_USUAL_HEIGHT_M = 1.75


@dataclass(frozen=True)
class Runner:
    """One row of ``runners.csv``; ``strike`` maps (side, speed tag) to the class, for example ("left", "25")."""

    height_m: float | None = None
    mass_kg: float | None = None
    strike: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class MarkerTrial:
    """One running trial.

    Parameters
    ----------
    name, runner : str
        Names of the file and of the person.
    speed_m_s : float
        Belt speed as set at the treadmill.
    times_s : ndarray, shape (T,)
        Of the marker frames.
    parts : dict of str to dict of str to ndarray, shape (T, 3)
        Side, then hip, knee, ankle, heel, toe, shoulder; m, X forward, Y up, Z right. Hip: greater trochanter, carried
        by the pelvis; knee, ankle: between the two epicondyles or malleoli, carried by the shank; heel: between the two
        markers on the heel counter; toe: between the first and fifth metatarsal heads. The set has no markers on the
        shoulders: they are put above the trochanter, 6 deg forward, so that the code sees a whole person; nothing
        about the trunk may be judged by them.
    contacts : dict of str to ndarray, shape (n, 2)
        Initial contact and toe-off per side, s.
    peak_force_bw, stiffness_kn_m : dict of str to ndarray, shape (n,)
        Peak vertical force in body weights and vertical stiffness of the same contacts, from the plate.
    height_m, mass_kg : float or None
        From the table.
    strike : dict of str to str
        Class per side from the table, in lower case; without entry where unknown.
    standing_pitch_deg : dict of str to float
        Pitch of the heel-to-toe line while standing.
    notes : tuple of str
        Faults of the source that were put right.
    """

    name: str
    runner: str
    speed_m_s: float
    times_s: Floats
    parts: dict[str, dict[str, Floats]]
    contacts: dict[str, Floats]
    peak_force_bw: dict[str, Floats]
    stiffness_kn_m: dict[str, Floats]
    height_m: float | None
    mass_kg: float | None
    strike: dict[str, str]
    standing_pitch_deg: dict[str, float]
    notes: tuple[str, ...] = ()


def trial_files(folder: Path) -> list[Path]:
    """Return the running trials of a folder, in order of name."""
    return sorted(p for p in folder.glob("RBDS*runT*.c3d") if _TRIAL.match(p.stem))


def read_runners(path: Path) -> dict[int, Runner]:
    """Read ``runners.csv`` into runners by number; empty without the file."""
    if not path.is_file():
        return {}
    found = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            number = re.search(r"\d+", row.get("subject") or "")
            if number is not None:
                height_m, mass_kg = _number(row.get("height_cm"), 0.01), _number(row.get("mass_kg"))
                found[int(number.group())] = Runner(height_m, mass_kg, _strikes(row))
    return found


def _strikes(row: dict[str, str | None]) -> dict[tuple[str, str], str]:
    """Classes of a row by side and speed tag, from columns like ``right_25``."""
    found = {}
    for column, value in row.items():
        side, _, tag = str(column).partition("_")
        if side in SIDES and tag.isdigit() and value and value.strip():
            found[side, tag] = value.strip().lower()
    return found


def _number(text: str | None, factor: float = 1.0) -> float | None:
    try:
        return float(text or "") * factor
    except ValueError:
        return None


def load_trial(path: Path, runners: dict[int, Runner] | None = None) -> MarkerTrial:
    """Read a running trial with its standing trial.

    Raises
    ------
    GaitError
        When a file, the force, or markers that cannot be rebuilt are missing.
    """
    named = _TRIAL.match(path.stem)
    if named is None:
        raise GaitError(f"{path.name} is not named like a running trial.", "Expected: RBDS<runner>runT<speed>.c3d.")
    still_path = path.with_name(f"{named['runner']}static.c3d")
    if not still_path.is_file():
        raise GaitError(f"{path.name} has no standing trial.", f"Put {still_path.name} beside it.")
    runner = (runners or {}).get(int(named["number"]), Runner())
    run = read_c3d(path)
    if run.force_n is None or not np.isfinite(run.force_n).all():
        raise GaitError(f"{path.name} holds no force.", "Leave it out: without force there is no truth.")
    still = _means(read_c3d(still_path))
    parts, pitch, notes = {}, {}, []
    for side in SIDES:
        parts[side], pitch[side], found = _side_parts(run, still, side, runner.height_m or _USUAL_HEIGHT_M)
        notes += [f"{side} foot: {note}" for note in found]
    contacts, peaks, stiffness = _plate(run, parts, runner.mass_kg)
    return MarkerTrial(
        name=path.stem,
        runner=named["runner"],
        speed_m_s=float(named["speed"]) / 10.0 ** (len(named["speed"]) - 1),
        times_s=run.times_s,
        parts=parts,
        contacts=contacts,
        peak_force_bw=peaks,
        stiffness_kn_m=stiffness,
        height_m=runner.height_m,
        mass_kg=runner.mass_kg,
        strike={s: c for (s, tag), c in runner.strike.items() if tag == named["speed"]},
        standing_pitch_deg=pitch,
        notes=tuple(notes),
    )


def _means(still: Capture) -> dict[str, Floats]:
    seen = {name: path[np.isfinite(path).all(axis=1)] for name, path in still.points.items()}
    return {name: path.mean(axis=0) for name, path in seen.items() if len(path)}


def _side_parts(
    run: Capture, still: dict[str, Floats], side: str, height_m: float
) -> tuple[dict[str, Floats], float, tuple[str, ...]]:
    """Return one side's parts, the standing pitch of its foot in degrees, and what was put right."""
    letter = side[0].upper()
    shank = _carried(run, still, [f"{letter}.{m}" for m in _SHANK], [f"{letter}.{m}" for m in _JOINTS])
    pelvis = _carried(run, still, [f"{s}.{m}" for s in "LR" for m in _PELVIS], [f"{letter}.GTR"])
    prefix = f"{letter}."
    foot_still = {n: still[prefix + n] for n in FOOT_MARKERS if prefix + n in still}
    foot = repaired_foot(
        {n: run.points[prefix + n] for n in FOOT_MARKERS if prefix + n in run.points},
        foot_still,
    )
    hip = pelvis[f"{letter}.GTR"]
    trunk_m = TRUNK_OF_HEIGHT * height_m
    paths = {
        "hip": hip,
        "knee": (shank[f"{letter}.Knee"] + shank[f"{letter}.Knee.Medial"]) / 2,
        "ankle": (shank[f"{letter}.Ankle"] + shank[f"{letter}.Ankle.Medial"]) / 2,
        "heel": _heel(foot.paths),
        "toe": _toe(foot.paths),
        "shoulder": hip + np.array([_LEAN * trunk_m, trunk_m, 0.0]),
    }
    line = _toe(foot_still) - _heel(foot_still)
    filled = {name: filled_path(run.times_s, path) for name, path in paths.items()}
    return filled, float(np.degrees(np.arctan2(line[1], line[0]))), foot.notes


_JOINTS = ("Ankle", "Ankle.Medial", "Knee", "Knee.Medial")


def _heel(markers: dict[str, Floats]) -> Floats:
    return (markers["Heel.Bottom"] + markers["Heel.Top"]) / 2


def _toe(markers: dict[str, Floats]) -> Floats:
    return (markers["MT1"] + markers["MT5"]) / 2


def _carried(run: Capture, still: dict[str, Floats], cluster: list[str], points: list[str]) -> dict[str, Floats]:
    """Carry standing points along with a cluster of markers that both trials have."""
    shared = [name for name in cluster if name in run.points and name in still]
    lacking = [name for name in points if name not in still]
    if len(shared) < 3 or lacking:
        what = ", ".join(lacking) if lacking else f"most of {cluster[0]} ... {cluster[-1]}"
        raise GaitError(f"A segment cannot be followed: {what} missing.", "Check the labels of the files.")
    moved = follow(
        np.stack([still[name] for name in shared]),
        np.stack([run.points[name] for name in shared], axis=1),
        np.stack([still[name] for name in points]),
    )
    return {name: moved[:, k] for k, name in enumerate(points)}


def filled_path(times_s: Floats, path: Floats) -> Floats:
    """Interpolate gaps of up to :data:`LONGEST_GAP_S` (PCHIP); shape as ``path``, (T, 3)."""
    ok = np.asarray(np.isfinite(path).all(axis=1))
    if ok.all() or ok.sum() < 4:
        return path
    out = path.copy()
    bridge = PchipInterpolator(times_s[ok], path[ok])
    step_s = float(times_s[1] - times_s[0])
    for gap in runs_of(~ok):
        inside = gap.start > 0 and gap.stop < len(path)
        if inside and (gap.stop - gap.start) * step_s <= LONGEST_GAP_S:
            out[gap] = bridge(times_s[gap])
    return out


def _plate(
    run: Capture, parts: dict[str, dict[str, Floats]], mass_kg: float | None
) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Floats]]:
    """Return contacts, peak forces and stiffness by side; a contact is the foot's whose heel is lower at its middle."""
    assert run.force_n is not None
    force = filtered_force(run.force_n, run.force_rate_hz)
    contacts = contacts_of(force, run.force_rate_hz)
    weight_n = mass_kg * GRAVITY_M_S2 if mass_kg else body_weight_n(force, run.force_rate_hz, contacts)
    middle = np.clip(np.round(contacts.mean(axis=1) * run.rate_hz).astype(int), 0, run.n_frames - 1)
    heights = {side: np.nan_to_num(parts[side]["heel"][middle, 1], nan=np.inf) for side in SIDES}
    is_left = heights["left"] < heights["right"]
    peaks = peak_force_n(force, run.force_rate_hz, contacts) / weight_n
    stiffness = stiffness_kn_m(force, run.force_rate_hz, contacts)
    chosen = {"left": is_left, "right": ~is_left}
    return (
        {side: contacts[chosen[side]] for side in SIDES},
        {side: peaks[chosen[side]] for side in SIDES},
        {side: stiffness[chosen[side]] for side in SIDES},
    )

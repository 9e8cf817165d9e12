"""Rearfoot angle over stance of the reference runners, from their markers: the band behind a runner's own curve.

``python -m gait.validation.rearfoot_reference DATA`` prints the table ``gait/metrics/rearfoot_band.csv`` anew. The
trials are those of Fukuchi, Fukuchi & Duarte 2017 (doi:10.7717/peerj.3298, CC BY 4.0): six men, both feet, three
speeds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from gait.model import SIDES, Floats
from gait.rearfoot.angles import PEAK_WINDOW
from gait.skeleton import OUTWARDS
from gait.validation.c3d import Capture, read_c3d
from gait.validation.markers import filled_path, load_trial, read_runners, trial_files
from gait.validation.rigid import follow

SHARES = np.linspace(0.0, 1.0, 21)
_SHANK = ("Shank.Top.Lateral", "Shank.Top.Medial", "Shank.Bottom.Lateral", "Shank.Bottom.Medial")
_SHANK_POINTS = ("Knee", "Knee.Medial", "Ankle", "Ankle.Medial")
_HEEL = ("Heel.Bottom", "Heel.Lateral", "Heel.Top")
_MIN_CONTACTS = 7


def eversion_deg(run: Capture, still: Capture, side: str) -> Floats:
    """Heel against shank of one foot in every marker frame, deg, standing = 0, + everted.

    Parameters
    ----------
    run, still : Capture
        Running and standing trial; axes X forward, Y up, Z right.
    side : str
        ``left`` or ``right``.

    Returns
    -------
    ndarray, shape (T,)
        NaN where markers are lost.

    Notes
    -----
    asin(h . m): h is the line from the lower to the upper marker on the heel counter, m the epicondyles' line, to the
    runner's left, made square to the line from knee to ankle. It is the rotation about the floating axis of the joint
    coordinate system (Wu et al. 2002, doi:10.1016/S0021-9290(01)00222-6) with the heel's own vertical in place of a
    calcaneal frame.
    """
    letter, sign = side[0].upper(), OUTWARDS[side]
    standing = {name: np.nanmean(path, axis=0) for name, path in still.points.items()}

    def carried(cluster: tuple[str, ...], points: tuple[str, ...]) -> Floats:
        there = [f"{letter}.{name}" for name in cluster if f"{letter}.{name}" in run.points]
        moving = np.stack([run.points[name] for name in there], axis=1)
        wanted = np.stack([standing[f"{letter}.{name}"] for name in points])
        return follow(np.stack([standing[name] for name in there]), moving, wanted)

    def angle(shank: Floats, heel: Floats) -> Floats:
        knee, ankle = shank[..., :2, :].mean(axis=-2), shank[..., 2:, :].mean(axis=-2)
        down = _unit(ankle - knee)
        # Epicondyles from the outer to the inner one point to the left on a right leg.
        across = (shank[..., 1, :] - shank[..., 0, :]) * sign
        across = _unit(across - np.sum(across * down, axis=-1, keepdims=True) * down)
        up = _unit(heel[..., 1, :] - heel[..., 0, :])
        return np.asarray(sign * np.degrees(np.arcsin(np.clip(np.sum(up * across, axis=-1), -1, 1))))

    heel_line = ("Heel.Bottom", "Heel.Top")
    moving = angle(carried(_SHANK, _SHANK_POINTS), carried(_HEEL, heel_line))
    zero = angle(
        np.stack([standing[f"{letter}.{n}"] for n in _SHANK_POINTS]),
        np.stack([standing[f"{letter}.{n}"] for n in heel_line]),
    )
    return moving - zero


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector, axis=-1, keepdims=True))


def foot_curves(path: Path, shares: Floats = SHARES) -> dict[str, Floats]:
    """Return the curve of each contact of a trial at some shares of stance by side, shape (n, shares), deg."""
    trial = load_trial(path, read_runners(path.parent / "runners.csv"))
    run, still = read_c3d(path), read_c3d(path.with_name(f"{trial.runner}static.c3d"))
    found = {}
    for side in SIDES:
        angle = filled_path(run.times_s, np.repeat(eversion_deg(run, still, side)[:, None], 3, axis=1))[:, 0]
        rows = [np.interp(ic + shares * (to - ic), run.times_s, angle) for ic, to in trial.contacts[side]]
        found[side] = np.array([row for row in rows if np.isfinite(row).all()]).reshape(-1, len(shares))
    return found


def band(folder: Path) -> list[tuple[float, float, float, float, int]]:
    """Return rows of speed (m/s), share of stance (%), mean and SD over feet (deg) and number of feet."""
    by_speed: dict[float, list[Floats]] = {}
    for path in trial_files(folder):
        speed = load_trial(path).speed_m_s
        for curves in foot_curves(path).values():
            if len(curves) >= _MIN_CONTACTS:
                by_speed.setdefault(speed, []).append(curves.mean(axis=0))
    return [
        (speed, float(share) * 100, float(np.mean(feet, axis=0)[k]), float(np.std(feet, axis=0, ddof=1)[k]), len(feet))
        for speed, feet in sorted(by_speed.items())
        for k, share in enumerate(SHARES)
    ]


def excursions(folder: Path) -> dict[float, tuple[float, float]]:
    """Return by speed (m/s) mean and SD over feet of the peak less the angle at contact, deg."""
    shares = np.linspace(0.0, 1.0, 101)
    window = (shares >= PEAK_WINDOW[0]) & (shares <= PEAK_WINDOW[1])
    by_speed: dict[float, list[float]] = {}
    for path in trial_files(folder):
        speed = load_trial(path).speed_m_s
        for curves in foot_curves(path, shares).values():
            if len(curves) >= _MIN_CONTACTS:
                rise = curves[:, window].max(axis=1) - curves[:, 0]
                by_speed.setdefault(speed, []).append(float(np.median(rise)))
    return {speed: (float(np.mean(feet)), float(np.std(feet, ddof=1))) for speed, feet in sorted(by_speed.items())}


def main() -> None:
    """Print the table, and the excursions after it."""
    print("speed_m_s,stance_pct,mean_deg,sd_deg,feet")
    for speed, share, mean, sd, feet in band(Path(sys.argv[1])):
        print(f"{speed:g},{share:g},{mean:.2f},{sd:.2f},{feet}")
    for speed, (mean, sd) in excursions(Path(sys.argv[1])).items():
        print(f"# excursion at {speed:g} m/s: {mean:.1f}, SD {sd:.1f}")


if __name__ == "__main__":
    main()

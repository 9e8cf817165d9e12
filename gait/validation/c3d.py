"""Read marker paths and the vertical force of a C3D file; the only place that knows ezc3d."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gait.errors import GaitError
from gait.model import Floats

_METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0}
_CALIBRATED_TYPE = 4


@dataclass(frozen=True, eq=False)
class Capture:
    """What a motion-capture file holds.

    Parameters
    ----------
    points : dict of str to ndarray, shape (T, 3)
        Marker paths in metres, NaN where a marker was not seen.
    rate_hz : float
        Rate of the markers.
    force_n : ndarray, shape (N,), or None
        Vertical force on the first plate, upwards positive, N; None without a plate.
    force_rate_hz : float
        Rate of the force.
    """

    points: dict[str, Floats]
    rate_hz: float
    force_n: Floats | None
    force_rate_hz: float

    @property
    def times_s(self) -> Floats:
        """Time of every marker frame, shape (T,)."""
        return np.arange(self.n_frames) / self.rate_hz

    @property
    def n_frames(self) -> int:
        """Number of marker frames."""
        return len(next(iter(self.points.values()))) if self.points else 0


def read_c3d(path: Path) -> Capture:
    """Read one file.

    Raises
    ------
    GaitError
        When ezc3d is missing or the file cannot be read.
    """
    try:
        import ezc3d
    except ImportError as problem:
        raise GaitError(
            "Marker files need the package ezc3d, which comes with gait and cannot be loaded here.",
            "Install gait again; `gait doctor` checks the installation.",
        ) from problem
    try:
        file = ezc3d.c3d(str(path))
        return Capture(
            _points(file),
            float(file["parameters"]["POINT"]["RATE"]["value"][0]),
            _vertical_force_n(file),
            float(file["header"]["analogs"]["frame_rate"]),
        )
    except (OSError, RuntimeError, ValueError, KeyError, IndexError) as problem:
        raise GaitError(
            f"{path.name} cannot be read as a C3D file.", "Is it complete? Copy it again from its source."
        ) from problem


def _points(file: Any) -> dict[str, Floats]:
    parameters = file["parameters"]["POINT"]
    units = parameters.get("UNITS", {}).get("value") or ["mm"]
    scale = _METRES.get(str(units[0]).strip().lower(), 0.001)
    raw = np.asarray(file["data"]["points"], dtype=float)[:3] * scale
    found = {}
    for k, label in enumerate(parameters["LABELS"]["value"][: raw.shape[1]]):
        path = raw[:, k].T.copy()
        # A lost marker stands at the origin in many files, as NaN in others.
        path[(path == 0.0).all(axis=1)] = np.nan
        found[str(label).strip()] = path
    return found


def _vertical_force_n(file: Any) -> Floats | None:
    """Vertical force of plate 1, upwards positive.

    A plate of type 4 gives F = C V, with the calibration matrix C stored per plate (C3D user guide, "Force platform
    types", c3d.org); types 1 to 3 store forces already. The plate's z axis points down, and a runner pushes down.
    """
    plate = file["parameters"].get("FORCE_PLATFORM", {})
    analogs = np.asarray(file["data"]["analogs"], dtype=float)
    if "CHANNEL" not in plate or analogs.ndim != 3 or analogs.shape[2] < 2:
        return None
    channels = np.asarray(plate["CHANNEL"]["value"], dtype=int)
    if not channels.size:
        return None
    channels = channels.reshape(channels.shape[0], -1)[:, 0] - 1
    signals = analogs[0][channels]
    if int(np.ravel(plate["TYPE"]["value"])[0]) == _CALIBRATED_TYPE:
        matrix = np.asarray(plate["CAL_MATRIX"]["value"], dtype=float)
        signals = matrix.reshape(*matrix.shape[:2], -1)[:, :, 0] @ signals
    return np.asarray(-signals[2])

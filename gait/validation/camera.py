"""Virtual cameras beside and behind the treadmill: markers become landmarks as a pose model would give them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

from gait.model import SIDES, Floats, PoseSequence
from gait.signals.filters import runs_of
from gait.signals.legs import MEASURED_PARTS
from gait.skeleton import BLAZEPOSE
from gait.validation.markers import MarkerTrial

ESTIMATOR = "markers"


@dataclass(frozen=True)
class VirtualCamera:
    """A pinhole camera at hip height that looks across the treadmill; calling it films a trial.

    Parameters
    ----------
    rate_hz : float
        Frame rate.
    noise_m : float
        SD of the landmark noise per picture axis, m at the runner's distance; independent per landmark and frame.
    near : str
        Side of the runner towards the camera.
    yaw_deg : float
        The camera is turned about the vertical through the runner by this angle, + towards the runner's front.
    distance_m : float
        From the middle of the hips.
    seed : int
        Of the noise; every trial has a noise of its own.
    focal_px, size_px : float, (int, int)
        A runner 1.8 m tall fills 540 of 720 px at 4 m.
    """

    rate_hz: float
    noise_m: float = 0.0
    near: str = "right"
    yaw_deg: float = 0.0
    distance_m: float = 4.0
    seed: int = 0
    focal_px: float = 1200.0
    size_px: tuple[int, int] = (1280, 720)

    def __call__(self, trial: MarkerTrial) -> PoseSequence:
        """Film a trial; landmarks that no marker stands for are missing."""
        times_s = np.arange(trial.times_s[0], trial.times_s[-1], 1.0 / self.rate_hz)
        centre = np.nanmean(np.concatenate([trial.parts[side]["hip"] for side in SIDES]), axis=0)
        random = np.random.default_rng([self.seed, zlib.crc32(f"{trial.name} {self.setting}".encode())])
        shape = (len(times_s), len(BLAZEPOSE.landmarks))
        xy, depth = np.full((*shape, 2), np.nan), np.zeros(shape)
        for side in SIDES:
            for part, landmark in MEASURED_PARTS.items():
                k = BLAZEPOSE.index(f"{side}_{landmark}")
                path = resampled(trial.times_s, trial.parts[side][part], times_s)
                xy[:, k], depth[:, k] = self.project(path, centre)
                xy[:, k] += random.normal(0.0, self.noise_m * self.px_per_m, (len(times_s), 2))
        seen = np.isfinite(xy[..., 0])
        return PoseSequence(times_s, xy, seen.astype(float), depth, BLAZEPOSE.name, ESTIMATOR, "1")

    @property
    def setting(self) -> str:
        """Name of the setting: noise differs between trials and between settings, and is the same in every run."""
        return f"{self.rate_hz:g} {self.noise_m:g} {self.near} {self.yaw_deg:g}"

    @property
    def px_per_m(self) -> float:
        """Size of a metre at the runner's distance, px."""
        return self.focal_px / self.distance_m

    def project(self, points: Floats, centre: Floats) -> tuple[Floats, Floats]:
        """Project points into the picture.

        Parameters
        ----------
        points : ndarray, shape (T, 3)
            m, X forward, Y up, Z right.
        centre : ndarray, shape (3,)
            Where the camera looks: the middle of the runner's hips.

        Returns
        -------
        ndarray, shape (T, 2)
            px, y down.
        ndarray, shape (T,)
            Depth relative to the centre, px, towards the camera negative.
        """
        side = 1.0 if self.near == "right" else -1.0
        turn = np.radians(self.yaw_deg)
        # From the runner to the camera; its picture's right is the runner's forward when the right side is near.
        towards = np.array([np.sin(turn), 0.0, side * np.cos(turn)])
        right = np.array([side * np.cos(turn), 0.0, -np.sin(turn)])
        offset = points - centre
        away = self.distance_m - offset @ towards
        x = self.size_px[0] / 2 + self.focal_px * (offset @ right) / away
        y = self.size_px[1] / 2 - self.focal_px * offset[:, 1] / away
        return np.stack([x, y], axis=1), (away - self.distance_m) * self.px_per_m


@dataclass(frozen=True)
class RearCamera(VirtualCamera):
    """A pinhole camera behind the treadmill that looks along it at the runner's hips; calling it films a trial.

    Parameters
    ----------
    height_m : float
        Of the lens above the floor of the markers, which is the belt.
    aside_m : float
        The camera stands this far to the right of the runner's midline; it is turned to look at the hips.
    roll_deg : float
        The camera is rolled so that the true horizontal rises to the right by this angle in its picture.
    """

    near: str = "both"
    distance_m: float = 3.0
    height_m: float = 0.9
    aside_m: float = 0.0
    roll_deg: float = 0.0

    @property
    def setting(self) -> str:
        """Name of the setting: noise differs between trials and between settings, and is the same in every run."""
        return f"{self.rate_hz:g} {self.noise_m:g} rear {self.height_m:g} {self.aside_m:g} {self.roll_deg:g}"

    def project(self, points: Floats, centre: Floats) -> tuple[Floats, Floats]:
        """Project points into the picture; see :meth:`VirtualCamera.project`."""
        lens = np.array([centre[0] - self.distance_m, self.height_m, centre[2] + self.aside_m])
        looking = (centre - lens) / np.linalg.norm(centre - lens)
        right = np.cross(looking, [0.0, 1.0, 0.0])
        right /= np.linalg.norm(right)
        up = np.cross(right, looking)
        offset = points - lens
        away = offset @ looking
        x, y = self.focal_px * (offset @ right) / away, self.focal_px * (offset @ up) / away
        turn = np.radians(self.roll_deg)
        x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
        picture = np.stack([self.size_px[0] / 2 + x, self.size_px[1] / 2 - y], axis=1)
        return picture, (away - float(np.linalg.norm(centre - lens))) * self.px_per_m


def resampled(times_s: Floats, path: Floats, new_times_s: Floats) -> Floats:
    """Bring a path to other times by a cubic spline, shape (len(new_times_s), 3); gaps stay gaps."""
    out = np.full((len(new_times_s), path.shape[1]), np.nan)
    for run in runs_of(np.asarray(np.isfinite(path).all(axis=1))):
        if run.stop - run.start < 4:
            continue
        inside = (new_times_s >= times_s[run.start]) & (new_times_s <= times_s[run.stop - 1])
        out[inside] = CubicSpline(times_s[run], path[run])(new_times_s[inside])
    return out

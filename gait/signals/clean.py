"""From raw landmarks to clean trajectories: gate, swap repair, outliers, gaps, low-pass, in this order.

Each step leaves a line in :attr:`gait.model.Trajectories.steps`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from gait.errors import NoBodyError
from gait.model import Bools, Floats, PoseSequence, Trajectories, regular_step_s
from gait.signals.filters import cutoff_hz, hampel_outliers, low_pass, moving_median, noise_sd
from gait.signals.swaps import SwapRepair, repair_swaps
from gait.skeleton import SKELETONS, Skeleton

_GATED_SEGMENTS = (("hip", "knee"), ("knee", "ankle"))


@dataclass(frozen=True)
class CleaningReport:
    """How much had to be repaired; fractions of the frames analysed (0 to 1)."""

    seen: float
    swapped: float
    outliers: float
    filled: float
    missing: float


@dataclass(frozen=True)
class Cleaning:
    """Parameters of the cleaning and one pure method, :meth:`__call__`.

    Parameters
    ----------
    min_score : float
        Landmarks below this visibility are dropped. The model's score stays high for guessed points, so this only
        catches the landmarks that are out of the picture. [default of ours]
    max_gap_s : float
        Longest gap that is interpolated (PCHIP); longer ones stay NaN and drop their strides.
    length_tolerance : float or None
        A thigh or shank further than this fraction from its local median length drops the landmark at its end;
        two thirds of the design's +-15 % would cut into real out-of-plane motion of the thigh, so the median is
        taken over one second of the clip. None switches it off: from behind, segments do foreshorten. [default of ours]
    outlier_sigma : float
        Threshold of the Hampel test in robust SD.
    cutoff_hz : float or None
        Low-pass cut-off; None takes the one that suits the frame rate.
    """

    min_score: float = 0.05
    max_gap_s: float = 0.050
    length_tolerance: float | None = 0.35
    outlier_sigma: float = 6.0
    cutoff_hz: float | None = None
    swaps: SwapRepair = field(default_factory=SwapRepair)

    def __call__(self, pose: PoseSequence) -> tuple[Trajectories, PoseSequence, CleaningReport]:
        """Clean a pose sequence.

        Returns
        -------
        Trajectories
            On a uniform time base at the clip's median rate, low-passed, in px.
        PoseSequence
            The same frames as given, labels repaired and outliers NaN but unfiltered: what a picture should show.
        CleaningReport

        Raises
        ------
        NoBodyError
            When fewer than ten frames show a person.
        """
        skeleton = SKELETONS[pose.skeleton]
        seen = np.isfinite(pose.xy_px[..., 0]).any(axis=1)
        if seen.sum() < 10:
            raise NoBodyError(
                "Nobody could be followed in this clip.",
                "Film the whole runner, head to feet, from the side, in good light and with the camera still.",
            )
        gated = _gate(pose, self.min_score)
        length_px = leg_length_px(gated.xy_px, skeleton)
        repaired, swapped = repair_swaps(gated, length_px, self.swaps)
        kept, outliers = self._without_outliers(repaired, skeleton, length_px)
        noise = noise_sd(kept.xy_px[:, skeleton.indices(["left_ankle", "right_ankle", "left_knee", "right_knee"])])
        times_s, xy, filled = self._uniform(kept)
        rate_hz = 1.0 / float(times_s[1] - times_s[0])
        cutoff = self.cutoff_hz or cutoff_hz(rate_hz)
        smooth = low_pass(xy, rate_hz, cutoff)
        legs = _leg_indices(skeleton)
        report = CleaningReport(
            seen=float(seen.mean()),
            swapped=float(swapped.mean()),
            outliers=float(outliers[:, legs].mean()),
            filled=float(filled[:, legs].mean()),
            missing=float((~np.isfinite(smooth[:, legs, 0])).mean()),
        )
        steps = (
            f"confidence gate at {self.min_score:g}",
            f"left/right repair over the whole clip ({report.swapped:.1%} of frames exchanged)",
            f"Hampel outliers at {self.outlier_sigma:g} SD ({report.outliers:.1%} of leg landmarks)",
            f"gaps up to {self.max_gap_s * 1000:.0f} ms interpolated (PCHIP)",
            f"zero-lag Butterworth low-pass at {cutoff:.1f} Hz (-3 dB after both passes), sampled at {rate_hz:.2f} Hz",
        )
        # Of white noise a low-pass filter leaves the share of the band below its cut-off.
        left = noise * float(np.sqrt(min(1.0, 2.0 * cutoff / rate_hz)))
        cleaned = Trajectories(times_s, smooth, "px", filled, pose.skeleton, steps, left)
        return cleaned, kept, report

    def _without_outliers(self, pose: PoseSequence, skeleton: Skeleton, length_px: float) -> tuple[PoseSequence, Bools]:
        """Put NaN on single-frame jumps and on legs whose segments change their length."""
        rate_hz = 1.0 / regular_step_s(pose.times_s)
        xy = pose.xy_px.copy()
        bad = np.zeros(xy.shape[:2], dtype=bool)
        # The test wants even spacing: lost frames stand as NaN rows between the others.
        rows = np.round((pose.times_s - pose.times_s[0]) * rate_hz).astype(int)
        rows = rows if (np.diff(rows) > 0).all() else np.arange(len(xy))
        even = np.full((rows[-1] + 1, *xy.shape[1:]), np.nan)
        even[rows] = xy
        for k in range(xy.shape[1]):
            found = hampel_outliers(even[:, k], rate_hz, n_sigma=self.outlier_sigma, floor=0.02 * length_px)
            bad[:, k] = found[rows]
        window = max(5, round(rate_hz) | 1)
        for side in ("left", "right") if self.length_tolerance is not None else ():
            for upper, lower in _GATED_SEGMENTS:
                a, b = skeleton.indices([f"{side}_{upper}", f"{side}_{lower}"])
                length = np.linalg.norm(xy[:, a] - xy[:, b], axis=1)
                ratio = length / moving_median(length, window)
                bad[:, b] |= np.abs(ratio - 1.0) > self.length_tolerance
        bad &= np.isfinite(xy[..., 0])
        xy[bad] = np.nan
        return replace(pose, xy_px=xy), bad

    def _uniform(self, pose: PoseSequence) -> tuple[Floats, Floats, Bools]:
        """Resample every landmark to the median frame interval and fill short gaps."""
        step = regular_step_s(pose.times_s)
        count = int(np.floor((pose.times_s[-1] - pose.times_s[0]) / step + 1e-6)) + 1
        times_s = pose.times_s[0] + step * np.arange(count)
        xy = np.full((count, *pose.xy_px.shape[1:]), np.nan)
        filled = np.zeros((count, pose.xy_px.shape[1]), dtype=bool)
        for k in range(pose.xy_px.shape[1]):
            xy[:, k], filled[:, k] = fill_gaps(pose.times_s, pose.xy_px[:, k], times_s, self.max_gap_s)
        return times_s, xy, filled


def fill_gaps(times_s: Floats, xy: Floats, new_times_s: Floats, max_gap_s: float) -> tuple[Floats, Bools]:
    """Bring one landmark onto a uniform time base; short gaps by PCHIP, long ones NaN.

    Parameters
    ----------
    times_s : ndarray, shape (T,)
        Frame times, possibly uneven.
    xy : ndarray, shape (T, 2)
        Positions, NaN where missing.
    new_times_s : ndarray, shape (N,)
        The uniform times.
    max_gap_s : float
        Longest time without a sample, beyond one regular frame interval, that is bridged.

    Returns
    -------
    ndarray, shape (N, 2)
    ndarray of bool, shape (N,)
        Samples that lie in a bridged gap.
    """
    out = np.full((len(new_times_s), 2), np.nan)
    filled = np.zeros(len(new_times_s), dtype=bool)
    ok = np.isfinite(xy).all(axis=1)
    if ok.sum() < 4:
        return out, filled
    known_s, known = times_s[ok], xy[ok]
    step = regular_step_s(times_s)
    after = np.clip(np.searchsorted(known_s, new_times_s - 1e-9), 1, len(known_s) - 1)
    gap = known_s[after] - known_s[after - 1]
    inside = (new_times_s >= known_s[0] - 1e-9) & (new_times_s <= known_s[-1] + 1e-9)
    on_sample = _near_sample(known_s, new_times_s, 0.1 * step)
    bridged = gap > 1.6 * step
    usable = inside & (on_sample | (gap <= max_gap_s + 1.1 * step))
    regular = usable & (on_sample | ~bridged)
    if regular.any():
        out[regular] = CubicSpline(known_s, known)(new_times_s[regular])
    fill = usable & ~regular
    if fill.any():
        out[fill] = PchipInterpolator(known_s, known)(new_times_s[fill])
    filled[fill] = True
    return out, filled


def _near_sample(known_s: Floats, new_times_s: Floats, tolerance_s: float) -> Bools:
    """Tell which of the new times coincide with a known sample."""
    right = np.clip(np.searchsorted(known_s, new_times_s), 0, len(known_s) - 1)
    left = np.clip(right - 1, 0, None)
    nearest = np.minimum(np.abs(known_s[right] - new_times_s), np.abs(known_s[left] - new_times_s))
    return np.asarray(nearest < tolerance_s)


def leg_length_px(xy: Floats, skeleton: Skeleton) -> float:
    """Return the median hip-knee-ankle length over both legs, px (or the unit of ``xy``)."""
    lengths = []
    for side in ("left", "right"):
        hip, knee, ankle = skeleton.indices([f"{side}_hip", f"{side}_knee", f"{side}_ankle"])
        lengths.append(
            np.linalg.norm(xy[:, hip] - xy[:, knee], axis=1) + np.linalg.norm(xy[:, knee] - xy[:, ankle], axis=1)
        )
    return float(np.nanmedian(lengths))


def _gate(pose: PoseSequence, min_score: float) -> PoseSequence:
    xy = pose.xy_px.copy()
    xy[pose.score < min_score] = np.nan
    return replace(pose, xy_px=xy)


def _leg_indices(skeleton: Skeleton) -> list[int]:
    return skeleton.indices(
        [f"{side}_{part}" for side in ("left", "right") for part in ("hip", "knee", "ankle", "heel", "foot_index")]
    )

"""Filters for landmark paths: zero-lag low-pass, outlier test, derivatives, upsampling.

All work along the first axis, are pure, and leave NaN samples NaN.
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.signal import butter, sosfiltfilt

from gait.model import Bools, Floats

_TWO_PASS_CORRECTION = (2**0.5 - 1) ** 0.25
"""0.802: what two passes of a 2nd-order Butterworth do to its cut-off (Winter 2009, Biomechanics and Motor
Control of Human Movement, ch. 3, doi:10.1002/9780470549148)."""

_CUTOFF_HZ = ((30.0, 7.0), (60.0, 10.0), (120.0, 12.0))
"""Capture rate and cut-off. At 6 Hz the foot-strike angle of runners loses 3.4 deg, at 10-12 Hz less than 1 deg
(measured against the force-plate set of Fukuchi et al. 2017, doi:10.7717/peerj.3298)."""

_CUBIC_NEIGHBOURS = np.array([-1.0, 4.0, 0.0, 4.0, -1.0]) / 6.0
_CUBIC_NOISE_GAIN = float(np.sqrt(1.0 + np.sum(_CUBIC_NEIGHBOURS**2)))


def cutoff_hz(sampling_rate_hz: float) -> float:
    """Return the low-pass cut-off for a capture rate: 7 Hz at 30, 10 at 60, 12 from 120 Hz on.

    Between the tabled rates the value is interpolated; below 30 Hz it shrinks in proportion to the rate.
    """
    rates, cutoffs = zip(*_CUTOFF_HZ, strict=True)
    if sampling_rate_hz < rates[0]:
        return cutoffs[0] * sampling_rate_hz / rates[0]
    return float(np.interp(sampling_rate_hz, rates, cutoffs))


def corrected_cutoff_hz(cutoff: float, sampling_rate_hz: float) -> float:
    """Return the one-pass cut-off whose double pass has its -3 dB point at ``cutoff``."""
    warped = np.tan(np.pi * cutoff / sampling_rate_hz) / _TWO_PASS_CORRECTION
    return float(np.arctan(warped) * sampling_rate_hz / np.pi)


def runs_of(valid: Bools) -> list[slice]:
    """Return the slices of consecutive True values of a 1-D mask."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], valid, [False])).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def low_pass(x: Floats, sampling_rate_hz: float, cutoff: float, *, min_samples: int = 5) -> Floats:
    """Zero-lag Butterworth low-pass: 2nd order run forward and back, cut-off corrected for the two passes.

    Parameters
    ----------
    x : ndarray, shape (N,) or (N, ...)
        Signal; every run of finite samples is filtered by itself, NaN stays NaN.
    sampling_rate_hz, cutoff : float
        Rate of ``x`` and the frequency at which the result is 3 dB down, Hz.
    min_samples : int
        Runs shorter than this become NaN: too short to filter.

    Returns
    -------
    ndarray
        Same shape as ``x``.
    """
    sos = butter(2, corrected_cutoff_hz(cutoff, sampling_rate_hz), fs=sampling_rate_hz, output="sos")
    columns = np.ascontiguousarray(x.reshape(len(x), -1), dtype=float)
    out = np.full_like(columns, np.nan)
    pad = round(sampling_rate_hz / cutoff)
    for j in range(columns.shape[1]):
        for run in runs_of(np.isfinite(columns[:, j])):
            n = run.stop - run.start
            if n >= min_samples:
                out[run, j] = sosfiltfilt(sos, columns[run, j], padlen=min(pad, n - 1))
    return out.reshape(x.shape)


def cubic_residual(x: Floats) -> Floats:
    """Return how far each sample lies from the cubic through its four neighbours; shape (N, ...).

    Smooth motion leaves almost nothing, noise and single-frame jumps stand out. The two samples at either end,
    and those next to NaN, are NaN.
    """
    out = np.full(x.shape, np.nan)
    if len(x) >= 5:
        predicted = sum(w * x[i : len(x) - 4 + i] for i, w in enumerate(_CUBIC_NEIGHBOURS) if w)
        out[2:-2] = x[2:-2] - predicted
    return out


def noise_sd(x: Floats) -> float:
    """Estimate the white noise of landmark paths, SD in their unit, from the cubic residual (robust)."""
    residual = cubic_residual(x)
    residual = residual[np.isfinite(residual)]
    if not residual.size:
        return float("nan")
    return float(1.4826 * np.median(np.abs(residual)) / _CUBIC_NOISE_GAIN)


def moving_median(x: Floats, window: int) -> Floats:
    """Centred moving median of a 1-D signal that ignores NaN, shape (N,); NaN where a window holds none."""
    half = window // 2
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, half, constant_values=np.nan), 2 * half + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmedian(windows, axis=1))


def hampel_outliers(xy: Floats, sampling_rate_hz: float, *, n_sigma: float = 6.0, floor: float = 0.0) -> Bools:
    """Find single-frame jumps of a landmark.

    A Hampel test (Hampel 1974, doi:10.2307/2285666) on the distance of each sample from the cubic through its
    neighbours. Deviation from the textbook: the test runs on that residual, not on the raw coordinate, because a
    running foot crosses half the picture within one window; and of several neighbours that fail together only
    the worst goes, then the test repeats, since one bad sample spoils the cubic of the four around it.

    Parameters
    ----------
    xy : ndarray, shape (N, 2)
        Path of one landmark.
    sampling_rate_hz : float
        Its rate; the window is one second.
    n_sigma : float
        Threshold in robust standard deviations of the local residual.
    floor : float
        A residual below this is never an outlier; same unit as ``xy``.

    Returns
    -------
    ndarray of bool, shape (N,)
    """
    work = np.array(xy, dtype=float)
    bad = np.zeros(len(work), dtype=bool)
    window = max(7, round(sampling_rate_hz))
    for _ in range(8):
        distance = np.linalg.norm(cubic_residual(work), axis=1)
        if not np.isfinite(distance).any():
            break
        spread = 1.4826 * moving_median(distance, window)
        score = distance - np.maximum(n_sigma * spread, floor)
        score = np.where(np.isfinite(score), score, -np.inf)
        padded = np.pad(score, 2, constant_values=-np.inf)
        local_max = score >= np.lib.stride_tricks.sliding_window_view(padded, 5).max(axis=1)
        new = local_max & (score > 0)
        if not new.any():
            break
        bad |= new
        work[new] = np.nan
        work = _bridge(work)
    return bad


def _bridge(xy: Floats) -> Floats:
    """Put a straight line through NaN so that the next round of the outlier test has neighbours to look at."""
    out = xy.copy()
    index = np.arange(len(xy))
    for j in range(xy.shape[1]):
        ok = np.isfinite(xy[:, j])
        if ok.sum() >= 2:
            out[~ok, j] = np.interp(index[~ok], index[ok], xy[ok, j])
    return out


def spline(times_s: Floats, x: Floats) -> CubicSpline:
    """Cubic spline through the finite samples of ``x`` (N, ...); callers mask the gaps."""
    ok = np.isfinite(x.reshape(len(x), -1)).all(axis=1)
    return CubicSpline(times_s[ok], x[ok], axis=0)


def upsample(times_s: Floats, x: Floats, new_times_s: Floats, order: int = 0) -> Floats:
    """Evaluate the cubic spline through ``x`` (or its derivative) at other times, NaN where ``x`` has a gap.

    Parameters
    ----------
    times_s : ndarray, shape (N,)
        Sample times.
    x : ndarray, shape (N,) or (N, C)
        Samples, NaN in gaps.
    new_times_s : ndarray, shape (M,)
        Where to evaluate.
    order : int
        0 for the value, 1 and 2 for derivatives in unit/s and unit/s^2.

    Returns
    -------
    ndarray, shape (M,) or (M, C)
    """
    shape = (len(new_times_s), *x.shape[1:])
    ok = np.isfinite(x.reshape(len(x), -1)).all(axis=1)
    out = np.full(shape, np.nan)
    for run in runs_of(np.asarray(ok)):
        if run.stop - run.start < 4:
            continue
        inside = (new_times_s >= times_s[run.start]) & (new_times_s <= times_s[run.stop - 1])
        out[inside] = CubicSpline(times_s[run], x[run], axis=0)(new_times_s[inside], order)
    return out

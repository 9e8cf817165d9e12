"""Is the time base right? Cadence tells when a file is slow motion, and when it changes its speed half-way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.model import Floats
from gait.signals.filters import runs_of

RUNNING_CADENCE_SPM = (120.0, 240.0)
"""Steps per minute of any running; a cadence outside raises a question about the time base."""

_USUAL_CADENCE_SPM = 168.0
"""Middle of what runners do (2.5 to 4.5 m/s: 160 to 182): used only to choose between slow-motion factors."""

CAPTURE_RATES_HZ = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 100.0, 120.0, 180.0, 200.0, 240.0, 300.0, 480.0, 960.0)
"""Rates at which phones and cameras record; the lowest matter where an editor slowed a film down."""

_RAMP_RATIO = 1.5
_SAME_PACE = 0.15
_OTHER_PACE = 0.3
_MIN_OTHER = 4
_HYSTERESIS = 0.25
_LONGEST_GAP_S = 0.3


@dataclass(frozen=True)
class Proposal:
    """A capture rate that would make the cadence plausible.

    Parameters
    ----------
    capture_rate_hz : float
        Rate of a camera.
    factor : float
        How many times too long the file's times are.
    """

    capture_rate_hz: float
    factor: float


def propose_capture_rate(file_rate_hz: float, cadence_spm: float, speed_ratio: float | None = None) -> Proposal | None:
    """Find the capture rate that explains an implausible cadence or belt speed.

    Parameters
    ----------
    file_rate_hz : float
        Frame rate as the file plays.
    cadence_spm : float
        Cadence in file time.
    speed_ratio : float or None
        Entered belt speed over the speed seen in file time, where both are known; then it decides between rates.

    Returns
    -------
    Proposal or None
        None when no camera rate brings the cadence between 120 and 240 steps/min.
    """
    low, high = RUNNING_CADENCE_SPM
    fitting = [
        Proposal(rate, rate / file_rate_hz)
        for rate in CAPTURE_RATES_HZ
        if rate / file_rate_hz > 1.2 and low <= cadence_spm * rate / file_rate_hz <= high
    ]
    if not fitting:
        return None
    if speed_ratio is not None and speed_ratio > 1.2:
        return min(fitting, key=lambda p: abs(np.log(p.factor / speed_ratio)))
    return min(fitting, key=lambda p: abs(np.log(p.factor * cadence_spm / _USUAL_CADENCE_SPM)))


def closest_capture_rate_hz(rate_hz: float, tolerance: float = 0.15) -> float | None:
    """Return the camera rate within ``tolerance`` of a rate, None when no camera has one like it."""
    closest = min(CAPTURE_RATES_HZ, key=lambda known: abs(np.log(known / rate_hz)))
    return closest if abs(closest / rate_hz - 1.0) <= tolerance else None


def steady_part(times_s: Floats, separation: Floats) -> slice | None:
    """Find the longest part of one speed in a clip whose slow motion is ramped.

    Every second passing of the legs is one stride; the local stride rate is the median of three. A rate that changes by
    half is no runner's.

    Parameters
    ----------
    times_s, separation : ndarray, shape (T,)
        Frame times and signed leg separation, NaN where missing.

    Returns
    -------
    slice or None
        Frames of the longest steady part; None when the whole clip has one speed, or too few strides to tell.
    """
    passes_s = _passings(times_s, separation)
    stride_s = passes_s[2:] - passes_s[:-2]
    if len(stride_s) < 6:
        return None
    rate = 1.0 / np.array([np.median(stride_s[max(0, i - 1) : i + 2]) for i in range(len(stride_s))])
    # Strides across a gap in the landmarks hold passings that were not seen.
    whole = np.array([_seen(times_s, separation, a, b) for a, b in zip(passes_s[:-2], passes_s[2:], strict=True)])
    if whole.sum() < 6 or np.percentile(rate[whole], 95) / np.percentile(rate[whole], 5) < _RAMP_RATIO:
        return None
    best = slice(0, 0)
    start = 0
    for i in range(1, len(rate) + 1):
        if i < len(rate) and abs(np.log(rate[i] / np.median(rate[start:i]))) < _SAME_PACE:
            continue
        if passes_s[i + 1] - passes_s[start] > passes_s[best.stop + 1] - passes_s[best.start]:
            best = slice(start, i)
        start = i
    away = np.abs(np.log(rate / np.median(rate[best]))) > _OTHER_PACE
    if max((run.stop - run.start for run in runs_of(np.asarray(away & whole))), default=0) < _MIN_OTHER:
        return None  # a stride or two that were misread, no other speed
    # One passing is given up at either end: the stride there may lie half in the other speed.
    first = int(np.searchsorted(times_s, passes_s[best.start + 1]))
    last = int(np.searchsorted(times_s, passes_s[best.stop]))
    return slice(first, last) if last - first > 10 else None


def _passings(times_s: Floats, separation: Floats) -> Floats:
    """Times at which one leg passes the other, with hysteresis against noise around the crossing."""
    ok = np.isfinite(separation)
    if ok.sum() < 10:
        return np.empty(0)
    t, x = times_s[ok], separation[ok] - np.median(separation[ok])
    level = _HYSTERESIS * float(np.percentile(np.abs(x), 90))
    side = 0
    found, last_zero = [], None
    for i in range(1, len(x)):
        if x[i - 1] * x[i] <= 0 and x[i] != x[i - 1]:
            last_zero = t[i - 1] + (t[i] - t[i - 1]) * x[i - 1] / (x[i - 1] - x[i])
        now = 1 if x[i] > level else -1 if x[i] < -level else 0
        if now and now != side:
            if side and last_zero is not None:
                found.append(float(last_zero))
            side = now
    return np.array(found)


def _seen(times_s: Floats, separation: Floats, start_s: float, stop_s: float) -> bool:
    """Tell whether the legs were seen between two times without a gap of more than 0.3 s."""
    inside = (times_s >= start_s) & (times_s <= stop_s) & np.isfinite(separation)
    known = np.concatenate([[start_s], times_s[inside], [stop_s]])
    return bool(np.diff(known).max() <= _LONGEST_GAP_S)

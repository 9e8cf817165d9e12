"""Is the time base right? Cadence tells when a file is slow motion, and when it changes its speed half-way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.model import Floats
from gait.signals.spectral import spectral_cadence

RUNNING_CADENCE_SPM = (120.0, 240.0)
"""Steps per minute of any running; a cadence outside raises a question about the time base."""

_USUAL_CADENCE_SPM = 168.0
"""Middle of what runners do (2.5 to 4.5 m/s: 160 to 182): used only to choose between slow-motion factors."""

CAPTURE_RATES_HZ = (48.0, 50.0, 60.0, 100.0, 120.0, 180.0, 200.0, 240.0, 300.0, 480.0, 960.0)
"""Rates at which phones and cameras record slow motion."""

_RAMP_RATIO = 1.5
_WINDOW_STEPS = 8.0


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


def steady_part(times_s: Floats, separation: Floats, step_hz: float) -> slice | None:
    """Find the longest part of one speed in a clip whose slow motion is ramped.

    The step frequency is taken in windows of eight steps; a change by more than half is no runner's.

    Parameters
    ----------
    times_s, separation : ndarray, shape (T,)
        Frame times and signed leg separation.
    step_hz : float
        Step frequency of the whole clip.

    Returns
    -------
    slice or None
        Frames of the longest steady part; None when the whole clip has one speed.
    """
    if not np.isfinite(step_hz):
        return None
    width = _WINDOW_STEPS / step_hz
    if times_s[-1] - times_s[0] < 3 * width:
        width = (times_s[-1] - times_s[0]) / 3
    centres = np.arange(times_s[0] + width / 2, times_s[-1] - width / 2, width / 4)
    local = []
    for centre in centres:
        part = np.abs(times_s - centre) <= width / 2
        found = spectral_cadence(times_s[part], separation[part])
        local.append(found.step_hz if found.strength > 0.5 else np.nan)
    rates = np.array(local)
    ok = np.isfinite(rates)
    if ok.sum() < 4 or np.nanpercentile(rates, 90) / np.nanpercentile(rates, 10) < _RAMP_RATIO:
        return None
    best = slice(0, 0)
    start = 0
    for i in range(1, len(rates) + 1):
        same = i < len(rates) and ok[i] and ok[start] and abs(np.log(rates[i] / np.median(rates[start:i]))) < 0.15
        if not same:
            if i - start > best.stop - best.start:
                best = slice(start, i)
            start = i
    if best.stop - best.start < 2:
        return None
    # Half a window is given up at either end: there the window still saw the other speed.
    first = int(np.searchsorted(times_s, centres[best.start]))
    last = int(np.searchsorted(times_s, centres[best.stop - 1]))
    return slice(first, last) if last - first > 10 else None

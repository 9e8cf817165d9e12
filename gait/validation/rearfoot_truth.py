"""True rearfoot angle of a film: from the eversion of every frame, by the project's own definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline

from gait.metrics.catalogue import CATALOGUE
from gait.metrics.rearfoot import NAMES
from gait.model import SIDES, Floats
from gait.rearfoot.angles import PEAK_WINDOW, PHASE_GRID
from gait.validation.leg_truth import Truths

MIN_STANCES = 2

MIN_RATE_HZ = 50.0
"""Frames with truth per second from which a curve can be drawn through them: a runner everts by 10 deg in 30 ms, and
through the 15 frames a second that a shipped sample's truth keeps a spline loses 0.6 of 8 deg of excursion."""


def rearfoot_truths(
    times_s: Floats,
    eversion_deg: Mapping[str, Floats],
    contacts: Mapping[str, Floats],
    start_s: float,
    stop_s: float,
) -> Truths:
    """Compute angle at contact, peak, excursion and time to peak: medians over the true stances of each foot.

    Parameters
    ----------
    times_s : ndarray, shape (T,)
        Of the frames.
    eversion_deg : mapping of str to ndarray, shape (T,)
        Heel against shank by side, deg, + everted; NaN where it is not known.
    contacts : mapping of str to ndarray, shape (n, 2)
        True initial contacts and toe-offs by side, s.
    start_s, stop_s : float
        Stances outside are left out.

    Returns
    -------
    dict
        Nothing where frames are too few a second, or a foot has fewer than two stances.

    Notes
    -----
    The angle at contact is that at the true instant, on a cubic spline through the frames; the peak is looked for in
    the same part of stance as the measured one (:data:`gait.rearfoot.angles.PEAK_WINDOW`).
    """
    found: Truths = {}
    if len(times_s) < 4 or 1.0 / float(np.median(np.diff(times_s))) < MIN_RATE_HZ:
        return found
    for side in SIDES:
        known = np.isfinite(eversion_deg[side])
        if known.sum() < 4:
            continue
        curve = CubicSpline(times_s[known], eversion_deg[side][known], extrapolate=False)
        stances = contacts[side][(contacts[side][:, 0] >= start_s) & (contacts[side][:, 1] <= stop_s)]
        values = np.array([_of_stance(curve, float(ic), float(to)) for ic, to in stances]).reshape(-1, len(NAMES))
        values = values[np.isfinite(values).all(axis=1)]
        if len(values) >= MIN_STANCES:
            medians = np.median(values, axis=0)
            found |= {(name, side): float(value) for name, value in zip(NAMES, medians, strict=True)}
    return found


def _of_stance(curve: CubicSpline, ic_s: float, to_s: float) -> tuple[float, float, float, float]:
    """Return the four values of one stance in the order of :data:`gait.metrics.rearfoot.NAMES`."""
    angle = np.asarray(curve(ic_s + PHASE_GRID * (to_s - ic_s)))
    early, late = PEAK_WINDOW[0] - 1e-9, PEAK_WINDOW[1] + 1e-9
    window = np.flatnonzero((early <= PHASE_GRID) & (late >= PHASE_GRID))
    if not np.isfinite(angle[window]).all():
        return (float("nan"),) * 4
    peak = int(window[angle[window].argmax()])
    at_ic, at_peak = float(angle[0]), float(angle[peak])
    return at_ic, at_peak, at_peak - at_ic, 1000.0 * float(PHASE_GRID[peak]) * (to_s - ic_s)


def stated_truths(saved: Mapping[str, Any]) -> Truths:
    """Return what a film from behind states under ``metrics``: {"L": {name: value}, "R": ..., name: value}.

    The generator computes them from the whole motion; a shipped film's frames are too thinned out for that. Only
    what is seen from behind alone is taken: all else follows from events and joints.
    """
    stated = saved.get("metrics")
    if not isinstance(stated, Mapping):
        return {}
    found: Truths = {}
    for side, values in (("both", stated), *((s, stated.get(s[0].upper())) for s in SIDES)):
        if not isinstance(values, Mapping):
            continue
        for name, value in values.items():
            seen = name in CATALOGUE and CATALOGUE[name].view == "rear"
            if seen and isinstance(value, int | float) and not isinstance(value, bool):
                found[name, side] = float(value)
    return found

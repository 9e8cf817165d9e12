"""Contacts, peak force and stiffness from the vertical force of an instrumented treadmill."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.integrate import cumulative_trapezoid

from gait.metrics.force import GRAVITY_M_S2
from gait.model import Floats
from gait.signals.filters import low_pass

FORCE_CUTOFF_HZ = 50.0
THRESHOLD_N = 50.0
_CONTACT_LIMITS_S = (0.080, 0.500)
_FINE = 500


def filtered_force(force_n: Floats, rate_hz: float) -> Floats:
    """Low-pass at 50 Hz, zero-lag, the cut-off corrected for two passes; shape (N,)."""
    return low_pass(force_n, rate_hz, FORCE_CUTOFF_HZ)


def contacts_of(force_n: Floats, rate_hz: float) -> Floats:
    """Find contacts: the filtered force passes 50 N upwards and downwards, interpolated between samples.

    Parameters
    ----------
    force_n : ndarray, shape (N,)
        Filtered vertical force.
    rate_hz : float
        Its rate.

    Returns
    -------
    ndarray, shape (C, 2)
        Initial contact and toe-off, s. Contacts cut by either end of the trial are left out.
    """
    loaded = force_n > THRESHOLD_N
    up = np.flatnonzero(~loaded[:-1] & loaded[1:])
    down = np.flatnonzero(loaded[:-1] & ~loaded[1:])

    def instants(before: np.ndarray) -> Floats:
        rise = force_n[before + 1] - force_n[before]
        return np.asarray((before + (THRESHOLD_N - force_n[before]) / rise) / rate_hz)

    starts, ends = instants(up), instants(down)
    found: list[tuple[float, float]] = []
    for start in starts:
        later = ends[ends > start + _CONTACT_LIMITS_S[0]]
        # A ripple that dips below the threshold within a contact begins no second one.
        if len(later) and later[0] - start <= _CONTACT_LIMITS_S[1] and (not found or start >= found[-1][1]):
            found.append((start, later[0]))
    return np.array(found).reshape(-1, 2)


def peak_force_n(force_n: Floats, rate_hz: float, contacts: Floats) -> Floats:
    """Largest filtered force in each contact, N, shape (C,)."""
    return np.array([force_n[_samples(rate_hz, *c)].max() for c in contacts])


def body_weight_n(force_n: Floats, rate_hz: float, contacts: Floats) -> float:
    """Weight that the plate itself shows: mean force from the first contact to the last, N.

    Over whole steps the mean vertical force is the weight, whatever the running style.
    """
    if len(contacts) < 3:
        return float("nan")
    return float(force_n[_samples(rate_hz, contacts[0, 0], contacts[-1, 0])].mean())


def stiffness_kn_m(force_n: Floats, rate_hz: float, contacts: Floats) -> Floats:
    """Peak force over the lowering of the centre of mass in contact, kN/m, shape (C,); NaN for the last contact.

    The height of the centre of mass comes from integrating the force twice over one step, from a contact to the next of
    the other foot, its mean speed and its return to the same height taken as given (Cavagna 1975,
    doi:10.1152/jappl.1975.39.1.174).
    """
    weight_n = body_weight_n(force_n, rate_hz, contacts)
    times_s = np.arange(len(force_n)) / rate_hz
    found = np.full(len(contacts), np.nan)
    for k, ((start, stop), (following, _)) in enumerate(pairwise(contacts)):
        # From the very instant of contact: a sample later the centre of mass is a few per cent of its way down.
        fine_s = np.linspace(start, following, _FINE)
        force = np.interp(fine_s, times_s, force_n)
        acceleration = (force / weight_n - 1.0) * GRAVITY_M_S2
        speed = cumulative_trapezoid(acceleration - acceleration.mean(), fine_s, initial=0.0)
        height = cumulative_trapezoid(speed - speed.mean(), fine_s, initial=0.0)
        drop = height[0] - height[fine_s <= stop].min()
        if drop > 0:
            found[k] = force.max() / drop / 1000.0
    return found


def _samples(rate_hz: float, start_s: float, stop_s: float) -> slice:
    return slice(int(np.ceil(start_s * rate_hz)), int(np.floor(stop_s * rate_hz)) + 1)

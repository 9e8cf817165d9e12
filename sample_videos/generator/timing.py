"""When the feet touch and leave the belt, and the gait phase between these instants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

from .spec import RunnerSpec

SIDES = ("R", "L")
FIRST_CONTACT_S = 0.16
LEAD_STEPS = 6


@dataclass(frozen=True)
class Steps:
    """Contacts in order, right and left in turn.

    Attributes
    ----------
    contact_s, off_s : ndarray of shape (n,)
        Initial contact and toe-off of each step (s).
    side : ndarray of shape (n,)
        Index into ``SIDES``.
    noise : dict of str to ndarray of shape (n,)
        Standard normal deviates that make one step differ from the next.
    """

    contact_s: np.ndarray
    off_s: np.ndarray
    side: np.ndarray
    noise: dict[str, np.ndarray]
    _phase: CubicSpline

    def phase(self, time_s: np.ndarray) -> np.ndarray:
        """Steps since the first contact: a smooth phase that is whole at each initial contact."""
        return self._phase(time_s)


def make_steps(spec: RunnerSpec, duration_s: float) -> Steps:
    """Lay out the steps of a run, with a little natural variation.

    Parameters
    ----------
    spec : RunnerSpec
    duration_s : float
        Time to be covered, from zero (s); a few steps are added at both ends.

    Returns
    -------
    Steps
    """
    rng = np.random.default_rng(spec.seed)
    count = int(np.ceil(duration_s / spec.step_s)) + 2 * LEAD_STEPS
    count += count % 2
    # Two steps make a stride and the body corrects itself: clip so that no step is an outlier.
    draw = np.clip(rng.standard_normal((4, count)), -2.0, 2.0)
    step = spec.step_s * (1 + spec.step_time_sd * draw[0])
    start = np.concatenate([[0.0], np.cumsum(step)[:-1]])
    start += FIRST_CONTACT_S - start[LEAD_STEPS]
    off = start + spec.contact_s * (1 + spec.contact_sd * draw[1])
    whole = np.arange(count, dtype=float)
    share = spec.contact_s / spec.step_s
    times = np.stack([start, off], axis=1).ravel()
    values = np.stack([whole, whole + share], axis=1).ravel()
    noise = {"overstride": draw[2], "pitch": draw[3], "knee": np.clip(rng.standard_normal(count), -2, 2)}
    return Steps(start, off, (np.arange(count) + LEAD_STEPS) % 2, noise, CubicSpline(times, values))

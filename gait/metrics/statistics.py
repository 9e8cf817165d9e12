"""From one value per stride to one number with its error bar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as t_distribution

from gait.model import Floats

MIN_STEPS = 7
"""Steps per side below which no mean is reported (published minimum for running kinematics on a treadmill)."""

FULL_STRIDES = 25
"""Clean strides per leg for high confidence (published recommendations run from 16 to 64)."""

_RESAMPLES = 2000


@dataclass(frozen=True)
class Summary:
    """Median (or mean) over strides with its spread and 95 % interval.

    ``ci95`` holds the bootstrap interval over strides, widened by what does not average out over strides;
    ``strides_se`` is the standard error over strides alone. One stride has neither spread nor interval.
    """

    value: float
    sd: float | None
    n: int
    ci95: tuple[float, float] | None
    strides_se: float | None = None


def summarise(values: Floats, systematic_sd: float = 0.0, *, mean: bool = False) -> Summary | None:
    """Summarise one value per stride.

    Parameters
    ----------
    values : ndarray, shape (n,)
        NaN is left out.
    systematic_sd : float
        Standard uncertainty common to all strides (event rule, scale, landmark offset), in the unit of the values.
    mean : bool
        Take the mean instead of the median: for stride time and cadence, where the timing errors of neighbouring
        strides cancel in the sum and only those of the first and the last contact remain.

    Returns
    -------
    Summary or None
        None without a single finite value.

    Notes
    -----
    Percentile bootstrap (Efron & Tibshirani 1993, doi:10.1201/9780429246593), 2000 resamples from a fixed seed so that
    the same strides give the same interval. Its two half-widths are combined with 1.96 times the systematic uncertainty
    in quadrature.
    """
    x = np.asarray(values, dtype=float)
    x = x[np.isfinite(x)]
    if not len(x):
        return None
    centre = np.mean if mean else np.median
    value = float(centre(x))
    if len(x) == 1:
        return Summary(value, None, 1, None)
    draws = np.random.default_rng(20170509).integers(0, len(x), (_RESAMPLES, len(x)))
    low, high = np.percentile(centre(x[draws], axis=1), [2.5, 97.5])
    sd = float(np.std(x, ddof=1))
    # A bootstrap of a handful of values is too narrow: Student's t takes over below the recommended minimum.
    least = float(t_distribution.ppf(0.975, len(x) - 1)) * sd / np.sqrt(len(x)) if len(x) < MIN_STEPS else 0.0
    below, above = max(value - low, least), max(high - value, least)
    common = 1.96 * systematic_sd
    return Summary(
        value=value,
        sd=sd,
        n=len(x),
        ci95=(value - float(np.hypot(below, common)), value + float(np.hypot(above, common))),
        strides_se=float(below + above) / 2 / 1.96,
    )

"""The smallest change between two recordings that is more than chance: published where it is, else derived."""

from __future__ import annotations

import numpy as np

from gait.metrics.catalogue import CATALOGUE
from gait.metrics.statistics import Summary

PUBLISHED = "published"
DERIVED = "derived"

RETEST_SHARE = 0.5
"""Share of what is common to all strides of a recording (rule of the events, place of the landmarks, scale) that
differs in the next recording of the same person by the same method; the rest is the same in both and leaves no trace in
the difference. [default of ours, after the following]

Events: within a foot-trial the rules' errors scatter by 1.8 ms (contact) and 2.3 ms (toe-off), 0.58 and 0.49 of what
they are off between runners (marker trials at 120 Hz and 3 mm). Landmarks: the published smallest detectable changes
of knee flexion, ankle dorsiflexion and foot inclination (Dingenen et al. 2018, doi:10.1016/j.ptsp.2018.06.009) are
standard errors of 1.4, 1.7 and 0.8 deg, 0.41, 0.82 and 0.33 of what we take their landmarks to be off."""


STRIDE_TIME_DRIFT = 0.004
"""Relative SD by which the mean stride time of ten seconds wanders within one run at one speed, besides what the spread
of its strides explains: neighbouring strides are alike, so that their spread tells too little. From the force plate:
first against last third of 18 trials of 30 s of 6 runners (Fukuchi et al. 2017, doi:10.7717/peerj.3298). Without it 12
of 36 feet would have "really" changed their cadence within one trial, with it 2."""


def retest_se(summary: Summary, between_sd: float) -> float | None:
    """Return the standard error between two recordings of the same person by the same method.

    Parameters
    ----------
    summary : Summary
        Of one recording.
    between_sd : float
        What is common to all its strides and yet differs from recording to recording, as SD in the unit of the values:
        :data:`RETEST_SHARE` of the common uncertainty, or :data:`STRIDE_TIME_DRIFT`.

    Returns
    -------
    float or None
        In the unit of the values: the standard error over strides, which holds their spread, the landmark noise and the
        frame raster, and ``between_sd``, in quadrature. None for a single stride.

    Notes
    -----
    How the person runs on another day is not in it, because one recording cannot show that; it is in the published
    figures. So a derived change is a difference between these two recordings, not yet a lasting one.
    """
    return None if summary.strides_se is None else float(np.hypot(summary.strides_se, between_sd))


def detectable_change(first_se: float, second_se: float) -> float:
    """Return 1.96 times the standard error of a difference: 1.96 sqrt(2) times that of each where both are alike.

    This is the half-width of the difference's 95 % interval, too.
    """
    return 1.96 * float(np.hypot(first_se, second_se))


def smallest_change(
    name: str, first_se: float | None, second_se: float | None
) -> tuple[float, str] | tuple[None, None]:
    """Return the smallest change that counts, and whether it is published or derived.

    Parameters
    ----------
    name : str
        Metric.
    first_se, second_se : float or None
        Standard error of each recording, in the metric's unit; None where there is none.

    Returns
    -------
    (float, str) or (None, None)
        The published figure, or the one derived from both standard errors where none is published or where these
        recordings (few strides, few frames per second) resolve less than the published study did. None without a
        standard error.
    """
    if first_se is None or second_se is None:
        return None, None
    derived = detectable_change(first_se, second_se)
    spec = CATALOGUE.get(name)
    if spec is not None and spec.sdc is not None and spec.sdc >= derived:
        return spec.sdc, PUBLISHED
    return derived, DERIVED

"""Follow points of a standing trial through a running trial by the markers of the same rigid segment."""

from __future__ import annotations

import numpy as np

from gait.model import Floats

MIN_MARKERS = 3


def follow(standing: Floats, moving: Floats, points: Floats) -> Floats:
    """Carry points along with a rigid cluster of markers.

    Parameters
    ----------
    standing : ndarray, shape (n, 3)
        The cluster while standing.
    moving : ndarray, shape (T, n, 3)
        The same markers while running, NaN where one is lost.
    points : ndarray, shape (p, 3)
        Points of the same segment while standing.

    Returns
    -------
    ndarray, shape (T, p, 3)
        The points while running; NaN in frames that show fewer than three markers.

    Notes
    -----
    Least-squares fit of a rotation and a translation by singular values (Söderkvist & Wedin 1993,
    doi:10.1016/0021-9290(93)90098-Y), in all frames at once.
    """
    seen = np.asarray(np.isfinite(moving).all(axis=2))
    count = seen.sum(axis=1)
    weight = seen[:, :, None] / np.maximum(count, 1)[:, None, None]
    filled = np.where(seen[:, :, None], moving, 0.0)
    standing_centre = (weight * standing[None]).sum(axis=1)
    moving_centre = (weight * filled).sum(axis=1)
    spread = np.einsum("tni,tnj->tij", weight * (standing[None] - standing_centre[:, None]), filled)
    u, _, vt = np.linalg.svd(spread)
    v = vt.transpose(0, 2, 1)
    flip = np.ones((len(moving), 3))
    flip[:, 2] = np.sign(np.linalg.det(v @ u.transpose(0, 2, 1)))
    rotation = (v * flip[:, None, :]) @ u.transpose(0, 2, 1)
    out = np.einsum("tij,tpj->tpi", rotation, points[None] - standing_centre[:, None]) + moving_centre[:, None]
    out[count < MIN_MARKERS] = np.nan
    return out

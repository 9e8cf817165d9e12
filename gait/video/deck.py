"""Where a side view shows the treadmill's deck: around the feet, rising with the incline in the direction of travel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.model import Bools, Floats, PoseSequence
from gait.signals.view import recognise_view
from gait.skeleton import SKELETONS

_ABOVE, _BELOW, _BESIDE = 0.25, 0.50, 1.0
"""How far from the soles the deck's edges are looked for, in lengths from hip to ankle: the belt's far edge shows above
the feet where the camera stands higher than the belt, the deck's lower edge some 0.2 m below. [defaults of ours]"""

_ON_BELT_PCT = 85.0
"""Percentile of the lower foot's height in the picture: one of both is on the belt most of the time."""


@dataclass(frozen=True)
class Deck:
    """Where the deck's edges are, and how they slant in a level picture.

    Parameters
    ----------
    left_px, top_px, right_px, bottom_px : float
        The part of the picture.
    rises_deg : float or None
        By how much the incline makes the deck rise to the right in the picture; None where the incline is not known.
    """

    left_px: float
    top_px: float
    right_px: float
    bottom_px: float
    rises_deg: float | None = None

    def holds(self, segments: Floats) -> Bools:
        """Tell whose middle lies there, of line segments (x, y, x, y), px, shape (n, 4)."""
        x, y = (segments[:, 0] + segments[:, 2]) / 2, (segments[:, 1] + segments[:, 3]) / 2
        return np.asarray((x >= self.left_px) & (x <= self.right_px) & (y >= self.top_px) & (y <= self.bottom_px))


def deck_of(pose: PoseSequence, incline_pct: float | None) -> Deck | None:
    """Find where the deck is by the feet of a runner seen from the side.

    Parameters
    ----------
    pose : PoseSequence
        Landmarks as they lie in the picture, mirrored or not.
    incline_pct : float or None
        What the person told; positive rises in the direction of travel.

    Returns
    -------
    Deck or None
        None in other views, and where the feet or hips are not seen.
    """
    skeleton = SKELETONS[pose.skeleton]
    view = recognise_view(pose.xy_px, pose.depth, skeleton)
    if not view.is_side:
        return None
    feet, hips, ankles = (
        pose.xy_px[:, skeleton.indices([f"{side}_{part}" for side in ("left", "right") for part in parts])]
        for parts in (("heel", "foot_index"), ("hip",), ("ankle",))
    )
    seen = np.isfinite(feet).all(axis=(1, 2))
    if not seen.any():
        return None
    leg_px = float(np.nanpercentile(np.linalg.norm(ankles - hips, axis=2), 95))
    sole_px = float(np.percentile(feet[seen, :, 1].max(axis=1), _ON_BELT_PCT))
    left, right = np.percentile(feet[seen, :, 0], [2, 98])
    rises = None
    if incline_pct is not None:
        rises = float(np.degrees(np.arctan(incline_pct / 100))) * (1.0 if view.travel == "right" else -1.0)
    beside = _BESIDE * leg_px
    return Deck(left - beside, sole_px - _ABOVE * leg_px, right + beside, sole_px + _BELOW * leg_px, rises)

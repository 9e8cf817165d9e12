"""Pixels per metre, from the runner's height, the entered belt speed, or both checked against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gait.signals.legs import Leg

THIGH_AND_SHANK_OF_HEIGHT = 0.480
"""Thigh plus shank length as a share of body height. Drillis & Contini 1966 (in Winter 2009, Biomechanics and Motor
Control of Human Movement, ch. 4, doi:10.1002/9780470549148) have 0.491; the six men of the marker trials (Fukuchi et
al. 2017, doi:10.7717/peerj.3298), whose belt runs at a known speed, 0.476 (0.457 to 0.492). Between the
two, nearer to the measured: with each of the six left out in turn the mean error of belt speed is 2.4 %."""

TRUNK_OF_HEIGHT = 0.288
"""Hip to shoulder, same source."""

HEIGHT_SD = 0.028
"""Relative standard uncertainty of a scale from body height: proportions differ between people, by 2.8 % (SD) in those
trials."""

BELT_SD = 0.021
"""Of a scale from the belt's display: real belts run at 98-103 % of it (published, 1.5 %), and the foot's landmarks
follow the belt to as much again. [default of ours]"""

MISMATCH = 0.08
"""Relative difference of the two from which on one of them must be wrong."""


@dataclass(frozen=True)
class Scale:
    """How long a metre is in the picture, in the plane of the near leg.

    Parameters
    ----------
    px_per_m : float or None
        None when neither height nor belt speed is known.
    origin : str or None
        ``"height"``, ``"belt speed"``, ``"height and belt speed"`` or None.
    relative_sd : float
        Standard uncertainty relative to the scale.
    height_px_per_m, belt_px_per_m : float or None
        What each source says by itself.
    """

    px_per_m: float | None
    origin: str | None
    relative_sd: float
    height_px_per_m: float | None
    belt_px_per_m: float | None

    @property
    def mismatch(self) -> float | None:
        """Belt speed seen (scaled by height) relative to the one entered, minus 1; None without both."""
        if self.height_px_per_m is None or self.belt_px_per_m is None:
            return None
        return self.belt_px_per_m / self.height_px_per_m - 1.0

    @property
    def in_doubt(self) -> bool:
        """True when height and belt speed differ so much that one of them must be wrong."""
        return self.mismatch is not None and abs(self.mismatch) >= MISMATCH


def body_height_px(leg: Leg) -> float:
    """Standing height in px that the near leg's thigh and shank imply."""
    return leg.length / THIGH_AND_SHANK_OF_HEIGHT


REAR_LEG_SHARE = 1.015
"""How much longer thigh and shank show at their longest (:func:`rear_leg_length`) than at the depth of the hips, as
the shank stands upright behind the hips, nearer to the camera. Mean of the 18 marker trials through virtual cameras 3
to 4 m behind and 0.5 to 1.2 m high: 1.001 to 1.027 by camera, SD 0.028 between runners, which is that of
:data:`HEIGHT_SD`."""

_LEAST_FORESHORTENED = 95.0


def rear_leg_length(legs: Mapping[str, Leg]) -> float:
    """Return thigh plus shank from behind, in the legs' unit, at the depth of the hips."""
    return sum(_square_to_camera(legs, *ends) for ends in (("hip", "knee"), ("knee", "ankle"))) / REAR_LEG_SHARE


def _square_to_camera(legs: Mapping[str, Leg], upper: str, lower: str) -> float:
    """Length of a segment, mean of both legs.

    It is foreshortened for most of the stride: the 95th percentile shows it square to the camera.
    """
    lengths = [np.linalg.norm(leg.position[upper] - leg.position[lower], axis=1) for leg in legs.values()]
    return float(np.mean([np.nanpercentile(length, _LEAST_FORESHORTENED) for length in lengths]))


SHANK_OF_HEIGHT = 0.246
"""Drillis and Contini 1966, in Winter 2009, Biomechanics and Motor Control of Human Movement, fig. 4.1
(doi:10.1002/9780470549148)."""

LEGS_ONLY_SD = 0.06
"""Relative uncertainty of a scale from the shank alone: its share of height, and marks on it that are a little off."""


def find_rear_scale(legs: Mapping[str, Leg], height_m: float | None, *, shank_only: bool = False) -> Scale:
    """Derive the scale at the runner's depth from behind; the belt's speed does not show there.

    Parameters
    ----------
    legs : mapping of str to Leg
        Both legs, px.
    height_m : float or None
        What the person told.
    shank_only : bool
        Nothing above the knee is in the picture.
    """
    if not height_m:
        return Scale(None, None, 0.0, None, None)
    if shank_only:
        height_px, sd = _square_to_camera(legs, "knee", "ankle") / SHANK_OF_HEIGHT, LEGS_ONLY_SD
    else:
        height_px, sd = rear_leg_length(legs) / THIGH_AND_SHANK_OF_HEIGHT, HEIGHT_SD
    return Scale(height_px / height_m, "height", sd, height_px / height_m, None)


def find_scale(leg: Leg, belt_speed_px_s: float, height_m: float | None, belt_speed_m_s: float | None) -> Scale:
    """Derive the scale.

    Parameters
    ----------
    leg : Leg
        Near leg, px.
    belt_speed_px_s : float
        Backward speed of its foot in stance.
    height_m, belt_speed_m_s : float or None
        What the person told.

    Notes
    -----
    Height is taken from the thigh and shank of the near leg. Where both sources are given, the scale is their mean
    weighted by inverse variance: each is a few per cent off by itself, for unrelated reasons. Where they differ by
    :data:`MISMATCH` or more one of them is wrong, and the height is kept: a wrong time base cannot spoil it.
    """
    from_height = body_height_px(leg) / height_m if height_m else None
    from_belt = belt_speed_px_s / belt_speed_m_s if belt_speed_m_s and np.isfinite(belt_speed_px_s) else None
    by_height = Scale(from_height, "height", HEIGHT_SD, from_height, from_belt)
    if from_belt is not None and from_height is not None:
        if by_height.in_doubt:
            return by_height
        weights = np.array([HEIGHT_SD**-2, BELT_SD**-2])
        both = float(np.average([from_height, from_belt], weights=weights))
        return Scale(both, "height and belt speed", float(weights.sum() ** -0.5), from_height, from_belt)
    if from_belt is not None:
        return Scale(from_belt, "belt speed", BELT_SD, None, from_belt)
    if from_height is not None:
        return by_height
    return Scale(None, None, 0.0, None, None)

"""Lines of shank and heel without tape: a small network marks the middles of calf and heel counter.

The network was trained on drawn runners of many shapes, shoes, skins, lights and cameras, with the places where tape
would be (``sample_videos/outline_train.py``). It looks at one leg cut out upright; left legs are shown to it mirrored.
Each leg is shown in a few slightly turned and resized views: their mean is steadier than one, and where they contradict
each other the outline is not to be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from gait.model import Floats
from gait.rearfoot.angles import OUTLINE, Reading, tilt_deg
from gait.rearfoot.network import centres_of, chance, seen_by
from gait.rearfoot.patch import ALONG as PATCH_ALONG
from gait.rearfoot.patch import LegPatch

SHANK_PX = 192.0
ALONG = (0.24, 1.44)
SIZE_PX = (112, 232)
"""What the network was trained to see: shank length in px, extent along it in shank lengths, width and height."""

VIEWS = ((-2.5, 0.97), (0.0, 1.0), (2.5, 1.03))
"""Turns (deg) and sizes in which a leg is shown."""

SEEN = 0.5
"""Probability from which on a mark counts as seen."""

MAX_DISAGREEMENT_DEG = 6.0
"""Views of one leg that differ by more (SD) show nothing that is like a leg. [default of ours]"""


@dataclass(frozen=True, eq=False)
class Outline:
    """What the network saw of one leg.

    Parameters
    ----------
    points_px : ndarray, shape (4, 2)
        Upper and lower mark on the calf, upper and lower mark on the heel counter, in the patch.
    seen : ndarray, shape (4,)
        Probability that each is in sight.
    disagreement_deg : float
        Spread over the views of heel line against shank line.
    """

    points_px: Floats
    seen: Floats
    disagreement_deg: float


def see_outline(patch: LegPatch) -> Outline:
    """Mark calf and heel counter of one leg."""
    maps = [_view(patch, *view) for view in VIEWS]
    pictures = np.stack([_shown(patch, there) for there in maps])
    heat, seen = seen_by("outline", pictures)
    places = [_back(centres, there) for centres, there in zip(centres_of(heat), maps, strict=True)]
    tilts = [tilt_deg(p[2:]) - tilt_deg(p[:2]) for p in places]
    return Outline(np.mean(places, axis=0), chance(seen).min(axis=0), float(np.std(tilts)))


def _view(patch: LegPatch, turn_deg: float, size: float) -> Floats:
    """Return the map (2, 3) from the patch to the network's picture."""
    scale = size * SHANK_PX / patch.shank_px
    turn = np.radians(turn_deg)
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    if patch.side == "left":
        linear = np.array([[-1.0, 0.0], [0.0, 1.0]]) @ linear
    middle = np.array([patch.rgb.shape[1] / 2, (np.mean(ALONG) - PATCH_ALONG[0]) * patch.shank_px])
    return np.column_stack([linear, np.array(SIZE_PX) / 2 - linear @ middle])


def _shown(patch: LegPatch, there: Floats) -> np.ndarray:
    rgb = patch.rgb
    shrink = abs(np.linalg.det(there[:, :2])) ** 0.5
    if shrink < 0.7:
        rgb = np.asarray(cv2.GaussianBlur(rgb, (0, 0), 0.4 / shrink), np.uint8)
    view = cv2.warpAffine(rgb, there, SIZE_PX, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return view.astype(np.float32).transpose(2, 0, 1) / 255.0 - 0.5


def _back(points: Floats, there: Floats) -> Floats:
    return np.asarray((points - there[:, 2]) @ np.linalg.inv(there[:, :2]).T)


@dataclass(frozen=True)
class OutlineReader:
    """Reads shank and heel line of a leg without tape."""

    method: str = OUTLINE

    def __call__(self, patch: LegPatch) -> Reading | None:
        """Return the two lines, None where calf or heel counter are not in sight."""
        found = see_outline(patch)
        if found.seen.min() < SEEN or found.disagreement_deg > MAX_DISAGREEMENT_DEG:
            return None
        return Reading(found.points_px[:2], found.points_px[2:], spread_deg=found.disagreement_deg)

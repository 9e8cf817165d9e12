"""Making a face unrecognisable."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import Floats
from gait.skeleton import FACE_LANDMARKS, Skeleton

HEAD_HEIGHT_SHARE = 0.13
"""Chin to crown over stature (Drillis and Contini 1966, in Winter 2009, doi:10.1002/9780470549148)."""

_EAR_TO_SHOULDER_SHARE = 0.75
"""Ear to shoulder over chin to crown, about 17 of 23 cm: for bodies of unknown size (ours)."""

_EAR_TO_NOSE_SHARE = 0.55
"""Ear to nose tip over chin to crown in full profile, about 12.5 of 23 cm (ours)."""

_MARGIN = 1.6
"""Size of the region over the head's own: takes in hair, cap and a landmark error of centimetres (ours)."""

_BLOCKS_PER_HEAD = 5
"""Averages across the region: far too few for recognition, by eye or by machine (ours)."""


@dataclass(frozen=True)
class HeadRegion:
    """An ellipse (px) that covers a head: middle, and half the width and height."""

    centre_px: tuple[float, float]
    half_axes_px: tuple[float, float]


def head_region(xy_px: Floats, skeleton: Skeleton, *, body_height_px: float) -> HeadRegion | None:
    """Return the ellipse that covers the whole head, or None when no face landmark is known.

    Parameters
    ----------
    xy_px : ndarray, shape (K, 2)
        Landmarks of one frame, NaN where missing.
    skeleton : Skeleton
        Names of the landmarks.
    body_height_px : float
        The runner's stature in the picture; NaN or 0 when unknown.
    """
    face = _known(xy_px, skeleton, FACE_LANDMARKS)
    if not len(face):
        return None
    ears = _known(xy_px, skeleton, ("left_ear", "right_ear"))
    shoulders = _known(xy_px, skeleton, ("left_shoulder", "right_shoulder"))
    # The ear marks the middle of a head in profile, the face its front; from behind and ahead they coincide.
    # Medians keep one wild point from carrying the region away.
    centre = np.median(face, axis=0)
    if len(ears):
        centre = (centre + ears.mean(axis=0)) / 2
    head = max(_head_height_px(centre, face, ears, shoulders, body_height_px), 4.0)
    half = 0.5 * _MARGIN * float(head)
    # Landmarks end at the brow: the crown lies higher above them than the chin below.
    return HeadRegion((float(centre[0]), float(centre[1] - 0.06 * head)), (0.95 * half, 1.1 * half))


def _head_height_px(centre: Floats, face: Floats, ears: Floats, shoulders: Floats, body_height_px: float) -> float:
    """Chin to crown in pixels: from the stature, or the neck, but never less than the landmarks show."""
    from_body = 0.0
    if np.isfinite(body_height_px) and body_height_px > 0:
        from_body = HEAD_HEIGHT_SHARE * body_height_px
    elif len(shoulders):
        from_body = float(np.linalg.norm(shoulders.mean(axis=0) - centre)) / _EAR_TO_SHOULDER_SHARE
    shown = 2 * float(np.median(np.linalg.norm(face - centre, axis=1)))
    if len(ears):
        shown = max(shown, float(np.linalg.norm(face - ears.mean(axis=0), axis=1).max()) / _EAR_TO_NOSE_SHARE)
    # A landmark thrown far away must not blur half of the runner.
    return max(from_body, min(shown, 2 * from_body) if from_body else shown)


def blur_face(rgb: NDArray[np.uint8], xy_px: Floats, skeleton: Skeleton, *, body_height_px: float) -> bool:
    """Blur the whole head, in place and beyond recovery.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
        The picture, changed in place.
    xy_px, skeleton, body_height_px
        As for :func:`head_region`.

    Returns
    -------
    bool
        False when no face landmark is known and nothing was done: blur the region of a frame nearby then.
    """
    region = head_region(xy_px, skeleton, body_height_px=body_height_px)
    if region is None:
        return False
    blur_region(rgb, region)
    return True


def blur_region(rgb: NDArray[np.uint8], region: HeadRegion) -> None:
    """Replace what an ellipse covers by a few averages of it, in place; its rim is softened outwards."""
    feather = 1.18
    (x, y), (half_width, half_height) = region.centre_px, region.half_axes_px
    height, width = rgb.shape[:2]
    left, right = (int(np.clip(v, 0, width)) for v in (x - feather * half_width, x + feather * half_width + 1))
    top, bottom = (int(np.clip(v, 0, height)) for v in (y - feather * half_height, y + feather * half_height + 1))
    if right <= left or bottom <= top:
        return
    patch = rgb[top:bottom, left:right]
    # Averaging over blocks destroys the detail for good; a blur alone could be computed back.
    block = max(2 * half_width / _BLOCKS_PER_HEAD, 2.0)
    small = (max(round((right - left) / block), 1), max(round((bottom - top) / block), 1))
    coarse = cv2.resize(cv2.resize(patch, small, interpolation=cv2.INTER_AREA), (right - left, bottom - top))
    columns = (np.arange(left, right) + 0.5 - x) / half_width
    rows = (np.arange(top, bottom) + 0.5 - y) / half_height
    distance = np.sqrt(columns[None, :] ** 2 + rows[:, None] ** 2)
    opacity = np.clip((feather - distance) / (feather - 1), 0, 1)[..., None].astype(np.float32)
    patch[:] = (patch * (1 - opacity) + coarse * opacity + 0.5).astype(np.uint8)


def _known(xy_px: Floats, skeleton: Skeleton, names: tuple[str, ...]) -> Floats:
    """Positions of those of the named landmarks that the skeleton has and the frame shows, shape (n, 2)."""
    points = xy_px[[skeleton.index(name) for name in names if name in skeleton.landmarks]]
    return np.asarray(points[np.isfinite(points).all(axis=1)], dtype=np.float64)

"""One lower leg in one picture, cut out upright and at a known scale: what rearfoot angles are measured in."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import Floats

ALONG = (-0.05, 1.60)
"""Extent along the leg, in shank lengths from the knee; the ankle is at 1, the sole of the shoe at about 1.25."""

ACROSS = 0.40
"""Half of the extent across the leg, in shank lengths: the shoe and its forefoot turned out, and some ground."""

MAX_SHANK_PX = 320.0
"""Longer shanks are scaled down to this: tape edges are no sharper than that in compressed video."""


@dataclass(frozen=True, eq=False)
class LegPatch:
    """A lower leg cut out of a picture, knee on top, with the way back.

    Parameters
    ----------
    side : str
        ``left`` or ``right``: which leg it looks like in this picture.
    frame : int
        Number of the frame in the pose sequence.
    time_s : float
        Its time.
    rgb : ndarray of uint8, shape (H, W, 3)
        The picture of the leg.
    shank_px : float
        Typical length of the shank, px of the patch.
    seen_px : float
        Its length in this picture, px of the patch: shorter where it leans fore or aft.
    to_picture : ndarray, shape (2, 3)
        Takes a point of the patch, px, to the picture.
    """

    side: str
    frame: int
    time_s: float
    rgb: NDArray[np.uint8]
    shank_px: float
    seen_px: float
    to_picture: Floats

    def zone(self, along: tuple[float, float], across: float) -> tuple[slice, slice]:
        """Return rows and columns of a band around the leg's axis; see :meth:`in_legs` for the unit."""
        ankle_px = (1.0 - ALONG[0]) * self.shank_px
        rows = [ankle_px + (a - 1.0) * (self.seen_px if a < 1.0 else self.shank_px) for a in along]
        middle = self.rgb.shape[1] / 2
        reach = across * self.shank_px
        return (
            slice(max(0, round(rows[0])), max(1, round(rows[1]))),
            slice(max(0, round(middle - reach)), round(middle + reach) + 1),
        )

    def in_legs(self, xy_px: Floats) -> Floats:
        """Return points of the patch, shape (n, 2), as (across, along).

        Both are in shank lengths; along is 0 at the knee, 1 at the ankle as seen in this picture, and goes on below
        with the typical length.
        """
        across = (xy_px[:, 0] - (self.rgb.shape[1] - 1) / 2) / self.shank_px
        below_px = xy_px[:, 1] - (1.0 - ALONG[0]) * self.shank_px
        along = 1.0 + below_px / np.where(below_px < 0, self.seen_px, self.shank_px)
        return np.column_stack([across, along])

    def in_picture(self, xy_px: Floats) -> Floats:
        """Return points of the patch, shape (n, 2), px of the picture."""
        return np.asarray(xy_px @ self.to_picture[:, :2].T + self.to_picture[:, 2])


def cut_leg(
    picture: NDArray[np.uint8], side: str, frame: int, time_s: float, knee: Floats, ankle: Floats, shank_px: float
) -> LegPatch | None:
    """Cut one lower leg out of a picture.

    Parameters
    ----------
    picture : ndarray of uint8, shape (H, W, 3)
        RGB.
    side : str
        ``left`` or ``right``.
    frame : int
        Number of the frame.
    time_s : float
        Its time.
    knee, ankle : ndarray, shape (2,)
        Where the landmarks are, px. Only direction and ankle count: the shank's length comes from ``shank_px``, because
        from behind a shank leaning fore or aft looks short.
    shank_px : float
        Typical length of the shank in this clip, px.

    Returns
    -------
    LegPatch or None
        None where a landmark is missing.
    """
    axis = ankle - knee
    seen_px = float(np.linalg.norm(axis))
    if not np.isfinite(seen_px) or seen_px < 1.0 or shank_px < 1.0:
        return None
    down = axis / seen_px
    right = np.array([down[1], -down[0]])
    scale = min(1.0, MAX_SHANK_PX / shank_px)
    size = (round(2 * ACROSS * shank_px * scale) + 1, round((ALONG[1] - ALONG[0]) * shank_px * scale) + 1)
    top = ankle + (ALONG[0] - 1.0) * shank_px * down - right * (size[0] - 1) / 2 / scale
    back = np.column_stack([right / scale, down / scale, top])
    rgb = _warped(picture, back, size, scale)
    return LegPatch(side, frame, time_s, rgb, shank_px * scale, seen_px * scale, back)


def _warped(picture: NDArray[np.uint8], back: Floats, size: tuple[int, int], scale: float) -> NDArray[np.uint8]:
    """Fetch the patch from the part of the picture that it covers."""
    corners = np.array([[0, 0], [size[0], 0], [0, size[1]], list(size)]) @ back[:, :2].T + back[:, 2]
    low = np.clip(np.floor(corners.min(axis=0)).astype(int) - 2, 0, None)
    high = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 3, 0, None)
    part = picture[low[1] : high[1], low[0] : high[0]]
    if part.size == 0:
        return np.zeros((size[1], size[0], 3), np.uint8)
    if scale < 1.0:
        # Averaging before thinning out: a bare warp would pick single noisy pixels.
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), 0.4 / scale), np.uint8)
    shifted = back.copy()
    shifted[:, 2] -= low
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(part, shifted, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)

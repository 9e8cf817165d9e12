"""Roll of the pelvis in one picture from behind, read by a small network from the picture itself.

The landmarks of the pose model do not follow the pelvis from behind, so they only say where to look. The network was
trained on drawn runners whose pelvis was turned at random in every picture, whatever their legs, trunk and clothes did
(``sample_videos/pelvis_train.py``). Each pelvis is shown to it as it is and mirrored: left and right are then treated
alike, and how far the two contradict each other says whether the picture is like anything it knows.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import Floats
from gait.rearfoot.network import centres_of, run

SIZE_PX = (128, 112)
TRUNK_PX = 103.0
BELOW_MID_HIP = 0.02
"""What the network was trained to see: width and height, length of the trunk (mid-hip to mid-shoulder of the pose
model, 3 % longer than between the joints on seven films), and how far below its mid-hip the middle is, in trunks."""

UNIT_DEG = 5.0
"""Unit of the roll that the network says."""

PAIRS = ((0, 1), (2, 3), (4, 5))
"""Marks of the network that lie on lines across the pelvis, right and left."""


@dataclass(frozen=True)
class HipLine:
    """Roll of the pelvis in one picture.

    Parameters
    ----------
    roll_deg : float
        Against the picture's horizontal, positive where the right side of the picture is higher.
    spread_deg : float
        Half the difference between the picture and its mirror image.
    doubt_deg : float
        Error that the network expects of itself, mean of both.
    """

    roll_deg: float
    spread_deg: float
    doubt_deg: float


def see_hip_line(rgb: NDArray[np.uint8], mid_hip_px: Floats, trunk_px: float) -> HipLine | None:
    """Read the roll of the pelvis.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
        Picture from behind.
    mid_hip_px : ndarray, shape (2,)
        Where the pose model has the middle of the hips.
    trunk_px : float
        Length of the trunk in this clip, px.

    Returns
    -------
    HipLine or None
        None where there is no place to look at, or it is out of the picture.
    """
    height, width = rgb.shape[:2]
    if not np.isfinite(mid_hip_px).all() or not np.isfinite(trunk_px) or trunk_px < 1.0:
        return None
    if not (0 <= mid_hip_px[0] < width and 0 <= mid_hip_px[1] < height):
        return None
    scale = TRUNK_PX / trunk_px
    middle = mid_hip_px + np.array([0.0, BELOW_MID_HIP * trunk_px])
    part, middle = _cut(rgb, middle, scale)
    view = _view(part, middle, scale)
    views = np.stack([view, view[:, :, ::-1]])
    maps, said = run("hipline", views, ("maps", "said"), room="gait.pelvis")
    rolls = (_lines_roll_deg(maps) + UNIT_DEG * np.asarray(said[:, 0], float)) / 2.0
    # In the mirror image the other side is the higher one.
    plain, mirrored = rolls[0], -rolls[1]
    return HipLine((plain + mirrored) / 2, abs(plain - mirrored) / 2, float(np.exp(said[:, 1]).mean()))


def _cut(rgb: NDArray[np.uint8], middle: Floats, scale: float) -> tuple[NDArray[np.uint8], Floats]:
    """Return the part of the picture that the views need, softened before it is made smaller."""
    reach = 0.5 * max(SIZE_PX) / scale + 4.0
    low = np.clip(np.floor(middle - reach).astype(int), 0, None)
    high = np.ceil(middle + reach).astype(int)
    part = rgb[low[1] : high[1], low[0] : high[0]]
    if scale < 0.8:
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), 0.4 / scale), np.uint8)
    return part, middle - low


def _view(part: NDArray[np.uint8], middle: Floats, scale: float) -> NDArray[np.float32]:
    # Pixels are numbered from their middles: the mirror image has the same middle.
    centre = (np.array(SIZE_PX) - 1) / 2
    there = np.column_stack([scale * np.eye(2), centre - scale * middle])
    view = cv2.warpAffine(part, there, SIZE_PX, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(view.astype(np.float32).transpose(2, 0, 1) / 255.0 - 0.5)


def _lines_roll_deg(maps: Floats) -> Floats:
    """Mean roll of the lines across the pelvis, shape (n,), from maps (n, 6, H, W) of its marks."""
    at = centres_of(maps)
    lines = [at[:, left] - at[:, right] for right, left in PAIRS]
    # The network was trained with lines of four pixels at least.
    rolls = [np.arctan2(line[:, 1], np.maximum(-line[:, 0], 4.0)) for line in lines]
    return np.asarray(np.degrees(np.mean(rolls, axis=0)))

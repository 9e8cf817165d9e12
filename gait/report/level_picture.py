"""A picture of what showed the camera's roll: the edges that it was read from, drawn where they were found."""

from __future__ import annotations

import cv2
import numpy as np

from gait.model import PoseSequence, VideoInfo
from gait.report.pictures import RGB, png_bytes
from gait.report.privacy import HeadTrack
from gait.video.decode import pick_frames
from gait.video.horizon import DECK, LEVEL, UPRIGHT, Horizon, Segment
from gait.words import text

_WIDTH_PX = 900
_COLOURS: dict[str, tuple[int, int, int]] = {UPRIGHT: (0, 114, 178), LEVEL: (230, 159, 0), DECK: (0, 158, 115)}
"""Blue, orange and green that colour-blind people tell apart (Okabe & Ito 2008, jfly.uni-koeln.de/color)."""

COLOUR_WORDS = {
    UPRIGHT: text("report.method.level.upright"),
    LEVEL: text("report.method.level.level"),
    DECK: text("report.method.level.deck"),
}


def level_picture_name(video_id: str) -> str:
    """Return the file name, in ``keyframes``, of the picture of one video."""
    return f"{video_id}_level.png"


def render_level(info: VideoInfo, pose: PoseSequence, horizon: Horizon, *, blur: bool) -> bytes | None:
    """Draw the edges that show the camera's roll over a picture from the middle of the clip.

    Parameters
    ----------
    info : VideoInfo
        The video.
    pose : PoseSequence
        Its landmarks, for hiding the face.
    horizon : Horizon
        What was found.
    blur : bool
        Whether to make the face unrecognisable.

    Returns
    -------
    bytes or None
        PNG; None where that frame cannot be decoded.
    """
    index = len(pose.times_s) // 2
    pictures = pick_frames(info, [pose.first_frame + index])
    if not pictures:
        return None
    rgb = next(iter(pictures.values())).copy()
    heads = HeadTrack.to_hide(pose, blur=blur)
    if heads is not None:
        heads.cover(rgb, index)
    factor = min(1.0, _WIDTH_PX / max(rgb.shape[:2]))
    small = np.asarray(cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    # Paler, so that thin lines stand out on any wall.
    shown = np.asarray(cv2.addWeighted(small, 0.6, np.full_like(small, 255), 0.4, 0.0), dtype=np.uint8)
    for segment, kind in zip(horizon.evidence, horizon.kinds, strict=True):
        _line(shown, segment, factor, _COLOURS[kind])
    return png_bytes(shown)


def _line(picture: RGB, segment: Segment, factor: float, colour: tuple[int, int, int]) -> None:
    ends = np.round(np.array(segment).reshape(2, 2) * factor * 16).astype(int)
    cv2.line(picture, tuple(ends[0].tolist()), tuple(ends[1].tolist()), colour, 2, cv2.LINE_AA, 4)

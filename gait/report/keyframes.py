"""Key frames: the runner cut from the picture, with the near leg, the trunk and the measured angles.

A key frame with a part of its own (a foot from behind) shows that part enlarged, with the lines that were read in it
and without the skeleton, which would hide them.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from gait.model import AngleMark, Floats, KeyFrame, PoseSequence, VideoInfo
from gait.report.foot_lines import draw_foot
from gait.report.pictures import RGB, png_bytes
from gait.report.privacy import HeadTrack
from gait.report.wording import DEGREE, number, phase_words
from gait.skeleton import SKELETONS, Skeleton, leg
from gait.video.decode import pick_frames
from gait.video.draw import draw_angle, draw_label, draw_skeleton
from gait.video.label import Box

_HEIGHT_PX = 1000
_MAX_ENLARGEMENT = 2.0
_MAX_PART_ENLARGEMENT = 6.0
"""A foot filmed from behind is a tenth of the picture's height."""

_MARGINS = (0.16, 0.20, 0.16, 0.09)
"""Left, top, right, bottom of the crop beyond the landmarks, in heights of the runner: hair needs room."""

_MIN_ASPECT, _MAX_ASPECT = 0.62, 1.0
"""Width over height of the crop, so that several stand side by side on a page."""

_SCALE = 1.5


def render_keyframes(
    info: VideoInfo, pose: PoseSequence, keyframes: Sequence[KeyFrame], *, near_side: str | None, blur: bool
) -> dict[str, bytes]:
    """Draw the key frames of one video.

    Parameters
    ----------
    info : VideoInfo
        The video.
    pose : PoseSequence
        Its landmarks.
    keyframes : sequence of KeyFrame
        What to draw; all of this video.
    near_side : {"left", "right", None}
        The runner's side that faces the camera; None draws both legs alike.
    blur : bool
        Whether to make the face unrecognisable.

    Returns
    -------
    dict of str to bytes
        PNG by file name (`KeyFrame.file`). All that show the runner are cropped alike. A frame that cannot be decoded
        is left out.
    """
    in_reach = [k for k in keyframes if 0 <= k.frame - pose.first_frame < len(pose.times_s)]
    if not in_reach:
        return {}
    pictures = pick_frames(info, [k.frame for k in in_reach])
    skeleton = SKELETONS[pose.skeleton]
    heads = HeadTrack.to_hide(pose, blur=blur)
    xy_px = pose.xy_px[[k.frame - pose.first_frame for k in in_reach]]
    crop = _crop(xy_px, info.size_px)
    found = {}
    for keyframe, points in zip(in_reach, xy_px, strict=True):
        if keyframe.frame not in pictures:
            continue
        rgb = pictures[keyframe.frame].copy()
        if heads is not None:
            heads.cover(rgb, keyframe.frame - pose.first_frame)
        part = _part(keyframe, info.size_px)
        drawn = _draw_part(rgb, keyframe, part) if part else _draw(rgb, points, skeleton, keyframe, crop, near_side)
        found[keyframe.file] = png_bytes(drawn)
    return found


def _part(keyframe: KeyFrame, size_px: tuple[int, int]) -> Box | None:
    """The part of the picture that a key frame asks for, inside it; None where it asks for none or has none left."""
    if keyframe.crop_px is None:
        return None
    left, top, right, bottom = (round(v) for v in keyframe.crop_px)
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, size_px[0]), min(bottom, size_px[1])
    return (left, top, right, bottom) if right - left > 1 and bottom - top > 1 else None


def _crop(xy_px: Floats, size_px: tuple[int, int]) -> Box:
    """Rectangle around the runner in all key frames, with room around, inside the picture."""
    points = xy_px[np.isfinite(xy_px).all(axis=-1)]
    width, height = size_px
    if not len(points):
        return 0, 0, width, height
    # A few wild points must not widen the picture.
    low, high = np.percentile(points, 1, axis=0), np.percentile(points, 99, axis=0)
    tall = float(high[1] - low[1])
    left, top = low[0] - _MARGINS[0] * tall, low[1] - _MARGINS[1] * tall
    right, bottom = high[0] + _MARGINS[2] * tall, high[1] + _MARGINS[3] * tall
    middle, wide = (left + right) / 2, right - left
    wide = min(max(wide, _MIN_ASPECT * (bottom - top)), max(_MAX_ASPECT * (bottom - top), wide))
    left = min(max(middle - wide / 2, 0.0), max(width - wide, 0.0))
    top, bottom = max(top, 0.0), min(bottom, float(height))
    return round(left), round(top), round(min(left + wide, width)), round(bottom)


def _enlarged(rgb: RGB, crop: Box, most: float) -> tuple[RGB, float]:
    """Cut out a part and bring it to the height of a key frame; return it with the factor.

    Enlarged before drawing, so that lines and letters are sharp however small the runner was filmed.
    """
    left, top, right, bottom = crop
    factor = min(_HEIGHT_PX / (bottom - top), most)
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    cut = cv2.resize(rgb[top:bottom, left:right], None, fx=factor, fy=factor, interpolation=how)
    return np.ascontiguousarray(cut, dtype=np.uint8), factor


def _title(picture: RGB, keyframe: KeyFrame, top_px: float = 12.0) -> Box:
    text = f"{phase_words(keyframe.phase)}, {keyframe.side} foot\n{keyframe.time_s:.2f} s"
    return draw_label(picture, text, (12, top_px), scale=_SCALE)


def _draw_part(rgb: RGB, keyframe: KeyFrame, part: Box) -> RGB:
    picture, factor = _enlarged(rgb, part, _MAX_PART_ENLARGEMENT)
    draw_foot(picture, keyframe, np.array(part[:2], dtype=float), factor, scale=_SCALE)
    # Below the foot is only belt; the calf line ends at the top.
    _title(picture[:-12], keyframe, picture.shape[0])
    return picture


def _draw(rgb: RGB, points: Floats, skeleton: Skeleton, keyframe: KeyFrame, crop: Box, near_side: str | None) -> RGB:
    left, top, _, _ = crop
    picture, factor = _enlarged(rgb, crop, _MAX_ENLARGEMENT)
    shown = (points - (left, top)) * factor
    draw_skeleton(picture, _near_leg_and_trunk(shown, skeleton, near_side), skeleton, near_side=near_side, scale=1.25)
    taken: list[Box] = [_title(picture, keyframe)]
    # All lines before all labels, so that no line crosses a label.
    for lines in (True, False):
        for mark in keyframe.marks:
            # Whole degrees: one picture carries no more; the tables have the decimals.
            text = "" if lines else f"{mark.label} {number(mark.value_deg, digits=0)}{DEGREE}"
            points_px, dashed = drawn_angle(mark)
            corners = (points_px - (left, top)) * factor
            draw_angle(picture, corners, mark.vertex, text, dashed=dashed, scale=_SCALE, avoid=taken, lines=lines)
    return picture


def _near_leg_and_trunk(xy_px: Floats, skeleton: Skeleton, near_side: str | None) -> Floats:
    if near_side is None:
        return xy_px
    keep = skeleton.indices([f"{near_side}_shoulder", *leg(near_side)])
    shown = np.full_like(xy_px, np.nan)
    shown[keep] = xy_px[keep]
    return shown


def drawn_angle(mark: AngleMark) -> tuple[Floats, list[int]]:
    """Return the points to draw for an angle, shape (N, 2), and which of their rays are references (dashed).

    Rays that are exactly upright or level are references, not limbs. Flexion is the angle between a segment
    and the straight continuation of the one before, so where the rays enclose 180 degrees minus the value the
    first is continued beyond the joint: the arc then shows the number that is written.
    """
    points = np.asarray(mark.points_px, dtype=float).reshape(-1, 2)
    corner = points[mark.vertex]
    rays = [i for i in range(len(points)) if i != mark.vertex]
    dashed = [i for i in rays if np.abs(points[i] - corner).min() < 0.01]
    if len(rays) < 2:
        return points, dashed
    a, b = points[rays[0]] - corner, points[rays[1]] - corner
    norms = float(np.linalg.norm(a) * np.linalg.norm(b))
    if norms == 0 or dashed:
        return points, dashed
    enclosed = float(np.degrees(np.arccos(np.clip(a @ b / norms, -1, 1))))
    if abs(180 - enclosed - abs(mark.value_deg)) < abs(enclosed - abs(mark.value_deg)):
        points[rays[0]] = corner - 0.5 * a
        dashed = [rays[0]]
    return points, dashed

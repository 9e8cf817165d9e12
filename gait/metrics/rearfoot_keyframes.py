"""The picture of each foot at its largest eversion, cut out, with the lines that were read in it."""

from __future__ import annotations

import numpy as np

from gait.metrics.rearfoot import Rearfoot
from gait.model import AngleMark, Floats, KeyFrame, LineMark, PoseSequence
from gait.rearfoot.angles import FrameAngle

PHASE = "peak_eversion"

_NEAR_PEAK = 0.08
_LONGER = 0.35
"""How far the lines are drawn beyond what was read, as a share of their length."""

_OPENING = 2.2
"""Length of the angle's rays in lengths of the heel line: an angle of 3 degrees is to be seen."""

_EDGE = 0.03
_CROP = (1.1, 0.35, 0.85)
"""Half of the width, room above the shank line and below the heel line, in lengths of the shank line."""


def rearfoot_keyframe(
    video: str, side: str, foot: Rearfoot, display: PoseSequence, *, mirrored: bool = False
) -> KeyFrame | None:
    """Describe the picture of a foot that is most like its median peak; None without curves.

    Its one angle mark opens at the top of the heel line, from where the heel is at 0 (in line with the calf, or as it
    stands) to where it is seen: what is drawn is the number that is written.

    Parameters
    ----------
    video, side : str
        Id of the video, ``left`` or ``right``.
    foot : Rearfoot
        What was seen of that foot.
    display : PoseSequence
        Landmarks whose rows the foot's frames count.
    mirrored : bool
        The picture is mirror-inverted.
    """
    shown = _most_usual(foot)
    if shown is None:
        return None
    angle = foot.angles.eversion_deg()[foot.angles.frames.index(shown)]
    lines = [
        LineMark("calf", _points(longer(shown.shank_px))),
        LineMark("heel", _points(longer(shown.heel_px))),
        *(LineMark("mark", _points(outline), closed=True) for outline in shown.outlines_px),
    ]
    return KeyFrame(
        video=video,
        side=side,
        phase=PHASE,
        frame=shown.frame + display.first_frame,
        time_s=shown.time_s,
        caption=_caption(float(angle), standing=foot.angles.zero_deg is not None),
        marks=(_angle_mark(shown, foot, float(angle), mirrored),),
        lines=tuple(lines),
        crop_px=_crop(shown),
        file=f"{video}_{side}_{PHASE}.png",
    )


def _most_usual(foot: Rearfoot) -> FrameAngle | None:
    """The picture near the peak of its stance whose angle is nearest to the median peak."""
    if foot.curves is None or foot.values is None or not np.isfinite(foot.values.peak_deg).any():
        return None
    at = foot.curves.peak_share
    usual = float(np.nanmedian(foot.values.peak_deg))
    angles = foot.angles.eversion_deg()
    best, least = None, np.inf
    for frame, angle in zip(foot.angles.frames, angles, strict=True):
        for stance in foot.stances:
            share = stance.share_at(frame.time_s)
            off = abs(angle - usual) + 10.0 * abs(share - at)
            if abs(share - at) <= _NEAR_PEAK and off < least:
                best, least = frame, off
    return best


def _caption(eversion_deg: float, *, standing: bool) -> str:
    size = round(abs(eversion_deg))
    words = f"Heel {size} degree{'' if size == 1 else 's'} rolled {'in' if eversion_deg >= 0 else 'out'}"
    dashed = "as it is when standing" if standing else "in line with the calf"
    return f"{words}: yellow as seen, dashed {dashed}. White: calf line"


def _angle_mark(shown: FrameAngle, foot: Rearfoot, eversion_deg: float, mirrored: bool) -> AngleMark:
    """The angle from the heel line at 0 to the heel line as seen, below its upper end."""
    top, ray = shown.heel_px[0], _OPENING * (shown.heel_px[1] - shown.heel_px[0])
    # Positive turns the lower end towards the picture's right (y points down).
    turn = np.radians(foot.angles.sign * eversion_deg * (-1.0 if mirrored else 1.0))
    cosine, sine = np.cos(turn), np.sin(turn)
    at_zero = np.array([cosine * ray[0] - sine * ray[1], sine * ray[0] + cosine * ray[1]])
    return AngleMark("heel", round(eversion_deg, 1), _points(np.array([top, top + at_zero, top + ray])), vertex=0)


def longer(line_px: Floats) -> Floats:
    """Return a line, (upper, lower) points, as far beyond what was read as it is drawn."""
    more = _LONGER * (line_px[1] - line_px[0])
    return np.array([line_px[0] - more, line_px[1] + more])


def _points(points_px: Floats) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in points_px)


def _crop(shown: FrameAngle) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the part of the picture that is shown."""
    shank_px, lowest = shown.shank_px, shown.heel_px[1]
    length = float(np.linalg.norm(lowest - shank_px[0]))
    middle = (shank_px[0] + lowest) / 2
    half, above, below = (share * length / 2 for share in _CROP)
    highest = float(longer(shank_px)[:, 1].min())
    return (
        round(float(middle[0]) - half, 1),
        round(min(float(shank_px[0][1]) - above, highest - _EDGE * length), 1),
        round(float(middle[0]) + half, 1),
        round(float(lowest[1]) + below, 1),
    )

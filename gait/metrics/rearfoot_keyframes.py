"""The picture of each foot at its largest eversion, cut out, with the lines that were read in it."""

from __future__ import annotations

import numpy as np

from gait.metrics.rearfoot import Rearfoot
from gait.model import Floats, KeyFrame, LineMark, PoseSequence
from gait.rearfoot.angles import PEAK_WINDOW, FrameAngle

PHASE = "peak_eversion"

_NEAR_PEAK = 0.08
_LONGER = 0.35
"""How far the lines are drawn beyond what was read, as a share of their length."""

_CROP = (1.1, 0.35, 0.55)
"""Half of the width, room above the shank line and below the heel line, in lengths of the shank line."""


def rearfoot_keyframe(video: str, side: str, foot: Rearfoot, display: PoseSequence) -> KeyFrame | None:
    """Describe the picture of a foot that is most like its median peak; None without curves."""
    shown = _most_usual(foot)
    if shown is None:
        return None
    angle = foot.angles.eversion_deg()[foot.angles.frames.index(shown)]
    lines = [
        LineMark("calf", _points(_longer(shown.shank_px))),
        LineMark("heel", _points(_longer(shown.heel_px))),
        *(LineMark("mark", _points(outline), closed=True) for outline in shown.outlines_px),
    ]
    words = "rolled in" if angle >= 0 else "rolled out"
    return KeyFrame(
        video=video,
        side=side,
        phase=PHASE,
        frame=shown.frame + display.first_frame,
        time_s=shown.time_s,
        caption=f"Largest heel roll-in, {side} foot, at {shown.time_s:.2f} s: heel {abs(angle):.0f} degrees {words}",
        lines=tuple(lines),
        crop_px=_crop(shown),
        file=f"{video}_{side}_{PHASE}.png",
    )


def _most_usual(foot: Rearfoot) -> FrameAngle | None:
    """The picture near the peak of its stance whose angle is nearest to the median peak."""
    if foot.curves is None or foot.values is None or not np.isfinite(foot.values.peak_deg).any():
        return None
    grid = foot.curves.grid
    window = (grid >= PEAK_WINDOW[0]) & (grid <= PEAK_WINDOW[1])
    at = float(grid[window][foot.curves.mean[window].argmax()])
    usual = float(np.nanmedian(foot.values.peak_deg))
    angles = foot.angles.eversion_deg()
    best, least = None, np.inf
    for frame, angle in zip(foot.angles.frames, angles, strict=True):
        for stance in foot.stances:
            share = (frame.time_s - stance.ic_s) / (stance.to_s - stance.ic_s)
            off = abs(angle - usual) + 10.0 * abs(share - at)
            if abs(share - at) <= _NEAR_PEAK and off < least:
                best, least = frame, off
    return best


def _longer(line_px: Floats) -> Floats:
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
    return (
        round(float(middle[0]) - half, 1),
        round(float(shank_px[0][1]) - above, 1),
        round(float(middle[0]) + half, 1),
        round(float(lowest[1]) + below, 1),
    )

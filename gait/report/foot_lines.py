"""Calf line, heel line and the angle between them, drawn alike on key frames and in the film.

The calf is white, the heel yellow, both on a dark casing: they differ in lightness, so grey print and colour-blind
readers tell them apart, and on a key frame each carries its name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.metrics.rearfoot_keyframes import longer
from gait.model import Floats, KeyFrame
from gait.report.pictures import RGB
from gait.report.wording import DEGREE, number
from gait.video.draw import ANGLE, draw_label, draw_line, draw_outline, draw_wedge
from gait.video.label import WHITE, label_box
from gait.words import text

CALF, HEEL, MARK = "calf", "heel", "mark"
CALF_COLOUR, HEEL_COLOUR = WHITE, ANGLE
LEGEND = text("report_charts.foot.legend")


@dataclass(frozen=True, eq=False)
class SeenFoot:
    """Calf and heel line of one foot in one picture: (upper, lower) points, px, shape (2, 2)."""

    side: str
    calf_px: Floats
    heel_px: Floats


def rolled_words(eversion_deg: float) -> str:
    """Say an angle of the heel in words: "9° rolled in"; negative is rolled out."""
    degrees = number(abs(eversion_deg), digits=0)
    if degrees == "0":
        return f"{degrees}{DEGREE}"
    return text(f"report_charts.foot.rolled_{'in' if eversion_deg > 0 else 'out'}", angle=f"{degrees}{DEGREE}")


def draw_foot_lines(rgb: RGB, calf_px: Floats, heel_px: Floats) -> None:
    """Draw both lines of one foot, (upper, lower) points of shape (2, 2), a little longer than they were read."""
    for line, colour in ((calf_px, CALF_COLOUR), (heel_px, HEEL_COLOUR)):
        upper, lower = longer(line)
        draw_line(rgb, upper, lower, colour, width=2.2)


def draw_foot(rgb: RGB, keyframe: KeyFrame, origin_px: Floats, factor: float, *, scale: float) -> None:
    """Draw a key frame's lines, outlines and angle on an enlarged part of the picture.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
        The enlarged part, changed in place.
    keyframe : KeyFrame
        With lines called ``calf``, ``heel`` and ``mark``, and marks that open at their vertex from the heel at 0 to the
        heel as seen.
    origin_px : ndarray, shape (2,)
        Where in the whole picture the part begins.
    factor : float
        How much it is enlarged.
    scale : float
        Factor on widths and letters.
    """
    lines = {line.label: _shown(line.points_px, origin_px, factor) for line in keyframe.lines if not line.closed}
    for line in keyframe.lines:
        if line.closed:
            draw_outline(rgb, _shown(line.points_px, origin_px, factor), WHITE, scale=scale)
    for mark in keyframe.marks:
        top, at_zero, seen = _shown(mark.points_px, origin_px, factor)[:3]
        draw_wedge(rgb, top, at_zero, seen, HEEL_COLOUR, scale=scale)
        draw_line(rgb, top, at_zero, CALF_COLOUR, width=2.0, dashed=True, scale=scale)
    for name, colour in ((CALF, CALF_COLOUR), (HEEL, HEEL_COLOUR)):
        if name in lines:
            draw_line(rgb, lines[name][0], lines[name][-1], colour, scale=scale)
    if CALF in lines:
        _beside(rgb, text("report_charts.foot.calf"), lines[CALF].mean(axis=0), CALF_COLOUR, scale)
    if HEEL in lines:
        words = [rolled_words(mark.value_deg) for mark in keyframe.marks if mark.label == HEEL]
        _beside(rgb, "\n".join([text("report_charts.foot.heel"), *words]), lines[HEEL].mean(axis=0), HEEL_COLOUR, scale)


def _beside(rgb: RGB, words: str, at_px: Floats, colour: tuple[int, int, int], scale: float) -> None:
    """Write a label at the picture's right edge, at the height of what it names, with a line to it."""
    width = rgb.shape[1]
    left, top, right, bottom = label_box(rgb, words, (0.0, float(at_px[1])), scale=scale, centred=True)
    x, y = width - (right - left) - 0.02 * width, at_px[1] - (bottom - top) / 2
    draw_line(rgb, np.array([x, at_px[1]]), at_px, colour, width=0.8, scale=scale)
    draw_label(rgb, words, (x, float(y)), colour=colour, scale=scale)


def _shown(points_px: tuple[tuple[float, float], ...], origin_px: Floats, factor: float) -> Floats:
    return np.asarray((np.asarray(points_px, dtype=float) - origin_px) * factor)

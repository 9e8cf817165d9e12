"""What is drawn on a picture: the skeleton, angles, words, and the blur over a face.

All functions change the picture in place. Sizes follow the picture's shorter side, so that a 4K frame and a
phone's look alike. The colours are those of Okabe and Ito, which people with any common colour-blindness tell
apart (Wong 2011, doi:10.1038/nmeth.1618): blue is the runner's left, orange the right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import Floats
from gait.skeleton import Skeleton
from gait.video.face import blur_face
from gait.video.label import INK, WHITE, Box, Image8, Rgb, draw_label, inside, label_box, unit_px

__all__ = ["blur_face", "draw_angle", "draw_label", "draw_line", "draw_outline", "draw_skeleton", "draw_wedge"]

LEFT: Rgb = (86, 180, 233)
RIGHT: Rgb = (230, 159, 0)
MIDLINE: Rgb = (235, 235, 235)
ANGLE: Rgb = (240, 228, 66)

_FAR_OPACITY = 0.45
_WEDGE_OPACITY = 0.45
_FRACTION_BITS = 4


def draw_skeleton(rgb: Image8, xy_px: Floats, skeleton: Skeleton, *, near_side: str | None, scale: float = 1.0) -> None:
    """Draw a skeleton: the limbs away from the camera thin and pale beneath those near to it.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
        The picture, changed in place.
    xy_px : ndarray, shape (K, 2)
        Landmarks; those that are NaN are left out, with the lines that end there.
    skeleton : Skeleton
        Names and edges of the landmarks. Landmarks without an edge (face, fingers) are not drawn.
    near_side : {"left", "right", None}
        The runner's side that faces the camera; None (rear and front views) draws both alike.
    scale : float
        Factor on all widths.
    """
    unit = unit_px(rgb, scale)
    edges = [(skeleton.index(a), skeleton.index(b), _side_of_edge(a, b)) for a, b in skeleton.edges]
    edges = [edge for edge in edges if np.isfinite(xy_px[[edge[0], edge[1]]]).all()]
    far = [edge for edge in edges if near_side is not None and edge[2] != near_side]
    near = [edge for edge in edges if edge not in far]
    if far:
        region = _bounds(rgb, xy_px[[i for edge in far for i in edge[:2]]], margin=8 * unit)
        if region is not None:
            left, top, right, bottom = region
            patch = rgb[top:bottom, left:right]
            drawn = patch.copy()
            _draw_limbs(drawn, xy_px - (left, top), far, 0.7 * unit)
            patch[:] = cv2.addWeighted(drawn, _FAR_OPACITY, patch, 1 - _FAR_OPACITY, 0)
    _draw_limbs(rgb, xy_px, near, unit)


def _side_of_edge(a: str, b: str) -> str:
    sides = {name.partition("_")[0] for name in (a, b)}
    return sides.pop() if len(sides) == 1 else ""


def _draw_limbs(rgb: Image8, xy_px: Floats, edges: list[tuple[int, int, str]], unit: float) -> None:
    colours = {"left": LEFT, "right": RIGHT}
    # The dark casing goes beneath all lines, so that crossing limbs do not cut each other up.
    for width, cased in ((6.5, True), (3.8, False)):
        for a, b, side in edges:
            colour = INK if cased else colours.get(side, MIDLINE)
            _line(rgb, xy_px[a], xy_px[b], colour, width * unit)
    joints = {i: side for a, b, side in sorted(edges, key=lambda edge: bool(edge[2])) for i in (a, b)}
    for i, side in joints.items():
        _disc(rgb, xy_px[i], 5.2 * unit, INK)
        _disc(rgb, xy_px[i], 4.0 * unit, WHITE)
        _disc(rgb, xy_px[i], 2.6 * unit, colours.get(side, MIDLINE))


def draw_angle(
    rgb: Image8,
    points_px: Sequence[tuple[float, float]] | Floats,
    vertex: int,
    label: str,
    *,
    colour: Rgb = ANGLE,
    dashed: Sequence[int] = (),
    scale: float = 1.0,
    avoid: list[Box] | None = None,
    lines: bool = True,
) -> None:
    """Draw an angle: rays from the vertex to every other point, an arc between the first two, and its label.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
        The picture, changed in place.
    points_px : sequence of (x, y)
        The vertex and the ends of its rays; one NaN and nothing is drawn. With one ray there is no arc.
    vertex : int
        Which of the points is the vertex.
    label : str
        What to write beside the arc, e.g. ``"knee 14°"``; empty for nothing.
    colour : (int, int, int)
        RGB of the lines.
    dashed : sequence of int
        Points whose ray is a reference (the vertical, the horizontal) and drawn dashed.
    scale : float
        Factor on all widths and on the text.
    avoid : list of Box, optional
        What labels of this picture shall keep off; the rays and the label drawn here are added to it, so pass
        one list for all angles of a picture.
    lines : bool
        Whether to draw rays and arc; without them only the label is written. For several angles in one picture draw
        all lines (with an empty label) before the labels: a later angle's lines would cross an earlier label.
    """
    points = np.asarray(points_px, dtype=float).reshape(-1, 2)
    if len(points) < 2 or not np.isfinite(points).all():
        return
    unit = unit_px(rgb, scale)
    corner = points[vertex]
    rays = [i for i in range(len(points)) if i != vertex and np.linalg.norm(points[i] - corner) > 1e-6]
    if not rays:
        return
    taken = [] if avoid is None else avoid
    if lines:
        for width, ink in ((5.5, INK), (3.0, colour)):
            for i in rays:
                (_dashes if i in dashed else _line)(rgb, corner, points[i], ink, width * unit)
        if len(rays) > 1:
            _arc(rgb, corner, points[rays[0]], points[rays[1]], colour, unit)
        _disc(rgb, corner, 4.5 * unit, INK)
        _disc(rgb, corner, 3.0 * unit, colour)
        taken.extend(_ray_boxes(corner, points[rays], 8 * unit))
    if label:
        middle = corner + _outward(corner, points[rays]) * 62 * unit
        box = label_box(rgb, label, (float(middle[0]), float(middle[1])), scale=scale, centred=True)
        box = _free_place(rgb, box, taken, corner, unit)
        taken.append(draw_label(rgb, label, (box[0], box[1]), colour=colour, scale=scale))


def draw_line(
    rgb: Image8,
    a_px: Floats,
    b_px: Floats,
    colour: Rgb,
    *,
    width: float = 3.0,
    dashed: bool = False,
    scale: float = 1.0,
) -> None:
    """Draw a line on a dark casing, which keeps it visible on any ground.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
        The picture, changed in place.
    a_px, b_px : ndarray, shape (2,)
        Its ends; one that is not finite and nothing is drawn.
    colour : (int, int, int)
        RGB.
    width : float
        Width on a 720p picture, px.
    dashed : bool
        Whether it is a reference and not what was seen.
    scale : float
        Factor on the width.
    """
    a, b = np.asarray(a_px, dtype=float), np.asarray(b_px, dtype=float)
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return
    unit = unit_px(rgb, scale)
    for wide, ink in ((width + 2.5, INK), (width, colour)):
        (_dashes if dashed else _line)(rgb, a, b, ink, wide * unit)


def draw_outline(rgb: Image8, points_px: Floats, colour: Rgb, *, width: float = 1.1, scale: float = 1.0) -> None:
    """Draw a closed outline through points, shape (N, 2), on a dark casing."""
    points = np.asarray(points_px, dtype=float).reshape(-1, 2)
    if len(points) < 2 or not np.isfinite(points).all():
        return
    unit = unit_px(rgb, scale)
    for wide, ink in ((width + 1.2, INK), (width, colour)):
        cv2.polylines(rgb, [_fixed(points)], True, ink, max(round(wide * unit), 1), cv2.LINE_AA, _FRACTION_BITS)


def draw_wedge(rgb: Image8, corner_px: Floats, a_px: Floats, b_px: Floats, colour: Rgb, *, scale: float = 1.0) -> None:
    """Shade the smaller angle between two rays as far as the shorter one reaches: small angles need the room."""
    corner, a, b = (np.asarray(p, dtype=float) for p in (corner_px, a_px, b_px))
    if not np.isfinite([corner, a, b]).all():
        return
    radius = 0.92 * min(float(np.linalg.norm(a - corner)), float(np.linalg.norm(b - corner)))
    start, turn = _turn(corner, a, b)
    steps = start + turn * np.linspace(0, 1, 33)
    arc = corner + radius * np.stack((np.cos(steps), np.sin(steps)), axis=1)
    shaded = rgb.copy()
    cv2.fillPoly(shaded, [_fixed(np.vstack((corner, arc)))], colour, cv2.LINE_AA, _FRACTION_BITS)
    rgb[:] = cv2.addWeighted(shaded, _WEDGE_OPACITY, rgb, 1 - _WEDGE_OPACITY, 0)
    unit = unit_px(rgb, scale)
    for wide, ink in ((4.5, INK), (2.5, colour)):
        cv2.polylines(rgb, [_fixed(arc)], False, ink, max(round(wide * unit), 1), cv2.LINE_AA, _FRACTION_BITS)


def _outward(corner: Floats, ends: Floats) -> Floats:
    """Return the direction in which an angle opens: its bisector, or along its only ray."""
    if len(ends) < 2:
        return _unit_vector(ends[0] - corner)
    start, turn = _turn(corner, ends[0], ends[1])
    return np.array([math.cos(start + turn / 2), math.sin(start + turn / 2)])


def _ray_boxes(corner: Floats, ends: Floats, step_px: float) -> list[Box]:
    """Small boxes along the rays: a label should not hide what it names."""
    boxes = []
    for end in ends:
        n = max(int(np.linalg.norm(end - corner) / step_px), 1)
        for x, y in np.round(corner + (end - corner) * np.linspace(0, 1, n + 1)[:, None]).astype(int):
            boxes.append((int(x), int(y), int(x) + 1, int(y) + 1))
    return boxes


def _turn(corner: Floats, a: Floats, b: Floats) -> tuple[float, float]:
    """Return the direction of the first ray, and the smaller turn from it to the second; rad."""
    start = math.atan2(a[1] - corner[1], a[0] - corner[0])
    turn = math.atan2(b[1] - corner[1], b[0] - corner[0]) - start
    return start, (turn + math.pi) % (2 * math.pi) - math.pi


def _arc(rgb: Image8, corner: Floats, a: Floats, b: Floats, colour: Rgb, unit: float) -> None:
    """Draw the arc of the smaller angle between two rays."""
    length = min(float(np.linalg.norm(a - corner)), float(np.linalg.norm(b - corner)))
    radius = min(34 * unit, 0.6 * length)
    start, turn = _turn(corner, a, b)
    steps = np.linspace(0, 1, 33)
    curve = corner + radius * np.stack((np.cos(start + turn * steps), np.sin(start + turn * steps)), axis=1)
    for width, ink in ((4.5, INK), (2.5, colour)):
        cv2.polylines(rgb, [_fixed(curve)], False, ink, max(round(width * unit), 1), cv2.LINE_AA, _FRACTION_BITS)


def _free_place(rgb: Image8, box: Box, taken: Sequence[Box], corner: Floats, unit: float) -> Box:
    """Move a label around its vertex to where it hides least, near its first place if that is free."""
    width, height = box[2] - box[0], box[3] - box[1]
    arm = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]) - corner
    best, least = box, math.inf
    for reach in (1.0, 1.4, 1.9, 2.5):
        for turn in (0.0, 0.4, -0.4, 0.8, -0.8, 1.3, -1.3, 1.9, -1.9, 2.5, -2.5, math.pi):
            cosine, sine = math.cos(turn), math.sin(turn)
            x, y = corner + reach * np.array([cosine * arm[0] - sine * arm[1], sine * arm[0] + cosine * arm[1]])
            place = inside(rgb, round(x - width / 2), round(y - height / 2), width, height)
            hidden = sum(100 if other[2] - other[0] > 1 else 1 for other in taken if _overlap(place, other))
            moved = math.hypot(place[0] - box[0], place[1] - box[1]) / (60 * unit)
            if hidden + moved < least:
                best, least = place, hidden + moved
    return best


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _fixed(points: Floats) -> NDArray[np.int32]:
    """Turn positions into OpenCV's fixed point: lines land between pixels and do not tremble in a film."""
    return np.round(np.clip(points, -1e4, 1e5) * (1 << _FRACTION_BITS)).astype(np.int32)


def _line(rgb: Image8, a: Floats, b: Floats, colour: Rgb, width: float) -> None:
    ends = _fixed(np.stack((a, b)))
    start, end = (int(ends[0, 0]), int(ends[0, 1])), (int(ends[1, 0]), int(ends[1, 1]))
    cv2.line(rgb, start, end, colour, max(round(width), 1), cv2.LINE_AA, _FRACTION_BITS)


def _dashes(rgb: Image8, a: Floats, b: Floats, colour: Rgb, width: float) -> None:
    length = float(np.linalg.norm(b - a))
    period = 14 * unit_px(rgb)
    for start in np.arange(0, length, period):
        _line(
            rgb,
            a + (b - a) * start / length,
            a + (b - a) * min(start + 0.5 * period, length) / length,
            colour,
            width,
        )


def _disc(rgb: Image8, centre: Floats, radius: float, colour: Rgb) -> None:
    x, y = (int(v) for v in _fixed(centre))
    cv2.circle(rgb, (x, y), round(radius * (1 << _FRACTION_BITS)), colour, -1, cv2.LINE_AA, _FRACTION_BITS)


def _unit_vector(vector: Floats) -> Floats:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _bounds(rgb: Image8, points: Floats, margin: float) -> Box | None:
    """Rectangle around points, cut to the picture; None when nothing of it is in the picture."""
    height, width = rgb.shape[:2]
    low = np.clip(np.floor(points.min(axis=0) - margin), 0, (width, height)).astype(int)
    high = np.clip(np.ceil(points.max(axis=0) + margin), 0, (width, height)).astype(int)
    if (high <= low).any():
        return None
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])

"""Tape on heel counter and calf, and the points it marks, whether there is tape or not.

Heel marks lie on the heel counter's vertical mid-line, calf marks behind the line from knee to ankle, so standing with
calf and heel parallel gives two parallel lines.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyvista as pv

from .body import RestBody, frame
from .clothes import Piece
from .shoemaker import Shoe
from .spec import TapeSpec

# Heights above the sole (m) on the counter, and places along the shank as shares of the way from ankle to knee.
HEEL_Z = {"heel_lower": 0.056, "heel_upper": 0.100}
CALF_SHARE = {"calf_lower": 1 / 3, "calf_upper": 2 / 3}
MARKS = ("calf_upper", "calf_lower", "heel_upper", "heel_lower")
# Strips reach this far (m) beyond the marks.
HEEL_OVER_M, CALF_OVER_M = 0.012, 0.030
# Tape lies this high on the surface (m).
LIFT_M = 0.0009
START_M = 0.25


def _disc(radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 2) and triangles of a disc; the first point is its centre."""
    rings, around = 4, 28
    angle = np.arange(around) * 2 * np.pi / around
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    points = np.concatenate([np.zeros((1, 2)), *(radius * (r + 1) / rings * circle for r in range(rings))])
    here, then = np.arange(around), (np.arange(around) + 1) % around
    faces = [np.stack([0 * here, 1 + here, 1 + then], axis=-1)]
    for ring in range(rings - 1):
        inner, outer = 1 + ring * around, 1 + (ring + 1) * around
        faces.append(np.stack([inner + here, outer + here, outer + then], axis=-1))
        faces.append(np.stack([inner + here, outer + then, inner + then], axis=-1))
    return points, np.concatenate(faces)


def _band(width: float, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 2) and triangles of an upright band."""
    columns, rows = 5, max(int((high - low) / 0.004), 2)
    x, y = np.meshgrid(np.linspace(-width / 2, width / 2, columns), np.linspace(low, high, rows))
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    faces = np.concatenate(
        [
            np.stack([corner, corner + 1, corner + columns + 1], axis=-1),
            np.stack([corner, corner + columns + 1, corner + columns], axis=-1),
        ]
    )
    return np.stack([x.ravel(), y.ravel()], axis=-1), faces


def _stuck(kind: str, heights: list[float], over: float, spec: TapeSpec) -> tuple[np.ndarray, np.ndarray]:
    """Flat tape before it is put on: points (across, up) and triangles."""
    if kind == "strip":
        return _band(spec.strip_m, min(heights) - over, max(heights) + over)
    if kind != "dots":
        raise ValueError(f'tape is "dots" or "strip", not "{kind}"')
    points, faces = _disc(spec.dot_m / 2)
    both = [points + np.array([0.0, height]) for height in heights]
    return np.concatenate(both), np.concatenate([faces + i * len(points) for i in range(len(both))])


def _put_on(mesh: pv.PolyData, start: np.ndarray, ahead: np.ndarray, lift: float) -> tuple[np.ndarray, np.ndarray]:
    """Slide points along a direction to where they first meet a surface: points (n, 3) and the faces they meet."""
    points, cells = [], []
    for origin in start:
        hit, cell = mesh.ray_trace(origin, origin + 2 * START_M * ahead, first_point=False)
        if not len(hit):
            raise ValueError("tape reaches beyond the surface it is put on")
        nearest = int(np.argmin(np.linalg.norm(hit - origin, axis=1)))
        points.append(hit[nearest] - lift * ahead)
        cells.append(cell[nearest])
    return np.array(points), np.array(cells)


def _on_shoe(shoe: Shoe, flat: np.ndarray, lift: float) -> np.ndarray:
    """Points (across, up) put on the back of a shoe, in its own frame."""
    inside = (shoe.faces < shoe.bare).all(axis=1)
    mesh = pv.PolyData.from_regular_faces(shoe.vertices[: shoe.bare], shoe.faces[inside])
    start = np.column_stack([np.full(len(flat), shoe.geometry.heel_x - START_M), flat])
    return _put_on(mesh, start, np.array([1.0, 0.0, 0.0]), lift)[0]


def tape_shoe(shoe: Shoe, spec: TapeSpec) -> Shoe:
    """A shoe with tape on its heel counter.

    Parameters
    ----------
    shoe : Shoe
    spec : TapeSpec

    Returns
    -------
    Shoe
        The tape's vertices come after the shoe's own.
    """
    flat, faces = _stuck(spec.heel, list(HEEL_Z.values()), HEEL_OVER_M, spec)
    points = _on_shoe(shoe, flat, LIFT_M)
    return replace(
        shoe,
        vertices=np.concatenate([shoe.vertices, points]),
        faces=np.concatenate([shoe.faces, faces[:, ::-1] + len(shoe.vertices)]),
        colours=np.concatenate([shoe.colours, np.tile(spec.colour, (len(points), 1))]),
    )


def heel_marks(shoe: Shoe) -> Shoe:
    """The heel's marks as the only points of a shoe, in the order of ``HEEL_Z``."""
    points = _on_shoe(shoe, np.array([[0.0, z] for z in HEEL_Z.values()]), LIFT_M)
    return replace(shoe, vertices=points, faces=np.empty((0, 3), dtype=int), bare=len(points))


def _on_calf(body: RestBody, side: str, flat: np.ndarray, lift: float) -> tuple[np.ndarray, np.ndarray]:
    """Points (across, up from the ankle) put on the back of the calf at rest, and their weights."""
    knee, ankle = body.head_of(f"lowerleg01.{side}"), body.head_of(f"foot.{side}")
    across, down, back = frame(ankle - knee, np.array([1.0, 0.0, 0.0])).T
    back *= np.sign(back[1])
    mine = (body.vertices[:, 0] < 0) == (side == "R")
    faces = body.faces[(mine & (body.vertices[:, 2] < knee[2] + 0.1))[body.faces].all(axis=1)]
    mesh = pv.PolyData.from_regular_faces(body.vertices, faces)
    start = ankle + flat[:, :1] * across - flat[:, 1:] * down + START_M * back
    points, cells = _put_on(mesh, start, -back, lift)
    corners = body.vertices[faces[cells]]
    shares = np.array([_barycentric(p, c) for p, c in zip(points + lift * -back, corners, strict=True)])
    return points, np.einsum("nk,nkb->nb", shares, body.weights[faces[cells]])


def _barycentric(point: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Shares of a triangle's corners in a point on it."""
    edges = (corners[1:] - corners[0]).T
    share = np.linalg.lstsq(edges, point - corners[0], rcond=None)[0]
    out = np.clip([1 - share.sum(), *share], 0.0, 1.0)
    return out / out.sum()


def _calf_heights(body: RestBody, side: str) -> list[float]:
    """Heights of the calf marks above the ankle along the shank (m), in the order of ``CALF_SHARE``."""
    length = np.linalg.norm(body.head_of(f"lowerleg01.{side}") - body.head_of(f"foot.{side}"))
    return [float(share * length) for share in CALF_SHARE.values()]


def tape_calves(body: RestBody, spec: TapeSpec) -> Piece:
    """Tape on both calves, as a surface that moves with the bones."""
    points, faces, weights, count = [], [], [], 0
    for side in "RL":
        flat, triangles = _stuck(spec.calf, _calf_heights(body, side), CALF_OVER_M, spec)
        placed, shares = _on_calf(body, side, flat, LIFT_M)
        points.append(placed)
        weights.append(shares)
        faces.append(triangles + count)
        count += len(placed)
    colours = np.tile(spec.colour, (count, 1))
    return Piece("tape", np.concatenate(points), np.concatenate(faces), np.concatenate(weights), colours, 0.0)


def calf_marks(body: RestBody, side: str) -> tuple[np.ndarray, np.ndarray]:
    """The calf's marks at rest (2, 3) in metres and their weights, in the order of ``CALF_SHARE``."""
    return _on_calf(body, side, np.array([[0.0, height] for height in _calf_heights(body, side)]), LIFT_M)

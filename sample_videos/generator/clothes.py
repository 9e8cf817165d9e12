"""Dress the body: shirt, shorts, socks and hair, cut from the skin and set off along its normals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyvista as pv

from .body import RestBody
from .shoemaker import collar_height, to_shoe_frame
from .spec import Look, Wear

LIPS, BROWS, IRIS, SCLERA = (np.array(rgb) for rgb in ((176, 106, 92), (70, 48, 38), (60, 42, 34), (238, 236, 232)))


@dataclass(frozen=True)
class Piece:
    """A surface that moves with the bones: rest vertices (n, 3), faces (m, 3), weights (n, b), RGB (n, 3)."""

    name: str
    vertices: np.ndarray
    faces: np.ndarray
    weights: np.ndarray
    colours: np.ndarray
    gloss: float = 0.05


def _cut(body: RestBody, field: np.ndarray, rounds: int = 0) -> pv.PolyData:
    """Part of the skin where `field` is positive, cut along its zero line, optionally smoothed."""
    mesh = pv.PolyData.from_regular_faces(body.vertices, body.faces)
    mesh.point_data["weights"] = body.weights
    mesh.point_data["field"] = field
    part = mesh.clip_scalar(scalars="field", value=0.0, invert=False).triangulate()
    part = part.connectivity("largest")
    if rounds:
        smooth = part.smooth_taubin(n_iter=rounds, pass_band=0.03, feature_smoothing=False, boundary_smoothing=False)
        part.points = smooth.points
    return part.compute_normals(auto_orient_normals=False, split_vertices=False, consistent_normals=False)


def _piece(name: str, mesh: pv.PolyData, offset: np.ndarray, colours: np.ndarray, gloss: float = 0.05) -> Piece:
    points = np.array(mesh.points, dtype=float) + offset[:, None] * mesh.point_data["Normals"]
    weights = np.array(mesh.point_data["weights"])
    weights /= weights.sum(axis=1, keepdims=True)
    return Piece(name, points, mesh.regular_faces, weights, colours, gloss)


def _arm_length(body: RestBody) -> float:
    """Length of the upper arm (m)."""
    return float(np.linalg.norm(body.head_of("lowerarm01.R") - body.head_of("upperarm01.R")))


def _arm_distance(body: RestBody, points: np.ndarray) -> np.ndarray:
    """Distance along the upper arm from the shoulder joint (m), for whichever arm is on that side."""
    out = np.zeros(len(points))
    for side in "RL":
        shoulder, elbow = body.head_of(f"upperarm01.{side}"), body.head_of(f"lowerarm01.{side}")
        axis = (elbow - shoulder) / np.linalg.norm(elbow - shoulder)
        mine = (points[:, 0] < 0) == (side == "R")
        out[mine] = (points[mine] - shoulder) @ axis
    return out


def _edge(height: float, tilt_deg: float, points: np.ndarray) -> np.ndarray:
    """Height (m) of an edge around the trunk at each point, higher on the runner's left by a tilt."""
    return height + np.tan(np.radians(tilt_deg)) * points[:, 0]


def _stray(wear: Wear, which: int, points: np.ndarray) -> np.ndarray:
    """How far an edge strays upwards at each point (m): a few random waves, each edge its own."""
    if wear.uneven_m == 0.0:
        return np.zeros(len(points))
    dice = np.random.default_rng((wear.uneven_seed, which))
    # Cycles per metre across: from one side higher than the other to creases of 3 cm.
    cycles = dice.uniform(-1, 1, (5, 3)) * np.array([1.5, 4.0, 8.0, 16.0, 33.0])[:, None]
    waves = np.sin(2 * np.pi * (points @ cycles.T + dice.random(5)))
    return wear.uneven_m * np.sqrt(2.0 / 5.0) * waves.sum(axis=1)


def _shirt_hem(body: RestBody, wear: Wear, points: np.ndarray) -> np.ndarray:
    """Height of the shirt's hem at points (m)."""
    return _edge(body.head_of("upperleg01.R")[2] - wear.hem_drop_m, wear.hem_tilt_deg, points) + _stray(wear, 0, points)


def _shirt_field(body: RestBody, wear: Wear) -> np.ndarray:
    """Distance into the shirt from its nearest edge (m): hem, cuffs and neckline; negative outside."""
    neck = body.head_of("neck01")
    arm = body.weight_of("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    sleeve = wear.sleeve * _arm_length(body) - _arm_distance(body, body.vertices)
    hem = np.where(arm > 0.5, 0.3, body.vertices[:, 2] - _shirt_hem(body, wear, body.vertices))
    # The neckline is a plane that dips towards the chest.
    line = (neck - body.vertices) @ np.array([0.0, -0.45, 0.9]) + 0.012
    legs = 0.5 - body.weight_of("foot", "toe", "lowerleg")
    return np.minimum.reduce([np.where(arm > 0.02, sleeve, 0.3), hem, line, legs])


def _shirt(body: RestBody, look: Look) -> Piece:
    """A short-sleeved running shirt."""
    wear = look.wear
    mesh = _cut(body, _shirt_field(body, wear), rounds=60)
    points = np.array(mesh.points)
    to_hem = np.clip(1 - (points[:, 2] - _shirt_hem(body, wear, points)) / 0.30, 0, 1)
    weight = np.array(mesh.point_data["weights"])
    on_arm = weight[:, [i for i, b in enumerate(body.bones) if b.startswith("upperarm")]].sum(axis=1)
    to_cuff = np.clip(_arm_distance(body, points) / (wear.sleeve * _arm_length(body)), 0, 1) * np.clip(on_arm, 0, 1)
    offset = wear.shirt_off_m + wear.hem_off_m * to_hem + 0.011 * to_cuff
    left = np.array(mesh.point_data["field"])
    colours = np.where((left < 0.012)[:, None] & (to_cuff > 0.3)[:, None], look.trim, look.shirt)
    return _piece("shirt", mesh, offset, colours)


def _shorts_field(body: RestBody, wear: Wear) -> np.ndarray:
    """Distance into the shorts from waist or hem (m); negative outside."""
    waist = _edge(body.head_of("upperleg01.R")[2] + wear.waist_m, wear.waist_tilt_deg, body.vertices)
    waist = waist + _stray(wear, 1, body.vertices)
    hem = _shorts_hem(body, wear) + _stray(wear, 2, body.vertices)
    arm = body.weight_of("clavicle", "shoulder", "upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    return np.minimum.reduce([body.vertices[:, 2] - hem, waist - body.vertices[:, 2], 0.3 - arm])


def _shorts_hem(body: RestBody, wear: Wear) -> float:
    """Height of the shorts' hem in the rest pose (m)."""
    hip, knee = body.head_of("upperleg01.R")[2], body.head_of("lowerleg01.R")[2]
    return float(knee + wear.shorts_end * (hip - knee))


def _shorts(body: RestBody, look: Look) -> Piece:
    """Running shorts."""
    wear = look.wear
    mesh = _cut(body, _shorts_field(body, wear), rounds=60)
    points = np.array(mesh.points)
    hem, top = _shorts_hem(body, wear), body.head_of("upperleg01.R")[2] - 0.05
    down = np.clip((top - points[:, 2]) / (top - hem), 0, 1)
    outward = np.abs(np.array(mesh.point_data["Normals"])[:, 0])
    offset = wear.shorts_off_m + wear.shorts_flare_m * down**0.8 * (0.4 + 0.6 * outward)
    return _piece("shorts", mesh, offset, np.tile(look.shorts, (mesh.n_points, 1)))


def _sock(body: RestBody, side: str, look: Look) -> Piece:
    """A short sock that rises out of the shoe."""
    mine = (body.vertices[:, 0] < 0) == (side == "R")
    local = to_shoe_frame(body, side, body.vertices)
    lower = local[:, 2] - (collar_height(local[:, 0]) - 0.014)
    field = np.minimum.reduce([lower, 0.175 - local[:, 2], np.where(mine, 0.3, -0.3)])
    mesh = _cut(body, field)
    return _piece(f"sock{side}", mesh, np.full(mesh.n_points, 0.0025), np.tile(look.sock, (mesh.n_points, 1)))


def _hair_field(body: RestBody, points: np.ndarray) -> np.ndarray:
    """Height above a hairline from the forehead over the ears down to the nape (m)."""
    eye = body.head_of("eye.R")
    back = points[:, 1] - eye[1]
    line = eye[2] + np.interp(
        back, [-0.06, 0.03, 0.075, 0.095, 0.13, 0.20], [0.072, 0.058, 0.020, -0.012, -0.035, -0.06]
    )
    return points[:, 2] - line


def _hair(body: RestBody, look: Look) -> Piece:
    """Short hair as a cap that thins towards the hairline."""
    field = np.minimum(_hair_field(body, body.vertices), body.weight_of("head", "temporalis", "oculi", "neck") - 0.5)
    mesh = _cut(body, field, rounds=80)
    depth = np.clip(np.array(mesh.point_data["field"]) / 0.035, 0, 1)
    rng = np.random.default_rng(1)
    shade = rng.normal(1.0, 0.06, mesh.n_points)[:, None]
    colours = np.clip(look.hair * shade, 0, 255)
    return _piece("hair", mesh, 0.002 + 0.011 * depth**0.7, colours, gloss=0.15)


def _skin_colours(body: RestBody, look: Look) -> np.ndarray:
    """Skin with lips, brows and eyes."""
    colours = np.tile(np.array(look.skin, dtype=float), (len(body.vertices), 1))
    lips = np.clip(body.weight_of("oris01", "oris05") * 1.0, 0, 1)[:, None]
    colours = colours * (1 - 0.5 * lips) + LIPS * 0.5 * lips
    for side in "RL":
        eye = body.head_of(f"eye.{side}")
        ball = body.weight_of(f"eye.{side}") > 0.9
        away = np.hypot(body.vertices[:, 0] - eye[0], body.vertices[:, 2] - eye[2])
        colours[ball] = np.where((away[ball] < 0.0062)[:, None], IRIS, SCLERA)
        across = np.abs(body.vertices[:, 0]) - np.abs(eye[0])
        arch = eye[2] + 0.024 - 6.0 * (across - 0.004) ** 2
        mine = np.sign(body.vertices[:, 0]) == np.sign(eye[0])
        front = body.vertices[:, 1] < eye[1] + 0.01
        brow = mine & front & ~ball & (np.abs(across) < 0.022) & (np.abs(body.vertices[:, 2] - arch) < 0.0045)
        colours[brow] = BROWS
    return colours


def dress(body: RestBody, look: Look) -> list[Piece]:
    """All surfaces of the dressed runner except the shoes.

    Parameters
    ----------
    body : RestBody
    look : Look

    Returns
    -------
    list of Piece
    """
    close = [_sock(body, "R", look), _sock(body, "L", look), _hair(body, look)]
    shirt, shorts = _shirt_field(body, look.wear), _shorts_field(body, look.wear)
    colours = _skin_colours(body, look)
    if look.wear.painted:
        colours[shorts > 0] = look.shorts
        colours[shirt > 0] = look.shirt
        pieces, hidden = close, np.zeros(len(body.vertices), bool)
    else:
        pieces = [_shirt(body, look), _shorts(body, look), *close]
        # Skin well inside a garment is left out, so that it cannot poke through when the body bends.
        hidden = np.maximum(shirt, shorts) > 0.014
    hidden |= body.weight_of("tongue", "special04") > 0.5
    for side in "RL":
        local = to_shoe_frame(body, side, body.vertices)
        mine = (body.vertices[:, 0] < 0) == (side == "R")
        hidden |= mine & (local[:, 2] < 0.155) & (body.vertices[:, 2] < 0.3)
    faces = body.faces[~hidden[body.faces].all(axis=1)]
    pieces.append(Piece("skin", body.vertices, faces, body.weights, colours, 0.12))
    return pieces

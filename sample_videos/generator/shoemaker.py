"""Make a running shoe around a bare foot, as a closed surface from a signed-distance grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyvista as pv
from scipy import ndimage
from scipy.spatial import cKDTree

from .body import RestBody
from .posing import rest_foot_yaw
from .shoe import ShoeGeometry
from .spec import Look

STACK_M = 0.024
# The shoe gives way under load between its tread and this height above the belt (m).
TREAD_M, CUSHION_M = 0.004, 0.085
# Toe joints as a share of the shoe's length from the heel; the rig's toe bones start further forward.
BALL_SHARE = 0.73
GRID_M = 0.003
LOW, HIGH = np.array([-0.125, -0.090, -0.012]), np.array([0.260, 0.090, 0.200])
# Collar line: height above the sole at distances ahead of the ankle joint (m): heel tab, ankle dip, tongue.
COLLAR_X = np.array([-0.10, -0.055, -0.01, 0.025, 0.060, 0.30])
COLLAR_Z = np.array([0.128, 0.122, 0.098, 0.103, 0.132, 0.140])
LINING = (40, 42, 50)


@dataclass(frozen=True)
class Shoe:
    """A shoe in its own frame (x forward, y left, z up, origin on the sole plane under the ankle).

    Attributes
    ----------
    vertices : ndarray of shape (n, 3)
        Points (m).
    faces : ndarray of shape (m, 3)
    colours : ndarray of shape (n, 3)
        RGB, 0 to 255.
    geometry : ShoeGeometry
    bare : int
        How many of the vertices, from the first on, belong to the shoe itself; the rest is tape on it.
    """

    vertices: np.ndarray
    faces: np.ndarray
    colours: np.ndarray
    geometry: ShoeGeometry
    bare: int


def to_shoe_frame(body: RestBody, side: str, points: np.ndarray) -> np.ndarray:
    """Rest-pose world points in the shoe's frame of that side."""
    ankle, yaw = body.head_of(f"foot.{side}"), rest_foot_yaw(body, side)
    forward, left, up = -(points[:, 1] - ankle[1]), points[:, 0] - ankle[0], points[:, 2] + STACK_M
    cosine, sine = np.cos(yaw), np.sin(yaw)
    return np.stack([forward * cosine + left * sine, -forward * sine + left * cosine, up], axis=-1)


def collar_height(x: np.ndarray) -> np.ndarray:
    """Height of the collar line above the sole at `x` (m)."""
    return np.interp(x, COLLAR_X, COLLAR_Z)


def _grid() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    axes = [np.arange(lo, hi, GRID_M) for lo, hi in zip(LOW, HIGH, strict=True)]
    return tuple(np.meshgrid(*axes, indexing="ij"))


def _foot_mask(body: RestBody, side: str, grid: tuple[np.ndarray, ...]) -> np.ndarray:
    """Voxels inside the bare foot and lower shank."""
    mesh = pv.PolyData.from_regular_faces(to_shoe_frame(body, side, body.vertices), body.faces)
    keep = body.weight_of(f"foot.{side}", "toe", f"lowerleg01.{side}", f"lowerleg02.{side}") > 0.5
    keep &= (body.vertices[:, 0] < 0) == (side == "R")
    mesh = mesh.extract_points(keep, adjacent_cells=False).extract_surface(algorithm="dataset_surface").triangulate()
    fine = mesh.subdivide(2, "linear").compute_normals(auto_orient_normals=False)
    tree = cKDTree(fine.points)
    points = np.stack([axis.ravel() for axis in grid], axis=-1)
    _, nearest = tree.query(points)
    outward = np.einsum("ij,ij->i", points - fine.points[nearest], fine.point_data["Normals"][nearest])
    # The rest mesh is closed and outward-facing, so the sign of the normal offset tells inside from outside.
    mask = (outward < 0).reshape(grid[0].shape)
    return ndimage.binary_opening(mask)


def _signed(mask: np.ndarray) -> np.ndarray:
    """Signed distance (m) to the edge of a mask, negative inside."""
    out = ndimage.distance_transform_edt(~mask) - ndimage.distance_transform_edt(mask)
    return out * GRID_M


def _smooth_union(a: np.ndarray, b: np.ndarray, radius: float) -> np.ndarray:
    mix = np.clip(0.5 + 0.5 * (b - a) / radius, 0, 1)
    return b * (1 - mix) + a * mix - radius * mix * (1 - mix)


def make_shoe(body: RestBody, side: str, look: Look) -> Shoe:
    """Shape a shoe to one foot of the body.

    Parameters
    ----------
    body : RestBody
    side : str
        "R" or "L".
    look : Look

    Returns
    -------
    Shoe
    """
    grid = _grid()
    x, _, z = grid
    mask = _foot_mask(body, side, grid)
    # Closing by 11 mm webs the toes together; the upper lies 5.5 mm outside of that.
    closed = _signed(_signed(mask) < 0.011) + 0.011 - 0.0055
    closed = ndimage.gaussian_filter(closed, 1.6)
    # A padded collar, so that the sock stays inside the shoe when the ankle bends.
    closed -= 0.0035 * np.clip((z - collar_height(x) + 0.030) / 0.025, 0, 1)
    upper = np.maximum(closed, z - collar_height(x))
    low = closed[:, :, (z[0, 0] > 0.028) & (z[0, 0] < 0.075)].min(axis=2)
    outline = ndimage.gaussian_filter(_signed(low < 0.0035), 2.0)
    inside = np.flatnonzero((outline < 0).any(axis=1))
    x_axis = x[:, 0, 0]
    ankle_z = body.head_of(f"foot.{side}")[2] + STACK_M
    rear, tip = float(x_axis[inside[0]]), float(x_axis[inside[-1]])
    shape = ShoeGeometry(rear, tip, rear + BALL_SHARE * (tip - rear), float(ankle_z))
    bottom = shape.sole_height(x)
    # The side wall bulges in mid-height and rounds off towards the ground, like a cushioned midsole.
    wall = outline[:, :, None] + 0.0035 - 0.0045 * np.sqrt(np.clip(1 - ((z - 0.028) / 0.030) ** 2, 0, 1))
    top = 0.030 + 0.010 * np.clip((-x - 0.02) / 0.06, 0, 1)
    sole = np.maximum(np.maximum(wall, bottom - z), z - top)
    field = _smooth_union(upper, sole, 0.004)
    return _surface(field, shape, look)


def _surface(field: np.ndarray, shape: ShoeGeometry, look: Look) -> Shoe:
    """Contour the field, put the tread exactly on the sole's profile, and colour it."""
    volume = pv.ImageData(dimensions=field.shape, spacing=(GRID_M,) * 3, origin=tuple(LOW))
    volume.point_data["field"] = field.ravel(order="F")
    mesh = volume.contour([0.0], scalars="field").connectivity("largest").smooth_taubin(n_iter=12, pass_band=0.12)
    points = np.array(mesh.points, dtype=float)
    bottom = shape.sole_height(points[:, 0])
    tread = points[:, 2] < bottom + 0.0025
    points[tread, 2] = bottom[tread]
    points[:, 2] = np.maximum(points[:, 2], bottom)
    faces = mesh.regular_faces
    return Shoe(points, faces, _paint(points, shape, look), shape, len(points))


def _paint(points: np.ndarray, shape: ShoeGeometry, look: Look) -> np.ndarray:
    """Colours by place: outsole, midsole, upper, slanted stripes, collar lining."""
    x, _, z = points.T
    above = z - shape.sole_height(x)
    top = 0.030 + 0.010 * np.clip((-x - 0.02) / 0.06, 0, 1)
    colours = np.tile(look.shoe, (len(points), 1))
    slant = x - 0.55 * (z - 0.05)
    stripe = (np.abs(slant - 0.035) < 0.006) | (np.abs(slant - 0.060) < 0.006)
    colours[stripe & (z < 0.085)] = look.stripes
    colours[z > collar_height(x) - 0.004] = LINING
    colours[(z < np.minimum(top, 0.040)) & (above < 0.034)] = look.midsole
    colours[above < 0.006] = look.outsole
    return colours


def _turn(a: np.ndarray, b: np.ndarray, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Turn points from the first axis towards the second (rad)."""
    return np.cos(angle) * a - np.sin(angle) * b, np.sin(angle) * a + np.cos(angle) * b


def place_shoe(
    shoe: Shoe,
    ankle: np.ndarray,
    rear_rad: float,
    bend_rad: float,
    yaw: float,
    give: np.ndarray,
    roll: float = 0.0,
    cushion_m: float = CUSHION_M,
) -> np.ndarray:
    """Shoe vertices in runner axes (forward, left, up) for one instant.

    Parameters
    ----------
    shoe : Shoe
    ankle : ndarray of shape (3,)
        Ankle joint (m).
    rear_rad, bend_rad : float
        Rearfoot pitch (positive toes up) and toe bend (positive heel up), rad.
    yaw : float
        Turn to the left (rad).
    give : ndarray of shape (2,)
        How far the foot has moved forward and down into the cushion (m): the sole stays behind by as much.
    roll : float
        Turn about the rearfoot's long axis through the ankle, positive with the left edge up (rad).
    cushion_m : float
        Height above the belt up to which the shoe gives way (m).
    """
    x, y, z = shoe.vertices.T
    bent_x, bent_z = shoe.geometry.bend(np.append(x, 0.0), np.append(z, shoe.geometry.ankle_z), bend_rad)
    forward, up = _turn(bent_x, bent_z, rear_rad + bend_rad)
    forward, up = forward[:-1] - forward[-1], up[:-1] - up[-1]
    if roll:
        forward, up = _turn(forward, up, -rear_rad)
        y, up = _turn(y, up, roll)
        forward, up = _turn(forward, up, rear_rad)
    out = np.stack([forward * np.cos(yaw) - y * np.sin(yaw), forward * np.sin(yaw) + y * np.cos(yaw), up], axis=-1)
    out += ankle
    shear, squash = give
    share = np.clip((cushion_m - out[:, 2]) / (cushion_m - TREAD_M + squash), 0.0, 1.0) ** 2
    out[:, 0] -= shear * share
    out[:, 2] += squash * share
    return out

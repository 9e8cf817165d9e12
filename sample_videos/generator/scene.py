"""The room and the treadmill: plain shapes, a still background, and a belt that runs at belt speed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyvista as pv
from PIL import Image, ImageDraw, ImageFilter

FLOOR_Z = -0.19
WALL_X = 1.9
# The belt spans these backward coordinates (m); the runner faces -y.
BELT_FRONT, BELT_BACK, BELT_HALF = -0.86, 0.98, 0.27
# Distance between the belt's marks (m): it must not divide the stride length, or the marks would seem to
# stand still.
MARK_M = 0.74


def _box(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> pv.PolyData:
    """Axis-aligned box between two corners (m)."""
    return pv.Box(bounds=(*x, *y, *z))


def _slab(x: tuple[float, float], outline: list[tuple[float, float]]) -> pv.PolyData:
    """A convex outline in (y, z), extruded between two x (m)."""
    points = np.array([(x[0], y, z) for y, z in outline])
    face = pv.PolyData(points, faces=[len(points), *range(len(points))])
    return face.extrude((x[1] - x[0], 0, 0), capping=True).triangulate()


def _tube(points: list[tuple[float, float, float]], radius: float) -> pv.PolyData:
    """A round bar through points (m)."""
    return pv.MultipleLines(points=np.array(points)).tube(radius=radius, n_sides=20, capping=True)


def _picture(
    center: tuple[float, float, float], width: float, height: float, image: Image.Image
) -> tuple[pv.PolyData, pv.Texture]:
    """A picture on the far wall, facing the camera on the runner's right."""
    x, y, z = center
    half, rise = width / 2, height / 2
    corners = np.array(
        [(x, y + half, z - rise), (x, y - half, z - rise), (x, y - half, z + rise), (x, y + half, z + rise)]
    )
    quad = pv.PolyData(corners, faces=[4, 0, 1, 2, 3])
    quad.active_texture_coordinates = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=float)
    return quad, pv.Texture(np.asarray(image.convert("RGB")))


def _track_poster() -> Image.Image:
    """Poster: lanes of a running track at sunset, drawn from plain shapes."""
    image = Image.new("RGB", (420, 600), (247, 226, 196))
    draw = ImageDraw.Draw(image)
    draw.ellipse((120, 70, 300, 250), fill=(238, 140, 92))
    draw.polygon([(0, 260), (110, 190), (210, 250), (330, 170), (420, 240), (420, 330), (0, 330)], fill=(94, 128, 142))
    draw.rectangle((0, 320, 420, 600), fill=(190, 84, 62))
    for lane in range(-4, 6):
        draw.line((210 + lane * 12, 320, 210 + lane * 105, 600), fill=(250, 236, 222), width=5)
    return image.filter(ImageFilter.GaussianBlur(1))


def _hill_poster() -> Image.Image:
    """Poster: layered hills, drawn from plain shapes."""
    image = Image.new("RGB", (420, 420), (214, 232, 238))
    draw = ImageDraw.Draw(image)
    draw.ellipse((280, 50, 350, 120), fill=(252, 244, 214))
    for layer, colour in enumerate(((158, 190, 196), (112, 156, 160), (70, 116, 116), (42, 80, 84))):
        base = 190 + 58 * layer
        ridge = [(x, base + 34 * np.sin(x / 62 + 1.7 * layer) + 14 * np.sin(x / 23 + layer)) for x in range(0, 421, 6)]
        draw.polygon([*ridge, (420, 420), (0, 420)], fill=colour)
    return image.filter(ImageFilter.GaussianBlur(1))


def _belt_texture() -> pv.Texture:
    """One repeat of the belt: dark rubber with a pale bar and two arrows pointing forward."""
    image = Image.new("RGB", (512, 128), (44, 46, 50))
    draw = ImageDraw.Draw(image)
    draw.rectangle((6, 0, 22, 127), fill=(176, 180, 184))
    draw.rectangle((0, 0, 511, 5), fill=(120, 124, 128))
    draw.rectangle((0, 122, 511, 127), fill=(120, 124, 128))
    for y in (34, 94):
        draw.polygon([(250, y - 12), (278, y), (250, y + 12)], fill=(120, 124, 128))
    texture = pv.Texture(np.asarray(image))
    texture.repeat = True
    texture.interpolate = True
    texture.mipmap = True
    return texture


class Belt:
    """The running belt; `move` puts its marks where they are at a given time."""

    def __init__(self, plotter: pv.Plotter, speed_m_s: float) -> None:
        self.speed = speed_m_s
        corners = [
            (BELT_HALF, BELT_BACK),
            (BELT_HALF, BELT_FRONT),
            (-BELT_HALF, BELT_FRONT),
            (-BELT_HALF, BELT_BACK),
        ]
        self.mesh = pv.PolyData(np.array([(x, y, 0.0) for x, y in corners]), faces=[4, 0, 1, 2, 3])
        self.move(0.0)
        plotter.add_mesh(self.mesh, texture=_belt_texture(), ambient=0.25, diffuse=0.8, specular=0.0)

    def move(self, time_s: float) -> None:
        """Set the texture for a time (s); marks travel backwards at belt speed."""
        forward = -self.mesh.points[:, 1]
        along = (forward + self.speed * time_s) / MARK_M
        across = (self.mesh.points[:, 0] + BELT_HALF) / (2 * BELT_HALF)
        # Whole repeats are taken off so that texture coordinates stay small and exact.
        coords = np.stack([along - np.floor(along.min()), across], axis=-1)
        self.mesh.active_texture_coordinates = coords.astype(np.float32)


def _add_room(plotter: pv.Plotter) -> None:
    """Floor, wall, skirting, posters and a little furniture."""

    def add(mesh: pv.DataSet, colour: str, **extra: float) -> None:
        style = {"ambient": 0.30, "diffuse": 0.75, "specular": 0.0, "smooth_shading": False}
        plotter.add_mesh(mesh, color=colour, **{**style, **extra})

    add(_box((-3.0, WALL_X), (-4.5, 4.5), (FLOOR_Z - 0.02, FLOOR_Z)), "#b9a186")
    add(_box((WALL_X, WALL_X + 0.05), (-4.5, 4.5), (FLOOR_Z, 3.2)), "#e3e9ec")
    add(_box((WALL_X - 0.012, WALL_X), (-4.5, 4.5), (FLOOR_Z, 0.42)), "#a9bac2")
    add(_box((WALL_X - 0.02, WALL_X), (-4.5, 4.5), (0.42, 0.445)), "#eef2f3")
    add(_box((WALL_X - 0.03, WALL_X), (-4.5, 4.5), (FLOOR_Z, FLOOR_Z + 0.09)), "#eef2f3")
    for center, width, height, image in (
        ((WALL_X - 0.02, 1.22, 1.42), 0.62, 0.86, _track_poster()),
        ((WALL_X - 0.02, -1.55, 1.62), 0.56, 0.56, _hill_poster()),
    ):
        y, z = center[1:]
        span_y, span_z = (
            (y - width / 2 - 0.025, y + width / 2 + 0.025),
            (z - height / 2 - 0.025, z + height / 2 + 0.025),
        )
        add(_box((WALL_X - 0.018, WALL_X), span_y, span_z), "#4b4640")
        quad, texture = _picture(center, width, height, image)
        plotter.add_mesh(quad, texture=texture, ambient=0.35, diffuse=0.7, specular=0.0)
    _add_furniture(add)


def _add_furniture(add: Callable[..., None]) -> None:
    """A rack of dumbbells behind the runner and a plant ahead, both clear of the body's outline."""
    for y in (1.02, 1.92):
        add(_box((1.25, 1.55), (y - 0.02, y + 0.02), (FLOOR_Z, 0.52)), "#6d757b")
    for z in (0.08, 0.46):
        add(_box((1.22, 1.58), (1.00, 1.94), (z, z + 0.03)), "#8b949a")
    for row, z in enumerate((0.165, 0.545)):
        for column in range(4):
            y = 1.13 + 0.225 * column
            for shift in (-0.06, 0.06):
                head = pv.Cylinder(center=(1.38, y + shift, z), direction=(0, 1, 0), radius=0.055, height=0.055)
                add(head, ("#586873", "#3f4d57")[row])
            add(_tube([(1.38, y - 0.07, z), (1.38, y + 0.07, z)], 0.015), "#aab1b6")
    add(
        pv.Cylinder(center=(1.45, -1.86, FLOOR_Z + 0.17), direction=(0, 0, 1), radius=0.15, height=0.34),
        "#e6e2da",
    )
    rng = np.random.default_rng(4)
    for leaf in range(26):
        angle, lean = leaf * 2.4, 0.20 + 0.55 * (leaf % 5) / 5
        length = 0.62 + 0.25 * rng.random()
        blade = pv.ParametricEllipsoid(0.045, 0.008, length / 2, u_res=13, v_res=17, w_res=5).translate(
            (0, 0, length / 2)
        )
        blade = blade.rotate_y(np.degrees(lean)).rotate_z(np.degrees(angle))
        tone = ("#4f7a55", "#3f6848", "#5f8b60")[leaf % 3]
        add(blade.translate((1.45, -1.86, FLOOR_Z + 0.30)), tone, smooth_shading=True)


def add_treadmill(plotter: pv.Plotter, deck_back: float = 1.05) -> None:
    """Deck, rails, motor hood, uprights, handrails and console; nothing stands in front of the legs.

    Parameters
    ----------
    plotter : pyvista.Plotter
    deck_back : float
        Where the deck ends behind (m).
    """

    def add(mesh: pv.DataSet, colour: str, **extra: float) -> None:
        style = {"ambient": 0.28, "diffuse": 0.75, "specular": 0.12, "specular_power": 20}
        plotter.add_mesh(mesh, color=colour, **{**style, **extra})

    add(_box((-0.40, 0.40), (-0.95, deck_back), (-0.13, -0.012)), "#2f3338")
    for side in (-1, 1):
        inner, outer = sorted((side * 0.275, side * 0.40))
        add(_box((inner, outer), (-0.90, 1.03), (-0.012, 0.008)), "#9aa3aa")
        add(_box(tuple(sorted((side * 0.40, side * 0.415))), (-0.95, 1.05), (-0.10, -0.035)), "#c9d0d4")
        base = [(-0.97, -0.13), (-1.12, -0.13), (-1.30, 1.00), (-1.21, 1.00)]
        add(_slab(tuple(sorted((side * 0.37, side * 0.43))), base), "#3a4046")
        add(
            _tube([(side * 0.40, -1.24, 0.86), (side * 0.40, -0.86, 0.90), (side * 0.40, -0.74, 0.88)], 0.020),
            "#2b2f33",
        )
        for y in (0.90, -0.70):
            add(
                _box((side * 0.36 - 0.03, side * 0.36 + 0.03), (y - 0.04, y + 0.04), (FLOOR_Z, -0.13)),
                "#25282b",
            )
    hood = [(-0.84, 0.012), (-0.90, 0.085), (-1.30, 0.105), (-1.42, 0.03), (-1.42, -0.13), (-0.84, -0.13)]
    add(_slab((-0.42, 0.42), hood), "#3d444a")
    add(_slab((-0.43, 0.43), [(-0.90, 0.094), (-1.30, 0.114), (-1.30, 0.106), (-0.90, 0.086)]), "#2b9cb4")
    add(_tube([(0, 1.03, -0.045), (0, 1.05, -0.045)], 0.02), "#25282b")
    console = [(-1.17, 0.96), (-1.26, 0.94), (-1.40, 1.20), (-1.33, 1.24)]
    add(_slab((-0.44, 0.44), console), "#33393e")
    screen = [(-1.195, 1.005), (-1.20, 1.002), (-1.305, 1.19), (-1.30, 1.195)]
    add(_slab((-0.30, 0.30), screen), "#5fb7c8", ambient=0.6)


def light_scene(plotter: pv.Plotter, mirrored: bool = False) -> None:
    """Light a scene: a large key light from camera side above, a fill, and a light on the wall."""
    plotter.remove_all_lights()
    for position, intensity, colour in (
        ((-3.4, -2.2, 4.2), 0.72, "#fff6ea"),
        ((-4.5, 2.8, 2.4), 0.38, "#eaf2ff"),
        ((0.6, 0.5, 5.0), 0.30, "#ffffff"),
    ):
        if mirrored:
            position = (-position[0], *position[1:])
        light = pv.Light(position=position, focal_point=(0.0, 0.0, 0.7), color=colour, intensity=intensity)
        light.positional = False
        plotter.add_light(light)


class _Mirror:
    """Takes meshes for a plotter and adds them with left and right exchanged."""

    def __init__(self, plotter: pv.Plotter) -> None:
        self.plotter = plotter

    def add_mesh(self, mesh: pv.DataSet, **style: object) -> None:
        """Add a mesh's mirror image."""
        self.plotter.add_mesh(mesh.reflect((1.0, 0.0, 0.0)), **style)


def build_still(plotter: pv.Plotter, mirrored: bool = False) -> None:
    """Fill a plotter with everything that does not move.

    Parameters
    ----------
    plotter : pyvista.Plotter
    mirrored : bool
        Build the room for a camera on the runner's left.
    """
    stage = _Mirror(plotter) if mirrored else plotter
    _add_room(stage)
    add_treadmill(stage)

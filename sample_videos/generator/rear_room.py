"""What a camera behind the runner sees besides the treadmill, and the light for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyvista as pv

from .scene import BELT_BACK, BELT_HALF, FLOOR_Z, add_treadmill

FRONT_Y, SIDE_X = -2.9, 2.4
KEY_LIGHT_M = (-1.9, 3.0, 3.4)
ROLLER_M = 0.045


def _box(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> pv.PolyData:
    return pv.Box(bounds=(*x, *y, *z))


def _frame(x: float, z: float) -> pv.PolyData:
    """A picture frame on the front wall, its middle at height `z` (m) and `x` to the runner's left."""
    return _box((x - 0.36, x + 0.36), (FRONT_Y, FRONT_Y + 0.03), (z - 0.46, z + 0.46))


def build_rear(plotter: pv.Plotter) -> None:
    """Fill a plotter with the room's front half and the treadmill's rear end.

    Parameters
    ----------
    plotter : pyvista.Plotter
    """

    def add(mesh: pv.DataSet, colour: str, **extra: float) -> None:
        plotter.add_mesh(mesh, color=colour, **{"ambient": 0.34, "diffuse": 0.66, "specular": 0.0, **extra})

    add(_box((-SIDE_X, SIDE_X), (FRONT_Y - 1.0, 4.6), (FLOOR_Z - 0.02, FLOOR_Z)), "#a79684")
    add(_box((-SIDE_X, SIDE_X), (FRONT_Y - 0.05, FRONT_Y), (FLOOR_Z, 3.2)), "#cfd6d4")
    add(_box((-SIDE_X, SIDE_X), (FRONT_Y, FRONT_Y + 0.015), (FLOOR_Z, FLOOR_Z + 0.10)), "#eef0ee")
    for side in (-1, 1):
        wall = sorted((side * SIDE_X, side * (SIDE_X + 0.05)))
        add(_box(tuple(wall), (FRONT_Y, 4.6), (FLOOR_Z, 3.2)), "#dfe2de")
        add(_frame(side * 1.45, 1.35), "#565049")
        glass = _frame(side * 1.45, 1.35).scale((0.92, 1.0, 0.94), point=(side * 1.45, FRONT_Y, 1.35))
        add(glass.translate((0.0, 0.01, 0.0)), "#9fb7c4")
        mat = _box((side * 1.75 - 0.32, side * 1.75 + 0.32), (-2.4, -1.2), (FLOOR_Z, FLOOR_Z + 0.015))
        add(mat, ("#6f7f73", "#7d6f86")[side > 0])
    add(pv.Sphere(radius=0.30, center=(1.85, -2.3, FLOOR_Z + 0.30), theta_resolution=48, phi_resolution=48), "#c98b5a")
    # The deck ends ahead of the roller, which it would hide.
    add_treadmill(plotter, BELT_BACK - ROLLER_M)
    _add_tail(add)


def _add_tail(add: Callable[..., None]) -> None:
    """The roller the belt runs over at the treadmill's rear, between two end caps."""
    roller = pv.Cylinder(
        center=(0, BELT_BACK, -ROLLER_M), direction=(1, 0, 0), radius=ROLLER_M, height=2 * BELT_HALF, resolution=48
    )
    add(roller, "#2c2e32")
    for side in (-1, 1):
        across = sorted((side * (BELT_HALF + 0.005), side * 0.415))
        add(_box(tuple(across), (BELT_BACK - 0.06, 1.075), (-0.135, 0.012)), "#23272b", specular=0.1)
    add(_box((-0.40, 0.40), (1.00, 1.045), (-0.135, -2 * ROLLER_M)), "#23272b")


def light_rear(plotter: pv.Plotter, key_m: tuple[float, float, float] | None) -> None:
    """Light a scene from behind the runner: a key light, a fill from the other side, a light from above.

    Parameters
    ----------
    plotter : pyvista.Plotter
    key_m : tuple of float, optional
        Where the key light comes from (m).
    """
    plotter.remove_all_lights()
    key = KEY_LIGHT_M if key_m is None else key_m
    fill = (-np.sign(key[0]) * 3.2, 2.6, 1.6)
    for position, intensity, colour in (
        (key, 0.66, "#fff6ea"),
        (fill, 0.36, "#eaf2ff"),
        ((0.3, -0.6, 5.0), 0.26, "#ffffff"),
    ):
        light = pv.Light(position=position, focal_point=(0.0, 0.0, 0.6), color=colour, intensity=intensity)
        light.positional = False
        plotter.add_light(light)

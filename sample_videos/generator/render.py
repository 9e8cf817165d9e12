"""Draw frames: the still room once with soft corners, then runner and belt frame by frame over it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyvista as pv
from PIL import Image
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray

from .kinematics import Pose
from .posing import PosedBones
from .rear_room import build_rear, light_rear
from .runner import Runner
from .scene import BELT_BACK, BELT_FRONT, BELT_HALF, Belt, build_still, light_scene
from .spec import CameraSpec

# Pictures are drawn this much larger and averaged down: smooth edges without the driver's help.
SUPERSAMPLE = 2
SHADOW_LIGHT = np.array([0.10, 0.12, -1.0])
SHADOW_LIFT_M = 0.004


def point_normals(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Unit normals (n, 3) at the points of a triangle mesh, weighted by the area of the faces around them."""
    corner = points[faces]
    across = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    total = np.stack(
        [np.bincount(faces.ravel(), np.repeat(across[:, axis], 3), len(points)) for axis in range(3)], axis=-1
    )
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return (total / np.maximum(length, 1e-12)).astype(np.float32)


class Stage:
    """An off-screen window that shows one runner to one camera.

    Parameters
    ----------
    runner : Runner
    camera : CameraSpec
    """

    def __init__(self, runner: Runner, camera: CameraSpec) -> None:
        self.runner, self.camera = runner, camera
        self.rear = camera.view == "rear"
        # The room is built for a camera on the runner's right.
        self.mirrored = camera.position_m[0] > 0 and not self.rear
        self.plotter = self._window()
        if self.rear:
            build_rear(self.plotter)
        else:
            build_still(self.plotter, self.mirrored)
        self.plotter.enable_ssao(radius=0.12, bias=0.008, kernel_size=48, blur=True)
        self.still = self._grab()
        self.plotter.disable_ssao()
        self.plotter.render()
        self.still_depth = self._depth()
        self.plotter.close()
        self.plotter = self._window()
        self.belt = Belt(self.plotter, runner.spec.speed_m_s)
        self.meshes, self.shadows = [], []
        for piece in (*runner.pieces, *runner.shoes):
            self._add_piece(piece.vertices, piece.faces, piece.colours, getattr(piece, "gloss", 0.12))

    def _window(self) -> pv.Plotter:
        """Empty window with the camera and the lights in place."""
        width, height = (SUPERSAMPLE * n for n in self.camera.size_px)
        plotter = pv.Plotter(off_screen=True, window_size=(width, height), lighting="none")
        plotter.render_window.SetMultiSamples(0)
        if self.rear:
            light_rear(plotter, self.camera.key_light_m)
        else:
            light_scene(plotter, self.mirrored)
        view = plotter.camera
        view.position, view.focal_point, view.up = (
            self.camera.position_m,
            self.camera.target_m,
            (0.0, 0.0, 1.0) if not self.camera.roll_deg else tuple(self.camera.axes[1]),
        )
        view.view_angle = self.camera.vertical_fov_deg
        view.clipping_range = (0.5, 15.0)
        return plotter

    def _add_piece(self, vertices: np.ndarray, faces: np.ndarray, colours: np.ndarray, gloss: float) -> None:
        """Add one surface of the runner and its shadow."""
        mesh = pv.PolyData.from_regular_faces(vertices.astype(np.float32), faces)
        mesh.point_data["rgb"] = np.round(colours).astype(np.uint8)
        style = {"ambient": 0.30, "diffuse": 0.80, "specular": gloss, "specular_power": 14}
        self.plotter.add_mesh(mesh, scalars="rgb", rgb=True, smooth_shading=True, split_sharp_edges=False, **style)
        shadow = pv.PolyData.from_regular_faces(vertices.astype(np.float32), faces)
        self.plotter.add_mesh(shadow, color="#1b1d20", lighting=False)
        self.meshes.append(mesh)
        self.shadows.append(shadow)

    def draw(self, time_s: np.ndarray) -> Iterator[np.ndarray]:
        """Yield pictures (height, width, 3), 8 bit RGB, at the given times (s)."""
        for picture, depth in self.shots(time_s):
            # The camera stands still, so the room behind is the same in each frame: nearest surface wins.
            whole = np.where((depth < self.still_depth)[..., None], picture, self.still)
            yield np.asarray(Image.fromarray(whole).reduce(SUPERSAMPLE))

    def shots(self, time_s: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield runner and belt without the room, as large as they are drawn, and the depth buffer, at times (s)."""
        yield from self.shots_of(*self.runner.bones(time_s))

    def shots_of(self, pose: Pose, bones: PosedBones) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """As :meth:`shots`, of a given pose."""
        for index, time in enumerate(pose.time_s):
            self.belt.move(float(time))
            placed = self.runner.surfaces(pose, bones, index)
            for mesh, shadow, points in zip(self.meshes, self.shadows, placed, strict=True):
                mesh.points = points.astype(np.float32)
                # VTK's own filter keeps normals it finds on the mesh, so light would stick to the first pose.
                mesh.point_data.active_normals = point_normals(points, mesh.regular_faces)
                shadow.points = self._cast(points)
            yield self._grab(), self._depth()

    @staticmethod
    def _cast(points: np.ndarray) -> np.ndarray:
        """Shadow on the belt: the points slid along the light's direction to just above the belt."""
        flat = points + (points[:, 2:] / -SHADOW_LIGHT[2]) * SHADOW_LIGHT
        flat[:, 2] = SHADOW_LIFT_M
        # Folding the overhang onto the belt's edge leaves slivers without area: the shadow ends at the belt.
        flat[:, 0] = np.clip(flat[:, 0], -BELT_HALF, BELT_HALF)
        flat[:, 1] = np.clip(flat[:, 1], BELT_FRONT, BELT_BACK)
        return flat.astype(np.float32)

    def _grab(self) -> np.ndarray:
        """Render and read the colours."""
        self.plotter.render()
        return self.plotter.screenshot(return_img=True)

    def _depth(self) -> np.ndarray:
        """Read the depth of the picture just drawn."""
        window = self.plotter.render_window
        width, height = window.GetSize()
        buffer = vtkFloatArray()
        window.GetZbufferData(0, 0, width - 1, height - 1, buffer)
        return vtk_to_numpy(buffer).reshape(height, width)[::-1]

    def close(self) -> None:
        """Free the window."""
        self.plotter.close()

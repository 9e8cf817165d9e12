"""The camera's roll from drawn rooms and from the samples, turned by known angles."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from gait.video.decode import pick_frames
from gait.video.horizon import FRAMES, background, find_horizon, horizon_of
from gait.video.probe import probe

SIZE = (960, 540)
SAMPLES = Path(__file__).parents[3] / "sample_videos"
ANGLES = [-4.0, -2.0, -1.0, 1.0, 2.0, 4.0]


def project(points: NDArray[np.float64], yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """Picture of points (x right, y up, z away; m) by a camera that is turned, tilted up and rolled, deg."""
    a, b, c = np.radians([yaw, pitch, roll])
    turn = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    tilt = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    x, y, z = (tilt @ turn @ points.T).reshape(3, -1)
    u, v = 1.1 * SIZE[0] * x / z, 1.1 * SIZE[0] * y / z
    # What is level rises to the right by the roll.
    u, v = u * np.cos(c) - v * np.sin(c), u * np.sin(c) + v * np.cos(c)
    return np.stack([SIZE[0] / 2 + u, SIZE[1] / 2 - v], axis=1)


def room(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> NDArray[np.uint8]:
    """A wall 4 m away with door frames, shelves and pictures on it, all upright and level."""
    picture = np.full((SIZE[1], SIZE[0]), 170, dtype=np.uint8)
    boxes = [(-1.5, -0.9, 0.5, 1.8), (-0.5, -0.3, 0.7, 0.5), (0.8, -0.8, 0.6, 1.6), (-0.6, 0.5, 1.2, 0.15)]
    for shade, (x, y, width, height) in zip((60, 110, 40, 90), boxes, strict=True):
        corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
        flat = project(np.column_stack([corners, np.full(4, 4.0)]), yaw, pitch, roll)
        cv2.fillPoly(picture, [np.round(flat * 16).astype(np.int32)], shade, cv2.LINE_AA, 4)
    noise = np.random.default_rng(1).normal(0.0, 2.0, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("roll", [0.0, *ANGLES])
@pytest.mark.parametrize(("yaw", "pitch"), [(0.0, 0.0), (8.0, 0.0), (0.0, 8.0), (-6.0, 5.0)])
def test_a_drawn_room_shows_its_roll(roll: float, yaw: float, pitch: float) -> None:
    found = horizon_of(room(yaw, pitch, roll))
    assert found is not None
    assert found.angle_deg == pytest.approx(roll, abs=0.5)
    assert found.sd_deg < 0.5


def test_off_the_middle_a_tilted_camera_leans_what_is_upright() -> None:
    pitch, roll = 10.0, 1.0
    upright = project(np.array([[1.0, -0.2, 4.0], [1.0, 0.2, 4.0]]), 0.0, pitch, roll)
    (x1, y1), (x2, y2) = upright
    leaning = float(np.degrees(np.arctan2(-(x2 - x1), y1 - y2)))
    found = horizon_of(room(0.0, pitch, roll), at_x_px=float((x1 + x2) / 2))
    assert found is not None
    assert abs(leaning - roll) > 2.0
    assert found.angle_deg == pytest.approx(leaning, abs=0.6)


def test_an_empty_wall_shows_nothing() -> None:
    assert horizon_of(np.full((540, 960), 128, dtype=np.uint8)) is None


def test_level_edges_alone_are_not_believed() -> None:
    picture = np.full((540, 960), 170, dtype=np.uint8)
    for y in (100, 300, 450):
        cv2.line(picture, (0, y), (959, y - 40), 40, 3, cv2.LINE_AA)
    assert horizon_of(picture) is None


def test_upright_and_level_edges_that_disagree_are_not_believed() -> None:
    picture = np.full((540, 960), 170, dtype=np.uint8)
    for y in (100, 300, 450):
        cv2.line(picture, (0, y), (959, y - 80), 40, 3, cv2.LINE_AA)
    for x in (200, 500, 800):
        cv2.line(picture, (x, 0), (x, 539), 40, 3, cv2.LINE_AA)
    assert horizon_of(picture) is None


def test_evidence_lies_on_edges_of_the_whole_picture() -> None:
    found = horizon_of(cv2.resize(room(), (3840, 2160)))
    assert found is not None
    ends = np.array(found.evidence)
    assert ends[:, 0::2].max() > 1920
    lengths = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    assert (np.diff(lengths) <= 1e-6).all()


def turned(grey: NDArray[np.uint8], angle_deg: float) -> NDArray[np.uint8]:
    """Turn a picture counterclockwise, and crop what was not in it."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0)
    whole = cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC)
    share = abs(np.sin(np.radians(angle_deg))) / 2
    dx, dy = int(height * share) + 2, int(width * share) + 2
    return np.ascontiguousarray(whole[dy : height - dy, dx : width - dx])


@pytest.mark.parametrize("name", ["side_60fps", "side_240fps_saved_as_30"])
class TestSamples:
    def test_their_camera_is_level(self, name: str) -> None:
        found = find_horizon(probe(SAMPLES / f"{name}.mp4"))
        assert found is not None
        assert abs(found.angle_deg) <= 0.3
        assert found.sd_deg < 0.5

    def test_turned_pictures(self, name: str) -> None:
        info = probe(SAMPLES / f"{name}.mp4")
        level = background(list(pick_frames(info, list(range(0, 90, 90 // FRAMES))).values()))
        for angle_deg in ANGLES:
            found = horizon_of(turned(level, angle_deg))
            assert found is not None
            assert found.angle_deg == pytest.approx(angle_deg, abs=0.5)

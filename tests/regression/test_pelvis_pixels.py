"""The pelvis read from the pixels of the sample from behind, with the true joints to say where to look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from gait.model import Floats, PoseSequence
from gait.pelvis.hipline import see_hip_line
from gait.pelvis.look import PelvisReader
from gait.skeleton import BLAZEPOSE
from gait.video.decode import frames
from gait.video.probe import probe

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "rear_60fps.mp4"
SIDES = {"left": "L", "right": "R"}
SECONDS = (1.0, 3.0)


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    saved: dict[str, Any] = json.loads(SAMPLE.with_suffix(".truth.json").read_text(encoding="utf-8"))
    return saved


def joint(truth: dict[str, Any], side: str, part: str) -> Floats:
    return np.array([row[SIDES[side]]["p2"][part] for row in truth["frames"]])


@pytest.fixture(scope="module")
def pictures() -> list[NDArray[np.uint8]]:
    info = probe(SAMPLE)
    first, stop = (int(60 * s) for s in SECONDS)
    return [rgb for _, rgb in frames(info, first, stop)]


def body(truth: dict[str, Any], width_px: int | None = None) -> PoseSequence:
    """True hips and shoulders in the pictures; in a mirror image with a width, left staying the runner's left."""
    times_s = np.arange(60 * SECONDS[0], 60 * SECONDS[1]) / 60
    known_s = np.array([row["t"] for row in truth["frames"]])
    xy = np.full((len(times_s), len(BLAZEPOSE.landmarks), 2), np.nan)
    for side in SIDES:
        for part in ("hip", "shoulder"):
            path = joint(truth, side, part)
            xy[:, BLAZEPOSE.index(f"{side}_{part}")] = np.column_stack(
                [np.interp(times_s, known_s, path[:, k]) for k in (0, 1)]
            )
    if width_px is not None:
        xy[..., 0] = width_px - 1 - xy[..., 0]
    score = np.isfinite(xy[..., 0]).astype(float)
    return PoseSequence(times_s, xy, score, np.zeros_like(score), BLAZEPOSE.name, "truth", "1")


def true_roll_deg(truth: dict[str, Any], times_s: Floats) -> Floats:
    gap = joint(truth, "right", "hip") - joint(truth, "left", "hip")
    known_s = np.array([row["t"] for row in truth["frames"]])
    return np.interp(times_s, known_s, np.degrees(np.arctan2(-gap[:, 1], gap[:, 0])))


def rolls_of(pictures: list[NDArray[np.uint8]], pose: PoseSequence, *, mirrored: bool = False) -> Floats:
    reader = PelvisReader.of(pose, mirrored=mirrored)
    for index, rgb in enumerate(pictures):
        reader.see(index, rgb)
    return reader.rolls().roll_deg


def test_the_hip_line_follows_the_true_one(truth: dict[str, Any], pictures: list[NDArray[np.uint8]]) -> None:
    pose = body(truth)
    found, true = rolls_of(pictures, pose), true_roll_deg(truth, pose.times_s)
    gain = np.polyfit(true, found, 1)[0]
    assert 0.75 <= gain <= 1.25
    assert np.sqrt(np.mean((found - true) ** 2)) <= 1.5


def test_a_mirror_image_shows_the_same_runner(truth: dict[str, Any], pictures: list[NDArray[np.uint8]]) -> None:
    flipped = [np.ascontiguousarray(rgb[:, ::-1]) for rgb in pictures[:20]]
    plain = rolls_of(pictures[:20], body(truth))
    mirrored = rolls_of(flipped, body(truth, pictures[0].shape[1]), mirrored=True)
    np.testing.assert_allclose(mirrored, plain, atol=0.3)


@pytest.mark.parametrize("turn_deg", [-5.0, 5.0])
def test_turning_the_picture_turns_the_line(
    truth: dict[str, Any], pictures: list[NDArray[np.uint8]], turn_deg: float
) -> None:
    """A clockwise turn takes the right hip down."""
    pose = body(truth)
    hip = pose.xy_px[:, BLAZEPOSE.indices(["left_hip", "right_hip"])].mean(axis=1)
    moved = []
    for rgb, middle in list(zip(pictures, hip, strict=True))[:60:4]:
        turn = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), -turn_deg, 1.0)
        turned = np.asarray(cv2.warpAffine(rgb, turn, rgb.shape[1::-1]), np.uint8)
        lines = [see_hip_line(picture, middle, 166.0) for picture in (rgb, turned)]
        assert lines[0] is not None
        assert lines[1] is not None
        moved.append(lines[1].roll_deg - lines[0].roll_deg)
    assert np.median(moved) == pytest.approx(-turn_deg, abs=1.0)

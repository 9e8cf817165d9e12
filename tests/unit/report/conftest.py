"""A tiny film of a standing figure with a chequered head, and its landmarks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gait.model import PoseSequence, VideoInfo
from gait.skeleton import BLAZEPOSE, FACE_LANDMARKS
from gait.video.probe import probe
from gait.video.write import VideoWriter

sys.path.insert(0, str(Path(__file__).parent))

SIZE_PX = (240, 320)
HEAD_PX = (120.0, 50.0)
HEAD_HALF_PX = 12
_BODY = {"shoulder": 75, "elbow": 105, "wrist": 130, "hip": 150, "knee": 205, "ankle": 265, "heel": 275}


@dataclass(frozen=True)
class Clip:
    """A video, its landmarks and where the head is."""

    info: VideoInfo
    pose: PoseSequence

    def head_contrast(self, rgb: np.ndarray[Any, Any], scale: float = 1.0) -> float:
        """Mean difference between neighbouring pixels inside the head: high for chequers, low for a blur."""
        x, y = (round(v * scale) for v in HEAD_PX)
        half = round(8 * scale)
        patch = rgb[y - half : y + half, x - half : x + half].astype(float).mean(axis=2)
        return float(np.abs(np.diff(patch, axis=1)).mean())


def _picture() -> np.ndarray[Any, Any]:
    width, height = SIZE_PX
    rgb = np.full((height, width, 3), 120, dtype=np.uint8)
    ys, xs = np.mgrid[0:height, 0:width]
    head = (np.abs(xs - HEAD_PX[0]) <= HEAD_HALF_PX) & (np.abs(ys - HEAD_PX[1]) <= HEAD_HALF_PX)
    chequers = ((xs // 3 + ys // 3) % 2).astype(bool)
    rgb[head & chequers] = 250
    rgb[head & ~chequers] = 5
    rgb[62:280, 108:132] = (60, 90, 60)
    return rgb


def landmarks(n: int) -> np.ndarray[Any, Any]:
    """Landmarks of the figure, shape (n, 33, 2)."""
    xy = np.zeros((n, len(BLAZEPOSE.landmarks), 2))
    for i, name in enumerate(BLAZEPOSE.landmarks):
        side, _, part = name.partition("_")
        shift = -4 if side == "left" else 4
        if name in FACE_LANDMARKS:
            xy[:, i] = (HEAD_PX[0] + (-6 if name == "nose" else 2), HEAD_PX[1])
        elif part == "foot_index":
            xy[:, i] = (HEAD_PX[0] - 30 + shift, 278)
        else:
            xy[:, i] = (HEAD_PX[0] + shift, _BODY.get(part, 130))
    return xy


@pytest.fixture
def make_clip(tmp_path: Path) -> Callable[..., Clip]:
    """Return a maker of clips: file rate, number of frames, real seconds per file second, own time stamps."""

    def make(
        rate_hz: float = 30.0, n: int = 60, time_scale: float = 1.0, file_times_s: list[float] | None = None
    ) -> Clip:
        path = tmp_path / "figure.mp4"
        with VideoWriter(path, SIZE_PX, rate_hz, crf=10, preset="ultrafast") as writer:
            for i in range(n):
                writer.write(_picture(), None if file_times_s is None else file_times_s[i])
        info = replace(probe(path), time_scale=time_scale)
        k = len(BLAZEPOSE.landmarks)
        pose = PoseSequence(
            info.times_s, landmarks(n), np.ones((n, k)), np.zeros((n, k)), BLAZEPOSE.name, "figure", "1"
        )
        return Clip(info, pose)

    return make

"""Bad input at the real command line: one line that says what happened and what to do, exit code 1, nothing written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from gait.video.write import VideoWriter
from tests.conftest import ROOT

SAMPLE = ROOT / "sample_videos" / "side_60fps.mp4"


def sound_only(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 44_100), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44_100
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


def pictures(path: Path, count: int, picture: Callable[[int], np.ndarray]) -> None:
    with VideoWriter(path, (320, 240), 30.0) as writer:
        for i in range(count):
            writer.write(picture(i))


def stripes(i: int) -> np.ndarray:
    x = (np.arange(320) + 3 * i) // 20 % 2 * 200
    return np.repeat(np.repeat(x[None, :, None], 240, axis=0), 3, axis=2).astype(np.uint8)


def still(path: Path) -> None:
    with av.open(str(SAMPLE)) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24")
    with VideoWriter(path, (frame.shape[1], frame.shape[0]), 30.0) as writer:
        for _ in range(60):
            writer.write(frame)


def make(name: str, folder: Path) -> Path:
    path = folder / name
    match name:
        case "missing.mp4":
            return path
        case "folder":
            path.mkdir()
        case "empty.mp4":
            path.touch()
        case "text.mp4":
            path.write_text("This is no video.\n" * 50)
        case "truncated.mp4":
            path.write_bytes(SAMPLE.read_bytes()[: SAMPLE.stat().st_size // 3])
        case "sound.mp4":
            sound_only(path)
        case "one.mp4":
            pictures(path, 1, stripes)
        case "nobody.mp4":
            pictures(path, 60, stripes)
        case "standing.mp4":
            still(path)
    return path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.mp4", "There is no file"),
        ("folder", "is a folder"),
        ("empty.mp4", "is empty"),
        ("text.mp4", "is not a video"),
        ("truncated.mp4", "is cut off"),
        ("sound.mp4", "sound but no pictures"),
        ("one.mp4", "single picture"),
        ("nobody.mp4", "No person was found"),
        ("standing.mp4", "does not run"),
    ],
)
def test_bad_input(name: str, words: str, tmp_path: Path, any_model: str) -> None:
    clip, out = make(name, tmp_path), tmp_path / "out"
    command = [sys.executable, "-m", "gait.cli", "analyze", str(clip), "--out", str(out), "--quiet", "--model", "full"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(lines) == 1
    assert lines[0].startswith("Error: ")
    assert words in lines[0]
    assert lines[0].endswith(".")
    assert not out.exists()

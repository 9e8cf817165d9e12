"""Landmarks kept by the content of video and model, chunk by chunk.

A change of height, speed or threshold then needs no pose model, a trimmed clip only the chunks it touches, and an
interrupted analysis goes on where it stopped.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import time
import zipfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from gait.files import write_whole
from gait.model import Floats
from gait.pose.chunks import CHUNK_FRAMES, WARM_UP_FRAMES, Chunk, ChunkLandmarks
from gait.pose.follow import Crop, Scouting
from gait.pose.paths import cache_dir

_VERSION = 4
"""Raise it when the way landmarks are made changes."""

_KEEP_DAYS = 90


def landmarks_dir() -> Path:
    """Return the folder of all cached landmarks; it may not exist yet."""
    return cache_dir() / "landmarks"


def forget(video_sha256: str) -> None:
    """Delete everything cached of one video."""
    shutil.rmtree(landmarks_dir() / video_sha256, ignore_errors=True)


def prune(keep_days: float = _KEEP_DAYS) -> int:
    """Delete landmarks of videos not analysed for ``keep_days``; return how many videos went."""
    limit = time.time() - keep_days * 86_400
    gone = 0
    for folder in landmarks_dir().glob("*"):
        newest = max((p.stat().st_mtime for p in folder.rglob("*") if p.is_file()), default=0.0)
        if newest < limit:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


@dataclass(frozen=True)
class LandmarkCache:
    """The cached landmarks of one video, model and range of frames that was scouted."""

    video_sha256: str
    model_sha256: str

    @property
    def _folder(self) -> Path:
        return (
            landmarks_dir()
            / self.video_sha256
            / f"{self.model_sha256[:16]}-v{_VERSION}-{CHUNK_FRAMES}-{WARM_UP_FRAMES}"
        )

    def scouting(self, first: int, stop: int) -> Scouting | None:
        """Return what was scouted over these frames before, if it was."""
        try:
            saved = json.loads((self._folder / f"scout-{first}-{stop}.json").read_text(encoding="utf-8"))
            crop = Crop(**saved["crop"]) if saved["crop"] else None
            if saved["facing"] not in ("left", "right", None):
                return None
            return Scouting(int(saved["people"]), crop, saved["facing"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put_scouting(self, first: int, stop: int, scouting: Scouting) -> None:
        """Keep what was scouted."""
        self._write(f"scout-{first}-{stop}.json", json.dumps(asdict(scouting)).encode())

    def _chunk_name(self, chunk: Chunk, scouting: Scouting) -> str:
        return f"{scouting.key()}-{chunk.first}-{chunk.stop}.npz"

    def chunk(self, chunk: Chunk, scouting: Scouting) -> ChunkLandmarks | None:
        """Return a chunk's landmarks; a damaged file counts as none."""
        path = self._folder / self._chunk_name(chunk, scouting)
        try:
            with np.load(path, allow_pickle=False) as saved:
                found = ChunkLandmarks(*(saved[k].astype(float) for k in ("xy_px", "score", "depth")))
            os.utime(path)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        return found if len(found.xy_px) == chunk.stop - chunk.first else None

    def put_chunk(self, chunk: Chunk, scouting: Scouting, landmarks: ChunkLandmarks) -> None:
        """Keep a chunk's landmarks."""
        content = io.BytesIO()
        np.savez(
            content,
            xy_px=landmarks.xy_px.astype(np.float32),
            score=landmarks.score.astype(np.float32),
            depth=landmarks.depth.astype(np.float32),
        )
        self._write(self._chunk_name(chunk, scouting), content.getvalue())

    def _write(self, name: str, content: bytes) -> None:
        _write(self._folder / name, content)


@dataclass(frozen=True)
class SpanCache:
    """What a finder that looks at a range of frames as a whole found in one video.

    Parameters
    ----------
    video_sha256 : str
        Hash of the video.
    finder : str
        Name of the finder, its network and its way of working: whatever changes the result.
    """

    video_sha256: str
    finder: str

    def _path(self, first: int, stop: int) -> Path:
        return landmarks_dir() / self.video_sha256 / f"{self.finder}-{first}-{stop}.npz"

    def get(self, first: int, stop: int) -> dict[str, Floats] | None:
        """Return the arrays kept of these frames, by name (none, where nothing was found); None if nothing was kept."""
        path = self._path(first, stop)
        try:
            with np.load(path, allow_pickle=False) as saved:
                found = {name: saved[name].astype(float) for name in saved.files if name != _NOTHING}
            os.utime(path)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        return found if all(len(array) == stop - first for array in found.values()) else None

    def put(self, first: int, stop: int, arrays: dict[str, Floats]) -> None:
        """Keep arrays by name, a row each frame; or, without any, that nothing was found."""
        content = io.BytesIO()
        kept = {name: array.astype(np.float32) for name, array in arrays.items()}
        np.savez(content, **(kept or {_NOTHING: np.zeros(0, np.float32)}))  # type: ignore[arg-type]
        _write(self._path(first, stop), content.getvalue())


_NOTHING = "nothing"


def _write(path: Path, content: bytes) -> None:
    """Write a file whole; a cache that cannot be written costs time later, nothing else."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)

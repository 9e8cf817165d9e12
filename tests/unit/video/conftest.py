"""Small clips of every odd kind, made on the spot; each picture carries its own number as a bar code."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

SIZE = (160, 96)
BITS = 10


def picture(index: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """Upright picture: bar code of the number on top, red corner below left, blue below right."""
    width, height = size
    rgb = np.full((height, width, 3), 110, dtype=np.uint8)
    rgb[height // 3 : height // 2] = (90 + index * 7 % 100, 120, 100)
    edges = np.linspace(0, width, BITS + 1).astype(int)
    for bit in range(BITS):
        rgb[: height // 3, edges[bit] : edges[bit + 1]] = 235 if index >> bit & 1 else 20
    rgb[-height // 4 :, : width // 4] = (220, 30, 30)
    rgb[-height // 4 :, -width // 4 :] = (30, 30, 220)
    return rgb


def read_number(rgb: NDArray[np.uint8]) -> int:
    """Read the bar code back."""
    height, width = rgb.shape[:2]
    edges = np.linspace(0, width, BITS + 1)
    middles = ((edges[:-1] + edges[1:]) / 2).astype(int)
    blocks = [rgb[height // 8 : height // 4, m - 2 : m + 3].mean() for m in middles]
    return sum(1 << bit for bit, level in enumerate(blocks) if level > 128)


def make(
    path: Path,
    n: int = 40,
    *,
    codec: str = "libx264",
    size: tuple[int, int] = SIZE,
    rate: int = 30,
    rotation_cw: int = 0,
    ticks: Sequence[int] | None = None,
    ticks_per_s: int = 15360,
    gop: int = 12,
    b_frames: int = 2,
    pix_fmt: str = "yuv420p",
    codec_options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
    movflags: str = "",
    pixel_aspect: Fraction | None = None,
    audio_s: float = 0.0,
    packet_ticks: Sequence[int] | None = None,
) -> Path:
    """Write a clip; ``ticks`` are its presentation times in units of ``1 / ticks_per_s``."""
    container: Any = av.open(str(path), "w", options={"movflags": movflags} if movflags else {})
    container.metadata.update(metadata or {})
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    stream = container.add_stream(codec, rate=rate, options={**options, **(codec_options or {})})
    stream.pix_fmt = pix_fmt
    stream.codec_context.gop_size, stream.codec_context.max_b_frames = gop, b_frames
    stored = (size[1], size[0]) if rotation_cw % 180 else size
    stream.width, stream.height = stored
    if rotation_cw:
        stream.set_display_rotation(-rotation_cw)
    if pixel_aspect is not None:
        stream.codec_context.sample_aspect_ratio = pixel_aspect
    if ticks is not None:
        stream.codec_context.time_base = Fraction(1, ticks_per_s)
    sound = _add_sound(container) if audio_s else None
    number = iter(packet_ticks or ())
    for i in [*range(n), None]:
        frame = None
        if i is not None:
            stored_rgb = np.ascontiguousarray(np.rot90(picture(i, size), rotation_cw // 90))
            frame = av.VideoFrame.from_ndarray(stored_rgb, format="rgb24")
            frame.pts = i if ticks is None else int(ticks[i])
            frame.time_base = Fraction(1, rate) if ticks is None else Fraction(1, ticks_per_s)
        for packet in stream.encode(frame):
            if packet_ticks is not None:
                packet.time_base = Fraction(1, ticks_per_s)
                packet.pts = packet.dts = next(number)
            container.mux(packet)
    if sound is not None:
        _write_sound(container, sound, audio_s)
    container.close()
    return path


def _add_sound(container: Any) -> Any:
    return container.add_stream("aac", rate=48000)


def _write_sound(container: Any, stream: Any, seconds: float) -> None:
    for k in range(int(seconds * 48000 / 1024)):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48000, k * 1024, Fraction(1, 48000)
        for packet in stream.encode(frame):
            container.mux(packet)
    for packet in stream.encode(None):
        container.mux(packet)


def make_sound(path: Path, seconds: float = 1.0) -> Path:
    """Write an mp4 with sound only."""
    with av.open(str(path), "w") as container:
        _write_sound(container, _add_sound(container), seconds)
    return path


def remux_from_key_frame(source: Path, target: Path, key_frame: int) -> Path:
    """Copy the packets from a later key frame on, as a careless cutter does."""
    with av.open(str(source)) as reader, av.open(str(target), "w") as writer:
        stream: Any = reader.streams.video[0]
        copy = writer.add_stream_from_template(stream)
        seen = -1
        for packet in reader.demux(stream):
            seen += packet.is_keyframe and packet.size > 0
            if seen >= key_frame and packet.dts is not None:
                packet.stream = copy
                writer.mux(packet)
    return target


def track_matrix(path: Path) -> tuple[int, ...]:
    """The first four numbers of the display matrix in an mp4's track header (16.16 fixed point)."""
    data = path.read_bytes()
    start = data.index(b"tkhd") + 4
    assert data[start] == 0, "track header of version 0"
    a, b, _, c, d = struct.unpack(">5i", data[start + 40 : start + 60])
    return a, b, c, d


def truncate(path: Path, share: float) -> Path:
    """Cut a file off after a share of its pictures' bytes."""
    data = path.read_bytes()
    start, stop = picture_bytes(data)
    path.write_bytes(data[: start + int((stop - start) * share)])
    return path


def blank_packet(path: Path, n: int, fill: bytes) -> None:
    """Overwrite the n-th coded picture of an mp4, all but its length, as a bad sector does."""
    with av.open(str(path)) as reader:
        packet = next(p for i, p in enumerate(reader.demux(video=0)) if i == n)
        assert packet.pos is not None
        start, size = packet.pos, packet.size
    data = bytearray(path.read_bytes())
    data[start + 4 : start + size] = fill * (size - 4)
    path.write_bytes(data)


def end_edit_early(path: Path, share: float) -> None:
    """Shorten what an mp4's edit list shows, as a phone's own trimming does without touching the pictures."""
    data = bytearray(path.read_bytes())
    # elst: 4 bytes version and flags, 4 count, then per entry 4 duration, 4 media time, 4 rate.
    duration = data.index(b"elst") + 12
    (ticks,) = struct.unpack(">I", data[duration : duration + 4])
    data[duration : duration + 4] = struct.pack(">I", int(ticks * share))
    path.write_bytes(data)


def picture_bytes(data: bytes) -> tuple[int, int]:
    """Where the pictures lie in a file: the ``mdat`` box of an mp4, else all of it."""
    start = data.find(b"mdat")
    return (start + 4, start - 4 + int.from_bytes(data[start - 4 : start])) if start > 0 else (0, len(data))


@pytest.fixture(scope="session")
def clips() -> SimpleNamespace:
    """Helpers to make and read test clips."""
    helpers: tuple[Callable[..., Any], ...] = (
        blank_packet, end_edit_early, make, make_sound, picture, picture_bytes, read_number,
        remux_from_key_frame, track_matrix, truncate,
    )  # fmt: skip
    return SimpleNamespace(SIZE=SIZE, **{f.__name__: f for f in helpers})


@pytest.fixture(scope="session")
def shared_video() -> Callable[[str], Path]:
    """Path of a shared recording; skips the test where the shared folder is absent."""

    def find(name: str) -> Path:
        path = Path(__file__).resolve().parents[4] / "shared" / "data" / name
        if not path.exists():
            pytest.skip(f"shared recording {name} is not here")
        return path

    return find

"""What a video's container says: when each frame was taken, how the picture stands, how fast the camera ran.

Nothing but the first pictures is decoded: the times are those of the packets (PTS), which costs milliseconds.
"""

from __future__ import annotations

import math
from itertools import islice
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from gait.errors import ConfigError, VideoError
from gait.files import file_sha256
from gait.model import Floats, VideoInfo, regular_step_s
from gait.video.container import (
    COPY_AGAIN,
    Shown,
    counts_frames,
    decoded,
    open_video,
    packets,
    single_picture,
    time_base_s,
    unreadable_codec,
)

CAPTURE_RATE_TAGS = ("com.android.capture.fps",)
"""Metadata in which a camera notes the rate at which it took the frames, in lower case (Android)."""

SLOW_MOTION_RATIO = 1.25
"""A noted capture rate this far above the file's own means slow motion; below, rounding or dropped frames."""

SLOWEST_CAPTURE_RATIO = 0.5
"""A capture rate below this share of the file's rate would be a fast-forward film: a typing error."""

SAME_RATE_TOLERANCE = 0.02
"""Rates this close are one rate under its trade name and its true value (60 and 59.94 Hz)."""

_CHECKED_FRAMES = 8
_MISSING_S = 0.3


def probe(path: Path, *, capture_rate_hz: float | None = None) -> VideoInfo:
    """Read a video's times, size, rotation and capture rate from its container.

    A file that was cut off gives the frames that can be read; :func:`check_complete` raises for it.

    Parameters
    ----------
    path : Path
        The video file.
    capture_rate_hz : float, optional
        Rate at which the camera took the frames, as the user says; it wins over the metadata.

    Returns
    -------
    VideoInfo
        With ``file_times_s`` strictly increasing from 0 at the first frame that is shown. ``size_px`` is the
        picture as a viewer sees it: upright, with square pixels.

    Raises
    ------
    VideoError
        If the file is missing, unreadable, no video, a single picture, or nothing in it can be decoded.
    ConfigError
        If the capture rate given is no rate or below half the file's own.

    Notes
    -----
    Without a user's word, times are rescaled only when the metadata's capture rate exceeds the file's rate by
    :data:`SLOW_MOTION_RATIO`: high-frame-rate originals, such as an iPhone's own slow-motion file, already
    carry true times. A given rate within :data:`SAME_RATE_TOLERANCE` of the file's leaves them alone too.
    """
    path = Path(path)
    if capture_rate_hz is not None and not (math.isfinite(capture_rate_hz) and capture_rate_hz > 0):
        raise ConfigError(
            f"A capture rate of {capture_rate_hz:g} Hz makes no sense.", "Give frames per second, e.g. 240."
        )
    with open_video(path) as (container, stream):
        codec = stream.codec_context.name
        first = list(islice(decoded(stream, packets(container, stream)), _CHECKED_FRAMES))
        noted_hz = _noted_capture_rate_hz(container, stream)
        pixel_aspect = _pixel_aspect(stream)
        format_name = container.format.name
    if not first:
        raise unreadable_codec(path, codec)
    times_s = _frame_times_s(path, first)
    if len(times_s) < 2:
        _raise_too_short(path)
    rate_hz = measured_rate_hz(times_s)
    rotation_deg = rotation_of(first[0][1])
    return VideoInfo(
        path=path,
        sha256=file_sha256(path),
        size_px=_shown_size_px(first[0][1], pixel_aspect, rotation_deg),
        rotation_deg=rotation_deg,
        file_times_s=times_s,
        container=format_name,
        codec=codec,
        capture_rate_hz=noted_hz if capture_rate_hz is None else float(capture_rate_hz),
        time_scale=_time_scale(rate_hz, noted_hz, capture_rate_hz),
    )


def measured_rate_hz(times_s: Floats) -> float:
    """Return the frame rate, Hz, that the times show."""
    return 1.0 / regular_step_s(times_s)


def rotation_of(frame: VideoFrame) -> int:
    """Return the clockwise rotation (0, 90, 180, 270) that makes a decoded frame stand upright."""
    # PyAV reports the display matrix as a counterclockwise angle in [-180, 180].
    return round(-frame.rotation / 90) * 90 % 360


def _shown_size_px(frame: VideoFrame, pixel_aspect: float, rotation_deg: int) -> tuple[int, int]:
    """Width and height after rotation, with square pixels (some camcorders store them stretched)."""
    width, height = max(round(frame.width * pixel_aspect), 1), frame.height
    return (height, width) if rotation_deg % 180 else (width, height)


def _pixel_aspect(stream: VideoStream) -> float:
    """Return the width of a stored pixel over its height; 1 where the file says nothing sensible."""
    ratio = float(stream.sample_aspect_ratio or 1)
    return ratio if 0.25 <= ratio <= 4 and abs(ratio - 1) > 0.005 else 1.0


def _frame_times_s(path: Path, first: list[Shown]) -> Floats:
    """Times of the frames that decoding will show, from the packets; by decoding where those disagree."""
    with open_video(path) as (container, stream):
        time_base = time_base_s(stream)
        rate_hz = float(stream.average_rate or stream.guessed_rate or 0)
        by_count = counts_frames(container, stream)
        coded = list(packets(container, stream))
        pts = sorted({p.pts for p in coded if p.pts is not None and not p.is_discard})
    if by_count:
        return _times_by_count(path, pts, time_base, rate_hz)
    shown = [ticks for ticks, _ in first]
    pts = [value for value in pts if value >= shown[0]]
    if pts[: len(shown)] != sorted(set(shown)):
        with open_video(path) as (container, stream):
            pts = sorted({ticks for ticks, _ in decoded(stream, packets(container, stream))})
    return _seconds(pts, shown[0], time_base)


def _times_by_count(path: Path, pts: list[int], time_base: float, rate_hz: float) -> Floats:
    with open_video(path) as (container, stream):
        n_frames = sum(1 for _ in decoded(stream, packets(container, stream)))
    if len(pts) == n_frames:
        return _seconds(pts, pts[0], time_base)
    return np.arange(n_frames, dtype=np.float64) / (rate_hz or 1 / time_base)


def _seconds(pts: list[int], origin: int, time_base: float) -> Floats:
    # Whole numbers are subtracted first: some cameras count from the year 1904.
    return np.asarray(np.array(pts, dtype=np.int64) - origin, dtype=np.float64) * time_base


def _noted_capture_rate_hz(container: InputContainer, stream: VideoStream) -> float | None:
    for tags in (stream.metadata, container.metadata):
        noted = {key.lower(): value for key, value in tags.items()}
        for tag in CAPTURE_RATE_TAGS:
            try:
                rate_hz = float(noted[tag])
            except (KeyError, ValueError):
                continue
            if math.isfinite(rate_hz) and rate_hz > 0:
                return rate_hz
    return None


def _time_scale(rate_hz: float, noted_hz: float | None, given_hz: float | None) -> float:
    if given_hz is not None:
        if given_hz < SLOWEST_CAPTURE_RATIO * rate_hz:
            raise ConfigError(
                f"A capture rate of {given_hz:g} Hz is under half of the file's own {rate_hz:.4g} Hz.",
                "Give the rate the camera recorded at (e.g. 240), or leave the option out.",
            )
        return 1.0 if abs(given_hz / rate_hz - 1) <= SAME_RATE_TOLERANCE else rate_hz / given_hz
    if noted_hz is not None and noted_hz > SLOW_MOTION_RATIO * rate_hz:
        return rate_hz / noted_hz
    return 1.0


def _raise_too_short(path: Path) -> None:
    with open_video(path) as (container, stream):
        promised_s = _promised_s(path, container, stream)
    if promised_s > _MISSING_S:
        raise VideoError(f"{path.name} is cut off: nothing of its {promised_s:.1f} s can be read.", COPY_AGAIN)
    raise single_picture(path)


def check_complete(info: VideoInfo, end_s: float | None = None) -> None:
    """Raise unless the file holds all the frames that its header promises.

    Parameters
    ----------
    info : VideoInfo
        As :func:`probe` gave it.
    end_s : float, optional
        Only what lies before this time is wanted, in seconds of the file as a player shows them; what is missing
        after it does not matter.

    Raises
    ------
    VideoError
        If the file was cut off; the message says how many of how many seconds can be read.
    """
    with open_video(info.path) as (container, stream):
        promised_s = _promised_s(info.path, container, stream)
    step_s = 1.0 / measured_rate_hz(info.file_times_s)
    readable_s = float(info.file_times_s[-1]) + step_s
    # Rounded down, and a frame short of the end, so that the proposal in the hint is itself accepted.
    usable_s = math.floor(float(info.file_times_s[-1]) * 10) / 10
    if not promised_s or (end_s is not None and end_s <= readable_s):
        return
    raise VideoError(
        f"{info.path.name} is cut off: {readable_s:.1f} of {promised_s:.1f} s can be read.",
        f"Copy it again from the phone or camera, or analyse the readable part with `--end {usable_s:g}`.",
    )


def _promised_s(path: Path, container: InputContainer, stream: VideoStream) -> float:
    """Length in file seconds that the header promises, when the file holds less; 0 when it is complete."""
    size = path.stat().st_size
    if container.format.name.startswith("mov"):
        # mp4's index names the place of every frame, so a cut shows without reading the frames.
        if all(entry.pos + entry.size <= size for entry in stream.index_entries):
            return 0.0
        return (stream.duration or 0) * time_base_s(stream) or (container.duration or 0) / 1e6
    rate_hz = float(stream.average_rate or 0)
    if container.format.name == "avi" and stream.frames and rate_hz:
        n_packets = sum(1 for packet in container.demux(stream) if packet.pos is not None and not packet.is_corrupt)
        return stream.frames / rate_hz if (stream.frames - n_packets) / rate_hz > _MISSING_S else 0.0
    return _promised_by_duration_s(container)


def _promised_by_duration_s(container: InputContainer) -> float:
    """Compare the header's duration with the last packet of *any* stream: sound may outlast the pictures."""
    if not container.duration:
        return 0.0
    start_s = (container.start_time or 0) / 1e6
    last_s = start_s
    try:
        for packet in container.demux():
            if packet.pts is not None and not packet.is_corrupt:
                last_s = max(last_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    except av.FFmpegError:
        pass
    promised_s = container.duration / 1e6
    return promised_s if promised_s - (last_s - start_s) > _MISSING_S else 0.0

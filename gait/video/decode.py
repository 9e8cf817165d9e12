"""Pictures of a video, each with its number in the table of times; nothing holds more than a few of them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import chain
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from gait.model import VideoInfo
from gait.video.container import Shown, counts_frames, decoded, open_video, packets, time_base_s

_TURN = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_TIME_TOLERANCE_S = 1e-6
_SEEK_BACK_S = (0.0, 1.0, 4.0, 15.0)
_NEAR_FRAMES = 30


def frames(
    info: VideoInfo, first: int = 0, stop: int | None = None, *, only: Container[int] | None = None, threads: int = 0
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Yield the pictures ``first <= index < stop`` of a video, in order.

    Parameters
    ----------
    info : VideoInfo
        As :func:`gait.video.probe.probe` gave it.
    first, stop : int
        Range of frame numbers; the whole video by default.
    only : container of int, optional
        The frames of the range that are wanted: turning a picture into RGB costs more than decoding it.
    threads : int
        Decoder threads, 0 for FFmpeg's choice; use 1 in worker processes.

    Yields
    ------
    index : int
        Number of the frame in ``info.file_times_s``. A damaged frame is left out, so numbers may have gaps.
    rgb : ndarray of uint8, shape (H, W, 3)
        The picture, upright, contiguous, yours to draw on.

    Raises
    ------
    VideoError
        If the file can no longer be opened.
    """
    for index, frame in _select(info, first, info.n_frames if stop is None else stop, threads):
        if only is None or index in only:
            yield index, _to_rgb(frame, info, threads)


def pick_frames(info: VideoInfo, indices: Sequence[int], *, threads: int = 0) -> dict[int, NDArray[np.uint8]]:
    """Return a few single pictures by frame number; damaged frames are left out.

    Parameters
    ----------
    info : VideoInfo
        As :func:`gait.video.probe.probe` gave it.
    indices : sequence of int
        Frame numbers in any order.
    threads : int
        Decoder threads, 0 for FFmpeg's choice.

    Returns
    -------
    dict of int to ndarray of uint8, shape (H, W, 3)
        In increasing order of frame number.
    """
    wanted = sorted({int(i) for i in indices if 0 <= i < info.n_frames})
    found: dict[int, NDArray[np.uint8]] = {}
    while wanted:
        # Frames close together share one seek; a seek costs about as much as decoding half a second.
        n = next((k for k in range(1, len(wanted)) if wanted[k] - wanted[k - 1] > _NEAR_FRAMES), len(wanted))
        run, wanted = wanted[:n], wanted[n:]
        for index, frame in _select(info, run[0], run[-1] + 1, threads):
            if index in run:
                found[index] = _to_rgb(frame, info, threads)
    return found


def mirrored_picture(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the mirror image of a picture, or of a part cut out of one: left and right exchanged, contiguous.

    OpenCV does it in 0.7 ms at full HD, a reversed view copied by NumPy in 8 ms.
    """
    return np.asarray(cv2.flip(rgb, 1), dtype=np.uint8)


def _to_rgb(frame: VideoFrame, info: VideoInfo, threads: int) -> NDArray[np.uint8]:
    width, height = info.size_px
    if info.rotation_deg % 180:
        width, height = height, width
    rgb = frame.to_ndarray(format="rgb24", width=width, height=height, threads=threads)
    turn = _TURN.get(info.rotation_deg)
    return np.ascontiguousarray(rgb if turn is None else cv2.rotate(rgb, turn), dtype=np.uint8)


def _select(info: VideoInfo, first: int, stop: int, threads: int) -> Iterator[tuple[int, VideoFrame]]:
    """Yield numbered frames of a range, not yet turned into RGB."""
    stop = min(stop, info.n_frames)
    first = max(first, 0)
    if first >= stop:
        return
    last = first - 1
    for index, frame in _numbered(info, first, threads):
        if index >= stop:
            return
        if index > last:
            last = index
            yield index, frame


def _numbered(info: VideoInfo, first: int, threads: int) -> Iterator[tuple[int, VideoFrame]]:
    """Yield frames with their numbers from some key frame at or before ``first``."""
    path = Path(info.path)
    with open_video(path, threads=threads) as (container, stream):
        shown = decoded(stream, packets(container, stream))
        start = next(shown, None)
        if start is None:
            return
        if counts_frames(container, stream):
            yield from enumerate(frame for _, frame in chain((start,), shown))
            return
        origin, time_base = start[0], time_base_s(stream)
        if first > 0:
            target = origin + round(float(info.file_times_s[first]) / time_base)
            coded = _from_key_frame(container, stream, target, origin)
            shown = _from_start(path, threads) if coded is None else decoded(stream, coded)
        else:
            shown = chain((start,), shown)
        for pts, frame in shown:
            index = _index_at(info, (pts - origin) * time_base)
            if index is not None:
                yield index, frame


def _from_start(path: Path, threads: int) -> Iterator[Shown]:
    with open_video(path, threads=threads) as (container, stream):
        yield from decoded(stream, packets(container, stream))


def _index_at(info: VideoInfo, time_s: float) -> int | None:
    times_s = info.file_times_s
    index = int(np.searchsorted(times_s, time_s - _TIME_TOLERANCE_S))
    return index if index < len(times_s) and abs(times_s[index] - time_s) <= _TIME_TOLERANCE_S else None


def _from_key_frame(
    container: InputContainer, stream: VideoStream, target: int, origin: int
) -> Iterator[Packet[VideoStream]] | None:
    """Seek to a key frame shown at or before ``target`` ; None when only decoding from the start is safe.

    Containers seek by decoding time: the key frame they land on may be *shown* after the target, and the
    frames that are shown before it may refer to pictures that were never decoded. Hence the check, and the
    second try further back.
    """
    second = 1 / time_base_s(stream)
    for back_s in _SEEK_BACK_S:
        goal = target - round(back_s * second)
        if goal <= origin and back_s:
            return None
        try:
            container.seek(goal, stream=stream, backward=True)
            coded = packets(container, stream)
            head = next(coded, None)
        except (av.FFmpegError, OSError):
            return None
        if head is not None and head.is_keyframe and head.pts is not None and head.pts <= target:
            return chain((head,), coded)
    return None

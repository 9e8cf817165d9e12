"""Writing a video that every browser plays."""

from __future__ import annotations

import contextlib
import os
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream
from numpy.typing import NDArray

from gait.errors import VideoError

_CLOCK_HZ = 90_000
"""Ticks per second of the time stamps: MPEG's usual clock, whole ticks at 24, 25, 30, 50, 60 Hz."""

_BT709 = 1
"""FFmpeg's number for the BT.709 matrix (AVCOL_SPC_BT709), which players assume for anything of HD size."""


class VideoWriter:
    """Write pictures to an H.264 mp4 file that appears whole or not at all.

    Use it as a context manager. The file is built under another name beside its place and moved there when
    the block ends; after an exception nothing is left behind, and a file that stood there before stays.

    Parameters
    ----------
    path : Path
        Where the file shall be; its folder must exist.
    size_px : (int, int)
        Width and height of the pictures. H.264 needs even numbers: an odd size loses its last row or column.
    rate_hz : Fraction or float
        Frame rate: the step between pictures written without a time, and the length of the last.
    crf : int
        Quality from 0 (lossless) to 51; 23 looks good.
    preset : str
        x264's trade of speed against size.

    Raises
    ------
    VideoError
        If the file cannot be written, or the block ends without a picture.
    """

    def __init__(
        self,
        path: Path,
        size_px: tuple[int, int],
        rate_hz: Fraction | float,
        *,
        crf: int = 23,
        preset: str = "veryfast",
    ) -> None:
        if min(size_px) < 2:
            raise ValueError(f"a picture of {size_px} pixels is too small to encode")
        if not rate_hz > 0:
            raise ValueError(f"rate_hz must be positive, not {rate_hz}")
        self._path = Path(path)
        self._part = self._path.with_name(f".{self._path.stem}.{os.getpid()}.part")
        self._size_px = size_px
        self._rate = Fraction(rate_hz).limit_denominator(1001)
        self._options = {"crf": str(crf), "preset": preset}
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._last_tick: int | None = None
        self._next_s = Fraction(0)

    def __enter__(self) -> Self:
        try:
            # FFmpeg opens the file with the first packet only; a missing folder should show at once.
            self._part.touch()
            self._container = av.open(f"file:{self._part}", "w", format="mp4", options={"movflags": "+faststart"})
        except (av.FFmpegError, OSError) as error:
            self._discard_part()
            raise self._failed(error) from None
        stream = self._container.add_stream("libx264", rate=self._rate, options=self._options)
        stream.width, stream.height = (n - n % 2 for n in self._size_px)
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, _CLOCK_HZ)
        context.colorspace, context.color_range = _BT709, ColorRange.MPEG
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        self._stream = stream
        return self

    def write(self, rgb: NDArray[np.uint8], time_s: float | None = None) -> None:
        """Append a picture.

        Parameters
        ----------
        rgb : ndarray of uint8, shape (H, W, 3)
            The picture, of the size the writer was made for.
        time_s : float, optional
            When it is shown, in seconds from the start of the film; one frame after the last by default.
            Times must increase.

        Raises
        ------
        VideoError
            If the disk is full or the file cannot be written for another reason.
        ValueError
            If the picture has another size or the time does not increase.
        """
        if self._container is None or self._stream is None:
            raise ValueError("write() belongs inside the writer's `with` block")
        width, height = self._size_px
        if rgb.shape != (height, width, 3):
            raise ValueError(f"a picture of shape {rgb.shape} does not fit a film of {width} x {height} pixels")
        # A fraction, because rounding every step of 59.94 Hz to whole ticks would add up.
        moment_s = self._next_s if time_s is None else Fraction(time_s)
        tick = round(moment_s * _CLOCK_HZ)
        if self._last_tick is not None and tick <= self._last_tick:
            raise ValueError(f"a picture at {time_s} s does not come after the one before")
        even = np.ascontiguousarray(rgb[: height - height % 2, : width - width % 2])
        frame = VideoFrame.from_ndarray(even, format="rgb24").reformat(
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )
        frame.pts, frame.time_base, frame.duration = (
            tick,
            Fraction(1, _CLOCK_HZ),
            round(_CLOCK_HZ / self._rate),
        )
        self._last_tick, self._next_s = tick, moment_s + 1 / self._rate
        try:
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._close_quietly()
            self._discard_part()

    def _finish(self) -> None:
        assert self._container is not None
        assert self._stream is not None
        if self._last_tick is None:
            raise VideoError(f"No picture was written to {self._path.name}.", "Check the range of the video.")
        try:
            for packet in self._stream.encode(None):
                self._container.mux(packet)
            self._container.close()
            os.replace(self._part, self._path)
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from None

    def _close_quietly(self) -> None:
        if self._container is not None:
            # Windows removes no open file, and a half-written container may refuse to end properly.
            with contextlib.suppress(av.FFmpegError, OSError):
                self._container.close()

    def _discard_part(self) -> None:
        with contextlib.suppress(OSError):
            self._part.unlink()

    def _failed(self, error: Exception) -> VideoError:
        reason = getattr(error, "strerror", None) or str(error)
        return VideoError(
            f"{self._path} cannot be written: {reason}.",
            "Check that the folder exists, is yours and has space left.",
        )

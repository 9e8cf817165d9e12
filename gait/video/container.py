"""Opening a video file: the one place that turns FFmpeg's failures into errors a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import av
import av.logging
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from gait.errors import VideoError

# FFmpeg prints to stderr from threads of its own; what matters reaches the user through VideoError.
av.logging.set_level(None)

FORMATS = "mp4, mov, m4v, avi or mkv"
COPY_AGAIN = "Copy it again from the phone or camera."

# What else FFmpeg opens is a playlist, a picture or plain text; playlists would reach for the network.
_CONTAINERS = "mov,matroska,webm,avi,mpegts,mpeg,asf,flv,mxf,ogg,wav,mp3,flac,aac,amr"

Shown = tuple[int, VideoFrame]
"""A decoded picture and its presentation time in ticks of the stream."""

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*")
_HEIF_BRANDS = (b"heic", b"heix", b"mif1", b"avif")
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def read_head(path: Path) -> bytes:
    """Return the first bytes of a file.

    Raises
    ------
    VideoError
        If there is no such file, it is a folder or empty, or may not be read.
    """
    if path.is_dir():
        raise VideoError(f"{path} is a folder, not a video.", "Name one video file, or use `gait batch` for a folder.")
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except FileNotFoundError:
        raise VideoError(f"There is no file {path}.", "Check the name and the folder.") from None
    except PermissionError:
        raise VideoError(
            f"{path.name} may not be read.",
            "Change the file's permissions, or copy it to a folder of your own.",
        ) from None
    except OSError as error:
        raise VideoError(f"{path.name} cannot be read: {error.strerror or error}.", COPY_AGAIN) from None
    if not head:
        raise VideoError(f"{path.name} is empty (0 bytes).", COPY_AGAIN)
    if is_picture(head):
        raise single_picture(path)
    return head


def is_picture(head: bytes) -> bool:
    """Whether a file that starts like this is a still picture."""
    bmp = head[:2] == b"BM" and head[6:10] == bytes(4)
    heif = head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS
    return head.startswith(_PICTURES) or bmp or heif or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def single_picture(path: Path) -> VideoError:
    """Return the error for a file that holds one picture only."""
    return VideoError(
        f"{path.name} is a single picture, not a video.",
        "Film at least 10 seconds of running and give that file.",
    )


def _cannot_open(path: Path, head: bytes) -> VideoError:
    known = head[4:8] in _MP4_BOXES or head[:4] in (b"RIFF", b"\x1aE\xdf\xa3")
    if known:
        return VideoError(f"{path.name} is cut off or damaged and cannot be opened.", COPY_AGAIN)
    return VideoError(f"{path.name} is not a video.", f"Give a file that a camera recorded ({FORMATS}).")


@contextmanager
def open_video(path: Path, *, threads: int = 0) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a file and choose its picture stream.

    Parameters
    ----------
    path : Path
        The video.
    threads : int
        Decoder threads; 0 leaves the number to FFmpeg.

    Raises
    ------
    VideoError
        If the file cannot be opened or holds no pictures that this FFmpeg can decode.
    """
    head = read_head(path)
    try:
        # "file:" keeps FFmpeg from reading a colon in a file's name as a network protocol.
        container = av.open(
            f"file:{path}",
            options={"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except (av.FFmpegError, ValueError, OSError):
        raise _cannot_open(path, head) from None
    with container:
        stream = _picture_stream(container, path, head)
        stream.codec_context.thread_type = "AUTO"
        stream.codec_context.thread_count = threads
        yield container, stream


def _picture_stream(container: InputContainer, path: Path, head: bytes) -> VideoStream:
    moving = [s for s in container.streams.video if not s.disposition & s.disposition.__class__.attached_pic]
    if not moving:
        if container.streams.audio:
            raise VideoError(f"{path.name} holds sound but no pictures.", "Give the video file of the recording.")
        raise _cannot_open(path, head)
    best = container.streams.best("video")
    stream = next((s for s in moving if best is not None and s.index == best.index), moving[0])
    if stream.codec_context is None:
        raise unreadable_codec(path, "unknown")
    return stream


def unreadable_codec(path: Path, codec: str) -> VideoError:
    """Return the error for pictures that no decoder here understands."""
    return VideoError(
        f"The pictures in {path.name} cannot be decoded (codec {codec}).",
        "Export the video as H.264 mp4, or copy it again if other players fail too.",
    )


def time_base_s(stream: VideoStream) -> float:
    """Return the length of one tick of a stream's time stamps, s."""
    return float(stream.time_base or 1)


def packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """Yield the whole packets of a stream, ending where the file does, however badly it ends."""
    try:
        for packet in container.demux(stream):
            if packet.size and not packet.is_corrupt:
                yield packet
    except av.FFmpegError:
        return


def decoded(stream: VideoStream, coded: Iterator[Packet[VideoStream]]) -> Iterator[Shown]:
    """Yield the pictures of these packets in showing order, each with its PTS; bad ones are left out.

    After an error or a lost picture the decoder goes on with pictures that it makes up from older ones. They
    would be measured as if they were real, so everything up to the next key frame is left out too.
    """
    ledger = _Ledger(stream)
    for packet in chain(coded, (None,)):
        ledger.put(packet)
        try:
            pictures = stream.decode(packet)
        except av.FFmpegError:
            ledger.fail()
            continue
        for picture in pictures:
            if picture.pts is None:
                continue
            if ledger.trusts(picture.pts, bool(picture.key_frame)) and not picture.is_corrupt:
                yield picture.pts, picture


class _Ledger:
    """What went into a decoder and has not come out, to tell which of its pictures are real.

    The comparison needs one picture per packet, with the packet's own time: H.264 and HEVC in mp4, mov, mkv.
    Elsewhere only the decoder's own errors count.
    """

    def __init__(self, stream: VideoStream) -> None:
        container = stream.container.format.name.startswith(("mov", "matroska"))
        self._compares = container and stream.codec_context.name in ("h264", "hevc")
        self._waiting: set[int] = set()
        self._after_error: set[int] = set()
        self._last: int | None = None
        self._trusted = True

    def put(self, packet: Packet[VideoStream] | None) -> None:
        """Note a packet that goes in."""
        if packet is not None and packet.pts is not None and not packet.is_discard:
            self._waiting.add(packet.pts)
            self._after_error.add(packet.pts)

    def fail(self) -> None:
        """Note an error: trust ends, and only a key frame that goes in from now on restores it."""
        self._trusted = False
        self._after_error.clear()

    def trusts(self, pts: int, is_key: bool) -> bool:
        """Note a picture that comes out, and tell whether it is real."""
        if is_key and (not self._compares or pts in self._after_error):
            self._trusted = True
        elif self._compares and self._last is not None:
            # What is shown before the first picture was never decodable: leading pictures of an open group.
            self._trusted &= not any(self._last < waiting < pts for waiting in self._waiting)
        self._waiting = {waiting for waiting in self._waiting if waiting > pts}
        self._after_error = {fed for fed in self._after_error if fed > pts}
        self._last = pts
        return self._trusted


def counts_frames(container: InputContainer, stream: VideoStream) -> bool:
    """Whether pictures must be told apart by their order because the container has no presentation times.

    AVI stores frames in decoding order at a fixed rate and nothing else, so the time stamps that FFmpeg makes
    up for B-frames come out in the wrong order.
    """
    return container.format.name == "avi" and bool(stream.codec_context.has_b_frames)

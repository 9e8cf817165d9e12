"""What `probe` reads from containers of every kind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gait.errors import ConfigError
from gait.files import file_sha256
from gait.model import VideoInfo
from gait.video.decode import frames
from gait.video.probe import check_complete, measured_rate_hz, probe


def shown(info: VideoInfo, clips: SimpleNamespace) -> list[tuple[int, int]]:
    """Pairs of (number in the table, number in the picture)."""
    return [(index, clips.read_number(rgb)) for index, rgb in frames(info)]


@pytest.mark.parametrize(
    ("name", "codec", "extra"),
    [
        ("a.mp4", "libx264", {}),
        ("a.m4v", "libx264", {"b_frames": 0}),
        ("a.mov", "libx265", {}),
        ("hdr.mov", "libx265", {"pix_fmt": "yuv420p10le"}),
        ("a.mkv", "libx264", {"b_frames": 3}),
        ("a.avi", "mpeg4", {"b_frames": 0}),
        ("b.avi", "libx264", {"b_frames": 3}),
        ("b4.avi", "mpeg4", {"b_frames": 2}),
        ("m.avi", "mjpeg", {"pix_fmt": "yuvj420p", "b_frames": 0}),
        ("open.mp4", "libx264", {"b_frames": 3, "codec_options": {"x264-params": "open-gop=1:keyint=8"}}),
        ("lace.mp4", "libx264", {"codec_options": {"x264-params": "interlaced=1"}}),
        ("frag.mp4", "libx264", {"movflags": "frag_keyframe+empty_moov"}),
        ("odd.mp4", "libx264", {"size": (641, 359), "pix_fmt": "yuv444p"}),
        ("odd.mkv", "libx265", {"size": (161, 97), "pix_fmt": "yuv444p"}),
    ],
)
def test_every_container_gives_every_frame_its_time(
    tmp_path: Path, clips: SimpleNamespace, name: str, codec: str, extra: dict[str, object]
) -> None:
    path = clips.make(tmp_path / name, 40, codec=codec, **extra)
    info = probe(path)
    assert info.size_px == extra.get("size", clips.SIZE)
    assert info.rotation_deg == 0
    # mkv rounds to whole milliseconds.
    np.testing.assert_allclose(info.file_times_s, np.arange(40) / 30, atol=6e-4)
    assert info.file_times_s[0] == 0
    assert measured_rate_hz(info.file_times_s) == pytest.approx(30, rel=2e-4)
    assert shown(info, clips) == [(i, i) for i in range(40)]
    check_complete(info)


def test_names_and_hash_are_recorded(tmp_path: Path, clips: SimpleNamespace) -> None:
    path = clips.make(tmp_path / "a.mp4", codec="libx265")
    info = probe(path)
    assert (info.codec, info.path) == ("hevc", path)
    assert "mp4" in info.container
    assert info.sha256 == file_sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_variable_rate_keeps_the_written_times(tmp_path: Path, clips: SimpleNamespace, suffix: str) -> None:
    steps = np.random.default_rng(7).integers(8, 70, 59)
    ticks = np.concatenate(([0], np.cumsum(steps)))
    info = probe(clips.make(tmp_path / f"v.{suffix}", 60, ticks=ticks, ticks_per_s=1000))
    np.testing.assert_allclose(info.file_times_s, ticks / 1000, atol=1.1e-4 if suffix == "mp4" else 1e-9)
    assert shown(info, clips) == [(i, i) for i in range(60)]


def test_time_zero_is_the_first_shown_frame(tmp_path: Path, clips: SimpleNamespace) -> None:
    late = probe(clips.make(tmp_path / "late.mp4", ticks=[(i + 50) * 512 for i in range(40)]))
    np.testing.assert_allclose(late.file_times_s, np.arange(40) / 30, atol=1e-6)


def test_frames_before_the_edit_list_are_not_counted(tmp_path: Path, clips: SimpleNamespace) -> None:
    info = probe(clips.make(tmp_path / "cut.mp4", ticks=[(i - 5) * 512 for i in range(40)]))
    assert info.n_frames == 35
    np.testing.assert_allclose(info.file_times_s, np.arange(35) / 30, atol=1e-9)
    assert shown(info, clips) == [(i, i + 5) for i in range(35)]


def test_frames_after_the_edit_list_are_not_counted(tmp_path: Path, clips: SimpleNamespace) -> None:
    path = clips.make(tmp_path / "cut.mp4")
    clips.end_edit_early(path, 0.5)
    info = probe(path)
    assert info.n_frames == pytest.approx(20, abs=1)
    np.testing.assert_allclose(info.file_times_s, np.arange(info.n_frames) / 30, atol=1e-9)
    assert shown(info, clips) == [(i, i) for i in range(info.n_frames)]
    check_complete(info)


def test_leading_pictures_without_their_reference_are_not_counted(tmp_path: Path, clips: SimpleNamespace) -> None:
    options = {"x265-params": "open-gop=1:keyint=8:min-keyint=8:bframes=3:scenecut=0:log-level=none"}
    whole = clips.make(tmp_path / "whole.mp4", codec="libx265", codec_options=options, b_frames=3)
    info = probe(clips.remux_from_key_frame(whole, tmp_path / "cut.mkv", 2))
    numbers = shown(info, clips)
    assert [index for index, _ in numbers] == list(range(info.n_frames))
    first = numbers[0][1]
    assert [number for _, number in numbers] == list(range(first, 40))
    assert 8 < first <= 20


def test_double_time_stamps_give_one_frame(tmp_path: Path, clips: SimpleNamespace) -> None:
    ticks = [0, 33, 67, 67, 100, 133, 133, 167, 200, 233]
    options = {"codec": "mjpeg", "pix_fmt": "yuvj420p", "b_frames": 0}
    path = clips.make(tmp_path / "d.mkv", 10, packet_ticks=ticks, ticks_per_s=1000, **options)
    info = probe(path)
    np.testing.assert_allclose(info.file_times_s, np.array([0, 33, 67, 100, 133, 167, 200, 233]) / 1000)
    assert shown(info, clips) == list(enumerate([0, 1, 2, 4, 5, 7, 8, 9]))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_rotation_flag_stands_the_picture_up(
    tmp_path: Path, clips: SimpleNamespace, rotation: int, suffix: str
) -> None:
    info = probe(clips.make(tmp_path / f"r.{suffix}", 5, rotation_cw=rotation))
    assert info.rotation_deg == rotation
    assert info.size_px == clips.SIZE
    for index, rgb in frames(info):
        assert rgb.shape == (clips.SIZE[1], clips.SIZE[0], 3)
        assert rgb.flags.c_contiguous
        assert clips.read_number(rgb) == index
        red, blue = rgb[-10, 10].astype(int), rgb[-10, -10].astype(int)
        assert red[0] > red[2] + 100
        assert blue[2] > blue[0] + 100


def test_rotation_sign_is_that_of_a_phone_held_upright(tmp_path: Path, clips: SimpleNamespace) -> None:
    # QuickTime File Format, track header: (0, 1, -1, 0) turns 90 degrees clockwise, as phones do.
    path = clips.make(tmp_path / "r.mp4", 3, rotation_cw=90)
    assert clips.track_matrix(path) == (0, 1 << 16, -(1 << 16), 0)
    assert probe(path).rotation_deg == 90


def test_stretched_pixels_become_square(tmp_path: Path, clips: SimpleNamespace) -> None:
    info = probe(clips.make(tmp_path / "s.mp4", 4, pixel_aspect=Fraction(4, 3)))
    assert info.size_px == (213, 96)
    assert [(i, rgb.shape, clips.read_number(rgb)) for i, rgb in frames(info)] == [
        (i, (96, 213, 3), i) for i in range(4)
    ]


TAG = "com.android.capture.fps"


@pytest.mark.parametrize(
    ("rate", "noted", "given", "capture_rate", "time_scale"),
    [
        (30, "240.000000", None, 240, 30 / 240),
        (30, "30.000000", None, 30, 1),
        (30, "36", None, 36, 1),
        (30, "39", None, 39, 30 / 39),
        (120, "120.0", None, 120, 1),
        (60, "30", None, 30, 1),
        (30, "nonsense", None, None, 1),
        (30, "-240", None, None, 1),
        (30, None, None, None, 1),
        (30, None, 240, 240, 30 / 240),
        (30, "120", 240, 240, 30 / 240),
        (30, "240", 30, 30, 1),
        (30, None, 29.97, 29.97, 1),
        (30, None, 33, 33, 30 / 33),
        (60, None, 31, 31, 60 / 31),
    ],
)
def test_capture_rate_and_time_scale(
    tmp_path: Path,
    clips: SimpleNamespace,
    rate: int,
    noted: str | None,
    given: float | None,
    capture_rate: float | None,
    time_scale: float,
) -> None:
    metadata = {} if noted is None else {TAG: noted}
    path = clips.make(tmp_path / "c.mp4", 20, rate=rate, metadata=metadata, movflags="use_metadata_tags")
    info = probe(path, capture_rate_hz=given)
    assert info.capture_rate_hz == capture_rate
    assert info.time_scale == pytest.approx(time_scale, rel=1e-9)
    assert info.times_s[-1] == pytest.approx(19 / rate * time_scale, rel=1e-9)


@pytest.mark.parametrize("given", [14.0, 1.0, 0.0, -240.0, float("nan"), float("inf")])
def test_impossible_capture_rate_is_refused(tmp_path: Path, clips: SimpleNamespace, given: float) -> None:
    path = clips.make(tmp_path / "c.mp4", 20)
    with pytest.raises(ConfigError, match="capture rate") as caught:
        probe(path, capture_rate_hz=given)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_measured_rate_tells_ntsc_from_round_rates_in_milliseconds() -> None:
    for rate in (30, 30000 / 1001, 60, 60000 / 1001, 240):
        times = np.round(np.arange(300) / rate, 3)
        assert measured_rate_hz(times) == pytest.approx(rate, rel=2e-4)


def test_measured_rate_overlooks_dropped_frames() -> None:
    times = np.delete(np.arange(300) / 60, [17, 18, 90, 200])
    assert measured_rate_hz(times) == pytest.approx(60, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "n", "rate", "size"),
    [
        ("video/treadmill_side_left.mp4", 360, 30, (720, 1280)),
        ("rendered/dev_side.mp4", 480, 60, (1280, 720)),
    ],
)
def test_shared_recordings(
    shared_video: Callable[[str], Path], name: str, n: int, rate: int, size: tuple[int, int]
) -> None:
    info = probe(shared_video(name))
    assert (info.n_frames, info.size_px, info.rotation_deg, info.time_scale) == (n, size, 0, 1)
    np.testing.assert_allclose(info.file_times_s, np.arange(n) / rate, atol=1e-9)
    check_complete(info)
    tail = list(frames(info, n - 5))
    assert [index for index, _ in tail] == list(range(n - 5, n))
    assert {rgb.shape for _, rgb in tail} == {(size[1], size[0], 3)}

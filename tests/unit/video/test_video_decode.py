"""Random access gives the same pictures as playing from the start."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gait.errors import VideoError
from gait.video.decode import frames, pick_frames
from gait.video.probe import probe

KINDS = [
    ("a.mp4", {"gop": 12}),
    ("long-gop.mp4", {"gop": 250, "b_frames": 3}),
    ("open.mp4", {"b_frames": 3, "codec_options": {"x264-params": "open-gop=1:keyint=9:scenecut=0"}}),
    ("open.mkv", {"b_frames": 3, "codec_options": {"x264-params": "open-gop=1:keyint=9:scenecut=0"}}),
    (
        "hevc.mov",
        {"codec": "libx265", "codec_options": {"x265-params": "open-gop=1:keyint=9:log-level=none"}},
    ),
    ("frag.mp4", {"movflags": "frag_keyframe+empty_moov"}),
    ("edit.mp4", {"ticks": [(i - 7) * 512 for i in range(80)]}),
    ("late.mp4", {"ticks": [(i + 40) * 512 for i in range(80)]}),
    ("b.avi", {"b_frames": 3}),
    ("m.avi", {"codec": "mjpeg", "pix_fmt": "yuvj420p", "b_frames": 0}),
]


@pytest.mark.parametrize("threads", [0, 1])
@pytest.mark.parametrize(("name", "kind"), KINDS, ids=[name for name, _ in KINDS])
def test_every_range_starts_at_its_frame(
    tmp_path: Path, clips: SimpleNamespace, name: str, kind: dict[str, object], threads: int
) -> None:
    info = probe(clips.make(tmp_path / name, 80, **kind))
    played = dict(frames(info, threads=threads))
    offset = clips.read_number(played[0])
    assert list(played) == list(range(info.n_frames))
    for first in (0, 1, 7, 8, 9, 11, 12, 13, 26, 27, 35, 50, info.n_frames - 1):
        part = dict(frames(info, first, first + 3, threads=threads))
        assert list(part) == list(range(first, min(first + 3, info.n_frames)))
        for index, rgb in part.items():
            assert clips.read_number(rgb) == index + offset
            np.testing.assert_array_equal(rgb, played[index])


def test_pick_frames_returns_what_was_asked(tmp_path: Path, clips: SimpleNamespace) -> None:
    info = probe(clips.make(tmp_path / "a.mp4", 120, gop=20))
    picked = pick_frames(info, [110, 3, 45, 3, 46, 500, -1])
    assert {index: clips.read_number(rgb) for index, rgb in picked.items()} == {
        3: 3,
        45: 45,
        46: 46,
        110: 110,
    }
    assert list(picked) == [3, 45, 46, 110]
    assert pick_frames(info, []) == {}


def test_only_the_wanted_frames_of_a_range(tmp_path: Path, clips: SimpleNamespace) -> None:
    info = probe(clips.make(tmp_path / "a.mp4", 40, gop=20))
    found = {index: clips.read_number(rgb) for index, rgb in frames(info, 5, 30, only={2, 7, 8, 29, 31})}
    assert found == {7: 7, 8: 8, 29: 29}


def test_empty_and_overlong_ranges(tmp_path: Path, clips: SimpleNamespace) -> None:
    info = probe(clips.make(tmp_path / "a.mp4", 20))
    assert list(frames(info, 5, 5)) == []
    assert list(frames(info, 20)) == []
    assert [index for index, _ in frames(info, 17, 99)] == [17, 18, 19]
    assert [index for index, _ in frames(info, -3, 2)] == [0, 1]


def test_pictures_may_be_drawn_on(tmp_path: Path, clips: SimpleNamespace) -> None:
    info = probe(clips.make(tmp_path / "a.mp4", 4, rotation_cw=90))
    rgb = pick_frames(info, [2])[2]
    rgb[:] = 7
    assert rgb.dtype == np.uint8
    assert rgb.flags.owndata or rgb.base is not None
    assert clips.read_number(pick_frames(info, [2])[2]) == 2


def test_a_generator_left_early_lets_go_of_the_file(tmp_path: Path, clips: SimpleNamespace) -> None:
    path = clips.make(tmp_path / "a.mp4", 40)
    with closing(frames(probe(path))) as stream:  # type: ignore[type-var]
        assert next(stream)[0] == 0
    path.unlink()
    assert not path.exists()


def test_a_file_that_vanished_is_an_error(tmp_path: Path, clips: SimpleNamespace) -> None:
    path = clips.make(tmp_path / "a.mp4", 10)
    info = probe(path)
    path.unlink()
    with pytest.raises(VideoError, match="no file"):
        next(frames(info))


def test_seeking_does_not_decode_from_the_start(tmp_path: Path, clips: SimpleNamespace) -> None:
    info = probe(clips.make(tmp_path / "a.mp4", 400, gop=10, size=(320, 192)))

    def seconds(first: int, stop: int) -> float:
        start = time.perf_counter()
        assert [index for index, _ in frames(info, first, stop, threads=1)] == list(range(first, stop))
        return time.perf_counter() - start

    near_the_end = min(seconds(390, 392) for _ in range(3))
    assert near_the_end < 0.5 * seconds(0, 400)


def test_colours_survive(tmp_path: Path, clips: SimpleNamespace) -> None:
    info = probe(clips.make(tmp_path / "a.mp4", 3, codec_options={"crf": "1"}))
    rgb = pick_frames(info, [1])[1]
    assert np.abs(rgb.astype(int) - clips.picture(1)).mean() < 4

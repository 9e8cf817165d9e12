"""The written film plays everywhere, keeps its times, and is whole or absent."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest

from gait.errors import VideoError
from gait.video.decode import frames
from gait.video.probe import check_complete, measured_rate_hz, probe
from gait.video.write import VideoWriter


@pytest.mark.parametrize("rate", [30, 25.0, 59.94, Fraction(30000, 1001), 240])
def test_constant_rate(tmp_path: Path, clips: SimpleNamespace, rate: float) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, clips.SIZE, rate) as film:
        for i in range(120):
            film.write(clips.picture(i))
    info = probe(path)
    check_complete(info)
    assert measured_rate_hz(info.file_times_s) == pytest.approx(float(rate), rel=1e-4)
    np.testing.assert_allclose(info.file_times_s, np.arange(120) / float(rate), atol=2e-5)
    assert [clips.read_number(rgb) for _, rgb in frames(info)] == list(range(120))


def test_given_times(tmp_path: Path, clips: SimpleNamespace) -> None:
    times = [0.0, 0.02, 0.1, 0.11, 0.5]
    with VideoWriter(tmp_path / "out.mp4", clips.SIZE, 30) as film:
        for i, time_s in enumerate(times):
            film.write(clips.picture(i), time_s)
        film.write(clips.picture(5))
    info = probe(tmp_path / "out.mp4")
    np.testing.assert_allclose(info.file_times_s, [*times, 0.5 + 1 / 30], atol=2e-5)


def test_browsers_can_play_it(tmp_path: Path, clips: SimpleNamespace) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, clips.SIZE, 30, crf=30) as film:
        for i in range(10):
            film.write(clips.picture(i))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert "mp4" in container.format.name
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "the index comes first, so that playing starts at once"


@pytest.mark.parametrize(("size", "even"), [((161, 97), (160, 96)), ((160, 97), (160, 96)), ((640, 360), (640, 360))])
def test_odd_sizes_lose_one_line(
    tmp_path: Path, clips: SimpleNamespace, size: tuple[int, int], even: tuple[int, int]
) -> None:
    with VideoWriter(tmp_path / "out.mp4", size, 30) as film:
        film.write(clips.picture(3, size))
        film.write(clips.picture(4, size))
    info = probe(tmp_path / "out.mp4")
    assert info.size_px == even
    assert [clips.read_number(rgb) for _, rgb in frames(info)] == [3, 4]


def test_colours_come_back(tmp_path: Path) -> None:
    colours = np.array([[200, 60, 30], [30, 200, 60], [86, 180, 233], [230, 159, 0]], dtype=np.uint8)
    rgb = np.repeat(np.repeat(colours[None], 64, axis=0), 40, axis=1)
    with VideoWriter(tmp_path / "out.mp4", (160, 64), 30, crf=5) as film:
        film.write(rgb)
        film.write(rgb)
    back = dict(frames(probe(tmp_path / "out.mp4")))[1]
    for k, colour in enumerate(colours):
        np.testing.assert_allclose(back[32, 40 * k + 20], colour, atol=5)


def test_an_exception_leaves_nothing_behind(tmp_path: Path, clips: SimpleNamespace) -> None:
    def interrupted() -> None:
        with VideoWriter(tmp_path / "out.mp4", clips.SIZE, 30) as film:
            film.write(clips.picture(0))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_the_film_appears_only_at_the_end(tmp_path: Path, clips: SimpleNamespace) -> None:
    path = tmp_path / "out.mp4"
    path.write_bytes(b"the film before")
    with VideoWriter(path, clips.SIZE, 30) as film:
        film.write(clips.picture(0))
        film.write(clips.picture(1))
        assert path.read_bytes() == b"the film before"
    assert [p.name for p in tmp_path.iterdir()] == ["out.mp4"]
    assert probe(path).n_frames == 2


def test_a_film_without_pictures_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="No picture"), VideoWriter(tmp_path / "out.mp4", (160, 96), 30):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "nowhere" / "out.mp4", (160, 96), 30)
    with pytest.raises(VideoError, match="cannot be written"):
        writer.__enter__()


def test_misuse_is_told(tmp_path: Path, clips: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="inside"):
        VideoWriter(tmp_path / "out.mp4", clips.SIZE, 30).write(clips.picture(0))
    with pytest.raises(ValueError, match="rate_hz"):
        VideoWriter(tmp_path / "out.mp4", clips.SIZE, 0)
    with VideoWriter(tmp_path / "out.mp4", clips.SIZE, 30) as film:
        film.write(clips.picture(0), 1.0)
        with pytest.raises(ValueError, match="does not fit"):
            film.write(np.zeros((10, 10, 3), np.uint8))
        with pytest.raises(ValueError, match="after"):
            film.write(clips.picture(1), 1.0)

"""Bad input: one plain line that says what happened and what to do, nothing on stderr, never a traceback."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from gait.errors import VideoError
from gait.video.decode import frames, pick_frames
from gait.video.probe import check_complete, probe


def refusal(path: Path) -> VideoError:
    """The error that `probe` raises."""
    with pytest.raises(VideoError) as caught:
        probe(path)
    error = caught.value
    assert error.exit_code == 1
    assert error.hint
    assert "\n" not in str(error)
    return error


@pytest.mark.parametrize("suffix", ["mp4", "avi", "txt", "mkv"])
@pytest.mark.parametrize(
    "content",
    [
        b"just some words\n" * 40,
        b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile 'other.mp4'\n",
        b"\x00" * 5000,
        b"a",
    ],
    ids=["text", "playlist", "concat", "zeros", "one-byte"],
)
def test_what_is_not_a_video(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"clip.{suffix}"
    path.write_bytes(content)
    assert "not a video" in refusal(path).message


def test_missing_folder_and_empty(tmp_path: Path) -> None:
    assert "no file" in refusal(tmp_path / "nowhere.mp4").message
    folder = refusal(tmp_path)
    assert "folder" in folder.message
    assert "gait batch" in folder.hint
    empty = tmp_path / "empty.mp4"
    empty.touch()
    assert "empty" in refusal(empty).message


def test_no_permission(tmp_path: Path, clips: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = clips.make(tmp_path / "a.mp4", 3)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "may not be read" in refusal(path).message


def test_sound_only(tmp_path: Path, clips: SimpleNamespace) -> None:
    assert "sound" in refusal(clips.make_sound(tmp_path / "a.mp4")).message


@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "gif", "webp", "tiff"])
def test_still_picture(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"photo.{suffix}"
    Image.new("RGB", (64, 48), (200, 30, 40)).save(path)
    assert "single picture" in refusal(path).message
    renamed = path.rename(tmp_path / "photo.mp4")
    assert "single picture" in refusal(renamed).message


@pytest.mark.parametrize("name", ["one.mp4", "one.mkv", "one.avi"])
def test_one_frame(tmp_path: Path, clips: SimpleNamespace, name: str) -> None:
    assert "single picture" in refusal(clips.make(tmp_path / name, 1)).message


def test_unknown_codec(tmp_path: Path, clips: SimpleNamespace) -> None:
    path = clips.make(tmp_path / "a.mp4", 5)
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz").replace(b"avcC", b"zzzC"))
    assert "cannot be decoded" in refusal(path).message


def test_mp4_without_its_index(tmp_path: Path, clips: SimpleNamespace) -> None:
    error = refusal(clips.truncate(clips.make(tmp_path / "a.mp4", 40), 0.6))
    assert "cut off or damaged" in error.message
    assert "Copy it again" in error.hint


def test_mp4_with_a_broken_index(tmp_path: Path, clips: SimpleNamespace) -> None:
    path = clips.make(tmp_path / "a.mp4", 5)
    path.write_bytes(path.read_bytes().replace(b"trak", b"tzzz"))
    assert "cut off or damaged" in refusal(path).message


CUT = [
    ("a.mp4", {"movflags": "faststart"}),
    ("a.mov", {"movflags": "faststart", "codec": "libx265"}),
    ("a.mkv", {}),
    ("a.avi", {"codec": "mpeg4", "b_frames": 0}),
]


@pytest.mark.parametrize(("name", "kind"), CUT, ids=[name for name, _ in CUT])
def test_cut_file_tells_how_much_can_be_read(
    tmp_path: Path, clips: SimpleNamespace, name: str, kind: dict[str, object]
) -> None:
    whole = probe(clips.make(tmp_path / name, 120, gop=10, **kind))
    check_complete(whole)
    info = probe(clips.truncate(whole.path, 0.6))
    assert 40 < info.n_frames < 100
    shown = [(index, clips.read_number(rgb)) for index, rgb in frames(info)]
    assert [index for index, _ in shown] == list(range(info.n_frames))
    # Frames that were to be shown between the last whole packets may be lost, so numbers may jump there.
    assert [number for _, number in shown[:-4]] == list(range(info.n_frames - 4))
    with pytest.raises(VideoError, match="cut off") as caught:
        check_complete(info)
    match = re.search(r"([\d.]+) of ([\d.]+) s can be read", caught.value.message)
    assert match is not None
    assert float(match[1]) == pytest.approx(info.file_times_s[-1] + 1 / 30, abs=0.06)
    assert float(match[2]) == pytest.approx(4.0, abs=0.06)
    end = re.search(r"--end ([\d.]+)", caught.value.hint)
    assert end is not None
    check_complete(info, float(end[1]))
    check_complete(info, 0.5)
    with pytest.raises(VideoError):
        check_complete(info, 3.9)


def test_cut_slow_motion_is_told_in_seconds_of_the_file(tmp_path: Path, clips: SimpleNamespace) -> None:
    path = clips.truncate(clips.make(tmp_path / "a.mp4", 160, movflags="faststart"), 0.7)
    info = probe(path, capture_rate_hz=120)
    with pytest.raises(VideoError, match=r"of 5\.3 s can be read"):
        check_complete(info)
    check_complete(info, 2.0)


def test_cut_down_to_nothing(tmp_path: Path, clips: SimpleNamespace) -> None:
    path = clips.make(tmp_path / "a.mp4", 60, movflags="faststart")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"mdat") + 40])
    message = refusal(path).message
    assert "cut off" in message or "cannot be decoded" in message


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_sound_longer_than_the_pictures_is_no_damage(tmp_path: Path, clips: SimpleNamespace, suffix: str) -> None:
    info = probe(clips.make(tmp_path / f"a.{suffix}", 30, audio_s=3.0))
    assert info.n_frames == 30
    check_complete(info)


@pytest.mark.parametrize(("codec", "suffix"), [("libx264", "mp4"), ("libx265", "mp4"), ("mjpeg", "avi")])
def test_damage_in_the_middle_costs_frames_not_the_film(
    tmp_path: Path, clips: SimpleNamespace, codec: str, suffix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    path = clips.make(tmp_path / f"a.{suffix}", 60, codec=codec, gop=10, b_frames=0, pix_fmt=pix_fmt)
    data = bytearray(path.read_bytes())
    middle = sum(clips.picture_bytes(data)) // 2
    data[middle : middle + 400] = np.random.default_rng(3).bytes(400)
    path.write_bytes(data)
    info = probe(path)
    numbers = {index: clips.read_number(rgb) for index, rgb in frames(info)}
    assert list(numbers) == sorted(numbers)
    assert len(numbers) >= 40
    right = [index for index, number in numbers.items() if index == number]
    assert len(right) >= 40
    assert {0, 1, 2, 57, 58, 59} <= set(right)
    assert clips.read_number(pick_frames(info, [59])[59]) == 59
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("fill", [b"\x00", b"\xff"])
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
@pytest.mark.parametrize("threads", [0, 1])
@pytest.mark.parametrize(("b_frames", "lost"), [(0, 33), (3, 31), (3, 32)])
def test_pictures_made_up_after_a_loss_are_not_shown(
    tmp_path: Path, clips: SimpleNamespace, codec: str, fill: bytes, threads: int, b_frames: int, lost: int
) -> None:
    path = clips.make(tmp_path / "a.mp4", 60, codec=codec, gop=10, b_frames=b_frames)
    clips.blank_packet(path, lost, fill)
    info = probe(path)
    numbers = {index: clips.read_number(rgb) for index, rgb in frames(info, threads=threads)}
    assert info.n_frames == 60
    assert all(index == number for index, number in numbers.items())
    assert len(numbers) < 60
    assert set(range(20)) | set(range(50, 60)) <= set(numbers)


def test_refusals_print_nothing(tmp_path: Path, clips: SimpleNamespace, capfd: pytest.CaptureFixture[str]) -> None:
    refusal(clips.truncate(clips.make(tmp_path / "a.mp4", 40), 0.6))
    path = clips.truncate(clips.make(tmp_path / "b.mp4", 40, movflags="faststart"), 0.6)
    with pytest.raises(VideoError):
        check_complete(probe(path))
    assert capfd.readouterr() == ("", "")


def test_colon_and_percent_in_a_name(tmp_path: Path, clips: SimpleNamespace) -> None:
    plain = clips.make(tmp_path / "a.mp4", 3)
    try:
        odd = plain.rename(tmp_path / "12:30 run %03d ü.mp4")
    except OSError:
        pytest.skip("this file system forbids a colon in names")
    assert [clips.read_number(rgb) for _, rgb in frames(probe(odd))] == [0, 1, 2]

"""Lower legs without a body: what is made of the marks, and that nothing is made of nothing."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from gait.model import VideoInfo
from gait.rearfoot import finder
from gait.rearfoot.finder import ESTIMATOR, _as_pose, find_legs, with_stand_ins, without_stand_ins
from gait.skeleton import BLAZEPOSE
from gait.video.probe import probe

SHANK_PX = 300.0


def info_of(count: int) -> VideoInfo:
    times_s = np.arange(count + 10) / 60.0
    return VideoInfo(Path("legs.mp4"), "0", (1280, 720), 0, times_s, "mp4", "h264")


def marks(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Two legs that stand still: calf marks at thirds of the shank, ankle, heel counter."""
    points = np.zeros((count, 2, 5, 2))
    for leg, x in enumerate((500.0, 700.0)):
        for mark, along in enumerate((1 / 3, 2 / 3, 1.0, 1.12, 1.22)):
            points[:, leg, mark] = (x, 100.0 + along * SHANK_PX)
    return points, np.full((count, 2, 5), 0.9)


def part(pose, name: str) -> np.ndarray:
    return np.asarray(pose.xy_px[:, BLAZEPOSE.index(name)])


def test_knee_is_continued_from_the_calf() -> None:
    pose = _as_pose(info_of(20), 5, *marks(20))
    assert pose.estimator == ESTIMATOR
    assert pose.first_frame == 5
    assert pose.times_s[0] == pytest.approx(5 / 60.0)
    assert part(pose, "left_knee") == pytest.approx(np.tile([500.0, 100.0], (20, 1)))
    assert part(pose, "right_ankle") == pytest.approx(np.tile([700.0, 400.0], (20, 1)))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("missing", [0, 1])
def test_one_calf_mark_is_enough(missing: int) -> None:
    points, score = marks(20)
    points[:, 0, missing] = np.nan
    score[:, 0, missing] = 0.1
    assert part(_as_pose(info_of(20), 0, points, score), "left_knee") == pytest.approx(np.tile([500.0, 100.0], (20, 1)))


def test_a_foot_that_swings_out_of_the_picture_comes_back_above() -> None:
    points, score = marks(60)
    height = np.concatenate([np.zeros(20), np.linspace(0, 250, 10), np.full(12, np.nan), np.linspace(250, 0, 18)])
    points[:, 1, :, 1] -= height[:, None]
    points[30:42, 1, :, 0] = np.nan
    score[30:42, 1] = 0.0
    ankle = part(_as_pose(info_of(60), 0, points, score), "right_ankle")
    assert np.isfinite(ankle).all()
    assert ankle[30:42, 1].max() <= ankle[[29, 42], 1].max()
    # A gap while the foot stands low is another leg in front of it, not a swing.
    points, score = marks(60)
    points[30:36, 0] = np.nan
    points[45:55, 0, :, 1] -= 250
    assert np.isnan(part(_as_pose(info_of(60), 0, points, score), "left_ankle")[30:36]).all()


def test_stand_ins_come_and_go() -> None:
    pose = _as_pose(info_of(20), 0, *marks(20))
    stood = with_stand_ins(pose)
    assert np.isfinite(part(stood, "left_hip")).all()
    assert part(stood, "left_hip")[0, 0] < part(stood, "right_hip")[0, 0]
    assert np.isnan(part(without_stand_ins(stood), "right_shoulder")).all()
    assert np.isnan(part(pose, "left_hip")).all()


def test_pixels_tell_how_the_ankle_moves_and_the_knee_goes_with_it() -> None:
    points, score = marks(60)
    swing_px = 40.0 * np.sin(np.arange(60) / 6.0)
    points[..., 1] += swing_px[:, None, None]
    moved = np.zeros((60, 2, 2, 2))
    moved[1:, ..., 1] = np.diff(swing_px)[:, None, None]
    noisy = points + np.random.default_rng(2).normal(0.0, 6.0, points.shape)
    steady, plain = _as_pose(info_of(60), 0, noisy, score, moved), _as_pose(info_of(60), 0, noisy, score)
    for name in ("left_ankle", "right_heel"):
        wild, calm = (np.abs(np.diff(part(p, name)[:, 1]) - np.diff(swing_px)).std() for p in (plain, steady))
        assert calm < 0.3 * wild
    assert np.std(part(steady, "left_knee")[:, 1] - swing_px) < 20.0


@pytest.mark.filterwarnings("error")
def test_where_the_lower_calf_is_never_seen_marks_stay_as_they_are() -> None:
    points, score = marks(20)
    points[:, :, 1] = np.nan
    pose = _as_pose(info_of(20), 0, points, score, np.zeros((20, 2, 2, 2)))
    np.testing.assert_array_equal(part(pose, "left_ankle"), points[:, 0, 2])
    assert part(pose, "right_knee") == pytest.approx(np.tile([700.0, 100.0], (20, 1)))


def test_a_second_search_needs_no_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path))
    points, score = marks(20)
    runs = []

    def followed(*_: object) -> dict[str, np.ndarray]:
        runs.append(1)
        return {"points": points, "score": score, "moved": np.full((20, 2, 2, 2), np.nan)}

    monkeypatch.setattr(finder, "_follow", followed)
    first, second = find_legs(info_of(20), 0, 20), find_legs(info_of(20), 0, 20)
    assert first is not None
    assert second is not None
    np.testing.assert_array_equal(first.xy_px, second.xy_px)
    assert find_legs(info_of(20), 0, 19) is not None
    assert len(runs) == 2


def test_a_blank_film_holds_no_legs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path))
    path = tmp_path / "blank.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for k in range(40):
            grey = np.full((240, 320, 3), 100 + k, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode())
    info = probe(path)
    assert find_legs(info, 0, info.n_frames) is None

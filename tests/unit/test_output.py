"""The results folder: whole or nothing."""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from pathlib import Path

import pytest

from gait.errors import ConfigError
from gait.output import RESULTS, Staging


def names(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)).replace(os.sep, "/") for p in folder.rglob("*") if p.is_file()}


def publish(out: Path, **files: bytes) -> None:
    with Staging(out) as staging:
        for name, content in files.items():
            staging.write(name.replace("__", "/").replace("_", "."), content)
        staging.publish()


def test_all_appears_at_once(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with Staging(out) as staging:
        staging.write("analysis.json", b"{}")
        staging.write("keyframes/a.png", b"png")
        assert not (out / "analysis.json").exists()
        assert not (out / "keyframes").exists()
        staging.publish()
    assert names(out) == {"analysis.json", "keyframes/a.png"}
    assert (out / "keyframes" / "a.png").read_bytes() == b"png"


def fail_half_way(out: Path) -> None:
    with Staging(out) as staging:
        staging.write("analysis.json", b"new")
        staging.write("metrics.csv", b"half")
        raise RuntimeError("half-way")


def test_a_failure_leaves_nothing_and_no_new_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way(out)
    assert not out.exists()


def test_a_failure_leaves_the_old_results_alone(tmp_path: Path) -> None:
    publish(tmp_path, analysis_json=b"old", report_html=b"old report")
    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way(tmp_path)
    assert (tmp_path / "analysis.json").read_bytes() == b"old"
    assert names(tmp_path) == {"analysis.json", "report.html"}


def test_a_folder_that_existed_stays_even_when_empty(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(RuntimeError, match="stop"), Staging(out):
        raise RuntimeError("stop")
    assert out.is_dir()
    assert list(out.iterdir()) == []


def test_old_results_go_and_foreign_files_stay(tmp_path: Path) -> None:
    with Staging(tmp_path) as staging:
        for name in ("analysis.json", "report.html", "annotated.mp4", "keyframes/v1_a.png", "keyframes/v1_b.png"):
            staging.write(name, b"1")
        staging.publish()
    (tmp_path / "keyframes" / "mine.png").write_bytes(b"mine")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "photo.png").write_bytes(b"mine")
    with Staging(tmp_path) as staging:
        staging.write("analysis.json", b"2")
        staging.write("keyframes/v1_c.png", b"2")
        staging.publish()
    assert names(tmp_path) == {
        "analysis.json",
        "keyframes/v1_c.png",
        "keyframes/mine.png",
        "notes.txt",
        "holiday/photo.png",
    }
    assert (tmp_path / "analysis.json").read_bytes() == b"2"


def test_what_is_no_result_is_not_moved_in(tmp_path: Path) -> None:
    with Staging(tmp_path) as staging:
        staging.write("scratch.bin", b"0")
        staging.write("metrics.csv", b"name")
        staging.publish()
    assert names(tmp_path) == {"metrics.csv"}


def test_the_analysis_comes_last() -> None:
    assert RESULTS[-1] == "analysis.json"
    assert {"metrics.csv", "strides.csv", "landmarks.parquet", "report.html", "annotated.mp4", "keyframes"} < set(
        RESULTS
    )


@pytest.mark.parametrize("at", [1, 2, 4, 5, 6])
def test_an_error_while_moving_puts_everything_back(at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, analysis_json=b"old", metrics_csv=b"old", strides_csv=b"old")
    moved: list[str] = []
    really = os.replace

    def full(source: Path, target: Path) -> None:
        moved.append(Path(target).name)
        if len(moved) == at:
            raise OSError(28, "No space left on device")
        really(source, target)

    with Staging(tmp_path) as staging:
        for name in ("analysis.json", "metrics.csv", "strides.csv"):
            staging.write(name, b"new")
        monkeypatch.setattr(os, "replace", full)
        with pytest.raises(ConfigError, match="No space left") as caught:
            staging.publish()
    assert caught.value.hint
    assert moved[0] == "analysis.json"
    assert names(tmp_path) == {"analysis.json", "metrics.csv", "strides.csv"}
    assert {(tmp_path / name).read_bytes() for name in names(tmp_path)} == {b"old"}


def test_a_recording_is_never_replaced(tmp_path: Path) -> None:
    recording = tmp_path / "annotated.mp4"
    recording.write_bytes(b"the only copy")
    with pytest.raises(ConfigError, match="recording"), Staging(tmp_path, (recording,)):
        pytest.fail("it must not come that far")
    with pytest.raises(ConfigError, match="no analysis of gait wrote"), Staging(tmp_path):
        pytest.fail("it must not come that far")
    assert recording.read_bytes() == b"the only copy"


class TestKeep:
    @pytest.fixture
    def done(self, tmp_path: Path) -> Path:
        saved = json.dumps({"software": {"annotated_video": "abc", "gait": "1"}}).encode()
        publish(tmp_path, analysis_json=saved, annotated_mp4=b"film")
        return tmp_path

    def test_the_same_film_is_carried_over(self, done: Path) -> None:
        with Staging(done) as staging:
            assert staging.keep("annotated.mp4", {"annotated_video": "abc"})
            staging.write("analysis.json", b"{}")
            staging.publish()
        assert (done / "annotated.mp4").read_bytes() == b"film"

    @pytest.mark.parametrize("same", [{"annotated_video": "other"}, {"missing": "abc"}])
    def test_another_is_not(self, done: Path, same: dict[str, str]) -> None:
        with Staging(done) as staging:
            assert not staging.keep("annotated.mp4", same)
            staging.write("analysis.json", b"{}")
            staging.publish()
        assert not (done / "annotated.mp4").exists()

    @pytest.mark.parametrize("saved", [b"", b"[]", b"{}", b'{"software": null}', b"\xff\xfe"])
    def test_a_damaged_analysis_keeps_nothing(self, done: Path, saved: bytes) -> None:
        (done / "analysis.json").write_bytes(saved)
        with Staging(done) as staging:
            assert not staging.keep("annotated.mp4", {"annotated_video": "abc"})

    def test_a_missing_film_is_not_kept(self, done: Path) -> None:
        (done / "annotated.mp4").unlink()
        with Staging(done) as staging:
            assert not staging.keep("annotated.mp4", {"annotated_video": "abc"})


def test_left_over_staging_of_yesterday_is_cleared_and_that_of_today_is_not(tmp_path: Path) -> None:
    old, new, foreign = tmp_path / ".gait-old", tmp_path / ".gait-new", tmp_path / ".other"
    for folder in (old, new, foreign):
        folder.mkdir()
        (folder / "x").write_bytes(b"0")
    long_ago = time.time() - 2 * 86_400
    for folder in (old, foreign):
        os.utime(folder, (long_ago, long_ago))
    publish(tmp_path, analysis_json=b"{}")
    assert not old.exists()
    assert new.exists()
    assert foreign.exists()


def test_a_file_in_the_way_of_the_folder(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("I am a file", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be written") as caught, Staging(target):
        pass
    assert caught.value.exit_code == 2
    assert "--out" in caught.value.hint
    assert target.read_text(encoding="utf-8") == "I am a file"


@pytest.mark.skipif(sys.platform == "win32" or os.environ.get("USER") == "root", reason="needs POSIX permissions")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.access(locked, os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(ConfigError, match="cannot be written"), Staging(locked / "out"):
        pass
    locked.chmod(stat.S_IRWXU)

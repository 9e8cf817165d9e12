"""What `gait doctor` finds, on installations that are sound and on simulated broken ones."""

from __future__ import annotations

import ctypes
import os
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from gait import doctor, libraries
from gait.doctor import Check, checks, missing_library_hint

SERVER = "sudo apt-get install libgl1 libegl1 libgles2 libglib2.0-0"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("GAIT_MODEL_DIR", raising=False)


def install(monkeypatch: pytest.MonkeyPatch, **versions: str | None) -> None:
    """Pretend these packages, and no others, are installed."""
    installed = {name.replace("_", "-"): version for name, version in versions.items()}
    monkeypatch.setattr(doctor, "_version", installed.get)


def run(monkeypatch: pytest.MonkeyPatch, output: str = "", error: str = "") -> None:
    """Pretend a fresh Python printed this, or failed with that."""
    monkeypatch.setattr(doctor, "_run_python", lambda _code: (output, error))


# Missing libraries


@pytest.mark.parametrize(
    ("error", "library", "package"),
    [
        (
            OSError("libGLESv2.so.2: cannot open shared object file: No such file or directory"),
            "libGLESv2.so.2",
            SERVER,
        ),
        (ImportError("libGL.so.1: cannot open shared object file: No such file"), "libGL.so.1", SERVER),
        (OSError("libEGL.so.1: cannot open shared object file"), "libEGL.so.1", "libglvnd-egl"),
        (ImportError("libgthread-2.0.so.0: cannot open shared object file"), "libgthread-2.0.so.0", "glib2"),
        (
            ImportError("libxcb.so.1: cannot open shared object file"),
            "libxcb.so.1",
            "apt-get install libxcb1`",
        ),
        (
            OSError("libodd-3.so.7: cannot open shared object file"),
            "libodd-3.so.7",
            "system package that holds it",
        ),
        (
            ImportError("dlopen(x): Library not loaded: @rpath/libA.dylib"),
            "@rpath/libA.dylib",
            "fresh environment",
        ),
    ],
)
def test_hint_names_the_library_and_the_package(error, library, package):
    hint = missing_library_hint(error)
    assert hint is not None
    assert library in hint
    assert package in hint


def test_hint_on_windows(monkeypatch):
    error = FileNotFoundError("Could not find module 'libmediapipe.dll' (or one of its dependencies).")
    monkeypatch.setattr(libraries.sys, "platform", "win32")
    assert "Visual C++ Redistributable" in (missing_library_hint(error) or "")


def test_other_errors_give_no_hint():
    assert missing_library_hint(ImportError("No module named 'mediapipe'")) is None
    assert missing_library_hint(OSError(28, "No space left on device")) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the words are the Linux loader's")
def test_hint_understands_the_loader_itself():
    with pytest.raises(OSError, match="cannot open") as caught:
        ctypes.CDLL("libGLESv2.so.99")
    assert "libGLESv2.so.99" in (missing_library_hint(caught.value) or "")


# OpenCV


def test_opencv_pair_in_one_version(monkeypatch):
    install(monkeypatch, opencv_python="5.0.0.93", opencv_contrib_python="5.0.0.93")
    run(monkeypatch, "5.0.0")
    found = doctor.check_opencv()
    assert (found.ok, found.message) == (True, "opencv-python 5.0.0.93, opencv-contrib-python 5.0.0.93")


def test_opencv_versions_differ(monkeypatch):
    install(monkeypatch, opencv_python="4.11.0.86", opencv_contrib_python="5.0.0.93")
    found = doctor.check_opencv()
    assert found.ok is False
    assert "differ: opencv-python 4.11.0.86, opencv-contrib-python 5.0.0.93" in found.message
    assert "opencv-python==5.0.0.93 opencv-contrib-python==5.0.0.93" in found.hint


def test_opencv_headless_beside_full(monkeypatch):
    install(monkeypatch, opencv_contrib_python="5.0.0.93", opencv_python_headless="5.0.0.93")
    run(monkeypatch, "5.0.0")
    found = doctor.check_opencv()
    assert found.ok is None
    assert "pip uninstall opencv-python-headless" in found.hint


def test_opencv_overwritten_by_another_version(monkeypatch):
    install(monkeypatch, opencv_python="5.0.0.93", opencv_contrib_python="5.0.0.93")
    run(monkeypatch, "4.11.0")
    found = doctor.check_opencv()
    assert found.ok is False
    assert "cv2 says it is 4.11.0" in found.message


def test_opencv_without_libgl(monkeypatch):
    install(monkeypatch, opencv_python="5.0.0.93")
    run(
        monkeypatch,
        error="ImportError: libGL.so.1: cannot open shared object file: No such file or directory",
    )
    found = doctor.check_opencv()
    assert found.ok is False
    assert "libGL.so.1" in found.message
    assert SERVER in found.hint


def test_opencv_removed(monkeypatch):
    install(monkeypatch)
    assert doctor.check_opencv().ok is False
    install(monkeypatch, opencv_python="5.0.0.93")
    run(monkeypatch, error="AttributeError: module 'cv2' has no attribute '__version__'")
    found = doctor.check_opencv()
    assert found.ok is False
    assert "--force-reinstall" in found.hint


# MediaPipe


def test_mediapipe_without_its_libraries(monkeypatch):
    install(monkeypatch, mediapipe="1.2.2")
    run(
        monkeypatch,
        error="OSError: libGLESv2.so.2: cannot open shared object file: No such file or directory",
    )
    found = doctor.check_mediapipe()
    assert found.ok is False
    assert "libGLESv2.so.2" in found.message
    assert SERVER in found.hint


def test_mediapipe_missing(monkeypatch):
    install(monkeypatch)
    assert doctor.check_mediapipe() == Check("MediaPipe", False, "mediapipe is not installed", "Install gait again.")


def test_a_fresh_python_reports_output_complaints_and_crashes():
    assert doctor._run_python("print('a b')") == ("a b", "")
    assert doctor._run_python("import no_such_module_at_all") == (
        "",
        "ModuleNotFoundError: No module named 'no_such_module_at_all'",
    )
    assert doctor._run_python("import os; os._exit(7)") == ("", "Python ended with code 7")


# The rest


def test_python_too_old(monkeypatch):
    assert doctor.check_python().ok is True
    monkeypatch.setattr(doctor, "MIN_PYTHON", (99, 1))
    found = doctor.check_python()
    assert found.ok is False
    assert "99.1" in found.hint


def test_missing_codecs_are_named(monkeypatch):
    assert doctor.check_codecs().ok is True
    monkeypatch.setattr(doctor, "_has_codec", lambda name, mode: name != "libx264")
    found = doctor.check_codecs()
    assert found.ok is False
    assert "libx264 (H.264 encoder)" in found.message
    assert "hevc" not in found.message


def test_unknown_codec_is_not_there():
    assert doctor._has_codec("h264", "r") is True
    assert doctor._has_codec("no_such_codec", "r") is False


def test_decoding_round_trip(monkeypatch):
    assert doctor.check_decoding(n_frames=10).ok is True
    import av

    def broken(*_args: object, **_options: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(av, "open", broken)
    assert "no disk" in doctor.check_decoding().message


def test_missing_heavy_is_a_warning_with_the_way_to_fetch():
    heavy, full, lite = doctor.check_models()
    assert (heavy.name, heavy.ok) == ("pose model heavy", None)
    assert "gait models fetch --to FOLDER" in heavy.hint
    assert (full.ok, lite.ok) == (True, True)


def test_damaged_models(tmp_path):
    for folder, ok in ((tmp_path / "cache" / "models", None), (tmp_path / "mine", False)):
        folder.mkdir(parents=True)
        (folder / "pose_landmarker_heavy.task").write_bytes(b"half")
        found = doctor.check_models(folder if ok is False else None)[0]
        assert found.ok is ok
        assert "pose_landmarker_heavy.task" in found.message
        assert "64437af838a65d18" in found.message


def test_missing_model_folder(tmp_path):
    (found,) = doctor.check_models(tmp_path / "nowhere")
    assert found.ok is False
    assert "nowhere" in found.message


def test_disk_space(tmp_path, monkeypatch):
    folder = tmp_path / "not" / "yet"
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage(10**12, 0, 2 * 10**9))
    assert doctor.check_disk("cache", folder) == Check("cache", True, f"2.0 GB free in {folder}")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage(10**12, 0, 5 * 10**8))
    found = doctor.check_disk("cache", folder)
    assert (found.ok, found.message) == (None, f"only 0.5 GB free in {folder}")
    assert not folder.exists()


def test_folder_that_cannot_be_written(tmp_path, monkeypatch):
    def refuse(**_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    found = doctor.check_disk("cache", tmp_path)
    assert found.ok is False
    assert "Permission denied" in found.message


def test_processes_start_and_a_refusal_is_a_warning(monkeypatch):
    assert doctor.check_processes().ok is True

    class Refusing:
        def __init__(self, **_options: object) -> None: ...

        def submit(self, _work: object) -> None:
            raise RuntimeError("can't start new process")

        def shutdown(self, **_options: object) -> None: ...

    monkeypatch.setattr(doctor, "ProcessPoolExecutor", Refusing)
    found = doctor.check_processes()
    assert found.ok is None
    assert "--jobs 1" in found.hint


def test_cores(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2}, raising=False)
    assert doctor.check_cores() == Check("cores", True, "3 cores")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0}, raising=False)
    assert doctor.check_cores().ok is None


def test_a_check_that_breaks_is_a_finding_and_the_others_go_on(monkeypatch):
    def broken() -> Check:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(doctor, "check_codecs", broken)
    run(monkeypatch, "5.0.0")
    found = {check.name: check for check in checks()}
    assert found["video codecs"].ok is False
    assert "ZeroDivisionError: oops" in found["video codecs"].message
    assert {"Python", "OpenCV", "MediaPipe", "decoding", "pose model heavy", "cache", "cores"} <= set(found)


def test_this_installation_is_sound():
    broken = [check for check in checks() if check.ok is False]
    assert broken == []
    assert all(check.hint for check in checks() if check.ok is None)


def test_printing_is_tried_and_a_failure_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.check_printing().ok
    monkeypatch.setattr("gait.report.pdf._template", lambda _name: b"#panic()")
    check = doctor.check_printing()
    assert not check.ok
    assert "TypstError" in check.message
    assert "typst" in check.hint

"""Checks of the installation, each with what to do about it: ``gait doctor``."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from gait.errors import GaitError
from gait.libraries import missing_library_hint
from gait.pose.networks import DEFAULT_SIZE
from gait.pose.paths import cache_dir
from gait.pose.provision import status
from gait.pose.store import DAMAGED, VERIFIED, ModelStatus

__all__ = ["Check", "checks", "missing_library_hint"]

MIN_PYTHON = (3, 11)
MIN_FREE_BYTES = 10**9
_PATIENCE_S = 120.0
_OPENCV = (
    "opencv-python",
    "opencv-contrib-python",
    "opencv-python-headless",
    "opencv-contrib-python-headless",
)
_IMPORT_OPENCV = "import cv2; print(cv2.__version__)"
_IMPORT_MEDIAPIPE = (  # the C library is loaded by the first task, not by the import: load it here
    "import mediapipe; from mediapipe.tasks.python.core import mediapipe_c_bindings as c; "
    "c.load_raw_library(); print(mediapipe.__version__)"
)


@dataclass(frozen=True)
class Check:
    """The outcome of one check.

    Parameters
    ----------
    name : str
        What was checked.
    ok : bool or None
        True when sound, False when an analysis will fail, None for a warning.
    message : str
        What was found, one line.
    hint : str
        What to do about it; empty when sound.
    """

    name: str
    ok: bool | None
    message: str
    hint: str = ""


def checks(model_dir: Path | None = None) -> list[Check]:
    """Check the installation, without the network, in a few seconds.

    Parameters
    ----------
    model_dir : Path or None
        Folder of pose models the user names; None takes ``GAIT_MODEL_DIR`` where set.

    Returns
    -------
    list of Check
        In the order in which problems should be solved. Nothing is raised.
    """
    found: list[Check] = []
    steps: tuple[tuple[str, Callable[[], Iterable[Check]]], ...] = (
        ("Python", lambda: [check_python()]),
        ("OpenCV", lambda: [check_opencv()]),
        ("MediaPipe", lambda: [check_mediapipe()]),
        ("video codecs", lambda: [check_codecs()]),
        ("decoding", lambda: [check_decoding()]),
        ("printing", lambda: [check_printing()]),
        ("pose model", lambda: check_models(model_dir)),
        ("disk space", lambda: [check_disk("cache", cache_dir()), check_disk("working folder", Path.cwd())]),
        ("processes", lambda: [check_processes()]),
        ("cores", lambda: [check_cores()]),
    )
    for name, step in steps:
        try:
            found.extend(step())
        except Exception as error:  # a check that breaks is a finding, not the end of the list
            found.append(Check(name, False, f"the check itself failed: {type(error).__name__}: {error}"))
    return found


def check_python() -> Check:
    """Python is recent enough and a 64-bit build."""
    version = platform.python_version()
    if sys.version_info < MIN_PYTHON:
        needed = ".".join(map(str, MIN_PYTHON))
        return Check("Python", False, f"Python {version} is too old", f"Install Python {needed} or newer.")
    if sys.maxsize < 2**32:
        return Check("Python", False, f"Python {version} is a 32-bit build", "Install a 64-bit Python.")
    return Check("Python", True, f"Python {version}, {platform.system()} {platform.machine()}")


def check_opencv() -> Check:
    """The OpenCV packages, which own the same folder, have one version, and ``cv2`` imports."""
    versions = {name: version for name in _OPENCV if (version := _version(name))}
    if not versions:
        return Check("OpenCV", False, "opencv-python is not installed", "Install gait again.")
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    newest = versions.get("opencv-contrib-python") or next(iter(versions.values()))
    repair = (
        f"`pip install --force-reinstall --no-deps opencv-python=={newest} opencv-contrib-python=={newest}` "
        "makes them agree."
    )
    headless = [name for name in versions if name.endswith("headless")]
    if headless:
        repair = f"`pip uninstall {' '.join(headless)}` first, then {repair}"
    if len(set(versions.values())) > 1:
        return Check("OpenCV", False, f"packages that own the same folder differ: {listed}", repair)
    output, error = _run_python(_IMPORT_OPENCV)
    if error:
        return Check("OpenCV", False, f"cv2 does not import: {error}", missing_library_hint(OSError(error)) or repair)
    if not newest.startswith(output):
        return Check("OpenCV", False, f"cv2 says it is {output}, but {listed} is installed", repair)
    if headless and len(versions) > len(headless):
        return Check("OpenCV", None, f"headless and full packages own the same folder: {listed}", repair)
    return Check("OpenCV", True, listed)


def check_mediapipe() -> Check:
    """MediaPipe imports, and its C library finds the system libraries it links."""
    version = _version("mediapipe")
    if version is None:
        return Check("MediaPipe", False, "mediapipe is not installed", "Install gait again.")
    _, error = _run_python(_IMPORT_MEDIAPIPE)
    if error:
        hint = missing_library_hint(OSError(error)) or "Install gait again in a fresh environment."
        return Check("MediaPipe", False, f"mediapipe {version} does not load: {error}", hint)
    return Check("MediaPipe", True, f"mediapipe {version}")


def check_codecs() -> Check:
    """PyAV decodes H.264 and HEVC and encodes H.264."""
    import av

    needed: tuple[tuple[str, Literal["r", "w"], str], ...] = (
        ("h264", "r", "H.264 decoder"),
        ("hevc", "r", "HEVC decoder"),
        ("libx264", "w", "H.264 encoder"),
    )
    missing = [f"{name} ({purpose})" for name, mode, purpose in needed if not _has_codec(name, mode)]
    if missing:
        hint = "Install PyAV from its wheel: `pip install --force-reinstall --only-binary=:all: av`."
        return Check("video codecs", False, f"PyAV {av.__version__} lacks {', '.join(missing)}", hint)
    return Check("video codecs", True, f"PyAV {av.__version__} reads H.264 and HEVC and writes H.264")


def check_decoding(n_frames: int = 10) -> Check:
    """A tiny film, written and read back, has the frames and the brightness that went in."""
    import av
    import numpy as np

    grey = np.linspace(40, 200, n_frames).astype(np.uint8)
    hint = "Install PyAV from its wheel: `pip install --force-reinstall --only-binary=:all: av`."
    with tempfile.TemporaryDirectory(prefix="gait-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "film.mp4"
        try:
            with av.open(str(path), "w") as film:
                stream = film.add_stream("libx264", rate=30)
                stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
                for level in grey:
                    picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), level, np.uint8), format="rgb24")
                    film.mux(stream.encode(picture))
                film.mux(stream.encode())
            with av.open(str(path)) as film:
                read = [frame.to_ndarray(format="rgb24").mean() for frame in film.decode(video=0)]
        except (av.error.FFmpegError, OSError) as error:
            return Check("decoding", False, f"a test film could not be written and read: {error}", hint)
    if len(read) != n_frames or np.abs(np.array(read) - grey).max() > 8:
        return Check("decoding", False, f"a test film of {n_frames} frames came back changed", hint)
    return Check("decoding", True, f"{n_frames} frames written and read back")


def check_printing() -> Check:
    """A page can be set: the printed report needs it."""
    from gait.report.blocks import Document
    from gait.report.pdf import render_pdf

    try:
        render_pdf(Document("Report", "", (), (), ""))
    except Exception as error:
        message = f"a page cannot be printed: {type(error).__name__}: {error}"
        return Check("printing", False, message, "Install gait again: `pip install --force-reinstall typst`.")
    return Check("printing", True, f"a page can be printed (typst {_version('typst')})")


def check_models(model_dir: Path | None = None) -> list[Check]:
    """Every size of the pose model: verified, damaged or not there. Only the default size is missed."""
    try:
        return [_model_check(found) for found in status(model_dir)]
    except GaitError as error:
        return [Check("pose model", False, error.message, error.hint)]


def _model_check(found: ModelStatus) -> Check:
    name = f"pose model {found.size}"
    if found.state == VERIFIED:
        return Check(name, True, f"{found.message}, {found.n_bytes / 1e6:.1f} MB")
    if found.state == DAMAGED:
        if found.source == "folder":
            hint = "Copy it again, or fetch it with `gait models fetch --to FOLDER`."
            return Check(name, False, found.message, hint)
        return Check(name, None, found.message, "It is fetched again when needed, or with `gait models fetch`.")
    if found.size == DEFAULT_SIZE:
        hint = (
            "It is fetched when first needed, or now with `gait models fetch`. For a machine without network "
            "run `gait models fetch --to FOLDER` elsewhere and name the folder with `--model-dir FOLDER`."
        )
        return Check(name, None, found.message, hint)
    return Check(name, True, f"{found.message} (fetched only when asked for)")


def check_disk(name: str, folder: Path, min_free_bytes: int = MIN_FREE_BYTES) -> Check:
    """A folder can be written, and its disk has room."""
    existing = next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        hint = "Run elsewhere, or name another cache with the environment variable GAIT_CACHE_DIR."
        return Check(name, False, f"{folder} cannot be written: {error.strerror}", hint)
    free = shutil.disk_usage(existing).free
    message = f"{free / 1e9:.1f} GB free in {folder}"
    if free < min_free_bytes:
        return Check(name, None, f"only {message}", f"Free some space: {min_free_bytes / 1e9:.0f} GB is safe.")
    return Check(name, True, message)


def check_processes() -> Check:
    """A fresh Python process starts and answers, as the pose workers do."""
    executor = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
    hint = "Analyse with `--jobs 1`; a security program may be stopping new processes."
    try:
        worker = executor.submit(os.getpid).result(timeout=_PATIENCE_S)
    except (FutureTimeoutError, OSError, RuntimeError) as error:
        return Check("processes", None, f"worker processes do not start: {type(error).__name__} {error}", hint)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
    if worker == os.getpid():
        return Check("processes", None, "the worker is not a process of its own", hint)
    return Check("processes", True, "worker processes start")


def check_cores() -> Check:
    """How many cores this process may use; one works, slowly."""
    n_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if n_cores < 2:
        return Check("cores", None, "1 core", "An analysis works, but takes several times the clip's length.")
    return Check("cores", True, f"{n_cores} cores")


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _has_codec(name: str, mode: Literal["r", "w"]) -> bool:
    import av

    try:
        av.Codec(name, mode)
    except ValueError:  # UnknownCodecError
        return False
    return True


def _run_python(code: str) -> tuple[str, str]:
    """Run code in a fresh interpreter, which may crash; return what it printed, and its last complaint."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        return "", f"no answer within {_PATIENCE_S:.0f} s"
    if done.returncode == 0:
        return done.stdout.strip(), ""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return "", lines[-1] if lines else f"Python ended with code {done.returncode}"

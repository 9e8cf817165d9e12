"""The downloads: archives taken apart, clients watched, and no wait without an end."""

from __future__ import annotations

import hashlib
import io
import socket
import sys
import tarfile
import time
import urllib.error
import urllib.request
import zipfile
from email.message import Message
from pathlib import Path

import pytest

from gait.pose import sources, transfer
from gait.pose.networks import CATALOGUE, Catalogue, DamagedError, NetworkFile, Pin, SizeFiles
from gait.pose.sources import NpmRegistry, OfficialBundle, PythonRegistry
from gait.pose.transfer import SourceError, download, pip_command, run_client


def _file(name: str, data: bytes) -> NetworkFile:
    return NetworkFile(name, (Pin(hashlib.sha256(data).hexdigest(), len(data)),))


FAKES = Catalogue(
    sizes={
        size: SizeFiles(_file(f"{size}.task", b"task " + size.encode()), _file(f"{size}.tflite", size.encode()))
        for size in ("heavy", "full", "lite")
    },
    detector=_file("detector.tflite", b"detector"),
)
WHEEL = {PythonRegistry().member: b"full", PythonRegistry().detector_member: b"detector"}
PACKAGE = {
    **{NpmRegistry().member.format(size=size): size.encode() for size in FAKES.sizes},
    NpmRegistry().detector_member: b"detector",
}


def _wheel(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def _package(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return data.getvalue()


def _deliver(monkeypatch: pytest.MonkeyPatch, name: str, content: bytes) -> list[list[str]]:
    """Let the registry's client leave ``content`` instead of running; return the commands it was given."""
    commands: list[list[str]] = []

    def fake(command, work, *_args) -> None:
        commands.append(list(command))
        target = Path(work) / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)

    monkeypatch.setattr(sources, "run_client", fake)
    monkeypatch.setattr(sources, "pip_command", lambda: ["pip"])
    monkeypatch.setattr(sources.shutil, "which", lambda _name: "npm")
    return commands


def _quiet(_what: str, _done: int, _total: int) -> None:
    return None


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_wheel_gives_full_and_detector(tmp_path, monkeypatch):
    commands = _deliver(monkeypatch, "wheel/a.whl", _wheel({**WHEEL, "other/file.py": b"import os"}))
    PythonRegistry().fetch("full", tmp_path, FAKES, _quiet)
    assert _names(tmp_path) == ["detector.tflite", "full.tflite"]
    assert (tmp_path / "full.tflite").read_bytes() == b"full"
    assert commands[0][:2] == ["pip", "download"]
    assert commands[0][-1] == "mediapipe==0.10.21"
    for option in ("--no-deps", "--only-binary=:all:", "--timeout", "--retries"):
        assert option in commands[0]


def test_npm_package_gives_all_sizes(tmp_path, monkeypatch):
    commands = _deliver(monkeypatch, "mediapipe-pose.tgz", _package(PACKAGE))
    NpmRegistry().fetch("lite", tmp_path, FAKES, _quiet)
    assert _names(tmp_path) == ["detector.tflite", "full.tflite", "heavy.tflite", "lite.tflite"]
    assert commands[0][:3] == ["npm", "pack", "@mediapipe/pose@0.5.1675469404"]


@pytest.mark.parametrize(
    ("content", "error", "match"),
    [
        pytest.param(b"<html>login</html>", SourceError, "cannot be unpacked", id="not an archive"),
        pytest.param(_wheel({"x": b""}), SourceError, "not in the package", id="another archive"),
        pytest.param(_wheel({**WHEEL, PythonRegistry().member: b"x"}), SourceError, "unexpected size", id="size"),
        pytest.param(_wheel({**WHEEL, PythonRegistry().member: b"FULL"}), DamagedError, "damaged", id="content"),
        pytest.param(
            _wheel(WHEEL).replace(b"tflitefull", b"tfliteluff"),
            SourceError,
            "cannot be unpacked",
            id="checksum",
        ),
    ],
)
def test_wrong_wheels_are_refused(tmp_path, monkeypatch, content, error, match):
    _deliver(monkeypatch, "wheel/a.whl", content)
    with pytest.raises(error, match=match):
        PythonRegistry().fetch("full", tmp_path, FAKES, _quiet)
    assert "full.tflite" not in _names(tmp_path)


@pytest.mark.parametrize(
    ("content", "error", "match"),
    [
        pytest.param(b"<html>login</html>", SourceError, "cannot be unpacked", id="not an archive"),
        pytest.param(_package(PACKAGE)[:60], SourceError, "cannot be unpacked", id="cut short"),
        pytest.param(_package({"x": b""}), SourceError, "not in the package", id="another archive"),
        pytest.param(
            _package({**PACKAGE, NpmRegistry().detector_member: b"DETECTOR"}),
            DamagedError,
            "damaged",
            id="content",
        ),
    ],
)
def test_wrong_npm_packages_are_refused(tmp_path, monkeypatch, content, error, match):
    _deliver(monkeypatch, "a.tgz", content)
    with pytest.raises(error, match=match):
        NpmRegistry().fetch("heavy", tmp_path, FAKES, _quiet)
    assert "detector.tflite" not in _names(tmp_path)


def test_without_clients_the_reason_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(sources.shutil, "which", lambda _name: None)
    monkeypatch.setattr(sources, "pip_command", lambda: None)
    with pytest.raises(SourceError, match="npm is not installed"):
        NpmRegistry().fetch("heavy", tmp_path, FAKES, _quiet)
    with pytest.raises(SourceError, match="neither pip nor uv"):
        PythonRegistry().fetch("full", tmp_path, FAKES, _quiet)


def test_pip_of_this_python_is_preferred_then_the_path_then_uv(monkeypatch):
    monkeypatch.setattr(transfer.importlib.util, "find_spec", lambda _name: object())
    assert pip_command() == [sys.executable, "-m", "pip"]
    monkeypatch.setattr(transfer.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(transfer.shutil, "which", lambda name: {"pip3": "/bin/pip3", "uv": "/bin/uv"}.get(name))
    assert pip_command() == ["/bin/pip3"]
    monkeypatch.setattr(transfer.shutil, "which", lambda name: {"uv": "/bin/uv"}.get(name))
    assert pip_command() == ["/bin/uv", "tool", "run", "--python", sys.executable, "pip"]
    monkeypatch.setattr(transfer.shutil, "which", lambda _name: None)
    assert pip_command() is None


def test_official_bundle_asks_for_the_size_and_saves_it(tmp_path, monkeypatch):
    asked = []

    def fake(url, limit_bytes, *_args):
        asked.append((url, limit_bytes))
        return b"task lite"

    monkeypatch.setattr(sources, "download", fake)
    OfficialBundle().fetch("lite", tmp_path, FAKES, _quiet)
    assert (tmp_path / "lite.task").read_bytes() == b"task lite"
    url = "https://storage.googleapis.com/mediapipe-models/pose_landmarker/pose_landmarker_lite/float16/1/"
    assert asked == [(url + "pose_landmarker_lite.task", len(b"task lite"))]


def test_pins_are_whole_hashes_and_both_official_full_bundles_are_accepted():
    files = [file for files in CATALOGUE.sizes.values() for file in (files.task, files.landmarks)]
    pins = [pin for file in [*files, CATALOGUE.detector] for pin in file.pins]
    assert len({pin.sha256 for pin in pins}) == len(pins) == 9
    assert all(len(pin.sha256) == 64 and int(pin.sha256, 16) for pin in pins)
    assert [pin.sha256[:8] for pin in CATALOGUE.sizes["full"].task.pins] == ["5134a3aa", "4eaa5eb7"]


# https


class _Answer(io.BytesIO):
    def __init__(self, data: bytes, length: int | None) -> None:
        super().__init__(data)
        self.headers = Message()
        if length is not None:
            self.headers["Content-Length"] = str(length)


def test_download_reports_progress(monkeypatch):
    data = bytes(300_000)
    monkeypatch.setattr(transfer, "_open", lambda *_args: _Answer(data, len(data)))
    reports = []
    assert download("https://x/model.task", len(data), 1, 1, lambda *args: reports.append(args)) == data
    assert reports == [("model.task", 262_144, 300_000), ("model.task", 300_000, 300_000)]


@pytest.mark.parametrize("length", [11, None])
def test_download_refuses_a_longer_file(monkeypatch, length):
    monkeypatch.setattr(transfer, "_open", lambda *_args: _Answer(bytes(11), length))
    with pytest.raises(SourceError, match="different file"):
        download("https://x/model.task", 10, 1, 1, _quiet)


@pytest.mark.parametrize(
    ("error", "match"),
    [
        (urllib.error.HTTPError("https://x", 403, "Forbidden", Message(), None), "answered 403 Forbidden"),
        (
            urllib.error.URLError(ConnectionRefusedError(111, "Connection refused")),
            r"no connection \(Connection ref",
        ),
        (TimeoutError("timed out"), "timed out"),
        (ConnectionResetError(104, "Connection reset by peer"), "reset by peer"),
    ],
)
def test_download_turns_errors_into_reasons(monkeypatch, error, match):
    def fail(*_args: object) -> None:
        raise error

    monkeypatch.setattr(transfer, "_open", fail)
    with pytest.raises(SourceError, match=match):
        download("https://x/model.task", 10, 1, 1, _quiet)


def test_download_is_https_only():
    with pytest.raises(SourceError, match="not https"):
        download("http://example.invalid/model.task", 10, 1, 1, _quiet)
    request = urllib.request.Request("https://example.invalid/model.task")
    redirect = transfer._HttpsOnly()
    with pytest.raises(SourceError, match="without https"):
        redirect.redirect_request(request, io.BytesIO(), 302, "Found", Message(), "http://example.invalid/x")
    onward = redirect.redirect_request(request, io.BytesIO(), 302, "Found", Message(), "https://example.invalid/x")
    assert onward is not None
    assert onward.full_url == "https://example.invalid/x"


def test_a_server_that_never_answers_is_left_in_time(monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}/model.task"
        start = time.monotonic()
        with pytest.raises(SourceError, match="timed out"):
            download(url, 10, 0.3, 0.3, _quiet)
        assert time.monotonic() - start < 3


def test_a_name_look_up_that_hangs_is_left_in_time(monkeypatch):
    monkeypatch.setattr(transfer, "_open", lambda *_args: time.sleep(5))
    start = time.monotonic()
    with pytest.raises(SourceError, match="no answer within"):
        download("https://x/model.task", 10, 0.2, 0.2, _quiet)
    assert time.monotonic() - start < 2


# The clients


def _client(code: str, work: Path, **options) -> list[tuple[str, int, int]]:
    reports: list[tuple[str, int, int]] = []
    run_client([sys.executable, "-c", code], work, "x", 1000, lambda *args: reports.append(args), **options)
    return reports


def test_client_runs_in_its_folder_and_its_growth_is_reported(tmp_path):
    code = "import time; open('a', 'wb').write(bytes(700)); time.sleep(1); open('b', 'wb').write(bytes(900))"
    reports = _client(code, tmp_path)
    assert reports[0] == ("x", 700, 1000)
    assert (tmp_path / "b").stat().st_size == 900


def test_client_keeps_its_temporary_files_there(tmp_path):
    _client("import tempfile; open('where', 'w').write(tempfile.gettempdir())", tmp_path)
    assert Path((tmp_path / "where").read_text()).resolve() == tmp_path.resolve()


@pytest.mark.parametrize(
    ("code", "match"),
    [
        ("import sys; sys.exit('ERROR: No matching distribution found for x')", "No matching distribution"),
        (
            "import sys; print('npm error code E403\\nnpm error 403 Forbidden'); sys.exit(1)",
            "npm error code E403",
        ),
        ("import sys; sys.exit('/usr/bin/python: No module named pip')", "pip is not installed"),
        (
            "import sys; sys.exit('WARNING: connection broken by x\\nERROR: No matching distribution')",
            "^no connection$",
        ),
        ("import sys; sys.exit(3)", "exit code 3"),
    ],
)
def test_failing_client_gives_its_reason(tmp_path, code, match):
    with pytest.raises(SourceError, match=match):
        _client(code, tmp_path)


def test_client_that_cannot_start(tmp_path):
    with pytest.raises(SourceError, match="nopip does not start"):
        run_client([str(tmp_path / "nopip")], tmp_path, "x", 1, _quiet)


@pytest.mark.parametrize(
    ("code", "limits", "match"),
    [
        ("import time; time.sleep(60)", {"stall_s": 1.5, "timeout_s": 10}, "nothing came"),
        (
            "import time\nfor i in range(600): open(str(i), 'w').write('x'); time.sleep(0.1)",
            {"stall_s": 10, "timeout_s": 2},
            "not done",
        ),
    ],
)
def test_client_that_hangs_is_ended_with_all_it_started(tmp_path, code, limits, match):
    alive = tmp_path / "alive"
    write = f"open({str(alive)!r}, 'w').write(f'{{time.time():.6f}}')"
    grandchild = f"import time\nwhile True:\n  {write}\n  time.sleep(0.1)"
    code = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {grandchild!r}])\n{code}"
    start = time.monotonic()
    with pytest.raises(SourceError, match=match):
        _client(code, tmp_path, **limits)
    assert time.monotonic() - start < 8
    time.sleep(0.5)
    last = alive.read_text()
    time.sleep(0.5)
    assert alive.read_text() == last

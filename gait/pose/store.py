"""Pose models in one folder: found, verified, and loaded as Tasks bundles."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from gait.errors import PoseError
from gait.pose.bundle import tasks_bundle
from gait.pose.networks import Catalogue, NetworkFile

VERIFIED, DAMAGED, MISSING = "verified", "damaged", "missing"


@dataclass(frozen=True)
class ModelBundle:
    """A pose model that was found and verified; small, picklable, loaded where it is needed.

    Parameters
    ----------
    size : str
        What it is: ``heavy``, ``full`` or ``lite``.
    requested : str
        What was asked for.
    sha256 : str
        Hash of the landmark network or of the official bundle: the model's identity. (Both builds of the
        detector give the same landmarks, see `gait.pose.networks`, so the detector is no part of it.)
    detector_sha256 : str or None
        Hash of the bare detector; None in an official bundle.
    source : str
        ``folder``, ``cache``, or the source it was just fetched from.
    path : Path
        The landmark network or official bundle; a bare detector lies beside it.
    notes : tuple of str
        What the user should know: that a damaged file was replaced, or why this is not the size asked for.
    detector : NetworkFile or None
        What the bare detector may be. Another process may put the other build in its place meanwhile.
    """

    size: str
    requested: str
    sha256: str
    detector_sha256: str | None
    source: str
    path: Path
    notes: tuple[str, ...] = ()
    detector: NetworkFile | None = None

    @property
    def fallback(self) -> bool:
        """Whether this stands in for a size that could not be had."""
        return self.size != self.requested

    def load(self) -> bytes:
        """Read the files, verify them again and return a Tasks bundle for ``model_asset_buffer``.

        Raises
        ------
        PoseError
            When a file changed or vanished since it was found.
        """
        model = _read(self.path)
        if hashlib.sha256(model).hexdigest() != self.sha256:
            raise _changed(self.path)
        if self.detector is None:
            return model
        detector_path = self.path.with_name(self.detector.name)
        detector = _read(detector_path)
        if self.detector.sha256_of(detector) is None:
            raise _changed(detector_path)
        return tasks_bundle(detector, model)


@dataclass(frozen=True)
class ModelStatus:
    """Where one size of the model stands.

    Parameters
    ----------
    size : str
        ``heavy``, ``full`` or ``lite``.
    state : str
        ``verified``, ``damaged`` or ``missing``.
    source : str
        ``folder`` or ``cache``: where it was found, or looked for last.
    path : Path
        The file found, else the folder looked in.
    n_bytes : int
        What it takes on the disk, with the detector; 0 when missing.
    message : str
        One line for a person.
    sha256 : str or None
        The model's identity when verified.
    """

    size: str
    state: str
    source: str
    path: Path
    n_bytes: int
    message: str
    sha256: str | None = None


def _check(path: Path, file: NetworkFile) -> tuple[str, str | None]:
    """Return the state of a file and, when verified, its hash."""
    try:
        digest = file.sha256_of(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return MISSING, None
    except OSError:
        return DAMAGED, None
    return (VERIFIED, digest) if digest else (DAMAGED, None)


def scan(
    size: str, folder: Path, catalogue: Catalogue
) -> tuple[tuple[Path, str, str | None] | None, list[NetworkFile]]:
    """Return (model file, its hash, hash of the bare detector) when complete, and the damaged files."""
    files = catalogue.sizes[size]
    states = {file: _check(folder / file.name, file) for file in (files.task, files.landmarks, catalogue.detector)}
    damaged = [file for file, (state, _) in states.items() if state == DAMAGED]
    task, landmarks, detector = (digest for _, digest in states.values())
    if task:
        return (folder / files.task.name, task, None), damaged
    if landmarks and detector:
        return (folder / files.landmarks.name, landmarks, detector), damaged
    if damaged == [catalogue.detector] and not landmarks:
        damaged = []  # the detector alone is no model; another size will complain of it
    return None, damaged


def stored(size: str, folder: Path, source: str, catalogue: Catalogue) -> ModelBundle | None:
    """Return the verified model of a size in a folder, None when it is missing or damaged."""
    found, _ = scan(size, folder, catalogue)
    if found is None:
        return None
    path, digest, detector = found
    return ModelBundle(
        size=size,
        requested=size,
        sha256=digest,
        detector_sha256=detector,
        source=source,
        path=path,
        detector=catalogue.detector if detector else None,
    )


def state(size: str, folder: Path, source: str, catalogue: Catalogue) -> ModelStatus:
    """Tell whether a folder holds a size, verified, damaged or not at all."""
    found, damaged = scan(size, folder, catalogue)
    if found:
        path, digest, detector = found
        n_bytes = path.stat().st_size + ((folder / catalogue.detector.name).stat().st_size if detector else 0)
        kind = "bare networks" if detector else "official bundle"
        return ModelStatus(size, VERIFIED, source, path, n_bytes, f"{kind} in {folder}", digest)
    if damaged:
        path = folder / damaged[0].name
        n_bytes = path.stat().st_size if path.exists() else 0
        return ModelStatus(size, DAMAGED, source, path, n_bytes, f"{path} has not the SHA-256 {damaged[0].expected}")
    files = catalogue.sizes[size]
    if (folder / files.landmarks.name).exists():
        return ModelStatus(size, MISSING, source, folder, 0, f"{catalogue.detector.name} is missing in {folder}")
    return ModelStatus(size, MISSING, source, folder, 0, f"not in {folder}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        problem = f"The pose model {path} cannot be read: {error.strerror}."
        raise PoseError(problem, "Run it again; a model that is gone is fetched again.") from error


def _changed(path: Path) -> PoseError:
    problem = f"The pose model {path} has changed since it was verified."
    return PoseError(problem, "Run it again; a damaged model is fetched again.")

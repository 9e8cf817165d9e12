"""What is done with files whatever they hold."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath, PureWindowsPath


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal, read as a stream."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_name(path: str) -> str:
    """Return the name of a file without its folders, on whatever system it was analysed."""
    # An analysis made on Windows may be reported elsewhere, and the other way round.
    return PureWindowsPath(path).name if "\\" in path else PurePosixPath(path).name


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there.

    Raises
    ------
    OSError
        When its folder cannot be written or the file not be replaced.
    """
    handle, name = tempfile.mkstemp(prefix=".gait-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    finally:
        # Moved away when all went well.
        with suppress(OSError):
            os.unlink(name)


def move_all(moves: Iterable[tuple[Path, Path]]) -> None:
    """Move files in order, all of them or none: when one cannot be moved, those before go back.

    Parameters
    ----------
    moves : iterable of (Path, Path)
        From where to where; folders are made, a file in the way is replaced and does not come back.

    Raises
    ------
    OSError
        What kept a file from being moved.
    """
    moved: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
            moved.append((source, target))
    except OSError:
        for source, target in reversed(moved):
            with suppress(OSError):
                os.replace(target, source)
        raise

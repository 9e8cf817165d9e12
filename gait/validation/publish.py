"""Write the accuracy table where people look for it: README, documents with pictures, and the file in the package."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from gait.errors import ConfigError
from gait.files import move_all

BEGIN, END = "<!-- accuracy table: begin -->", "<!-- accuracy table: end -->"


def with_block(text: str, block: str, name: str) -> str:
    """Return a document with what stands between the two markers replaced.

    Raises
    ------
    ConfigError
        When the document lacks one of them.
    """
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ConfigError(
            f"{name} has no place for the accuracy table.",
            f"Put the two lines {BEGIN} and {END} where it shall stand.",
        )
    return f"{head}{BEGIN}\n{block}\n{END}{tail}"


def read_readme(path: Path) -> str:
    """Read a README and make sure that the table has a place in it, before anything is measured.

    Raises
    ------
    ConfigError
        When it cannot be read or has no place for the table.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path} cannot be read.", "Give an existing README with `--readme`.") from problem
    with_block(text, "", path.name)
    return text


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write several files, all of them or none.

    Each is first written beside its target under another name; only then are they moved in, and what was moved goes
    back when a later one fails.

    Raises
    ------
    ConfigError
        When a folder cannot be written.
    """
    # Beside its target a file can be moved in without being copied.
    staged = {target: _beside(target) for target in files}
    set_aside = [(target, _beside(target)) for target in files if target.exists()]
    try:
        for target, content in files.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            staged[target].write_bytes(content)
        move_all([*set_aside, *((new, target) for target, new in staged.items())])
    except OSError as problem:
        raise ConfigError(
            f"The accuracy table could not be written ({problem.strerror}).", "Choose another folder with `--out`."
        ) from problem
    finally:
        for new in staged.values():
            with suppress(OSError):
                new.unlink(missing_ok=True)
    for _, old in set_aside:
        with suppress(OSError):
            old.unlink()


def _beside(target: Path) -> Path:
    return target.with_name(f".gait-{uuid.uuid4().hex[:12]}")

"""Files that people write themselves, in TOML or JSON: read with the same care everywhere, refused in one line."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.errors import ConfigError

if TYPE_CHECKING:
    from pydantic import ValidationError

MAX_BYTES = 1_000_000
"""What people write by hand takes a few kilobytes; what is larger is another file."""

_KINDS = {"TOML": tomllib.loads, "JSON": json.loads}


def read_own_file(path: Path, *, what: str, option: str, hint: str, json_too: bool = True) -> Any:
    """Read a file as TOML or JSON (UTF-8, with or without a byte order mark).

    Parameters
    ----------
    path : Path
        A name that ends in ``.json`` is JSON, one in ``.toml`` TOML; others are JSON when they begin with a brace.
    what : str
        What it is, for messages: ``The rules file``.
    option : str
        Where it was named: ``--rules``.
    hint : str
        How to write it, in one line.
    json_too : bool
        Whether JSON is understood; else everything is TOML.

    Returns
    -------
    object
        What the file holds; from TOML always a mapping.

    Raises
    ------
    ConfigError
        When it cannot be read, is too large, no text in UTF-8, or neither TOML nor JSON.
    """
    content = _content(path, f"{what} {path}", option, hint)
    ending = path.suffix.lower()
    is_json = json_too and (ending == ".json" or (ending != ".toml" and content.lstrip().startswith("{")))
    kind = "JSON" if is_json else "TOML"
    try:
        return _KINDS[kind](content)
    except (ValueError, RecursionError) as problem:
        reason = " ".join(str(problem).split()).rstrip(".")
        raise ConfigError(f"{what} {path} is not valid {kind}: {reason}.", hint) from None


def _content(path: Path, named: str, option: str, hint: str) -> str:
    try:
        if path.is_dir():
            raise ConfigError(f"{named} is a folder.", f"Name a file. {hint}")
        with path.open("rb") as file:
            # Not by its size on disk: a pipe has none.
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as problem:
        reason = "does not exist" if isinstance(problem, FileNotFoundError) else "cannot be read"
        raise ConfigError(f"{named} {reason}.", f"Check the name given to {option}. {hint}") from None
    if len(content) > MAX_BYTES:
        raise ConfigError(f"{named} is too large.", hint)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{named} is not text in UTF-8.", "Save it as UTF-8 in a text editor.") from None


def first_mistake(problem: ValidationError) -> str:
    """Return what is wrong first, in one line without a full stop."""
    return " ".join(str(problem.errors()[0]["msg"]).removeprefix("Value error, ").split()).rstrip(".")

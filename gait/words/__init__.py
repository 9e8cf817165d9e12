"""The catalogue of what people read: one TOML file a language, so that another language is another file.

Keys are the tables' names joined by dots: ``told.pain.label`` is ``label`` in ``[told.pain]`` of `en.toml`. Text may
hold ``{name}`` for values; a brace itself is written twice.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGE = "en"


def catalogue() -> dict[str, Any]:
    """Return the whole catalogue, nested by table."""
    return _catalogue(LANGUAGE)


def lookup(key: str) -> str | None:
    """Return the text of a key as it stands, gaps and all; None where there is none."""
    entry = _entry(key)
    return entry if isinstance(entry, str) else None


@lru_cache
def _catalogue(language: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text(encoding="utf-8"))


def _entry(key: str) -> Any:
    entry: Any = _catalogue(LANGUAGE)
    for part in key.split("."):
        entry = entry.get(part) if isinstance(entry, dict) else None
    return entry


def text(key: str, **values: object) -> str:
    """Return the text of a key with its values filled in.

    Parameters
    ----------
    key : str
        Names of the tables and of the entry, joined by dots.
    **values : object
        What stands for the names in braces; signs in them mean nothing.

    Raises
    ------
    KeyError
        When there is no such text, or a value for it is missing: a fault of the program, which tests find.
    """
    entry = lookup(key)
    if entry is None:
        raise KeyError(f'no text "{key}" in the catalogue "{LANGUAGE}"')
    return entry.format(**values)


def has(key: str) -> bool:
    """Whether the catalogue holds a text under this key."""
    return lookup(key) is not None


def table(key: str) -> dict[str, str]:
    """Return the texts directly under a key, in their order; empty where there is no such table."""
    entry = _entry(key)
    return {name: value for name, value in entry.items() if isinstance(value, str)} if isinstance(entry, dict) else {}

"""Every sentence of questions, findings, plan and advice, by key, from one file per language.

``text("rule.overstride.title")`` looks into ``en.toml``; a translation is a file beside it with the same keys.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGE = "en"


def text(key: str, **values: object) -> str:
    """Return the sentence of a key with its gaps filled in.

    Parameters
    ----------
    key : str
        Tables and name, joined by full stops.
    **values : object
        What stands in the gaps (``{name}``) of the sentence.

    Raises
    ------
    KeyError
        When there is no such sentence or a gap stays open: a mistake in the program or its data, never the user's.
    """
    found = lookup(key)
    if found is None:
        raise KeyError(f"no sentence {key!r} in {LANGUAGE}.toml")
    return found.format(**values) if values else found


def lookup(key: str) -> str | None:
    """Return the sentence of a key as it stands, None where there is none."""
    node: Any = catalogue()
    for part in key.split("."):
        node = node.get(part) if isinstance(node, dict) else None
    return node if isinstance(node, str) else None


@cache
def catalogue() -> dict[str, Any]:
    """Return the whole catalogue, nested by table."""
    return tomllib.loads(files("gait.words").joinpath(f"{LANGUAGE}.toml").read_text(encoding="utf-8"))

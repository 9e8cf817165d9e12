"""The file of ``--person``: TOML or JSON with what the person tells, read, written, and as a sheet to fill in."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

from gait.errors import ConfigError
from gait.options import Option, options_of
from gait.own_file import read_own_file
from gait.told import GROUPS, PLACES, Told
from gait.words import text

SHEET_WIDTH = 100
"""Letters of a line of the sheet."""

_SHEET_HINT = "`gait person > me.toml` writes a sheet to fill in."


def read_person(path: Path) -> Told:
    """Read what the person tells from a TOML or JSON file (UTF-8, with or without a byte order mark).

    Parameters
    ----------
    path : Path
        A name that ends in ``.json`` is JSON, one in ``.toml`` TOML; others are JSON when they begin with a brace.

    Raises
    ------
    ConfigError
        When the file cannot be read, is neither, or holds an unknown question or an answer that makes no sense; names
        the file and the question.
    """
    values = read_own_file(path, what="The file", option="--person", hint=f'Write pain = ["left knee"]. {_SHEET_HINT}')
    if not isinstance(values, dict):
        raise ConfigError(f"The file {path} holds no answers.", _SHEET_HINT)
    return Told.from_options(values, source=str(path))


def write_person(told: Told) -> str:
    """Return TOML text that :func:`read_person` reads back to the same answers."""
    given = told.answered()
    lines = [f"{option.flag} = {_toml(given[option.name])}" for option in options_of(Told) if option.name in given]
    return "\n".join(lines) + "\n" if lines else ""


def _toml(value: Any) -> str:
    # JSON's numbers, texts and lists are TOML, too, but for signs that TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def person_sheet() -> str:
    """Return a TOML file with every question in the order of the form, commented out, with its choices and units."""
    lines = [
        "# What you can tell gait about yourself and your complaints. Everything is optional.",
        "# Take the # away from the lines that you answer, and change what stands behind the equals sign.",
        "# Then: gait analyze VIDEO --person me.toml",
    ]
    for group in GROUPS:
        lines += ["", f"# ---- {group} ".ljust(SHEET_WIDTH, "-")]
        for option in options_of(Told):
            if option.group == group:
                lines += ["", *(f"# {line}" for line in _about(option)), f"#{option.flag} = {_toml(_example(option))}"]
    return "\n".join(lines) + "\n"


def _about(option: Option) -> list[str]:
    question = option.label if option.label.endswith(("?", ".")) else f"{option.label}."
    lines = textwrap.wrap(f"{question} {option.help}".strip(), SHEET_WIDTH)
    if option.kind == "text_list":
        places = ", ".join(text(f"told.pain.choices.{place}") for place in PLACES)
        note = f'Places: {places}. Put left, right or both before each; "none" says that nothing hurts.'
        lines += textwrap.wrap(note, SHEET_WIDTH)
    elif option.kind in ("choice", "words"):
        lines.append("Any of:" if option.kind == "words" else "One of:")
        width = max(map(len, option.choices)) + 2
        lines += [
            f'  "{choice}"'.ljust(width + 4) + text(f"told.{option.name}.choices.{choice}") for choice in option.choices
        ]
    elif option.kind == "switch":
        lines.append("true or false")
    elif option.unit == "days":
        lines.append('"10 days", "3 weeks", "8 months", "2 years"')
    elif option.low is not None and option.unit != "km":
        lines.append(f"{option.low:g} to {option.high:g}")
    return lines


def _example(option: Option) -> Any:
    if option.kind == "choice":
        return option.choices[0]
    if option.kind == "words":
        return list(option.choices[:2])
    if option.kind == "switch":
        return True
    if option.kind in ("text_list", "numbers"):
        parts = option.example.split(", ")
        return [int(part) for part in parts] if option.kind == "numbers" else parts
    return int(option.example) if option.example.isdigit() else option.example

"""Files that people write themselves: whatever they hold, they are read or refused in one line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from gait.errors import ConfigError
from gait.own_file import MAX_BYTES, read_own_file


def read(path: Path, **given: Any) -> Any:
    return read_own_file(path, what="The file", option="--this", hint="Write it so.", **given)


@pytest.mark.parametrize(
    ("name", "content", "json_too"),
    [
        ("a.toml", "a = 1", True),
        ("a.toml", "\ufeffa = 1", False),
        ("a.json", '{"a": 1}', True),
        ("A.JSON", '\ufeff{"a": 1}', True),
        ("a", ' {"a": 1}', True),
        ("a", "a = 1", True),
        ("a.json", "a = 1", False),
    ],
)
def test_toml_or_json(name: str, content: str, json_too: bool, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")

    assert read(tmp_path / name, json_too=json_too) == {"a": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = ", "is not valid TOML"),
        (b"a = " + b"[" * 50_000, "is not valid TOML"),
        (b'{"a": ', "is not valid JSON"),
        (b"a = '\xff'", "is not text in UTF-8"),
        (b"#" * (MAX_BYTES + 1), "is too large"),
    ],
)
def test_what_cannot_be_used_is_one_line_that_names_the_file(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read(path)

    assert str(caught.value).startswith(f"The file {path} {said}")
    assert "\n" not in str(caught.value)


def test_names_that_are_no_file(tmp_path: Path) -> None:
    for path, said in (
        (tmp_path / "none", "does not exist"),
        (tmp_path, "is a folder"),
        (tmp_path / "a\0b", "cannot be read"),
    ):
        with pytest.raises(ConfigError, match=said):
            read(path)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs a file without an end")
def test_a_file_without_an_end_is_too_large() -> None:
    with pytest.raises(ConfigError, match="too large"):
        read(Path("/dev/zero"))

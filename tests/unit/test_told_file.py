"""The file of ``--person``: TOML and JSON, read back as written, and a sheet that can be filled in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import told_answers
from hypothesis import HealthCheck, given, settings

from gait.errors import ConfigError
from gait.own_file import MAX_BYTES
from gait.told import Told
from gait.told_file import person_sheet, read_person, write_person
from gait.told_words import QUESTIONS

TOML = 'pain = ["left heel"]\nfour-steps = true\nweekly-km = [20, 24.5]\nname = "Änne"\n'
JSON = '{"pain": ["left heel"], "four_steps": "yes", "weekly-km": "20, 24.5", "name": "Änne", "sex": null}'
MEANT = Told(pain=("left heel",), four_steps=True, weekly_km=(20.0, 24.5), name="Änne")


@pytest.mark.parametrize(
    ("name", "text"),
    [("me.toml", TOML), ("me.json", JSON), ("ME.JSON", JSON), ("me.txt", TOML), ("me.txt", f"\n {JSON}"), ("me", JSON)],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_toml_and_json_by_ending_or_content(name: str, text: str, mark: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(mark + text, encoding="utf-8")
    assert read_person(tmp_path / name) == MEANT


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told_answers.told())
def test_answers_come_back_from_a_file(tmp_path: Path, told: Told) -> None:
    (tmp_path / "me.toml").write_text(write_person(told), encoding="utf-8")
    assert read_person(tmp_path / "me.toml") == told
    (tmp_path / "me.json").write_text(json.dumps(told.answered()), encoding="utf-8")
    assert read_person(tmp_path / "me.json") == told


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("me.toml", b"pain = [", "not valid TOML"),
        ("me.json", b'{"pain": ', "not valid JSON"),
        ("me.json", b"[" * 60_000, "not valid JSON"),
        ("me.json", b"[1]", "holds no answers"),
        ("me.json", b"null", "holds no answers"),
        ("me.json", b'{"age": ' + b"9" * 5000 + b"}", "not valid JSON"),
        ("me.toml", b"name = '\xff'", "not text in UTF-8"),
        ("me.toml", b"#" * (MAX_BYTES + 1), "too large"),
        ("me.toml", b"pian = 'heel'", '"pian"'),
        ("me.toml", b"pain-level = 12", "pain-level"),
        ("me.toml", b"[pain]\nleft = 'heel'", "pain"),
        ("me.toml", b"since = 2026-01-01", "since"),
    ],
)
def test_what_cannot_be_used_is_one_line_that_names_the_file(
    name: str, content: bytes, words: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        read_person(tmp_path / name)
    assert words in refused.value.message
    assert str(tmp_path / name) in refused.value.message
    assert refused.value.hint
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        read_person(tmp_path / "nowhere.toml")
    with pytest.raises(ConfigError, match="is a folder"):
        read_person(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_person(tmp_path / "a\0b")


def test_the_sheet_is_empty_until_it_is_filled_in(tmp_path: Path) -> None:
    sheet = tmp_path / "me.toml"
    sheet.write_text(person_sheet(), encoding="utf-8")
    assert read_person(sheet) == Told()
    filled = re.sub(r"(?m)^#(?=[a-z])", "", person_sheet())
    sheet.write_text(filled, encoding="utf-8")
    assert set(read_person(sheet).answered()) == set(QUESTIONS)
    assert max(map(len, filled.splitlines())) <= 120


def test_every_choice_of_the_sheet_is_one(tmp_path: Path) -> None:
    for option in QUESTIONS.values():
        for choice in option.choices:
            assert f'#   "{choice}"' in person_sheet()
            assert Told.from_options({option.flag: choice}).answered()[option.name] in (choice, [choice])

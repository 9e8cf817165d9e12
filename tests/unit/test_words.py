"""The catalogue of strings: a missing one is an error, values mean nothing, and every question has all its words."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import pytest

import gait
from gait import words
from gait.options import options_of
from gait.told import Told
from gait.told_reading import PLACES


@pytest.mark.parametrize("key", ["", "told", "told.nothing", "told.pain.label.more", "nothing.at.all"])
def test_a_missing_text_is_an_error(key: str) -> None:
    assert not words.has(key)
    with pytest.raises(KeyError, match="no text"):
        words.text(key)


def test_values_are_filled_in_and_mean_nothing() -> None:
    assert words.text("told.goal.line", answer="{answer} <b> {0} %s") == "goal: {answer} <b> {0} %s"
    with pytest.raises(KeyError):
        words.text("told.goal.line")


def _texts(entry: Any, path: str = "") -> dict[str, str]:
    if isinstance(entry, str):
        return {path: entry}
    return {k: v for name, value in entry.items() for k, v in _texts(value, f"{path}.{name}").items()}


def test_every_text_of_the_catalogue_can_be_filled_in() -> None:
    texts = _texts(words._catalogue(words.LANGUAGE))
    assert len(texts) > 200
    for path, text in texts.items():
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        # Gaps are plain names: no attributes, no indices, nothing that a value could make run.
        assert all(name.isidentifier() for name in names), path
        if path.startswith(".told."):
            assert set(names) <= {"answer", "n", "example"}, path
        assert text == " ".join(text.split()), path


def test_every_question_has_a_label_and_words_for_its_choices() -> None:
    for option in options_of(Told):
        assert option.label == words.text(f"told.{option.name}.label") != ""
        assert option.help == words.text(f"told.{option.name}.help")
        choices = PLACES if option.name == "pain" else option.choices
        assert tuple(words.table(f"told.{option.name}.choices")) == choices
        assert all(words.table(f"told.{option.name}.choices").values())


def test_other_names_mean_a_choice_that_there_is() -> None:
    for option in options_of(Told):
        stored = {*(PLACES if option.name == "pain" else option.choices), *(("none",) if option.name == "pain" else ())}
        assert set(words.table(f"told.{option.name}.also").values()) <= stored, option.name


def _keys_of_the_report() -> set[str]:
    """Every key of the report's tables that code or a template of ours names, gaps and all."""
    folder = Path(gait.__file__).parent
    files = [*folder.rglob("*.py"), *folder.joinpath("report", "templates").iterdir()]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    found = re.findall(r"""["'](report\.(?:document|method|words)\.(?:[\w.-]|\{[^{}]*\})+)["']""", code)
    return {re.sub(r"\{[^{}]*\}", "{}", key) for key in found}


def test_every_text_of_the_report_that_is_named_is_there() -> None:
    whole = {key for key in _keys_of_the_report() if "{}" not in key}
    assert len(whole) > 50
    assert {key for key in whole if not words.has(key) and not words.table(key)} == set()


def test_every_text_of_the_reports_sections_is_used() -> None:
    named = [re.escape(key).replace(re.escape("{}"), "[a-z0-9_-]*") for key in _keys_of_the_report()]
    keys = [
        key
        for part in ("document", "method", "words")
        for path in _texts(words.catalogue()["report"][part])
        for key in (f"report.{part}{path}",)
    ]
    # A table is named as a whole, or each of its texts.
    used = [key for key in keys if any(re.fullmatch(rf"{one}(?:\.[^.]+)?", key) for one in named)]
    assert keys
    assert sorted(set(keys) - set(used)) == []

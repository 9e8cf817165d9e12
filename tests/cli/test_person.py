"""`--person FILE` and the sheet that `gait person` prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gait.cli import app
from gait.told import Told
from gait.told_file import person_sheet


def run(*arguments: str, code: int = 0):
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def test_the_file_reaches_the_engine(engine, clip: Path) -> None:
    Path("me.toml").write_text('name = "Anna"\npain = "left Achilles"\nsince = "3 weeks"\n', encoding="utf-8")
    shown = run("analyze", "anna.mp4", "--person", "me.toml").stdout
    assert engine.told == [Told(name="Anna", pain=("left back_of_ankle",), since_days=21.0)]
    assert "pain: left back of the ankle; for 3 weeks" in shown


def test_without_the_file_nothing_is_told(engine, clip: Path) -> None:
    run("analyze", "anna.mp4")
    assert engine.told == [None]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "me.toml does not exist"),
        ("pian = 'heel'", 'There is no question "pian". Did you mean "pain"?'),
        ("pain = 'ankle'", "me.toml: option pain:"),
        ("pain = [", "is not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_used_stops_before_the_analysis(content, words, engine, clip: Path) -> None:
    if content is not None:
        Path("me.toml").write_text(content, encoding="utf-8")
    result = run("analyze", "anna.mp4", "--person", "me.toml", code=2)
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert engine.calls == []
    assert not Path("anna_gait").exists()


def test_the_sheet_is_printed_and_says_how_it_is_understood(engine) -> None:
    assert run("person").stdout == person_sheet()
    Path("me.toml").write_text(run("person").stdout, encoding="utf-8")
    assert "Nothing is told yet" in run("person", "me.toml").stdout
    Path("me.toml").write_text(re.sub(r"(?m)^#(pain =|signs =)", r"\1", person_sheet()), encoding="utf-8")
    shown = " ".join(run("person", "me.toml").stdout.split())
    assert "Where does it hurt? right outer ankle, left heel" in shown
    assert "Swelling, a lot of swelling" in shown

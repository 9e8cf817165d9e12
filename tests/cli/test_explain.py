"""``gait explain`` for findings, advice, red flags and conditions."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gait.cli import app
from gait.findings.library import library, shipped_library
from gait.findings.types import ORIGINS
from gait.metrics.catalogue import CATALOGUE
from gait.words import text

runner = CliRunner()


def explained(*arguments: str) -> str:
    result = runner.invoke(app, ["explain", *arguments], env={"COLUMNS": "100"})
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


@pytest.mark.parametrize("name", shipped_library().rules)
def test_every_rule_is_shown_with_title_limits_grade_sources_and_advice(name: str) -> None:
    rule = shipped_library().rules[name]
    shown = explained(name)

    assert text(f"rule.{name}.title") in shown
    for test in rule.tests:
        other = "answer" if test.told else "left against right"
        assert (CATALOGUE[test.metric].title if test.metric in CATALOGUE else other) in shown
    for citation in rule.source.citations:
        assert citation in shown
    assert f"Grade {rule.grade}" in shown or not rule.grade
    for choice in rule.advice:
        assert choice.id in shown


def test_a_rule_shows_limits_needs_and_contraindications() -> None:
    shown = explained("hard-landing")
    assert "below 3.0\N{DEGREE SIGN}" in shown
    assert "Limits a default of ours" in shown
    assert "land_softly; never with pain: back of ankle or calf" in shown
    assert "1.64 SD above the mean of reference runners" in explained("overstride")
    assert "pain: outer ankle; or past ankle injury: sprain" in explained("crossover")


def test_a_name_of_a_metric_and_of_a_rule_shows_both() -> None:
    shown = explained("crossover")
    assert "Definition Step width" in shown
    assert text("rule.crossover.title") in shown


@pytest.mark.parametrize("name", [*shipped_library().advice, "possible_clot", "ottawa", "stress_fracture"])
def test_advice_red_flags_and_conditions_are_shown(name: str) -> None:
    shown = explained(name)

    assert f"({name})" in shown
    assert any(f"Origin {text(f'findings.limit.{origin}')}" in shown for origin in ORIGINS)


def test_without_a_name_all_names_are_listed() -> None:
    shown = explained().split()
    shipped = shipped_library()
    others = [entry.id for entry in (*shipped.flags, *shipped.conditions)]
    assert set(shown) >= {*CATALOGUE, *shipped.rules, *shipped.advice, *others}


def test_toml_is_a_rules_file(tmp_path: Path) -> None:
    result = runner.invoke(app, ["explain", "overstride", "--toml"])
    path = tmp_path / "own.toml"
    path.write_text(result.stdout, encoding="utf-8")
    assert library(path).rules["overstride"].words["title"] == text("rule.overstride.title")

    path.write_text(result.stdout.replace('"overstride"', '"my_overstride"'), encoding="utf-8")
    assert "(my_overstride)" in explained("my_overstride", "--rules", str(path))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("overstrid",), "overstride"),
        (("numbness", "--toml"), "no rule"),
        (("overstride", "--rules", "none.toml"), "does not exist"),
    ],
)
def test_what_cannot_be_explained_is_said_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    result = runner.invoke(app, ["explain", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1

"""`gait report` with answers, rules and edits: findings are made again, edits are printed, nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner
from visits import visit

from gait.cli import app
from gait.findings.assess import assess, saved_assessment, with_assessment
from gait.interop.analysis_json import read, to_json

runner = CliRunner()
FAR = {"shank_angle_ic_deg": (14.0, 1.0), "overstride_cm": (26.0, 1.0), "cadence_spm": (150.0, 0.5)}


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gait.faults._log_folders", lambda: [tmp_path / "logs"])
    analysis = visit({}, side=FAR)
    (tmp_path / "run").mkdir()
    saved = with_assessment(analysis, assess(analysis))
    (tmp_path / "run" / "analysis.json").write_text(to_json(saved), encoding="utf-8")
    return tmp_path / "run"


def report(*arguments: str) -> str:
    result = runner.invoke(app, ["report", "run", *arguments])
    assert result.exit_code == 0, result.output
    return Path("run/report.html").read_text(encoding="utf-8") if "--html" in arguments else result.stdout


def test_answers_turn_what_was_optional_into_a_priority_and_are_kept(folder: Path) -> None:
    Path("me.toml").write_text('name = "Änne <b>"\npain = "left knee"\n', encoding="utf-8")
    text = report("--html", "--person", "me.toml")

    assert "Änne &lt;b&gt;" in text
    analysis = read(folder)
    assessment = saved_assessment(analysis)
    assert assessment is not None
    assert [item.id for item in assessment.plan.priorities] == ["cadence"]
    assert (analysis.recording.person, analysis.recording.told["pain"]) == ("Änne <b>", ["left knee"])


def test_a_red_flag_told_later_withholds_advice() -> None:
    Path("me.json").write_text(json.dumps({"pain": "sole", "signs": ["numbness"]}), encoding="utf-8")
    text = report("--html", "--person", "me.json")

    assert "First: have this looked at" in text
    assert "quicker steps" not in text


def test_edits_are_printed_and_the_original_is_kept(folder: Path) -> None:
    Path("me.toml").write_text('pain = "left knee"\nshoe-km = 900\n', encoding="utf-8")
    report("--html", "--person", "me.toml")
    original = read(folder)
    Path("edits.toml").write_text(
        'who = "B. Ö"\nsigned = "B. Ö, physiotherapist"\nremove = ["overstride"]\n'
        '[[reword]]\nid = "replace_shoes"\nfield = "text"\ntext = "Buy <i>new</i> ones."\n'
        '[[note]]\ntext = "See you in spring."\n',
        encoding="utf-8",
    )
    text = report("--html", "--edits", "edits.toml")

    assert "Buy &lt;i&gt;new&lt;/i&gt; ones." in text
    assert "See you in spring." in text
    assert "Signed: B. Ö, physiotherapist" in text
    assert "Take shorter, quicker steps" not in text
    edited = read(folder)
    assert (edited.findings, edited.advice, edited.plan) == (original.findings, original.advice, original.plan)
    assert len(edited.edits) > 0
    # Printed once more without options, the edits still hold.
    assert "See you in spring." in report("--html")


def test_edits_do_not_hold_for_answers_told_later(folder: Path) -> None:
    Path("me.toml").write_text('pain = "sole"\nsigns = ["numbness"]\n', encoding="utf-8")
    report("--html", "--person", "me.toml")
    Path("edits.toml").write_text(
        'who = "B. Ö"\nremove = ["numbness"]\n[[note]]\nabout = "numbness"\ntext = "Shoe laced too tight."\n',
        encoding="utf-8",
    )
    text = report("--html", "--edits", "edits.toml")
    assert "quicker steps" in text
    assert "Numbness or tingling: Shoe laced too tight." in text
    before = (folder / "analysis.json").read_bytes()

    result = runner.invoke(app, ["report", "run", "--html", "--person", "me.toml"])
    assert result.exit_code == 2
    assert "B. Ö edited this report for other answers" in result.stderr
    assert (folder / "analysis.json").read_bytes() == before
    report("--html", "--person", "me.toml", "--edits", "edits.toml")


def test_another_folder_leaves_the_analysis_alone(folder: Path) -> None:
    before = (folder / "analysis.json").read_bytes()
    Path("me.toml").write_text('pain = "left knee"\n', encoding="utf-8")
    report("--person", "me.toml", "--out", "elsewhere")

    assert (folder / "analysis.json").read_bytes() == before
    assert sorted(path.name for path in Path("elsewhere").iterdir()) == ["report.html", "report.pdf"]


def test_answers_go_into_the_analysis_that_was_named(folder: Path) -> None:
    beside = folder / "analysis.json"
    named = folder / "spring.json"
    named.write_bytes(beside.read_bytes())
    before = beside.read_bytes()
    Path("me.toml").write_text('pain = "left knee"\n', encoding="utf-8")
    result = runner.invoke(app, ["report", str(named), "--html", "--person", "me.toml"])

    assert result.exit_code == 0, result.output
    assert result.stdout == f"Report: {folder / 'report.html'}\n"
    assert beside.read_bytes() == before
    assert read(named).recording.told == {"pain": ["left knee"]}


def test_the_template_of_edits_lists_ids_and_writes_nothing(folder: Path) -> None:
    words = report("--edits-template")

    assert "#   overstride " in words
    assert [path.name for path in folder.iterdir()] == ["analysis.json"]


@pytest.mark.parametrize("option", ["--person", "--edits", "--rules"])
def test_a_file_that_is_not_there_is_said_in_one_line(option: str, folder: Path) -> None:
    result = runner.invoke(app, ["report", "run", option, "nowhere.toml"])

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["analysis.json"]


def test_what_the_runner_takes_home_leaves_the_clinicians_part_out() -> None:
    whole, part = report("--html"), report("--html", "--take-home")

    assert "All measurements" in whole
    assert "All measurements" not in part
    assert "When to seek help" in part

"""`gait compare` on saved analyses: warnings first, then what is real; JSON, CSV and errors."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from pairs import RECORDING, analysis, another, classed, number, withheld
from rich.console import Console
from typer.testing import CliRunner

from gait.cli import app
from gait.cli_compare_render import print_comparison
from gait.interop.analysis_json import to_json
from gait.metrics.change import compare
from gait.model import SCHEMA_VERSION, GaitAnalysis
from gait.report.comparison import COLUMNS

runner = CliRunner()

METRICS_BEFORE = (
    number("cadence_spm", 160.0, side="both", ci95=(159.4, 160.6)),
    number("knee_flexion_ic_deg", 12.0),
    number("trunk_lean_deg", 6.0, side="both", retest_se=1.0),
    number("foot_strike_angle_deg", 15.0),
    classed("foot_strike", "rearfoot"),
    number("overstride_cm", 20.0),
    withheld(
        "pelvic_drop_deg",
        "Not visible from the side: a view from behind shows this, but this version does not measure it yet.",
        side="both",
    ),
)
METRICS_AFTER = (
    number("cadence_spm", 168.0, side="both"),
    number("knee_flexion_ic_deg", 16.1),
    number("trunk_lean_deg", 5.0, side="both", retest_se=1.0),
    number("foot_strike_angle_deg", 3.0),
    classed("foot_strike", "indeterminate"),
    withheld("overstride_cm", "Needs a scale: give the runner's height (`--height`)."),
    withheld(
        "pelvic_drop_deg",
        "Not visible from the side: a view from behind shows this, but this version does not measure it yet.",
        side="both",
    ),
)
BEFORE, AFTER = analysis(*METRICS_BEFORE), analysis(*METRICS_AFTER, video=another())


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Work in a folder with two results and a log folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("gait.faults._log_folders", lambda: [tmp_path / "logs"])
    save("march", BEFORE)
    save("june", AFTER)


def save(folder: str, saved: GaitAnalysis) -> None:
    Path(folder).mkdir()
    Path(folder, "analysis.json").write_text(to_json(saved), encoding="utf-8")


def run(*arguments: str, **environment: str):
    """Run `gait compare`; no traceback may ever reach the person."""
    result = runner.invoke(app, ["compare", *arguments], env=environment)
    assert "Traceback" not in result.output
    return result


def row(out: str, title: str) -> list[str]:
    """Return the cells of a row of the table: two blanks and more part them."""
    line = next(line for line in out.splitlines() if line.startswith(title) and "  " in line)
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_what_is_real_comes_first_in_words() -> None:
    result = run("march", "june")
    assert result.exit_code == 0
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[:2] == ["Before: march", "After:  june"]
    order = [
        "3 real changes, 1 cannot tell, 1 no real change shown, 1 not comparable.",
        "  Cadence: 8.0 steps/min higher",
        "  Knee bend at landing (left): 4.1° more",
        "  Foot angle at landing (left): 12.0° less, the toes lower",
        "Measurement",
        "Cannot tell:",
        "  Not decided after: Foot strike (left).",
        "Not comparable:",
        "  No value after: Needs a scale: give the runner's height (`--height`): Foot ahead of the hips at",
        "Not a medical device, not a diagnosis.",
    ]
    places = [next(i for i, line in enumerate(lines) if line.startswith(text)) for text in order]
    assert places == sorted(places)


def test_the_table() -> None:
    out = run("march", "june").stdout
    assert row(out, "Knee bend") == [
        "Knee bend at landing, °",
        "left",
        "12.0",
        "16.1",
        "+4.1",
        "0.3 to 7.9",
        "3.8 P",
        "real change",
    ]
    assert row(out, "Trunk lean") == [
        "Trunk lean, °",
        "6.0",
        "5.0",
        "−1.0",
        "−3.8 to 1.8",
        "2.8 D",
        "no real change shown",
    ]
    strike = next(line for line in out.splitlines() if line.startswith("Foot strike "))
    assert strike.split() == ["Foot", "strike", "left", "Rearfoot", "Indeterminate", "cannot", "tell"]
    assert "Foot ahead of the hips at landing, cm" not in out
    assert "Pelvic drop" not in out


def test_piped_text_is_plain_and_as_wide_as_a_page() -> None:
    out = run("march", "june").stdout
    assert "\x1b" not in out
    assert max(len(line) for line in out.splitlines()) <= 110


def test_a_narrow_terminal_gets_fewer_columns() -> None:
    out = run("march", "june", COLUMNS="80").stdout
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "95 % interval" not in out
    assert row(out, "Trunk lean")[-2:] == ["2.8 D", "not shown"]


def test_warnings_stand_before_any_number() -> None:
    save(
        "fast", analysis(*METRICS_AFTER, video=another(rate_hz=60.0), recording=replace(RECORDING, belt_speed_m_s=3.5))
    )
    out = run("march", "fast").stdout
    warned = out.index("! The belt speeds differ by more than 3 %: 3.00 and 3.50 m/s.")
    assert warned < out.index("! Different frame rates: 120 and 60 per second.") < out.index("real change")
    assert "The belt speed differs (3.00 and 3.50 m/s), and this number changes with speed: Cadence" in out
    assert row(out, "Knee bend")[-1] == "cannot tell"


def test_the_same_folder_twice_is_allowed_and_said() -> None:
    result = run("march", "march/analysis.json")
    assert result.exit_code == 0
    assert "! Both analyses are of the same video (anna.mp4)." in result.stdout
    assert "0 real changes" in result.stdout


def test_json() -> None:
    result = run("march", "june", "--json")
    found = json.loads(result.stdout)
    assert list(found) == ["schema_version", "before", "after", "warnings", "changes", "findings", "notes"]
    assert found["schema_version"] == "1.1"
    assert found["before"]["path"] == "march"
    assert found["before"]["belt_speed_m_s"] == 3.0
    assert found["warnings"] == []
    keys = (set(COLUMNS) - {"change_ci95_low", "change_ci95_high"}) | {"change_ci95"}
    assert all(set(change) == keys for change in found["changes"])
    by_name = {change["name"]: change for change in found["changes"]}
    knee = by_name["knee_flexion_ic_deg"]
    assert (knee["before"], knee["after"], knee["unit"], knee["side"]) == (12.0, 16.1, "deg", "left")
    assert (knee["change"], knee["change_ci95"]) == (4.1, [0.3, 7.9])
    assert (knee["smallest_change"], knee["smallest_change_origin"]) == (3.8, "published")
    assert knee["verdict"] == "real_change"
    assert knee["words"] == "Knee bend at landing (left): 4.1° more"
    assert by_name["trunk_lean_deg"]["verdict"] == "no_real_change_shown"
    strike = by_name["foot_strike"]
    assert (strike["verdict"], strike["reason"]) == ("cannot_tell", "not decided after")
    assert strike["words"] == "Foot strike (left): rearfoot before, indeterminate after"
    missing = by_name["overstride_cm"]
    assert (missing["verdict"], missing["after"], missing["change"]) == ("not_comparable", None, None)
    assert missing["reason"].startswith("No value after: Needs a scale")


def test_csv(tmp_path: Path) -> None:
    result = run("march", "june", "--csv", "changes.csv")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "Table: changes.csv"
    with Path("changes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    knee = next(r for r in rows if r["name"] == "knee_flexion_ic_deg")
    assert (knee["change"], knee["change_ci95_low"], knee["change_ci95_high"]) == ("4.1", "0.3", "7.9")
    assert (knee["smallest_change"], knee["verdict"]) == ("3.8", "real_change")
    assert not list(tmp_path.glob(".gait-*"))
    # JSON on standard output stays JSON when a table is written, too.
    assert json.loads(run("march", "june", "--json", "--csv", "changes.csv").stdout)["changes"]


def test_a_minus_sign_survives_a_poor_console() -> None:
    class Poor(StringIO):
        encoding = "ascii"

    page = Poor()
    print_comparison(compare(BEFORE, AFTER), "march", "june", Console(file=page, width=110))
    assert row(page.getvalue(), "Trunk lean")[3:5] == ["-1.0", "-3.8 to 1.8"]


ERRORS = [
    (["nowhere", "june"], 1, "There is no saved analysis at nowhere.", "gait analyze"),
    (["march", "empty"], 1, "There is no saved analysis at", "gait analyze"),
    (["broken.json", "june"], 1, "broken.json is not a saved analysis of gait.", "Analyse the video again."),
    (["march", "list.json"], 1, "list.json is not a saved analysis of gait.", "Analyse the video again."),
    (["march", "half.json"], 1, "half.json is not a saved analysis of gait.", "Analyse the video again."),
    (["march", "picture.png"], 1, "picture.png is not a saved analysis of gait.", "Analyse the video again."),
    (
        ["march", "later.json"],
        1,
        f"later.json has format 2.0, this gait reads {SCHEMA_VERSION}.",
        "Use the version of gait",
    ),
    (["march", "june", "--csv", "march/analysis.json"], 2, "is no .csv file", "Choose another name"),
    (["march", "june", "--csv", "march"], 2, "march is a folder.", "changes.csv"),
    (["march", "june", "--csv", "none/x.csv"], 2, "cannot be written", "Choose another --csv"),
]


@pytest.mark.parametrize(
    ("arguments", "code", "message", "hint"), ERRORS, ids=lambda x: x[-1] if isinstance(x, list) else None
)
def test_errors_are_one_line(arguments: list[str], code: int, message: str, hint: str) -> None:
    Path("empty").mkdir()
    Path("broken.json").write_text('{"schema_version": "1.0", ')
    Path("list.json").write_text("[1, 2]")
    Path("half.json").write_text('{"schema_version": "1.0", "videos": []}')
    Path("later.json").write_text('{"schema_version": "2.0", "people": 3}')
    Path("picture.png").write_bytes(b"\x89PNG\r\n\xff\xfe")
    saved = Path("march/analysis.json").read_bytes()
    result = run(*arguments)
    lines = [line for line in result.stderr.splitlines() if line]
    assert result.exit_code == code
    assert result.stdout == ""
    assert len(lines) == 1
    assert lines[0].startswith("Error: ")
    assert message in lines[0]
    assert hint in lines[0]
    assert Path("march/analysis.json").read_bytes() == saved


@pytest.mark.parametrize("arguments", [[], ["march"], ["march", "june", "july"], ["march", "june", "--xml"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_nothing_sounds_like_a_diagnosis() -> None:
    out = run("march", "june").stdout.lower().replace("not a diagnosis", "")
    for word in ("diagnos", "injur", "patholog", "abnormal", "improve", "worsen", "deteriorat", "healthy", "disease"):
        assert word not in out

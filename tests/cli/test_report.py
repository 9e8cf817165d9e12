"""`gait report`: the report of a saved analysis again, whole or not at all, and nothing else touched."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from pairs import analysis, number
from PIL import Image
from pypdf import PdfReader
from typer.testing import CliRunner

from gait.cli import app
from gait.interop.analysis_json import to_dict
from gait.report.pictures import png_bytes

runner = CliRunner()

KEYFRAME = {
    "video": "v1",
    "side": "right",
    "phase": "mid_stance",
    "frame": 10,
    "time_s": 1.0,
    "caption": "Mid-stance",
    "file": "v1_mid.png",
}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Work in a folder with one result and a log folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gait.faults._log_folders", lambda: [tmp_path / "logs"])
    folder = tmp_path / "run"
    (folder / "keyframes").mkdir(parents=True)
    save(folder, KEYFRAME)
    (folder / "keyframes" / "v1_mid.png").write_bytes(png_bytes(np.full((60, 40, 3), 120, dtype=np.uint8)))
    (folder / "metrics.csv").write_text("mine", encoding="utf-8")
    return folder


def save(folder: Path, *keyframes: dict[str, object]) -> None:
    saved = to_dict(analysis(number("cadence_spm", 160.0, side="both"), number("knee_flexion_ic_deg", 12.0)))
    saved["keyframes"] = [keyframe | {"video": saved["videos"][0]["id"]} for keyframe in keyframes]
    (folder / "analysis.json").write_text(json.dumps(saved), encoding="utf-8")


def run(*arguments: str):
    """Run `gait report`; no traceback may ever reach the person."""
    result = runner.invoke(app, ["report", *arguments])
    assert "Traceback" not in result.output
    return result


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def refused(code: int, words: str, *arguments: str) -> None:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert result.stderr.count("\n") == 1
    assert words in result.stderr


def test_both_kinds_are_written_and_nothing_else_is_touched(here: Path) -> None:
    before = contents(here)
    result = run("run")
    assert result.exit_code == 0, result.output
    assert result.stdout.split() == ["Report:", str(Path("run/report.pdf")), "Report:", str(Path("run/report.html"))]
    after = contents(here)
    assert after.keys() - before.keys() == {"report.pdf", "report.html"}
    assert before.items() <= after.items()


def test_the_saved_pictures_are_in_it(here: Path) -> None:
    run("run")
    assert "Mid-stance" in "".join(page.extract_text() for page in PdfReader(here / "report.pdf").pages)
    assert "data:image/jpeg" in (here / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("flag", "name"), [("--pdf", "report.pdf"), ("--html", "report.html")])
def test_one_kind_alone(here: Path, flag: str, name: str) -> None:
    assert run("run", flag).exit_code == 0
    assert {"report.pdf", "report.html"} & contents(here).keys() == {name}


def test_the_letterhead_is_in_both(here: Path) -> None:
    Image.new("RGB", (40, 20), "blue").save("logo.png")
    names = ("--clinic", "Praxis #1 <Süd>", "--therapist", "Ana *M*", "--logo", "logo.png")
    assert run("run", *names, "--paper", "Letter").exit_code == 0
    reader = PdfReader(here / "report.pdf")
    text = reader.pages[0].extract_text()
    assert "Praxis #1 <Süd>" in text
    assert "Ana *M*" in text
    assert float(reader.pages[0].mediabox.width) == pytest.approx(612)
    page = (here / "report.html").read_text(encoding="utf-8")
    assert "Praxis #1 &lt;Süd&gt;" in page
    assert "data:image/png" in page


def test_into_another_folder_and_again(here: Path) -> None:
    before = contents(here)
    for _ in range(2):
        assert run("run", "--out", "deep/copy").exit_code == 0
    assert contents(here) == before
    assert contents(Path("deep/copy")).keys() == {"report.pdf", "report.html"}


def test_a_missing_picture_is_left_out(here: Path) -> None:
    (here / "keyframes" / "v1_mid.png").unlink()
    assert run("run").exit_code == 0
    assert "data:image/jpeg" not in (here / "report.html").read_text(encoding="utf-8")


def test_no_picture_from_elsewhere_gets_in(here: Path) -> None:
    (here / "elsewhere.png").write_bytes((here / "keyframes" / "v1_mid.png").read_bytes())
    save(here, KEYFRAME | {"file": "../elsewhere.png"})
    assert run("run").exit_code == 0
    assert "data:image/jpeg" not in (here / "report.html").read_text(encoding="utf-8")


def test_bad_input_is_one_line_and_leaves_nothing(here: Path) -> None:
    refused(1, "no saved analysis", "nowhere")
    (here / "keyframes" / "v1_mid.png").write_bytes(b"broken")
    refused(1, "v1_mid.png cannot be read", "run", "--out", "new")
    assert not Path("new").exists()
    (here / "analysis.json").write_text("{}", encoding="utf-8")
    refused(1, "not a saved analysis", "run")


def test_bad_usage_is_one_line(here: Path) -> None:
    before = contents(here)
    refused(2, 'no paper "a5"', "run", "--paper", "a5")
    Path("logo.txt").write_text("no picture", encoding="utf-8")
    refused(2, "logo.txt", "run", "--logo", "logo.txt")
    refused(2, "none.png", "run", "--logo", "none.png")
    refused(2, "is a file", "run", "--out", "logo.txt")
    assert contents(here) == before


def test_the_report_of_somebody_else_is_not_replaced(here: Path) -> None:
    Path("other").mkdir()
    Path("other", "report.pdf").write_bytes(b"%PDF-1.7 annual report")
    refused(2, "gait did not write", "run", "--out", "other")
    assert contents(Path("other")) == {"report.pdf": b"%PDF-1.7 annual report"}


def test_when_one_cannot_be_written_both_stay_as_they_were(here: Path) -> None:
    (here / "report.pdf").write_bytes(b"old")
    (here / "report.html").mkdir()
    (here / "report.html" / "mine.txt").write_text("mine", encoding="utf-8")
    before = contents(here)
    refused(2, "could not be written", "run")
    assert contents(here) == before
    assert not list(here.glob(".gait-*"))


def test_the_same_analysis_gives_the_same_files(here: Path) -> None:
    run("run")
    first = contents(here)
    run("run")
    assert contents(here) == first
    assert PdfReader(io.BytesIO(first["report.pdf"])).metadata.title.startswith("Running gait report")

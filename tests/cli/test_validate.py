"""``gait validate`` on a tiny folder of made-up data, and ``gait explain`` with what it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import marker_set
import pytest
from typer.testing import CliRunner

from gait.cli import app
from gait.validation.publish import BEGIN, END

runner = CliRunner()


@pytest.fixture
def no_samples(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave out the project's own videos: they need a pose model."""
    monkeypatch.setattr("gait.validation.run.sample_videos", lambda: None)
    monkeypatch.setattr("gait.faults._log_folders", lambda: [tmp_path / "logs"])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    faults = {"R.MT1": "R.MT5", "R.MT5": "R.MT1"}
    marker_set.write_trial(folder / "fukuchi", faults=faults)
    return folder


def validate(*arguments: object):
    result = runner.invoke(app, ["validate", *(str(a) for a in arguments)])
    assert "Traceback" not in result.output
    return result


def test_the_whole_table(data: Path, tmp_path: Path, no_samples: None) -> None:
    readme = tmp_path / "tree" / "README.md"
    (tmp_path / "tree" / "gait" / "metrics").mkdir(parents=True)
    readme.write_text(f"# x\n{BEGIN}\nan earlier table\n{END}\nend\n", encoding="utf-8")
    result = validate(data, "--quick", "--jobs", 1, "--readme", readme, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "[1/1] RBDS900runT30" in result.stderr
    assert "Note: RBDS900runT30: right foot: markers MT1 and MT5 are swapped in the file; corrected" in result.stdout
    assert "targets are met" in result.stdout
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("# x\n")
    assert text.endswith("end\n")
    assert "an earlier table" not in text
    assert "| Initial contact, ms | marker trials, 3 mm | 120 | none | " in text
    for folder in (readme.parent / "docs", tmp_path / "out"):
        assert "## Events, every condition" in (folder / "accuracy.md").read_text(encoding="utf-8")
        pictures = sorted(p.name for p in (folder / "accuracy").iterdir())
        assert {"events.png", "bland_altman.png", "force.png", "coverage.png", "foot_strike.png"} <= set(pictures)
        assert all(p.read_bytes().startswith(b"\x89PNG") for p in (folder / "accuracy").iterdir())
    figures = json.loads((readme.parent / "gait" / "metrics" / "accuracy.json").read_text(encoding="utf-8"))
    contact = figures["quantities"]["initial_contact"]["agreement"][0]
    assert contact["n"] >= 40
    assert contact["rmse"] < 20.0
    cadence = figures["quantities"]["cadence_spm"]["agreement"][0]
    assert (cadence["n"], cadence["rate_hz"]) == (2, 120.0)
    assert abs(cadence["bias"]) < 0.3
    assert not list(tmp_path.rglob(".gait-*"))


def test_a_readme_without_a_place_is_refused_before_anything_is_measured(
    data: Path, tmp_path: Path, no_samples: None
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("no markers", encoding="utf-8")
    result = validate(data, "--quick", "--readme", readme)
    assert result.exit_code == 2
    assert "no place for the accuracy table" in result.stderr
    assert "[1/1]" not in result.stderr
    assert readme.read_text(encoding="utf-8") == "no markers"


def test_a_folder_without_truth_is_refused(tmp_path: Path, no_samples: None) -> None:
    result = validate(tmp_path)
    assert result.exit_code == 2
    assert "holds no trial and no video with truth" in result.stderr
    result = validate(tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "There is no folder" in result.stderr


def test_a_damaged_trial_is_skipped_with_a_word(tmp_path: Path, no_samples: None) -> None:
    folder = tmp_path / "fukuchi"
    folder.mkdir()
    for name in ("RBDS7runT25", "RBDS7static"):
        (folder / f"{name}.c3d").write_bytes(b"damaged")
    result = validate(tmp_path, "--quick", "--jobs", 1)
    assert result.exit_code == 1
    assert "RBDS7runT25: RBDS7runT25.c3d cannot be read as a C3D file." in result.stderr


def test_explain_quotes_the_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = {
        "quantities": {
            "cadence_spm": {
                "unit": "steps/min",
                "agreement": [
                    {"source": "runners", "model": "no pose model", "rate_hz": 120.0, "n": 36, "bias": -0.02}
                    | {"sd": 0.11, "rmse": 0.11},
                    {"source": "a phone video", "model": "heavy pose model", "rate_hz": 30.0, "n": 1, "bias": 0.4}
                    | {"sd": None, "rmse": 0.4},
                ],
                "published": "somebody had 1 (Someone 2020)",
            }
        }
    }
    monkeypatch.setattr("gait.metrics.accuracy._saved", lambda: saved)
    result = runner.invoke(app, ["explain", "cadence_spm"], env={"COLUMNS": "200"})
    words = " ".join(result.stdout.split())
    assert "Against runners at 120 frames/s (no pose model): error -0.02 \u00b1 0.11 steps/min " in words
    assert "(mean \u00b1 standard deviation of 36 clips)." in words
    assert "From video (heavy pose model, 30 frames/s): error +0.40 steps/min in 1 clip with known truth." in words
    assert "Published: somebody had 1 (Someone 2020)." in words

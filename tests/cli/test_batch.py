"""Many clips: order, failures, skipping, the table."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from gait.batch import cell, find_clips, plan, run_batch
from gait.config import AnalysisConfig
from gait.errors import ConfigError
from gait.interop import analysis_json

CONFIG = AnalysisConfig(height_m=1.75)


def _clips(folder: Path, **contents: str) -> Path:
    for name, text in contents.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def _rows(summary: Path) -> list[dict[str, str]]:
    with summary.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_clips_are_found_in_order_whatever_the_case(tmp_path: Path) -> None:
    names = ["b.MP4", "A.mov", "c.m4v", "d.avi", "e.mkv", "sub/a.mp4", "notes.txt", "._b.mp4", ".trash/x.mp4"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = [clip.relative_to(tmp_path).as_posix() for clip in find_clips(tmp_path, tmp_path / "out")]
    assert found == ["A.mov", "b.MP4", "c.m4v", "d.avi", "e.mkv", "sub/a.mp4"]


def test_our_own_videos_are_not_clips(tmp_path: Path) -> None:
    _clips(tmp_path, run_dot_mp4="x", out__run__other_dot_mp4="x", mine__annotated_dot_mp4="a real clip")
    earlier = _clips(tmp_path / "run_gait", analysis_dot_json="{}", annotated_dot_mp4="made", clip_dot_mp4="real")
    (earlier / "annotated_2.mp4").write_text("made")
    found = [clip.relative_to(tmp_path).as_posix() for clip in find_clips(tmp_path, tmp_path / "out")]
    assert found == ["mine/annotated.mp4", "run.mp4", "run_gait/clip.mp4"]
    assert (earlier / "annotated.mp4").exists()


@pytest.mark.parametrize(
    ("clips", "folders"),
    [
        (["a.mp4", "b.mov"], ["a", "b"]),
        (["a.mov", "a.mp4"], ["a", "a_mp4"]),
        (["a.mp4", "a/b.mp4"], ["a_mp4", "a/b"]),
        (["x/a.mp4", "y/a.mp4"], ["x/a", "y/a"]),
        (["a.avi", "a.mp4", "a_mp4.mp4"], ["a", "a_mp4", "a_mp4_mp4"]),
        (["a.mp4", "a/keyframes.mp4", "A.mov"], ["A_mov", "a_mp4", "a/keyframes"]),
        (["a.mp4", "a_mp4.mov", "a/c.mp4"], ["a_mp4", "a/c", "a_mp4_mov"]),
    ],
)
def test_output_folders_never_collide(clips: list[str], folders: list[str], tmp_path: Path) -> None:
    for clip in clips:
        (tmp_path / clip).parent.mkdir(exist_ok=True)
        (tmp_path / clip).write_text(clip)
    jobs = plan(tmp_path, tmp_path / "out", CONFIG)
    assert [job.out.relative_to(tmp_path / "out").as_posix() for job in jobs] == folders
    assert [job.number for job in jobs] == list(range(1, len(clips) + 1))


def test_a_failure_and_a_crash_do_not_stop_the_rest(engine, tmp_path: Path) -> None:
    folder = _clips(tmp_path / "clips", a_dot_mp4="crash", b_dot_mp4="no video", c_dot_mp4="run", d_dot_mp4="run 2")
    seen = []
    result = run_batch(folder, tmp_path / "out", CONFIG, on_clip=lambda o: seen.append((o.job.name, o.status)))
    assert seen == [("a.mp4", "failed"), ("b.mp4", "failed"), ("c.mp4", "done"), ("d.mp4", "done")]
    assert result.exit_code == 1
    rows = _rows(result.summary)
    assert [row["status"] for row in rows] == ["failed", "failed", "done", "done"]
    assert rows[0]["error"] == "This is a fault of gait, not yours: RuntimeError."
    assert "faults.log" in rows[0]["hint"]
    assert "inner detail" in (tmp_path / "logs" / "faults.log").read_text()
    assert (rows[1]["error"], rows[1]["hint"]) == ("This is no video.", "Film again.")
    assert rows[2] == {
        "file": "c.mp4",
        "status": "done",
        "error": "",
        "hint": "",
        "quality": "medium",
        "warnings": "low_rate",
        "results": "c",
        "person_file": "",
        "cadence_spm": "168.94",
        "ground_contact_time_ms_left": "251.4",
        "foot_strike_left": "rearfoot",
        "step_width_cm_left": "4.2",
    }


def test_the_table_is_there_after_every_clip(engine, tmp_path: Path) -> None:
    folder = _clips(tmp_path / "clips", a_dot_mp4="run", b_dot_mp4="walking", c_dot_mp4="interrupt")
    lengths = []
    with pytest.raises(KeyboardInterrupt):
        run_batch(
            folder,
            tmp_path / "out",
            CONFIG,
            on_clip=lambda o: lengths.append(len(_rows(tmp_path / "out/summary.csv"))),
        )
    assert lengths == [1, 2]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a", "summary.csv"]


def test_a_second_run_skips_what_is_done_and_only_that(engine, tmp_path: Path) -> None:
    folder, out = (
        _clips(tmp_path / "clips", a_dot_mp4="run a", b_dot_mp4="no video", c_dot_mp4="run c"),
        tmp_path / "out",
    )

    def run(config: AnalysisConfig = CONFIG) -> dict[str, str]:
        engine.calls.clear()
        result = run_batch(folder, out, config)
        assert [row["status"] for row in _rows(result.summary)] == [o.status for o in result.outcomes]
        return {o.job.name: o.status for o in result.outcomes}

    assert run() == {"a.mp4": "done", "b.mp4": "failed", "c.mp4": "done"}
    assert run() == {"a.mp4": "skipped", "b.mp4": "failed", "c.mp4": "skipped"}
    assert [call[0].name for call in engine.calls] == ["b.mp4"]
    assert _rows(out / "summary.csv")[0]["cadence_spm"] == "168.94"  # a skipped clip keeps its numbers
    assert run(AnalysisConfig(height_m=1.75, jobs=3)) == {
        "a.mp4": "skipped",
        "b.mp4": "failed",
        "c.mp4": "skipped",
    }
    (folder / "a.mp4").write_text("run another")
    assert run() == {"a.mp4": "done", "b.mp4": "failed", "c.mp4": "skipped"}
    assert run(AnalysisConfig(height_m=1.8)) == {"a.mp4": "done", "b.mp4": "failed", "c.mp4": "done"}
    (out / "c" / "report.html").unlink()
    (out / "a" / "analysis.json").write_text("{broken")
    assert run(AnalysisConfig(height_m=1.8)) == {"a.mp4": "done", "b.mp4": "failed", "c.mp4": "done"}


def test_what_a_person_tells_lies_beside_the_clip(engine, tmp_path: Path) -> None:
    folder, out = _clips(tmp_path / "clips", a_dot_mp4="run a", b_dot_mp4="run b", c_dot_mp4="run c"), tmp_path / "out"
    (folder / "a.person.toml").write_text('name = "Anna"\npain = "left Achilles"\n')
    (folder / "b.person.json").write_text('{"weekly-km": "20 and 30"}')

    def run() -> dict[str, str]:
        return {o.job.name: o.status for o in run_batch(folder, out, CONFIG).outcomes}

    def told(clip: str) -> dict[str, object]:
        return analysis_json.read(out / clip / "analysis.json").recording.told

    assert run() == {"a.mp4": "done", "b.mp4": "done", "c.mp4": "done"}
    assert told("a") == {"name": "Anna", "pain": ["left back_of_ankle"]}
    assert told("b") == {"weekly_km": [20.0, 30.0]}
    assert told("c") == {}
    assert run() == {"a.mp4": "skipped", "b.mp4": "skipped", "c.mp4": "skipped"}
    (folder / "a.person.toml").write_text('name = "Anna"\n')
    (folder / "b.person.json").unlink()
    (folder / "c.person.toml").write_text('pain = "the moon"\n')
    (folder / "c.person.json").write_text("{}")
    result = run_batch(folder, out, CONFIG)
    assert [o.status for o in result.outcomes] == ["done", "done", "failed"]
    assert "c.person.toml and c.person.json" in result.outcomes[2].error
    assert (told("a"), told("b")) == ({"name": "Anna"}, {})
    (folder / "c.person.json").unlink()
    assert "the moon" in run_batch(folder, out, CONFIG).outcomes[2].error


def test_answers_that_belong_to_no_clip_are_told(engine, tmp_path: Path) -> None:
    folder = _clips(tmp_path / "clips", bob_dot_mp4="run", bob_dot_person_dot_toml='name = "Bob"', sub__x_dot_mp4="run")
    slips = [folder / "Bobby.person.toml", folder / "bob.mp4.person.toml", folder / "sub" / "bob.person.json"]
    for path in slips:
        path.write_text("")
    result = run_batch(folder, tmp_path / "out", CONFIG)
    assert set(result.stray) == set(slips)
    assert [row["person_file"] for row in _rows(result.summary)] == ["bob.person.toml", ""]


def test_columns_stand_in_one_order_and_a_failed_clip_points_at_no_results(engine, tmp_path: Path) -> None:
    folder, out = _clips(tmp_path / "clips", a_dot_mp4="run a", b_dot_mp4="run b"), tmp_path / "out"
    first = list(_rows(run_batch(folder, out, CONFIG).summary)[0])
    (folder / "a.person.toml").write_text('pain = "the moon"')
    rows = _rows(run_batch(folder, out, CONFIG).summary)
    assert list(rows[0]) == first
    assert (rows[0]["status"], rows[0]["results"], rows[1]["results"]) == ("failed", "", "b")
    assert rows[1]["cadence_spm"] == "168.94"


def test_another_version_of_gait_does_it_again(engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _clips(tmp_path / "clips", a_dot_mp4="run")
    assert run_batch(folder, tmp_path / "out", CONFIG).count("done") == 1
    monkeypatch.setattr("gait.batch.gait_version", lambda: "1.2.4")
    assert run_batch(folder, tmp_path / "out", CONFIG).count("done") == 1


def test_a_table_that_cannot_be_written_does_not_stop_the_clips(engine, tmp_path: Path) -> None:
    folder = _clips(tmp_path / "clips", a_dot_mp4="run", b_dot_mp4="run")
    (tmp_path / "out" / "summary.csv").mkdir(parents=True)  # like a file that a spreadsheet holds open
    with pytest.raises(ConfigError, match=r"summary\.csv cannot be written"):
        run_batch(folder, tmp_path / "out", CONFIG)
    assert [call[0].name for call in engine.calls] == ["a.mp4", "b.mp4"]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a", "b", "summary.csv"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_file_names_never_become_formulas(engine, tmp_path: Path) -> None:
    names = ['=HYPERLINK("x").mp4', "+1.mp4", "-1.mp4", "@sum.mp4", "plain, with comma.mp4"]
    (tmp_path / "clips").mkdir()
    for name in names:
        (tmp_path / "clips" / name).write_text("run")
    rows = _rows(run_batch(tmp_path / "clips", tmp_path / "out", CONFIG).summary)
    assert sorted(row["file"] for row in rows) == sorted([*("'" + name for name in names[:4]), names[4]])
    assert not any(text.startswith(("=", "+", "-", "@")) for row in rows for text in row.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\t=1", "'\t=1"), ("a=1", "a=1"), ("", "")],
)
def test_cells(text: str, expected: str) -> None:
    assert cell(text) == expected


def test_negative_numbers_stay_numbers(engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    def negative(video, config, out, on_progress=None, **rest):
        analysis = engine.run(video, config, out, on_progress, **rest)
        return replace(analysis, metrics=(replace(analysis.metrics[0], value=-3.5),))

    folder = _clips(tmp_path / "clips", a_dot_mp4="run")
    assert _rows(run_batch(folder, tmp_path / "out", CONFIG, engine=negative).summary)[0]["cadence_spm"] == "-3.5"


@pytest.mark.parametrize("what", ["missing", "a file", "empty", "out is a file"])
def test_folders_that_cannot_be_used(what: str, tmp_path: Path) -> None:
    folder, out = tmp_path / "clips", tmp_path / "out"
    if what == "a file":
        folder.write_text("x")
    elif what == "empty":
        _clips(folder, notes_dot_txt="x")
    elif what == "out is a file":
        _clips(folder, a_dot_mp4="run")
        out.write_text("x")
    message = {"missing": "does not exist", "a file": "is not a folder", "empty": "There is no clip"}
    with pytest.raises(ConfigError, match=message.get(what, "is a file")):
        run_batch(folder, out, CONFIG)


def test_progress_names_the_clip(engine, tmp_path: Path) -> None:
    folder = _clips(tmp_path / "clips", a_dot_mp4="run", b_dot_mp4="run")
    seen = []
    run_batch(folder, tmp_path / "out", CONFIG, lambda job, p: seen.append((job.number, job.total, p.stage, p.done)))
    assert seen == [(n, 2, *step) for n in (1, 2) for step in (("video", 0), ("pose", 150), ("pose", 300))]

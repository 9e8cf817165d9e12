"""The real command line around a stand-in engine: what is printed where, and exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from gait.cli import app

runner = CliRunner()
ISSUE_OPTIONS = set(
    """
    out with height mass belt-speed incline view mirrored capture-rate start end horizon-deg tape-color model model-dir
    rules config no-video no-blur-face jobs json quiet verbose person
    """.split()  # noqa: SIM905
)
SUPPORT = str(Path(__file__).parents[1] / "support")
GAIT = [sys.executable, "-m", "gait.cli"]


def run(*arguments: str, **kwargs: object):
    """Run the command line in this process; no traceback may ever reach the person."""
    result = runner.invoke(app, list(arguments), **kwargs)
    assert "Traceback" not in result.output
    return result


def test_analyze_prints_quality_first_then_numbers_then_the_report(engine, clip: Path) -> None:
    result = run("analyze", "anna.mp4", "--height", "5 ft 9", "--belt-speed", "10 km/h", "--no-video")
    assert result.exit_code == 0
    out = result.stdout
    order = [
        "Quality of the recording: medium",
        "Only 60 pictures a second.",
        "Film at 120.",
        "168.9",
        "251 ms",
    ]
    order += ["Rearfoot", "anna_gait", "Not a medical device"]
    positions = [out.index(text) for text in order]
    assert positions == sorted(positions)
    assert "168.1 to 169.6" in out
    video, config, folder = engine.calls[0]
    assert (video, folder) == (Path("anna.mp4"), Path("anna_gait"))
    assert config.height_m == pytest.approx(1.7526)
    assert config.belt_speed_m_s == pytest.approx(10 / 3.6)
    assert config.video is False
    assert config.blur_face is True


def test_progress_goes_to_standard_error(engine, clip: Path) -> None:
    result = run("analyze", "anna.mp4")
    assert "Following the runner: 150 of 300, 34.6 frames/s, 4 s left" in result.stderr
    assert "Following" not in result.stdout


def test_json_is_all_there_is_on_standard_output(engine, clip: Path) -> None:
    result = run("analyze", "anna.mp4", "--json")
    saved = json.loads(result.stdout)
    assert saved["metrics"][0]["name"] == "cadence_spm"
    assert saved["metrics"][0]["value"] == 168.94
    assert saved["quality"]["level"] == "medium"


def test_quiet_says_nothing_unless_something_is_wrong(engine, clip: Path) -> None:
    result = run("analyze", "anna.mp4", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    clip.write_text("walking")
    result = run("analyze", "anna.mp4", "-q")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == ["Error: This is walking. Film running."]


ERRORS = [
    (["analyze", "none.mp4"], 1, "does not exist", "Check its name."),
    (["analyze", "broken.mp4"], 1, "This is no video.", "Film again."),
    (["analyze", "anna.mp4", "--height", "175"], 2, "Height cannot be 175 m.", '"175 cm"'),
    (["analyze", "anna.mp4", "--height", "nan"], 2, '"nan" was not understood', "5 ft 9"),
    (["analyze", "anna.mp4", "--height", "inf"], 2, '"inf" was not understood', "5 ft 9"),
    (["analyze", "anna.mp4", "--height", "-1.7"], 2, "Height cannot be -1.7 m.", "between 1 and 2.3 m"),
    (["analyze", "anna.mp4", "--height", "1.75 stone"], 2, "was not understood", "5 ft 9"),
    (["analyze", "anna.mp4", "--belt-speed", "10"], 2, "has no unit", "10 km/h"),
    (["analyze", "anna.mp4", "--view", "top"], 2, 'View cannot be "top"', "left, right, rear, front"),
    (["analyze", "anna.mp4", "--start", "5", "--end", "5"], 2, "not after the start", "--end"),
    (["analyze", "anna.mp4", "--jobs", "two"], 2, 'Jobs cannot be "two"', "between 1 and 1024"),
    (["analyze", "anna.mp4", "--config", "none.toml"], 2, "does not exist", "--config"),
    (["analyze", "anna.mp4", "--config", "bad.toml"], 2, "bad.toml", '"height"'),
    (["analyze", "anna.mp4", "--video", "--no-video"], 2, "contradict", "Keep one"),
    (["analyze", "anna.mp4", "--out", "anna.mp4"], 2, "is a file", "--out"),
    (["batch", "none"], 2, "does not exist", "folder"),
    (["explain", "cadense_spm"], 2, "cadense_spm", "cadence_spm"),
    (["explain", "nonsense"], 2, "nonsense", "gait explain"),
]


@pytest.mark.parametrize(
    ("arguments", "code", "message", "hint"),
    ERRORS,
    ids=lambda x: " ".join(x) if isinstance(x, list) else None,
)
def test_errors_are_one_line_that_says_what_to_do(arguments, code, message, hint, engine, clip: Path) -> None:
    Path("broken.mp4").write_text("no video")
    Path("bad.toml").write_text("hight = 1.75")
    result = run(*arguments)
    lines = [line for line in result.stderr.splitlines() if line]
    assert result.exit_code == code
    assert result.stdout == ""
    assert len(lines) == 1
    assert lines[0].startswith("Error: ")
    assert message in lines[0]
    assert hint in lines[0]


@pytest.mark.parametrize("arguments", [["analyze"], ["analyze", "a.mp4", "--foo"], ["dance"], ["app", "--port", "x"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_a_fault_of_ours_is_one_line_and_a_log(engine, clip: Path, tmp_path: Path) -> None:
    clip.write_text("crash")
    result = run("analyze", "anna.mp4")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: This is a fault of gait, not yours: RuntimeError. ")
    assert str(tmp_path / "logs" / "faults.log") in result.stderr
    assert "inner detail" not in result.output
    log = (tmp_path / "logs" / "faults.log").read_text()
    assert "RuntimeError: inner detail" in log
    assert "Traceback" in log


def test_ctrl_c_exits_with_130(engine, clip: Path) -> None:
    clip.write_text("interrupt")
    result = run("analyze", "anna.mp4")
    assert result.exit_code == 130
    assert not Path("anna_gait").exists()


def test_the_command_line_wins_over_the_file(engine, clip: Path) -> None:
    Path("clinic.toml").write_text(
        'height = "180 cm"\nbelt-speed = "10 km/h"\nno-video = true\nquiet = true\nout = "r"\n'
    )
    result = run("analyze", "anna.mp4", "--config", "clinic.toml", "--height", "1.70", "--video")
    assert (result.exit_code, result.output) == (0, "")
    _, config, out = engine.calls[0]
    assert (config.height_m, config.video) == (1.7, True)
    assert config.belt_speed_m_s == pytest.approx(10 / 3.6)
    assert out == Path("r")


def test_batch_says_what_became_of_each_clip(engine) -> None:
    Path("clips").mkdir()
    for name, text in {"a": "run", "b": "walking", "c": "crash"}.items():
        Path("clips", f"{name}.mp4").write_text(text)
    result = run("batch", "clips", "--out", "out")
    assert result.exit_code == 1
    assert "[1/3] a.mp4: done" in result.stdout
    assert result.stdout.rstrip().endswith(f"3 clips: 1 analysed, 2 failed. Table: {Path('out/summary.csv')}")
    assert "Error: b.mp4: This is walking." in result.stderr
    assert "[1/3] a.mp4: Following the runner: 150 of 300" in result.stderr
    for name in "bc":
        Path("clips", f"{name}.mp4").unlink()
    again = run("batch", "clips", "--out", "out")
    assert again.exit_code == 0
    assert "1 clip: 0 analysed, 1 done before, 0 failed." in again.stdout
    assert run("batch", "clips", "--out", "out", "--quiet").output == ""


def test_batch_json(engine) -> None:
    Path("clips").mkdir()
    Path("clips/a.mp4").write_text("walking")
    result = run("batch", "clips", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "summary": str(Path("clips_gait/summary.csv")),
        "clips": [{"file": "a.mp4", "status": "failed", "error": "This is walking."}],
    }


def _commands(command=None, path: tuple[str, ...] = ()):
    command = command or typer.main.get_command(app)
    yield path, command
    for name, sub in getattr(command, "commands", {}).items():
        yield from _commands(sub, (*path, name))


def test_every_command_and_option_has_help() -> None:
    found = dict(_commands())
    commands = {"analyze", "batch", "models", "doctor", "app", "explain", "compare", "report", "validate", "person"}
    assert {path[0] for path in found if path} == commands
    assert {path for path in found if len(path) == 2} == {("models", "fetch"), ("models", "verify")}
    for path, command in found.items():
        assert command.help, path
        for parameter in command.params:
            assert getattr(parameter, "help", None), (path, parameter.name)


def test_analyze_help_shows_exactly_the_options_of_the_issue() -> None:
    shown = run("analyze", "--help", env={"COLUMNS": "200", "NO_COLOR": "1"}).stdout
    assert set(re.findall(r"--([a-z][a-z-]*)", shown)) - {"help"} == ISSUE_OPTIONS


def test_explain(engine) -> None:
    result = run("explain", "cadence_spm")
    assert result.exit_code == 0
    assert "(cadence_spm)" in result.stdout
    for label in ("Unit", "Definition", "Source"):
        assert label in result.stdout
    told = " ".join(result.stdout.split())
    assert "Smallest change None published; derived from each recording" in told
    assert "[D, E]" in told
    told = " ".join(run("explain", "pelvic_drop_deg").stdout.split())
    assert "Smallest change 2.8°, published (contralateral pelvic drop, 2.7 to 2.8 deg in Dingenen" in told
    told = " ".join(run("explain", "foot_strike").stdout.split())
    assert "A class counts as changed when foot angle at landing really changed, too." in told
    names = run("explain").stdout
    assert "shank_angle_ic_deg" in names


def test_models_lists_the_three_sizes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("GAIT_MODEL_DIR", raising=False)
    listed = run("models")
    assert listed.exit_code == 0
    assert re.findall(r"^(\w+) +missing", listed.stdout, re.M) == ["heavy", "full", "lite"]
    (tmp_path / "models").mkdir()
    verified = run("models", "verify", str(tmp_path / "models"))
    assert verified.exit_code == 1
    assert "no intact model" in verified.stderr
    assert run("models", "fetch", "huge").exit_code == 2
    assert run("models", "verify", str(tmp_path / "nowhere")).exit_code == 1


def test_help_is_quick_and_loads_nothing_heavy() -> None:
    heavy = ("numpy", "scipy", "pandas", "cv2", "av", "mediapipe", "streamlit", "altair", "pydantic")
    code = f"import sys, gait.cli; print([m for m in {heavy!r} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        done = subprocess.run([*GAIT, "--help"], capture_output=True, text=True, encoding="utf-8", check=True)
        times.append(time.perf_counter() - begun)
    assert "analyze" in done.stdout
    assert min(times) < 1.5


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_the_installed_command_in_a_process_of_its_own(encoding: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "100", "PYTHONUTF8": "0"}
    run_here = {"capture_output": True, "env": environment, "cwd": tmp_path, "timeout": 60}
    shown = subprocess.run([*GAIT, "explain", "shank_angle_ic_deg"], **run_here)
    assert shown.returncode == 0, shown.stderr
    assert b"shank_angle_ic_deg" in shown.stdout
    wrong = subprocess.run([*GAIT, "analyze", "m\u00fcller\u2032.mp4", "--height", "5\u20329"], **run_here)
    assert wrong.returncode == 1
    assert wrong.stdout == b""
    assert wrong.stderr.startswith(b"Error: ")
    assert b"Traceback" not in wrong.stderr
    assert subprocess.run([*GAIT, "analyze", "x.mp4", "--height", "175"], **run_here).returncode == 2


def test_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gait.version.gait_version", lambda: "1.2.3")
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, "gait 1.2.3\n")


@pytest.mark.skipif(os.name == "nt", reason="a Ctrl-C cannot be sent to one process there")
def test_a_real_ctrl_c_ends_the_process_with_130(tmp_path: Path) -> None:
    (tmp_path / "anna.mp4").write_text("slow")
    code = (
        # Where the tests run in the background, interrupts are ignored unless somebody asks for them.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "import stand_in, gait.pipeline, gait.cli; gait.pipeline.run = stand_in.run; gait.cli.main()"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([SUPPORT, *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", code, "analyze", "anna.mp4"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "150 of 300" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[0] == "Error: Stopped. Nothing half-written was left behind."
    assert sorted(p.name for p in tmp_path.iterdir()) == ["anna.mp4"]

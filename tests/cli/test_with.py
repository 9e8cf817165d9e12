"""`gait analyze A --with B` from files to the folder of results; only the pose model is replaced by known landmarks."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pyarrow.parquet as pq
import pytest
import runner as sim
from two_sides import from_the_left
from typer.testing import CliRunner

import gait.pipeline
from gait.cli import app
from gait.clips import OtherClip, clip_hint
from gait.config import AnalysisConfig
from gait.errors import ConfigError
from gait.interop import analysis_json
from gait.model import PoseSequence, VideoInfo
from gait.pose.follow import Scouting
from gait.pose.sequence import Tracking
from gait.pose.store import ModelBundle
from gait.video.probe import probe
from gait.video.write import VideoWriter

SCALE = 0.5
SECONDS = 7.0


def blank_film(path: Path, shade: int, rate_hz: float = 60.0) -> None:
    """A grey film of the right size and length; the shade makes it a file of its own."""
    width, height = (round(SCALE * v) for v in sim.truth().size_px)
    with VideoWriter(path, (width, height), rate_hz, preset="ultrafast") as writer:
        for _ in range(round(SECONDS * 60)):
            writer.write(np.full((height, width, 3), shade, dtype=np.uint8))


def side_run(seed: int) -> PoseSequence:
    return sim.runner(noise_px=0.5, seed=seed, stop_s=SECONDS)


POSES: dict[str, Callable[[], PoseSequence]] = {
    "right": lambda: side_run(1),
    "right_again": lambda: side_run(3),
    "left": lambda: from_the_left(side_run(2)),
    "rear": lambda: sim.part(sim.seen_from_behind(), 0.0, SECONDS),
    # The mirror-inverted picture of the left side looks like a right side.
    "left_mirrored": lambda: side_run(2),
}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    # Shades well apart, so that no two films are the same file.
    for number, name in enumerate(POSES):
        blank_film(folder / f"{name}.mp4", 60 + 20 * number)
    blank_film(folder / "slow.mp4", 200, rate_hz=7.5)
    shutil.copy(folder / "right.mp4", folder / "copy_of_right.mp4")
    return folder


@pytest.fixture
def work(films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the clips, and a pose model that knows what each shows."""
    poses = {probe(films / f"{name}.mp4").sha256: pose for name, pose in POSES.items()}
    poses[probe(films / "slow.mp4").sha256] = POSES["left"]

    def track(info: VideoInfo, bundle: ModelBundle, *, first: int = 0, stop: int | None = None, **_: Any) -> Tracking:
        pose = sim.scaled(poses[info.sha256](), SCALE)
        rows = slice(first, stop)
        cut = replace(
            pose,
            times_s=info.times_s[rows],
            xy_px=pose.xy_px[rows],
            score=pose.score[rows],
            depth=pose.depth[rows],
            first_frame=first,
        )
        return Tracking(cut, Scouting(1, None), 0, from_cache=True)

    bundle = ModelBundle("heavy", "heavy", "0" * 64, None, "folder", tmp_path)
    monkeypatch.setattr(gait.pipeline, "track", track)
    monkeypatch.setattr(gait.pipeline, "resolve", lambda *_, **__: bundle)
    monkeypatch.chdir(films)
    return tmp_path


def analyze(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, ["analyze", *arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def test_two_sides_in_one_folder(work: Path) -> None:
    out = work / "out"
    shown = analyze("right.mp4", "--with", "left.mp4", "--height", "1.75", "--out", str(out)).stdout
    assert "Right side towards the camera in right.mp4, left side towards the camera in left.mp4" in shown
    assert "Left minus right" in shown
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    pictures = {f"keyframes/v{n}_{s}_{p}.png" for n, s in ((1, "right"), (2, "left")) for p in ("initial_contact", "mid_stance", "toe_off")}  # fmt: skip # noqa: E501
    tables = {"analysis.json", "metrics.csv", "strides.csv", "landmarks.parquet", "report.html", "report.pdf"}
    assert names == tables | pictures | {"annotated.mp4", "annotated_2.mp4"}

    saved = json.loads((out / "analysis.json").read_text(encoding="utf-8"))
    jsonschema.validate(saved, analysis_json.json_schema(), cls=jsonschema.Draft202012Validator)
    assert [(v["id"], v["view"]) for v in saved["videos"]] == [("v1", "right"), ("v2", "left")]
    ids = {"v1", "v2"}
    for table in ("events", "strides", "curves", "keyframes"):
        assert {row["video"] for row in saved[table]} == ids, table
    assert {row["video"] for row in saved["metrics"]} <= ids
    assert saved["config"]["with"] == [{"path": "left.mp4"}]
    back = analysis_json.read(out)
    even = back.metric("symmetry_shank_angle_ic_deg")
    assert even is not None
    assert even.value == pytest.approx(0.0, abs=1.0)

    strides = list(csv.DictReader(io.StringIO((out / "strides.csv").read_text(encoding="utf-8"))))
    assert len(strides) == len(saved["strides"])
    for row in strides:
        near = {"v1": "right", "v2": "left"}[row["video"]]
        assert bool(row["knee_flexion_ic_deg"]) == (row["side"] == near and row["kept"] == "true")
    landmarks = pq.read_table(out / "landmarks.parquet").to_pandas()
    assert landmarks.groupby("video", observed=True).frame.nunique().to_dict() == {"v1": 420, "v2": 420}
    # Left foot of the left clip lies where the right foot of the right clip lies in the mirror.
    foot = {
        v: landmarks[(landmarks.video == v) & (landmarks.landmark == f"{s}_heel")].x_px.mean()
        for v, s in (("v1", "right"), ("v2", "left"))
    }
    assert foot["v1"] + foot["v2"] == pytest.approx(640, abs=1)

    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Left against right" in page
    assert "Left-side clip (v2)" in page
    assert "What two side views cannot show" in page


def test_the_order_of_the_clips_changes_no_number(work: Path) -> None:
    for name, (first, second) in {"a": ("right", "left"), "b": ("left", "right")}.items():
        analyze(f"{first}.mp4", "--with", f"{second}.mp4", "--no-video", "-q", "--out", str(work / name))
    one, other = (
        {(m.name, m.side): (m.value, m.ci95, m.reason) for m in analysis_json.read(work / n).metrics} for n in "ab"
    )
    assert one == other


def test_an_analysis_of_one_clip_replaces_all_of_two(work: Path) -> None:
    out = str(work / "out")
    analyze("right.mp4", "--with", "left.mp4", "-q", "--out", out)
    drawn_from = analysis_json.read(work / "out").software["annotated_video"]
    analyze("right.mp4", "-q", "--out", out)
    assert not (work / "out" / "annotated_2.mp4").exists()
    assert not list((work / "out" / "keyframes").glob("v2_*"))
    found = analysis_json.read(work / "out")
    assert len(found.videos) == 1
    # The film of the first clip is the same with and without a second one, and need not be drawn again.
    assert found.software["annotated_video"] == drawn_from
    assert "annotated_video_2" not in found.software


def test_three_clips(work: Path) -> None:
    out = work / "out"
    analyze("rear.mp4", "--with", "left.mp4", "--with", "right.mp4", "--no-video", "-q", "--out", str(out))
    found = analysis_json.read(out)
    assert [v.view for v in found.videos] == ["rear", "left", "right"]
    keys = [(m.name, m.side) for m in found.metrics]
    assert len(keys) == len(set(keys))
    shin = found.metric("shank_angle_ic_deg", "left")
    assert shin is not None
    assert shin.video == "v2"
    assert any(w.message.startswith("Rear clip: ") for w in found.quality.warnings)


def test_options_of_one_clip_alone(work: Path) -> None:
    out = work / "out"
    analyze("right.mp4", "--with", "left.mp4,start=1,end=6.5", "--end", "6", "--no-video", "-q", "--out", str(out))
    right, left = analysis_json.read(out).videos
    assert right.analysed_s == pytest.approx((0.0, 6.0), abs=0.02)
    assert left.analysed_s == pytest.approx((1.0, 6.5), abs=0.02)
    saved = json.loads((out / "analysis.json").read_text(encoding="utf-8"))
    assert saved["config"]["with"] == [{"path": "left.mp4", "start_s": 1.0, "end_s": 6.5}]


def test_a_mirrored_second_clip_is_refused_until_it_is_called_so(work: Path) -> None:
    out = work / "out"
    arguments = ["right.mp4", "--no-video", "-q", "--out", str(out)]
    refused = analyze(*arguments, "--with", "left_mirrored.mp4", code=1).stderr
    assert "right.mp4 and left_mirrored.mp4 both show the runner's right side" in refused
    assert not out.exists()
    analyze(*arguments, "--with", "left_mirrored.mp4,mirrored")
    assert [(v.view, v.mirrored) for v in analysis_json.read(out).videos] == [("right", False), ("left", True)]


def test_slow_motion_of_one_clip(work: Path) -> None:
    out = work / "out"
    arguments = ["right.mp4", "--no-video", "-q", "--out", str(out)]
    refused = analyze(*arguments, "--with", "slow.mp4", code=1).stderr
    assert "slow.mp4 cannot be joined with other clips" in refused
    assert "`--with slow.mp4,capture-rate=60`" in refused
    analyze(*arguments, "--with", "slow.mp4,capture-rate=60")
    right, left = analysis_json.read(out).videos
    assert (right.time_scale, left.time_scale) == (1.0, pytest.approx(0.125))
    assert left.rate_hz == pytest.approx(60.0)


def test_the_capture_rate_holds_for_all_clips_and_a_wrong_one_names_its_clip(work: Path) -> None:
    arguments = ["slow.mp4", "--capture-rate", "60", "--no-video", "-q", "--out", str(work / "out")]
    analyze(*arguments, "--with", "right.mp4")
    slow, right = analysis_json.read(work / "out").videos
    assert (slow.time_scale, right.time_scale) == (pytest.approx(0.125), 1.0)
    refused = analyze(*arguments, "--with", "right.mp4,capture-rate=240", code=2).stderr
    assert refused.startswith("Error: right.mp4: The capture rate cannot be right")
    assert "`--with right.mp4,capture-rate=" in refused


REFUSED = [
    (["right.mp4", "--with", "right.mp4"], 2, "right.mp4 is given twice."),
    (["right.mp4", "--with", "copy_of_right.mp4"], 2, "copy_of_right.mp4: This is the same recording"),
    (["right.mp4", "--with", "none.mp4"], 1, "none.mp4"),
    (["right.mp4", "--with", "right_again.mp4"], 1, "both show the runner's right side"),
    (["right.mp4", "--with", "left.mp4,start=60"], 2, "left.mp4: The start at 60 s lies behind the end"),
    (["right.mp4", "--with", "left.mp4,start=3,end=2"], 2, "not after the start"),
    (["right.mp4", "--with", "left.mp4,view=right"], 2, "left.mp4: `--view right` cannot be"),
    (["right.mp4", "--with", "left.mp4,height=1.8"], 2, '"height" after left.mp4 is no option of a single clip.'),
    (["right.mp4", "--with", "left.mp4,strat=3"], 2, 'Did you mean "start"?'),
    (["right.mp4", "--with", "left.mp4,start"], 2, "Write it as start=12.5."),
    (["right.mp4", "--with", "left.mp4,mirrored=maybe"], 2, "Write it as mirrored."),
    (["right.mp4", "--with", "left.mp4,start=soon"], 2, "--with left.mp4"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), REFUSED, ids=lambda x: x[-1] if isinstance(x, list) else None)
def test_refusals_are_one_line_and_leave_nothing(arguments: list[str], code: int, words: str, work: Path) -> None:
    out = work / "out"
    result = analyze(*arguments, "--out", str(out), "-q", code=code)
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stderr.startswith("Error: ")
    assert not out.exists()


def test_progress_names_the_clip(work: Path) -> None:
    result = analyze("right.mp4", "--with", "left.mp4", "--no-video", "--out", str(work / "out"))
    assert "right.mp4: Measuring" in result.stderr
    assert "left.mp4: Measuring" in result.stderr


class TestOtherClip:
    def test_commas_in_names(self, tmp_path: Path) -> None:
        path = tmp_path / "a,b.mp4"
        path.write_bytes(b"x")
        assert OtherClip.read(f"{path}") == OtherClip(path)
        assert OtherClip.read(f"{path},start=1:05") == OtherClip(path, {"start_s": 65.0})
        assert OtherClip.read("not,here.mp4,start=3").path == Path("not,here.mp4")

    def test_what_holds_for_all_clips_and_what_does_not(self) -> None:
        shared = AnalysisConfig(
            height_m=1.8, view="right", mirrored=True, capture_rate_hz=240.0, start_s=2.0, end_s=9.0, horizon_deg=1.0
        )
        config = OtherClip(Path("x.mp4")).config(shared)
        assert (config.height_m, config.mirrored, config.capture_rate_hz) == (1.8, True, 240.0)
        assert (config.view, config.start_s, config.end_s, config.horizon_deg) == (None, None, None, None)
        own = OtherClip.read("x.mp4,no-mirrored,capture-rate=120,view=left").config(shared)
        assert (own.mirrored, own.capture_rate_hz, own.view) == (False, 120.0, "left")

    def test_own_times_must_make_sense(self) -> None:
        with pytest.raises(ConfigError, match="not after the start"):
            OtherClip.read("x.mp4,start=5,end=4").config(AnalysisConfig())

    def test_hints_say_where_a_clips_own_option_goes(self) -> None:
        assert clip_hint("Film again.", "x.mp4") == "Film again."
        assert clip_hint("Give `--capture-rate 240` if so.", "x.mp4").endswith("`--with x.mp4,capture-rate=240`.")
        assert clip_hint("Leave out `--view`.", "x.mp4").endswith("`--with x.mp4,view=left`.")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("left.mp4,start=9,end=3", "left.mp4: The end (3 s) is not after the start (9 s)."),
        ("left.mp4,", 'In "--with left.mp4," an option is missing after a comma.'),
        ("nowhere.mp4,", 'In "--with nowhere.mp4," an option is missing after a comma.'),
    ],
)
def test_a_slip_in_the_options_of_a_clip_names_it(work: Path, given: str, said: str) -> None:
    assert said in " ".join(analyze("right.mp4", "--with", given, code=2).stderr.split())


def test_what_the_person_tells_changes_no_number_and_no_film(work: Path) -> None:
    (work / "me.toml").write_text(
        'name = "Anna <b>"\npain = ["right outer ankle"]\nfour-steps = "yes"\n', encoding="utf-8"
    )
    plain, told = work / "plain", work / "told"
    analyze("right.mp4", "--with", "left.mp4", "--out", str(plain))
    shown = analyze("right.mp4", "--with", "left.mp4", "--out", str(told), "--person", str(work / "me.toml")).stdout
    assert "pain: right outer ankle" in shown
    before, after = (json.loads((out / "analysis.json").read_text(encoding="utf-8")) for out in (plain, told))
    assert after.pop("recording") == before.pop("recording") | {
        "person": "Anna <b>",
        "told": {"pain": ["right outer_ankle"], "four_steps": True, "name": "Anna <b>"},
    }
    for saved in (before, after):
        saved["software"].pop("analysed_at")
        for made_of_answers in ("findings", "advice", "plan"):
            saved.pop(made_of_answers)
    # What the films were drawn from is noted there, too: a second analysis keeps them.
    assert {"annotated_video", "annotated_video_2"} <= set(after["software"])
    assert after == before
    for name in ("metrics.csv", "strides.csv", "landmarks.parquet"):
        assert (plain / name).read_bytes() == (told / name).read_bytes()
    page = (told / "report.html").read_text(encoding="utf-8")
    assert "Anna &lt;b&gt;" in page
    assert "Anna <b>" not in page
    assert "pain: right outer ankle; can take four steps" in page

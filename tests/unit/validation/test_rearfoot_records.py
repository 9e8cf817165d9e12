"""Rearfoot angles in targets and tables: tape and outline apart, "not assessed" told and no error."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gait.errors import GaitError
from gait.metrics.accuracy import Agreement, accuracy_words
from gait.metrics.rearfoot import READ_FROM
from gait.model import GaitAnalysis, GaitEvent, MetricValue
from gait.rearfoot.angles import OUTLINE, TAPE
from gait.validation import rearfoot_set, video_cases
from gait.validation.accuracy_file import accuracy_json
from gait.validation.compare import compare_metrics, not_measured
from gait.validation.differences import order_pct, rank_correlation, side_differences, side_sign_pct
from gait.validation.documents import full_document, readme_block
from gait.validation.plain import plain_table
from gait.validation.records import Case, Comparison, Outcome, Unmeasured
from gait.validation.tables import few_list, measured, missed_list, state
from gait.validation.targets import Target, judge, load_targets
from gait.validation.video_cases import VideoCase, judge_video

NAME = "rearfoot_excursion_deg"
FILM = Case("rendered", "film", "heavy", 60.0, "from behind", "both")
OTHER = Case("rendered", "other", "heavy", 60.0, "from behind", "both")
BY_TAPE = Target(("rendered",), NAME, "deg", {"max_abs": 2.0}, {"side_sign_pct": 100.0}, method=TAPE, may_decline=True)
BY_OUTLINE = Target(("rendered",), NAME, "deg", {"max_abs": 4.0}, {}, method=OUTLINE, may_decline=True)


def foot(side: str, truth: float, value: float, method: str = TAPE, case: Case = FILM) -> Comparison:
    return Comparison(case, NAME, side, value, (value - 2.0, value + 2.0), truth, "medium", "medium", method=method)


def test_tape_and_outline_have_targets_of_their_own() -> None:
    outcome = Outcome((foot("left", 8.0, 9.5), foot("right", 14.0, 17.0, OUTLINE)))
    found = {(v.target.method, v.statistic): v for v in judge(outcome, [BY_TAPE, BY_OUTLINE])}
    assert (found[TAPE, "max_abs"].value, found[TAPE, "max_abs"].met) == (1.5, True)
    assert (found[OUTLINE, "max_abs"].value, found[OUTLINE, "max_abs"].met) == (3.0, True)
    assert found[TAPE, "side_sign_pct"].too_few, "one foot has no difference"


def test_not_assessed_is_told_and_no_error() -> None:
    lacking = tuple(Unmeasured(FILM, NAME, side, "Hidden.", method) for side, method in (("left", ""), ("right", "")))
    found = judge(Outcome(unmeasured=lacking), [BY_TAPE, BY_OUTLINE])
    assert [(v.target.method, state(v), measured(v)) for v in found] == [
        (OUTLINE, "not judged", "not assessed in 2 feet")
    ]
    assert missed_list(found) == ""
    assert few_list(found) == (
        "- Heel roll-in from landing, rendered, from the outline: largest error: not assessed in 2 feet."
    )
    some = judge(Outcome((foot("left", 8.0, 9.0, OUTLINE),), unmeasured=lacking[1:]), [BY_OUTLINE])
    assert measured(some[0]) == "1.0 deg (1 foot not assessed)"


def test_other_metrics_may_not_decline() -> None:
    target = Target(("rendered",), "step_width_cm", "cm", {"max_abs": 1.5}, {})
    assert judge(Outcome(unmeasured=(Unmeasured(FILM, "step_width_cm", "both"),)), [target])[0].missed


def test_a_difference_the_wrong_way_round_misses_the_target() -> None:
    wrong = Outcome((foot("left", 8.0, 9.9), foot("right", 12.5, 9.0)))
    assert state(next(v for v in judge(wrong, [BY_TAPE]) if v.statistic == "side_sign_pct")) == "missed"
    small = Outcome((foot("left", 8.0, 9.9), foot("right", 11.5, 9.0)))
    assert state(next(v for v in judge(small, [BY_TAPE]) if v.statistic == "side_sign_pct")) == "not judged"


def test_differences_and_order_of_feet() -> None:
    feet = [foot("left", 8.0, 9.0), foot("right", 14.0, 13.0), foot("left", 2.0, 10.0, case=OTHER)]
    assert side_sign_pct(feet) == (100.0, 1)
    # 8 and 14 right; 14 and 2 right; 8 and 2 wrong.
    assert order_pct(feet) == (pytest.approx(200 / 3), 3)
    assert rank_correlation(feet) == pytest.approx(0.5)
    assert np.isnan(rank_correlation(feet[:2]))
    assert np.isnan(side_sign_pct(feet[2:])[0])
    found = side_differences([("a", "left", 3.0, None), ("a", "right", 9.0, 8.0), ("b", "left", 1.0, 1.0)])
    assert [(d.clip, d.true, d.right, d.clear) for d in found] == [("a", -6.0, None, True)]


def test_the_method_comes_from_the_metric() -> None:
    metrics = [
        MetricValue(NAME, "left", "v1", 9.0, "deg", method=f"rear events; {READ_FROM[TAPE]}; 0 is standing"),
        MetricValue(NAME, "right", "v1", 9.0, "deg", method=f"rear events; {READ_FROM[OUTLINE]}; 0 is standing"),
        MetricValue("step_width_cm", "both", "v1", 5.0, "cm", method="rear events"),
        MetricValue("rearfoot_angle_ic_deg", "left", "v1", None, "deg", reason="Hidden."),
    ]
    truths = {(NAME, "left"): 8.0, (NAME, "right"): 8.0, ("step_width_cm", "both"): 5.0}
    assert [c.method for c in compare_metrics(FILM, metrics, truths, "medium")] == [TAPE, OUTLINE, ""]
    lacking = not_measured(
        FILM, metrics, {("rearfoot_angle_ic_deg", "left"): -4.0, ("trunk_lean_deg", "both"): 5.0}, TAPE
    )
    assert [(u.quantity, u.reason, u.method) for u in lacking] == [
        ("rearfoot_angle_ic_deg", "Hidden.", TAPE),
        ("trunk_lean_deg", "", ""),
    ]


def test_tables_tell_the_methods_apart() -> None:
    made = Outcome(
        (foot("left", 8.0, 9.0), foot("right", 14.0, 13.5), foot("left", 9.0, 6.0, OUTLINE, OTHER)),
        unmeasured=(Unmeasured(OTHER, NAME, "right", "Hidden.", OUTLINE),),
    )
    verdicts = judge(made)
    plain = plain_table(made)
    assert "| Heel roll-in from landing, with tape | 1.0 deg (2 feet) | \u2013 |" in plain
    assert (
        "| Heel roll-in from landing, from the outline | 3.0 deg (1 foot); not assessed in 1 foot | \u2013 |" in plain
    )
    text = readme_block(made, verdicts)
    assert (
        "| Heel roll-in from landing, deg | rendered, from behind, from the outline | 60 | heavy | 1 | -3.0 |" in text
    )
    assert "|  | rendered, from behind, with tape | 60 | heavy | 2 | +0.2 |" in text
    assert "largest error 1.0 deg (\u2264 2 deg)" in text
    assert "from behind, with tape | heavy | 2 | 100 % |" in full_document(made, verdicts, [], "accuracy")


def test_the_package_knows_the_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Outcome((foot("left", 8.0, 9.0), foot("left", 9.0, 6.0, OUTLINE, OTHER)))
    rows = json.loads(accuracy_json(made))["quantities"][NAME]["agreement"]
    assert {row["method"]: row["bias"] for row in rows} == {"with tape": 1.0, "from the outline": -3.0}
    assert Agreement(unit="deg", **rows[0]).method in {"with tape", "from the outline"}
    monkeypatch.setattr("gait.metrics.accuracy._saved", lambda: json.loads(accuracy_json(made)))
    words = accuracy_words(NAME)
    assert "From video with tape (heavy pose model, 60 frames/s): error +1.0 deg in 1 foot with known truth." in words
    assert "From video from the outline (heavy pose model, 60 frames/s): error -3.0 deg in 1 foot" in words


def test_every_way_of_reading_has_a_target() -> None:
    own = [t for t in load_targets() if t.quantity == NAME]
    assert {(t.method, t.limits.get("max_abs")) for t in own if t.limits} == {(TAPE, 2.0), (OUTLINE, 4.0)}
    assert all(t.may_decline for t in own)
    assert {t.method for t in own if "order_pct" in t.least} == {TAPE, OUTLINE}
    assert not any(t.may_decline for t in load_targets() if t.quantity != NAME)


def film(folder: Path, name: str, *, hip_y: float = 300.0, tape: object = None) -> Path:
    """A truth file of a film from behind: three stances a foot, excursions of 8 (left) and 14 deg (right)."""
    events, frames = {}, []
    for k, foot_name in enumerate("LR"):
        ic = [1.0 + 0.35 * k + 0.7 * n for n in range(3)]
        events[foot_name] = {"ic": ic, "to": [t + 0.25 for t in ic]}
    for t in np.arange(0, 4.0, 1 / 60):
        row: dict[str, object] = {"t": float(t)}
        for foot_name, deg in (("L", 8.0), ("R", 14.0)):
            angle = sum(deg * np.sin(np.pi * (t - s) / 0.25) ** 2 for s in events[foot_name]["ic"] if 0 < t - s < 0.25)
            points = {"hip": [640.0, hip_y], "shoulder": [640.0, 150.0 if hip_y > 0 else -300.0]}
            row[foot_name] = {"p2": points, "p3": {}, "eversion": float(angle)}
        frames.append(row)
    saved = {"view": "rear", "fps": 60.0, "size": [1280, 720], "events": events, "frames": frames, "tape": tape}
    (folder / f"{name}.truth.json").write_text(json.dumps(saved), encoding="utf-8")
    (folder / f"{name}.mp4").touch()
    return folder / f"{name}.mp4"


def test_legs_without_a_body_are_said_to_be_not_analysed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> GaitAnalysis:
        raise GaitError("The runner does not stand upright.", "Film again.")

    monkeypatch.setattr(video_cases, "analyze", refuse)
    video = film(tmp_path, "legs", hip_y=-50.0, tape={"heel": "dots"})
    found = judge_video(VideoCase("rendered", video, video.with_name("legs.truth.json")))
    said = "Shows the legs only; not analysed: The runner does not stand upright."
    assert found.skipped == (f"legs.mp4: {said}",)
    assert found.events == ()
    assert {(u.reason, u.method, u.case.condition) for u in found.unmeasured} == {
        (said, TAPE, "from behind, legs only")
    }
    assert len(found.unmeasured) == 8
    assert not any(v.missed for v in judge(found))


def fake_analysis() -> SimpleNamespace:
    """What the table needs of an analysis: the left heel with tape, none of the right."""
    events = [GaitEvent("v1", "left", "both", "initial_contact", 1.01 + 0.7 * n, 0.01) for n in range(3)]
    value = MetricValue(NAME, "left", "v1", 9.0, "deg", 8, 1.0, (7.0, 11.0), "medium", READ_FROM[TAPE])
    lacking = MetricValue(NAME, "right", "v1", None, "deg", reason="Too few pictures.")
    return SimpleNamespace(
        videos=[SimpleNamespace(view="rear", rate_hz=60.0)],
        software={"pose_model": "heavy"},
        metrics=(value, lacking),
        events=events,
        quality=SimpleNamespace(level="medium"),
    )


def test_the_table_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    """One film is read with tape on the left only, the other cannot be analysed at all."""
    for name in ("a", "b"):
        film(tmp_path, name, hip_y=-50.0, tape={"heel": "dots"})
    (tmp_path / "c.mp4").touch()

    def analyze(video: Path, _config: object) -> SimpleNamespace:
        if video.stem == "b":
            raise GaitError("Too dark.", "Film again.")
        return fake_analysis()

    monkeypatch.setattr(rearfoot_set, "analyze", analyze)
    monkeypatch.setattr("sys.argv", ["rearfoot_set", str(tmp_path)])
    rearfoot_set.main()
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[1] == "a left tape yes 1280x720 60 8.0 9.0 +1.0 7.0 to 11.0 8 medium 10.0 ms"
    assert lines[2] == "a right - yes 1280x720 60 14.0 - - - - none - Too few pictures."
    assert lines[3] == "b left - yes 1280x720 60 8.0 - - - - none - Shows the legs only; not analysed: Too dark."
    assert "With tape: 1 feet, 3 more not assessed" in lines
    told = (
        "rearfoot_excursion_deg: n 1, bias +1.00, SD nan, RMSE 1.00, worst 1.00; interval +-2.0 on the mean, holds the "
    )
    assert f"{told}truth in 100 %" in lines
    assert "Left less right, truly more than 4 deg apart: 0 right in sign, 0 wrong, 2 not assessed" in lines

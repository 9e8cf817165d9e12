"""Targets that cannot vanish: refused clips, withheld numbers and too few cases leave a line of their own."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import marker_set
import numpy as np
import pytest

from gait.errors import GaitError
from gait.model import GaitEvent, MetricValue
from gait.validation import marker_cases, video_cases
from gait.validation.camera import VirtualCamera
from gait.validation.compare import compare_events, not_measured
from gait.validation.records import Case, Comparison, EventErrors, Outcome, StrikeVerdict, Unmeasured
from gait.validation.tables import few_list, measured, met_list, met_words, missed_list, state
from gait.validation.targets import Target, Tried, Verdict, judge, load_targets
from gait.validation.video_cases import VideoCase, judge_video

MARKERS = Case("markers", "RBDS1runT25", "markers, no pose model", 120.0, "3 mm", "right")
VIDEO = Case("sample", "clip", "heavy", 60.0, "", "right")
SHIN = Target(("sample",), "shank_angle_ic_deg", "deg", {"max_abs": 2.0}, {}, "near", min_rate_hz=55.0)
COVERAGE = Target(("all", "markers", "sample"), "all", "%", {"coverage_pct": 98.0}, {"coverage_pct": 90.0})


def shin(error: float, *, case: Case = VIDEO, level: str = "high", truth: float = 5.0) -> Comparison:
    value = truth + error
    return Comparison(case, "shank_angle_ic_deg", "right", value, (value - 1.0, value + 1.0), truth, level, level)


def test_a_target_without_a_value_is_missed_not_left_out() -> None:
    found = judge(Outcome(unmeasured=(Unmeasured(VIDEO, "shank_angle_ic_deg", "right"),)), [SHIN])
    assert [(v.met, v.missed, measured(v)) for v in found] == [(False, True, "not measured")]
    assert missed_list(found) == (
        "- Shin angle at landing, samples, 60 frames/s and more: largest error not measured (\u2264 2 deg)."
    )
    assert "1 could not be measured at all" in met_words(found)
    assert judge(Outcome(), [SHIN]) == [], "no case, no line"


def test_rounding_does_not_hide_a_miss() -> None:
    assert measured(judge(Outcome((shin(2.04),)), [SHIN])[0]) == "2.04 deg"
    assert measured(judge(Outcome((shin(2.0),)), [SHIN])[0]) == "2.0 deg"


def test_a_withheld_clip_beside_a_measured_one_is_told() -> None:
    other = Case("sample", "other", "heavy", 60.0, "", "right")
    lacking = Unmeasured(other, "shank_angle_ic_deg", "right")
    found = judge(Outcome((shin(1.0),), unmeasured=(lacking,)), [SHIN])
    assert measured(found[0]) == "1.0 deg (1 more not measured)"
    far = judge(Outcome((shin(1.0),), unmeasured=(Unmeasured(other, "shank_angle_ic_deg", "left"),)), [SHIN])
    assert far[0].lacking == 0


def test_a_statistic_that_is_no_number_is_missed() -> None:
    target = Target(("sample",), "shank_angle_ic_deg", "%", {"max_abs_pct": 6.0}, {})
    assert judge(Outcome((shin(1.0, truth=0.0),)), [target])[0].missed
    strike = StrikeVerdict(MARKERS, "right", "rearfoot", "indeterminate", None, 7.0, (5.0, 9.0), 6.5)
    sure = Target(("markers",), "foot_strike", "%", {}, {"agreement_pct": 85.0}, "near")
    assert judge(Outcome(strikes=(strike,)), [sure])[0].missed


def test_events_that_were_all_missed_have_no_rmse_and_miss_it() -> None:
    refused = EventErrors(VIDEO, "right", "toe_off", (), missed=9)
    found = judge(Outcome(events=(refused,)), [Target(("sample",), "toe_off", "ms", {"rmse": 15.0}, {}, "near")])
    assert (found[0].missed, found[0].lacking) == (True, 1)
    empty = Outcome(events=(EventErrors(VIDEO, "right", "toe_off", ()),))
    assert judge(empty, [found[0].target]) == [], "a foot without true events is no case"


@pytest.mark.parametrize(("covered", "met"), [(89, False), (90, True), (98, True), (99, False), (100, False)])
def test_intervals_may_be_neither_too_narrow_nor_too_wide(covered: int, met: bool) -> None:
    records = tuple(shin(0.5 if k < covered else 1.5, case=MARKERS) for k in range(100))
    found = [v for v in judge(Outcome(records), [COVERAGE]) if v.source == "markers"]
    assert [v.met for v in found] == [met]


def test_each_source_has_its_own_coverage_and_few_cases_no_verdict() -> None:
    outcome = Outcome((*(shin(0.5, case=MARKERS) for _ in range(95)), *(shin(1.5) for _ in range(9))))
    found = {v.source: v for v in judge(outcome, [COVERAGE])}
    assert found["all"].n == 104
    assert state(found["sample"]) == "not judged"
    assert few_list(list(found.values())) == (
        "- All metrics, samples: 95 % intervals that contain the truth: too few cases to judge (9)."
    )
    more = Outcome((*outcome.comparisons, shin(1.5)))
    assert {v.source: state(v) for v in judge(more, [COVERAGE])}["sample"] == "missed"


@pytest.mark.parametrize(
    ("high", "low", "told"),
    [
        ((0.5, 10), (1.0, 10), "met"),
        ((1.0, 10), (0.5, 10), "missed"),
        ((1.0, 30), (0.5, 9), "not judged"),
        ((1.0, 30), (0.5, 0), "not judged"),
    ],
)
def test_quality_levels_are_judged_by_two_levels_with_cases(
    high: tuple[float, int], low: tuple[float, int], told: str
) -> None:
    levels = (("high", high), ("low", low))
    records = tuple(shin(error, level=name) for name, (error, n) in levels for _ in range(n))
    found = judge(Outcome(records), [Target(("sample",), "all", "", {}, {"levels_in_order": 1.0})])
    assert [state(v) for v in found] == [told]


def test_verdicts_over_few_feet_say_so() -> None:
    def verdict(clips: int) -> Verdict:
        cases = [Case("markers", f"T{k}", "", 120.0, "3 mm", near) for k in range(clips) for near in ("left", "right")]
        events = tuple(EventErrors(c, side, "toe_off", (1.0,)) for c in cases for side in ("left", "right"))
        return judge(Outcome(events=events), [Target(("markers",), "toe_off", "ms", {"rmse": 6.0}, {})])[0]

    assert (measured(verdict(2)), verdict(2).met) == ("1.0 ms (few: 4 foot-trials)", True)
    assert measured(verdict(3)) == "1.0 ms"
    assert met_list([verdict(3)]) == "- Toe-off, marker trials: RMSE 1.0 ms (\u2264 6 ms)."


def test_what_was_tried_is_told_of_its_own_clip_only() -> None:
    target = Target(**{**vars(SHIN), "tried": {"sample": Tried("clip", "Late contact.")}})
    other = Case("sample", "mine", "heavy", 60.0, "", "right")
    assert judge(Outcome((shin(3.0),)), [target])[0].tried == "Late contact."
    assert judge(Outcome((shin(3.0, case=other),)), [target])[0].tried == ""
    assert judge(Outcome((shin(1.0),)), [target])[0].tried == "", "met"


def test_what_was_tried_belongs_to_a_source_of_its_target() -> None:
    tried = [(t, source) for t in load_targets() for source in t.tried]
    assert len(tried) == 14
    assert all(source in target.sources for target, source in tried)


def test_numbers_that_are_withheld_lack() -> None:
    metrics = [
        MetricValue("cadence_spm", "both", "v1", 170.0, "steps/min"),
        MetricValue("shank_angle_ic_deg", "right", "v1", None, "deg", reason="hidden"),
        MetricValue("overstride_cm", "right", "v1", float("nan"), "cm"),
    ]
    truths = {("cadence_spm", "left"): 168.0, ("shank_angle_ic_deg", "right"): 5.0, ("overstride_cm", "right"): 9.0}
    found = not_measured(VIDEO, metrics, {**truths, ("trunk_lean_deg", "both"): 5.0})
    assert [(u.quantity, u.reason) for u in found] == [
        ("shank_angle_ic_deg", "hidden"),
        ("overstride_cm", ""),
        ("trunk_lean_deg", ""),
    ]


def test_contact_times_take_the_matched_pair_not_the_nearest() -> None:
    """A detection that serves the contact before is no partner of this one."""
    contacts = {"right": np.array([[1.00, 1.20], [1.05, 1.35]]), "left": np.empty((0, 2))}
    times = {"initial_contact": [1.01], "toe_off": [1.20, 1.36]}
    found = [GaitEvent("v1", "right", "near", kind, t, 0.005) for kind, each in times.items() for t in each]
    errors = {e.kind: e for e in compare_events(VIDEO, found, contacts, 0.0, 4.0) if e.side == "right"}
    assert errors["contact_time"].errors_ms == pytest.approx((-10.0,))
    assert errors["contact_time"].missed == 1


@pytest.fixture
def filmed(tmp_path: Path) -> VideoCase:
    events = {foot: {"ic": [1.0, 1.7, 2.4], "to": [1.25, 1.95, 2.65]} for foot in "LR"}
    truth = {"view": "right", "fps": 60.0, "seconds": 4.0, "events": events, "cadence_spm": 171.0}
    (tmp_path / "clip.truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return VideoCase("sample", tmp_path / "clip.mp4", tmp_path / "clip.truth.json")


@pytest.mark.parametrize("problem", [GaitError("The video is too dark.", "Film again."), ZeroDivisionError("oh")])
def test_a_refused_video_has_missed_everything(
    filmed: VideoCase, problem: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise problem

    monkeypatch.setattr(video_cases, "analyze", refuse)
    with caplog.at_level(logging.ERROR):
        found = judge_video(filmed)
    assert {(e.side, e.kind, e.missed) for e in found.events} == {
        (side, kind, 3) for side in ("left", "right") for kind in ("initial_contact", "toe_off", "contact_time")
    }
    assert ("cadence_spm", 60.0) in {(u.quantity, u.case.rate_hz) for u in found.unmeasured}
    assert len(found.skipped) == 1
    assert found.skipped[0].startswith("clip.mp4: ")
    assert bool(caplog.records) is not isinstance(problem, GaitError)
    lost = {v.target.quantity for v in judge(found) if v.missed}
    assert {"initial_contact", "toe_off", "ground_contact_time_ms", "cadence_spm"} <= lost


def test_a_trial_on_which_the_program_fails_is_named_and_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    marker_set.write_trial(tmp_path)
    path = next(tmp_path.glob("*runT*.c3d"))

    def fail(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(marker_cases, "measure_trial", fail)
    found = marker_cases.judge_file(path, [VirtualCamera(120.0, 0.003, "right")])
    assert sum(e.missed for e in found.events) > 0
    assert {"cadence_spm", "belt_speed_m_s"} <= {u.quantity for u in found.unmeasured}
    monkeypatch.setattr(marker_cases, "load_trial", fail)
    found = marker_cases.judge_file(path, [VirtualCamera(120.0, 0.003, "right")])
    assert found == Outcome(skipped=(f"{path.stem}: left out: the program failed on it (ZeroDivisionError: oh).",))
    assert "ZeroDivisionError" in caplog.text


def test_a_truth_file_that_cannot_be_understood_is_named(filmed: VideoCase) -> None:
    filmed.truth.write_text('{"view": "right", "fps": 60.0, "events": [1, 2]}', encoding="utf-8")
    found = judge_video(filmed)
    assert found.skipped[0].startswith("clip.truth.json: not a truth file as the README describes it")

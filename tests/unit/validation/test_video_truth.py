"""Truth files of videos: what they hold, and true metrics against the generator's own figures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from runner import SAMPLES, truth

from gait.errors import GaitError
from gait.validation.video_cases import VideoCase, judge_video, told, video_cases
from gait.validation.video_truth import VideoTruth


@pytest.fixture(scope="module")
def sample() -> VideoTruth:
    return VideoTruth.read(SAMPLES / "side_60fps.truth.json")


def test_true_metrics_are_those_that_the_generator_prescribed(sample: VideoTruth) -> None:
    found, uncertainties = sample.metrics()
    prescribed = truth().metrics
    tolerance = {"cadence_spm": 0.2, "overstride_cm": 0.1, "foot_strike_angle_deg": 0.6, "knee_flexion_ic_deg": 0.4}
    for name, expected in prescribed.items():
        sides = [found[name, side] for side in ("right", "both") if (name, side) in found]
        assert sides, name
        assert sides[0] == pytest.approx(expected, abs=tolerance.get(name, 0.25)), name
    assert uncertainties == {}


def test_the_near_side_and_what_the_analysis_is_told(sample: VideoTruth) -> None:
    assert sample.near == "right"
    assert told(sample).height_m == 1.75
    assert told(sample).belt_speed_m_s is None
    assert told(sample).capture_rate_hz is None
    slow = VideoTruth(sample.saved | {"capture_rate_hz": 240.0, "file_rate_hz": 30.0, "view": "rear"})
    assert told(slow).capture_rate_hz == 240.0
    assert slow.near == "both"


def test_contacts_cut_by_the_clip_keep_the_event_that_is_there() -> None:
    events = {"L": {"ic": [0.5, 1.2], "to": [0.1, 0.75]}, "R": {"ic": [], "to": []}}
    found = VideoTruth({"events": events}).contacts("left")
    np.testing.assert_array_equal(found, [[np.nan, 0.1], [0.5, 0.75], [1.2, np.nan]])


def test_feet_alone_are_told_from_a_whole_person(sample: VideoTruth) -> None:
    assert sample.whole_person()
    moved = json.loads(json.dumps(sample.saved | {"frames": sample.saved["frames"][:20]}))
    for frame in moved["frames"]:
        for side in "LR":
            frame[side]["p2"]["hip"][1] = -40.0
    assert not VideoTruth(moved).whole_person()


def test_a_counted_value_comes_with_its_uncertainty() -> None:
    found, uncertainties = VideoTruth({"cadence_spm": {"value": 168.9, "uncertainty": 0.5}, "seconds": 12}).metrics()
    assert found == {("cadence_spm", "both"): 168.9}
    assert uncertainties == {"cadence_spm": 0.5}


def test_a_damaged_truth_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.truth.json").write_text("{")
    with pytest.raises(GaitError, match=r"a\.truth\.json cannot be read"):
        VideoTruth.read(tmp_path / "a.truth.json")
    (tmp_path / "b.truth.json").write_text("[1]")
    with pytest.raises(GaitError, match="holds no truth"):
        VideoTruth.read(tmp_path / "b.truth.json")


def test_a_truth_file_of_another_form_is_skipped_before_the_video_is_opened(tmp_path: Path) -> None:
    truth_file = tmp_path / "a.truth.json"
    truth_file.write_text(json.dumps({"view": "left", "events": {"left": [1.0]}}))
    outcome = judge_video(VideoCase("rendered", tmp_path / "a.mp4", truth_file))
    assert outcome.comparisons == ()
    assert outcome.skipped == ("a.truth.json: not a truth file as the README describes it (KeyError('L')).",)


def test_videos_are_found_by_pattern_and_what_lacks_truth_is_said(tmp_path: Path) -> None:
    for name in ("rendered/x.mp4", "rendered/x.truth.json", "video/y.mov", "video/z.mp4", "video/z.truth.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found, left_out = video_cases(tmp_path, None)
    assert [(c.source, c.video.name) for c in found] == [("rendered", "x.mp4"), ("real", "z.mp4")]
    assert left_out == ["y.mov: no y.truth.json beside it."]
    assert video_cases(tmp_path / "nothing", None)[1] == [
        "No rendered videos in rendered/.",
        "No real videos in video/.",
    ]

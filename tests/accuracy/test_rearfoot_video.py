"""Rearfoot angle from pixels to numbers, with tape: against the eversion of a rendered and of a drawn runner."""

from __future__ import annotations

from pathlib import Path

import pytest

from gait.metrics.rearfoot import NAMES
from gait.pipeline import analyze
from gait.rearfoot.angles import TAPE
from gait.validation.records import Comparison, Outcome
from gait.validation.run import sample_videos
from gait.validation.targets import judge, load_targets
from gait.validation.video_cases import VideoCase, compared, judge_video, told
from tests.support.truth import truth_of

pytestmark = [pytest.mark.accuracy, pytest.mark.slow]

EXCURSION = "rearfoot_excursion_deg"


@pytest.fixture(scope="module", params=["dev_tape", "rear_60fps"])
def judged(request: pytest.FixtureRequest, heavy_model: str) -> Outcome:
    if request.param == "dev_tape":
        video = request.getfixturevalue("data_dir") / "rendered" / "dev_tape.mp4"
    else:
        samples = sample_videos()
        assert samples is not None
        video = samples / "rear_60fps.mp4"
    truth = truth_of(video)
    case = VideoCase("sample" if request.param == "rear_60fps" else "rendered", video, video)
    return compared(case, truth, analyze(video, told(truth)))


def feet(judged: Outcome, name: str) -> list[Comparison]:
    return [c for c in judged.comparisons if c.metric == name]


@pytest.mark.parametrize("name", NAMES)
def test_every_value_of_both_feet_is_read_from_tape(judged: Outcome, name: str) -> None:
    found = feet(judged, name)
    assert [(c.side, c.method) for c in found] == [("left", TAPE), ("right", TAPE)]
    # The angles' zero is the tape's, which its interval must allow for.
    assert all(c.covered for c in found), found


def test_excursions_keep_their_targets(judged: Outcome) -> None:
    own = [t for t in load_targets() if (t.quantity, t.method) == (EXCURSION, TAPE)]
    verdicts = judge(judged, own)
    assert any(v.statistic == "max_abs" and v.n == 2 for v in verdicts)
    assert [v for v in verdicts if v.missed] == []
    assert all(abs(c.error) <= 2.0 for c in feet(judged, EXCURSION))


def test_time_to_peak(judged: Outcome) -> None:
    for comparison in feet(judged, "rearfoot_time_to_peak_ms"):
        assert abs(comparison.error) <= 20.0, comparison


def test_the_sample_has_its_larger_excursion_on_the_right(heavy_model: str) -> None:
    """14 deg against 8."""
    samples = sample_videos()
    assert samples is not None
    video = samples / "rear_60fps.mp4"
    values = {m.side: m.value for m in analyze(video, told(truth_of(video))).metrics if m.name == EXCURSION}
    assert isinstance(values["right"], float)
    assert isinstance(values["left"], float)
    assert 3.0 <= values["right"] - values["left"] <= 8.0


def test_legs_without_a_body_are_measured_or_said_not_to_be(data_dir: Path, heavy_model: str) -> None:
    """Nothing but a number within its interval or a reason: never a failure, never a missed event."""
    video = data_dir / "rendered" / "dev_feet.mp4"
    found = judge_video(VideoCase("rendered", video, video.with_name("dev_feet.truth.json")))
    seen = {(c.metric, c.side): c for c in found.comparisons if c.metric in NAMES}
    lacking = {(u.quantity, u.side): u for u in found.unmeasured if u.quantity in NAMES}
    assert set(seen) | set(lacking) == {(name, side) for name in NAMES for side in ("left", "right")}
    assert all(u.reason for u in lacking.values())
    assert all(c.covered for c in seen.values())
    if not seen:
        assert found.events == ()

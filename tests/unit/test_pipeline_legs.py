"""When a clip is left to the finder of legs: no body, or one that the pose model made up over a pair of legs."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import runner as sim

from gait import pipeline
from gait.config import AnalysisConfig
from gait.errors import ConfigError, FrontViewError, GaitError, NoBodyError, QualityError, WalkingError
from gait.model import PoseSequence, VideoInfo
from gait.pose.follow import Scouting
from gait.pose.sequence import Tracking
from gait.skeleton import BLAZEPOSE

WHOLE = sim.seen_from_behind()
LEGS = sim.seen_from_behind(30.0)


def made_up() -> PoseSequence:
    """A body whose hips lie above the picture, as a pose model adds them to a pair of thighs."""
    xy = WHOLE.xy_px.copy()
    xy[:, BLAZEPOSE.indices(["left_hip", "right_hip"]), 1] = -40.0
    return PoseSequence(WHOLE.times_s, xy, WHOLE.score, WHOLE.depth, WHOLE.skeleton, WHOLE.estimator, WHOLE.version)


def at_times_without_hips(share: float) -> PoseSequence:
    """A body that is seen as a whole in part of the frames only: the picture ends at the waist."""
    xy, count = WHOLE.xy_px.copy(), round(share * len(WHOLE.times_s))
    xy[:count] = float("nan")
    return PoseSequence(WHOLE.times_s, xy, WHOLE.score, WHOLE.depth, WHOLE.skeleton, WHOLE.estimator, WHOLE.version)


def measured_pose(
    monkeypatch: pytest.MonkeyPatch,
    body: PoseSequence | None,
    legs: PoseSequence | None,
    view: str | None = None,
    problem: GaitError | None = None,
    problem_of_legs: GaitError | None = None,
) -> PoseSequence:
    """Run the choice with everything that needs a video replaced; return the landmarks that were measured."""
    info = VideoInfo(Path("a.mp4"), "0" * 64, (1280, 720), 0, WHOLE.times_s, "mp4", "h264")

    def followed(*_: Any) -> Tracking:
        if body is None:
            raise NoBodyError("nobody", "")
        return Tracking(body, Scouting(1, None), 0, from_cache=True)

    def measured(_info: Any, _config: Any, tracking: Tracking, *_: Any) -> tuple[SimpleNamespace, None]:
        if problem is not None and tracking.pose is body:
            raise problem
        if problem_of_legs is not None and tracking.pose is legs:
            raise problem_of_legs
        quality, view = SimpleNamespace(level=""), SimpleNamespace(name="")
        return SimpleNamespace(pose=tracking.pose, steps=(), view=view, quality=quality), None

    bundle = SimpleNamespace(size="heavy", sha256="0" * 64, source="folder")
    monkeypatch.setattr(pipeline, "resolve", lambda *_, **__: bundle)
    monkeypatch.setattr(pipeline, "_followed", followed)
    monkeypatch.setattr(pipeline, "_measured", measured)
    monkeypatch.setattr(pipeline, "find_legs", lambda *_: legs)
    monkeypatch.setattr(pipeline, "clip_analysis", lambda *_: None)
    clip = pipeline._analyze(info, AnalysisConfig(view=view), None, "v1")
    pose = clip.measured.pose  # type: ignore[attr-defined]
    assert isinstance(pose, PoseSequence)
    return pose


@pytest.mark.parametrize(
    ("body", "legs", "view", "wanted"),
    [
        (WHOLE, LEGS, None, WHOLE),
        (made_up(), LEGS, None, LEGS),
        (made_up(), LEGS, "rear", LEGS),
        (None, LEGS, None, LEGS),
    ],
    ids=["a body", "made up", "made up, rear", "nobody"],
)
def test_what_is_measured(
    monkeypatch: pytest.MonkeyPatch, body: PoseSequence, legs: PoseSequence, view: str, wanted: PoseSequence
) -> None:
    assert measured_pose(monkeypatch, body, legs, view) is wanted


def test_without_legs_a_doubtful_body_is_better_than_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    body = made_up()
    assert measured_pose(monkeypatch, body, None) is body
    assert measured_pose(monkeypatch, body, LEGS, "left") is body


def test_nobody_and_no_legs(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoBodyError):
        measured_pose(monkeypatch, None, None)
    with pytest.raises(NoBodyError):
        measured_pose(monkeypatch, None, LEGS, "right")


HARDLY = QualityError("the legs hardly move", "")


def test_where_a_body_seen_at_times_cannot_be_measured_the_legs_are(monkeypatch: pytest.MonkeyPatch) -> None:
    at_times = at_times_without_hips(0.4)
    assert measured_pose(monkeypatch, at_times, LEGS) is at_times
    assert measured_pose(monkeypatch, at_times, LEGS, problem=HARDLY) is LEGS
    with pytest.raises(QualityError, match="hardly"):
        measured_pose(monkeypatch, at_times, None, problem=HARDLY)


@pytest.mark.parametrize(
    ("hidden", "problem"),
    [(0.1, HARDLY), (0.4, FrontViewError("front", "")), (0.4, WalkingError("walks", ""))],
    ids=["there all the time", "from the front", "walking"],
)
def test_whoever_does_not_run_is_not_saved_by_their_legs(
    monkeypatch: pytest.MonkeyPatch, hidden: float, problem: QualityError
) -> None:
    with pytest.raises(QualityError) as caught:
        measured_pose(monkeypatch, at_times_without_hips(hidden), LEGS, problem=problem)
    assert caught.value is problem


def test_where_the_legs_fail_too_the_body_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(QualityError) as caught:
        measured_pose(
            monkeypatch,
            at_times_without_hips(0.4),
            LEGS,
            problem=HARDLY,
            problem_of_legs=QualityError("no rhythm", ""),
        )
    assert caught.value is HARDLY
    with pytest.raises(QualityError, match="no rhythm"):
        measured_pose(monkeypatch, made_up(), LEGS, problem_of_legs=QualityError("no rhythm", ""))


def test_a_made_up_body_seen_from_another_side_than_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    other_side = ConfigError("This looks like a view from the right.", "")
    assert measured_pose(monkeypatch, at_times_without_hips(0.4), LEGS, "rear", other_side) is LEGS
    for hidden, view in ((0.1, "rear"), (0.4, "left")):
        with pytest.raises(ConfigError):
            measured_pose(monkeypatch, at_times_without_hips(hidden), LEGS, view, other_side)

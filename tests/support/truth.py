"""What tests of whole clips share: a number of an analysis, and its records beside the truth."""

from __future__ import annotations

from pathlib import Path

from gait.model import GaitAnalysis
from gait.validation.records import Comparison, EventErrors, Outcome
from gait.validation.video_cases import VideoCase, compared
from gait.validation.video_truth import SUFFIX, VideoTruth


def value(analysis: GaitAnalysis, name: str) -> float:
    """Return the first number that an analysis has under a name."""
    metric = next(m for m in analysis.metrics if m.name == name and m.value is not None)
    assert isinstance(metric.value, float)
    return metric.value


def truth_of(video: Path) -> VideoTruth:
    """Read the truth file beside a video."""
    return VideoTruth.read(video.with_name(video.stem + SUFFIX))


def against_truth(video: Path, analysis: GaitAnalysis, source: str = "rendered") -> Outcome:
    """Compare an analysis with the truth file beside its video."""
    truth = truth_of(video)
    return compared(VideoCase(source, video, video.with_name(video.stem + SUFFIX)), truth, analysis)


def metric_error(outcome: Outcome, name: str) -> Comparison:
    """Return the comparison of a metric of the near leg, or of both."""
    return next(c for c in outcome.comparisons if c.metric == name and c.leg != "far")


def event_errors(outcome: Outcome, kind: str, leg: str = "near") -> EventErrors:
    """Return the errors of one kind of event."""
    return next(e for e in outcome.events if e.kind == kind and e.leg == leg)

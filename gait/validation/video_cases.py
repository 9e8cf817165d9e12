"""Videos with truth, from pixels to numbers: the whole pipeline as any user runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from gait.config import AnalysisConfig
from gait.errors import GaitError
from gait.metrics.rearfoot import NAMES as REARFOOT
from gait.model import GaitAnalysis
from gait.pipeline import OnProgress, analyze
from gait.validation.compare import compare_metrics, failure_words, not_measured
from gait.validation.marker_cases import FROM_BEHIND
from gait.validation.records import Case, Outcome, merged
from gait.validation.video_truth import SUFFIX, VideoTruth

LEGS_ONLY = "legs only"
NOT_ANALYSED = "Shows the legs only; not analysed:"

VIDEO_SUFFIXES = (".mp4", ".mov", ".m4v", ".avi", ".mkv")


@dataclass(frozen=True)
class VideoCase:
    """A video, the file with its truth, and the kind of truth: ``rendered``, ``sample`` or ``real``."""

    source: str
    video: Path
    truth: Path


def video_cases(data: Path, samples: Path | None) -> tuple[list[VideoCase], list[str]]:
    """Find the videos that have a truth file.

    Parameters
    ----------
    data : Path
        Folder with ``rendered/`` and ``video/``.
    samples : Path or None
        The project's own sample videos, in a source tree.

    Returns
    -------
    list of VideoCase
    list of str
        What is left out, and why.
    """
    found: list[VideoCase] = []
    left_out: list[str] = []
    places = [("rendered", data / "rendered"), ("real", data / "video")]
    if samples is not None:
        places.append(("sample", samples))
    for source, folder in places:
        videos = sorted(p for p in folder.glob("*") if p.suffix.lower() in VIDEO_SUFFIXES)
        if source == "sample":
            videos = [p for p in videos if p.name.startswith(("side_", "rear_"))]
        if not videos:
            left_out.append(f"No {source} videos in {folder.name}/.")
        for video in videos:
            truth = video.with_name(video.stem + SUFFIX)
            if truth.is_file():
                found.append(VideoCase(source, video, truth))
            else:
                left_out.append(f"{video.name}: no {truth.name} beside it.")
    return found, left_out


def told(truth: VideoTruth) -> AnalysisConfig:
    """Return what the analysis is told: height and a slow-motion file's rate, never the belt speed.

    The belt speed is left out because it is among what is judged.
    """
    saved = truth.saved
    capture, file = saved.get("capture_rate_hz"), saved.get("file_rate_hz")
    height = saved.get("height_m")
    return AnalysisConfig(
        height_m=float(height) if height else None,
        capture_rate_hz=float(capture) if capture and file and abs(capture / file - 1.0) > 0.01 else None,
    )


def judge_video(case: VideoCase, on_progress: OnProgress | None = None) -> Outcome:
    """Analyse one video and compare everything that its truth holds."""
    name = case.video.name
    try:
        truth = VideoTruth.read(case.truth)
        truth.metrics(), truth.rate_hz  # a truth file that cannot be understood shows here, before minutes of analysis
    except GaitError as problem:
        return Outcome(skipped=(f"{name}: {problem.message}",))
    except Exception as problem:
        # Whatever is wrong with one file, the others are judged.
        return Outcome(skipped=(f"{case.truth.name}: not a truth file as the README describes it ({problem!r}).",))
    try:
        analysis = analyze(case.video, told(truth), on_progress)
        return compared(case, truth, analysis)
    except Exception as problem:
        return refused(case, truth, failure_words(problem, name))


def refused(case: VideoCase, truth: VideoTruth, reason: str) -> Outcome:
    """Count every true event as missed and every true number as not measured.

    A close-up of the legs has only its rearfoot angles not assessed: nothing else is asked of one.
    """
    judged = _case(case, truth, truth.rate_hz, told(truth).model)
    truths, _ = truth.metrics()
    if not truth.whole_person():
        truths = {key: value for key, value in truths.items() if key[0] in REARFOOT}
        said = f"{NOT_ANALYSED} {reason}"
        return Outcome(
            skipped=(f"{case.video.name}: {said}",),
            unmeasured=tuple(replace(u, reason=said) for u in not_measured(judged, (), truths, truth.rearfoot_method)),
        )
    return Outcome(
        events=truth.agreement(judged, ()) if truth.has_events else (),
        skipped=(f"{case.video.name}: {reason}",),
        unmeasured=not_measured(judged, (), truths, truth.rearfoot_method),
    )


def _case(case: VideoCase, truth: VideoTruth, rate_hz: float, model: str) -> Case:
    condition = FROM_BEHIND if truth.near == "both" else ""
    if not truth.whole_person():
        condition = f"{condition}, {LEGS_ONLY}" if condition else LEGS_ONLY
    return Case(case.source, case.video.stem, model, round(rate_hz, 1), condition, truth.near)


def compared(case: VideoCase, truth: VideoTruth, analysis: GaitAnalysis) -> Outcome:
    """Compare a finished analysis with its truth; one seen from another side than it was filmed counts as refused."""
    record = analysis.videos[0]
    view = record.view if record.view in ("left", "right") else "both"
    if view != truth.near and (truth.saved.get("view") is not None):
        seen = f"seen as {record.view}, but the truth says {truth.saved['view']}"
        return refused(case, truth, f"{seen}; nothing can be compared.")
    judged = _case(case, truth, record.rate_hz, analysis.software["pose_model"])
    truths, uncertainties = truth.metrics()
    return Outcome(
        compare_metrics(judged, analysis.metrics, truths, analysis.quality.level, uncertainties),
        truth.agreement(judged, analysis.events) if truth.has_events else (),
        unmeasured=not_measured(judged, analysis.metrics, truths, truth.rearfoot_method),
    )


def judge_videos(
    cases: list[VideoCase],
    on_progress: OnProgress | None = None,
    on_done: Callable[[str, int, int], None] | None = None,
) -> Outcome:
    """Judge videos one after the other; each uses all cores by itself."""
    outcomes = []
    for k, case in enumerate(cases, start=1):
        outcomes.append(judge_video(case, on_progress))
        if on_done is not None:
            on_done(case.video.name, k, len(cases))
    return merged(outcomes)

"""How progress is put into words, on the command line and in the dashboard alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gait.pipeline import Progress

STAGES = {
    "video": "Reading the video",
    "model": "Getting the pose model",
    "pose": "Following the runner",
    "legs": "Following the lower legs",
    "measure": "Measuring",
    "heels": "Looking at the heels",
    "annotated video": "Drawing the annotated video",
    "report": "Writing the report",
}

STEPS = tuple(stage for stage in STAGES if stage not in ("legs", "heels"))
"""Stages that every analysis has; the others belong to views from behind."""


def stage_words(stage: str) -> str:
    """Return what is being done, in plain words."""
    return STAGES.get(stage, stage[:1].upper() + stage[1:])


def duration_words(seconds: float) -> str:
    """Return a duration as a person says it: "8 s", "2 min 05 s"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60:02d} s"


_COUNTED = ("model", "pose", "legs", "heels", "annotated video")
"""Stages long enough that count, speed and time left tell something: megabytes of the model, frames of the others."""


def counted_words(progress: Progress) -> str:
    """Return how much is done: frames, or megabytes of a model; nothing for the short stages."""
    if not progress.total or progress.stage not in _COUNTED:
        return ""
    if progress.stage == "model":
        return f"{progress.done / 1e6:.1f} of {progress.total / 1e6:.1f} MB"
    return f"{progress.done} of {progress.total}"


def time_words(progress: Progress) -> str:
    """Return speed and time left, as far as they are known."""
    if progress.stage not in _COUNTED:
        return ""
    parts = []
    if progress.rate_hz and progress.stage != "model":
        parts.append(f"{progress.rate_hz:.1f} frames/s")
    if progress.remaining_s is not None:
        parts.append(f"{duration_words(progress.remaining_s)} left")
    return ", ".join(parts)


def details_words(progress: Progress) -> str:
    """Return amount, speed and time left: "120 of 300, 35.2 frames/s, 5 s left"."""
    return ", ".join(part for part in (counted_words(progress), time_words(progress)) if part)


def progress_words(progress: Progress) -> str:
    """Return one line: "Following the runner: 120 of 300, 35.2 frames/s, 5 s left"."""
    details = details_words(progress)
    stage = f"{progress.clip}: {stage_words(progress.stage)}" if progress.clip else stage_words(progress.stage)
    return f"{stage}: {details}" if details else stage

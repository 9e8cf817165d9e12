"""What an analysis leaves behind: annotated videos, tables, key frames and the report, staged until all are there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gait.output import FILMS, Staging
from gait.visit import Clip, Visit

OnFrames = Callable[[int, int], None]

_FILM_KEYS = ("annotated_video", "annotated_video_2", "annotated_video_3")


def write_films(visit: Visit, staging: Staging, progress_of: Callable[[str], OnFrames]) -> Visit:
    """Stage an annotated video of each clip, and note in the analysis what they were drawn from.

    A change of height or belt speed does not change a film: the one in the folder is then kept, because drawing it
    takes longer than everything else of a second analysis.

    Parameters
    ----------
    visit : Visit
        The clips; faces are blurred as the analysis's configuration says.
    staging : Staging
        Where to put them.
    progress_of : callable
        Gives, for a clip's name, what is told of its frames.
    """
    several = len(visit.clips) > 1
    notes = {}
    for clip, name, note in zip(visit.clips, FILMS, _FILM_KEYS, strict=False):
        notes[note] = _write_film(clip, name, note, staging, progress_of(clip.info.path.name if several else ""))
    return replace(visit, analysis=replace(visit.analysis, software=visit.analysis.software | notes))


def _write_film(clip: Clip, name: str, note: str, staging: Staging, on_progress: OnFrames) -> str:
    """Stage one film and return the key of what it was drawn from; the clip's own analysis holds all that it shows."""
    from gait.report.annotated import film_key, write_annotated

    blur = bool(clip.analysis.config["blur_face"])
    measured = clip.measured
    key = film_key(clip.info, measured.display, clip.analysis, blur=blur, feet=measured.feet)
    if not staging.keep(name, {note: key}):
        write_annotated(
            staging.path(name),
            clip.info,
            measured.display,
            clip.analysis,
            blur=blur,
            feet=measured.feet,
            on_progress=on_progress,
        )
    return key


def write_tables(visit: Visit, staging: Staging) -> None:
    """Stage the saved analysis and the tables."""
    from gait.interop.analysis_json import to_json
    from gait.interop.tables import landmarks_parquet, metrics_csv, strides_csv

    staging.write("metrics.csv", metrics_csv(visit.analysis))
    staging.write("strides.csv", strides_csv(visit.analysis, visit.per_stride()))
    staging.write("landmarks.parquet", landmarks_parquet({clip.video_id: clip.pose for clip in visit.clips}))
    staging.write("analysis.json", to_json(visit.analysis).encode())


def write_report(visit: Visit, staging: Staging, on_progress: OnFrames) -> None:
    """Stage key frames and the report."""
    from gait.report.document import build_document
    from gait.report.keyframes import render_keyframes
    from gait.report.level_picture import level_picture_name, render_level
    from gait.reporting import render

    total = len(visit.clips) + 1
    pictures: dict[str, bytes] = {}
    for done, clip in enumerate(visit.clips):
        on_progress(done, total)
        near = clip.measured.view.name if clip.measured.view.is_side else None
        blur = bool(clip.analysis.config["blur_face"])
        pictures |= render_keyframes(
            clip.info, clip.measured.display, clip.analysis.keyframes, near_side=near, blur=blur
        )
        level = render_level(clip.info, clip.measured.display, clip.horizon, blur=blur) if clip.horizon else None
        if level is not None:
            pictures[level_picture_name(clip.video_id)] = level
    for name, png in pictures.items():
        staging.write(f"keyframes/{name}", png)
    on_progress(total - 1, total)
    for name, content in render(build_document(visit.analysis, pictures)).items():
        staging.write(name, content)
    on_progress(total, total)

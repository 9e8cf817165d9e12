"""A stand-in for the engine: it reads a clip's text as what to do, and leaves a folder like the real one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.config import AnalysisConfig
from gait.errors import QualityError, VideoError
from gait.files import file_sha256
from gait.findings.assess import with_answers
from gait.model import GaitAnalysis, MetricValue, Quality, QualityWarning, Recording, VideoRecord

if TYPE_CHECKING:
    from gait.clips import OtherClip
    from gait.told import Told

SOFTWARE = {"gait": "1.2.3"}


def an_analysis(video: Path, config: AnalysisConfig, sha256: str) -> GaitAnalysis:
    """Return a small analysis with a number per side, a class and a missing value."""

    def metric(name: str, value: float | str | None, unit: str | None, side: str = "left", **rest: Any) -> MetricValue:
        return MetricValue(name, side, "video", value, unit, n_strides=20, confidence="high", **rest)

    return GaitAnalysis(
        software=SOFTWARE,
        videos=(
            VideoRecord(
                id="video",
                path=str(video),
                sha256=sha256,
                view="left",
                mirrored=False,
                time_scale=1.0,
                size_px=(640, 480),
                rate_hz=60.0,
                n_frames=600,
                duration_s=10.0,
                analysed_s=(0.0, 10.0),
                travel="left",
                codec="h264",
                pose_model="heavy",
            ),
        ),
        recording=Recording(height_m=config.height_m),
        config=config.to_dict(),
        quality=Quality("medium", (QualityWarning("low_rate", "Only 60 pictures a second.", "Film at 120."),)),
        metrics=(
            metric("cadence_spm", 168.94, "steps/min", "both", ci95=(168.1, 169.6)),
            metric("ground_contact_time_ms", 251.4, "ms", ci95=(246.0, 257.0)),
            metric("foot_strike", "rearfoot", None),
            metric("overstride_cm", None, "cm", reason="There is no scale: give the runner's height."),
            metric("step_width_cm", 4.2, "cm"),
        ),
    )


def run(
    video: Path,
    config: AnalysisConfig,
    out: Path,
    on_progress: Callable[[Any], None] | None = None,
    others: Sequence[OtherClip] = (),
    told: Told | None = None,
) -> GaitAnalysis:
    """Do what the clip's text says, as :func:`gait.pipeline.run` would."""
    import json

    from gait.interop import analysis_json
    from gait.pipeline import Progress

    if not video.is_file():
        raise VideoError(f"The file {video} does not exist.", "Check its name.")
    order = video.read_bytes().decode()
    if order.startswith("no video"):
        raise VideoError("This is no video.", "Film again.")
    if order.startswith("walking"):
        raise QualityError("This is walking.", "Film running.")
    if order.startswith("crash"):
        raise RuntimeError("inner detail")
    if order.startswith("interrupt"):
        raise KeyboardInterrupt
    tell = on_progress or (lambda progress: None)
    tell(Progress("video", 0, 0, None, None))
    tell(Progress("pose", 150, 300, 34.567, 4.4))
    if order.startswith("slow"):
        time.sleep(60)
    tell(Progress("pose", 300, 300, 34.567, 0.0))
    analysis = an_analysis(video, config, file_sha256(video))
    if others:
        names = " ".join(other.path.name for other in others)
        analysis = replace(analysis, software=analysis.software | {"others": names})
    if told is not None:
        analysis = with_answers(analysis, told)
    out.mkdir(parents=True, exist_ok=True)
    (out / "analysis.json").write_text(json.dumps(analysis_json.to_dict(analysis)), encoding="utf-8")
    (out / "report.pdf").write_bytes(b"%PDF-1.7")
    (out / "report.html").write_text("<p>This is the report.</p>", encoding="utf-8")
    (out / "metrics.csv").write_text("name,value", encoding="utf-8")
    (out / "annotated.mp4").write_bytes(b"made by gait")
    return analysis

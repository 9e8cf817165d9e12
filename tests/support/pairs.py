"""Two analyses written by hand, alike but for what a test changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gait.metrics.catalogue import CATALOGUE
from gait.model import GaitAnalysis, MetricValue, Quality, Recording, VideoRecord

VIDEO = VideoRecord(
    id="v1",
    path="clips/anna.mp4",
    sha256="ab" * 32,
    view="left",
    mirrored=False,
    time_scale=1.0,
    size_px=(1280, 720),
    rate_hz=120.0,
    n_frames=2400,
    duration_s=20.0,
    analysed_s=(0.0, 20.0),
    travel="left",
    codec="mp4/h264",
    pose_model="heavy (59e42d71bcd4)",
    px_per_m=300.0,
    scale_origin="height",
)
SOFTWARE = {"gait": "0.1.0", "analysed_at": "2026-03-02T09:41:00+00:00"}
RECORDING = Recording(belt_speed_m_s=3.0, height_m=1.75)


def number(name: str, value: float | None, **more: Any) -> MetricValue:
    """Return a number whose whole interval is +-2 and whose standard error from recording to recording is 0.5."""
    fields: dict[str, Any] = {"side": "left", "video": "v1", "n_strides": 25, "sd": 1.0, "confidence": "high"}
    fields |= {"ci95": None if value is None else (value - 2.0, value + 2.0), "retest_se": 0.5, "method": "m"}
    return MetricValue(name=name, value=value, **({"unit": CATALOGUE[name].unit} | fields | more))


def classed(name: str, value: str, **more: Any) -> MetricValue:
    """Return a class."""
    return MetricValue(name, "left", "v1", value, None, n_strides=25, confidence="high", **more)


def withheld(name: str, reason: str, **more: Any) -> MetricValue:
    """Return a metric without a value."""
    return MetricValue(
        name, **({"side": "left"} | more), video="v1", value=None, unit=CATALOGUE[name].unit, reason=reason
    )


def analysis(*metrics: MetricValue, video: dict[str, Any] | None = None, **more: Any) -> GaitAnalysis:
    """Return an analysis of these metrics; keyword arguments replace fields of it, ``video`` those of its video."""
    fields: dict[str, Any] = {"software": SOFTWARE, "recording": RECORDING, "config": {}, "quality": Quality("high")}
    return GaitAnalysis(videos=(replace(VIDEO, **(video or {})),), metrics=metrics, **(fields | more))


def another(**changes: Any) -> dict[str, Any]:
    """Return the video of the second recording, as :func:`analysis` takes it."""
    return {"path": "clips/anna_2.mp4", "sha256": "cd" * 32} | changes

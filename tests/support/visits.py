"""Analyses made from a few numbers, for tests of what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gait.metrics.catalogue import CATALOGUE, reference_for
from gait.model import GaitAnalysis, MetricValue, Quality, Recording, VideoRecord
from gait.told import Told

# An ordinary runner at 2.5 m/s: every number within its limits with its whole interval.
ORDINARY_SIDE: dict[str, tuple[float, float]] = {
    "cadence_spm": (162.0, 0.5),
    "shank_angle_ic_deg": (6.5, 1.2),
    "overstride_cm": (17.0, 2.0),
    "knee_flexion_ic_deg": (11.0, 2.5),
    "vertical_oscillation_cm": (8.0, 0.8),
    "peak_vertical_force_bw": (2.4, 0.2),
    "ankle_dorsiflexion_ic_deg": (6.0, 3.0),
    "trunk_lean_deg": (6.0, 2.0),
}
ORDINARY_REAR: dict[str, tuple[float, float]] = {
    "rearfoot_excursion_deg": (10.0, 4.0),
    "pelvic_drop_deg": (4.5, 2.0),
    "hip_adduction_peak_deg": (7.0, 3.0),
    "step_width_cm": (5.0, 2.0),
}


def video(view: str) -> VideoRecord:
    """A clip of ten seconds."""
    return VideoRecord(
        id=f"video_{view}",
        path=f"{view}.mp4",
        sha256=view,
        view=view,
        mirrored=False,
        time_scale=1.0,
        size_px=(1280, 720),
        rate_hz=60.0,
        n_frames=600,
        duration_s=10.0,
        analysed_s=(0.0, 10.0),
        travel="",
        codec="h264",
        pose_model="heavy",
    )


def metric(name: str, value: Any, half: float = 0.0, *, side: str = "both", confidence: str = "medium") -> MetricValue:
    """A measured number with its interval, or a class."""
    entry = CATALOGUE[name]
    number = isinstance(value, int | float)
    return MetricValue(
        name=name,
        side=side,
        video="",
        value=float(value) if number else value,
        unit=entry.unit,
        n_strides=20,
        ci95=(value - half, value + half) if number else None,
        confidence=confidence,
        reference=reference_for(name, float(value) if number else None, 2.5),
    )


def visit(
    told: Mapping[str, Any] | None = None,
    *,
    side: Mapping[str, Any] | None = None,
    rear: Mapping[str, Any] | None = None,
    strike: str = "rearfoot",
    crossover: str = "not crossing",
    more: tuple[MetricValue, ...] = (),
    views: tuple[str, ...] = ("left", "rear"),
    belt_speed_m_s: float | None = 2.5,
    quality: str = "high",
) -> GaitAnalysis:
    """An ordinary runner, filmed from ``views``, but for the numbers given as ``name: value`` or ``(value, half)``.

    Numbers of a view that was not filmed are there without a value, as the program writes them.
    """
    metrics = []
    for numbers, changed, seen in (
        (ORDINARY_SIDE, side or {}, "left" in views or "right" in views),
        (ORDINARY_REAR, rear or {}, "rear" in views),
    ):
        for name, (value, half) in numbers.items():
            given = changed.get(name, (value, half))
            at, about = given if isinstance(given, tuple) else (given, half)
            if seen or name == "cadence_spm":
                metrics.append(metric(name, at, about))
            else:
                metrics.append(MetricValue(name, "both", "", None, None, reason="Not visible from this side."))
    if "left" in views or "right" in views:
        metrics.append(metric("foot_strike", strike))
    if "rear" in views:
        metrics.append(metric("crossover", crossover))
    answers = Told.from_options(told or {})
    return GaitAnalysis(
        software={"gait": "0", "analysed_at": "2026-03-02T10:00:00"},
        videos=tuple(video(view) for view in views),
        recording=Recording(person=answers.name or None, belt_speed_m_s=belt_speed_m_s, told=answers.answered()),
        config={},
        quality=Quality(quality),
        metrics=(*metrics, *more),
    )

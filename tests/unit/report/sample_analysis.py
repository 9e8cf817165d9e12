"""A made-up but realistic analysis, written by hand: what a 30 fps phone clip of an easy run gives."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from gait.model import (
    INITIAL_CONTACT,
    TOE_OFF,
    AngleMark,
    Curve,
    GaitAnalysis,
    GaitEvent,
    KeyFrame,
    MetricValue,
    Quality,
    QualityWarning,
    Recording,
    Stride,
    VideoRecord,
)

STRIDE_S = 0.7105
FIRST_IC_S = 0.546
CONTACT_S = (0.272, 0.281, 0.290, 0.276, 0.268, 0.284, 0.279, 0.273, 0.282, 0.291, 0.277, 0.270, 0.285, 0.280)
VIDEO = VideoRecord(
    id="side",
    path="treadmill_side_left.mp4",
    sha256="5f" * 32,
    view="left",
    mirrored=False,
    time_scale=1.0,
    size_px=(720, 1280),
    rate_hz=30.0,
    n_frames=360,
    duration_s=12.0,
    analysed_s=(0.0, 12.0),
    travel="towards the left of the picture",
    codec="h264",
    pose_model="MediaPipe Pose Landmarker heavy",
    px_per_m=338.2,
    scale_origin="runner height",
    spectral_cadence_spm=168.7,
)
SOFTWARE = {
    "gait": "0.1.0",
    "python": "3.11.9",
    "mediapipe": "1.2.2",
    "pose_model_sha256": "64437af838a65d18",
    "analysed_at": "2026-03-02T09:41:00+00:00",
}


def _strides() -> tuple[Stride, ...]:
    found = []
    for i, contact_s in enumerate(CONTACT_S):
        for side, shift_s in (("left", 0.0), ("right", STRIDE_S / 2)):
            ic_s = FIRST_IC_S + i * STRIDE_S + shift_s
            reason = None
            if side == "right" and i in (4, 9):
                reason = "the far foot was hidden for 120 ms"
            if side == "left" and i == 6:
                reason = "contact time 96 ms is outside 120 to 400 ms"
            found.append(
                Stride(
                    "side",
                    side,
                    round(ic_s, 4),
                    round(ic_s + (0.096 if reason and side == "left" else contact_s), 4),
                    round(ic_s + STRIDE_S, 4),
                    reason,
                )
            )
    return tuple(found)


def _events(strides: tuple[Stride, ...]) -> tuple[GaitEvent, ...]:
    found = []
    for stride in strides:
        leg = "near" if stride.side == "left" else "far"
        found.append(GaitEvent("side", stride.side, leg, INITIAL_CONTACT, stride.ic_s, 0.014))
        found.append(GaitEvent("side", stride.side, leg, TOE_OFF, stride.to_s, 0.016))
    return tuple(sorted(found, key=lambda event: event.time_s))


def _reference(mean: float, sd: float, unit: str, percentile: float | None, **more: Any) -> dict[str, Any]:
    return {
        "mean": mean,
        "sd": sd,
        "unit": unit,
        "mark": "M",
        "source": "6 men, treadmill, force plate",
        "speed_m_s": 2.5,
        "percentile": percentile,
        "note": "What is known in general.",
    } | more


def _metric(name: str, value: float | str | None, unit: str | None, **more: Any) -> MetricValue:
    fields: dict[str, Any] = {
        "side": "left",
        "video": "side",
        "n_strides": 13,
        "confidence": "low",
        "method": "near leg, median over strides",
    }
    return MetricValue(name=name, value=value, unit=unit, **(fields | more))


def _metrics() -> tuple[MetricValue, ...]:
    published = {"mark": "P", "source": "treadmill runners", "speed_m_s": 2.6}
    no_force = "fewer than 60 pictures per second: contact times are too coarse for forces"
    return (
        _metric(
            "cadence_spm",
            168.87,
            "steps/min",
            side="both",
            n_strides=25,
            sd=2.14,
            ci95=(168.4, 169.3),
            confidence="high",
            sdc=2.6,
            sdc_origin="derived",
            reference=_reference(160, 8, "steps/min", 86),
        ),
        _metric("stride_time_ms", 710.5, "ms", sd=9.2, ci95=(708.1, 713.2), confidence="high", sdc=10.0),
        _metric(
            "ground_contact_time_ms",
            279.4,
            "ms",
            sd=7.1,
            ci95=(271.2, 288.0),
            confidence="low",
            sdc=13.0,
            reference=_reference(271, 23, "ms", 64, **published),
        ),
        _metric(
            "ground_contact_time_ms",
            281.0,
            "ms",
            side="right",
            n_strides=12,
            sd=13.4,
            ci95=(268.0, 294.5),
            confidence="low",
        ),
        _metric(
            "flight_time_ms",
            75.6,
            "ms",
            sd=9.4,
            ci95=(66.2, 84.9),
            reference=_reference(112, 19, "ms", 3, **published),
        ),
        _metric("duty_factor_pct", 39.3, "%", sd=1.1, ci95=(38.2, 40.5), reference=_reference(35.5, 2.3, "%", 95)),
        _metric("step_length_m", None, "m", n_strides=0, confidence="none", reason="no belt speed was entered"),
        _metric(
            "vertical_oscillation_cm",
            8.31,
            "cm",
            sd=0.42,
            ci95=(8.1, 8.5),
            confidence="medium",
            reference={
                "mean": None,
                "sd": None,
                "mark": "E",
                "note": "usually about 7 to 10 cm",
                "percentile": None,
            },
        ),
        _metric("peak_vertical_force_bw", None, "body weights", n_strides=0, confidence="none", reason=no_force),
        _metric("vertical_stiffness_kn_m", None, "kN/m", n_strides=0, confidence="none", reason=no_force),
        _metric("foot_strike", "rearfoot", None),
        _metric("foot_strike_angle_deg", 13.4, "deg", sd=3.3, ci95=(11.2, 15.7), sdc=2.3),
        _metric(
            "shank_angle_ic_deg",
            8.24,
            "deg",
            sd=1.9,
            ci95=(7.0, 9.4),
            sdc=4.8,
            reference=_reference(6.3, 1.6, "deg", 89),
        ),
        _metric(
            "overstride_cm",
            18.62,
            "cm",
            sd=1.7,
            ci95=(17.4, 19.9),
            reference={
                "unit": "cm",
                "mark": "M",
                "source": "6 men",
                "note": "16.7 ± 3.2 cm at 2.5 m/s. Belt speed unknown: no comparison made.",
            },
        ),
        _metric("knee_flexion_ic_deg", 12.1, "deg", sd=2.6, ci95=(10.6, 13.5), sdc=3.8, sdc_origin="published"),
        _metric("ankle_dorsiflexion_ic_deg", -1.2, "deg", sd=3.1, ci95=(-3.0, 0.4), sdc=4.8),
        _metric(
            "knee_flexion_peak_stance_deg",
            39.6,
            "deg",
            sd=1.5,
            ci95=(38.8, 40.4),
            confidence="medium",
            sdc=3.8,
            reference=_reference(41.1, 5.3, "deg", 39),
        ),
        _metric("hip_extension_peak_deg", 19.8, "deg", sd=1.4, ci95=(19.0, 20.6), confidence="medium"),
        _metric("trunk_lean_deg", 6.42, "deg", sd=0.7, ci95=(6.1, 6.8), confidence="medium", sdc=2.3),
    )


def _curve(name: str, offset: float, waves: tuple[tuple[float, float], ...], spread: float) -> Curve:
    cycle = tuple(float(i) for i in range(101))
    mean = tuple(
        offset + sum(a * math.cos(2 * math.pi * (k + 1) * (x - p) / 100) for k, (a, p) in enumerate(waves))
        for x in cycle
    )
    sd = tuple(spread * (1 + 0.4 * math.sin(math.pi * x / 100)) for x in cycle)
    return Curve(name, "left", "side", "deg", cycle, mean, sd, 13, 39.3)


CURVES = (
    _curve("knee_flexion_deg", 45.0, ((-28.0, 25.0), (22.0, 19.0), (3.0, 10.0)), 2.4),
    _curve("ankle_dorsiflexion_deg", 2.0, ((14.0, 16.0), (9.0, 18.0)), 2.9),
    _curve("thigh_angle_deg", 9.0, ((24.0, 80.0), (4.0, 70.0)), 1.8),
    _curve("shank_angle_deg", -32.0, ((38.0, 2.0), (8.0, 12.0)), 2.2),
    _curve("foot_pitch_deg", -30.0, ((42.0, 10.0), (11.0, 20.0)), 3.4),
)

KEYFRAMES = (
    KeyFrame(
        "side",
        "left",
        "initial_contact",
        166,
        5.533,
        "The foot meets the belt",
        (
            AngleMark("shank", 8.2, ((256.0, 1120.0), (290.0, 1010.0), (290.0, 1130.0)), 1),
            AngleMark("knee", 12.1, ((300.0, 870.0), (290.0, 1010.0), (256.0, 1120.0)), 1),
        ),
        "initial_contact_left.png",
    ),
    KeyFrame("side", "left", "mid_stance", 170, 5.667, "The leg takes the load", (), "mid_stance_left.png"),
    KeyFrame("side", "left", "toe_off", 175, 5.833, "The toes leave the belt", (), "toe_off_left.png"),
)

WARNINGS = (
    QualityWarning(
        "low_rate",
        "The clip has 30 pictures per second, so single times are uncertain by about 14 ms.",
        "Film at 120 or 240 pictures per second (slow motion) for the full report.",
    ),
    QualityWarning(
        "no_belt_speed",
        "No belt speed was entered, so step length is missing and the scale is not cross-checked.",
        "Read the speed from the treadmill and enter it with the clip.",
    ),
)


def sample_analysis(**changes: Any) -> GaitAnalysis:
    """Return the sample; keyword arguments replace fields."""
    strides = _strides()
    analysis = GaitAnalysis(
        software=SOFTWARE,
        videos=(VIDEO,),
        recording=Recording(height_m=1.75, mass_kg=70.0, footwear="own running shoes"),
        config={
            "model": "heavy",
            "filter": {"cutoff_hz": 7.0, "order": 4},
            "horizon_deg": 0.0,
            "belt_speed_m_s": None,
        },
        quality=Quality("medium", WARNINGS),
        events=_events(strides),
        strides=strides,
        metrics=_metrics(),
        curves=CURVES,
        keyframes=KEYFRAMES,
    )
    return replace(analysis, **changes)


def times_only() -> GaitAnalysis:
    """Return what too short a clip gives: a few times, every other metric without a value, no pictures."""
    reason = "only 4 steps of this leg; at least 7 are needed"
    kept = ("cadence_spm", "ground_contact_time_ms")
    metrics = tuple(
        m
        if m.name in kept
        else replace(
            m,
            value=None,
            n_strides=0,
            sd=None,
            ci95=None,
            sdc=None,
            confidence="none",
            reference=None,
            reason=reason,
        )
        for m in _metrics()
    )
    warning = QualityWarning("few_strides", "Only 4 steps of the left leg could be used.", "Film at least 20 seconds.")
    strides = _strides()[:8]
    return sample_analysis(
        quality=Quality("low", (warning,)),
        metrics=metrics,
        strides=strides,
        events=_events(strides),
        curves=(),
        keyframes=(),
    )

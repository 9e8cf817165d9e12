"""Turn the strides of a clip from behind into the metric values of the saved analysis, or the reasons why not.

Times come from both legs alike; pelvis, thigh, trunk and steps from :mod:`gait.metrics.rear`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from gait.metrics.assemble import (
    FEW_STEPS_REASON,
    SIDE_REASON,
    step_length_reason,
    times_of,
)
from gait.metrics.catalogue import CATALOGUE, OF_BOTH_EVENTS, place_of, reference_for
from gait.metrics.clip import ClipFacts, no_value, with_value
from gait.metrics.pelvis import (
    FROM_MEAN_METHOD,
    FROM_MEAN_SD_DEG,
    HIP_LINE_METHOD,
    HIP_LINE_SD,
    NOT_LOOKED_AT,
    Pelvis,
)
from gait.metrics.quality import MIN_RATE_HZ, lower
from gait.metrics.rear import (
    ANGLES,
    KNEE_BREADTH_OF_HEIGHT,
    PELVIS_SHARE_DEG,
    THIGH_ALONE_METHOD,
    FrontalPlane,
    oscillations,
    stance_values,
    step_widths,
)
from gait.metrics.scale import BELT_SD
from gait.metrics.statistics import MIN_STEPS
from gait.metrics.strike import INDETERMINATE, LIKELY
from gait.metrics.uncertainty import rear_placement_sd, roll_sd_deg
from gait.model import SIDES, Floats, MetricValue
from gait.rearfoot.finder import is_close_up
from gait.signals.legs import Leg
from gait.signals.placement import is_mediapipe

NEEDS_HEIGHT_REASON = "Needs a scale, and from behind the belt gives none: give the runner's height (`--height`)."
LEGS_ONLY_REASON = "Only the lower legs could be measured: film the whole runner from behind for this."
NEEDS_BELT_REASON = "Needs the belt speed (`--belt-speed`): it cannot be seen from behind."
NOT_FROM_REAR_REASON = "Not assessed from a rear view in this version."
OSCILLATION_REASON = (
    "From behind the pose model's hips bounce up to 2.6 cm more than the hips do: film from the side for this."
)
CROSSING, NOT_CROSSING = "crossing", "not crossing"
_ROUGH = ("pelvic_drop_deg", "hip_adduction_peak_deg", "knee_window_cm")


@dataclass(frozen=True, eq=False)
class RearClip:
    """A clip from behind: what all clips hold, both legs, and the leg length that shows when it is least foreshortened.

    Parameters
    ----------
    clip : ClipFacts
    plane : FrontalPlane
    leg_px : float
        Thigh and shank, px (:func:`gait.metrics.scale.rear_leg_length`).
    pelvis : Pelvis
        What the pictures showed of the hip line.
    """

    clip: ClipFacts
    plane: FrontalPlane
    leg_px: float
    pelvis: Pelvis = NOT_LOOKED_AT

    @property
    def legs_only(self) -> bool:
        """Whether the picture shows the lower legs and no body."""
        return is_close_up(self.clip.estimator)

    @property
    def confidence(self) -> str:
        """Level of its numbers: the clip's, but at most medium, because only drawn runners prove them from behind."""
        level = lower(self.clip.level, "medium")
        rough = level == "unusable" or self.legs_only or self.clip.model_factor > 1.0 or self.clip.rate_hz < MIN_RATE_HZ
        return lower(level, "low") if rough else level


def rear_metrics(rear: RearClip, heels: Iterable[MetricValue] = ()) -> list[MetricValue]:
    """Compute every metric of the contract that a rear view can and cannot show, in catalogue order.

    ``heels`` are those of :func:`gait.metrics.rearfoot.rearfoot_metrics`, which come from the pictures.
    """
    clip = rear.clip
    found: list[MetricValue] = list(heels)
    for side in (clip.near.side, clip.far_side):
        found += [_time_from_behind(metric) for metric in times_of(clip, side, rear.confidence)]
        found += [] if rear.legs_only else list(_stances(rear, side))
    found += list(_steps(rear))
    found += [] if rear.legs_only else list(_oscillation(rear))
    found.append(_step_length(rear))
    have = {m.name for m in found}
    for name, spec in CATALOGUE.items():
        if name not in have and spec.of is None:
            not_here = LEGS_ONLY_REASON if rear.legs_only else NOT_FROM_REAR_REASON
            reason = SIDE_REASON if spec.view == "side" else not_here
            found.append(no_value(name, "both", clip.video, reason))
    return sorted(found, key=lambda m: place_of(m.name))


def _time_from_behind(metric: MetricValue) -> MetricValue:
    """Give what needs both events low confidence.

    It is right on markers and on rendered runners and up to 45 ms short on drawn ones, whose heel landmarks stay behind
    when the heel lifts; which of them people are like from behind is not known.
    """
    if metric.name not in OF_BOTH_EVENTS or metric.value is None:
        return metric
    return replace(metric, confidence=lower(metric.confidence, "low"))


def _stances(rear: RearClip, side: str) -> Iterable[MetricValue]:
    """Angles and knee window of one standing leg."""
    clip = rear.clip
    names = (*ANGLES, "knee_window_cm")
    strides = clip.kept(side)
    if len(strides) + 1 < MIN_STEPS:
        yield from (no_value(name, side, clip.video, FEW_STEPS_REASON) for name in names)
        return
    # The pose model's hips do not follow the pelvis from behind; other landmarks and markers may.
    by_landmarks = not is_mediapipe(clip.estimator)
    plane = rear.plane if by_landmarks else replace(rear.plane, roll_deg=rear.pelvis.roll_deg)
    values = stance_values(plane, side, strides)
    for name in ANGLES:
        sd = rear_placement_sd(name, clip.estimator)
        if by_landmarks or name == "lateral_trunk_lean_deg":
            yield _put(rear, name, side, values[name], _with_roll(rear, name, sd))
        elif rear.pelvis.roll_deg is not None and rear.pelvis.mean_known:
            yield _put(rear, name, side, values[name], _with_roll(rear, name, HIP_LINE_SD[name]), HIP_LINE_METHOD)
        elif rear.pelvis.roll_deg is not None and name == "pelvic_drop_deg":
            # The camera's roll cancels, because the mean is taken off.
            yield _put(rear, name, side, values[name], FROM_MEAN_SD_DEG, HIP_LINE_METHOD + FROM_MEAN_METHOD)
        elif name == "pelvic_drop_deg":
            yield no_value(name, side, clip.video, rear.pelvis.reason)
        else:
            usual = values["thigh_adduction_peak_deg"] + PELVIS_SHARE_DEG
            why = "which is not seen" if rear.pelvis.roll_deg is None else "whose mean tilt is not known"
            method = f"{THIGH_ALONE_METHOD} {PELVIS_SHARE_DEG:g} deg of the pelvis, {why}"
            yield _put(rear, name, side, usual, _with_roll(rear, name, sd), method)
    yield _knee_window(rear, side, values["knee_distance"])


def _with_roll(rear: RearClip, name: str, sd: float) -> float:
    """Add what the uncertainty of the camera's roll does to an angle."""
    return float(np.hypot(sd, roll_sd_deg(name, rear.clip.roll_sd_deg)))


def _put(rear: RearClip, name: str, side: str, values: Floats, sd: float, method: str = "") -> MetricValue:
    rough = name in _ROUGH and (is_mediapipe(rear.clip.estimator) or name != "pelvic_drop_deg")
    confidence = lower(rear.confidence, "low") if rough else rear.confidence
    if np.isfinite(values).sum() + 1 < MIN_STEPS:
        return no_value(name, side, rear.clip.video, FEW_STEPS_REASON)
    return with_value(rear.clip, name, side, values, sd, rear.clip.method + method, confidence)


def _knee_window(rear: RearClip, side: str, distance_px: Floats) -> MetricValue:
    clip = rear.clip
    if clip.scale.px_per_m is None or clip.recording.height_m is None:
        return no_value("knee_window_cm", side, clip.video, NEEDS_HEIGHT_REASON)
    breadth_cm = 100.0 * KNEE_BREADTH_OF_HEIGHT * clip.recording.height_m
    # Knees that overlap in the picture leave no gap; half a breadth belongs to each knee.
    gap_cm = np.maximum(100.0 * distance_px / clip.scale.px_per_m - breadth_cm, 0.0)
    sd = _length_sd_cm(rear, "knee_window_cm", gap_cm + breadth_cm)
    found = _put(rear, "knee_window_cm", side, gap_cm, sd, "; knees as broad as usual for the height")
    if found.ci95 is None:
        return found
    return replace(found, ci95=(max(found.ci95[0], 0.0), found.ci95[1]))


def _length_sd_cm(rear: RearClip, name: str, lengths_cm: Floats) -> float:
    """Standard uncertainty common to all strides of a distance: place of the landmarks, and scale."""
    scale = rear.clip.scale
    leg_cm = 100.0 * rear.leg_px / (scale.px_per_m or 1.0)
    typical = abs(float(np.nanmedian(lengths_cm))) if np.isfinite(lengths_cm).any() else 0.0
    return float(np.hypot(rear_placement_sd(name, rear.clip.estimator) * leg_cm, scale.relative_sd * typical))


def _steps(rear: RearClip) -> Iterable[MetricValue]:
    """Step width, and whether it is below zero."""
    clip = rear.clip
    widths_px = step_widths(rear.plane, {side: clip.kept(side) for side in SIDES})
    if len(widths_px) + 1 < MIN_STEPS:
        yield from (no_value(name, "both", clip.video, FEW_STEPS_REASON) for name in ("step_width_cm", "crossover"))
        return
    if clip.scale.px_per_m is None:
        yield no_value("step_width_cm", "both", clip.video, NEEDS_HEIGHT_REASON)
    else:
        widths_cm = 100.0 * widths_px / clip.scale.px_per_m
        sd = _length_sd_cm(rear, "step_width_cm", widths_cm)
        yield _put(rear, "step_width_cm", "both", widths_cm, sd, f"; scale from {clip.scale.origin}")
    yield _crossover(rear, widths_px)


def _crossover(rear: RearClip, widths_px: Floats) -> MetricValue:
    """Class by the sign of the step width, which needs no scale."""
    relative = widths_px / rear.leg_px
    sd = rear_placement_sd("step_width_cm", rear.clip.estimator)
    width = _put(rear, "step_width_cm", "both", relative, sd)
    if not isinstance(width.value, float) or width.ci95 is None:
        return no_value("crossover", "both", rear.clip.video, width.reason or FEW_STEPS_REASON)
    return replace(
        width,
        name="crossover",
        value=crossover_class(width.value, width.ci95),
        unit=None,
        sd=None,
        ci95=None,
        sdc=None,
        sdc_origin=None,
        retest_se=None,
        reference=reference_for("crossover", None, rear.clip.belt_speed_m_s),
    )


def crossover_class(width: float, ci95: tuple[float, float]) -> str:
    """Return ``crossing`` or ``not crossing`` where that is at least 80 % likely, else ``indeterminate``.

    Parameters
    ----------
    width : float
        Step width in any unit.
    ci95 : (float, float)
        Its 95 % interval.
    """
    if width + LIKELY * (ci95[1] - width) < 0.0:
        return CROSSING
    if width - LIKELY * (width - ci95[0]) > 0.0:
        return NOT_CROSSING
    return INDETERMINATE


def _oscillation(rear: RearClip) -> Iterable[MetricValue]:
    """Vertical oscillation of the mid-hip, in cm where there is a scale and as a share of leg length."""
    clip = rear.clip
    names = ("vertical_oscillation_cm", "vertical_oscillation_leg_pct")
    if is_mediapipe(clip.estimator):
        yield from (no_value(name, "both", clip.video, OSCILLATION_REASON) for name in names)
        return
    strides = [s for side in SIDES for s in clip.kept(side)]
    values_px = oscillations(clip.near, strides)
    if np.isfinite(values_px).sum() + 1 < MIN_STEPS:
        yield from (no_value(name, "both", clip.video, FEW_STEPS_REASON) for name in names)
        return
    placed = rear_placement_sd("vertical_oscillation", clip.estimator)
    if clip.scale.px_per_m is None:
        yield no_value(names[0], "both", clip.video, NEEDS_HEIGHT_REASON)
    else:
        values_cm = 100.0 * values_px / clip.scale.px_per_m
        yield _put(
            rear,
            names[0],
            "both",
            values_cm,
            _length_sd_cm(rear, "vertical_oscillation", values_cm),
            f"; scale from {clip.scale.origin}",
        )
    to_heel_px = rear.leg_px + _ankle_to_heel_px(rear.plane.legs)
    sd = 100.0 * placed * rear.leg_px / to_heel_px
    yield _put(rear, names[1], "both", 100.0 * values_px / to_heel_px, sd)


def _ankle_to_heel_px(legs: Mapping[str, Leg]) -> float:
    return float(np.mean([leg.length_to_heel - leg.length for leg in legs.values()]))


def _step_length(rear: RearClip) -> MetricValue:
    """Step length: from behind it needs the entered belt speed."""
    clip = rear.clip
    step_s = clip.times[clip.near.side].stride_s / 2
    belt = clip.recording.belt_speed_m_s
    reason = NEEDS_BELT_REASON if belt is None else step_length_reason(clip)
    if reason is not None or belt is None:
        return no_value("step_length_m", "both", clip.video, reason or NEEDS_BELT_REASON)
    sd = BELT_SD * belt * float(np.median(step_s))
    return _put(rear, "step_length_m", "both", belt * step_s, sd, "; belt speed as entered")

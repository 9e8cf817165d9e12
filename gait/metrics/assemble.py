"""Turn the strides of a clip into the metric values of the saved analysis, each with its error bar or its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from gait.metrics.catalogue import CATALOGUE, place_of, reference_for
from gait.metrics.clip import ClipFacts, no_value, with_value
from gait.metrics.detectable import RETEST_SHARE, STRIDE_TIME_DRIFT
from gait.metrics.force import peak_force_bw, vertical_stiffness_kn_m
from gait.metrics.quality import MIN_RATE_HZ, lower
from gait.metrics.scale import HEIGHT_SD
from gait.metrics.side import LENGTHS, timing_sensitivity, values_by_name
from gait.metrics.statistics import MIN_STEPS
from gait.metrics.strike import strike_class, strike_class_three_way
from gait.metrics.uncertainty import BELT_RETEST_SD, BELT_SEEN_SD, PICTURE_SD, placement_sd, roll_sd_deg
from gait.model import Floats, MetricValue
from gait.signals.placement import is_mediapipe
from gait.skeleton import other

ANGLES = tuple(name for name in PICTURE_SD if name.endswith("_deg"))
FAR_LEG_REASON = (
    "This leg is on the far side, hidden by the near one half of the time: film it from its own side, too, and give "
    "both clips (`--with`)."
)
REAR_REASON = "Not visible from the side: film from behind, too, and give both clips (`--with`)."
SIDE_REASON = "Not visible from behind: film from the side."
FEW_STEPS_REASON = f"Fewer than {MIN_STEPS} steps of this foot could be measured: film at least 10 seconds of running."
NO_SCALE_REASON = "Needs a scale: give the runner's height (`--height`) or the belt speed (`--belt-speed`)."
SLOW_RATE_REASON = "Needs at least 60 frames per second."


def side_metrics(clip: ClipFacts) -> list[MetricValue]:
    """Compute every metric of the contract that a side view can and cannot show, in catalogue order."""
    found: list[MetricValue] = []
    for side in (clip.near.side, clip.far_side):
        found += times_of(clip, side, _confidence(clip, side))
    found += _near_leg(clip)
    found += _force(clip)
    have = {m.name for m in found}
    found += [
        no_value(name, "both", clip.video, REAR_REASON)
        for name, spec in CATALOGUE.items()
        if spec.view == "rear" and spec.of is None and name not in have
    ]
    return sorted(found, key=lambda m: place_of(m.name))


def _confidence(clip: ClipFacts, side: str) -> str:
    """Level of a number: the clip's, but low for the far leg, under 60 fps and on a doubtful time base."""
    rough = side == clip.far_side or clip.level == "unusable" or clip.model_factor > 1.0
    level = "low" if rough else clip.level
    return lower(level, "low") if clip.rate_hz < MIN_RATE_HZ else level


def times_of(clip: ClipFacts, side: str, confidence: str) -> list[MetricValue]:
    """Cadence from the near leg for both; contact, flight and duty factor per side."""
    near = side == clip.near.side
    names = ["stride_time_ms", "ground_contact_time_ms", "flight_time_ms", "duty_factor_pct"]
    times = clip.times[side]
    if len(times.stride_s) + 1 < MIN_STEPS:
        none = "No complete stride of this foot could be measured."
        reason = FEW_STEPS_REASON if len(times.stride_s) else none
        missing = [no_value(name, side, clip.video, reason) for name in names]
        return ([no_value("cadence_spm", "both", clip.video, reason)] if near else []) + missing
    doubt = None if near or clip.flat is None else _far_doubt(clip)
    if doubt is not None:
        return [no_value(name, side, clip.video, doubt) for name in names]
    contacts = clip.contacts[side]
    method = clip.method if near or clip.flat is None else f"{clip.method}; far leg, timing only"
    event_sd = float(np.hypot(contacts.ic_common_sd_s, contacts.to_common_sd_s))
    flight_sd = float(np.hypot(clip.contacts[other(side)].ic_common_sd_s, contacts.to_common_sd_s))
    stride = float(np.median(times.stride_s))

    def put(name: str, values: Floats, sd: float, retest_sd: float | None = None) -> MetricValue:
        return with_value(clip, name, side, values, sd, method, confidence, retest_sd=retest_sd)

    found = [
        put("stride_time_ms", times.stride_s * 1000, 0.0, STRIDE_TIME_DRIFT * stride * 1000),
        put("ground_contact_time_ms", times.contact_s * 1000, event_sd * 1000),
        put("flight_time_ms", times.flight_s * 1000, flight_sd * 1000),
        put("duty_factor_pct", times.contact_s / times.stride_s * 100, event_sd / stride * 100),
    ]
    if near:
        drift = STRIDE_TIME_DRIFT * 120.0 / stride
        cadence = with_value(
            clip, "cadence_spm", "both", 120.0 / times.stride_s, 0.0, method, confidence, retest_sd=drift
        )
        found.insert(0, cadence)
    return found


SINE_MODEL_SD = {"peak_vertical_force_bw": 0.05, "vertical_stiffness_kn_m": 0.16}
"""Relative uncertainty of the sine model itself, against the force plate of the 18 marker trials: 5 % of the peak
force, and 16 % of the stiffness, which comes out 15 % too small on the mean."""

FAR_DROPPED = 0.5
FAR_DIFFERENCE = 0.25
"""Share of dropped strides, and relative difference of its contact time from the near leg's, from which on the far leg
was not followed well enough for any number. [defaults of ours]"""


def _far_doubt(clip: ClipFacts) -> str | None:
    """Return why the far leg's times cannot be believed, None when they can."""
    strides = clip.strides[clip.far_side]
    dropped = sum(s.reject_reason is not None for s in strides)
    if dropped > FAR_DROPPED * len(strides):
        return f"The hidden leg was not followed well: {dropped} of {len(strides)} of its strides were dropped."
    difference = clip.far_contact_difference
    if difference is not None and difference > FAR_DIFFERENCE:
        return (
            f"The hidden leg's contact came out {difference:.0%} from the near leg's: more likely a fault "
            "of the measurement than of the runner. Film that side, too."
        )
    return None


def _near_leg(clip: ClipFacts) -> list[MetricValue]:
    """Geometry of the near leg, and the far leg's reasons."""
    names = [
        *(f"{n}_{unit}" for n in ("overstride", "heel_overstride") for unit in ("cm", "leg_pct")),
        *ANGLES,
        "foot_strike",
        "foot_strike_three_way",
    ]
    shared = [f"{n}_{unit}" for n, unit in (("vertical_oscillation", "cm"), ("vertical_oscillation", "leg_pct"))] + [
        "step_length_m",
        "step_length_leg_pct",
        "belt_speed_m_s",
    ]
    far = [no_value(n, clip.far_side, clip.video, FAR_LEG_REASON) for n in names if n != "trunk_lean_deg"]
    kept = clip.near_kept
    if clip.flat is None or len(kept) + 1 < MIN_STEPS:
        return (
            [no_value(n, _side_of(clip, n), clip.video, FEW_STEPS_REASON) for n in names]
            + [no_value(n, "both", clip.video, FEW_STEPS_REASON) for n in shared]
            + far
        )
    values = values_by_name(clip.near, kept, clip.flat)
    contacts = clip.contacts[clip.near.side]
    moved = timing_sensitivity(clip.near, kept, clip.flat, contacts.ic_common_sd_s, contacts.to_common_sd_s)
    return [*_angles(clip, values, moved), *_lengths(clip, values, moved), *_belt(clip), *far]


def _side_of(clip: ClipFacts, name: str) -> str:
    return "both" if name == "trunk_lean_deg" else clip.near.side


def _angles(clip: ClipFacts, values: dict[str, Floats], moved: dict[str, float]) -> Iterable[MetricValue]:
    confidence = _confidence(clip, clip.near.side)
    for name in ANGLES:
        method = clip.method
        if name.startswith(("ankle", "foot_strike")):
            method += f"; foot flat from {clip.flat.method if clip.flat else ''}"
        rolled = roll_sd_deg(name, clip.roll_sd_deg)
        sd = float(np.sqrt(moved[name] ** 2 + placement_sd(name, clip.estimator) ** 2 + rolled**2))
        # Where one is published, it holds already how differently the joints are found in another recording.
        again_sd = RETEST_SHARE * (moved[name] if CATALOGUE[name].sdc is not None else sd)
        found = with_value(clip, name, _side_of(clip, name), values[name], sd, method, confidence, retest_sd=again_sd)
        yield found
        if name == "foot_strike_angle_deg":
            yield from _strike(clip, found)


def _strike(clip: ClipFacts, angle: MetricValue) -> Iterable[MetricValue]:
    """Two classes first, three only from 60 fps on."""
    for name, classify in (("foot_strike", strike_class), ("foot_strike_three_way", strike_class_three_way)):
        if angle.ci95 is None or not isinstance(angle.value, float):
            yield no_value(name, angle.side, clip.video, angle.reason or "No foot angle.")
        elif name == "foot_strike_three_way" and clip.rate_hz < MIN_RATE_HZ:
            yield no_value(name, angle.side, clip.video, SLOW_RATE_REASON)
        else:
            reference = reference_for(name, None, clip.belt_speed_m_s)
            value = classify(angle.value, angle.ci95)
            plain = replace(angle, unit=None, sd=None, ci95=None, sdc=None, sdc_origin=None, retest_se=None)
            yield replace(plain, name=name, value=value, reference=reference)


def _lengths(clip: ClipFacts, values: dict[str, Floats], moved: dict[str, float]) -> Iterable[MetricValue]:
    """Distances in cm where there is a scale, and always as a share of leg length."""
    leg_px = clip.near.length_to_heel
    scale = clip.scale
    for name in LENGTHS:
        side = "both" if name == "vertical_oscillation" else clip.near.side
        confidence = _confidence(clip, clip.near.side)
        typical = abs(float(np.nanmedian(values[name])))
        sd_px = float(np.hypot(moved[name], placement_sd(name, clip.estimator) * clip.near.length))
        if scale.px_per_m is None:
            yield no_value(f"{name}_cm", side, clip.video, NO_SCALE_REASON)
        else:
            factor = 100.0 / scale.px_per_m
            sd = float(np.hypot(sd_px, scale.relative_sd * typical)) * factor
            method = f"{clip.method}; scale from {scale.origin}"
            yield with_value(clip, f"{name}_cm", side, values[name] * factor, sd, method, confidence)
        yield with_value(
            clip, f"{name}_leg_pct", side, values[name] / leg_px * 100, sd_px / leg_px * 100, clip.method, confidence
        )


def _belt(clip: ClipFacts) -> Iterable[MetricValue]:
    """Belt speed as seen, and the step length that follows."""
    times = clip.times[clip.near.side]
    step_s = times.stride_s / 2
    speed_px = clip.contacts[clip.near.side].belt_speed
    confidence = _confidence(clip, clip.near.side)
    again = clip.model_factor * (BELT_RETEST_SD if is_mediapipe(clip.estimator) else RETEST_SHARE * BELT_SEEN_SD)
    leg_px = clip.near.length_to_heel
    relative = speed_px / leg_px * step_s * 100
    yield with_value(
        clip,
        "step_length_leg_pct",
        "both",
        relative,
        float(np.median(relative)) * BELT_SEEN_SD * clip.model_factor,
        clip.method,
        confidence,
        retest_sd=float(np.median(relative)) * again,
    )
    belt = clip.belt_speed_m_s
    reason = step_length_reason(clip)
    if belt is None or reason is not None:
        yield no_value("step_length_m", "both", clip.video, reason or NO_SCALE_REASON)
    else:
        entered = clip.recording.belt_speed_m_s is not None
        sd = 0.015 if entered else float(np.hypot(clip.scale.relative_sd, BELT_SEEN_SD * clip.model_factor))
        method = f"{clip.method}; belt speed {'as entered' if entered else 'as seen, scale from height'}"
        typical = belt * float(np.median(step_s))
        retest = None if entered else typical * float(np.hypot(RETEST_SHARE * clip.scale.relative_sd, again))
        yield with_value(
            clip, "step_length_m", "both", belt * step_s, sd * typical, method, confidence, retest_sd=retest
        )
    if clip.scale.height_px_per_m is None:
        reason = (
            "The entered belt speed is the only scale: estimating it back would be circular. Give the height."
            if clip.recording.belt_speed_m_s
            else "Needs the runner's height (`--height`)."
        )
        yield no_value("belt_speed_m_s", "both", clip.video, reason)
    else:
        seen = _stance_speeds_px(clip) / clip.scale.height_px_per_m
        typical = float(np.median(seen))
        sd = typical * float(np.hypot(HEIGHT_SD, BELT_SEEN_SD * clip.model_factor))
        retest = typical * float(np.hypot(RETEST_SHARE * HEIGHT_SD, again))
        method = f"{clip.method}; scale from height"
        yield with_value(clip, "belt_speed_m_s", "both", seen, sd, method, confidence, retest_sd=retest)


def step_length_reason(clip: ClipFacts) -> str | None:
    """Return why there is no step length in metres, None where there is one."""
    if clip.belt_speed_m_s is None:
        return NO_SCALE_REASON
    return "The belt speeds entered and seen do not agree." if clip.scale.in_doubt else None


def _stance_speeds_px(clip: ClipFacts) -> Floats:
    """Backward speed of the near foot between 30 and 60 % of each stance, px/s, shape (n,)."""
    speeds = []
    for stride in clip.near_kept:
        contact_s = stride.to_s - stride.ic_s
        window = clip.near.window(stride.ic_s + 0.3 * contact_s, stride.ic_s + 0.6 * contact_s)
        speeds.append(-float(np.median(clip.near.foot_centre_velocity[window])))
    return np.array(speeds)


def _force(clip: ClipFacts) -> list[MetricValue]:
    """Peak force and stiffness of the sine model, or why there are none."""
    names = ("peak_vertical_force_bw", "vertical_stiffness_kn_m")
    times = clip.times[clip.near.side]
    if len(times.stride_s) + 1 < MIN_STEPS:
        return [no_value(n, clip.near.side, clip.video, FEW_STEPS_REASON) for n in names]
    if clip.rate_hz < MIN_RATE_HZ:
        return [no_value(n, clip.near.side, clip.video, SLOW_RATE_REASON) for n in names]
    if clip.grounded:
        reason = "Grounded running (no flight): the model of a bouncing spring does not hold."
        return [no_value(n, clip.near.side, clip.video, reason) for n in names]
    flight_s = times.stride_s / 2 - times.contact_s
    contacts = clip.contacts[clip.near.side]
    event_sd = float(np.hypot(contacts.ic_common_sd_s, contacts.to_common_sd_s))
    mass = clip.recording.mass_kg
    confidence = lower(_confidence(clip, clip.near.side), "medium")
    found = []
    for name in names:
        if name == "vertical_stiffness_kn_m" and mass is None:
            found.append(no_value(name, clip.near.side, clip.video, "Needs the body mass (`--mass`)."))
            continue

        def model(late_s: float, name: str = name) -> Floats:
            contact, flight = times.contact_s + late_s, flight_s - late_s
            if name == "peak_vertical_force_bw":
                return peak_force_bw(contact, flight)
            return vertical_stiffness_kn_m(contact, flight, mass or 0.0)

        moved = (np.median(model(event_sd)) - np.median(model(-event_sd))) / 2
        model_sd = SINE_MODEL_SD[name] * float(np.median(model(0.0)))
        method = f"{clip.method}; sine model from times, not a force measurement"
        sd = float(np.hypot(moved, model_sd))
        found.append(with_value(clip, name, clip.near.side, model(0.0), sd, method, confidence))
    return found

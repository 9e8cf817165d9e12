"""Everything after the pose model: from the landmarks of one clip to its events, strides, metrics and curves.

No file is touched here, and pictures only by the ``look`` handed in for heels and pelvis, so the very same code runs
on landmarks from a video, from another tool, or from markers projected to a virtual camera.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gait.errors import QualityError
from gait.events.close_up import CloseUpDetector
from gait.events.detector import Contacts, EventDetector
from gait.events.kinematic import KinematicDetector
from gait.events.rear import RearDetector
from gait.events.strides import LEG_PARTS, strides_of
from gait.events.viewpoint import as_seen, as_seen_from_behind
from gait.metrics.activity import FILM_RUNNING
from gait.metrics.assemble import side_metrics
from gait.metrics.assemble_rear import RearClip, rear_metrics
from gait.metrics.clip import ClipFacts
from gait.metrics.curves import side_curves
from gait.metrics.keyframes import representative, side_keyframes
from gait.metrics.options import DETECTED, ClipOptions
from gait.metrics.pelvis import NOT_LOOKED_AT, Pelvis
from gait.metrics.per_stride import per_stride_columns
from gait.metrics.prepare import Prepared, prepare
from gait.metrics.quality import QualityFacts, level_of, lower
from gait.metrics.rear import FrontalPlane
from gait.metrics.rearfoot import (
    Rearfoot,
    is_rough,
    rearfoot_curve,
    rearfoot_metrics,
    rearfoot_per_stride,
    rearfoot_warnings,
    stances_of,
)
from gait.metrics.rearfoot_keyframes import rearfoot_keyframe
from gait.metrics.scale import Scale, find_rear_scale, find_scale, rear_leg_length
from gait.metrics.side import FootFlat, foot_flat
from gait.metrics.standing import standing_samples, standing_spans, without_standing
from gait.metrics.symmetry import ClipView, with_symmetry
from gait.metrics.temporal import StrideTimes, stride_times
from gait.metrics.timebase import to_file_time, withhold_times
from gait.metrics.uncertainty import model_factor
from gait.metrics.warnings import clip_warnings
from gait.model import (
    INITIAL_CONTACT,
    SIDES,
    TOE_OFF,
    Curve,
    Floats,
    GaitEvent,
    KeyFrame,
    MetricValue,
    PoseSequence,
    Quality,
    Stride,
)
from gait.pelvis.rolls import RearSeen
from gait.rearfoot.angles import Stance
from gait.rearfoot.finder import is_close_up, without_stand_ins
from gait.signals.clean import Cleaning
from gait.signals.legs import Leg, legs_of
from gait.signals.spectral import SpectralCadence
from gait.signals.view import View
from gait.skeleton import other

Look = Callable[[PoseSequence, dict[str, list[Stance]], Sequence[tuple[float, float]]], RearSeen]
"""What reads heels and pelvis from pictures, given landmarks, stances and when the person stands still."""

DETECTORS: dict[str, EventDetector] = {
    "kinematic": KinematicDetector(),
    "rear": RearDetector(),
    "legs": CloseUpDetector(),
}


@dataclass(frozen=True, eq=False)
class ClipMeasurement:
    """What one clip gave.

    ``display`` holds the cleaned landmarks at the frames' own times in the original picture, for drawing. All times
    are in the time base of the video (see :class:`gait.metrics.timebase.TimeBase`), but for those of ``feet``, whose
    pictures are told by their numbers. ``belt_leg_s`` is the belt's speed as heel and ankle show it, in leg lengths
    (thigh and shank) per second, for comparing clips; None from behind. ``roll_deg`` is the camera's roll that was
    turned back, ``roll_origin`` where it comes from in words, None where the camera was taken to be level.
    """

    view: View
    quality: Quality
    events: tuple[GaitEvent, ...]
    strides: tuple[Stride, ...]
    metrics: tuple[MetricValue, ...]
    curves: tuple[Curve, ...]
    keyframes: tuple[KeyFrame, ...]
    per_stride: dict[str, list[float | None]]
    display: PoseSequence
    analysed_s: tuple[float, float]
    scale: Scale
    spectral: SpectralCadence
    steps: tuple[str, ...]
    belt_leg_s: float | None = None
    feet: dict[str, Rearfoot] = field(default_factory=dict)
    roll_deg: float = 0.0
    roll_origin: str | None = None


def measure(
    pose: PoseSequence,
    options: ClipOptions,
    cleaning: Cleaning | None = None,
    detector: EventDetector | None = None,
    look: Look | None = None,
) -> ClipMeasurement:
    """Measure one clip.

    Parameters
    ----------
    pose : PoseSequence
        The runner's landmarks as the pose model gave them.
    options : ClipOptions
        What else is known.
    cleaning : Cleaning, optional
        Other parameters of the cleaning.
    detector : EventDetector, optional
        Another detector of events than the one of the view.
    look : callable, optional
        Reads heels and pelvis from the pictures of a rear view (:class:`gait.pelvis.look.RearLook`); without it they
        are not assessed.

    Raises
    ------
    QualityError
        When the clip cannot be measured at all: front view, standing, walking, nobody, fewer than two strides.
    """
    prepared = prepare(pose, options, cleaning)
    body = prepared.body(options)
    legs = legs_of(body)
    behind = "legs" if is_close_up(pose.estimator) else "rear"
    detector = detector or DETECTORS["kinematic" if prepared.view.is_side else behind]
    standing_s = standing_spans(legs)
    contacts = {
        side: without_standing(detector(leg, prepared.stride_s, prepared.frame_s), standing_s)
        for side, leg in legs.items()
    }
    size, noise_legs = model_factor(pose.estimator), prepared.trajectories.noise / prepared.leg_px
    if prepared.view.is_side:
        hidden = other(prepared.view.name)
        contacts = {
            side: as_seen(found, pose.estimator, near=side != hidden, model_factor=size, noise_legs=noise_legs)
            for side, found in contacts.items()
        }
    else:
        contacts = {
            side: as_seen_from_behind(found, pose.estimator, model_factor=size) for side, found in contacts.items()
        }
    needed = LEG_PARTS if prepared.view.is_side else ()
    strides = {side: strides_of(contacts[side], legs[side], options.video, needed) for side in legs}
    kept = {side: [s for s in strides[side] if s.reject_reason is None] for side in strides}
    near = prepared.view.name if prepared.view.is_side else max(kept, key=lambda side: len(kept[side]))
    if len(kept[near]) < 2:
        lasting_s = float(prepared.trajectories.times_s[-1] - prepared.trajectories.times_s[0])
        raise QualityError(_too_few(strides[near], lasting_s), _too_few_hint(prepared.pose.estimator))
    times = {side: stride_times(strides[side], contacts[other(side)].ic_s) for side in strides}
    clip = _clip(prepared, options, legs, near, contacts, strides, times, detector.name, body.steps)
    return _finish(prepared, options, clip, legs, look)


def _too_few_hint(estimator: str) -> str:
    if model_factor(estimator) > 1.0:
        return "The smaller pose models often lose the feet: use `--model heavy`. " + FILM_RUNNING
    return FILM_RUNNING


def _too_few(strides: list[Stride], lasting_s: float) -> str:
    reasons = sorted({s.reject_reason for s in strides if s.reject_reason})
    why = f" ({'; '.join(reasons[:3])})" if reasons else ""
    return f"Fewer than two complete strides could be measured in {lasting_s:.1f} s of video{why}."


def _clip(
    prepared: Prepared,
    options: ClipOptions,
    legs: dict[str, Leg],
    near_side: str,
    contacts: dict[str, Contacts],
    strides: dict[str, list[Stride]],
    times: dict[str, StrideTimes],
    detector: str,
    steps: tuple[str, ...],
) -> ClipFacts:
    """Gather what the metrics are made from."""
    near = legs[near_side]
    kept = [s for s in strides[near.side] if s.reject_reason is None]
    rate_hz = prepared.trajectories.sampling_rate_hz
    time_ok = prepared.time_base.factor == 1.0 and prepared.time_base.plausible
    recording = options.recording if time_ok else replace(options.recording, belt_speed_m_s=None)
    flat: FootFlat | None = None
    scale = find_rear_scale(legs, recording.height_m, shank_only=is_close_up(prepared.pose.estimator))
    if prepared.view.is_side:
        flat = foot_flat(near, kept, standing_samples(near))
        scale = find_scale(near, contacts[near.side].belt_speed, recording.height_m, recording.belt_speed_m_s)
    facts = QualityFacts(
        rate_hz=rate_hz,
        strides=len(kept),
        lost=prepared.cleaning.filled + prepared.cleaning.missing,
        swapped=prepared.cleaning.swapped,
        leg_px=prepared.leg_px,
        time_base_ok=time_ok,
    )
    factor = model_factor(prepared.pose.estimator)
    duty = _median_seen(times[near.side].contact_s / times[near.side].stride_s)
    return ClipFacts(
        video=options.video,
        near=near,
        contacts=contacts,
        strides=strides,
        times=times,
        flat=flat,
        scale=scale,
        recording=recording,
        rate_hz=rate_hz,
        level=lower(level_of(facts), "low") if factor > 1.0 else level_of(facts),
        estimator=prepared.pose.estimator,
        grounded=duty >= 0.5,
        method=f"{detector} events, {prepared.pose.estimator}",
        steps=steps,
        roll_deg=options.horizon_deg,
        roll_sd_deg=options.horizon_sd_deg,
        roll_detected=options.horizon_origin == DETECTED,
        roll_evidence=options.horizon_evidence,
    )


def _median_seen(values: Floats) -> float:
    """Median of the finite values, 0 when there are none."""
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if len(seen) else 0.0


def _finish(
    prepared: Prepared, options: ClipOptions, clip: ClipFacts, legs: dict[str, Leg], look: Look | None
) -> ClipMeasurement:
    """Compute metrics, curves, key frames and warnings, and bring all times into the video's time base."""
    is_side = prepared.view.is_side
    factor = prepared.time_base.factor
    display = _display(prepared, options)
    feet, pelvis = ({}, NOT_LOOKED_AT) if is_side or look is None else _looked(look, display, clip, legs, options)
    if is_side:
        metrics = side_metrics(clip)
    else:
        rear = RearClip(clip, FrontalPlane(legs), rear_leg_length(legs), pelvis)
        metrics = rear_metrics(rear, rearfoot_metrics(clip, feet))
    if not (factor == 1.0 and prepared.time_base.plausible):
        metrics = withhold_times(metrics, prepared.time_base)
    metrics = with_symmetry(metrics, [ClipView(options.video, prepared.view.name)])
    given = {m.side for m in metrics if m.name == "rearfoot_angle_peak_deg" and m.value is not None}
    assessed = {side: foot for side, foot in feet.items() if side in given}
    curves, keyframes = _pictured(clip, display, options, assessed)
    strides = [s for side in (clip.near.side, clip.far_side) for s in clip.strides[side]]
    warnings = clip_warnings(clip, prepared.cleaning, prepared.view, prepared.cadence, prepared.time_base)
    warnings += rearfoot_warnings(feet)
    return to_file_time(
        ClipMeasurement(
            view=prepared.view,
            quality=Quality(clip.level, tuple(warnings)),
            events=tuple(_events(clip, is_side)),
            strides=tuple(strides),
            metrics=tuple(metrics),
            curves=tuple(curves),
            keyframes=tuple(keyframes),
            per_stride=per_stride_columns(clip, strides) | rearfoot_per_stride(feet, strides, metrics),
            display=display,
            analysed_s=(float(display.times_s[0]), float(display.times_s[-1])),
            scale=clip.scale,
            spectral=prepared.cadence,
            steps=clip.steps,
            belt_leg_s=_belt_leg_s(clip) if is_side else None,
            feet=feet,
            roll_deg=options.horizon_deg,
            roll_origin=options.roll_origin,
        ),
        factor,
    )


def _looked(
    look: Look, display: PoseSequence, clip: ClipFacts, legs: dict[str, Leg], options: ClipOptions
) -> tuple[dict[str, Rearfoot], Pelvis]:
    """Look at both standing feet and the pelvis in the pictures."""
    stances = {side: stances_of(clip.contacts[side]) for side in SIDES}
    seen = look(display, stances, standing_spans(legs))
    rough = {side: is_rough(clip.contacts[side], clip.estimator) for side in SIDES}
    feet = {side: Rearfoot.of(seen.feet[side], stances[side], rough=rough[side]) for side in SIDES}
    # The runner's right is on the left of a mirrored picture, and what rises to the right there falls.
    horizon_deg = -options.horizon_deg if options.mirrored else options.horizon_deg
    return feet, Pelvis.of(seen.pelvis, clip.near.times_s, horizon_deg, stances)


def _pictured(
    clip: ClipFacts, display: PoseSequence, options: ClipOptions, feet: dict[str, Rearfoot]
) -> tuple[list[Curve], list[KeyFrame]]:
    """Curves and key frames of the view."""
    if feet:
        curves = [rearfoot_curve(options.video, side, foot) for side, foot in feet.items()]
        keyframes = [
            rearfoot_keyframe(options.video, side, foot, display, mirrored=options.mirrored)
            for side, foot in feet.items()
        ]
        return [c for c in curves if c is not None], [k for k in keyframes if k is not None]
    if clip.flat is None or len(clip.near_kept) < 6:
        return [], []
    shown = representative(clip.near_kept, display.times_s)
    return (
        side_curves(clip.near, clip.near_kept, clip.flat, options.video),
        side_keyframes(clip.near, shown, display, clip.flat, options),
    )


def _belt_leg_s(clip: ClipFacts) -> float | None:
    """Belt speed in thigh and shank lengths per second, which two clips of one person share whatever their scale.

    The slope of heel and ankle over most of stance repeats better than the speed of the flat foot's middle, on which
    the toe weighs, the least exact landmark: three films and their mirror images, whole and halved and each shown to
    the pose model as it is, differed by at most 0.7 % in this slope and by 0.6 to 5.5 % in that speed. As the heel
    rises it falls short of the belt, on both sides alike, so it serves for comparing only.
    """
    slopes = []
    for stride in clip.near_kept:
        contact_s = stride.to_s - stride.ic_s
        window = clip.near.window(stride.ic_s + 0.1 * contact_s, stride.ic_s + 0.8 * contact_s)
        x_px = (clip.near.position["heel"][window, 0] + clip.near.position["ankle"][window, 0]) / 2
        slopes.append(-float(np.polyfit(clip.near.times_s[window], x_px, 1)[0]))
    speed = float(np.median(slopes)) / clip.near.length
    return speed if np.isfinite(speed) and speed > 0 else None


def _events(clip: ClipFacts, is_side: bool) -> list[GaitEvent]:
    found = []
    for side, contacts in clip.contacts.items():
        leg = "both" if not is_side else "near" if side == clip.near.side else "far"
        for kind, times_s, sds in (
            (INITIAL_CONTACT, contacts.ic_s, contacts.ic_sd_s),
            (TOE_OFF, contacts.to_s, contacts.to_sd_s),
            (TOE_OFF, contacts.loose_to_s, np.full(len(contacts.loose_to_s), max(contacts.to_sd_s, default=0.05))),
        ):
            found += [
                GaitEvent(clip.video, side, leg, kind, float(t), float(sd))
                for t, sd in zip(times_s, sds, strict=True)
                if np.isfinite(t)
            ]
    return sorted(found, key=lambda e: (e.time_s, e.side))


def _display(prepared: Prepared, options: ClipOptions) -> PoseSequence:
    """The cleaned landmarks at the frames' own times, as they lie in the original picture."""
    kept, smooth = prepared.kept, prepared.trajectories
    xy = kept.xy_px.copy()
    for k in range(xy.shape[1]):
        for axis in (0, 1):
            # NaN around a gap spreads to both neighbours; there the unfiltered landmark stays.
            fine = np.interp(kept.times_s, smooth.times_s, smooth.xy[:, k, axis])
            xy[:, k, axis] = np.where(np.isfinite(fine), fine, xy[:, k, axis])
    if options.mirrored:
        # Back into the mirrored picture, but left stays the runner's left.
        xy[..., 0] = options.size_px[0] - xy[..., 0]
    shown = replace(kept, xy_px=xy)
    return without_stand_ins(shown) if is_close_up(shown.estimator) else shown

"""Everything a reader should know before trusting the numbers of a clip, in plain words and with what to do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gait.events.close_up import CloseUpDetector
from gait.metrics.clip import ClipFacts
from gait.metrics.quality import FULL_RATE_HZ, MIN_RATE_HZ, USABLE_STRIDES, QualityFacts, grades
from gait.metrics.statistics import FULL_STRIDES, MIN_STEPS
from gait.metrics.timebase import TimeBase
from gait.model import QualityWarning
from gait.rearfoot.finder import is_close_up
from gait.signals.clean import CleaningReport
from gait.signals.spectral import SpectralCadence
from gait.signals.tempo import RUNNING_CADENCE_SPM, closest_capture_rate_hz
from gait.signals.view import View

TOLD_ROLL_DEG = 1.0
"""A detected camera roll beyond this is told: it would have moved every absolute angle by as much."""

_SMALL_LEG_PX = 110.0
_SAME_RATE = 0.2
_FAR_DIFFERENCE = 0.15
_CADENCE_TOLERANCE_SPM = 3.0


def clip_warnings(
    clip: ClipFacts, cleaning: CleaningReport, view: View, cadence: SpectralCadence, time_base: TimeBase
) -> list[QualityWarning]:
    """Collect the warnings of a clip, the gravest first."""
    found = [*time_base.warnings, *_about_scale(clip), *_about_length(clip), *_about_rate(clip, view)]
    found += _about_tracking(clip, cleaning)
    if view.is_side:
        found += _about_far_leg(clip)
    if time_base.factor == 1.0:
        found += _about_cadence(clip, cadence)
    if is_close_up(clip.estimator):
        rules = CloseUpDetector()
        found.append(
            QualityWarning(
                "legs_only",
                "The whole runner is not in the picture, so the lower legs alone are measured: heels, steps, times "
                f"with low confidence (a contact is known to {1000 * rules.ic_sd_s:.0f} ms, a toe-off to "
                f"{1000 * rules.to_sd_s:.0f} ms); nothing above the knee.",
                "Film the whole runner, too, from behind or the side, and give both clips (`--with`).",
            )
        )
    elif not view.is_side:
        found.append(
            QualityWarning(
                "rear_view",
                "This is a rear view: it gives times, steps, heels, pelvis, thigh and trunk. What shows from the side "
                "is not in it.",
                "Film from the side, too, and give both clips (`--with`).",
            )
        )
    found += _about_roll(clip)
    if clip.grounded:
        found.append(
            QualityWarning(
                "grounded_running",
                "Each foot is on the ground at least half of the time: running without flight, as slow runners do.",
                "Force and stiffness are withheld, their model needs a flight phase.",
            )
        )
    return _with_the_decisive_named(found, clip, cleaning, time_base)


_PART_OF = {
    "few_steps": "strides",
    "short_clip": "strides",
    "low_frame_rate": "rate",
    "medium_frame_rate": "rate",
    "landmarks_lost": "lost",
    "legs_exchanged": "swapped",
    "small_in_picture": "leg_px",
}
"""Which part of the quality a warning is about."""


def _with_the_decisive_named(
    found: list[QualityWarning], clip: ClipFacts, cleaning: CleaningReport, time_base: TimeBase
) -> list[QualityWarning]:
    """Make the warnings that decide the quality level say so."""
    facts = QualityFacts(
        rate_hz=clip.rate_hz,
        strides=len(clip.near_kept),
        lost=cleaning.filled + cleaning.missing,
        swapped=cleaning.swapped,
        leg_px=clip.near.length,
    )
    parts = grades(facts)
    clock_ok = time_base.factor == 1.0 and time_base.plausible
    return [
        replace(warning, message=f"{warning.message} This keeps the quality at {clip.level}.")
        if clock_ok and clip.level != "high" and parts.get(_PART_OF.get(warning.code, "")) == clip.level
        else warning
        for warning in found
    ]


def _about_scale(clip: ClipFacts) -> list[QualityWarning]:
    mismatch = clip.scale.mismatch
    if mismatch is None or not clip.scale.in_doubt:
        return []
    seen = (clip.recording.belt_speed_m_s or 0.0) * (1.0 + mismatch)
    return [
        QualityWarning(
            "scale_mismatch",
            f"By the runner's height the belt moves at {seen:.2f} m/s, not at the "
            f"{clip.recording.belt_speed_m_s:.2f} m/s entered: they differ by {abs(mismatch):.0%}.",
            f"Check height, belt speed and, for slow motion, the capture rate{_rate_hint(clip, mismatch)}; "
            "distances follow the height.",
        )
    ]


def _about_roll(clip: ClipFacts) -> list[QualityWarning]:
    """Tell of a camera that was not level where that was found in the picture, not told."""
    if not clip.roll_detected or abs(clip.roll_deg) <= TOLD_ROLL_DEG:
        return []
    end = "right" if clip.roll_deg > 0 else "left"
    words = clip.roll_evidence or "upright and level edges"
    return [
        QualityWarning(
            "camera_rolled",
            f"The camera was not level: what is level rises to the {end} by {abs(clip.roll_deg):.1f} degrees where the "
            f"runner is. {words[:1].upper()}{words[1:]} in the picture show it, and it was turned back.",
            "If the edges deceive, say what is level yourself (`--horizon-deg`).",
        )
    ]


def _rate_hint(clip: ClipFacts, mismatch: float) -> str:
    """Name the capture rate that would make the belt speed right, where a camera has it."""
    rate_hz = closest_capture_rate_hz(clip.rate_hz / (1.0 + mismatch))
    low, high = RUNNING_CADENCE_SPM
    cadence_spm = 120.0 / float(np.median(clip.times[clip.near.side].stride_s))
    if (
        rate_hz is None
        or abs(rate_hz / clip.rate_hz - 1.0) < _SAME_RATE
        or not low <= cadence_spm * rate_hz / clip.rate_hz <= high
    ):
        return ""
    return f" (`--capture-rate {rate_hz:.0f}` would make the speeds agree)"


def _about_length(clip: ClipFacts) -> list[QualityWarning]:
    steps = len(clip.near_kept) + 1
    if steps < MIN_STEPS:
        return [
            QualityWarning(
                "few_steps",
                f"Only {steps} steps of the {clip.near.side} foot could be measured; at least {MIN_STEPS} are needed "
                "for any number of that foot.",
                "Film at least 10 seconds of steady running.",
            )
        ]
    if len(clip.near_kept) < FULL_STRIDES:
        return [
            QualityWarning(
                "short_clip",
                _few_strides(len(clip.near_kept)),
                "Film 20 to 30 seconds.",
            )
        ]
    return []


def _few_strides(strides: int) -> str:
    if strides < USABLE_STRIDES:
        return f"Only {strides} strides were measured: below {USABLE_STRIDES} every number is rough."
    return f"{strides} strides were measured; with {FULL_STRIDES} the intervals are narrower."


def _about_rate(clip: ClipFacts, view: View) -> list[QualityWarning]:
    if clip.rate_hz < MIN_RATE_HZ:
        return [
            QualityWarning(
                "low_frame_rate",
                f"{clip.rate_hz:.0f} frames per second: every number has low confidence, and force, stiffness and the "
                "three-way foot strike are withheld.",
                "Film at 60 frames per second or more; 120 and 240 (slow motion) are better.",
            )
        ]
    if clip.rate_hz < FULL_RATE_HZ and view.is_side:
        return [
            QualityWarning(
                "medium_frame_rate",
                f"{clip.rate_hz:.0f} frames per second: good for most numbers.",
                "120 or 240 frames per second (slow motion) time contacts better.",
            )
        ]
    return []


def _about_tracking(clip: ClipFacts, cleaning: CleaningReport) -> list[QualityWarning]:
    found = []
    lost = cleaning.missing + cleaning.filled
    if lost > 0.05:
        found.append(
            QualityWarning(
                "landmarks_lost",
                f"{lost:.0%} of the leg landmarks were not seen or jumped.",
                "Keep both feet and calves in the picture all the time."
                if is_close_up(clip.estimator)
                else "Film with the whole runner in the picture, more light and a fast shutter (1/500 s).",
            )
        )
    if cleaning.swapped > 0.05:
        found.append(
            QualityWarning(
                "legs_exchanged",
                f"Left and right leg were mixed up in {cleaning.swapped:.0%} of the frames and put right.",
                "The heavy model mixes them up least; different colours of socks or tights help.",
            )
        )
    leg_px = clip.near.length
    if leg_px < _SMALL_LEG_PX:
        found.append(
            QualityWarning(
                "small_in_picture",
                f"The runner is small: the leg is {leg_px:.0f} pixels long.",
                "Go closer, or film in a higher resolution, with the runner filling the height of the picture.",
            )
        )
    dropped = [s for s in clip.strides[clip.near.side] if s.reject_reason is not None]
    total = len(clip.strides[clip.near.side])
    if dropped and len(dropped) > 0.2 * total:
        found.append(
            QualityWarning(
                "strides_dropped",
                f"{len(dropped)} of {total} strides of the {clip.near.side} foot were left out "
                f"(first: {dropped[0].reject_reason}).",
                "The stride table says why for each.",
            )
        )
    return found


def _about_far_leg(clip: ClipFacts) -> list[QualityWarning]:
    """Keep a reader from taking the rough times of the hidden leg for a difference between the legs."""
    difference = clip.far_contact_difference
    if difference is None or difference < _FAR_DIFFERENCE:
        return []
    return [
        QualityWarning(
            "far_leg_differs",
            f"The far ({clip.far_side}) leg's contact time differs from the near leg's by "
            f"{difference:.0%}. It is hidden half of the time: do not read this as a "
            "difference between left and right.",
            f"Film the {clip.far_side} side, too.",
        )
    ]


def _about_cadence(clip: ClipFacts, cadence: SpectralCadence) -> list[QualityWarning]:
    """Compare the cadence of the contacts with that of the spectrum, which knows no contacts."""
    times = clip.times[clip.near.side]
    counted = 120.0 / float(np.median(times.stride_s))
    if abs(counted - cadence.cadence_spm) <= _CADENCE_TOLERANCE_SPM:
        return []
    return [
        QualityWarning(
            "cadence_disagrees",
            f"Counting contacts gives {counted:.1f} steps/min, the rhythm of the legs {cadence.cadence_spm:.1f}.",
            "Some contacts may be wrong: look at the annotated video before using the times.",
        )
    ]

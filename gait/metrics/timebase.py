"""What to do when the file's times cannot be real seconds: undeclared slow motion, ramped slow motion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gait.errors import ConfigError
from gait.metrics.options import ClipOptions
from gait.model import Floats, MetricValue, QualityWarning, Trajectories
from gait.signals.spectral import SpectralCadence
from gait.signals.tempo import RUNNING_CADENCE_SPM, propose_capture_rate, steady_part

if TYPE_CHECKING:
    from gait.metrics.measure import ClipMeasurement

TIME_METRICS = (
    "cadence_spm",
    "stride_time_ms",
    "ground_contact_time_ms",
    "flight_time_ms",
    "duty_factor_pct",
    "step_length_m",
    "belt_speed_m_s",
    "peak_vertical_force_bw",
    "vertical_stiffness_kn_m",
    "rearfoot_time_to_peak_ms",
)
"""Metrics that mean nothing on a wrong time base."""


@dataclass(frozen=True)
class TimeBase:
    """Judgement of a clip's times.

    Parameters
    ----------
    factor : float
        How many times too long they probably are; 1 when nothing speaks against them.
    plausible : bool
        False when they cannot be right but no factor explains them.
    part : (float, float) or None
        The steady part of a clip whose speed changes, s.
    warnings : tuple of QualityWarning
        What to tell.
    """

    factor: float = 1.0
    plausible: bool = True
    part: tuple[float, float] | None = None
    warnings: tuple[QualityWarning, ...] = ()


def check_time_base(
    trajectories: Trajectories,
    separation: Floats,
    cadence: SpectralCadence,
    options: ClipOptions,
    *,
    ramps: bool = True,
) -> TimeBase:
    """Check a clip's times by its cadence.

    Parameters
    ----------
    trajectories : Trajectories
        Cleaned, image coordinates.
    separation : ndarray, shape (N,)
        Leg separation in leg lengths.
    cadence : SpectralCadence
        Of the whole clip.
    options : ClipOptions
        For the file's rate.
    ramps : bool
        Look for a change of speed; not in what is already the steady part of a longer clip.

    Raises
    ------
    ConfigError
        When the clip runs at a runner's pace as it plays, and the capture rate given makes it impossible.
    """
    if not np.isfinite(cadence.step_hz):
        return TimeBase()
    steady = steady_part(trajectories.times_s, separation) if ramps else None
    if steady is not None:
        part = (float(trajectories.times_s[steady.start]), float(trajectories.times_s[steady.stop - 1]))
        return TimeBase(part=part, warnings=(_ramp_warning(part),))
    low, high = RUNNING_CADENCE_SPM
    if low <= cadence.cadence_spm <= high:
        return TimeBase()
    # A proposal speaks of the file, whatever rate was given for it.
    as_played = cadence.cadence_spm * options.time_scale
    if options.time_scale != 1.0 and low <= as_played <= high:
        raise ConfigError(
            f"The capture rate cannot be right: with it the runner would take {cadence.cadence_spm:.0f} steps/min, and "
            f"{as_played:.0f} as the file plays.",
            f"Leave out `--capture-rate`, or give {options.file_rate_hz:.0f}, the rate of the file.",
        )
    proposal = propose_capture_rate(options.file_rate_hz, as_played) if as_played < low else None
    if proposal is None:
        return TimeBase(plausible=False, warnings=(_implausible(cadence.cadence_spm),))
    factor = proposal.factor * options.time_scale
    return TimeBase(
        factor=factor,
        warnings=(
            QualityWarning(
                "slow_motion_suspected",
                f"{cadence.cadence_spm:.0f} steps/min is too few for running: this looks like slow motion, "
                f"{_times(factor)} too slow ({proposal.capture_rate_hz:.0f} frames per second saved as "
                f"{options.file_rate_hz:.0f}). All times are withheld.",
                f"Give `--capture-rate {proposal.capture_rate_hz:.0f}` if the camera recorded at that rate.",
            ),
        ),
    )


def _times(factor: float) -> str:
    return f"{factor:.0f} times" if abs(factor - round(factor)) < 0.05 else f"{factor:.1f} times"


def _implausible(cadence_spm: float) -> QualityWarning:
    return QualityWarning(
        "cadence_implausible",
        f"{cadence_spm:.0f} steps/min is no cadence of running. All times are withheld.",
        "Check that the clip plays at the speed at which it was filmed, or give `--capture-rate`.",
    )


def _ramp_warning(part: tuple[float, float]) -> QualityWarning:
    return QualityWarning(
        "speed_changes",
        f"The clip changes its speed (normal and slow motion in one file, or a change of pace). Only the part from "
        f"{part[0]:.1f} to {part[1]:.1f} s was analysed.",
        "Export the original without slow-motion effect, or choose one part with `--start` and `--end`.",
    )


def withhold_times(metrics: list[MetricValue], time_base: TimeBase) -> list[MetricValue]:
    """Replace every number that depends on the time base by the reason."""
    cause = next(w for w in time_base.warnings if w.code != "speed_changes")
    reason = f"The time base is in doubt: {cause.message} {cause.hint}"
    return [
        MetricValue(m.name, m.side, m.video, None, m.unit, reason=reason)
        if m.name in TIME_METRICS and m.value is not None
        else m
        for m in metrics
    ]


def to_file_time(clip: ClipMeasurement, factor: float) -> ClipMeasurement:
    """Bring all times of a measurement made ``factor`` times too fast back into the video's own time base."""
    if factor == 1.0:
        return clip

    def scaled(time_s: float) -> float:
        return time_s * factor

    return replace(
        clip,
        events=tuple(replace(e, time_s=scaled(e.time_s), uncertainty_s=scaled(e.uncertainty_s)) for e in clip.events),
        strides=tuple(
            replace(s, ic_s=scaled(s.ic_s), to_s=scaled(s.to_s), next_ic_s=scaled(s.next_ic_s)) for s in clip.strides
        ),
        keyframes=tuple(replace(k, time_s=scaled(k.time_s)) for k in clip.keyframes),
        per_stride={name: column for name, column in clip.per_stride.items() if name not in TIME_METRICS},
        display=replace(clip.display, times_s=clip.display.times_s * factor),
        analysed_s=(scaled(clip.analysed_s[0]), scaled(clip.analysed_s[1])),
        spectral=replace(clip.spectral, step_hz=clip.spectral.step_hz / factor),
    )

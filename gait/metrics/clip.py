"""One clip with all that its metrics are made from, and how one value of it is put together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.events.detector import Contacts
from gait.metrics.catalogue import CATALOGUE, reference_for
from gait.metrics.detectable import RETEST_SHARE, retest_se, smallest_change
from gait.metrics.scale import Scale
from gait.metrics.side import FootFlat
from gait.metrics.statistics import summarise
from gait.metrics.temporal import StrideTimes
from gait.metrics.uncertainty import model_factor
from gait.model import Floats, MetricValue, Recording, Stride
from gait.signals.legs import Leg
from gait.skeleton import other

MEAN_METRICS = ("cadence_spm", "stride_time_ms")


@dataclass(frozen=True, eq=False)
class ClipFacts:
    """All that the metrics of one clip are made from; from behind ``near`` is the leg with more strides.

    ``roll_deg`` is the camera's roll that was turned back, ``roll_sd_deg`` its standard uncertainty where it was
    detected, ``roll_evidence`` what showed it.
    """

    video: str
    near: Leg
    contacts: dict[str, Contacts]
    strides: dict[str, list[Stride]]
    times: dict[str, StrideTimes]
    flat: FootFlat | None
    scale: Scale
    recording: Recording
    rate_hz: float
    level: str
    estimator: str
    grounded: bool
    method: str
    steps: tuple[str, ...] = ()
    roll_deg: float = 0.0
    roll_sd_deg: float = 0.0
    roll_detected: bool = False
    roll_evidence: str = ""

    @property
    def model_factor(self) -> float:
        """How many times less exact the pose model is than the heavy one."""
        return model_factor(self.estimator)

    @property
    def far_side(self) -> str:
        """The side away from the camera."""
        return other(self.near.side)

    @property
    def far_contact_difference(self) -> float | None:
        """How much the far leg's contact time differs from the near leg's, relative; None without both."""
        near, far = (self.times[side].contact_s for side in (self.near.side, self.far_side))
        near, far = near[np.isfinite(near)], far[np.isfinite(far)]
        return abs(float(np.median(far)) / float(np.median(near)) - 1.0) if len(near) and len(far) else None

    @property
    def near_kept(self) -> list[Stride]:
        """Kept strides of the near leg."""
        return self.kept(self.near.side)

    def kept(self, side: str) -> list[Stride]:
        """Kept strides of one leg."""
        return [s for s in self.strides[side] if s.reject_reason is None]

    @property
    def belt_speed_m_s(self) -> float | None:
        """Speed for references and step length: as entered, else as seen."""
        if self.recording.belt_speed_m_s is not None:
            return self.recording.belt_speed_m_s
        speed = self.contacts[self.near.side].belt_speed
        return speed / self.scale.px_per_m if self.scale.px_per_m and np.isfinite(speed) else None


def no_value(name: str, side: str, video: str, reason: str) -> MetricValue:
    """Return a metric without a value, and why."""
    return MetricValue(name, side, video, None, CATALOGUE[name].unit, reason=reason)


def with_value(
    clip: ClipFacts,
    name: str,
    side: str,
    values: Floats,
    systematic_sd: float,
    method: str,
    confidence: str,
    *,
    retest_sd: float | None = None,
) -> MetricValue:
    """Summarise per-stride values into a metric.

    ``retest_sd`` is what is common to all strides and yet differs from one recording to the next of the same person;
    a share of ``systematic_sd`` when not given.
    """
    summary = summarise(values, systematic_sd, mean=name in MEAN_METRICS and clip.flat is not None)
    if summary is None:
        return no_value(name, side, clip.video, "Could not be measured in any stride.")
    again_se = retest_se(summary, RETEST_SHARE * systematic_sd if retest_sd is None else retest_sd)
    sdc, origin = smallest_change(name, again_se, again_se)
    return MetricValue(
        name=name,
        side=side,
        video=clip.video,
        value=summary.value,
        unit=CATALOGUE[name].unit,
        n_strides=summary.n,
        sd=summary.sd,
        ci95=summary.ci95,
        confidence=confidence,
        method=method,
        sdc=sdc,
        sdc_origin=origin,
        retest_se=again_se,
        reference=reference_for(name, summary.value, clip.belt_speed_m_s),
    )

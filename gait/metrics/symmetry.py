"""Left against right: signed differences of times, angles and lengths, or why there is none.

One side view shows one leg in full. It gives the symmetry of times only, with low confidence, because the far leg is
hidden half of the time. Two side views give all of it, unless the belt ran at another speed in one of them. A rear view
shows both legs alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gait.metrics.catalogue import CATALOGUE, MetricSpec
from gait.metrics.conditions import SPEED_TOLERANCE, relative_difference
from gait.metrics.detectable import DERIVED, detectable_change
from gait.metrics.pelvis import FROM_MEAN_METHOD, HIP_LINE_METHOD
from gait.metrics.quality import lower
from gait.metrics.statistics import MIN_STEPS
from gait.model import SIDES, MetricValue

LEAST_ANGLE_DEG = 3.0
"""No angle is called different between left and right below this."""

ONE_SIDE_REASON = (
    "One side view shows only the near leg in full: film the other side, too, and give both clips (`--with`)."
)
MIXED_REASON = "The two legs were timed from different kinds of view: film both sides, and give both clips (`--with`)."
FEW_STEPS_REASON = f"Needs at least {MIN_STEPS} steps of each foot: film at least 10 seconds of running."
NEAR_ZERO_REASON = "The times are too close to zero for a percentage of them."
ASKEW_REASON = (
    "The hip line is read through the clothes: where they hang askew, or the light comes from one side, it is too high "
    "on one side and too low on the other, so the two legs cannot be compared."
)
ABOUT_LEVEL_REASON = (
    "The mean position of the pelvis is hidden by the clothes and taken as level, which makes both sides nearly alike, "
    "so the two legs cannot be compared."
)
_NO_INTERVAL_REASON = "Needs at least two strides of each leg."


@dataclass(frozen=True)
class ClipView:
    """What the comparison must know of a clip.

    Parameters
    ----------
    video : str
        Its id.
    view : str
        ``left``, ``right`` or ``rear``.
    belt_leg_s : float or None
        Belt speed as the standing near foot shows it, in leg lengths (thigh and shank) per second; None where it was
        not seen.
    pose_model : str
        Which pose model found the landmarks; empty where it is not known.
    """

    video: str
    view: str
    belt_leg_s: float | None = None
    pose_model: str = ""

    @property
    def is_side(self) -> bool:
        """Whether one leg is near and the other far."""
        return self.view in SIDES


def speeds_differ(clips: Sequence[ClipView]) -> float | None:
    """Return the relative difference of belt speed between two side clips where it forbids comparing them, else None.

    Notes
    -----
    The same person's legs are as long in both clips, so leg lengths per second can be compared without any scale. Three
    films and their own mirror images differed by at most 0.7 %, each shown to the pose model as it is. Not a number
    where a speed was not seen in one clip.
    """
    speeds = [clip.belt_leg_s for clip in clips if clip.is_side]
    if len(speeds) < 2:
        return None
    seen = [speed for speed in speeds if speed is not None and speed > 0]
    if len(seen) < len(speeds):
        return float("nan")
    difference = relative_difference(min(seen), max(seen))
    return difference if difference > SPEED_TOLERANCE else None


def with_symmetry(metrics: Iterable[MetricValue], clips: Sequence[ClipView]) -> list[MetricValue]:
    """Return the metrics with left against right, as far as these clips allow, in the catalogue's order.

    Parameters
    ----------
    metrics : iterable of MetricValue
        One for each name and side; comparisons among them are replaced.
    clips : sequence of ClipView
        The clips that they come from; at most one of each view.
    """
    plain = [m for m in metrics if m.name not in CATALOGUE or CATALOGUE[m.name].of is None]
    rows: dict[str, dict[str, MetricValue]] = {}
    for metric in plain:
        rows.setdefault(metric.name, {})[metric.side] = metric
    return plain + [_compared(spec, rows.get(spec.of, {}), clips) for spec in CATALOGUE.values() if spec.of]


def is_difference(metric: MetricValue) -> bool | None:
    """Tell whether a comparison of left and right shows a difference; None where it cannot be judged.

    A difference is larger than what measuring can miss (``threshold`` of its reference), and its interval leaves out 0.
    From one side view nothing is called a difference.
    """
    threshold = (metric.reference or {}).get("threshold")
    if not isinstance(metric.value, float) or metric.ci95 is None or threshold is None:
        return None
    low, high = metric.ci95
    return abs(metric.value) > threshold and not low <= 0.0 <= high


def shows_from(metric: MetricValue) -> float | None:
    """Return how large a difference of left and right must be to be called one here; None where none is judged.

    That is the larger of the limit and the half-width of the interval.
    """
    threshold = (metric.reference or {}).get("threshold")
    if not isinstance(metric.value, float) or metric.ci95 is None or not isinstance(threshold, float):
        return None
    low, high = metric.ci95
    return max(threshold, metric.value - low if metric.value > 0 else high - metric.value)


def _compared(spec: MetricSpec, sides: Mapping[str, MetricValue], clips: Sequence[ClipView]) -> MetricValue:
    left, right = sides.get("left"), sides.get("right")
    reason = _why_not(spec, sides, clips)
    if reason is None and left is not None and right is not None:
        return _difference(spec, left, right, clips)
    return MetricValue(spec.name, "both", clips[0].video, None, spec.unit, reason=reason or _NO_INTERVAL_REASON)


def _why_not(spec: MetricSpec, sides: Mapping[str, MetricValue], clips: Sequence[ClipView]) -> str | None:
    """Return the reason why the two legs are not compared, None when they are."""
    views = {clip.video: clip for clip in clips}
    side_views = [clip for clip in clips if clip.is_side]
    legs = [sides.get(side) for side in SIDES]
    missing = [leg for leg in legs if leg is not None and leg.value is None]
    if not all(legs):
        shared = sides.get("both")
        return missing[0].reason if missing else shared.reason if shared is not None else _NO_INTERVAL_REASON
    if missing:
        if spec.view == "side" and len(side_views) == 1:
            return ONE_SIDE_REASON
        return f"No value for the {missing[0].side} leg: {missing[0].reason}"
    of_clips = {leg.video for leg in legs if leg is not None}
    if len(of_clips) > 1:
        if not all(video in views and views[video].is_side for video in of_clips):
            return MIXED_REASON
        apart = speeds_differ(clips)
        if apart is not None:
            return speed_reason(apart)
    if any(leg is None or leg.n_strides + 1 < MIN_STEPS for leg in legs):
        return FEW_STEPS_REASON
    if any(leg is not None and FROM_MEAN_METHOD in leg.method for leg in legs):
        return ABOUT_LEVEL_REASON
    if any(leg is not None and HIP_LINE_METHOD in leg.method for leg in legs):
        return ASKEW_REASON
    if any(leg is None or leg.ci95 is None for leg in legs):
        return _NO_INTERVAL_REASON
    near_zero = any(leg is not None and leg.ci95 is not None and leg.ci95[0] <= 0.0 for leg in legs)
    return NEAR_ZERO_REASON if _is_relative(spec) and near_zero else None


def speed_reason(apart: float) -> str:
    """Say why clips of different belt speed are not compared."""
    if np.isnan(apart):
        return "The belt speeds of the two side clips could not be compared."
    return (
        f"The belt speeds of the two side clips, as the standing foot shows them, are {100 * apart:.1f} % apart (more "
        f"than {100 * SPEED_TOLERANCE:.0f} %): film both sides at one speed."
    )


def _is_relative(spec: MetricSpec) -> bool:
    return spec.of is not None and CATALOGUE[spec.of].symmetry == "relative"


def _difference(spec: MetricSpec, left: MetricValue, right: MetricValue, clips: Sequence[ClipView]) -> MetricValue:
    """Compare two legs that may be compared.

    Notes
    -----
    Where one pose model saw each leg as the near one, the two are measured by one method (the model is shown every
    runner facing left), and what that method misses in the same way on both sides cancels, as between two visits in
    :mod:`gait.metrics.change`. The interval is then the value and 1.96 times what both legs' standard errors between
    recordings amount to. That half of the common errors differs from side to side is a default of ours [E]: films and
    their mirror images agree within 0.6 deg and 1.3 %, but the two sides of a body need not be alike. Else nothing is
    known to cancel, and the half-widths of both intervals are combined in quadrature.

    A percentage is 100 (L - R) / ((L + R) / 2); its half-widths follow from the slopes 400 R / (L + R)^2 and
    -400 L / (L + R)^2.
    """
    assert isinstance(left.value, float)
    assert isinstance(right.value, float)
    assert left.ci95 is not None
    assert right.ci95 is not None
    total = left.value + right.value
    value, left_slope, right_slope = left.value - right.value, 1.0, 1.0
    if _is_relative(spec):
        value = 200.0 * (left.value - right.value) / total
        left_slope, right_slope = 400.0 * right.value / total**2, 400.0 * left.value / total**2
    below = np.hypot(left_slope * (left.value - left.ci95[0]), right_slope * (right.ci95[1] - right.value))
    above = np.hypot(left_slope * (left.ci95[1] - left.value), right_slope * (right.value - right.ci95[0]))
    one_side = left.video == right.video and any(clip.is_side for clip in clips if clip.video == left.video)
    again_se = _retest_se(spec, left, right, (left_slope, right_slope))
    alike = again_se is not None and _measured_alike(left, right, clips)
    if again_se is not None and alike:
        below = above = np.float64(1.96 * again_se)
    ci95 = (value - float(below), value + float(above))
    threshold = None if one_side else _threshold(spec, left, right)
    return MetricValue(
        name=spec.name,
        side="both",
        video=clips[0].video,
        value=value,
        unit=spec.unit,
        n_strides=min(left.n_strides, right.n_strides),
        ci95=ci95,
        confidence="low" if one_side else lower(left.confidence, right.confidence),
        method=_method(left, right, one_side, alike),
        sdc=None if again_se is None else detectable_change(again_se, again_se),
        sdc_origin=None if again_se is None else DERIVED,
        retest_se=again_se,
        reference={
            "note": spec.reference,
            "mark": spec.mark,
            "source": spec.source,
            "unit": spec.unit,
            "threshold": threshold,
        },
    )


def _retest_se(spec: MetricSpec, left: MetricValue, right: MetricValue, slopes: tuple[float, float]) -> float | None:
    """Return the standard error of the comparison between two visits; None where a leg has none.

    What is published for one leg holds for each of the two: no leg counts as repeating better than that.
    """
    published = CATALOGUE[spec.of].sdc if spec.of else None
    least = (published or 0.0) / detectable_change(1.0, 1.0)
    if left.retest_se is None or right.retest_se is None:
        return None
    return float(np.hypot(slopes[0] * max(left.retest_se, least), slopes[1] * max(right.retest_se, least)))


def _threshold(spec: MetricSpec, left: MetricValue, right: MetricValue) -> float:
    """Return how far the legs must be apart to be called different, in the comparison's unit."""
    change = max(left.sdc or 0.0, right.sdc or 0.0)
    if _is_relative(spec):
        assert isinstance(left.value, float)
        assert isinstance(right.value, float)
        return 200.0 * change / (left.value + right.value)
    return max(change, LEAST_ANGLE_DEG) if spec.unit == "deg" else change


def _measured_alike(left: MetricValue, right: MetricValue, clips: Sequence[ClipView]) -> bool:
    """Tell whether both legs were filmed as near legs and found by the same pose model."""
    views = {clip.video: clip for clip in clips}
    of_left, of_right = views.get(left.video), views.get(right.video)
    if of_left is None or of_right is None or (of_left.view, of_right.view) != SIDES:
        return False
    return bool(of_left.pose_model) and of_left.pose_model == of_right.pose_model


def _method(left: MetricValue, right: MetricValue, one_side: bool, alike: bool) -> str:
    if one_side:
        return (
            f"near and far leg of {left.video}; the far leg is hidden half of the time, so no difference is called real"
        )
    how = (
        "the interval holds what differs between two recordings by one method"
        if alike
        else "the two intervals combined in quadrature"
    )
    return f"left leg from {left.video}, right leg from {right.video}; {how}"

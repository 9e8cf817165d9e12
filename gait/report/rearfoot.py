"""The report's section on how the heels roll in: plain words first, the curve, and the small print one click away."""

from __future__ import annotations

from gait.metrics.rearfoot import ASK, ZERO_PARALLEL
from gait.model import SIDES, GaitAnalysis, MetricValue
from gait.report.blocks import Block, Bullets, Callout, ChartGrid, Details, Paragraph, Section
from gait.report.rearfoot_chart import rearfoot_charts
from gait.report.references import comparison, six_men_words
from gait.report.symmetry import difference_words
from gait.report.wording import (
    interval,
    number,
    quantity,
    rearfoot_method,
    spec,
)

EXCURSION, PEAK, TIME = "rearfoot_excursion_deg", "rearfoot_angle_peak_deg", "rearfoot_time_to_peak_ms"

_LEAD = (
    "Seen from behind, the heel tips under the calf after landing: it rolls in. Nearly every runner's does; it is the "
    "part of pronation that a camera sees. What is said here is how far, beside other runners. It says nothing about "
    "an injury or about what shoe to wear."
)
_SHIFTED = (
    "In this clip 0 is where calf and heel line are parallel, not how the runner stands. So the height of the curve, "
    "and with it the angles at landing and at the peak, may be shifted as a whole by several degrees: the rise is what "
    "to compare. Two seconds of quiet standing on the belt in the same clip set 0 to standing."
)
_STANDING = "0 is how the runner stood in this clip, so the height of the curve can be compared, too."
_TWO_REFERENCES = (
    "Two references, because laboratories differ in how they reckon this angle. The percentile rests on 46 runners and "
    "a 3D angle between segments of the leg, which comes out smaller; the grey band is of six men only, but of the "
    "same two lines that a camera sees. Look at the shape first, and compare a runner best with himself or herself."
)
_ABOUT = (
    "Calf line and heel line are where the pictures show them: by tape marks, or by the outline of shoe and calf where "
    "there is no tape. Tape is the surer way; from the outline the confidence is low.",
    "The angle is the one in the picture. A foot that points outwards hides a part of it, and what is seen is the "
    "shoe: the heel can move inside it.",
    "Landing is read where the heel is tipped outwards most around foot contact. The foot tips out until it lands and "
    "in at once after it, so this tells landing better than a contact time that is some milliseconds off.",
    "It is the movement of the heel under the calf. What the middle of the foot does is not seen from behind.",
    "More or less eversion is a difference from other runners, not a fault: of 927 novice runners followed for a year "
    "in a neutral shoe, those with pronated feet had no more injuries than those with neutral ones (Nielsen et al. "
    "2014, doi:10.1136/bjsports-2013-092202).",
)


def rearfoot_section(analysis: GaitAnalysis) -> Section | None:
    """Say for each heel how far it rolls in, or why that was not assessed; None without a rear view."""
    rear = {video.id for video in analysis.videos if video.view == "rear"}
    metrics = [m for m in analysis.metrics if m.name == EXCURSION and m.video in rear]
    if not metrics:
        return None
    found = [m for side in SIDES for m in metrics if m.side == side and m.value is not None]
    blocks: list[Block] = []
    if found:
        blocks.append(Paragraph(_LEAD))
        blocks.append(Bullets(tuple(foot_words(analysis, metric) for metric in found)))
        blocks += _compared(analysis)
    blocks += _not_assessed([m for m in metrics if m.value is None])
    blocks += _curves(analysis, found)
    if found:
        blocks.append(Details("What this angle is, and what it is not", (Bullets(_ABOUT),), on_paper=True))
    return Section("rearfoot", "How the heels roll in", tuple(blocks))


def _not_assessed(metrics: list[MetricValue]) -> list[Block]:
    """Say why heels were not assessed and what to film differently; once where it is the same for both."""
    reasons: dict[str, list[str]] = {}
    for metric in metrics:
        reasons.setdefault(metric.reason or "No reason was recorded.", []).append(metric.side)
    found: list[Block] = []
    for reason, sides in reasons.items():
        label = f"{sides[0].capitalize()} heel not assessed" if sides in (["left"], ["right"]) else "Heels not assessed"
        hint = ASK if reason.endswith(ASK) else ""
        found.append(Callout("note", label, reason.removesuffix(hint).strip(), hint))
    return found


def foot_words(analysis: GaitAnalysis, metric: MetricValue) -> str:
    """Say in plain words how far one heel rolls in, how that compares, and how sure it is.

    Parameters
    ----------
    analysis : GaitAnalysis
        For the peak and its time.
    metric : MetricValue
        The excursion of one foot, with a value.
    """
    assert isinstance(metric.value, (int, float))
    within = f" (95 % interval {interval(metric.ci95, metric.unit)})" if metric.ci95 else ""
    verb = "rolls in" if metric.value >= 0 else "rolls out"
    sentence = (
        f"{metric.side.capitalize()} foot: from landing the heel {verb} by {quantity(abs(metric.value), 'deg')}{within}"
    )
    time = analysis.metric(TIME, metric.side)
    if time is not None and isinstance(time.value, (int, float)):
        sentence += f" and is furthest in {quantity(time.value, 'ms')} after landing"
    how = rearfoot_method(metric).partition(";")[0]
    beside = f"{_runners(metric)} {six_men_words(float(metric.value), analysis.recording.belt_speed_m_s)}"
    return f"{sentence}. {beside} Read {how}; confidence {metric.confidence}."


def _runners(metric: MetricValue) -> str:
    """More or less than the reference runners with the percentile, or why there is none."""
    said = comparison(metric)
    if said:
        return said
    if "Belt speed unknown" in str((metric.reference or {}).get("note")):
        return "No percentile among the reference runners: the belt speed is not known (`--belt-speed`)."
    speeds = " and ".join(number(point[0]) for point in spec(metric.name).reference_points)
    return f"No percentile among the reference runners: they ran at {speeds} m/s."


def _compared(analysis: GaitAnalysis) -> list[Block]:
    words = difference_words(analysis, f"symmetry_{EXCURSION}")
    return [Paragraph(words)] if words else []


def _curves(analysis: GaitAnalysis, found: list[MetricValue]) -> list[Block]:
    charts = rearfoot_charts(analysis)
    if not charts:
        return []
    parallel = any(rearfoot_method(m).endswith(ZERO_PARALLEL) for m in found)
    return [ChartGrid(charts), Paragraph(_SHIFTED if parallel else _STANDING), Paragraph(_TWO_REFERENCES, "small")]

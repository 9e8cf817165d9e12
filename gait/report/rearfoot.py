"""The report's section on how the heels roll in: plain words first, the curve, and the small print one click away."""

from __future__ import annotations

from gait.metrics.rearfoot import ASK, ZERO_PARALLEL
from gait.model import SIDES, GaitAnalysis, MetricValue
from gait.report.blocks import Block, Bullets, Callout, ChartGrid, Details, Paragraph, Section
from gait.report.rearfoot_chart import rearfoot_charts
from gait.report.references import comparison, six_men_words
from gait.report.symmetry import difference_words, side_word
from gait.report.wording import confidence_words, interval, number, quantity, rearfoot_method, spec
from gait.words import table, text

EXCURSION, PEAK, TIME = "rearfoot_excursion_deg", "rearfoot_angle_peak_deg", "rearfoot_time_to_peak_ms"


def rearfoot_section(analysis: GaitAnalysis) -> Section | None:
    """Say for each heel how far it rolls in, or why that was not assessed; None without a rear view."""
    rear = {video.id for video in analysis.videos if video.view == "rear"}
    metrics = [m for m in analysis.metrics if m.name == EXCURSION and m.video in rear]
    if not metrics:
        return None
    found = [m for side in SIDES for m in metrics if m.side == side and m.value is not None]
    blocks: list[Block] = []
    if found:
        blocks.append(Paragraph(text("report_heels.lead")))
        blocks.append(Bullets(tuple(foot_words(analysis, metric) for metric in found)))
        blocks += _compared(analysis)
    blocks += _not_assessed([m for m in metrics if m.value is None])
    blocks += _curves(analysis, found)
    if found:
        about = tuple(table("report_heels.about").values())
        blocks.append(Details(text("report_heels.about_title"), (Bullets(about),), on_paper=True))
    return Section("rearfoot", text("report_heels.title"), tuple(blocks))


def _not_assessed(metrics: list[MetricValue]) -> list[Block]:
    """Say why heels were not assessed and what to film differently; once where it is the same for both."""
    reasons: dict[str, list[str]] = {}
    for metric in metrics:
        reasons.setdefault(metric.reason or text("report_heels.no_reason"), []).append(metric.side)
    found: list[Block] = []
    for reason, sides in reasons.items():
        label = text("report_heels.not_assessed")
        if sides in (["left"], ["right"]):
            label = text("report_heels.one_not_assessed", side=side_word(sides[0]).capitalize())
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
    angle = quantity(abs(metric.value), "deg")
    if metric.ci95:
        angle = text("report_heels.within", angle=angle, interval=interval(metric.ci95, metric.unit))
    key = "rolls_in" if metric.value >= 0 else "rolls_out"
    side, time = side_word(metric.side).capitalize(), analysis.metric(TIME, metric.side)
    if time is not None and isinstance(time.value, (int, float)):
        sentence = text(f"report_heels.{key}_until", side=side, angle=angle, time=quantity(time.value, "ms"))
    else:
        sentence = text(f"report_heels.{key}", side=side, angle=angle)
    how = rearfoot_method(metric).partition(";")[0]
    beside = f"{_runners(metric)} {six_men_words(float(metric.value), analysis.recording.belt_speed_m_s)}"
    read = text("report_heels.read", how=how, confidence=confidence_words(metric.confidence)[1])
    return f"{sentence} {beside} {read}"


def _runners(metric: MetricValue) -> str:
    """More or less than the reference runners with the percentile, or why there is none."""
    said = comparison(metric)
    if said:
        return said
    if "Belt speed unknown" in str((metric.reference or {}).get("note")):
        return text("report_heels.speed_not_known")
    speeds = f" {text('report_heels.and')} ".join(number(point[0]) for point in spec(metric.name).reference_points)
    return text("report_heels.other_speeds", speeds=speeds)


def _compared(analysis: GaitAnalysis) -> list[Block]:
    words = difference_words(analysis, f"symmetry_{EXCURSION}")
    return [Paragraph(words)] if words else []


def _curves(analysis: GaitAnalysis, found: list[MetricValue]) -> list[Block]:
    charts = rearfoot_charts(analysis)
    if not charts:
        return []
    parallel = any(rearfoot_method(m).endswith(ZERO_PARALLEL) for m in found)
    zero = text("report_heels.zero_parallel" if parallel else "report_heels.zero_standing")
    return [ChartGrid(charts), Paragraph(zero), Paragraph(text("report_heels.two_references"), "small")]

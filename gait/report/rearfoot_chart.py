"""The heel's angle over the time on the belt, with the reference runners' band behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gait.metrics.rearfoot import CURVE
from gait.metrics.rearfoot_band import Band, band_for
from gait.model import Curve, GaitAnalysis
from gait.report.blocks import Chart
from gait.report.charts import (
    INK,
    LEFT_COLOUR,
    LINE_LEGEND,
    MUTED,
    RIGHT_COLOUR,
    describe_range,
    finite,
    framed,
    has_values,
    render_svg,
)
from gait.report.symmetry import side_word
from gait.report.wording import count, number
from gait.words import text

_COLOUR = {"left": LEFT_COLOUR, "right": RIGHT_COLOUR}
_REFERENCE = text("report_charts.heel.reference")
_REFERENCE_COLOUR = "#6b747c"
_MARGIN_DEG = 1.5


def rearfoot_curves(analysis: GaitAnalysis) -> list[Curve]:
    """Return the curves of the heel's angle, left before right."""
    return sorted((c for c in analysis.curves if c.name == CURVE and has_values(c)), key=lambda c: c.side)


def rearfoot_charts(analysis: GaitAnalysis) -> tuple[Chart, ...]:
    """Draw one chart for each foot, all with the same axes so that they can be held against each other."""
    curves = rearfoot_curves(analysis)
    if not curves:
        return ()
    band = band_for(analysis.recording.belt_speed_m_s)
    lows = [m - s for c in curves for m, s in zip(c.mean, c.sd, strict=True)]
    highs = [m + s for c in curves for m, s in zip(c.mean, c.sd, strict=True)]
    low = min(*lows, float((band.mean_deg - band.sd_deg).min())) - _MARGIN_DEG
    high = max(*highs, float((band.mean_deg + band.sd_deg).max())) + _MARGIN_DEG
    return tuple(_chart(curve, band, (low, high)) for curve in curves)


def _chart(curve: Curve, band: Band, span_deg: tuple[float, float]) -> Chart:
    side = side_word(curve.side)
    own = text("report_charts.heel.own", side=side)
    rows = _rows(own, curve.cycle_pct, curve.mean, curve.sd)
    reference = _rows(_REFERENCE, band.stance_pct.tolist(), band.mean_deg.tolist(), band.sd_deg.tolist())
    spec = framed(
        {
            "width": 400,
            "height": 230,
            "data": {"values": reference + rows},
            "layer": _layers([own, _REFERENCE], [_COLOUR.get(curve.side, INK), _REFERENCE_COLOUR], span_deg),
        }
    )
    caption = text(
        "report_charts.heel.caption",
        landings=count(curve.n_strides, "landing"),
        side=side,
        feet=band.feet,
        speed=number(band.speed_m_s),
    )
    alt = text("report_charts.heel.alt", side=side, range=describe_range(curve, own))
    return Chart(text("report_charts.heel.title", side=side), spec, render_svg(spec), caption, alt)


def _rows(who: str, pct: Sequence[float], mean: Sequence[float], sd: Sequence[float]) -> list[dict[str, Any]]:
    return [
        {"pct": finite(x), "mean": finite(m), "low": finite(m - s), "high": finite(m + s), "who": who}
        for x, m, s in zip(pct, mean, sd, strict=True)
    ]


def _layers(names: list[str], colours: list[str], span_deg: tuple[float, float]) -> list[dict[str, Any]]:
    x = {
        "field": "pct",
        "type": "quantitative",
        "title": text("report_charts.heel.time_axis"),
        "scale": {"domain": [0, 100], "nice": False},
        "axis": {"values": [0, 20, 40, 60, 80, 100]},
    }
    y = {
        "type": "quantitative",
        "title": text("report_charts.degrees", sign=text("report_charts.heel.sign")),
        "scale": {"domain": list(span_deg), "zero": False, "nice": True},
    }
    colour = {"field": "who", "type": "nominal", "scale": {"domain": names, "range": colours}, "legend": LINE_LEGEND}
    dash = {**colour, "scale": {"domain": names, "range": [[1, 0], [5, 3]]}}
    band = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}
    line = {"x": x, "y": {**y, "field": "mean"}, "color": colour, "strokeDash": dash}
    return [
        {"mark": {"type": "area", "opacity": 0.24}, "encoding": band},
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": MUTED, "strokeWidth": 0.8},
            "encoding": {"y": {"field": "zero", "type": "quantitative"}},
        },
        {"mark": {"type": "line", "strokeWidth": 2.4}, "encoding": line},
    ]

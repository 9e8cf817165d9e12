"""Charts as Vega-Lite specifications and as SVG made without a browser (vl-convert).

Colours are Okabe & Ito's (2008, "Color Universal Design"), and every series also differs by dash or shape, so
that nothing is lost in grey or to a colour-blind reader.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gait.metrics.merge import clip_words
from gait.model import Curve, GaitAnalysis, Stride
from gait.report.blocks import Chart
from gait.report.wording import count, leg_words, number, spec, unit_words
from gait.words import table, text

FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
LEFT_COLOUR, RIGHT_COLOUR = "#0072B2", "#D55E00"
INK, MUTED, STANCE = "#1c2329", "#4d5963", "#f0f2f4"

_SERIES = {"left": (LEFT_COLOUR, [1, 0], "circle"), "right": (RIGHT_COLOUR, [6, 3], "square")}
LINE_LEGEND = {
    "orient": "bottom",
    "title": None,
    "symbolType": "stroke",
    "symbolSize": 900,
    "symbolStrokeWidth": 2.4,
    "symbolOpacity": 1,
}
_OTHER_SERIES = ("#333333", [2, 2], "diamond")
_SIGNS = table("report_charts.sign")
"""By a part of a curve's name: which way is positive; the first that fits counts."""


def render_svg(spec: dict[str, Any]) -> str:
    """Turn a Vega-Lite specification into SVG; offline, the same text for the same specification."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec))


def inline_svg(svg: str, prefix: str) -> str:
    """Make an SVG fit to stand inside a page beside others.

    Its identifiers get a prefix (two charts would otherwise share ``clip1``), its size follows the page, and
    the namespace, which HTML knows by itself, goes.
    """
    svg = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    svg = re.sub(r'(href=")#', rf"\1#{prefix}-", svg)
    return re.sub(r'^(<svg[^>]*?)\swidth="[^"]*"\sheight="[^"]*"', r"\1", svg, count=1)


def curve_charts(analysis: GaitAnalysis) -> tuple[Chart, ...]:
    """Draw every curve of the analysis over the gait cycle; curves of one name (two legs) share a chart.

    Curves over the time on the belt alone are drawn elsewhere (:mod:`gait.report.rearfoot_chart`).
    """
    curves = [curve for curve in analysis.curves if curve.phase == "stride" and has_values(curve)]
    names = list(dict.fromkeys(curve.name for curve in curves))
    return tuple(_curve_chart(analysis, [c for c in curves if c.name == name]) for name in names)


def has_values(curve: Curve) -> bool:
    """Tell whether there is anything to draw."""
    return any(math.isfinite(y) for y in curve.mean)


def finite(value: float) -> float | None:
    """Return a number as a chart takes it: rounded, None where there is none."""
    return round(value, 4) if math.isfinite(value) else None


def _curve_title(name: str) -> str:
    return spec(name).title


def _curve_chart(analysis: GaitAnalysis, curves: Sequence[Curve]) -> Chart:
    labels = [_unique_label(analysis, curves, c) for c in curves]
    rows = [
        {"pct": finite(x), "mean": finite(m), "low": finite(m - s), "high": finite(m + s), "leg": label}
        for curve, label in zip(curves, labels, strict=True)
        for x, m, s in zip(curve.cycle_pct, curve.mean, curve.sd, strict=True)
    ]
    series = [_SERIES.get(c.side, _OTHER_SERIES) for c in curves]
    colour = {
        "field": "leg",
        "type": "nominal",
        "scale": {"domain": labels, "range": [s[0] for s in series]},
        # Lines, not patches of colour: the dashes tell the legs apart in grey.
        "legend": LINE_LEGEND if len(curves) > 1 else None,
    }
    dash = {**colour, "scale": {"domain": labels, "range": [s[1] for s in series]}}
    x = {
        "field": "pct",
        "type": "quantitative",
        "title": text("report_charts.cycle_axis"),
        "scale": {"domain": [0, 100], "nice": False},
        "axis": {"values": [0, 20, 40, 60, 80, 100]},
    }
    unit, title = unit_words(curves[0].unit), _curve_title(curves[0].name)
    sign = next((words for part, words in _SIGNS.items() if part in curves[0].name), "")
    degrees = curves[0].unit == "deg" and sign
    y_title = text("report_charts.degrees", sign=sign) if degrees else f"{title} ({unit})"
    y = {"type": "quantitative", "title": y_title, "scale": {"zero": False, "nice": True}}
    band = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}
    line = {"x": x, "y": {**y, "field": "mean"}, "color": colour, "strokeDash": dash}
    chart = framed(
        {
            "width": 400,
            "height": 210,
            "data": {"values": rows},
            "layer": [
                *_stance_layers(curves[0].toe_off_pct),
                {"mark": {"type": "area", "opacity": 0.22}, "encoding": band},
                {"mark": {"type": "line", "strokeWidth": 2.4}, "encoding": line},
            ],
        }
    )
    caption = "; ".join(
        text("report_charts.mean_of", leg=label, strides=count(c.n_strides, "stride"))
        for label, c in zip(labels, curves, strict=True)
    )
    caption = caption[:1].upper() + caption[1:]
    ranges = " ".join(_describe(c, label) for c, label in zip(curves, labels, strict=True))
    alt = f"{text('report_charts.curve_alt', title=title)} {ranges}"
    return Chart(title, chart, render_svg(chart), caption + ".", alt)


def _unique_label(analysis: GaitAnalysis, curves: Sequence[Curve], curve: Curve) -> str:
    label = text("report_charts.leg", leg=leg_words(analysis, curve.video, curve.side))
    twins = sum(c.side == curve.side for c in curves)
    return f"{label}, {curve.video}" if twins > 1 else label


def _stance_layers(toe_off_pct: float) -> list[dict[str, Any]]:
    if not math.isfinite(toe_off_pct):
        return []
    label = text("report_charts.toe_off", pct=f"{toe_off_pct:.0f}")
    data = {"values": [{"from": 0, "to": toe_off_pct, "label": label}]}
    to = {"field": "to", "type": "quantitative"}
    letters = {"type": "text", "align": "left", "dx": 4, "baseline": "top", "fontSize": 11, "color": MUTED}
    return [
        {
            "data": data,
            "mark": {"type": "rect", "color": STANCE},
            "encoding": {"x": {"field": "from", "type": "quantitative"}, "x2": {"field": "to"}},
        },
        {
            "data": data,
            "mark": {"type": "rule", "color": MUTED, "strokeDash": [4, 3], "strokeWidth": 1.2},
            "encoding": {"x": to},
        },
        {
            "data": data,
            "mark": letters,
            "encoding": {"x": to, "y": {"value": 4}, "text": {"field": "label"}},
        },
        {
            "data": data,
            "mark": letters,
            "encoding": {"x": {"value": 0}, "y": {"value": 4}, "text": {"value": text("report_charts.on_the_belt")}},
        },
    ]


def _describe(curve: Curve, label: str) -> str:
    toe_off = number(curve.toe_off_pct, digits=0)
    return text("report_charts.range_and_toe_off", range=describe_range(curve, label)[:-1], pct=toe_off)


def describe_range(curve: Curve, label: str) -> str:
    """Say in words where a curve begins and what its highest and lowest points are."""
    pairs = [(m, x) for m, x in zip(curve.mean, curve.cycle_pct, strict=True) if math.isfinite(m)]
    high, low = max(pairs), min(pairs)
    unit = unit_words(curve.unit)
    return text(
        "report_charts.range",
        leg=label,
        first=number(pairs[0][0], curve.unit),
        unit=unit,
        highest=number(high[0], curve.unit),
        highest_pct=f"{high[1]:.0f}",
        lowest=number(low[0], curve.unit),
        lowest_pct=f"{low[1]:.0f}",
    )


def stride_charts(analysis: GaitAnalysis) -> tuple[Chart, ...]:
    """Draw :func:`stride_chart` of each clip: they have times of their own."""
    if len(analysis.videos) < 2:
        chart = stride_chart(analysis)
        return () if chart is None else (chart,)
    found = []
    for video in analysis.videos:
        strides = tuple(stride for stride in analysis.strides if stride.video == video.id)
        chart = stride_chart(replace(analysis, videos=(video,), strides=strides))
        if chart is not None:
            found.append(
                replace(
                    chart, title=text("report_charts.of_clip", title=chart.title, clip=clip_words(video.view).lower())
                )
            )
    return tuple(found)


def stride_chart(analysis: GaitAnalysis) -> Chart | None:
    """Draw the contact time of every kept stride over the clip, with the dropped strides on a row beneath.

    None without strides, and where the time base is in doubt: contact times are withheld then.
    """
    if analysis.quality.times_withheld:
        return None
    kept = [s for s in analysis.strides if s.reject_reason is None and math.isfinite(s.to_s)]
    dropped = [s for s in analysis.strides if s.reject_reason is not None]
    if not kept and not dropped:
        return None
    sides = {_stride_label(analysis, s): s.side for s in (*kept, *dropped)}
    labels = list(sides)
    styles = [_SERIES.get(side, _OTHER_SERIES) for side in sides.values()]
    end = math.ceil(max(s.next_ic_s if math.isfinite(s.next_ic_s) else s.ic_s for s in (*kept, *dropped)))
    x: dict[str, Any] = {
        "field": "t",
        "type": "quantitative",
        "title": text("report_charts.clip_axis"),
        "scale": {"domain": [0, end], "nice": False},
        "axis": {"tickMinStep": 1, "format": "d"},
    }
    panels = []
    if kept:
        bare: dict[str, Any] = (
            {"title": None, "axis": {**x["axis"], "labels": False, "ticks": False}} if dropped else {}
        )
        panels.append(_kept_panel(analysis, kept, labels, styles, {**x, **bare}))
    if dropped:
        panels.append(_dropped_panel(analysis, dropped, x))
    chart = framed({"vconcat": panels, "spacing": 6})
    words = _stride_counts(analysis, labels)
    alt = f"{text('report_charts.strides_alt')} {words}"
    return Chart(text("report_charts.strides_title"), chart, render_svg(chart), words, alt)


def _stride_label(analysis: GaitAnalysis, stride: Stride) -> str:
    label = leg_words(analysis, stride.video, stride.side)
    return f"{label}, {stride.video}" if len(analysis.videos) > 1 else label


def _stride_counts(analysis: GaitAnalysis, labels: Sequence[str]) -> str:
    used: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for stride in analysis.strides:
        label = _stride_label(analysis, stride)
        total[label] += 1
        used[label] += stride.reject_reason is None
    return " ".join(
        text("report_charts.strides_used", leg=label.capitalize(), used=used[label], total=total[label])
        for label in labels
    )


def _kept_panel(
    analysis: GaitAnalysis,
    kept: Sequence[Stride],
    labels: Sequence[str],
    styles: Sequence[tuple[str, list[int], str]],
    x: dict[str, Any],
) -> dict[str, Any]:
    rows = [
        {"t": round(s.ic_s, 4), "ms": round(1000 * (s.to_s - s.ic_s), 1), "leg": _stride_label(analysis, s)}
        for s in kept
    ]
    legend = {"orient": "top", "title": None, "symbolSize": 70} if len(labels) > 1 else None
    colour = {
        "field": "leg",
        "type": "nominal",
        "scale": {"domain": list(labels), "range": [s[0] for s in styles]},
        "legend": legend,
    }
    shape = {**colour, "scale": {"domain": list(labels), "range": [s[2] for s in styles]}}
    dash = {**colour, "scale": {"domain": list(labels), "range": [s[1] for s in styles]}, "legend": None}
    y = {
        "field": "ms",
        "type": "quantitative",
        "title": text("report_charts.contact_axis"),
        "scale": {"zero": False, "padding": 12},
    }
    return {
        "width": 820,
        "height": 190,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "rule", "opacity": 0.8},
                "encoding": {"y": {**y, "aggregate": "median"}, "color": colour, "strokeDash": dash},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 55, "opacity": 0.9},
                "encoding": {"x": x, "y": y, "color": colour, "shape": shape},
            },
        ],
    }


def _dropped_panel(analysis: GaitAnalysis, dropped: Sequence[Stride], x: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {"t": round(s.ic_s, 4), "row": text("report_charts.dropped", leg=_stride_label(analysis, s))} for s in dropped
    ]
    return {
        "width": 820,
        "height": {"step": 22},
        "data": {"values": rows},
        "mark": {
            "type": "point",
            "shape": "M-1,-1L1,1M-1,1L1,-1",
            "size": 60,
            "strokeWidth": 2,
            "color": INK,
        },
        "encoding": {"x": x, "y": {"field": "row", "type": "nominal", "title": None}},
    }


AXIS: dict[str, Any] = {
    "labelFontSize": 11,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "labelColor": MUTED,
    "titleColor": INK,
    "gridColor": "#dfe3e6",
    "domainColor": "#8a949c",
    "tickColor": "#8a949c",
}
"""Look of the axes of every chart."""


def framed(body: dict[str, Any]) -> dict[str, Any]:
    """Complete a chart's specification with what all charts share."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "white",
        "padding": 4,
        **body,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": AXIS | {"labelLimit": 200},
            "axisY": {"titlePadding": 8},
            "legend": {"labelFontSize": 12, "labelColor": INK, "labelLimit": 300},
        },
    }

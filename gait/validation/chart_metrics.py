"""Pictures of how well the metrics agree with the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gait.metrics.catalogue import CATALOGUE
from gait.report.charts import INK, LEFT_COLOUR, MUTED, RIGHT_COLOUR
from gait.validation.chart_style import (
    BAND,
    LIMIT,
    SERIES,
    SPEEDS,
    Spec,
    framed,
    limit_of,
    lines,
    series,
    speed_words,
)
from gait.validation.documents import MAIN
from gait.validation.plain import NARROWEST, WIDEST
from gait.validation.records import Comparison, Outcome
from gait.validation.summary import CLASSES, coverage_by, strike_summary
from gait.validation.tables import MAIN_CONDITION, is_main, main_strikes
from gait.validation.words import SHORT_SOURCES, title, titled, unit

_FORCE = "peak_vertical_force_bw"
_FEWEST = 3
"""Fewer intervals than this make no share."""

_LEAST_SPAN = {"deg": 2.0, "cm": 1.0, "ms": 10.0, "m/s": 0.2, "m": 0.05, "steps/min": 0.5}
"""Axes reach at least this far either side of zero: two clips that agree would else be blown up."""


def bland_altman(outcome: Outcome) -> Spec | None:
    """Draw error against mean, a panel per main metric."""
    chosen = [c for c in outcome.comparisons if c.leg != "far" and is_main(c.case)]
    present = [s for s in SERIES if any(c.case.source == s for c in chosen)]
    groups = {name: [c for c in chosen if c.metric == name] for name in MAIN}
    panels = [_difference_panel(name, group, present) for name, group in groups.items() if len(group) >= 2]
    notes = (
        "Blue line: bias of the marker trials; dashed: bias \N{PLUS-MINUS SIGN} 1.96 SD, within which 95 % lie.",
        "Dotted orange: largest error that the targets allow in videos. Grey: no error.",
    )
    if not panels:
        return None
    return framed({"concat": panels, "columns": 3, "spacing": 24}, "Measured minus true, clip by clip", notes)


def _difference_panel(name: str, group: Sequence[Comparison], present: Sequence[str]) -> Spec:
    rows: list[Spec] = [
        {"mean": (c.value + c.truth) / 2, "error": c.error, "source": SHORT_SOURCES[c.case.source]} for c in group
    ]
    errors = np.array([c.error for c in group if c.case.source == "markers"])
    colour, shape = series([SHORT_SOURCES[s] for s in present], [SERIES[s] for s in present], "source")
    limit = limit_of(name, "sample", ("max_abs",))
    layers = [lines("y", (0.0,), MUTED, width=0.8)]
    ends = [row["error"] for row in rows]
    if limit:
        layers.append(lines("y", (-limit, limit), RIGHT_COLOUR, (1, 3), 1.4))
    if len(errors) > 2:
        bias, reach = float(errors.mean()), 1.96 * float(errors.std(ddof=1))
        layers.append(lines("y", (bias,), LEFT_COLOUR, width=1.4))
        layers.append(lines("y", (bias - reach, bias + reach), LEFT_COLOUR, (5, 4), 1.4))
        ends += [bias - reach, bias + reach]
    least = max(limit, _LEAST_SPAN.get(unit(name), 0.1))
    low, high = 1.06 * min(-least, *ends), 1.06 * max(least, *ends)
    means = [row["mean"] for row in rows]
    middle, half = (min(means) + max(means)) / 2, max(0.54 * (max(means) - min(means)), least)
    x = {"field": "mean", "type": "quantitative", "title": "mean of measured and true"}
    y = {"field": "error", "type": "quantitative", "title": "measured minus true"}
    layers.append(
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 46, "opacity": 0.85},
            "encoding": {
                "x": {**x, "scale": {"domain": [middle - half, middle + half], "zero": False, "nice": False}},
                "y": {**y, "scale": {"domain": [low, high], "nice": False}},
                "color": colour,
                "shape": shape,
            },
        }
    )
    return {"title": titled(name), "width": 250, "height": 170, "layer": layers}


def force(outcome: Outcome) -> Spec | None:
    """Draw the estimated peak force against the force plate."""
    group = [c for c in outcome.comparisons if c.metric == _FORCE and c.case.source == "markers" and is_main(c.case)]
    if not group:
        return None
    rows = [{"plate": c.truth, "model": c.value, "trial": speed_words(c.case.clip)} for c in group]
    seen = [value for c in group for value in (c.truth, c.value)]
    low, high = float(np.floor(10 * min(seen)) / 10), float(np.ceil(10 * max(seen)) / 10)
    names = sorted({speed_words(c.case.clip) for c in group})
    styles = [SPEEDS[k % len(SPEEDS)] for k in range(len(names))]
    colour, shape = series(names, styles, "trial")
    domain = {"domain": [low, high], "nice": False, "zero": False}
    x = {"type": "quantitative", "title": "force plate (body weights)", "scale": domain}
    y = {"type": "quantitative", "title": "estimated from times (body weights)", "scale": domain}
    off = limit_of(_FORCE, "markers", ("mae",), MAIN_CONDITION)
    ends = [{"x": v, "y": v, "low": v - off, "high": v + off} for v in (low, high)]
    return framed(
        {
            "width": 360,
            "height": 360,
            "layer": [
                {
                    "data": {"values": ends},
                    "mark": {"type": "area", "color": BAND, "clip": True},
                    "encoding": {"x": {**x, "field": "x"}, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
                },
                {
                    "data": {"values": ends},
                    "mark": {"type": "line", "color": MUTED, "strokeWidth": 1},
                    "encoding": {"x": {**x, "field": "x"}, "y": {**y, "field": "y"}},
                },
                {
                    "data": {"values": rows},
                    "mark": {"type": "point", "filled": True, "size": 60, "opacity": 0.85},
                    "encoding": {
                        "x": {**x, "field": "plate"},
                        "y": {**y, "field": "model"},
                        "color": colour,
                        "shape": shape,
                    },
                },
            ],
        },
        "Peak vertical force, each near foot",
        ("Marker trials. Line: no error.", f"Band: the target for the mean error size, {off:g} body weights."),
    )


def coverage(outcome: Outcome) -> Spec | None:
    """Draw the share of intervals that contain the truth, per metric and source."""
    rows: list[Spec] = [
        {"metric": title(name), "source": SHORT_SOURCES[source], "share": 100.0 * share, "n": n}
        for (name, source), (n, share) in coverage_by(outcome.comparisons).items()
        if source != "all" and n >= _FEWEST
    ]
    if not rows:
        return None
    names = [title(name) for name in CATALOGUE if any(row["metric"] == title(name) for row in rows)]
    present = [s for s in SERIES if any(row["source"] == SHORT_SOURCES[s] for row in rows)]
    sources = [SHORT_SOURCES[s] for s in present]
    colour, shape = series(sources, [SERIES[s] for s in present], "source")
    low = min(80.0, 10.0 * float(np.floor(min(row["share"] for row in rows) / 10.0)))
    # Half a mark beyond 100 %, where many stand.
    scale = {"domain": [low, 101.5], "nice": False}
    x: Spec = {"type": "quantitative", "title": "95 % intervals that contain the truth (%)", "scale": scale}
    x["axis"] = {"values": list(range(int(low), 101, 10))}
    y = {"field": "metric", "type": "nominal", "sort": names, "axis": {"title": None, "grid": True}}
    offset = {"field": "source", "scale": {"domain": sources}}
    band = {"low": 100.0 * NARROWEST, "high": 100.0 * WIDEST}
    return framed(
        {
            "width": 440,
            "height": {"step": 7 if len(sources) > 1 else 18},
            "data": {"values": rows},
            "layer": [
                {
                    "data": {"values": [band]},
                    "mark": {"type": "rect", "color": BAND},
                    "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
                },
                lines("x", list(band.values()), LIMIT, (5, 4)),
                {
                    "mark": {"type": "point", "filled": True, "size": 60, "opacity": 0.9},
                    "encoding": {
                        "x": {**x, "field": "share"},
                        "y": y,
                        "yOffset": offset,
                        "color": colour,
                        "shape": shape,
                    },
                },
            ],
        },
        "Do the error bars fit?",
        "Left of the band they are too narrow, right of it wider than need be.",
    )


def confusion(outcome: Outcome) -> Spec | None:
    """Draw the strike classes against the labels of the source."""
    strikes = main_strikes(outcome)
    if not strikes:
        return None
    found = strike_summary(strikes).confusion
    rows = [{"label": a, "class": b, "n": found.get((a, b), 0)} for a in CLASSES for b in CLASSES]
    most = max(found.values())
    x = {
        "field": "class",
        "type": "nominal",
        "sort": list(CLASSES),
        "title": "class by the angle alone",
        "axis": {"labelAngle": 0, "orient": "top"},
    }
    y = {"field": "label", "type": "nominal", "sort": list(CLASSES), "title": "label of the source"}
    shade = {
        "field": "n",
        "type": "quantitative",
        "legend": None,
        "scale": {"range": ["#f4f7f9", LEFT_COLOUR], "domain": [0, most]},
    }
    ink = {"condition": {"test": f"datum.n > {0.55 * most}", "value": "white"}, "value": INK}
    return framed(
        {
            "width": 270,
            "height": 200,
            "data": {"values": rows},
            "layer": [
                {"mark": {"type": "rect", "stroke": "white"}, "encoding": {"x": x, "y": y, "color": shade}},
                {
                    "mark": {"type": "text", "fontSize": 16},
                    "encoding": {"x": x, "y": y, "text": {"field": "n"}, "color": ink},
                },
            ],
        },
        "Foot strike: label against measurement",
        "Marker trials; number of near feet.",
    )

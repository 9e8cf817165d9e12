"""Pictures of the agreement, as Vega-Lite made into PNG without a browser (vl-convert).

Colours are Okabe & Ito's, as in the report, and every series also has a shape of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import numpy as np

from gait.metrics.catalogue import CATALOGUE
from gait.report.charts import FONT, INK, LEFT_COLOUR, MUTED, RIGHT_COLOUR
from gait.validation.documents import MAIN
from gait.validation.records import EVENT_KINDS, Comparison, EventErrors, Outcome
from gait.validation.summary import CLASSES, coverage_by, rmse, strike_summary
from gait.validation.tables import MAIN_CONDITION
from gait.validation.targets import load_targets
from gait.validation.words import SHORT_SOURCES, title, titled

Spec = dict[str, Any]

_GREEN, _PURPLE, _BAND = "#009E73", "#CC79A7", "#e6edf2"
_SERIES = {
    "markers": (LEFT_COLOUR, "circle"),
    "rendered": (RIGHT_COLOUR, "square"),
    "sample": (_GREEN, "triangle-up"),
    "real": (_PURPLE, "diamond"),
}
_SPEEDS = ((LEFT_COLOUR, "circle"), (RIGHT_COLOUR, "square"), (_GREEN, "triangle-up"), (_PURPLE, "diamond"))
_FORCE = "peak_vertical_force_bw"
_SCALE = 1.6


def pictures(outcome: Outcome) -> dict[str, tuple[str, bytes]]:
    """Draw everything that the records hold.

    Returns
    -------
    dict
        Caption and PNG by file name; a picture without data is left out.
    """
    makers: dict[str, tuple[str, Callable[[Outcome], Spec | None]]] = {
        "events.png": (
            "Error of every foot in every marker trial (120 frames/s, 3 mm, near and far, both cameras): mean and one "
            "SD over its contacts. The band is the target for the RMSE.",
            _events,
        ),
        "events_by_rate.png": (
            "RMSE of events in marker trials by frame rate and landmark noise, camera square to the treadmill.",
            _by_rate,
        ),
        "bland_altman.png": (
            "Error against the mean of measured and true value (Bland-Altman), near leg, 120 frames/s and 3 mm for "
            "marker trials; the lines are bias and 95 % limits of agreement of the marker trials.",
            _bland_altman,
        ),
        "force.png": (
            "Peak vertical force: estimated from times against the force plate, 120 frames/s, 3 mm; the band is "
            "0.15 body weights either way.",
            _force,
        ),
        "coverage.png": ("Share of 95 % intervals that contain the truth; the band is 90 to 98 %.", _coverage),
        "foot_strike.png": (
            "Foot strike: label of the source against the class by the angle alone, 120 frames/s, 3 mm.",
            _confusion,
        ),
    }
    drawn = {name: (caption, make(outcome)) for name, (caption, make) in makers.items()}
    return {name: (caption, render_png(spec)) for name, (caption, spec) in drawn.items() if spec is not None}


def render_png(spec: Spec) -> bytes:
    """Turn a Vega-Lite specification into a small PNG; offline, the same bytes for the same specification."""
    import vl_convert
    from PIL import Image

    drawn = Image.open(BytesIO(vl_convert.vegalite_to_png(spec, scale=_SCALE))).convert("RGB")
    small = BytesIO()
    # Few flat colours: a palette takes a tenth of the space, and these files are kept under version control.
    drawn.quantize(256, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def _framed(body: Spec) -> Spec:
    axis = {
        "labelFontSize": 11,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": MUTED,
        "titleColor": INK,
        "gridColor": "#dfe3e6",
        "domainColor": "#8a949c",
        "tickColor": "#8a949c",
        "labelLimit": 320,
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "white",
        "padding": 8,
        **body,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": axis,
            "title": {"fontSize": 12, "fontWeight": "bold", "color": INK, "anchor": "start"},
            "legend": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "labelLimit": 300},
        },
    }


def _series(names: Sequence[str], styles: Sequence[tuple[str, str]], field: str) -> tuple[Spec, Spec]:
    """Return the colour and the shape encoding of a series."""
    legend = {"orient": "bottom", "title": None, "symbolSize": 80}
    colour = {
        "field": field,
        "type": "nominal",
        "legend": legend,
        "scale": {"domain": list(names), "range": [s[0] for s in styles]},
    }
    return colour, {**colour, "scale": {"domain": list(names), "range": [s[1] for s in styles]}}


def _is_main(item: Comparison | EventErrors) -> bool:
    """Marker trials at the main condition, and videos from the side."""
    if item.case.source == "markers":
        return (item.case.rate_hz, item.case.condition) == MAIN_CONDITION
    return not item.case.condition


def _bland_altman(outcome: Outcome) -> Spec | None:
    panels = []
    for name in MAIN:
        group = [c for c in outcome.comparisons if c.metric == name and c.leg != "far" and _is_main(c)]
        if len(group) >= 2:
            panels.append(_difference_panel(name, group))
    return _framed({"concat": panels, "columns": 3, "spacing": 24}) if panels else None


def _difference_panel(name: str, group: Sequence[Comparison]) -> Spec:
    rows = [{"mean": (c.value + c.truth) / 2, "error": c.error, "source": SHORT_SOURCES[c.case.source]} for c in group]
    errors = np.array([c.error for c in group if c.case.source == "markers"])
    names = [SHORT_SOURCES[s] for s in _SERIES]
    colour, shape = _series(names, list(_SERIES.values()), "source")
    x = {"field": "mean", "type": "quantitative", "title": "mean of measured and true", "scale": {"zero": False}}
    y = {"field": "error", "type": "quantitative", "title": "measured minus true"}
    zero = {
        "data": {"values": [{"y": 0}]},
        "mark": {"type": "rule", "color": MUTED, "strokeWidth": 0.8},
        "encoding": {"y": {"field": "y", "type": "quantitative"}},
    }
    points = {
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "size": 46, "opacity": 0.85},
        "encoding": {"x": x, "y": y, "color": colour, "shape": shape},
    }
    layers = [zero, *(_limits(errors) if len(errors) > 2 else []), points]
    return {"title": titled(name), "width": 250, "height": 170, "layer": layers}


def _limits(errors: np.ndarray) -> list[Spec]:
    bias, sd = float(errors.mean()), float(errors.std(ddof=1))
    lines = ((bias, [1, 0]), (bias - 1.96 * sd, [5, 4]), (bias + 1.96 * sd, [5, 4]))
    return [
        {
            "data": {"values": [{"y": value}]},
            "mark": {"type": "rule", "color": LEFT_COLOUR, "strokeDash": dash, "strokeWidth": 1.4},
            "encoding": {"y": {"field": "y", "type": "quantitative"}},
        }
        for value, dash in lines
    ]


def _events(outcome: Outcome) -> Spec | None:
    panels: list[Spec] = []
    for kind in EVENT_KINDS:
        target = _limit(kind)
        found = [e for e in outcome.events if e.kind == kind and e.case.source == "markers" and _is_main(e)]
        rows = [
            {
                "trial": f"{e.case.clip}",
                "foot": f"{e.side} foot, {e.leg}",
                "mean": float(np.mean(e.errors_ms)),
                "low": float(np.mean(e.errors_ms) - np.std(e.errors_ms)),
                "high": float(np.mean(e.errors_ms) + np.std(e.errors_ms)),
            }
            for e in found
            if e.errors_ms
        ]
        if rows:
            panels.append(_foot_panel(kind, rows, target, labelled=not panels))
    return _framed({"hconcat": panels, "spacing": 20}) if panels else None


def _limit(quantity: str, *statistics: str) -> float:
    """Return a target of the main condition, of the first of some statistics that it limits; 0 without one."""
    rows = [t for t in load_targets() if t.quantity == quantity and (t.rate_hz, t.condition) == MAIN_CONDITION]
    return next((t.limits[name] for name in (*statistics, "rmse", "mae") for t in rows if name in t.limits), 0.0)


def _foot_panel(kind: str, rows: list[Spec], target: float, *, labelled: bool) -> Spec:
    names = [f"{side} foot, {leg}" for side in ("left", "right") for leg in ("near", "far")]
    styles = [(LEFT_COLOUR, "circle"), (LEFT_COLOUR, "diamond"), (RIGHT_COLOUR, "square"), (RIGHT_COLOUR, "cross")]
    colour, shape = _series(names, styles, "foot")
    axis: Spec | None = {"labels": labelled, "ticks": labelled, "title": None, "grid": True}
    trial = {"field": "trial", "type": "nominal", "axis": axis}
    offset = {"field": "foot", "scale": {"domain": names}}
    x = {"type": "quantitative", "title": "detected minus true (ms)"}
    band = {
        "data": {"values": [{"low": -target, "high": target}]},
        "mark": {"type": "rect", "color": _BAND},
        "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
    }
    spread = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": trial, "yOffset": offset, "color": colour}
    mean = {"x": {**x, "field": "mean"}, "y": trial, "yOffset": offset, "color": colour, "shape": shape}
    return {
        "title": title(kind),
        "width": 240,
        "height": {"step": 7},
        "data": {"values": rows},
        "layer": [
            band,
            {"mark": {"type": "rule", "strokeWidth": 1, "opacity": 0.6}, "encoding": spread},
            {"mark": {"type": "point", "filled": True, "size": 30}, "encoding": mean},
        ],
    }


def _by_rate(outcome: Outcome) -> Spec | None:
    rows: list[Spec] = []
    for kind in EVENT_KINDS:
        groups: dict[tuple[float, str], list[float]] = {}
        for e in outcome.events:
            if e.kind == kind and e.case.source == "markers" and "yaw" not in e.case.condition:
                groups.setdefault((e.case.rate_hz, e.case.condition), []).extend(e.errors_ms)
        rows += [
            {"event": title(kind), "rate": f"{rate:g}", "noise": noise, "rmse": rmse(np.array(errors)), "order": rate}
            for (rate, noise), errors in sorted(groups.items())
        ]
    noises = sorted({row["noise"] for row in rows})
    if len(rows) < 4:
        return None
    colour, shape = _series(noises, _SPEEDS[: len(noises)], "noise")
    colour["legend"] = shape["legend"] = {"orient": "bottom", "title": "landmark noise", "symbolSize": 80}
    rates = [f"{r:g}" for r in sorted({row["order"] for row in rows})]
    encoding = {
        "x": {
            "field": "rate",
            "type": "ordinal",
            "sort": rates,
            "title": "frames per second",
            "axis": {"labelAngle": 0, "grid": True},
        },
        "y": {"field": "rmse", "type": "quantitative", "title": "RMSE (ms)"},
        "color": colour,
    }
    layers = [
        {"mark": {"type": "line", "strokeWidth": 1.6}, "encoding": encoding},
        {"mark": {"type": "point", "filled": True, "size": 60}, "encoding": {**encoding, "shape": shape}},
    ]
    panels = [
        {
            "title": title(kind),
            "width": 200,
            "height": 190,
            "transform": [{"filter": {"field": "event", "equal": title(kind)}}],
            "layer": layers,
        }
        for kind in EVENT_KINDS
    ]
    return _framed({"data": {"values": rows}, "hconcat": panels, "resolve": {"scale": {"y": "shared"}}})


def _force(outcome: Outcome) -> Spec | None:
    group = [c for c in outcome.comparisons if c.metric == _FORCE and c.case.source == "markers" and _is_main(c)]
    if not group:
        return None
    rows = [{"plate": c.truth, "model": c.value, "trial": _speed_words(c.case.clip)} for c in group]
    seen = [value for c in group for value in (c.truth, c.value)]
    low, high = float(np.floor(10 * min(seen)) / 10), float(np.ceil(10 * max(seen)) / 10)
    names = sorted({_speed_words(c.case.clip) for c in group})
    styles = [_SPEEDS[k % len(_SPEEDS)] for k in range(len(names))]
    colour, shape = _series(names, styles, "trial")
    domain = {"domain": [low, high], "nice": False, "zero": False}
    x = {"type": "quantitative", "title": "force plate (body weights)", "scale": domain}
    y = {"type": "quantitative", "title": "estimated from times (body weights)", "scale": domain}
    ends = [{"x": v, "y": v, "low": v - 0.15, "high": v + 0.15} for v in (low, high)]
    return _framed(
        {
            "width": 360,
            "height": 360,
            "layer": [
                {
                    "data": {"values": ends},
                    "mark": {"type": "area", "color": _BAND, "clip": True},
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
        }
    )


def _speed_words(clip: str) -> str:
    tag = clip.partition("runT")[2]
    return f"{tag[:1]}.{tag[1:] or '0'} m/s" if tag.isdigit() else clip


def _coverage(outcome: Outcome) -> Spec | None:
    found = coverage_by(outcome.comparisons)
    rows = [
        {"metric": title(name), "source": SHORT_SOURCES[source], "share": 100.0 * share, "n": n}
        for (name, source), (n, share) in found.items()
        if source != "all" and n >= 3
    ]
    if not rows:
        return None
    names = [title(name) for name in CATALOGUE if any(row["metric"] == title(name) for row in rows)]
    colour, shape = _series([SHORT_SOURCES[s] for s in _SERIES], list(_SERIES.values()), "source")
    x = {"type": "quantitative", "title": "95 % intervals that contain the truth (%)", "scale": {"domain": [0, 100]}}
    y = {"field": "metric", "type": "nominal", "sort": names, "axis": {"title": None, "grid": True}}
    return _framed(
        {
            "width": 420,
            "height": {"step": 18},
            "data": {"values": rows},
            "layer": [
                {
                    "data": {"values": [{"low": 90, "high": 98}]},
                    "mark": {"type": "rect", "color": _BAND},
                    "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "size": 60, "opacity": 0.9},
                    "encoding": {"x": {**x, "field": "share"}, "y": y, "color": colour, "shape": shape},
                },
            ],
        }
    )


def _confusion(outcome: Outcome) -> Spec | None:
    strikes = [s for s in outcome.strikes if (s.case.rate_hz, s.case.condition) == MAIN_CONDITION]
    if not strikes:
        return None
    found = strike_summary(strikes).confusion
    rows = [{"label": a, "class": b, "n": found.get((a, b), 0)} for a in CLASSES for b in CLASSES]
    most = max(found.values())
    x = {
        "field": "class",
        "type": "nominal",
        "sort": list(CLASSES),
        "title": "measured",
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
    return _framed(
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
        }
    )

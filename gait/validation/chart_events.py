"""Pictures of how well landings, push-offs and contact times are found in the marker trials."""

from __future__ import annotations

import numpy as np

from gait.report.charts import LEFT_COLOUR, MUTED, RIGHT_COLOUR
from gait.validation.chart_style import (
    BAND,
    LIMIT,
    SPEEDS,
    Spec,
    framed,
    limit_of,
    lines,
    series,
    trial_words,
)
from gait.validation.records import EVENT_KINDS, Outcome
from gait.validation.summary import rmse
from gait.validation.tables import MAIN_CONDITION, is_main
from gait.validation.words import title

_AXIS = {
    "initial_contact": "error (ms): left of 0 found too early, right too late",
    "toe_off": "error (ms): left of 0 found too early, right too late",
    "contact_time": "error (ms): left of 0 too short, right too long",
}
_USUAL = ("rmse", "mae")


def events(outcome: Outcome) -> Spec | None:
    """Draw the error of every foot of every trial."""
    panels: list[Spec] = []
    for kind in EVENT_KINDS:
        found = [e for e in outcome.events if e.kind == kind and e.case.source == "markers" and is_main(e.case)]
        rows = [
            {
                "trial": trial_words(e.case.clip),
                "foot": f"{e.side} foot, {e.leg}",
                "mean": float(np.mean(e.errors_ms)),
                "low": float(np.mean(e.errors_ms) - np.std(e.errors_ms)),
                "high": float(np.mean(e.errors_ms) + np.std(e.errors_ms)),
            }
            for e in found
            if e.errors_ms
        ]
        if rows:
            panels.append(_foot_panel(kind, rows, labelled=not panels))
    if not panels:
        return None
    notes = (
        f"Marker trials, {MAIN_CONDITION[0]:g} frames/s, {MAIN_CONDITION[1]} of landmark noise, both cameras.",
        "Point: mean of a foot's contacts. Line: one standard deviation. Band: the target for the usual error.",
    )
    return framed({"hconcat": panels, "spacing": 20}, "Errors of every foot in every trial", notes)


def _foot_panel(kind: str, rows: list[Spec], *, labelled: bool) -> Spec:
    target = limit_of(kind, "markers", _USUAL, MAIN_CONDITION)
    names = [f"{side} foot, {leg}" for side in ("left", "right") for leg in ("near", "far")]
    styles = [(LEFT_COLOUR, "circle"), (LEFT_COLOUR, "diamond"), (RIGHT_COLOUR, "square"), (RIGHT_COLOUR, "cross")]
    colour, shape = series(names, styles, "foot")
    axis: Spec | None = {"labels": labelled, "ticks": labelled, "title": None, "grid": True}
    trial = {"field": "trial", "type": "nominal", "axis": axis}
    offset = {"field": "foot", "scale": {"domain": names}}
    x = {"type": "quantitative", "title": _AXIS[kind]}
    band = {
        "data": {"values": [{"low": -target, "high": target}]},
        "mark": {"type": "rect", "color": BAND},
        "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
    }
    spread = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": trial, "yOffset": offset, "color": colour}
    mean = {"x": {**x, "field": "mean"}, "y": trial, "yOffset": offset, "color": colour, "shape": shape}
    return {
        "title": f"{title(kind)} (target {target:g} ms)",
        "width": 270,
        "height": {"step": 7},
        "data": {"values": rows},
        "layer": [
            band,
            lines("x", (-target, target), LIMIT, (5, 4)),
            lines("x", (0.0,), MUTED, width=0.8),
            {"mark": {"type": "rule", "strokeWidth": 1, "opacity": 0.6}, "encoding": spread},
            {"mark": {"type": "point", "filled": True, "size": 30}, "encoding": mean},
        ],
    }


def by_rate(outcome: Outcome) -> Spec | None:
    """Draw the usual error by frame rate and noise, with the targets."""
    rows: list[Spec] = []
    for kind in EVENT_KINDS:
        groups: dict[tuple[float, str], list[float]] = {}
        for e in outcome.events:
            if e.kind == kind and e.case.source == "markers" and "yaw" not in e.case.condition:
                groups.setdefault((e.case.rate_hz, e.case.condition), []).extend(e.errors_ms)
        rows += [
            {
                **{"event": kind, "rate": f"{rate:g}", "noise": noise, "rmse": rmse(np.array(errors)), "order": rate},
                "limit": limit_of(kind, "markers", ("rmse",), (rate, noise)) or None,
            }
            for (rate, noise), errors in sorted(groups.items())
            if errors
        ]
    # One rate alone shows nothing by rate.
    if len({row["order"] for row in rows}) < 2:
        return None
    noises = sorted({row["noise"] for row in rows})
    panels = [_rate_panel(kind, rows, noises) for kind in EVENT_KINDS]
    body = {"hconcat": panels, "spacing": 24, "resolve": {"scale": {"y": "shared"}}}
    notes = "Marker trials, camera square to the treadmill. Bars: targets, in the colour of their noise."
    return framed(body, "Usual error (RMSE) by frame rate and landmark noise", notes)


def _rate_panel(kind: str, rows: list[Spec], noises: list[str]) -> Spec:
    colour, shape = series(noises, SPEEDS[: len(noises)], "noise")
    colour["legend"] = shape["legend"] = {"orient": "bottom", "title": "landmark noise", "symbolSize": 80}
    rates = [f"{r:g}" for r in sorted({row["order"] for row in rows})]
    x: Spec = {"field": "rate", "type": "ordinal", "sort": rates, "title": "frames per second"}
    x["axis"] = {"labelAngle": 0, "grid": True}
    top = max(value for row in rows for value in (row["rmse"], row["limit"] or 0.0))
    y = {"field": "rmse", "type": "quantitative", "title": "RMSE (ms)", "scale": {"domain": [0.0, 1.08 * top]}}
    encoding = {"x": x, "y": y, "color": colour}
    own = [row for row in rows if row["event"] == kind]
    layers: list[Spec] = [
        {"mark": {"type": "line", "strokeWidth": 1.6}, "encoding": encoding},
        {"mark": {"type": "point", "filled": True, "size": 60}, "encoding": {**encoding, "shape": shape}},
    ]
    limits = [row for row in own if row["limit"]]
    if limits:
        bar = {"type": "tick", "thickness": 3, "width": 30, "orient": "horizontal"}
        layers.insert(
            0, {"data": {"values": limits}, "mark": bar, "encoding": {**encoding, "y": {**y, "field": "limit"}}}
        )
    return {"title": title(kind), "width": 210, "height": 190, "data": {"values": own}, "layer": layers}

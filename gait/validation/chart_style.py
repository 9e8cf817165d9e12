"""What the pictures of the agreement share: colours, frame, lines, and how a specification becomes a PNG.

Colours are Okabe & Ito's, as in the report, and every series also has a shape of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from gait.report.charts import AXIS, FONT, INK, LEFT_COLOUR, MUTED, RIGHT_COLOUR
from gait.validation.targets import load_targets

Spec = dict[str, Any]

GREEN, PURPLE, BAND, LIMIT = "#009E73", "#CC79A7", "#e6edf2", "#8a949c"
SERIES = {
    "markers": (LEFT_COLOUR, "circle"),
    "rendered": (RIGHT_COLOUR, "square"),
    "sample": (GREEN, "triangle-up"),
    "real": (PURPLE, "diamond"),
}
SPEEDS = tuple(SERIES.values())
_SCALE = 1.6


def render_png(spec: Spec) -> bytes:
    """Turn a Vega-Lite specification into a small PNG; offline, the same bytes for the same specification."""
    import vl_convert
    from PIL import Image

    drawn = Image.open(BytesIO(vl_convert.vegalite_to_png(spec, scale=_SCALE))).convert("RGB")
    small = BytesIO()
    # Few flat colours: a palette takes a tenth of the space, and these files are kept under version control.
    drawn.quantize(256, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def framed(body: Spec, title: str, subtitle: str | Sequence[str] = ()) -> Spec:
    """Put a title above a picture, and fonts and colours around it."""
    lines = [subtitle] if isinstance(subtitle, str) else list(subtitle)
    heading = {"text": title, "subtitle": lines, "fontSize": 14, "subtitleFontSize": 11, "subtitleColor": MUTED}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "white",
        "padding": 8,
        "title": {**heading, "anchor": "start", "offset": 14, "subtitlePadding": 4},
        **body,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": AXIS | {"labelLimit": 320},
            "title": {"fontSize": 12, "fontWeight": "bold", "color": INK, "anchor": "start"},
            "legend": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "labelLimit": 300},
        },
    }


def series(names: Sequence[str], styles: Sequence[tuple[str, str]], field: str) -> tuple[Spec, Spec]:
    """Return the colour and the shape encoding of a series."""
    legend = {"orient": "bottom", "title": None, "symbolSize": 80}
    colour = {
        "field": field,
        "type": "nominal",
        "legend": legend,
        "scale": {"domain": list(names), "range": [s[0] for s in styles]},
    }
    return colour, {**colour, "scale": {"domain": list(names), "range": [s[1] for s in styles]}}


def lines(channel: str, values: Sequence[float], colour: str, dash: Sequence[int] = (1, 0), width: float = 1.2) -> Spec:
    """Return a layer of straight lines across a panel, at values of ``x`` or ``y``."""
    return {
        "data": {"values": [{"at": value} for value in values]},
        "mark": {"type": "rule", "color": colour, "strokeDash": list(dash), "strokeWidth": width},
        "encoding": {channel: {"field": "at", "type": "quantitative"}},
    }


def limit_of(
    quantity: str, source: str, statistics: Sequence[str], condition: tuple[float, str] | None = None
) -> float:
    """Return the first of some limits that a source's target sets, 0 without one.

    Parameters
    ----------
    quantity, source : str
        As in the targets.
    statistics : sequence of str
        In order of preference.
    condition : (float, str), optional
        Frame rate and landmark noise, for marker trials.
    """
    rows = [
        t
        for t in load_targets()
        if t.quantity == quantity and source in t.sources and condition in (None, (t.rate_hz, t.condition))
    ]
    return next((t.limits[name] for name in statistics for t in rows if name in t.limits), 0.0)


def speed_words(clip: str) -> str:
    """Return the speed in a trial's name: ``2.5 m/s``."""
    tag = clip.partition("runT")[2]
    return f"{tag[:1]}.{tag[1:] or '0'} m/s" if tag.isdigit() else clip


def trial_words(clip: str) -> str:
    """Return a trial's runner and speed: ``RBDS001, 2.5 m/s``."""
    runner = clip.partition("runT")[0]
    speed = speed_words(clip)
    return clip if speed == clip else f"{runner}, {speed}"

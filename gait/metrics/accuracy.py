"""How well each metric was found to agree with independent truth: figures that `gait validate` left in the package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

FILE_NAME = "accuracy.json"
NO_MODEL = "no pose model"
_FINE_UNITS = ("m", "m/s", "BW", "body weights", "steps/min")


@dataclass(frozen=True)
class Agreement:
    """Agreement of one metric with one kind of truth.

    Parameters
    ----------
    source : str
        Kind of truth in plain words.
    model : str
        Pose model, or that none was used.
    rate_hz : float
        Frame rate.
    n : int
        Clips compared (contacts, for events).
    bias, sd, rmse : float or None
        Of measured minus true, in ``unit``; SD is None for a single clip.
    unit : str
        Unit of the metric.
    """

    source: str
    model: str
    rate_hz: float
    n: int
    bias: float
    sd: float | None
    rmse: float
    unit: str


@cache
def _saved() -> dict[str, Any]:
    file = files("gait.metrics").joinpath(FILE_NAME)
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def agreements(metric: str) -> list[Agreement]:
    """Return what is known about a metric's agreement with truth; empty where nothing was compared."""
    entry = _saved().get("quantities", {}).get(metric, {})
    return [Agreement(unit=entry["unit"], **row) for row in entry.get("agreement", [])]


def accuracy_words(metric: str) -> str:
    """Say in a sentence or two how well a metric agrees with truth, and what others reached; empty when unknown."""
    found = agreements(metric)
    if not found:
        return ""
    markers, videos = ([a for a in found if (a.model == NO_MODEL) is without] for without in (True, False))
    parts = [_spread_words(a) for a in markers] + ([_video_words(videos)] if videos else [])
    published = _saved()["quantities"][metric].get("published")
    return " ".join([*parts, *([f"Published: {published}."] if published else [])])


def _spread_words(a: Agreement) -> str:
    sd = f" \N{PLUS-MINUS SIGN} {_figure(a.sd, a.unit)}" if a.sd is not None else ""
    where = f"Against {a.source} at {a.rate_hz:g} frames/s ({a.model})"
    return f"{where}: error {_figure(a.bias, a.unit, sign=True)}{sd} {a.unit} (n = {a.n})."


def _video_words(videos: list[Agreement]) -> str:
    """Range of the errors of clips with truth, pixels to numbers."""
    rates = sorted({a.rate_hz for a in videos})
    rate = f"{rates[0]:g}" if len(rates) == 1 else f"{rates[0]:g} to {rates[-1]:g}"
    models = ", ".join(dict.fromkeys(a.model for a in videos))
    low, high = (_figure(end(a.bias for a in videos), videos[0].unit, sign=True) for end in (min, max))
    clips = sum(a.n for a in videos)
    error = f"error {low}" if low == high else f"errors {low} to {high}"
    count = "1 clip" if clips == 1 else f"{clips} clips"
    return f"From video ({models}, {rate} frames/s): {error} {videos[0].unit} in {count} with known truth."


def _figure(value: float, unit: str, *, sign: bool = False) -> str:
    digits = 2 if unit in _FINE_UNITS else 1
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"

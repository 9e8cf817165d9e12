"""How well each metric was found to agree with independent truth: figures that `gait validate` left in the package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gait.metrics.catalogue import OF_BOTH_EVENTS

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
    low, high : float or None
        Smallest and largest error of a clip (of a contact, for events); None in figures of an earlier version.
    method : str
        How it was read, in words, where there are several ways.
    """

    source: str
    model: str
    rate_hz: float
    n: int
    bias: float
    sd: float | None
    rmse: float
    unit: str
    low: float | None = None
    high: float | None = None
    method: str = ""


@cache
def _saved() -> dict[str, Any]:
    file = files("gait.metrics").joinpath(FILE_NAME)
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def agreements(metric: str) -> list[Agreement]:
    """Return what is known about a metric's agreement with truth; empty where nothing was compared."""
    entry = _saved().get("quantities", {}).get(metric, {})
    return [Agreement(unit=entry["unit"], **row) for row in entry.get("agreement", [])]


def accuracy_words(metric: str) -> str:
    """Say in a few sentences how well a metric agrees with truth, and what others reached; empty when unknown."""
    entry = _saved().get("quantities", {}).get(metric, {})
    markers, videos = _by_model(agreements(metric))
    parts = [_spread_words(a) for a in markers]
    for method in dict.fromkeys(a.method for a in videos):
        parts.append(_video_words([a for a in videos if a.method == method]))
    if parts and metric in OF_BOTH_EVENTS:
        parts.append(_timing_words())
    if "strike" in entry:
        parts.append(_strike_words(entry["strike"]))
    if parts and "published" in entry:
        parts.append(f"Published: {entry['published']}.")
    return " ".join(part for part in parts if part)


def _by_model(found: list[Agreement]) -> tuple[list[Agreement], list[Agreement]]:
    """Part figures without and with a pose model."""
    return [a for a in found if a.model == NO_MODEL], [a for a in found if a.model != NO_MODEL]


def _spread_words(a: Agreement) -> str:
    where = f"Against {a.source} at {a.rate_hz:g} frames/s ({a.model})"
    if a.sd is None:
        return f"{where}: error {_figure(a.bias, a.unit, sign=True)} {a.unit} in {_count(a.n, 'clip')}."
    spread = f"{_figure(a.bias, a.unit, sign=True)} \N{PLUS-MINUS SIGN} {_figure(a.sd, a.unit)} {a.unit}"
    return f"{where}: error {spread} (mean \N{PLUS-MINUS SIGN} standard deviation of {_count(a.n, 'clip')})."


def _video_words(videos: list[Agreement]) -> str:
    """Range of the errors of clips with truth, pixels to numbers."""
    rates = sorted({a.rate_hz for a in videos})
    rate = f"{rates[0]:g}" if len(rates) == 1 else f"{rates[0]:g} to {rates[-1]:g}"
    models = ", ".join(dict.fromkeys(a.model for a in videos))
    ends = [end for a in videos for end in (a.low, a.high) if end is not None] or [a.bias for a in videos]
    low, high = (_figure(end, videos[0].unit, sign=True) for end in (min(ends), max(ends)))
    error = f"error {low}" if low == high else f"errors from {low} to {high}"
    method = videos[0].method
    # Each foot is read by itself.
    n = sum(a.n for a in videos)
    clips = ("1 foot" if n == 1 else f"{n} feet") if method else _count(n, "clip")
    how = f" {method}" if method else ""
    error = f"{error} {videos[0].unit} in {clips} with known truth"
    return f"From video{how} ({models}, {rate} frames/s): {error}."


def _timing_words() -> str:
    """How well the two events behind contact and flight times are timed."""
    names = {"initial_contact": "landing", "toe_off": "push-off"}
    pairs = {event: _by_model(agreements(event)) for event in names}
    parts = []
    for k, where in enumerate(("without a pose model", "from video")):
        seen = [f"{word} {_range([a.rmse for a in pairs[e][k]])} ms" for e, word in names.items() if pairs[e][k]]
        if seen:
            parts.append(f"{where} {', '.join(seen)}")
    return f"The events behind it, usual error of a single one (RMSE): {'; '.join(parts)}." if parts else ""


def _range(values: list[float]) -> str:
    low, high = _figure(min(values), "ms"), _figure(max(values), "ms")
    return low if low == high else f"{low} to {high}"


def _strike_words(strike: dict[str, Any]) -> str:
    """How often the class agrees with a label, and which classes are seldom found."""
    n, sure = strike["n"], strike["sure"]
    words = f"Against {strike['source']} ({NO_MODEL}): rearfoot or not is decided for {sure} of {n} feet"
    if strike["agreement_pct"] is not None:
        words += f" and agrees with the label of the source in {strike['agreement_pct']:.0f} % of those"
    words += f"; the other {n - sure} are called indeterminate." if sure < n else "."
    for name in ("midfoot", "forefoot"):
        labelled, recognised = strike["labelled"].get(name, 0), strike["recognised"].get(name, 0)
        if labelled and recognised < labelled / 2:
            words += f" {name.capitalize()} is rarely recognised: {recognised} of {labelled} feet labelled so."
    return words


def _count(n: int, what: str) -> str:
    return f"1 {what}" if n == 1 else f"{n} {what}s"


def _figure(value: float, unit: str, *, sign: bool = False) -> str:
    digits = 2 if unit in _FINE_UNITS else 1
    # Adding zero takes the minus from a zero.
    value = round(value, digits) + 0.0
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"

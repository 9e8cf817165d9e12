"""How well each metric was found to agree with independent truth: figures that `gait validate` left in the package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

FILE_NAME = "accuracy.json"


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
    words = f"Against {'; against '.join(_words(a) for a in found)}."
    published = _saved()["quantities"][metric].get("published")
    return f"{words} Published: {published}." if published else words


def _words(a: Agreement) -> str:
    digits = 2 if a.unit in ("m", "m/s", "BW", "body weights", "steps/min") else 1
    error = f"{a.bias:+.{digits}f}"
    error += f" \N{PLUS-MINUS SIGN} {a.sd:.{digits}f}" if a.sd is not None else ""
    what = f"error {error} {a.unit} (mean {'and SD, ' if a.sd is not None else ''}n = {a.n})".replace("(mean n", "(n")
    return f"{a.source} at {a.rate_hz:g} frames/s ({a.model}): {what}"

"""How sources, quantities and figures are called in tables and pictures."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from gait.metrics.catalogue import CATALOGUE
from gait.rearfoot.angles import OUTLINE, TAPE
from gait.report.wording import unit_words

SOURCES = {
    "markers": "treadmill runners with markers and force plate",
    "rendered": "rendered runners, events from a force plate",
    "sample": "the project's own sample videos",
    "real": "real runner filmed by phone",
}
ALL_METRICS = "All metrics"
SHORT_SOURCES = {"markers": "marker trials", "rendered": "rendered", "sample": "samples", "real": "real video"}
METHODS = {TAPE: "with tape", OUTLINE: "from the outline"}
"""How an angle of the rearfoot was read."""

_EVENTS = {
    "initial_contact": ("Initial contact", "ms"),
    "toe_off": ("Toe-off", "ms"),
    "contact_time": ("Contact time, each contact", "ms"),
}
_DIGITS = {"m/s": 2, "m": 3, "BW": 2, "body weights": 2, "x body weight": 2, "steps/min": 2}


@dataclass(frozen=True)
class Published:
    """What others reached: a short ``figure`` for a table cell, ``words`` for a sentence, and the ``source``."""

    figure: str
    words: str
    source: str


def load_published() -> dict[str, Published]:
    """Read the published figures by quantity."""
    text = files("gait.validation").joinpath("published.toml").read_text(encoding="utf-8")
    return {name: Published(**row) for name, row in tomllib.loads(text).items()}


def title(quantity: str) -> str:
    """Return what a quantity is called."""
    if quantity in _EVENTS:
        return _EVENTS[quantity][0]
    return CATALOGUE[quantity].title if quantity in CATALOGUE else ALL_METRICS


def unit(quantity: str) -> str:
    """Return a quantity's unit as the catalogue names it."""
    if quantity in _EVENTS:
        return _EVENTS[quantity][1]
    return (CATALOGUE[quantity].unit or "") if quantity in CATALOGUE else ""


def titled(quantity: str) -> str:
    """Return title and unit: ``Shank angle at contact, deg``."""
    words = unit(quantity)
    return f"{title(quantity)}, {'deg' if words == 'deg' else unit_words(words)}" if words else title(quantity)


def figure(value: float, of: str, *, sign: bool = False) -> str:
    """Format a figure of a quantity with the digits its unit deserves; an en dash for none."""
    if not math.isfinite(value):
        return "\u2013"
    digits = _DIGITS.get(unit(of), 1)
    # Adding zero takes the minus from a zero.
    value = round(value, digits) + 0.0
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"


def percent(share: float) -> str:
    """Format a share as per cent; an en dash for none."""
    return f"{100.0 * share:.0f} %" if math.isfinite(share) else "\u2013"

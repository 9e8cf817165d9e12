"""Numbers, units and classes as a reader sees them: sensible digits, real minus signs, words first."""

from __future__ import annotations

import re

from gait.metrics.catalogue import CATALOGUE, MARKS, MetricSpec
from gait.model import GaitAnalysis, MetricValue
from gait.words.numbers import DEGREE, MINUS, PLUS_MINUS, interval, number, quantity, unit_words

__all__ = [
    "DEGREE",
    "MINUS",
    "PLUS_MINUS",
    "interval",
    "number",
    "quantity",
    "unit_words",
]

INTENDED_USE = (
    "Not a medical device, not a diagnosis. This report describes how a person ran in one recording, so that "
    "a runner and a qualified professional can look at it together. It does not find, rule out or treat an "
    "injury."
)

PROFESSIONAL_PART = "For the clinician"
"""Title of all that follows what the person takes home."""

MARKS_LEGEND = "What the marks of a reference mean: " + "; ".join(f"[{m}] {words}" for m, words in MARKS.items()) + "."

CONFIDENCE = {
    "high": ("\u25cf\u25cf\u25cf", "high"),
    "medium": ("\u25cf\u25cf\u25cb", "medium"),
    "low": ("\u25cf\u25cb\u25cb", "low"),
    "none": ("\u25cb\u25cb\u25cb", "none"),
}

CLASSES = {
    "rearfoot": "Rearfoot",
    "midfoot": "Midfoot",
    "forefoot": "Forefoot",
    "non_rearfoot": "Not rearfoot",
    "non-rearfoot": "Not rearfoot",
    "indeterminate": "Indeterminate",
}

PHASES = {
    "initial_contact": "Foot contact",
    "contact": "Foot contact",
    "mid_stance": "Mid-stance",
    "midstance": "Mid-stance",
    "toe_off": "Toe-off",
    "mid_swing": "Mid-swing",
    "peak_eversion": "Largest heel roll-in",
}

VIEWS = {
    "left": "side view, the runner's left side faces the camera",
    "right": "side view, the runner's right side faces the camera",
    "rear": "rear view",
    "front": "front view",
}

_SUFFIXES = ("_leg_pct", "_spm", "_pct", "_deg", "_ms", "_cm", "_m_s", "_kn_m", "_bw", "_m")


_QUOTED = re.compile(r"`((?:--|gait )[^`]*)`")


def without_quotes(text: str) -> str:
    """Take the backticks off options and commands ("`--mass`"): hints carry them for the terminal.

    All other backticks stay: they may stand in somebody's name or note.
    """
    return _QUOTED.sub(r"\1", text)


def readable(name: str) -> str:
    """Turn a metric or curve name into words: ``shank_angle_ic_deg`` becomes "Shank angle at contact"."""
    suffix = next((s for s in _SUFFIXES if name.endswith(s)), "")
    words = [{"ic": "at contact"}.get(word, word) for word in name.removesuffix(suffix).split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def spec(name: str) -> MetricSpec:
    """Return the catalogue's entry of a metric; for one it does not know, its name made readable."""
    entry = CATALOGUE.get(name)
    if entry is not None:
        return entry
    return MetricSpec(
        name=name,
        title=readable(name),
        unit=None,
        definition="",
        sign="",
        reference="",
        source="",
        mark="",
        view="any",
        plain="",
    )


def smallest_change_words(entry: MetricSpec) -> str:
    """Say which change of a metric between two recordings counts, and whether that is published or derived."""
    if entry.rests_on is not None:
        return f"A class counts as changed when {spec(entry.rests_on).title.lower()} really changed, too."
    if entry.sdc is not None:
        return (
            f"{quantity(entry.sdc, entry.unit)}, published ({entry.sdc_source}; 21 runners, two recordings a week "
            "apart). A recording with few strides or pictures can tell less; then its own limit counts."
        )
    return (
        "None published; derived from each recording: 1.96 times the square root of 2 times its standard error, which "
        "holds the spread of the strides, and of what all strides share (timing rule, place of the joints, scale, "
        "pace) what may differ in the next recording [D, E]. How a person differs from day to day is not in it."
    )


def value_words(metric: MetricValue) -> str:
    """Return a metric's value as printed, without its unit."""
    if isinstance(metric.value, str):
        return CLASSES.get(metric.value, readable(metric.value))
    return number(metric.value, metric.unit)


def rearfoot_method(metric: MetricValue) -> str:
    """Return how a number of the heel was read: "from tape marks; 0 is standing"; empty for all other numbers."""
    if metric.value is None or not metric.name.startswith("rearfoot_"):
        return ""
    return metric.method.partition("; ")[2]


def count(n: int, noun: str) -> str:
    """Return "1 stride", "12 strides"."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def confidence_words(level: str) -> tuple[str, str]:
    """Return the three dots and the word of a confidence level."""
    return CONFIDENCE.get(level, CONFIDENCE["none"])


def phase_words(phase: str) -> str:
    """Return the name of a moment of the stride."""
    return PHASES.get(phase, readable(phase))


def leg_of(analysis: GaitAnalysis, video: str, side: str) -> str | None:
    """Return ``"near"`` or ``"far"`` for a body side in a side view, None elsewhere."""
    view = next((v.view for v in analysis.videos if v.id == video), None)
    if view not in ("left", "right") or side not in ("left", "right"):
        return None
    return "near" if side == view else "far"


def leg_words(analysis: GaitAnalysis, video: str, side: str) -> str:
    """Return "left (near)", "right (far)" or "both"."""
    leg = leg_of(analysis, video, side)
    return f"{side} ({leg})" if leg else side


def mark_words(mark: str | None) -> str:
    """Return a mark in brackets, as the legend shows it."""
    return f"[{mark}]" if mark else ""

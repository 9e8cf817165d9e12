"""Numbers, units and classes as a reader sees them: sensible digits, real minus signs, words first."""

from __future__ import annotations

import re

from gait.metrics.catalogue import CATALOGUE, MARKS, MetricSpec
from gait.metrics.pelvis import FROM_MEAN_METHOD
from gait.metrics.rear import PELVIS_SHARE_DEG, THIGH_ALONE_METHOD
from gait.model import GaitAnalysis, MetricValue
from gait.words import lookup, table, text
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

INTENDED_USE = text("report.words.intended_use")

PROFESSIONAL_PART = text("report.words.professional_part")
"""Title of all that follows what the person takes home."""

MARKS_LEGEND = text("report.words.marks_legend", marks="; ".join(f"[{m}] {words}" for m, words in MARKS.items()))

_DOTS = {
    "high": "\u25cf\u25cf\u25cf",
    "medium": "\u25cf\u25cf\u25cb",
    "low": "\u25cf\u25cb\u25cb",
    "none": "\u25cb\u25cb\u25cb",
}

CONFIDENCE = {level: (dots, text(f"report.words.confidence.{level}")) for level, dots in _DOTS.items()}
"""Dots and word of each level."""

CLASSES = table("report.words.classes")
"""Words of a measured class, by its stored name."""

PHASES = table("report.words.phases")
"""Names of the moments of the stride, by their stored names."""

VIEWS = table("report.words.views")
"""What each view shows, by its stored name."""

_SUFFIXES = ("_leg_pct", "_spm", "_pct", "_deg", "_ms", "_cm", "_m_s", "_kn_m", "_bw", "_m")


_QUOTED = re.compile(r"`((?:--|gait )[^`]*)`")


def without_quotes(words: str) -> str:
    """Take the backticks off options and commands ("`--mass`"): hints carry them for the terminal.

    All other backticks stay: they may stand in somebody's name or note.
    """
    return _QUOTED.sub(r"\1", words)


def readable(name: str) -> str:
    """Turn a metric or curve name into words: ``shank_angle_ic_deg`` becomes "Shank angle at contact"."""
    suffix = next((s for s in _SUFFIXES if name.endswith(s)), "")
    said = {"ic": text("report.words.at_contact")}
    words = " ".join(said.get(word, word) for word in name.removesuffix(suffix).split("_"))
    return words[:1].upper() + words[1:]


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
        return text("report.words.change_class", title=spec(entry.rests_on).title.lower())
    if entry.sdc is not None:
        change = quantity(entry.sdc, entry.unit)
        return text("report.words.change_published", change=change, source=entry.sdc_source)
    return text("report.words.change_derived")


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


def method_note(metric: MetricValue) -> str:
    """Return what of a number's method must stand beside it: how a heel was read, what was assumed; mostly empty."""
    if metric.value is not None and FROM_MEAN_METHOD in metric.method:
        return text("report.words.about_level")
    if metric.value is not None and THIGH_ALONE_METHOD in metric.method:
        return text("report.words.thigh_alone", share=quantity(PELVIS_SHARE_DEG, "deg"))
    return rearfoot_method(metric)


def count(n: int, noun: str) -> str:
    """Return "1 stride", "12 strides"; the nouns are those of ``[report.words.counts]`` in the catalogue."""
    return text(f"report.words.counts.{noun}" if n == 1 else f"report.words.counts.{noun}s", n=n)


def stored_word(kind: str, stored: str) -> str:
    """Return the word for a stored one, of a table in ``[report.words]``; a stored word it does not know, as it is."""
    return lookup(f"report.words.{kind}.{stored}") or stored


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
    words = stored_word("sides", side)
    return text("report.words.leg", side=words, leg=stored_word("legs", leg)) if leg else words


def mark_words(mark: str | None) -> str:
    """Return a mark in brackets, as the legend shows it."""
    return f"[{mark}]" if mark else ""

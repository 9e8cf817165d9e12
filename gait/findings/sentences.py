"""One line for each number or answer that a finding rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gait.findings.types import BORDERLINE, CLEAR, NOT_ASSESSED, RAISED, Evidence
from gait.metrics.catalogue import CATALOGUE
from gait.model import MetricValue
from gait.options import options_of
from gait.told import Told
from gait.words import lookup, text
from gait.words.numbers import interval, number, quantity


def metric_line(
    metric: MetricValue, limit: float | None, limit_sd: float | None, state: str, origin: str, speed_m_s: float | None
) -> str:
    """Say a metric's value, interval and limit.

    Parameters
    ----------
    metric : MetricValue
    limit : float or None
        In the metric's unit; None for classes and differences, whose limits the metric knows.
    limit_sd : float or None
        How many SDs from the reference runners' mean the limit lies, for limits of that kind.
    state : str
        How it came out.
    origin : {"article", "published", "default"}
        Of the limit.
    speed_m_s : float or None
        Belt speed, for limits that depend on it.
    """
    title = CATALOGUE[metric.name].title if metric.name in CATALOGUE else metric.name
    name = title if metric.side == "both" else f"{title}, {text(f'findings.side.{metric.side}')}"
    if metric.value is None:
        return f"{name}: {text('findings.state.not_assessed')}"
    if isinstance(metric.value, str):
        value = (lookup(f"findings.class.{metric.value.replace(' ', '_').replace('-', '_')}") or metric.value).lower()
    else:
        value = quantity(float(metric.value), metric.unit)
        if metric.ci95 is not None:
            value = text("findings.line.with_interval", value=value, interval=interval(metric.ci95, metric.unit))
    if limit is None:
        if metric.reference and isinstance(threshold := metric.reference.get("threshold"), int | float):
            value += "; " + text("findings.line.difference_from", limit=quantity(float(threshold), metric.unit))
        return f"{name}: {value}"
    values = {"limit": quantity(limit, metric.unit), "origin": text(f"findings.limit.{origin}")}
    held = text("findings.line.limit", **values)
    if limit_sd is not None:
        key = "band_above" if limit_sd > 0 else "band_below"
        sds = number(abs(limit_sd), digits=2).rstrip("0").rstrip(".")
        held = text(f"findings.line.{key}", **values, sds=sds, speed=f"{speed_m_s or 0:.1f}")
    return f"{name}: {value}; {held}{_ending(state)}"


def _ending(state: str) -> str:
    return {
        RAISED: "",
        BORDERLINE: f" ({text('findings.state.borderline')})",
        CLEAR: f" ({text('findings.state.clear')})",
        NOT_ASSESSED: f" ({text('findings.state.not_assessed')})",
    }[state]


def answer_line(test: Any, value: Any) -> str:
    """Say what was told, for a test that asks for an answer (`gait.findings.library.Test`)."""
    if isinstance(value, bool):
        line = lookup(f"findings.told.{test.told}_{str(value).lower()}")
        return line or _line(test.told, text(f"findings.told.{str(value).lower()}"))
    if isinstance(value, int | float):
        return _line(test.told, number(float(value), digits=0))
    values = value if isinstance(value, list | tuple) else [value]
    matching = [one for one in values if one in test.classes] or values
    return _line(test.told, _choices(test.told, matching))


def _line(name: str, value: str) -> str:
    """Say an answer in its own sentence, or after the question where there is none: own rules may ask for any."""
    if lookup(f"findings.told.{name}"):
        return text(f"findings.told.{name}", value=value)
    label = next((option.label for option in options_of(Told) if option.name == name), name.replace("_", " "))
    return f"{label.rstrip(' .')}{'' if label.rstrip(' .').endswith('?') else ':'} {value}"


def _choices(name: str, chosen: Sequence[Any]) -> str:
    """Return stored words as they stand on the form."""
    return ", ".join(lookup(f"told.{name}.choices.{one}") or str(one).replace("_", " ") for one in chosen).lower()


def differences(evidence: Sequence[Evidence]) -> str:
    """Say by how much which side is larger, for the comparisons of left and right that a finding rests on."""
    words = [
        text(
            "findings.line.larger_on",
            title=CATALOGUE[CATALOGUE[row.name].of or row.name].title.lower(),
            amount=quantity(abs(row.value), row.unit),
            side=text(f"findings.side.{'left' if row.value > 0 else 'right'}"),
        )
        for row in evidence
        if isinstance(row.value, float) and row.name in CATALOGUE and CATALOGUE[row.name].of
    ]
    return ", ".join(words)

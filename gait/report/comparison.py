"""Before and after in words and plain rows: what changed, by how much, and whether that is more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from gait.findings.follow_up import follow_up
from gait.metrics.change import CANNOT_TELL, NOT_COMPARABLE, NOT_SHOWN, REAL, Comparison, MetricChange
from gait.metrics.detectable import PUBLISHED
from gait.model import GaitAnalysis, MetricValue
from gait.report.wording import CLASSES, number, quantity, readable, spec

FORMAT_VERSION = "1.1"

VERDICT_WORDS = {
    REAL: "real change",
    NOT_SHOWN: "no real change shown",
    CANNOT_TELL: "cannot tell",
    NOT_COMPARABLE: "not comparable",
}

HOW_TO_READ = (
    "Beyond: a change counts beyond this. P: published, from runners filmed twice a week apart; D: derived from the "
    "spread and the timing of these two recordings, without how a person differs from day to day.",
    'Of twenty numbers one may pass its limit by chance, and "no real change shown" does not prove that nothing '
    "changed. More or less is neither better nor worse by itself.",
    "Not a medical device, not a diagnosis.",
)

COLUMNS = (
    "name",
    "title",
    "side",
    "unit",
    "before",
    "after",
    "change",
    "change_ci95_low",
    "change_ci95_high",
    "smallest_change",
    "smallest_change_origin",
    "verdict",
    "words",
    "reason",
    "before_n_strides",
    "after_n_strides",
    "before_confidence",
    "after_confidence",
)


def change_words(change: MetricChange) -> str:
    """Say what is different: "Knee bend at landing (left): 4.1° more"."""
    entry = spec(change.name)
    leg = "" if change.side == "both" else f" ({change.side})"
    return f"{entry.title}{leg}: {_difference(change)}"


def _difference(change: MetricChange) -> str:
    if change.change is None:
        before, after = (value_words(m) for m in (change.before, change.after))
        return f"{before.lower()} in both" if before == after else f"{before.lower()} before, {after.lower()} after"
    if not _shows(change.change, change.unit):
        return "the same"
    more, less = spec(change.name).change_words
    return f"{amount_words(abs(change.change), change.unit)} {more if change.change > 0 else less}"


def _shows(change: float, unit: str | None) -> bool:
    """Tell whether a difference is still one after rounding."""
    return bool(number(abs(change), unit).strip("0."))


def amount_words(amount: float, unit: str | None) -> str:
    """Return a difference with its unit; one of percentages is in percentage points."""
    return f"{number(amount, unit)} percentage points" if unit == "%" else quantity(amount, unit)


def value_words(metric: MetricValue | None) -> str:
    """Return a value without its unit, "no value" where there is none."""
    if metric is None or metric.value is None:
        return "no value"
    if isinstance(metric.value, str):
        return CLASSES.get(metric.value, readable(metric.value))
    return number(metric.value, metric.unit)


def signed(change: float | None, unit: str | None) -> str:
    """Return a difference with its sign, empty where there is none."""
    if change is None:
        return ""
    text = number(change, unit)
    return f"+{text}" if change > 0 and _shows(change, unit) else text


def limit_words(change: MetricChange) -> str:
    """Return the smallest change that counts with its mark: "3.8 P"."""
    if change.smallest is None:
        return ""
    return f"{number(change.smallest, change.unit)} {'P' if change.smallest_origin == PUBLISHED else 'D'}"


def by_reason(changes: Sequence[MetricChange]) -> dict[str, list[str]]:
    """Group metrics by why nothing can be said of them, so that one cause is read once."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for change in changes:
        reason = change.reason[:1].upper() + change.reason[1:].rstrip(".")
        legs = grouped.setdefault(reason, {}).setdefault(spec(change.name).title, [])
        legs += [change.side] if change.side != "both" else []
    return {
        reason: [f"{title} ({' and '.join(legs)})" if legs else title for title, legs in titles.items()]
        for reason, titles in grouped.items()
    }


def count_words(comparison: Comparison) -> str:
    """Return how many metrics have which verdict, in one line."""
    parts = []
    for verdict in (REAL, CANNOT_TELL, NOT_SHOWN, NOT_COMPARABLE):
        n = len(comparison.having(verdict))
        words = f"{VERDICT_WORDS[verdict]}s" if verdict == REAL and n != 1 else VERDICT_WORDS[verdict]
        if n or verdict == REAL:
            parts.append(f"{n} {words}")
    return ", ".join(parts) + "."


def as_dict(comparison: Comparison, before: str, after: str) -> dict[str, Any]:
    """Return a comparison as plain JSON types.

    Parameters
    ----------
    comparison : Comparison
        What was found.
    before, after : str
        Where the two analyses are, as the person named them.
    """
    return {
        "schema_version": FORMAT_VERSION,
        "before": _about(comparison.before, before),
        "after": _about(comparison.after, after),
        "warnings": [asdict(warning) for warning in comparison.warnings],
        "changes": [_change_dict(change) for change in comparison.changes],
        "findings": [asdict(row) for row in follow_up(comparison)],
        "notes": list(HOW_TO_READ),
    }


def _about(analysis: GaitAnalysis, path: str) -> dict[str, Any]:
    return {
        "path": path,
        "gait": analysis.software.get("gait"),
        "analysed_at": analysis.software.get("analysed_at"),
        "quality": analysis.quality.level,
        "person": analysis.recording.person,
        "height_m": analysis.recording.height_m,
        "belt_speed_m_s": analysis.recording.belt_speed_m_s,
        "incline_pct": analysis.recording.incline_pct,
        "videos": [{"view": v.view, "pose_model": v.pose_model, "rate_hz": v.rate_hz} for v in analysis.videos],
    }


def _change_dict(change: MetricChange) -> dict[str, Any]:
    row = dict(zip(COLUMNS, csv_row(change), strict=True))
    low, high = row.pop("change_ci95_low"), row.pop("change_ci95_high")
    return row | {"change_ci95": None if low is None else [low, high]}


def csv_row(change: MetricChange) -> list[Any]:
    """Return a row of the table with the columns of :data:`COLUMNS`; numbers to six decimals, as in the files."""
    low, high = change.ci95 if change.ci95 is not None else (None, None)
    first, second = change.before, change.after
    said = change.verdict != NOT_COMPARABLE
    return [
        change.name,
        spec(change.name).title,
        change.side,
        change.unit,
        _finite(first),
        _finite(second),
        *(None if x is None else round(x, 6) for x in (change.change, low, high, change.smallest)),
        change.smallest_origin,
        change.verdict,
        change_words(change) if said else "",
        change.reason,
        first.n_strides if first else 0,
        second.n_strides if second else 0,
        first.confidence if first else "none",
        second.confidence if second else "none",
    ]


def _finite(metric: MetricValue | None) -> float | str | None:
    value = metric.value if metric else None
    return None if isinstance(value, float) and not math.isfinite(value) else value

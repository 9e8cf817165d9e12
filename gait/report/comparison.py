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
from gait.report.symmetry import side_word
from gait.report.wording import CLASSES, number, quantity, readable, spec
from gait.words import table, text

FORMAT_VERSION = "1.1"

VERDICT_WORDS = {
    REAL: text("compare_words.verdict.real"),
    NOT_SHOWN: text("compare_words.verdict.not_shown"),
    CANNOT_TELL: text("compare_words.verdict.cannot_tell"),
    NOT_COMPARABLE: text("compare_words.verdict.not_comparable"),
}

HOW_TO_READ = tuple(table("compare_words.how_to_read").values())

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
    values = {"title": entry.title, "difference": _difference(change)}
    if change.side == "both":
        return text("compare_words.change", **values)
    return text("compare_words.change_of_leg", side=side_word(change.side), **values)


def _difference(change: MetricChange) -> str:
    if change.change is None:
        before, after = (value_words(m).lower() for m in (change.before, change.after))
        key = "same_class" if before == after else "other_class"
        return text(f"compare_words.{key}", before=before, after=after)
    if not _shows(change.change, change.unit):
        return text("compare_words.the_same")
    more, less = spec(change.name).change_words
    amount = amount_words(abs(change.change), change.unit)
    return text("compare_words.by", amount=amount, word=more if change.change > 0 else less)


def _shows(change: float, unit: str | None) -> bool:
    """Tell whether a difference is still one after rounding."""
    return bool(number(abs(change), unit).strip("0."))


def amount_words(amount: float, unit: str | None) -> str:
    """Return a difference with its unit; one of percentages is in percentage points."""
    if unit == "%":
        return text("compare_words.percentage_points", n=number(amount, unit))
    return quantity(amount, unit)


def value_words(metric: MetricValue | None) -> str:
    """Return a value without its unit, "no value" where there is none."""
    if metric is None or metric.value is None:
        return text("compare_words.no_value")
    if isinstance(metric.value, str):
        return CLASSES.get(metric.value, readable(metric.value))
    return number(metric.value, metric.unit)


def signed(change: float | None, unit: str | None) -> str:
    """Return a difference with its sign, empty where there is none."""
    if change is None:
        return ""
    words = number(change, unit)
    return f"+{words}" if change > 0 and _shows(change, unit) else words


def limit_words(change: MetricChange) -> str:
    """Return the smallest change that counts with its mark: "3.8 P"."""
    if change.smallest is None:
        return ""
    mark = text(f"compare_words.{'published' if change.smallest_origin == PUBLISHED else 'derived'}_mark")
    return f"{number(change.smallest, change.unit)} {mark}"


def by_reason(changes: Sequence[MetricChange]) -> dict[str, list[str]]:
    """Group metrics by why nothing can be said of them, so that one cause is read once."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for change in changes:
        reason = change.reason[:1].upper() + change.reason[1:].rstrip(".")
        legs = grouped.setdefault(reason, {}).setdefault(spec(change.name).title, [])
        legs += [side_word(change.side)] if change.side != "both" else []
    return {reason: [_of_legs(title, legs) for title, legs in titles.items()] for reason, titles in grouped.items()}


def _of_legs(title: str, legs: list[str]) -> str:
    if not legs:
        return title
    return text("compare_words.of_legs", title=title, legs=f" {text('compare_words.and')} ".join(legs))


def count_words(comparison: Comparison) -> str:
    """Return how many metrics have which verdict, in one line."""
    parts = []
    for verdict in (REAL, CANNOT_TELL, NOT_SHOWN, NOT_COMPARABLE):
        n = len(comparison.having(verdict))
        words = text("compare_words.verdict.several_real") if verdict == REAL and n != 1 else VERDICT_WORDS[verdict]
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

"""What a value may be compared with, in words and as a small picture; a comparison, never a verdict."""

from __future__ import annotations

import math
from typing import Any

from gait.metrics.rearfoot_band import EXCURSION_DEG, band_for
from gait.model import MetricValue
from gait.report.wording import DEGREE, PLUS_MINUS, interval, mark_words, number, quantity, unit_words
from gait.words import text

#: Half-width, in SD, of the range that holds the middle 90 % of a normal distribution.
_P95 = 1.645


def reference_summary(metric: MetricValue) -> tuple[str, str]:
    """Return a metric's reference as (figure with its mark, what else to know); empty without one.

    Without a comparable figure there is only the mark and what the literature says in general.
    """
    reference = metric.reference
    if not reference:
        return "", ""
    unit = str(reference.get("unit") or metric.unit or "")
    mark = mark_words(reference.get("mark"))
    mean, sd, speed = (_float(reference.get(key)) for key in ("mean", "sd", "speed_m_s"))
    if mean is None:
        return mark, str(reference.get("note") or "")
    figure = number(mean, unit) if sd is None else f"{number(mean, unit)} {PLUS_MINUS} {number(sd, unit)}"
    words = unit_words(unit)
    figure += words if words == DEGREE else f" {words}"
    return f"{figure.strip()} {mark}".strip(), "" if speed is None else text(
        "report_numbers.at_speed", speed=f"{speed:.1f}"
    )


def comparison(metric: MetricValue, *, short: bool = False) -> str:
    """Say in words where a value lies among the reference runners; empty where nothing may be compared.

    A percentile exists only where the reference was taken near the runner's speed; it rests on the
    reference's mean and SD and is therefore printed coarsely, as that of both ends of the interval.
    """
    reference = metric.reference
    if not reference or metric.value is None:
        return ""
    percentile = _float(reference.get("percentile"))
    if percentile is None:
        return ""
    low, high = _percentiles(metric, percentile)
    if short:
        place = _place(low, high)
        return text("report_numbers.percentile", place=f"{place[:1].upper()}{place[1:]}")
    if metric.name in _EVERSION:
        return _eversion(low, high)
    if high < 5:
        return text("report_numbers.lower")
    if low > 95:
        return text("report_numbers.higher")
    key = "within" if low >= 5 and high <= 95 else "among"
    return text(f"report_numbers.{key}", place=_place(low, high, theirs=True))


_EVERSION = ("rearfoot_angle_ic_deg", "rearfoot_angle_peak_deg", "rearfoot_excursion_deg")


def _eversion(low: float, high: float) -> str:
    """Say more or less eversion, and only where both ends of the interval say so."""
    key = "more" if low > 50 else "less" if high < 50 else "unclear"
    if key != "unclear":
        key += "_than_most" if low > 95 or high < 5 else "_than_middle"
    return text(f"report_heels.eversion.{key}", place=_place(low, high, theirs=True))


def six_men_words(value: float, belt_speed_m_s: float | None) -> str:
    """Say where an excursion of the heel (deg) lies beside the men whose angle was reckoned alike.

    The percentile's reference is an angle between segments, which comes out smaller; see
    :data:`gait.metrics.rearfoot_band.EXCURSION_DEG`.
    """
    speed = band_for(belt_speed_m_s).speed_m_s
    mean, sd = EXCURSION_DEG[speed]
    away = (value - mean) / sd
    where = text(f"report_heels.six_men.{'within' if abs(away) <= 1 else 'above' if away > 0 else 'below'}")
    figure = f"{number(mean, 'deg')} {PLUS_MINUS} {number(sd, 'deg')}{DEGREE}"
    return text("report_heels.six_men.line", where=where, figure=figure, speed=number(speed))


def _percentiles(metric: MetricValue, percentile: float) -> tuple[float, float]:
    """Return the percentiles of both ends of the interval; that of the value twice where there is none."""
    reference = metric.reference or {}
    mean, sd = _float(reference.get("mean")), _float(reference.get("sd"))
    if metric.ci95 is None or mean is None or not sd or not all(math.isfinite(x) for x in metric.ci95):
        return percentile, percentile
    low, high = (50.0 * (1.0 + math.erf((end - mean) / (sd * math.sqrt(2.0)))) for end in metric.ci95)
    return low, high


def _place(low: float, high: float, *, theirs: bool = False) -> str:
    """Say a range of percentiles: "15th to 40th", "below 5th to 20th", or one where both ends are printed alike."""
    words = "report_numbers.their_place" if theirs else "report_numbers.place"
    first, last = (
        text(f"{words}.{'below' if end < 5 else 'above' if end > 95 else 'at'}", n=_printed(end)) for end in (low, high)
    )
    if first == last:
        return text(f"{words}.one", place=first)
    return text(f"{words}.range", first=first, last=last)


def card_reference(metric: MetricValue) -> str:
    """Return the reference line of a card: figure, mark and speed, then the comparison."""
    figure, more = reference_summary(metric)
    if not figure and not more:
        return ""
    if (metric.reference or {}).get("mean") is None:
        return text("report_numbers.reference_in_general", mark=figure, note=more) if more else ""
    key = "reference_at" if more else "reference"
    first = text(f"report_numbers.{key}", figure=figure, at=more)
    return " ".join(part for part in (first, comparison(metric)) if part)


def reference_strip(metric: MetricValue) -> str:
    """Draw the value and its interval beside the middle 90 % of the reference runners as a small SVG.

    Returns an empty string where the reference is not comparable (no percentile) or has no spread.
    """
    reference = metric.reference or {}
    mean, sd = _float(reference.get("mean")), _float(reference.get("sd"))
    if mean is None or not sd or _float(reference.get("percentile")) is None:
        return ""
    if not isinstance(metric.value, (int, float)) or not math.isfinite(metric.value):
        return ""
    value = float(metric.value)
    low, high = mean - _P95 * sd, mean + _P95 * sd
    ends = (metric.ci95 or (value, value)) + (low, high, value)
    margin = 0.35 * sd
    left, right = min(ends) - margin, max(ends) + margin

    def x(position: float) -> str:
        return f"{6 + 228 * (position - left) / (right - left):.1f}"

    unit = str(reference.get("unit") or metric.unit or "")
    words = text(
        "report_numbers.strip",
        value=quantity(value, metric.unit),
        interval=interval((low, high), unit),
        unit=unit_words(unit),
    )
    ci = ""
    if metric.ci95:
        a, b = x(metric.ci95[0]), x(metric.ci95[1])
        ci = f'<path d="M{a} 17H{b}M{a} 13V21M{b} 13V21" fill="none" stroke="#111" stroke-width="1.5"/>'
    return (
        '<svg viewBox="0 0 240 46" role="img" aria-label="' + _attribute(words) + '">'
        f'<path d="M6 17H234" stroke="#9aa3ab" stroke-width="1"/>'
        f'<rect x="{x(low)}" y="10" width="{float(x(high)) - float(x(low)):.1f}" height="14" rx="2" '
        'fill="#d9e4ec" stroke="#6b7f8e" stroke-width="1"/>'
        f'<path d="M{x(mean)} 10V24" stroke="#6b7f8e" stroke-width="1" stroke-dasharray="2 2"/>'
        f"{ci}"
        f'<path d="M{x(value)} 9l6 8l-6 8l-6 -8z" fill="#0b3d5c" stroke="#fff" stroke-width="1"/>'
        '<g text-anchor="middle" font-size="11" fill="#3c464e">'
        f'<text x="{x(low)}" y="38">{number(low, unit)}</text>'
        f'<text x="{x(high)}" y="38">{number(high, unit)}</text></g></svg>'
    )


def _float(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def _printed(percentile: float) -> int:
    # To the nearest 5: mean and SD of a handful of runners carry no more than that.
    return min(95, max(5, 5 * round(percentile / 5)))


def _attribute(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")

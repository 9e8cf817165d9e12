"""Numbers and units as a reader sees them: sensible digits, real minus signs."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
DEGREE = "\N{DEGREE SIGN}"
PLUS_MINUS = "\N{PLUS-MINUS SIGN}"

_UNIT_WORDS = {
    "deg": DEGREE,
    "spm": "steps/min",
    "steps/min": "steps/min",
    "pct": "%",
    "leg_pct": "% of leg length",
    "% leg": "% of leg length",
    "% leg length": "% of leg length",
    "bw": "\N{MULTIPLICATION SIGN} body weight",
    "BW": "\N{MULTIPLICATION SIGN} body weight",
    "kn_m": "kN/m",
}
_DIGITS = {"ms": 0, "m": 2, "m/s": 2, "m_s": 2, "bw": 2, "BW": 2, "body weight": 2, "body weights": 2, "s": 2}


def unit_words(unit: str | None) -> str:
    """Return a unit as printed."""
    return "" if unit is None else _UNIT_WORDS.get(unit, unit)


def number(value: float | None, unit: str | None = None, *, digits: int | None = None) -> str:
    """Format a number with the digits that its unit deserves; an em dash for a missing one.

    Parameters
    ----------
    value : float or None
        The number; NaN and infinities count as missing.
    unit : str or None
        Decides the digits: milliseconds whole, metres two decimals, all else one.
    digits : int, optional
        Overrides the unit's digits.
    """
    if value is None or not math.isfinite(value):
        return "\u2014"
    if digits is None:
        digits = _DIGITS.get(unit or "", 1)
    text = f"{value:.{digits}f}"
    if not text.strip("-0."):
        text = text.lstrip("-")  # "-0.0" is a rounding artefact
    return text.replace("-", MINUS)


def quantity(value: float | None, unit: str | None) -> str:
    """Format a number with its unit: "6.3°", "244 ms", "14.2 % of leg length"."""
    text, words = number(value, unit), unit_words(unit)
    if text == "\u2014" or not words:
        return text
    return text + words if words == DEGREE else f"{text} {words}"


def interval(ci95: tuple[float, float] | None, unit: str | None) -> str:
    """Format an interval as "168.4 to 169.3"; an em dash where there is none."""
    if ci95 is None or not all(math.isfinite(x) for x in ci95):
        return "\u2014"
    return f"{number(ci95[0], unit)} to {number(ci95[1], unit)}"

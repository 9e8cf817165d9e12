"""Quantities as people write them ("5 ft 9", "10 km/h", "5:30 min/km"), read into SI units.

Every parser takes text or a number and returns a finite float in the unit its name ends with, or raises
:class:`~gait.errors.ConfigError` saying what it would have understood. Ranges are not checked here: they
belong to the option (:mod:`gait.config`).
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from gait.errors import ConfigError

# International yard and pound agreement of 1959: exact by definition.
M_PER_INCH = 0.0254
M_PER_FOOT = 0.3048
M_PER_MILE = 1609.344
KG_PER_POUND = 0.45359237
POUNDS_PER_STONE = 14
INCHES_PER_FOOT = 12

_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)"
_SIGNED = rf"[+-]?{_NUMBER}"
# Typographic signs that phones and word processors put in place of the plain ones.
_PLAIN_SIGNS = str.maketrans(
    {
        **dict.fromkeys(("\u2032", "\u2019", "\u2018"), "'"),
        **dict.fromkeys(("\u2033", "\u201d", "\u201c"), '"'),
        **dict.fromkeys(("\u2212", "\u2013"), "-"),
        **dict.fromkeys(("\u00a0", "\u202f", "\u2009"), " "),
    }
)

HEIGHT_FORMS = "1.75, 175 cm or 5 ft 9"
MASS_FORMS = "70, 70 kg or 160 lb"
SPEED_FORMS = "2.8 m/s, 10 km/h, 6.2 mph or 5:30 min/km"
TIME_FORMS = "12.5 or 1:05"

_LENGTH_UNITS_M = {
    **dict.fromkeys(("", "m", "metre", "metres", "meter", "meters"), 1.0),
    **dict.fromkeys(("cm", "centimetre", "centimetres", "centimeter", "centimeters"), 0.01),
    "mm": 0.001,
    **dict.fromkeys(("in", "inch", "inches", '"'), M_PER_INCH),
    **dict.fromkeys(("ft", "foot", "feet", "'"), M_PER_FOOT),
}
_MASS_UNITS_KG = {
    **dict.fromkeys(("", "kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"), 1.0),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), KG_PER_POUND),
    **dict.fromkeys(("st", "stone", "stones"), KG_PER_POUND * POUNDS_PER_STONE),
}
_SPEED_UNITS_M_S = {
    **dict.fromkeys(("m/s", "mps", "m/sec"), 1.0),
    **dict.fromkeys(("km/h", "kmh", "kph", "km/hr", "kmph"), 1 / 3.6),
    **dict.fromkeys(("mph", "mi/h", "miles/h", "mile/h", "miles/hour"), M_PER_MILE / 3600),
}
_PACE_UNITS_M = {
    **dict.fromkeys(("min/km", "/km", "minutes/km"), 1000.0),
    **dict.fromkeys(("min/mile", "min/mi", "/mile", "/mi", "minutes/mile"), M_PER_MILE),
}
_DECIMAL_FEET = re.compile(r"\d+[.,]\d+\s*(?:ft|foot|feet|')")
_FEET_INCHES = re.compile(rf"(\d+)\s*(?:ft|foot|feet|')\s*({_NUMBER})\s*(?:in|inch|inches|\"|'')?")
_METRES_CM = re.compile(r"(\d)\s*m\s*(\d{2})(?:\s*cm)?")
_STONE_POUNDS = re.compile(rf"(\d+)\s*(?:st|stone)\s*({_NUMBER})\s*(?:lb|lbs|pounds)?")
_WITH_UNIT = re.compile(rf"({_SIGNED})\s*(.*)")
_PACE = re.compile(rf"(\d+)(?::|')(\d{{2}}(?:\.\d*)?)(?:\"|'')?\s*(.*)|({_NUMBER})\s*((?:min|/).*)")
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d*)?)")


def parse_height_m(given: object) -> float:
    """Read a body height: ``1.75``, ``175 cm``, ``5 ft 9``, ``5'9"``, ``69 in``.

    Parameters
    ----------
    given : str or number
        What the person wrote; a bare number is metres.

    Returns
    -------
    float
        Height, m.

    Raises
    ------
    ConfigError
        When it is not a length.
    """
    text = _plain(given, "height", HEIGHT_FORMS)
    if match := _FEET_INCHES.fullmatch(text):
        feet, inches = float(match[1]), float(match[2])
        if inches >= INCHES_PER_FOOT:
            raise _not_understood(given, "height", HEIGHT_FORMS, "inches after feet go from 0 to 11")
        return feet * M_PER_FOOT + inches * M_PER_INCH
    if _DECIMAL_FEET.fullmatch(text):
        # 5.10 ft is written for five foot ten, and would be read as five foot one.
        raise _not_understood(given, "height", HEIGHT_FORMS, "write feet and inches apart: 5 ft 10")
    if match := _METRES_CM.fullmatch(text):
        return float(match[1]) + float(match[2]) / 100
    return _with_unit(given, text, _LENGTH_UNITS_M, "height", HEIGHT_FORMS)


def parse_mass_kg(given: object) -> float:
    """Read a body mass: ``70``, ``70 kg``, ``160 lb``, ``11 st 6``; a bare number is kilograms.

    Raises
    ------
    ConfigError
        When it is not a mass.
    """
    text = _plain(given, "mass", MASS_FORMS)
    if match := _STONE_POUNDS.fullmatch(text):
        stone, pounds = float(match[1]), float(match[2])
        if pounds >= POUNDS_PER_STONE:
            raise _not_understood(given, "mass", MASS_FORMS, "pounds after stone go from 0 to 13")
        return (stone * POUNDS_PER_STONE + pounds) * KG_PER_POUND
    return _with_unit(given, text, _MASS_UNITS_KG, "mass", MASS_FORMS)


def parse_speed_m_s(given: object) -> float:
    """Read a speed or pace: ``2.8 m/s``, ``10 km/h``, ``6.2 mph``, ``5:30 min/km``, ``8:51 min/mile``.

    Treadmills show km/h or mph and laboratories m/s, so a bare number could be any of them and is refused.

    Returns
    -------
    float
        Speed, m/s.

    Raises
    ------
    ConfigError
        When it is not a speed, or has no unit.
    """
    text = _plain(given, "belt speed", SPEED_FORMS)
    if match := _PACE.fullmatch(text):
        minutes = float(match[1]) + float(match[2]) / 60 if match[1] else float(match[4])
        unit = (match[3] if match[1] else match[5]).replace(" ", "")
        if not unit:
            raise _no_unit(given, f"add min/km or min/mile: {given} min/km")
        if unit not in _PACE_UNITS_M or minutes <= 0 or (match[2] and float(match[2]) >= 60):
            raise _not_understood(given, "belt speed", SPEED_FORMS)
        return _PACE_UNITS_M[unit] / (minutes * 60)
    if re.fullmatch(_SIGNED, text):
        raise _no_unit(given, f"write {text} km/h, {text} mph or {text} m/s")
    return _with_unit(given, text, _SPEED_UNITS_M_S, "belt speed", SPEED_FORMS)


def parse_time_s(given: object) -> float:
    """Read a moment in a video: ``12.5``, ``12.5 s``, or as a player shows it, ``1:05`` or ``1:02:05.5``.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    ConfigError
        When it is not a time.
    """
    text = _plain(given, "time", TIME_FORMS)
    if match := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        if seconds >= 60 or (match[1] and minutes >= 60):
            raise _not_understood(given, "time", TIME_FORMS, "minutes and seconds go from 0 to 59")
        return 3600 * hours + 60 * minutes + seconds
    units = {**dict.fromkeys(("", "s", "sec", "second", "seconds"), 1.0), "ms": 0.001, "min": 60.0}
    return _with_unit(given, text, units, "time", TIME_FORMS)


def parse_number(given: object, name: str, unit_names: tuple[str, ...], forms: str) -> float:
    """Read a plain number that may carry its own unit (``240 Hz``, ``1.5 %``).

    Parameters
    ----------
    given : str or number
        What the person wrote.
    name : str
        What it is, for the message.
    unit_names : tuple of str
        Ways to write the only unit there is; lower case.
    forms : str
        Examples for the hint.

    Raises
    ------
    ConfigError
        When it is not a finite number, or carries another unit.
    """
    return _with_unit(given, _plain(given, name, forms), dict.fromkeys(("", *unit_names), 1.0), name, forms)


def _plain(given: object, name: str, forms: str) -> str:
    """Bring text or a number to lower-case text with plain signs and a decimal point."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise _not_understood(given, name, forms)
    if not isinstance(given, str):
        if not math.isfinite(given):
            raise _not_understood(given, name, forms)
        return format(Decimal(repr(given)), "f")
    text = " ".join(given.translate(_PLAIN_SIGNS).lower().split()).removesuffix(".")
    # A comma is the decimal sign in much of Europe; two of them are something else and stay, to be refused.
    return re.sub(r"(?<=\d),(?=\d)", ".", text) if text.count(",") == 1 and "." not in text else text


def _with_unit(given: object, text: str, units: dict[str, float], name: str, forms: str) -> float:
    match = _WITH_UNIT.fullmatch(text)
    unit = match[2].replace(" ", "").removesuffix(".") if match else ""
    if match is None or unit not in units:
        raise _not_understood(given, name, forms)
    value = float(match[1]) * units[unit]
    if not math.isfinite(value):
        raise _not_understood(given, name, forms)
    return value


def _not_understood(given: object, name: str, forms: str, because: str = "") -> ConfigError:
    message = f"The {name} {_shown(given)} was not understood" + (f": {because}." if because else ".")
    return ConfigError(message, f"Write it like {forms}.")


def _no_unit(given: object, advice: str) -> ConfigError:
    return ConfigError(f"The belt speed {_shown(given)} has no unit.", f"Say which: {advice}.")


def _shown(given: object) -> str:
    text = given if isinstance(given, str) else repr(given)
    return f'"{text}"' if len(text) <= 40 else f'"{text[:37]}..."'

"""Quantities as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait import quantities as q
from gait.errors import ConfigError

HEIGHTS = [
    ("1.75", 1.75),
    (1.75, 1.75),
    (2, 2.0),
    ("1,75 m", 1.75),
    ("1.75m", 1.75),
    (" 175 CM ", 1.75),
    ("1750 mm", 1.75),
    ("1m75", 1.75),
    ("1 m 75 cm", 1.75),
    ("5 ft 9", 1.7526),
    ("5 ft 9 in", 1.7526),
    ("5ft9in", 1.7526),
    ("5'9\"", 1.7526),
    ("5'9", 1.7526),
    ("5\u20329\u2033", 1.7526),
    ("5\u20199\u201d", 1.7526),
    ("5 feet 9.5 inches", 1.7653),
    ("6 ft", 1.8288),
    ("6'", 1.8288),
    ("69 in", 1.7526),
    ("69 inches", 1.7526),
    ("-1.7", -1.7),
    ("5 ft 12", ConfigError),
    ("1.75 furlongs", ConfigError),
    ("1.75 kg", ConfigError),
    ("tall", ConfigError),
    ("", ConfigError),
    ("1.7.5", ConfigError),
    ("1,7,5", ConfigError),
    ("nan", ConfigError),
    ("inf", ConfigError),
    (math.nan, ConfigError),
    (math.inf, ConfigError),
    ("1e3", ConfigError),
    ("9" * 400, ConfigError),
    (True, ConfigError),
    (None, ConfigError),
    ([1.75], ConfigError),
]
MASSES = [
    ("70", 70.0),
    ("70 kg", 70.0),
    ("70,5kg", 70.5),
    ("160 lb", 72.5747792),
    ("160lbs.", 72.5747792),
    ("160 pounds", 72.5747792),
    ("11 st 6", 72.5747792),
    ("11 stone 6 lb", 72.5747792),
    ("10 st", 63.5029318),
    ("11 st 14", ConfigError),
    ("70 cm", ConfigError),
    ("nan kg", ConfigError),
]
SPEEDS = [
    ("2.8 m/s", 2.8),
    ("2,8m/s", 2.8),
    ("10 km/h", 10 / 3.6),
    ("10kmh", 10 / 3.6),
    ("10 KPH", 10 / 3.6),
    ("6.2 mph", 2.771648),
    ("5:30 min/km", 1000 / 330),
    ("5:30min/km", 1000 / 330),
    ("5:30 /km", 1000 / 330),
    ("5'30\"/km", 1000 / 330),
    ("5.5 min/km", 1000 / 330),
    ("8:51 min/mile", 1609.344 / 531),
    ("8:51 min / mi", 1609.344 / 531),
    ("-3 m/s", -3.0),
    ("10", ConfigError),
    (10, ConfigError),
    (2.8, ConfigError),
    ("5:30", ConfigError),
    ("5:60 min/km", ConfigError),
    ("0:00 min/km", ConfigError),
    ("5:30 km/h", ConfigError),
    ("10 knots", ConfigError),
    ("fast", ConfigError),
    ("inf km/h", ConfigError),
]
TIMES = [
    ("12.5", 12.5),
    (3, 3.0),
    ("12.5 s", 12.5),
    ("1:05", 65.0),
    ("0:07.25", 7.25),
    ("1:02:05.5", 3725.5),
    ("90:00", 5400.0),
    ("2 min", 120.0),
    ("1:60", ConfigError),
    ("1:60:00", ConfigError),
    ("soon", ConfigError),
    (math.nan, ConfigError),
]


def _check(parse, text, expected) -> None:
    if expected is ConfigError:
        with pytest.raises(ConfigError) as caught:
            parse(text)
        assert caught.value.message.endswith(".")
        assert caught.value.hint
        assert "\n" not in str(caught.value)
    else:
        assert parse(text) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("text", "expected"), HEIGHTS)
def test_heights(text, expected) -> None:
    _check(q.parse_height_m, text, expected)


@pytest.mark.parametrize(("text", "expected"), MASSES)
def test_masses(text, expected) -> None:
    _check(q.parse_mass_kg, text, expected)


@pytest.mark.parametrize(("text", "expected"), SPEEDS)
def test_speeds(text, expected) -> None:
    _check(q.parse_speed_m_s, text, expected)


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_times(text, expected) -> None:
    _check(q.parse_time_s, text, expected)


def test_a_speed_without_unit_is_asked_for_its_unit() -> None:
    with pytest.raises(ConfigError, match="has no unit") as caught:
        q.parse_speed_m_s("10")
    assert caught.value.hint == "Say which: write 10 km/h, 10 mph or 10 m/s."
    with pytest.raises(ConfigError, match="has no unit") as caught:
        q.parse_speed_m_s("5:30")
    assert "5:30 min/km" in caught.value.hint


def test_the_same_height_in_three_notations_is_the_same_number() -> None:
    assert q.parse_height_m("5 ft 9") == q.parse_height_m("69 in") == pytest.approx(1.7526, abs=1e-12)


@given(st.floats(0.5, 12))
def test_speeds_survive_being_written(speed_m_s: float) -> None:
    assert q.parse_speed_m_s(f"{speed_m_s!r} m/s") == pytest.approx(speed_m_s, rel=1e-9)
    assert q.parse_speed_m_s(f"{speed_m_s * 3.6:.9f} km/h") == pytest.approx(speed_m_s, rel=1e-6)


@given(st.text(max_size=30))
def test_any_text_is_either_understood_or_refused_politely(text: str) -> None:
    for parse in (q.parse_height_m, q.parse_mass_kg, q.parse_speed_m_s, q.parse_time_s):
        try:
            value = parse(text)
        except ConfigError:
            continue
        assert math.isfinite(value)

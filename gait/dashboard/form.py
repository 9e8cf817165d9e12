"""Form fields made from the options of :mod:`gait.config`; they take the same text as the command line."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gait.config import AnalysisConfig
from gait.dashboard import style
from gait.errors import ConfigError
from gait.options import Option, options_of

FIRST = ("height_m", "belt_speed_m_s")
"""What everybody should fill in; the rest waits in an expander."""

AUTOMATIC = "recognise automatically"


def option_fields() -> tuple[dict[str, Any], bool]:
    """Show all options, the important ones first.

    Returns
    -------
    dict
        What was filled in, by field name, in SI units.
    bool
        True when every field could be read.
    """
    options = {option.name: option for option in options_of(AnalysisConfig)}
    values: dict[str, Any] = {}
    good = True
    for column, name in zip(st.columns(len(FIRST)), FIRST, strict=True):
        with column:
            good &= _read_into(values, options[name])
    rest = [option for name, option in options.items() if name not in FIRST]
    with st.expander("More options", icon=":material/tune:"):
        for group in dict.fromkeys(option.group for option in rest):
            st.markdown(f"**{group}**")
            members = [option for option in rest if option.group == group]
            for start in range(0, len(members), 2):
                for column, option in zip(st.columns(2), members[start : start + 2], strict=False):
                    with column:
                        good &= _read_into(values, option)
    return values, good


def config_from(values: dict[str, Any]) -> AnalysisConfig:
    """Build the configuration.

    Raises
    ------
    ConfigError
        When fields contradict each other.
    """
    return AnalysisConfig(**values)


def _read_into(values: dict[str, Any], option: Option) -> bool:
    """Show one field and put its value into ``values``; False when it cannot be read."""
    key = f"option_{option.name}"
    if option.kind == "switch":
        values[option.name] = st.toggle(option.label, value=option.default, key=key, help=_switch_help(option))
        return True
    if option.kind == "choice":
        choices = option.choices if option.default else (AUTOMATIC, *option.choices)
        chosen = st.selectbox(option.label, choices, key=key, help=option.help)
        values[option.name] = None if chosen == AUTOMATIC else chosen
        return True
    text = st.text_input(option.label, key=key, help=f"{option.help} Allowed: {option.allowed}.")
    # There is always a line below the field, so that nothing moves away from under the pointer.
    try:
        values[option.name] = option.read(text) if text.strip() else None
    except ConfigError as error:
        style.note(f"{error.message} {error.hint}", wrong=True)
        return False
    style.note(_read_back(option, values[option.name]))
    return True


def _switch_help(option: Option) -> str:
    # The help of a switch that is on by default describes its "no" form.
    return f"When off: {option.help[0].lower()}{option.help[1:]}" if option.only_off else option.help


def _read_back(option: Option, value: Any) -> str:
    """Say how a field was understood, so that a slip is seen."""
    if value is None:
        return f"e.g. {option.example}"
    if option.name == "belt_speed_m_s":
        pace_s = round(1000.0 / value)
        return f"= {value:.2f} m/s, {value * 3.6:.1f} km/h, {pace_s // 60}:{pace_s % 60:02d} min/km"
    if isinstance(value, float):
        return f"= {value:.4g} {option.unit}"
    return f"= {value}"

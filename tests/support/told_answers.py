"""Answers that anybody may give, for tests with hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from gait.options import Option, options_of
from gait.told import PLACES, Told


def _of(option: Option) -> st.SearchStrategy[Any]:
    if option.kind == "choice":
        return st.sampled_from(option.choices)
    if option.kind == "words":
        return st.lists(st.sampled_from(option.choices), unique=True)
    if option.kind == "switch":
        return st.booleans()
    if option.kind == "count":
        return st.integers(int(option.low or 0), int(option.high or 0))
    if option.kind == "text":
        return st.text(max_size=100)
    if option.kind == "text_list":
        return st.lists(
            st.tuples(st.sampled_from(("", "left ", "right ")), st.sampled_from(PLACES)).map("".join), unique=True
        )
    number = st.floats(option.low, option.high, allow_nan=False)
    return st.lists(number, max_size=8) if option.kind == "numbers" else number


def told() -> st.SearchStrategy[Told]:
    """Any answers that do not take each other back."""
    return st.fixed_dictionaries({}, optional={o.name: _of(o) for o in options_of(Told)}).map(Told.from_mapping)

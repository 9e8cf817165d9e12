"""Questions to the facts, written as data: ``[{pain = ["calf"], all_signs = ["swelling", "warmth"]}, ...]``.

A list holds when one of its tables holds, a table when all its entries hold. An entry is a fact's name with the allowed
values (one of them is enough), ``all_NAME`` where every value is needed, ``not_NAME`` where none may be there, or a
number's range ``{above = 30}``, ``{at_least = 800}``, ``{below = 50}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Table = Mapping[str, Any]

RANGES = {
    "above": lambda value, limit: value > limit,
    "at_least": lambda value, limit: value >= limit,
    "below": lambda value, limit: value < limit,
}


def holds(when: Sequence[Table], facts: Mapping[str, Any]) -> bool:
    """Tell whether one of the tables holds; an empty list never does."""
    return any(all(_entry(name, asked, facts) for name, asked in table.items()) for table in when)


def fact_name(name: str) -> str:
    """Return the fact that an entry asks for."""
    return name.removeprefix("all_").removeprefix("not_")


def _entry(name: str, asked: Any, facts: Mapping[str, Any]) -> bool:
    value = facts.get(fact_name(name))
    values = value if isinstance(value, list | tuple) else [] if value is None else [value]
    if name.startswith("not_"):
        return not any(one in values for one in asked)
    if name.startswith("all_"):
        return all(one in values for one in asked)
    if isinstance(asked, Mapping):
        return bool(values) and all(RANGES[how](values[0], limit) for how, limit in asked.items())
    return any(one in values for one in asked)

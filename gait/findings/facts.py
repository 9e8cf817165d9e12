"""What the person told, as facts that rules, red flags and conditions can ask for; a few are worked out from others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gait.told import Told

ACUTE_ONSETS = ("twist", "sudden_kick")
"""Onsets after which the Ottawa questions apply: an injury at one moment."""

FRESH_DAYS = 14.0
"""An injury of at most so many days ago is fresh: no sheet of paper tells how to exercise it. [default of ours]"""

RISE_WEEKS = 2
"""Weeks over which a rise in distance is judged (Nielsen et al. 2014, doi:10.2519/jospt.2014.5164)."""


def facts_of(told: Told) -> dict[str, Any]:
    """Return the facts by name.

    Returns
    -------
    dict
        The fields of `Told` that were answered, pain as places without sides, and: ``acute`` (began at one moment),
        ``complaint`` (pain or a sign told), ``goal_told``, ``weekly_rise_pct`` (last week against two weeks before, or
        against the first where fewer are told), ``planned_rise_pct`` (planned against the last week), ``last_week_km``.
    """
    facts: dict[str, Any] = told.answered()
    facts["pain"] = sorted({where.rpartition(" ")[2] for where in told.pain})
    facts["complaint"] = told.has_complaint
    facts["goal_told"] = bool(told.goal)
    if told.onset is not None:
        facts["acute"] = told.onset in ACUTE_ONSETS
        lately = told.since_days is None or told.since_days <= FRESH_DAYS
        facts["fresh_injury"] = facts["acute"] and lately
    weeks = told.weekly_km
    if (rise := weekly_rise_pct(weeks)) is not None:
        facts["weekly_rise_pct"] = rise
    if weeks:
        facts["last_week_km"] = weeks[-1]
    if weeks and weeks[-1] > 0 and told.planned_km is not None:
        facts["planned_rise_pct"] = _rise_pct(weeks[-1], told.planned_km)
    return facts


def weekly_rise_pct(weeks: Sequence[float]) -> float | None:
    """Return the rise of the last week over that of two weeks before, per cent; None where nothing was run then."""
    before = weeks[max(0, len(weeks) - 1 - RISE_WEEKS)] if len(weeks) >= 2 else 0.0
    return _rise_pct(before, weeks[-1]) if before > 0 else None


def _rise_pct(before_km: float, km: float) -> float:
    # Not 100 (b / a - 1): 20 km to 26 km would come out above 30 %.
    return round(100.0 * (km - before_km) / before_km, 6)


NUMBER_FACTS = ("weekly_rise_pct", "planned_rise_pct", "last_week_km")
YES_NO_FACTS = ("acute", "fresh_injury", "complaint", "goal_told")
"""Facts that :func:`facts_of` adds to the answers themselves."""

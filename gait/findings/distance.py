"""Weekly distances that rise no faster than what a study of runners found to go with more injuries."""

from __future__ import annotations

import math
from datetime import date, timedelta

from gait.findings.entries import citations
from gait.findings.facts import facts_of, weekly_rise_pct
from gait.findings.types import PUBLISHED, DistancePlan, Source, Week
from gait.told import Told
from gait.words import text

RISE_LIMIT_PCT = 30.0
"""Two weeks later at most 30 % more: runners whose weekly distance rose by more than that over two weeks had more
injuries of the kinds that distance brings (Nielsen et al. 2014, doi:10.2519/jospt.2014.5164)."""

STEP = 1.10
"""Largest rise from one week to the next, so that two of them stay within :data:`RISE_LIMIT_PCT`. [default of ours]"""

LONGEST_WEEKS = 16
"""Weeks after which a plan ends, reached or not: by then it should be made anew. [default of ours]"""

LEAST_KM = 1.0
"""Weekly distance below which there is nothing to make a plan from. [default of ours]"""

HOLD_WEEKS = 2
"""Weeks at the same distance before a rise, after a rapid rise or with complaints. [default of ours]"""


def distance_plan(told: Told, starts_on: date) -> DistancePlan | None:
    """Return a plan of weekly distances; None where no week was told, or there is next to nothing to rise from.

    Parameters
    ----------
    told : Told
        The weeks so far, the distance planned, complaints.
    starts_on : date
        First day of its first week.

    Notes
    -----
    After a rapid rise, or a return from weeks off, the plan goes back to the mean of the last weeks, never above the
    last one. With a complaint it stays there and rises later; without a planned distance above the last week's it
    holds.
    """
    weeks = told.weekly_km
    if not weeks or told.planned_km == 0:
        return None
    rise_pct = weekly_rise_pct(weeks)
    returns = rise_pct is None and len(weeks) >= 2
    rapid = returns or (rise_pct is not None and rise_pct > RISE_LIMIT_PCT)
    base = min(weeks[-1], sum(weeks[-4:]) / len(weeks[-4:])) if rapid else weeks[-1]
    if base < LEAST_KM:
        return None
    target = told.planned_km if told.planned_km is not None else base
    hold = HOLD_WEEKS if rapid or told.has_complaint else 0
    distances = _distances(base, target, hold)
    rows = tuple(Week(n + 1, (starts_on + timedelta(weeks=n)).isoformat(), km) for n, km in enumerate(distances))
    flags = []
    if returns:
        flags.append(text("plan.distance.after_pause"))
    elif rise_pct is not None and rapid:
        flags.append(text("plan.distance.rapid_rise", percent=f"{rise_pct:.0f}"))
    planned_pct = facts_of(told).get("planned_rise_pct", 0.0)
    if planned_pct > RISE_LIMIT_PCT:
        flags.append(text("plan.distance.rapid_plan", percent=f"{planned_pct:.0f}"))
    return DistancePlan(
        rows,
        " ".join(flags),
        _words(distances, target, hold, in_pain=told.has_complaint),
        Source(PUBLISHED, "B", (citations()["nielsen_distance_2014"],)),
    )


def _distances(base: float, target: float, hold: int) -> list[float]:
    """Distances down at once, up no faster than the limit."""
    goal = _rounded(target)
    distances = [min(_rounded(base), goal)] * max(1, hold)
    while distances[-1] < goal and len(distances) < LONGEST_WEEKS:
        distances.append(min(goal, _rounded(distances[-1] * STEP)))
    return distances


def _rounded(km: float) -> float:
    """Round down, which keeps the limit: to 0.5 km from 5 km on, where it is no more than a tenth, else to 0.1 km."""
    parts = 2 if km >= 5.0 else 10
    return math.floor(parts * km + 1e-9) / parts


def _words(distances: list[float], target: float, hold: int, *, in_pain: bool) -> str:
    if distances[-1] <= distances[0]:
        return text("plan.distance.same", km=f"{distances[0]:g}")
    parts = [text("plan.distance.hold", weeks=hold, km=f"{distances[0]:g}")] if hold else []
    key = "reached" if distances[-1] >= _rounded(target) else "not_yet"
    parts.append(text(f"plan.distance.{key}", weeks=len(distances), km=f"{distances[-1]:g}"))
    if in_pain:
        parts.append(text("plan.distance.with_pain"))
    return " ".join(parts)

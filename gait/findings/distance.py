"""Weekly distances that rise no faster than what a study of runners found to go with more injuries."""

from __future__ import annotations

import math
from datetime import date, timedelta

from gait.findings.library import citations
from gait.findings.types import PUBLISHED, DistancePlan, Source, Week
from gait.told import Told
from gait.words import text

RISE_LIMIT = 1.30
"""Two weeks later at most 30 % more: runners whose weekly distance rose by more than that over two weeks had more
injuries of the kinds that distance brings (Nielsen et al. 2014, doi:10.2519/jospt.2014.5164)."""

STEP = 1.10
"""Largest rise from one week to the next, so that two of them stay within :data:`RISE_LIMIT`. [default of ours]"""

LONGEST_WEEKS = 16
"""Weeks after which a plan ends, reached or not: by then it should be made anew. [default of ours]"""

HOLD_WEEKS = 2
"""Weeks at the same distance before a rise, after a rapid rise or with complaints. [default of ours]"""


def distance_plan(told: Told, starts_on: date) -> DistancePlan | None:
    """Return a plan of weekly distances; None where the distance of no week was told.

    Parameters
    ----------
    told : Told
        The weeks so far, the distance planned, complaints.
    starts_on : date
        First day of its first week.

    Notes
    -----
    After a rapid rise the plan goes back to the mean of the last weeks. With a complaint it stays there and rises
    later; without a planned distance above the last week's it holds.
    """
    weeks = told.weekly_km
    if not weeks or max(weeks) <= 0:
        return None
    rise = _rise(weeks)
    rapid = rise is not None and rise > RISE_LIMIT
    base = sum(weeks[-4:]) / len(weeks[-4:]) if rapid else weeks[-1]
    target = told.planned_km if told.planned_km is not None else base
    hold = HOLD_WEEKS if rapid or told.has_complaint else 0
    distances = _distances(base, target, hold)
    rows = tuple(Week(n + 1, (starts_on + timedelta(weeks=n)).isoformat(), km) for n, km in enumerate(distances))
    flags = []
    if rise is not None and rapid:
        flags.append(text("plan.distance.rapid_rise", percent=f"{100 * (rise - 1):.0f}"))
    if told.planned_km is not None and told.planned_km > RISE_LIMIT * weeks[-1] > 0:
        flags.append(text("plan.distance.rapid_plan", percent=f"{100 * (told.planned_km / weeks[-1] - 1):.0f}"))
    return DistancePlan(
        rows,
        " ".join(flags),
        _words(distances, target, held=bool(hold)),
        Source(PUBLISHED, "B", (citations()["nielsen_distance_2014"],)),
    )


def _rise(weeks: tuple[float, ...]) -> float | None:
    before = weeks[max(0, len(weeks) - 3)]
    return weeks[-1] / before if len(weeks) >= 2 and before > 0 else None


def _distances(base: float, target: float, hold: int) -> list[float]:
    """Distances in steps of half a kilometre, down at once, up no faster than the limit."""
    first = min(base, target)
    distances = [_half(first)] * max(1, hold)
    while distances[-1] < _half(target) and len(distances) < LONGEST_WEEKS:
        last = distances[-1]
        # Rounding down keeps the limit; half a kilometre at least, or short distances would never rise.
        distances.append(min(_half(target), max(_half(last * STEP), last + 0.5)))
    return distances


def _half(km: float) -> float:
    return max(0.5, math.floor(2.0 * km + 1e-9) / 2.0)


def _words(distances: list[float], target: float, *, held: bool) -> str:
    parts = [text("plan.distance.hold")] if held else []
    if distances[-1] > distances[0]:
        key = "reached" if distances[-1] >= _half(target) else "not_yet"
        parts.append(text(f"plan.distance.{key}", weeks=len(distances), km=f"{distances[-1]:g}"))
    else:
        parts.append(text("plan.distance.same"))
    return " ".join(parts)

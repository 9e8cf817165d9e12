"""Whether differences come out the right way round: between left and right of a runner, and between any two feet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from gait.validation.records import Comparison

CLEAR_DEG = 4.0
"""True differences of rearfoot excursion beyond this must be seen the right way round. [default of ours: a third of
what runners' own excursion is, 11 deg]"""


@dataclass(frozen=True)
class SideDifference:
    """True left minus right of one metric in one clip, and the measured one; None where a foot has no value."""

    clip: str
    true: float
    measured: float | None

    @property
    def clear(self) -> bool:
        """True where the feet truly differ enough to ask for the sign."""
        return abs(self.true) > CLEAR_DEG

    @property
    def right(self) -> bool | None:
        """Whether the sign is right; None where it was not assessed."""
        return None if self.measured is None else self.measured * self.true > 0


def side_differences(feet: Iterable[tuple[str, str, float, float | None]]) -> list[SideDifference]:
    """Put left against right in every clip in which the truth of both is known.

    Parameters
    ----------
    feet : iterable of (str, str, float, float or None)
        Clip, side, true value and measured one; None where there is none.
    """
    clips: dict[str, dict[str, tuple[float, float | None]]] = {}
    for clip, side, true, measured in feet:
        clips.setdefault(clip, {})[side] = (true, measured)
    found = []
    for clip, sides in clips.items():
        if {"left", "right"} <= set(sides):
            (left, seen_left), (right, seen_right) = sides["left"], sides["right"]
            seen = None if seen_left is None or seen_right is None else seen_left - seen_right
            found.append(SideDifference(clip, left - right, seen))
    return found


def side_sign_pct(comparisons: Sequence[Comparison]) -> tuple[float, int]:
    """Return how many per cent of clear left-right differences have the right sign, and of how many; NaN of none."""
    found = side_differences((c.case.clip, c.side, c.truth, c.value) for c in comparisons)
    return _percent([bool(d.right) for d in found if d.clear])


def order_pct(comparisons: Sequence[Comparison]) -> tuple[float, int]:
    """Return how many per cent of pairs of feet that truly differ clearly are in the right order, and of how many.

    NaN of none, and where several metrics are mixed: they have no order.
    """
    if len({c.metric for c in comparisons}) != 1:
        return float("nan"), 0
    true, seen = (np.array([getattr(c, name) for c in comparisons]) for name in ("truth", "value"))
    first, second = np.triu_indices(len(true), 1)
    apart = true[first] - true[second]
    asked = np.abs(apart) > CLEAR_DEG
    return _percent(list((seen[first] - seen[second])[asked] * apart[asked] > 0))


def rank_correlation(comparisons: Sequence[Comparison]) -> float:
    """Return Spearman's rank correlation of measured with true values over feet; NaN for fewer than three."""
    if len(comparisons) < 3:
        return float("nan")
    return float(spearmanr([c.truth for c in comparisons], [c.value for c in comparisons]).statistic)


def _percent(right: Sequence[bool]) -> tuple[float, int]:
    return (100.0 * float(np.mean(right)), len(right)) if right else (float("nan"), 0)

"""What the project promises of itself, and whether it keeps it. The targets are data: ``targets.toml``.

Statistics: ``rmse``, ``mae``, ``abs_bias`` (absolute mean error), ``max_abs`` (worst clip), ``mean_abs_pct`` and
``max_abs_pct`` (relative to the truth), ``worst_rmse`` and ``worst_mae`` (worst foot of a clip), ``missed_false_pct``
(missed and false events per true event), ``agreement_pct`` and ``indeterminate_pct`` (strike class), ``coverage_pct``,
``levels_in_order``; ``side_sign_pct`` and ``order_pct`` (differences between feet, see
:mod:`gait.validation.differences`).

A target for which a source has cases but no value is not met: it is shown as not measured. Where ``may_decline``,
"not assessed" is an answer that the program may give: such a target is then not judged, and the number is told.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import numpy as np

from gait.rearfoot.angles import OUTLINE
from gait.validation.differences import order_pct, side_sign_pct
from gait.validation.records import EVENT_KINDS, Case, Comparison, EventErrors, Outcome, StrikeVerdict, Unmeasured
from gait.validation.summary import coverage, error_by_level, levels_in_order, pooled, rmse, strike_summary

STATISTIC_WORDS = {
    "rmse": "RMSE",
    "mae": "mean error size",
    "abs_bias": "bias, either way,",
    "max_abs": "largest error",
    "mean_abs_pct": "mean error size",
    "max_abs_pct": "largest error",
    "worst_rmse": "RMSE of the worst foot-trial",
    "worst_mae": "mean error size of the worst foot-trial",
    "missed_false_pct": "missed + false",
    "agreement_pct": "agreement",
    "indeterminate_pct": "indeterminate",
    "coverage_pct": "95 % intervals that contain the truth",
    "levels_in_order": "error grows from high to low quality",
    "side_sign_pct": "left/right differences above 4 deg with the right sign",
    "order_pct": "pairs of feet more than 4 deg apart in the right order",
}


MIN_CASES = 10
"""Fewer cases than this say nothing about how often an interval contains the truth, or about a quality level."""

MIN_FEET = 6
"""A verdict over fewer foot-trials than this is marked."""

_SHARES = ("coverage_pct", "levels_in_order")
_ORDERS = ("side_sign_pct", "order_pct")


@dataclass(frozen=True)
class Tried:
    """What was tried where a target is missed; ``clip`` is the clip that the words speak of."""

    clip: str
    words: str


@dataclass(frozen=True)
class Target:
    """One row of ``targets.toml``; see there."""

    sources: tuple[str, ...]
    quantity: str
    unit: str
    limits: dict[str, float]
    least: dict[str, float]
    leg: str = "all"
    rate_hz: float | None = None
    min_rate_hz: float = 0.0
    condition: str | None = None
    method: str = ""
    may_decline: bool = False
    tried: Mapping[str, Tried] = field(default_factory=dict)

    def takes(self, case: Case, leg: str, source: str, method: str = "") -> bool:
        """Tell whether a record counts for this target.

        What has no value in a film that does not say whether it shows tape counts for the outline, which is tried last.
        """
        return (
            source in ("all", case.source)
            and (self.rate_hz is None or case.rate_hz == self.rate_hz)
            and case.rate_hz >= self.min_rate_hz
            and (self.condition is None or case.condition == self.condition)
            and self.leg in ("all", leg)
            and self.method in ("", method or OUTLINE)
        )


@dataclass(frozen=True)
class Verdict:
    """One promise beside what was measured.

    Parameters
    ----------
    target : Target
        The promise.
    source : str
        Kind of truth, or ``all``.
    statistic : str
        A key of :data:`STATISTIC_WORDS`.
    value : float
        NaN where nothing was measured.
    limit, least : float or None
        None where there is no such side.
    n : int
        Records behind the value.
    clips : frozenset of str
        Every clip that the target judges, measured or not.
    feet : int
        Feet of clips behind the value, a foot seen by several cameras once.
    lacking : int
        Clips without a value; feet, where the target may decline.
    """

    target: Target
    source: str
    statistic: str
    value: float
    limit: float | None
    least: float | None
    n: int
    clips: frozenset[str] = frozenset()
    feet: int = 0
    lacking: int = 0

    @property
    def measured(self) -> bool:
        """False when a source has cases and not one value; such a target is not met."""
        return bool(np.isfinite(self.value))

    @property
    def too_few(self) -> bool:
        """True when there are too few cases for any verdict."""
        return (self.statistic in _SHARES and self.n < MIN_CASES) or (self.statistic in _ORDERS and not self.n)

    @property
    def declined(self) -> bool:
        """True when the program said "not assessed" of everything, and may."""
        return self.target.may_decline and not self.measured

    @property
    def undecided(self) -> bool:
        """True when there is no verdict."""
        return self.too_few or self.declined

    @property
    def few(self) -> bool:
        """True when the verdict rests on few foot-trials of the marker set."""
        return self.source == "markers" and self.measured and not self.too_few and self.feet < MIN_FEET

    @property
    def met(self) -> bool:
        """True when the promise is kept."""
        return not self.undecided and self.holds(self.value)

    @property
    def missed(self) -> bool:
        """True when the promise is broken, or nothing was measured."""
        return not self.undecided and not self.met

    @property
    def tried(self) -> str:
        """What was tried where the target is missed, if it was tried on one of these clips."""
        known = self.target.tried.get(self.source)
        return known.words if known is not None and known.clip in self.clips and self.missed else ""

    def holds(self, value: float) -> bool:
        """Tell whether a value keeps the promise."""
        kept = (self.limit is None or value <= self.limit) and (self.least is None or value >= self.least)
        return kept and bool(np.isfinite(value))

    @property
    def unit(self) -> str:
        """Unit of the statistic."""
        if self.statistic.endswith("_pct"):
            return "%"
        return "" if self.statistic == "levels_in_order" else self.target.unit


def load_targets() -> list[Target]:
    """Read the targets that come with the package."""
    text = files("gait.validation").joinpath("targets.toml").read_text(encoding="utf-8")
    return [_target(row) for row in tomllib.loads(text)["target"]]


def _target(row: dict[str, Any]) -> Target:
    sources = tuple(row.pop("sources"))
    tried = {source: Tried(**given) for source, given in row.pop("tried", {}).items()}
    return Target(sources=sources, tried=tried, limits=row.pop("limits", {}), least=row.pop("least", {}), **row)


def judge(outcome: Outcome, targets: list[Target] | None = None) -> list[Verdict]:
    """Compare an outcome with the targets; one without any case is left out."""
    return [v for target in (load_targets() if targets is None else targets) for v in _verdicts(outcome, target)]


Statistics = dict[str, tuple[float, int]]


def _verdicts(outcome: Outcome, target: Target) -> Iterator[Verdict]:
    for source in target.sources:
        seen, lacking = _records(outcome, target, source)
        if not seen and not lacking:
            continue
        statistics = _statistics(seen)
        without = {(r.case, r.side if target.may_decline else "") for r in lacking if target.quantity != "all"}
        behind = {(r.case.clip, r.case.near if r.side == "both" else r.side) for r in seen}
        for name in dict.fromkeys([*target.limits, *target.least]):
            value, n = statistics.get(name, (float("nan"), 0))
            yield Verdict(
                *(target, source, name, value, target.limits.get(name), target.least.get(name), n),
                *(frozenset(r.case.clip for r in (*seen, *lacking)), len(behind), len(without)),
            )


Record = Comparison | EventErrors | StrikeVerdict


def _records(outcome: Outcome, target: Target, source: str) -> tuple[list[Record], list[Unmeasured | EventErrors]]:
    """Return the records that a target judges, and those that should hold a value and do not."""

    def takes(r: Record | Unmeasured) -> bool:
        method = r.method if isinstance(r, Comparison | Unmeasured) else ""
        return target.takes(r.case, r.leg, source, method)

    if target.quantity in EVENT_KINDS:
        # A foot without any true event in the clip is no case.
        events = [e for e in outcome.events if e.kind == target.quantity and takes(e) and (e.errors_ms or e.missed)]
        return list(events), [e for e in events if not e.errors_ms]
    pool: tuple[Comparison | StrikeVerdict, ...] = (
        outcome.strikes if target.quantity == "foot_strike" else outcome.comparisons
    )
    seen: list[Record] = [r for r in pool if target.quantity in ("all", r.quantity) and takes(r)]
    return seen, [u for u in outcome.unmeasured if target.quantity in ("all", u.quantity) and takes(u)]


def _statistics(records: list[Record]) -> Statistics:
    """Return each statistic with the number of records behind it."""
    if events := [r for r in records if isinstance(r, EventErrors)]:
        return _of_events(events)
    if strikes := [r for r in records if isinstance(r, StrikeVerdict)]:
        found, n = strike_summary(strikes), len(strikes)
        return {"agreement_pct": (found.agreement_pct, n), "indeterminate_pct": (found.indeterminate_pct, n)}
    metrics = [r for r in records if isinstance(r, Comparison)]
    return _of_metrics(metrics) if metrics else {}


def _of_events(events: list[EventErrors]) -> Statistics:
    errors = pooled(events)
    each = [np.array(e.errors_ms) for e in events if e.errors_ms]
    wrong = sum(e.missed + e.false for e in events)
    true = len(errors) + sum(e.missed for e in events)
    n = len(errors)
    if not n:
        return {"missed_false_pct": (100.0 * wrong / true, true)} if true else {}
    return {
        "rmse": (rmse(errors), n),
        "mae": (float(np.abs(errors).mean()), n),
        "abs_bias": (abs(float(errors.mean())), n),
        "worst_rmse": (max(rmse(e) for e in each), len(each)),
        "worst_mae": (max(float(np.abs(e).mean()) for e in each), len(each)),
        "missed_false_pct": (100.0 * wrong / true, true),
    }


def _of_metrics(metrics: list[Comparison]) -> Statistics:
    errors = np.array([c.error for c in metrics])
    n = len(metrics)
    truths = np.array([c.truth for c in metrics])
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = 100.0 * np.abs(errors / truths)
    return {
        "rmse": (rmse(errors), n),
        "mae": (float(np.abs(errors).mean()), n),
        "abs_bias": (abs(float(errors.mean())), n),
        "max_abs": (float(np.abs(errors).max()), n),
        "mean_abs_pct": (float(relative.mean()), n),
        "max_abs_pct": (float(relative.max()), n),
        "coverage_pct": (100.0 * coverage(metrics), sum(c.covered is not None for c in metrics)),
        "levels_in_order": _level_order(metrics),
        "side_sign_pct": side_sign_pct(metrics),
        "order_pct": order_pct(metrics),
    }


def _level_order(metrics: list[Comparison]) -> tuple[float, int]:
    """Whether errors grow from level to level, with the cases of the second largest level: it takes two to compare."""
    levels = error_by_level(metrics)
    counts = sorted((e.n for e in levels), reverse=True)
    large = [e for e in levels if e.n >= MIN_CASES]
    return float(levels_in_order(large)), counts[1] if len(counts) > 1 else 0

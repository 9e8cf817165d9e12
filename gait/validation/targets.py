"""What the project promises of itself, and whether it keeps it. The targets are data: ``targets.toml``.

Statistics: ``rmse``, ``mae``, ``abs_bias`` (absolute mean error), ``max_abs`` (worst clip), ``mean_abs_pct`` and
``max_abs_pct`` (relative to the truth), ``worst_rmse`` and ``worst_mae`` (worst foot of a clip), ``missed_false_pct``
(missed and false events per true event), ``agreement_pct`` and ``indeterminate_pct`` (strike class), ``coverage_pct``,
``levels_in_order``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np

from gait.validation.records import EVENT_KINDS, Case, Comparison, EventErrors, Outcome
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
}


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
    tried: str = ""

    def takes(self, case: Case, leg: str, source: str) -> bool:
        """Tell whether a record counts for this target."""
        return (
            source in ("all", case.source)
            and (self.rate_hz is None or case.rate_hz == self.rate_hz)
            and case.rate_hz >= self.min_rate_hz
            and (self.condition is None or case.condition == self.condition)
            and self.leg in ("all", leg)
        )


@dataclass(frozen=True)
class Verdict:
    """One promise beside what was measured; ``limit`` and ``least`` are None where there is no such side."""

    target: Target
    source: str
    statistic: str
    value: float
    limit: float | None
    least: float | None
    n: int

    @property
    def met(self) -> bool:
        """True when the promise is kept."""
        return self.holds(self.value)

    def holds(self, value: float) -> bool:
        """Tell whether a value keeps the promise."""
        return (self.limit is None or value <= self.limit) and (self.least is None or value >= self.least)

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
    return Target(sources=sources, limits=row.pop("limits", {}), least=row.pop("least", {}), **row)


def judge(outcome: Outcome, targets: list[Target] | None = None) -> list[Verdict]:
    """Compare an outcome with the targets; one without any record to judge is left out."""
    return [v for target in (load_targets() if targets is None else targets) for v in _verdicts(outcome, target)]


def _verdicts(outcome: Outcome, target: Target) -> Iterator[Verdict]:
    for source in target.sources:
        statistics = _statistics(outcome, target, source)
        for name in dict.fromkeys([*target.limits, *target.least]):
            if name in statistics and np.isfinite(statistics[name][0]):
                value, n = statistics[name]
                yield Verdict(target, source, name, value, target.limits.get(name), target.least.get(name), n)


Statistics = dict[str, tuple[float, int]]


def _statistics(outcome: Outcome, target: Target, source: str) -> Statistics:
    """Return each statistic with the number of records behind it."""
    if target.quantity in EVENT_KINDS:
        events = [e for e in outcome.events if e.kind == target.quantity and target.takes(e.case, e.leg, source)]
        return _of_events(events) if events else {}
    if target.quantity == "foot_strike":
        strikes = [s for s in outcome.strikes if target.takes(s.case, s.case.leg(s.side), source)]
        found = strike_summary(strikes)
        n = len(strikes)
        return {"agreement_pct": (found.agreement_pct, n), "indeterminate_pct": (found.indeterminate_pct, n)}
    metrics = [
        c for c in outcome.comparisons if target.quantity in ("all", c.metric) and target.takes(c.case, c.leg, source)
    ]
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
        "coverage_pct": (100.0 * coverage(metrics), n),
        "levels_in_order": (float(levels_in_order(error_by_level(metrics))), n),
    }

"""The accuracy table in ten lines for people who do not read statistics, and which error bars do not fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gait.rearfoot.angles import OUTLINE
from gait.report.wording import count, unit_words
from gait.validation.records import Comparison, Outcome
from gait.validation.summary import coverage_by, rmse, strike_summary
from gait.validation.tables import NONE, grid, is_main, main_strikes
from gait.validation.targets import MIN_CASES
from gait.validation.words import METHODS, SHORT_SOURCES, figure, percent, title, unit

PLAIN = (
    "cadence_spm",
    "ground_contact_time_ms",
    "foot_strike_angle_deg",
    "shank_angle_ic_deg",
    "knee_flexion_ic_deg",
    "overstride_cm",
    "trunk_lean_deg",
    "vertical_oscillation_cm",
    "belt_speed_m_s",
)
"""Metrics of the short table; the class of foot strike comes last."""

PLAIN_BEHIND = ("rearfoot_excursion_deg",)
"""Metrics of the short table that only a view from behind shows, a line for each way of reading them."""

NARROWEST, WIDEST = 0.90, 0.98
"""Shares of 95 % intervals that contain the truth, between which error bars are taken to fit."""


def plain_table(outcome: Outcome) -> str:
    """Return how far off each main number is, from video and in marker trials."""
    models = sorted({c.case.model for c in outcome.comparisons if c.case.source != "markers"})
    lines = []
    for name in PLAIN:
        group = [c for c in outcome.comparisons if c.metric == name and c.leg != "far"]
        quoted = [c for c in group if is_main(c.case)]
        videos = [c for c in quoted if c.case.source != "markers"]
        trials = [c for c in quoted if c.case.source == "markers"]
        if videos or trials or _lacking(outcome, name):
            lines.append([title(name), _video_cell(videos, _lacking(outcome, name)), _trial_cell(trials)])
    for name in PLAIN_BEHIND:
        lines += _behind_lines(outcome, name)
    strikes = strike_summary(main_strikes(outcome))
    if strikes.n:
        right = f"{strikes.agreement_pct:.0f} % right where decided" if np.isfinite(strikes.agreement_pct) else NONE
        lines.append(["Heel first or not", NONE, f"{right}; {strikes.indeterminate_pct:.0f} % left undecided"])
    if not lines:
        return ""
    through = f"{' and '.join(models)} pose model" if models else "with a pose model"
    header = ("what", f"from video ({through}), off by at most", "marker trials (no pose model), usually within")
    return grid(header, lines)


def _lacking(outcome: Outcome, name: str) -> int:
    seen = {
        u.case
        for u in outcome.unmeasured
        if u.quantity == name and u.leg != "far" and u.case.source != "markers" and is_main(u.case)
    }
    return len(seen)


def _video_cell(videos: Sequence[Comparison], lacking: int) -> str:
    missing = f"not measured in {count(lacking, 'video')}" if lacking else ""
    if not videos:
        return missing or NONE
    worst = max(abs(c.error) for c in videos)
    words = f"{_with_unit(worst, videos[0].metric)} ({count(len(videos), 'video')})"
    return f"{words}; {missing}" if missing else words


def _behind_lines(outcome: Outcome, name: str) -> list[list[str]]:
    """Return a line for each way in which a metric of the view from behind was read, or could not be."""
    lines = []
    for method, words in METHODS.items():
        feet = [c for c in outcome.comparisons if (c.metric, c.method) == (name, method)]
        lacking = sum(u.quantity == name and (u.method or OUTLINE) == method for u in outcome.unmeasured)
        refused = f"not assessed in {_feet(lacking)}" if lacking else ""
        if not feet and not lacking:
            continue
        worst = f"{_with_unit(max(abs(c.error) for c in feet), name)} ({_feet(len(feet))})" if feet else ""
        lines.append([f"{title(name)}, {words}", "; ".join(part for part in (worst, refused) if part), NONE])
    return lines


def _feet(n: int) -> str:
    return "1 foot" if n == 1 else f"{n} feet"


def _trial_cell(trials: Sequence[Comparison]) -> str:
    if not trials:
        return NONE
    return _with_unit(rmse(np.array([c.error for c in trials])), trials[0].metric)


def _with_unit(value: float, name: str) -> str:
    words = unit(name)
    return f"{figure(value, name)} {'deg' if words == 'deg' else unit_words(words)}"


def unfit_words(outcome: Outcome) -> str:
    """Name the metrics whose error bars are too narrow or too wide, by source; empty where all fit."""
    narrow: dict[str, list[str]] = {}
    wide: dict[str, list[str]] = {}
    for (name, source), (n, share) in coverage_by(outcome.comparisons).items():
        # In per cent of leg length the same number is said twice.
        if source == "all" or n < MIN_CASES or name.endswith("_leg_pct"):
            continue
        if share < NARROWEST:
            narrow.setdefault(source, []).append(f"{title(name)} ({percent(share)} of {n})")
        elif share > WIDEST:
            wide.setdefault(source, []).append(title(name))
    heads = (("Too narrow (below 90 %)", narrow), ("Wider than need be (above 98 %)", wide))
    return " ".join(
        f"{head} in {SHORT_SOURCES[source]}: {', '.join(names)}."
        for head, found in heads
        for source, names in found.items()
    )

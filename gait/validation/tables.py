"""Tables of figures as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gait.metrics.catalogue import CATALOGUE
from gait.validation.marker_cases import FROM_BEHIND
from gait.validation.records import EVENT_KINDS, Case, EventErrors, Outcome, StrikeVerdict
from gait.validation.summary import Row, event_rows, metric_rows, pooled_events
from gait.validation.targets import STATISTIC_WORDS, Verdict
from gait.validation.words import METHODS, SHORT_SOURCES, SOURCES, figure, load_published, percent, title, titled

NONE = "\N{EN DASH}"
BOTH_FEET = "both feet"
MAIN_CONDITION = (120.0, "3 mm")
"""Frame rate and landmark noise at which marker trials are quoted."""

_LEGS = (BOTH_FEET, "near", "far", "both")
_ORDER = list(SOURCES)


def grid(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    rows = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*rows, *("| " + " | ".join(line) + " |" for line in lines)])


def all_event_rows(outcome: Outcome) -> list[Row]:
    """Return a row per leg, and one of both feet together where the legs differ, in the order of the table."""
    groups: dict[tuple[object, ...], list[EventErrors]] = {}
    for e in outcome.events:
        groups.setdefault((e.case.source, e.case.model, e.case.rate_hz, e.case.condition, e.kind), []).append(e)
    together = [pooled_events(g, BOTH_FEET) for g in groups.values() if any(e.leg != "both" for e in g)]
    return sorted(together + event_rows(outcome.events), key=_order)


def all_metric_rows(outcome: Outcome) -> list[Row]:
    """Return a row per metric and setting, in the order of the table."""
    return sorted(metric_rows(outcome.comparisons), key=_order)


def _order(row: Row) -> tuple[object, ...]:
    names = [*EVENT_KINDS, *CATALOGUE]
    return (
        names.index(row.quantity),
        _ORDER.index(row.source),
        -row.rate_hz,
        row.condition,
        _LEGS.index(row.leg),
        row.method,
    )


def is_main(seen: Case | Row) -> bool:
    """Tell what is quoted: marker trials at the main condition, and videos as they are."""
    if seen.source == "markers":
        return (seen.rate_hz, seen.condition) == MAIN_CONDITION
    return not seen.condition


def is_rear_main(row: Row) -> bool:
    """Tell which rows of films from behind are quoted: what only a view from behind shows."""
    seen = row.quantity in CATALOGUE and CATALOGUE[row.quantity].view == "rear"
    return seen and row.source != "markers" and row.condition.startswith(FROM_BEHIND)


def _how(row: Row) -> list[str]:
    """What distinguishes a row beside source and rate: condition, and the way that it was read."""
    return [words for words in (row.condition, METHODS.get(row.method, "")) if words]


def main_strikes(outcome: Outcome) -> list[StrikeVerdict]:
    """Return the strike classes that are quoted: of marker trials at the main condition."""
    return [s for s in outcome.strikes if is_main(s.case)]


def short_table(rows: Iterable[Row], verdicts: Sequence[Verdict]) -> str:
    """Return the table of the README: one row per quantity, source and frame rate."""
    published = load_published()
    lines, last = [], ""
    for row in rows:
        known = published.get(row.quantity)
        source = ", ".join([SHORT_SOURCES[row.source], *_how(row)])
        lines.append(
            [
                *(titled(row.quantity) if row.quantity != last else "", source, f"{row.rate_hz:g}", _model(row)),
                *(str(row.n), figure(row.bias, row.quantity, sign=True)),
                *(figure(row.sd, row.quantity), figure(row.rmse, row.quantity), _target_cell(row, verdicts)),
                (known.figure if known else NONE) if row.quantity != last else "",
            ]
        )
        last = row.quantity
    header = ("quantity", "source", "frames/s", "pose model", "n", "bias", "SD", "RMSE", "target", "published")
    return grid(header, lines)


def long_table(rows: Iterable[Row], verdicts: Sequence[Verdict], *, events: bool) -> str:
    """Return the full table, with legs, conditions, mean and largest errors and coverage."""
    extra = "missed + false" if events else "intervals with truth"
    header = ("quantity", "leg", "source", "frames/s", "condition", "pose model", "n", extra)
    lines = [
        [
            *(
                titled(row.quantity),
                row.leg,
                SHORT_SOURCES[row.source],
                f"{row.rate_hz:g}",
                ", ".join(_how(row)) or NONE,
            ),
            *(_model(row), str(row.n), f"{row.missed} + {row.false}" if events else percent(row.coverage)),
            figure(row.bias, row.quantity, sign=True),
            *(figure(v, row.quantity) for v in (row.sd, row.rmse, row.mae, row.worst)),
            _target_cell(row, verdicts),
        ]
        for row in rows
    ]
    worst = "RMSE of the worst foot" if events else "largest error"
    return grid((*header, "bias", "SD", "RMSE", "mean error size", worst, "target"), lines)


def _model(row: Row) -> str:
    return "none" if row.source == "markers" else row.model


_SHOWN = ("rmse", "abs_bias", "max_abs")
_CELL_WORDS = {"mae": "mean size", "worst_rmse": "worst foot", "worst_mae": "worst foot", "abs_bias": "bias"}


def _target_cell(row: Row, verdicts: Sequence[Verdict]) -> str:
    """Words for the targets that this row is judged by, with what is measured where the row itself does not show it."""
    cells = []
    for v in verdicts:
        if v.target.quantity != row.quantity or v.undecided or not _judges(v, row):
            continue
        own = _own(row, v)
        met = v.holds(own)
        words = _CELL_WORDS.get(v.statistic, STATISTIC_WORDS[v.statistic])
        seen = "" if v.statistic in _SHOWN else f" {number(own, v.unit)}"
        cells.append(f"{words}{seen} {bounds(v)}{'' if met else ' **missed**'}")
    return "; ".join(cells) or NONE


def _own(row: Row, v: Verdict) -> float:
    """The statistic of this row alone; a verdict may pool several frame rates."""
    wrong, true = row.missed + row.false, row.n + row.missed
    own = {
        "rmse": row.rmse,
        "mae": row.mae,
        "abs_bias": abs(row.bias),
        "max_abs": row.worst,
        "worst_rmse": row.worst,
        "missed_false_pct": 100.0 * wrong / true if true else 0.0,
    }
    return own.get(v.statistic, v.value)


def _judges(verdict: Verdict, row: Row) -> bool:
    target = verdict.target
    whole = BOTH_FEET if row.quantity in EVENT_KINDS else row.leg
    return (
        verdict.source == row.source
        and target.rate_hz in (None, row.rate_hz)
        and row.rate_hz >= target.min_rate_hz
        and target.condition in (None, row.condition)
        and target.method in ("", row.method)
        and row.leg == (whole if target.leg == "all" else target.leg)
    )


def bounds(v: Verdict) -> str:
    """Return ``≤ 6 ms`` or ``≥ 90 and ≤ 98 %``."""
    if v.statistic == "levels_in_order":
        return "yes"
    parts = [f"\N{GREATER-THAN OR EQUAL TO} {v.least:g}"] if v.least is not None else []
    parts += [f"\N{LESS-THAN OR EQUAL TO} {v.limit:g}"] if v.limit is not None else []
    return f"{' and '.join(parts)} {v.unit}".rstrip()


def number(value: float, unit: str, finer: int = 0) -> str:
    """Return a statistic with the digits of its unit, and ``finer`` ones more, without the unit."""
    return f"{value:.{finer + (2 if unit in ('BW', 'steps/min') else 1)}f}"


def promise(v: Verdict) -> str:
    """Return a target in words."""
    words = STATISTIC_WORDS[v.statistic]
    return words if v.statistic == "levels_in_order" else f"{words} {bounds(v)}"


def measured(v: Verdict) -> str:
    """Return what was measured against a target, with its unit, and how far it can be relied on."""
    if v.too_few:
        return f"too few cases to judge ({v.n})"
    if v.declined:
        return f"not assessed in {_feet(v.lacking)}"
    if not v.measured:
        return "not measured"
    words = ("yes" if v.value else "no") if v.statistic == "levels_in_order" else f"{_judged_number(v)} {v.unit}"
    doubts = [f"few: {v.feet} foot-trials"] if v.few else []
    if v.lacking:
        doubts.append(f"{_feet(v.lacking)} not assessed" if v.target.may_decline else f"{v.lacking} more not measured")
    return f"{words} ({', '.join(doubts)})" if doubts else words


def _feet(n: int) -> str:
    return "1 foot" if n == 1 else f"{n} feet"


def _judged_number(v: Verdict) -> str:
    """Return the value, with a digit more where rounding would hide that the target is missed."""
    text = number(v.value, v.unit)
    return text if v.met or not v.holds(float(text)) else number(v.value, v.unit, finer=1)


def state(v: Verdict) -> str:
    """Return ``met``, ``missed`` or ``not judged``."""
    return "not judged" if v.undecided else "met" if v.met else "missed"


def met_words(verdicts: Sequence[Verdict]) -> str:
    """Count the targets that are met, and those that cannot be judged."""
    words = f"{sum(v.met for v in verdicts)} of {len(verdicts)} targets are met"
    unmeasured, few = (sum(v.missed and not v.measured for v in verdicts), sum(v.undecided for v in verdicts))
    words += f", {unmeasured} could not be measured at all and counted as missed" if unmeasured else ""
    return words + (f", {few} cannot be judged (too few cases, or not assessed)" if few else "") + "."


def target_place(v: Verdict) -> str:
    """Say on what a target is judged: ``marker trials, 120 frames/s, 3 mm``."""
    target = v.target
    words = SHORT_SOURCES.get(v.source, "all sources")
    words += f", {target.rate_hz:g} frames/s" if target.rate_hz else ""
    words += ", 60 frames/s and more" if target.min_rate_hz else ""
    words += f", {target.condition}" if target.condition else ""
    return words + (f", {METHODS[target.method]}" if target.method else "")


def targets_table(verdicts: Sequence[Verdict]) -> str:
    """Return every target beside what was measured."""
    lines = [
        [
            *(title(v.target.quantity), target_place(v), promise(v), measured(v), str(v.n)),
            *({"met": "yes", "missed": "**no**"}.get(state(v), state(v)), v.tried),
        ]
        for v in verdicts
    ]
    return grid(("quantity", "source", "target", "measured", "n", "met", "what was tried"), lines)


def _grouped(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], list[Verdict]]:
    """Gather verdicts by the words for their quantity and source."""
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for v in verdicts:
        groups.setdefault((title(v.target.quantity), target_place(v)), []).append(v)
    return groups


def missed_list(verdicts: Sequence[Verdict]) -> str:
    """Return the missed targets, one line per quantity and source, with what was tried."""
    lines = []
    for (quantity, place), missed in _grouped(v for v in verdicts if v.missed).items():
        words = "; ".join(f"{STATISTIC_WORDS[v.statistic]} {measured(v)} ({bounds(v)})" for v in missed)
        tried = next((f" {v.tried}" for v in missed if v.tried), "")
        lines.append(f"- {quantity}, {place}: {words}.{tried}")
    return "\n".join(lines)


def met_list(verdicts: Sequence[Verdict]) -> str:
    """Return the targets that are met, one line per quantity and source."""
    return "\n".join(
        f"- {quantity}, {place}: " + "; ".join(_met_item(v) for v in met) + "."
        for (quantity, place), met in _grouped(v for v in verdicts if v.met).items()
    )


def _met_item(v: Verdict) -> str:
    words = STATISTIC_WORDS[v.statistic]
    return words if v.statistic == "levels_in_order" else f"{words} {measured(v)} ({bounds(v)})"


def few_list(verdicts: Sequence[Verdict]) -> str:
    """Return the targets without a verdict, one line each."""
    return "\n".join(
        f"- {title(v.target.quantity)}, {target_place(v)}: {STATISTIC_WORDS[v.statistic]}: {measured(v)}."
        for v in verdicts
        if v.undecided
    )

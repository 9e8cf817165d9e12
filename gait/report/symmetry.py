"""Left against right: both legs' numbers, their difference with its interval, and whether it is one."""

from __future__ import annotations

from gait.metrics.symmetry import LEAST_ANGLE_DEG, is_difference, shows_from
from gait.model import SIDES, GaitAnalysis, MetricValue
from gait.report.blocks import Block, Callout, Cell, Column, Paragraph, Section, Table
from gait.report.wording import (
    DEGREE,
    confidence_words,
    interval,
    number,
    quantity,
    spec,
    unit_words,
    value_words,
)

_COLUMNS = (
    Column("Measure", key=True),
    Column("Left", numeric=True),
    Column("Right", numeric=True),
    Column("Left minus right", numeric=True),
    Column("95 % interval", numeric=True),
    Column("Would show from", numeric=True),
    Column("Confidence"),
    Column("A difference?"),
)

_RULE = (
    "Left minus right: positive means larger on the left; for times in per cent of the mean of both legs. It is called "
    "a difference only when it is larger than what measuring can miss (for angles at least "
    f"{LEAST_ANGLE_DEG:.0f}{DEGREE}) and when its interval leaves out 0: from the size on that the table names. What "
    "is missed in the same way on both sides drops out of a difference, so the intervals are narrower than those of "
    "two legs would make them; how much drops out is a default of ours. A difference says nothing about right or "
    "wrong: nobody runs quite evenly."
)
_ONE_SIDE = (
    "From one side view only times can be compared, and only roughly: the far leg is hidden half of the time. Nothing "
    "here is called a difference. Film the other side, too, and analyse both clips together."
)


def is_symmetry(metric: MetricValue) -> bool:
    """Tell whether a metric compares left and right."""
    return metric.name.startswith("symmetry_")


def compared_metrics(analysis: GaitAnalysis) -> list[MetricValue]:
    """Return the comparisons with a value; a share of leg length only where there is no length."""
    found = {m.name: m for m in analysis.metrics if is_symmetry(m) and isinstance(m.value, float)}
    return [
        m for name, m in found.items() if f"{name.removesuffix('_leg_pct')}_cm" not in found or "_leg_pct" not in name
    ]


def shows_both_sides(analysis: GaitAnalysis) -> bool:
    """Tell whether the analysis holds a clip of each side."""
    return {video.view for video in analysis.videos} >= set(SIDES)


def symmetry_section(analysis: GaitAnalysis) -> Section | None:
    """Compare the legs where both were filmed from their own side; None elsewhere."""
    if not shows_both_sides(analysis):
        return None
    table = symmetry_table(analysis)
    if table is None:
        reasons = [m.reason for m in analysis.metrics if is_symmetry(m) and m.reason and spec(m.name).view != "rear"]
        return (
            Section("symmetry", "Left against right", (Callout("note", "Not compared", reasons[0]),))
            if reasons
            else None
        )
    blocks: list[Block] = [Paragraph(symmetry_words(analysis)), table, Paragraph(_RULE, "small")]
    return Section("symmetry", "Left against right", tuple(blocks))


def symmetry_blocks(analysis: GaitAnalysis) -> tuple[Block, ...]:
    """Return the comparison for the tables of all measurements; empty without one, or where it has its own section."""
    table = None if shows_both_sides(analysis) else symmetry_table(analysis)
    if table is None:
        return ()
    judged = any(is_difference(m) is not None for m in compared_metrics(analysis))
    return (Paragraph(_RULE if judged else _ONE_SIDE, "small"), table)


def symmetry_words(analysis: GaitAnalysis) -> str:
    """Return one or two sentences: which differences there are."""
    found = [m for m in compared_metrics(analysis) if is_difference(m)]
    rest = _sensitivity_words(analysis)
    if not found:
        return f"Left and right do not differ by more than these clips can tell. {rest}".strip()
    listed = "; ".join(_sentence(m) for m in found)
    return f"What differs: {listed}. All else does not differ by more than these clips can tell. {rest}".strip()


def difference_words(analysis: GaitAnalysis, name: str) -> str:
    """Return a sentence on one comparison of left and right; empty where it was not made or cannot be judged."""
    metric = analysis.metric(name)
    found = None if metric is None else is_difference(metric)
    if metric is None or found is None:
        return ""
    if found:
        sentence = _sentence(metric)
        return f"{sentence[:1].upper()}{sentence[1:]}: more than this recording can miss."
    size = shows_from_words(metric)
    return f"Left and right do not differ by more than this recording can tell (a difference would show from {size})."


_KINDS = (("angles", "deg"), ("times", "%"), ("distances", "cm"))


def _sensitivity_words(analysis: GaitAnalysis) -> str:
    """Say how large a difference would show: a table without differences must not be read as "there is none"."""
    parts = []
    for kind, unit in _KINDS:
        # Shares of leg length are in per cent, too, but stand only where there are no lengths.
        sizes = [
            size
            for m in compared_metrics(analysis)
            if m.unit == unit and "_leg_pct" not in m.name and (size := shows_from(m)) is not None
        ]
        if sizes:
            low, high = (number(size, digits=0) for size in (min(sizes), max(sizes)))
            ends = low if low == high else f"{low} to {high}"
            parts.append(f"{ends}{'' if unit == 'deg' else ' '}{unit_words(unit)} in {kind}")
    if not parts:
        return ""
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"Only differences above about {listed} would show; smaller ones are not ruled out."


def _sentence(metric: MetricValue) -> str:
    assert isinstance(metric.value, float)
    larger = "left" if metric.value > 0 else "right"
    title = _compared_title(metric.name)
    low, high = metric.ci95 or (metric.value, metric.value)
    ends = (low, high) if metric.value > 0 else (-high, -low)
    by = quantity(abs(metric.value), metric.unit)
    return f"{title[:1].lower()}{title[1:]} is {by} larger on the {larger} ({interval(ends, metric.unit)})"


def symmetry_table(analysis: GaitAnalysis) -> Table | None:
    """List every comparison with a value; None without any."""
    rows = [_row(analysis, m) for m in compared_metrics(analysis)]
    return Table(_COLUMNS, tuple(rows), caption="Left against right") if rows else None


def _row(analysis: GaitAnalysis, metric: MetricValue) -> tuple[Cell, ...]:
    compared = spec(metric.name).of or ""
    dots, word = confidence_words(metric.confidence)
    return (
        Cell(_compared_title(metric.name), strong=True),
        *(_leg(analysis, compared, side) for side in SIDES),
        Cell(signed(metric), strong=True),
        Cell(interval(metric.ci95, metric.unit) + ("" if metric.unit == "deg" else " ") + unit_words(metric.unit)),
        Cell(shows_from_words(metric)),
        Cell(f"{dots} {word}"),
        Cell(*verdict(metric)),
    )


def _leg(analysis: GaitAnalysis, name: str, side: str) -> Cell:
    metric = analysis.metric(name, side)
    if metric is None or metric.value is None:
        return Cell("\u2014")
    return Cell(value_words(metric) if isinstance(metric.value, str) else quantity(metric.value, metric.unit))


def _compared_title(name: str) -> str:
    compared = spec(name).of
    return spec(compared).title if compared else spec(name).title


def signed(metric: MetricValue) -> str:
    """Return a difference with its sign and unit: "+2.4°"."""
    if not isinstance(metric.value, float):
        return "\u2014"
    text = quantity(metric.value, metric.unit)
    return f"+{text}" if number(metric.value, metric.unit) not in ("0.0", "0") and metric.value > 0 else text


def shows_from_words(metric: MetricValue) -> str:
    """Return how large a difference would be called one: "4.1°"; a dash where none would."""
    size = shows_from(metric)
    return "\u2014" if size is None else quantity(size, metric.unit)


def verdict(metric: MetricValue) -> tuple[str, str]:
    """Return whether a comparison shows a difference, and why nothing can be told where so."""
    found = is_difference(metric)
    if found is None:
        return "Not judged", "one leg is hidden half of the time"
    if not found:
        return "None shown", ""
    assert isinstance(metric.value, float)
    return f"Yes, larger on the {'left' if metric.value > 0 else 'right'}", ""

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
from gait.words import has, text

_COLUMNS = (
    Column(text("report_sides.column.measure"), key=True),
    Column(text("report_sides.column.left"), numeric=True),
    Column(text("report_sides.column.right"), numeric=True),
    Column(text("report_sides.column.difference"), numeric=True),
    Column(text("report_sides.column.interval"), numeric=True),
    Column(text("report_sides.column.shows_from"), numeric=True),
    Column(text("report_sides.column.confidence")),
    Column(text("report_sides.column.verdict")),
)

_RULE = text("report_sides.rule", least=f"{LEAST_ANGLE_DEG:.0f}{DEGREE}")
_ONE_SIDE = text("report_sides.one_side")


def side_word(side: str) -> str:
    """Return what a body side is called: "left"; any other word as it stands."""
    key = f"report_sides.side.{side}"
    return text(key) if has(key) else side


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
    table, title = symmetry_table(analysis), text("report_sides.title")
    if table is None:
        reasons = [m.reason for m in analysis.metrics if is_symmetry(m) and m.reason and spec(m.name).view != "rear"]
        return (
            Section("symmetry", title, (Callout("note", text("report_sides.not_compared"), reasons[0]),))
            if reasons
            else None
        )
    blocks: list[Block] = [Paragraph(symmetry_words(analysis)), table, Paragraph(_RULE, "small")]
    return Section("symmetry", title, tuple(blocks))


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
        return f"{text('report_sides.none_differ')} {rest}".strip()
    listed = "; ".join(_sentence(m) for m in found)
    return f"{text('report_sides.some_differ', listed=listed)} {rest}".strip()


def difference_words(analysis: GaitAnalysis, name: str) -> str:
    """Return a sentence on one comparison of left and right; empty where it was not made or cannot be judged."""
    metric = analysis.metric(name)
    found = None if metric is None else is_difference(metric)
    if metric is None or found is None:
        return ""
    if found:
        sentence = _sentence(metric)
        return text("report_sides.differs", sentence=f"{sentence[:1].upper()}{sentence[1:]}")
    size = shows_from_words(metric)
    return text("report_sides.does_not_differ", size=size)


_KINDS = (("angles", "deg"), ("times", "%"), ("distances", "cm"))  # keys of the catalogue of words, and units


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
            ends = low if low == high else text("report_sides.range", low=low, high=high)
            size_words = f"{ends}{'' if unit == 'deg' else ' '}{unit_words(unit)}"
            parts.append(text(f"report_sides.in_{kind}", size=size_words))
    if not parts:
        return ""
    listed = text("report_sides.and", first=", ".join(parts[:-1]), last=parts[-1]) if len(parts) > 1 else parts[0]
    return text("report_sides.sensitivity", listed=listed)


def _sentence(metric: MetricValue) -> str:
    assert isinstance(metric.value, float)
    larger = "left" if metric.value > 0 else "right"
    title = _compared_title(metric.name)
    low, high = metric.ci95 or (metric.value, metric.value)
    ends = (low, high) if metric.value > 0 else (-high, -low)
    by = quantity(abs(metric.value), metric.unit)
    return text(
        "report_sides.larger_by",
        title=f"{title[:1].lower()}{title[1:]}",
        by=by,
        side=side_word(larger),
        interval=interval(ends, metric.unit),
    )


def symmetry_table(analysis: GaitAnalysis) -> Table | None:
    """List every comparison with a value; None without any."""
    rows = [_row(analysis, m) for m in compared_metrics(analysis)]
    return Table(_COLUMNS, tuple(rows), caption=text("report_sides.title")) if rows else None


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
    words = quantity(metric.value, metric.unit)
    return f"+{words}" if number(metric.value, metric.unit) not in ("0.0", "0") and metric.value > 0 else words


def shows_from_words(metric: MetricValue) -> str:
    """Return how large a difference would be called one: "4.1°"; a dash where none would."""
    size = shows_from(metric)
    return "\u2014" if size is None else quantity(size, metric.unit)


def verdict(metric: MetricValue) -> tuple[str, str]:
    """Return whether a comparison shows a difference, and why nothing can be told where so."""
    found = is_difference(metric)
    if found is None:
        return text("report_sides.not_judged"), text("report_sides.hidden_leg")
    if not found:
        return text("report_sides.none_shown"), ""
    assert isinstance(metric.value, float)
    return text("report_sides.yes_larger", side=side_word("left" if metric.value > 0 else "right")), ""

"""The report's numbers: cards of the main ones, tables of all, and the reasons of those without a value."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gait.metrics.merge import clip_words
from gait.model import GaitAnalysis, MetricValue
from gait.report.blocks import Block, Cell, Column, Details, KeyFigure, Paragraph, Subheading, Table
from gait.report.references import card_reference, comparison, reference_strip, reference_summary, six_men_words
from gait.report.symmetry import is_symmetry, side_word, symmetry_blocks
from gait.report.wording import (
    CONFIDENCE,
    MARKS_LEGEND,
    confidence_words,
    count,
    interval,
    leg_of,
    leg_words,
    mark_words,
    method_note,
    number,
    quantity,
    spec,
    unit_words,
    value_words,
)
from gait.words import text

_CARDS: tuple[tuple[str, ...], ...] = (
    ("cadence_spm",),
    ("ground_contact_time_ms",),
    # The shank angle repeats better than the distance, so it leads.
    ("shank_angle_ic_deg",),
    ("overstride_cm", "overstride_leg_pct"),
    ("foot_strike", "foot_strike_angle_deg"),
    ("knee_flexion_ic_deg", "knee_flexion_peak_stance_deg"),
    ("vertical_oscillation_cm", "vertical_oscillation_leg_pct"),
    ("rearfoot_excursion_deg",),
    ("step_width_cm",),
    ("crossover",),
    ("pelvic_drop_deg",),
)
"""For each card the metrics that may fill it, the first with a value wins."""

_COUNTED = {"rearfoot_excursion_deg": "landing", "step_width_cm": "step", "crossover": "step"}

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "time_space",
        (
            "cadence_spm",
            "stride_time_ms",
            "ground_contact_time_ms",
            "flight_time_ms",
            "duty_factor_pct",
            "step_length_m",
            "step_length_leg_pct",
            "vertical_oscillation_cm",
            "vertical_oscillation_leg_pct",
            "belt_speed_m_s",
            "peak_vertical_force_bw",
            "vertical_stiffness_kn_m",
        ),
    ),
    (
        "contact",
        (
            "foot_strike",
            "foot_strike_three_way",
            "foot_strike_angle_deg",
            "shank_angle_ic_deg",
            "overstride_cm",
            "overstride_leg_pct",
            "heel_overstride_cm",
            "heel_overstride_leg_pct",
            "knee_flexion_ic_deg",
            "ankle_dorsiflexion_ic_deg",
        ),
    ),
    (
        "stance",
        ("knee_flexion_peak_stance_deg", "ankle_dorsiflexion_peak_deg", "hip_extension_peak_deg"),
    ),
    ("trunk", ("trunk_lean_deg", "lateral_trunk_lean_deg")),
    (
        "behind",
        (
            "rearfoot_angle_ic_deg",
            "rearfoot_angle_peak_deg",
            "rearfoot_excursion_deg",
            "rearfoot_time_to_peak_ms",
            "pelvic_drop_deg",
            "hip_adduction_peak_deg",
            "step_width_cm",
            "crossover",
            "knee_window_cm",
        ),
    ),
)
"""For each group its key in the catalogue of words, and its metrics."""

_OTHER = "other"
"""Key of what no group knows."""

_COLUMNS = (
    Column(text("report_numbers.column.measure"), key=True),
    Column(text("report_numbers.column.leg")),
    Column(text("report_numbers.column.value"), numeric=True),
    Column(text("report_numbers.column.interval"), numeric=True),
    Column(text("report_numbers.column.sd"), numeric=True),
    Column(text("report_numbers.column.strides"), numeric=True),
    Column(text("report_numbers.column.confidence")),
    Column(text("report_numbers.column.real_change"), numeric=True),
    Column(text("report_numbers.column.reference")),
)

_NOTES = (
    text("report_numbers.note_values"),
    text("report_numbers.note_change"),
    text("report_numbers.note_confidence", levels=", ".join(f"{dots} {word}" for dots, word in CONFIDENCE.values())),
    MARKS_LEGEND,
)


def has_value(metric: MetricValue) -> bool:
    """Tell whether there is something to show."""
    if metric.value is None:
        return False
    return isinstance(metric.value, str) or math.isfinite(metric.value)


def cards(analysis: GaitAnalysis) -> tuple[KeyFigure, ...]:
    """Build the cards of the main numbers; one for each leg where both have a value."""
    found = []
    for names in _CARDS:
        metrics = _near_first(analysis, next((ms for ms in (_valued(analysis, n) for n in names) if ms), []))
        found += [_card(analysis, metric, several=len(metrics) > 1) for metric in metrics]
    return tuple(found)


def _valued(analysis: GaitAnalysis, name: str) -> list[MetricValue]:
    return [m for m in analysis.metrics if m.name == name and has_value(m)]


def _near_first(analysis: GaitAnalysis, metrics: list[MetricValue]) -> list[MetricValue]:
    """Keep the near leg of a side view (the far leg's times are in the tables), and all of other views, left first."""
    near = [m for m in metrics if leg_of(analysis, m.video, m.side) != "far"]
    return sorted(near or metrics, key=lambda m: m.side)


def _card(analysis: GaitAnalysis, metric: MetricValue, *, several: bool) -> KeyFigure:
    entry = spec(metric.name)
    title = entry.title
    if several and metric.side != "both":
        title = text("report_numbers.card_leg", title=title, side=side_word(metric.side))
    parts = []
    if metric.ci95 is not None:
        parts.append(text("report_numbers.card_interval", interval=interval(metric.ci95, metric.unit)))
    if metric.n_strides:
        parts.append(count(metric.n_strides, _COUNTED.get(metric.name, "stride")))
    how = method_note(metric)
    if how:
        parts.append(how.partition(";")[0])
    angle = analysis.metric("foot_strike_angle_deg", metric.side) if metric.name == "foot_strike" else None
    if angle is not None and has_value(angle) and isinstance(angle.value, (int, float)):
        key = "foot_angle_within" if angle.ci95 else "foot_angle"
        values = {"angle": quantity(angle.value, "deg"), "interval": interval(angle.ci95, "deg")}
        parts.insert(0, text(f"report_numbers.{key}", **values))
    below = " \u00b7 ".join(parts)
    return KeyFigure(
        title=title,
        value=value_words(metric),
        unit="" if isinstance(metric.value, str) else unit_words(metric.unit),
        interval=below[:1].upper() + below[1:],
        reference=f"{card_reference(metric)} {_six_men(analysis, metric)}".strip(),
        plain=entry.plain,
        confidence=metric.confidence,
        strip_svg=reference_strip(metric),
    )


def _six_men(analysis: GaitAnalysis, metric: MetricValue) -> str:
    """A second reference for the heel's excursion; nothing for all other metrics."""
    if metric.name != "rearfoot_excursion_deg" or not isinstance(metric.value, (int, float)):
        return ""
    return six_men_words(float(metric.value), analysis.recording.belt_speed_m_s)


def measurement_blocks(analysis: GaitAnalysis) -> tuple[Block, ...]:
    """Build a table for each group of metrics, what they mean, and the list of those without a value."""
    blocks: list[Block] = []
    for group, metrics in _grouped(analysis):
        title = text(f"report_numbers.group.{group}")
        shown = [m for m in metrics if has_value(m)]
        if shown:
            blocks += [
                *((Paragraph(text("report_numbers.before_tables")),) if not blocks else ()),
                Subheading(title),
                Paragraph(text(f"report_numbers.lead.{group}") if group != _OTHER else "", "small"),
                Table(_COLUMNS, tuple(_row(analysis, m) for m in shown), caption=title),
                Details(text("report_numbers.how_measured", group=title.lower()), (_definitions(shown),)),
            ]
    compared = symmetry_blocks(analysis)
    if compared:
        blocks += [Subheading(text("report_numbers.left_and_right")), *compared]
    if blocks:
        blocks.append(
            Details(
                text("report_numbers.how_to_read"), tuple(Paragraph(note, "small") for note in _NOTES), on_paper=True
            )
        )
    missing = _missing_table(analysis)
    if missing is not None:
        blocks += [Subheading(text("report_numbers.missing_title")), missing]
    return tuple(blocks)


def _grouped(analysis: GaitAnalysis) -> list[tuple[str, list[MetricValue]]]:
    """Sort the metrics into groups, in the order of `_GROUPS`; what no group knows comes last."""
    place = {name: (g, i) for g, (_, names) in enumerate(_GROUPS) for i, name in enumerate(names)}
    groups: list[tuple[str, list[MetricValue]]] = [(group, []) for group, _ in _GROUPS]
    rest = [m for m in analysis.metrics if m.name not in place and not is_symmetry(m)]
    for metric in sorted((m for m in analysis.metrics if m.name in place), key=lambda m: place[m.name]):
        groups[place[metric.name][0]][1].append(metric)
    return [*groups, (_OTHER, rest)]


def _row(analysis: GaitAnalysis, metric: MetricValue) -> tuple[Cell, ...]:
    entry = spec(metric.name)
    dots, word = confidence_words(metric.confidence)
    figure, more = reference_summary(metric)
    more = ". ".join(part for part in (more.rstrip("."), comparison(metric, short=True).rstrip(".")) if part)
    is_class = isinstance(metric.value, str)
    value = value_words(metric) if is_class else quantity(_number(metric.value), metric.unit)
    return (
        Cell(entry.title, f"{entry.plain} {_sentence(method_note(metric))}".strip(), strong=True),
        Cell(leg_words(analysis, metric.video, metric.side)),
        Cell(value, strong=True),
        _interval_cell(analysis, metric),
        Cell(number(metric.sd, metric.unit)),
        Cell(str(metric.n_strides) if metric.n_strides else "\u2014"),
        Cell(f"{dots} {word}"),
        Cell(quantity(metric.sdc, metric.unit), metric.sdc_origin or ""),
        Cell(figure or "\u2014", f"{more[:1].upper()}{more[1:]}." if more else ""),
    )


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _interval_cell(analysis: GaitAnalysis, metric: MetricValue) -> Cell:
    """Return the interval; of a class that of the number that decides it."""
    decides = analysis.metric(spec(metric.name).rests_on or "", metric.side)
    if isinstance(metric.value, str) and decides is not None and decides.ci95 is not None:
        return Cell(
            interval(decides.ci95, decides.unit), f"{spec(decides.name).title.lower()}, {unit_words(decides.unit)}"
        )
    return Cell(interval(metric.ci95, metric.unit))


def _number(value: float | str | None) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _definitions(metrics: Sequence[MetricValue]) -> Table:
    """Definition, sign, method and source of each metric once, however many legs have it."""
    rows = []
    for metric in {m.name: m for m in metrics}.values():
        entry = spec(metric.name)
        words = [entry.definition, text("report_numbers.sign", sign=entry.sign) if entry.sign else ""]
        methods = list(dict.fromkeys(m.method for m in metrics if m.name == metric.name and m.method))
        rows.append(
            (
                Cell(entry.title, metric.name, strong=True),
                Cell(" ".join(w.rstrip(".") + "." for w in words if w) or "\u2014"),
                Cell(" ".join(w for w in (entry.reference, mark_words(entry.mark)) if w) or "\u2014"),
                Cell("; ".join(methods) or "\u2014"),
                Cell(entry.source or "\u2014"),
            )
        )
    columns = (
        Column(text("report_numbers.column.measure"), key=True),
        Column(text("report_numbers.column.definition")),
        Column(text("report_numbers.column.reference")),
        Column(text("report_numbers.column.method")),
        Column(text("report_numbers.column.source")),
    )
    return Table(columns, tuple(rows))


def _missing_table(analysis: GaitAnalysis) -> Table | None:
    """Group the metrics without a value by reason, so that one cause is read once."""
    reasons: dict[str, list[str]] = {}
    for metric in analysis.metrics:
        if not has_value(metric):
            title = spec(metric.name).title
            if metric.side != "both":
                title = text("report_numbers.of_leg", title=title, side=side_word(metric.side))
            reason = metric.reason or text("report_numbers.no_reason")
            reasons.setdefault(reason[:1].upper() + reason[1:], []).append(title)
    if not reasons:
        return None
    rows = tuple((Cell(reason, strong=True), Cell(", ".join(names))) for reason, names in reasons.items())
    columns = (Column(text("report_numbers.column.why"), key=True), Column(text("report_numbers.column.no_value")))
    return Table(columns, rows, caption=text("report_numbers.missing_caption"))


def dropped_table(analysis: GaitAnalysis) -> Table | None:
    """List the dropped strides with their reasons; None when all were used."""
    several = len(analysis.videos) > 1
    views = {video.id: video.view for video in analysis.videos}
    rows = tuple(
        (
            Cell(f"{s.ic_s:.2f} s"),
            *((Cell(clip_words(views.get(s.video, s.video))),) if several else ()),
            Cell(leg_words(analysis, s.video, s.side)),
            Cell(s.reject_reason or ""),
        )
        for s in sorted(analysis.strides, key=lambda s: (s.video, s.ic_s))
        if s.reject_reason is not None
    )
    clip = (Column(text("report_numbers.column.clip")),) if several else ()
    columns = (
        Column(text("report_numbers.column.contact_at"), key=True),
        *clip,
        Column(text("report_numbers.column.leg")),
        Column(text("report_numbers.column.why_dropped")),
    )
    return Table(columns, rows, caption=text("report_numbers.dropped_caption")) if rows else None

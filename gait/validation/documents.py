"""The accuracy table as Markdown documents: a readable one for the README, and the full one."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

from gait.metrics.catalogue import CATALOGUE
from gait.validation.plain import PLAIN, PLAIN_BEHIND, plain_table, unfit_words
from gait.validation.records import Outcome
from gait.validation.summary import CLASSES, Row, coverage, coverage_by, error_by_level, strike_summary
from gait.validation.tables import (
    BOTH_FEET,
    MAIN_CONDITION,
    NONE,
    all_event_rows,
    all_metric_rows,
    few_list,
    grid,
    is_main,
    is_rear_main,
    long_table,
    main_strikes,
    met_list,
    met_words,
    missed_list,
    short_table,
    targets_table,
)
from gait.validation.targets import Verdict
from gait.validation.words import SHORT_SOURCES, SOURCES, figure, load_published, percent, title

MAIN = (
    "cadence_spm",
    "ground_contact_time_ms",
    "flight_time_ms",
    "foot_strike_angle_deg",
    "shank_angle_ic_deg",
    "knee_flexion_ic_deg",
    "knee_flexion_peak_stance_deg",
    "ankle_dorsiflexion_ic_deg",
    "hip_extension_peak_deg",
    "trunk_lean_deg",
    "overstride_cm",
    "vertical_oscillation_cm",
    "belt_speed_m_s",
    "step_length_m",
    "peak_vertical_force_bw",
    *PLAIN_BEHIND,
)
"""Metrics of the main table; the README has those of the short one."""

_MAIN_WORDS = f"{MAIN_CONDITION[0]:g} frames/s and {MAIN_CONDITION[1]} of landmark noise"
_ANGLE = "foot_strike_angle_deg"
_EVENT_CONDITIONS = (MAIN_CONDITION, (60.0, "6 mm"))

METHOD = """\
*Error* is measured minus true; bias is its mean, SD its spread, RMSE both together. *Marker trials* are runners on a
treadmill with markers and a force plate, seen by a virtual camera from the left and from the right, and measured by the
same code as any video from the landmarks on, with the numbers of the event rules found on the other runners; "3 mm" is
the landmark noise, and no pose model is involved. *Rendered*, *samples* (the project's own videos) and *real video* go
through the whole program, pixels to numbers, with the pose model named. For events *n* counts contacts: of both feet in
marker trials, of the near foot in videos (match window 80 ms; the first and last 0.6 s of a trial and 0.35 s of a video
are not judged). For metrics *n* counts clips, from behind feet. A clip that is refused has missed all its events. The
heel's roll-in is read *with tape* on calf and heel or, without, *from the outline*; where the program says "not
assessed" that is told, but is no error. Force is low-passed at 50 Hz, the threshold is 50 N. The runner's height is
told, the belt speed is not."""

PLAIN_WORDS = """\
In short. The first column is the largest error over the videos with known truth, pixels to numbers: they are few, so
expect worse now and then. The second is the usual error (RMSE) against markers and a force plate on a treadmill, at %s,
without what the pose model adds."""


def readme_block(outcome: Outcome, verdicts: Sequence[Verdict], made: str = "", full: str = "docs/accuracy.md") -> str:
    """Return what stands between the markers of the README.

    Parameters
    ----------
    outcome : Outcome
        All records.
    verdicts : sequence of Verdict
        Targets beside what was measured.
    made : str
        Version of the program and day.
    full : str
        Link to the full table.
    """
    events = [row for row in all_event_rows(outcome) if _main_event(row)]
    metrics = [row for row in all_metric_rows(outcome) if row.quantity in (*PLAIN, *PLAIN_BEHIND) and _main_metric(row)]
    short = plain_table(outcome)
    parts = [
        _made_words(made),
        f"{textwrap.fill(PLAIN_WORDS % _MAIN_WORDS, 120)}\n\n{short}" if short else "",
        _met_words(verdicts),
        METHOD,
        short_table(events + metrics, verdicts) if events or metrics else "",
        coverage_words(outcome),
        strike_words(outcome),
        *_target_lists(verdicts),
        f"Every metric, frame rate, noise level and camera angle, with plots: [{full}]({full}).",
    ]
    return "\n\n".join(part for part in parts if part)


def full_document(
    outcome: Outcome,
    verdicts: Sequence[Verdict],
    pictures: Sequence[tuple[str, str]],
    folder: str,
    made: str = "",
) -> str:
    """Return the whole table as a document.

    Parameters
    ----------
    outcome, verdicts, made
        As for :func:`readme_block`.
    pictures : sequence of (str, str)
        File name and caption of every plot.
    folder : str
        Where the plots are, relative to the document.
    """
    events, metrics = all_event_rows(outcome), all_metric_rows(outcome)
    main = [r for r in events if _main_event(r)] + [r for r in metrics if r.quantity in MAIN and _main_metric(r)]
    notes = "\n".join(f"- {note}" for note in (*outcome.notes, *outcome.skipped))
    opening = [_made_words(made), METHOD, _met_words(verdicts)]
    sections = [
        ("# How well it measures", "\n\n".join(part for part in opening if part)),
        ("## In short", plain_table(outcome)),
        ("## Targets", targets_table(verdicts) if verdicts else ""),
        ("## Main figures", short_table(main, verdicts) if main else ""),
        ("## Pictures", "\n\n".join(f"![{words}]({folder}/{name})\n\n*{words}*" for name, words in pictures)),
        ("## Foot strike", _strike_tables(outcome)),
        ("## Error bars and quality levels", _coverage_tables(outcome)),
        ("## Events, every condition", long_table(events, verdicts, events=True) if events else ""),
        ("## Metrics, every condition", long_table(metrics, verdicts, events=False) if metrics else ""),
        ("## Published figures", _published()),
        ("## Not measured, although the truth is known", _unmeasured(outcome)),
        ("## Repaired in the source, and left out", notes),
    ]
    return "\n\n".join(f"{heading}\n\n{body}" for heading, body in sections if body) + "\n"


def _made_words(made: str) -> str:
    return f"Made by `gait validate DATA --readme README.md`{f', {made}' if made else ''}."


def _target_lists(verdicts: Sequence[Verdict]) -> list[str]:
    lists = (
        ("Missed targets, and what was tried:", missed_list(verdicts)),
        ("Targets that are met:", met_list(verdicts)),
        ("Targets that cannot be judged:", few_list(verdicts)),
    )
    shown = [f"{head}\n\n{lines}" for head, lines in lists if lines]
    # What is met can be folded away; what is missed cannot.
    return [
        f"<details><summary>{part.partition(chr(10))[0]}</summary>\n{part.partition(chr(10))[2]}\n\n</details>"
        if part.startswith("Targets that are met")
        else part
        for part in shown
    ]


def _main_event(row: Row) -> bool:
    if row.source == "markers":
        return row.leg == BOTH_FEET and (row.rate_hz, row.condition) in _EVENT_CONDITIONS
    return row.leg == "near"


def _main_metric(row: Row) -> bool:
    return row.leg != "far" and (is_main(row) or is_rear_main(row))


def _met_words(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return ""
    rest = " Those missed stand below as they are." if any(v.missed for v in verdicts) else ""
    return f"**{met_words(verdicts)}**{rest}"


def coverage_words(outcome: Outcome) -> str:
    """Say how often the 95 % intervals contain the truth, and how errors grow with falling quality."""
    seen = [c for c in outcome.comparisons if c.ci95 is not None]
    if not seen:
        return ""
    shares = [
        f"{SHORT_SOURCES[source]} {percent(coverage(group))}"
        for source in SOURCES
        if (group := [c for c in seen if c.case.source == source])
    ]
    levels = ", ".join(f"{e.level} {e.median:.2f}" for e in error_by_level(outcome.comparisons))
    unfit = unfit_words(outcome)
    unfit += " " if unfit else ""
    return (
        f"**Error bars**: the 95 % intervals contain the truth in {percent(coverage(seen))} of {len(seen)} cases "
        f"({', '.join(shares)}). {unfit}Median error by quality level, as a multiple of each metric's RMSE: {levels}."
    )


def strike_words(outcome: Outcome) -> str:
    """Say how often the strike class agrees with the labels of the source."""
    strikes = main_strikes(outcome)
    if not strikes:
        return ""
    found = strike_summary(strikes)
    sure = sum(s.agrees is not None for s in strikes)
    return (
        f"**Foot strike** (marker trials, 120 frames/s, 3 mm): rearfoot or not agrees with the label of the source in "
        f"{found.agreement_pct:.0f} % of {sure} determinate feet; {found.indeterminate_pct:.0f} % of {found.n} are "
        "indeterminate."
    )


def _strike_tables(outcome: Outcome) -> str:
    strikes = main_strikes(outcome)
    if not strikes:
        return ""
    found = strike_summary(strikes)
    columns = [*CLASSES, *(["withheld"] if any(k[1] == "withheld" for k in found.confusion) else [])]
    confusion = [[label, *(str(found.confusion.get((label, c), 0)) for c in columns)] for label in CLASSES]
    parts = [
        strike_words(outcome),
        "Label of the source (rows) against the three classes by the angle alone (columns):",
        grid(["labelled", *columns], confusion),
    ]
    if found.disagreements:
        header = (
            "trial",
            "foot",
            "label",
            "measured",
            "angle, deg",
            "95 % interval",
            "angle by markers and force, deg",
        )
        lines = [
            [
                *(s.case.clip, s.side, s.label, s.found, figure(s.angle_deg, _ANGLE)),
                *(" to ".join(figure(end, _ANGLE) for end in s.ci95), figure(s.true_angle_deg, _ANGLE)),
            ]
            for s in found.disagreements
        ]
        parts += ["Every disagreement:", grid(header, lines)]
    return "\n\n".join(parts)


def _coverage_tables(outcome: Outcome) -> str:
    found = coverage_by(outcome.comparisons)
    if not found:
        return ""
    sources = [s for s in ("all", *SOURCES) if any(key[1] == s for key in found)]
    lines = []
    for name in CATALOGUE:
        if (name, "all") in found:
            cells = [found.get((name, s)) for s in sources]
            lines.append([title(name), *(f"{percent(c[1])} of {c[0]}" if c else NONE for c in cells)])
    levels = [[e.level, str(e.n), f"{e.median:.2f}"] for e in error_by_level(outcome.comparisons)]
    parts = [
        coverage_words(outcome),
        "Share of 95 % intervals that contain the truth:",
        grid(["metric", *(SHORT_SOURCES.get(s, "all") for s in sources)], lines),
        "Median error size by quality level of the recording, as a multiple of each metric's RMSE over all cases:",
        grid(("level", "n", "median"), levels),
    ]
    return "\n\n".join(parts)


def _unmeasured(outcome: Outcome) -> str:
    """List what was withheld, or belongs to a clip that was refused, with the number of values and the reason."""
    counts = Counter((title(u.quantity), SHORT_SOURCES[u.case.source], u.reason) for u in outcome.unmeasured)
    return "\n".join(
        f"- {quantity}, {source}: {n} value{'s' if n > 1 else ''}{f'. {reason}' if reason else ''}"
        for (quantity, source, reason), n in counts.items()
    )


def _published() -> str:
    return "\n".join(f"- {title(name)}: {p.words} ({p.source})." for name, p in load_published().items())

"""What the command line shows: progress while it works, and a short table when it is done."""

from __future__ import annotations

import difflib
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.progress_words import details_words, progress_words, stage_words

if TYPE_CHECKING:
    from rich.console import Console

    from gait.batch import ClipJob
    from gait.model import GaitAnalysis, MetricValue
    from gait.pipeline import Progress

PLAIN_EVERY_S = 5.0
MAIN_METRICS = (
    "cadence_spm",
    "ground_contact_time_ms",
    "flight_time_ms",
    "duty_factor_pct",
    "step_length_m",
    "vertical_oscillation_cm",
    "vertical_oscillation_leg_pct",
    "overstride_cm",
    "overstride_leg_pct",
    "shank_angle_ic_deg",
    "knee_flexion_ic_deg",
    "foot_strike_angle_deg",
    "foot_strike",
    "trunk_lean_deg",
    "rearfoot_excursion_deg",
    "step_width_cm",
    "crossover",
)
"""What a first look needs, in this order; everything else is in the report."""
LEVEL_STYLES = {
    "high": "bold green",
    "medium": "bold yellow",
    "low": "bold red",
    "unusable": "bold white on red",
}


@contextmanager
def progress_reporter(quiet: bool, prefix: str = "") -> Iterator[Callable[[Progress], None] | None]:
    """Show progress on standard error: a moving bar in a terminal, a line now and then elsewhere.

    Parameters
    ----------
    quiet : bool
        Show nothing and yield None.
    prefix : str
        Put before every line; batch puts the clip's name there.
    """
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar(prefix) as report:
            yield report
    else:
        yield _PlainReporter(prefix)


class _PlainReporter:
    """Progress for files and pipes: one line a stage, and one every few seconds inside a long stage."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.stage = ""
        self.said_at = 0.0
        self.said = ""

    def __call__(self, progress: Progress) -> None:
        """Say how far it is, unless that was just said."""
        now = time.monotonic()
        finished = 0 < progress.total <= progress.done
        if progress.stage == self.stage and not finished and now - self.said_at < PLAIN_EVERY_S:
            return
        self.stage, self.said_at = progress.stage, now
        words = progress_words(progress)
        if words != self.said:
            self.said = words
            print(self.prefix + words, file=sys.stderr, flush=True)


@contextmanager
def _bar(prefix: str) -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(prefix, total=None, rate="")

        def report(progress: Progress) -> None:
            of_clip = f"{progress.clip}: " if progress.clip else ""
            words = f"{prefix}{of_clip}{stage_words(progress.stage)}"
            total = progress.total or None
            bars.update(task, description=words, completed=progress.done, total=total, rate=details_words(progress))

        yield report


def print_summary(analysis: GaitAnalysis, out: Path) -> None:
    """Print quality and warnings first, then the main numbers, then where the report is."""
    from rich.console import Console

    from gait.cli_findings import print_plan, print_referral

    console = Console(highlight=False)
    console.print(told_words(analysis), soft_wrap=True, markup=False)
    print_referral(console, analysis)
    print_quality(console, analysis)
    _print_metrics(console, analysis)
    _print_symmetry(console, analysis)
    print_plan(console, analysis)
    console.print(f"Report: {out / 'report.html'} (to print: report.pdf)", soft_wrap=True, markup=False)
    console.print("Not a medical device, not a diagnosis.", style="dim")


def told_words(analysis: GaitAnalysis) -> str:
    """Return what was understood: views, belt speed, height, mass and complaints, so that a slip is seen at once."""
    from gait.report.told import told_line

    views = {"rear": "filmed from behind", "front": "filmed from the front"}
    parts = [views.get(video.view, f"{video.view} side towards the camera") for video in analysis.videos]
    if len(parts) > 1:
        parts = [f"{words} in {Path(video.path).name}" for words, video in zip(parts, analysis.videos, strict=True)]
    line = ", ".join((*parts, *filter(None, [told_line(analysis.recording)])))
    return f"{line[:1].upper()}{line[1:]}."


def print_quality(console: Console, analysis: GaitAnalysis) -> None:
    """Print the quality level and every warning with its hint."""
    from rich.text import Text

    level = analysis.quality.level
    console.print(Text.assemble("Quality of the recording: ", (level, LEVEL_STYLES.get(level, "bold"))))
    for warning in analysis.quality.warnings:
        console.print(Text(f"  ! {warning.message}", style="yellow"), soft_wrap=True)
        if warning.hint:
            console.print(Text(f"    {warning.hint}"), soft_wrap=True)
    console.print()


def _print_metrics(console: Console, analysis: GaitAnalysis) -> None:
    from rich.table import Table

    from gait.report import wording

    shown = [m for name in MAIN_METRICS for m in analysis.metrics if m.name == name and m.value is not None]
    if not shown:
        reasons = dict.fromkeys(m.reason for m in analysis.metrics if m.reason)
        console.print("No number can be given from this clip.", *reasons, sep="\n  ", markup=False)
        console.print()
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title, justify in (("Measurement", "left"), ("Leg", "left"), ("Value", "right")):
        table.add_column(title, justify=justify, no_wrap=title == "Value")  # type: ignore[arg-type]
    for title in ("95 % interval", "n", "Confidence"):
        table.add_column(title, justify="right" if title == "n" else "left", no_wrap=True)
    for metric in shown:
        value = metric.value
        words = wording.value_words(metric) if isinstance(value, str) else wording.quantity(value, metric.unit)
        table.add_row(
            wording.spec(metric.name).title,
            _leg(analysis, metric),
            words,
            _interval(analysis, metric),
            str(metric.n_strides) if metric.n_strides else "",
            metric.confidence,
        )
    console.print(table)
    others = sum(m.value is not None and not m.name.startswith("symmetry_") for m in analysis.metrics) - len(shown)
    more = f" {others} more numbers and all definitions are in the report." if others > 1 else ""
    console.print(f"\nn: strides.{more}", markup=False)
    for words in heel_words(analysis):
        console.print(words, soft_wrap=True, markup=False)
    console.print()


def heel_words(analysis: GaitAnalysis) -> list[str]:
    """Say how the heels were read in a rear view, or why they were not: one line for both feet where it is the same."""
    from gait.report.wording import rearfoot_method

    rear = {video.id for video in analysis.videos if video.view == "rear"}
    said: dict[str, list[str]] = {}
    for metric in analysis.metrics:
        if metric.name == "rearfoot_excursion_deg" and metric.video in rear:
            how = rearfoot_method(metric).partition(";")[0]
            said.setdefault(f"read {how}." if how else f"not assessed. {metric.reason}", []).append(metric.side)
    return [f"{_heels(sides)}: {words}" for words, sides in said.items()]


def _heels(sides: list[str]) -> str:
    return f"{sides[0].capitalize()} heel" if sides in (["left"], ["right"]) else "Heels"


_WIDE = 100
"""Columns from which on left against right is shown with its interval."""

_SYMMETRY = (
    ("Left minus right", "right"),
    ("95 % interval", "left"),
    ("Would show from", "right"),
    ("A difference?", "left"),
)


def _print_symmetry(console: Console, analysis: GaitAnalysis) -> None:
    """Compare the legs where both were filmed from their own side."""
    from rich.table import Table

    from gait.report.symmetry import (
        compared_metrics,
        shows_both_sides,
        shows_from_words,
        signed,
        symmetry_words,
        verdict,
    )
    from gait.report.wording import interval, spec

    rows = compared_metrics(analysis)
    if not rows or not shows_both_sides(analysis):
        return
    # A narrow terminal leaves the interval out: what would show says the same, beside the difference.
    shown = [i for i, (title, _) in enumerate(_SYMMETRY) if console.width >= _WIDE or title != "95 % interval"]
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Left against right")
    for title, justify in (_SYMMETRY[i] for i in shown):
        table.add_column(title, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for metric in rows:
        title = spec(spec(metric.name).of or metric.name).title
        cells = (signed(metric), interval(metric.ci95, metric.unit), shows_from_words(metric), verdict(metric)[0])
        table.add_row(title, *(cells[i] for i in shown))
    console.print()
    console.print(table)
    console.print()
    console.print(symmetry_words(analysis), markup=False)
    console.print()


def _interval(analysis: GaitAnalysis, metric: MetricValue) -> str:
    """Return the interval; of a class that of the angle that decides it."""
    from gait.report.wording import interval, spec, unit_words

    decides = analysis.metric(spec(metric.name).rests_on or "", metric.side)
    if not isinstance(metric.value, str) or decides is None or decides.ci95 is None:
        return interval(metric.ci95, metric.unit)
    unit = unit_words(decides.unit)
    return f"{interval(decides.ci95, decides.unit)}{'' if decides.unit == 'deg' else ' '}{unit}".rstrip()


def _leg(analysis: GaitAnalysis, metric: MetricValue) -> str:
    from gait.report.wording import leg_of

    leg = leg_of(analysis, metric.video, metric.side)
    return "" if metric.side == "both" else f"{metric.side} {leg}" if leg else metric.side


def print_table(rows: Iterable[tuple[str, ...]], header: tuple[str, ...]) -> None:
    """Print a plain table on standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in header:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(highlight=False).print(table)


def names_like(name: str, known: Iterable[str]) -> str:
    """Return a hint with the few known names nearest to an unknown one, and where all of them are."""
    known = list(known)
    close = [k for k in known if name in k][:3] or difflib.get_close_matches(name, known, n=3)
    words = f"Did you mean {' or '.join(close)}? " if close else ""
    return f"{words}`gait explain` lists all names."


def print_metric(spec: Any) -> None:
    """Print all that the catalogue knows about one metric."""
    from rich.console import Console
    from rich.text import Text

    from gait.metrics.accuracy import accuracy_words
    from gait.report import wording

    console = Console(highlight=False)
    console.print(Text.assemble((spec.title, "bold"), f"  ({spec.name})"))
    if spec.plain:
        console.print(Text(spec.plain))
    rows = (
        ("Unit", wording.unit_words(spec.unit) or "none: a class"),
        ("Definition", spec.definition),
        ("Sign", spec.sign),
        ("Reference", spec.reference),
        ("Source", spec.source),
        ("Accuracy", accuracy_words(spec.name)),
        ("Mark", f"[{spec.mark}] {wording.MARKS.get(spec.mark, '')}".strip() if spec.mark else ""),
        ("Smallest change", wording.smallest_change_words(spec)),
        ("Needs", _needs(spec)),
    )
    print_table([(label, str(text)) for label, text in rows if text], ("", ""))


def _needs(spec: Any) -> str:
    if spec.of and spec.view != "rear":
        return "a clip of each side (--with)" + ("; roughly from one" if spec.view == "any" else "")
    if spec.name.startswith("rearfoot_"):
        return "rear view, best with tape on heels and calves"
    if spec.view == "rear":
        return "rear view"
    return f"{spec.view} view" if spec.view else ""


class BatchReporter:
    """Overall progress of a batch: one line that moves in a terminal, lines now and then elsewhere."""

    def __init__(self) -> None:
        self.plain = not sys.stderr.isatty()
        self.reporter = _PlainReporter("")

    def __call__(self, job: ClipJob, progress: Progress) -> None:
        """Show how far one clip of the batch is."""
        prefix = f"[{job.number}/{job.total}] {job.name}: "
        if self.plain:
            if self.reporter.prefix != prefix:
                self.reporter = _PlainReporter(prefix)
            self.reporter(progress)
        else:
            width = shutil.get_terminal_size().columns - 1
            print(
                f"\r{(prefix + progress_words(progress))[:width]:<{width}}\r",
                end="",
                file=sys.stderr,
                flush=True,
            )

"""How well the rearfoot angle is read on a folder of films with prescribed eversion, pixels to numbers.

``python -m gait.validation.rearfoot_set FOLDER`` analyses every NAME.mp4 with a NAME.truth.json beside it, as
``sample_videos/eversion.py`` makes them, and prints one line a foot; then, for tape and outline apart, errors, rank
order, left-right differences and how often the 95 % intervals hold the truth. The numbers in
:mod:`gait.metrics.rearfoot` (``METHOD_SD``, ``TIME_TO_PEAK_SD_MS``) rest on it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gait.metrics.rearfoot import ASK, NAMES
from gait.model import INITIAL_CONTACT, SIDES
from gait.pipeline import analyze
from gait.validation.compare import failure_words
from gait.validation.differences import (
    CLEAR_DEG,
    SideDifference,
    order_pct,
    rank_correlation,
    side_differences,
)
from gait.validation.records import Comparison, Outcome
from gait.validation.summary import coverage, rmse, spread
from gait.validation.video_cases import VideoCase, compared, refused, told
from gait.validation.video_truth import SUFFIX, VideoTruth
from gait.validation.words import METHODS

EXCURSION = "rearfoot_excursion_deg"
_HEAD = (
    *("film", "side", "method", "tape", "size", "rate", "true", "measured", "error", "95 % interval", "n"),
    *("confidence", "contacts", "why there is no value"),
)
_WIDTHS = (26, 5, 7, 4, 9, 4, 6, 8, 6, 15, 3, 10, 8, 0)


@dataclass(frozen=True)
class Foot:
    """One foot of one film.

    Parameters
    ----------
    film, side : str
    taped : str
        ``tape`` or ``outline``, how it should be read; empty where the truth does not say.
    size_px : str
        Width and height of the picture.
    rate_hz : float
        Frames per second in real time.
    true_deg : float
        Excursion.
    seen : Comparison or None
        The measured excursion; None without one.
    n_strides : int
        Stances behind it.
    contact_rmse_ms : float
        Of the contacts found in the pixels.
    reason : str
        Why there is no value.
    """

    film: str
    side: str
    taped: str
    size_px: str
    rate_hz: float
    true_deg: float
    seen: Comparison | None
    n_strides: int
    contact_rmse_ms: float
    reason: str

    def line(self) -> str:
        """Return the foot as a line of the table."""
        tape = {"tape": "yes", "outline": "no"}.get(self.taped, "?")
        head = [self.film, self.side, self.seen.method if self.seen else "-", tape, self.size_px, f"{self.rate_hz:g}"]
        body = ["-", "-", "-", "-", "none"]
        if self.seen is not None:
            low, high = self.seen.ci95 or (float("nan"), float("nan"))
            body = [f"{self.seen.value:.1f}", f"{self.seen.error:+.1f}", f"{low:.1f} to {high:.1f}"]
            body += [str(self.n_strides), self.seen.confidence]
        contacts = f"{self.contact_rmse_ms:.1f} ms" if np.isfinite(self.contact_rmse_ms) else "-"
        return _laid_out([*head, f"{self.true_deg:.1f}", *body, contacts, "" if self.seen else self.reason])


def _laid_out(cells: Sequence[str]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()


@dataclass(frozen=True)
class Film:
    """What one film left: its feet, and all records."""

    feet: tuple[Foot, ...]
    outcome: Outcome


def judge_film(video: Path) -> Film:
    """Analyse one film and put both feet beside the truth."""
    case = VideoCase("rendered", video, video.with_name(video.stem + SUFFIX))
    truth = VideoTruth.read(case.truth)
    counts: dict[str, int] = {}
    try:
        analysis = analyze(video, told(truth))
        outcome = compared(case, truth, analysis)
        counts = {m.side: m.n_strides for m in analysis.metrics if m.name == EXCURSION}
    except Exception as problem:
        # Whatever is wrong with one film, the others are judged.
        outcome = refused(case, truth, failure_words(problem, video.name))
    return Film(tuple(_feet(video.stem, truth, outcome, counts)), outcome)


def _feet(film: str, truth: VideoTruth, outcome: Outcome, counts: dict[str, int]) -> Iterable[Foot]:
    truths, _ = truth.metrics()
    size = "x".join(str(n) for n in truth.saved.get("size", ()))
    for side in SIDES:
        if (EXCURSION, side) not in truths:
            continue
        seen = next((c for c in outcome.comparisons if (c.metric, c.side) == (EXCURSION, side)), None)
        lacking = next((u for u in outcome.unmeasured if (u.quantity, u.side) == (EXCURSION, side)), None)
        errors = [e.errors_ms for e in outcome.events if (e.side, e.kind) == (side, INITIAL_CONTACT)]
        yield Foot(
            *(film, side, truth.rearfoot_method, size, truth.rate_hz, truths[EXCURSION, side], seen),
            *(counts.get(side, 0), rmse(np.array(errors[0] if errors else ()))),
            lacking.reason.removesuffix(ASK).strip() if lacking is not None else "",
        )


def error_lines(comparisons: Sequence[Comparison]) -> list[str]:
    """Return bias, SD, RMSE, worst error and coverage of every metric, one line each."""
    lines = []
    for name in NAMES:
        own = [c for c in comparisons if c.metric == name]
        if not own:
            continue
        errors = np.array([c.error for c in own])
        bias, sd, rms, _ = spread(errors)
        half = np.mean([(c.ci95[1] - c.ci95[0]) / 2 for c in own if c.ci95 is not None])
        lines.append(
            f"  {name}: n {len(own)}, bias {bias:+.2f}, SD {sd:.2f}, RMSE {rms:.2f}, worst {np.abs(errors).max():.2f}; "
            f"interval +-{half:.1f} on the mean, holds the truth in {100.0 * coverage(own):.0f} %"
        )
    return lines


def difference_lines(feet: Sequence[Foot]) -> list[str]:
    """Return the left-right differences that are clear, by film, and how many have the right sign."""
    found = side_differences((f.film, f.side, f.true_deg, f.seen.value if f.seen else None) for f in feet)
    asked = [d for d in found if d.clear]
    right, wrong, none = (sum(d.right is answer for d in asked) for answer in (True, False, None))
    return [
        f"Left less right, truly more than {CLEAR_DEG:g} deg apart: {right} right in sign, {wrong} wrong, "
        f"{none} not assessed",
        *(f"  {d.clip}: true {d.true:+.1f}, measured {_difference(d)}" for d in asked),
    ]


def _difference(found: SideDifference) -> str:
    return "not assessed" if found.measured is None else f"{found.measured:+.1f}"


def method_lines(feet: Sequence[Foot], comparisons: Sequence[Comparison]) -> list[str]:
    """Return what the films show of each way of reading."""
    lines = []
    for method, words in METHODS.items():
        own = [c for c in comparisons if c.method == method]
        excursions = [c for c in own if c.metric == EXCURSION]
        lacking = sum(f.seen is None and f.taped == method for f in feet)
        if not excursions and not lacking:
            continue
        lines.append(f"{words.capitalize()}: {len(excursions)} feet, {lacking} more not assessed")
        lines += error_lines(own)
        share, pairs = order_pct(excursions)
        if pairs:
            lines.append(
                f"  order of feet by excursion: Spearman {rank_correlation(excursions):.2f}; of {pairs} pairs more "
                f"than {CLEAR_DEG:g} deg apart {share:.0f} % in the right order"
            )
    return lines


def main() -> None:
    """Print the table and what it amounts to."""
    folder = Path(sys.argv[1])
    films = []
    print(_laid_out(_HEAD))
    for video in sorted(p for p in folder.glob("*.mp4") if p.with_name(p.stem + SUFFIX).is_file()):
        films.append(judge_film(video))
        for foot in films[-1].feet:
            print(foot.line(), flush=True)
    feet = [foot for film in films for foot in film.feet]
    comparisons = [c for film in films for c in film.outcome.comparisons]
    print(*method_lines(feet, comparisons), *difference_lines(feet), sep="\n")


if __name__ == "__main__":
    main()

"""Many clips in one go: each into its own folder, one table over all, and a failure never stops the rest.

Clips run one after another, because one clip already keeps every core busy; :func:`analyse_clip` takes and
returns plain values that can cross a process border, so that an executor over many machines can run it.

Output folders mirror the input: ``FOLDER/morning/anna.mp4`` goes to ``OUT/morning/anna``. Where two would be
the same (``anna.mp4`` and ``anna.mov``, or a folder ``anna`` beside the clip), the later ones get their
extension added: ``anna_mp4``.

What the person of a clip tells stands beside it: ``anna.person.toml`` or ``anna.person.json``.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gait.config import AnalysisConfig
from gait.errors import ConfigError, GaitError
from gait.files import file_sha256, write_whole
from gait.output import FILMS
from gait.version import gait_version

if TYPE_CHECKING:
    from gait.model import GaitAnalysis
    from gait.pipeline import Progress
    from gait.told import Told

EXTENSIONS = (".mp4", ".mov", ".m4v", ".avi", ".mkv")
SUMMARY_NAME = "summary.csv"
PERSON_ENDINGS = (".person.toml", ".person.json")
"""What the name of a clip, less its extension, is followed by in the file with what its person tells."""
DONE, SKIPPED, FAILED = "done", "skipped", "failed"

Engine = Callable[..., "GaitAnalysis"]


@dataclass(frozen=True)
class ClipJob:
    """One clip, where its results go, and its place in the batch; names are relative to both folders."""

    clip: Path
    name: str
    out: Path
    out_name: str
    config: AnalysisConfig
    number: int
    total: int

    @property
    def person_files(self) -> list[Path]:
        """What lies beside the clip with what its person tells: one file at most, unless somebody made two."""
        return [path for ending in PERSON_ENDINGS if (path := self.clip.with_name(self.clip.stem + ending)).is_file()]


@dataclass(frozen=True, eq=False)
class ClipOutcome:
    """What became of a clip: ``done``, ``skipped`` (done before) or ``failed`` with a message and a hint."""

    job: ClipJob
    status: str
    analysis: GaitAnalysis | None = None
    error: str = ""
    hint: str = ""


@dataclass(frozen=True)
class BatchResult:
    """What became of every clip, where the table is, and files with answers that belong to no clip."""

    outcomes: tuple[ClipOutcome, ...]
    summary: Path
    stray: tuple[Path, ...] = ()

    def count(self, status: str) -> int:
        """Return how many clips ended with a status."""
        return sum(outcome.status == status for outcome in self.outcomes)

    @property
    def exit_code(self) -> int:
        """0 when every clip has results, 1 otherwise."""
        return 1 if self.count(FAILED) else 0


def run_batch(
    folder: Path,
    out: Path,
    config: AnalysisConfig,
    on_progress: Callable[[ClipJob, Progress], None] | None = None,
    on_clip: Callable[[ClipOutcome], None] | None = None,
    engine: Engine | None = None,
) -> BatchResult:
    """Analyse every clip in a folder and its subfolders.

    Parameters
    ----------
    folder : Path
        Where the clips are; mp4, mov, m4v, avi and mkv, in upper or lower case.
    out : Path
        Where the results go, a folder a clip and ``summary.csv``, which is rewritten after each clip.
    config : AnalysisConfig
        The same for all clips.
    on_progress : callable, optional
        Told the clip and its progress.
    on_clip : callable, optional
        Told the outcome of each clip.
    engine : callable, optional
        Stands in for :func:`gait.pipeline.run`.

    Returns
    -------
    BatchResult

    Raises
    ------
    ConfigError
        When the folder is missing or holds no clip, or the output folder cannot be used.
    """
    jobs = plan(folder, out, config)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"The output folder {out} cannot be made: {error.strerror}.", "Choose another --out."
        ) from None
    summary = out / SUMMARY_NAME
    outcomes: list[ClipOutcome] = []
    for job in jobs:
        outcome = analyse_clip(job, on_progress, engine)
        outcomes.append(outcome)
        # A table that a spreadsheet holds open must not stop the rest; the last attempt below complains.
        with suppress(ConfigError):
            write_summary(outcomes, summary)
        if on_clip is not None:
            on_clip(outcome)
    write_summary(outcomes, summary)
    return BatchResult(tuple(outcomes), summary, stray_person_files(folder, jobs))


def stray_person_files(folder: Path, jobs: Iterable[ClipJob]) -> tuple[Path, ...]:
    """Return files with answers in a folder and its subfolders that belong to no clip: a name with a slip in it."""
    taken = {path for job in jobs for path in job.person_files}
    found = (path for ending in PERSON_ENDINGS for path in folder.rglob(f"*{ending}"))
    return tuple(sorted(path for path in found if path not in taken and not path.name.startswith(".")))


def plan(folder: Path, out: Path, config: AnalysisConfig) -> tuple[ClipJob, ...]:
    """Return the clips of a folder with their output folders, in order of their names.

    Raises
    ------
    ConfigError
        When the folder is missing or holds no clip.
    """
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise ConfigError(f"{folder} {what}.", "Give the folder that holds the clips.")
    if out.exists() and not out.is_dir():
        raise ConfigError(f"The output folder {out} is a file.", "Choose another --out.")
    clips = find_clips(folder, out)
    if not clips:
        kinds = ", ".join(extension[1:] for extension in EXTENSIONS)
        raise ConfigError(f"There is no clip in {folder}.", f"Clips are files of these kinds: {kinds}.")
    taken = {_key(path.relative_to(folder)) for clip in clips for path in clip.parents if path.is_relative_to(folder)}
    jobs = []
    for number, clip in enumerate(clips, 1):
        place = _own_folder(clip.relative_to(folder), taken)
        name = clip.relative_to(folder).as_posix()
        jobs.append(ClipJob(clip, name, out / place, place.as_posix(), config, number, len(clips)))
    return tuple(jobs)


def find_clips(folder: Path, out: Path) -> list[Path]:
    """Return the clips in a folder and its subfolders, sorted; results of earlier runs are not clips."""
    found: list[Path] = []
    resolved_out = out.resolve()
    for place, folders, files in os.walk(folder):
        here = Path(place)
        if here != folder and here.resolve() == resolved_out:
            folders.clear()
            continue
        if "analysis.json" in files:
            files = [name for name in files if name not in FILMS]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        # macOS leaves "._clip.mp4" beside every clip on a stick.
        clips = (here / name for name in files if not name.startswith("."))
        found.extend(clip for clip in clips if clip.suffix.lower() in EXTENSIONS)
    return sorted(found, key=lambda clip: (clip.relative_to(folder).as_posix().lower(), clip.name))


def analyse_clip(
    job: ClipJob,
    on_progress: Callable[[ClipJob, Progress], None] | None = None,
    engine: Engine | None = None,
) -> ClipOutcome:
    """Analyse one clip unless it is done already; whatever goes wrong becomes part of the outcome."""
    try:
        if engine is None:
            engine = _default_engine()
        told = told_beside(job)
        before = finished_before(job, told)
        if before is not None:
            return ClipOutcome(job, SKIPPED, before)
        report = None if on_progress is None else partial(on_progress, job)
        return ClipOutcome(job, DONE, engine(job.clip, job.config, job.out, report, told=told))
    except GaitError as error:
        return ClipOutcome(job, FAILED, error=error.message, hint=error.hint)
    except Exception as error:
        from gait.faults import fault_words

        message, hint = fault_words(error)
        return ClipOutcome(job, FAILED, error=message, hint=hint)


def _default_engine() -> Engine:
    from gait.pipeline import run

    return run


def told_beside(job: ClipJob) -> Told | None:
    """Return what the person of a clip tells in a file beside it, None without one.

    Raises
    ------
    ConfigError
        When there are two such files, or the one makes no sense.
    """
    files = job.person_files
    if len(files) > 1:
        names = " and ".join(path.name for path in files)
        raise ConfigError(f"Both {names} lie beside the clip.", "Keep the one that holds.")
    if not files:
        return None
    from gait.told_file import read_person

    return read_person(files[0])


def finished_before(job: ClipJob, told: Told | None) -> GaitAnalysis | None:
    """Return the saved analysis when it is of this very clip, config, answers and version of gait, else None."""
    saved = job.out / "analysis.json"
    if not saved.is_file() or not (job.out / "report.html").is_file():
        return None
    from gait.interop import analysis_json

    try:
        analysis = analysis_json.read(saved)
        same_config = AnalysisConfig.from_mapping(analysis.config).result_dict() == job.config.result_dict()
    except (GaitError, OSError, ValueError, KeyError, TypeError):
        return None  # whatever lies there is not what this version writes: do it again
    same = (
        same_config
        and analysis.software.get("gait") == gait_version()
        and analysis.recording.told == ({} if told is None else told.answered())
        and [video.sha256 for video in analysis.videos] == [file_sha256(job.clip)]
    )
    return analysis if same else None


def write_summary(outcomes: Iterable[ClipOutcome], path: Path) -> None:
    """Write the table of a batch: a row a clip, a column a metric and side; whole, or not at all.

    Raises
    ------
    ConfigError
        When the file cannot be replaced (on Windows: while a spreadsheet has it open).
    """
    rows = [_row(outcome) for outcome in outcomes]
    first = list(dict.fromkeys(name for row in rows for name in row if name in _FIRST_COLUMNS))
    columns = first + sorted({name for row in rows for name in row} - set(first), key=_place_of_column)
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    try:
        # The byte order mark tells spreadsheets that the text is UTF-8.
        write_whole(path, table.getvalue().encode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror}.", "Close it if it is open in another program."
        ) from None


def _row(outcome: ClipOutcome) -> dict[str, str | float]:
    analysis = outcome.analysis
    row: dict[str, str | float] = {
        "file": cell(outcome.job.name),
        "status": outcome.status,
        "error": cell(outcome.error),
        "hint": cell(outcome.hint),
        "quality": analysis.quality.level if analysis else "",
        "warnings": " ".join(w.code for w in analysis.quality.warnings) if analysis else "",
        # A clip that failed may have results of an earlier run: they are not this run's.
        "results": "" if outcome.status == FAILED else cell(outcome.job.out_name),
        "person_file": " ".join(cell(path.name) for path in outcome.job.person_files),
    }
    for metric in analysis.metrics if analysis else ():
        column = metric.name if metric.side == "both" else f"{metric.name}_{metric.side}"
        if metric.value is not None:
            row.setdefault(column, cell(metric.value) if isinstance(metric.value, str) else round(metric.value, 6))
    return row


_FIRST_COLUMNS = ("file", "status", "error", "hint", "quality", "warnings", "results", "person_file")


def _place_of_column(column: str) -> tuple[int, str]:
    """Columns stand in the order of the catalogue, whichever clip has them first."""
    from gait.metrics.catalogue import place_of

    name = next((column.removesuffix(f"_{side}") for side in ("left", "right") if column.endswith(f"_{side}")), column)
    return place_of(name), column


def cell(text: str) -> str:
    """Return text that a spreadsheet shows as it is and never runs as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def _own_folder(relative: Path, taken: set[str]) -> Path:
    """Return an output folder that no other clip and no mirrored subfolder has, and take it."""
    bare = relative.with_suffix("")
    extension = relative.suffix[1:].lower()
    names = [bare.name, f"{bare.name}_{extension}"]
    number = 2
    while _key(bare.with_name(names[0])) in taken:
        names.pop(0)
        if not names:
            names = [f"{bare.name}_{extension}_{number}"]
            number += 1
    place = bare.with_name(names[0])
    taken.add(_key(place))
    return place


def _key(path: Path) -> str:
    # Most Windows and macOS disks take "Anna" and "anna" for the same name.
    return path.as_posix().casefold()

"""Everything that `gait validate` does: find the data, measure, judge, and put the table together."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import gait
from gait.errors import ConfigError, GaitError
from gait.pipeline import OnProgress
from gait.validation.accuracy_file import accuracy_json
from gait.validation.charts import pictures
from gait.validation.documents import full_document, readme_block
from gait.validation.marker_cases import all_cameras, judge_markers, quick_cameras
from gait.validation.markers import trial_files
from gait.validation.publish import read_readme, with_block, write_all
from gait.validation.records import Outcome, merged
from gait.validation.targets import Verdict, judge
from gait.validation.video_cases import judge_videos, video_cases
from gait.version import gait_version

OnDone = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Validation:
    """All records and the targets beside them; ``written`` are the files that were left."""

    outcome: Outcome
    verdicts: tuple[Verdict, ...]
    written: tuple[Path, ...] = ()


def validate(
    data: Path,
    *,
    readme: Path | None = None,
    out: Path | None = None,
    quick: bool = False,
    jobs: int = 2,
    on_done: OnDone | None = None,
    on_progress: OnProgress | None = None,
) -> Validation:
    """Compare the program with every truth in a folder, and write the accuracy table.

    Parameters
    ----------
    data : Path
        Folder with ``fukuchi/`` (marker trials), ``rendered/`` and ``video/``; parts may be missing.
    readme : Path, optional
        Gets the short table between its markers; the full one goes into ``docs/`` beside it.
    out : Path, optional
        Folder for the full table, pictures and figures, instead of or beside a README.
    quick : bool
        Only the conditions with targets.
    jobs : int
        Processes for the marker trials.
    on_done : callable, optional
        Told what is finished, how many are done and of how many.
    on_progress : callable, optional
        Told how far the analysis of a video is.

    Raises
    ------
    ConfigError
        When the folder holds nothing to compare with, or a result cannot be written.
    GaitError
        When nothing in it could be measured.
    """
    if not data.is_dir():
        raise ConfigError(f"There is no folder {data}.", "Give the folder that holds fukuchi/, rendered/ and video/.")
    text = read_readme(readme) if readme is not None else ""
    cameras = quick_cameras() if quick else all_cameras()
    cases, left_out = video_cases(data, sample_videos())
    if not trial_files(data / "fukuchi") and all(case.source == "sample" for case in cases):
        raise ConfigError(
            f"The folder {data} holds no trial and no video with truth.",
            "It must hold fukuchi/RBDS*runT*.c3d, or rendered/ or video/ with a .truth.json beside each video.",
        )
    outcome = merged(
        [
            judge_markers(data / "fukuchi", cameras, jobs, on_done),
            judge_videos(cases, on_progress, on_done),
            Outcome(skipped=tuple(left_out)),
        ]
    )
    if not outcome.comparisons and not outcome.events:
        raise GaitError("Nothing could be compared.", " ".join(outcome.skipped[:2]))
    verdicts = tuple(judge(outcome))
    files = _files(outcome, verdicts, readme, text, out)
    write_all(files)
    return Validation(outcome, verdicts, tuple(files))


def sample_videos() -> Path | None:
    """Return the folder of the project's own sample videos, in a source tree; None where gait is only installed."""
    folder = Path(gait.__file__).parents[1] / "sample_videos"
    return folder if folder.is_dir() else None


def _files(
    outcome: Outcome, verdicts: Sequence[Verdict], readme: Path | None, text: str, out: Path | None
) -> dict[Path, bytes]:
    """Put together every file to write."""
    folders = [*([readme.parent / "docs"] if readme is not None else []), *([out] if out is not None else [])]
    if not folders:
        return {}
    drawn = pictures(outcome)
    captions = [(name, caption) for name, (caption, _) in drawn.items()]
    made = f"gait {gait_version()}, {datetime.date.today().isoformat()}"
    document = full_document(outcome, verdicts, captions, "accuracy", made).encode()
    figures = accuracy_json(outcome)
    files = {
        path: content
        for folder in folders
        for path, content in (
            (folder / "accuracy.md", document),
            *((folder / "accuracy" / name, png) for name, (_, png) in drawn.items()),
        )
    }
    if out is not None:
        files[out / "accuracy.json"] = figures
    if readme is not None:
        files[readme] = with_block(text, readme_block(outcome, verdicts, made), readme.name).encode()
        package = readme.parent / "gait" / "metrics"
        if package.is_dir():
            files[package / "accuracy.json"] = figures
    return files

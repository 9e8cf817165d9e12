"""A folder of results that appears whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from pathlib import Path
from types import TracebackType

from gait.errors import ConfigError
from gait.files import move_all

FILMS = ("annotated.mp4", "annotated_2.mp4", "annotated_3.mp4")
"""Annotated videos of the clips, in their order: left, right and rear at most."""

RESULTS = (
    "metrics.csv",
    "strides.csv",
    "landmarks.parquet",
    "report.html",
    "report.pdf",
    *FILMS,
    "keyframes",
    "analysis.json",
)
"""What an analysis writes, `analysis.json` last: who finds it finds the rest complete."""


_PREFIX = ".gait-"
_LEFT_OVER_S = 86_400.0


def _clear_left_over(out: Path) -> None:
    """Remove staging folders that a killed analysis left behind a day or longer ago."""
    for folder in out.glob(f"{_PREFIX}*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > _LEFT_OVER_S:
            shutil.rmtree(folder, ignore_errors=True)


class Staging:
    """Collects files in a hidden folder beside the target and moves them in at the end.

    Parameters
    ----------
    out : Path
        The target folder. Anything in it that is no result of ours stays untouched.
    recordings : tuple of Path
        Videos that must not be replaced, wherever they lie.

    Raises
    ------
    ConfigError
        When the folder cannot be written, or a file of somebody else has the name of a result.
    """

    def __init__(self, out: Path, recordings: tuple[Path, ...] = ()) -> None:
        self.out = out
        self._recordings = recordings
        self._folder: Path | None = None
        self._made: list[Path] = []

    def __enter__(self) -> Staging:
        self._refuse_foreign()
        try:
            self._made = [p for p in (self.out, *self.out.parents) if not p.exists()]
            self.out.mkdir(parents=True, exist_ok=True)
            _clear_left_over(self.out)
            self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self.out))
        except OSError as problem:
            raise ConfigError(
                f"The folder {self.out} cannot be written ({problem.strerror}).", "Choose another with `--out`."
            ) from problem
        return self

    def _refuse_foreign(self) -> None:
        """Raise when a result would replace a recording, or a file that no analysis of ours wrote."""
        targets = {(self.out / name).resolve() for name in RESULTS}
        for recording in self._recordings:
            if recording.resolve() in targets:
                raise ConfigError(
                    f"The results would replace the recording {recording} itself.",
                    "Choose another folder with `--out`.",
                )
        if (self.out / "analysis.json").is_file():
            return
        foreign = [name for name in RESULTS if (self.out / name).exists()]
        if foreign:
            raise ConfigError(
                f"The folder {self.out} already holds {foreign[0]}, which no analysis of gait wrote.",
                "Choose another folder with `--out`.",
            )

    def path(self, name: str) -> Path:
        """Return where to write a file so that :meth:`publish` moves it into place."""
        assert self._folder is not None
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, name: str, content: bytes) -> None:
        """Stage a file; a name with a slash lands in a subfolder."""
        self.path(name).write_bytes(content)

    def keep(self, name: str, same: dict[str, str]) -> bool:
        """Carry a result over from the analysis that the target folder holds, when its software notes agree.

        Parameters
        ----------
        name : str
            The file.
        same : dict
            Entries that the old analysis must hold under ``software``.

        Returns
        -------
        bool
            False when there is no such file, or it was made from something else.
        """
        try:
            saved = json.loads((self.out / "analysis.json").read_text(encoding="utf-8"))
            noted = saved["software"]
            if any(noted.get(key) != value for key, value in same.items()):
                return False
            shutil.copyfile(self.out / name, self.path(name))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return False
        return True

    def publish(self) -> None:
        """Replace the results in the target folder by the staged ones: all of them, or none."""
        assert self._folder is not None
        old, new = self._folder / "old", self._folder
        # First everything of the analysis before goes out of the way: a file that another program holds open shows
        # here, when all can still be put back.
        moves = [(target, old / target.relative_to(self.out)) for target in self._earlier_results()]
        for name in RESULTS:
            staged = new / name
            files = sorted(staged.iterdir()) if staged.is_dir() else [staged] if staged.exists() else []
            moves += [(file, self.out / file.relative_to(new)) for file in files]
        try:
            move_all(moves)
        except OSError as problem:
            raise ConfigError(
                f"The results could not be written to {self.out} ({problem.strerror}).",
                "Close programs that have them open, free some space, and try again.",
            ) from problem
        self._made = []

    def _earlier_results(self) -> list[Path]:
        """Files of the analysis that the target folder holds; in `keyframes` only pictures of our naming."""
        # The contract file goes first and its successor comes last: a crash in between leaves no analysis that lies.
        found = [self.out / name for name in reversed(RESULTS) if (self.out / name).is_file()]
        pictures = (self.out / "keyframes").glob("v*_*.png") if (self.out / "keyframes").is_dir() else ()
        return found + sorted(pictures)

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        for folder in self._made:
            # A failed analysis leaves no empty folder behind; rmdir refuses if anybody put something in.
            try:
                folder.rmdir()
            except OSError:
                return

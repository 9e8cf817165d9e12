"""A folder of results that appears whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from types import TracebackType

from gait.errors import ConfigError

RESULTS = (
    "metrics.csv",
    "strides.csv",
    "landmarks.parquet",
    "report.html",
    "report.pdf",
    "annotated.mp4",
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

    Raises
    ------
    ConfigError
        When the folder cannot be written.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._folder: Path | None = None
        self._made_out = False

    def __enter__(self) -> Staging:
        try:
            self._made_out = not self.out.exists()
            self.out.mkdir(parents=True, exist_ok=True)
            _clear_left_over(self.out)
            self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self.out))
        except OSError as problem:
            raise ConfigError(
                f"The folder {self.out} cannot be written ({problem.strerror}).", "Choose another with `--out`."
            ) from problem
        return self

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
        """Replace the results in the target folder by the staged ones."""
        assert self._folder is not None
        try:
            # The contract file goes first and comes back last: a crash in between leaves no analysis that lies.
            (self.out / "analysis.json").unlink(missing_ok=True)
            for name in RESULTS:
                staged, target = self._folder / name, self.out / name
                if target.is_dir():
                    shutil.rmtree(target)
                elif target.exists():
                    target.unlink()
                if staged.exists():
                    os.replace(staged, target)
        except OSError as problem:
            raise ConfigError(
                f"The results could not be written to {self.out} ({problem.strerror}).",
                "Close programs that have them open, free some space, and try again.",
            ) from problem
        self._made_out = False

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._made_out:
            # A failed analysis leaves no empty folder behind; rmdir refuses if anybody put something in.
            try:
                self.out.rmdir()
            except OSError:
                return

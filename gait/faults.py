"""What to do with a fault of our own: one line for the person, the traceback into a log file."""

from __future__ import annotations

import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

LOG_NAME = "faults.log"


def record_fault(error: BaseException) -> Path | None:
    """Append an unexpected error to the log in the user's log folder.

    Parameters
    ----------
    error : BaseException
        The error, with its traceback.

    Returns
    -------
    Path or None
        The log file, or None where no folder could be written.
    """
    text = "".join(traceback.format_exception(error))
    entry = f"--- {datetime.now(UTC).isoformat(timespec='seconds')}\n{text}\n"
    for folder in _log_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / LOG_NAME).open("a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(entry)
        except OSError:
            continue
        return folder / LOG_NAME
    return None


def fault_words(error: BaseException) -> tuple[str, str]:
    """Record an unexpected error and return the one line and the hint that the person sees."""
    log = record_fault(error)
    where = f"The details are in {log}." if log else "The details could not be written to a log file."
    message = f"This is a fault of gait, not yours: {type(error).__name__}."
    return message, f"{where} Please report it with that file; it names files, but holds no pictures."


def _log_folders() -> list[Path]:
    from platformdirs import user_log_path

    return [user_log_path("gait", appauthor=False), Path(tempfile.gettempdir()) / "gait"]

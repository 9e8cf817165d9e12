"""The dashboard with a stand-in for the engine and a data folder of its own."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gait.dashboard import jobs

ROOT = Path(__file__).parents[2]
SUPPORT = ROOT / "tests" / "support"


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Put uploads into a temporary folder and the stand-in into the worker; stop what still runs."""
    monkeypatch.setenv(jobs.DATA_DIR_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setattr(jobs, "WORKER", (sys.executable, str(SUPPORT / "stand_in_worker.py")))
    monkeypatch.setattr("gait.faults._log_folders", lambda: [tmp_path / "logs"])
    yield tmp_path / "data" / "dashboard"
    for job in list(jobs._JOBS.values()):
        job.delete()


@pytest.fixture
def wait() -> Callable[[Callable[[], bool]], None]:
    """Return a function that waits until something is true, and fails when it never is."""

    def until(true: Callable[[], bool], timeout_s: float = 30.0) -> None:
        end = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < end, "waited too long"
            time.sleep(0.05)

    return until

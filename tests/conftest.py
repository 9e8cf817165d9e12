"""What all tests share: where the independent truth is, which pose model is there, and an honest closing line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_data() -> Path:
    """Return the folder of recordings with independent truth; it may not exist."""
    return Path(os.environ.get("GAIT_TEST_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    folder = shared_data()
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}: set GAIT_TEST_DATA to check the accuracy")
    return folder


@pytest.fixture(scope="session")
def heavy_model() -> str:
    from gait.errors import GaitError
    from gait.pose.provision import resolve

    try:
        bundle = resolve("heavy")
    except GaitError as problem:
        pytest.skip(f"no pose model to be had here: {problem.message}")
    if bundle.size != "heavy":
        pytest.skip(f"the heavy pose model cannot be had here, only {bundle.size}: accuracy is not checked")
    return bundle.size


@pytest.fixture(scope="session")
def any_model() -> str:
    from gait.errors import GaitError
    from gait.pose.provision import resolve

    try:
        return resolve("heavy").size
    except GaitError as problem:
        pytest.skip(f"no pose model to be had here: {problem.message}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many accuracy tests really ran: a green run without them proves little."""
    counts = {
        outcome: sum("accuracy" in report.keywords for report in terminalreporter.stats.get(outcome, []))
        for outcome in ("passed", "failed", "skipped")
    }
    ran = counts["passed"] + counts["failed"]
    terminalreporter.write_line(
        f"Accuracy tests against independent truth: {ran} ran ({counts['failed']} failed), {counts['skipped']} skipped."
    )

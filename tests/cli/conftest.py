"""The command line with a stand-in for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import stand_in

from gait.clips import OtherClip
from gait.config import AnalysisConfig
from gait.model import GaitAnalysis
from gait.told import Told


@dataclass
class StandIn:
    """Remembers how :func:`gait.pipeline.run` was called."""

    calls: list[tuple[Path, AnalysisConfig, Path]]
    others: list[tuple[OtherClip, ...]] = field(default_factory=list)
    told: list[Told | None] = field(default_factory=list)

    def run(
        self,
        video: Path,
        config: AnalysisConfig,
        out: Path,
        on_progress: Any = None,
        others: Sequence[OtherClip] = (),
        told: Told | None = None,
    ) -> GaitAnalysis:
        self.calls.append((video, config, out))
        self.others.append(tuple(others))
        self.told.append(told)
        return stand_in.run(video, config, out, on_progress, others, told)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> StandIn:
    """Replace the engine, and work in an empty folder with a log folder of its own."""
    import gait.pipeline

    fake = StandIn([])
    monkeypatch.setattr(gait.pipeline, "run", fake.run)
    monkeypatch.setattr("gait.batch.gait_version", lambda: stand_in.SOFTWARE["gait"])
    monkeypatch.setattr("gait.faults._log_folders", lambda: [tmp_path / "logs"])
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return fake


@pytest.fixture
def clip(engine) -> Path:
    """A clip that the stand-in can analyse, in the current folder."""
    Path("anna.mp4").write_text("run")
    return Path("anna.mp4")

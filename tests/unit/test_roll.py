"""Which camera roll an analysis uses: the one entered, the one found in the picture, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import runner as sim

from gait import pipeline
from gait.config import AnalysisConfig
from gait.metrics.options import ASSUMED_LEVEL, DETECTED, ENTERED
from gait.video import level
from gait.video.deck import Deck
from gait.video.horizon import LEVEL, Horizon
from gait.video.probe import probe

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "side_60fps.mp4"
FOUND = Horizon(1.234, 0.3, ((0.0, 0.0, 100.0, 0.0),), (LEVEL,))


@pytest.mark.parametrize(
    ("config", "found", "expected"),
    [
        (AnalysisConfig(), FOUND, (1.2, DETECTED, 0.3)),
        (AnalysisConfig(horizon_deg=2.5), None, (2.5, ENTERED, 0.0)),
        (AnalysisConfig(horizon_deg=0.0), None, (0.0, ENTERED, 0.0)),
        (AnalysisConfig(), None, (0.0, ASSUMED_LEVEL, 0.0)),
    ],
)
def test_origin(config: AnalysisConfig, found: Horizon | None, expected: tuple[float, str, float]) -> None:
    options = pipeline._options(probe(SAMPLE), config, "v1", found)
    assert (options.horizon_deg, options.horizon_origin, options.horizon_sd_deg) == expected


@pytest.mark.parametrize(("sd_deg", "is_used"), [(0.3, True), (1.1, True), (1.3, False)])
def test_an_uncertain_roll_is_not_used(monkeypatch: pytest.MonkeyPatch, sd_deg: float, is_used: bool) -> None:
    asked: list[Any] = []

    def find(info: Any, first: int, stop: int, at_x_px: float | None, deck: Deck | None) -> Horizon:
        asked.append((first, stop, at_x_px, deck))
        return Horizon(2.0, sd_deg, (), ())

    monkeypatch.setattr(level, "find_horizon", find)
    pose, deck = sim.runner(), Deck(0, 1, 2, 3, 2.9)
    assert (level.believed_horizon(probe(SAMPLE), pose, (5, 500), deck) is not None) == is_used
    # Looked for where the runner is, and where the deck is.
    first, stop, at_x_px, given = asked[0]
    assert (first, stop, given) == (5, 500, deck)
    assert at_x_px == pytest.approx(float(np.nanmedian(pose.xy_px[..., 0])))

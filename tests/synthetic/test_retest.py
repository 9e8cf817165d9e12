"""The simulated runner filmed twice: what did not change is not called changed, and what did is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import runner as sim
from pairs import VIDEO

from gait.metrics.change import REAL, Comparison, compare
from gait.metrics.measure import measure
from gait.model import GaitAnalysis, PoseSequence, Recording
from gait.report.comparison import change_words
from gait.skeleton import BLAZEPOSE

SPEED_M_S = sim.truth().belt_speed_m_s
RECORDING = Recording(height_m=sim.truth().height_m, belt_speed_m_s=SPEED_M_S)


def analysed(pose: PoseSequence, name: str) -> GaitAnalysis:
    """Measure landmarks and wrap them as a saved analysis of a video of its own."""
    found = measure(pose, sim.options(video="v1", recording=RECORDING))
    video = replace(VIDEO, sha256=name, view="right", rate_hz=120.0)
    return GaitAnalysis({"gait": "0.1.0"}, (video,), RECORDING, {}, found.quality, metrics=found.metrics)


def compared(first: PoseSequence, second: PoseSequence) -> Comparison:
    return compare(analysed(first, "a"), analysed(second, "b"))


def leaning(pose: PoseSequence, degrees: float) -> PoseSequence:
    """Turn the shoulders about the hips, forwards where positive; this runner runs to the right."""
    hips, shoulders = (BLAZEPOSE.indices([f"left_{p}", f"right_{p}"]) for p in ("hip", "shoulder"))
    centre = pose.xy_px[:, hips].mean(axis=1, keepdims=True)
    turn = np.radians(degrees)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    xy = pose.xy_px.copy()
    xy[:, shoulders] = centre + (xy[:, shoulders] - centre) @ rotation
    return replace(pose, xy_px=xy)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_another_noise_is_no_change(seed: int) -> None:
    found = compared(sim.runner(120, noise_px=1.5), sim.runner(120, noise_px=1.5, seed=seed))
    assert len(found.changes) > 20
    assert found.having(REAL) == ()


def test_two_halves_of_one_run_are_no_change() -> None:
    pose = sim.runner(120, noise_px=1.0)
    found = compared(sim.part(pose, 0.0, 5.25), sim.part(pose, 5.25, 10.5))
    assert len(found.changes) > 20
    assert found.having(REAL) == ()


def test_a_slower_rhythm_is_a_real_change_of_the_times_and_of_no_angle() -> None:
    pose = sim.runner(120, noise_px=1.0)
    real = {c.name: c for c in compared(pose, sim.stretched(pose, 1.06)).having(REAL)}
    assert {"cadence_spm", "stride_time_ms"} <= set(real)
    assert not [name for name in real if name.endswith("_deg")]
    cadence = real["cadence_spm"]
    assert cadence.change == pytest.approx(cadence.before.value * (1 / 1.06 - 1), rel=0.02)
    assert change_words(cadence).endswith(" steps/min lower")


def test_a_trunk_that_leans_further_is_the_only_real_change() -> None:
    pose = sim.runner(120, noise_px=1.0)
    (lean,) = compared(pose, leaning(pose, 5.0)).having(REAL)
    assert lean.name == "trunk_lean_deg"
    assert lean.change == pytest.approx(5.0, abs=0.1)
    assert change_words(lean) == "Trunk lean: 5.0° further forward"
    (back,) = compared(pose, leaning(pose, -5.0)).having(REAL)
    assert change_words(back) == "Trunk lean: 5.0° further back"
    # Joints without a pose model: 1.1 deg is the smallest change that counts.
    assert compared(pose, leaning(pose, 0.8)).having(REAL) == ()

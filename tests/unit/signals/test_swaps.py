"""Left/right repair: planted swaps are found, and none are invented."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import runner as sim

from gait.model import Bools, PoseSequence
from gait.signals.clean import leg_length_px
from gait.signals.swaps import repair_swaps
from gait.skeleton import BLAZEPOSE

RATES = [30, 60, 240]


def found(pose: PoseSequence) -> tuple[PoseSequence, Bools]:
    return repair_swaps(pose, leg_length_px(pose.xy_px, BLAZEPOSE))


def bursts(n: int, rate_hz: float, length_s: float, every_s: float) -> Bools:
    """Mask of passages of exchanged legs, the first after one second."""
    times_s = np.arange(n) / rate_hz
    return (times_s > 1.0) & ((times_s - 1.0) % every_s < length_s)


@pytest.mark.parametrize("rate_hz", RATES)
def test_none_are_invented(rate_hz: int) -> None:
    pose = sim.runner(rate_hz, noise_px=1.0)
    repaired, swapped = found(pose)
    assert swapped.sum() == 0
    np.testing.assert_array_equal(repaired.xy_px, pose.xy_px)


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("seed", [1, 2])
def test_random_swaps(rate_hz: int, seed: int) -> None:
    clean = sim.runner(rate_hz, noise_px=1.0)
    planted = np.random.default_rng(seed).random(len(clean.times_s)) < 0.10
    repaired, swapped = found(sim.swapped(clean, planted))
    assert (swapped == planted).mean() >= 0.99
    right = (repaired.xy_px == clean.xy_px) | np.isnan(clean.xy_px)
    assert right.all(axis=(1, 2)).mean() >= 0.99


@pytest.mark.parametrize("rate_hz", RATES)
def test_bursts_of_half_a_stride(rate_hz: int) -> None:
    clean = sim.runner(rate_hz, noise_px=1.0)
    planted = bursts(len(clean.times_s), rate_hz, length_s=0.353, every_s=1.57)
    assert 0.15 < planted.mean() < 0.30
    _, swapped = found(sim.swapped(clean, planted))
    assert (swapped == planted).mean() >= 0.99


def test_swaps_where_the_legs_cross() -> None:
    # Pose models exchange the legs where one hides the other, and then go on wrongly for a few frames.
    clean = sim.runner(60, noise_px=1.0)
    left, right = BLAZEPOSE.indices(["left_ankle", "right_ankle"])
    apart = clean.xy_px[:, left, 0] - clean.xy_px[:, right, 0]
    crossings = np.flatnonzero(np.diff(np.sign(apart)))
    planted = np.zeros(len(apart), dtype=bool)
    for first in crossings[2::3]:
        planted[first + 1 : first + 5] = True
    _, swapped = found(sim.swapped(clean, planted))
    assert planted.sum() >= 30
    assert (swapped == planted).mean() >= 0.99


def test_scores_move_with_the_legs() -> None:
    clean = sim.runner(60)
    left, right = BLAZEPOSE.indices(["left_heel", "right_heel"])
    score = clean.score.copy()
    score[:, left], score[:, right] = 0.3, 0.9
    spoilt = sim.swapped(clean, [100])
    exchanged = score.copy()
    exchanged[100, [left, right]] = 0.9, 0.3
    repaired, swapped = found(replace(spoilt, score=exchanged))
    assert np.flatnonzero(swapped).tolist() == [100]
    assert repaired.score[100, [left, right]].tolist() == [0.3, 0.9]


def test_frames_without_both_ankles_take_no_part() -> None:
    clean = sim.runner(60, noise_px=1.0)
    planted = np.random.default_rng(9).random(len(clean.times_s)) < 0.10
    spoilt = sim.swapped(clean, planted)
    xy = spoilt.xy_px.copy()
    hidden = slice(300, 318)
    xy[hidden, BLAZEPOSE.index("left_ankle")] = np.nan
    _, swapped = found(replace(spoilt, xy_px=xy))
    assert not swapped[hidden].any()
    seen = np.ones(len(planted), dtype=bool)
    seen[hidden] = False
    assert (swapped == planted)[seen].mean() >= 0.99


def test_hips_are_never_exchanged_and_the_input_stays() -> None:
    clean = sim.runner(60)
    spoilt = sim.swapped(clean, np.arange(100, 110))
    before = spoilt.xy_px.copy()
    repaired, _ = found(spoilt)
    hips = BLAZEPOSE.indices(["left_hip", "right_hip"])
    np.testing.assert_array_equal(repaired.xy_px[:, hips], clean.xy_px[:, hips])
    np.testing.assert_array_equal(spoilt.xy_px, before)


def test_too_short_a_clip_is_left_alone() -> None:
    pose = sim.part(sim.runner(60), 0.0, 0.02)
    assert len(pose.times_s) == 2
    assert not found(pose)[1].any()

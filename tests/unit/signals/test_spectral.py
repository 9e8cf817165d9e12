"""Cadence from the spectrum."""

from __future__ import annotations

import numpy as np
import pytest
import runner as sim

from gait.model import Floats, PoseSequence
from gait.signals.spectral import antiphase_reference, leg_separation, spectral_cadence
from gait.skeleton import BLAZEPOSE


def separation(pose: PoseSequence) -> Floats:
    left, right = BLAZEPOSE.indices(["left_ankle", "right_ankle"])
    return leg_separation(pose.xy_px[:, left], pose.xy_px[:, right], 250.0)


def true_spm() -> float:
    """Cadence of the true contacts, the middle of the clip counting most as in a Hann window."""
    known = sim.truth()
    contacts = np.sort(np.concatenate([known.ic_s["left"], known.ic_s["right"]]))
    middle, stride_s = contacts[1:-1], contacts[2:] - contacts[:-2]
    weight = np.sin(np.pi * middle / known.times_s[-1]) ** 2
    return float(np.average(120.0 / stride_s, weights=weight))


TRUE_SPM = true_spm()


@pytest.mark.parametrize("rate_hz", [30, 60, 120, 240])
def test_cadence_of_the_runner(rate_hz: int) -> None:
    pose = sim.runner(rate_hz, noise_px=2.0)
    found = spectral_cadence(pose.times_s, separation(pose))
    assert found.cadence_spm == pytest.approx(TRUE_SPM, abs=0.5)
    assert found.strength > 0.9


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_swapped_legs_do_not_matter(share: float) -> None:
    pose = sim.random_swaps(sim.runner(60), share)
    assert spectral_cadence(pose.times_s, separation(pose)).cadence_spm == pytest.approx(TRUE_SPM, abs=0.5)


def test_from_behind() -> None:
    pose = sim.seen_from_behind()
    assert spectral_cadence(pose.times_s, separation(pose)).cadence_spm == pytest.approx(TRUE_SPM, abs=0.5)


def test_slow_motion_is_told_in_file_time() -> None:
    pose = sim.stretched(sim.runner(240), 8.0)
    assert spectral_cadence(pose.times_s, separation(pose)).cadence_spm == pytest.approx(TRUE_SPM / 8, abs=0.1)


def test_gaps_and_uneven_times() -> None:
    pose = sim.occluded(sim.without_frames(sim.runner(60), 0.1), 200, 20)
    assert spectral_cadence(pose.times_s, separation(pose)).cadence_spm == pytest.approx(TRUE_SPM, abs=0.7)


def test_no_rhythm_has_none() -> None:
    times_s = np.arange(0, 10, 1 / 60)
    noise = np.random.default_rng(1).normal(size=len(times_s))
    assert spectral_cadence(times_s, noise).strength < 0.35
    still = spectral_cadence(times_s, np.zeros(len(times_s)))
    assert np.isnan(still.step_hz)
    assert still.strength == 0.0
    assert np.isnan(spectral_cadence(times_s[:10], noise[:10]).step_hz)


def test_separation_finds_its_axis_and_its_sign() -> None:
    t = np.linspace(0, 4 * np.pi, 200)
    still = np.zeros((200, 2))
    across = leg_separation(np.stack([np.sin(t), 0.2 * np.ones(200)], axis=1), still, 0.5)
    np.testing.assert_allclose(np.abs(across), 2 * np.abs(np.sin(t)), atol=0.02)
    left = np.stack([30.0 * np.ones(200), np.sin(t)], axis=1)
    one, two = leg_separation(left, still, 1.0), leg_separation(still, left, 1.0)
    np.testing.assert_allclose(np.abs(one), np.abs(np.sin(t)), atol=0.01)
    np.testing.assert_allclose(np.abs(one), np.abs(two), atol=1e-9)
    assert np.isnan(leg_separation(np.full((5, 2), np.nan), np.zeros((5, 2)), 1.0)).all()


def test_antiphase_reference_sees_through_swaps() -> None:
    pose = sim.runner(60)
    right = separation(pose)
    spoilt = right.copy()
    spoilt[250:271] *= -1
    reference = antiphase_reference(pose.times_s, spoilt, TRUE_SPM / 120)
    clear = np.abs(right) > 0.3
    assert (np.sign(reference) == np.sign(right))[clear].mean() > 0.99
    assert np.abs(reference).max() <= 1.0 + 1e-9

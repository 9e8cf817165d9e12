"""The sample generator's leg between its contacts: the heel rises, the leg swings and the foot rolls in as people's."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "sample_videos"))

from generator.frontal import Eversion
from generator.habits import AS_MEASURED, BY_HAND, KNEE_AT_TOE_OFF_DEG, LOADING, Habits
from generator.kinematics import Motion, Proportions
from generator.shoe import ShoeGeometry
from generator.spec import FrontalSpec, RunnerSpec

SIZE = Proportions(0.09, 0.43, 0.42, ShoeGeometry(heel_x=-0.065, toe_x=0.205, ball_x=0.125, ankle_z=0.105))
LEG_M = SIZE.thigh + SIZE.shank
STEP_S = 0.002


@pytest.fixture(scope="module")
def motion() -> Motion:
    frontal = FrontalSpec(excursion_deg=(14.0, 8.0), loading=LOADING)
    spec = RunnerSpec(habits=AS_MEASURED, knee_at_toe_off_deg=KNEE_AT_TOE_OFF_DEG, frontal=frontal)
    return Motion(spec, SIZE, 6.0, 0.1)


@pytest.mark.parametrize("habits", [BY_HAND, AS_MEASURED])
def test_heel_rises_from_heel_off_to_toe_off_without_a_kink(habits: Habits) -> None:
    share = np.linspace(0.0, 1.05, 2101)
    risen = habits.risen(share)
    assert (risen[share <= habits.heel_off] == 0).all()
    assert habits.risen(np.array(1.0)) == pytest.approx(1.0)
    assert (np.diff(risen) >= -1e-12).all()
    rate = np.diff(risen) / np.diff(share)
    assert np.abs(np.diff(rate)).max() < 0.05


@pytest.mark.parametrize("side", [0, 1])
def test_ankle_leaves_the_belt_as_peoples_do(motion: Motion, side: int) -> None:
    """Medians; the movement drawn by hand lifts the ankle 0.067 leg lengths and flings it up at 5.4 a second."""
    leg = motion.legs[side]
    lifts, speeds = [], []
    for contact, off in zip(leg.contact[2:9], leg.off[2:9], strict=True):
        still, late = leg.pose(contact + np.array([0.3, 0.8]) * (off - contact)).ankle[:, 2]
        lifts.append((late - still) / LEG_M)
        height = leg.pose(np.arange(off, off + 0.15, STEP_S)).ankle[:, 2]
        speeds.append((np.diff(height) / STEP_S / LEG_M).max())
    # Markers of six men at 2.5 and 3.5 m/s: 0.05, and 1.4 to 2.2 (90th percentile 2.9).
    assert 0.040 < np.median(lifts) < 0.063
    assert 1.0 < np.median(speeds) < 3.6


@pytest.mark.parametrize("side", [0, 1])
def test_ankle_moves_inwards_soon_after_contact(motion: Motion, side: int) -> None:
    leg = motion.legs[side]
    inwards = (1.0, -1.0)[side]
    for contact, off in zip(leg.contact[2:6], leg.off[2:6], strict=True):
        share = np.linspace(0.0, 0.5, 126)
        time_s = contact + share * (off - contact)
        speed = np.gradient(inwards * leg.pose(time_s).ankle[:, 1], time_s)
        # Markers: fastest at 10 to 15 % of stance. With a smooth step of eversion it comes at 22 %.
        assert 0.05 < share[speed.argmax()] < 0.16
        assert speed.max() / LEG_M > 0.2


def test_foot_everts_by_the_given_shares_and_keeps_its_ends() -> None:
    contact = np.array([0.2, 0.9, 1.6, 2.3])
    plain = FrontalSpec(contact_sd_deg=0.0, excursion_sd_deg=0.0, excursion_deg=(10.0, 10.0), contact_deg=(-4.0, -4.0))
    spec = replace(plain, loading=LOADING)
    curve, smooth = (Eversion(s, 0, contact, contact + 0.25) for s in (spec, plain))
    to_peak = spec.peak_share[0] * 0.25
    at = contact[1] + to_peak * np.array([0.0, *(share for share, _ in LOADING), 1.0])
    shares = np.array([0.0, *(risen for _, risen in LOADING), 1.0])
    np.testing.assert_allclose(np.degrees(curve.angle(at)), -4.0 + 10.0 * shares, atol=1e-9)
    later = np.linspace(contact[1] + to_peak, contact[2], 50)
    np.testing.assert_allclose(curve.angle(later), smooth.angle(later), atol=1e-9)

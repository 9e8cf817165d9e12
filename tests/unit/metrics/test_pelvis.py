"""From the hip line in single pictures to a curve over the clip, and when it is not believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gait.metrics.pelvis import (
    MAX_DOUBT_DEG,
    MAX_SCATTER_DEG,
    MAX_SPREAD_DEG,
    MIN_PICTURES,
    MOTION_GAIN,
    ONE_LEG,
    REACH_S,
    SURE_SPREAD_DEG,
    TOO_FEW,
    UNCLEAR,
    Pelvis,
    roll_signal,
)
from gait.model import Floats
from gait.pelvis.rolls import PelvisRolls
from gait.rearfoot.angles import Stance

TIMES_S = np.arange(0.0, 8.0, 0.001)


STANCES = {
    side: [Stance(side, at, at + 0.25) for at in np.arange(first, 7.5, 0.7)]
    for side, first in (("right", 0.05), ("left", 0.40))
}


def rolling(times_s: Floats) -> Floats:
    """A pelvis that rolls 5 deg to either side, once a stride of 0.7 s."""
    return np.asarray(5.0 * np.sin(2 * np.pi * times_s / 0.7))


def pictures(noise_deg: float = 0.0, rate_hz: float = 60.0) -> PelvisRolls:
    times_s = np.arange(0.0, 8.0, 1.0 / rate_hz)
    noise = noise_deg * np.random.default_rng(1).standard_normal(len(times_s))
    sure = np.full(len(times_s), 0.5)
    return PelvisRolls(times_s, rolling(times_s) + noise, sure, sure)


@pytest.mark.parametrize("rate_hz", [60.0, 120.0])
def test_the_curve_follows_a_running_pelvis(rate_hz: float) -> None:
    roll_deg, scatter_deg = roll_signal(pictures(rate_hz=rate_hz), TIMES_S)
    inside = (TIMES_S > 0.1) & (TIMES_S < 7.9)
    np.testing.assert_allclose(roll_deg[inside], rolling(TIMES_S)[inside], atol=0.1)
    assert scatter_deg < 0.1


def test_noise_of_single_pictures_is_smoothed_and_told() -> None:
    roll_deg, scatter_deg = roll_signal(pictures(noise_deg=1.0), TIMES_S)
    assert np.sqrt(np.mean((roll_deg - rolling(TIMES_S)) ** 2)) < 0.75
    assert scatter_deg == pytest.approx(0.75, abs=0.25)


def test_what_no_picture_shows_is_not_known() -> None:
    seen = pictures()
    there = (seen.times_s < 2.0) | (seen.times_s > 3.0)
    gap = PelvisRolls(*(values[there] for values in vars(seen).values()))
    roll_deg, _ = roll_signal(gap, TIMES_S)
    hidden = (TIMES_S > 2.0 + REACH_S) & (TIMES_S < 3.0 - REACH_S)
    assert np.isnan(roll_deg[hidden]).all()
    assert np.isfinite(roll_deg[(TIMES_S < 1.95) | ((TIMES_S > 3.05) & (TIMES_S < 7.9))]).all()


@pytest.mark.parametrize("horizon_deg", [-3.0, 2.0])
def test_a_rolled_camera_is_taken_off(horizon_deg: float) -> None:
    seen = pictures()
    rolled = replace(seen, roll_deg=seen.roll_deg + horizon_deg)
    level, turned_back = (
        Pelvis.of(shown, TIMES_S, turned, STANCES) for shown, turned in ((seen, 0.0), (rolled, horizon_deg))
    )
    assert level.roll_deg is not None
    assert turned_back.roll_deg is not None
    np.testing.assert_allclose(turned_back.roll_deg, level.roll_deg, atol=1e-9)


@pytest.mark.parametrize("askew_deg", [-3.0, 2.0])
@pytest.mark.parametrize("sure", [True, False])
def test_a_mean_tilt_is_believed_where_the_picture_and_its_mirror_image_agree(askew_deg: float, sure: bool) -> None:
    seen = pictures()
    spread = np.full(len(seen.times_s), SURE_SPREAD_DEG + (-0.05 if sure else 0.05))
    found = Pelvis.of(replace(seen, roll_deg=seen.roll_deg + askew_deg, spread_deg=spread), TIMES_S, 0.0, STANCES)
    assert found.roll_deg is not None
    assert found.mean_known is sure
    # Stances half a stride apart: what the pelvis does in one the other takes back.
    wanted = rolling(TIMES_S) / MOTION_GAIN + (askew_deg if sure else 0.0)
    inside = (TIMES_S > 0.1) & (TIMES_S < 7.9)
    np.testing.assert_allclose(found.roll_deg[inside], wanted[inside], atol=0.15)


def shown_in(stances: list[Stance]) -> PelvisRolls:
    """Only the pictures of some stances, askew by 2 deg, contradicting their mirror images."""
    seen = pictures()
    there = np.any([(seen.times_s >= s.ic_s - 0.02) & (seen.times_s <= s.to_s + 0.02) for s in stances], axis=0)
    part = PelvisRolls(*(values[there] for values in vars(seen).values()))
    unsure = np.full(len(part.times_s), SURE_SPREAD_DEG + 0.3)
    return replace(part, roll_deg=part.roll_deg + 2.0, spread_deg=unsure)


def test_both_legs_weigh_alike_however_many_of_their_stances_were_seen() -> None:
    seen = shown_in(STANCES["left"] + STANCES["right"][:4])
    found = Pelvis.of(seen, TIMES_S, 0.0, STANCES)
    assert found.roll_deg is not None
    known = np.isfinite(found.roll_deg)
    np.testing.assert_allclose(found.roll_deg[known], (rolling(TIMES_S) / MOTION_GAIN)[known], atol=0.25)


def test_the_mean_position_is_not_known_from_one_leg_alone() -> None:
    seen = shown_in(STANCES["left"] + STANCES["right"][:2])
    assert Pelvis.of(seen, TIMES_S, 0.0, STANCES).reason == ONE_LEG
    believed = replace(seen, spread_deg=np.full(len(seen.times_s), 0.1))
    assert Pelvis.of(believed, TIMES_S, 0.0, STANCES).roll_deg is not None


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (None, TOO_FEW),
        (PelvisRolls(*(values[: MIN_PICTURES - 1] for values in vars(pictures()).values())), TOO_FEW),
        (replace(pictures(), doubt_deg=np.full(480, MAX_DOUBT_DEG + 0.1)), UNCLEAR),
        (replace(pictures(), spread_deg=np.full(480, MAX_SPREAD_DEG + 0.1)), UNCLEAR),
        (pictures(noise_deg=2.0 * MAX_SCATTER_DEG), UNCLEAR),
    ],
)
def test_what_is_not_believed(seen: PelvisRolls | None, reason: str) -> None:
    found = Pelvis.of(seen, TIMES_S, 0.0, STANCES)
    assert found.roll_deg is None
    assert found.reason == reason

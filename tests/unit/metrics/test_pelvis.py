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
    REACH_S,
    SURE_SPREAD_DEG,
    TOO_FEW,
    UNCLEAR,
    Pelvis,
    roll_signal,
)
from gait.model import Floats
from gait.pelvis.rolls import PelvisRolls

TIMES_S = np.arange(0.0, 8.0, 0.001)


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
    level, turned_back = Pelvis.of(seen, TIMES_S, 0.0), Pelvis.of(rolled, TIMES_S, horizon_deg)
    assert level.roll_deg is not None
    assert turned_back.roll_deg is not None
    np.testing.assert_allclose(turned_back.roll_deg, level.roll_deg, atol=1e-9)


@pytest.mark.parametrize("askew_deg", [-3.0, 2.0])
@pytest.mark.parametrize("sure", [True, False])
def test_a_mean_tilt_is_believed_where_the_picture_and_its_mirror_image_agree(askew_deg: float, sure: bool) -> None:
    seen = pictures()
    spread = np.full(len(seen.times_s), SURE_SPREAD_DEG + (-0.05 if sure else 0.05))
    found = Pelvis.of(replace(seen, roll_deg=seen.roll_deg + askew_deg, spread_deg=spread), TIMES_S, 0.0)
    assert found.roll_deg is not None
    assert found.mean_known is sure
    motion = (rolling(TIMES_S) - rolling(TIMES_S).mean()) / MOTION_GAIN
    wanted = motion + (askew_deg + rolling(TIMES_S).mean() if sure else 0.0)
    inside = (TIMES_S > 0.1) & (TIMES_S < 7.9)
    np.testing.assert_allclose(found.roll_deg[inside], wanted[inside], atol=0.15)


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
    found = Pelvis.of(seen, TIMES_S, 0.0)
    assert found.roll_deg is None
    assert found.reason == reason

"""Filters against what can be computed: frequency response, planted noise, planted jumps."""

from __future__ import annotations

import numpy as np
import pytest
import runner as sim

from gait.signals.filters import (
    corrected_cutoff_hz,
    cubic_residual,
    cutoff_hz,
    hampel_outliers,
    low_pass,
    moving_median,
    noise_sd,
    runs_of,
    upsample,
)
from gait.skeleton import BLAZEPOSE

RATES = [(30.0, 7.0), (60.0, 10.0), (120.0, 12.0), (240.0, 12.0), (1000.0, 12.0)]


def response(rate_hz: float, cutoff: float) -> tuple[np.ndarray, np.ndarray]:
    """Impulse response of the low-pass, centred in a long window, and its gain per frequency."""
    n = 2 * int(40 * rate_hz / cutoff) + 1
    impulse = np.zeros(n)
    impulse[n // 2] = 1.0
    return low_pass(impulse, rate_hz, cutoff), np.fft.rfftfreq(n, 1 / rate_hz)


@pytest.mark.parametrize(("rate_hz", "cutoff"), RATES)
def test_minus_3_db_lies_at_the_cutoff_after_both_passes(rate_hz: float, cutoff: float) -> None:
    impulse, freq = response(rate_hz, cutoff)
    gain = np.abs(np.fft.rfft(impulse))
    below = int(np.flatnonzero(gain < np.sqrt(0.5))[0])
    found = np.interp(-np.sqrt(0.5), -gain[below - 1 : below + 1], freq[below - 1 : below + 1])
    assert found == pytest.approx(cutoff, rel=0.01)
    assert gain[0] == pytest.approx(1.0, abs=1e-6)


def test_forgetting_the_second_pass_would_show() -> None:
    # 6 Hz without the correction is really 4.8 Hz: the correction must be worth that much.
    assert corrected_cutoff_hz(6.0, 1000.0) / 6.0 == pytest.approx(1 / 0.802, rel=0.005)


@pytest.mark.parametrize(("rate_hz", "cutoff"), RATES)
def test_zero_lag(rate_hz: float, cutoff: float) -> None:
    impulse, _ = response(rate_hz, cutoff)
    assert np.abs(impulse - impulse[::-1]).max() < 1e-6 * impulse.max()
    assert int(impulse.argmax()) == len(impulse) // 2


def test_each_run_is_filtered_by_itself_and_nan_stays_nan() -> None:
    rng = np.random.default_rng(3)
    x = np.cumsum(rng.normal(size=(200, 2)), axis=0)
    x[80:90, 0] = np.nan
    x[150:153, 1] = np.nan
    x[156:, 1] = np.nan
    y = low_pass(x, 60.0, 10.0)
    assert np.isnan(y[80:90, 0]).all()
    assert np.isfinite(y[:80, 0]).all()
    assert np.isfinite(y[90:, 0]).all()
    np.testing.assert_allclose(y[:80, 0], low_pass(x[:80, 0], 60.0, 10.0))
    np.testing.assert_allclose(y[90:, 0], low_pass(x[90:, 0], 60.0, 10.0))
    assert np.isnan(y[150:, 1]).all(), "three samples are too few to filter"


def test_the_input_is_left_alone() -> None:
    x = np.arange(50.0)
    before = x.copy()
    low_pass(x, 60.0, 10.0)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    ("rate_hz", "wanted"),
    [(15, 3.5), (30, 7), (45, 8.5), (60, 10), (90, 11), (120, 12), (240, 12)],
)
def test_cutoff_follows_the_frame_rate(rate_hz: float, wanted: float) -> None:
    assert cutoff_hz(rate_hz) == pytest.approx(wanted)


def test_runs_of() -> None:
    mask = np.array([True, True, False, True, False, False, True])
    assert runs_of(mask) == [slice(0, 2), slice(3, 4), slice(6, 7)]
    assert runs_of(np.zeros(3, dtype=bool)) == []


def test_cubic_residual_vanishes_on_a_cubic_and_shows_a_jump() -> None:
    t = np.arange(20.0)
    x = 0.3 * t**3 - 2 * t**2 + t - 5
    assert np.nanmax(np.abs(cubic_residual(x))) < 1e-9
    assert np.isnan(cubic_residual(x)[[0, 1, -2, -1]]).all()
    x[10] += 6.0
    residual = cubic_residual(x)
    assert residual[10] == pytest.approx(6.0)
    assert residual[9] == pytest.approx(-4.0)
    assert residual[8] == pytest.approx(1.0)
    assert np.isnan(cubic_residual(np.arange(4.0))).all()


@pytest.mark.parametrize("sd", [0.5, 2.0, 8.0])
def test_noise_sd_recovers_what_was_added(sd: float) -> None:
    t = np.arange(0, 20, 1 / 60)
    path = np.stack([200 * np.sin(2 * np.pi * 1.4 * t), 80 * np.cos(2 * np.pi * 2.8 * t)], axis=1)
    noise = np.random.default_rng(11).normal(0.0, sd, path.shape)
    assert noise_sd(path + noise) == pytest.approx(sd, rel=0.10)


def test_noise_sd_of_the_runner_ignores_outliers_and_gaps() -> None:
    pose, _ = sim.with_outliers(sim.runner(120, noise_px=1.5), 0.02)
    path = pose.xy_px[:, BLAZEPOSE.indices(["right_knee", "right_hip"])]
    path[100:110] = np.nan
    assert noise_sd(path) == pytest.approx(1.5, rel=0.15)
    assert np.isnan(noise_sd(np.full((30, 2), np.nan)))


def test_moving_median() -> None:
    x = np.array([1.0, 9.0, 2.0, np.nan, 4.0])
    np.testing.assert_allclose(moving_median(x, 3), [5.0, 2.0, 5.5, 3.0, 4.0])
    assert np.isnan(moving_median(np.full(5, np.nan), 3)).all()


LEG = [f"{side}_{part}" for side in ("left", "right") for part in ("hip", "knee", "ankle", "heel", "foot_index")]


@pytest.mark.parametrize("rate_hz", [30, 60, 120, 240])
@pytest.mark.parametrize("noise_px", [0.0, 1.0])
def test_hampel_finds_nothing_in_clean_running(rate_hz: int, noise_px: float) -> None:
    pose = sim.runner(rate_hz, noise_px=noise_px)
    found = [hampel_outliers(pose.xy_px[:, BLAZEPOSE.index(name)], rate_hz, floor=5.0) for name in LEG]
    assert int(np.sum(found)) <= 0.001 * np.size(found)


@pytest.mark.parametrize("rate_hz", [60, 120, 240])
def test_hampel_finds_planted_jumps(rate_hz: int) -> None:
    pose = sim.runner(rate_hz, noise_px=1.0)
    path = pose.xy_px[:, BLAZEPOSE.index("right_ankle")].copy()
    planted = np.arange(20, len(path) - 20, 17)
    path[planted] += np.array([45.0, -30.0])
    found = np.flatnonzero(hampel_outliers(path, rate_hz, floor=5.0))
    np.testing.assert_array_equal(found, planted)


def test_hampel_finds_two_neighbours() -> None:
    pose = sim.runner(60, noise_px=0.5)
    path = pose.xy_px[:, BLAZEPOSE.index("right_knee")].copy()
    path[200] += 80.0
    path[203] -= 80.0
    assert np.flatnonzero(hampel_outliers(path, 60.0, floor=5.0)).tolist() == [200, 203]


def test_hampel_of_nothing() -> None:
    assert not hampel_outliers(np.full((40, 2), np.nan), 60.0).any()
    assert not hampel_outliers(np.zeros((3, 2)), 60.0).any()


def test_upsample_and_its_derivatives() -> None:
    t = np.arange(0, 2, 1 / 60)
    omega = 2 * np.pi * 2.0
    fine = np.arange(0.2, 1.8, 0.001)
    x = np.sin(omega * t)
    np.testing.assert_allclose(upsample(t, x, fine), np.sin(omega * fine), atol=2e-4)
    np.testing.assert_allclose(upsample(t, x, fine, 1), omega * np.cos(omega * fine), atol=0.01 * omega)
    np.testing.assert_allclose(upsample(t, x, fine, 2), -(omega**2) * np.sin(omega * fine), atol=0.01 * omega**2)


def test_upsample_leaves_gaps_open() -> None:
    t = np.arange(0, 1, 0.1)
    x = np.stack([t, 2 * t], axis=1)
    x[5, 1] = np.nan
    fine = np.array([0.05, 0.35, 0.45, 0.55, 0.65, 0.95])
    found = upsample(t, x, fine)
    # No value from 0.4 to 0.6 s, none beyond the last sample.
    assert np.isfinite(found).all(axis=1).tolist() == [True, True, False, False, True, False]
    np.testing.assert_allclose(found[1], [0.35, 0.70])

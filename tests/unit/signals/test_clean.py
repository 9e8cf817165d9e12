"""Cleaning: gaps, uneven frame times, outliers, and what is reported about them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import runner as sim

from gait.errors import QualityError
from gait.signals.clean import Cleaning, fill_gaps, leg_length_px
from gait.skeleton import BLAZEPOSE

STEP_S = 0.01
T = np.arange(0, 1, STEP_S)


def wave(times_s: np.ndarray) -> np.ndarray:
    return np.stack([np.sin(2 * np.pi * 1.5 * times_s), np.cos(2 * np.pi * 1.5 * times_s)], axis=1)


@pytest.mark.parametrize(("lost", "bridged"), [(1, True), (4, True), (5, True), (6, False), (20, False)])
def test_gaps_up_to_50_ms_are_bridged_and_marked(lost: int, bridged: bool) -> None:
    xy = wave(T)
    hidden = np.zeros(len(T), dtype=bool)
    hidden[40 : 40 + lost] = True
    xy[hidden] = np.nan
    out, filled = fill_gaps(T, xy, T, 0.050)
    np.testing.assert_array_equal(filled, hidden if bridged else np.zeros(len(T), dtype=bool))
    np.testing.assert_array_equal(np.isnan(out[:, 0]), np.zeros(len(T), dtype=bool) if bridged else hidden)
    np.testing.assert_allclose(out[~hidden], wave(T)[~hidden], atol=1e-12)
    if bridged:
        assert np.abs(out[hidden] - wave(T)[hidden]).max() < 0.06


def test_the_bridge_does_not_overshoot() -> None:
    # A cubic spline through a step swings past both ends; PCHIP must not.
    xy = np.where(T < 0.5, 0.0, 1.0)[:, None] * np.ones(2)
    xy[48:52] = np.nan
    out, filled = fill_gaps(T, xy, T, 0.050)
    assert filled[48:52].all()
    assert out[filled].min() >= 0.0
    assert out[filled].max() <= 1.0
    assert (np.diff(out[47:53, 0]) > 0).all()


def test_nothing_beyond_the_ends() -> None:
    xy = wave(T)
    xy[:7] = np.nan
    xy[-3:] = np.nan
    out, filled = fill_gaps(T, xy, T, 0.050)
    assert np.isnan(out[:7]).all()
    assert np.isnan(out[-3:]).all()
    assert not filled.any()


def test_too_little_gives_nothing() -> None:
    xy = np.full((len(T), 2), np.nan)
    xy[[10, 12, 14]] = 1.0
    out, filled = fill_gaps(T, xy, T, 0.050)
    assert np.isnan(out).all()
    assert not filled.any()


def test_uneven_frame_times_are_brought_onto_even_ones() -> None:
    rng = np.random.default_rng(5)
    uneven = np.sort(T + rng.uniform(-0.3, 0.3, len(T)) * STEP_S)
    out, _ = fill_gaps(uneven, wave(uneven), T, 0.050)
    inside = (uneven[0] <= T) & (uneven[-1] >= T)
    np.testing.assert_allclose(out[inside], wave(T)[inside], atol=2e-4)
    # Taking frame number / rate for the time instead would be off by far more than that.
    assert np.abs(wave(uneven) - wave(T)).max() > 0.02


def path_error(pose_xy: np.ndarray, true_xy: np.ndarray) -> float:
    return float(np.nanmax(np.abs(pose_xy - true_xy)))


@pytest.mark.parametrize("rate_hz", [30, 60, 120, 240])
def test_clean_landmarks_stay_what_they_are(rate_hz: int) -> None:
    pose = sim.runner(rate_hz)
    smooth, kept, report = Cleaning()(pose)
    assert smooth.sampling_rate_hz == pytest.approx(rate_hz, rel=1e-9)
    np.testing.assert_allclose(smooth.times_s, pose.times_s, atol=1e-9)
    assert report.swapped == 0
    assert report.missing == 0
    assert report.outliers == pytest.approx(0.0, abs=0.001)
    assert report.seen == 1.0
    hip = BLAZEPOSE.index("right_hip")
    assert path_error(smooth.xy[5:-5, hip], pose.xy_px[5:-5, hip]) < 1.5
    np.testing.assert_array_equal(kept.xy_px[:, hip], pose.xy_px[:, hip])


def test_the_noise_that_is_left_is_told() -> None:
    smooth, _, _ = Cleaning()(sim.runner(120, noise_px=2.0))
    # 12 Hz of a band of 60.
    assert smooth.noise == pytest.approx(2.0 * np.sqrt(12 / 60), rel=0.10)


def test_the_low_pass_takes_noise_off() -> None:
    true = sim.runner(120)
    smooth, _, _ = Cleaning()(sim.noisy(true, 2.0))
    knee = BLAZEPOSE.index("right_knee")
    left_over = (smooth.xy[20:-20, knee] - true.xy_px[20:-20, knee]).std()
    # White noise through a 12 Hz low-pass at 120 Hz keeps about sqrt(12 / 60) of its SD.
    assert 0.5 < left_over < 1.2


def test_outliers_and_short_losses_are_put_right() -> None:
    true = sim.runner(120)
    spoilt, hit = sim.with_outliers(sim.noisy(true, 0.5), 0.03, seed=4)
    smooth, kept, report = Cleaning()(spoilt)
    legs = [k for k in range(33) if np.isfinite(true.xy_px[0, k, 0]) and "shoulder" not in BLAZEPOSE.landmarks[k]]
    gone = np.isnan(kept.xy_px[..., 0]) & np.isfinite(true.xy_px[..., 0])
    assert gone[hit].mean() > 0.97
    assert gone[:, legs][~hit[:, legs]].mean() < 0.02
    assert report.outliers == pytest.approx(0.03, abs=0.015)
    error = np.abs(smooth.xy[:, legs] - true.xy_px[:, legs])
    assert np.nanpercentile(error, 99) < 6.0


def test_lost_frames_come_back_on_the_same_time_base() -> None:
    true = sim.runner(60)
    smooth, _, report = Cleaning()(sim.without_frames(true, 0.08, seed=2))
    np.testing.assert_allclose(smooth.times_s, true.times_s, atol=1e-9)
    assert report.filled == pytest.approx(0.08, abs=0.03)
    ankle = BLAZEPOSE.index("right_ankle")
    assert np.nanmedian(np.abs(smooth.xy[:, ankle] - true.xy_px[:, ankle])) < 1.0


def test_lost_frames_make_no_outliers() -> None:
    _, _, report = Cleaning()(sim.without_frames(sim.runner(60, noise_px=0.5), 0.04))
    assert report.outliers < 0.001


def test_a_low_score_counts_as_not_seen() -> None:
    pose = sim.runner(60)
    heel = BLAZEPOSE.index("right_heel")
    score = pose.score.copy()
    score[100:130, heel] = 0.01
    smooth, _, _ = Cleaning()(replace(pose, score=score))
    assert np.isnan(smooth.xy[100:130, heel]).all()
    assert np.isfinite(smooth.xy[131:200, heel]).all()


def test_a_shank_that_changes_its_length_loses_its_ankle() -> None:
    pose = sim.runner(60)
    ankle = BLAZEPOSE.index("right_ankle")
    xy = pose.xy_px.copy()
    xy[200:212, ankle, 1] += np.linspace(140.0, 160.0, 12)
    _, kept, _ = Cleaning()(replace(pose, xy_px=xy))
    assert np.isnan(kept.xy_px[203:209, ankle, 0]).all()


def test_every_step_is_noted_in_order() -> None:
    smooth, _, _ = Cleaning(cutoff_hz=9.0)(sim.runner(60))
    wanted = ("confidence gate", "left/right repair", "Hampel", "gaps up to 50 ms", "Butterworth low-pass at 9.0 Hz")
    assert len(smooth.steps) == len(wanted)
    assert all(want in step for want, step in zip(wanted, smooth.steps, strict=True))


def test_nobody_is_refused() -> None:
    pose = sim.runner(60)
    with pytest.raises(QualityError, match="Nobody could be followed"):
        Cleaning()(replace(pose, xy_px=np.full_like(pose.xy_px, np.nan)))


def test_leg_length() -> None:
    xy = np.full((1, 33, 2), np.nan)
    for side in ("left", "right"):
        for part, place in (("hip", (0, 0)), ("knee", (3, 4)), ("ankle", (3, 16))):
            xy[0, BLAZEPOSE.index(f"{side}_{part}")] = place
    assert leg_length_px(xy, BLAZEPOSE) == pytest.approx(17.0)

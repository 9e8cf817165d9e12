"""Events from behind: the mean stride, how single strides are laid onto it, and the rules on it."""

from __future__ import annotations

import numpy as np
import pytest
import runner as sim

from gait.events.ensemble import Strides, aligned
from gait.events.rear import SIGNALS, MeanStride, RearContactRule, RearDetector, RearToeOffRule
from gait.model import Trajectories
from gait.signals.filters import low_pass
from gait.signals.legs import Leg, legs_of
from gait.signals.view import body_frame, mirrored_pose

STRIDE_S = 120.0 / sim.truth().metrics["cadence_spm"]


def bumps(late_s: list[float], noise: float = 0.0) -> Strides:
    """One bump a second, each late by what is said; two signals."""
    times_s = np.arange(0.0, len(late_s) + 1.0, 0.001)
    centres = 0.5 + np.arange(len(late_s)) + np.array(late_s)
    path = np.exp(-0.5 * ((times_s[:, None] - centres) / 0.05) ** 2).sum(axis=1)
    signals = np.stack([path, -2.0 * path])
    signals += np.random.default_rng(1).normal(0.0, noise, signals.shape)
    return Strides(times_s, signals, 0.5 + np.arange(float(len(late_s))))


class TestEnsemble:
    LATE_S = (0.0, 0.012, -0.018, 0.004, 0.0, 0.02, -0.007)

    @pytest.mark.parametrize(("noise", "within_s"), [(0.0, 0.0015), (0.05, 0.003)])
    def test_lags_are_found(self, noise: float, within_s: float) -> None:
        found = aligned(bumps(list(self.LATE_S), noise), -0.2, 0.2, 0.08).anchors_s - 0.5 - np.arange(7)
        np.testing.assert_allclose(found - np.median(found), self.LATE_S, atol=within_s + 0.001)

    def test_a_wild_signal_does_not_decide(self) -> None:
        strides = bumps(list(self.LATE_S))
        strides.signals[1] += np.random.default_rng(2).normal(0.0, 5.0, strides.signals.shape[1])
        found = aligned(strides, -0.2, 0.2, 0.08).anchors_s - 0.5 - np.arange(7)
        np.testing.assert_allclose(found - np.median(found), self.LATE_S, atol=0.006)

    def test_a_stride_that_is_not_seen_has_no_lag(self) -> None:
        strides = bumps(list(self.LATE_S))
        strides.signals[:, 2400:2600] = np.nan
        lags = strides.lags_s(-0.12, 0.12, 0.06)
        assert np.isnan(lags[2])
        assert np.isfinite(np.delete(lags, 2)).all()

    def test_outside_the_clip_is_nan(self) -> None:
        assert np.isnan(bumps([0.0]).cut(np.array([-0.6]))).all()


def mean_stride(**signals: np.ndarray) -> MeanStride:
    times_s = np.arange(-0.07, 0.77, 0.001)
    quiet = {name: np.zeros(len(times_s)) for name in SIGNALS}
    return MeanStride(times_s, quiet | {name: make(times_s) for name, make in signals.items()}, 0.7)  # type: ignore[operator]


class TestContactRule:
    @staticmethod
    def falling(middle_s: float):  # type: ignore[no-untyped-def]
        # From 0 to -2 in 60 ms about the middle.
        return lambda t: -2.0 * np.clip((t - middle_s) / 0.06 + 0.5, 0.0, 1.0)

    @staticmethod
    def tipping(fastest_s: float):  # type: ignore[no-untyped-def]
        return lambda t: -np.exp(-0.5 * ((t - fastest_s) / 0.02) ** 2)

    def test_contact_is_the_mean_of_both_signs(self) -> None:
        rule = RearContactRule(fall_s=0.03, tip_s=0.03)
        found = rule(mean_stride(ankle_up=self.falling(0.22), ankle_out=self.tipping(0.29)))
        # 0.22 + 0.03 and 0.29 - 0.03.
        assert found.at_s == pytest.approx(0.255, abs=0.002)
        assert found.sd_s == pytest.approx(0.005, abs=0.002)

    def test_a_tipping_far_away_is_not_believed(self) -> None:
        rule = RearContactRule(fall_s=0.03, tip_s=-0.03)
        found = rule(mean_stride(ankle_up=self.falling(0.22), ankle_out=self.tipping(0.29)))
        assert found.at_s == pytest.approx(0.25, abs=0.002)
        assert found.sd_s == rule.alone_sd_s

    def test_without_an_ankle_there_is_none(self) -> None:
        gone = mean_stride(ankle_up=lambda t: np.full(len(t), np.nan))
        assert np.isnan(RearContactRule()(gone).at_s)


def test_toe_off_needs_two_signs() -> None:
    flat = mean_stride()
    assert np.isnan(RearToeOffRule()(flat, 0.25).at_s)


def legs(*, mirror: bool = False) -> dict[str, Leg]:
    pose = sim.seen_from_behind(120.0)
    if mirror:
        pose = mirrored_pose(pose, sim.truth().size_px[0])
    smooth = low_pass(pose.xy_px, 120.0, 12.0)
    path = Trajectories(pose.times_s, smooth, "px", np.zeros(pose.score.shape, dtype=bool), pose.skeleton)
    return legs_of(body_frame(path, "away"))


def test_the_mirror_image_has_the_other_foot_land_at_the_same_times() -> None:
    detector = RearDetector()
    plain, mirrored = legs(), legs(mirror=True)
    for side, other in (("left", "right"), ("right", "left")):
        one, two = detector(plain[side], STRIDE_S, 1 / 120), detector(mirrored[other], STRIDE_S, 1 / 120)
        np.testing.assert_allclose(one.ic_s, two.ic_s, atol=1e-6)
        np.testing.assert_allclose(one.to_s, two.to_s, atol=1e-6)


@pytest.mark.parametrize("noise_share", [0.004, 0.01])
def test_noise_of_the_landmarks_moves_events_little(noise_share: float) -> None:
    plain = legs()["right"]
    clean = RearDetector()(plain, STRIDE_S, 1 / 120)
    random = np.random.default_rng(4)
    pose = sim.seen_from_behind(120.0)
    xy = pose.xy_px + random.normal(0.0, noise_share * plain.length, pose.xy_px.shape)
    path = Trajectories(pose.times_s, low_pass(xy, 120.0, 12.0), "px", np.zeros(pose.score.shape, bool), pose.skeleton)
    noisy = RearDetector()(legs_of(body_frame(path, "away"))["right"], STRIDE_S, 1 / 120)
    assert len(noisy) == len(clean)
    assert np.median(np.abs(noisy.ic_s - clean.ic_s)) <= 0.010

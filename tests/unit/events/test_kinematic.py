"""The side-view detector on the simulated runner, whose contacts and toe-offs are prescribed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
import runner as sim

from gait.events.agreement import match_events
from gait.events.detector import FRAME_SCATTER, Contacts, crossings, event_sd_s, interior_minimum
from gait.events.kinematic import ContactRule, KinematicDetector, ToeOffRule
from gait.metrics.scale import THIGH_AND_SHANK_OF_HEIGHT
from gait.signals.clean import Cleaning
from gait.signals.legs import Leg, legs_of
from gait.signals.view import body_frame

TRUTH = sim.truth()
STRIDE_S = 120.0 / TRUTH.metrics["cadence_spm"]
JUDGED_S = (0.35, TRUTH.times_s[-1] - 0.35)
"""The first and last 0.35 s of a video are not judged, as in the accuracy table."""


@lru_cache
def legs(rate_hz: float, noise_px: float) -> dict[str, Leg]:
    smooth, _, _ = Cleaning()(sim.runner(rate_hz, noise_px=noise_px))
    return legs_of(body_frame(smooth, "right"))


@lru_cache
def contacts(rate_hz: float, noise_px: float, side: str) -> Contacts:
    return KinematicDetector()(legs(rate_hz, noise_px)[side], STRIDE_S, 1 / rate_hz)


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("rate_hz", [60, 120, 240])
def test_every_contact_is_found_and_none_extra(rate_hz: int, side: str) -> None:
    found = contacts(rate_hz, 1.0, side)
    ic = match_events(found.ic_s, TRUTH.ic_s[side], *JUDGED_S)
    to = match_events(found.to_s[np.isfinite(found.to_s)], TRUTH.to_s[side], *JUDGED_S)
    assert len(ic.errors_s) >= 13
    assert len(to.errors_s) >= 13
    assert (ic.missed, ic.false, to.missed, to.false) == (0, 0, 0, 0)


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("rate_hz", [60, 120, 240])
def test_contacts_and_toe_offs_are_on_time(rate_hz: int, side: str) -> None:
    # What is asked for through the pose model: contacts within 10 ms RMSE and 6 ms bias, toe-offs within 15 ms RMSE.
    found = contacts(rate_hz, 1.0, side)
    ic = match_events(found.ic_s, TRUTH.ic_s[side], *JUDGED_S)
    to = match_events(found.to_s, TRUTH.to_s[side], *JUDGED_S)
    assert ic.rmse_s <= 0.010
    # This runner lands on the heel's edge with steep feet: 6 ms late, the most of all runners known.
    assert abs(ic.bias_s) <= 0.008
    # Its toe-off is where the shoe's tip leaves the belt, 12 ms before the ankle says so.
    assert to.rmse_s <= 0.015
    assert abs(to.bias_s) <= 0.015


@pytest.mark.parametrize("kind", ["ic", "to"])
def test_scatter_within_a_clip_is_a_few_ms(kind: str) -> None:
    found = contacts(120, 1.0, "right")
    detected, true = (found.ic_s, TRUTH.ic_s["right"]) if kind == "ic" else (found.to_s, TRUTH.to_s["right"])
    assert match_events(detected, true, *JUDGED_S).errors_s.std() < 0.004


def test_belt_speed_is_the_foots() -> None:
    # 3.0 m/s in the plane of the near foot; its scale follows from hip-knee-ankle, in metres by the truth file.
    pose = sim.runner(120)
    leg = legs(120, 0.0)["right"]
    px_per_m = leg.length / THIGH_AND_SHANK_OF_HEIGHT / TRUTH.height_m
    assert contacts(120, 0.0, "right").belt_speed / px_per_m == pytest.approx(TRUTH.belt_speed_m_s, rel=0.03)
    assert len(pose.times_s) == 1259


def test_uncertainty_grows_with_the_frame_interval() -> None:
    slow, fast = contacts(60, 1.0, "right"), contacts(240, 1.0, "right")
    detector = KinematicDetector()
    assert slow.ic_sd_s[0] == pytest.approx(np.hypot(detector.ic_sd_s, FRAME_SCATTER / 60))
    assert fast.ic_sd_s[0] < slow.ic_sd_s[0]
    assert (slow.to_sd_s > slow.ic_sd_s).all()
    assert event_sd_s(0.0, 1 / 30) == pytest.approx(0.004, rel=0.02)


def test_the_bias_of_a_rule_is_taken_off() -> None:
    leg = legs(120, 0.0)["right"]
    plain = KinematicDetector(contact=ContactRule(bias_s=0.0), toe_off=ToeOffRule(bias_s=0.0))(leg, STRIDE_S, 1 / 120)
    late = KinematicDetector(contact=ContactRule(bias_s=0.010), toe_off=ToeOffRule(bias_s=-0.004))(
        leg, STRIDE_S, 1 / 120
    )
    np.testing.assert_allclose(late.ic_s[:14], plain.ic_s[:14] - 0.010, atol=2e-3)
    np.testing.assert_allclose(late.to_s[:14], plain.to_s[:14] + 0.004, atol=2e-3)


def test_a_higher_level_is_passed_earlier_on_the_way_down_and_later_on_the_way_up() -> None:
    leg = legs(120, 0.0)["right"]
    usual = KinematicDetector()(leg, STRIDE_S, 1 / 120)
    higher = KinematicDetector(contact=ContactRule(level=1.0), toe_off=ToeOffRule(level=0.15))(leg, STRIDE_S, 1 / 120)
    assert (higher.ic_s[1:13] < usual.ic_s[1:13] - 0.002).all()
    assert (higher.to_s[1:13] > usual.to_s[1:13] + 0.002).all()


def hidden_from_4_833_to_5_317_s() -> Contacts:
    smooth, _, _ = Cleaning()(sim.occluded(sim.runner(60), 290, 30))
    leg = legs_of(body_frame(smooth, "right"))["right"]
    return KinematicDetector()(leg, STRIDE_S, 1 / 60)


def test_a_hidden_foot_gives_no_contact() -> None:
    found = hidden_from_4_833_to_5_317_s()
    assert not ((found.ic_s > 4.83) & (found.ic_s < 5.32)).any()
    assert not ((found.to_s > 4.83) & (found.to_s < 5.32)).any()
    judged = match_events(found.ic_s, TRUTH.ic_s["right"], *JUDGED_S)
    assert judged.false == 0
    assert judged.rmse_s <= 0.010


def test_the_contact_before_a_gap_is_kept() -> None:
    # Of this foot's contacts only the one at 5.087 s is hidden.
    judged = match_events(hidden_from_4_833_to_5_317_s().ic_s, TRUTH.ic_s["right"], *JUDGED_S)
    assert judged.missed == 1


def test_crossings_are_rising_and_finite() -> None:
    signal = np.array([0.0, 2.0, 0.0, np.nan, 2.0, 0.0, 1.0, 1.0])
    assert crossings(signal, 1.0).tolist() == [0, 5]


def test_interior_minimum() -> None:
    assert interior_minimum(np.array([3.0, 2.0, 1.0, 2.0, 3.0])) == 2
    assert interior_minimum(np.array([1.0, 2.0, 3.0, 4.0, 5.0])) is None
    assert interior_minimum(np.array([3.0, 2.0, np.nan, 2.0, 3.0])) is None
    assert interior_minimum(np.array([3.0, 1.0, 3.0])) is None

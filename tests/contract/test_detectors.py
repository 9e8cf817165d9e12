"""What every event detector promises, whatever its rules."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
import runner as sim

from gait.events.agreement import match_events
from gait.events.detector import Contacts, EventDetector
from gait.metrics.measure import DETECTORS
from gait.model import Trajectories
from gait.signals.filters import low_pass
from gait.signals.legs import Leg, legs_of
from gait.signals.view import body_frame

STRIDE_S = 120.0 / sim.truth().metrics["cadence_spm"]
RATE_HZ = 120.0
NAMES = sorted(DETECTORS)
SIDES = ["left", "right"]

BEHIND = ("rear", "legs")
"""Detectors of views from behind."""


@lru_cache
def legs(name: str) -> dict[str, Leg]:
    """Legs in the view that a detector is for; only low-passed, so that the detector stands alone."""
    pose = sim.seen_from_behind(RATE_HZ) if name in BEHIND else sim.runner(RATE_HZ)
    smooth = low_pass(pose.xy_px, RATE_HZ, 12.0)
    path = Trajectories(pose.times_s, smooth, "px", np.zeros(pose.score.shape, dtype=bool), pose.skeleton)
    return legs_of(body_frame(path, "away" if name in BEHIND else "right"))


def find(name: str, leg: Leg) -> Contacts:
    return DETECTORS[name](leg, STRIDE_S, 1 / RATE_HZ)


def spoilt(leg: Leg, change: object) -> Leg:
    position = {k: v.copy() for k, v in leg.position.items()}
    velocity = {k: v.copy() for k, v in leg.velocity.items()}
    for table in (position, velocity):
        for path in table.values():
            path[change] = np.nan  # type: ignore[index]
    return Leg(leg.side, leg.times_s, position, velocity, leg.unit)


def test_names_are_those_of_the_registry() -> None:
    assert {name: detector.name for name, detector in DETECTORS.items()} == {name: name for name in DETECTORS}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", SIDES)
class TestEveryDetector:
    def test_shapes_and_side(self, name: str, side: str) -> None:
        found = find(name, legs(name)[side])
        assert found.side == side
        assert len(found) >= 10
        shapes = {array.shape for array in (found.ic_s, found.to_s, found.ic_sd_s, found.to_sd_s)}
        assert shapes == {(len(found),)}

    def test_times_are_sorted_and_contact_comes_before_toe_off(self, name: str, side: str) -> None:
        found = find(name, legs(name)[side])
        assert np.isfinite(found.ic_s).all()
        assert (np.diff(found.ic_s) > 0.5 * STRIDE_S).all()
        known = np.isfinite(found.to_s)
        assert known.sum() >= len(found) - 1
        assert (found.to_s[known] > found.ic_s[known]).all()
        assert (found.to_s[known][:-1] < found.ic_s[1:][known[:-1]][: known.sum() - 1]).all()

    def test_times_lie_in_the_clip(self, name: str, side: str) -> None:
        leg = legs(name)[side]
        found = find(name, leg)
        assert found.ic_s.min() >= leg.times_s[0] - 0.01
        assert np.nanmax(found.to_s) <= leg.times_s[-1] + 0.01

    def test_uncertainties_are_positive_and_shrink_with_the_frame(self, name: str, side: str) -> None:
        leg = legs(name)[side]
        detector: EventDetector = DETECTORS[name]
        slow, fast = detector(leg, STRIDE_S, 1 / 30), detector(leg, STRIDE_S, 1 / 240)
        assert (fast.ic_sd_s > 0).all()
        assert (fast.ic_sd_s < slow.ic_sd_s).all()
        assert (fast.to_sd_s < slow.to_sd_s).all()

    def test_one_contact_a_stride(self, name: str, side: str) -> None:
        found = find(name, legs(name)[side])
        lasting = np.diff(found.ic_s)
        assert np.median(lasting) == pytest.approx(STRIDE_S, rel=0.02)

    def test_pure(self, name: str, side: str) -> None:
        leg = legs(name)[side]
        before = {k: v.copy() for k, v in (leg.position | {f"v {k}": v for k, v in leg.velocity.items()}).items()}
        first, second = find(name, leg), find(name, leg)
        np.testing.assert_array_equal(first.ic_s, second.ic_s)
        np.testing.assert_array_equal(first.to_s, second.to_s)
        after = leg.position | {f"v {k}": v for k, v in leg.velocity.items()}
        for key, path in before.items():
            np.testing.assert_array_equal(path, after[key])

    def test_nothing_comes_from_nothing(self, name: str, side: str) -> None:
        found = find(name, spoilt(legs(name)[side], slice(None)))
        assert len(found) == 0
        assert found.to_s.shape == (0,)

    def test_no_event_lies_in_a_long_gap(self, name: str, side: str) -> None:
        leg = legs(name)[side]
        found = find(name, spoilt(leg, slice(4000, 5500)))
        events = np.concatenate([found.ic_s, found.to_s[np.isfinite(found.to_s)]])
        # 10 ms: what a rule's bias may shift an event found at the very edge.
        assert not ((events > 4.010 + leg.times_s[0]) & (events < 5.490 + leg.times_s[0])).any()
        assert len(found) >= 7

    def test_a_clip_too_short_gives_nothing(self, name: str, side: str) -> None:
        whole = legs(name)[side]
        leg = Leg(
            side,
            whole.times_s[:60],
            {k: v[:60] for k, v in whole.position.items()},
            {k: v[:60] for k, v in whole.velocity.items()},
            whole.unit,
        )
        assert len(find(name, leg)) == 0


LIMITS_S = {"kinematic": (0.010, 0.015), "rear": (0.015, 0.020), "legs": (0.020, 0.030)}
"""RMSE of contact and toe-off on perfect landmarks."""


@pytest.mark.parametrize("name", NAMES)
def test_events_are_those_of_the_runner(name: str) -> None:
    truth = sim.truth()
    for side in SIDES:
        found = find(name, legs(name)[side])
        ic = match_events(found.ic_s, truth.ic_s[side], 0.75, 9.7)
        to = match_events(found.to_s, truth.to_s[side], 0.75, 9.7)
        assert (ic.missed, ic.false) == (0, 0)
        assert (to.missed, to.false) == (0, 0)
        assert ic.rmse_s <= LIMITS_S[name][0]
        assert to.rmse_s <= LIMITS_S[name][1]

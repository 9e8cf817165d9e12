"""Where a clip shows quiet standing, and that no contact is found there."""

from __future__ import annotations

import numpy as np
import pytest
import runner as sim

from gait.events.detector import Contacts
from gait.metrics.measure import ClipMeasurement, Look, measure
from gait.metrics.standing import standing_samples, standing_spans, without_standing
from gait.model import INITIAL_CONTACT
from gait.pelvis.rolls import RearSeen
from gait.rearfoot.angles import FootAngles


def test_standing_needs_half_a_second_without_movement() -> None:
    leg = sim.stick_leg(seconds=2.0)
    # The heel moves until 0.4 s, the toe from 0.85 to 1.7 s: nowhere half a second of peace for both.
    leg.position["heel"][:400, 0] += np.linspace(-80.0, 0.0, 400)
    leg.position["toe"][850:1700, 0] += 40.0 * np.sin(np.linspace(0.0, 30.0, 850))
    assert standing_samples(leg) == []
    # Without the toe's movement up to 1.3 s the half second from 0.4 to 1.3 s is one of standing.
    leg.position["toe"][:1300] = leg.position["toe"][0]
    (found,) = standing_samples(leg)
    assert found.start == pytest.approx(400, abs=80)
    assert found.stop == pytest.approx(1300, abs=80)


def test_both_feet_must_be_still() -> None:
    left, right = sim.stick_leg(seconds=3.0, side="left"), sim.stick_leg(seconds=3.0)
    assert standing_spans({"left": left, "right": right}) == [(0.0, 2.999)]
    right.position["heel"][:1000, 0] += 40.0 * np.sin(np.linspace(0.0, 60.0, 1000))
    ((start_s, stop_s),) = standing_spans({"left": left, "right": right})
    assert start_s == pytest.approx(1.0, abs=0.1)
    assert stop_s == pytest.approx(2.999)


CONTACTS = Contacts(
    side="left",
    ic_s=np.array([0.5, 1.9, 2.6, 3.3]),
    to_s=np.array([0.8, 2.2, 2.9, np.nan]),
    ic_sd_s=np.array([0.01, 0.02, 0.03, 0.04]),
    to_sd_s=np.array([0.05, 0.06, 0.07, 0.08]),
    loose_to_s=np.array([2.4]),
)


def test_a_contact_that_begins_in_standing_is_none() -> None:
    found = without_standing(CONTACTS, [(0.0, 2.0)])
    np.testing.assert_array_equal(found.ic_s, [2.6, 3.3])
    np.testing.assert_array_equal(found.to_s, [2.9, np.nan])
    np.testing.assert_array_equal(found.ic_sd_s, [0.03, 0.04])
    np.testing.assert_array_equal(found.to_sd_s, [0.07, 0.08])
    # The first step off the standing leg is a toe-off; one while both feet stand still is none.
    np.testing.assert_array_equal(found.loose_to_s, [2.2, 2.4])


def test_contacts_elsewhere_stay() -> None:
    assert without_standing(CONTACTS, []) is CONTACTS
    assert without_standing(CONTACTS, [(10.0, 12.0)]) is CONTACTS


class TestFromBehind:
    """Standing before or after a run filmed from behind."""

    @staticmethod
    def clip(before_s: float, after_s: float = 0.0, look: Look | None = None) -> ClipMeasurement:
        pose = sim.joined(sim.standing_from_behind(before_s), sim.noisy(sim.seen_from_behind(), 0.5))
        if after_s:
            pose = sim.joined(pose, sim.standing_from_behind(after_s))
        return measure(pose, sim.options(), look=look)

    @pytest.mark.parametrize(("before_s", "after_s"), [(1.0, 0.0), (2.0, 3.0), (8.0, 0.0)])
    def test_the_run_is_measured_and_nothing_else(self, before_s: float, after_s: float) -> None:
        clip = self.clip(before_s, after_s)
        contacts = [e.time_s for e in clip.events if e.kind == INITIAL_CONTACT]
        assert min(contacts) > before_s
        assert max(contacts) < before_s + 10.6
        plain = measure(sim.noisy(sim.seen_from_behind(), 0.5), sim.options())
        cadences = [m.value for c in (clip, plain) for m in c.metrics if m.name == "cadence_spm"]
        assert cadences[0] == pytest.approx(cadences[1], abs=0.5)

    def test_the_heels_are_looked_at_while_standing(self) -> None:
        told = []

        def look(pose: object, stances: dict[str, list[object]], standing_s: list[tuple[float, float]]) -> object:
            told.extend(standing_s)
            return RearSeen({side: FootAngles(side, None, reason="not looked at") for side in stances})

        self.clip(2.0, 3.0, look)  # type: ignore[arg-type]
        (first, last) = told
        assert first == pytest.approx((0.0, 2.0), abs=0.1)
        assert last[0] == pytest.approx(12.5, abs=0.2)
        assert last[1] - last[0] > 2.7

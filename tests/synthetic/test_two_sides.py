"""The simulated runner filmed from both sides: what is even comes out even, and what is not does not."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest
import runner as sim
from two_sides import by_name, from_the_left, joined, part_of

from gait.errors import QualityError
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.merge import Part
from gait.metrics.symmetry import is_difference
from gait.model import GaitAnalysis

NOISE_PX = 0.5
COMPARED = tuple(n for n, s in CATALOGUE.items() if s.of and s.view != "rear")


@lru_cache
def right_side() -> Part:
    return part_of(sim.runner(noise_px=NOISE_PX), "v1")


@lru_cache
def both_sides(noise_seed: int = 2) -> GaitAnalysis:
    return joined(sim.runner(noise_px=NOISE_PX), from_the_left(sim.runner(noise_px=NOISE_PX, seed=noise_seed)))


@pytest.mark.parametrize("name", COMPARED)
def test_an_even_runner_is_found_even(name: str) -> None:
    found = by_name(both_sides())[name, "both"]
    assert isinstance(found.value, float)
    assert found.ci95 is not None
    assert found.ci95[0] <= 0.0 <= found.ci95[1]
    assert is_difference(found) is False
    assert found.confidence == "medium"


@pytest.mark.parametrize("name", COMPARED)
def test_the_mirror_image_of_a_clip_differs_in_nothing(name: str) -> None:
    pose = sim.runner(noise_px=NOISE_PX)
    found = by_name(joined(pose, from_the_left(pose)))[name, "both"]
    assert found.value == pytest.approx(0.0, abs=1e-6)


def test_both_legs_have_the_numbers_of_their_own_clip() -> None:
    found, alone = by_name(both_sides()), {(m.name, m.side): m for m in right_side().analysis.metrics}
    for name in ("shank_angle_ic_deg", "knee_flexion_ic_deg", "foot_strike_angle_deg", "ground_contact_time_ms"):
        assert found[name, "right"].value == alone[name, "right"].value
        assert found[name, "right"].video == "v1"
        assert found[name, "left"].video == "v2"
        assert found[name, "left"].confidence == "medium"


def test_the_order_of_the_clips_changes_no_number() -> None:
    right, left = sim.runner(noise_px=NOISE_PX), from_the_left(sim.runner(noise_px=1.0, seed=5))
    one, other = by_name(joined(right, left)), by_name(joined(left, right))
    assert list(one) == list(other)
    for key, metric in one.items():
        assert metric.value == other[key].value, key
        assert metric.ci95 == other[key].ci95, key
        assert (metric.confidence, metric.reason, metric.sdc) == (
            other[key].confidence,
            other[key].reason,
            other[key].sdc,
        ), key


@pytest.mark.parametrize(("roll_deg", "larger"), [(8.0, "left"), (-8.0, "right")])
def test_a_crooked_picture_of_one_side_shows_as_a_difference_of_the_right_sign(roll_deg: float, larger: str) -> None:
    # A horizon that rises to the left tips a runner to the left so that the ankle comes further ahead of the knee.
    left = sim.rolled(from_the_left(sim.runner(noise_px=NOISE_PX, seed=2)), -roll_deg)
    found = by_name(joined(sim.runner(noise_px=NOISE_PX), left))["symmetry_shank_angle_ic_deg", "both"]
    # Contact itself is found a little earlier or later on a belt that seems to climb.
    assert found.value == pytest.approx(roll_deg, abs=2.0)
    assert isinstance(found.value, float)
    assert (found.value > 0) is (larger == "left")
    assert is_difference(found) is True


def test_another_belt_speed_is_seen_and_nothing_is_compared() -> None:
    right = sim.runner(noise_px=NOISE_PX)
    left = from_the_left(sim.stretched(sim.runner(noise_px=NOISE_PX, seed=2), 1.05))
    found = by_name(joined(right, left))
    for name in COMPARED:
        assert found[name, "both"].value is None, name
        assert re.search(r"(4\.[5-9]|5\.[0-5]) % apart", found[name, "both"].reason or "")
    codes = [w.code for w in joined(right, left).quality.warnings]
    assert codes[:2] == ["belt_speed_differs", "cadence_differs"]


def test_a_small_change_of_speed_is_borne() -> None:
    left = from_the_left(sim.stretched(sim.runner(noise_px=NOISE_PX, seed=2), 1.015))
    found = by_name(joined(sim.runner(noise_px=NOISE_PX), left))
    assert all(isinstance(found[name, "both"].value, float) for name in COMPARED)


def test_belt_speed_is_seen_alike_from_both_sides_whatever_the_picture() -> None:
    speeds = [
        right_side().belt_leg_s,
        part_of(from_the_left(sim.runner(noise_px=NOISE_PX, seed=2)), "v2").belt_leg_s,
        part_of(sim.scaled(sim.runner(noise_px=NOISE_PX), 2.0), "v3", size_px=(2560, 1440)).belt_leg_s,
    ]
    assert speeds == pytest.approx([speeds[0]] * 3, rel=0.01)
    # Thigh and shank of this drawn body are 0.491 of its height; as the heel rises, heel and ankle fall a little
    # behind the belt.
    belt = sim.truth().belt_speed_m_s / (0.491 * sim.truth().height_m)
    assert 0.88 * belt < speeds[0] < belt


@pytest.mark.parametrize("stretch", [0.93, 1.04, 1.10])
def test_a_change_of_belt_speed_is_seen_in_full(stretch: float) -> None:
    changed = part_of(from_the_left(sim.stretched(sim.runner(noise_px=NOISE_PX, seed=2), stretch)), "v2").belt_leg_s
    assert right_side().belt_leg_s / changed == pytest.approx(stretch, abs=0.007)


def test_the_rear_clip_joins_and_the_side_keeps_its_numbers() -> None:
    found = joined(sim.runner(noise_px=NOISE_PX), sim.seen_from_behind())
    rows, alone = by_name(found), {(m.name, m.side): m for m in right_side().analysis.metrics}
    assert [v.view for v in found.videos] == ["right", "rear"]
    for key, metric in alone.items():
        if metric.value is not None:
            assert rows[key].value == metric.value, key
    assert rows["symmetry_shank_angle_ic_deg", "both"].value is None


def test_the_same_side_twice_is_refused() -> None:
    with pytest.raises(QualityError, match="both show the runner's right side"):
        joined(sim.runner(), sim.runner(noise_px=NOISE_PX))

"""Is it slow motion, and which; does the speed change half-way."""

from __future__ import annotations

import numpy as np
import pytest
import runner as sim

from gait.model import PoseSequence
from gait.signals.spectral import leg_separation
from gait.signals.tempo import propose_capture_rate, steady_part
from gait.skeleton import BLAZEPOSE


@pytest.mark.parametrize(
    ("file_rate_hz", "cadence_spm", "speed_ratio", "wanted_hz", "factor"),
    [
        (30.0, 21.25, None, 240.0, 8.0),
        (60.0, 85.0, None, 120.0, 2.0),
        (30.0, 85.0, None, 60.0, 2.0),
        (25.0, 40.0, None, 100.0, 4.0),
        # 42.5 steps/min at 30 Hz: 120 fits cadence best, but a belt 3.3 times as fast says 100.
        (30.0, 42.5, None, 120.0, 4.0),
        (30.0, 42.5, 3.3, 100.0, 100 / 30),
        # A belt speed that agrees with the file's time says nothing about the factor.
        (30.0, 42.5, 1.02, 120.0, 4.0),
    ],
)
def test_proposed_capture_rate(
    file_rate_hz: float, cadence_spm: float, speed_ratio: float | None, wanted_hz: float, factor: float
) -> None:
    found = propose_capture_rate(file_rate_hz, cadence_spm, speed_ratio)
    assert found is not None
    assert found.capture_rate_hz == wanted_hz
    assert found.factor == pytest.approx(factor)


@pytest.mark.parametrize("cadence_spm", [300.0, 3.0])
def test_nothing_is_proposed_where_no_camera_explains_it(cadence_spm: float) -> None:
    assert propose_capture_rate(30.0, cadence_spm) is None


def part_of(pose: PoseSequence) -> slice | None:
    left, right = BLAZEPOSE.indices(["left_ankle", "right_ankle"])
    separation = leg_separation(pose.xy_px[:, left], pose.xy_px[:, right], 250.0)
    return steady_part(pose.times_s, separation)


def ramped(slow: float, from_s: float, to_s: float) -> PoseSequence:
    """Phone slow motion as it is exported: normal speed at first, then ``slow`` times slower, then normal again."""
    pose = sim.runner(120)
    steps = np.diff(pose.times_s, prepend=pose.times_s[0])
    inside = (pose.times_s > from_s) & (pose.times_s <= to_s)
    return PoseSequence(
        np.cumsum(np.where(inside, slow * steps, steps)),
        pose.xy_px,
        pose.score,
        pose.depth,
        pose.skeleton,
        pose.estimator,
        pose.version,
    )


def test_one_speed_has_no_part() -> None:
    assert part_of(sim.runner(60, noise_px=1.0)) is None
    assert part_of(sim.stretched(sim.runner(240), 8.0)) is None


def test_a_ramp_half_way_is_found() -> None:
    pose = ramped(4.0, 5.5, 20.0)
    found = part_of(pose)
    assert found is not None
    start_s, stop_s = pose.times_s[found.start], pose.times_s[found.stop - 1]
    # In file time the slow part lasts from 5.5 s to the end at 25.4 s.
    assert 5.5 <= start_s < 9.0
    assert 20.0 < stop_s <= 25.5


@pytest.mark.parametrize(("slow", "from_s", "to_s"), [(4.0, 4.0, 8.0), (8.0, 2.5, 9.0), (8.0, 5.0, 20.0)])
def test_short_parts_at_normal_speed_are_seen(slow: float, from_s: float, to_s: float) -> None:
    pose = ramped(slow, from_s, to_s)
    found = part_of(pose)
    assert found is not None
    slow_until_s = from_s + slow * (min(to_s, 10.48) - from_s)
    assert from_s <= pose.times_s[found.start]
    assert pose.times_s[found.stop - 1] <= slow_until_s + 0.01


def test_no_rhythm_no_part() -> None:
    assert steady_part(np.arange(100) / 60, np.zeros(100)) is None

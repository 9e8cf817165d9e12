"""Contact and toe-off of a foot of which only ankle and heel are in the picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from gait.events.close_up import (
    CloseUpContactRule,
    CloseUpDetector,
    CloseUpToeOffRule,
    MeanStance,
    mean_stance,
    shank_of,
    stances_of,
)
from gait.signals.legs import Leg

STRIDE_S, COUNT = 0.72, 12
FALL_S, LOWEST_S = 0.12, 0.25
"""When the ankle falls fastest, and when the foot is lowest, in every stride."""

few = settings(max_examples=15, deadline=None, derandomize=True, database=None)

_KNOTS = (
    (0.0, -2.0),
    (0.06, 0.3),
    (FALL_S, -2.5),
    (0.16, -1.2),
    (0.21, -1.2),
    (LOWEST_S, 0.0),
    (0.34, 5.0),
    (0.45, 5.0),
)


def ankle_speed(phase_s: np.ndarray) -> np.ndarray:
    """Up the picture, shank lengths per second: hovering, falling, sliding, lifting, and down again out of sight."""
    after = [(0.53, 0.0), (0.62, -4.0), (STRIDE_S, -2.0)]
    knots = np.array([*_KNOTS, *after])
    speed = PchipInterpolator(*knots.T)
    mean = speed.integrate(0.0, STRIDE_S) / STRIDE_S
    high = (phase_s > 0.36) & (phase_s < 0.66)
    # What the stride rises it must fall again: all of the difference is put where no rule looks.
    share = 0.30 / STRIDE_S
    return np.asarray(speed(phase_s) - np.where(high, mean / share, 0.0))


def made(scale: float = 100.0, shift_px: float = 0.0, side: str = "right", stretch: float = 1.0) -> Leg:
    times_s = np.arange(0.0, COUNT * STRIDE_S * stretch, 0.001)
    speed = ankle_speed((times_s / stretch) % STRIDE_S) * scale / stretch
    height = np.cumsum(speed) * 0.001 + shift_px
    nothing = np.zeros_like(height)
    paths = {"ankle": 0.0, "heel": -0.2 * scale, "knee": scale, "hip": 2.0 * scale, "toe": -0.2 * scale}
    position = {part: np.stack([nothing, height + up], axis=1) for part, up in paths.items()}
    velocity = {part: np.stack([nothing, speed], axis=1) for part in paths}
    for extra in ("mid_hip", "mid_shoulder"):
        position[extra], velocity[extra] = position["hip"], velocity["hip"]
    return Leg(side, times_s, position, velocity, "px")


def test_contact_follows_the_fastest_fall() -> None:
    found = CloseUpDetector()(made(), STRIDE_S, 1 / 60)
    true = np.arange(COUNT) * STRIDE_S + FALL_S + CloseUpContactRule().fastest_s
    assert len(found) >= COUNT - 2
    nearest = true[np.abs(found.ic_s[:, None] - true).argmin(axis=1)]
    assert found.ic_s == pytest.approx(nearest, abs=0.006)


def test_toe_off_is_where_the_heel_has_risen_above_its_slide() -> None:
    leg = made()
    mean = mean_stance(stances_of(leg, STRIDE_S), STRIDE_S)
    assert mean is not None
    rule = CloseUpToeOffRule()
    low_s, high_s = rule.cues(mean, -0.13)
    part = mean.within(-0.03, 0.3 * STRIDE_S)
    slide = np.median(mean.heel_up[mean.within(-0.13 * 0.75, -0.13 * 0.3)])
    risen = np.cumsum(mean.heel_up[part] - slide) * 0.001
    for found_s, height in zip((low_s, high_s), rule.heights, strict=True):
        assert np.interp(found_s, mean.times_s[part], risen) == pytest.approx(height, abs=0.006)
    assert rule(mean, -0.13) == pytest.approx(np.mean(np.array([low_s, high_s]) + rule.after_s))


@few
@given(st.floats(20.0, 800.0), st.floats(-500.0, 500.0), st.sampled_from(["left", "right"]))
def test_size_place_and_side_do_not_matter(scale: float, shift_px: float, side: str) -> None:
    plain, other = (CloseUpDetector()(leg, STRIDE_S, 1 / 60) for leg in (made(), made(scale, shift_px, side)))
    assert other.side == side
    assert other.ic_s == pytest.approx(plain.ic_s, abs=0.002)
    assert other.to_s == pytest.approx(plain.to_s, abs=0.002, nan_ok=True)


@few
@given(st.floats(0.9, 1.2))
def test_a_slower_runner_comes_down_later(stretch: float) -> None:
    found = CloseUpDetector()(made(stretch=stretch), STRIDE_S * stretch, 1 / 60)
    phase_s = (found.ic_s - CloseUpContactRule().fastest_s) % (STRIDE_S * stretch) / stretch
    assert phase_s == pytest.approx(np.full(len(phase_s), FALL_S), abs=0.008)


def dip(at_s: float, depth: float) -> np.ndarray:
    times_s = np.arange(-0.32, 0.25, 0.001)
    return np.asarray(-1.0 - depth * np.exp(-(((times_s - at_s) / 0.02) ** 2)))


def stance(ankle: np.ndarray, heel: np.ndarray) -> MeanStance:
    return MeanStance(np.arange(-0.32, 0.25, 0.001), heel, ankle, STRIDE_S)


def test_where_the_ankle_is_hidden_the_heel_tells() -> None:
    seen = stance(np.full(570, np.nan), dip(-0.14, 2.0))
    assert CloseUpContactRule().cue(seen) == pytest.approx(-0.14, abs=0.001)
    assert np.isnan(CloseUpContactRule().cue(stance(np.full(570, -1.0), np.full(570, -1.0))))


def test_the_deepest_dip_near_contact_counts() -> None:
    ankle = dip(-0.14, 1.0) + dip(-0.10, 0.3) + 3.0 * dip(-0.30, 2.0) + 3.0 * dip(0.0, 2.0)
    assert CloseUpContactRule().cue(stance(ankle, ankle)) == pytest.approx(-0.14, abs=0.004)


def test_unknown_shank() -> None:
    leg = made()
    leg.position["knee"][:] = np.nan
    assert np.isnan(shank_of(leg))
    assert shank_of(made(123.0)) == pytest.approx(123.0)

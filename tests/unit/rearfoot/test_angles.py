"""The curve over stance: prescribed eversion comes back from scattered, sparse and hidden pictures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.model import Floats
from gait.rearfoot.angles import TAPE, FootAngles, FrameAngle, Stance, StanceCurves, stance_curves, stance_values
from gait.rearfoot.look import middles_of, runs, whole


def eversion(share: Floats, contact_deg: float, peak_deg: float, at: float = 0.42) -> Floats:
    """A rise to the peak and a return to the contact value."""
    rise = contact_deg + (peak_deg - contact_deg) * np.sin(np.pi / 2 * np.clip(share / at, 0, 1)) ** 1.2
    fall = peak_deg + (contact_deg - peak_deg) * np.clip((share - at) / (1 - at), 0, 1) ** 2
    return np.where(share < 0, contact_deg, np.where(share < at, rise, fall))


def run(
    count: int = 12,
    rate_hz: float = 60.0,
    noise_deg: float = 0.7,
    *,
    side: str = "right",
    contact_deg: float = -4.0,
    peak_deg: float = 8.0,
    seed: int = 1,
) -> tuple[FootAngles, list[Stance], Floats]:
    """Pictures of a run: what was read, the stances, and the true excursion of each."""
    rng = np.random.default_rng(seed)
    ic = 0.21 + np.arange(count) * 0.713 + rng.normal(0, 0.004, count)
    stances = [Stance(side, float(t), float(t) + 0.25) for t in ic]
    true = rng.normal(0, 0.6, count)
    sign = 1.0 if side == "right" else -1.0
    line = np.zeros((2, 2))
    frames = []
    for i, time_s in enumerate(np.arange(0, ic[-1] + 0.3, 1 / rate_hz)):
        for stance, extra in zip(stances, true, strict=True):
            share = (time_s - stance.ic_s) / 0.25
            # Pictures are read from 95 ms before contact on.
            if -0.38 <= share <= 1.0:
                angle = eversion(np.array([share]), contact_deg, peak_deg + extra)[0] + rng.normal(0, noise_deg)
                frames.append(FrameAngle(i, float(time_s), 3.0, 3.0 + sign * float(angle), line, line))
    return FootAngles(side, TAPE, tuple(frames)), stances, peak_deg + true - contact_deg


@settings(max_examples=25, deadline=None)
@given(
    contact_deg=st.floats(-10, 2),
    excursion_deg=st.floats(3, 18),
    rate_hz=st.sampled_from([60.0, 120.0]),
    side=st.sampled_from(["left", "right"]),
    seed=st.integers(0, 99),
)
def test_excursion_comes_back(contact_deg: float, excursion_deg: float, rate_hz: float, side: str, seed: int) -> None:
    """Half of the 2 deg that tape is allowed: the rest belongs to the picture."""
    angles, stances, true = run(
        side=side, contact_deg=contact_deg, peak_deg=contact_deg + excursion_deg, rate_hz=rate_hz, seed=seed
    )
    curves = stance_curves(angles, stances)
    assert curves is not None
    values = stance_values(curves, stances)
    assert np.nanmedian(values.excursion_deg) == pytest.approx(np.median(true), abs=1.0)
    assert np.nanmedian(values.at_ic_deg) == pytest.approx(contact_deg, abs=1.0)


def test_time_to_peak_comes_back() -> None:
    angles, stances, _ = run(20, 120.0, contact_deg=-4, peak_deg=9)
    curves = stance_curves(angles, stances)
    assert curves is not None
    assert np.nanmedian(stance_values(curves, stances).time_to_peak_s) == pytest.approx(0.105, abs=0.015)


@pytest.mark.parametrize("late_s", [-0.03, 0.0, 0.02])
def test_time_to_peak_does_not_hang_on_contacts_that_are_off(late_s: float) -> None:
    """All contacts late, or early, by the same: the rearfoot's own turn tells when the foot landed."""
    angles, stances, _ = run(20, 120.0, contact_deg=-4, peak_deg=9)
    seen = [Stance(s.side, s.ic_s + late_s, s.to_s) for s in stances]
    curves = stance_curves(angles, seen)
    assert curves is not None
    values = stance_values(curves, seen)
    assert np.nanmedian(values.time_to_peak_s) == pytest.approx(0.105, abs=0.015)
    assert np.nanmedian(values.excursion_deg) == pytest.approx(13.0, abs=1.0)


def test_a_curve_that_never_rises_has_no_time_to_its_peak() -> None:
    grid = np.arange(-16, 101) / 100
    falling = 3.0 - 5.0 * grid
    curves = StanceCurves(grid, np.tile(falling, (8, 1)), (grid,) * 8, falling, 0.5)
    values = stance_values(curves, [Stance("left", float(k), k + 0.25) for k in range(8)])
    assert np.isnan(values.time_to_peak_s).all()


def test_outliers_do_not_move_the_curve() -> None:
    angles, stances, true = run(15, seed=4)
    rng = np.random.default_rng(2)
    wild = [
        FrameAngle(f.frame, f.time_s, f.shank_deg, f.heel_deg + float(rng.choice([-40, 60])), f.shank_px, f.heel_px)
        if rng.random() < 0.08
        else f
        for f in angles.frames
    ]
    curves = stance_curves(FootAngles("right", TAPE, tuple(wild)), stances)
    assert curves is not None
    assert np.nanmedian(stance_values(curves, stances).excursion_deg) == pytest.approx(np.median(true), abs=1.2)


def test_contact_that_the_other_foot_hides_has_no_value() -> None:
    angles, stances, _ = run(10)
    free = tuple(f for f in angles.frames if all(abs(f.time_s - s.ic_s) > 0.045 for s in stances))
    curves = stance_curves(FootAngles("right", TAPE, free), stances)
    assert curves is not None
    values = stance_values(curves, stances)
    assert np.isnan(values.at_ic_deg).all()
    assert np.isnan(values.excursion_deg).all()
    assert np.isfinite(values.peak_deg).all()


def test_too_few_pictures_give_no_curve() -> None:
    angles, stances, _ = run(10)
    assert stance_curves(FootAngles("right", TAPE, angles.frames[:15]), stances) is None


def test_standing_is_zero() -> None:
    angles, _, _ = run()
    moved = FootAngles("right", TAPE, angles.frames, zero_deg=5.0)
    assert moved.eversion_deg() == pytest.approx(angles.eversion_deg() - 5.0)


def test_partly_hidden_marks_are_left_out() -> None:
    """The mark grows over stance; what the other foot covers is smaller than its neighbours in phase."""
    angles, stances, _ = run(10)
    sizes, hidden = [], []
    for i, frame in enumerate(angles.frames):
        share = min((frame.time_s - s.ic_s) / 0.25 for s in stances if frame.time_s > s.ic_s - 0.10)
        hidden.append(share < 0.25 and i % 2 == 0)
        sizes.append((0.010 + 0.004 * share) * (0.5 if hidden[-1] else 1.0))
    kept = whole(list(zip(angles.frames, sizes, strict=True)), stances)
    assert {id(f) for f in kept} == {id(f) for f, h in zip(angles.frames, hidden, strict=True) if not h}


def test_pictures_far_apart_are_fetched_by_themselves() -> None:
    assert runs([]) == []
    assert runs([3, 4, 100, 400, 420]) == [[3, 4, 100], [400, 420]]


def test_tape_is_looked_for_in_the_middle_of_stances_all_over_the_clip() -> None:
    times_s = np.arange(0, 40, 1 / 60)
    stances = [Stance("left", 0.7 * k, 0.7 * k + 0.25) for k in range(57)]
    found = middles_of(times_s, stances)
    assert len(found) == 30
    shares = (times_s[found] % 0.7) / 0.25
    assert ((shares > 0.15) & (shares < 0.7)).all()
    assert found[-1] / len(times_s) > 0.95
    assert middles_of(times_s[:10], stances[:1]) == [3, 6, 9]


@pytest.mark.parametrize("late_s", [-0.060, -0.025, 0.030, 0.060])
def test_rough_contact_times_do_not_spoil_the_excursion(late_s: float) -> None:
    """In a close-up contacts are up to 60 ms off; the steepest rise of the curve says where contact is."""
    angles, stances, true = run(14)
    moved = [Stance(s.side, s.ic_s + late_s, s.to_s + late_s) for s in stances]
    curves = stance_curves(angles, moved)
    assert curves is not None
    values = stance_values(curves, moved, rough=True)
    assert np.nanmedian(values.excursion_deg) == pytest.approx(np.median(true), abs=1.5)


@pytest.mark.parametrize("first", [-0.04, 0.02, 0.10, 0.30])
def test_contact_before_the_first_picture_has_no_value(first: float) -> None:
    """Hidden until shortly before or after contact: what lies before the first picture would be invented."""
    angles, stances, _ = run(14, 120.0, noise_deg=0.4)
    seen = tuple(
        f for f in angles.frames if any(first <= (f.time_s - s.ic_s) / (s.to_s - s.ic_s) <= 1.0 for s in stances)
    )
    curves = stance_curves(FootAngles("right", TAPE, seen), stances)
    assert curves is not None
    for rough in (False, True):
        values = stance_values(curves, stances, rough=rough)
        known = np.isfinite(values.excursion_deg)
        assert not known.any() or np.nanmedian(values.at_ic_deg) == pytest.approx(-4.0, abs=1.2)
        assert np.isfinite(values.peak_deg).all()
    assert not curves.covered()[curves.grid < first - 0.08].any()

"""How pixels move, and that a mark that is joined with them moves as they do."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from gait.rearfoot.motion import PixelMotion, bands_motion, joined

LINE = np.array([[150.0, 90.0], [150.0, 160.0]])


def texture(seed: int = 3) -> np.ndarray:
    noise = np.random.default_rng(seed).uniform(0, 255, (240, 320)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), 2.5))


def picture(back: np.ndarray, front: np.ndarray, moved: tuple[float, float]) -> np.ndarray:
    """A moving patch of texture in front of a still one."""
    shift = np.array([[1.0, 0.0, moved[0]], [0.0, 1.0, moved[1]]])
    mask = np.zeros(back.shape, np.float32)
    mask[80:170, 120:180] = 1.0
    mask, patch = (cv2.warpAffine(image, shift, (320, 240)) for image in (mask, front))
    both = mask * patch + (1 - mask) * back
    return np.asarray(np.clip(4 * (both - 127) + 127, 0, 255), np.uint8)


@pytest.mark.parametrize("moved", [(0.0, 0.0), (3.4, -2.0), (-1.3, 9.0)])
def test_the_band_moves_as_its_pixels(moved: tuple[float, float]) -> None:
    back, front = texture(1), texture(2)
    lines = np.stack([LINE, LINE * np.nan, LINE + np.array([10.0, 0.0])])
    found = bands_motion(picture(back, front, (0, 0)), picture(back, front, moved), lines, 20)
    assert found[[0, 2]] == pytest.approx(np.tile(moved, (2, 1)), abs=0.15)
    assert np.isnan(found[1]).all()


def test_nothing_to_hold_on_to() -> None:
    blank = np.full((240, 320), 90, np.uint8)
    assert np.isnan(bands_motion(blank, blank, LINE[None], 20)).all()
    assert np.isnan(bands_motion(blank, blank, (LINE * np.nan)[None], 20)).all()
    assert np.isnan(bands_motion(blank, blank, (LINE + 1000.0)[None], 20)).all()


def test_both_parts_are_told_in_px_of_the_picture_whatever_its_size() -> None:
    back, front = texture(1), texture(2)
    marks = np.full((2, 5, 2), np.nan)
    marks[0] = [(150, 60), (150, 95), (150, 125), (150, 130), (150, 150)]
    for size in (1, 3):
        follow = PixelMotion(180.0 * size)
        pair = (picture(back, front, (0, 0)), picture(back, front, (2.0, -4.0)))
        first, second = (
            np.repeat(cv2.resize(p, None, fx=size, fy=size, interpolation=cv2.INTER_CUBIC)[..., None], 3, axis=2)
            for p in pair
        )
        assert np.isnan(follow(first, marks * size)).all()
        found = follow(second, marks * size)
        assert found[0] == pytest.approx(np.tile([2.0 * size, -4.0 * size], (2, 1)), abs=0.4 * size)
        assert np.isnan(found[1]).all()


TIMES_S = np.arange(60) / 60.0
PATH = np.stack([0.02 * np.sin(9 * TIMES_S), 0.3 * np.sin(14 * TIMES_S)], axis=1)
STEPS = np.vstack([[np.nan, np.nan], np.diff(PATH, axis=0)])


def speed_error(found: np.ndarray) -> float:
    return float(np.abs(np.diff(found - PATH, axis=0)).max() * 60.0)


def test_a_mark_moves_as_the_pixels_say() -> None:
    marks = PATH + np.random.default_rng(0).normal(0, 0.02, PATH.shape)
    found = joined(TIMES_S, marks, STEPS)
    assert speed_error(found) < 0.3
    assert speed_error(marks) > 2.0
    assert np.abs(found - PATH).max() < 0.03


@pytest.mark.parametrize("rate_hz", [30, 60, 120, 240])
def test_pixels_steady_a_rough_mark_at_any_frame_rate(rate_hz: int) -> None:
    """Marks that scatter from picture to picture are fast where pictures are close; pixels are still believed."""
    times_s = np.arange(2 * rate_hz) / rate_hz
    path = np.stack([0.02 * np.sin(9 * times_s), 0.3 * np.sin(14 * times_s)], axis=1)
    steps = np.vstack([[np.nan, np.nan], np.diff(path, axis=0)])
    marks = path + np.random.default_rng(4).normal(0, 0.03, path.shape)
    found = joined(times_s, marks, steps)
    assert np.abs(np.diff(found - path, axis=0)).max() * rate_hz < 0.6


def test_pixels_of_another_leg_are_not_followed() -> None:
    astray = STEPS.copy()
    astray[20:26] += [0.0, 9.0 / 60.0]
    assert speed_error(joined(TIMES_S, PATH, astray)) < 1.0


def test_gaps_stay_gaps_and_single_marks_stay() -> None:
    marks = PATH.copy()
    marks[10:20] = marks[21:30] = np.nan
    found = joined(TIMES_S, marks, STEPS)
    assert (np.isnan(found) == np.isnan(marks)).all()
    assert found[20] == pytest.approx(PATH[20])


def test_without_pixels_a_mark_stays_near_where_it_was_seen() -> None:
    found = joined(TIMES_S, PATH, np.full_like(PATH, np.nan))
    assert np.abs(found - PATH).max() < 0.03

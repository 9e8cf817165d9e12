"""Tape on a drawn leg: found without its colour being told, its two lines read to half a degree."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.rearfoot.blobs import CALF, HEEL
from gait.rearfoot.patch import LegPatch, cut_leg
from gait.rearfoot.tape import Tape, find_tape, read_line

SHANK_PX = 200.0
SKIN, DARK_SKIN, SHOE = (205, 152, 122), (84, 56, 42), (52, 92, 190)
GREEN, MAGENTA, WHITE = (20, 190, 70), (230, 20, 140), (248, 248, 248)


def along(origin: np.ndarray, tilt_deg: float, by_px: float) -> np.ndarray:
    """A point below ``origin`` on a line whose lower end leans to the right."""
    turn = np.radians(tilt_deg)
    return np.asarray(origin + by_px * np.array([np.sin(turn), np.cos(turn)]))


def drawn_leg(
    shank_deg: float,
    heel_deg: float,
    tape: tuple[int, int, int] | None,
    *,
    heel: str = "dots",
    skin: tuple[int, int, int] = SKIN,
    scale: float = 1.0,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A picture of one leg from behind; returns it with knee and ankle (px)."""
    rng = np.random.default_rng(seed)
    big = 4
    picture = np.full((520, 400, 3), (128, 130, 122), np.uint8)
    picture = cv2.resize(picture, None, fx=big, fy=big, interpolation=cv2.INTER_NEAREST)
    knee = np.array([200.0, 90.0])
    ankle = along(knee, shank_deg, SHANK_PX)

    def fill(points: list[np.ndarray], colour: tuple[int, int, int]) -> None:
        cv2.fillPoly(picture, [np.round(np.array(points) * big).astype(np.int32)], colour)

    side = np.array([1.0, 0.0])
    fill([knee - 28 * side, knee + 28 * side, ankle + 17 * side, ankle - 17 * side], skin)
    top, bottom = along(ankle, heel_deg, 4.0), along(ankle, heel_deg, 58.0)
    fill([top - 19 * side, top + 19 * side, bottom + 24 * side, bottom - 24 * side], SHOE)
    if tape is not None:
        for share in (0.3, 0.65):
            cv2.circle(picture, np.round(along(knee, shank_deg, share * SHANK_PX) * big).astype(int), 5 * big, tape, -1)
        marks = [along(top, heel_deg, by) for by in (14.0, 40.0)]
        if heel == "dots":
            for mark in marks:
                cv2.circle(picture, np.round(mark * big).astype(int), 5 * big, tape, -1)
        else:
            cv2.line(picture, *(np.round(m * big).astype(int) for m in marks), tape, 9 * big)
    picture = cv2.resize(picture, None, fx=scale / big, fy=scale / big, interpolation=cv2.INTER_AREA)
    noisy = np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)
    return noisy, knee * scale, ankle * scale


def patch_of(shank_deg: float, heel_deg: float, tape: tuple[int, int, int] | None, **how: object) -> LegPatch:
    """The drawn leg, cut out as the landmarks of a pose model would have it: a little off."""
    picture, knee, ankle = drawn_leg(shank_deg, heel_deg, tape, **how)  # type: ignore[arg-type]
    scale = float(how.get("scale", 1.0))  # type: ignore[arg-type]
    off = np.random.default_rng(int(how.get("seed", 0)) + 1).normal(0, 3 * scale, (2, 2))  # type: ignore[call-overload]
    patch = cut_leg(picture, "right", 0, 0.0, knee + off[0], ankle + off[1], SHANK_PX * scale)
    assert patch is not None
    return patch


@cache
def found_in(tape: tuple[int, int, int] | None, **how: object) -> Tape | None:
    """Find the tape in a dozen drawn pictures."""
    return find_tape([patch_of(3 + k % 4, -4 + k, tape, seed=k, **how) for k in range(12)])


def tilt_deg(patch: LegPatch, points_px: np.ndarray) -> float:
    """Tilt of a line in the original picture."""
    across, down = np.diff(patch.in_picture(points_px), axis=0)[0]
    return float(np.degrees(np.arctan2(across, down)))


@pytest.mark.parametrize("skin", [SKIN, DARK_SKIN])
@pytest.mark.parametrize("heel", ["dots", "strip"])
@pytest.mark.parametrize("colour", [GREEN, MAGENTA, WHITE])
def test_lines_are_read_to_a_degree(colour: tuple[int, int, int], heel: str, skin: tuple[int, int, int]) -> None:
    """Targets: 2 deg for the excursion, so each line in one picture must be better than that."""
    tape = found_in(colour, heel=heel, skin=skin)
    assert tape is not None
    errors = []
    for seed, (shank, heel_tilt) in enumerate([(0, 0), (4, -8), (-5, 9), (8, 16)]):
        patch = patch_of(shank, heel_tilt, colour, heel=heel, skin=skin, seed=50 + seed)
        lines = [read_line(patch, tape, zone) for zone in (CALF, HEEL)]
        assert all(line is not None for line in lines)
        errors += [
            tilt_deg(patch, line.points_px) - true for line, true in zip(lines, (shank, heel_tilt), strict=True) if line
        ]
    assert np.abs(errors).max() < 1.5


def test_no_tape_is_found_where_there_is_none() -> None:
    assert found_in(None) is None


def test_a_named_colour_of_another_hue_finds_nothing() -> None:
    from gait.rearfoot.look import lab_of_colour

    patches = [patch_of(3, -4 + k, GREEN, seed=k) for k in range(8)]
    assert find_tape(patches, lab_of_colour("#e0148c")) is None
    assert find_tape(patches, lab_of_colour("#20c040")) is not None


@settings(max_examples=12, deadline=None)
@given(scale=st.floats(0.6, 2.2), shift=st.integers(0, 30))
def test_size_of_the_picture_does_not_matter(scale: float, shift: int) -> None:
    tape = found_in(GREEN)
    assert tape is not None
    patch = patch_of(3, 12, GREEN, scale=scale, seed=200 + shift)
    line = read_line(patch, tape, HEEL)
    assert line is not None
    assert tilt_deg(patch, line.points_px) == pytest.approx(12, abs=2.0)

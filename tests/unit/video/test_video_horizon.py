"""The camera's roll from drawn rooms and from the samples, turned by known angles."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from gait.video.deck import Deck
from gait.video.decode import pick_frames
from gait.video.horizon import (
    DECK,
    FRAMES,
    LEVEL,
    UPRIGHT,
    Horizon,
    background,
    find_horizon,
    frames_of_room,
    horizon_of,
)
from gait.video.probe import probe

SIZE = (960, 540)
SAMPLES = Path(__file__).parents[3] / "sample_videos"
ANGLES = [-4.0, -2.0, -1.0, 1.0, 2.0, 4.0]


def project(points: NDArray[np.float64], yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """Picture of points (x right, y up, z away; m) by a camera that is turned, tilted up and rolled, deg."""
    a, b, c = np.radians([yaw, pitch, roll])
    turn = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    tilt = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    x, y, z = (tilt @ turn @ points.T).reshape(3, -1)
    u, v = 1.1 * SIZE[0] * x / z, 1.1 * SIZE[0] * y / z
    # What is level rises to the right by the roll.
    u, v = u * np.cos(c) - v * np.sin(c), u * np.sin(c) + v * np.cos(c)
    return np.stack([SIZE[0] / 2 + u, SIZE[1] / 2 - v], axis=1)


def room(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> NDArray[np.uint8]:
    """A wall 4 m away with door frames, shelves and pictures on it, all upright and level."""
    picture = np.full((SIZE[1], SIZE[0]), 170, dtype=np.uint8)
    boxes = [(-1.5, -0.9, 0.5, 1.8), (-0.5, -0.3, 0.7, 0.5), (0.8, -0.8, 0.6, 1.6), (-0.6, 0.5, 1.2, 0.15)]
    for shade, (x, y, width, height) in zip((60, 110, 40, 90), boxes, strict=True):
        corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
        flat = project(np.column_stack([corners, np.full(4, 4.0)]), yaw, pitch, roll)
        cv2.fillPoly(picture, [np.round(flat * 16).astype(np.int32)], shade, cv2.LINE_AA, 4)
    noise = np.random.default_rng(1).normal(0.0, 2.0, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("roll", [0.0, *ANGLES])
@pytest.mark.parametrize(("yaw", "pitch"), [(0.0, 0.0), (8.0, 0.0), (0.0, 8.0), (-6.0, 5.0)])
def test_a_drawn_room_shows_its_roll(roll: float, yaw: float, pitch: float) -> None:
    found = horizon_of(room(yaw, pitch, roll))
    assert found is not None
    assert found.angle_deg == pytest.approx(roll, abs=0.5)
    assert found.sd_deg < 0.5


def test_off_the_middle_a_tilted_camera_leans_what_is_upright() -> None:
    pitch, roll = 10.0, 1.0
    upright = project(np.array([[1.0, -0.2, 4.0], [1.0, 0.2, 4.0]]), 0.0, pitch, roll)
    (x1, y1), (x2, y2) = upright
    leaning = float(np.degrees(np.arctan2(-(x2 - x1), y1 - y2)))
    found = horizon_of(room(0.0, pitch, roll), at_x_px=float((x1 + x2) / 2))
    assert found is not None
    assert abs(leaning - roll) > 2.0
    assert found.angle_deg == pytest.approx(leaning, abs=0.6)


def test_an_empty_wall_shows_nothing() -> None:
    assert horizon_of(np.full((540, 960), 128, dtype=np.uint8)) is None


def test_level_edges_alone_are_not_believed() -> None:
    picture = np.full((540, 960), 170, dtype=np.uint8)
    for y in (100, 300, 450):
        cv2.line(picture, (0, y), (959, y - 40), 40, 3, cv2.LINE_AA)
    assert horizon_of(picture) is None


def test_upright_and_level_edges_that_disagree_are_not_believed() -> None:
    picture = np.full((540, 960), 170, dtype=np.uint8)
    for y in (100, 300, 450):
        cv2.line(picture, (0, y), (959, y - 80), 40, 3, cv2.LINE_AA)
    for x in (200, 500, 800):
        cv2.line(picture, (x, 0), (x, 539), 40, 3, cv2.LINE_AA)
    assert horizon_of(picture) is None


def with_deck(
    picture: NDArray[np.uint8], incline_deg: float, roll: float, *, towards: int = 1, yaw: float = 0.0
) -> NDArray[np.uint8]:
    """Draw a deck 0.9 m below the camera that rises to the right (``towards`` 1) or left: its top and its side."""
    shown, rise = picture.copy(), towards * np.tan(np.radians(incline_deg))
    near, far, half, thick = 3.7, 4.3, 0.95, 0.15

    def corner(x: float, down: float, z: float) -> tuple[float, float, float]:
        return x, -0.9 + x * rise - down, z

    top = [corner(-half, 0, near), corner(half, 0, near), corner(half, 0, far), corner(-half, 0, far)]
    side = [corner(-half, 0, near), corner(half, 0, near), corner(half, thick, near), corner(-half, thick, near)]
    for shade, corners in ((60, top), (110, side)):
        flat = project(np.array(corners), yaw, 0.0, roll)
        cv2.fillPoly(shown, [np.round(flat * 16).astype(np.int32)], shade, cv2.LINE_AA, 4)
    return shown


def deck(rises_deg: float | None) -> Deck:
    """Where :func:`with_deck` draws it."""
    return Deck(100.0, 380.0, 860.0, 539.0, rises_deg)


EMPTY = np.full((SIZE[1], SIZE[0]), 170, dtype=np.uint8)
FIVE, TEN = (float(np.degrees(np.arctan(pct / 100))) for pct in (5.0, 10.0))


@pytest.mark.parametrize("incline_deg", [0.0, FIVE, TEN])
@pytest.mark.parametrize("roll", [-3.0, 0.0, 2.0])
@pytest.mark.parametrize("towards", [1, -1])
class TestInclinedDeck:
    def test_with_the_incline_it_shows_the_roll_by_itself(self, incline_deg: float, roll: float, towards: int) -> None:
        picture = with_deck(EMPTY, incline_deg, roll, towards=towards)
        found = horizon_of(picture, deck=deck(towards * incline_deg))
        assert found is not None
        assert found.angle_deg == pytest.approx(roll, abs=0.3)
        # A camera that is not square to the treadmill would make the same picture.
        assert 0.5 < found.sd_deg < 1.2
        assert set(found.kinds) == {DECK}
        assert horizon_of(picture, deck=deck(None)) is None

    @pytest.mark.parametrize("entered", [True, False])
    def test_a_room_decides_whether_it_was_entered_or_not(
        self, incline_deg: float, roll: float, towards: int, entered: bool
    ) -> None:
        picture = with_deck(room(roll=roll), incline_deg, roll, towards=towards)
        found = horizon_of(picture, deck=deck(towards * incline_deg if entered else None))
        assert found is not None
        assert found.angle_deg == pytest.approx(roll, abs=0.3)
        assert {UPRIGHT, LEVEL} <= set(found.kinds)
        assert (DECK in found.kinds) or not entered


def test_a_wrong_incline_does_not_overrule_the_room() -> None:
    found = horizon_of(with_deck(room(roll=1.0), FIVE, 1.0), deck=deck(TEN))
    assert found is not None
    assert found.angle_deg == pytest.approx(1.0, abs=0.3)


def test_a_camera_not_square_to_the_treadmill_is_within_the_uncertainty() -> None:
    found = horizon_of(with_deck(EMPTY, FIVE, 1.0, yaw=5.0), deck=deck(FIVE))
    assert found is not None
    assert abs(found.angle_deg - 1.0) <= 2 * found.sd_deg


def test_a_deck_filmed_far_aside_shows_no_roll() -> None:
    assert horizon_of(with_deck(EMPTY, 0.0, 0.0, yaw=25.0), deck=Deck(0.0, 300.0, 960.0, 539.0, 0.0)) is None


def test_leaning_posts_do_not_keep_the_deck_from_showing_the_roll() -> None:
    picture = with_deck(EMPTY, FIVE, 2.0)
    for x in (700, 760):
        cv2.line(picture, (x, 400), (x + 45, 60), 40, 9, cv2.LINE_AA)
    found = horizon_of(picture, deck=deck(FIVE))
    assert found is not None
    assert found.angle_deg == pytest.approx(2.0, abs=0.3)


@pytest.mark.parametrize("turn_deg", [-2.5, -1.0, 1.5, 3.0])
def test_turning_the_picture_turns_the_deck_and_the_roll(turn_deg: float) -> None:
    level = with_deck(EMPTY, FIVE, 0.0)
    middle = SIZE[0] / 2, SIZE[1] / 2
    matrix = cv2.getRotationMatrix2D(middle, turn_deg, 1.0)
    whole = cv2.warpAffine(level, matrix, SIZE, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    before, after = (horizon_of(np.asarray(p, np.uint8), deck=deck(FIVE)) for p in (level, whole))
    assert before is not None
    assert after is not None
    assert after.angle_deg - before.angle_deg == pytest.approx(turn_deg, abs=0.3)


def test_the_evidence_in_words() -> None:
    kinds = (UPRIGHT, LEVEL, UPRIGHT, DECK, DECK)
    assert Horizon(0.0, 0.1, (), kinds).words == "2 upright edges, 1 level edge and 2 edges of the deck"
    assert Horizon(0.0, 0.1, (), (UPRIGHT, LEVEL)).words == "1 upright edge and 1 level edge"
    assert Horizon(0.0, 0.1, (), (DECK,)).words == "1 edge of the deck"


@pytest.mark.parametrize("name", ["side_60fps", "side_240fps_saved_as_30"])
def test_the_pictures_of_the_room_span_the_clip_and_a_stride(name: str) -> None:
    info = probe(SAMPLES / f"{name}.mp4")
    times_s = info.times_s[frames_of_room(info, 30, 400)]
    assert len(times_s) == FRAMES
    assert times_s[0] == info.times_s[30]
    assert times_s[-1] == pytest.approx(info.times_s[399], abs=0.05)
    for moment in times_s.reshape(3, 3):
        assert moment[-1] - moment[0] == pytest.approx(0.6, abs=0.05)


def test_evidence_lies_on_edges_of_the_whole_picture() -> None:
    found = horizon_of(cv2.resize(room(), (3840, 2160)))
    assert found is not None
    ends = np.array(found.evidence)
    assert ends[:, 0::2].max() > 1920
    lengths = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    assert (np.diff(lengths) <= 1e-6).all()


def turned(grey: NDArray[np.uint8], angle_deg: float) -> NDArray[np.uint8]:
    """Turn a picture counterclockwise, and crop what was not in it."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0)
    whole = cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC)
    share = abs(np.sin(np.radians(angle_deg))) / 2
    dx, dy = int(height * share) + 2, int(width * share) + 2
    return np.ascontiguousarray(whole[dy : height - dy, dx : width - dx])


@pytest.mark.parametrize("name", ["side_60fps", "side_240fps_saved_as_30"])
class TestSamples:
    def test_their_camera_is_level(self, name: str) -> None:
        found = find_horizon(probe(SAMPLES / f"{name}.mp4"))
        assert found is not None
        assert abs(found.angle_deg) <= 0.3
        assert found.sd_deg < 0.5

    def test_turned_pictures(self, name: str) -> None:
        info = probe(SAMPLES / f"{name}.mp4")
        level = background(list(pick_frames(info, list(range(0, 90, 90 // FRAMES))).values()))
        for angle_deg in ANGLES:
            found = horizon_of(turned(level, angle_deg))
            assert found is not None
            assert found.angle_deg == pytest.approx(angle_deg, abs=0.5)

"""What drawing changes in a picture, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ImageFont

from gait.skeleton import BLAZEPOSE, FACE_LANDMARKS
from gait.video.draw import ANGLE, LEFT, RIGHT, blur_face, draw_angle, draw_label, draw_skeleton
from gait.video.face import blur_region, head_region
from gait.video.label import Box, label_box

GREY = 60


def canvas(width: int = 720, height: int = 1280) -> NDArray[np.uint8]:
    return np.full((height, width, 3), GREY, dtype=np.uint8)


def stand(**moved: tuple[float, float]) -> NDArray[np.float64]:
    """A person who stands: the left side at x = 300, the right at x = 420."""
    heights = {
        "shoulder": 400, "elbow": 500, "wrist": 600, "hip": 650, "knee": 820, "ankle": 980, "heel": 1000,
        "foot_index": 1010,
    }  # fmt: skip
    xy = np.full((33, 2), np.nan)
    for side, x in (("left", 300), ("right", 420)):
        for part, y in heights.items():
            xy[BLAZEPOSE.index(f"{side}_{part}")] = (x + (40 if part == "foot_index" else 0), y)
    for name, place in moved.items():
        xy[BLAZEPOSE.index(name)] = place
    return xy


def mid_thigh(rgb: NDArray[np.uint8], x: int) -> NDArray[np.uint8]:
    return rgb[735, x]


def test_near_leg_is_bright_and_far_leg_dim() -> None:
    rgb = canvas()
    draw_skeleton(rgb, stand(), BLAZEPOSE, near_side="left")
    np.testing.assert_array_equal(mid_thigh(rgb, 300), LEFT)
    dim = GREY + 0.45 * (np.array(RIGHT) - GREY)
    np.testing.assert_allclose(mid_thigh(rgb, 420), dim, atol=2)


def test_without_a_near_side_both_legs_are_alike() -> None:
    rgb = canvas()
    draw_skeleton(rgb, stand(), BLAZEPOSE, near_side=None)
    np.testing.assert_array_equal(mid_thigh(rgb, 300), LEFT)
    np.testing.assert_array_equal(mid_thigh(rgb, 420), RIGHT)


def test_missing_landmarks_are_skipped() -> None:
    rgb = canvas()
    draw_skeleton(rgb, np.full((33, 2), np.nan), BLAZEPOSE, near_side="left")
    assert (rgb == GREY).all()
    draw_skeleton(rgb, stand(left_knee=(np.nan, np.nan)), BLAZEPOSE, near_side="left")
    assert (mid_thigh(rgb, 300) == GREY).all()
    np.testing.assert_array_equal(rgb[525, 300], LEFT)


def test_line_width_follows_the_picture() -> None:
    def width(scale: int) -> int:
        rgb = canvas(720 * scale, 1280 * scale)
        draw_skeleton(rgb, stand() * scale, BLAZEPOSE, near_side="left")
        return int((rgb[735 * scale, 280 * scale : 320 * scale] != GREY).any(axis=1).sum())

    assert 5 <= width(1) <= 9
    assert width(3) == pytest.approx(3 * width(1), rel=0.25)


@pytest.mark.parametrize("far_off", [(-5000.0, 900.0), (1e7, -1e7), (10.0, -300.0)])
def test_landmarks_outside_the_picture_do_no_harm(far_off: tuple[float, float]) -> None:
    rgb = canvas()
    draw_skeleton(rgb, stand(right_knee=far_off, right_ankle=far_off), BLAZEPOSE, near_side="left")
    np.testing.assert_array_equal(mid_thigh(rgb, 300), LEFT)
    draw_skeleton(rgb, stand(left_knee=far_off), BLAZEPOSE, near_side="left")


def test_angle_has_its_rays_and_its_arc_on_the_inner_side() -> None:
    rgb = canvas()
    draw_angle(rgb, [(300, 400), (300, 700), (600, 700)], 1, "")
    np.testing.assert_array_equal(rgb[500, 300], ANGLE)
    np.testing.assert_array_equal(rgb[700, 500], ANGLE)
    diagonal = [rgb[700 - k, 300 + k] for k in range(12, 60)]
    assert any((pixel == ANGLE).all() for pixel in diagonal)
    opposite = [rgb[700 + k, 300 - k] for k in range(12, 60)]
    assert all((pixel == GREY).all() for pixel in opposite)


def test_arc_of_a_reflex_order_still_takes_the_smaller_angle() -> None:
    one, two = canvas(), canvas()
    draw_angle(one, [(200, 600), (400, 600), (300, 800)], 1, "")
    draw_angle(two, [(300, 800), (400, 600), (200, 600)], 1, "")
    assert np.abs(one.astype(int) - two).mean() < 0.05


def test_reference_ray_is_dashed() -> None:
    rgb = canvas()
    draw_angle(rgb, [(300, 700), (300, 400), (600, 700)], 0, "", dashed=[1])
    share = (rgb[420:650, 300] == ANGLE).all(axis=1).mean()
    assert 0.3 < share < 0.8
    assert (rgb[700, 340:580] == ANGLE).all()


def test_angle_with_a_missing_point_is_not_drawn() -> None:
    rgb = canvas()
    draw_angle(rgb, [(300, 400), (np.nan, 700), (600, 700)], 1, "knee 14°")
    draw_angle(rgb, [(300, 400)], 0, "alone")
    draw_angle(rgb, [(300, 400), (300, 400)], 0, "same point")
    assert (rgb == GREY).all()


def test_labels_keep_off_each_other() -> None:
    rgb = canvas()
    taken: list[Box] = []
    for label in ("knee 14.2°", "shank -5.1°", "foot 8.3°"):
        draw_angle(rgb, [(300, 600), (310, 700), (330, 800)], 1, label, avoid=taken)
    labels = [box for box in taken if box[2] - box[0] > 1]
    assert len(labels) == 3
    for i, a in enumerate(labels):
        for b in labels[i + 1 :]:
            assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


def test_a_label_without_lines_leaves_the_lines_alone() -> None:
    rgb, taken = canvas(), []
    points = [(300, 600), (310, 700), (330, 800)]
    draw_angle(rgb, points, 1, "", avoid=taken)
    with_lines = rgb.copy()
    draw_angle(rgb, points, 1, "knee 14°", avoid=taken, lines=False)
    left, top, right, bottom = taken[-1]
    assert (rgb != with_lines).any()
    rgb[top:bottom, left:right] = with_lines[top:bottom, left:right]
    assert (rgb == with_lines).all()


@pytest.mark.parametrize("level", [0, 128, 255])
def test_label_is_readable_on_any_background(level: int) -> None:
    rgb = np.full((400, 720, 3), level, dtype=np.uint8)
    left, top, right, bottom = draw_label(rgb, "foot 12.3°", (40, 30))
    inside = rgb[top:bottom, left:right].max(axis=2).astype(int)
    assert inside.max() > 240
    assert np.median(inside) < 100
    outside = rgb.copy()
    outside[top:bottom, left:right] = level
    assert (outside == level).all()


@pytest.mark.parametrize("sign", ["°", "±", "·", "%", "-", "™"])
def test_signs_are_in_the_font(sign: str) -> None:
    font = ImageFont.load_default(size=24)
    assert bytes(font.getmask(sign)) != bytes(font.getmask("\uffff")), "the font shows its box for unknown signs"
    plain, signed = canvas(200, 100), canvas(200, 100)
    draw_label(plain, "5", (0, 0))
    draw_label(signed, f"5{sign}", (0, 0))
    assert (plain != signed).any()
    assert label_box(signed, f"5{sign}", (0, 0))[2] > label_box(plain, "5", (0, 0))[2]


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("\u22125°", "-5°"),
        ("1\u20133", "1-3"),
        ("Jürgen Šimek", "Jurgen Simek"),
        ("≤ 3 \u00d7", "<= 3 x"),
        ("走", "?"),
    ],
)
def test_what_the_font_lacks_is_replaced(text: str, same_as: str) -> None:
    one, two = canvas(400, 100), canvas(400, 100)
    draw_label(one, text, (0, 0))
    draw_label(two, same_as, (0, 0))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("origin", [(-500.0, -500.0), (5000.0, 5000.0), (700.0, 10.0)])
def test_label_stays_inside_the_picture(origin: tuple[float, float]) -> None:
    rgb = canvas(720, 400)
    box = draw_label(rgb, "initial contact\nleft", origin)
    assert box == label_box(rgb, "initial contact\nleft", origin)
    assert 0 <= box[0] < box[2] <= 720
    assert 0 <= box[1] < box[3] <= 400


def test_label_larger_than_the_picture() -> None:
    rgb = canvas(40, 20)
    assert draw_label(rgb, "a long text that does not fit", (0, 0)) == (0, 0, 40, 17)
    assert (rgb[3:14] != GREY).any()
    assert (rgb[17:] == GREY).all()


def head(profile: bool = True) -> NDArray[np.float64]:
    """A head 120 px tall in profile, facing right: ear at (300, 300), nose at (365, 305)."""
    xy = stand()
    nose, ear = (365.0, 305.0), (300.0, 300.0)
    for name in FACE_LANDMARKS:
        xy[BLAZEPOSE.index(name)] = ear if name.endswith("ear") else (345.0, 290.0)
    xy[BLAZEPOSE.index("nose")] = nose
    return xy


def test_the_whole_head_is_blurred_and_nothing_else() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1280, 720, 3), dtype=np.uint8)
    rgb = noise.copy()
    assert blur_face(rgb, head(), BLAZEPOSE, body_height_px=920) is True
    # Head of 120 px around the ear: crown, occiput, chin and nose.
    for x, y in ((300, 300), (310, 235), (245, 290), (330, 360), (365, 305)):
        patch = rgb[y - 6 : y + 7, x - 6 : x + 7].astype(float)
        assert patch.std(axis=(0, 1)).max() < 15
    far = np.hypot(*(np.indices((1280, 720)) - np.array([300, 320])[:, None, None])) > 200
    np.testing.assert_array_equal(rgb[far], noise[far])


def test_fine_detail_cannot_come_back() -> None:
    # Two heads that differ in detail only, not in their coarse averages, become one and the same.
    fine = np.indices((1280, 720)).sum(axis=0) % 2
    stripes = np.repeat((fine * 200)[..., None], 3, axis=2).astype(np.uint8)
    other = np.repeat(((1 - fine) * 200)[..., None], 3, axis=2).astype(np.uint8)
    for rgb in (stripes, other):
        blur_face(rgb, head(), BLAZEPOSE, body_height_px=920)
    core = np.s_[250:350, 260:370]
    assert np.abs(stripes[core].astype(int) - other[core]).max() <= 3


def test_without_a_face_nothing_is_done() -> None:
    rgb = canvas()
    assert blur_face(rgb, stand(), BLAZEPOSE, body_height_px=920) is False
    assert (rgb == GREY).all()
    assert head_region(stand(), BLAZEPOSE, body_height_px=920) is None


@pytest.mark.parametrize("height", [0.0, float("nan"), -5.0])
def test_unknown_body_height_still_covers_the_head(height: float) -> None:
    region = head_region(head(), BLAZEPOSE, body_height_px=height)
    assert region is not None
    assert region.half_axes_px[0] > 70
    assert region.half_axes_px[1] < 250


def test_a_wild_landmark_does_not_blur_the_runner() -> None:
    xy = head()
    xy[BLAZEPOSE.index("nose")] = (700.0, 1200.0)
    region = head_region(xy, BLAZEPOSE, body_height_px=920)
    assert region is not None
    np.testing.assert_allclose(region.centre_px, (325, 290), atol=35)
    assert max(region.half_axes_px) < 220


def test_a_single_face_landmark_is_enough() -> None:
    xy = stand(nose=(365.0, 305.0))
    region = head_region(xy, BLAZEPOSE, body_height_px=920)
    assert region is not None
    assert region.half_axes_px[0] >= 0.5 * 0.13 * 920
    rgb = np.random.default_rng(1).integers(0, 256, (1280, 720, 3), dtype=np.uint8)
    blur_region(rgb, region)
    assert rgb[300:310, 360:370].std() < 20


@pytest.mark.parametrize("place", [(-400.0, 300.0), (715.0, 2.0), (5000.0, 300.0)])
def test_a_head_at_the_rim_or_outside(place: tuple[float, float]) -> None:
    rgb = canvas()
    assert blur_face(rgb, stand(nose=place), BLAZEPOSE, body_height_px=920) is True
    assert rgb.shape == (1280, 720, 3)

"""Key frame and stride table of a foot whose eversion is prescribed."""

from __future__ import annotations

import numpy as np
import pytest
from feet import CONTACT_DEG, EXCURSION_DEG, PEAK_AT, STANCE_S, STRIDE_S, seen_foot

from gait.metrics.rearfoot import NAMES, rearfoot_per_stride
from gait.metrics.rearfoot_keyframes import PHASE, rearfoot_keyframe
from gait.model import AngleMark, Floats, KeyFrame, MetricValue, PoseSequence, Stride
from gait.skeleton import BLAZEPOSE

PEAK_DEG = CONTACT_DEG + EXCURSION_DEG


def display(first_frame: int = 0) -> PoseSequence:
    n, k = 600, len(BLAZEPOSE.landmarks)
    times = np.arange(n) / 60.0
    blank = np.zeros((n, k))
    return PoseSequence(times, np.zeros((n, k, 2)), blank, blank, BLAZEPOSE.name, "figure", "1", first_frame)


def keyframe(side: str, **changes: object) -> KeyFrame:
    found = rearfoot_keyframe(
        "v1", side, seen_foot(side, **changes), display(100), mirrored=bool(changes.get("mirrored"))
    )  # type: ignore[arg-type]
    assert found is not None
    return found


def turned_outwards_deg(mark: AngleMark, side: str, mirrored: bool) -> float:
    """From the dashed to the seen ray, positive where the sole end lies further outwards, deg."""
    corner, at_zero, seen = np.array(mark.points_px)
    tilts = [np.degrees(np.arctan2(*(end - corner))) for end in (at_zero, seen)]
    # In a mirrored picture the right foot's outer side is on the left.
    outer = (1.0 if side == "right" else -1.0) * (-1.0 if mirrored else 1.0)
    return float(outer * (tilts[1] - tilts[0]))


def across(a: Floats, b: Floats) -> float:
    """Twice the area that two directions span: 0 where they are parallel."""
    return float(a[0] * b[1] - a[1] * b[0])


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("zero_deg", [None, 5.0])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_angle_that_is_drawn_is_the_one_that_is_written(side: str, zero_deg: float | None, mirrored: bool) -> None:
    found = keyframe(side, zero_deg=zero_deg, mirrored=mirrored)
    (mark,) = found.marks
    assert mark.value_deg == pytest.approx(PEAK_DEG, abs=0.6)
    assert turned_outwards_deg(mark, side, mirrored) == pytest.approx(mark.value_deg, abs=0.1)
    calf, heel = (np.array(next(line.points_px for line in found.lines if line.label == n)) for n in ("calf", "heel"))
    # The seen ray lies on the heel line; without a standing zero the dashed one goes on in the calf's direction.
    corner, at_zero, seen = np.array(mark.points_px)
    assert across(seen - corner, heel[1] - heel[0]) == pytest.approx(0, abs=1.0)
    along_calf = abs(across(at_zero - corner, calf[1] - calf[0])) < 5.0
    assert along_calf == (zero_deg is None)
    assert ("when standing" in found.caption) == (zero_deg is not None)


def test_the_picture_is_from_the_peak_and_shows_the_whole_angle() -> None:
    found = keyframe("right")
    assert (found.phase, found.file) == (PHASE, "v1_right_peak_eversion.png")
    in_stance = (found.time_s - 0.5) % STRIDE_S
    assert in_stance / STANCE_S == pytest.approx(PEAK_AT, abs=0.09)
    assert found.frame == round(found.time_s * 60) + 100
    assert found.crop_px is not None
    left, top, right, bottom = found.crop_px
    points = np.array([p for shape in (*found.lines, *found.marks) for p in shape.points_px])
    assert (points > (left, top)).all()
    assert (points < (right, bottom)).all()
    assert "8 degrees rolled in" in found.caption


def per_stride(name_without: str = "", dropped: int | None = None) -> dict[str, list[float | None]]:
    feet = {"right": seen_foot("right"), "left": seen_foot("left", stances=0)}
    strides = [
        Stride("v1", side, s.ic_s, s.to_s, s.ic_s + STRIDE_S, "lost" if i == dropped else None)
        for i, s in enumerate(feet["right"].stances)
        for side in ("right", "left")
    ]
    metrics = [MetricValue(n, "right", "v1", None if n == name_without else 1.0, "deg") for n in NAMES]
    return rearfoot_per_stride(feet, strides, metrics)


def test_every_stride_has_its_own_values_and_those_of_a_foot_that_was_not_seen_are_empty() -> None:
    columns = per_stride(dropped=3)
    assert list(columns) == list(NAMES)
    wanted = {
        "rearfoot_angle_ic_deg": (CONTACT_DEG, 0.8),
        "rearfoot_angle_peak_deg": (PEAK_DEG, 0.8),
        "rearfoot_excursion_deg": (EXCURSION_DEG, 1.0),
        "rearfoot_time_to_peak_ms": (1000 * PEAK_AT * STANCE_S, 10.0),
    }
    for name, column in columns.items():
        value, within = wanted[name]
        right, left = column[0::2], column[1::2]
        assert right == pytest.approx([value] * 12, abs=within)
        assert left == [None] * 12


def test_a_value_that_is_withheld_is_withheld_stride_by_stride() -> None:
    assert "rearfoot_angle_ic_deg" not in per_stride(name_without="rearfoot_angle_ic_deg")

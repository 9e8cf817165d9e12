"""Which pictures the pelvis is read in, and the sign in a mirror image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gait.model import Floats, PoseSequence
from gait.pelvis import look as look_module
from gait.pelvis.hipline import HipLine, see_hip_line
from gait.pelvis.look import PelvisReader, RearLook
from gait.rearfoot.angles import FootAngles, Stance
from gait.rearfoot.finder import ESTIMATOR
from gait.rearfoot.look import frames_of, spread
from gait.skeleton import BLAZEPOSE

BLACK = np.zeros((240, 320, 3), np.uint8)
TEN_S = np.arange(10.0)


def body(estimator: str = "drawn", times_s: Floats = TEN_S) -> PoseSequence:
    """A trunk 60 px long in ten frames, a second apart, or at other times."""
    xy = np.full((len(times_s), len(BLAZEPOSE.landmarks), 2), np.nan)
    for side, x in (("left", 150.0), ("right", 170.0)):
        xy[:, BLAZEPOSE.index(f"{side}_hip")] = x, 120.0
        xy[:, BLAZEPOSE.index(f"{side}_shoulder")] = x, 60.0
    score = np.isfinite(xy[..., 0]).astype(float)
    return PoseSequence(times_s, xy, score, np.zeros_like(score), BLAZEPOSE.name, estimator, "1")


@pytest.mark.parametrize(("mirrored", "sign"), [(False, 1.0), (True, -1.0)])
def test_a_mirror_image_turns_the_sign(monkeypatch: pytest.MonkeyPatch, mirrored: bool, sign: float) -> None:
    asked = []

    def told(rgb: NDArray[np.uint8], mid_hip_px: Floats, trunk_px: float) -> HipLine:
        asked.append((mid_hip_px.tolist(), trunk_px))
        return HipLine(float(len(asked)), 0.1, 0.2)

    monkeypatch.setattr(look_module, "see_hip_line", told)
    reader = PelvisReader.of(body(), mirrored=mirrored)
    for index in (5, 2):
        reader.see(index, BLACK)
    rolls = reader.rolls()
    assert asked == [([160.0, 120.0], 60.0)] * 2
    assert rolls.times_s.tolist() == [2.0, 5.0]
    assert rolls.roll_deg.tolist() == [sign * 2.0, sign * 1.0]


def test_where_no_body_is_nothing_is_read() -> None:
    assert see_hip_line(BLACK, np.array([np.nan, 50.0]), 60.0) is None
    assert see_hip_line(BLACK, np.array([400.0, 50.0]), 60.0) is None
    assert see_hip_line(BLACK, np.array([100.0, 50.0]), float("nan")) is None


class Heels:
    """Stands in for what reads the heels: shows the pictures of some frames, or those that heels are looked at in."""

    mirrored = False
    shown: Any = None
    numbers: Sequence[int] | None = (3, 4, 7)

    def __call__(
        self, pose: PoseSequence, stances: dict[str, list[Stance]], standing_s: Sequence[tuple[float, float]]
    ) -> dict[str, FootAngles]:
        looked_at = [stance for own in stances.values() for stance in spread(own)]
        for index in frames_of(pose.times_s, looked_at) if self.numbers is None else self.numbers:
            if self.shown is not None:
                self.shown(index, BLACK)
        return {side: FootAngles(side, None) for side in stances}


LEFT_ONE = {"left": [Stance("left", 2.9, 4.1)], "right": []}


def looked(
    monkeypatch: pytest.MonkeyPatch,
    pose: PoseSequence,
    stances: dict[str, list[Stance]] = LEFT_ONE,
    numbers: Sequence[int] | None = Heels.numbers,
) -> Any:
    def with_shown(heels: Heels, shown: Any) -> Heels:
        new = Heels()
        new.shown, new.numbers = shown, numbers
        return new

    monkeypatch.setattr(look_module, "replace", with_shown)
    monkeypatch.setattr(look_module, "see_hip_line", lambda *_: HipLine(1.0, 0.1, 0.2))
    return RearLook(Heels())(pose, stances)  # type: ignore[arg-type]


def test_the_pelvis_is_read_in_pictures_of_stances_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = looked(monkeypatch, body())
    assert set(seen.feet) == {"left", "right"}
    assert seen.pelvis.times_s.tolist() == [3.0, 4.0]


@pytest.mark.parametrize("count", [20, 31, 80, 200])
def test_a_long_clip_has_as_many_stances_of_the_pelvis_as_a_short_one(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Only stances in which the heels are looked at are shown; those of the pelvis must be among them."""
    begun_s = 0.5 + 0.7 * np.arange(count)
    stances = {
        side: [Stance(side, t + late_s, t + late_s + 0.25) for t in begun_s]
        for side, late_s in (("left", 0.0), ("right", 0.35))
    }
    pose = body(times_s=np.arange(0.0, 0.7 * count + 1.0, 1 / 60))
    times_s = looked(monkeypatch, pose, stances, None).pelvis.times_s
    for own in stances.values():
        seen = [((times_s >= stance.ic_s) & (times_s <= stance.to_s)).sum() for stance in own]
        assert sum(pictures >= 14 for pictures in seen) == look_module.MAX_STANCES


def test_a_close_up_has_no_pelvis(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked(monkeypatch, body(ESTIMATOR)).pelvis is None

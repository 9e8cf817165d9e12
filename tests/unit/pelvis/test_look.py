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
from gait.skeleton import BLAZEPOSE

BLACK = np.zeros((240, 320, 3), np.uint8)


def body(estimator: str = "drawn") -> PoseSequence:
    """A trunk 60 px long in ten frames, a second apart."""
    times_s = np.arange(10.0)
    xy = np.full((10, len(BLAZEPOSE.landmarks), 2), np.nan)
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
    """Stands in for what reads the heels: shows the pictures of frames 3, 4 and 7."""

    mirrored = False
    shown: Any = None

    def __call__(
        self, pose: PoseSequence, stances: dict[str, list[Stance]], standing_s: Sequence[tuple[float, float]]
    ) -> dict[str, FootAngles]:
        for index in (3, 4, 7):
            if self.shown is not None:
                self.shown(index, BLACK)
        return {side: FootAngles(side, None) for side in stances}


def looked(monkeypatch: pytest.MonkeyPatch, pose: PoseSequence) -> Any:
    def with_shown(heels: Heels, shown: Any) -> Heels:
        new = Heels()
        new.shown = shown
        return new

    monkeypatch.setattr(look_module, "replace", with_shown)
    monkeypatch.setattr(look_module, "see_hip_line", lambda *_: HipLine(1.0, 0.1, 0.2))
    return RearLook(Heels())(pose, {"left": [Stance("left", 2.9, 4.1)], "right": []})  # type: ignore[arg-type]


def test_the_pelvis_is_read_in_pictures_of_stances_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = looked(monkeypatch, body())
    assert set(seen.feet) == {"left", "right"}
    assert seen.pelvis.times_s.tolist() == [3.0, 4.0]


def test_a_close_up_has_no_pelvis(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked(monkeypatch, body(ESTIMATOR)).pelvis is None

"""Constant shifts of events and what picture, pose model and noise add to their uncertainty."""

from __future__ import annotations

import numpy as np
import pytest

from gait.events.detector import Contacts
from gait.events.viewpoint import FAR_LEG, HIDDEN_FACTOR, MEDIAPIPE, NEAR_LEG, NOISE_S, as_seen

HEAVY = "MediaPipe pose landmarker, heavy"


def found() -> Contacts:
    return Contacts(
        "left", np.array([1.0]), np.array([1.25]), np.array([0.004]), np.array([0.006]), 3.0, np.array([0.5])
    )


@pytest.mark.parametrize(("near", "camera"), [(True, NEAR_LEG), (False, FAR_LEG)])
def test_markers_are_shifted_by_the_camera_alone(near: bool, camera: object) -> None:
    seen = as_seen(found(), "markers", near=near)
    assert seen.ic_s[0] == pytest.approx(1.0 - camera.ic_s)  # type: ignore[attr-defined]
    assert seen.to_s[0] == pytest.approx(1.25 - camera.to_s)  # type: ignore[attr-defined]
    assert seen.loose_to_s[0] == pytest.approx(0.5 - camera.to_s)  # type: ignore[attr-defined]
    assert (seen.ic_sd_s[0], seen.to_sd_s[0]) == (0.004, 0.006)


def test_near_and_far_leg_are_shifted_against_each_other() -> None:
    near, far = (as_seen(found(), HEAVY, near=side) for side in (True, False))
    assert far.ic_s[0] - near.ic_s[0] == pytest.approx(NEAR_LEG.ic_s - FAR_LEG.ic_s)
    assert far.to_s[0] - near.to_s[0] == pytest.approx(NEAR_LEG.to_s - FAR_LEG.to_s)


def test_a_pose_model_adds_its_own_shift_and_doubt() -> None:
    model = MEDIAPIPE
    seen, plain = as_seen(found(), HEAVY, near=True), as_seen(found(), "markers", near=True)
    assert seen.ic_s[0] - plain.ic_s[0] == pytest.approx(-model.ic_s)
    assert seen.to_s[0] - plain.to_s[0] == pytest.approx(-model.to_s)
    assert seen.ic_sd_s[0] == pytest.approx(np.hypot(0.004, model.ic_sd_s))
    assert as_seen(found(), HEAVY, near=False).to_sd_s[0] == pytest.approx(HIDDEN_FACTOR * seen.to_sd_s[0])


def test_a_smaller_model_and_noise_widen() -> None:
    model = MEDIAPIPE
    rough = as_seen(found(), HEAVY, near=True, model_factor=3.0)
    assert rough.to_sd_s[0] == pytest.approx(np.hypot(0.006, 3 * model.to_sd_s))
    noisy = as_seen(found(), "markers", near=True, noise_legs=0.004)
    assert noisy.ic_sd_s[0] == pytest.approx(np.hypot(0.004, NOISE_S[0] * 0.004))
    assert noisy.to_sd_s[0] == pytest.approx(np.hypot(0.006, NOISE_S[1] * 0.004))

"""View and direction of travel, and the signs of the body frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import runner as sim

from gait.model import PoseSequence, Trajectories
from gait.signals.view import View, body_frame, mirrored_pose, recognise_view, share_with_hips
from gait.skeleton import BLAZEPOSE

WIDTH = sim.truth().size_px[0]


def view_of(pose: PoseSequence) -> View:
    return recognise_view(pose.xy_px, pose.depth, BLAZEPOSE)


@pytest.mark.parametrize(
    ("pose", "name", "travel"),
    [
        (sim.runner(noise_px=2.0), "right", "right"),
        (sim.mirror_image(sim.runner(noise_px=2.0), WIDTH), "left", "left"),
        (sim.seen_from_behind(), "rear", "away"),
        (sim.seen_from_behind(towards=True), "front", "towards"),
    ],
    ids=["right", "left", "rear", "front"],
)
def test_views(pose: PoseSequence, name: str, travel: str) -> None:
    found = view_of(pose)
    assert (found.name, found.travel) == (name, travel)
    assert found.is_side == (name in ("left", "right"))
    assert (found.swing > 1.3) if found.is_side else (found.swing < 0.5)
    assert found.certainty > 0.8


def test_exchanged_legs_do_not_turn_the_view() -> None:
    assert view_of(sim.random_swaps(sim.runner(), 0.4)).name == "right"


def test_hidden_toes_do_not_turn_the_view() -> None:
    pose = sim.runner()
    xy = pose.xy_px.copy()
    toes = BLAZEPOSE.indices(["left_foot_index", "right_foot_index"])
    hidden = np.random.default_rng(1).random(len(xy)) < 0.6
    xy[np.flatnonzero(hidden)[:, None], toes] = np.nan
    assert view_of(replace(pose, xy_px=xy)).name == "right"


def test_a_foot_that_stands_at_one_height() -> None:
    walker = sim.walker()
    assert view_of(walker).name == "right"


def test_a_mirrored_picture_is_turned_back() -> None:
    pose = sim.runner()
    reflected = pose.xy_px.copy()
    reflected[..., 0] = WIDTH - reflected[..., 0]
    # In the reflected picture the model calls the runner's right leg left.
    shown = replace(pose, xy_px=reflected[:, list(BLAZEPOSE.mirror)])
    back = mirrored_pose(shown, WIDTH)
    np.testing.assert_allclose(back.xy_px, pose.xy_px)
    assert view_of(shown).name == "left"
    assert view_of(back).name == "right"


def points(*xy: tuple[float, float]) -> Trajectories:
    path = np.zeros((2, 33, 2))
    path[:, : len(xy)] = xy
    return Trajectories(np.array([0.0, 1.0]), path, "px", np.zeros((2, 33), dtype=bool), BLAZEPOSE.name)


def test_y_points_up_and_x_along_travel() -> None:
    picture = points((10.0, 20.0))
    assert body_frame(picture, "right").xy[0, 0].tolist() == [10.0, -20.0]
    assert body_frame(picture, "left").xy[0, 0].tolist() == [-10.0, -20.0]
    assert body_frame(picture, "away").xy[0, 0].tolist() == [10.0, -20.0]


@pytest.mark.parametrize("travel", ["right", "left"])
@pytest.mark.parametrize("horizon_deg", [3.0, -2.0])
def test_camera_roll_is_turned_back(travel: str, horizon_deg: float) -> None:
    # A belt 100 px long whose right end lies higher in the picture (y smaller) by the tangent of the angle.
    rise = 100.0 * np.tan(np.radians(horizon_deg))
    level = body_frame(points((0.0, 50.0), (100.0, 50.0 - rise)), travel, horizon_deg)
    left_end, right_end = level.xy[0, 0], level.xy[0, 1]
    assert right_end[1] == pytest.approx(left_end[1], abs=1e-9)
    assert (right_end - left_end)[0] == pytest.approx(np.hypot(100.0, rise) * (1 if travel == "right" else -1))
    assert level.steps == (f"camera roll of {horizon_deg:g} deg turned back",)


def test_roll_is_the_same_as_in_the_simulated_camera() -> None:
    pose = sim.runner()
    straight = Trajectories(pose.times_s, pose.xy_px, "px", np.zeros(pose.score.shape, bool), pose.skeleton)
    tilted = replace(straight, xy=sim.rolled(pose, 3.0).xy_px)
    hip, toe = BLAZEPOSE.indices(["right_hip", "right_foot_index"])
    wanted = body_frame(straight, "right").xy
    found = body_frame(tilted, "right", 3.0).xy
    np.testing.assert_allclose(found[:, hip] - found[:, toe], wanted[:, hip] - wanted[:, toe], atol=1e-9)


def test_hips_outside_the_picture_or_without_confidence_do_not_count() -> None:
    size_px = (1280, 720)
    pose = sim.seen_from_behind()
    assert share_with_hips(pose, size_px) == 1.0
    hips = BLAZEPOSE.indices(["left_hip", "right_hip"])
    count = round(0.4 * len(pose.times_s))
    left = pytest.approx(1.0 - count / len(pose.times_s))
    above, unsure, lost = pose.xy_px.copy(), pose.score.copy(), pose.xy_px.copy()
    above[:count, hips[0], 1] = -5.0
    unsure[:count, hips[1]] = 0.2
    lost[:count] = np.nan
    assert share_with_hips(replace(pose, xy_px=above), size_px) == left
    assert share_with_hips(replace(pose, score=unsure), size_px) == left
    assert share_with_hips(replace(pose, xy_px=lost), size_px) == left

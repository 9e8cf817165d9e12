"""Who is the runner among several people, and frames in which somebody else was followed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import runner as sim

from gait.model import PoseSequence
from gait.pose.estimator import Person
from gait.pose.facing import mirrored_person
from gait.pose.follow import SCOUT_FRAMES, Crop, Scouting, drop_strangers, scout
from gait.skeleton import BLAZEPOSE

SIZE = (1280, 720)
PICTURES = SCOUT_FRAMES


def whole(pose: PoseSequence) -> PoseSequence:
    """Give the simulated runner a head and arms, so that no landmark is missing."""
    xy = pose.xy_px.copy()
    shoulder = np.nanmean(xy[:, BLAZEPOSE.indices(["left_shoulder", "right_shoulder"])], axis=1)
    for k, name in enumerate(BLAZEPOSE.landmarks):
        if np.isnan(xy[0, k, 0]):
            arm = name.partition("_")[2] in ("elbow", "wrist", "pinky", "index", "thumb")
            xy[:, k] = shoulder + ((20.0, 60.0) if arm else (15.0, -50.0))
    return replace(pose, xy_px=xy, score=np.ones(pose.score.shape))


RUNNING = whole(sim.runner(60)).xy_px[np.linspace(20, 600, PICTURES).astype(int)]


def person(xy: np.ndarray) -> Person:
    return Person(xy, np.ones(33), np.zeros(33))


def around(xy: np.ndarray, centre: tuple[float, float], size: float = 1.0) -> np.ndarray:
    """Put somebody elsewhere, larger or smaller."""
    middle = RUNNING.mean(axis=(0, 1))
    return (xy - middle) * size + np.array(centre)


def runners() -> list[Person]:
    return [person(xy) for xy in RUNNING]


def therapist() -> list[Person]:
    """Stands beside the belt and is larger than the runner, because nearer to the camera."""
    return [person(around(RUNNING[0], (1050.0, 380.0), 1.2)) for _ in RUNNING]


def mirror_image() -> list[Person]:
    """The runner in a mirror: the same movement, half as large, elsewhere."""
    flipped = RUNNING * np.array([-1.0, 1.0])
    return [person(around(xy + np.array([2 * 640.0, 0.0]), (200.0, 300.0), 0.5)) for xy in flipped]


def passer_by() -> list[Person]:
    """Walks through the picture: in every picture somewhere else, with moving legs."""
    places = np.linspace(-300.0, 1600.0, PICTURES)
    return [person(around(xy, (x, 330.0), 0.9)) for xy, x in zip(RUNNING, places, strict=True)]


def torso(xy: np.ndarray) -> np.ndarray:
    return xy[BLAZEPOSE.indices(["left_hip", "right_hip", "left_shoulder", "right_shoulder"])].mean(axis=0)


def assert_is_the_runner(found: Scouting) -> Crop:
    assert found.crop is not None
    expected = np.median([torso(xy) for xy in RUNNING], axis=0)
    assert (found.crop.centre_x, found.crop.centre_y) == pytest.approx(tuple(expected), abs=15.0)
    crop = found.crop
    ankles = RUNNING[:, BLAZEPOSE.indices(["left_ankle", "right_ankle"])].reshape(-1, 2)
    assert (ankles > (crop.left, crop.top)).all()
    assert (ankles < (crop.right, crop.bottom)).all()
    assert 0 <= crop.left < crop.right <= SIZE[0]
    assert 0 <= crop.top < crop.bottom <= SIZE[1]
    return crop


def together(*casts: list[Person]) -> list[list[Person]]:
    return [list(people) for people in zip(*casts, strict=True)]


def test_alone_the_whole_picture_is_used() -> None:
    assert scout(together(runners()), BLAZEPOSE, SIZE) == Scouting(1, None, "right")


def test_nobody() -> None:
    assert scout([[] for _ in range(PICTURES)], BLAZEPOSE, SIZE) == Scouting(0, None)


@pytest.mark.parametrize("order", [1, -1])
def test_a_therapist_who_stands(order: int) -> None:
    found = scout(together(*[runners(), therapist()][::order]), BLAZEPOSE, SIZE)
    assert found.people == 2
    crop = assert_is_the_runner(found)
    assert crop.right < 1280


@pytest.mark.parametrize("order", [1, -1])
def test_a_smaller_mirror_image(order: int) -> None:
    found = scout(together(*[runners(), mirror_image()][::order]), BLAZEPOSE, SIZE)
    assert found.people == 2
    assert_is_the_runner(found)


def test_a_passer_by_is_nobody_lasting() -> None:
    found = scout(together(passer_by(), runners()), BLAZEPOSE, SIZE)
    if found.crop is not None:
        assert_is_the_runner(found)
    assert found.people <= 2


def test_all_of_them() -> None:
    found = scout(together(therapist(), mirror_image(), passer_by(), runners()), BLAZEPOSE, SIZE)
    assert found.people >= 3
    assert_is_the_runner(found)


def test_a_runner_missed_in_half_of_the_pictures() -> None:
    samples = [[t] if i % 2 else [t, r] for i, (t, r) in enumerate(zip(therapist(), runners(), strict=True))]
    found = scout(samples, BLAZEPOSE, SIZE)
    assert_is_the_runner(found)
    assert found.facing == "right"


def test_the_runner_of_a_picture_is_the_one_in_the_usual_place() -> None:
    crop = assert_is_the_runner(scout(together(runners(), therapist()), BLAZEPOSE, SIZE))
    run, stand = runners()[3], therapist()[3]
    assert crop.runner([stand, run], BLAZEPOSE) is run
    assert crop.runner([run, stand], BLAZEPOSE) is run
    assert crop.runner([stand], BLAZEPOSE) is None, "better nobody than somebody else"
    assert crop.runner([], BLAZEPOSE) is None


def test_the_facing_is_that_of_the_runner_not_of_a_mirror_image() -> None:
    assert scout(together(mirror_image(), runners()), BLAZEPOSE, SIZE).facing == "right"


def test_of_a_mirrored_picture_the_same_is_told_mirrored() -> None:
    def shown(cast: list[Person]) -> list[Person]:
        return [mirrored_person(p, SIZE[0], BLAZEPOSE) for p in cast]

    found = scout(together(runners(), therapist()), BLAZEPOSE, SIZE)
    other = scout(together(shown(runners()), shown(therapist())), BLAZEPOSE, SIZE)
    crop, back = assert_is_the_runner(found), other.crop
    assert back is not None
    assert (found.facing, other.facing) == ("right", "left")
    assert (back.left, back.right) == (SIZE[0] - crop.right, SIZE[0] - crop.left)
    assert (back.top, back.bottom, back.trunk, back.people) == (crop.top, crop.bottom, crop.trunk, crop.people)
    assert back.centre_x == pytest.approx(SIZE[0] - crop.centre_x, abs=1)


def test_cache_names_differ_with_the_crop_and_the_mirroring() -> None:
    found = scout(together(runners(), therapist()), BLAZEPOSE, SIZE)
    crop = assert_is_the_runner(found)
    assert found.key() != replace(found, crop=None).key()
    assert found.key() != replace(found, crop=replace(crop, left=crop.left + 1)).key()
    assert found.key() != replace(found, crop=replace(crop, people=crop.people + 1)).key()
    assert found.key() != replace(found, facing="left").key()


class TestStrangers:
    POSE = whole(sim.runner(60, noise_px=0.5))

    def test_a_steady_runner_keeps_every_frame(self) -> None:
        found, dropped = drop_strangers(self.POSE, SIZE)
        assert dropped == 0
        np.testing.assert_array_equal(found.xy_px, self.POSE.xy_px)

    def test_a_jump_to_somebody_else_is_marked_missing(self) -> None:
        xy = self.POSE.xy_px.copy()
        xy[200:230] += np.array([350.0, 10.0])
        found, dropped = drop_strangers(replace(self.POSE, xy_px=xy), SIZE)
        assert dropped == 30
        assert np.isnan(found.xy_px[200:230]).all()
        assert (found.score[200:230] == 0).all()
        assert np.isfinite(found.xy_px[:200]).all()
        assert np.isfinite(found.xy_px[230:]).all()

    @pytest.mark.parametrize("size", [0.45, 1.6])
    def test_somebody_of_another_size_in_the_same_place(self, size: float) -> None:
        xy = self.POSE.xy_px.copy()
        middle = np.median(xy[:, 23:25].mean(axis=1), axis=0)
        xy[300:310] = (xy[300:310] - middle) * size + middle
        found, dropped = drop_strangers(replace(self.POSE, xy_px=xy), (4000, 4000))
        assert dropped == 10
        assert np.isnan(found.xy_px[300:310]).all()

    def test_drift_on_the_belt_is_no_stranger(self) -> None:
        drifting = sim.drifting(self.POSE, 60.0)
        assert drop_strangers(drifting, SIZE)[1] == 0

    def test_landmarks_outside_the_picture_are_not_seen(self) -> None:
        xy = self.POSE.xy_px.copy()
        toe, wrist = BLAZEPOSE.indices(["right_foot_index", "left_wrist"])
        xy[50, toe] = (640.0, 720.5)
        xy[60, wrist] = (-0.1, 300.0)
        xy[70, wrist], xy[71, wrist] = (0.3, 300.0), (SIZE[0] - 0.3, 300.0)
        found, dropped = drop_strangers(replace(self.POSE, xy_px=xy), SIZE)
        assert dropped == 0
        assert np.isnan(found.xy_px[50, toe]).all()
        assert np.isnan(found.xy_px[60, wrist]).all()
        assert found.score[50, toe] == 0
        assert found.score[60, wrist] == 0
        assert np.isnan(found.xy_px).sum() == 4

    def test_missing_frames_stay_missing(self) -> None:
        xy = self.POSE.xy_px.copy()
        xy[100:120] = np.nan
        found, dropped = drop_strangers(replace(self.POSE, xy_px=xy), SIZE)
        assert dropped == 0
        assert np.isnan(found.xy_px[100:120]).all()
        assert np.isfinite(found.xy_px[120:]).all()

"""Keep to the runner: who of several people is on the belt, and where in the picture to look.

A therapist beside the treadmill, a passer-by or a mirror must not take over. The camera stands still and a treadmill
runner stays in one place, so a look at a few pictures spread over the clip tells the place of everybody; the runner is
the one who is there most of the time and whose legs move most. The pose model then sees only that part of the picture.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.model import Floats, PoseSequence, regular_step_s
from gait.pose.estimator import Person
from gait.pose.facing import facing
from gait.signals.filters import moving_median
from gait.skeleton import SKELETONS, Skeleton

SCOUT_FRAMES = 12
"""Pictures looked at for people: enough to see a runner's legs in several phases. [default of ours]"""

_MARGIN = 0.35
"""Room left around the runner, in body heights, for the swinging limbs. [default of ours]"""


@dataclass(frozen=True)
class Crop:
    """The part of the picture in which the runner is, px, and who else is in it.

    Parameters
    ----------
    left, top, right, bottom : int
        The part.
    centre_x, centre_y, trunk : int
        Usual place of the middle of the runner's trunk, and the trunk's length.
    people : int
        How many people the model has to look for there: those whose trunks lie inside.
    """

    left: int
    top: int
    right: int
    bottom: int
    centre_x: int
    centre_y: int
    trunk: int
    people: int

    def key(self) -> str:
        """Short name for cache files."""
        return f"{self.left}-{self.top}-{self.right}-{self.bottom}-{self.people}"

    def runner(self, people: Sequence[Person], skeleton: Skeleton) -> Person | None:
        """Return who of several people is where the runner should be; None when nobody is."""
        places = [np.linalg.norm(_torso(p.xy_px, skeleton)[0] - (self.centre_x, self.centre_y)) for p in people]
        nearest = int(np.argmin(places)) if places else 0
        return people[nearest] if places and places[nearest] <= self.trunk else None


@dataclass(frozen=True)
class Scouting:
    """What the scout pictures showed.

    Parameters
    ----------
    people : int
        Number of distinct people seen more than once.
    crop : Crop or None
        Where the runner is, when others are there too; None when the whole picture can be used.
    facing : str or None
        ``left`` or ``right``: where the runner faces in the picture; None where that cannot be told, as from behind.
    """

    people: int
    crop: Crop | None
    facing: str | None = None

    @property
    def mirrors(self) -> bool:
        """Whether the pose model is to see the mirror image: every runner is shown to it facing left."""
        return self.facing == "right"

    def key(self) -> str:
        """Short name for cache files of what decides how landmarks are made."""
        return f"{self.crop.key() if self.crop else 'whole'}-{'mirrored' if self.mirrors else 'as_is'}"


def scout(samples: Sequence[Sequence[Person]], skeleton: Skeleton, size_px: tuple[int, int]) -> Scouting:
    """Decide who runs and which way, from the people found in a few pictures.

    Parameters
    ----------
    samples : sequence of sequence of Person
        The people in each scout picture.
    skeleton : Skeleton
        Their landmarks.
    size_px : (int, int)
        Width and height of the picture.
    """
    groups: list[list[tuple[int, Person]]] = []
    for index, people in enumerate(samples):
        for person in people:
            _join(groups, index, person, skeleton)
    lasting = [g for g in groups if len({i for i, _ in g}) >= 2]
    if not lasting:
        return Scouting(0, None)
    runner = max(lasting, key=lambda g: _leg_motion(g, skeleton) * len({i for i, _ in g}))
    others = [g for g in lasting if g is not runner]
    crop = _crop_around(runner, others, skeleton, size_px) if others else None
    return Scouting(len(lasting), crop, facing([p for _, p in runner], skeleton))


def _join(groups: list[list[tuple[int, Person]]], index: int, person: Person, skeleton: Skeleton) -> None:
    """Put a person with the people seen at the same place and size before, or start a new group."""
    centre, trunk = _torso(person.xy_px, skeleton)
    for group in groups:
        seen = [_torso(p.xy_px, skeleton) for _, p in group]
        place = np.median([c for c, _ in seen], axis=0)
        size = float(np.median([t for _, t in seen]))
        if np.linalg.norm(centre - place) < 0.8 * size and 0.6 < trunk / size < 1.67:
            if index not in (i for i, _ in group):
                group.append((index, person))
            return
    groups.append([(index, person)])


def _torso(xy: Floats, skeleton: Skeleton) -> tuple[Floats, float]:
    """Centre of the trunk and its length (mid-hip to mid-shoulder)."""
    hips = xy[..., skeleton.indices(["left_hip", "right_hip"]), :].mean(axis=-2)
    shoulders = xy[..., skeleton.indices(["left_shoulder", "right_shoulder"]), :].mean(axis=-2)
    return (hips + shoulders) / 2, np.linalg.norm(hips - shoulders, axis=-1)


def _leg_motion(group: list[tuple[int, Person]], skeleton: Skeleton) -> float:
    """How much the ankles move against the hips from picture to picture, px."""
    xy = np.stack([p.xy_px for _, p in group])
    hips = xy[:, skeleton.indices(["left_hip", "right_hip"])].mean(axis=1)
    ankles = xy[:, skeleton.indices(["left_ankle", "right_ankle"])] - hips[:, None]
    return float(np.linalg.norm(ankles.std(axis=0), axis=-1).mean())


def _usual_torso(group: list[tuple[int, Person]], skeleton: Skeleton) -> tuple[Floats, float]:
    torsos = [_torso(p.xy_px, skeleton) for _, p in group]
    return np.median([c for c, _ in torsos], axis=0), float(np.median([t for _, t in torsos]))


def _crop_around(
    runner: list[tuple[int, Person]],
    others: list[list[tuple[int, Person]]],
    skeleton: Skeleton,
    size_px: tuple[int, int],
) -> Crop:
    """Cut out the runner with room for the limbs, and count who else stands in that part."""
    width, height = size_px
    points = np.concatenate([p.xy_px for _, p in runner])
    low, high = np.percentile(points, 1, axis=0), np.percentile(points, 99, axis=0)
    margin = _MARGIN * (high[1] - low[1])
    left, top = np.floor(np.maximum(low - margin, 0)).astype(int)
    right, bottom = np.ceil(np.minimum(high + margin, (width, height))).astype(int)
    centre, trunk = _usual_torso(runner, skeleton)
    inside = [
        other
        for other in (_usual_torso(g, skeleton)[0] for g in others)
        if left <= other[0] <= right and top <= other[1] <= bottom
    ]
    return Crop(
        int(left),
        int(top),
        int(right),
        int(bottom),
        round(float(centre[0])),
        round(float(centre[1])),
        round(trunk),
        1 + len(inside),
    )


def drop_strangers(pose: PoseSequence, size_px: tuple[int, int]) -> tuple[PoseSequence, int]:
    """Mark as missing the frames in which somebody else was followed, and landmarks outside the picture.

    A frame is a stranger's when the trunk lies more than 0.8 trunk lengths from its median place over the surrounding
    four seconds, or its length is off by more than half. A pose model guesses landmarks beyond the edge of
    the picture; they are not seen, so they are not kept. The picture reaches from 0 to its size, as its mirror image.

    Returns
    -------
    PoseSequence
    int
        Number of frames dropped.
    """
    skeleton = SKELETONS[pose.skeleton]
    centre, trunk = _torso(pose.xy_px, skeleton)
    rate_hz = 1.0 / regular_step_s(pose.times_s) if len(pose.times_s) > 1 else 1.0
    window = int(4 * rate_hz) | 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        size = float(np.nanmedian(trunk))
        off = np.hypot(*(centre[:, j] - moving_median(centre[:, j], window) for j in (0, 1)))
    stranger = np.isfinite(off) & ((off > 0.8 * size) | (np.abs(trunk / size - 1) > 0.5))
    xy = pose.xy_px.copy()
    xy[stranger] = np.nan
    with np.errstate(invalid="ignore"):
        outside = (xy < 0).any(axis=-1) | (xy > np.array(size_px)).any(axis=-1)
    xy[outside] = np.nan
    score = np.where(np.isfinite(xy[..., 0]), pose.score, 0.0)
    return (
        PoseSequence(
            pose.times_s, xy, score, pose.depth, pose.skeleton, pose.estimator, pose.version, pose.first_frame
        ),
        int(stranger.sum()),
    )

"""Which way the camera looks at the runner, and which way the runner faces."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np

from gait.model import Floats, PoseSequence, Trajectories
from gait.skeleton import SKELETONS, Skeleton

SIDE_SWING = 0.75
"""Fore-aft swing of the ankles, in trunk lengths, above which a view is from the side: runners swing them through
1.3 to 2.2 trunk lengths there and through less than 0.5 when filmed from behind. [default of ours]"""


_UPRIGHT = 0.6
"""Shoulders above hips by this share of the trunk's length: a runner leaning 50 deg would still stand."""


@dataclass(frozen=True)
class View:
    """The camera's view of the runner.

    Parameters
    ----------
    name : str
        ``left`` or ``right`` (the runner's side that faces the camera), ``rear`` or ``front``.
    travel : str
        Direction in the picture in which the runner faces: ``left``, ``right``, or ``away`` / ``towards``.
    swing : float
        Fore-aft swing of the ankles in trunk lengths, the evidence for side or not.
    certainty : float
        0 to 1: how clearly the facing direction came out.
    upright : bool
        False when the trunk lies, or hangs head down, in the picture.
    """

    name: str
    travel: str
    swing: float
    certainty: float
    upright: bool = True

    @property
    def is_side(self) -> bool:
        """True for the two side views."""
        return self.name in ("left", "right")


def recognise_view(xy: Floats, depth: Floats, skeleton: Skeleton) -> View:
    """Recognise the view from the landmarks of a clip that is not mirrored.

    Side or not follows from how far the ankles swing horizontally. In a side view toes point where the runner
    goes, and the near side is the one that this implies. From behind, the runner's left is on the picture's
    left; pose models do label a back view so, and see the nose behind the ears.

    Parameters
    ----------
    xy : ndarray, shape (T, K, 2)
        Landmarks in px, y down.
    depth : ndarray, shape (T, K)
        The model's relative depth, towards the camera negative.
    skeleton : Skeleton
        What the K landmarks are.
    """
    point = {name: xy[:, i] for i, name in enumerate(skeleton.landmarks)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        mid_hip = (point["left_hip"] + point["right_hip"]) / 2
        mid_shoulder = (point["left_shoulder"] + point["right_shoulder"]) / 2
        trunk = float(np.nanmedian(np.linalg.norm(mid_shoulder - mid_hip, axis=1)))
        swings = [
            np.nanpercentile(offset, 97) - np.nanpercentile(offset, 3)
            for side in ("left", "right")
            for offset in ((point[f"{side}_ankle"] - mid_hip)[:, 0] / trunk,)
        ]
        swing = float(np.nanmean(swings))
        upright = bool(np.nanmedian((mid_hip - mid_shoulder)[:, 1]) > _UPRIGHT * trunk) if trunk > 0 else True
        pointing = np.concatenate([_toe_direction(point, side) for side in ("left", "right")])
        breadth = np.nanmedian((point["left_shoulder"] - point["right_shoulder"])[:, 0]) / trunk
        ear_depth = (depth[:, skeleton.index("left_ear")] + depth[:, skeleton.index("right_ear")]) / 2
        nose_behind = float(np.nanmean(depth[:, skeleton.index("nose")] > ear_depth))
    if swing > SIDE_SWING:
        right = float((pointing[np.isfinite(pointing)] > 0).mean()) if np.isfinite(pointing).any() else 0.5
        travel = "right" if right >= 0.5 else "left"
        return View(travel, travel, swing, abs(2 * right - 1), upright)
    rear = int(breadth < 0) + int(nose_behind > 0.5) - 1
    is_rear = rear > 0 or (rear == 0 and breadth < 0)
    return View("rear" if is_rear else "front", "away" if is_rear else "towards", swing, float(abs(rear)), upright)


SURE_OF_HIPS, SEEN_HIPS = 0.5, 0.5
"""Confidence of a pose model in a hip, and share of frames, from which on hips count as being in the picture: on whole
runners nearly all frames show both with 0.9 and more; where the picture ends below them the model guesses them outside
of it, or inside with no confidence, or sees nobody. [defaults of ours]"""


ALWAYS_HIPS = 0.8
"""Share of frames from which on hips are in the picture all the time. Between the two the picture may end at the waist,
and the body may be right or made up (a film from the hips down: 0.56). [default of ours]"""


def share_with_hips(pose: PoseSequence, size_px: tuple[int, int]) -> float:
    """Share of frames whose picture shows a runner's hips; in the others the pose model may make up a body over legs.

    Parameters
    ----------
    pose : PoseSequence
        As the pose model gave it.
    size_px : (int, int)
        Width and height of the picture.

    Returns
    -------
    float
        To be held against :data:`SEEN_HIPS` and :data:`ALWAYS_HIPS`.
    """
    hips = SKELETONS[pose.skeleton].indices(["left_hip", "right_hip"])
    place = pose.xy_px[:, hips]
    # A comparison with what was not seen is false.
    inside = ((place >= 0) & (place <= np.array(size_px))).all(axis=(1, 2))
    sure = (pose.score[:, hips] >= SURE_OF_HIPS).all(axis=1)
    return float((inside & sure).mean())


def _toe_direction(point: dict[str, Floats], side: str) -> Floats:
    """Return heel-to-toe x of one foot in the frames in which it is low; in swing the toes point anywhere."""
    height = point[f"{side}_ankle"][:, 1]
    low = height >= np.nanpercentile(height, 60)
    return (point[f"{side}_foot_index"] - point[f"{side}_heel"])[low, 0]


def mirrored_pose(pose: PoseSequence, width_px: float) -> PoseSequence:
    """Turn a mirrored picture's landmarks back: x is reflected and left becomes right."""
    order = list(SKELETONS[pose.skeleton].mirror)
    xy = pose.xy_px[:, order].copy()
    xy[..., 0] = width_px - xy[..., 0]
    return replace(pose, xy_px=xy, score=pose.score[:, order], depth=pose.depth[:, order])


def body_frame(trajectories: Trajectories, travel: str, horizon_deg: float = 0.0) -> Trajectories:
    """Turn image coordinates into x along the direction of travel and y up.

    Parameters
    ----------
    trajectories : Trajectories
        In image coordinates, y down.
    travel : str
        ``left`` or ``right`` in the picture; anything else leaves x as it is (rear view: x to the right).
    horizon_deg : float
        Angle of the true horizontal in the picture, positive where it rises to the right; it is turned back.

    Returns
    -------
    Trajectories
        Same unit, y up, x forward.
    """
    up = trajectories.xy * np.array([1.0, -1.0])
    angle = np.radians(-horizon_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = up @ turn.T
    if travel == "left":
        turned = turned * np.array([-1.0, 1.0])
    note = () if horizon_deg == 0 else (f"camera roll of {horizon_deg:g} deg turned back",)
    return replace(trajectories, xy=turned, steps=trajectories.steps + note)

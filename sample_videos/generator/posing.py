"""Turn the runner's pose into rotations of every bone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from .body import (
    NECK_SHARE,
    SPINE_SHARE,
    TO_WORLD,
    RestBody,
    blend_turns,
    chain,
    frame,
    turn_between,
    world_turn,
)
from .kinematics import Pose
from .legs import KNEE, THIGH, TILT, LegPose

SIDE_NAMES = ("R", "L")
# Upper arm away from the trunk, and the turn of the forearm towards the chest (rad).
ARM_SPREAD, ARM_INWARD = np.radians(15.0), np.radians(26.0)
SWING_BACK, SWING_FRONT = np.radians(-60.0), np.radians(10.0)
# Curl of each finger joint for a loosely closed hand (rad), and of the thumb.
FINGER_CURL, THUMB_CURL = np.radians([48.0, 66.0, 42.0]), np.radians([12.0, 22.0, 18.0])


@dataclass(frozen=True)
class PosedBones:
    """Bone transforms (n, b, 3, 3), (n, b, 3) and joint positions (n, b, 3) in the world."""

    rotation: np.ndarray
    shift: np.ndarray
    joints: np.ndarray


def _leg_turns(body: RestBody, leg: LegPose, side: str) -> dict[str, np.ndarray]:
    """Thigh, shank and foot rotations."""
    hip, knee, ankle = (body.head_of(f"{b}.{side}") for b in ("upperleg01", "lowerleg01", "foot"))
    leftward = np.array([1.0, 0.0, 0.0])
    tilt = leg.angles[:, TILT]
    down = np.stack([0 * tilt, np.sin(tilt), -np.cos(tilt)], axis=-1)
    axis = np.stack([0 * tilt, np.cos(tilt), np.sin(tilt)], axis=-1) @ TO_WORLD.T

    def along(angle: np.ndarray) -> np.ndarray:
        forward = np.array([1.0, 0.0, 0.0])
        return (np.sin(angle)[:, None] * forward + np.cos(angle)[:, None] * down) @ TO_WORLD.T

    thigh = turn_between(frame(knee - hip, leftward), frame(along(leg.angles[:, THIGH]), axis))
    lower = leg.angles[:, THIGH] - leg.angles[:, KNEE]
    shank = turn_between(frame(ankle - knee, leftward), frame(along(lower), axis))
    foot = foot_turn(body, leg, side)
    turns = {f"upperleg01.{side}": thigh, f"lowerleg01.{side}": shank, f"foot.{side}": foot}
    # The middle bone of thigh and shank shares the twist, which keeps the skin from pinching.
    turns[f"upperleg02.{side}"] = thigh
    return turns


def rest_foot_yaw(body: RestBody, side: str) -> float:
    """Turn of the resting foot's long axis from straight ahead (rad, positive to the left)."""
    axis = body.head_of(f"toe2-1.{side}") - body.head_of(f"foot.{side}")
    return float(np.arctan2(axis[0], -axis[1]))


def foot_turn(body: RestBody, leg: LegPose, side: str) -> np.ndarray:
    """Rearfoot rotation (n, 3, 3) from rest, for the leg's pitch and roll and a fixed toe-out."""
    unturn = Rotation.from_euler("z", -rest_foot_yaw(body, side))
    # Positive pitch lifts the toes: a turn about the rightward axis.
    pitch = Rotation.from_euler("y", -leg.pitch[:, None])
    roll = Rotation.from_euler("x", leg.roll[:, None])
    return world_turn(Rotation.from_euler("z", leg.yaw) * pitch * roll * unturn)


def _arm_turns(body: RestBody, pose: Pose, side: int) -> dict[str, np.ndarray]:
    """Upper arm, forearm and hand rotations."""
    name, sign = SIDE_NAMES[side], (-1.0 if side == 0 else 1.0)
    shoulder, elbow, wrist = (body.head_of(f"{b}.{name}") for b in ("upperarm01", "lowerarm01", "wrist"))
    swing, flexion = pose.trunk.arm_swing[:, side], pose.trunk.elbow[:, side]
    spread = ARM_SPREAD * np.ones_like(swing)
    upper = np.stack([np.sin(swing) * np.cos(spread), sign * np.sin(spread), -np.cos(swing) * np.cos(spread)], axis=-1)
    # The elbow's axis points left before the inward turn; flexion carries the forearm forward and up.
    axis = frame(upper, np.array([0.0, 1.0, 0.0]) + 0 * upper)[..., 0]
    # The forearm crosses towards the chest as the arm comes forward and clears the hip as it goes back.
    inward = ARM_INWARD * np.clip((swing - SWING_BACK) / (SWING_FRONT - SWING_BACK), 0.0, 1.0)
    axis = Rotation.from_rotvec(sign * inward[:, None] * upper).apply(axis)
    fore = Rotation.from_rotvec(-flexion[:, None] * axis).apply(upper)
    carry = pose.trunk.thorax
    upper, fore, axis = (carry.apply(v) @ TO_WORLD.T for v in (upper, fore, axis))
    # Axis of the rest pose's slightly bent elbow, with the same sense.
    rest_axis = np.cross(wrist - elbow, elbow - shoulder)
    rest_axis *= np.sign(rest_axis[0])
    upper_turn = turn_between(frame(elbow - shoulder, rest_axis), frame(upper, axis))
    fore_turn = turn_between(frame(wrist - elbow, rest_axis), frame(fore, axis))
    turns = {f"upperarm01.{name}": upper_turn, f"lowerarm01.{name}": fore_turn}
    turns.update(_hand_turns(body, fore_turn, fore, sign, name))
    return turns


def _hand_turns(
    body: RestBody, fore_turn: np.ndarray, fore: np.ndarray, sign: float, name: str
) -> dict[str, np.ndarray]:
    """Roll the forearm so the thumb is up, and close the hand loosely."""
    index, little = body.head_of(f"finger2-1.{name}"), body.head_of(f"finger5-1.{name}")
    across = np.einsum("nij,j->ni", fore_turn, index - little)
    across -= (across * fore).sum(-1, keepdims=True) * fore / (fore**2).sum(-1, keepdims=True)
    across /= np.linalg.norm(across, axis=-1, keepdims=True)
    unit = fore / np.linalg.norm(fore, axis=-1, keepdims=True)
    # Thumb up and a little towards the midline.
    thumb = np.array([-0.4 * sign, 0.0, 1.0])
    up = thumb - unit * (unit @ thumb)[:, None]
    up /= np.linalg.norm(up, axis=-1, keepdims=True)
    roll = np.arctan2((np.cross(across, up) * unit).sum(-1), (across * up).sum(-1))
    turns = {}
    for bone, share in (("lowerarm02", 0.6), ("wrist", 1.0)):
        turns[f"{bone}.{name}"] = Rotation.from_rotvec((share * roll)[:, None] * unit).as_matrix() @ fore_turn
    hand = turns[f"wrist.{name}"]
    knuckles = np.einsum("nij,j->ni", hand, index - little)
    knuckles /= np.linalg.norm(knuckles, axis=-1, keepdims=True)
    for finger in range(1, 6):
        bend = 0.0
        for joint in range(1, 4):
            bend += (THUMB_CURL if finger == 1 else FINGER_CURL)[joint - 1]
            curl = Rotation.from_rotvec(-sign * bend * knuckles).as_matrix()
            turns[f"finger{finger}-{joint}.{name}"] = curl @ hand
    return turns


def pose_bones(body: RestBody, pose: Pose) -> PosedBones:
    """Rotate and place every bone.

    Parameters
    ----------
    body : RestBody
    pose : Pose

    Returns
    -------
    PosedBones
    """
    pelvis, thorax = world_turn(pose.trunk.pelvis), world_turn(pose.trunk.thorax)
    head = world_turn(pose.trunk.head)
    turns = {"root": pelvis}
    turns.update({bone: blend_turns(pelvis, thorax, share) for bone, share in SPINE_SHARE.items()})
    turns.update({bone: blend_turns(thorax, head, share) for bone, share in NECK_SHARE.items()})
    for side in (0, 1):
        turns.update(_leg_turns(body, pose.legs[side], SIDE_NAMES[side]))
        turns.update(_arm_turns(body, pose, side))
    mid = 0.5 * (body.head_of("upperleg01.R") + body.head_of("upperleg01.L"))
    offset = body.head_of("root") - mid
    root_at = pose.trunk.mid_hip @ TO_WORLD.T + np.einsum("nij,j->ni", pelvis, offset)
    rotation, shift = chain(body, turns, root_at)
    joints = np.einsum("nbij,bj->nbi", rotation, body.heads) + shift
    return PosedBones(rotation, shift, joints)

"""The dressed runner: loads the body, solves the motion and yields surfaces and joints for any instant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .body import TO_WORLD, RestBody, load_rest_body, skin
from .clothes import Piece, dress
from .kinematics import Motion, Movement, Pose, Proportions
from .posing import SIDE_NAMES, PosedBones, pose_bones
from .shoemaker import Shoe, make_shoe, place_shoe
from .spec import RunnerSpec
from .standing import StandThenRun
from .tape import tape_calves, tape_shoe
from .torsion import place_everted


@dataclass(frozen=True)
class Runner:
    """A body, its clothes and its motion."""

    spec: RunnerSpec
    body: RestBody
    pieces: list[Piece]
    shoes: tuple[Shoe, Shoe]
    motion: Movement

    def bones(self, time_s: np.ndarray) -> tuple[Pose, PosedBones]:
        """Pose and posed bones at `n` times (s)."""
        pose = self.motion.pose(time_s)
        return pose, pose_bones(self.body, pose)

    def shoe_points(self, pose: Pose, index: int, side: int, shoe: Shoe | None = None) -> np.ndarray:
        """World vertices (m) of one shoe, or of points given in its place, at one instant of a pose."""
        leg, worn = pose.legs[side], self.shoes[side] if shoe is None else shoe
        at = leg.ankle[index], leg.pitch[index], leg.bend[index], leg.yaw, leg.give[index], leg.roll[index]
        placed = place_shoe(worn, *at) if leg.fore_share is None else place_everted(worn, *at, leg.fore_share[index])
        return placed @ TO_WORLD.T

    def surfaces(self, pose: Pose, bones: PosedBones, index: int) -> list[np.ndarray]:
        """World vertices (m) of all pieces, then of the right and left shoe, at one instant."""
        out = [skin(p.vertices, p.weights, bones.rotation[index], bones.shift[index]) for p in self.pieces]
        return out + [self.shoe_points(pose, index, side) for side in (0, 1)]


def _lean_of(body: RestBody, motion: Movement) -> float:
    """Mean lean of the line from mid-hip to mid-shoulder, forward positive (rad)."""
    bones = pose_bones(body, motion.pose(np.linspace(0.5, 0.5 + 4 * motion.spec.step_s, 48)))
    shoulder = np.mean([bones.joints[:, body.bones.index(f"upperarm01.{s}")] for s in SIDE_NAMES], axis=0)
    hip = np.mean([bones.joints[:, body.bones.index(f"upperleg01.{s}")] for s in SIDE_NAMES], axis=0)
    gap = shoulder - hip
    return float(np.mean(np.arctan2(-gap[:, 1], gap[:, 2])))


def proportions(body: RestBody, shoe: Shoe) -> Proportions:
    """Sizes of a body in a shoe."""
    hip, knee, ankle = (body.head_of(f"{bone}.R") for bone in ("upperleg01", "lowerleg01", "foot"))
    return Proportions(
        abs(hip[0]), float(np.linalg.norm(knee - hip)), float(np.linalg.norm(ankle - knee)), shoe.geometry
    )


def set_moving(
    spec: RunnerSpec, body: RestBody, shoes: tuple[Shoe, Shoe], motion_at: Callable[[float], Movement]
) -> Runner:
    """Dress a body and move it with the wanted trunk lean.

    Parameters
    ----------
    spec : RunnerSpec
    body : RestBody
    shoes : tuple of Shoe
        Right and left.
    motion_at : callable
        The motion for a lean of the thorax (rad).
    """
    lean = np.radians(spec.trunk_lean_deg)
    offset = lean
    for _ in range(3):
        offset += lean - _lean_of(body, motion_at(offset))
    pieces = dress(body, spec.look)
    if spec.tape is not None:
        pieces.append(tape_calves(body, spec.tape))
        shoes = (tape_shoe(shoes[0], spec.tape), tape_shoe(shoes[1], spec.tape))
    return Runner(spec, body, pieces, shoes, motion_at(offset))


def make_runner(spec: RunnerSpec, duration_s: float, cache: Path | None = None) -> Runner:
    """Build a runner.

    Parameters
    ----------
    spec : RunnerSpec
    duration_s : float
        Length of the run (s).
    cache : Path, optional
        File that keeps the shaped body between calls.

    Returns
    -------
    Runner
    """
    body = load_rest_body(spec.stature_m, spec.look.shape, cache)
    shoes = (make_shoe(body, "R", spec.look), make_shoe(body, "L", spec.look))
    size = proportions(body, shoes[0])
    runner = set_moving(spec, body, shoes, lambda offset: Motion(spec, size, duration_s, offset))
    return runner if spec.standing is None else replace(runner, motion=StandThenRun(runner.motion))

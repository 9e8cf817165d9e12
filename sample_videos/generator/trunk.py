"""Pelvis, trunk and arms as smooth functions of the gait phase.

Kinematics use the runner's own axes: forward, left, up (metres, radians).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from .spec import RunnerSpec
from .timing import Steps

GRAVITY = 9.81


@dataclass(frozen=True)
class TrunkPose:
    """Pelvis, trunk and arms at `n` instants.

    Attributes
    ----------
    mid_hip : ndarray of shape (n, 3)
        Middle of the hip joints (m; forward, left, up).
    pelvis, thorax, head : Rotation
        Turns from the upright rest pose, in the axes forward, left, up.
    arm_swing, elbow : ndarray of shape (n, 2)
        Upper arm forward of the trunk's line, and elbow flexion, right and left (rad).
    """

    mid_hip: np.ndarray
    pelvis: Rotation
    thorax: Rotation
    head: Rotation
    arm_swing: np.ndarray
    elbow: np.ndarray


def vertical_bounce(spec: RunnerSpec, phase: np.ndarray) -> np.ndarray:
    """Height of the body above its height at initial contact (m).

    In the air the body falls freely; on the ground a half-sine force carries it (Morin et al. 2005,
    DOI 10.1123/jab.21.2.167). Both pieces join with equal position, speed and acceleration, and the
    oscillation follows from contact and flight time alone.

    Parameters
    ----------
    spec : RunnerSpec
    phase : ndarray
        Steps since an initial contact; only the fraction counts.
    """
    contact, flight = spec.contact_s, spec.step_s - spec.contact_s
    time = np.mod(phase, 1.0) * spec.step_s
    # Peak force in body weights, from the impulse that one step needs.
    peak = np.pi / 2 * (flight / contact + 1)
    omega = np.pi / contact
    speed0 = -GRAVITY * flight / 2 + peak * GRAVITY / omega
    ground = speed0 * time - GRAVITY * time**2 / 2 - peak * GRAVITY / omega**2 * np.sin(omega * time)
    air_time = time - contact
    air = GRAVITY * flight / 2 * air_time - GRAVITY * air_time**2 / 2
    return np.where(time < contact, ground, air)


def _between(peaks_deg: tuple[float, float], stride: np.ndarray) -> np.ndarray:
    """Swing (rad) between the right leg's peak at stride angle 0 and minus the left leg's at half a turn."""
    right, left = np.radians(peaks_deg)
    wave = np.cos(stride)
    return 0.5 * (right + left) * wave + 0.5 * (right - left) * wave**2


def trunk_pose(spec: RunnerSpec, steps: Steps, time_s: np.ndarray, hip_height: float, lean_offset: float) -> TrunkPose:
    """Pose the upper body.

    Parameters
    ----------
    spec : RunnerSpec
    steps : Steps
    time_s : ndarray of shape (n,)
    hip_height : float
        Height of the mid-hip at initial contact (m).
    lean_offset : float
        Forward lean of the thorax that gives the wanted shoulder-to-hip lean (rad).

    Returns
    -------
    TrunkPose
    """
    phase = steps.phase(time_s)
    # Even steps are the right foot's in the first stride, so half a turn per step, zero at a right contact.
    first = steps.side[0]
    stride = np.pi * (phase + first)
    mid = 0.5 * spec.contact_s / spec.step_s
    # Slow wandering on the belt, two incommensurable periods (s) chosen to look unplanned.
    wander = spec.drift_m * (np.sin(2 * np.pi * time_s / 7.3 + 0.4) + 0.6 * np.sin(2 * np.pi * time_s / 3.1))
    # The body is slowest over the standing foot and sways towards it.
    surge = -spec.pelvis_surge_m * np.sin(2 * np.pi * (phase - mid))
    sway = -spec.pelvis_sway_m * np.cos(stride - np.pi * mid)
    height = hip_height + vertical_bounce(spec, phase)
    mid_hip = np.stack([wander + surge, sway, height], axis=-1)
    # Turning left is positive: the right hip leads at right contact; the swing side hangs lower in
    # mid-stance.
    turn = np.radians(spec.pelvis_rotation_deg) * np.cos(stride)
    drop = np.radians(spec.pelvis_drop_deg) * np.cos(stride - np.pi * mid)
    side_lean = 0.25 * drop
    if spec.frontal is not None:
        drop = _between(spec.frontal.pelvic_drop_deg, stride - np.pi * mid)
        side_lean = _between(spec.frontal.trunk_side_lean_deg, stride - np.pi * mid)
    pitch = np.radians(3.0) * np.ones_like(turn)
    pelvis = Rotation.from_euler("ZYX", np.stack([turn, pitch, -drop], axis=-1))
    counter = -np.radians(spec.trunk_rotation_deg) * np.cos(stride - 0.25)
    nod = lean_offset + np.radians(1.2) * np.cos(2 * np.pi * (phase - mid))
    thorax = Rotation.from_euler("ZYX", np.stack([counter, nod, side_lean], axis=-1))
    head = Rotation.from_euler("ZYX", np.stack([0.12 * counter, 0.05 + 0.02 * np.cos(2 * np.pi * phase), 0 * drop], -1))
    side_phase = np.stack([stride, stride + np.pi], axis=-1) - 0.15
    swing = np.radians(-16.0) - np.radians(30.0) * np.cos(side_phase)
    elbow = np.radians(96.0) - np.radians(12.0) * np.cos(side_phase)
    return TrunkPose(mid_hip, pelvis, thorax, head, swing, elbow)

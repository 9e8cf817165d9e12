"""What is true of a film from behind: rearfoot angle, marks on heel and calf, pelvis and step width."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from .body import skin
from .kinematics import Pose
from .posing import SIDE_NAMES, PosedBones
from .runner import Runner
from .spec import CameraSpec, ClipSpec, StandingSpec
from .tape import CALF_SHARE, HEEL_Z, MARKS, calf_marks, heel_marks
from .timing import SIDES

DEFINITION = (
    "eversion = s * asin(h . m) in degrees, s = +1 right, -1 left; h: unit vector up the heel counter's mid-line; "
    "m: unit vector along the knee's hinge axis to the runner's left, square to the line from knee to ankle; "
    "standing with calf and heel parallel = 0, everted positive"
)
# Share of stance at which the heels' places are compared for the step width (metrics.md, section 6).
STEP_WIDTH_SHARE = 0.45


def mark_points(runner: Runner, pose: Pose, bones: PosedBones, side: int) -> dict[str, np.ndarray]:
    """Places of the marks on heel and calf through time.

    Parameters
    ----------
    runner : Runner
    pose : Pose
    bones : PosedBones
    side : int
        0 right, 1 left.

    Returns
    -------
    dict of str to ndarray of shape (n, 3)
        Metres, for each of ``MARKS``; on the surface whether taped or not.
    """
    shoe = heel_marks(runner.shoes[side])
    rest, weights = calf_marks(runner.body, SIDE_NAMES[side])
    heel = [runner.shoe_points(pose, i, side, shoe) for i in range(len(pose.time_s))]
    calf = [skin(rest, weights, bones.rotation[i], bones.shift[i]) for i in range(len(pose.time_s))]
    out = {name: np.array([p[k] for p in heel]) for k, name in enumerate(HEEL_Z)}
    return out | {name: np.array([p[k] for p in calf]) for k, name in enumerate(CALF_SHARE)}


def rear_rows(runner: Runner, camera: CameraSpec, time_s: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """Rearfoot angle (deg) and marks (pixels) through time.

    Returns
    -------
    dict
        For "R" and "L": "eversion" (n,) and each of ``MARKS`` (n, 2).
    """
    pose, bones = runner.bones(time_s)
    out = {}
    for side, name in enumerate(SIDE_NAMES):
        marks = mark_points(runner, pose, bones, side)
        out[name] = {mark: camera.project(marks[mark]) for mark in MARKS}
        out[name]["eversion"] = np.degrees(pose.legs[side].eversion)
    return out


def prescribed(runner: Runner, clip: ClipSpec) -> dict:
    """What was prescribed, for "L" and "R": the means, and each stance's eversion at contact and rise to the peak."""
    frontal = runner.spec.frontal
    out = {}
    for side, name in enumerate(SIDES):
        own = runner.motion.legs[side].eversion
        inside = (own.contact >= 0) & (own.off <= clip.duration_s)
        stances = zip(own.contact[inside], own.at_contact[inside], own.excursion[inside], strict=True)
        out[name] = {
            "excursion_deg": frontal.excursion_deg[side],
            "contact_deg": frontal.contact_deg[side],
            "peak_deg": frontal.contact_deg[side] + frontal.excursion_deg[side],
            "peak_share_of_stance": frontal.peak_share[side],
            "toe_out_deg": frontal.toe_out_deg[side],
            "pelvic_drop_deg": frontal.pelvic_drop_deg[side],
            "stances": [
                {"ic": round(float(t), 4), "contact_deg": round(float(c), 2), "excursion_deg": round(float(e), 2)}
                for t, c, e in stances
            ],
        }
    return dict(sorted(out.items()))


def rear_head(runner: Runner, clip: ClipSpec) -> dict:
    """What a rear view's truth file says besides the usual."""
    camera, tape, standing = clip.camera, runner.spec.tape, runner.spec.standing
    return {
        "eversion_definition": DEFINITION,
        "roll_deg": camera.roll_deg,
        "camera": {
            "position_m": list(camera.position_m),
            "target_m": list(camera.target_m),
            "vertical_fov_deg": camera.vertical_fov_deg,
        },
        "tape": None if tape is None else {"colour_rgb": list(tape.colour), "heel": tape.heel, "calf": tape.calf},
        "prescribed": prescribed(runner, clip),
        "standing": None if standing is None else _standing(standing),
    }


def _standing(standing: StandingSpec) -> dict:
    """How the runner stood, and until when."""
    pairs = sorted(zip(SIDES, standing.eversion_deg, strict=True))
    return {"until_s": standing.lasting_s, "eversion_deg": dict(pairs)}


def rear_metrics(runner: Runner, clip: ClipSpec) -> dict:
    """Measures of a film from behind: medians over stances, from the 3-D truth.

    Parameters
    ----------
    runner : Runner
    clip : ClipSpec

    Returns
    -------
    dict
        Cadence, contact time and step width; for "L" and "R": rearfoot angle, pelvic drop (against the horizontal,
        hanging on the other side positive) and hip adduction (thigh against the pelvis, in the plane square to the
        walking direction), as metrics.md section 6 defines them. Names carry their units.
    """
    legs = runner.motion.legs
    sides, heels = {}, []
    for side, name in enumerate(SIDES):
        leg = legs[side]
        inside = np.flatnonzero((leg.contact >= 0) & (leg.off <= clip.duration_s))
        rows = []
        for k in inside:
            time = np.linspace(leg.contact[k], leg.off[k], 101)
            rows.append(_stance(runner, side, time))
            heels.append((leg.contact[k], side, _heel_x(runner, side, time[round(100 * STEP_WIDTH_SHARE)])))
        sides[name] = {key: round(float(np.median([row[key] for row in rows])), 3) for key in rows[0]}
    heels.sort()
    # Right heel minus left heel, to the right; x counts to the left.
    width = [(b[2] - a[2]) * (1 if b[1] else -1) for a, b in pairwise(heels) if a[1] != b[1]]
    contacts = np.sort(np.concatenate([leg.contact for leg in legs]))
    stance = np.concatenate([leg.off - leg.contact for leg in legs])
    both = {
        "cadence_spm": 60.0 / np.mean(np.diff(contacts)),
        "ground_contact_time_ms": 1e3 * np.median(stance),
        "step_width_cm": 100 * np.median(width),
        "belt_speed_m_s": runner.spec.speed_m_s,
    }
    return {name: round(float(value), 3) for name, value in both.items()} | dict(sorted(sides.items()))


def _heel_x(runner: Runner, side: int, time: float) -> float:
    """Where the lower heel mark is across the belt (m, to the left)."""
    pose, bones = runner.bones(np.array([time]))
    return float(mark_points(runner, pose, bones, side)["heel_lower"][0, 0])


def _stance(runner: Runner, side: int, time: np.ndarray) -> dict[str, float]:
    """Measures of one stance."""
    pose, bones = runner.bones(time)
    sign = 1.0 if side == 0 else -1.0

    def joint(bone: str, name: str) -> np.ndarray:
        return bones.joints[:, runner.body.bones.index(f"{bone}.{name}")]

    own, other = SIDE_NAMES[side], SIDE_NAMES[1 - side]
    hip, far, knee = joint("upperleg01", own), joint("upperleg01", other), joint("lowerleg01", own)
    eversion = np.degrees(pose.legs[side].eversion)
    peak = int(eversion.argmax())
    drop = np.degrees(np.arctan2(hip[:, 2] - far[:, 2], np.abs(hip[:, 0] - far[:, 0])))
    # Knee towards the midline, which is to the left (x) of a right leg.
    thigh = np.degrees(np.arctan2(sign * (knee - hip)[:, 0], hip[:, 2] - knee[:, 2]))
    return {
        "rearfoot_angle_ic_deg": eversion[0],
        "rearfoot_angle_peak_deg": eversion[peak],
        "rearfoot_excursion_deg": eversion[peak] - eversion[0],
        "rearfoot_time_to_peak_ms": 1e3 * (time[peak] - time[0]),
        "pelvic_drop_deg": drop.max(),
        "hip_adduction_peak_deg": (thigh + drop).max(),
    }

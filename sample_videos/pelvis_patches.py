"""Draw pictures of pelvises from behind, with the places of six marks, to train the hip line's model on.

Run ``python pelvis_patches.py --out FILE.npz --runs N``: N random runners, clothes, lights and cameras, each seen in a
few dozen instants. Pelvis and trunk are turned at random in each instant, whatever the legs do, so that a network can
learn the pelvis from the pelvis alone. Nothing of this is shipped but the trained network; see ``pelvis_train.py``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from calibrate import LOOKS
from drawn_patches import DURATION_S, backdrop, body_shapes, colour, draw_all, dressed, parser_of, skin_colour
from generator.body import RestBody
from generator.clothes import Piece
from generator.kinematics import Pose
from generator.legs import KNEE, THIGH, TILT
from generator.posing import PosedBones, pose_bones
from generator.render import Stage
from generator.runner import Runner
from generator.spec import CameraSpec, FrontalSpec, RunnerSpec, Shape, Wear
from scipy.spatial.transform import Rotation

WINDOW = (240, 224)
# Length of the trunk, mid-hip to mid-shoulder, in the stored pictures (px), and where the mid-hip is in them.
TRUNK_PX, MID_HIP = 132.0, (120.0, 116.0)
BODIES = 24
MARKS = ("hip_right", "hip_left", "crest_right", "crest_left", "side_right", "side_left")


def random_wear(rng: np.random.Generator) -> Wear:
    """Clothes of any cut: shirt over or under the waistband, tight or loose, straight or askew."""
    tight = rng.random() < 0.4
    return Wear(
        hem_drop_m=float(rng.choice([rng.uniform(-0.02, 0.11), rng.uniform(-0.22, -0.02)], p=[0.6, 0.4])),
        hem_tilt_deg=float(rng.normal(0, rng.choice([1.5, 4.0]))),
        sleeve=float(rng.uniform(0.12, 0.8)),
        waist_m=float(rng.uniform(0.02, 0.14)),
        waist_tilt_deg=float(rng.normal(0, rng.choice([1.0, 3.0]))),
        shorts_end=float(rng.uniform(0.05, 0.8)),
        shirt_off_m=float(rng.uniform(0.005, 0.014)),
        hem_off_m=float(rng.uniform(0.0, 0.008 if tight else 0.025)),
        shorts_off_m=float(rng.uniform(0.003, 0.006)),
        shorts_flare_m=float(rng.uniform(0.0, 0.004) if tight else rng.uniform(0.005, 0.03)),
        painted=bool(rng.random() < 0.45),
        uneven_m=float(rng.uniform(0.0, 0.02) if rng.random() < 0.6 else 0.0),
        uneven_seed=int(rng.integers(10**6)),
    )


def random_runner(rng: np.random.Generator, shapes: list[Shape]) -> tuple[RunnerSpec, int]:
    """A runner of any look, and which of the bodies it has."""
    which = int(rng.integers(len(shapes)))
    base = LOOKS[str(rng.choice(sorted(LOOKS)))]
    skin, shorts = skin_colour(rng), colour(rng)
    look = replace(
        base,
        shape=shapes[which],
        wear=random_wear(rng),
        skin=skin,
        shirt=skin if rng.random() < 0.06 else shorts if rng.random() < 0.1 else colour(rng),
        shorts=shorts if rng.random() < 0.6 else tuple(int(v) for v in rng.integers(15, 60, 3)),
    )
    speed = float(rng.uniform(2.2, 3.4))
    spec = RunnerSpec(
        speed_m_s=speed,
        cadence_spm=float(rng.uniform(154, 190)),
        # A contact that is long for the speed would be out of a short leg's reach.
        contact_s=float(np.clip(rng.uniform(0.66, 0.76) / speed, 0.20, 0.29)),
        trunk_lean_deg=float(rng.uniform(1, 13)),
        step_width_m=float(rng.uniform(-0.01, 0.11)),
        seed=int(rng.integers(10**6)),
        look=look,
        frontal=FrontalSpec(toe_out_deg=tuple(rng.uniform(0, 12, 2)), seed=int(rng.integers(10**6))),
    )
    return spec, which


def random_camera(rng: np.random.Generator) -> CameraSpec:
    """A camera behind the pelvis: any usual distance and height, a little off the middle."""
    distance, height = float(rng.uniform(2.0, 5.0)), float(rng.uniform(0.25, 1.5))
    target = (float(rng.uniform(-0.03, 0.03)), 0.0, float(rng.uniform(0.90, 0.98)))
    fov = 2 * np.degrees(np.arctan(0.44 / np.hypot(distance, height - target[2])))
    light = (float(rng.uniform(-3, 3)), float(rng.uniform(0.8, 4.0)), float(rng.uniform(1.2, 4.0)))
    place = (float(rng.normal(0, 0.22)), distance, height)
    return CameraSpec("rear", place, target, float(fov), WINDOW, key_light_m=light if rng.random() < 0.85 else None)


def loosened(body: RestBody, piece: Piece, share: float) -> Piece:
    """A shirt that hangs from the trunk and follows the pelvis only in part."""
    lower = [i for i, b in enumerate(body.bones) if b.startswith(("root", "pelvis", "upperleg", "spine05"))]
    weights = piece.weights.copy()
    moved = share * weights[:, lower]
    weights[:, lower] -= moved
    weights[:, body.bones.index("spine04")] += moved.sum(axis=1)
    return replace(piece, weights=weights)


def printed(piece: Piece, rng: np.random.Generator, cloth: np.ndarray | None = None) -> Piece:
    """Bands, stripes and panels on a garment, or on the part of the skin that is painted like `cloth`."""
    x, y, z = piece.vertices.T
    if cloth is not None:
        # Only the height of the pelvis counts: else most would be elsewhere.
        cloth = cloth & (z > 0.6) & (z < 1.25)
        z = np.clip(z, 0.6, 1.25)
    colours = np.array(piece.colours, float)
    for _ in range(int(rng.integers(0, 4))):
        ink, kind = colour(rng), rng.random()
        if kind < 0.35:
            where = np.abs(z - rng.uniform(z.min(), z.max()) + np.tan(rng.normal(0, 0.3)) * x) < rng.uniform(
                0.005, 0.06
            )
        elif kind < 0.5:
            where = np.abs(x) > rng.uniform(0.10, 0.17)
        elif kind < 0.6:
            # A seam, or what hangs out of the waistband: down the back, short or long, leaning or not.
            top = rng.uniform(z.min(), z.max())
            where = (np.abs(x - rng.normal(0, 0.01) - rng.normal(0, 0.15) * (z - top)) < rng.uniform(0.003, 0.015)) & (
                np.abs(z - top) < rng.uniform(0.03, 0.15)
            )
        elif kind < 0.8:
            where = np.abs(x - rng.uniform(-0.12, 0.12)) < rng.uniform(0.005, 0.06)
        else:
            at = rng.uniform(-0.1, 0.1), rng.uniform(z.min(), z.max())
            where = (np.abs(x - at[0]) < rng.uniform(0.02, 0.1)) & (np.abs(z - at[1]) < rng.uniform(0.02, 0.12))
        # Some are on the back only, some at the waist: the trousers' band.
        if rng.random() < 0.3:
            where &= y > 0
        if cloth is not None:
            where &= cloth
        colours[where] = ink
    if piece.name == "shorts" and rng.random() < 0.5:
        colours[z > z.max() - rng.uniform(0.01, 0.05)] = colour(rng)
    return replace(piece, colours=colours)


def by_limbs(runner: Runner, piece: Piece, rng: np.random.Generator) -> Piece:
    """Paint shirt and shorts on by the bones that move the skin: ragged edges, and shirt that runs between the legs."""
    body, look = runner.body, runner.spec.look
    bones = rng.choice(["upperleg", "upperleg pelvis", "upperleg pelvis root"], p=[0.5, 0.3, 0.2])
    hip, knee = body.head_of("upperleg01.R")[2], body.head_of("lowerleg01.R")[2]
    end = knee + look.wear.shorts_end * (hip - knee)
    legs, arms = body.weight_of(*bones.split()), body.weight_of("upperarm02", "lowerarm", "wrist", "finger", "metac")
    trunk = body.weight_of("root", "pelvis", "spine", "breast", "clavicle", "shoulder", "upperarm01")
    ragged = rng.uniform(0, 0.12) * rng.normal(size=len(legs))
    shorts = (legs > rng.uniform(0.3, 0.6) + ragged) & (body.vertices[:, 2] > end + 0.1 * ragged)
    colours = np.where((trunk > arms)[:, None], look.shirt, look.skin)
    # The thighs above the hem are never bare: what is no shorts there is shirt.
    colours[(body.weight_of("upperleg") > 0.5) & (body.vertices[:, 2] < end)] = look.skin
    colours[shorts] = look.shorts
    return replace(piece, colours=colours)


def varied(runner: Runner, rng: np.random.Generator) -> Runner:
    """The same runner with prints, and a shirt that follows the pelvis more or less."""
    loose = rng.uniform(0.2, 0.7) if rng.random() < 0.35 else 0.0
    pieces = []
    for piece in runner.pieces:
        if piece.name in ("shirt", "shorts") and rng.random() < 0.6:
            piece = printed(piece, rng)
        if piece.name == "skin" and runner.spec.look.wear.painted:
            if rng.random() < 0.4:
                piece = by_limbs(runner, piece, rng)
            cloth = (piece.colours == runner.spec.look.shirt).all(1) | (piece.colours == runner.spec.look.shorts).all(1)
            piece = printed(printed(piece, rng, cloth), rng, cloth) if rng.random() < 0.6 else piece
        pieces.append(loosened(runner.body, piece, loose) if piece.name == "shirt" else piece)
    return replace(runner, pieces=pieces)


def thrown(pose: Pose, rng: np.random.Generator) -> Pose:
    """Turn pelvis, trunk and legs at random, each by itself."""
    n = len(pose.time_s)
    trunk = pose.trunk
    drop = np.radians(np.where(rng.random(n) < 0.5, rng.uniform(-12, 12, n), rng.normal(0, 4.5, n)))
    turn = np.radians(rng.normal(0, 6, n))
    pitch = np.radians(rng.uniform(-6, 18) + rng.normal(0, 2, n))
    pelvis = Rotation.from_euler("ZYX", np.stack([turn, pitch, -drop], axis=-1))
    lean = trunk.thorax.as_euler("ZYX")
    lean[:, 0] += np.radians(rng.normal(0, 4, n))
    lean[:, 2] = np.radians(np.where(rng.random(n) < 0.5, rng.uniform(-8, 8, n), rng.normal(0, 2, n)))
    legs = []
    for leg in pose.legs:
        angles = leg.angles.copy()
        angles[:, THIGH] += np.radians(rng.normal(0, 5, n))
        angles[:, KNEE] += np.radians(rng.normal(0, 5, n))
        angles[:, TILT] += np.radians(rng.uniform(-3, 3) + rng.normal(0, 2.5, n))
        legs.append(replace(leg, angles=angles))
    return replace(
        pose,
        trunk=replace(trunk, pelvis=pelvis, thorax=Rotation.from_euler("ZYX", lean)),
        legs=tuple(legs),
    )


def pelvis_marks(body: RestBody, bones: PosedBones) -> np.ndarray:
    """Hip joints, and beside and above them points that move with the pelvis alone (m), shape (n, 6, 3)."""
    root = body.bones.index("root")
    right, left = (body.head_of(f"upperleg01.{side}") for side in "RL")
    half = (left[0] - right[0]) / 2
    middle = (left + right) / 2
    rest = np.array(
        [
            middle + half * np.array([sign * wide, 0.0, high])
            for wide, high in ((1, 0), (1, 1.5), (2.2, 0.4))
            for sign in (-1, 1)
        ]
    )
    return np.einsum("nij,kj->nki", bones.rotation[:, root], rest) + bones.shift[:, root, None]


def draw_run(rng: np.random.Generator, shapes: list[Shape], folder: Path, count: int) -> list[tuple]:
    """Draw one random runner in random instants."""
    spec, which = random_runner(rng, shapes)
    runner = varied(dressed(spec, which, folder, bare=False), rng)
    leg = runner.motion.legs
    first, last = max(side.contact[0] for side in leg) + 0.05, DURATION_S - 0.4
    moments = np.sort(rng.uniform(first, last, count))
    pose = thrown(runner.motion.pose(moments), rng)
    bones = pose_bones(runner.body, pose)
    camera = random_camera(rng)
    stage = Stage(runner, camera)
    marks = camera.project(pelvis_marks(runner.body, bones))
    joint = {
        f"{b}.{s}": bones.joints[:, runner.body.bones.index(f"{b}.{s}")]
        for b in ("upperarm01", "upperleg01")
        for s in "RL"
    }
    hips, shoulders = (camera.project((joint[f"{b}.R"] + joint[f"{b}.L"]) / 2) for b in ("upperleg01", "upperarm01"))
    scale = TRUNK_PX / float(np.median(np.linalg.norm(hips - shoulders, axis=1)))
    rows = []
    for index, (picture, raw) in enumerate(stage.shots_of(pose, bones)):
        front = raw < stage.still_depth
        if rng.random() < 0.75:
            behind = backdrop(rng, (picture.shape[1], picture.shape[0]))
            whole = np.where(front[..., None], picture, behind)
        else:
            whole = np.where(front[..., None], picture, stage.still)
        there = np.array(
            [[scale, 0, MID_HIP[0] - scale * hips[index, 0]], [0, scale, MID_HIP[1] - scale * hips[index, 1]]]
        )
        down = there @ np.array([[0.5, 0, 0], [0, 0.5, 0], [0, 0, 1]])
        soft = cv2.GaussianBlur(whole, (0, 0), max(0.1, 0.4 / (0.5 * scale))) if scale < 1.6 else whole
        patch = cv2.warpAffine(soft, down, WINDOW, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        jpeg = cv2.imencode(".jpg", patch[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])[1].ravel()
        rows.append((jpeg, marks[index] @ there[:, :2].T + there[:, 2]))
    stage.close()
    return rows


def main() -> None:
    """Draw and save."""
    arguments = parser_of(__doc__, each=16).parse_args()
    draw_all(arguments, lambda rng, folder: draw_run(rng, body_shapes(BODIES), folder, arguments.each), save)


def save(path: Path, rows: list[tuple]) -> None:
    """Write what was drawn so far: compressed pictures, one behind the other, and what is in them."""
    out = {
        "patch_jpeg": np.concatenate([row[0] for row in rows]),
        "patch_ends": np.cumsum([len(row[0]) for row in rows]),
        "marks": np.array([row[1] for row in rows]),
        "run": np.array([row[2] for row in rows]),
    }
    temporary = path.with_suffix(".part.npz")
    np.savez(temporary, **out)
    temporary.replace(path)


if __name__ == "__main__":
    main()

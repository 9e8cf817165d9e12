"""Draw pictures of lower legs from behind, with the places of four marks, to train the outline model on.

Run ``python outline_patches.py --out FILE.npz --runs N``: N random runners, shoes, lights and cameras, each seen in a
few dozen instants of stance. Nothing of this is shipped but the trained network; see ``outline_train.py``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from calibrate import LOOKS
from drawn_patches import DURATION_S, backdrop, body_shapes, colour, draw_all, dressed, parser_of, skin_colour
from generator.rear_truth import mark_points
from generator.render import SUPERSAMPLE, Stage
from generator.runner import Runner
from generator.shoemaker import Shoe
from generator.spec import CameraSpec, FrontalSpec, RunnerSpec, Shape, TapeSpec
from generator.tape import MARKS

WINDOW = (400, 480)
SHANK_PX = 192.0
# Extent of the stored pictures, in shank lengths: wider than the network's view, so that it can be moved about.
ALONG, ACROSS = (0.10, 1.62), 0.46


def random_runner(rng: np.random.Generator, shapes: list[Shape]) -> tuple[RunnerSpec, int]:
    """A runner of any look and with any eversion, and which of the bodies it has."""
    which = int(rng.integers(len(shapes)))
    base = LOOKS[str(rng.choice(sorted(LOOKS)))]
    shoe = colour(rng)
    plain = rng.random() < 0.35
    look = replace(
        base,
        shape=shapes[which],
        skin=skin_colour(rng),
        sock=colour(rng) if rng.random() < 0.6 else (240, 240, 240),
        shorts=colour(rng),
        shoe=shoe,
        midsole=shoe if plain else colour(rng),
        outsole=shoe if plain else colour(rng),
        stripes=shoe if plain else colour(rng),
    )
    frontal = FrontalSpec(
        contact_deg=tuple(rng.uniform(-12, 4, 2)),
        excursion_deg=tuple(rng.uniform(0, 22, 2)),
        off_deg=tuple(rng.uniform(-10, 4, 2)),
        toe_out_deg=tuple(rng.uniform(-4, 18, 2)),
        pelvic_drop_deg=tuple(rng.uniform(0, 9, 2)),
        peak_share=tuple(rng.uniform(0.3, 0.55, 2)),
        seed=int(rng.integers(10**6)),
    )
    tape = None
    if rng.random() < 0.25:
        tape = TapeSpec(colour(rng), str(rng.choice(["dots", "strip"])), str(rng.choice(["dots", "strip"])))
    spec = RunnerSpec(
        speed_m_s=float(rng.uniform(2.4, 4.2)),
        cadence_spm=float(rng.uniform(156, 188)),
        contact_s=float(rng.uniform(0.22, 0.28)),
        strike_pitch_deg=float(rng.uniform(4, 20)),
        step_width_m=float(rng.uniform(-0.01, 0.11)),
        seed=int(rng.integers(10**6)),
        look=look,
        frontal=frontal,
        tape=tape,
    )
    return spec, which


def random_camera(rng: np.random.Generator) -> CameraSpec:
    """A camera behind the legs: any usual height, a little off the middle, a little rolled."""
    distance, height = float(rng.uniform(2.0, 4.2)), float(rng.uniform(0.2, 1.3))
    target = (float(rng.uniform(-0.06, 0.06)), 0.0, float(rng.uniform(0.24, 0.32)))
    fov = 2 * np.degrees(np.arctan(0.42 / np.hypot(distance, height - target[2])))
    light = (float(rng.uniform(-3, 3)), float(rng.uniform(1.5, 4.0)), float(rng.uniform(1.8, 4.0)))
    across = float(rng.normal(0, 0.15))
    return CameraSpec(
        "rear",
        (across, distance, height),
        target,
        float(fov),
        WINDOW,
        roll_deg=float(rng.normal(0, 1.5)),
        key_light_m=light if rng.random() < 0.8 else None,
    )


def reshaped(shoe: Shoe, rng: np.random.Generator) -> Shoe:
    """A shoe of another make: wider or narrower, higher or lower, the sole flared or drawn in, rounded or sharp."""
    points = shoe.vertices.copy()
    x, y, z = points.T
    low = np.clip((0.05 - z) / 0.05, 0, 1)
    rear = np.clip((0.02 - x) / 0.06, 0, 1)
    y = (
        y
        * rng.uniform(0.84, 1.12)
        * (1 + low * rng.uniform(-0.28, 0.12))
        * (1 + rear * (1 - low) * rng.uniform(-0.1, 0.1))
    )
    # A rounded sole leaves the belt at its edges.
    edge = np.clip((np.abs(y) - 0.012) / 0.025, 0, 1) ** 2
    z = z * rng.uniform(0.92, 1.10) + rng.choice([0.0, 0.0, 0.012]) * rng.random() * edge * low
    x = np.where(x < 0, x * (1 + rng.uniform(-0.12, 0.12) * np.clip(z / 0.1, 0, 1)), x)
    return replace(shoe, vertices=np.stack([x, y, z], axis=-1))


def seen(camera: CameraSpec, point: np.ndarray, depth: np.ndarray, eye: np.ndarray) -> bool:
    """Whether nothing stands more than 2 cm in front of a point; `depth` holds metres along the line of sight."""
    x, y = camera.project(point) * SUPERSAMPLE
    if not (1 <= x < depth.shape[1] - 1 and 1 <= y < depth.shape[0] - 1):
        return False
    own = float((point - eye) @ camera.axes[2])
    return bool(np.median(depth[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2]) > own - 0.02)


def metres(depth: np.ndarray, near: float, far: float) -> np.ndarray:
    """Distance along the line of sight from the depth buffer's values."""
    return near * far / (far - depth * (far - near))


def cut(picture: np.ndarray, knee: np.ndarray, ankle: np.ndarray, shank_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Cut a leg out, upright, and the map (2, 3) from the picture to it."""
    down = (ankle - knee) / np.linalg.norm(ankle - knee)
    right = np.array([down[1], -down[0]])
    scale = SHANK_PX / shank_px
    size = (round(2 * ACROSS * SHANK_PX), round((ALONG[1] - ALONG[0]) * SHANK_PX))
    linear = scale * np.array([right, down])
    shift = np.array([size[0] / 2, (1 - ALONG[0]) * SHANK_PX]) - linear @ ankle
    there = np.column_stack([linear, shift])
    return cv2.warpAffine(picture, there, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), there


def instants(runner: Runner, side: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Moments of stance of one foot, from shortly before contact, most in its first half."""
    leg = runner.motion.legs[side]
    which = np.flatnonzero((leg.contact > 0.1) & (leg.off < DURATION_S - 0.05))
    k = rng.choice(which, count)
    share = np.where(rng.random(count) < 0.4, rng.uniform(-0.12, 0.2, count), rng.uniform(-0.1, 1.3, count))
    return leg.contact[k] + share * (leg.off[k] - leg.contact[k])


def draw_run(rng: np.random.Generator, shapes: list[Shape], folder: Path, count: int, bare_share: float) -> list[tuple]:
    """Draw one random runner in random instants of both feet."""
    spec, which = random_runner(rng, shapes)
    taped, spec = spec.tape, replace(spec, tape=None)
    bare = rng.random() < bare_share
    if bare and rng.random() < 0.6:
        spec = replace(spec, look=replace(spec.look, sock=spec.look.skin))
    runner = dressed(spec, which, folder, bare=bare)
    if not bare:
        runner = replace(runner, shoes=tuple(reshaped(shoe, rng) for shoe in runner.shoes))
    if taped is not None:
        from generator.tape import tape_calves, tape_shoe

        runner = replace(
            runner,
            pieces=[*runner.pieces, tape_calves(runner.body, taped)],
            shoes=tuple(tape_shoe(shoe, taped) for shoe in runner.shoes),
        )
    camera = random_camera(rng)
    stage = Stage(runner, camera)
    rows = []
    moments = np.concatenate([instants(runner, side, count, rng) for side in (0, 1)])
    sides = np.repeat([0, 1], count)
    eye = np.array(camera.position_m)
    near, far = 0.5, 15.0
    pose, bones = runner.bones(moments)
    marks = [mark_points(runner, pose, bones, side) for side in (0, 1)]
    joints = {
        (bone, side): bones.joints[:, runner.body.bones.index(f"{bone}.{'RL'[side]}")]
        for bone in ("lowerleg01", "foot")
        for side in (0, 1)
    }
    for index, (picture, raw) in enumerate(stage.shots(moments)):
        front = raw < stage.still_depth
        side = sides[index]
        if rng.random() < 0.65:
            size = picture.shape[1], picture.shape[0]
            whole = np.where(front[..., None], picture, backdrop(rng, size))
        else:
            whole = np.where(front[..., None], picture, stage.still)
        small = cv2.resize(whole, WINDOW, interpolation=cv2.INTER_AREA)
        depth = metres(raw, near, far)
        knee, ankle = (camera.project(joints[bone, side]) for bone in ("lowerleg01", "foot"))
        shank_px = float(np.percentile(np.linalg.norm(ankle - knee, axis=1), 75))
        patch, there = cut(small, knee[index], ankle[index], shank_px)
        points = np.array([marks[side][name][index] for name in MARKS])
        at = camera.project(points) @ there[:, :2].T + there[:, 2]
        shown = [seen(camera, point, depth, eye) for point in points]
        both = np.array([[marks[s][name][index] for name in MARKS] for s in (0, 1)])
        ends = np.array([[joints[bone, s][index] for bone in ("lowerleg01", "foot")] for s in (0, 1)])
        everything = np.concatenate([both, ends], axis=1)
        all_seen = [[seen(camera, point, depth, eye) for point in row] for row in both]
        angle = float(np.degrees(pose.legs[side].eversion[index]))
        wide = cv2.resize(small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        pictures = [
            cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1].ravel()
            for picture, quality in ((patch, 95), (wide, 92))
        ]
        rows.append((*pictures, at, shown, angle, side, camera.project(everything) / 2, all_seen))
    stage.close()
    return rows


def main() -> None:
    """Draw and save."""
    parser = parser_of(__doc__, each=14)
    parser.add_argument("--bare", type=float, default=0.3, help="share of runners in thin socks instead of shoes")
    arguments = parser.parse_args()
    draw_all(arguments, lambda rng, folder: draw_run(rng, body_shapes(), folder, arguments.each, arguments.bare), save)


FIELDS = ("marks", "seen", "eversion", "side", "wide_points", "wide_seen", "run")


def save(path: Path, rows: list[tuple]) -> None:
    """Write what was drawn so far: two sets of compressed pictures, one behind the other, and what is in them."""
    out = {name: np.array([row[2 + k] for row in rows]) for k, name in enumerate(FIELDS)}
    for k, name in enumerate(("patch", "wide")):
        out[f"{name}_jpeg"] = np.concatenate([row[k] for row in rows])
        out[f"{name}_ends"] = np.cumsum([len(row[k]) for row in rows])
    temporary = path.with_suffix(".part.npz")
    np.savez(temporary, **out)
    temporary.replace(path)


if __name__ == "__main__":
    main()

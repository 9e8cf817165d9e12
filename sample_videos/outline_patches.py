"""Draw pictures of lower legs from behind, with the places of four marks, to train the outline model on.

Run ``python outline_patches.py --out FILE.npz --runs N``: N random runners, shoes, lights and cameras, each seen in a
few dozen instants of stance. Nothing of this is shipped but the trained network; see ``outline_train.py``.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from calibrate import LOOKS
from generator.body import RestBody, load_rest_body
from generator.kinematics import Motion
from generator.rear_truth import mark_points
from generator.render import SUPERSAMPLE, Stage
from generator.runner import Runner, proportions, set_moving
from generator.shoemaker import (
    STACK_M,
    Shoe,
    _foot_mask,
    _grid,
    _paint,
    _signed,
    _surface,
    collar_height,
    make_shoe,
)
from generator.spec import CameraSpec, FrontalSpec, Look, RunnerSpec, Shape, TapeSpec
from generator.tape import MARKS
from scipy import ndimage

WINDOW = (400, 480)
SHANK_PX = 192.0
# Extent of the stored pictures, in shank lengths: wider than the network's view, so that it can be moved about.
ALONG, ACROSS = (0.10, 1.62), 0.46
DURATION_S = 3.0
BODIES = 10


def colour(rng: np.random.Generator) -> tuple[int, int, int]:
    """Any colour, as often dull as bright."""
    hsv = np.uint8([[[rng.integers(180), int(255 * rng.random() ** 1.5), int(60 + 195 * rng.random())]]])
    return tuple(int(v) for v in cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0])


def skin_colour(rng: np.random.Generator) -> tuple[int, int, int]:
    """Human skin from pale to dark."""
    share = rng.random()
    light, dark = np.array([238, 196, 172]), np.array([72, 46, 34])
    mixed = light + share**0.8 * (dark - light) + rng.normal(0, 6, 3)
    return tuple(int(v) for v in np.clip(mixed, 20, 250))


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


def backdrop(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """A room out of bars, boxes and blots."""
    width, height = size
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = cv2.resize(rng.uniform(20, 235, (2, 2, 3)).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    for _ in range(int(rng.integers(2, 14))):
        corner = rng.integers(0, max(size), 2)
        other = corner + rng.integers(8, 220, 2) * rng.choice([1, -1], 2)
        cv2.rectangle(picture, corner.tolist(), other.tolist(), [float(v) for v in rng.uniform(0, 255, 3)], -1)
    blots = cv2.resize(rng.normal(0, 1, (height // 16, width // 16, 3)).astype(np.float32), size)
    return np.clip(picture + rng.uniform(0, 25) * blots, 0, 255).astype(np.uint8)


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


def foot_shaped(body: RestBody, side: str, shoe: Shoe, look: Look) -> Shoe:
    """A thin sock in place of a shoe: heel, arch and toes as they are, the foot's sole on the belt."""
    grid = _grid()
    skin = ndimage.gaussian_filter(_signed(_foot_mask(body, side, grid)), 1.0) - 0.0015
    thin = _surface(np.maximum(skin, grid[2] - collar_height(grid[0])), shoe.geometry, look)
    points = thin.vertices.copy()
    # The body stands on the midsole; here the foot reaches down to the belt, and the ankle stays where it is.
    points[:, 2] -= STACK_M * np.clip((0.085 - points[:, 2]) / (0.085 - STACK_M), 0.0, 1.0)
    return replace(thin, vertices=points, colours=np.tile(look.shoe, (len(points), 1)))


def dressed(spec: RunnerSpec, which: int, folder: Path, *, bare: bool) -> Runner:
    """A runner whose body and shoes are kept between runs: shaping them takes longest."""
    body = load_rest_body(spec.stature_m, spec.look.shape, folder / f"body{which}.npz")
    shoes = []
    for side in "RL":
        kept, kept_bare = folder / f"shoe{which}{side}.pkl", folder / f"foot{which}{side}.pkl"
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make_shoe(body, side, spec.look)))
        shoe = pickle.loads(kept.read_bytes())
        if bare:
            if not kept_bare.exists():
                kept_bare.write_bytes(pickle.dumps(foot_shaped(body, side, shoe, spec.look)))
            shoe = pickle.loads(kept_bare.read_bytes())
            colours = np.tile(spec.look.shoe, (len(shoe.vertices), 1))
        else:
            colours = _paint(shoe.vertices, shoe.geometry, spec.look)
        shoes.append(replace(shoe, colours=colours))
    size = proportions(body, shoes[0])
    return set_moving(spec, body, tuple(shoes), lambda lean: Motion(spec, size, DURATION_S, lean))


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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--each", type=int, default=14, help="instants of each foot")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bare", type=float, default=0.3, help="share of runners in thin socks instead of shoes")
    parser.add_argument("--bodies", type=Path, help="folder that keeps the shaped bodies")
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    dice = np.random.default_rng(99)
    shapes = [
        Shape(*(float(v) for v in dice.uniform([0.0, 0.45, 0.3, 0.25, 0.3], [1.0, 0.8, 0.9, 0.75, 0.9])))
        for _ in range(BODIES)
    ]
    rows: list[tuple] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.bodies or Path(temporary)
        folder.mkdir(exist_ok=True, parents=True)
        for run in range(arguments.runs):
            start = time.monotonic()
            try:
                rows += [(*row, run) for row in draw_run(rng, shapes, folder, arguments.each, arguments.bare)]
            except ValueError as problem:
                print(run, "left out:", problem, flush=True)
            print(run, len(rows), f"{time.monotonic() - start:.1f} s", flush=True)
            if run % 20 == 19 or run == arguments.runs - 1:
                save(arguments.out, rows)


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

"""What drawing patches to train networks on needs: colours, backdrops, shaped and dressed bodies, and the loop."""

from __future__ import annotations

import argparse
import pickle
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from generator.body import RestBody, load_rest_body
from generator.kinematics import Motion
from generator.runner import Runner, proportions, set_moving
from generator.shoemaker import STACK_M, Shoe, _foot_mask, _grid, _paint, _signed, _surface, collar_height, make_shoe
from generator.spec import Look, RunnerSpec, Shape
from scipy import ndimage

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


def body_shapes(count: int = BODIES) -> list[Shape]:
    """The bodies that are drawn, always the same ones: shaping them takes long."""
    dice = np.random.default_rng(99)
    low, high = [0.0, 0.45, 0.3, 0.25, 0.3], [1.0, 0.8, 0.9, 0.75, 0.9]
    return [Shape(*(float(v) for v in dice.uniform(low, high))) for _ in range(count)]


def parser_of(text: str, each: int) -> argparse.ArgumentParser:
    """A command line with what all drawings take."""
    parser = argparse.ArgumentParser(description=text.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--each", type=int, default=each, help="instants of each runner (of each foot for outlines)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bodies", type=Path, help="folder that keeps the shaped bodies")
    return parser


def draw_all(
    arguments: argparse.Namespace,
    draw_run: Callable[[np.random.Generator, Path], list[tuple]],
    save: Callable[[Path, list[tuple]], None],
) -> None:
    """Draw one runner after the other, and save from time to time; each row is told the number of its runner."""
    rng = np.random.default_rng(arguments.seed)
    rows: list[tuple] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.bodies or Path(temporary)
        folder.mkdir(exist_ok=True, parents=True)
        for run in range(arguments.runs):
            start = time.monotonic()
            try:
                rows += [(*row, run) for row in draw_run(rng, folder)]
            except ValueError as problem:
                print(run, "left out:", problem, flush=True)
            print(run, len(rows), f"{time.monotonic() - start:.1f} s", flush=True)
            if run % 20 == 19 or run == arguments.runs - 1:
                save(arguments.out, rows)

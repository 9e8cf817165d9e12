"""Train the two small networks that find lower legs seen from behind, on pictures of ``outline_patches.py``.

``python outline_train.py outline --data FILE.npz ... --out outline.onnx`` trains the one that puts four marks on a leg
cut out upright (where tape would be), ``finder`` the one that finds both legs in a whole picture without a body. Both
are plain convolutions, run by OpenCV. Runs of every tenth runner are kept for testing and never trained on.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from patch_training import BATCH, Marks, centres, colours, export, moved, parser_of, pictures_of, split, tilt, train
from torch.nn import functional as F

SHANK_PX = 192.0
# What the outline network sees, in shank lengths from the knee, and what the pictures hold.
ALONG, ACROSS, STORED_TOP = (0.24, 1.44), 0.29, 0.10
OUTLINE_SIZE = (112, 232)
FINDER_SIZE = (160, 160)


def load(paths: list[Path], kind: str) -> dict[str, np.ndarray]:
    """Join the files; left legs are mirrored to right ones for the outline."""
    parts = []
    for k, path in enumerate(paths):
        data = dict(np.load(path))
        name = "patch" if kind == "outline" else "wide"
        pictures = pictures_of(data, name)
        if kind == "outline":
            marks, seen = data["marks"].astype(np.float32), data["seen"].astype(np.float32)
            left = data["side"] == 1
            pictures[left] = pictures[left][:, :, ::-1]
            marks[left, :, 0] = pictures.shape[2] - 1 - marks[left, :, 0]
        else:
            points, shown = data["wide_points"], data["wide_seen"].astype(np.float32)
            # Calf, ankle and heel of the right leg, then of the left; the ankle is as visible as the mark above it.
            marks = points[:, :, [0, 1, 5, 2, 3]].reshape(len(points), 10, 2).astype(np.float32)
            seen = shown[:, :, [0, 1, 1, 2, 3]].reshape(len(points), 10)
        parts.append({"pictures": pictures, "marks": marks, "seen": seen, "run": data["run"] + 10000 * k})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def outline_views(data: dict, index: np.ndarray, rng: np.random.Generator | None) -> tuple[torch.Tensor, torch.Tensor]:
    """Views of single legs as landmarks that are a little off would cut them."""
    n = len(index)
    width = data["pictures"].shape[2]
    middle = np.array([width / 2, (np.mean(ALONG) - STORED_TOP) * SHANK_PX])
    centre, scale, turn = np.tile(middle, (n, 1)), np.ones(n), np.zeros(n)
    if rng is not None:
        centre = centre + rng.normal(0, [7.0, 8.0], (n, 2))
        scale, turn = np.exp(rng.normal(0, 0.07, n)), rng.normal(0, np.radians(4.0), n)
    return moved(data["pictures"][index], data["marks"][index], OUTLINE_SIZE, centre, scale, turn)


def finder_views(data: dict, index: np.ndarray, rng: np.random.Generator | None) -> tuple[torch.Tensor, torch.Tensor]:
    """Views of both legs from mid-calf close-ups to much of the room."""
    n = len(index)
    height, width = data["pictures"].shape[1:3]
    centre, scale, turn = np.tile([width / 2.0, height / 2.0], (n, 1)), np.full(n, FINDER_SIZE[1] / height), np.zeros(n)
    if rng is not None:
        scale = FINDER_SIZE[1] / height * np.exp(rng.uniform(np.log(0.55), np.log(2.0), n))
        # A close view looks down at the shoes.
        centre = np.column_stack([width / 2 + rng.normal(0, 12, n), height / 2 + rng.normal(0, 12, n)])
        centre[:, 1] += np.clip(height / 2 - FINDER_SIZE[1] / scale / 2, 0, None) * rng.uniform(0.3, 0.95, n)
        turn = rng.normal(0, np.radians(2.0), n)
    return moved(data["pictures"][index], data["marks"][index], FINDER_SIZE, centre, scale, turn)


def outline_loss(maps: torch.Tensor, seen: torch.Tensor, at: torch.Tensor, shown: torch.Tensor) -> torch.Tensor:
    """Places, the two tilts, and what is seen."""
    found = centres(maps)
    weight = 0.15 + 0.85 * shown
    places = (F.smooth_l1_loss(found, at, reduction="none", beta=2.0).sum(-1) * weight).mean()
    both = torch.stack([shown[:, 0] * shown[:, 1], shown[:, 2] * shown[:, 3]], -1)
    tilts = torch.stack([tilt(f[:, a], f[:, a + 1]) for f in (found, at) for a in (0, 2)], -1)
    angles = (F.smooth_l1_loss(tilts[:, :2], tilts[:, 2:], reduction="none", beta=2.0) * both).sum() / both.sum().clamp(
        min=1
    )
    return places + 0.15 * angles + F.binary_cross_entropy_with_logits(seen, shown)


def finder_loss(maps: torch.Tensor, seen: torch.Tensor, at: torch.Tensor, shown: torch.Tensor) -> torch.Tensor:
    """A hill of 1.5 map px at each mark that is seen and inside; nothing elsewhere."""
    h, w = maps.shape[2:]
    inside = ((at > 0) & (at < torch.tensor([4.0 * w, 4.0 * h]))).all(-1).float() * shown
    grid_y, grid_x = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    place = (at - 1.5) / 4
    far = (grid_x - place[..., :1, None]) ** 2 + (grid_y - place[..., 1:, None]) ** 2
    wanted = torch.exp(-far / (2 * 1.5**2)) * inside[..., None, None]
    return 20 * F.binary_cross_entropy_with_logits(
        maps, wanted, weight=1 + 15 * wanted
    ) + F.binary_cross_entropy_with_logits(seen, inside)


def check_outline(model: Marks, data: dict, index: np.ndarray) -> str:
    """Errors on runners never trained on."""
    with torch.no_grad():
        rows = []
        for part in np.array_split(index, max(1, len(index) // 64)):
            x, at = outline_views(data, part, np.random.default_rng(3))
            maps, seen = model(x - 0.5)
            found, shown = centres(maps), torch.from_numpy(data["seen"][part])
            error = tilt(found[:, 2], found[:, 3]) - tilt(at[:, 2], at[:, 3])
            shank = tilt(found[:, 0], found[:, 1]) - tilt(at[:, 0], at[:, 1])
            good = (shown.min(1).values > 0.5).numpy()
            rows.append(
                np.column_stack([error.numpy(), shank.numpy(), ((seen > 0) == (shown > 0.5)).float().mean(1).numpy()])[
                    good
                ]
            )
        all_rows = np.concatenate(rows)
    heel, shank = all_rows[:, 0], all_rows[:, 1]
    parts = (f"heel {heel.mean():+.2f}±{heel.std():.2f} deg", f"shank {shank.mean():+.2f}±{shank.std():.2f} deg")
    return ", ".join((*parts, f"seen {all_rows[:, 2].mean():.3f}"))


def check_finder(model: Marks, data: dict, index: np.ndarray) -> str:
    """Distances on runners never trained on, where the mark is inside and seen."""
    with torch.no_grad():
        distance, right = [], []
        for part in np.array_split(index, max(1, len(index) // 64)):
            x, at = finder_views(data, part, np.random.default_rng(3))
            maps, seen = model(x - 0.5)
            n, k, h, w = maps.shape
            best = maps.reshape(n, k, -1).argmax(-1)
            found = 4 * torch.stack([best % w, best // w], -1) + 1.5
            inside = ((at > 0) & (at < torch.tensor([4.0 * w, 4.0 * h]))).all(-1) & (
                torch.from_numpy(data["seen"][part]) > 0.5
            )
            distance.append((found - at).norm(dim=-1)[inside].numpy())
            right.append(((seen > 0) == inside).float().mean().item())
        d = np.concatenate(distance)
    return f"median {np.median(d):.1f} px, within 8 px {np.mean(d < 8):.3f}, seen {np.mean(right):.3f}"


KINDS = {
    "outline": (4, outline_views, outline_loss, check_outline, OUTLINE_SIZE),
    "finder": (10, finder_views, finder_loss, check_finder, FINDER_SIZE),
}


def main() -> None:
    """Train, test, save."""
    parser = parser_of(__doc__)
    parser.add_argument("kind", choices=sorted(KINDS))
    arguments = parser.parse_args()
    maps, views, loss_of, check, size = KINDS[arguments.kind]
    data = load(arguments.data, arguments.kind)
    to_train, to_test = split(data["run"])
    model = Marks(maps)

    def loss(rng: np.random.Generator, dice: torch.Generator) -> torch.Tensor:
        index = rng.choice(to_train, BATCH, replace=False)
        x, at = views(data, index, rng)
        x = colours(x, dice)
        shown = torch.from_numpy(data["seen"][index])
        if arguments.kind == "finder":
            flip = torch.rand(len(x), generator=dice) < 0.5
            x[flip] = x[flip].flip(3)
            at[flip] = torch.stack([size[0] - 1 - at[flip][..., 0], at[flip][..., 1]], -1)[
                :, [*range(5, 10), *range(5)]
            ]
            shown[flip] = shown[flip][:, [*range(5, 10), *range(5)]]
        return loss_of(*model(x - 0.5), at, shown)

    train(model, arguments, loss, lambda: check(model, data, to_test))
    export(model, arguments.out, size, ["maps", "seen"])


if __name__ == "__main__":
    main()

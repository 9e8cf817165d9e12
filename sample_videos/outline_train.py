"""Train the two small networks that find lower legs seen from behind, on pictures of ``outline_patches.py``.

``python outline_train.py outline --data FILE.npz ... --out outline.onnx`` trains the one that puts four marks on a leg
cut out upright (where tape would be), ``finder`` the one that finds both legs in a whole picture without a body. Both
are plain convolutions, run by OpenCV. Runs of every tenth runner are kept for testing and never trained on.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

SHANK_PX = 192.0
# What the outline network sees, in shank lengths from the knee, and what the pictures hold.
ALONG, ACROSS, STORED_TOP = (0.24, 1.44), 0.29, 0.10
OUTLINE_SIZE = (112, 232)
FINDER_SIZE = (160, 160)
HELD_OUT = 10


def block(before: int, after: int, stride: int = 1) -> nn.Sequential:
    """Convolution, normalisation, rectifier."""
    return nn.Sequential(nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(True))


class Marks(nn.Module):
    """An hourglass: a map of a quarter of the picture's size for each mark."""

    def __init__(self, maps: int, width: int = 16) -> None:
        super().__init__()
        w = width
        self.down1 = nn.Sequential(block(3, w, 2), block(w, w))
        self.down2 = nn.Sequential(block(w, 2 * w, 2), block(2 * w, 2 * w))
        self.down3 = nn.Sequential(block(2 * w, 3 * w, 2), block(3 * w, 3 * w))
        self.down4 = nn.Sequential(block(3 * w, 5 * w, 2), block(5 * w, 5 * w), block(5 * w, 5 * w))
        self.side4, self.side3, self.side2 = (nn.Conv2d(k * w, 2 * w, 1) for k in (5, 3, 2))
        self.up3, self.up2 = block(2 * w, 2 * w), block(2 * w, 2 * w)
        self.maps = nn.Conv2d(2 * w, maps, 1)
        self.seen = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5 * w, maps))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Pictures (n, 3, H, W) to maps (n, maps, H/4, W/4) and how sure each mark is seen (n, maps), both logits."""
        two = self.down2(self.down1(x))
        three = self.down3(two)
        four = self.down4(three)
        up = self.up3(F.interpolate(self.side4(four), size=three.shape[2:], mode="nearest") + self.side3(three))
        up = self.up2(F.interpolate(up, size=two.shape[2:], mode="nearest") + self.side2(two))
        return self.maps(up), self.seen(four)


def pictures_of(data: dict, name: str) -> np.ndarray:
    """Decode one set of pictures, (n, H, W, 3)."""
    ends = data[f"{name}_ends"]
    starts = np.concatenate([[0], ends[:-1]])
    return np.stack(
        [
            cv2.imdecode(data[f"{name}_jpeg"][a:b], cv2.IMREAD_COLOR)[..., ::-1]
            for a, b in zip(starts, ends, strict=True)
        ]
    )


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


def hue_turn(angle: torch.Tensor) -> torch.Tensor:
    """Rotations (n, 3, 3) of colour space about grey, by angles (n,) in rad."""
    along = torch.ones(3, 3) / 3.0
    across = torch.tensor([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]]) / math.sqrt(3.0)
    cosine, sine = (f(angle)[:, None, None] for f in (torch.cos, torch.sin))
    return cosine * torch.eye(3) + (1.0 - cosine) * along + sine * across


def colours(x: torch.Tensor, rng: torch.Generator) -> torch.Tensor:
    """Other colours, light, sharpness and noise; x is (n, 3, H, W), 0 to 1."""
    n = len(x)

    def draw(*shape: int) -> torch.Tensor:
        return torch.rand(*shape, generator=rng)

    angle = (draw(n) - 0.5) * 2 * math.pi * (draw(n) < 0.5)
    x = torch.einsum("nij,njhw->nihw", hue_turn(angle), x)
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (0.2 + 1.2 * draw(n, 1, 1, 1))
    x = (
        (x - 0.5) * (0.6 + 0.8 * draw(n, 1, 1, 1))
        + 0.5
        + 0.35 * (draw(n, 3, 1, 1) - 0.5) * draw(n, 1, 1, 1)
        + 0.3 * (draw(n, 1, 1, 1) - 0.5)
    )
    x = x.clamp(0, 1) ** torch.exp((draw(n, 1, 1, 1) - 0.5) * 1.0)
    soft = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    softer = F.avg_pool2d(F.pad(soft, (2, 2, 2, 2), mode="replicate"), 5, 1)
    choice = draw(n, 1, 1, 1)
    x = torch.where(choice < 0.3, soft, torch.where(choice < 0.45, softer, x))
    return (x + 0.05 * draw(n, 1, 1, 1) * torch.randn(x.shape, generator=rng)).clamp(0, 1)


def moved(
    pictures: np.ndarray,
    marks: np.ndarray,
    size: tuple[int, int],
    centre: np.ndarray,
    scale: np.ndarray,
    turn: np.ndarray,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Cut views out: `centre` (n, 2) px of the stored picture comes to the middle, enlarged and turned (rad)."""
    out, at = [], []
    for picture, points, c, s, t in zip(pictures, marks, centre, scale, turn, strict=True):
        linear = s * np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
        there = np.column_stack([linear, np.array(size) / 2 - linear @ c])
        out.append(cv2.warpAffine(picture, there, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
        at.append(points @ linear.T + there[:, 2])
    x = torch.from_numpy(np.stack(out)).permute(0, 3, 1, 2).float() / 255
    return x, torch.from_numpy(np.stack(at)).float()


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


def centres(maps: torch.Tensor) -> torch.Tensor:
    """Centre of each map's weight, (n, maps, 2) px of the picture."""
    n, k, h, w = maps.shape
    share = maps.reshape(n, k, -1).softmax(-1).reshape(n, k, h, w)
    x = (share.sum(2) * torch.arange(w)).sum(-1)
    y = (share.sum(3) * torch.arange(h)).sum(-1)
    return 4 * torch.stack([x, y], -1) + 1.5


def tilt(upper: torch.Tensor, lower: torch.Tensor) -> torch.Tensor:
    """Tilt of lines, deg."""
    gap = lower - upper
    return torch.rad2deg(torch.atan2(gap[..., 0], gap[..., 1].clamp(min=4.0)))


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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, help="weights (.pt) to go on from")
    parser.add_argument("--rate", type=float, default=2e-3, help="largest learning rate")
    arguments = parser.parse_args()
    torch.manual_seed(5)
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(1)
    maps, views, loss_of, check, size = KINDS[arguments.kind]
    data = load(arguments.data, arguments.kind)
    held = data["run"] % HELD_OUT == 0
    train, test = np.flatnonzero(~held), np.flatnonzero(held)
    print(len(train), "pictures to train on,", len(test), "to test on", flush=True)
    model = Marks(maps)
    if arguments.start:
        model.load_state_dict(torch.load(arguments.start))
    best = torch.optim.AdamW(model.parameters(), lr=arguments.rate, weight_decay=1e-4)
    rng, dice = np.random.default_rng(7), torch.Generator().manual_seed(7)
    begun, step = time.monotonic(), 0
    while (spent := (time.monotonic() - begun) / 60 / arguments.minutes) < 1:
        for group in best.param_groups:
            group["lr"] = arguments.rate * min(1.0, step / 100) * 0.5 * (1 + math.cos(math.pi * spent))
        index = rng.choice(train, 32, replace=False)
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
        model.train()
        loss = loss_of(*model(x - 0.5), at, shown)
        best.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        best.step()
        step += 1
        if step % 200 == 0:
            model.eval()
            print(
                step,
                f"{(time.monotonic() - begun) / 60:.1f} min, loss {loss.item():.3f};",
                check(model, data, test),
                flush=True,
            )
            torch.save(model.state_dict(), arguments.out.with_suffix(".pt"))
    model.eval()
    print("done", step, check(model, data, test), flush=True)
    torch.save(model.state_dict(), arguments.out.with_suffix(".pt"))
    torch.onnx.export(
        model,
        torch.zeros(1, 3, size[1], size[0]),
        arguments.out,
        input_names=["picture"],
        output_names=["maps", "seen"],
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    main()

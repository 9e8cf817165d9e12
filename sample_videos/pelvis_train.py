"""Train the small network that reads the roll of the pelvis from behind, on pictures of ``pelvis_patches.py``.

``python pelvis_train.py --data FILE.npz ... --out hipline.onnx``. It marks six places that turn with the pelvis, and
says its roll and how sure it is of it. Plain convolutions, run by OpenCV.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from patch_training import BATCH, Marks, block, centres, colours, export, moved, parser_of, pictures_of, split, train
from torch import nn
from torch.nn import functional as F

# What the network sees, px, and how much smaller that is drawn than the stored pictures: 1.28 trunks wide.
SIZE = (128, 112)
SHRINK = 0.76
# Where the mid-hip is in the stored pictures, and what the middle of the network's picture shows: above it.
MID_HIP, ABOVE_PX = (120.0, 116.0), 4.0
PAIRS = ((0, 1), (2, 3), (4, 5))


class Pelvis(nn.Module):
    """The hourglass with six maps, and a head that sees where in the picture its deepest features are."""

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.marks = Marks(2 * len(PAIRS), width)
        cells = (SIZE[0] // 16) * (SIZE[1] // 16)
        self.narrow = block(5 * width, 24)
        self.head = nn.Sequential(
            nn.Flatten(), nn.Dropout(0.2), nn.Linear(24 * cells, 48), nn.ReLU(True), nn.Linear(48, 2)
        )

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Pictures (n, 3, H, W) to maps (n, 6, H/4, W/4) and the roll in units of 5 deg and log of its scale (n, 2)."""
        maps, deep = self.marks.maps_and_deep(x)
        return maps, self.head(self.narrow(deep))


def load(paths: list[Path]) -> dict[str, np.ndarray]:
    """Join the files."""
    parts = []
    for k, path in enumerate(paths):
        data = dict(np.load(path))
        pictures, marks = pictures_of(data, "patch"), data["marks"].astype(np.float32)
        parts.append({"pictures": pictures, "marks": marks, "run": data["run"] + 10000 * k})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def views(data: dict, index: np.ndarray, rng: np.random.Generator | None) -> tuple[torch.Tensor, torch.Tensor]:
    """Views of pelvises as landmarks that are a little off and cameras that are rolled would cut them."""
    n = len(index)
    centre, scale, turn = np.tile(np.array(MID_HIP) - [0, ABOVE_PX], (n, 1)), np.full(n, SHRINK), np.zeros(n)
    if rng is not None:
        centre = centre + rng.normal(0, [5.0, 7.0], (n, 2))
        scale = SHRINK * np.exp(rng.normal(0, 0.08, n))
        turn = rng.normal(0, np.radians(3.5), n)
    x, at = moved(data["pictures"][index], data["marks"][index], SIZE, centre, scale, turn)
    if rng is not None:
        # Both pictures of a runner are mirrored alike.
        flip = torch.from_numpy(np.resize(rng.random(max(1, n // 2)) < 0.5, n))
        x[flip] = x[flip].flip(3)
        turned = torch.stack([SIZE[0] - 1 - at[flip][..., 0], at[flip][..., 1]], -1)
        at[flip] = turned[:, [1, 0, 3, 2, 5, 4]]
    return x, at


def shaded(x: torch.Tensor, rng: torch.Generator) -> torch.Tensor:
    """Light from one side, and blotches of shade: a pelvis half in shadow is not a pelvis that rolls."""
    n = len(x)
    coarse = torch.randn(n, 1, 3, 4, generator=rng) * 0.35 * torch.rand(n, 1, 1, 1, generator=rng)
    coarse += torch.linspace(-1, 1, 4) * torch.randn(n, 1, 1, 1, generator=rng) * 0.5
    coarse += torch.linspace(-1, 1, 3)[:, None] * torch.randn(n, 1, 1, 1, generator=rng) * 0.2
    shade = F.interpolate(coarse, size=x.shape[2:], mode="bilinear", align_corners=True)
    return (x * torch.exp(shade)).clamp(0, 1)


def blotted(x: torch.Tensor, rng: torch.Generator, count: int = 3) -> torch.Tensor:
    """Spots and streaks of any colour and lean on clothes and room: none of them tells how the pelvis rolls."""
    n, _, height, width = x.shape
    y_px, x_px = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    for _ in range(count):
        place = torch.rand(n, 2, 1, 1, generator=rng) * torch.tensor([width, height])[:, None, None]
        turn = math.pi * torch.rand(n, 1, 1, generator=rng)
        long, short = 3.0 + 22.0 * torch.rand(n, 1, 1, generator=rng), 1.5 + 7.0 * torch.rand(n, 1, 1, generator=rng)
        across, down = x_px - place[:, 0], y_px - place[:, 1]
        along = (torch.cos(turn) * across + torch.sin(turn) * down) / long
        beside = (torch.cos(turn) * down - torch.sin(turn) * across) / short
        there = (along**2 + beside**2 < 1.0) & (torch.rand(n, 1, 1, generator=rng) < 0.4)
        x = torch.where(there[:, None], torch.rand(n, 3, 1, 1, generator=rng), x)
    return x


def rolls(points: torch.Tensor) -> torch.Tensor:
    """Roll of each pair's line (n, 3), deg, positive where the right of the body is higher."""
    gap = torch.stack([points[:, left] - points[:, right] for right, left in PAIRS], 1)
    return torch.rad2deg(torch.atan2(gap[..., 1], (-gap[..., 0]).clamp(min=4.0)))


def batch_of(runs: np.ndarray, index: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures of half as many runners as there are places, two of each: first the ones, then the others."""
    ones = rng.choice(index, BATCH // 2, replace=False)
    others = [rng.choice(index[runs[index] == runs[one]]) for one in ones]
    return np.concatenate([ones, others])


def loss_of(maps: torch.Tensor, said: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
    """Places, the lines' rolls, the roll as said, by Laplace's likelihood, and how it changes on the same runner."""
    found = centres(maps)
    places = F.smooth_l1_loss(found, at, beta=2.0)
    truth = rolls(at)
    lines = F.smooth_l1_loss(rolls(found).mean(1), truth.mean(1), beta=1.0)
    spread = said[:, 1].clamp(-3, 3)
    direct = ((5 * said[:, 0] - truth[:, 0]).abs() * torch.exp(-spread) + spread).mean()
    # What is askew on a runner in all pictures is no motion: the change is learnt by itself.
    half = len(at) // 2
    change = [value[:half] - value[half:] for value in (truth[:, 0], 5 * said[:, 0], rolls(found).mean(1))]
    moved_too = F.smooth_l1_loss(change[1], change[0], beta=1.0) + F.smooth_l1_loss(change[2], change[0], beta=1.0)
    return 0.5 * places + 0.3 * lines + 0.5 * direct + 0.15 * moved_too


def check(model: Pelvis, data: dict, index: np.ndarray) -> str:
    """Errors on runners never trained on: gain, spread, and spread of the runners' means."""
    rows = []
    with torch.no_grad():
        for part in np.array_split(index, max(1, len(index) // 64)):
            x, at = views(data, part, np.random.default_rng(3))
            maps, said = model(x - 0.5)
            rows.append(
                torch.cat(
                    [rolls(at)[:, :1], rolls(centres(maps)).mean(1, keepdim=True), 5 * said[:, :1], said[:, 1:]], 1
                )
            )
    true, lines, direct, spread = torch.cat(rows).numpy().T
    out = []
    for name, found in (("lines", lines), ("direct", direct), ("both", (lines + direct) / 2)):
        error = found - true
        means = [error[data["run"][index] == run].mean() for run in np.unique(data["run"][index])]
        gain = np.polyfit(true, found, 1)[0]
        out.append(f"{name} gain {gain:.2f} SD {error.std():.2f} of runners {np.std(means):.2f}")
    sure = spread < np.median(spread)
    return ", ".join(out) + f"; surer half {np.std((direct - true)[sure]):.2f}"


def main() -> None:
    """Train, test, save."""
    arguments = parser_of(__doc__).parse_args()
    data = load(arguments.data)
    to_train, to_test = split(data["run"])
    # Twice as quick on a processor.
    model = Pelvis().to(memory_format=torch.channels_last)

    def loss(rng: np.random.Generator, dice: torch.Generator) -> torch.Tensor:
        x, at = views(data, batch_of(data["run"], to_train, rng), rng)
        x = colours(shaded(blotted(x, dice), dice), dice) - 0.5
        return loss_of(*model(x.contiguous(memory_format=torch.channels_last)), at)

    train(model, arguments, loss, lambda: check(model, data, to_test))
    export(model, arguments.out, SIZE, ["maps", "said"])


if __name__ == "__main__":
    main()

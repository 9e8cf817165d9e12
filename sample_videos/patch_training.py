"""What the trainings on drawn patches share: the hourglass, pictures and their changes, the training itself."""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

HELD_OUT = 10
"""Every so many runners are kept for testing and never trained on."""

BATCH = 32


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
        maps, deep = self.maps_and_deep(x)
        return maps, self.seen(deep)

    def maps_and_deep(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Maps, logits, and the deepest features (n, 5 width, H/16, W/16)."""
        two = self.down2(self.down1(x))
        three = self.down3(two)
        four = self.down4(three)
        up = self.up3(F.interpolate(self.side4(four), size=three.shape[2:], mode="nearest") + self.side3(three))
        up = self.up2(F.interpolate(up, size=two.shape[2:], mode="nearest") + self.side2(two))
        return self.maps(up), four


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


def parser_of(text: str) -> argparse.ArgumentParser:
    """A command line with what all trainings take."""
    parser = argparse.ArgumentParser(description=text.splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, help="weights (.pt) to go on from")
    parser.add_argument("--rate", type=float, default=2e-3, help="largest learning rate")
    return parser


def split(run: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the pictures to train on and of those to test on."""
    held = run % HELD_OUT == 0
    train, test = np.flatnonzero(~held), np.flatnonzero(held)
    print(len(train), "pictures to train on,", len(test), "to test on", flush=True)
    return train, test


def train(
    model: nn.Module,
    arguments: argparse.Namespace,
    loss_of: Callable[[np.random.Generator, torch.Generator], torch.Tensor],
    check: Callable[[], str],
) -> None:
    """Train for the wanted time with a learning rate that falls like a cosine; the model's weights are kept as .pt.

    Parameters
    ----------
    model : Module
    arguments : Namespace
        Of :func:`parser_of`.
    loss_of : callable
        Draws a batch and returns its loss.
    check : callable
        Says how well held-out pictures are read.
    """
    torch.manual_seed(5)
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(1)
    if arguments.start:
        model.load_state_dict(torch.load(arguments.start))
    best = torch.optim.AdamW(model.parameters(), lr=arguments.rate, weight_decay=1e-4)
    rng, dice = np.random.default_rng(7), torch.Generator().manual_seed(7)
    begun, step = time.monotonic(), 0
    while (spent := (time.monotonic() - begun) / 60 / arguments.minutes) < 1:
        for group in best.param_groups:
            group["lr"] = arguments.rate * min(1.0, step / 100) * 0.5 * (1 + math.cos(math.pi * spent))
        model.train()
        loss = loss_of(rng, dice)
        best.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        best.step()
        step += 1
        if step % 200 == 0:
            model.eval()
            minutes = (time.monotonic() - begun) / 60
            print(step, f"{minutes:.1f} min, loss {loss.item():.3f};", check(), flush=True)
        if step % 50 == 0:
            torch.save(model.state_dict(), arguments.out.with_suffix(".pt"))
    model.eval()
    print("done", step, check(), flush=True)
    torch.save(model.state_dict(), arguments.out.with_suffix(".pt"))


def export(model: nn.Module, path: Path, size: tuple[int, int], outputs: list[str]) -> None:
    """Write a model that takes pictures of a size (width, height) for OpenCV."""
    torch.onnx.export(
        model,
        torch.zeros(1, 3, size[1], size[0]),
        path,
        input_names=["picture"],
        output_names=outputs,
        opset_version=17,
        dynamo=False,
    )

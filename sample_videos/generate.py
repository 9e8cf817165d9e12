"""Make the sample clips and their truth files.

Run ``python generate.py`` in this folder for all clips, ``--only NAME`` for one, ``--frames N`` for a short
trial, ``--verify`` for the checks on the posed surfaces alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from generator.film import compress, draw_master
from generator.runner import Runner, make_runner
from generator.spec import CLIPS, ClipSpec
from generator.truth import write_truth
from generator.verify import verify, verify_rear


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=[clip.name for clip in CLIPS], help="make one clip instead of all")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder for clips and truth files")
    parser.add_argument("--frames", type=int, help="stop after this many frames of each clip")
    parser.add_argument("--work", type=Path, help="folder for large temporary files (default: a temporary one)")
    parser.add_argument("--workers", type=int, default=2, help="drawing processes")
    parser.add_argument("--verify", action="store_true", help="check the posed surfaces, make no film")
    parser.add_argument("--truth", action="store_true", help="write truth files only")
    return parser.parse_args()


def frame_count(clip: ClipSpec, limit: int | None) -> int:
    """Frames of a clip, cut to an optional limit."""
    whole = round(clip.duration_s * clip.capture_rate_hz)
    return whole if limit is None else min(whole, limit)


def make_films(
    clips: list[ClipSpec], make: Callable[[], Runner], out: Path, work: Path, limit: int | None, workers: int
) -> None:
    """Draw clips that share a runner and a camera once, at the highest rate, and compress each from that."""
    fastest = max(clips, key=lambda clip: clip.capture_rate_hz)
    ratios = [fastest.capture_rate_hz / clip.capture_rate_hz for clip in clips]
    if any(abs(ratio - round(ratio)) > 1e-9 for ratio in ratios):
        raise ValueError("capture rates of clips that share a run must be whole fractions of the highest one")
    # With a limit, each clip gets that many of its own frames.
    needed = max((frame_count(c, limit) - 1) * round(r) + 1 for c, r in zip(clips, ratios, strict=True))
    times = np.arange(needed) / fastest.capture_rate_hz
    parts = draw_master(work, make, fastest.camera, times, workers)
    for clip, ratio in zip(clips, ratios, strict=True):
        compress(parts, out / f"{clip.name}.mp4", round(ratio), clip.file_rate_hz, clip.crf)


def write_truths(clips: list[ClipSpec], runner: Runner, out: Path, limit: int | None) -> None:
    """Write the truth of every clip."""
    for clip in clips:
        measures = write_truth(runner, clip, out / f"{clip.name}.truth.json", frame_count(clip, limit))
        print(clip.name, json.dumps(measures, indent=1))


def main() -> None:
    """Make what the command line asks for."""
    arguments = parse_arguments()
    clips = [clip for clip in CLIPS if arguments.only in (None, clip.name)]
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        work = arguments.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        start = time.monotonic()
        groups: dict[tuple, list[ClipSpec]] = {}
        for clip in clips:
            groups.setdefault((clip.runner, clip.camera, clip.duration_s), []).append(clip)
        for number, (key, group) in enumerate(groups.items()):
            folder = work / f"run{number}"
            folder.mkdir(exist_ok=True)
            make = partial(make_runner, key[0], key[2], folder / "body.npz")
            runner = make()
            if arguments.verify:
                checks = verify(runner, key[2])
                if group[0].camera.view == "rear":
                    checks |= verify_rear(runner, key[2])
                print(json.dumps({name: round(value, 3) for name, value in checks.items()}, indent=1))
                continue
            write_truths(group, runner, arguments.out, arguments.frames)
            if not arguments.truth:
                make_films(group, make, arguments.out, folder, arguments.frames, arguments.workers)
        print(f"done in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()

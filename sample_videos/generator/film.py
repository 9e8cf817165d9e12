"""Turn pictures into small films: draw in parallel, keep them without loss, then compress once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from .render import Stage
from .runner import Runner
from .spec import CameraSpec


def _pipe(size: tuple[int, int], rate: float, options: list[str], path: Path) -> subprocess.Popen:
    """An encoder that takes raw RGB pictures on its standard input."""
    source = [
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{size[0]}x{size[1]}",
        "-r",
        f"{rate:g}",
        "-i",
        "-",
    ]
    command = ["ffmpeg", "-v", "error", "-y", *source, *options, str(path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def _draw_part(path: Path, make: Callable[[], Runner], camera: CameraSpec, times: np.ndarray) -> Path:
    """Draw some instants into a lossless film."""
    stage = Stage(make(), camera)
    options = ["-c:v", "libx264rgb", "-qp", "0", "-preset", "ultrafast", "-threads", "1"]
    encoder = _pipe(camera.size_px, 60.0, options, path)
    for picture in stage.draw(times):
        encoder.stdin.write(picture.tobytes())
    encoder.stdin.close()
    if encoder.wait():
        raise RuntimeError(f"ffmpeg could not write {path}")
    stage.close()
    return path


def draw_master(
    folder: Path, make: Callable[[], Runner], camera: CameraSpec, times: np.ndarray, workers: int
) -> list[Path]:
    """Draw all instants, in parallel pieces, without loss.

    Parameters
    ----------
    folder : Path
        Where the pieces go (large; a temporary folder).
    make : callable
        Builds the runner; is sent to other processes, and each time must build the same one.
    camera : CameraSpec
    times : ndarray
        Instants in real seconds.
    workers : int
        Processes.

    Returns
    -------
    list of Path
        The pieces in order.
    """
    parts = np.array_split(times, workers)
    paths = [folder / f"part{i}.mkv" for i in range(workers)]
    # A fresh process each: an OpenGL context does not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(_draw_part, path, make, camera, part) for path, part in zip(paths, parts, strict=True)]
        return [job.result() for job in jobs]


def compress(parts: list[Path], path: Path, keep_every: int, rate: float, crf: int) -> None:
    """Join the pieces, keep every n-th picture and write an H.264 file that starts at once in a browser.

    Parameters
    ----------
    parts : list of Path
    path : Path
    keep_every : int
        1 keeps all pictures.
    rate : float
        Frame rate written to the file (Hz).
    crf : int
        x264's constant rate factor: higher is smaller and coarser.
    """
    listing = path.with_suffix(".txt")
    listing.write_text("".join(f"file '{part.resolve()}'\n" for part in parts))
    pick = f"select=not(mod(n\\,{keep_every})),setpts=N/({rate:g}*TB)"
    colour = ["-vf", f"{pick},scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"]
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
    codec = [
        "-c:v",
        "libx264",
        "-preset",
        "slower",
        "-refs",
        "4",
        "-crf",
        str(crf),
        "-tune",
        "animation",
        "-g",
        "240",
    ]
    # Titles and rates of the source must not reach the file: it should look like any export.
    clean = [
        "-map_metadata",
        "-1",
        "-fflags",
        "+bitexact",
        "-flags:v",
        "+bitexact",
        "-movflags",
        "+faststart",
    ]
    command = ["ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", str(listing)]
    try:
        subprocess.run([*command, *colour, "-r", f"{rate:g}", *tags, *codec, *clean, str(path)], check=True)
    finally:
        listing.unlink()

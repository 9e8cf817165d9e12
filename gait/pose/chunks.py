"""Spread the frames of one video over the processor's cores, in overlapping chunks.

Chunk borders depend on the clip only, never on how many workers there are, so the landmarks are the same on every
machine. A chunk starts :data:`WARM_UP_FRAMES` early, because the model finds the person anew at its start and settles
on the region of interest within a few frames; those frames are thrown away. What remains is a difference of about
0.15 % of the runner's height (median, beyond the first chunk): the region of interest follows the landmarks of the
frame before, and the two histories never become quite the same. Events move by less than 1 ms (median).
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from gait.errors import PoseError
from gait.model import Floats, VideoInfo
from gait.pose.estimator import Person
from gait.pose.facing import MirroredSession
from gait.pose.follow import SCOUT_FRAMES, Scouting
from gait.pose.mediapipe_tasks import MediaPipeSession
from gait.pose.provision import ModelBundle
from gait.skeleton import BLAZEPOSE

CHUNK_FRAMES = 240
"""Longest chunk. Shorter ones would spread better over many cores, but every start costs a search for the runner."""
WARM_UP_FRAMES = 12

_POLL_S = 0.2


@dataclass(frozen=True)
class Chunk:
    """Frames ``first`` to ``stop`` of a video, as the ``number``-th piece of it."""

    number: int
    first: int
    stop: int


@dataclass(frozen=True, eq=False)
class ChunkLandmarks:
    """Landmarks of a chunk: xy (n, K, 2), score and depth (n, K), NaN and 0 where nobody was found."""

    xy_px: Floats
    score: Floats
    depth: Floats


def plan(n_frames: int) -> list[Chunk]:
    """Cut a clip into an even number of about equal chunks, none longer than :data:`CHUNK_FRAMES`.

    Even, because processors have an even number of cores; a clip shorter than a quarter of a chunk stays whole.
    """
    count = 2 * -(-n_frames // (2 * CHUNK_FRAMES)) if n_frames > CHUNK_FRAMES // 4 else 1
    borders = np.linspace(0, n_frames, count + 1).round().astype(int)
    return [Chunk(i, int(a), int(b)) for i, (a, b) in enumerate(pairwise(borders))]


class Worker:
    """Runs in every process: holds the model's bytes and counts the frames done."""

    def __init__(self, bundle: ModelBundle, counter: Any = None) -> None:
        self._bundle = bundle
        self._bytes: bytes | None = None
        self._counter = counter

    def _model(self) -> bytes:
        if self._bytes is None:
            self._bytes = self._bundle.load()
        return self._bytes

    def scout(self, info: VideoInfo, first: int, stop: int) -> list[list[Person]]:
        """Find the people in a few pictures spread over the frames."""
        from gait.video.decode import pick_frames

        count = min(SCOUT_FRAMES, stop - first)
        wanted = np.linspace(first, stop - 1, count + 2)[1:-1].round().astype(int)
        with MediaPipeSession(self._model(), people=4, follow=False) as session:
            return [session(rgb) for rgb in pick_frames(info, [int(i) for i in wanted], threads=1).values()]

    def landmarks(self, info: VideoInfo, chunk: Chunk, scouting: Scouting) -> ChunkLandmarks:
        """Follow the runner through one chunk."""
        from gait.video.decode import frames

        shape = (chunk.stop - chunk.first, len(BLAZEPOSE.landmarks))
        out = ChunkLandmarks(np.full((*shape, 2), np.nan), np.zeros(shape), np.zeros(shape))
        crop = scouting.crop
        width, height = info.size_px
        top, bottom = (crop.top, crop.bottom) if crop else (0, height)
        left, right = (crop.left, crop.right) if crop else (0, width)
        start = max(0, chunk.first - WARM_UP_FRAMES)
        with MediaPipeSession(self._model(), people=crop.people if crop else 1) as model:
            session = MirroredSession(model, BLAZEPOSE) if scouting.mirrors else model
            for index, rgb in frames(info, start, chunk.stop, threads=1):
                people = [
                    replace(p, xy_px=p.xy_px + np.array([left, top], dtype=float))
                    for p in session(rgb[top:bottom, left:right])
                ]
                runner = crop.runner(people, BLAZEPOSE) if crop else (people[0] if people else None)
                row = index - chunk.first
                if row < 0:
                    continue
                if runner is not None:
                    # In the precision of the cache, so that a second analysis gives the same digits.
                    out.xy_px[row] = runner.xy_px.astype(np.float32)
                    out.score[row] = runner.score.astype(np.float32)
                    out.depth[row] = runner.depth.astype(np.float32)
                if self._counter is not None:
                    with self._counter.get_lock():
                        self._counter.value += 1
        return out


_worker: Worker | None = None


def _start(bundle: ModelBundle, counter: Any) -> None:
    global _worker
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # MediaPipe's native code chats on the error stream of the process; errors come back as exceptions.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    _worker = Worker(bundle, counter)


def _end_with_parent() -> None:
    """End this worker when the process that wanted its results is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(method: str, *args: Any) -> Any:
    assert _worker is not None
    return getattr(_worker, method)(*args)


class Pool:
    """Worker processes for one video."""

    def __init__(self, bundle: ModelBundle, jobs: int) -> None:
        # Spawned, never forked: MediaPipe holds threads, and Windows and macOS cannot fork.
        context = multiprocessing.get_context("spawn")
        self.counter = context.Value("l", 0)
        self._executor = ProcessPoolExecutor(
            max(1, jobs), mp_context=context, initializer=_start, initargs=(bundle, self.counter)
        )

    def submit(self, method: str, *args: Any) -> Future[Any]:
        """Run one of :class:`Worker`'s methods."""
        return self._executor.submit(_do, method, *args)

    def close(self) -> None:
        """End the workers when their work is done."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def kill(self) -> None:
        """End the workers at once: who presses Ctrl+C does not want to wait for the chunk to be finished."""
        for process in list((self._executor._processes or {}).values()):
            process.terminate()
        self.close()


@contextmanager
def pool(bundle: ModelBundle, jobs: int) -> Iterator[Pool]:
    """Open a pool of workers and close it; a worker that dies becomes a :class:`PoseError`."""
    workers = Pool(bundle, jobs)
    try:
        yield workers
    except BrokenProcessPool as problem:
        raise PoseError(
            "A pose worker stopped unexpectedly (out of memory, or MediaPipe crashed).",
            "Try again with `--jobs 1`; `gait doctor` checks the installation.",
        ) from problem
    except BaseException:
        workers.kill()
        raise
    else:
        workers.close()


def run_chunks(
    workers: Pool,
    info: VideoInfo,
    chunks: list[Chunk],
    scouting: Scouting,
    on_chunk: Callable[[Chunk, ChunkLandmarks], None],
    on_frames: Callable[[int], None],
) -> None:
    """Work through chunks, handing over each as it is done.

    Parameters
    ----------
    workers : Pool
        From :func:`pool`.
    info, chunks, scouting
        What to do.
    on_chunk : callable
        Receives each finished chunk, in any order.
    on_frames : callable
        Receives the number of frames done so far, about five times a second.
    """
    begun = workers.counter.value
    pending = {workers.submit("landmarks", info, chunk, scouting): chunk for chunk in chunks}
    while pending:
        done, _ = wait(pending, timeout=_POLL_S, return_when=FIRST_COMPLETED)
        on_frames(workers.counter.value - begun)
        for future in done:
            on_chunk(pending.pop(future), future.result())

"""The landmarks of a video: from the cache where they are, else from the pose model on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gait.errors import NoBodyError
from gait.model import PoseSequence, VideoInfo
from gait.pose.cache import LandmarkCache, prune
from gait.pose.chunks import Chunk, ChunkLandmarks, plan, pool, run_chunks
from gait.pose.follow import Scouting, drop_strangers, scout
from gait.pose.provision import ModelBundle
from gait.skeleton import BLAZEPOSE


@dataclass(frozen=True, eq=False)
class Tracking:
    """The runner's landmarks and how the following went."""

    pose: PoseSequence
    scouting: Scouting
    strangers: int
    from_cache: bool


def track(
    info: VideoInfo,
    bundle: ModelBundle,
    *,
    first: int = 0,
    stop: int | None = None,
    jobs: int | None = None,
    on_frames: Callable[[int, int], None] | None = None,
) -> Tracking:
    """Find the runner's landmarks in every frame.

    Parameters
    ----------
    info : VideoInfo
        The video.
    bundle : ModelBundle
        The pose model.
    first, stop : int
        Range of frames wanted; the chunks that cover it are computed whole and cached.
    jobs : int or None
        Worker processes; all cores when None. The result does not depend on it.
    on_frames : callable
        Receives (frames done, frames to do) as work goes on; not called when all was cached.

    Raises
    ------
    QualityError
        When nobody is seen.
    PoseError
        When the model cannot run.
    """
    stop = info.n_frames if stop is None else stop
    cache = LandmarkCache(info.sha256, bundle.sha256)
    chunks = [c for c in plan(info.n_frames) if c.stop > first and c.first < stop]
    scouting = cache.scouting(first, stop)
    done: dict[int, ChunkLandmarks] = {}
    if scouting is not None:
        done = {c.number: found for c in chunks if (found := cache.chunk(c, scouting)) is not None}
    missing = [c for c in chunks if c.number not in done]
    if missing or scouting is None:
        scouting = _compute(info, bundle, cache, scouting, (first, stop), missing, done, jobs, on_frames)
        prune()
    pose = _assemble(info, bundle, chunks, done, first, stop)
    pose, strangers = drop_strangers(pose, info.size_px)
    if np.isfinite(pose.xy_px[..., 0]).any(axis=1).mean() < 0.05:
        raise NoBodyError(
            "No person was found in this video.",
            "Film the whole runner, head to feet, from the side, in good light and with the camera still.",
        )
    return Tracking(pose, scouting, strangers, from_cache=not missing)


_MOST_WORKERS = 61
"""Windows waits for no more handles than that."""


def usable_cores() -> int:
    """Number of cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _compute(
    info: VideoInfo,
    bundle: ModelBundle,
    cache: LandmarkCache,
    scouting: Scouting | None,
    span: tuple[int, int],
    missing: list[Chunk],
    done: dict[int, ChunkLandmarks],
    jobs: int | None,
    on_frames: Callable[[int, int], None] | None,
) -> Scouting:
    """Run scout and pose model for what the cache lacks; fills ``done``."""
    workers_wanted = min(jobs or usable_cores(), max(1, len(missing)), _MOST_WORKERS)
    with pool(bundle, workers_wanted) as workers:
        if scouting is None:
            samples = workers.submit("scout", info, *span).result()
            scouting = scout(samples, BLAZEPOSE, info.size_px)
            cache.put_scouting(*span, scouting)
            done |= {c.number: hit for c in missing if (hit := cache.chunk(c, scouting)) is not None}
            missing[:] = [c for c in missing if c.number not in done]
        total = sum(c.stop - c.first for c in missing)
        settled = scouting

        def keep(chunk: Chunk, landmarks: ChunkLandmarks) -> None:
            cache.put_chunk(chunk, settled, landmarks)
            done[chunk.number] = landmarks

        run_chunks(workers, info, missing, settled, keep, lambda n: on_frames(n, total) if on_frames else None)
    return settled


def _assemble(
    info: VideoInfo,
    bundle: ModelBundle,
    chunks: list[Chunk],
    done: dict[int, ChunkLandmarks],
    first: int,
    stop: int,
) -> PoseSequence:
    """Join the chunks and cut out the frames that were asked for."""
    parts = [done[c.number] for c in chunks]
    begin = first - chunks[0].first
    cut = slice(begin, begin + stop - first)
    return PoseSequence(
        times_s=info.times_s[first:stop],
        xy_px=np.concatenate([p.xy_px for p in parts])[cut],
        score=np.concatenate([p.score for p in parts])[cut],
        depth=np.concatenate([p.depth for p in parts])[cut],
        skeleton=BLAZEPOSE.name,
        estimator=f"MediaPipe pose landmarker, {bundle.size}",
        version=bundle.sha256,
        first_frame=first,
    )

"""One run filmed from both sides, as landmarks: each clip measured by itself, then joined."""

from __future__ import annotations

from typing import Any

import runner as sim

from gait.metrics.measure import measure
from gait.metrics.merge import Part, merged, refuse_unfit
from gait.model import GaitAnalysis, MetricValue, PoseSequence, Recording, VideoRecord

WIDTH_PX = sim.truth().size_px[0]


def from_the_left(pose: PoseSequence) -> PoseSequence:
    """Show the same run from the other side: what the right leg did there, the left does here."""
    return sim.mirror_image(pose, WIDTH_PX)


def part_of(pose: PoseSequence, video: str, **changes: Any) -> Part:
    """Measure one clip of landmarks."""
    recording = Recording(height_m=sim.truth().height_m)
    clip = measure(pose, sim.options(**({"video": video, "recording": recording} | changes)))
    record = VideoRecord(
        id=video,
        path=f"{clip.view.name}.mp4",
        sha256=video * 32,
        view=clip.view.name,
        mirrored=False,
        time_scale=1.0,
        size_px=(1280, 720),
        rate_hz=60.0,
        n_frames=len(pose.times_s),
        duration_s=float(pose.times_s[-1]),
        analysed_s=clip.analysed_s,
        travel=clip.view.travel,
        codec="none",
        pose_model="truth",
        px_per_m=clip.scale.px_per_m,
        scale_origin=clip.scale.origin,
        spectral_cadence_spm=clip.spectral.cadence_spm,
    )
    analysis = GaitAnalysis(
        software={"gait": "1", "processing": "; ".join(clip.steps)},
        videos=(record,),
        recording=recording,
        config={},
        quality=clip.quality,
        events=clip.events,
        strides=clip.strides,
        metrics=clip.metrics,
        curves=clip.curves,
        keyframes=clip.keyframes,
    )
    return Part(analysis, clip.belt_leg_s)


def joined(*poses: PoseSequence, **changes: Any) -> GaitAnalysis:
    """Measure clips in their order and join them."""
    parts: list[Part] = []
    for number, pose in enumerate(poses, 1):
        parts.append(part_of(pose, f"v{number}", **changes))
        refuse_unfit(parts[-1], parts[:-1])
    return merged(parts)


def by_name(analysis: GaitAnalysis) -> dict[tuple[str, str], MetricValue]:
    """Return the metrics by name and side; none may be there twice."""
    found = {(m.name, m.side): m for m in analysis.metrics}
    assert len(found) == len(analysis.metrics)
    return found

"""Chunks against one pass: what cutting a video into pieces for several cores costs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gait.events.agreement import match_events
from gait.metrics.measure import ClipMeasurement, measure
from gait.metrics.options import ClipOptions
from gait.model import PoseSequence
from gait.pose.facing import MirroredSession
from gait.pose.mediapipe_tasks import MediaPipeSession
from gait.pose.provision import resolve
from gait.pose.sequence import track
from gait.skeleton import BLAZEPOSE
from gait.video.decode import frames
from gait.video.probe import probe

pytestmark = [pytest.mark.accuracy, pytest.mark.slow]


def near_events(clip: ClipMeasurement, kind: str) -> np.ndarray:
    return np.array([e.time_s for e in clip.events if e.leg == "near" and e.kind == kind])


def test_chunked_and_unchunked_agree(data_dir: Path, heavy_model: str) -> None:
    info = probe(data_dir / "rendered" / "dev_side.mp4")
    bundle = resolve("heavy")
    chunked = track(info, bundle).pose
    with MediaPipeSession(bundle.load()) as session:
        # This runner faces right, and the pose model is shown everybody facing left.
        mirrored = MirroredSession(session, BLAZEPOSE)
        people = [mirrored(rgb)[0] for _, rgb in frames(info)]
    whole: PoseSequence = replace(chunked, xy_px=np.array([person.xy_px for person in people]))
    distance_px = np.linalg.norm(chunked.xy_px - whole.xy_px, axis=-1)
    assert np.nanmedian(distance_px) <= 0.5
    # The second chunk by itself: it never saw the history of the first.
    assert np.nanmedian(distance_px[len(distance_px) // 2 :]) <= 1.0
    options = ClipOptions("v1", info.size_px, file_rate_hz=info.file_rate_hz)
    one, other = measure(chunked, options), measure(whole, options)
    for kind in ("initial_contact", "toe_off"):
        agreement = match_events(near_events(one, kind), near_events(other, kind), 0.0, 8.0)
        assert (agreement.missed, agreement.false) == (0, 0)
        assert np.median(np.abs(agreement.errors_s)) <= 0.001

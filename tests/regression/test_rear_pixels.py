"""Heels read from the pixels of the sample from behind: by tape, by outline, and in a close-up without a body."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from gait.config import AnalysisConfig
from gait.metrics.rearfoot import Rearfoot
from gait.model import GaitAnalysis, PoseSequence
from gait.pipeline import analyze
from gait.rearfoot import look as look_module
from gait.rearfoot.angles import OUTLINE, TAPE, Stance
from gait.rearfoot.look import Look
from gait.skeleton import BLAZEPOSE
from gait.video.decode import frames
from gait.video.probe import probe

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "rear_60fps.mp4"
SIDES = {"left": "L", "right": "R"}
LEGS_BOX = (440, 480, 400, 225)
"""Left, top, width and height of the lower legs in the sample: shoes to mid-calf."""


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    saved: dict[str, Any] = json.loads(SAMPLE.with_suffix(".truth.json").read_text(encoding="utf-8"))
    return saved


def true_excursion(truth: dict[str, Any], side: str) -> float:
    return float(truth["metrics"][SIDES[side]]["rearfoot_excursion_deg"])


@pytest.fixture(scope="module")
def pose(truth: dict[str, Any]) -> PoseSequence:
    """The true joints as landmarks, so that these tests need no pose model."""
    info = probe(SAMPLE)
    known_s = np.array([row["t"] for row in truth["frames"]])
    xy = np.full((info.n_frames, len(BLAZEPOSE.landmarks), 2), np.nan)
    for side, letter in SIDES.items():
        for part in ("knee", "ankle"):
            path = np.array([row[letter]["p2"][part] for row in truth["frames"]])
            index = BLAZEPOSE.index(f"{side}_{part}")
            xy[:, index] = np.column_stack([np.interp(info.times_s, known_s, path[:, k]) for k in (0, 1)])
    score = np.isfinite(xy[..., 0]).astype(float)
    return PoseSequence(info.times_s, xy, score, np.zeros_like(score), BLAZEPOSE.name, "truth", "1")


@pytest.fixture(scope="module")
def stances(truth: dict[str, Any]) -> dict[str, list[Stance]]:
    found = {}
    for side, letter in SIDES.items():
        marks = truth["events"][letter]
        pairs = [(t, min(off for off in marks["to"] if off > t)) for t in marks["ic"] if marks["to"][-1] > t]
        found[side] = [Stance(side, t, off) for t, off in pairs if t > 0.1 and off < 9.9]
    return found


def feet_of(pose: PoseSequence, stances: dict[str, list[Stance]], look: Look | None = None) -> dict[str, Rearfoot]:
    seen = (look or Look(probe(SAMPLE)))(pose, stances)
    return {side: Rearfoot.of(seen[side], stances[side]) for side in SIDES}


def excursions(feet: dict[str, Rearfoot]) -> dict[str, float]:
    return {s: float(np.nanmedian(foot.values.excursion_deg)) for s, foot in feet.items() if foot.values is not None}


def written(path: Path, pictures: Iterable[NDArray[np.uint8]]) -> Path:
    """Write pictures as a small film at 60 frames a second."""
    with av.open(str(path), "w") as container:
        stream = None
        for rgb in pictures:
            if stream is None:
                stream = container.add_stream("libx264", rate=60)
                stream.height, stream.width = rgb.shape[:2]
                stream.pix_fmt, stream.options = "yuv420p", {"crf": "18"}
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")))
        assert stream is not None
        container.mux(stream.encode())
    return path


def test_tape(pose: PoseSequence, stances: dict[str, list[Stance]], truth: dict[str, Any]) -> None:
    """Target: excursion within 2 deg."""
    for side, foot in feet_of(pose, stances).items():
        assert foot.angles.method == TAPE
        assert foot.values is not None
        assert np.nanmedian(foot.values.excursion_deg) == pytest.approx(true_excursion(truth, side), abs=2.0)
        assert np.isfinite(foot.values.excursion_deg).sum() >= 7


def test_outline(
    pose: PoseSequence, stances: dict[str, list[Stance]], truth: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Target: excursion within 4 deg, and left and right told apart, as if there were no tape to look for."""
    monkeypatch.setattr(look_module, "find_tape", lambda *_: None)
    found = {}
    for side, foot in feet_of(pose, stances).items():
        assert foot.angles.method == OUTLINE
        assert foot.values is not None
        found[side] = float(np.nanmedian(foot.values.excursion_deg))
        assert found[side] == pytest.approx(true_excursion(truth, side), abs=4.0)
    assert found["right"] > found["left"]


@pytest.fixture(scope="module")
def close_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lower legs cut out of the sample and enlarged, as a clinic films them."""
    left, top, width, height = LEGS_BOX
    parts = (rgb[top : top + height, left : left + width] for _, rgb in frames(probe(SAMPLE), 0, 450))
    enlarged = (np.asarray(cv2.resize(part, None, fx=2, fy=2), np.uint8) for part in parts)
    return written(tmp_path_factory.mktemp("close_up") / "close_up.mp4", enlarged)


@pytest.mark.parametrize("tape", [True, False])
def test_a_mirror_image_gives_the_same(
    pose: PoseSequence,
    stances: dict[str, list[Stance]],
    tape: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not tape:
        monkeypatch.setattr(look_module, "find_tape", lambda *_: None)
    count = 330
    flipped = written(tmp_path / "mirror.mp4", (rgb[:, ::-1] for _, rgb in frames(probe(SAMPLE), 0, count)))
    early = {side: [s for s in stances[side] if s.to_s < count / 60 - 0.1] for side in SIDES}
    mirrored = pose.xy_px.copy()
    mirrored[..., 0] = probe(SAMPLE).size_px[0] - 1 - mirrored[..., 0]
    found = excursions(feet_of(replace(pose, xy_px=mirrored), early, Look(probe(flipped), mirrored=True)))
    # The heel rolls in within 50 ms: what encoding it anew does to one frame at contact shows.
    assert found == pytest.approx(excursions(feet_of(pose, early)), abs=0.9)


@pytest.fixture(scope="module")
def close_up_analysis(close_up: Path, any_model: str) -> GaitAnalysis:
    return analyze(close_up, AnalysisConfig())


def test_close_up_gives_the_heels(close_up_analysis: GaitAnalysis, truth: dict[str, Any]) -> None:
    assert close_up_analysis.videos[0].view == "rear"
    cadence = close_up_analysis.metric("cadence_spm")
    assert cadence is not None
    assert cadence.value == pytest.approx(truth["metrics"]["cadence_spm"], abs=2.0)
    for side in SIDES:
        metric = close_up_analysis.metric("rearfoot_excursion_deg", side)
        assert metric is not None
        assert "from tape marks" in metric.method
        assert metric.value == pytest.approx(true_excursion(truth, side), abs=2.0)


def test_close_up_times(close_up_analysis: GaitAnalysis, truth: dict[str, Any]) -> None:
    """Every contact and toe-off of both feet; times with low confidence whose interval holds the truth."""
    for side, letter in SIDES.items():
        for kind, key, limit_s in (("initial_contact", "ic", 0.015), ("toe_off", "to", 0.025)):
            found = np.array([e.time_s for e in close_up_analysis.events if e.side == side and e.kind == kind])
            true = np.array([t for t in truth["events"][letter][key] if 0.3 < t < 7.2])
            errors = found[np.abs(found[:, None] - true).argmin(axis=0)] - true
            assert np.abs(errors).max() < 0.06
            assert np.sqrt(np.mean(errors**2)) <= limit_s
        lasting = [
            off - on
            for on in truth["events"][letter]["ic"]
            for off in truth["events"][letter]["to"]
            if 0.0 < off - on < 0.4
        ]
        metric = close_up_analysis.metric("ground_contact_time_ms", side)
        assert metric is not None
        assert metric.confidence == "low"
        assert metric.ci95 is not None
        assert metric.ci95[0] <= 1000.0 * np.median(lasting) <= metric.ci95[1]


def test_close_up_gives_nothing_of_a_body(close_up_analysis: GaitAnalysis) -> None:
    for metric in close_up_analysis.metrics:
        if metric.name in ("hip_adduction_peak_deg", "lateral_trunk_lean_deg", "pelvic_drop_deg", "knee_window_cm"):
            assert metric.value is None
            assert "lower legs" in (metric.reason or "")
    assert "legs_only" in [w.code for w in close_up_analysis.quality.warnings]

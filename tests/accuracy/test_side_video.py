"""From pixels to numbers, against force-plate events and true joints. Every figure is of the heavy pose model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gait.config import AnalysisConfig
from gait.model import GaitAnalysis
from gait.pipeline import analyze
from tests.support.truth import Truth, value

pytestmark = [pytest.mark.accuracy, pytest.mark.slow]


@pytest.fixture(scope="module")
def rendered(data_dir: Path, heavy_model: str) -> tuple[GaitAnalysis, Truth]:
    truth = Truth.read(data_dir / "rendered" / "dev_side.truth.json")
    config = AnalysisConfig(height_m=truth.saved["height_m"])
    return analyze(data_dir / "rendered" / "dev_side.mp4", config), truth


@pytest.fixture(scope="module")
def treadmill(data_dir: Path, heavy_model: str) -> GaitAnalysis:
    return analyze(data_dir / "video" / "treadmill_side_left.mp4", AnalysisConfig(height_m=1.75))


def test_view_of_the_rendered_runner(rendered: tuple[GaitAnalysis, Truth]) -> None:
    assert rendered[0].videos[0].view == "right"


@pytest.mark.parametrize(("kind", "rmse_ms"), [("initial_contact", 15), ("toe_off", 20)])
def test_near_leg_events_against_the_force_plate(
    rendered: tuple[GaitAnalysis, Truth], kind: str, rmse_ms: float
) -> None:
    analysis, truth = rendered
    agreement = truth.agreement(analysis, truth.near, kind)
    assert agreement.missed == 0
    assert agreement.false == 0
    assert len(agreement.errors_s) >= 9
    assert agreement.rmse_s * 1000 <= rmse_ms


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("cadence_spm", 0.5),
        ("foot_strike_angle_deg", 4.0),
        ("shank_angle_ic_deg", 3.0),
        ("knee_flexion_ic_deg", 5.0),
        ("overstride_cm", 3.0),
    ],
)
def test_rendered_metrics(rendered: tuple[GaitAnalysis, Truth], name: str, tolerance: float) -> None:
    analysis, truth = rendered
    assert value(analysis, name) == pytest.approx(truth.metrics()[name], abs=tolerance)


def test_rendered_belt_speed_from_height(rendered: tuple[GaitAnalysis, Truth]) -> None:
    analysis, truth = rendered
    assert value(analysis, "belt_speed_m_s") == pytest.approx(truth.saved["speed"], rel=0.06)


def test_real_runner_cadence(treadmill: GaitAnalysis) -> None:
    # 168.9 +- 0.5 steps/min, measured from raw pixels without a pose model.
    assert value(treadmill, "cadence_spm") == pytest.approx(168.9, abs=1.0)


def test_real_runner_contact_time_and_view(treadmill: GaitAnalysis) -> None:
    near = next(m for m in treadmill.metrics if m.name == "ground_contact_time_ms" and m.side == "left")
    assert treadmill.videos[0].view == "left"
    assert isinstance(near.value, float)
    assert 180 <= near.value <= 320


def test_real_runner_at_30_fps_has_low_confidence(treadmill: GaitAnalysis) -> None:
    assert {m.confidence for m in treadmill.metrics if m.value is not None} == {"low"}
    assert all(
        next(m for m in treadmill.metrics if m.name == name).value is None
        for name in ("foot_strike_three_way", "peak_vertical_force_bw", "vertical_stiffness_kn_m")
    )


@pytest.mark.parametrize(("clip", "tolerance"), [("dev_rear", 1.5), ("dev_tape", 3.0)])
def test_rear_view_gives_times_only(data_dir: Path, heavy_model: str, clip: str, tolerance: float) -> None:
    analysis = analyze(data_dir / "rendered" / f"{clip}.mp4", AnalysisConfig())
    truth = Truth.read(data_dir / "rendered" / f"{clip}.truth.json")
    true_cadence = 120.0 / float(np.diff(truth.events("right", "initial_contact")).mean())
    assert analysis.videos[0].view == "rear"
    assert value(analysis, "cadence_spm") == pytest.approx(true_cadence, abs=tolerance)
    measured = {m.name for m in analysis.metrics if m.value is not None}
    assert {"cadence_spm", "stride_time_ms"} <= measured
    assert measured <= {"cadence_spm", "stride_time_ms", "ground_contact_time_ms", "duty_factor_pct"}

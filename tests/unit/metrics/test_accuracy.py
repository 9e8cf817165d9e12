"""The figures of agreement that come with the package, and how they are put into words."""

from __future__ import annotations

import pytest

from gait.metrics.accuracy import Agreement, _video_words, accuracy_words, agreements
from gait.metrics.catalogue import CATALOGUE


def test_the_main_metrics_have_figures_in_their_own_unit() -> None:
    for name in ("cadence_spm", "ground_contact_time_ms", "shank_angle_ic_deg", "overstride_cm", "belt_speed_m_s"):
        found = agreements(name)
        assert found, name
        assert {a.unit for a in found} == {CATALOGUE[name].unit}
        assert all(a.n >= 1 and a.rmse >= abs(a.bias) - 1e-6 for a in found)


def test_a_metric_without_comparison_says_nothing() -> None:
    assert agreements("rearfoot_angle_peak_deg") == []
    assert accuracy_words("rearfoot_angle_peak_deg") == ""


def test_words_name_model_rate_and_number() -> None:
    words = accuracy_words("ground_contact_time_ms")
    assert "(no pose model): error " in words
    assert "From video (heavy pose model" in words
    assert "Published: BlazePose on phone video" in words


@pytest.mark.parametrize(
    ("biases", "expected"),
    [
        ((6.6, 11.2), "From video (heavy, 60 to 240 frames/s): errors +6.6 to +11.2 ms in 2 clips with known truth."),
        ((-1.0, -1.02), "From video (heavy, 60 to 240 frames/s): error -1.0 ms in 2 clips with known truth."),
    ],
)
def test_errors_of_clips_are_a_range(biases: tuple[float, float], expected: str) -> None:
    rates = (60.0, 240.0)
    videos = [Agreement("x", "heavy", r, 1, b, None, abs(b), "ms") for r, b in zip(rates, biases, strict=True)]
    assert _video_words(videos) == expected

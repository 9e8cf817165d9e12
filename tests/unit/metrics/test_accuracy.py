"""The figures of agreement that come with the package, and how they are put into words."""

from __future__ import annotations

import pytest

from gait.metrics.accuracy import Agreement, _figure, _video_words, accuracy_words, agreements
from gait.metrics.catalogue import CATALOGUE


def test_the_main_metrics_have_figures_in_their_own_unit() -> None:
    for name in ("cadence_spm", "ground_contact_time_ms", "shank_angle_ic_deg", "overstride_cm", "belt_speed_m_s"):
        found = agreements(name)
        assert found, name
        assert {a.unit for a in found} == {CATALOGUE[name].unit}
        assert all(a.n >= 1 and a.rmse >= abs(a.bias) - 1e-6 for a in found)


def test_a_metric_without_comparison_says_nothing() -> None:
    assert agreements("crossover") == []
    assert accuracy_words("crossover") == ""


def test_words_name_model_rate_and_number() -> None:
    words = accuracy_words("ground_contact_time_ms")
    assert "(no pose model): error " in words
    assert "From video (heavy pose model" in words
    assert "Published: BlazePose on phone video" in words


@pytest.mark.parametrize(
    ("biases", "expected"),
    [
        (
            (6.6, 11.2),
            "From video (heavy, 60 to 240 frames/s): errors from +6.6 to +11.2 ms in 2 clips with known truth.",
        ),
        ((-1.0, -1.02), "From video (heavy, 60 to 240 frames/s): error -1.0 ms in 2 clips with known truth."),
    ],
)
def test_errors_of_clips_are_a_range(biases: tuple[float, float], expected: str) -> None:
    rates = (60.0, 240.0)
    videos = [Agreement("x", "heavy", r, 1, b, None, abs(b), "ms") for r, b in zip(rates, biases, strict=True)]
    assert _video_words(videos) == expected


def test_errors_that_cancel_in_the_mean_are_told() -> None:
    video = Agreement("x", "heavy", 60.0, 3, 0.1, 1.9, 1.6, "deg", low=-1.2, high=2.3)
    assert "errors from -1.2 to +2.3 deg in 3 clips" in _video_words([video])


def test_no_minus_before_zero() -> None:
    assert _figure(-0.04, "deg") == "0.0"
    assert _figure(-0.04, "deg", sign=True) == "+0.0"


def test_times_come_with_the_events_behind_them() -> None:
    for name in ("ground_contact_time_ms", "flight_time_ms"):
        words = accuracy_words(name)
        assert "usual error of a single one (RMSE): without a pose model landing " in words
        assert "; from video landing " in words
    assert "RMSE" not in accuracy_words("cadence_spm")


def test_foot_strike_tells_what_is_rarely_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    strike = {"source": "runners", "n": 36, "sure": 15, "agreement_pct": 86.7}
    strike |= {"labelled": {"rearfoot": 28, "midfoot": 4, "forefoot": 4}}
    strike |= {"recognised": {"rearfoot": 20, "midfoot": 2, "forefoot": 0}}
    saved = {"quantities": {"foot_strike": {"unit": None, "strike": strike}}}
    monkeypatch.setattr("gait.metrics.accuracy._saved", lambda: saved)
    assert accuracy_words("foot_strike") == (
        "Against runners (no pose model): rearfoot or not is decided for 15 of 36 feet and agrees with the label of "
        "the source in 87 % of those; the other 21 are called indeterminate. Forefoot is rarely recognised: 0 of 4 "
        "feet labelled so."
    )

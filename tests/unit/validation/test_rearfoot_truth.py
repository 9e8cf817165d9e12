"""The true rearfoot angle: from every frame's eversion, or as a thinned-out film states it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from runner import SAMPLES

from gait.model import Floats
from gait.rearfoot.angles import OUTLINE, TAPE
from gait.validation.rearfoot_truth import rearfoot_truths, stated_truths
from gait.validation.video_cases import video_cases
from gait.validation.video_truth import VideoTruth

STANCE_S = 0.25


def eversion(times_s: Floats, ics_s: Floats, excursions_deg: Floats) -> Floats:
    """From -4 deg at contact up to a peak in the middle of stance and back; -4 in swing."""
    found = np.full(len(times_s), -4.0)
    for ic, excursion in zip(ics_s, excursions_deg, strict=True):
        share = (times_s - ic) / STANCE_S
        inside = (share >= 0) & (share <= 1)
        found[inside] += excursion * np.sin(np.pi * share[inside]) ** 2
    return found


@pytest.fixture
def stances() -> tuple[Floats, dict[str, Floats], dict[str, Floats]]:
    times_s = np.arange(0, 5.0, 1 / 60)
    ics = {"left": np.array([0.1, 1.0, 1.7, 2.4, 4.6]), "right": np.array([1.35, 2.05, 2.75])}
    deg = {"left": np.array([30.0, 8.0, 10.0, 12.0, 30.0]), "right": np.array([2.0, 3.0, 4.0])}
    angles = {side: eversion(times_s, ics[side], deg[side]) for side in ics}
    return times_s, angles, {side: np.stack([ics[side], ics[side] + STANCE_S], axis=1) for side in ics}


def test_medians_over_the_stances_of_the_judged_part(
    stances: tuple[Floats, dict[str, Floats], dict[str, Floats]],
) -> None:
    """Both outer stances of the left foot, with 30 deg, are not judged."""
    found = rearfoot_truths(*stances, 0.35, 4.65)
    expected = {
        ("rearfoot_angle_ic_deg", "left"): (-4.0, 0.1),
        ("rearfoot_angle_peak_deg", "left"): (6.0, 0.1),
        ("rearfoot_excursion_deg", "left"): (10.0, 0.15),
        ("rearfoot_time_to_peak_ms", "left"): (125.0, 4.0),
        ("rearfoot_excursion_deg", "right"): (3.0, 0.1),
    }
    for key, (value, tolerance) in expected.items():
        assert found[key] == pytest.approx(value, abs=tolerance), key


def test_a_heel_that_turns_at_push_off_has_its_peak_before() -> None:
    times_s = np.arange(0, 5.0, 1 / 60)
    contacts = np.stack([np.array([1.0, 2.0, 3.0]), np.array([1.25, 2.25, 3.25])], axis=1)
    rising = np.interp((times_s % 1.0) / STANCE_S, [0, 0.75, 1.0, 4.0], [0.0, 6.0, 12.0, 0.0])
    found = rearfoot_truths(times_s, {"left": rising, "right": rising}, {s: contacts for s in ("left", "right")}, 0, 5)
    assert found["rearfoot_excursion_deg", "left"] == pytest.approx(6.0, abs=0.3)


def test_too_few_frames_or_stances_give_nothing(stances: tuple[Floats, dict[str, Floats], dict[str, Floats]]) -> None:
    times_s, angles, contacts = stances
    thin = {side: angle[::4] for side, angle in angles.items()}
    assert rearfoot_truths(times_s[::4], thin, contacts, 0.35, 4.65) == {}
    one = {side: pairs[1:2] for side, pairs in contacts.items()}
    assert rearfoot_truths(times_s, angles, one, 0.35, 4.65) == {}
    lost = {side: np.where(times_s > 1.5, np.nan, angle) for side, angle in angles.items()}
    assert rearfoot_truths(times_s, lost, contacts, 0.35, 4.65) == {}, "one stance seen, the others not"


def test_the_shipped_sample_states_what_its_frames_are_too_thin_for() -> None:
    sample = VideoTruth.read(SAMPLES / "rear_60fps.truth.json")
    found, _ = sample.metrics()
    assert found["rearfoot_excursion_deg", "left"] == pytest.approx(8.0, abs=1.0)
    assert found["rearfoot_excursion_deg", "right"] == pytest.approx(14.0, abs=1.0)
    assert found["step_width_cm", "both"] == pytest.approx(5.0, abs=0.5)
    # Times come from the events of the file as everywhere.
    assert found["cadence_spm", "left"] == pytest.approx(169.3, abs=1.5)
    assert "belt_speed_m_s" not in {name for name, _ in found}
    assert sample.rearfoot_method == TAPE
    assert (SAMPLES / "rear_60fps.mp4").name in [c.video.name for c in video_cases(Path("nothing"), SAMPLES)[0]]


def test_what_is_stated_is_read_with_care() -> None:
    stated = {"L": {"rearfoot_excursion_deg": 8.0, "toes": 5}, "R": [1], "step_width_cm": True, "cadence_spm": 170}
    assert stated_truths({"metrics": stated}) == {("rearfoot_excursion_deg", "left"): 8.0}
    assert stated_truths({"metrics": [1]}) == {}
    assert stated_truths({}) == {}


def test_a_film_says_whether_it_shows_tape() -> None:
    assert VideoTruth({"tape": {"heel": "dots"}}).rearfoot_method == TAPE
    assert VideoTruth({"tape": None}).rearfoot_method == OUTLINE
    assert VideoTruth({}).rearfoot_method == ""

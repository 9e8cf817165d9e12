"""Marker trials filmed by a virtual camera from behind, against the force plate and the frontal plane."""

from __future__ import annotations

from pathlib import Path

import pytest

from gait.validation.camera import RearCamera
from gait.validation.marker_cases import judge_markers
from gait.validation.markers import trial_files
from gait.validation.records import Outcome
from gait.validation.summary import pooled, rmse

pytestmark = [pytest.mark.accuracy, pytest.mark.slow]


@pytest.fixture(scope="module")
def outcome(data_dir: Path) -> Outcome:
    folder = data_dir / "fukuchi"
    if not trial_files(folder):
        pytest.skip(f"no marker trials in {folder.name}: the rear view is not checked against force plates")
    return judge_markers(folder, [RearCamera(60.0, 0.006)], jobs=1)


@pytest.mark.parametrize(("kind", "rmse_ms"), [("initial_contact", 8.0), ("toe_off", 11.0), ("contact_time", 12.0)])
def test_events_of_runners_the_rules_were_not_found_on(outcome: Outcome, kind: str, rmse_ms: float) -> None:
    events = [e for e in outcome.events if e.kind == kind]
    assert len(events) == 36
    assert sum(e.missed + e.false for e in events) == 0
    assert rmse(pooled(events)) <= rmse_ms


@pytest.mark.parametrize(
    ("name", "worst"),
    [
        ("pelvic_drop_deg", 2.0),
        ("hip_adduction_peak_deg", 3.0),
        ("step_width_cm", 1.0),
        ("knee_window_cm", 1.5),
        ("vertical_oscillation_cm", 1.0),
        ("cadence_spm", 0.5),
        ("ground_contact_time_ms", 25.0),
    ],
)
def test_numbers(outcome: Outcome, name: str, worst: float) -> None:
    found = [c for c in outcome.comparisons if c.metric == name]
    assert len(found) in (18, 36)
    assert max(abs(c.error) for c in found) <= worst


def test_nothing_is_left_out(outcome: Outcome) -> None:
    assert outcome.skipped == ()
    assert outcome.unmeasured == ()

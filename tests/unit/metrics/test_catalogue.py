"""The catalogue is complete, and references are compared only where they may be."""

from __future__ import annotations

import pytest

from gait.metrics.catalogue import CATALOGUE, MARKS, reference_for

CONTRACT = [
    "cadence_spm",
    "stride_time_ms",
    "ground_contact_time_ms",
    "flight_time_ms",
    "duty_factor_pct",
    "step_length_m",
    "step_length_leg_pct",
    "vertical_oscillation_cm",
    "vertical_oscillation_leg_pct",
    "peak_vertical_force_bw",
    "vertical_stiffness_kn_m",
    "belt_speed_m_s",
    "overstride_cm",
    "overstride_leg_pct",
    "heel_overstride_cm",
    "heel_overstride_leg_pct",
    "shank_angle_ic_deg",
    "knee_flexion_ic_deg",
    "knee_flexion_peak_stance_deg",
    "ankle_dorsiflexion_ic_deg",
    "ankle_dorsiflexion_peak_deg",
    "hip_extension_peak_deg",
    "trunk_lean_deg",
    "foot_strike_angle_deg",
    "foot_strike",
    "rearfoot_angle_ic_deg",
    "rearfoot_angle_peak_deg",
    "rearfoot_excursion_deg",
    "rearfoot_time_to_peak_ms",
    "pelvic_drop_deg",
    "hip_adduction_peak_deg",
    "step_width_cm",
    "crossover",
    "knee_window_cm",
    "lateral_trunk_lean_deg",
]

CLASSES = {"foot_strike", "foot_strike_three_way", "crossover"}

UNIT_OF_SUFFIX = {
    "_spm": "steps/min",
    "_ms": "ms",
    "_pct": "%",
    "_cm": "cm",
    "_deg": "deg",
    "_m_s": "m/s",
    "_m": "m",
    "_bw": "body weights",
    "_kn_m": "kN/m",
}


def suffix_unit(name: str) -> str:
    return UNIT_OF_SUFFIX[max((s for s in UNIT_OF_SUFFIX if name.endswith(s)), key=len)]


@pytest.mark.parametrize("name", CONTRACT)
def test_every_metric_of_the_contract_is_there(name: str) -> None:
    assert name in CATALOGUE


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_field_says_something(name: str) -> None:
    spec = CATALOGUE[name]
    for text in (spec.title, spec.plain, spec.definition, spec.sign, spec.reference, spec.source):
        assert len(text.strip()) >= 4
    assert spec.plain.endswith(".")
    assert spec.mark in MARKS
    assert spec.view in ("side", "rear", "any")
    assert spec.name == name


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_unit_is_that_of_the_name(name: str) -> None:
    assert CATALOGUE[name].unit == (None if name in CLASSES else suffix_unit(name))


@pytest.mark.parametrize("name", CATALOGUE)
def test_references_are_sane(name: str) -> None:
    spec = CATALOGUE[name]
    speeds = [speed for speed, _, _ in spec.reference_points]
    assert speeds == sorted(speeds)
    assert all(1.5 <= speed <= 7.0 and sd > 0 for speed, _, sd in spec.reference_points)
    assert spec.sdc is None or 0 < spec.sdc < 10


@pytest.mark.parametrize("name", CATALOGUE)
def test_changes_have_words(name: str) -> None:
    more, less = CATALOGUE[name].change_words
    assert more != less
    rests_on = CATALOGUE[name].rests_on
    assert (rests_on is None) == (name not in CLASSES)
    assert rests_on is None or CATALOGUE[rests_on].unit is not None


def test_all_that_a_leg_does_is_taken_to_change_with_speed() -> None:
    steady = {name for name, spec in CATALOGUE.items() if not spec.speed_dependent}
    assert {"belt_speed_m_s", "trunk_lean_deg", "pelvic_drop_deg"} <= steady
    assert not steady & {
        "cadence_spm",
        "ground_contact_time_ms",
        "step_length_m",
        "shank_angle_ic_deg",
        "overstride_cm",
    }


def test_smallest_detectable_changes_are_the_published_ones() -> None:
    # Upper ends of the published ranges of 2D video, one week apart.
    assert CATALOGUE["pelvic_drop_deg"].sdc == 2.8
    assert CATALOGUE["knee_flexion_ic_deg"].sdc == 3.8
    assert CATALOGUE["shank_angle_ic_deg"].sdc == 4.8
    assert CATALOGUE["foot_strike_angle_deg"].sdc == 2.3


@pytest.mark.parametrize(
    ("value", "speed", "percentile"),
    [(170.0, 3.5, 50), (180.0, 3.5, 84), (151.2, 3.5, 3), (170.0, 3.2, 50), (160.0, 2.6, 50), (170.0, 3.9, 50)],
)
def test_percentiles_near_a_reference(value: float, speed: float, percentile: int) -> None:
    found = reference_for("cadence_spm", value, speed)
    assert found is not None
    assert found["percentile"] == percentile
    assert found["speed_m_s"] in (2.5, 3.5)
    assert found["unit"] == "steps/min"


@pytest.mark.parametrize("speed", [2.0, 5.0])
def test_no_percentile_far_from_any_reference(speed: float) -> None:
    found = reference_for("cadence_spm", 170.0, speed)
    assert found is not None
    assert not {"percentile", "mean", "sd"} & set(found)
    assert found["note"].startswith(f"No comparable reference at {speed:.1f} m/s.")


def test_no_percentile_without_a_speed() -> None:
    found = reference_for("cadence_spm", 170.0, None)
    assert found is not None
    assert not {"percentile", "mean"} & set(found)
    assert "Belt speed unknown" in found["note"]


def test_a_class_has_no_percentile() -> None:
    found = reference_for("foot_strike", "rearfoot", 3.0)
    assert found is not None
    assert "percentile" not in found


def test_the_reference_nearest_in_speed_is_taken() -> None:
    found = reference_for("shank_angle_ic_deg", 9.0, 4.4)
    assert found is not None
    assert (found["speed_m_s"], found["mean"]) == (4.5, 11.0)

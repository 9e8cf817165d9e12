"""The loader of marker trials on files whose joints are known: rigid tracking, foot faults, force."""

from __future__ import annotations

from pathlib import Path

import marker_set
import numpy as np
import pytest
from runner import truth
from scipy.spatial.transform import Rotation

from gait.errors import GaitError
from gait.validation.c3d import read_c3d
from gait.validation.feet import FOOT_MARKERS, repaired_foot
from gait.validation.force import body_weight_n, contacts_of, filtered_force, peak_force_n, stiffness_kn_m
from gait.validation.markers import filled_path, load_trial, read_runners, trial_files
from gait.validation.rigid import follow

FOOT = {
    "Heel.Bottom": np.array([0.0, 0.04, 0.0]),
    "Heel.Top": np.array([0.01, 0.09, 0.0]),
    "Heel.Lateral": np.array([0.04, 0.06, 0.04]),
    "MT1": np.array([0.21, 0.06, -0.05]),
    "MT5": np.array([0.18, 0.05, 0.05]),
}

MISSING = "marker MT5 is missing; rebuilt from the others"


def swung(points: np.ndarray, frames: int = 40) -> tuple[np.ndarray, Rotation, np.ndarray]:
    """Turn and move points, shape (p, 3), through space; return (T, p, 3) and the movement."""
    turn = Rotation.from_rotvec(np.linspace(0, 1.5, frames)[:, None] * np.array([0.3, -0.2, 0.9]))
    shift = np.linspace(0, 1, frames)[:, None] * np.array([1.0, 0.2, -0.3])
    return np.einsum("tij,pj->tpi", turn.as_matrix(), points) + shift[:, None], turn, shift


def test_rigid_tracking_is_exact() -> None:
    cluster = np.random.default_rng(1).normal(0, 0.1, (4, 3))
    inside = np.array([[0.3, 0.1, -0.2], [-0.1, 0.5, 0.0]])
    both, _, _ = swung(np.concatenate([cluster, inside]))
    np.testing.assert_allclose(follow(cluster, both[:, :4], inside), both[:, 4:], atol=1e-12)


def test_rigid_tracking_bears_one_lost_marker_and_not_two() -> None:
    cluster = np.random.default_rng(1).normal(0, 0.1, (4, 3))
    inside = np.array([[0.3, 0.1, -0.2]])
    both, _, _ = swung(np.concatenate([cluster, inside]))
    moving = both[:, :4].copy()
    moving[3, 0] = np.nan
    moving[5, :2] = np.nan
    found = follow(cluster, moving, inside)
    np.testing.assert_allclose(found[3], both[3, 4:], atol=1e-12)
    assert np.isnan(found[5]).all()
    assert np.isfinite(np.delete(found, 5, axis=0)).all()


@pytest.mark.parametrize("seed", range(8))
def test_three_markers_never_give_a_mirror_image(seed: int) -> None:
    cluster = np.random.default_rng(seed).normal(0, 0.1, (3, 3))
    off_plane = np.array([[0.3, 0.1, -0.2]])
    both, _, _ = swung(np.concatenate([cluster, off_plane]))
    np.testing.assert_allclose(follow(cluster, both[:, :3], off_plane), both[:, 3:], atol=1e-9)


def running_foot() -> dict[str, np.ndarray]:
    paths, _, _ = swung(np.stack([FOOT[name] for name in FOOT_MARKERS]))
    return {name: paths[:, k] for k, name in enumerate(FOOT_MARKERS)}


def test_a_good_foot_stays_as_it_is() -> None:
    paths = running_foot()
    foot = repaired_foot(paths, FOOT)
    assert foot.notes == ()
    for name in FOOT_MARKERS:
        np.testing.assert_array_equal(foot.paths[name], paths[name])


def test_exchanged_toe_markers_are_put_right() -> None:
    paths = running_foot()
    foot = repaired_foot(paths | {"MT1": paths["MT5"], "MT5": paths["MT1"]}, FOOT)
    assert foot.notes == ("markers MT1 and MT5 are swapped in the file; corrected",)
    for name in ("MT1", "MT5"):
        np.testing.assert_allclose(foot.paths[name], paths[name], atol=1e-12)


def test_a_missing_marker_under_the_name_of_the_other_is_found_and_rebuilt() -> None:
    paths = running_foot()
    given = {name: path for name, path in paths.items() if name != "MT1"} | {"MT5": paths["MT1"]}
    foot = repaired_foot(given, FOOT)
    assert foot.notes == (
        "the marker labelled MT5 is MT1; corrected",
        MISSING,
    )
    for name in ("MT1", "MT5"):
        np.testing.assert_allclose(foot.paths[name], paths[name], atol=1e-9)


def test_a_stray_marker_is_rebuilt_in_its_frames_only() -> None:
    paths = running_foot()
    bad = paths["MT5"].copy()
    bad[10:14] += np.array([0.2, 0.1, 0.0])
    foot = repaired_foot(paths | {"MT5": bad}, FOOT)
    assert foot.notes == ("marker MT5 is out of place in 10% of frames; rebuilt from the others",)
    np.testing.assert_allclose(foot.paths["MT5"], paths["MT5"], atol=1e-9)


def test_a_foot_without_its_markers_says_so() -> None:
    paths = running_foot()
    with pytest.raises(GaitError, match="most foot markers missing"):
        repaired_foot({name: paths[name] for name in ("MT1", "MT5")}, FOOT)


def test_gaps_are_filled_only_when_short() -> None:
    times_s = np.arange(200) / 150.0
    path = np.stack([np.sin(times_s), np.cos(times_s), times_s], axis=1)
    broken = path.copy()
    broken[50:60] = np.nan
    broken[100:130] = np.nan
    found = filled_path(times_s, broken)
    np.testing.assert_allclose(found[50:60], path[50:60], atol=3e-4)
    assert np.isnan(found[100:130]).all()


def steps(contact_s: float = 0.24, flight_s: float = 0.12, rate_hz: float = 300.0) -> tuple[np.ndarray, float, float]:
    """A bouncing mass: half sines whose mean is the weight; returns force, weight and peak, N."""
    weight = 700.0
    peak = weight * np.pi / 2 * (flight_s / contact_s + 1.0)
    times_s = np.arange(0.0, 8.0, 1.0 / rate_hz) % (contact_s + flight_s)
    return np.where(times_s < contact_s, peak * np.sin(np.pi * times_s / contact_s), 0.0), weight, peak


def test_contacts_by_force() -> None:
    force, _, peak = steps()
    found = contacts_of(filtered_force(force, 300.0), 300.0)
    late_s = np.arcsin(50.0 / peak) / np.pi * 0.24
    # The low-pass rounds the corner at either end by a millisecond or two.
    assert np.diff(found, axis=1).mean() == pytest.approx(0.24 - 2 * late_s, abs=0.004)
    assert np.diff(found[:, 0]) == pytest.approx(0.36, abs=0.001)
    # The last contact is cut by the end of the trial.
    assert len(found) == 22


def test_a_dip_within_a_contact_begins_no_second_one() -> None:
    force, _, _ = steps()
    clean = len(contacts_of(force, 300.0))
    force[13:15] = 30.0  # 40 ms after the first contact
    assert len(contacts_of(force, 300.0)) == clean


def test_peak_weight_and_stiffness_of_a_bouncing_mass() -> None:
    from gait.metrics.force import vertical_stiffness_kn_m

    force, weight, peak = steps()
    found = contacts_of(force, 300.0)
    assert peak_force_n(force, 300.0, found) == pytest.approx(peak, rel=0.001)
    assert body_weight_n(force, 300.0, found) == pytest.approx(weight, rel=0.01)
    contact_s = np.diff(found, axis=1)[:, 0]
    expected = vertical_stiffness_kn_m(contact_s, 0.36 - contact_s, weight / 9.81)[0]
    assert np.nanmedian(stiffness_kn_m(force, 300.0, found)) == pytest.approx(expected, rel=0.02)


def test_a_file_is_read_in_metres_with_force_upwards(tmp_path: Path) -> None:
    path = np.tile([0.1, 0.9, -0.2], (30, 1))
    path[4] = np.nan
    marker_set.write_c3d(tmp_path / "a.c3d", {"L.MT5": path}, np.full(60, 812.0))
    capture = read_c3d(tmp_path / "a.c3d")
    np.testing.assert_allclose(capture.points["L.MT5"][0], [0.1, 0.9, -0.2], atol=1e-6)
    assert np.isnan(capture.points["L.MT5"][4]).all()
    assert capture.force_n is not None
    np.testing.assert_allclose(capture.force_n, 812.0, rtol=1e-5)
    assert (capture.rate_hz, capture.force_rate_hz) == (150.0, 300.0)


def test_a_broken_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "b.c3d").write_bytes(b"no markers here")
    with pytest.raises(GaitError, match=r"b\.c3d cannot be read"):
        read_c3d(tmp_path / "b.c3d")


@pytest.mark.parametrize(
    ("faults", "notes"),
    [
        ({}, ()),
        ({"R.MT1": "R.MT5", "R.MT5": "R.MT1"}, ("right foot: markers MT1 and MT5 are swapped in the file; corrected",)),
        (
            {"L.MT1": "L.MT5", "L.MT5": ""},
            (
                "left foot: the marker labelled MT5 is MT1; corrected",
                "left foot: marker MT5 is missing; rebuilt from the others",
            ),
        ),
    ],
)
def test_a_trial_gives_back_the_joints(tmp_path: Path, faults: dict[str, str], notes: tuple[str, ...]) -> None:
    path = marker_set.write_trial(tmp_path, faults=faults)
    trial = load_trial(path, read_runners(tmp_path / "runners.csv"))
    true = marker_set.joints(trial.times_s)
    assert sorted(trial.notes) == sorted(notes)
    for side in ("left", "right"):
        for part, name in (("hip", "hip"), ("knee", "knee"), ("ankle", "ankle"), ("heel", "heel")):
            error = np.linalg.norm(trial.parts[side][part] - true[side][name], axis=1)
            assert np.nanmax(error) < 0.004, (side, part)
        # The simulated shoe bends; markers sit on a stiff one, in the direction of its toes.
        line = true[side]["foot_index"] - true[side]["heel"]
        found = trial.parts[side]["toe"] - trial.parts[side]["heel"]
        angle = np.degrees(np.arctan2(found[:, 1], found[:, 0]) - np.arctan2(line[:, 1], line[:, 0]))
        assert np.abs((angle + 180) % 360 - 180).max() < 0.5
    assert (trial.name, trial.runner, trial.speed_m_s) == ("RBDS900runT30", "RBDS900", 3.0)
    assert (trial.height_m, trial.mass_kg) == (1.75, 70.0)
    assert trial.strike == {"left": "rearfoot", "right": "rearfoot"}
    assert trial.standing_pitch_deg["left"] == pytest.approx(0.0, abs=0.5)


def test_contacts_belong_to_the_foot_that_stands(tmp_path: Path) -> None:
    trial = load_trial(marker_set.write_trial(tmp_path))
    for side in ("left", "right"):
        true = truth().ic_s[side]
        inside = trial.contacts[side][:, 0]
        gaps = np.abs(inside[:, None] - true[None]).min(axis=1)
        assert gaps.max() < 0.006
        assert len(inside) >= len(true) - 2
        assert trial.peak_force_bw[side] == pytest.approx(1600.0 / trial_weight(trial), rel=0.06)


def trial_weight(trial: object) -> float:
    """Without a table the plate itself gives the weight: the mean force."""
    force = marker_set.force_n()
    return body_weight_n(force, 300.0, contacts_of(force, 300.0))


def test_a_trial_without_a_standing_one_says_so(tmp_path: Path) -> None:
    path = marker_set.write_trial(tmp_path)
    (tmp_path / "RBDS900static.c3d").unlink()
    with pytest.raises(GaitError, match="no standing trial"):
        load_trial(path)


def test_only_running_trials_are_found(tmp_path: Path) -> None:
    for name in ("RBDS1runT25.c3d", "RBDS1static.c3d", "RBDS1walk.c3d", "other.c3d"):
        (tmp_path / name).touch()
    assert [p.name for p in trial_files(tmp_path)] == ["RBDS1runT25.c3d"]


def test_the_table_of_runners_bears_odd_rows(tmp_path: Path) -> None:
    (tmp_path / "runners.csv").write_text(
        "\ufeffsubject,height_cm,mass_kg,right_25,left_45\nRBDS012,180,,Midfoot,\n,1,2,,\n7,n/a,61.5,,Forefoot\n",
        encoding="utf-8",
    )
    found = read_runners(tmp_path / "runners.csv")
    assert set(found) == {7, 12}
    assert (found[12].height_m, found[12].mass_kg) == (pytest.approx(1.8), None)
    assert found[12].strike == {("right", "25"): "midfoot"}
    assert (found[7].height_m, found[7].mass_kg) == (None, 61.5)
    assert read_runners(tmp_path / "nothing.csv") == {}

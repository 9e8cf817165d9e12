"""Measuring a simulated runner seen from behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import runner as sim
from measured_runner import ICS, TRUE, codes, metric, number

from gait.events.agreement import match_events
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.measure import ClipMeasurement, measure
from gait.metrics.options import DETECTED, ENTERED
from gait.metrics.pelvis import FROM_MEAN_SD_DEG, MOTION_GAIN
from gait.metrics.rear import PELVIS_SHARE_DEG
from gait.model import INITIAL_CONTACT, PoseSequence, Recording
from gait.pelvis.rolls import PelvisRolls, RearSeen
from gait.rearfoot.angles import FootAngles, Stance
from gait.skeleton import BLAZEPOSE


class TestRear:
    @staticmethod
    def clip() -> ClipMeasurement:
        return measure(sim.seen_from_behind(), sim.options())

    def test_contact_events(self) -> None:
        found = [e.time_s for e in self.clip().events if e.side == "right" and e.kind == INITIAL_CONTACT]
        agreement = match_events(np.array(found), ICS, 0.75, 9.7)
        assert (agreement.missed, agreement.false) == (0, 0)
        assert agreement.rmse_s <= 0.030

    def test_times_are_those_of_the_runner(self) -> None:
        clip = self.clip()
        assert clip.view.name == "rear"
        assert "rear_view" in codes(clip)
        assert number(clip, "cadence_spm") == pytest.approx(TRUE["cadence_spm"], abs=1.0)
        assert {e.leg for e in clip.events} == {"both"}
        assert "low" not in {m.confidence for m in clip.metrics if m.name == "cadence_spm"}

    def test_every_metric_has_a_value_or_a_reason(self) -> None:
        found = self.clip().metrics
        assert {m.name for m in found} >= set(CATALOGUE)
        assert all(m.reason for m in found if m.value is None)
        seen = {m.name for m in found if m.value is not None}
        assert seen >= {
            *("ground_contact_time_ms", "flight_time_ms", "duty_factor_pct", "step_width_cm", "crossover"),
            *("pelvic_drop_deg", "hip_adduction_peak_deg", "lateral_trunk_lean_deg", "knee_window_cm"),
            *("vertical_oscillation_cm", "symmetry_pelvic_drop_deg", "symmetry_ground_contact_time_pct"),
        }
        assert not {n for n in seen if CATALOGUE[n].view == "side"}

    def test_lengths_need_the_height(self) -> None:
        clip = measure(sim.seen_from_behind(), sim.options(recording=Recording(belt_speed_m_s=3.0)))
        for name in ("step_width_cm", "knee_window_cm", "vertical_oscillation_cm"):
            assert "--height" in (metric(clip, name).reason or "")
        assert metric(clip, "crossover").value is not None
        assert number(clip, "step_length_m") == pytest.approx(3.0 * 60.0 / TRUE["cadence_spm"], rel=0.01)

    def test_a_pose_model_does_not_see_the_pelvis(self) -> None:
        pose = replace(sim.seen_from_behind(), estimator="MediaPipe pose landmarker, heavy")
        clip = measure(pose, sim.options())
        for side in ("left", "right"):
            assert "pelvis" in (metric(clip, "pelvic_drop_deg", side).reason or "")
            assert "usual 2.6 deg of the pelvis" in metric(clip, "hip_adduction_peak_deg", side).method
            assert metric(clip, "hip_adduction_peak_deg", side).confidence == "low"

    @pytest.mark.parametrize("mirrored", [False, True])
    def test_the_pelvis_that_the_pictures_show_takes_its_place(self, mirrored: bool) -> None:
        """The right hip 4 deg high against the horizontal all the time: a drop for the right leg, none for the left."""
        pose = replace(sim.seen_from_behind(), estimator="MediaPipe pose landmarker, heavy")
        horizon_deg = 1.5

        def look(pose: PoseSequence, stances: dict[str, list[Stance]], _: object) -> RearSeen:
            seen = np.full(len(pose.times_s), 0.3)
            in_picture = 4.0 + (-horizon_deg if mirrored else horizon_deg)
            pelvis = PelvisRolls(pose.times_s, np.full(len(pose.times_s), in_picture), seen, seen)
            return RearSeen({side: FootAngles(side, None, reason="Not drawn.") for side in stances}, pelvis)

        options = replace(sim.options(horizon_deg=horizon_deg), mirrored=mirrored)
        shown = sim.rolled(pose, horizon_deg)
        if mirrored:
            shown = sim.mirror_image(sim.rolled(pose, -horizon_deg), options.size_px[0])
        clip = measure(shown, options, look=look)
        landmarks = measure(shown, options)
        for side, sign in (("right", 1.0), ("left", -1.0)):
            drop, adduction = (metric(clip, name, side) for name in ("pelvic_drop_deg", "hip_adduction_peak_deg"))
            assert drop.value == pytest.approx(sign * 4.0, abs=0.01)
            thigh = metric(landmarks, "hip_adduction_peak_deg", side).value - PELVIS_SHARE_DEG
            assert adduction.value == pytest.approx(thigh + sign * 4.0, abs=0.01)
            for found in (drop, adduction):
                assert "hip line read from the picture" in found.method
                assert found.confidence == "low"
                assert found.ci95 is not None

    def test_a_hip_line_askew_gives_the_drop_about_its_mean_and_leaves_the_thigh_alone(self) -> None:
        pose = replace(sim.seen_from_behind(), estimator="MediaPipe pose landmarker, heavy")

        def look(pose: PoseSequence, stances: dict[str, list[Stance]], _: object) -> RearSeen:
            roll = np.full(len(pose.times_s), 6.0)
            for side, sign in (("right", 1.0), ("left", -1.0)):
                for stance in stances[side]:
                    roll[(pose.times_s >= stance.ic_s) & (pose.times_s <= stance.to_s)] += sign * 4.0
            unsure, sure = np.full(len(roll), 1.0), np.full(len(roll), 0.3)
            feet = {side: FootAngles(side, None, reason="Not drawn.") for side in stances}
            return RearSeen(feet, PelvisRolls(pose.times_s, roll, unsure, sure))

        clip, landmarks = measure(pose, sim.options(), look=look), measure(pose, sim.options())
        for side in ("left", "right"):
            drop = metric(clip, "pelvic_drop_deg", side)
            assert drop.value is not None
            assert drop.value == pytest.approx(4.0 / MOTION_GAIN, abs=0.4)
            assert "taken as level" in drop.method
            assert drop.confidence == "low"
            assert drop.ci95[1] - drop.ci95[0] >= 2 * 1.95 * FROM_MEAN_SD_DEG
            alone, found = (metric(c, "hip_adduction_peak_deg", side) for c in (landmarks, clip))
            assert found.value == alone.value
            assert "whose mean tilt is not known" in found.method

    @pytest.mark.parametrize("slower", [1.0, 4.0])
    def test_a_runner_whose_hips_seem_to_vault_is_no_walker_in_slow_motion_either(self, slower: float) -> None:
        pose = sim.seen_from_behind()
        xy = pose.xy_px.copy()
        hips = [BLAZEPOSE.index(f"{side}_hip") for side in ("left", "right")]
        xy[:, hips, 1] = 2 * xy[:, hips, 1].mean(axis=0) - xy[:, hips, 1]
        clip = measure(replace(pose, xy_px=xy, times_s=slower * pose.times_s), sim.options())
        assert clip.view.name == "rear"

    def test_a_rolled_camera_is_turned_back(self) -> None:
        level, rolled = self.clip(), measure(sim.rolled(sim.seen_from_behind(), 5.0), sim.options(horizon_deg=5.0))
        for m in level.metrics:
            if isinstance(m.value, float):
                assert metric(rolled, m.name, m.side).value == pytest.approx(m.value, rel=1e-3, abs=1e-3)

    def test_an_unknown_roll_tilts_the_pelvis_one_way_and_the_other(self) -> None:
        level, rolled = self.clip(), measure(sim.rolled(sim.seen_from_behind(), 3.0), sim.options())
        for side, sign in (("right", 1.0), ("left", -1.0)):
            moved = metric(rolled, "pelvic_drop_deg", side).value - metric(level, "pelvic_drop_deg", side).value
            assert moved == pytest.approx(sign * 3.0, abs=0.1)
            assert metric(rolled, "hip_adduction_peak_deg", side).value == pytest.approx(
                metric(level, "hip_adduction_peak_deg", side).value, abs=0.1
            )

    def test_the_mirror_image_exchanges_the_sides(self) -> None:
        plain = self.clip()
        pose = sim.mirror_image(sim.seen_from_behind(), sim.truth().size_px[0])
        mirrored = measure(pose, sim.options())
        for m in plain.metrics:
            if isinstance(m.value, float) and m.side in ("left", "right"):
                other = metric(mirrored, m.name, "left" if m.side == "right" else "right")
                assert other.value == pytest.approx(m.value, rel=1e-3, abs=1e-3), m.name

    @pytest.mark.parametrize("factor", [0.5, 2.0])
    def test_a_larger_picture_changes_nothing(self, factor: float) -> None:
        plain = self.clip()
        larger = measure(sim.scaled(sim.seen_from_behind(), factor), sim.options(scale=factor))
        for m in plain.metrics:
            if isinstance(m.value, float):
                assert metric(larger, m.name, m.side).value == pytest.approx(m.value, rel=1e-3, abs=1e-3), m.name

    def test_a_detected_roll_is_told(self) -> None:
        pose = sim.rolled(sim.seen_from_behind(), 2.0)
        told = measure(pose, sim.options(horizon_deg=2.0, horizon_origin=DETECTED, horizon_sd_deg=0.3))
        assert "camera_rolled" in codes(told)
        assert any("camera roll +2.0 deg, from upright and level edges (SD 0.3 deg)" in s for s in told.steps)
        entered = measure(pose, sim.options(horizon_deg=2.0, horizon_origin=ENTERED))
        assert "camera_rolled" not in codes(entered)
        assert any("as entered" in step for step in entered.steps)
        assert any("taken to be level" in step for step in self.clip().steps)
        wider = metric(told, "lateral_trunk_lean_deg", "left").ci95
        narrower = metric(entered, "lateral_trunk_lean_deg", "left").ci95
        assert wider[1] - wider[0] > narrower[1] - narrower[0]

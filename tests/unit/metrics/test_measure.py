"""A whole clip through the measurement: values against truth, and what is withheld, with which reason."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
import runner as sim
from measured_runner import TOLERANCE, TRUE, TRUTH, codes, measured, metric, number, said_of

from gait.errors import GaitError, QualityError
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.measure import ClipMeasurement, measure
from gait.model import PoseSequence
from gait.skeleton import BLAZEPOSE


class TestAgainstTruth:
    @pytest.mark.parametrize("rate_hz", [60, 120, 240])
    @pytest.mark.parametrize("name", TOLERANCE)
    def test_value(self, name: str, rate_hz: int) -> None:
        assert number(measured(rate_hz), name) == pytest.approx(TRUE[name], abs=TOLERANCE[name])

    @pytest.mark.parametrize("rate_hz", [60, 120, 240])
    @pytest.mark.parametrize("name", TOLERANCE)
    def test_interval_holds_the_truth(self, name: str, rate_hz: int) -> None:
        found = metric(measured(rate_hz), name).ci95
        assert found is not None
        assert found[0] <= TRUE[name] <= found[1]

    def test_far_leg_times(self) -> None:
        found = metric(measured(), "ground_contact_time_ms", "left")
        assert found.value == pytest.approx(TRUTH.metrics["ground_contact_time_ms"], abs=20.0)
        assert found.confidence == "low"
        assert found.method.endswith("far leg, timing only")

    def test_strides_and_spectrum_agree(self) -> None:
        clip = measured()
        kept = [s for s in clip.strides if s.side == "right" and s.reject_reason is None]
        assert len(kept) == 14
        assert clip.spectral.cadence_spm == pytest.approx(number(clip, "cadence_spm"), abs=1.0)
        assert metric(clip, "cadence_spm").n_strides == 14

    def test_duty_factor_and_step_length_follow_from_the_others(self) -> None:
        clip = measured()
        assert number(clip, "duty_factor_pct") == pytest.approx(
            100 * number(clip, "ground_contact_time_ms", "right") / number(clip, "stride_time_ms", "right"), abs=0.5
        )
        step_s = number(clip, "stride_time_ms", "right") / 2000
        assert number(clip, "step_length_m") == pytest.approx(number(clip, "belt_speed_m_s") * step_s, rel=0.01)
        assert number(clip, "heel_overstride_cm") < number(clip, "overstride_cm")

    def test_strike(self) -> None:
        assert metric(measured(120), "foot_strike_three_way").value == "rearfoot"
        assert metric(measured(120), "foot_strike").value in ("rearfoot", "indeterminate")

    def test_force(self) -> None:
        clip = measured(120, mass_kg=70.0)
        contact, stride = TRUTH.metrics["ground_contact_time_ms"], 2 * 60_000 / TRUE["cadence_spm"]
        true_bw = np.pi / 2 * ((stride / 2 - contact) / contact + 1)
        assert number(clip, "peak_vertical_force_bw") == pytest.approx(true_bw, abs=0.15)
        assert 15.0 < number(clip, "vertical_stiffness_kn_m") < 40.0


class TestEveryMetricIsAccountedFor:
    @pytest.mark.parametrize("name", CATALOGUE)
    def test_value_or_reason(self, name: str) -> None:
        found = [m for m in measured().metrics if m.name == name]
        assert found
        for m in found:
            assert (m.value is None) == bool(m.reason)
            assert m.unit == CATALOGUE[name].unit
            if isinstance(m.value, float):
                assert m.ci95 is not None
                assert m.ci95[0] <= m.value <= m.ci95[1]
                assert m.ci95[0] < m.ci95[1]
                assert m.confidence in ("high", "medium", "low")
                assert m.n_strides >= 13
                assert m.sdc is not None
                assert m.retest_se is not None
                assert 0 < 1.96 * np.sqrt(2) * m.retest_se <= m.sdc * (1 + 1e-9)
                assert m.sdc_origin == ("published" if m.sdc == CATALOGUE[name].sdc else "derived")
                assert m.method

    def test_smallest_changes(self) -> None:
        clip = measured(120)
        published = {n: metric(clip, n).sdc for n in CATALOGUE if metric(clip, n).sdc_origin == "published"}
        assert published == {
            "shank_angle_ic_deg": 4.8,
            "knee_flexion_ic_deg": 3.8,
            "knee_flexion_peak_stance_deg": 3.8,
            "ankle_dorsiflexion_ic_deg": 4.8,
            "ankle_dorsiflexion_peak_deg": 4.8,
            "foot_strike_angle_deg": 2.3,
        }
        # Half of the events' 4.2 and 6.5 ms and a frame raster, 1.96 sqrt(2) times; the strides add little.
        assert metric(clip, "ground_contact_time_ms").sdc == pytest.approx(11.0, abs=1.0)
        # The stride time itself wanders by 0.4 % within a run, however regular the strides.
        assert metric(clip, "cadence_spm").sdc == pytest.approx(
            1.96 * np.sqrt(2) * 0.004 * TRUE["cadence_spm"], abs=0.3
        )
        # A class has none; nor has what could not be measured.
        assert metric(clip, "foot_strike").sdc is None
        assert metric(clip, "foot_strike").retest_se is None
        assert metric(clip, "knee_flexion_ic_deg", "left").sdc is None

    def test_order_is_the_catalogues(self) -> None:
        names = list(dict.fromkeys(m.name for m in measured().metrics))
        assert names == list(CATALOGUE)

    ANGLES_AT_CONTACT = tuple(n for n, s in CATALOGUE.items() if n.endswith("_ic_deg") and s.view == "side")

    @pytest.mark.parametrize("name", [n for n in ANGLES_AT_CONTACT if CATALOGUE[n].of is None])
    def test_far_leg_angles_are_withheld(self, name: str) -> None:
        found = metric(measured(), name, "left")
        assert found.value is None
        assert found.reason is not None
        assert "far side" in found.reason

    @pytest.mark.parametrize("name", [n for n in ANGLES_AT_CONTACT if CATALOGUE[n].of is not None])
    def test_left_and_right_are_not_compared_in_angles(self, name: str) -> None:
        found = metric(measured(), name)
        assert found.value is None
        assert found.reason is not None
        assert "film the other side" in found.reason

    def test_left_and_right_are_compared_in_times_with_low_confidence(self) -> None:
        clip = measured()
        left, right = (number(clip, "ground_contact_time_ms", side) for side in ("left", "right"))
        found = metric(clip, "symmetry_ground_contact_time_pct")
        assert found.value == pytest.approx(200 * (left - right) / (left + right))
        assert found.confidence == "low"

    @pytest.mark.parametrize("name", [n for n in CATALOGUE if CATALOGUE[n].view == "rear"])
    def test_what_only_the_rear_shows(self, name: str) -> None:
        found = metric(measured(), name)
        assert found.value is None
        assert found.reason is not None
        assert "behind" in found.reason


class TestScale:
    def test_no_height_no_centimetres(self) -> None:
        clip = measured(height_m=None)
        for name in ("overstride_cm", "heel_overstride_cm", "vertical_oscillation_cm", "step_length_m"):
            found = metric(clip, name)
            assert found.value is None
            assert found.reason is not None
            assert "--height" in found.reason
        for name in ("overstride_leg_pct", "vertical_oscillation_leg_pct", "step_length_leg_pct"):
            assert number(clip, name) == pytest.approx(number(measured(), name))
        assert metric(clip, "belt_speed_m_s").value is None

    def test_the_belt_alone_cannot_tell_its_own_speed(self) -> None:
        clip = measured(height_m=None, belt_speed_m_s=3.0)
        found = metric(clip, "belt_speed_m_s")
        assert found.value is None
        assert found.reason is not None
        assert "circular" in found.reason
        assert number(clip, "overstride_cm") == pytest.approx(TRUE["overstride_cm"], abs=2.0)
        assert number(clip, "step_length_m") == pytest.approx(TRUE["step_length_m"], rel=0.01)

    def test_both_agree(self) -> None:
        clip = measured(belt_speed_m_s=3.0)
        assert "scale_mismatch" not in codes(clip)
        assert clip.scale.mismatch == pytest.approx(0.0, abs=0.05)
        assert clip.scale.origin == "height and belt speed"
        # Estimated from the height alone, or it would be circular again.
        assert number(clip, "belt_speed_m_s") == pytest.approx(number(measured(), "belt_speed_m_s"))

    @pytest.mark.parametrize("entered", [2.6, 3.4])
    def test_a_mismatch_warns(self, entered: float) -> None:
        clip = measured(belt_speed_m_s=entered)
        warning = next(w for w in clip.quality.warnings if w.code == "scale_mismatch")
        assert f"{entered:.2f} m/s entered" in warning.message
        assert f"{number(measured(), 'belt_speed_m_s'):.2f} m/s" in warning.message

    def test_leg_percent_is_of_the_whole_leg(self) -> None:
        clip = measured()
        assert clip.scale.px_per_m is not None
        ratio = number(clip, "overstride_cm") / number(clip, "overstride_leg_pct")
        # Hip to heel of a runner of 1.75 m: about 0.49 of the height and the heel below.
        assert 100 * ratio == pytest.approx(95.0, abs=6.0)


class TestRefused:
    @pytest.mark.parametrize("noise_px", [0.0, 1.0])
    def test_standing(self, noise_px: float) -> None:
        with pytest.raises(QualityError, match="does not run: the legs hardly move") as caught:
            measure(sim.standing(noise_px=noise_px), sim.options())
        assert caught.value.hint.startswith("Film at least 10 seconds of steady running")

    def test_standing_is_not_called_a_front_view(self) -> None:
        still = sim.standing()
        xy = still.xy_px.copy()
        xy[:, 11, 0] += 10.0
        with pytest.raises(QualityError, match="the legs hardly move"):
            measure(replace(still, xy_px=xy), sim.options())

    @pytest.mark.parametrize("part", ["ankle", "shoulder"])
    def test_a_side_view_with_one_side_hidden_is_not_called_a_front_view(self, part: str) -> None:
        pose = sim.runner()
        xy = pose.xy_px.copy()
        xy[:, BLAZEPOSE.index(f"left_{part}")] = np.nan
        # Either is right: measured from its near side, or refused for what is hidden.
        assert said_of(replace(pose, xy_px=xy)) in ("right", "refused")

    def test_a_view_that_the_picture_contradicts(self) -> None:
        try:
            clip = measure(sim.runner(), sim.options(view="left"))
        except GaitError:
            return
        assert clip.quality.level in ("low", "unusable")
        assert any("view" in code for code in codes(clip))

    @pytest.mark.parametrize("n_frames", [1, 2, 5, 10, 12, 20, 40, 60])
    def test_ever_shorter_clips_are_refused_in_plain_words(self, n_frames: int) -> None:
        clip = sim.part(sim.runner(noise_px=0.5), 2.0, 2.0 + (n_frames - 1) / 60)
        assert len(clip.times_s) == n_frames
        with pytest.raises(QualityError) as caught:
            measure(clip, sim.options())
        assert caught.value.hint

    @pytest.mark.parametrize("cadence_spm", [100.0, 116.0, 130.0, 145.0])
    def test_walking(self, cadence_spm: float) -> None:
        with pytest.raises(QualityError, match="walking, not running"):
            measure(sim.noisy(sim.walker(cadence_spm), 0.5), sim.options())

    def test_front(self) -> None:
        with pytest.raises(QualityError, match="front view"):
            measure(sim.seen_from_behind(towards=True), sim.options())
        with pytest.raises(QualityError, match="front view"):
            measure(sim.runner(), sim.options(view="front"))

    @pytest.mark.parametrize("stop_s", [3.0, 3.6])
    def test_fewer_than_two_strides(self, stop_s: float) -> None:
        with pytest.raises(
            QualityError, match=r"(?i)fewer than two complete strides|no steady running|only 1\.\d seconds"
        ):
            measure(sim.part(sim.runner(), 2.0, stop_s), sim.options())

    def test_noise_is_no_rhythm(self) -> None:
        rng = np.random.default_rng(3)
        pose = sim.standing(noise_px=0.0)
        wander = np.cumsum(rng.normal(0.0, 6.0, pose.xy_px.shape), axis=0)
        with pytest.raises(QualityError):
            measure(replace(pose, xy_px=pose.xy_px + wander), sim.options())


class TestFewSteps:
    """About 3.4 s: four or five strides."""

    @staticmethod
    @lru_cache
    def clip() -> ClipMeasurement:
        return measure(sim.part(sim.runner(), 2.0, 5.4), sim.options())

    def test_events_and_strides_without_numbers(self) -> None:
        clip = self.clip()
        kept = [s for s in clip.strides if s.side == "right" and s.reject_reason is None]
        assert 2 <= len(kept) < 6
        assert not [m.name for m in clip.metrics if m.value is not None]
        assert "few_steps" in codes(clip)
        assert clip.quality.level == "low"

    def test_what_decides_the_quality_says_so(self) -> None:
        said = {w.code: w.message.endswith("This keeps the quality at low.") for w in self.clip().quality.warnings}
        assert said["few_steps"]
        assert not said["medium_frame_rate"]

    def test_six_strides_are_called_rough(self) -> None:
        clip = measure(sim.part(sim.runner(), 2.0, 6.9), sim.options())
        kept = sum(s.side == "right" and s.reject_reason is None for s in clip.strides)
        assert kept == 6
        (found,) = (w.message for w in clip.quality.warnings if w.code == "short_clip")
        assert found == "Only 6 strides were measured: below 7 every number is rough. This keeps the quality at low."

    @pytest.mark.parametrize(
        "name",
        [
            *("cadence_spm", "ground_contact_time_ms", "shank_angle_ic_deg", "overstride_cm"),
            *("foot_strike", "trunk_lean_deg", "peak_vertical_force_bw"),
        ],
    )
    def test_the_rest_says_why_not(self, name: str) -> None:
        found = metric(self.clip(), name)
        assert found.value is None
        assert found.reason is not None
        assert "Fewer than 7 steps" in found.reason

    def test_no_curves_and_no_key_frames(self) -> None:
        assert self.clip().curves == ()
        assert self.clip().keyframes == ()


class Test30Hz:
    def test_everything_has_low_confidence(self) -> None:
        clip = measured(30.0)
        assert {m.confidence for m in clip.metrics if m.value is not None} == {"low"}
        assert clip.quality.level == "low"
        assert "low_frame_rate" in codes(clip)

    @pytest.mark.parametrize("name", ["foot_strike_three_way", "peak_vertical_force_bw", "vertical_stiffness_kn_m"])
    def test_withheld(self, name: str) -> None:
        found = metric(measured(30.0, mass_kg=70.0), name)
        assert found.value is None
        assert found.reason == "Needs at least 60 frames per second."

    def test_the_rest_is_there(self) -> None:
        clip = measured(30.0)
        assert number(clip, "cadence_spm") == pytest.approx(TRUE["cadence_spm"], abs=0.5)
        assert number(clip, "trunk_lean_deg") == pytest.approx(TRUE["trunk_lean_deg"], abs=1.0)
        assert metric(clip, "foot_strike").value is not None

    def test_at_60_they_are_there(self) -> None:
        clip = measured(60.0, mass_kg=70.0)
        assert metric(clip, "foot_strike_three_way").value == "rearfoot"
        assert number(clip, "peak_vertical_force_bw") > 2.0
        assert clip.quality.level == "medium"


class TestStandingFirst:
    """Two seconds of standing before the run."""

    @staticmethod
    def clip(noise_px: float) -> ClipMeasurement:
        run = sim.runner(60, noise_px=noise_px)
        return measure(sim.joined(sim.standing_upright(2.0, noise_px=noise_px), run), sim.options())

    @pytest.mark.parametrize("noise_px", [0.2, 0.5, 1.0])
    def test_the_run_is_measured_as_ever(self, noise_px: float) -> None:
        clip = self.clip(noise_px)
        kept = [s for s in clip.strides if s.side == "right" and s.reject_reason is None]
        assert len(kept) >= 13
        assert min(s.ic_s for s in kept) > 2.0
        assert number(clip, "cadence_spm") == pytest.approx(TRUE["cadence_spm"], abs=0.5)
        assert number(clip, "shank_angle_ic_deg") == pytest.approx(number(measured(), "shank_angle_ic_deg"), abs=1.0)

    @pytest.mark.parametrize("noise_px", [0.2, 0.5])
    def test_the_flat_foot_is_that_of_standing(self, noise_px: float) -> None:
        found = metric(self.clip(noise_px), "foot_strike_angle_deg")
        assert found.method.endswith("foot flat from standing frames of the clip")
        # Standing, the line from heel to toe points 5.04 deg down; in the run that line stands at contact:
        flat_in_stance = number(measured(), "foot_strike_angle_deg")
        assert found.value == pytest.approx(flat_in_stance, abs=8.0)


class TestKeyFrames:
    def test_phases_in_order_with_their_angles(self) -> None:
        clip = measured()
        assert [k.phase for k in clip.keyframes] == ["initial_contact", "mid_stance", "toe_off"]
        assert all(k.side == "right" for k in clip.keyframes)
        contact = {m.label: m for m in clip.keyframes[0].marks}
        assert set(contact) == {"shin", "knee bend", "foot"}
        assert contact["shin"].value_deg == pytest.approx(TRUE["shank_angle_ic_deg"], abs=4.0)

    @pytest.mark.parametrize("index", [0, 1, 2])
    def test_the_drawn_angle_is_the_number_beside_it(self, index: int) -> None:
        for mark in measured().keyframes[index].marks:
            first, vertex, last = (np.array(p) for p in mark.points_px)
            a, b = first - vertex, last - vertex
            drawn = np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
            # "knee bend" is drawn as the joint's inner angle.
            value = 180.0 - abs(mark.value_deg) if mark.label == "knee bend" else abs(mark.value_deg)
            assert drawn == pytest.approx(value, abs=3.0), mark.label


def test_per_stride_table_fits_the_medians() -> None:
    clip = measured()
    kept = [i for i, s in enumerate(clip.strides) if s.side == "right" and s.reject_reason is None]
    column = [clip.per_stride["shank_angle_ic_deg"][i] for i in kept]
    assert np.median(np.array(column, dtype=float)) == pytest.approx(number(clip, "shank_angle_ic_deg"), abs=1e-3)
    assert all(len(c) == len(clip.strides) for c in clip.per_stride.values())
    far = [i for i, s in enumerate(clip.strides) if s.side == "left"]
    assert {clip.per_stride["shank_angle_ic_deg"][i] for i in far} == {None}


def test_the_landmarks_given_are_left_alone() -> None:
    pose: PoseSequence = sim.runner()
    before = pose.xy_px.copy()
    measure(pose, sim.options())
    np.testing.assert_array_equal(pose.xy_px, before)

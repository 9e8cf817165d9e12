"""Measuring a simulated runner in slow motion, on a ramp, mirrored and with a rolled camera."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
import runner as sim
from measured_runner import ICS, TOLERANCE, TRUTH, codes, measured, metric, number

from gait.events.agreement import match_events
from gait.metrics.catalogue import CATALOGUE
from gait.metrics.measure import ClipMeasurement, measure
from gait.metrics.timebase import TIME_METRICS
from gait.model import INITIAL_CONTACT


class TestSlowMotion:
    """240 frames a second saved as 30, and nobody said so."""

    @staticmethod
    @lru_cache
    def clip() -> ClipMeasurement:
        return measure(sim.stretched(sim.runner(240), 8.0), sim.options(file_rate_hz=30.0))

    def test_the_right_rate_is_proposed(self) -> None:
        warning = next(w for w in self.clip().quality.warnings if w.code == "slow_motion_suspected")
        assert "240 frames per second saved as 30" in warning.message
        assert "--capture-rate 240" in warning.hint
        assert self.clip().quality.level == "unusable"

    @pytest.mark.parametrize("name", [name for name in TIME_METRICS if CATALOGUE[name].view != "rear"])
    def test_times_are_withheld(self, name: str) -> None:
        found = metric(self.clip(), name)
        assert found.value is None
        assert found.reason is not None
        assert "--mass" in found.reason or "time base is in doubt" in found.reason

    @pytest.mark.parametrize("name", [n for n in TOLERANCE if n.endswith("_deg")])
    def test_angles_are_kept(self, name: str) -> None:
        assert number(self.clip(), name) == pytest.approx(number(measured(240), name), abs=1.5)
        assert metric(self.clip(), name).confidence == "low"

    def test_events_stay_in_file_seconds(self) -> None:
        found = [e.time_s for e in self.clip().events if e.side == "right" and e.kind == INITIAL_CONTACT]
        agreement = match_events(np.array(found), 8 * ICS, 2.8, 80.0, window_s=0.3)
        assert (agreement.missed, agreement.false) == (0, 0)
        assert agreement.rmse_s <= 8 * 0.010
        assert self.clip().analysed_s[1] == pytest.approx(8 * TRUTH.times_s[-1], abs=0.5)
        np.testing.assert_allclose(np.diff(self.clip().display.times_s), 8 / 240)

    def test_strides_and_key_frames_too(self) -> None:
        strides = [s for s in self.clip().strides if s.side == "right"]
        assert np.median([s.next_ic_s - s.ic_s for s in strides]) == pytest.approx(8 * 0.7053, rel=0.01)
        for frame in self.clip().keyframes:
            assert frame.time_s == pytest.approx(frame.frame * 8 / 240, abs=1e-6)
        assert len(self.clip().keyframes) == 3

    def test_with_the_rate_given_all_is_as_filmed(self) -> None:
        clip = measure(sim.runner(240), sim.options(file_rate_hz=30.0, time_scale=0.125))
        assert "slow_motion_suspected" not in codes(clip)
        assert number(clip, "cadence_spm") == pytest.approx(number(measured(240), "cadence_spm"))

    def test_a_wrong_rate_given_is_told(self) -> None:
        # The person said 120, but it was 240: the proposal still speaks of the file.
        clip = measure(sim.stretched(sim.runner(240), 2.0), sim.options(file_rate_hz=30.0, time_scale=0.25))
        warning = next(w for w in clip.quality.warnings if w.code == "slow_motion_suspected")
        assert "--capture-rate 240" in warning.hint

    def test_a_file_played_too_fast_is_no_slow_motion(self) -> None:
        clip = measure(sim.stretched(sim.runner(240), 0.6), sim.options(file_rate_hz=400.0))
        assert "cadence_implausible" in codes(clip)
        assert metric(clip, "cadence_spm").value is None
        assert clip.quality.level == "unusable"


class TestRamp:
    def test_one_part_is_analysed_and_said_so(self) -> None:
        pose = sim.runner(120)
        steps = np.diff(pose.times_s, prepend=0.0)
        ramp = replace(pose, times_s=np.cumsum(np.where(pose.times_s > 5.5, 4 * steps, steps)))
        clip = measure(ramp, sim.options(file_rate_hz=30.0))
        assert "speed_changes" in codes(clip)
        assert clip.analysed_s[0] >= 5.5
        assert all(clip.analysed_s[0] <= s.ic_s <= clip.analysed_s[1] for s in clip.strides)
        assert all(e.time_s >= 5.5 for e in clip.events)
        # The part itself is four times too slow.
        assert "slow_motion_suspected" in codes(clip)
        assert clip.display.first_frame > 5.5 * 120


class TestMirroredAndRolled:
    def test_a_mirrored_picture_with_the_option(self) -> None:
        reflected = replace(sim.runner(), xy_px=sim.mirror_image(sim.runner(), 1280).xy_px)
        clip = measure(reflected, sim.options(mirrored=True))
        assert clip.view.name == "right"
        for name in ("shank_angle_ic_deg", "knee_flexion_ic_deg", "ground_contact_time_ms"):
            assert number(clip, name) == pytest.approx(number(measured(), name))

    def test_the_display_stays_in_the_picture_as_shown(self) -> None:
        reflected = sim.mirror_image(sim.runner(), 1280)
        clip = measure(reflected, sim.options(mirrored=True))
        # The runner's right ankle: the picture calls it left.
        shown = clip.display.xy_px[:, 28]
        assert np.nanmedian(np.abs(shown - reflected.xy_px[:, 27])) < 2.0

    def test_roll_in_a_mirrored_picture(self) -> None:
        reflected = sim.mirror_image(sim.runner(), 1280)
        clip = measure(sim.rolled(reflected, 3.0), sim.options(mirrored=True, horizon_deg=3.0))
        assert number(clip, "trunk_lean_deg") == pytest.approx(number(measured(), "trunk_lean_deg"), abs=0.2)

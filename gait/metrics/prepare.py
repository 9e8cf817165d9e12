"""From raw landmarks to a clip that is known to show running, from a known view, on a judged time base."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gait.errors import ConfigError, FrontViewError, NoBodyError, QualityError
from gait.metrics.activity import (
    FILM_RUNNING,
    mid_hip_height,
    require_movement,
    require_running,
    separation_of,
)
from gait.metrics.options import ClipOptions
from gait.metrics.timebase import TimeBase, check_time_base
from gait.model import PoseSequence, Trajectories, regular_step_s
from gait.rearfoot.finder import is_close_up, with_stand_ins
from gait.signals.clean import Cleaning, CleaningReport, leg_length_px
from gait.signals.placement import correct_placement, correct_placement_from_behind
from gait.signals.spectral import SpectralCadence, rhythm, spectral_cadence
from gait.signals.view import View, body_frame, mirrored_pose, recognise_view
from gait.skeleton import SKELETONS

FRONT_MESSAGE = "This is a front view; from the front, running cannot be measured here."
FRONT_HINT = "Film from the side (camera at hip height, square to the treadmill), or from behind."

MIN_SECONDS = 1.5
"""Two strides of a runner at least."""

_CLEAR_SIDE, _CLEAR_NOT_SIDE = 1.0, 0.5
"""Swing of the ankles, in trunk lengths, beyond which a view given by hand is believed to be a slip."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A clip that shows running: cleaned, its view and time base known."""

    pose: PoseSequence
    kept: PoseSequence
    trajectories: Trajectories
    cleaning: CleaningReport
    view: View
    cadence: SpectralCadence
    time_base: TimeBase
    leg_px: float

    @property
    def stride_s(self) -> float:
        """Stride time that the rhythm shows, s."""
        return 2.0 / self.cadence.step_hz

    @property
    def frame_s(self) -> float:
        """Frame interval, s."""
        return regular_step_s(self.pose.times_s)

    def body(self, options: ClipOptions) -> Trajectories:
        """Return the trajectories in the body frame, with the pose model's hips, from behind heels, too, put right."""
        # Landmarks of a mirrored picture were turned round, and its horizon with them.
        roll_deg = -options.horizon_deg if options.mirrored else options.horizon_deg
        body = body_frame(self.trajectories, self.view.travel, roll_deg)
        body = replace(body, steps=(*body.steps, options.roll_words))
        correct = correct_placement if self.view.is_side else correct_placement_from_behind
        return correct(body, self.pose.estimator, self.leg_px)


def prepare(pose: PoseSequence, options: ClipOptions, cleaning: Cleaning | None = None) -> Prepared:
    """Clean the landmarks, recognise view and time base, and refuse what is no running.

    Raises
    ------
    QualityError
        For a front view, standing, walking, or nobody.
    ConfigError
        When the view given contradicts the picture.
    """
    if is_close_up(pose.estimator):
        pose = with_stand_ins(pose)
    if options.mirrored:
        pose = mirrored_pose(pose, options.size_px[0])
    return _prepare(pose, options, cleaning or Cleaning())


LEGS_ONLY = View("rear", "away", swing=0.0, certainty=1.0, upright=True)
"""What a close-up of the lower legs is taken for: nothing in it tells front from rear."""


def _prepare(pose: PoseSequence, options: ClipOptions, cleaning: Cleaning, *, ramps: bool = True) -> Prepared:
    close_up = is_close_up(pose.estimator)
    recognised = LEGS_ONLY if close_up else recognise_view(pose.xy_px, pose.depth, SKELETONS[pose.skeleton])
    if not np.isfinite(recognised.swing):
        raise NoBodyError("The runner was never seen as a whole, from shoulders to feet.", FILM_RUNNING)
    if not recognised.upright:
        raise NoBodyError(
            "The runner does not stand upright in this picture.",
            "Rotate the video with the editor of the phone or computer, and analyse it again.",
        )
    lasting_s = float(pose.times_s[-1] - pose.times_s[0])
    if lasting_s < MIN_SECONDS:
        raise QualityError(f"Only {lasting_s:.1f} seconds of video to analyse.", FILM_RUNNING)
    view = settled_view(recognised, options.view)
    if not view.is_side:
        # From behind, thigh and shank do change their length in the picture.
        cleaning = replace(cleaning, length_tolerance=None)
    first = _clean(pose, cleaning, view, TimeBase())
    separation = separation_of(first.trajectories, first.leg_px)
    require_movement(view, separation)
    if view.name == "front":
        raise FrontViewError(FRONT_MESSAGE, FRONT_HINT)
    time_base = check_time_base(first.trajectories, separation, first.cadence, options, ramps=ramps)
    if time_base.part is not None:
        return _steady_part(pose, options, cleaning, time_base)
    slower = time_base.factor
    require_running(first.trajectories, view, separation, first.cadence, hips=not close_up, slower=slower)
    if time_base.factor == 1.0:
        return replace(first, time_base=time_base)
    # The filter and the event rules need real seconds: go on in the time base that is probably true.
    return _clean(replace(pose, times_s=pose.times_s / time_base.factor), cleaning, view, time_base)


def _clean(pose: PoseSequence, cleaning: Cleaning, view: View, time_base: TimeBase) -> Prepared:
    trajectories, kept, report = cleaning(pose)
    leg_px = leg_length_px(trajectories.xy, SKELETONS[pose.skeleton])
    cadence = spectral_cadence(trajectories.times_s, separation_of(trajectories, leg_px))
    if not view.is_side:
        # From behind one foot often hides the other; the hips, which bounce once a step, may show the rhythm better.
        bounce = rhythm(trajectories.times_s, mid_hip_height(trajectories))
        cadence = max(cadence, bounce, key=lambda found: found.strength)
    return Prepared(pose, kept, trajectories, report, view, cadence, time_base, leg_px)


def _steady_part(pose: PoseSequence, options: ClipOptions, cleaning: Cleaning, ramp: TimeBase) -> Prepared:
    """Prepare the steady part of a ramped clip; its own time base is checked, the ramp stays noted."""
    assert ramp.part is not None
    first, stop = (int(np.searchsorted(pose.times_s, t)) for t in ramp.part)
    part = replace(
        pose,
        times_s=pose.times_s[first:stop],
        xy_px=pose.xy_px[first:stop],
        score=pose.score[first:stop],
        depth=pose.depth[first:stop],
        first_frame=pose.first_frame + first,
    )
    prepared = _prepare(part, options, cleaning, ramps=False)
    inner = prepared.time_base
    return replace(prepared, time_base=replace(inner, part=ramp.part, warnings=ramp.warnings + inner.warnings))


def settled_view(recognised: View, wanted: str | None) -> View:
    """Let the view given by hand win, unless the picture plainly contradicts it.

    Raises
    ------
    ConfigError
        When it does.
    """
    if wanted is None:
        return recognised
    sides = ("left", "right")
    if wanted in sides and recognised.swing < _CLEAR_NOT_SIDE:
        raise ConfigError(
            f"`--view {wanted}` cannot be: the legs hardly swing across the picture, as seen from behind or in front.",
            "Leave out `--view`, or give `--view rear`.",
        )
    if wanted == "rear" and recognised.swing > _CLEAR_SIDE:
        raise ConfigError(
            f"`--view {wanted}` cannot be: the legs swing across the picture, as seen from the side.",
            "Leave out `--view`.",
        )
    if wanted in sides and recognised.is_side and wanted != recognised.name and recognised.certainty > 0.5:
        raise ConfigError(
            f"`--view {wanted}` cannot be: the runner faces {recognised.travel}, so the {recognised.name} side is "
            "towards the camera, unless the picture is mirrored.",
            "Leave out `--view`, or add `--mirrored` if the video is mirror-inverted.",
        )
    return replace(recognised, name=wanted, travel=wanted if wanted in sides else "away")

"""Find the numbers of the close-up's event rules on marker trials, and how well they do on a runner left out.

`python -m gait.validation.fit_close_up_events DATA` prints both. The trials are filmed by virtual cameras low behind
the runner, of whose landmarks only knees, ankles and heels are kept. What pixels show of an ankle is its back, which
moves otherwise than the joint as the shank tips forward, so the ankle's landmark is put there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gait.events.close_up import (
    CloseUpContactRule,
    CloseUpToeOffRule,
    MeanStance,
    mean_stance,
    stances_of,
)
from gait.metrics.options import ClipOptions
from gait.metrics.prepare import prepare
from gait.model import SIDES, Floats, PoseSequence
from gait.rearfoot.finder import ESTIMATOR
from gait.signals.legs import Leg, legs_of
from gait.skeleton import BLAZEPOSE
from gait.validation.camera import RearCamera
from gait.validation.fit_rear_events import each_left_out, print_errors, true_offsets_s
from gait.validation.markers import MarkerTrial, load_trial, read_runners, trial_files

CAMERAS = (
    RearCamera(60.0, 0.004, height_m=0.3, distance_m=2.0, focal_px=3000.0),
    RearCamera(120.0, 0.003, height_m=0.45, distance_m=1.6, focal_px=2500.0),
    RearCamera(60.0, 0.004, height_m=0.6, distance_m=2.5, focal_px=3600.0),
    RearCamera(60.0, 0.004, height_m=0.9, distance_m=2.0, focal_px=3000.0),
)
"""From ankle height to above the knee, near and less near."""

BEHIND, ABOVE = 0.11, 0.10
"""Where the back of the ankle lies from the middle of the malleoli, shank lengths: 4 to 5 cm behind it. [estimate]"""


@dataclass(frozen=True, eq=False)
class Foot:
    """One foot of one trial through one camera: its mean stance, and where the true events lie on it, s."""

    runner: str
    mean: MeanStance
    ic_s: float
    to_s: float


def back_of_ankles(trial: MarkerTrial) -> MarkerTrial:
    """Return the trial with its ankles moved to where a camera behind sees them."""
    parts = {}
    for side in SIDES:
        knee, ankle = trial.parts[side]["knee"], trial.parts[side]["ankle"]
        shank = np.linalg.norm(knee - ankle, axis=1, keepdims=True)
        up = (knee - ankle) / shank
        back = np.stack([-up[:, 1], up[:, 0], np.zeros(len(up))], axis=1)
        length_m = float(np.nanmedian(shank))
        parts[side] = {**trial.parts[side], "ankle": ankle + length_m * (BEHIND * back + ABOVE * up)}
    return replace(trial, parts=parts)


def legs_only(pose: PoseSequence) -> PoseSequence:
    """Keep what the finder of lower legs gives: knees, ankles and heels."""
    kept = BLAZEPOSE.indices([f"{side}_{part}" for side in SIDES for part in ("knee", "ankle", "heel")])
    xy, score = np.full_like(pose.xy_px, np.nan), np.zeros_like(pose.score)
    xy[:, kept], score[:, kept] = pose.xy_px[:, kept], pose.score[:, kept]
    return replace(pose, xy_px=xy, score=score, estimator=ESTIMATOR)


def feet_of(trials: Sequence[MarkerTrial], cameras: Sequence[RearCamera]) -> list[Foot]:
    """Film all trials through all cameras."""
    found: list[Foot] = []
    for trial in trials:
        for camera in cameras:
            options = ClipOptions("v", camera.size_px, file_rate_hz=camera.rate_hz, view="rear")
            prepared = prepare(legs_only(camera(back_of_ankles(trial))), options)
            legs = legs_of(prepared.body(options))
            for side in SIDES:
                found += list(_foot(trial, legs[side], prepared.stride_s))
    return found


def _foot(trial: MarkerTrial, leg: Leg, stride_s: float) -> Iterator[Foot]:
    strides = stances_of(leg, stride_s)
    mean = mean_stance(strides, stride_s)
    if mean is None:
        return
    near_s = CloseUpContactRule()(mean)
    if np.isfinite(near_s):
        yield Foot(trial.runner, mean, *true_offsets_s(trial, leg, strides, near_s))


def fitted(feet: Sequence[Foot]) -> tuple[CloseUpContactRule, CloseUpToeOffRule]:
    """Find the numbers of both rules: the mean time from each sign to its event."""
    contact = CloseUpContactRule()
    late_s = float(np.nanmean([foot.ic_s - contact.cue(foot.mean) for foot in feet]))
    toe_off = CloseUpToeOffRule()
    after_s = [foot.to_s - np.array(toe_off.cues(foot.mean, foot.ic_s)) for foot in feet]
    return replace(contact, fastest_s=late_s), replace(toe_off, after_s=tuple(map(float, np.nanmean(after_s, axis=0))))


def errors_s(feet: Sequence[Foot], contact: CloseUpContactRule, toe_off: CloseUpToeOffRule) -> Floats:
    """Errors of contact and toe-off on the mean stance of every foot, shape (n, 2)."""
    found = []
    for foot in feet:
        ic_s = contact(foot.mean)
        found.append((ic_s - foot.ic_s, toe_off(foot.mean, ic_s) - foot.to_s))
    return np.array(found).reshape(-1, 2)


def main() -> None:
    """Fit, leave out, print."""
    folder = Path(sys.argv[1]) / "fukuchi"
    runners = read_runners(folder / "runners.csv")
    feet = feet_of([load_trial(path, runners) for path in trial_files(folder)], CAMERAS)
    _, left_out = each_left_out(feet, fitted, errors_s)
    contact, toe_off = fitted(feet)
    print(f"contact {contact.fastest_s:+.4f} s after the fastest fall")
    for height, after_s in zip(toe_off.heights, toe_off.after_s, strict=True):
        print(f"toe-off {after_s:+.4f} s after the heel has risen by {height:g}")
    print_errors("runner left out", left_out)
    print_errors("with the numbers used", errors_s(feet, CloseUpContactRule(), CloseUpToeOffRule()))


if __name__ == "__main__":
    main()

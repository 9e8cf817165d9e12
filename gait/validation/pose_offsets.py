"""Where a pose model puts its landmarks, and how that shifts events, on films of drawn runners with known joints.

`python -m gait.validation.pose_offsets FOLDER` prints, for the films that `sample_videos/calibrate.py` makes, the
numbers in :mod:`gait.signals.placement`, :mod:`gait.events.viewpoint` and :mod:`gait.metrics.uncertainty`. Events:
the rules on the landmarks less the same rules on the joints as they lie in the picture, so that what the drawn body
does otherwise than a person cancels. Metrics: at the true events, after the hips are moved back.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gait.events.agreement import match_events
from gait.events.kinematic import KinematicDetector
from gait.metrics.options import ClipOptions
from gait.metrics.prepare import prepare
from gait.metrics.side import LENGTHS, foot_flat, values_by_name
from gait.model import INITIAL_CONTACT, SIDES, TOE_OFF, Floats, PoseSequence, regular_step_s
from gait.pose.provision import resolve
from gait.pose.sequence import track
from gait.signals.legs import MEASURED_PARTS, Leg, legs_of
from gait.skeleton import BLAZEPOSE, other
from gait.validation.leg_truth import as_landmarks, true_strides
from gait.validation.video_truth import SUFFIX, VideoTruth
from gait.video.probe import probe


@dataclass(frozen=True)
class FilmOffsets:
    """What one film shows of the near leg.

    Parameters
    ----------
    film : str
        Its name.
    hip_ahead : float
        Mid-hip landmark ahead of the mid-hip joint, in leg lengths, median over the clip.
    ic_ms, to_ms : float
        Median time of an event on the landmarks less that on the joints.
    ic_true_ms, to_true_ms : float
        Mean time of an event on the landmarks less the true one.
    errors : dict
        Metrics at the true events, less the truth: degrees, or leg lengths.
    """

    film: str
    hip_ahead: float
    ic_ms: float
    to_ms: float
    ic_true_ms: float
    to_true_ms: float
    errors: dict[str, float]


def film_offsets(video: Path, truth: VideoTruth, model: str = "heavy") -> FilmOffsets:
    """Measure one side-view film with a pose model and with its own joints.

    Parameters
    ----------
    video : Path
    truth : VideoTruth
        With joints in the picture (``p2``) and in space (``p3``), and events.
    model : str
        Size of the pose model.
    """
    info = probe(video)
    pose = track(info, resolve(model)).pose
    joints = _joints_in_picture(truth, pose)
    near = truth.near
    seen, ic, to = _leg_and_events(pose, near, info.size_px)
    drawn, drawn_ic, drawn_to = _leg_and_events(joints, near, info.size_px)
    found: dict[str, float] = {}
    for kind, ours, theirs in ((INITIAL_CONTACT, ic, drawn_ic), (TOE_OFF, to, drawn_to)):
        true = truth.events(near, kind)
        against_joints = match_events(ours, theirs, *truth.judged_s).errors_s
        found[kind] = 1000.0 * float(np.median(against_joints))
        found[f"{kind} true"] = 1000.0 * match_events(ours, true, *truth.judged_s).bias_s
    return FilmOffsets(
        video.stem,
        _hip_ahead(pose, joints, near, drawn.length),
        found[INITIAL_CONTACT],
        found[TOE_OFF],
        found[f"{INITIAL_CONTACT} true"],
        found[f"{TOE_OFF} true"],
        _metric_errors(seen, truth),
    )


def _joints_in_picture(truth: VideoTruth, pose: PoseSequence) -> PoseSequence:
    """Return the drawn joints as if a pose model without any offset had found them, at the times of the frames."""
    xy = as_landmarks(
        {
            side: {
                part: np.array([frame[side[0].upper()]["p2"][part] for frame in truth.saved["frames"]])
                for part in MEASURED_PARTS
            }
            for side in SIDES
        }
    )
    seen = np.isfinite(xy[..., 0])
    return replace(
        pose, times_s=truth.times_s, xy_px=xy, score=seen.astype(float), depth=np.zeros(seen.shape), estimator="joints"
    )


def _leg_and_events(pose: PoseSequence, near: str, size_px: tuple[int, int]) -> tuple[Leg, Floats, Floats]:
    """Near leg, and the near foot's events without any shift."""
    options = ClipOptions("v", size_px, file_rate_hz=1.0 / regular_step_s(pose.times_s), view=near)
    prepared = prepare(pose, options)
    leg = legs_of(prepared.body(options))[near]
    contacts = KinematicDetector()(leg, prepared.stride_s, prepared.frame_s)
    return leg, contacts.ic_s, np.concatenate([contacts.loose_to_s, contacts.to_s[np.isfinite(contacts.to_s)]])


def _hip_ahead(pose: PoseSequence, joints: PoseSequence, near: str, leg_px: float) -> float:
    """Mid-hip of the landmarks less that of the joints, forwards, in leg lengths."""
    hips = BLAZEPOSE.indices([f"{near}_hip", f"{other(near)}_hip"])
    landmarks = pose.xy_px[:, hips, 0].mean(axis=1)
    at = np.interp(joints.times_s, pose.times_s, landmarks)
    forwards = 1.0 if near == "right" else -1.0
    return float(np.nanmedian(forwards * (at - joints.xy_px[:, hips, 0].mean(axis=1)))) / leg_px


def _metric_errors(leg: Leg, truth: VideoTruth) -> dict[str, float]:
    strides = true_strides(truth.whole_contacts(leg.side), leg.side, *truth.judged_s)

    def values(of: Leg) -> dict[str, float]:
        medians = {k: float(np.nanmedian(v)) for k, v in values_by_name(of, strides, foot_flat(of, strides)).items()}
        return {k: v / of.length if k in LENGTHS else v for k, v in medians.items()}

    measured, true = values(leg), values(truth.legs()[leg.side])
    return {name: measured[name] - true[name] for name in true}


def main() -> None:
    """Print what every film shows, and mean, SD and RMS over them."""
    films = [p for p in sorted(Path(sys.argv[1]).glob("*.mp4")) if p.with_name(p.stem + SUFFIX).is_file()]
    found = [film_offsets(film, VideoTruth.read(film.with_name(film.stem + SUFFIX))) for film in films]
    for f in found:
        print(
            f"{f.film}: hips {100 * f.hip_ahead:+.1f} % ahead; contact {f.ic_ms:+.1f} ms against the joints,"
            f" {f.ic_true_ms:+.1f} against the truth; toe-off {f.to_ms:+.1f} and {f.to_true_ms:+.1f}"
        )
    columns = {
        "hips ahead, leg lengths": [f.hip_ahead for f in found],
        "contact against joints, ms": [f.ic_ms for f in found],
        "contact against truth, ms": [f.ic_true_ms for f in found],
        "toe-off against joints, ms": [f.to_ms for f in found],
        "toe-off against truth, ms": [f.to_true_ms for f in found],
    } | {name: [f.errors[name] for f in found] for name in found[0].errors}
    print(f"{len(found)} films: mean, SD, RMS")
    for name, values in columns.items():
        print(f"  {name}: {np.mean(values):+.3f}, {np.std(values):.3f}, {np.sqrt(np.mean(np.square(values))):.3f}")


if __name__ == "__main__":
    main()

"""Every marker trial under every condition of the virtual camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from gait.metrics.measure import ClipMeasurement
from gait.model import SIDES, Stride
from gait.signals.legs import Leg
from gait.validation.camera import RearCamera, VirtualCamera
from gait.validation.compare import compare_events, compare_metrics, failure_words, not_measured
from gait.validation.leg_truth import (
    Truths,
    shape_truths,
    speed_truths,
    time_truths,
    true_legs,
    true_strides,
)
from gait.validation.markers import MarkerTrial, load_trial, read_runners, trial_files
from gait.validation.rear_truth import rear_truths
from gait.validation.records import Case, Outcome, StrikeVerdict, Unmeasured, merged
from gait.validation.trial import measure_trial

SOURCE = "markers"
MODEL = "markers, no pose model"
EDGE_S = 0.6
"""Left out at both ends of a trial."""

RATES_HZ = (30.0, 60.0, 120.0, 240.0)
NOISES_M = (0.0, 0.003, 0.006)
YAWS_DEG = (10.0, -10.0)
LENS_HEIGHTS_M = (0.5, 1.2)
"""Of further cameras behind, beside the usual 0.9 m."""

FROM_BEHIND = "from behind"
TARGET_CONDITIONS = ((120.0, 0.003), (60.0, 0.006))
"""Rate and noise at which targets are set; the quick run takes these alone, from both sides, without yaw."""

_NO_TRUTH, _NO_REAR_TRUTH = "trunk_lean_deg", "lateral_trunk_lean_deg"
"""The set has no markers on the shoulders."""


def all_cameras() -> list[VirtualCamera]:
    """Return every rate, noise and side with the camera square, every rate, side and yaw at 3 mm, and behind: 45."""
    square = [VirtualCamera(rate, noise, near) for rate, noise, near in product(RATES_HZ, NOISES_M, SIDES)]
    turned = [VirtualCamera(rate, 0.003, near, yaw) for rate, near, yaw in product(RATES_HZ, SIDES, YAWS_DEG)]
    return [*square, *turned, *rear_cameras(), *(RearCamera(120.0, 0.003, height_m=h) for h in LENS_HEIGHTS_M)]


def quick_cameras() -> list[VirtualCamera]:
    """Return the conditions with targets, from both sides and from behind: 6."""
    square = [VirtualCamera(rate, noise, near) for (rate, noise), near in product(TARGET_CONDITIONS, SIDES)]
    return [*square, *rear_cameras()]


def rear_cameras() -> list[VirtualCamera]:
    """Return the conditions with targets from behind: 2."""
    return [RearCamera(rate, noise) for rate, noise in TARGET_CONDITIONS]


def condition_words(camera: VirtualCamera) -> str:
    """Name a camera's condition but for rate and side: ``3 mm`` or ``3 mm, yaw +10 deg``, ``3 mm, from behind``."""
    if isinstance(camera, RearCamera):
        high = "" if camera.height_m == RearCamera.height_m else f", lens at {camera.height_m:g} m"
        return f"{1000 * camera.noise_m:g} mm, {FROM_BEHIND}{high}"
    yaw = f", yaw {camera.yaw_deg:+g} deg" if camera.yaw_deg else ""
    return f"{1000 * camera.noise_m:g} mm{yaw}"


def trial_truth(trial: MarkerTrial) -> dict[str, Truths]:
    """Compute the truth of every metric that markers and force plate can give, by the side towards the camera."""
    start_s, stop_s = _judged(trial)
    paths = {side: {part: path[:, :2] for part, path in parts.items()} for side, parts in trial.parts.items()}
    legs = true_legs(trial.times_s, paths)
    strides = {side: true_strides(trial.contacts[side], side, start_s, stop_s) for side in SIDES}
    times = time_truths(trial.contacts, start_s, stop_s)
    found = {side: times | _near_truths(trial, legs, strides, side) for side in SIDES}
    return found | {"both": times | _rear_truths(trial, legs, strides)}


def _rear_truths(trial: MarkerTrial, legs: dict[str, Leg], strides: dict[str, list[Stride]]) -> Truths:
    """Truth from behind: everything in the frontal plane, free of any camera."""
    paths = {side: {part: path[:, [2, 1]] for part, path in parts.items()} for side, parts in trial.parts.items()}
    frontal = true_legs(trial.times_s, paths)
    to_heel_m = float(np.mean([leg.length_to_heel for leg in legs.values()]))
    found = rear_truths(frontal, frontal, strides, trial.height_m, to_heel_m)
    return {key: value for key, value in found.items() if key[0] != _NO_REAR_TRUTH}


def _judged(trial: MarkerTrial) -> tuple[float, float]:
    return float(trial.times_s[0]) + EDGE_S, float(trial.times_s[-1]) - EDGE_S


def _near_truths(trial: MarkerTrial, legs: dict[str, Leg], strides: dict[str, list[Stride]], side: str) -> Truths:
    start_s, stop_s = _judged(trial)
    judged = (trial.contacts[side][:, 0] >= start_s) & (trial.contacts[side][:, 1] <= stop_s)
    found = shape_truths(legs, strides, side) | speed_truths(trial.speed_m_s, legs[side], strides[side])
    found.pop((_NO_TRUTH, "both"), None)
    if judged.any():
        found["peak_vertical_force_bw", side] = float(np.median(trial.peak_force_bw[side][judged]))
        found["vertical_stiffness_kn_m", side] = float(np.nanmedian(trial.stiffness_kn_m[side][judged]))
    return found


def judge_trial(trial: MarkerTrial, truth: dict[str, Truths], camera: VirtualCamera) -> Outcome:
    """Measure a trial through one camera and compare everything."""
    case = Case(SOURCE, trial.name, MODEL, camera.rate_hz, condition_words(camera), camera.near)
    start_s, stop_s = _judged(trial)
    truths = truth[camera.near]
    try:
        measured = measure_trial(trial, camera)
    except Exception as problem:
        # A clip that is refused has missed every contact and every number; so has one on which the program fails.
        reason = failure_words(problem, trial.name)
        return Outcome(
            events=compare_events(case, (), trial.contacts, start_s, stop_s),
            skipped=(f"{trial.name}, {camera.rate_hz:g} Hz, {case.condition}, {camera.near} camera: {reason}",),
            unmeasured=(*not_measured(case, (), truths), *_unclassed(case, trial, ())),
        )
    strikes = tuple(_verdicts(case, trial, truths, measured))
    return Outcome(
        compare_metrics(case, measured.metrics, truths, measured.quality.level),
        compare_events(case, measured.events, trial.contacts, start_s, stop_s),
        strikes,
        unmeasured=(*not_measured(case, measured.metrics, truths), *_unclassed(case, trial, strikes)),
    )


def _unclassed(case: Case, trial: MarkerTrial, strikes: Sequence[StrikeVerdict]) -> Iterator[Unmeasured]:
    """Return the near foot when it has a label and no class."""
    if case.near in trial.strike and not strikes:
        yield Unmeasured(case, "foot_strike", case.near)


def _verdicts(case: Case, trial: MarkerTrial, truths: Truths, measured: ClipMeasurement) -> Iterator[StrikeVerdict]:
    """Compare the near foot's class with the label of the source."""
    side = case.near
    metrics = {m.name: m for m in measured.metrics if m.side == side}
    angle, found = metrics["foot_strike_angle_deg"], metrics["foot_strike"]
    label = trial.strike.get(side)
    if label is None or angle.ci95 is None or not isinstance(angle.value, float) or not isinstance(found.value, str):
        return
    three = metrics["foot_strike_three_way"].value
    yield StrikeVerdict(
        *(case, side, label, found.value, three if isinstance(three, str) else None),
        *(angle.value, angle.ci95, truths.get(("foot_strike_angle_deg", side), float("nan"))),
    )


def judge_file(path: Path, cameras: Sequence[VirtualCamera]) -> Outcome:
    """Load one trial and judge it through all cameras; a fault of the file becomes a note."""
    try:
        trial = load_trial(path, read_runners(path.parent / "runners.csv"))
        truth = trial_truth(trial)
    except Exception as problem:
        # Whatever is wrong with one file, the others are judged.
        return Outcome(skipped=(f"{path.stem}: {failure_words(problem, path.name)}",))
    notes = tuple(f"{trial.name}: {note}" for note in trial.notes)
    return merged([Outcome(notes=notes), *(judge_trial(trial, truth, camera) for camera in cameras)])


def judge_markers(
    folder: Path,
    cameras: Sequence[VirtualCamera],
    jobs: int = 2,
    on_done: Callable[[str, int, int], None] | None = None,
) -> Outcome:
    """Judge every trial of a folder.

    Parameters
    ----------
    folder : Path
        With ``RBDS<runner>runT<speed>.c3d``, standing trials and ``runners.csv``.
    cameras : sequence of VirtualCamera
        Conditions.
    jobs : int
        Processes; 1 stays in this one.
    on_done : callable, optional
        Told the name of a finished trial, how many are done, and of how many.
    """
    files = trial_files(folder)
    if not files:
        return Outcome(skipped=(f"No marker trials (RBDS...runT...c3d) in {folder.name}/.",))
    outcomes = []
    if jobs == 1 or len(files) == 1:
        for k, path in enumerate(files, start=1):
            outcomes.append(judge_file(path, cameras))
            _say(on_done, path, k, len(files))
        return merged(outcomes)
    # Spawned, not forked: a forked copy of a process with threads (BLAS, a pose model) may hang.
    with ProcessPoolExecutor(min(jobs, len(files)), mp_context=get_context("spawn")) as pool:
        results = pool.map(judge_file, files, [tuple(cameras)] * len(files))
        for k, (path, outcome) in enumerate(zip(files, results, strict=True), start=1):
            outcomes.append(outcome)
            _say(on_done, path, k, len(files))
    return merged(outcomes)


def _say(on_done: Callable[[str, int, int], None] | None, path: Path, done: int, total: int) -> None:
    if on_done is not None:
        on_done(path.stem, done, total)

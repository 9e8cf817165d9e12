"""Does the person run? Standing and walking are refused, with what to film instead."""

from __future__ import annotations

import numpy as np

from gait.errors import QualityError, WalkingError
from gait.model import Floats, Trajectories
from gait.signals.filters import low_pass
from gait.signals.spectral import SpectralCadence, leg_separation
from gait.signals.view import View
from gait.skeleton import SKELETONS

MIN_SWING_LEGS = {True: 0.45, False: 0.10}
"""Range of the leg separation, in leg lengths, of somebody who runs: fore-aft from the side, up-down from behind.
[default of ours]"""

MIN_RHYTHM = 0.35
"""Share of the movement's power at the step frequency and its harmonics. [default of ours]"""

WALKING_BELOW_SPM = 145.0
"""From behind hips that rise over the standing foot are taken for walking only below this step rate: people change from
walking to running at 141 steps/min (SD 6; Hansen et al. 2017, doi:10.1038/s41598-017-01972-1). A lens well above or
below the hips turns the sign of a shuffling runner's (a runner at 2.5 m/s and 150 steps/min, seen from 1.2 m). Who
walks faster than this is measured from behind, and told that there is no flight."""

FILM_RUNNING = "Film at least 10 seconds of steady running on the treadmill, from the side, with the camera still."


def separation_of(trajectories: Trajectories, scale: float) -> Floats:
    """Signed leg separation of the cleaned ankles, in ``scale``, shape (N,)."""
    skeleton = SKELETONS[trajectories.skeleton]
    left, right = skeleton.indices(["left_ankle", "right_ankle"])
    return leg_separation(trajectories.xy[:, left], trajectories.xy[:, right], scale)


def mid_hip_height(trajectories: Trajectories) -> Floats:
    """Height of the mid-hip, up positive, shape (N,), from image coordinates."""
    hips = SKELETONS[trajectories.skeleton].indices(["left_hip", "right_hip"])
    return np.asarray(-trajectories.xy[:, hips, 1].mean(axis=1))


def hip_rises_with_stride(trajectories: Trajectories, separation: Floats, cadence: SpectralCadence) -> float:
    """Correlation of mid-hip height with how far the legs are apart, -1 to 1.

    In running the hips are lowest when one foot passes under them and highest when the legs are apart in the air; in
    walking they vault over the standing leg, highest when the feet pass each other.
    """
    height = mid_hip_height(trajectories)
    rate_hz = trajectories.sampling_rate_hz
    slow = low_pass(height, rate_hz, min(0.5 * cadence.step_hz, 0.2 * rate_hz))
    apart = np.abs(separation)
    ok = np.isfinite(height) & np.isfinite(slow) & np.isfinite(apart)
    if ok.sum() < 10:
        return 0.0
    return float(np.corrcoef((height - slow)[ok], apart[ok])[0, 1])


def require_movement(view: View, separation: Floats) -> None:
    """Raise unless the legs move as running legs do.

    Parameters
    ----------
    view : View
        From the side or not.
    separation : ndarray, shape (N,)
        Leg separation in leg lengths.

    Raises
    ------
    QualityError
        For somebody who stands, or whose legs were not seen.
    """
    seen = separation[np.isfinite(separation)]
    spread = float(np.percentile(seen, 95) - np.percentile(seen, 5)) if len(seen) else 0.0
    if spread < MIN_SWING_LEGS[view.is_side]:
        raise QualityError("The person in this clip does not run: the legs hardly move.", FILM_RUNNING)


def require_running(
    trajectories: Trajectories,
    view: View,
    separation: Floats,
    cadence: SpectralCadence,
    *,
    hips: bool = True,
    slower: float = 1.0,
) -> None:
    """Raise unless the moving legs run.

    Parameters
    ----------
    trajectories : Trajectories
        Cleaned, image coordinates.
    view : View
        Side or rear.
    separation : ndarray, shape (N,)
        Leg separation in leg lengths.
    cadence : SpectralCadence
        Of the clip.
    hips : bool
        Whether they are seen. Without them walking shows only in contacts too long for running.
    slower : float
        How many times slower than life the times of the trajectories are.

    Raises
    ------
    QualityError
        For an unsteady or too short movement, and walking.
    """
    if not np.isfinite(cadence.step_hz) or cadence.strength < MIN_RHYTHM:
        raise QualityError("No steady running was found: the legs show no regular rhythm.", FILM_RUNNING)
    if not hips:
        return
    together = hip_rises_with_stride(trajectories, separation, cadence)
    # From behind the separation is the height of the swinging foot: greatest in mid-stance, so the sign turns.
    vaults = together < 0 if view.is_side else -together < 0 and 60.0 * slower * cadence.step_hz < WALKING_BELOW_SPM
    if vaults:
        raise WalkingError(
            "This is walking, not running: the hips are highest over the standing foot, and there is no flight.",
            FILM_RUNNING,
        )

"""One marker trial through the project's own measurement: the one place where trial and engine meet."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from gait.events.kinematic import ContactRule, KinematicDetector, ToeOffRule
from gait.events.rear import RearContactRule, RearDetector, RearToeOffRule
from gait.metrics.measure import ClipMeasurement, measure
from gait.metrics.options import ClipOptions
from gait.model import Recording
from gait.validation.camera import RearCamera, VirtualCamera
from gait.validation.markers import MarkerTrial

REAR_SIGNS = ("heel", "lift", "knee", "hip")
"""Of toe-off from behind, in the order of :class:`gait.events.rear.RearToeOffRule`."""


@lru_cache
def rear_detectors_without() -> dict[str, RearDetector]:
    """Return the same for the detector of the rear view."""
    folds = tomllib.loads(files("gait.validation").joinpath("rear_event_folds.toml").read_text(encoding="utf-8"))
    return {
        runner: RearDetector(
            contact=RearContactRule(**rules["contact"]),
            toe_off=_toe_off_rule(rules["toe_off"]),
        )
        for runner, rules in folds.items()
    }


def _toe_off_rule(lines: dict[str, list[float]]) -> RearToeOffRule:
    heel, lift, knee, hip = ((lines[sign][0], lines[sign][1]) for sign in REAR_SIGNS)
    return RearToeOffRule(heel, lift, knee, hip)


@lru_cache
def detectors_without() -> dict[str, KinematicDetector]:
    """Return the detector with the numbers found without a runner, for each runner the numbers were found on."""
    folds = tomllib.loads(files("gait.validation").joinpath("event_folds.toml").read_text(encoding="utf-8"))
    return {
        runner: KinematicDetector(contact=ContactRule(**rules["contact"]), toe_off=ToeOffRule(**rules["toe_off"]))
        for runner, rules in folds.items()
    }


def measure_trial(trial: MarkerTrial, camera: VirtualCamera) -> ClipMeasurement:
    """Film a trial with a virtual camera and measure the landmarks like those of any video.

    Height and mass are told; the belt speed is not, because it is one of the quantities to be judged. A runner on whom
    the event rules were fitted is judged with numbers fitted on the others (:mod:`gait.validation.fit_events`,
    :mod:`gait.validation.fit_rear_events`).

    Raises
    ------
    QualityError
        As :func:`gait.metrics.measure.measure`.
    """
    options = ClipOptions(
        video=trial.name,
        size_px=camera.size_px,
        recording=Recording(height_m=trial.height_m, mass_kg=trial.mass_kg),
        file_rate_hz=camera.rate_hz,
    )
    detectors = rear_detectors_without() if isinstance(camera, RearCamera) else detectors_without()
    return measure(camera(trial), options, detector=detectors.get(trial.runner))

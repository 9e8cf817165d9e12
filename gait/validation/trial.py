"""One marker trial through the project's own measurement: the one place where trial and engine meet."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from gait.events.kinematic import ContactRule, KinematicDetector, ToeOffRule
from gait.metrics.measure import ClipMeasurement, measure
from gait.metrics.options import ClipOptions
from gait.model import Recording
from gait.validation.camera import VirtualCamera
from gait.validation.markers import MarkerTrial


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
    the event rules were fitted is judged with numbers fitted on the others (:mod:`gait.validation.fit_events`).

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
    return measure(camera(trial), options, detector=detectors_without().get(trial.runner))

"""One marker trial through the project's own measurement: the one place where trial and engine meet."""

from __future__ import annotations

from gait.metrics.measure import ClipMeasurement, measure
from gait.metrics.options import ClipOptions
from gait.model import Recording
from gait.validation.camera import VirtualCamera
from gait.validation.markers import MarkerTrial


def measure_trial(trial: MarkerTrial, camera: VirtualCamera) -> ClipMeasurement:
    """Film a trial with a virtual camera and measure the landmarks like those of any video.

    Height and mass are told; the belt speed is not, because it is one of the quantities to be judged.

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
    return measure(camera(trial), options)

"""Make calibration clips: the generator's runner moved by treadmill trials with force-plate events.

They serve to measure how a pose model's landmarks lie against the joints, and how contacts look in pixels. The trials
are those of Fukuchi, Fukuchi and Duarte (DOI 10.7717/peerj.3298); neither they nor the clips belong to the project.
Run ``python calibrate.py --data FOLDER --out FOLDER``; needs ``ezc3d`` besides the requirements.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from generator.film import compress, draw_master
from generator.measured import Recording, make_measured_runner
from generator.runner import Runner
from generator.spec import CameraSpec, ClipSpec, Look, Shape
from generator.truth import write_truth
from generator.verify import verify_measured

SOURCE = "sample_videos/calibrate.py: Anny body moved by {trial}.c3d from {start_s:g} s, events of the force plate"
# Where the runner's middle is along the belt, and what the camera looks at (m).
AHEAD_M, AIM_M = 0.10, 0.86
WIDE, TALL = (1280, 720), (1080, 1920)


def camera(
    side: str,
    distance_m: float = 4.6,
    height_m: float = 0.90,
    fov_deg: float = 28.0,
    yaw_deg: float = 0.0,
    size_px: tuple[int, int] = WIDE,
) -> CameraSpec:
    """A camera beside the runner, turned about them towards their front by `yaw_deg`."""
    across = (-1 if side == "right" else 1) * distance_m * np.cos(np.radians(yaw_deg))
    along = -AHEAD_M - distance_m * np.sin(np.radians(yaw_deg))
    return CameraSpec(f"side_{side}", (float(across), float(along), height_m), (0.0, -AHEAD_M, AIM_M), fov_deg, size_px)


LOOKS = {
    "RBDS001": Look(Shape(age=0.55, weight=0.32)),
    "RBDS002": Look(
        Shape(age=0.65, muscle=0.70, weight=0.55),
        skin=(128, 84, 62),
        hair=(28, 22, 20),
        shirt=(236, 236, 232),
        trim=(60, 60, 66),
        shorts=(30, 32, 36),
        sock=(36, 36, 40),
        shoe=(52, 92, 190),
        outsole=(210, 206, 196),
    ),
    "RBDS03": Look(
        Shape(weight=0.42, proportions=0.6),
        skin=(224, 178, 152),
        hair=(150, 112, 70),
        shirt=(206, 62, 58),
        shorts=(24, 26, 30),
        shoe=(236, 236, 230),
        stripes=(40, 44, 52),
        midsole=(222, 226, 120),
        outsole=(70, 72, 76),
    ),
    "RBDS04": Look(
        Shape(gender=0.85, muscle=0.55, weight=0.40),
        skin=(190, 138, 108),
        hair=(40, 28, 24),
        shirt=(112, 72, 150),
        shorts=(60, 62, 70),
        sock=(230, 120, 150),
        shoe=(70, 196, 176),
    ),
    "RBDS09": Look(
        Shape(age=0.85, weight=0.45, muscle=0.55),
        skin=(214, 166, 140),
        hair=(150, 148, 146),
        shirt=(60, 64, 72),
        trim=(240, 200, 60),
        shorts=(40, 74, 60),
        sock=(60, 62, 66),
        shoe=(44, 46, 52),
        stripes=(240, 200, 60),
        midsole=(60, 62, 68),
        outsole=(150, 96, 60),
    ),
    "RBDS011": Look(
        Shape(weight=0.52, muscle=0.68, proportions=0.9),
        skin=(92, 62, 48),
        hair=(20, 18, 18),
        shirt=(244, 190, 60),
        trim=(30, 40, 80),
        shorts=(128, 132, 138),
        shoe=(190, 214, 60),
        stripes=(30, 32, 36),
    ),
}


@dataclass(frozen=True)
class Calibration:
    """One clip: part of a trial, camera, frame rate and trunk lean."""

    trial: str
    camera: CameraSpec
    lean_deg: float
    rate_hz: float = 60.0
    start_s: float = 8.0
    duration_s: float = 6.0
    crf: int = 18

    @property
    def name(self) -> str:
        """Name of the clip's files."""
        return f"{self.trial.replace('run', '_')}_{self.camera.view.split('_')[1]}"

    def recording(self, folder: Path) -> Recording:
        """What moves the runner."""
        look = LOOKS[self.trial.split("run")[0]]
        return Recording(folder, self.trial, self.start_s, self.duration_s, look, self.lean_deg)


CALIBRATIONS = (
    Calibration("RBDS001runT35", camera("right"), 6.0),
    Calibration("RBDS001runT25", camera("left", 4.0, 0.75, 33.0, 5.0), 4.5, duration_s=7.0),
    Calibration("RBDS002runT25", camera("right", 3.7, 1.00, 50.0, 0.0, TALL), 5.0, duration_s=7.0),
    Calibration("RBDS002runT45", camera("left", 4.6, 0.95, 29.0, -8.0), 7.5),
    Calibration("RBDS03runT35", camera("left", 5.2, 1.10, 26.0), 5.5),
    Calibration("RBDS03runT45", camera("right", 4.4, 0.85, 30.0), 6.5, rate_hz=120.0, duration_s=5.5),
    Calibration("RBDS04runT25", camera("left", 3.6, 0.80, 50.0, 5.0, TALL), 4.0, duration_s=7.0),
    Calibration("RBDS04runT45", camera("right", 4.2, 1.00, 30.0, 5.0), 8.0),
    Calibration("RBDS09runT35", camera("right", 5.0, 0.60, 26.0, -8.0), 6.0),
    Calibration("RBDS09runT45", camera("left", 4.6, 0.90, 28.0), 7.0, rate_hz=120.0, duration_s=5.5),
    Calibration("RBDS011runT25", camera("right", 4.0, 1.20, 32.0, 5.0), 5.0, duration_s=7.0),
    Calibration("RBDS011runT35", camera("left", 4.6, 0.90, 28.0, 0.0), 7.0),
)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the trials (*.c3d) and runners.csv")
    parser.add_argument("--out", type=Path, required=True, help="folder for clips and truth files")
    names = [clip.name for clip in CALIBRATIONS]
    parser.add_argument("--only", choices=names, nargs="+", default=names, help="make some clips instead of all")
    parser.add_argument("--frames", type=int, help="stop after this many frames of each clip")
    parser.add_argument("--workers", type=int, default=2, help="drawing processes")
    parser.add_argument("--verify", action="store_true", help="check the posed surfaces and write truth, make no film")
    return parser.parse_args()


def same(runner: Runner) -> Runner:
    """Hand a runner over to a drawing process."""
    return runner


def make_clip(clip: Calibration, runner: Runner, out: Path, limit: int | None, workers: int) -> None:
    """Draw one clip."""
    times = np.arange(min(round(clip.duration_s * clip.rate_hz), limit or 10**9)) / clip.rate_hz
    with tempfile.TemporaryDirectory() as work:
        parts = draw_master(Path(work), partial(same, runner), clip.camera, times, workers)
        compress(parts, out / f"{clip.name}.mp4", 1, clip.rate_hz, clip.crf)


def write_measures(clip: Calibration, runner: Runner, out: Path) -> dict[str, float]:
    """Write a clip's truth and return the checks on its surfaces."""
    film = ClipSpec(clip.name, clip.duration_s, clip.rate_hz, clip.rate_hz, clip.crf, 1, runner.spec, clip.camera)
    source = SOURCE.format(trial=clip.trial, start_s=clip.start_s)
    write_truth(runner, film, out / f"{clip.name}.truth.json", round(clip.duration_s * clip.rate_hz), source)
    return verify_measured(runner, clip.duration_s)


def main() -> None:
    """Make what the command line asks for."""
    arguments = parse_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for clip in CALIBRATIONS:
        if clip.name not in arguments.only:
            continue
        start = time.monotonic()
        runner = make_measured_runner(clip.recording(arguments.data))
        checks = write_measures(clip, runner, arguments.out)
        print(clip.name, json.dumps({name: round(value, 2) for name, value in checks.items()}), flush=True)
        ready = time.monotonic()
        if not arguments.verify:
            make_clip(clip, runner, arguments.out, arguments.frames, arguments.workers)
        print(f"{clip.name}: {ready - start:.0f} s to prepare, {time.monotonic() - ready:.0f} s to draw", flush=True)


if __name__ == "__main__":
    main()

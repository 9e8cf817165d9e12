"""Make evaluation films of runners from behind whose rearfoot eversion is prescribed, with and without tape.

They serve to measure how well the rearfoot angle is read from pixels; they are not shipped. Run ``python eversion.py
--out FOLDER`` for all films, ``--only NAME ...`` for some, ``--verify`` for the checks on the posed surfaces alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from calibrate import LOOKS
from generator.film import compress, draw_master
from generator.runner import make_runner
from generator.spec import CameraSpec, ClipSpec, Colour, FrontalSpec, Look, RunnerSpec, StandingSpec, TapeSpec
from generator.truth import write_truth
from generator.verify import verify, verify_rear

SOURCE = "sample_videos/eversion.py: parametric running of an Anny body, all kinematics prescribed"
HD, FULL_HD = (1280, 720), (1920, 1080)
MAGENTA, GREEN, BLUE = (230, 20, 140), (20, 190, 70), (25, 80, 230)
YELLOW, WHITE = (245, 220, 30), (248, 248, 248)
ORANGE_SHOE, BLUE_SHOE = (232, 74, 40), (52, 92, 190)
LIGHT_SKIN, DARK_SKIN = LOOKS["RBDS03"].skin, LOOKS["RBDS011"].skin


def body(
    height_m: float = 0.8, size_px: tuple[int, int] = HD, distance_m: float = 3.3, across_m: float = 0.0, **more
) -> CameraSpec:
    """A camera behind the runner that sees the whole body; `across_m` is to the runner's left."""
    return CameraSpec("rear", (across_m, distance_m, height_m), (0.0, 0.0, 0.80), 34.0, size_px, **more)


def legs(height_m: float = 0.5, size_px: tuple[int, int] = HD, **more) -> CameraSpec:
    """A camera behind the runner that sees hips to belt."""
    return CameraSpec("rear", (0.0, 2.9, height_m), (0.0, 0.0, 0.50), 24.0, size_px, **more)


def feet(height_m: float = 0.45, size_px: tuple[int, int] = HD, **more) -> CameraSpec:
    """A close-up from behind: shoes to mid-calf, nothing above the calf of the standing leg."""
    return CameraSpec("rear", (0.0, 2.4, height_m), (0.0, -0.05, 0.20), 13.0, size_px, **more)


@dataclass(frozen=True)
class Film:
    """One film; pairs are (right, left), angles in degrees."""

    name: str
    excursion_deg: tuple[float, float]
    camera: CameraSpec
    tape: TapeSpec | None = None
    contact_deg: tuple[float, float] = (-4.0, -4.0)
    toe_out_deg: tuple[float, float] = (7.0, 7.0)
    drop_deg: tuple[float, float] = (5.0, 5.0)
    speed_m_s: float = 3.0
    cadence_spm: float = 170.0
    contact_s: float = 0.250
    step_width_m: float = 0.05
    rate_hz: float = 60.0
    duration_s: float = 6.0
    shoe: Colour = ORANGE_SHOE
    skin: Colour = LIGHT_SKIN
    look: Look = LOOKS["RBDS001"]
    crf: int = 18
    standing: StandingSpec | None = None

    @property
    def runner(self) -> RunnerSpec:
        """Who runs and how."""
        frontal = FrontalSpec(
            contact_deg=self.contact_deg,
            excursion_deg=self.excursion_deg,
            toe_out_deg=self.toe_out_deg,
            pelvic_drop_deg=self.drop_deg,
            seed=sum(map(ord, self.name)),
        )
        return RunnerSpec(
            speed_m_s=self.speed_m_s,
            cadence_spm=self.cadence_spm,
            contact_s=self.contact_s,
            step_width_m=self.step_width_m,
            seed=20300 + sum(map(ord, self.name)),
            look=replace(self.look, shoe=self.shoe, skin=self.skin),
            frontal=frontal,
            tape=self.tape,
            standing=self.standing,
        )

    @property
    def clip(self) -> ClipSpec:
        """What is filmed."""
        rate = self.rate_hz
        return ClipSpec(self.name, self.duration_s, rate, rate, self.crf, 1, self.runner, self.camera)


# Variety comes first, for those who cannot wait for all.
FILMS = (
    Film("r12_l12_dots_magenta", (12.0, 12.0), body(), TapeSpec(MAGENTA)),
    Film("r06_l15_plain", (6.0, 15.0), body(1.1, FULL_HD), shoe=BLUE_SHOE, drop_deg=(4.0, 7.0)),
    Film(
        "r15_l09_feet_green",
        (15.0, 9.0),
        feet(),
        TapeSpec(GREEN, "strip", "dots"),
        rate_hz=120.0,
        duration_s=4.0,
        skin=DARK_SKIN,
        shoe=BLUE_SHOE,
        toe_out_deg=(10.0, 5.0),
    ),
    Film(
        "r03_l18_strips_green",
        (3.0, 18.0),
        legs(0.5),
        TapeSpec(GREEN, "strip", "strip"),
        contact_deg=(-3.0, -6.0),
        cadence_spm=180.0,
        contact_s=0.235,
        speed_m_s=3.3,
    ),
    Film(
        "r09_l09_feet_plain",
        (9.0, 9.0),
        feet(0.35),
        speed_m_s=2.6,
        cadence_spm=164.0,
        contact_s=0.275,
        step_width_m=0.07,
    ),
    Film(
        "r18_l06_dots_blue_1080",
        (18.0, 6.0),
        body(0.5, FULL_HD, key_light_m=(2.6, 2.4, 2.6)),
        TapeSpec(BLUE),
        contact_deg=(-5.0, -3.0),
        toe_out_deg=(12.0, 8.0),
        skin=DARK_SKIN,
    ),
    Film(
        "r00_l09_plain_dark",
        (0.0, 9.0),
        legs(0.5),
        contact_deg=(-1.0, -4.0),
        toe_out_deg=(3.0, 7.0),
        skin=DARK_SKIN,
        speed_m_s=2.6,
        cadence_spm=166.0,
        contact_s=0.275,
    ),
    Film(
        "r12_l06_white_roll2",
        (12.0, 6.0),
        body(0.8, roll_deg=2.0),
        TapeSpec(WHITE),
        shoe=BLUE_SHOE,
        skin=DARK_SKIN,
        look=LOOKS["RBDS011"],
    ),
    Film(
        "r06_l06_feet_yellow_1080",
        (6.0, 6.0),
        feet(0.5, FULL_HD, key_light_m=(2.4, 2.6, 3.0)),
        TapeSpec(YELLOW, "dots", "strip"),
        contact_deg=(-2.0, -5.0),
        toe_out_deg=(4.0, 15.0),
        shoe=BLUE_SHOE,
    ),
    Film(
        "r15_l15_plain_120",
        (15.0, 15.0),
        legs(1.1),
        contact_deg=(-6.0, -6.0),
        rate_hz=120.0,
        duration_s=4.0,
        speed_m_s=3.4,
        cadence_spm=178.0,
        contact_s=0.230,
        step_width_m=0.03,
    ),
    Film(
        "r09_l03_dots_yellow",
        (9.0, 3.0),
        body(1.1, across_m=0.25),
        TapeSpec(YELLOW),
        skin=DARK_SKIN,
        look=LOOKS["RBDS04"],
        cadence_spm=176.0,
        contact_s=0.240,
    ),
    Film(
        "r03_l12_plain",
        (3.0, 12.0),
        body(0.5, key_light_m=(2.4, 2.8, 3.2)),
        contact_deg=(-3.0, -5.0),
        toe_out_deg=(10.0, 10.0),
        look=LOOKS["RBDS002"],
        shoe=ORANGE_SHOE,
    ),
    Film(
        "r06_l12_strip_magenta_120",
        (6.0, 12.0),
        legs(0.5),
        TapeSpec(MAGENTA, "strip", "dots"),
        rate_hz=120.0,
        duration_s=4.0,
        toe_out_deg=(15.0, 5.0),
        shoe=BLUE_SHOE,
    ),
    Film(
        "r18_l18_plain_1080",
        (18.0, 18.0),
        legs(0.8, FULL_HD),
        contact_deg=(-6.0, -5.0),
        shoe=BLUE_SHOE,
        skin=DARK_SKIN,
        drop_deg=(7.0, 3.0),
    ),
    Film(
        "r00_l00_dots_green",
        (0.0, 0.0),
        body(0.8),
        TapeSpec(GREEN),
        contact_deg=(0.0, -2.0),
        step_width_m=0.08,
        speed_m_s=2.5,
        cadence_spm=160.0,
        contact_s=0.285,
    ),
    Film(
        "r12_l15_white_strips",
        (12.0, 15.0),
        legs(1.1, key_light_m=(0.2, 3.6, 3.0)),
        TapeSpec(WHITE, "strip", "strip"),
        toe_out_deg=(6.0, 9.0),
        shoe=ORANGE_SHOE,
        skin=DARK_SKIN,
    ),
    Film("r12_l08_standing_dots", (12.0, 8.0), body(), TapeSpec(MAGENTA), duration_s=8.0, standing=StandingSpec()),
    Film(
        "r10_l14_standing_plain",
        (10.0, 14.0),
        legs(0.5),
        duration_s=8.0,
        standing=StandingSpec(eversion_deg=(4.0, -2.0)),
    ),
)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for films and truth files")
    names = [film.name for film in FILMS]
    parser.add_argument("--only", choices=names, nargs="+", default=names, help="make some films instead of all")
    parser.add_argument("--frames", type=int, help="stop after this many frames of each film")
    parser.add_argument("--workers", type=int, default=2, help="drawing processes")
    parser.add_argument("--verify", action="store_true", help="check the posed surfaces, make no film")
    return parser.parse_args()


def make_film(film: Film, out: Path, work: Path, limit: int | None, workers: int) -> None:
    """Write one film's truth, then draw it."""
    clip = film.clip
    make = partial(make_runner, film.runner, film.duration_s, work / "body.npz")
    count = min(round(film.duration_s * film.rate_hz), limit or 10**9)
    measures = write_truth(make(), clip, out / f"{film.name}.truth.json", count, SOURCE)
    print(film.name, json.dumps(measures), flush=True)
    parts = draw_master(work, make, film.camera, np.arange(count) / film.rate_hz, workers)
    compress(parts, out / f"{film.name}.mp4", 1, film.rate_hz, film.crf)


def main() -> None:
    """Make what the command line asks for."""
    arguments = parse_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for film in FILMS:
        if film.name not in arguments.only:
            continue
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as temporary:
            work = Path(temporary)
            if arguments.verify:
                runner = make_runner(film.runner, film.duration_s, work / "body.npz")
                checks = verify(runner, film.duration_s, 2) | verify_rear(runner, film.duration_s)
                print(film.name, json.dumps({name: round(value, 3) for name, value in checks.items()}), flush=True)
            else:
                make_film(film, arguments.out, work, arguments.frames, arguments.workers)
        print(f"{film.name}: {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()

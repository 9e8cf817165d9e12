"""The reference runners' rearfoot angle over stance: the band behind a runner's own curve."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from gait.model import Floats

SOURCE = "6 men (12 feet) of Fukuchi et al. 2017, doi:10.7717/peerj.3298, markers, treadmill"


EXCURSION_DEG = {2.5: (17.3, 4.0), 3.5: (19.3, 4.2), 4.5: (20.6, 3.7)}
"""Peak less angle at contact by belt speed (m/s): mean and SD (deg) over the same 12 feet, each foot's median of its
stances, peak looked for in 10 to 75 % of stance (:func:`gait.validation.rearfoot_reference.excursions`). It is the
angle of the very lines that a rear view shows, and larger than the one between segments that the catalogue quotes."""


@dataclass(frozen=True, eq=False)
class Band:
    """Mean and SD over feet (deg) at some shares of stance (per cent), shapes (21,)."""

    speed_m_s: float
    stance_pct: Floats
    mean_deg: Floats
    sd_deg: Floats
    feet: int


@cache
def bands() -> tuple[Band, ...]:
    """Return the bands by speed, slowest first; made by ``python -m gait.validation.rearfoot_reference``."""
    text = resources.files("gait.metrics").joinpath("rearfoot_band.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    found = []
    for speed in sorted({float(row["speed_m_s"]) for row in rows}):
        own = [row for row in rows if float(row["speed_m_s"]) == speed]
        share, mean, sd = (np.array([float(r[name]) for r in own]) for name in ("stance_pct", "mean_deg", "sd_deg"))
        found.append(Band(speed, share, mean, sd, feet=int(own[0]["feet"])))
    return tuple(found)


def band_for(belt_speed_m_s: float | None) -> Band:
    """Return the band of the nearest speed; that of the slowest one where the speed is not known.

    The angle hardly changes with speed (the peak by 1 deg from 2.5 to 4.5 m/s), so a band is useful even then.
    """
    if belt_speed_m_s is None:
        return bands()[0]
    return min(bands(), key=lambda band: abs(band.speed_m_s - belt_speed_m_s))

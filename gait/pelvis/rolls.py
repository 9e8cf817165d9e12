"""What pictures of a rear view showed, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from gait.model import Floats
from gait.rearfoot.angles import FootAngles


@dataclass(frozen=True, eq=False)
class PelvisRolls:
    """What was read of the pelvis, picture by picture.

    Parameters
    ----------
    times_s : ndarray, shape (n,)
        Times of the pictures.
    roll_deg : ndarray, shape (n,)
        Hip line against the picture's horizontal, positive where the runner's right hip is higher.
    spread_deg, doubt_deg : ndarray, shape (n,)
        How far the views of each picture differ (SD), and the error that the network expects.
    """

    times_s: Floats
    roll_deg: Floats
    spread_deg: Floats
    doubt_deg: Floats


@dataclass(frozen=True, eq=False)
class RearSeen:
    """What the pictures of a rear view showed: both heels, and the pelvis where there is a body."""

    feet: dict[str, FootAngles]
    pelvis: PelvisRolls | None = None

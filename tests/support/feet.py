"""A foot seen from behind whose eversion over stance is prescribed: lines in the picture as a reader gives them."""

from __future__ import annotations

import numpy as np

from gait.metrics.rearfoot import Rearfoot
from gait.model import Floats
from gait.rearfoot.angles import TAPE, FootAngles, FrameAngle, Stance

RATE_HZ = 60.0
CONTACT_DEG, EXCURSION_DEG, PEAK_AT = -4.0, 12.0, 0.42
STANCE_S, STRIDE_S = 0.25, 0.7
ANKLE_PX, HEEL_PX = np.array([120.0, 250.0]), np.array([120.0, 274.0])


def line(lower_px: Floats, tilt_deg: float, length_px: float) -> Floats:
    """Return the upper and the lower point of a line; positive tilt has the lower end further right in the picture."""
    tilt = np.radians(tilt_deg)
    along = length_px * np.array([np.sin(tilt), np.cos(tilt)])
    return np.array([lower_px - along, lower_px])


def prescribed_deg(share: Floats | float) -> Floats:
    """Return the eversion at some share of stance: least at contact, largest at 42 %."""
    share = np.clip(np.asarray(share, dtype=float), 0.0, 1.0)
    after = PEAK_AT + (share - PEAK_AT) * PEAK_AT / (1.0 - PEAK_AT)
    rise = 0.5 - 0.5 * np.cos(np.pi * np.where(share <= PEAK_AT, share, after) / PEAK_AT)
    return np.asarray(CONTACT_DEG + EXCURSION_DEG * rise)


def seen_foot(
    side: str,
    *,
    stances: int = 12,
    shank_deg: float = 3.0,
    zero_deg: float | None = None,
    mirrored: bool = False,
    noise_deg: float = 0.0,
    excursion_share: float = 1.0,
    method: str = TAPE,
) -> Rearfoot:
    """Return a foot read at 60 pictures a second in every stance, a little before contact, too.

    ``shank_deg`` leans the shank to the runner's right; ``zero_deg`` is what calf against heel shows while standing,
    ``noise_deg`` the SD of single pictures, ``excursion_share`` the part of the prescribed excursion that it has.
    """
    rng = np.random.default_rng(5)
    sign = 1.0 if side == "right" else -1.0
    contacts = [Stance(side, 0.5 + k * STRIDE_S, 0.5 + k * STRIDE_S + STANCE_S) for k in range(stances)]
    frames = []
    for stance in contacts:
        for number in range(round((stance.ic_s - 0.03) * RATE_HZ), round(stance.to_s * RATE_HZ) + 1):
            time_s = number / RATE_HZ
            rise = float(prescribed_deg((time_s - stance.ic_s) / STANCE_S)) - CONTACT_DEG
            raw = CONTACT_DEG + excursion_share * rise + (zero_deg or 0.0)
            heel_deg = shank_deg + sign * raw + noise_deg * rng.standard_normal()
            turn = -1.0 if mirrored else 1.0
            calf, heel = line(ANKLE_PX, turn * shank_deg, 60.0), line(HEEL_PX, turn * heel_deg, 16.0)
            frames.append(FrameAngle(number, time_s, shank_deg, heel_deg, calf, heel, (heel + 2.0,)))
    return Rearfoot.of(FootAngles(side, method, tuple(frames), zero_deg), contacts)

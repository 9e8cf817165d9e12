"""From the roll of the hip line in single pictures to a curve over the clip, or the reason why it is not believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gait.model import Floats
from gait.pelvis.rolls import PelvisRolls
from gait.rearfoot.angles import Stance

SMOOTH_S = 0.013
"""Width (SD) of the kernel that smooths single pictures: its -3 dB point is 10 Hz, that of the landmarks' filter."""

REACH_S = 0.025
"""Further than this from the nearest picture the hip line is not known: gaps of up to 50 ms are bridged, as for
landmarks."""

MIN_PICTURES = 60
"""Fewer pictures than this show too little of a stride to judge the hip line by. [default of ours]"""

MIN_STANCES, MIN_SEEN = 3, 0.8
"""Stances of each leg, and share of each that must have been seen, to know the mean position of the pelvis: that of
stances of one leg alone is that leg's drop. [defaults of ours]"""

MAX_DOUBT_DEG = 1.5
MAX_SPREAD_DEG = 2.0
MAX_SCATTER_DEG = 0.5
"""Error that the network expects of itself, contradiction between a picture and its mirror image, and scatter of single
pictures about their curve (medians) beyond which a hip line is not believed. On seven films of drawn runners they are
at most 1.06, 0.31 and 0.12 deg, on two of a body of another make, whose clothes are painted on, 1.28, 1.14 and 0.15,
and the drop is still right to 1.8 deg there: the limits leave room for no more than half as much again, or twice the
contradiction, which spoils the mean alone (see below). [defaults of ours]"""

SURE_SPREAD_DEG = 0.6
"""Up to this contradiction (90 of 92 runners kept from training) the mean tilt of the pelvis is believed, too. Above
it, clothes that hang askew are taken for a pelvis that does: on the body of another make, the shirt's colour runs down
between the legs, and the hip line is 2 deg askew, but not when that is painted over; how the pelvis moves is seen
nevertheless. Then only the movement about the mean is given, as if the mean were level: it is to 1.2 deg (SD of six
men without complaints in 18 trials of Fukuchi et al. 2017, doi:10.7717/peerj.3298). A drop of one side alone does not
show then; the report says so."""

MOTION_GAIN = 0.92
"""How much of the pelvis's movement about its mean the network sees; it is cautious as every estimate under doubt is.
0.95 over the runners kept from training, 0.91 over seven films of drawn runners (0.84 to 1.00)."""

HIP_LINE_SD = {"pelvic_drop_deg": 1.5, "hip_adduction_peak_deg": 2.7}
"""Standard uncertainty, deg, that all strides share. Drop: 0.5 RMS over ten feet of five films of
drawn runners, 0.8 over six of drawn runners who move as marker trials do; twice that for clothes that nobody drew.
Adduction: 2.6 RMS over the same feet, nearly all of it the thigh, whose hip landmark is put half way to these bodies'
wide-set joints (:data:`gait.signals.placement.HIP_OUTWARDS`)."""

FROM_MEAN_SD_DEG = 1.9
"""The same for the drop where the mean tilt is not believed: both the 1.5 of the hip line and the 1.2 of the mean."""

HIP_LINE_METHOD = "; hip line read from the picture by a network that was trained on drawn runners"
FROM_MEAN_METHOD = "; from the mean position of the pelvis, which is taken as level because the clothes hide it"

UNCLEAR = (
    "The pelvis is not clear enough in the picture for its tilt to be read. Close-fitting shorts in another colour "
    "than the shirt and a shirt tucked in help."
)
TOO_FEW = "The pelvis was seen in too few pictures."
ONE_LEG = "The pelvis was seen in too few landings of one of the legs."


@dataclass(frozen=True, eq=False)
class Pelvis:
    """The hip line over the clip, or why there is none.

    Parameters
    ----------
    roll_deg : ndarray, shape (M,), or None
        Against the horizontal at the times of the legs, positive where the right hip is higher; NaN where no picture
        was looked at.
    reason : str
        Why there is none.
    mean_known : bool
        False where it is the movement alone, about a mean that is taken as level.
    """

    roll_deg: Floats | None
    reason: str = ""
    mean_known: bool = True

    @classmethod
    def of(
        cls, seen: PelvisRolls | None, times_s: Floats, horizon_deg: float, stances: Mapping[str, Sequence[Stance]]
    ) -> Pelvis:
        """Judge what was read, and join it to a curve.

        Parameters
        ----------
        seen : PelvisRolls or None
            What the pictures showed.
        times_s : ndarray, shape (M,)
            Times of the legs.
        horizon_deg : float
            Angle of the true horizontal, positive where it rises towards the runner's right.
        stances : mapping of str to sequence of Stance
            Of each leg; those that were not looked at do not count.
        """
        if seen is None or len(seen.times_s) < MIN_PICTURES:
            return cls(None, TOO_FEW)
        roll_deg, scatter_deg = roll_signal(seen, times_s)
        clear = (
            float(np.median(seen.doubt_deg)) <= MAX_DOUBT_DEG
            and float(np.median(seen.spread_deg)) <= MAX_SPREAD_DEG
            and scatter_deg <= MAX_SCATTER_DEG
        )
        if not clear:
            return cls(None, UNCLEAR)
        roll_deg = roll_deg - horizon_deg
        sure = float(np.median(seen.spread_deg)) <= SURE_SPREAD_DEG
        mean_deg = mean_position(roll_deg, times_s, stances)
        if mean_deg is None:
            # A few per cent of a movement about another centre do no harm; a centre that is not the mean does.
            if not sure:
                return cls(None, ONE_LEG)
            mean_deg = float(np.nanmean(roll_deg))
        moved = (roll_deg - mean_deg) / MOTION_GAIN
        return cls(mean_deg + moved if sure else moved, mean_known=sure)


NOT_LOOKED_AT = Pelvis(None, "The pelvis was not looked at in the pictures.")
"""What holds where there are landmarks alone."""


def mean_position(roll_deg: Floats, times_s: Floats, stances: Mapping[str, Sequence[Stance]]) -> float | None:
    """Return the mean of a hip line over stances, both legs with the same weight.

    Parameters
    ----------
    roll_deg : ndarray, shape (M,)
        NaN where not known.
    times_s : ndarray, shape (M,)
    stances : mapping of str to sequence of Stance

    Returns
    -------
    float or None
        None where one of the legs was seen in fewer than :data:`MIN_STANCES` stances.
    """
    legs = []
    for own in stances.values():
        parts = (roll_deg[(times_s >= stance.ic_s) & (times_s <= stance.to_s)] for stance in own)
        means = [float(np.nanmean(part)) for part in parts if len(part) and np.isfinite(part).mean() >= MIN_SEEN]
        if len(means) < MIN_STANCES:
            return None
        legs.append(float(np.mean(means)))
    return float(np.mean(legs)) if len(legs) == 2 else None


def roll_signal(seen: PelvisRolls, times_s: Floats) -> tuple[Floats, float]:
    """Smooth the roll of single pictures, a straight line in a moving Gaussian window.

    Parameters
    ----------
    seen : PelvisRolls
    times_s : ndarray, shape (M,)
        Regular times at which it is wanted.

    Returns
    -------
    roll_deg : ndarray, shape (M,)
        NaN further than 25 ms from any picture.
    scatter_deg : float
        Spread of single pictures about it: 1.48 times their median distance.
    """
    step_s = float(times_s[1] - times_s[0])
    sums = np.zeros((5, len(times_s)))
    known = np.zeros(len(times_s), bool)
    for at_s, roll in zip(seen.times_s, seen.roll_deg, strict=True):
        low, high = (
            int(np.clip(round((t - times_s[0]) / step_s), 0, len(times_s)))
            for t in (at_s - 4 * SMOOTH_S, at_s + 4 * SMOOTH_S)
        )
        away = at_s - times_s[low:high]
        weight = np.exp(-0.5 * (away / SMOOTH_S) ** 2)
        sums[:, low:high] += weight * np.stack([np.ones_like(away), away, away**2, roll + 0 * away, roll * away])
        known[low:high] |= np.abs(away) <= REACH_S
    one, t, tt, y, ty = sums
    spread = one * tt - t**2
    # Where one picture alone is near there is no slope.
    steady = spread > 1e-3 * (one * SMOOTH_S) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        roll_deg = np.where(steady, (tt * y - t * ty) / spread, y / one)
    roll_deg = np.where(known, roll_deg, np.nan)
    there = np.interp(seen.times_s, times_s, roll_deg)
    off = np.abs(seen.roll_deg - there)
    off = off[np.isfinite(off)]
    return roll_deg, 1.48 * float(np.median(off)) if len(off) else float("inf")

"""What a view from behind shows of pelvis, thigh, trunk and steps, stride by stride. Signs: the catalogue.

In the picture x points to the right and y up; from behind the runner's left is on the picture's left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gait.model import SIDES, Floats, Stride
from gait.signals.legs import Leg, angle_deg
from gait.skeleton import OUTWARDS, other

PLACED_AT = (0.40, 0.50)
"""Part of stance over which the place of the heel is read: 45 % of stance, with less noise than one sample."""

KNEE_BREADTH_OF_HEIGHT = 0.055
"""Breadth of a knee over the epicondyles as a share of body height: 9.7 cm at 1.76 m, 8.9 cm at 1.63 m (means of the
Heath-Carter anthropometric method's femur breadth for men and women). [rounded]"""

_AROUND_PEAK = 2
"""Per cent of stance before and after the peak of the median stance over which a stride's value is taken."""

_SEEN = 0.8
_PHASES = np.linspace(0.0, 1.0, 101)

PELVIS_SHARE_DEG = 2.6
"""What the pelvis adds to peak hip adduction where its tilt is not known: peak against the hip line less peak against
vertical, mean over 36 feet of the 18 marker trials in the frontal plane (SD 1.4, -1.1 to 5.2 deg)."""

THIGH_ALONE_METHOD = "; thigh against vertical and the usual"
"""With how many degrees follow, the method of a hip adduction where the tilt of the pelvis is not known."""

ANGLES = ("pelvic_drop_deg", "hip_adduction_peak_deg", "lateral_trunk_lean_deg")
"""Quantities of :func:`stance_values`, in degrees."""


@dataclass(frozen=True, eq=False)
class FrontalPlane:
    """Both legs seen from behind.

    Parameters
    ----------
    legs : dict of str to Leg
        By side, in the body frame (x to the picture's right, y up).
    roll_deg : ndarray, shape (M,), optional
        Hip line against horizontal, + right hip higher, where it was read from the pictures
        (:class:`gait.metrics.pelvis.Pelvis`); the line between the legs' hips when not given.
    """

    legs: Mapping[str, Leg]
    roll_deg: Floats | None = None

    def pelvic_drop_deg(self, side: str) -> Floats:
        """Hip line against horizontal while ``side`` stands, + swing side lower, shape (M,)."""
        if self.roll_deg is not None:
            return np.asarray(OUTWARDS[side] * self.roll_deg)
        right, left = (self.legs[s].position["hip"] for s in ("right", "left"))
        line = right - left
        # Rising to the right the line is higher at the right hip: a drop of the left side.
        return np.asarray(OUTWARDS[side] * angle_deg(line[:, 1], line[:, 0]))

    def thigh_deg(self, side: str) -> Floats:
        """Thigh against vertical, + knee towards the midline, shape (M,)."""
        position = self.legs[side].position
        thigh = position["knee"] - position["hip"]
        return np.asarray(-OUTWARDS[side] * angle_deg(thigh[:, 0], -thigh[:, 1]))

    def hip_adduction_deg(self, side: str) -> Floats:
        """Thigh against the normal of the hip line, + knee towards the midline, shape (M,)."""
        return self.thigh_deg(side) + self.pelvic_drop_deg(side)

    def trunk_lean_deg(self, side: str) -> Floats:
        """Mid-hip to mid-shoulder against vertical, + towards ``side``, shape (M,)."""
        position = self.legs[side].position
        line = position["mid_shoulder"] - position["mid_hip"]
        return np.asarray(OUTWARDS[side] * angle_deg(line[:, 0], line[:, 1]))

    def knee_distance(self) -> Floats:
        """How far the right knee is to the right of the left one, in the unit of the legs, shape (M,)."""
        return np.asarray(self.legs["right"].position["knee"][:, 0] - self.legs["left"].position["knee"][:, 0])


def stance_curves(leg: Leg, signal: Floats, strides: Sequence[Stride]) -> Floats:
    """Return a signal over each stance, 0 to 100 %, shape (n, 101); NaN where less than 80 % of a stance was seen."""
    rows = np.full((len(strides), len(_PHASES)), np.nan)
    for k, stride in enumerate(strides):
        if not np.isfinite(stride.to_s):
            continue
        at_s = stride.ic_s + _PHASES * (stride.to_s - stride.ic_s)
        index = np.clip(np.round((at_s - leg.times_s[0]) * 1000.0).astype(int), 0, len(leg.times_s) - 1)
        row = signal[index]
        if np.isfinite(row).mean() >= _SEEN:
            rows[k] = row
    return rows


def peaks(curves: Floats) -> Floats:
    """Return each stance's value where the median stance has its peak, shape (n,).

    Notes
    -----
    The largest value of each single stance would be its peak plus the largest error of its landmarks.
    """
    seen = np.isfinite(curves).any(axis=0)
    if not seen.any():
        return np.full(len(curves), np.nan)
    median = np.full(curves.shape[1], -np.inf)
    median[seen] = np.nanmedian(curves[:, seen], axis=0)
    at = int(median.argmax())
    return _mean(curves[:, max(0, at - _AROUND_PEAK) : at + _AROUND_PEAK + 1])


def stance_values(plane: FrontalPlane, side: str, strides: Sequence[Stride]) -> dict[str, Floats]:
    """Measure the stances of one side.

    Parameters
    ----------
    plane : FrontalPlane
    side : str
        The standing leg.
    strides : sequence of Stride
        Of that leg; those without a toe-off give NaN.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Degrees under their catalogue names; ``thigh_adduction_peak_deg``, thigh against vertical; ``knee_distance``,
        the smallest in stance, in the unit of the legs.
    """
    leg = plane.legs[side]

    def over_stance(signal: Floats) -> Floats:
        return stance_curves(leg, signal, strides)

    return {
        "pelvic_drop_deg": peaks(over_stance(plane.pelvic_drop_deg(side))),
        "hip_adduction_peak_deg": peaks(over_stance(plane.hip_adduction_deg(side))),
        "thigh_adduction_peak_deg": peaks(over_stance(plane.thigh_deg(side))),
        "lateral_trunk_lean_deg": _mean(over_stance(plane.trunk_lean_deg(side))),
        "knee_distance": -peaks(over_stance(-plane.knee_distance())),
    }


def step_widths(plane: FrontalPlane, strides: Mapping[str, Sequence[Stride]]) -> Floats:
    """Return right heel minus left heel, each in the middle of its own stance, for every two consecutive contacts.

    Returns
    -------
    ndarray, shape (n,)
        Unit of the legs.
    """
    placed = sorted(
        (stride.ic_s, side, _heel_x(plane.legs[side], stride), stride.next_ic_s - stride.ic_s)
        for side in SIDES
        for stride in strides[side]
        if np.isfinite(stride.to_s)
    )
    widths = []
    for (ic_s, side, x, stride_s), (next_s, next_side, next_x, _) in pairwise(placed):
        # Two contacts further apart than a step have one between them that was not seen.
        if next_side == other(side) and next_s - ic_s < 0.8 * stride_s:
            widths.append(x - next_x if side == "right" else next_x - x)
    found = np.array(widths)
    return found[np.isfinite(found)]


def _heel_x(leg: Leg, stride: Stride) -> float:
    contact_s = stride.to_s - stride.ic_s
    start, stop = (stride.ic_s + share * contact_s for share in PLACED_AT)
    x = leg.position["heel"][leg.window(start, stop), 0]
    return float(np.median(x)) if np.isfinite(x).all() else float("nan")


def oscillations(leg: Leg, strides: Sequence[Stride]) -> Floats:
    """Return highest less lowest mid-hip within each half of every stride, mean of the two steps, shape (n,)."""
    found = []
    for stride in strides:
        middle = (stride.ic_s + stride.next_ic_s) / 2
        heights = [
            leg.position["mid_hip"][leg.window(start, stop), 1]
            for start, stop in ((stride.ic_s, middle), (middle, stride.next_ic_s))
        ]
        found.append(float(np.mean([height.max() - height.min() for height in heights])))
    return np.array(found)


def _mean(rows: Floats) -> Floats:
    """Mean of each row's finite values, NaN for a row with fewer than 80 % of them."""
    ok = np.isfinite(rows)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(ok, rows, 0.0).sum(axis=1) / ok.sum(axis=1)
    return np.where(ok.mean(axis=1) >= _SEEN, mean, np.nan)

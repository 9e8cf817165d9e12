"""The rearfoot in the frontal plane: prescribed eversion, the foot's roll that yields it, and the shoe's torsion.

The angle is the one of the joint coordinate system of the ankle (Wu et al. 2002, DOI 10.1016/S0021-9290(01)00222-6),
about its floating axis: asin(h . m), where h is the heel counter's mid-line, upwards, and m the knee's hinge axis,
which is square to the line from knee to ankle and points to the runner's left. Right foot: everted where h leans
towards m, so asin(h . m) itself; left foot: its negative. Standing with parallel calf and heel it is 0.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.spatial.transform import Rotation

from .spec import FrontalSpec

# The foot rolls about an axis this high in its midsole (m): the ankle moves inwards as the foot everts.
AXIS_Z_M = 0.014
# The forefoot lies flat from this share of stance on and follows the rearfoot again this long after toe-off (s).
FORE_FLAT, FORE_FREE_S = 0.20, 0.10


def smooth(share: np.ndarray) -> np.ndarray:
    """Rise from 0 to 1 with flat ends."""
    u = np.clip(share, 0.0, 1.0)
    return u * u * (3 - 2 * u)


class Eversion:
    """Prescribed eversion of one foot over a clip.

    Parameters
    ----------
    spec : FrontalSpec
    side : int
        0 right, 1 left.
    contact, off : ndarray of shape (n,)
        The foot's initial contacts and toe-offs (s).

    Attributes
    ----------
    at_contact, excursion : ndarray of shape (n,)
        Each stance's eversion at initial contact and the rise from there to its peak (deg).
    """

    def __init__(self, spec: FrontalSpec, side: int, contact: np.ndarray, off: np.ndarray) -> None:
        self.sign = 1.0 if side == 0 else -1.0
        self.contact, self.off = contact, off
        draw = np.clip(np.random.default_rng((spec.seed, side)).standard_normal((2, len(contact))), -2.0, 2.0)
        self.at_contact = spec.contact_deg[side] + spec.contact_sd_deg * draw[0]
        self.excursion = np.maximum(spec.excursion_deg[side] + spec.excursion_sd_deg * draw[1], 0.0)
        count = len(contact)
        gap = np.append(contact[1:], off[-1] + (contact[-1] - off[-2])) - off
        rising = np.array([(0.0, 0.0), *spec.loading, (1.0, 1.0)])
        to_peak = spec.peak_share[side] * (off - contact)
        times = np.column_stack([contact[:, None] + to_peak[:, None] * rising[:, 0], off, off + 0.5 * gap])
        ends = np.full(count, spec.off_deg[side]), np.full(count, spec.swing_deg[side])
        values = np.column_stack([self.at_contact[:, None] + self.excursion[:, None] * rising[:, 1], *ends])
        # Monotone between the knots, flat at each peak and trough: no peak lies beyond the prescribed ones.
        self._curve = PchipInterpolator(times.ravel(), np.radians(values).ravel(), extrapolate=False)

    def angle(self, time_s: np.ndarray) -> np.ndarray:
        """Eversion (rad) at times within the run."""
        return self._curve(np.clip(time_s, self._curve.x[0], self._curve.x[-1]))

    def roll(self, time_s: np.ndarray, pitch: np.ndarray, yaw: float, tilt: np.ndarray) -> np.ndarray:
        """Roll of the foot about its long axis (rad, positive with the left edge up) that yields the eversion.

        Parameters
        ----------
        time_s, pitch, tilt : ndarray of shape (n,)
            Times (s), the rearfoot's pitch and the leg plane's tilt (rad).
        yaw : float
            The foot's turn to the left (rad).
        """
        return roll_for(self.sign * self.angle(time_s), pitch, yaw, tilt)

    def fore_share(self, time_s: np.ndarray) -> np.ndarray:
        """Share of the rearfoot's roll that the forefoot follows: none while it lies on the belt, all in swing."""
        which = np.clip(np.searchsorted(self.contact, time_s, side="right") - 1, 0, len(self.contact) - 1)
        contact, off = self.contact[which], self.off[which]
        down = 1 - smooth((time_s - contact) / (FORE_FLAT * (off - contact)))
        return np.where(time_s < off, down, smooth((time_s - off) / FORE_FREE_S))


def roll_for(lean: np.ndarray, pitch: np.ndarray, yaw: float, tilt: np.ndarray) -> np.ndarray:
    """Roll of the foot about its long axis (rad) that leans the heel counter to the left, against the shank.

    Parameters
    ----------
    lean, pitch, tilt : ndarray of shape (n,)
        Wanted lean, the rearfoot's pitch and the leg plane's tilt (rad).
    yaw : float
        The foot's turn to the left (rad).
    """
    turn = foot_axes(pitch, yaw).as_matrix()
    hinge = np.stack([0 * tilt, np.cos(tilt), np.sin(tilt)], axis=-1)
    up, left = (np.einsum("ni,ni->n", turn[:, :, axis], hinge) for axis in (2, 1))
    # The rolled mid-line is cos(roll) up - sin(roll) left, so its part along the hinge is a plain cosine.
    reach, phase = np.hypot(up, left), np.arctan2(left, up)
    return np.arccos(np.clip(np.sin(lean) / reach, -1.0, 1.0)) - phase


def foot_axes(pitch: np.ndarray, yaw: float) -> Rotation:
    """Turn from foot axes (along the rearfoot, left, up) to runner axes, before the roll."""
    return Rotation.from_euler("z", yaw) * Rotation.from_euler("y", -np.atleast_1d(pitch)[:, None])


def ankle_shift(ankle_z: float, pitch: np.ndarray, yaw: float, roll: np.ndarray) -> np.ndarray:
    """How far a roll about the midsole takes the ankle joint (m), shape (n, 3); axes forward, left, up."""
    arm, roll = ankle_z - AXIS_Z_M, np.atleast_1d(roll)
    return foot_axes(pitch, yaw).apply(np.stack([0 * roll, -arm * np.sin(roll), arm * (np.cos(roll) - 1)], axis=-1))

"""The shoe of a foot that everts: its heel counter rolls, its tread stays on the belt, its forefoot stays flat."""

from __future__ import annotations

import numpy as np

from .frontal import AXIS_Z_M, ankle_shift, foot_axes, smooth
from .shoemaker import Shoe, place_shoe

# A sole on the belt stays flat; the midsole takes up the roll below this height (m), which is below the heel counter.
FLEX_M = 0.030
# Up to this height above the belt the cushion is squashed in landing (m); the heel counter above stays as it is.
CUSHION_M = 0.036
# Torsion of the shoe: rigid behind the first, flat ahead of the second, as shares of the way from ankle to toe joints.
TORSION = (0.10, 0.85)


def place_everted(
    shoe: Shoe,
    ankle: np.ndarray,
    rear_rad: float,
    bend_rad: float,
    yaw: float,
    give: np.ndarray,
    roll: float,
    fore_share: float,
) -> np.ndarray:
    """Shoe vertices in runner axes (forward, left, up) for one instant, with the heel counter rolled.

    What lies on the belt stays flat on it, the midsole shears and is squeezed on the side towards which the foot
    rolls, and the roll fades towards the toe joints.

    Parameters
    ----------
    shoe : Shoe
    ankle : ndarray of shape (3,)
        Ankle joint of the rolled foot (m).
    rear_rad, bend_rad, yaw : float
        See `place_shoe`.
    give : ndarray of shape (2,)
        See `place_shoe`.
    roll : float
        Turn of the heel counter about the rearfoot's long axis, positive with the left edge up (rad).
    fore_share : float
        Share of the roll that the forefoot follows.
    """
    geometry = shoe.geometry
    straight = ankle - ankle_shift(geometry.ankle_z, np.array([rear_rad]), yaw, np.array([roll]))[0]
    flat = place_shoe(shoe, straight, rear_rad, bend_rad, yaw, give, cushion_m=CUSHION_M)
    turn = foot_axes(np.array([rear_rad]), yaw).as_matrix()[0]
    axis_at = straight + turn @ np.array([0.0, 0.0, AXIS_Z_M - geometry.ankle_z])
    along, across, above = ((flat - axis_at) @ turn).T
    first, last = (share * geometry.ball_x for share in TORSION)
    rear = 1 - smooth((shoe.vertices[:, 0] - first) / (last - first))
    local = roll * (rear + (1 - rear) * fore_share) * smooth(flat[:, 2] / FLEX_M)
    cosine, sine = np.cos(local), np.sin(local)
    rolled = np.stack([along, across * cosine - above * sine, across * sine + above * cosine], axis=-1)
    return axis_at + rolled @ turn.T

"""How a running shoe stands, rolls and bends on a belt, without slipping.

Everything here happens in the shoe's own sagittal plane: x forward and z up, in metres, origin on the
sole's plane under the ankle joint. The sole is flat between two circular arcs, a heel bevel and a toe
rocker, so rolling has a closed form: the arc's centre stays at the height of its radius and moves by radius
times angle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BEND_STEPS = 48


@dataclass(frozen=True)
class ShoeGeometry:
    """Sagittal shape of one shoe.

    Attributes
    ----------
    heel_x, toe_x : float
        Rearmost and foremost point of the sole (m).
    ball_x : float
        Toe joints, where the shoe bends (m).
    ankle_z : float
        Height of the ankle joint above the flat sole (m).
    heel_radius, toe_radius : float
        Radii of the heel bevel and of the toe rocker (m).
    bevel_deg, rocker_deg : float
        Angles these arcs span.
    neutral_z : float
        Height above the sole of the layer that keeps its length in bending (m).
    bend_before, bend_after : float
        Length of the bending zone behind and ahead of the toe joints (m).
    """

    heel_x: float
    toe_x: float
    ball_x: float
    ankle_z: float
    heel_radius: float = 0.050
    toe_radius: float = 0.090
    bevel_deg: float = 26.0
    rocker_deg: float = 40.0
    neutral_z: float = 0.008
    bend_before: float = 0.040
    bend_after: float = 0.012

    @property
    def flat_x(self) -> tuple[float, float]:
        """Rear and front end of the flat part of the sole (m)."""
        rear = self.heel_x + self.heel_radius * np.sin(np.radians(self.bevel_deg))
        front = self.toe_x - self.toe_radius * np.sin(np.radians(self.rocker_deg))
        return rear, front

    def sole_height(self, x: np.ndarray) -> np.ndarray:
        """Height of the unbent sole's lower face at `x` (m)."""
        rear, front = self.flat_x
        behind = np.clip(rear - x, 0, self.heel_radius * 0.95)
        ahead = np.clip(x - front, 0, self.toe_radius * 0.95)
        heel = self.heel_radius - np.sqrt(self.heel_radius**2 - behind**2)
        toe = self.toe_radius - np.sqrt(self.toe_radius**2 - ahead**2)
        return heel + toe

    def bend(self, x: np.ndarray, z: np.ndarray, bend_rad: float) -> tuple[np.ndarray, np.ndarray]:
        """Bend the shoe at the toe joints; the forefoot stays where it is and the heel goes up.

        Parameters
        ----------
        x, z : ndarray
            Points of the unbent shoe (m).
        bend_rad : float
            Angle between rearfoot and forefoot, in radians, positive with the heel up.

        Returns
        -------
        tuple of ndarray
            The points in the forefoot's frame.
        """
        start = self.ball_x + self.bend_after
        length = self.bend_before + self.bend_after
        grid = np.linspace(0.0, 1.0, BEND_STEPS)
        angle = bend_rad * (grid - np.sin(2 * np.pi * grid) / (2 * np.pi))
        step = length / (BEND_STEPS - 1)
        back = np.concatenate([[0.0], np.cumsum((np.cos(angle[1:]) + np.cos(angle[:-1])) * step / 2)])
        rise = np.concatenate([[0.0], np.cumsum((np.sin(angle[1:]) + np.sin(angle[:-1])) * step / 2)])
        along = start - np.asarray(x)
        part = np.clip(along / length, 0.0, 1.0)
        local = np.interp(part, grid, angle)
        beyond = np.where(along < 0, along, np.maximum(along - length, 0.0))
        axis_x = start - np.interp(part, grid, back) - beyond * np.cos(local)
        axis_z = self.neutral_z + np.interp(part, grid, rise) + beyond * np.sin(local)
        above = np.asarray(z) - self.neutral_z
        return axis_x + above * np.sin(local), axis_z + above * np.cos(local)

    def roll(self, forefoot_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the forefoot frame's origin is when the shoe has rolled to a pitch.

        Parameters
        ----------
        forefoot_rad : ndarray
            Pitch of the forefoot, radians, positive with the toes up.

        Returns
        -------
        tuple of ndarray
            Displacement along the belt and height (m), relative to the flat shoe, of the forefoot frame's
            origin.
        """
        pitch = np.asarray(forefoot_rad)
        rear, front = self.flat_x
        radius = np.where(pitch > 0, self.heel_radius, self.toe_radius)
        centre = np.where(pitch > 0, rear, front)
        cosine, sine = np.cos(pitch), np.sin(pitch)
        x = centre - radius * pitch - (centre * cosine - radius * sine)
        z = radius - (centre * sine + radius * cosine)
        return x, z

    def ankle(self, rear_rad: np.ndarray, bend_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ankle joint above the belt for a shoe in rolling contact, relative to its flat placement (m).

        Parameters
        ----------
        rear_rad, bend_rad : ndarray
            Pitch of the rearfoot (positive toes up) and bend at the toes (positive heel up), radians.
        """
        rear_rad, bend_rad = np.broadcast_arrays(np.atleast_1d(rear_rad), np.atleast_1d(bend_rad))
        forefoot = rear_rad + bend_rad
        x0, z0 = self.roll(forefoot)
        bent = np.array([self.bend(np.zeros(1), np.full(1, self.ankle_z), b) for b in bend_rad])[:, :, 0]
        cosine, sine = np.cos(forefoot), np.sin(forefoot)
        return x0 + bent[:, 0] * cosine - bent[:, 1] * sine, z0 + bent[:, 0] * sine + bent[:, 1] * cosine

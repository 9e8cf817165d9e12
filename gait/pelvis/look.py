"""Look at a rear view: at the heels, and in the same pictures at the pelvis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from gait.model import Floats, PoseSequence
from gait.pelvis.hipline import HipLine, see_hip_line
from gait.pelvis.rolls import PelvisRolls, RearSeen
from gait.rearfoot.angles import Stance
from gait.rearfoot.finder import is_close_up
from gait.rearfoot.look import Look, spread
from gait.skeleton import SKELETONS

MAX_STANCES = 15
"""Stances of a leg in which the pelvis is read, spread evenly: more would not narrow the interval, most of which is
common to all. [default of ours]"""

_AROUND_S = 0.025
"""So long before contact and after toe-off pictures are read, too, because curves are smoothed over that much
(:data:`gait.metrics.pelvis.REACH_S`); after toe-off only those that are decoded for the other foot's landing."""


def _around(times_s: Floats, stances: Iterable[Stance]) -> frozenset[int]:
    """Rows of the frames in stances, and just before and after."""
    found: set[int] = set()
    for stance in stances:
        near = (times_s >= stance.ic_s - _AROUND_S) & (times_s <= stance.to_s + _AROUND_S)
        found.update(int(i) for i in np.flatnonzero(near))
    return frozenset(found)


@dataclass(eq=False)
class PelvisReader:
    """Collects the roll of the pelvis from the pictures that it is shown.

    Parameters
    ----------
    times_s : ndarray, shape (T,)
        Times of the landmarks.
    mid_hip_px : ndarray, shape (T, 2)
        Middle of the hips, NaN where not seen.
    trunk_px : float
        Length of the trunk in this clip.
    mirrored : bool
        The picture is mirror-inverted.
    wanted : frozenset of int, optional
        Rows of the landmarks that are read; all where not given.
    read : dict of int to HipLine
        What was read so far, by row.
    """

    times_s: Floats
    mid_hip_px: Floats
    trunk_px: float
    mirrored: bool = False
    wanted: frozenset[int] | None = None
    read: dict[int, HipLine] = field(default_factory=dict)

    @classmethod
    def of(cls, pose: PoseSequence, stances: Iterable[Stance] | None = None, *, mirrored: bool = False) -> PelvisReader:
        """Take the places to look at from the landmarks, and the frames from the stances: all where none are given."""
        skeleton = SKELETONS[pose.skeleton]
        hip, shoulder = (
            pose.xy_px[:, skeleton.indices([f"left_{part}", f"right_{part}"])].mean(axis=1)
            for part in ("hip", "shoulder")
        )
        lengths = np.linalg.norm(hip - shoulder, axis=1)
        trunk_px = float(np.nanmedian(lengths)) if np.isfinite(lengths).any() else float("nan")
        return cls(pose.times_s, hip, trunk_px, mirrored, None if stances is None else _around(pose.times_s, stances))

    def see(self, index: int, rgb: NDArray[np.uint8]) -> None:
        """Read one picture, if it is wanted; ``index`` is its row in the landmarks."""
        if self.wanted is not None and index not in self.wanted:
            return
        found = see_hip_line(rgb, self.mid_hip_px[index], self.trunk_px)
        if found is not None:
            self.read[index] = found

    def rolls(self) -> PelvisRolls:
        """Return what was read so far, in order of time."""
        rows = sorted(self.read)
        lines = [self.read[i] for i in rows]
        # In a mirror image the runner's right hip is on the picture's left.
        sign = -1.0 if self.mirrored else 1.0
        return PelvisRolls(
            self.times_s[rows],
            sign * np.array([line.roll_deg for line in lines]),
            np.array([line.spread_deg for line in lines]),
            np.array([line.doubt_deg for line in lines]),
        )


@dataclass(frozen=True, eq=False)
class RearLook:
    """Looks at heels and pelvis in one go through the film.

    Parameters
    ----------
    heels : Look
        Reads the heels.
    """

    heels: Look

    def __call__(
        self, pose: PoseSequence, stances: dict[str, list[Stance]], standing_s: Sequence[tuple[float, float]] = ()
    ) -> RearSeen:
        """Read both feet, and the pelvis in the pictures of their stances."""
        if is_close_up(pose.estimator):
            return RearSeen(self.heels(pose, stances, standing_s))
        # Of the stances in which the heels are looked at: no other pictures are shown.
        chosen = [stance for own in stances.values() for stance in spread(spread(own), MAX_STANCES)]
        reader = PelvisReader.of(pose, chosen, mirrored=self.heels.mirrored)
        feet = replace(self.heels, shown=reader.see)(pose, stances, standing_s)
        return RearSeen(feet, reader.rolls())

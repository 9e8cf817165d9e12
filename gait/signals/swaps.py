"""Repair of left/right leg swaps over a whole clip.

In a side view the legs cross twice a stride and pose models exchange them there. Which assignment is right cannot
be told from one frame. Two things tell it over the whole clip: legs do not jump, and they swing in antiphase at one
stride frequency. Dynamic programming (Viterbi 1967, doi:10.1109/TIT.1967.1054010) finds the sequence of keep and
exchange that fits both best.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gait.model import Bools, Floats, PoseSequence, regular_step_s
from gait.signals.spectral import antiphase_reference, leg_separation, spectral_cadence
from gait.skeleton import SKELETONS

SWAPPED_PARTS = ("knee", "ankle", "heel", "foot_index")
_ANKLE = SWAPPED_PARTS.index("ankle")


@dataclass(frozen=True)
class SwapRepair:
    """Choose keep or exchange for every frame. All prices are in leg lengths of landmark movement.

    Parameters
    ----------
    antiphase_price : float
        Price of a frame whose legs are apart by one unit of the reference the wrong way round. [default of ours]
    label_price : float
        Price of exchanging one frame; decides where motion and antiphase do not. [default of ours]
    cap : float
        Largest price of one landmark's jump, so that an outlier costs no more than a swap would. [default of ours]
    rate_hz : float
        Faster clips are thinned to about this rate for the search: between two frames 4 ms apart the legs
        hardly move, and a swap would look smooth. [default of ours]
    """

    antiphase_price: float = 0.5
    label_price: float = 0.02
    cap: float = 0.6
    rate_hz: float = 60.0

    def find(self, times_s: Floats, left: Floats, right: Floats, leg_length: float) -> Bools:
        """Return the frames in which left and right are exchanged.

        Parameters
        ----------
        times_s : ndarray, shape (T,)
            Frame times.
        left, right : ndarray, shape (T, P, 2)
            The same landmarks (:data:`SWAPPED_PARTS`) of both legs as labelled. Frames without both ankles take
            no part; other missing landmarks just do not count.
        leg_length : float
            In the unit of the landmarks.

        Returns
        -------
        ndarray of bool, shape (T,)
        """
        swapped = np.zeros(len(times_s), dtype=bool)
        ankles = np.concatenate([left[:, _ANKLE], right[:, _ANKLE]], axis=1)
        seen = np.flatnonzero(np.isfinite(ankles).all(axis=1))
        if len(seen) < 3:
            return swapped
        pair = np.stack([left[seen], right[seen]], axis=1) / leg_length
        unary = self._antiphase(times_s[seen], pair)
        thin = max(1, round(1.0 / regular_step_s(times_s[seen]) / self.rate_hz))
        nodes = np.arange(0, len(seen), thin)
        choice = self._viterbi(times_s[seen][nodes], pair[nodes], unary[nodes])
        swapped[seen] = _between(nodes, choice, pair)
        return swapped

    def _antiphase(self, times_s: Floats, pair: Floats) -> Floats:
        """Price of keeping and of exchanging each frame, shape (T, 2)."""
        separation = leg_separation(pair[:, 0, _ANKLE], pair[:, 1, _ANKLE], 1.0)
        cadence = spectral_cadence(times_s, separation)
        price = np.zeros((len(times_s), 2))
        if np.isfinite(cadence.step_hz):
            reference = antiphase_reference(times_s, separation, cadence.step_hz / 2)
            agreement = self.antiphase_price * separation * reference
            price[:, 0] = np.maximum(-agreement, 0.0)
            price[:, 1] = np.maximum(agreement, 0.0)
        price[:, 1] += self.label_price
        return price

    def _viterbi(self, times_s: Floats, pair: Floats, unary: Floats) -> Bools:
        """Solve over states (choice in the frame before, choice in this frame); ``pair`` is (T, 2, P, 2)."""
        n = len(times_s)
        if n < 3:
            return np.asarray(unary[:, 1] < unary[:, 0])
        movement = self._movement(times_s, np.stack([pair, pair[:, ::-1]], axis=1))
        cost = unary[0][:, None] + unary[1][None, :]
        back = np.zeros((n, 2, 2), dtype=np.int8)
        for t in range(2, n):
            total = cost[:, :, None] + movement[t] + unary[t][None, None, :]
            back[t] = total.argmin(axis=0)
            cost = total.min(axis=0)
        choice = np.zeros(n, dtype=np.int8)
        choice[n - 2], choice[n - 1] = np.unravel_index(int(cost.argmin()), (2, 2))
        for t in range(n - 1, 1, -1):
            choice[t - 2] = back[t, choice[t - 1], choice[t]]
        return choice.astype(bool)

    def _movement(self, times_s: Floats, options: Floats) -> Floats:
        """Capped distance from constant velocity for choices (a, b, c) in frames t-2, t-1, t: shape (T, 2, 2, 2)."""
        steps = np.diff(times_s)
        unit = float(np.median(steps))
        out = np.zeros((len(times_s), 2, 2, 2))
        ratio = (steps[1:] / steps[:-1])[:, None, None, None]
        slack = np.maximum(steps[1:] / unit, 1.0)[:, None]
        for a in (0, 1):
            for b in (0, 1):
                predicted = options[1:-1, b] + (options[1:-1, b] - options[:-2, a]) * ratio
                for c in (0, 1):
                    miss = np.linalg.norm(options[2:, c] - predicted, axis=-1).reshape(len(slack), -1) / slack
                    out[2:, a, b, c] = np.nansum(np.minimum(miss, self.cap), axis=1)
        return out


def _between(nodes: np.ndarray, choice: Bools, pair: Floats) -> Bools:
    """Carry the choice from thinned frames to those between them: the one nearer to where the legs must be."""
    out = np.zeros(len(pair), dtype=bool)
    out[nodes] = choice
    settled = np.where(choice[:, None, None, None], pair[nodes][:, ::-1], pair[nodes])
    index = np.arange(len(pair))
    after = np.clip(np.searchsorted(nodes, index), 1, len(nodes) - 1) if len(nodes) > 1 else None
    if after is None:
        return out
    weight = ((index - nodes[after - 1]) / (nodes[after] - nodes[after - 1]))[:, None, None, None]
    expected = settled[after - 1] * (1 - weight) + settled[after] * weight
    keep = np.nansum(np.linalg.norm(pair - expected, axis=-1), axis=(1, 2))
    exchange = np.nansum(np.linalg.norm(pair[:, ::-1] - expected, axis=-1), axis=(1, 2))
    between = ~np.isin(index, nodes)
    out[between] = exchange[between] < keep[between]
    return out


def repair_swaps(
    pose: PoseSequence, leg_length_px: float, method: SwapRepair | None = None
) -> tuple[PoseSequence, Bools]:
    """Exchange knee, ankle, heel and toe of both legs where the labels were swapped.

    The hips stay: pose models place them by the trunk and do not exchange them with the legs.

    Returns
    -------
    PoseSequence
        With the labels repaired.
    ndarray of bool, shape (T,)
        The frames that were exchanged.
    """
    skeleton = SKELETONS[pose.skeleton]
    left = skeleton.indices([f"left_{part}" for part in SWAPPED_PARTS])
    right = skeleton.indices([f"right_{part}" for part in SWAPPED_PARTS])
    method = method or SwapRepair()
    swapped = method.find(pose.times_s, pose.xy_px[:, left], pose.xy_px[:, right], leg_length_px)
    arrays = []
    for array in (pose.xy_px, pose.score, pose.depth):
        fixed = array.copy()
        rows = np.flatnonzero(swapped)[:, None]
        fixed[rows, left] = array[rows, right]
        fixed[rows, right] = array[rows, left]
        arrays.append(fixed)
    return replace(pose, xy_px=arrays[0], score=arrays[1], depth=arrays[2]), swapped

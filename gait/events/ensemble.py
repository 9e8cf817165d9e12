"""The mean stride of a leg, and where in the recording each single stride lies on it.

A pose model's foot seen from behind is noisy in single strides: the swinging leg hides it, and landmarks jump. Strides
repeat to within milliseconds, though, so the shape of movement is read off the median of all strides, and each stride
is then laid onto that shape by its whole movement around the event, not by one sample (signal averaging with latency
estimation, after Woody 1967, doi:10.1007/BF02474247).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.model import Floats
from gait.signals.legs import EVENT_RATE_HZ

_THIN = 4
"""Every fourth sample of 1 ms is compared: the signals are low-passed at 12 Hz or less."""

_ROUNDS = 3
_SEEN = 0.6
"""Share of a window's samples that a stride must show to be laid onto the mean. [default of ours]"""


@dataclass(frozen=True, eq=False)
class Strides:
    """Signals of one leg and where its strides lie.

    Parameters
    ----------
    times_s : ndarray, shape (M,)
        Uniform, 1 kHz.
    signals : ndarray, shape (S, M)
        NaN where not seen.
    anchors_s : ndarray, shape (n,)
        One instant of each stride, the same of all but for small errors.
    """

    times_s: Floats
    signals: Floats
    anchors_s: Floats

    def cut(self, offsets_s: Floats, lags_s: Floats | None = None) -> Floats:
        """Return the signals at offsets (and lags) from every anchor, NaN outside the clip: (S, n[, l], m)."""
        at = self.anchors_s[:, None] + offsets_s if lags_s is None else self._lagged(offsets_s, lags_s)
        index = np.round((at - self.times_s[0]) * EVENT_RATE_HZ).astype(int)
        inside = (index >= 0) & (index < len(self.times_s))
        return np.where(inside, self.signals[:, np.clip(index, 0, len(self.times_s) - 1)], np.nan)

    def _lagged(self, offsets_s: Floats, lags_s: Floats) -> Floats:
        return np.asarray(self.anchors_s[:, None, None] + lags_s[:, None] + offsets_s)

    def median(self, offsets_s: Floats) -> Floats:
        """Return the median stride at offsets from the anchor, shape (S, m)."""
        return _median(self.cut(offsets_s))

    def lags_s(self, start_s: float, stop_s: float, furthest_s: float) -> Floats:
        """Find how much later than the median each stride is in a window.

        Parameters
        ----------
        start_s, stop_s : float
            Window, from the anchor.
        furthest_s : float
            Longest lag either way.

        Returns
        -------
        ndarray, shape (n,)
            NaN for strides that are not seen, or fit best at the furthest lag.
        """
        offsets_s = np.arange(start_s, stop_s, _THIN / EVENT_RATE_HZ)
        lags_s = np.arange(-furthest_s, furthest_s + 1e-9, 2.0 / EVENT_RATE_HZ)
        still = self.cut(offsets_s)
        centre = _median(still)
        scatter = 1.4826 * _median(np.abs(still - centre[:, None]))
        # A landmark that jumps about in this part of the stride weighs little there.
        floor = 0.25 * np.nanmedian(scatter, axis=1, keepdims=True) + 1e-9
        weight = 1.0 / (scatter**2 + floor**2)
        enough = np.isfinite(still).mean(axis=(0, 2)) >= _SEEN
        found = np.full(len(self.anchors_s), np.nan)
        for k in np.flatnonzero(enough):
            moved = Strides(self.times_s, self.signals, self.anchors_s[k : k + 1]).cut(offsets_s, lags_s)[:, 0]
            miss = weight[:, None] * (moved - centre[:, None]) ** 2
            seen = np.isfinite(miss)
            # One wild sample must not decide: beyond 4 SD every miss counts alike.
            cost = np.where(seen, np.minimum(miss, 16.0), 0.0).sum(axis=(0, 2)) / np.maximum(seen.sum(axis=(0, 2)), 1)
            found[k] = _lowest(cost, lags_s)
        return found


def aligned(strides: Strides, start_s: float, stop_s: float, furthest_s: float) -> Strides:
    """Move the anchors of strides until all lie alike on the median stride between two offsets from the anchor."""
    anchors_s = strides.anchors_s
    for _ in range(_ROUNDS):
        lags_s = Strides(strides.times_s, strides.signals, anchors_s).lags_s(start_s, stop_s, furthest_s)
        lags_s = np.nan_to_num(lags_s - (np.nanmedian(lags_s) if np.isfinite(lags_s).any() else 0.0))
        anchors_s = anchors_s + lags_s
    return Strides(strides.times_s, strides.signals, anchors_s)


def _median(values: Floats) -> Floats:
    """Median over strides (second axis), NaN where no stride shows anything; without NumPy's warning of it."""
    nothing = np.asarray(~np.isfinite(values).any(axis=1))
    filled = np.where(nothing[:, None], 0.0, values)
    return np.where(nothing, np.nan, np.nanmedian(filled, axis=1))


def _lowest(cost: Floats, lags_s: Floats) -> float:
    """Return the lag of the lowest cost, between samples by a parabola; NaN on the edge."""
    i = int(cost.argmin())
    if i in (0, len(cost) - 1):
        return float("nan")
    before, lowest, after = cost[i - 1 : i + 2]
    bend = before - 2 * lowest + after
    shift = 0.5 * (before - after) / bend if bend > 0 else 0.0
    return float(lags_s[i] + shift * (lags_s[1] - lags_s[0]))

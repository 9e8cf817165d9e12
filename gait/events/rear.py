"""Running events of one foot seen from behind: times only, with the uncertainty that this view has.

From behind the fore-aft motion of the foot is lost; what remains is its height. On two rendered runners with
force-plate truth the fastest late descent of the ankle lay within 10 ms of contact, and its rise by 5 % of leg length
-14 and +26 ms from toe-off: good for cadence and stride time, rough for contact time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks

from gait.events.detector import Contacts, crossings, event_sd_s, interior_minimum
from gait.model import Floats
from gait.signals.filters import runs_of
from gait.signals.legs import Leg


@dataclass(frozen=True)
class RearDetector:
    """Contact at the ankle's fastest descent, toe-off where it has risen by ``rise`` of leg length."""

    name: str = "rear"
    rise: float = 0.05
    ic_sd_s: float = 0.015
    to_sd_s: float = 0.025

    def __call__(self, leg: Leg, stride_s: float, frame_s: float) -> Contacts:
        """Find the contacts; see :class:`gait.events.detector.EventDetector`."""
        ic, to = [], []
        swings = self._swings(leg, stride_s)
        for swing, following in pairwise(swings):
            contact = self._contact(leg, swing, stride_s)
            if contact is not None:
                ic.append(contact)
                to.append(self._toe_off(leg, contact, following))
        count = len(ic)
        return Contacts(
            leg.side,
            np.array(ic),
            np.array(to),
            np.full(count, event_sd_s(self.ic_sd_s, frame_s)),
            np.full(count, event_sd_s(self.to_sd_s, frame_s)),
            ic_common_sd_s=self.ic_sd_s,
            to_common_sd_s=self.to_sd_s,
        )

    @staticmethod
    def _swings(leg: Leg, stride_s: float) -> list[float]:
        """Times at which the ankle is highest below the hips."""
        height = leg.position["ankle"][:, 1] - leg.position["mid_hip"][:, 1]
        ok = np.isfinite(height)
        if ok.sum() < 100:
            return []
        filled = np.interp(leg.times_s, leg.times_s[ok], height[ok])
        spread = float(np.percentile(filled, 95) - np.percentile(filled, 5))
        peaks, _ = find_peaks(filled, distance=max(1, round(0.6 * stride_s * 1000)), prominence=0.3 * spread)
        return [float(leg.times_s[p]) for p in peaks]

    @staticmethod
    def _contact(leg: Leg, swing_s: float, stride_s: float) -> float | None:
        # After its highest point the ankle sinks twice; contact is the second time, a third of a stride later.
        window = leg.window(swing_s + 0.33 * stride_s, swing_s + 0.60 * stride_s)
        height = _bridged(leg.position["ankle"][window, 1])
        lowest = interior_minimum(np.gradient(height, leg.times_s[window]))
        return None if lowest is None else float(leg.times_s[window][lowest])

    def _toe_off(self, leg: Leg, ic_s: float, following_s: float) -> float:
        window = leg.window(ic_s, following_s)
        height = _bridged(leg.position["ankle"][window, 1])
        if len(height) < 20 or not np.isfinite(height).all():
            return float("nan")
        rising = crossings(height, float(height.min()) + self.rise * leg.length)
        return float(leg.times_s[window][rising[-1]]) if len(rising) else float("nan")


_BRIDGE_SAMPLES = 120


def _bridged(signal: Floats) -> Floats:
    """Put a straight line over gaps of up to 120 ms: from behind the swinging leg hides the other one that long."""
    ok = np.isfinite(signal)
    if ok.sum() < 2:
        return signal
    index = np.arange(len(signal))
    out = np.interp(index, index[ok], signal[ok])
    for gap in runs_of(~ok):
        if gap.stop - gap.start > _BRIDGE_SAMPLES:
            out[gap] = np.nan
    return np.asarray(out)

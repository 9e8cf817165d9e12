"""Running events of one leg in a side view, from foot speed, toe height, knee and ankle.

Every rule and its bias was measured against the force plate of Fukuchi et al. 2017 (doi:10.7717/peerj.3298) on 36
foot-trials (6 runners x 3 speeds x 2 feet) sampled at 120 Hz with 3 mm noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from gait.events.detector import Contacts, crossings, event_sd_s, interior_minimum
from gait.model import Floats
from gait.signals.legs import Leg


@dataclass(frozen=True)
class ToeOffRule:
    """One sign of toe-off: how late it comes after force toe-off, and how much to trust it."""

    bias_s: float
    weight: float


TOE_OFF_RULES = {
    "toe_height": ToeOffRule(0.0054, 0.40),
    "knee_extension": ToeOffRule(0.0169, 0.30),
    "plantarflexion_speed": ToeOffRule(-0.0169, 0.30),
}
"""Mean error and weight of each sign. Marker trials alone would give nearly all weight to toe height (SD 5.5 ms
against 10 and 11); but the toe landmark of a pose model is not the sole, and its height was up to 50 ms late on
rendered runners. The knee and the ankle keep their bias there within 3 ms, so the three share the weight."""


@dataclass(frozen=True)
class KinematicDetector:
    """Initial contact where the foot meets belt speed, toe-off from three signs together.

    Initial contact: the forward velocity of the foot centre (mean of heel and toe) falls through minus
    ``ic_fraction`` of the belt speed, which the foot itself shows in mid-stance. After the idea of Zeni et al. 2008
    (doi:10.1016/j.gaitpost.2007.07.007) to read treadmill events from the foot's fore-aft motion; their own
    extremes of foot position are 25 ms early and 120 ms late in running.
    Toe-off: weighted mean of toe height through its stance minimum + ``toe_rise`` of leg length, of the second
    knee-extension peak, and of the fastest plantarflexion, each less its bias (:data:`TOE_OFF_RULES`).

    Parameters
    ----------
    ic_fraction : float
        Share of belt speed at contact.
    toe_rise : float
        12 mm on a hip-knee-ankle length of 0.87 m.
    ic_bias_s : float
        Mean error of the contact rule, subtracted: -3.9 ms on the marker trials, -2 to +1 ms on rendered runners.
    ic_sd_s, to_sd_s : float
        How well the rules hold between runners: RMSE on the marker trials at 120 Hz and 3 mm.
    """

    name: str = "kinematic"
    ic_fraction: float = 0.60
    toe_rise: float = 0.0138
    ic_bias_s: float = -0.002
    ic_sd_s: float = 0.0075
    to_sd_s: float = 0.0100

    def __call__(self, leg: Leg, stride_s: float, frame_s: float) -> Contacts:
        """Find the contacts; see :class:`gait.events.detector.EventDetector`."""
        cycles = _swing_to_swing(leg, stride_s)
        speed = _median_backward_speed(leg, [(a + 0.15 * stride_s, a + 0.28 * stride_s) for a, _ in cycles])
        ic, to = self._events(leg, cycles, stride_s, speed)
        # Second pass: now the stance itself is known, and with it the belt speed without the guess.
        known = np.isfinite(ic) & np.isfinite(to)
        if known.any():
            stance = zip(ic[known], to[known] - ic[known], strict=True)
            speed = _median_backward_speed(leg, [(a + 0.3 * d, a + 0.6 * d) for a, d in stance])
            ic, to = self._events(leg, cycles, stride_s, speed)
        keep = np.isfinite(ic)
        count = int(keep.sum())
        return Contacts(
            leg.side,
            ic[keep],
            to[keep],
            np.full(count, event_sd_s(self.ic_sd_s, frame_s)),
            np.full(count, event_sd_s(self.to_sd_s, frame_s)),
            speed,
            self._before_the_first(leg, cycles, stride_s),
        )

    def _events(
        self, leg: Leg, cycles: list[tuple[float, float]], stride_s: float, speed: float
    ) -> tuple[Floats, Floats]:
        ic = np.full(len(cycles), np.nan)
        to = np.full(len(cycles), np.nan)
        if not np.isfinite(speed) or speed <= 0:
            return ic, to
        for k, (front_s, back_s) in enumerate(cycles):
            ic[k] = self._contact(leg, front_s, stride_s, speed)
            if np.isfinite(ic[k]) and np.isfinite(back_s):
                to[k] = self._toe_off(leg, ic[k], back_s, stride_s)
            elif np.isfinite(ic[k]):
                # The rearmost point is not seen: believe a toe-off only if all its signs have shown.
                late_s = min(front_s + 0.55 * stride_s, float(leg.times_s[-1]))
                to[k] = self._toe_off(leg, ic[k], late_s, stride_s, all_signs=True)
        return ic, to

    def _contact(self, leg: Leg, front_s: float, stride_s: float, speed: float) -> float:
        window = leg.window(front_s - 0.03 * stride_s, front_s + 0.25 * stride_s)
        falling = -leg.foot_centre_velocity[window]
        found = crossings(falling, self.ic_fraction * speed)
        if not len(found):
            return float("nan")
        return (
            float(_interpolated(leg.times_s[window], falling, int(found[0]), self.ic_fraction * speed)) - self.ic_bias_s
        )

    def _before_the_first(self, leg: Leg, cycles: list[tuple[float, float]], stride_s: float) -> Floats:
        """Find the toe-off of a contact that was already under way when the clip began."""
        reach = leg.foot_from_hip
        start = leg.times_s[0]
        stop = min([front for front, _ in cycles], default=float(leg.times_s[-1]))
        window = leg.window(start, min(stop, start + 0.8 * stride_s))
        back = interior_minimum(reach[window])
        if back is None:
            return np.empty(0)
        back_s = float(leg.times_s[window][back])
        begun_s = max(start - 0.04 * stride_s, back_s - 0.6 * stride_s)
        found = self._toe_off(leg, begun_s, back_s, stride_s, all_signs=True)
        return np.array([found]) if np.isfinite(found) else np.empty(0)

    def _toe_off(self, leg: Leg, ic_s: float, back_s: float, stride_s: float, *, all_signs: bool = False) -> float:
        """Weigh the signs of toe-off between mid-stance and the foot's rearmost point."""
        late = leg.window(ic_s + 0.14 * stride_s, back_s)
        if late.stop - late.start < 20:
            return float("nan")
        times = leg.times_s[late]
        signs: dict[str, float] = {}
        height = leg.position["toe"][late, 1]
        stance = leg.position["toe"][leg.window(ic_s + 0.04 * stride_s, back_s), 1]
        if np.isfinite(height).all() and np.isfinite(stance).all():
            level = float(stance.min()) + self.toe_rise * leg.length
            rising = crossings(height, level)
            if len(rising):
                signs["toe_height"] = _interpolated(times, height, int(rising[-1]), level)
        anchor = signs.get("toe_height", back_s)
        for name, signal, slack in (
            ("knee_extension", leg.knee_flexion_deg, 0.10),
            ("plantarflexion_speed", leg.plantarflexion_deg_s, 0.04),
        ):
            window = leg.window(ic_s + 0.14 * stride_s, min(back_s, anchor + slack * stride_s))
            lowest = interior_minimum(signal[window])
            if lowest is not None:
                signs[name] = float(leg.times_s[window][lowest])
        if all_signs and len(signs) < len(TOE_OFF_RULES):
            return float("nan")
        return _weigh(signs)


def _weigh(signs: dict[str, float]) -> float:
    """Weighted mean of the unbiased signs; one that stands more than 60 ms off the others' median is left out."""
    unbiased = {name: time - TOE_OFF_RULES[name].bias_s for name, time in signs.items()}
    if not unbiased:
        return float("nan")
    centre = float(np.median(list(unbiased.values())))
    near = {name: time for name, time in unbiased.items() if abs(time - centre) <= 0.060}
    near = near or unbiased
    weights = np.array([TOE_OFF_RULES[name].weight for name in near])
    return float(np.average(list(near.values()), weights=weights))


def _swing_to_swing(leg: Leg, stride_s: float) -> list[tuple[float, float]]:
    """Return, for each stride, when the foot is furthest ahead of the hips and when it is next furthest behind.

    The second is NaN where a gap hides it or the clip ends before.
    """
    reach = leg.foot_from_hip
    ok = np.isfinite(reach)
    if ok.sum() < 100:
        return []
    filled = np.interp(leg.times_s, leg.times_s[ok], reach[ok])
    spread = float(np.percentile(filled, 95) - np.percentile(filled, 5))
    gap = max(1, round(0.6 * stride_s * 1000.0))
    front, _ = find_peaks(filled, distance=gap, prominence=0.3 * spread)
    back, _ = find_peaks(-filled, distance=gap, prominence=0.3 * spread)
    cycles = []
    for f in front:
        after = back[back > f]
        near = len(after) and (after[0] - f) < 0.9 * stride_s * 1000.0
        cycles.append((float(leg.times_s[f]), float(leg.times_s[after[0]]) if near else float("nan")))
    return cycles


def _median_backward_speed(leg: Leg, windows: list[tuple[float, float]]) -> float:
    """Median backward speed of the foot centre over several windows, unit/s."""
    speeds = []
    for start_s, stop_s in windows:
        v = leg.foot_centre_velocity[leg.window(start_s, stop_s)]
        v = v[np.isfinite(v)]
        if len(v) > 5:
            speeds.append(-float(np.median(v)))
    return float(np.median(speeds)) if speeds else float("nan")


def _interpolated(times_s: Floats, signal: Floats, i: int, level: float) -> float:
    """Time at which ``signal`` passes ``level`` between samples i and i + 1."""
    rise = signal[i + 1] - signal[i]
    share = 0.5 if rise == 0 else (level - signal[i]) / rise
    return float(times_s[i] + share * (times_s[i + 1] - times_s[i]))

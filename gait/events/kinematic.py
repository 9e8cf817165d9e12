"""Running events of one leg in a side view: contact where the foot comes to rest on the belt, toe-off where it lifts.

Both rules combine a height with a speed or an angle, because neither alone holds between runners: a foot that comes
down from high reaches the belt's speed well before it carries weight. Their few numbers were found on the marker trials
of Fukuchi et al. 2017 (doi:10.7717/peerj.3298; 6 runners x 3 speeds x 2 feet, force plate) by
:mod:`gait.validation.fit_events`, which also says how well they do on a runner they were not found on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from gait.events.detector import Contacts, event_sd_s, first_passage, interior_minimum
from gait.model import Floats
from gait.signals.legs import Leg


@dataclass(frozen=True)
class Belt:
    """How the standing foot moves in the picture: the belt as this foot shows it.

    Parameters
    ----------
    speed : float
        Backward speed, unit/s of the leg.
    slope : float
        Rise of its path per length forwards. A camera that is turned or rolled, or an inclined belt, makes the standing
        foot climb or sink in the picture; heights are taken against this line.
    """

    speed: float
    slope: float = 0.0

    def height(self, position: Floats) -> Floats:
        """Height above the line of the belt but for a constant, shape (M,), of a path of shape (M, 2)."""
        return np.asarray(position[:, 1] - self.slope * position[:, 0])


@dataclass(frozen=True)
class ContactRule:
    """Initial contact: speed against the belt plus height above the standing foot falls through a level.

    The signal is 1 + v / V + ``height_weight`` h / L: v forward speed of the heel, V belt speed, h height of the mean
    of ankle, heel and toe above where it stands shortly after contact, L leg length. Without the height (the -60 %
    rule) a foot that comes down from high is timed up to 25 ms early.

    Parameters
    ----------
    height_weight : float
        Belt speeds per leg length.
    level : float
        Of the signal; no unit.
    settled_s : (float, float)
        After contact, when the foot stands and its height is read.
    bias_s : float
        Mean error on the marker trials, subtracted.
    """

    height_weight: float = 15.7
    level: float = 0.703
    settled_s: tuple[float, float] = (0.04, 0.06)
    bias_s: float = 0.001

    def terms(self, leg: Leg, belt: Belt, near_s: float) -> tuple[slice, Floats, Floats] | None:
        """Samples around a first guess of contact, s, and there 1 + v / V and h / L; None where it is not seen."""
        around = leg.window(near_s - 0.07, near_s + self.settled_s[1])
        height = belt.height(leg.foot_mean[around]) / leg.length
        standing = height[leg.index(near_s + self.settled_s[0]) - around.start :]
        if not len(standing) or not np.isfinite(standing).all():
            return None
        return around, 1.0 + leg.velocity["heel"][around, 0] / belt.speed, height - float(np.median(standing))

    def __call__(self, leg: Leg, belt: Belt, near_s: float) -> float:
        """Time of contact around a first guess, s; NaN where it is not seen."""
        terms = self.terms(leg, belt, near_s)
        if terms is None:
            return float("nan")
        around, approach, height = terms
        signal = approach + self.height_weight * height
        return first_passage(leg.times_s[around], -signal, -self.level) - self.bias_s


@dataclass(frozen=True)
class ToeOffRule:
    """Toe-off: height of the ankle, and how fast it rises, against the lean of the shank, pass a level.

    The signal is h / L + ``rise_weight`` w / V - ``lean_weight`` a: h height of the ankle above its lowest in
    stance, w its upward speed, a the shank's forward lean (knee ahead of ankle) in radians; L leg length, V belt speed.
    The further the leg trails, the higher the ankle is when the toes leave the belt. The toe itself is not used: the
    toe landmark of a pose model leaves the belt up to 50 ms after the force does.

    Parameters
    ----------
    rise_weight : float
        Leg lengths.
    lean_weight : float
        Leg lengths.
    level : float
        Leg lengths.
    bias_s : float
        Mean error on the marker trials, subtracted.
    """

    rise_weight: float = 0.048
    lean_weight: float = 0.0935
    level: float = 0.0853
    bias_s: float = 0.004

    def terms(
        self, leg: Leg, belt: Belt, ic_s: float, stop_s: float, stride_s: float
    ) -> tuple[slice, Floats, Floats, Floats] | None:
        """Samples from mid-stance on, and there h / L, w / V and the backward lean -a; None where not seen."""
        stance = leg.window(ic_s + 0.04 * stride_s, stop_s)
        late = leg.window(ic_s + 0.14 * stride_s, stop_s)
        height = belt.height(leg.position["ankle"][stance]) / leg.length
        if late.stop - late.start < 20 or not np.isfinite(height).all():
            return None
        above = height[late.start - stance.start :] - float(height.min())
        return late, above, belt.height(leg.velocity["ankle"][late]) / belt.speed, np.radians(leg.shank_deg[late])

    def __call__(self, leg: Leg, belt: Belt, ic_s: float, stop_s: float, stride_s: float) -> float:
        """Time of toe-off between mid-stance and ``stop_s``, s; NaN where it is not seen."""
        terms = self.terms(leg, belt, ic_s, stop_s, stride_s)
        if terms is None:
            return float("nan")
        late, height, rise, backward_lean = terms
        signal = height + self.rise_weight * rise + self.lean_weight * backward_lean
        return first_passage(leg.times_s[late], signal, self.level) - self.bias_s


@dataclass(frozen=True)
class KinematicDetector:
    """Contacts and toe-offs of one leg by :class:`ContactRule` and :class:`ToeOffRule`.

    A first guess of each contact is where the forward velocity of the foot centre falls through minus ``guess`` of the
    belt speed, which the foot itself shows in mid-stance; after the idea of Zeni et al. 2008
    (doi:10.1016/j.gaitpost.2007.07.007) to read treadmill events from the foot's fore-aft motion, whose own extremes
    are 25 ms early and 120 ms late in running.

    Parameters
    ----------
    guess : float
        Share of belt speed at the first guess of contact.
    ic_sd_s, to_sd_s : float
        How well the rules hold between runners and cameras: RMSE of the marker trials with each runner left out.
    """

    name: str = "kinematic"
    contact: ContactRule = ContactRule()
    toe_off: ToeOffRule = ToeOffRule()
    guess: float = 0.60
    ic_sd_s: float = 0.0042
    to_sd_s: float = 0.0065

    def __call__(self, leg: Leg, stride_s: float, frame_s: float) -> Contacts:
        """Find the contacts; see :class:`gait.events.detector.EventDetector`."""
        cycles = _swing_to_swing(leg, stride_s)
        belt = _belt(leg, [(a + 0.15 * stride_s, a + 0.28 * stride_s) for a, _ in cycles], [])
        ic, to = self._events(leg, cycles, stride_s, belt)
        # Second pass: now the stance itself is known, and with it the belt without the guess.
        known = np.isfinite(ic) & np.isfinite(to)
        if known.any():
            seen = belt_under(leg, ic[known], to[known])
            if seen.speed > 0:
                belt = seen
                ic, to = self._events(leg, cycles, stride_s, belt)
        keep = np.isfinite(ic)
        count = int(keep.sum())
        return Contacts(
            leg.side,
            ic[keep],
            to[keep],
            np.full(count, event_sd_s(self.ic_sd_s, frame_s)),
            np.full(count, event_sd_s(self.to_sd_s, frame_s)),
            belt.speed,
            self._before_the_first(leg, cycles, stride_s, belt),
            self.ic_sd_s,
            self.to_sd_s,
        )

    def _events(
        self, leg: Leg, cycles: list[tuple[float, float]], stride_s: float, belt: Belt
    ) -> tuple[Floats, Floats]:
        ic = np.full(len(cycles), np.nan)
        to = np.full(len(cycles), np.nan)
        if not belt.speed > 0:
            return ic, to
        for k, (front_s, back_s) in enumerate(cycles):
            guess_s = self._first_guess(leg, front_s, stride_s, belt.speed)
            if not np.isfinite(guess_s):
                continue
            # The standing height is read after contact itself, not after a guess that may be 30 ms early.
            first_s = self.contact(leg, belt, guess_s)
            again_s = self.contact(leg, belt, first_s) if np.isfinite(first_s) else first_s
            ic[k] = again_s if np.isfinite(again_s) else first_s
            if np.isfinite(ic[k]):
                # Where the rearmost point is not seen, the foot has left the belt by half a stride after its foremost.
                stop_s = back_s if np.isfinite(back_s) else min(front_s + 0.55 * stride_s, float(leg.times_s[-1]))
                to[k] = self.toe_off(leg, belt, ic[k], stop_s, stride_s)
        return ic, to

    def _first_guess(self, leg: Leg, front_s: float, stride_s: float, speed: float) -> float:
        window = leg.window(front_s - 0.03 * stride_s, front_s + 0.25 * stride_s)
        return first_passage(leg.times_s[window], -leg.foot_centre_velocity[window], self.guess * speed)

    def _before_the_first(self, leg: Leg, cycles: list[tuple[float, float]], stride_s: float, belt: Belt) -> Floats:
        """Find the toe-off of a contact that was already under way when the clip began."""
        if not belt.speed > 0:
            return np.empty(0)
        start = leg.times_s[0]
        stop = min([front for front, _ in cycles], default=float(leg.times_s[-1]))
        window = leg.window(start, min(stop, start + 0.8 * stride_s))
        back = interior_minimum(leg.foot_from_hip[window])
        if back is None:
            return np.empty(0)
        back_s = float(leg.times_s[window][back])
        begun_s = max(start - 0.04 * stride_s, back_s - 0.6 * stride_s)
        found = self.toe_off(leg, belt, begun_s, back_s, stride_s)
        return np.array([found]) if np.isfinite(found) else np.empty(0)


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


def belt_under(leg: Leg, ic_s: Floats, to_s: Floats) -> Belt:
    """Read the belt off the standing foot.

    Parameters
    ----------
    leg : Leg
        At 1 kHz.
    ic_s, to_s : ndarray, shape (n,)
        Contacts and toe-offs of the same stances.
    """

    def part(start: float, stop: float) -> list[tuple[float, float]]:
        return [(a + start * (b - a), a + stop * (b - a)) for a, b in zip(ic_s, to_s, strict=True)]

    return _belt(leg, part(0.3, 0.6), part(0.2, 0.6))


def _belt(leg: Leg, moving: list[tuple[float, float]], flat: list[tuple[float, float]]) -> Belt:
    """Read the belt's speed and slope off the standing foot, each a median over windows of stance (start, stop)."""
    speeds, slopes = [], []
    for start_s, stop_s in moving:
        v = leg.foot_centre_velocity[leg.window(start_s, stop_s)]
        v = v[np.isfinite(v)]
        if len(v) > 5:
            speeds.append(-float(np.median(v)))
    for start_s, stop_s in flat:
        # The toe stays on the belt while the heel may already rise.
        x, y = leg.position["toe"][leg.window(start_s, stop_s)].T
        if len(x) > 20 and np.isfinite(x).all():
            slopes.append(float(np.polyfit(x, y, 1)[0]))
    return Belt(float(np.median(speeds)) if speeds else float("nan"), float(np.median(slopes)) if slopes else 0.0)

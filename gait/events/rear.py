"""Running events of one foot seen from behind, read off the mean stride and carried to each single one.

From behind the fore-aft motion of the foot is lost. What shows is its height, how fast it moves sideways, and, with a
camera above the belt, the standing foot sliding down the picture as it comes nearer. No single sign of an event holds
for every runner, camera height and pose model, so each event is the mean of several independent signs, each with a
number of its own, found on the marker trials of Fukuchi et al. 2017 (doi:10.7717/peerj.3298; 6 runners x 3 speeds x 2
feet, force plate) filmed by virtual cameras 3 to 4 m behind and 0.5 to 1.2 m high, by
:mod:`gait.validation.fit_rear_events`, which also says how well they do on a runner they were not found on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import find_peaks

from gait.events.detector import Contacts, event_sd_s, first_passage, interior_minimum
from gait.events.ensemble import Strides, aligned
from gait.model import Floats
from gait.signals.filters import low_pass, runs_of
from gait.signals.legs import EVENT_RATE_HZ, Leg
from gait.skeleton import OUTWARDS

SIGNALS = ("ankle_up", "ankle_out", "heel_up", "knee_up", "hip_up")
"""Velocities in leg lengths per second: of the ankle upwards and away from the midline, and of the others upwards."""

_STILL = 1e-3
"""A velocity, in leg lengths per second, that varies less belongs to a stand-in for what is not in the picture."""

_LONGEST_GAP = 120
"""Samples (ms) without an ankle in which no event is placed: from behind one leg hides the other about that long."""

_SMOOTH_HZ = 15.0
_AROUND_S = 0.12
_FURTHEST_S = 0.06
"""How much of the movement before and after an event places it in a single stride, and how far at most from where the
whole stride puts it. [defaults of ours]"""


@dataclass(frozen=True, eq=False)
class MeanStride:
    """The median movement of a leg over its strides.

    Parameters
    ----------
    times_s : ndarray, shape (m,)
        From the anchor, the highest point of the foot's swing in the smoothed movement.
    signals : dict of str to ndarray, shape (m,)
        By the names of :data:`SIGNALS`.
    stride_s : float
        Stride time.
    """

    times_s: Floats
    signals: dict[str, Floats]
    stride_s: float

    def part(self, name: str, start_s: float, stop_s: float) -> tuple[Floats, Floats]:
        """Times and values of one signal between two times."""
        inside = (self.times_s >= start_s) & (self.times_s <= stop_s)
        return self.times_s[inside], self.signals[name][inside]


@dataclass(frozen=True)
class Timed:
    """An event on the mean stride: its time from the anchor and how far its signs leave that open (SD), s."""

    at_s: float
    sd_s: float


def _mean_of(times_s: list[float]) -> Timed:
    """Mean of what several signs say, with the standard error that their scatter gives it."""
    return Timed(float(np.mean(times_s)), float(np.std(times_s, ddof=1)) / float(np.sqrt(len(times_s))))


@dataclass(frozen=True)
class RearContactRule:
    """Initial contact on the mean stride: where the foot falls, and where it then tips inwards.

    Parameters
    ----------
    window : (float, float)
        Where the fall is looked for, in strides after the anchor; contact lies 0.30 to 0.42 strides after it in the
        marker trials.
    within_s : float
        Longest time from where the ankle begins to fall to where it falls fastest. [default of ours]
    fall_s : float
        Contact after the middle of the fall, where the ankle has lost half of that upward velocity.
    tip_s : float
        Contact before the instant at which the ankle moves inwards fastest, the foot coming down from its outer edge.
    apart_s : float
        Where the two signs differ by more than this the second is not believed: by up to 34 ms in the marker trials,
        and a pose model's landmarks put the fall 11 to 24 ms (RMS) off the joints'. [default of ours]
    alone_sd_s : float
        How well the fall holds by itself: RMS over the marker trials.
    """

    window: tuple[float, float] = (0.14, 0.50)
    within_s: float = 0.13
    fall_s: float = 0.0295
    tip_s: float = 0.0288
    apart_s: float = 0.050
    alone_sd_s: float = 0.011

    def cues(self, mean: MeanStride) -> tuple[float, float]:
        """Times of the fall and of the tipping, s from the anchor; NaN where there is none."""
        fall_s = self._half_fallen_s(mean)
        if not np.isfinite(fall_s):
            return fall_s, fall_s
        times_s, inwards = mean.part("ankle_out", fall_s - 0.01, fall_s + 0.11)
        fastest = interior_minimum(inwards)
        return fall_s, float("nan") if fastest is None else float(times_s[fastest])

    def _half_fallen_s(self, mean: MeanStride) -> float:
        """Middle of the largest loss of the ankle's upward velocity within ``within_s``, s from the anchor."""
        times_s, upwards = mean.part("ankle_up", *(share * mean.stride_s for share in self.window))
        reach = round(self.within_s * EVENT_RATE_HZ)
        if len(upwards) <= reach or not np.isfinite(upwards).all():
            return float("nan")
        following = sliding_window_view(upwards, reach + 1)
        first = int((following[:, 0] - following.min(axis=1)).argmax())
        falling = following[first]
        half = (float(falling[0]) + float(falling.min())) / 2
        return first_passage(times_s[first : first + reach + 1], -falling, -half)

    def __call__(self, mean: MeanStride) -> Timed:
        """Time of contact from the anchor."""
        fall_s, tip_s = self.cues(mean)
        by_fall_s, by_tip_s = fall_s + self.fall_s, tip_s - self.tip_s
        if abs(by_fall_s - by_tip_s) <= self.apart_s:
            return _mean_of([by_fall_s, by_tip_s])
        return Timed(by_fall_s, self.alone_sd_s)


Line = tuple[float, float]
"""Contact time, s, from the time of a sign after contact: constant (s) and factor."""


@dataclass(frozen=True)
class RearToeOffRule:
    """Toe-off on the mean stride: mean of what four signs of leaving the ground say of the contact time.

    Each sign comes at a time t after contact and says a contact time of ``constant + factor t``.

    Parameters
    ----------
    heel, lift, knee, hip : (float, float)
        Constant (s) and factor: the heel has reached ``heel_share`` of its largest speed against the sliding foot;
        the ankle has risen above the line on which it slid by ``height`` leg lengths; knee and mid-hip rise fastest.
    heel_share, height : float
    sliding : (float, float)
        Part of the contact in which the foot slides with the belt.
    usual_duty : float
        Share of the stride on the ground from which the search begins.
    """

    heel: Line = (-0.0282, 1.660)
    lift: Line = (-0.0053, 1.242)
    knee: Line = (-0.0623, 1.365)
    hip: Line = (-0.0530, 1.472)
    heel_share: float = 0.3
    height: float = 0.06
    sliding: tuple[float, float] = (0.20, 0.55)
    usual_duty: float = 0.32

    def cues(self, mean: MeanStride, ic_s: float, contact_s: float) -> dict[str, float]:
        """Times of the signs after contact, s, by name; NaN where there is none.

        ``contact_s`` is a first guess of the contact time.
        """
        begin, stop = ic_s + 0.55 * contact_s, ic_s + 1.30 * contact_s
        sliding = [ic_s + share * contact_s for share in self.sliding]
        found = {}
        times_s, heel = mean.part("heel_up", begin, stop)
        _, slide = mean.part("heel_up", *sliding)
        against = heel - _median(slide)
        most = _most(against)
        found["heel"] = first_passage(times_s, against, self.heel_share * most)
        times_s, ankle = mean.part("ankle_up", sliding[0], stop)
        _, slide = mean.part("ankle_up", *sliding)
        risen = np.cumsum(ankle - _median(slide)) * _step_s(times_s)
        # The line goes through the middle of the sliding part.
        risen -= _median(risen[: len(slide)])
        found["lift"] = first_passage(times_s, risen, self.height)
        for name in ("knee", "hip"):
            times_s, rising = mean.part(f"{name}_up", begin, stop)
            if len(rising) and float(np.ptp(rising)) < _STILL:
                found[name] = float("nan")
                continue
            fastest = interior_minimum(-rising)
            found[name] = float("nan") if fastest is None else float(times_s[fastest])
        return {name: time_s - ic_s for name, time_s in found.items()}

    def __call__(self, mean: MeanStride, ic_s: float) -> Timed:
        """Time of toe-off from the anchor; NaN where fewer than two signs are seen."""
        found = Timed(self.usual_duty * mean.stride_s, 0.0)
        for _ in range(3):
            said = self.said(mean, ic_s, found.at_s)
            if len(said) < 2:
                return Timed(float("nan"), float("nan"))
            found = _mean_of(said)
        return Timed(ic_s + found.at_s, found.sd_s)

    def said(self, mean: MeanStride, ic_s: float, contact_s: float) -> list[float]:
        """Contact times, s, that the signs seen say; ``contact_s`` is a first guess."""
        lines = {"heel": self.heel, "lift": self.lift, "knee": self.knee, "hip": self.hip}
        times = self.cues(mean, ic_s, contact_s)
        return [lines[name][0] + lines[name][1] * after_s for name, after_s in times.items() if np.isfinite(after_s)]


@dataclass(frozen=True)
class RearDetector:
    """Contacts and toe-offs of one leg from behind by :class:`RearContactRule` and :class:`RearToeOffRule`.

    Parameters
    ----------
    ic_sd_s, to_sd_s : float
        How well the rules hold between runners and cameras: RMS of the mean stride's errors over the marker trials with
        each runner left out.
    stride_sd_s : float
        How well a single stride is placed on the mean one: scatter within foot-trials, 2.8 to 3.4 ms for contact.
    """

    name: str = "rear"
    contact: RearContactRule = RearContactRule()
    toe_off: RearToeOffRule = RearToeOffRule()
    ic_sd_s: float = 0.0051
    to_sd_s: float = 0.0094
    stride_sd_s: float = 0.0035

    def __call__(self, leg: Leg, stride_s: float, frame_s: float) -> Contacts:
        """Find the contacts; see :class:`gait.events.detector.EventDetector`."""
        strides = leg_strides(leg, stride_s)
        mean = mean_stride(strides, stride_s)
        nowhere = Timed(float("nan"), float("nan"))
        contact = self.contact(mean) if mean is not None else nowhere
        toe_off = self.toe_off(mean, contact.at_s) if mean is not None and np.isfinite(contact.at_s) else nowhere
        # Signs that disagree say more about this runner than the marker trials do.
        common_s = max(self.ic_sd_s, contact.sd_s), max(self.to_sd_s, toe_off.sd_s)
        return contacts_of(leg, strides, (contact.at_s, toe_off.at_s), common_s, self.stride_sd_s, frame_s)


def leg_strides(leg: Leg, stride_s: float) -> Strides:
    """Find the strides of a leg; the anchor of each is where the foot swings highest.

    One stride more is put before the first and after the last: the clip may show a part of it that holds an event.
    """
    v = leg.velocity
    signals = np.stack(
        [
            v["ankle"][:, 1],
            OUTWARDS[leg.side] * v["ankle"][:, 0],
            *(v[part][:, 1] for part in ("heel", "knee", "mid_hip")),
        ]
    )
    tops_s = _tops_s(leg, stride_s)
    if len(tops_s) < 2:
        return Strides(leg.times_s, signals / leg.length, np.empty(0))
    found = aligned(Strides(leg.times_s, signals / leg.length, tops_s), -0.1 * stride_s, 0.9 * stride_s, 0.08)
    step_s = float(np.median(np.diff(found.anchors_s)))
    ends_s = [found.anchors_s[0] - step_s, *found.anchors_s, found.anchors_s[-1] + step_s]
    return Strides(found.times_s, found.signals, np.array(ends_s))


def mean_stride(strides: Strides, stride_s: float) -> MeanStride | None:
    """Return the median stride from 0.1 strides before the anchor to 1.1 after it; None without strides."""
    if not len(strides.anchors_s):
        return None
    offsets_s = np.arange(-0.1 * stride_s, 1.1 * stride_s, 1.0 / EVENT_RATE_HZ)
    # A median of few strides is jagged.
    smooth = low_pass(strides.median(offsets_s).T, EVENT_RATE_HZ, _SMOOTH_HZ).T
    return MeanStride(offsets_s, dict(zip(SIGNALS, smooth, strict=True)), stride_s)


def _tops_s(leg: Leg, stride_s: float) -> Floats:
    """Times at which the smoothed ankle is highest below the hips, shape (n,)."""
    height = leg.position["ankle"][:, 1] - leg.position["mid_hip"][:, 1]
    ok = np.isfinite(height)
    if ok.sum() < max(100, 0.5 * stride_s * EVENT_RATE_HZ):
        return np.empty(0)
    filled = np.interp(leg.times_s, leg.times_s[ok], height[ok])
    # Little more than one oscillation a stride is left: noise makes no second top.
    smooth = low_pass(filled - filled.mean(), EVENT_RATE_HZ, 1.3 / stride_s)
    spread = float(np.percentile(smooth, 95) - np.percentile(smooth, 5))
    peaks, _ = find_peaks(smooth, distance=max(1, round(0.6 * stride_s * EVENT_RATE_HZ)), prominence=0.3 * spread)
    return np.asarray(leg.times_s[peaks])


def contacts_of(
    leg: Leg,
    strides: Strides,
    at_s: tuple[float, float],
    common_sd_s: tuple[float, float],
    stride_sd_s: float,
    frame_s: float,
) -> Contacts:
    """Carry contact and toe-off of the mean stride to every stride.

    Parameters
    ----------
    leg : Leg
    strides : Strides
        The leg's strides.
    at_s : (float, float)
        Contact and toe-off on the mean stride, s from its anchor; NaN where not seen.
    common_sd_s : (float, float)
        Uncertainty that all contacts share, and all toe-offs, s.
    stride_sd_s : float
        How well a single stride is placed on the mean one, s.
    frame_s : float
        Interval of the frames, s.
    """
    ic_s, to_s = (placed(leg, strides, event_s) for event_s in at_s)
    seen = np.isfinite(ic_s)
    ic_sd_s, to_sd_s = (event_sd_s(float(np.hypot(sd_s, stride_sd_s)), frame_s) for sd_s in common_sd_s)
    count = int(seen.sum())
    return Contacts(
        leg.side,
        ic_s[seen],
        to_s[seen],
        np.full(count, ic_sd_s),
        np.full(count, to_sd_s),
        loose_to_s=to_s[~seen & np.isfinite(to_s)],
        ic_common_sd_s=common_sd_s[0],
        to_common_sd_s=common_sd_s[1],
    )


def placed(leg: Leg, strides: Strides, offset_s: float) -> Floats:
    """Carry an event of the mean stride to every stride, shape (n,), s; NaN where that stride does not show it."""
    if not np.isfinite(offset_s):
        return np.full(len(strides.anchors_s), np.nan)
    found = strides.anchors_s + offset_s + strides.lags_s(offset_s - _AROUND_S, offset_s + _AROUND_S, _FURTHEST_S)
    outside = (found < leg.times_s[0]) | (found > leg.times_s[-1])
    found[outside] = np.nan
    for gap in runs_of(~np.isfinite(leg.position["ankle"][:, 1])):
        if gap.stop - gap.start > _LONGEST_GAP:
            found[(found >= leg.times_s[gap.start]) & (found <= leg.times_s[gap.stop - 1])] = np.nan
    return found


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else float("nan")


def _most(values: Floats) -> float:
    return float(values.max()) if len(values) else float("nan")


def _step_s(times_s: Floats) -> float:
    return float(times_s[1] - times_s[0]) if len(times_s) > 1 else 1.0 / EVENT_RATE_HZ

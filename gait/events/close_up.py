"""Running events of one foot in a close-up of the lower legs from behind.

Nothing but calf, ankle and heel is in the picture, and the foot swings out of it. So everything hangs on the instant
at which the standing foot is lowest in the picture, which every stride shows: until then it came nearer with the belt,
from then on the heel rises. Before it lies contact, where the leg's fall is stopped; after it toe-off, when the heel
has risen as far as it can over a toe that stays on the belt.

The numbers were found on the marker trials of Fukuchi et al. 2017 (doi:10.7717/peerj.3298; 6 runners x 3 speeds x 2
feet, force plate) filmed by virtual cameras 1.6 to 2.5 m behind and 0.3 to 0.9 m high, by
:mod:`gait.validation.fit_close_up_events`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from gait.events.detector import Contacts, first_passage
from gait.events.ensemble import Strides, aligned
from gait.events.rear import contacts_of
from gait.model import Floats
from gait.signals.filters import low_pass
from gait.signals.legs import EVENT_RATE_HZ, Leg

_SMOOTH_HZ = 15.0
"""Low-pass of the median stance: higher than that of single strides, whose noise the median has taken. [default of
ours]"""

_REACH = (-0.45, 0.35)
"""Part of the stride about the lowest place that is looked at: from the swing before contact to that after toe-off."""


@dataclass(frozen=True, eq=False)
class MeanStance:
    """The median movement of a lower leg about the instant at which the standing foot is lowest in the picture.

    Parameters
    ----------
    times_s : ndarray, shape (m,)
        From that instant.
    heel_up, ankle_up : ndarray, shape (m,)
        Velocities up the picture, shank lengths per second; NaN where no stride shows them.
    stride_s : float
        Stride time.
    """

    times_s: Floats
    heel_up: Floats
    ankle_up: Floats
    stride_s: float

    def within(self, start_s: float, stop_s: float) -> slice:
        """Samples between two times."""
        start, stop = np.searchsorted(self.times_s, (start_s, stop_s))
        return slice(int(start), int(stop))


@dataclass(frozen=True)
class CloseUpContactRule:
    """Initial contact: when the back of the ankle falls fastest, because the ground stops the fall.

    Shortly before contact the foot hovers, swung furthest forward; then the leg falls, and stands.

    Parameters
    ----------
    window : (float, float)
        Where it falls fastest, in strides from the lowest place: contact lies 0.13 to 0.27 strides before it in the
        marker trials.
    within_s : float
        Longest time since the fall began. [default of ours, as in :class:`gait.events.rear.RearContactRule`]
    least : float
        Upward velocity that must be lost in a fall, shank lengths per second. [default of ours]
    fastest_s : float
        Contact after the instant of the fastest fall. 0 to -2 ms in the marker trials (SD 5 without and 7 with noise);
        13 to 22 ms on the drawn bodies of ``sample_videos``, whose feet do not land quite as a runner's do: this lies
        between the two. [compromise of ours]
    """

    window: tuple[float, float] = (-0.30, -0.10)
    within_s: float = 0.13
    least: float = 0.05
    fastest_s: float = 0.007

    def cue(self, mean: MeanStance) -> float:
        """Time of the fastest fall, s from the lowest place: of the ankle, else of the heel; NaN without one."""
        for upwards in (mean.ankle_up, (mean.ankle_up + mean.heel_up) / 2, mean.heel_up):
            found_s = self._fastest_fall_s(mean, upwards)
            if np.isfinite(found_s):
                return found_s
        return float("nan")

    def _fastest_fall_s(self, mean: MeanStance, upwards: Floats) -> float:
        """Bottom of the deepest dip in the window."""
        part = mean.within(*(share * mean.stride_s for share in self.window))
        reach = round(self.within_s * EVENT_RATE_HZ)
        lost, found_s = self.least, float("nan")
        for i in range(max(part.start, 1), min(part.stop, len(upwards) - 1)):
            # A comparison with what is not seen is false.
            if upwards[i] <= upwards[i - 1] and upwards[i] < upwards[i + 1]:
                rising = np.flatnonzero(~(np.diff(upwards[max(0, i - reach) : i + 1]) <= 0))
                begin = max(0, i - reach) + (int(rising[-1]) + 1 if len(rising) else 0)
                if upwards[begin] - upwards[i] > lost:
                    lost, found_s = float(upwards[begin] - upwards[i]), float(mean.times_s[i])
        return found_s

    def __call__(self, mean: MeanStance) -> float:
        """Time of contact, s from the lowest place; NaN where it is not seen."""
        return self.cue(mean) + self.fastest_s


@dataclass(frozen=True)
class CloseUpToeOffRule:
    """Toe-off: when the heel has risen by a given share of the shank above the line on which it slid with the belt.

    While the toe stays on the belt the heel can rise only as far as the foot is long. The times were found on markers
    without noise; with noise they come out 6 ms longer, which is less than the rule's own error.

    Parameters
    ----------
    heights : tuple of float
        Shares of the shank; the mean of the times they say is taken. [default of ours]
    after_s : tuple of float
        Toe-off after the heel has risen so far.
    sliding : (float, float)
        Part of the time from contact to the lowest place in which the foot slides with the belt. [default of ours]
    within : float
        Longest time from the lowest place, strides. [default of ours]
    """

    heights: tuple[float, ...] = (0.3, 0.4)
    after_s: tuple[float, ...] = (0.0183, 0.0050)
    sliding: tuple[float, float] = (0.25, 0.70)
    within: float = 0.30

    def cues(self, mean: MeanStance, ic_s: float) -> list[float]:
        """Times at which the heel has risen by each of the heights, s from the lowest place; NaN where it has not."""
        slide = mean.heel_up[mean.within(*(ic_s * (1.0 - share) for share in self.sliding))]
        if not np.isfinite(slide).any():
            return [float("nan")] * len(self.heights)
        part = mean.within(-0.03, self.within * mean.stride_s)
        against = mean.heel_up[part] - float(np.nanmedian(slide))
        gone = np.flatnonzero(~np.isfinite(against))
        risen = np.cumsum(against[: gone[0]] if len(gone) else against) / EVENT_RATE_HZ
        return [first_passage(mean.times_s[part], risen, height) for height in self.heights]

    def __call__(self, mean: MeanStance, ic_s: float) -> float:
        """Time of toe-off, s from the lowest place; NaN where it is not seen."""
        said = [t + after_s for t, after_s in zip(self.cues(mean, ic_s), self.after_s, strict=True) if np.isfinite(t)]
        return float(np.mean(said)) if said else float("nan")


@dataclass(frozen=True)
class CloseUpDetector:
    """Contacts and toe-offs of one leg by :class:`CloseUpContactRule` and :class:`CloseUpToeOffRule`.

    Parameters
    ----------
    ic_sd_s, to_sd_s : float
        How well the rules hold between runners and cameras (RMS): 11 and 12 ms in the marker trials with landmark
        noise, 8 and 16 ms on 22 feet in 11 close-ups of drawn and rendered runners (15 and 29 ms at worst).
    stride_sd_s : float
        How well a single stride is placed on the mean one.
    """

    name: str = "legs"
    contact: CloseUpContactRule = CloseUpContactRule()
    toe_off: CloseUpToeOffRule = CloseUpToeOffRule()
    ic_sd_s: float = 0.011
    to_sd_s: float = 0.017
    stride_sd_s: float = 0.0035

    def __call__(self, leg: Leg, stride_s: float, frame_s: float) -> Contacts:
        """Find the contacts; see :class:`gait.events.detector.EventDetector`."""
        strides = stances_of(leg, stride_s)
        mean = mean_stance(strides, stride_s)
        contact_s = self.contact(mean) if mean is not None else float("nan")
        toe_off_s = self.toe_off(mean, contact_s) if mean is not None and np.isfinite(contact_s) else float("nan")
        common_s = self.ic_sd_s, self.to_sd_s
        return contacts_of(leg, strides, (contact_s, toe_off_s), common_s, self.stride_sd_s, frame_s)


def shank_of(leg: Leg) -> float:
    """Return the length of the shank in the unit of the leg, where it is least foreshortened."""
    lengths = np.linalg.norm(leg.position["knee"] - leg.position["ankle"], axis=1)
    return float(np.nanpercentile(lengths, 75)) if np.isfinite(lengths).any() else float("nan")


def stances_of(leg: Leg, stride_s: float) -> Strides:
    """Find the stances of a leg; the anchor of each is where the foot is lowest in the picture.

    One more is put before the first and after the last: the clip may show a part of it that holds an event.
    """
    shank = shank_of(leg)
    signals = np.stack([leg.velocity["heel"][:, 1], leg.velocity["ankle"][:, 1]]) / shank
    lowest_s = _lowest_s(leg, stride_s)
    if len(lowest_s) < 2:
        return Strides(leg.times_s, signals, np.empty(0))
    found = aligned(Strides(leg.times_s, signals, lowest_s), -0.25 * stride_s, 0.2 * stride_s, 0.08)
    step_s = float(np.median(np.diff(found.anchors_s)))
    ends_s = [found.anchors_s[0] - step_s, *found.anchors_s, found.anchors_s[-1] + step_s]
    return Strides(found.times_s, found.signals, np.array(ends_s))


def mean_stance(strides: Strides, stride_s: float) -> MeanStance | None:
    """Return the median stance with its swings before and after; None without strides."""
    if not len(strides.anchors_s):
        return None
    offsets_s = np.arange(_REACH[0] * stride_s, _REACH[1] * stride_s, 1.0 / EVENT_RATE_HZ)
    heel, ankle = (_smooth(values) for values in strides.median(offsets_s))
    return MeanStance(offsets_s, heel, ankle, stride_s)


def _smooth(values: Floats) -> Floats:
    """Low-pass what is seen: a median of few strides is jagged."""
    seen = np.isfinite(values)
    if not seen.any():
        return values
    at = np.arange(len(values))
    return np.where(seen, low_pass(np.interp(at, at[seen], values[seen]), EVENT_RATE_HZ, _SMOOTH_HZ), np.nan)


def _lowest_s(leg: Leg, stride_s: float) -> Floats:
    """Times at which the smoothed foot is lowest in the picture, shape (n,)."""
    height = (leg.position["ankle"][:, 1] + leg.position["heel"][:, 1]) / 2
    seen = np.isfinite(height)
    if seen.sum() < max(100, 0.5 * stride_s * EVENT_RATE_HZ):
        return np.empty(0)
    filled = np.interp(leg.times_s, leg.times_s[seen], height[seen])
    smooth = low_pass(filled - filled.mean(), EVENT_RATE_HZ, 3.0 / stride_s)
    spread = float(np.percentile(smooth, 95) - np.percentile(smooth, 5))
    found, _ = find_peaks(-smooth, distance=max(1, round(0.6 * stride_s * EVENT_RATE_HZ)), prominence=0.3 * spread)
    return np.asarray(leg.times_s[found])

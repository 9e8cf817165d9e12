"""What was seen of the rearfoot in single pictures, and the curve over stance that it adds up to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.interpolate import BSpline

from gait.model import Bools, Floats
from gait.skeleton import OUTWARDS

TAPE, OUTLINE = "tape", "outline"

NAMED_TAPE_MISSING = "named tape missing"
"""Note on a foot whose tape, of a colour that a person named, was not found."""

PHASE_GRID = np.linspace(0.0, 1.0, 101)
"""Share of stance at which curves are given."""

PEAK_WINDOW = (0.10, 0.75)
"""Share of stance in which the largest eversion is looked for: runners reach it at 30 to 50 % of stance, and at
push-off the heel, seen from behind, turns for other reasons. [default of ours]"""

CONTACT_WINDOW = (-0.14, 0.20)
"""Share of stance in which the most inverted angle is taken for that at contact (35 ms before to 50 ms after): contacts
seen from behind are mostly late by some ms, but were 65 ms early on one film."""

CONTACT_ABOVE_LEAST_DEG = 0.35
"""Angle at the plate's contact above the least angle around it: 0.35 deg, SD 0.36, in the 36 foot-trials of Fukuchi et
al. 2017 (doi:10.7717/peerj.3298; markers). The foot inverts until it lands and everts at once by up to 0.5 deg/ms, so
the least angle tells contact better than a contact time that is 10 ms off. The instant at which the mean curve has
risen this much above its least was 2 ms (SD 12) after the plate's contact in the same trials, and 1 ms (SD 7) before it
on ten feet of rendered and drawn runners whose contacts from the landmarks were up to 65 ms off."""

ROUGH_CONTACT_WINDOW = (-0.34, 0.34)
"""Share of stance in which contact is looked for by the curve's steepest rise where contact times may be far off,
and in a close-up without a body: the foot hardly everts until it lands, and then by 10 deg in 30 ms."""

ROUGH_CONTACT_S = 0.020
"""Uncertainty of contact times from which on that is done."""

_LEAD = 0.36
_INNER_KNOTS = (-0.14, -0.06, 0.0, 0.05, 0.1, 0.16, 0.24, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
"""Denser after contact, where runners evert by 10 deg in 30 ms."""

_LEAST_RISE_DEG = 3.0
"""A smaller rise cannot be told from the waves of a curve. [default of ours]"""

MIN_PICTURES = 4
"""Pictures that a stance needs to count; as many an outline must have, on the mean over stances. [default of ours]"""

_COVERED_REACH, _COVERED_BY = 0.06, 3
_STRIDE_SCALE = 0.18
_NEAR_IC, _NEAR_PEAK = 0.10, 0.15
_ROUNDS = 4


@dataclass(frozen=True)
class Stance:
    """One contact of one foot, from initial contact to toe-off, s."""

    side: str
    ic_s: float
    to_s: float

    def share_at(self, time_s: Floats | float) -> Any:
        """Return which share of this stance a time is: 0 at contact, 1 at toe-off."""
        return (time_s - self.ic_s) / (self.to_s - self.ic_s)

    def time_at_s(self, share: float) -> float:
        """Return the time of a share of this stance."""
        return self.ic_s + share * (self.to_s - self.ic_s)


def tilt_deg(line: Floats) -> float:
    """Tilt of a line, (upper, lower) points with y down: 0 upright, positive where the lower end lies to the right."""
    across, down = line[1] - line[0]
    return float(np.degrees(np.arctan2(across, down)))


@dataclass(frozen=True, eq=False)
class Reading:
    """Shank and heel line in one cut-out leg: (upper, lower) points, px, and what they were read from.

    ``size`` is the area of the heel's marks in squared shank lengths, by which partly hidden ones are told; None where
    the reader tells that by itself. ``spread_deg`` is how far the reader's own views of the angle differ.
    """

    shank_px: Floats
    heel_px: Floats
    size: float | None = None
    outlines_px: tuple[Floats, ...] = ()
    spread_deg: float = 0.0


@dataclass(frozen=True, eq=False)
class FrameAngle:
    """Shank and heel line of one foot in one picture.

    ``shank_deg`` and ``heel_deg`` are tilts, positive where the lower end lies to the runner's right; the lines are
    (upper, lower) points in the picture, px.
    """

    frame: int
    time_s: float
    shank_deg: float
    heel_deg: float
    shank_px: Floats
    heel_px: Floats
    outlines_px: tuple[Floats, ...] = ()


@dataclass(frozen=True, eq=False)
class FootAngles:
    """All that was read of one foot.

    Parameters
    ----------
    side : str
        ``left`` or ``right``.
    method : str or None
        ``tape``, ``outline``, None where neither could be read.
    frames : tuple of FrameAngle
        In stance, in order of time.
    zero_deg : float or None
        Angle while standing still; None where the clip shows none.
    reason : str
        Why there is nothing, or too little.
    """

    side: str
    method: str | None
    frames: tuple[FrameAngle, ...] = ()
    zero_deg: float | None = None
    toe_out_deg: float | None = None
    reason: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def sign(self) -> float:
        """+1 for the right foot, -1 for the left: makes eversion positive on both."""
        return OUTWARDS[self.side]

    def eversion_deg(self) -> Floats:
        """Heel against shank in each frame, + everted, against standing where that is known; shape (n,)."""
        raw = self.sign * np.array([f.heel_deg - f.shank_deg for f in self.frames])
        return np.asarray(raw - (self.zero_deg or 0.0))


@dataclass(frozen=True, eq=False)
class StanceCurves:
    """Eversion over stance of every stride.

    Parameters
    ----------
    grid : ndarray, shape (G,)
        Share of stance, from a little before contact to 1.
    strides : ndarray, shape (S, G)
        Curve of each stance, deg; NaN rows where nothing was seen.
    seen : tuple of ndarray
        By stance, the shares of stance of its own pictures.
    mean : ndarray, shape (G,)
        Curve that all share.
    scatter_deg : float
        Scatter of single pictures, from the differences of neighbouring ones: what a slow error shares does not show.
    """

    grid: Floats
    strides: Floats
    seen: tuple[Floats, ...]
    mean: Floats
    scatter_deg: float

    @property
    def peak_share(self) -> float:
        """Share of stance at which the shared curve is highest."""
        window = _between(self.grid, PEAK_WINDOW)
        return float(self.grid[window][self.mean[window].argmax()])

    def shifted(self, share: float) -> StanceCurves:
        """Return the curves as they would be with contacts later by ``share`` of stance."""
        moved = np.array([np.interp(self.grid + share, self.grid, row) for row in self.strides])
        mean = np.interp(self.grid + share, self.grid, self.mean)
        return StanceCurves(self.grid, moved, tuple(s - share for s in self.seen), mean, self.scatter_deg)

    def covered(self) -> Bools:
        """Tell where on the grid enough stances have a picture of their own close by, shape (G,)."""
        near = np.array([self.seen_near(float(share), _COVERED_REACH) for share in self.grid])
        enough = max(_COVERED_BY, 0.3 * sum(len(own) > 0 for own in self.seen))
        return np.asarray(near.sum(axis=1) >= enough)

    def seen_near(self, share: float, reach: float) -> Bools:
        """Tell which stances have a picture of their own within ``reach`` of a share of stance, shape (S,)."""
        return np.array([bool((np.abs(own - share) <= reach).any()) for own in self.seen])


def stance_curves(angles: FootAngles, stances: list[Stance]) -> StanceCurves | None:
    """Join the pictures of all stances to one curve each.

    Single pictures scatter, are 17 ms apart at 60 a second, and lack where the other foot hides the heel. So one smooth
    curve is fitted to all stances (a penalised spline over the share of stance, robust against outliers), and each
    stance departs from it as its own pictures say: a Gaussian process over stance with a reach of 18 % and as much
    freedom as the stances were seen to differ. Where a stance was not seen it falls back on the shared curve.

    Returns
    -------
    StanceCurves or None
        None with fewer pictures than the curve needs.
    """
    owner, phase, value = _pooled(angles, stances)
    if len(value) < 20:
        return None
    weight = np.ones(len(value))
    offset = np.zeros(len(stances))
    design, penalty = _design(phase), _penalty(phase)
    for _ in range(_ROUNDS):
        coefficients = np.linalg.solve(
            design.T @ (weight[:, None] * design) + penalty, design.T @ (weight * (value - offset[owner]))
        )
        residual = value - design @ coefficients - offset[owner]
        spread = 1.4826 * float(np.median(np.abs(residual))) + 0.1
        weight = np.minimum(1.0, 2.0 * spread / np.maximum(np.abs(residual), 1e-9)) ** 2
        for k in range(len(stances)):
            own = owner == k
            # Shrunk towards no difference: a stance seen twice says little about its level.
            offset[k] = np.sum((weight * (residual + offset[owner]))[own]) / (np.sum(weight[own]) + 2.0)
    keep = np.abs(residual) < 4.0 * spread
    owner, phase, residual = owner[keep], phase[keep], (residual + offset[owner])[keep]
    grid = np.concatenate([np.arange(-round(_LEAD * 100), 0) / 100, PHASE_GRID])
    mean = _design(grid) @ coefficients
    return _departures(len(stances), owner, phase, residual, mean, grid)


def _pooled(angles: FootAngles, stances: list[Stance]) -> tuple[np.ndarray, Floats, Floats]:
    """Return the stance, the share of stance and the angle of every picture."""
    times, value = np.array([f.time_s for f in angles.frames]), angles.eversion_deg()
    owner, phase = np.full(len(times), -1), np.full(len(times), np.nan)
    for k, stance in enumerate(stances):
        share = stance.share_at(times)
        own = (share >= -_LEAD) & (share <= 1.0)
        owner[own], phase[own] = k, share[own]
    ok = (owner >= 0) & np.isfinite(value)
    return owner[ok], phase[ok], value[ok]


def _knots() -> Floats:
    inner = np.array(_INNER_KNOTS)
    return np.concatenate([np.full(4, -_LEAD), inner[:-1], np.full(4, 1.0)])


def _design(phase: Floats) -> Floats:
    """Cubic B-splines at some shares of stance, shape (n, B)."""
    inside = np.clip(phase, -_LEAD, 1.0 - 1e-9)
    return np.asarray(BSpline.design_matrix(inside, _knots(), 3).toarray())


def _penalty(phase: Floats) -> Floats:
    """A light pull towards a curve without bends, which decides only where no picture does."""
    count = len(_knots()) - 4
    second = np.diff(np.eye(count), 2, axis=0)
    return np.asarray(0.02 * len(phase) / 100.0 * second.T @ second + 1e-8 * np.eye(count))


def _departures(
    count: int, owner: np.ndarray, phase: Floats, residual: Floats, mean: Floats, grid: Floats
) -> StanceCurves:
    """Let each stance depart from the shared curve as its own pictures say."""
    steps = np.concatenate([np.diff(residual[owner == k]) for k in range(count)])
    noise = max(0.3, 1.4826 * float(np.median(np.abs(steps))) / np.sqrt(2.0)) if len(steps) else 1.0
    own_var = max(0.05, float(np.var(residual)) - noise**2)
    curves = np.full((count, len(grid)), np.nan)
    for k in range(count):
        seen = phase[owner == k]
        if not len(seen):
            continue
        inner = own_var * np.exp(-0.5 * ((seen[:, None] - seen) / _STRIDE_SCALE) ** 2) + noise**2 * np.eye(len(seen))
        outer = own_var * np.exp(-0.5 * ((grid[:, None] - seen) / _STRIDE_SCALE) ** 2)
        curves[k] = mean + outer @ np.linalg.solve(inner, residual[owner == k])
    return StanceCurves(grid, curves, tuple(phase[owner == k] for k in range(count)), mean, noise)


def _between(grid: Floats, window: tuple[float, float]) -> Bools:
    return np.asarray((grid >= window[0] - 1e-9) & (grid <= window[1] + 1e-9))


@dataclass(frozen=True, eq=False)
class StanceValues:
    """Angle at contact, peak, excursion (deg) and time to peak (s) of each stance, shape (S,); NaN where not seen."""

    at_ic_deg: Floats
    peak_deg: Floats
    time_to_peak_s: Floats

    @property
    def excursion_deg(self) -> Floats:
        """How much the heel rolls in from contact to the peak."""
        return self.peak_deg - self.at_ic_deg


def stance_values(curves: StanceCurves, stances: list[Stance], *, rough: bool = False) -> StanceValues:
    """Read the four values of every stance from its curve.

    Contact is read where the curve that all share is least around it, and time to peak counts from where that curve
    has risen again (:data:`CONTACT_ABOVE_LEAST_DEG`). With ``rough`` contact times it is read where that curve begins
    its steepest rise.
    """
    window = np.flatnonzero(_between(curves.grid, PEAK_WINDOW))
    contact = _before_rise(curves) if rough else _least(curves)
    at_contact, landed = np.zeros(len(stances), bool), float("nan")
    if contact is not None:
        landed = _risen(curves, contact)
        at_contact = curves.seen_near(landed, _NEAR_IC)
    top = int(curves.mean[window].argmax())
    peak_seen = curves.seen_near(curves.peak_share, _NEAR_PEAK)
    # A curve that still rises at the end of the window has its peak, and the time of it, elsewhere.
    timed = peak_seen & (0 < top < len(window) - 1) & (at_contact.sum() >= _COVERED_BY)
    lasting = np.array([s.to_s - s.ic_s for s in stances])
    with np.errstate(invalid="ignore"):
        inside = np.where(np.isfinite(curves.strides[:, window]), curves.strides[:, window], -np.inf)
        at_ic = np.where(at_contact, curves.strides[:, contact or 0] + CONTACT_ABOVE_LEAST_DEG, np.nan)
        peak = np.where(peak_seen, inside.max(axis=1), np.nan)
        after = np.maximum(curves.grid[window][inside.argmax(axis=1)] - landed, 0.0)
        time = np.where(timed, after * lasting, np.nan)
    return StanceValues(at_ic, peak, time)


def _least(curves: StanceCurves) -> int | None:
    """Index at which the shared curve is least around contact; None where pictures begin only there."""
    around = np.flatnonzero(_between(curves.grid, CONTACT_WINDOW) & curves.covered())
    if not len(around):
        return None
    least = int(around[curves.mean[around].argmin()])
    begins_here = least == int(around[0]) and curves.grid[least] > CONTACT_WINDOW[0] + 0.015
    return None if begins_here else least


def _before_rise(curves: StanceCurves) -> int | None:
    """Index at which the shared curve begins its steepest rise; None where it hardly rises or began to unseen."""
    covered = curves.covered()
    around = np.flatnonzero(_between(curves.grid, ROUGH_CONTACT_WINDOW) & covered)
    if len(around) < 3:
        return None
    highest = float(curves.mean[covered & _between(curves.grid, (float(curves.grid[around[0]]), PEAK_WINDOW[1]))].max())
    slope = np.gradient(curves.mean, curves.grid)
    steepest = int(around[slope[around].argmax()])
    for k in range(steepest, int(around[0]) - 1, -1):
        if slope[k] <= 0.0:
            return k if highest - float(curves.mean[k]) >= _LEAST_RISE_DEG else None
    return None


def _risen(curves: StanceCurves, least: int) -> float:
    """Share of stance at which the shared curve has risen from its least value to that at contact."""
    above = curves.mean[least:] - curves.mean[least] - CONTACT_ABOVE_LEAST_DEG
    first = int(np.argmax(above >= 0.0)) if (above >= 0.0).any() else 0
    if first == 0:
        return float(curves.grid[least])
    before, after = above[first - 1], above[first]
    step = float(curves.grid[least + first] - curves.grid[least + first - 1])
    return float(curves.grid[least + first - 1]) + step * float(-before / (after - before))

"""What every event detector takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from gait.model import Floats
from gait.signals.legs import Leg


@dataclass(frozen=True, eq=False)
class Contacts:
    """The contacts of one foot.

    Parameters
    ----------
    side : str
        ``left`` or ``right``.
    ic_s, to_s : ndarray, shape (C,)
        Initial contact and the toe-off that ends the same contact; NaN where one could not be found.
    ic_sd_s, to_sd_s : ndarray, shape (C,)
        Standard uncertainty of each, including what does not average out over strides.
    loose_to_s : ndarray, shape (L,)
        Toe-offs of contacts that began before the clip; they are events, but no stride of ours.
    ic_common_sd_s, to_common_sd_s : float
        The part of the standard uncertainty that all contacts share (how well the rule fits this runner); the rest,
        frame raster and noise, differs from contact to contact and shows in the spread of strides.
    belt_speed : float
        Backward speed of the foot in stance, unit/s of the leg; NaN where the view cannot show it.
    """

    side: str
    ic_s: Floats
    to_s: Floats
    ic_sd_s: Floats
    to_sd_s: Floats
    belt_speed: float = float("nan")
    loose_to_s: Floats = field(default_factory=lambda: np.empty(0))
    ic_common_sd_s: float = 0.0
    to_common_sd_s: float = 0.0

    def __len__(self) -> int:
        return len(self.ic_s)


class EventDetector(Protocol):
    """An algorithm with a name and one pure method."""

    @property
    def name(self) -> str:
        """Registry name."""
        ...

    def __call__(self, leg: Leg, stride_s: float, frame_s: float) -> Contacts:
        """Find the contacts of one leg.

        Parameters
        ----------
        leg : Leg
            At 1 kHz, in the body frame.
        stride_s : float
            Stride time from the spectrum: sets the search windows.
        frame_s : float
            Frame interval of the recording: sets the uncertainty.
        """
        ...


FRAME_SCATTER = 0.42 / np.sqrt(12.0)
"""Scatter of a spline-interpolated event per frame interval: 4 ms where the bare frame raster would give 9.6 ms at
30 fps (measured on marker trials thinned to 30 Hz)."""


def event_sd_s(rule_sd_s: float, frame_s: float) -> float:
    """Standard uncertainty of one event: how well the rule holds between runners, and the frame raster."""
    return float(np.hypot(rule_sd_s, FRAME_SCATTER * frame_s))


def crossings(signal: Floats, level: float) -> np.ndarray:
    """Return the indices i where ``signal`` rises through ``level`` between i and i + 1."""
    above = signal >= level
    ok = np.isfinite(signal)
    return np.flatnonzero(~above[:-1] & above[1:] & ok[:-1] & ok[1:])


def first_passage(times_s: Floats, signal: Floats, level: float) -> float:
    """Return when a signal first rises through a level, s, interpolated between samples; NaN where it does not."""
    found = crossings(signal, level)
    if not len(found):
        return float("nan")
    i = int(found[0])
    rise = signal[i + 1] - signal[i]
    share = 0.5 if rise == 0 else (level - signal[i]) / rise
    return float(times_s[i] + share * (times_s[i + 1] - times_s[i]))


def interior_minimum(signal: Floats) -> int | None:
    """Return the index of the lowest finite sample unless it lies on the edge of the window."""
    if len(signal) < 5 or not np.isfinite(signal).all():
        return None
    i = int(signal.argmin())
    return None if i in (0, len(signal) - 1) else i

"""How a heel and a lower calf move from one picture to the next, told by the pixels around them.

A network marks where a heel is, anew in every picture; its mistakes change with the posture of the foot, slowly enough
to look like movement. What the pixels of the heel do from one picture to the next is free of that, but drifts, and is
not the heel's where something else is in front of it. So both are joined: the pixels say how a mark moves, the marks
where it is, and whether the pixels are its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded
from scipy.ndimage import median_filter, uniform_filter1d

from gait.model import Bools, Floats
from gait.signals.filters import runs_of

FOLLOWED = ("lower calf", "heel")
"""What is followed of each leg."""

_LINES = ((1, 2, 0.0), (3, 4, 0.4))
"""Marks (their numbers in a leg) between which points are followed, and how far beyond the second, in their distance:
from the lower calf to the ankle, and from the top of the heel counter to the sole."""

_BREADTH = 0.10
"""Breadth of the band of points around such a line, shank lengths: less than a heel's. [default of ours]"""

_SHANK_PX = 220.0
"""Size to which large pictures are made smaller first: there a heel still has some 40 px."""

_MOST_POINTS, _FEWEST_POINTS = 60, 4
_LEAST_PART_PX = 8
"""Points that are followed in each band, fewer than which tell nothing, and the least side of the part of the picture
that they are looked for in. [defaults of ours]"""

_THERE_AND_BACK_PX = 1.0
"""A point counts when following it back again ends this near to where it began (Kalal et al. 2010,
doi:10.1109/ICPR.2010.675)."""

OTHERWISE = 3.0
"""How much the pixels may move otherwise than the mark itself does, shank lengths per second: beyond that they belong
to the other leg in front of it, or to the background. The marks' own speed is wrong by up to 1.5 on drawn runners, a
swinging foot that hides a standing one differs by 5 and more."""

_SMOOTHED_S = 1 / 60
"""A mark's own speed is that of its mean over so long before and after, two pictures each way at least: scatter of the
marks from picture to picture (0.005 to 0.016 shank lengths in four close-ups, SD) is so much faster at 240 pictures a
second that pixels would seem to move otherwise. [default of ours]"""

MARK_SD, PIXEL_SD, BLIND_SD = 0.05, 0.003, 0.05
"""Standard deviations, shank lengths: of a mark's place, of how far pixels say it has moved since the last picture, and
of its movement where they say nothing. [defaults of ours, from the scatter on drawn runners]"""


@dataclass
class PixelMotion:
    """Follows both legs' pixels from picture to picture.

    Parameters
    ----------
    shank_px : float
        Length of a shank in the picture.
    """

    shank_px: float
    _before: NDArray[np.uint8] | None = field(default=None, init=False)
    _points: Floats | None = field(default=None, init=False)

    def __call__(self, rgb: NDArray[np.uint8], points_px: Floats) -> Floats:
        """Return how far both legs moved since the last picture.

        Parameters
        ----------
        rgb : ndarray, shape (h, w, 3)
        points_px : ndarray, shape (2, 5, 2)
            Marks in this picture, NaN where not seen.

        Returns
        -------
        ndarray, shape (2, 2, 2)
            Leg, one of :data:`FOLLOWED`, x and y in px; NaN where not told, all of it in the first picture.
        """
        scale = min(1.0, _SHANK_PX / self.shank_px)
        grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        if scale < 1.0:
            grey = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        found = np.full((2, len(_LINES), 2), np.nan)
        if self._before is not None and self._points is not None:
            breadth_px = max(3, round(2 * _BREADTH * self.shank_px * scale))
            lines = np.stack([_ends(marks, *line) for marks in self._points for line in _LINES])
            found = bands_motion(self._before, grey, scale * lines, breadth_px).reshape(found.shape) / scale
        self._before, self._points = grey, points_px.copy()
        return found


def _ends(marks: Floats, first: int, second: int, beyond: float) -> Floats:
    """Ends of the line from one mark to beyond another, shape (2, 2)."""
    return np.stack([marks[first], marks[second] + beyond * (marks[second] - marks[first])])


def bands_motion(before: NDArray[np.uint8], after: NDArray[np.uint8], lines_px: Floats, breadth_px: int) -> Floats:
    """Return how far the pixels around some lines have moved, px.

    Parameters
    ----------
    before, after : ndarray, shape (h, w)
        Two grey pictures.
    lines_px : ndarray, shape (n, 2, 2)
        Ends of the lines in the first of them.
    breadth_px : int
        Breadth of the band around each.

    Returns
    -------
    ndarray, shape (n, 2)
        Median over the corners in each band that can be followed there and back (Lucas & Kanade 1981, in pyramids);
        NaN where they are too few, or an end of the line is not known.
    """
    moved = np.full((len(lines_px), 2), np.nan)
    corners = [_corners(before, line, breadth_px) for line in lines_px]
    # All at once: the pyramids of both pictures take longer than the points.
    begun = np.concatenate(corners)
    if not len(begun):
        return moved
    steps = np.split(_steps(before, after, begun), np.cumsum([len(own) for own in corners])[:-1])
    for k, own in enumerate(steps):
        good = np.isfinite(own[:, 0])
        if good.sum() >= _FEWEST_POINTS:
            moved[k] = np.median(own[good], axis=0)
    return moved


def _corners(grey: NDArray[np.uint8], line_px: Floats, breadth_px: int) -> NDArray[np.float32]:
    """Corners in the band around a line, px, shape (n, 1, 2); none where they are too few to tell anything."""
    none = np.empty((0, 1, 2), np.float32)
    if not np.isfinite(line_px).all():
        return none
    height, width = grey.shape
    corner = np.maximum(np.floor(line_px.min(axis=0)).astype(int) - breadth_px, 0)
    stop = np.minimum(np.ceil(line_px.max(axis=0)).astype(int) + breadth_px + 1, (width, height))
    if (stop - corner < _LEAST_PART_PX).any():
        return none
    part = grey[corner[1] : stop[1], corner[0] : stop[0]]
    band = np.zeros(part.shape, np.uint8)
    ends = [tuple(int(v) for v in np.round(end - corner)) for end in line_px]
    cv2.line(band, ends[0], ends[1], 255, breadth_px)
    found = cv2.goodFeaturesToTrack(part, _MOST_POINTS, 0.01, 3, mask=band)
    if found is None or len(found) < _FEWEST_POINTS:
        return none
    return np.asarray(found + corner.astype(np.float32), np.float32)


def _steps(before: NDArray[np.uint8], after: NDArray[np.uint8], begun: NDArray[np.float32]) -> Floats:
    """How far points (n, 1, 2) moved, shape (n, 2); NaN for those that do not come back when followed back."""
    moved, there, _ = cv2.calcOpticalFlowPyrLK(before, after, begun, np.empty_like(begun))
    back, again, _ = cv2.calcOpticalFlowPyrLK(after, before, moved, np.empty_like(begun))
    good = (there > 0) & (again > 0) & (np.linalg.norm(back - begun, axis=2) < _THERE_AND_BACK_PX)
    return np.where(good, (moved - begun)[:, 0], np.nan)


def joined(times_s: Floats, marks: Floats, moved: Floats) -> Floats:
    """Join a mark's places with what the pixels say of its movement: least squares over every run of pictures.

    Parameters
    ----------
    times_s : ndarray, shape (T,)
    marks : ndarray, shape (T, 2)
        Places, shank lengths; NaN where not seen.
    moved : ndarray, shape (T, 2)
        Movement since the picture before, shank lengths; NaN where not told.

    Returns
    -------
    ndarray, shape (T, 2)
        Places; NaN where the mark was not seen.
    """
    found = np.full(marks.shape, np.nan)
    for run in runs_of(np.asarray(np.isfinite(marks).all(axis=1))):
        place, step = marks[run], moved[run][1:]
        if len(place) < 3:
            found[run] = place
            continue
        lasting_s = np.diff(times_s[run])
        own = np.diff(_smoothed(place, float(np.median(lasting_s))), axis=0)
        astray = np.linalg.norm(step - own, axis=1) > OTHERWISE * lasting_s
        told: Bools = np.isfinite(step).all(axis=1) & ~astray
        found[run] = _solved(place, np.where(told[:, None], step, own), np.where(told, PIXEL_SD, BLIND_SD))
    return found


def _smoothed(place: Floats, frame_s: float) -> Floats:
    """Return places without their noise from picture to picture: a mean over a time of medians over three."""
    middle = median_filter(place, size=(3, 1), mode="nearest")
    half = max(2, round(_SMOOTHED_S / frame_s))
    return np.asarray(uniform_filter1d(middle, 2 * half + 1, axis=0, mode="nearest"))


def _solved(place: Floats, step: Floats, step_sd: Floats) -> Floats:
    """Return places that lie near the marks and move as told: a symmetric tridiagonal system."""
    weight = (MARK_SD / step_sd) ** 2
    diagonal = np.ones(len(place))
    diagonal[:-1] += weight
    diagonal[1:] += weight
    bands = np.stack([np.r_[0.0, -weight], diagonal])
    right = place.copy()
    right[:-1] -= weight[:, None] * step
    right[1:] += weight[:, None] * step
    return np.asarray(solveh_banded(bands, right))

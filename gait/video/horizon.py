"""The camera's roll, from what stands upright and lies level in the picture: uprights, door frames, deck, skirting.

A turned camera makes level edges slant, and a tilted one makes upright edges lean, the more the further they lie from
the middle of the picture; neither does so in its middle. So each family of edges is fitted by its angle in the middle,
which is the roll, and by how that angle changes across the picture, which is not. Both families must say the same. What
the runner's angles are measured against is how an upright edge would lean where the runner is.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import Floats, VideoInfo
from gait.video.decode import pick_frames

FRAMES = 9
_SPAN_FRAMES = 90
"""Pictures spread over the first frames analysed; their median shows the room without the legs. More of the clip would
show nothing new with a camera that stands still, and take several seconds to decode."""

_LARGEST_PX = 1280
_REACH_DEG = 15.0
"""Edges further than this from level and upright are neither."""

_SHORTEST = 0.04
_MOST_SEGMENTS = 300
_EDGE_SD_DEG = 0.35
"""Scatter of the angles of true edges about the fit. [default of ours]"""

_FLOOR_SD_DEG = 0.15
_FAMILY_LENGTH = 0.6
"""Least total length of a family's fitting edges, in picture heights. [default of ours]"""

_FAMILY_SHARE = 0.25
_AGREE_DEG = 1.0
_FOCAL_LENGTHS = 1.1
"""Focal length in longer picture sides: that of a phone's main camera, 26 to 28 mm on full frame, cropped for video."""

_ANGLES_DEG = np.arange(-_REACH_DEG, _REACH_DEG + 0.05, 0.1)
_CHANGES_DEG = np.arange(-10.0, 10.1, 0.25)
_CHANGE_SD_DEG = 4.0

Segment = tuple[float, float, float, float]


@dataclass(frozen=True)
class Horizon:
    """How the picture is turned where the runner is, and what shows it.

    Parameters
    ----------
    angle_deg : float
        Angle by which upright and level things are turned in the picture, positive where the level ones rise to the
        right: the camera's roll, and off the middle of the picture what a tilted camera adds.
    sd_deg : float
        Its standard uncertainty.
    evidence : tuple of (float, float, float, float)
        End points (x, y, x, y) of the edges that it rests on, px of the whole picture, the longest first.
    """

    angle_deg: float
    sd_deg: float
    evidence: tuple[Segment, ...]


def find_horizon(
    info: VideoInfo, first: int = 0, stop: int | None = None, at_x_px: float | None = None
) -> Horizon | None:
    """Find the camera's roll in a clip filmed with the camera still.

    Parameters
    ----------
    info : VideoInfo
        As :func:`gait.video.probe.probe` gave it.
    first, stop : int
        Frames analysed.
    at_x_px : float, optional
        Where the runner is in the picture; the middle when not given.

    Returns
    -------
    Horizon or None
        None where the picture does not show it surely.
    """
    stop = info.n_frames if stop is None else stop
    last = min(stop - 1, first + _SPAN_FRAMES)
    picked = pick_frames(info, [int(k) for k in np.linspace(first, last, FRAMES)])
    if len(picked) < 3:
        return None
    return horizon_of(background(list(picked.values())), at_x_px)


def background(pictures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return the median of pictures as grey, shape (H, W)."""
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in pictures]
    return np.median(np.stack(grey), axis=0).astype(np.uint8)


def horizon_of(grey: NDArray[np.uint8], at_x_px: float | None = None) -> Horizon | None:
    """Find the roll in one picture without the runner.

    Parameters
    ----------
    grey : ndarray of uint8, shape (H, W)
    at_x_px : float, optional
        As for :func:`find_horizon`.

    Returns
    -------
    Horizon or None
        None where the edges are few, or upright and level ones disagree.
    """
    scale = min(1.0, _LARGEST_PX / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1.0 else grey
    height, width = small.shape
    segments = _segments(np.asarray(small, dtype=np.uint8))
    focal_px = _FOCAL_LENGTHS * max(height, width)
    upright = _family(segments, level=False, centre=width / 2, half=width / 2, height=height)
    # A camera tilted upwards has its horizon below the middle of the picture.
    tilt = 0.0 if upright is None else float(np.radians(upright.change_deg)) / (width / 2)
    middle = height / 2 + float(np.clip(tilt * focal_px**2, -height, height))
    level = _family(segments, level=True, centre=middle, half=height / 2, height=height)
    if upright is None or level is None or abs(upright.angle_deg - level.angle_deg) > _AGREE_DEG:
        return None
    found = (upright, level)
    weights = np.array([family.sd_deg**-2 for family in found])
    middle_deg = float(np.average([family.angle_deg for family in found], weights=weights))
    apart = abs(upright.angle_deg - level.angle_deg) / 2
    off = 0.0 if at_x_px is None else (at_x_px * scale - width / 2) / (width / 2)
    angle = middle_deg + upright.change_deg * off
    parts = (float(weights.sum() ** -0.5), apart * weights.min() / weights.max(), upright.change_sd_deg * off)
    sd = float(np.sqrt(np.sum(np.square([*parts, _FLOOR_SD_DEG]))))
    edges = np.concatenate([family.segments for family in found]) / scale
    longest = np.argsort(-np.linalg.norm(edges[:, 2:] - edges[:, :2], axis=1))
    return Horizon(angle, sd, tuple(tuple(float(v) for v in edges[k]) for k in longest))  # type: ignore[misc]


@dataclass(frozen=True, eq=False)
class _Family:
    """Upright or level edges: their angle in the middle, its change to the border, and those that fit."""

    angle_deg: float
    change_deg: float
    sd_deg: float
    change_sd_deg: float
    segments: Floats


def _segments(grey: NDArray[np.uint8]) -> Floats:
    """Straight edges, the longest first, shape (n, 4): x, y, x, y."""
    lines = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(grey)[0]
    if lines is None:
        return np.empty((0, 4))
    found = np.asarray(lines, dtype=float).reshape(-1, 4)
    length = np.hypot(found[:, 2] - found[:, 0], found[:, 3] - found[:, 1])
    order = np.argsort(-length)
    return np.asarray(found[order][: int((length >= _SHORTEST * grey.shape[0]).sum())])


def _family(segments: Floats, *, level: bool, centre: float, half: float, height: int) -> _Family | None:
    """Fit the edges that lie level or stand upright; None where too few agree."""
    dx, dy = segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1]
    # As rotation against the picture's axes: level edges that rise, and upright ones that lean to the left.
    angle = np.degrees(np.arctan2(-dy, dx)) if level else np.degrees(np.arctan2(dx, dy))
    angle = (angle + 90.0) % 180.0 - 90.0
    near = np.flatnonzero(np.abs(angle) <= _REACH_DEG)[:_MOST_SEGMENTS]
    length = np.hypot(dx, dy)[near]
    if length.sum() < _FAMILY_LENGTH * height:
        return None
    angle, edges = angle[near], segments[near]
    axis = (1, 3) if level else (0, 2)
    off = (edges[:, axis].mean(axis=1) - centre) / half
    start = _voted(angle, off, length)
    fitting = np.abs(angle - start[0] - start[1] * off) <= 3 * _EDGE_SD_DEG
    if length[fitting].sum() < max(_FAMILY_LENGTH * height, _FAMILY_SHARE * length.sum()):
        return None
    return _fitted(angle[fitting], off[fitting], length[fitting], edges[fitting], height)


def _voted(angle: Floats, off: Floats, length: Floats) -> tuple[float, float]:
    """Angle in the middle and change to the border, deg, on which most length of edges agrees."""
    votes = np.zeros((len(_CHANGES_DEG), len(_ANGLES_DEG)))
    for k, change in enumerate(_CHANGES_DEG):
        residual = angle[None, :] - change * off[None, :] - _ANGLES_DEG[:, None]
        support = (length * np.exp(-0.5 * (residual / _EDGE_SD_DEG) ** 2)).sum(axis=1)
        votes[k] = support * np.exp(-0.5 * (change / _CHANGE_SD_DEG) ** 2)
    best = np.unravel_index(int(votes.argmax()), votes.shape)
    return float(_ANGLES_DEG[best[1]]), float(_CHANGES_DEG[best[0]])


def _fitted(angle: Floats, off: Floats, length: Floats, edges: Floats, height: int) -> _Family:
    """Least squares of angle over place; an edge's angle is the better known the longer it is."""
    sd = np.hypot(_EDGE_SD_DEG, np.degrees(0.5 / length))
    weight = (length / height) / sd**2
    design = np.stack([np.ones_like(off), off], axis=1)
    normal = design.T @ (weight[:, None] * design) + np.diag([0.0, _CHANGE_SD_DEG**-2])
    covariance = np.linalg.inv(normal)
    middle, change = covariance @ (design.T @ (weight * angle))
    residual = angle - design @ np.array([middle, change])
    scatter = max(1.0, float(np.average((residual / sd) ** 2, weights=length)))
    sds = np.sqrt(np.diag(covariance) * scatter)
    return _Family(float(middle), float(change), float(sds[0]), float(sds[1]), edges)

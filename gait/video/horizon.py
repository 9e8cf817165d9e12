"""The camera's roll, from what stands upright and lies level in the picture: uprights, door frames, deck, skirting.

A turned camera makes level edges slant, and a tilted one makes upright edges lean, the more the further they lie from
the middle of the picture; neither does so in its middle. So each family of edges is fitted by its angle in the middle,
which is the roll, and by how that angle changes across the picture, which is not. Both families must say the same. What
the runner's angles are measured against is how an upright edge would lean where the runner is.

From the side the treadmill's deck and belt make the longest edges of all, and they rise with the incline. Where it was
entered they count as level edges after it is taken off; where it was not, only if they agree with the upright ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import Bools, Floats, VideoInfo
from gait.video.deck import Deck
from gait.video.decode import pick_frames

_MOMENTS, _EACH = 3, 3
_MOMENT_S = 0.6
FRAMES = _MOMENTS * _EACH
"""Pictures whose median shows the room without the legs: three within 0.6 s, most of a stride, at the beginning, in the
middle and at the end of what is analysed. Somebody who first stands still is in a third of them at most. Pictures
evenly over the whole clip would each have to be sought, which takes several seconds."""

_LARGEST_PX = 1280
"""Larger pictures are made smaller first."""

_REACH_DEG = 15.0
"""Edges further than this from level and upright are neither."""

_SHORTEST = 0.04
_MOST_SEGMENTS = 300
"""Shortest edge that counts, in picture heights, and how many of the longest are looked at. [defaults of ours]"""

_EDGE_SD_DEG = 0.35
"""Scatter of the angles of true edges about the fit. [default of ours]"""

_FLOOR_SD_DEG = 0.15
"""However many edges agree, a room is not built truer than this. [default of ours]"""

_FAMILY_LENGTH = 0.6
"""Least total length of a family's fitting edges, in picture heights. [default of ours]"""

_FAMILY_SHARE = 0.25
"""Least share of a family's length that must fit one angle. [default of ours]"""

_AGREE_DEG = 1.0
"""Most by which upright and level edges may differ. [default of ours]"""

_FOCAL_LENGTHS = 1.1
"""Focal length in longer picture sides: that of a phone's main camera, 26 to 28 mm on full frame, cropped for video."""

_ANGLES_DEG = np.arange(-_REACH_DEG, _REACH_DEG + 0.05, 0.1)
_CHANGES_DEG = np.arange(-10.0, 10.1, 0.25)
_CHANGE_SD_DEG = 4.0
"""How much the angle of edges usually changes from the middle of the picture to its border (SD): a camera's tilt and
turn, set up by eye. [default of ours]"""

_SQUARE_SD_DEG = 4.0
"""How far a camera set up by eye is from square to the treadmill, and tilted (SD): by so much times the deck's depth
below the middle of the picture its line slants although the camera is level. [default of ours]"""

_LEANING_DEG = 4.0
"""Cameras set up by eye are hardly ever rolled further. Upright edges that lean more, and with which no level ones
agree, are a treadmill's posts (they lean by 5 to 15 deg); a deck that slants more, and nothing else to tell, is seen
by a camera that is far from square to it (one filmed from 15 deg aside slants by 5 to 7 deg). [default of ours]"""

UPRIGHT, LEVEL, DECK = "upright", "level", "deck"
"""What an edge shows."""

_KIND_WORDS = {
    UPRIGHT: ("upright edge", "upright edges"),
    LEVEL: ("level edge", "level edges"),
    DECK: ("edge of the deck", "edges of the deck"),
}

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
    kinds : tuple of str
        What each of them is: ``upright``, ``level``, or ``deck``: near the feet, seen from the side.
    """

    angle_deg: float
    sd_deg: float
    evidence: tuple[Segment, ...]
    kinds: tuple[str, ...]

    @property
    def words(self) -> str:
        """What it rests on: "14 upright edges, 3 level edges and 2 edges of the deck"."""
        counts = ((self.kinds.count(kind), words) for kind, words in _KIND_WORDS.items())
        parts = [f"{n} {words[0 if n == 1 else 1]}" for n, words in counts if n]
        return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def find_horizon(
    info: VideoInfo,
    first: int = 0,
    stop: int | None = None,
    at_x_px: float | None = None,
    deck: Deck | None = None,
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
    deck : Deck, optional
        Where a side view shows the treadmill's deck, and how it rises.

    Returns
    -------
    Horizon or None
        None where the picture does not show it surely.
    """
    picked = pick_frames(info, frames_of_room(info, first, info.n_frames if stop is None else stop))
    if len(picked) < 3:
        return None
    return horizon_of(background(list(picked.values())), at_x_px, deck)


def frames_of_room(info: VideoInfo, first: int, stop: int) -> list[int]:
    """Return the numbers of the pictures whose median shows the room."""
    times_s = info.times_s[first:stop]
    latest_s = max(float(times_s[-1]) - _MOMENT_S, float(times_s[0]))
    begins_s = np.linspace(float(times_s[0]), latest_s, _MOMENTS)
    wanted_s = (begins_s[:, None] + np.linspace(0.0, _MOMENT_S, _EACH)).ravel()
    near = np.clip(np.searchsorted(times_s, wanted_s), 0, len(times_s) - 1)
    return [first + int(k) for k in np.unique(near)]


def background(pictures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return the median of pictures as grey, shape (H, W)."""
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in pictures]
    return np.median(np.stack(grey), axis=0).astype(np.uint8)


def horizon_of(grey: NDArray[np.uint8], at_x_px: float | None = None, deck: Deck | None = None) -> Horizon | None:
    """Find the roll in one picture without the runner.

    Parameters
    ----------
    grey : ndarray of uint8, shape (H, W)
    at_x_px, deck : optional
        As for :func:`find_horizon`.

    Returns
    -------
    Horizon or None
        None where the edges are few, or upright and level ones disagree. The deck's edges with the incline entered
        are enough by themselves where nothing stands upright.
    """
    scale = min(1.0, _LARGEST_PX / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1.0 else grey
    height, width = small.shape
    segments = _segments(np.asarray(small, dtype=np.uint8))
    on_deck = np.zeros(len(segments), bool) if deck is None else deck.holds(segments / scale)
    focal_px = _FOCAL_LENGTHS * max(height, width)
    upright = _family(segments, UPRIGHT, on_deck & False, centre=width / 2, half=width / 2, height=height)
    # A camera tilted upwards has its horizon below the middle of the picture.
    tilt = 0.0 if upright is None else float(np.radians(upright.change_deg)) / (width / 2)
    middle = height / 2 + float(np.clip(tilt * focal_px**2, -height, height))
    lines = _Lines(segments, on_deck, middle, height, focal_px)
    rises_deg = None if deck is None else deck.rises_deg
    level = None if upright is None else _agreeing(lines, upright, rises_deg or 0.0)
    if level is None and (upright is None or abs(upright.angle_deg) > _LEANING_DEG) and rises_deg is not None:
        lines, upright = replace(lines, horizon_px=height / 2), None
        level = _deck_alone(lines, rises_deg)
    if level is None:
        return None
    found = [level] if upright is None else [upright, level]
    off = 0.0 if at_x_px is None else (at_x_px * scale - width / 2) / (width / 2)
    angle, sd = _joined(found, off, _SQUARE_SD_DEG * (width / 2) / focal_px)
    edges = np.concatenate([family.segments for family in found]) / scale
    kinds = [kind for family in found for kind in family.kinds]
    longest = np.argsort(-np.linalg.norm(edges[:, 2:] - edges[:, :2], axis=1))
    evidence = tuple(tuple(float(v) for v in edges[k]) for k in longest)
    return Horizon(angle, sd, evidence, tuple(kinds[k] for k in longest))  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class _Family:
    """Upright or level edges: their angle in the middle, its change to the border, and those that fit."""

    angle_deg: float
    change_deg: float
    sd_deg: float
    change_sd_deg: float
    segments: Floats
    kinds: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Lines:
    """All edges of a picture, shape (n, 4), which lie near the feet, and where level edges do not slant."""

    segments: Floats
    on_deck: Bools
    horizon_px: float
    height: int
    focal_px: float

    @property
    def square_sd_deg(self) -> float:
        """By how much a camera that is not square to the treadmill may slant level edges at the border (SD)."""
        return _SQUARE_SD_DEG * (self.height / 2) / self.focal_px

    def family(self, use: Bools, rises_deg: float = 0.0, change_sd_deg: float = _CHANGE_SD_DEG) -> _Family | None:
        """Fit the level edges among some, the deck's less what it rises."""
        return _family(
            *(self.segments[use], LEVEL, self.on_deck[use]),
            centre=self.horizon_px,
            half=self.height / 2,
            height=self.height,
            rises_deg=rises_deg,
            change_sd_deg=change_sd_deg,
        )


def _agreeing(lines: _Lines, upright: _Family, rises_deg: float) -> _Family | None:
    """Return the level edges that agree with the upright ones: all, or all but the deck's, or the deck's."""
    ways = (
        (np.ones(len(lines.segments), bool), _CHANGE_SD_DEG),
        (~lines.on_deck, _CHANGE_SD_DEG),
        (lines.on_deck, lines.square_sd_deg),
    )
    found = (lines.family(use, rises_deg, change_sd_deg) for use, change_sd_deg in ways)
    return next((f for f in found if f and abs(upright.angle_deg - f.angle_deg) <= _AGREE_DEG), None)


def _deck_alone(lines: _Lines, rises_deg: float) -> _Family | None:
    """Return the deck's edges and what agrees with them; None where the deck has too few.

    Edges at one height do not tell a camera that is not square to the treadmill from one that is rolled.
    """
    deck = lines.family(lines.on_deck, rises_deg, lines.square_sd_deg)
    every = lines.family(np.ones(len(lines.segments), bool), rises_deg, lines.square_sd_deg)
    if deck is None or abs(deck.angle_deg) > _LEANING_DEG:
        return None
    return deck if every is None or abs(deck.angle_deg - every.angle_deg) > _AGREE_DEG else every


def _joined(found: list[_Family], off: float, tilt_sd_deg: float) -> tuple[float, float]:
    """Angle and standard uncertainty, deg, of all families together, ``off`` the middle by so many half widths.

    ``tilt_sd_deg`` is how much upright edges may lean at the border where none show it.
    """
    upright, level = found[0], found[-1]
    weights = np.array([family.sd_deg**-2 for family in found])
    middle_deg = float(np.average([family.angle_deg for family in found], weights=weights))
    apart = abs(upright.angle_deg - level.angle_deg) / 2
    change, change_sd = (upright.change_deg, upright.change_sd_deg) if len(found) == 2 else (0.0, tilt_sd_deg)
    parts = (float(weights.sum() ** -0.5), apart * weights.min() / weights.max(), change_sd * off, _FLOOR_SD_DEG)
    return middle_deg + change * off, float(np.linalg.norm(parts))


def _segments(grey: NDArray[np.uint8]) -> Floats:
    """Straight edges, the longest first, shape (n, 4): x, y, x, y."""
    lines = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(grey)[0]
    if lines is None:
        return np.empty((0, 4))
    found = np.asarray(lines, dtype=float).reshape(-1, 4)
    length = np.hypot(found[:, 2] - found[:, 0], found[:, 3] - found[:, 1])
    order = np.argsort(-length)
    return np.asarray(found[order][: int((length >= _SHORTEST * grey.shape[0]).sum())])


def _family(
    segments: Floats,
    kind: str,
    on_deck: Bools,
    *,
    centre: float,
    half: float,
    height: int,
    rises_deg: float = 0.0,
    change_sd_deg: float = _CHANGE_SD_DEG,
) -> _Family | None:
    """Fit the edges that lie level or stand upright; None where too few agree."""
    dx, dy = segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1]
    # As rotation against the picture's axes: level edges that rise, and upright ones that lean to the left.
    angle = np.degrees(np.arctan2(-dy, dx)) if kind == LEVEL else np.degrees(np.arctan2(dx, dy))
    angle = (angle + 90.0) % 180.0 - 90.0 - rises_deg * on_deck
    near = np.flatnonzero(np.abs(angle) <= _REACH_DEG)[:_MOST_SEGMENTS]
    length = np.hypot(dx, dy)[near]
    if length.sum() < _FAMILY_LENGTH * height:
        return None
    angle, edges = angle[near], segments[near]
    axis = (1, 3) if kind == LEVEL else (0, 2)
    off = (edges[:, axis].mean(axis=1) - centre) / half
    start = _voted(angle, off, length, change_sd_deg)
    fitting = np.abs(angle - start[0] - start[1] * off) <= 3 * _EDGE_SD_DEG
    if length[fitting].sum() < max(_FAMILY_LENGTH * height, _FAMILY_SHARE * length.sum()):
        return None
    fit = _fitted(angle[fitting], off[fitting], length[fitting], height, change_sd_deg)
    return _Family(*fit, edges[fitting], tuple(DECK if deck else kind for deck in on_deck[near][fitting]))


def _voted(angle: Floats, off: Floats, length: Floats, change_sd_deg: float) -> tuple[float, float]:
    """Angle in the middle and change to the border, deg, on which most length of edges agrees."""
    votes = np.zeros((len(_CHANGES_DEG), len(_ANGLES_DEG)))
    for k, change in enumerate(_CHANGES_DEG):
        residual = angle[None, :] - change * off[None, :] - _ANGLES_DEG[:, None]
        support = (length * np.exp(-0.5 * (residual / _EDGE_SD_DEG) ** 2)).sum(axis=1)
        votes[k] = support * np.exp(-0.5 * (change / change_sd_deg) ** 2)
    best = np.unravel_index(int(votes.argmax()), votes.shape)
    return float(_ANGLES_DEG[best[1]]), float(_CHANGES_DEG[best[0]])


def _fitted(
    angle: Floats, off: Floats, length: Floats, height: int, change_sd_deg: float
) -> tuple[float, float, float, float]:
    """Angle in the middle, its change to the border, and their standard uncertainties, deg, by least squares.

    An edge's angle is the better known the longer it is.
    """
    sd = np.hypot(_EDGE_SD_DEG, np.degrees(0.5 / length))
    weight = (length / height) / sd**2
    design = np.stack([np.ones_like(off), off], axis=1)
    normal = design.T @ (weight[:, None] * design) + np.diag([0.0, change_sd_deg**-2])
    covariance = np.linalg.inv(normal)
    middle, change = covariance @ (design.T @ (weight * angle))
    residual = angle - design @ np.array([middle, change])
    scatter = max(1.0, float(np.average((residual / sd) ** 2, weights=length)))
    sds = np.sqrt(np.diag(covariance) * scatter)
    return float(middle), float(change), float(sds[0]), float(sds[1])

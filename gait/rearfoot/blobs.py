"""Marks in the picture of a leg: small patches of one colour, surrounded on all sides by another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import Bools, Floats
from gait.rearfoot.patch import LegPatch

CALF, HEEL = "calf", "heel"
ZONES = {CALF: ((0.12, 0.93), 0.17), HEEL: ((0.95, 1.50), 0.24)}
"""Extent along and across the leg in which marks are looked for, in shank lengths."""

MIN_CONTRAST = 15.0
"""Least difference of colour from what surrounds a mark, in CIE Lab units with lightness counted half."""

LIGHTNESS_WEIGHT = 0.5
"""Light and shadow change lightness far more than hue."""

AREA = (2.5e-4, 0.03)
"""Area of a mark in squared shank lengths: from a dot of 7 mm to a strip of 3 x 15 cm on a shank of 40 cm."""

MAX_WIDTH = 0.14
"""Widest mark, in shank lengths (5 cm): a sock's edge or a stripe round the shoe is wider."""

SURROUNDED = 0.75
"""Share of the rim of a mark that must be of one colour."""

_ASIDE = 0.3
"""How far a pixel's colour may lie off the line from ground to tape, as a share of their contrast."""

_FEWEST_PX = 4
_COLOURS = 6
_RIM = (0.012, 0.03)
_MORE_CHROMA, _BRIGHTER = 8.0, 12.0


@dataclass(frozen=True, eq=False)
class Blob:
    """A mark in one patch.

    Parameters
    ----------
    at : ndarray, shape (2,)
        Across and along the leg, in shank lengths.
    xy_px, direction : ndarray, shape (2,)
        Centre, and long axis (unit vector, downwards), in the patch.
    area, length : float
        In squared and in single shank lengths.
    elongation : float
        Length by width.
    lab, rim_lab : ndarray, shape (3,)
        Colour of its core and of its surroundings, CIE Lab with lightness weighted.
    outline : ndarray of int32, shape (n, 2)
        In the patch.
    """

    at: Floats
    xy_px: Floats
    direction: Floats
    area: float
    length: float
    elongation: float
    lab: Floats
    rim_lab: Floats
    outline: NDArray[np.int32]


def lab_of(rgb: NDArray[np.uint8]) -> Floats:
    """Return CIE Lab with lightness weighted, shape (H, W, 3)."""
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)
    return np.asarray(lab, np.float64) * np.array([LIGHTNESS_WEIGHT, 1.0, 1.0])


def unusual(lab: Floats, rim_lab: Floats) -> bool:
    """Whether a colour is what people mark with on that ground: more colourful than it, or brighter.

    Shadows, gaps and moles are darker and duller.
    """
    chroma, around = float(np.hypot(*lab[1:])), float(np.hypot(*rim_lab[1:]))
    hue_apart = float(np.hypot(*(lab[1:] - rim_lab[1:])))
    colourful = hue_apart >= MIN_CONTRAST and chroma > around + _MORE_CHROMA
    other_hue = hue_apart >= 1.5 * MIN_CONTRAST and chroma > 20.0
    return colourful or other_hue or float(lab[0] - rim_lab[0]) >= _BRIGHTER


def any_blobs(patch: LegPatch, zone: str) -> list[Blob]:
    """Find all marks in one zone of a patch, whatever their colour.

    The zone's colours are quantised (k-means); connected areas of one of them, small and surrounded, are marks.
    """
    lab, offset = _zone(patch, zone)
    if lab.size < 3 * _COLOURS:
        return []
    flat = lab.reshape(-1, 3).astype(np.float32)
    criteria = (cv2.TERM_CRITERIA_MAX_ITER | cv2.TERM_CRITERIA_EPS, 12, 0.5)
    cv2.setRNGSeed(1)
    _, labels, _ = cv2.kmeans(flat, min(_COLOURS, len(flat)), None, criteria, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    index = labels.reshape(lab.shape[:2])
    found = []
    for k in range(_COLOURS):
        for inside in _areas(index == k, patch.shank_px):
            box = _around(inside, patch.shank_px)
            rim = _rim(inside[box], patch.shank_px)
            if not rim.any():
                continue
            rim_lab, core = np.median(lab[box][rim], axis=0), np.median(lab[box][inside[box]], axis=0)
            if float(np.linalg.norm(core - rim_lab)) < MIN_CONTRAST:
                continue
            blob = _grown(patch, lab, inside, core, rim_lab, offset)
            if blob is not None and unusual(blob.lab, blob.rim_lab):
                found.append(blob)
    return found


def blobs_of(patch: LegPatch, zone: str, colour: Floats, ground: Floats) -> list[Blob]:
    """Find marks of a known colour on a known ground (weighted Lab) in one zone of a patch."""
    lab, offset = _zone(patch, zone)
    share = _share(lab, ground, colour)
    found = []
    for inside in _areas(share > 0.5, patch.shank_px):
        # Near the edge of the shoe a known tape may have the belt on one side of its rim.
        blob = _blob(patch, lab, share, inside, offset, surrounded=0.0)
        if blob is not None:
            found.append(blob)
    return found


def _zone(patch: LegPatch, zone: str) -> tuple[Floats, Floats]:
    """Return the weighted Lab picture of a zone and its upper left corner (x, y) in the patch."""
    rows, columns = patch.zone(*ZONES[zone])
    part = patch.rgb[rows, columns]
    if part.size == 0:
        return np.empty((0, 0, 3)), np.zeros(2)
    return lab_of(np.asarray(cv2.GaussianBlur(part, (0, 0), 0.8), np.uint8)), np.array([columns.start, rows.start])


def _areas(mask: Bools, shank_px: float) -> Iterator[Bools]:
    """Yield the connected areas of the size of a mark."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    for k in range(1, count):
        if stats[k, cv2.CC_STAT_AREA] >= _FEWEST_PX and AREA[0] <= stats[k, cv2.CC_STAT_AREA] / shank_px**2 <= AREA[1]:
            yield labels == k


def _around(inside: Bools, shank_px: float) -> tuple[slice, slice]:
    """Rows and columns that hold an area and its rim: a mark is a small part of its zone."""
    reach = max(1, round((_RIM[0] + _RIM[1]) * shank_px)) + 1
    return tuple(  # type: ignore[return-value]
        slice(max(0, int(seen[0]) - reach), int(seen[-1]) + reach + 1)
        for seen in (np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0)))
    )


def _rim(inside: Bools, shank_px: float) -> Bools:
    """A band around an area, a little off its edge, which is a mixture."""

    def grown(share: float) -> NDArray[np.uint8]:
        reach = max(1, round(share * shank_px))
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        return np.asarray(cv2.dilate(inside.astype(np.uint8), kernel))

    return np.asarray((grown(_RIM[1] + _RIM[0]) > 0) & (grown(_RIM[0]) == 0))


def _share(lab: Floats, ground: Floats, colour: Floats) -> Floats:
    """How much of each pixel is tape, 0 to 1, when it is a mixture of tape and ground."""
    towards = colour - ground
    contrast = float(np.linalg.norm(towards))
    if contrast < MIN_CONTRAST:
        return np.zeros(lab.shape[:2])
    along = (lab - ground) @ towards / contrast**2
    aside = np.linalg.norm(lab - ground - along[..., None] * towards, axis=2)
    return np.asarray(np.where(aside < _ASIDE * contrast + 4.0, np.clip(along, 0.0, 1.0), 0.0))


def _grown(patch: LegPatch, lab: Floats, inside: Bools, core: Floats, rim_lab: Floats, offset: Floats) -> Blob | None:
    """Redraw an area as all that is nearer to its own colour than to that around it."""
    share = _share(lab, rim_lab, core)
    _, labels = cv2.connectedComponents((share > 0.5).astype(np.uint8))
    own = np.bincount(labels[inside])
    own[0] = 0
    if not own.any():
        return None
    whole = labels == int(own.argmax())
    if whole.sum() < _FEWEST_PX or not AREA[0] <= whole.sum() / patch.shank_px**2 <= AREA[1]:
        return None
    return _blob(patch, lab, share, whole, offset)


def _blob(
    patch: LegPatch, lab: Floats, share: Floats, inside: Bools, offset: Floats, surrounded: float = SURROUNDED
) -> Blob | None:
    """Measure an area; None where it is too wide or too little of its rim is of one colour."""
    box = _around(inside, patch.shank_px)
    lab, share, inside = lab[box], share[box], inside[box]
    offset = offset + np.array([box[1].start, box[0].start])
    ys, xs = np.nonzero(inside)
    weight = np.clip(share[inside], 0.05, 1.0)
    points = np.column_stack([xs, ys]).astype(float)
    centre = np.average(points, axis=0, weights=weight)
    spread = np.cov(points.T, aweights=weight) + np.eye(2) / 12.0
    values, vectors = np.linalg.eigh(spread)
    # 3.46 standard deviations of an even strip are its width.
    width, length = 3.46 * np.sqrt(values) / patch.shank_px
    rim = _rim(inside, patch.shank_px)
    if width > MAX_WIDTH or not rim.any():
        return None
    rim_lab = np.median(lab[rim], axis=0)
    lab_core = np.median(lab[inside][weight >= np.percentile(weight, 60)], axis=0)
    contrast = float(np.linalg.norm(lab_core - rim_lab))
    even = np.mean(np.linalg.norm(lab[rim] - rim_lab, axis=1) < 0.5 * contrast + 4.0)
    if contrast < MIN_CONTRAST or even < surrounded:
        return None
    contours, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(contours, key=len)[:, 0] + offset.astype(np.int32)
    return Blob(
        at=patch.in_legs((centre + offset)[None])[0],
        xy_px=centre + offset,
        direction=vectors[:, 1] * (1.0 if vectors[1, 1] >= 0 else -1.0),
        area=float(inside.sum()) / patch.shank_px**2,
        length=float(length),
        elongation=float(length / width),
        lab=lab_core,
        rim_lab=rim_lab,
        outline=np.asarray(outline, np.int32),
    )

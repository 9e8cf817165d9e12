"""Tape on calf and heel: found without being told its colour, then read as two lines in every picture.

The colour that comes back at the same places of the leg, on the calf and on the heel, in many pictures of the standing
foot, is the tape. Two marks, or one strip, on the calf give the line of the shank; two marks, or one strip, on the heel
counter give the line of the heel: the standard clinic set-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.model import Floats
from gait.rearfoot.angles import TAPE, Reading
from gait.rearfoot.blobs import CALF, HEEL, MIN_CONTRAST, Blob, any_blobs, blobs_of
from gait.rearfoot.patch import LegPatch

SAME_COLOUR = 25.0
"""Blobs closer than this in colour (weighted CIE Lab) are of one tape. [default of ours]"""

SAME_PLACE = 0.08
"""How far a mark may lie from its usual place on the leg, in shank lengths. [default of ours]"""

SEEN_IN = 0.4
"""Least share of pictures in which a mark of the leg must be seen to count. [default of ours]"""

_REACH = np.array([0.12, 0.18])
"""The same in one picture, across and along: as the shank leans fore and aft its marks wander along it."""

_DISTORTED = 0.5
"""How far two marks may lie from their usual places to each other, as a share of their distance."""

STRIP = 2.0
"""Length by width from which one mark by itself gives a line."""

LINE = {CALF: 0.12, HEEL: 0.05}
"""Shortest line that gives a direction, in shank lengths: 5 and 2 cm on a shank of 40 cm; a pixel turns a line of 30 px
by 2 deg."""


@dataclass(frozen=True, eq=False)
class Mark:
    """Where on the leg a mark is (across, along, in shank lengths), how often it was seen, whether it is a strip."""

    zone: str
    at: Floats
    seen: float
    strip: bool


@dataclass(frozen=True, eq=False)
class Tape:
    """The marks of one leg: colour of tape and ground by zone, and places, from top to bottom."""

    colour: dict[str, Floats]
    ground: dict[str, Floats]
    marks: tuple[Mark, ...]

    def of(self, zone: str) -> list[Mark]:
        """Marks of a zone, from top to bottom."""
        return [m for m in self.marks if m.zone == zone]


@dataclass(frozen=True, eq=False)
class Line:
    """A line in one patch: two points, px, upper first; ``size`` is the area of its marks for telling hidden ones."""

    points_px: Floats
    size: float
    blobs: tuple[Blob, ...]

    @property
    def length_px(self) -> float:
        """Distance of the points."""
        return float(np.linalg.norm(self.points_px[1] - self.points_px[0]))


def find_tape(patches: Sequence[LegPatch], colour_lab: Floats | None = None) -> Tape | None:
    """Find the tape on one leg.

    Parameters
    ----------
    patches : sequence of LegPatch
        One leg in pictures of different strides in which its foot stands.
    colour_lab : ndarray, shape (3,), optional
        Colour that a person named, CIE Lab with lightness weighted; only its hue counts.

    Returns
    -------
    Tape or None
        None where no colour gives a line on the calf and on the heel.
    """
    if not patches:
        return None
    seen = {zone: [any_blobs(p, zone) for p in patches] for zone in (CALF, HEEL)}
    if colour_lab is not None:
        seen = {zone: [[b for b in found if _same_hue(b.lab, colour_lab)] for found in seen[zone]] for zone in seen}
    candidates = {zone: _candidates(zone, seen[zone]) for zone in seen}
    pairs = [(c, h) for c in candidates[CALF] for h in candidates[HEEL]]
    if not pairs:
        return None
    # One roll of tape is the rule; two colours are taken where nothing else comes back as often.
    calf, heel = max(pairs, key=lambda p: p[0].weight * p[1].weight * (2.0 if _same_hue(p[0].lab, p[1].lab) else 1.0))
    return Tape(
        {CALF: calf.lab, HEEL: heel.lab},
        {CALF: calf.ground, HEEL: heel.ground},
        (*calf.marks, *heel.marks),
    )


def read_line(patch: LegPatch, tape: Tape, zone: str) -> Line | None:
    """Return the line of calf or heel in one patch, None where its marks are not all seen."""
    found = blobs_of(patch, zone, tape.colour[zone], tape.ground[zone])
    chosen = _matched(found, tape.of(zone))
    return None if chosen is None else _line(patch, chosen, zone)


def _matched(found: Sequence[Blob], marks: Sequence[Mark]) -> tuple[Blob, ...] | None:
    """Choose the blobs that lie to each other as the marks do; all may be shifted together."""
    if len(marks) == 1:
        near = [b for b in found if (np.abs(b.at - marks[0].at) < _REACH).all()]
        # The swinging foot's own tape may be near, too; the larger one is the whole one.
        return (max(near, key=lambda b: b.area),) if near else None
    usual = marks[1].at - marks[0].at
    best, least = None, _DISTORTED * float(np.linalg.norm(usual))
    for upper in found:
        for lower in found:
            shift = (upper.at + lower.at - marks[0].at - marks[1].at) / 2
            if upper is lower or (np.abs(shift) > _REACH).any():
                continue
            apart = float(np.linalg.norm(lower.at - upper.at - usual)) + 0.2 * float(np.linalg.norm(shift))
            if apart < least:
                best, least = (upper, lower), apart
    return best


def _line(patch: LegPatch, blobs: Sequence[Blob], zone: str) -> Line | None:
    size = float(sum(b.area for b in blobs))
    if len(blobs) == 1:
        half = blobs[0].direction * blobs[0].length * patch.shank_px / 2
        points = np.array([blobs[0].xy_px - half, blobs[0].xy_px + half])
    else:
        points = np.array([blobs[0].xy_px, blobs[-1].xy_px])
    line = Line(points, size, tuple(blobs))
    return line if line.length_px >= LINE[zone] * patch.shank_px else None


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A colour that comes back in one zone."""

    lab: Floats
    ground: Floats
    marks: tuple[Mark, ...]
    weight: float


def _candidates(zone: str, seen: Sequence[Sequence[Blob]]) -> list[_Candidate]:
    """Return the colours with marks enough for a line in this zone."""
    everything = [b for found in seen for b in found]
    found = []
    left = list(range(len(everything)))
    while left:
        labs = np.array([everything[i].lab for i in left])
        near = np.linalg.norm(labs[:, None] - labs[None], axis=2) < SAME_COLOUR
        best = int(near.sum(axis=1).argmax())
        members = {left[i] for i in np.flatnonzero(near[best])}
        own = [everything[i] for i in members]
        left = [i for i in left if i not in members]
        marks = _places(zone, own, seen)
        if marks:
            lab, ground = (np.median([getattr(b, n) for b in own], axis=0) for n in ("lab", "rim_lab"))
            contrast = float(np.linalg.norm(lab - ground))
            if contrast >= MIN_CONTRAST:
                found.append(_Candidate(lab, ground, marks, min(m.seen for m in marks) * min(contrast, 60.0)))
    return found


def _places(zone: str, own: list[Blob], seen: Sequence[Sequence[Blob]]) -> tuple[Mark, ...]:
    """Return where blobs of one colour come back; nothing where they give no line."""
    ids = {id(b) for b in own}
    places: list[Mark] = []
    left = own
    while left:
        at = np.array([b.at for b in left])
        near = np.linalg.norm(at[:, None] - at[None], axis=2) < SAME_PLACE
        best = int(near.sum(axis=1).argmax())
        here = [left[i] for i in np.flatnonzero(near[best])]
        left = [b for i, b in enumerate(left) if not near[best][i]]
        centre = np.median([b.at for b in here], axis=0)
        share = np.mean([any(id(b) in ids and np.linalg.norm(b.at - centre) < SAME_PLACE for b in f) for f in seen])
        if share >= SEEN_IN:
            strip = float(np.median([b.elongation for b in here])) >= STRIP
            places.append(Mark(zone, centre, float(share), strip))
    # The middle of the leg is where people put tape; of more than two marks the two most often seen there count.
    places.sort(key=lambda m: m.seen - 2.0 * abs(float(m.at[0])), reverse=True)
    strips = [m for m in places if m.strip]
    if len(places) >= 2:
        first, second = places[0], places[1]
        apart = abs(float(first.at[1] - second.at[1]))
        if apart >= LINE[zone] and abs(float(first.at[0] - second.at[0])) < 0.8 * apart:
            return tuple(sorted((first, second), key=lambda m: float(m.at[1])))
    return (strips[0],) if strips else ()


def _same_hue(one: Floats, two: Floats) -> bool:
    """Whether two colours may be one tape in different light."""
    chroma = [float(np.hypot(*lab[1:])) for lab in (one, two)]
    if min(chroma) < 12.0:
        return max(chroma) < 18.0
    apart = np.degrees(np.arctan2(one[2], one[1]) - np.arctan2(two[2], two[1]))
    return bool(abs((apart + 180.0) % 360.0 - 180.0) < 25.0)


@dataclass(frozen=True, eq=False)
class TapeReader:
    """Reads shank and heel line of one leg from its tape."""

    tape: Tape
    method: str = TAPE

    def __call__(self, patch: LegPatch) -> Reading | None:
        """Return the two lines, None where a mark is missing."""
        shank, heel = (read_line(patch, self.tape, zone) for zone in (CALF, HEEL))
        if shank is None or heel is None:
            return None
        outlines = tuple(blob.outline.astype(float) for line in (shank, heel) for blob in line.blobs)
        return Reading(shank.points_px, heel.points_px, heel.size, outlines)

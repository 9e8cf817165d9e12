"""Look at the standing feet in the pictures of a rear view: tape first, then the outline, else say why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gait.colours import rgb_of
from gait.model import Floats, PoseSequence, VideoInfo
from gait.rearfoot.angles import (
    MIN_PICTURES,
    NAMED_TAPE_MISSING,
    OUTLINE,
    TAPE,
    FootAngles,
    FrameAngle,
    Reading,
    Stance,
    tilt_deg,
)
from gait.rearfoot.blobs import lab_of
from gait.rearfoot.outline import OutlineReader
from gait.rearfoot.patch import LegPatch, cut_leg
from gait.rearfoot.tape import TapeReader, find_tape
from gait.skeleton import OUTWARDS, SKELETONS, other
from gait.video.decode import frames

MAX_SPREAD_DEG = 2.5
"""Most that turned and resized views of one picture may differ (median SD). [default of ours, see outline.py]"""

MAX_STANCES = 30
"""Stances of a foot that are looked at, spread evenly: more do not narrow the interval by much."""

_FIND_FROM = 30
_MIDDLE = (0.2, 0.4, 0.6)
"""Pictures of each foot in which tape is looked for, and the shares of stance at which they are taken. [defaults of
ours]"""

_FAR_FRAMES = 120
"""So many unwanted frames are decoded rather than sought past. [default of ours]"""

_HIDDEN = 0.85
"""A heel's mark that is smaller than this share of what its neighbours in phase say is partly hidden. [default of
ours]"""

_BEFORE_S = 0.095
"""Pictures are read from so long before contact on: the curve over stance begins there. [default of ours]"""

_MIN_STANDING, _MOST_STANDING = 5, 30
"""Pictures of quiet standing that its angle needs, and the most that are read. [defaults of ours]"""


@dataclass(frozen=True, eq=False)
class LegPath:
    """Where the lower leg of one side is in the pictures: knee and ankle, shape (T, 2), px; typical shank, px."""

    side: str
    knee_px: Floats
    ankle_px: Floats
    shank_px: float

    @classmethod
    def of(cls, pose: PoseSequence, side: str) -> LegPath:
        """Take it from the landmarks of the whole body."""
        skeleton = SKELETONS[pose.skeleton]
        knee, ankle = (pose.xy_px[:, skeleton.index(f"{side}_{part}")] for part in ("knee", "ankle"))
        lengths = np.linalg.norm(ankle - knee, axis=1)
        return cls(side, knee, ankle, float(np.nanpercentile(lengths, 75)) if np.isfinite(lengths).any() else 0.0)


def spread(stances: Sequence[Stance], most: int = MAX_STANCES) -> list[Stance]:
    """Return at most ``most`` stances, evenly over the clip."""
    if len(stances) <= most:
        return list(stances)
    return [stances[i] for i in np.unique(np.linspace(0, len(stances) - 1, most).round().astype(int))]


def frames_of(times_s: Floats, stances: Iterable[Stance]) -> list[int]:
    """Return the frames from just before contact to toe-off."""
    wanted: set[int] = set()
    for stance in stances:
        inside = np.flatnonzero((times_s >= stance.ic_s - _BEFORE_S) & (times_s <= stance.to_s))
        wanted.update(int(i) for i in inside)
    return sorted(wanted)


def middles_of(times_s: Floats, stances: Sequence[Stance]) -> list[int]:
    """Return frames from the middle of stances spread over the clip: the foot is flat and its heel mostly free."""
    found = [
        int(np.searchsorted(times_s, stance.time_at_s(share)))
        for stance in spread(stances, _FIND_FROM // len(_MIDDLE))
        for share in _MIDDLE
    ]
    return [i for i in found if i < len(times_s)]


def runs(wanted: Sequence[int]) -> list[list[int]]:
    """Part increasing frame numbers where so many are not wanted that seeking is quicker than decoding them."""
    found: list[list[int]] = []
    for i in wanted:
        if found and i - found[-1][-1] <= _FAR_FRAMES:
            found[-1].append(i)
        else:
            found.append([i])
    return found


@dataclass(frozen=True, eq=False)
class Look:
    """Reads rearfoot angles from the pictures of one video.

    Parameters
    ----------
    info : VideoInfo
        The video.
    mirrored : bool
        The picture is mirror-inverted.
    tape_lab : ndarray, shape (3,), optional
        Colour of the tape as a person named it.
    on_frames : callable, optional
        Told how many pictures of how many were looked at.
    shown : callable, optional
        Shown the pictures of stances too, each with its row in the landmarks: decoding takes most of the time.
    """

    info: VideoInfo
    mirrored: bool = False
    tape_lab: Floats | None = None
    on_frames: Callable[[int, int], None] | None = None
    shown: Callable[[int, NDArray[np.uint8]], None] | None = None

    def __call__(
        self, pose: PoseSequence, stances: dict[str, list[Stance]], standing_s: Sequence[tuple[float, float]] = ()
    ) -> dict[str, FootAngles]:
        """Read both feet.

        Parameters
        ----------
        pose : PoseSequence
            Landmarks in the original picture.
        stances : dict
            Stances by side.
        standing_s : sequence of (float, float)
            When the person stands still.
        """
        chosen = {side: spread(stances[side]) for side in stances}
        paths = {side: LegPath.of(pose, side) for side in stances}
        readers = self._readers(pose, paths, chosen)
        wanted = {side: set(frames_of(pose.times_s, chosen[side])) for side in stances}
        still = _standing_frames(pose.times_s, standing_s)
        read: dict[str, list[tuple[FrameAngle, Reading]]] = {side: [] for side in stances}
        zero: dict[str, list[float]] = {side: [] for side in stances}
        every = sorted(set().union(still, *wanted.values()))
        for done, (index, picture) in enumerate(self._pictures(pose, every)):
            for side in stances:
                if index not in wanted[side] and index not in still:
                    continue
                patch = self._patch(pose, paths[side], index, picture)
                reading = readers[side](patch) if patch is not None else None
                if patch is None or reading is None:
                    continue
                angle = self._angle(patch, reading)
                if index in still:
                    zero[side].append(angle.heel_deg - angle.shank_deg)
                else:
                    read[side].append((angle, reading))
            if self.shown is not None and index not in still:
                self.shown(index, picture)
            if self.on_frames is not None:
                self.on_frames(done + 1, len(every))
        feet = {side: _foot(side, readers[side].method, read[side], zero[side], chosen[side]) for side in stances}
        if self.tape_lab is not None:
            missing = (NAMED_TAPE_MISSING,)
            feet = {s: foot if readers[s].method == TAPE else replace(foot, notes=missing) for s, foot in feet.items()}
        return {
            side: replace(foot, toe_out_deg=toe_out_deg(pose, paths[side], chosen[side], mirrored=self.mirrored))
            for side, foot in feet.items()
        }

    def _readers(
        self, pose: PoseSequence, paths: dict[str, LegPath], stances: dict[str, list[Stance]]
    ) -> dict[str, TapeReader | OutlineReader]:
        """Tape where there is some, else the outline."""
        wanted = {side: set(middles_of(pose.times_s, stances[side])) for side in paths}
        patches: dict[str, list[LegPatch]] = {side: [] for side in paths}
        # Both feet in one go through the film: decoding takes most of the time.
        for index, picture in self._pictures(pose, sorted(set().union(*wanted.values()))):
            for side in paths:
                patch = self._patch(pose, paths[side], index, picture) if index in wanted[side] else None
                if patch is not None:
                    patches[side].append(patch)
        tapes = {side: find_tape(patches[side], self.tape_lab) for side in paths}
        return {side: OutlineReader() if tape is None else TapeReader(tape) for side, tape in tapes.items()}

    def _pictures(self, pose: PoseSequence, wanted: Sequence[int]) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        for run in runs(wanted):
            numbers = {pose.first_frame + i for i in run}
            for number, picture in frames(self.info, min(numbers), max(numbers) + 1, only=numbers):
                yield number - pose.first_frame, picture

    def _patch(self, pose: PoseSequence, path: LegPath, index: int, picture: NDArray[np.uint8]) -> LegPatch | None:
        time_s = float(pose.times_s[index])
        # In a mirror image a left leg looks like a right one.
        looks = other(path.side) if self.mirrored else path.side
        return cut_leg(picture, looks, index, time_s, path.knee_px[index], path.ankle_px[index], path.shank_px)

    def _angle(self, patch: LegPatch, reading: Reading) -> FrameAngle:
        shank, heel = (patch.in_picture(line) for line in (reading.shank_px, reading.heel_px))
        outlines = tuple(patch.in_picture(line) for line in reading.outlines_px)
        return FrameAngle(patch.frame, patch.time_s, self._tilt_deg(shank), self._tilt_deg(heel), shank, heel, outlines)

    def _tilt_deg(self, line_px: Floats) -> float:
        """Tilt towards the runner's right, which is the picture's left in a mirror image."""
        return -tilt_deg(line_px) if self.mirrored else tilt_deg(line_px)


def _foot(
    side: str,
    method: str,
    read: Sequence[tuple[FrameAngle, Reading]],
    zero: Sequence[float],
    stances: Sequence[Stance],
) -> FootAngles:
    """Put together what was read of one foot."""
    standing = OUTWARDS[side] * float(np.median(zero)) if len(zero) >= _MIN_STANDING else None
    if method == TAPE:
        sizes = [(angle, reading.size or 0.0) for angle, reading in read]
        return FootAngles(side, TAPE, tuple(whole(sizes, stances)), standing)
    frames = tuple(angle for angle, _ in read)
    reason = untrusted(read, stances)
    if reason:
        return FootAngles(side, None, reason=reason)
    return FootAngles(side, OUTLINE, frames, standing)


def untrusted(read: Sequence[tuple[FrameAngle, Reading]], stances: Sequence[Stance]) -> str:
    """Say why the outline of a foot cannot be believed; nothing where it can.

    What is asked is consistency: of the views of one picture among each other, and of neighbouring pictures.
    """
    if not stances or len(read) < MIN_PICTURES * len(stances):
        return "No tape was found, and calf and heel were free of the other leg in too few pictures."
    spread_deg = float(np.median([reading.spread_deg for _, reading in read]))
    if spread_deg > MAX_SPREAD_DEG:
        return "No tape was found, and the outline of calf and heel is not clear enough."
    return ""


FOOT_OF_SHANK = 0.62
"""Length of the foot over that of the shank: 0.152 and 0.246 of body height (Drillis & Contini 1966, in Winter 2009,
Biomechanics and Motor Control of Human Movement, fig. 4.1, doi:10.1002/9780470549148)."""

TOE_LANDMARK_OUT_DEG = 6.0
"""How much further outwards the pose model's heel and toe seem to point than the shoe does, seen from behind: median of
12 feet of rendered and drawn runners, SD 4 deg. Good for telling a foot turned far out, not for a number."""

_FLAT = (0.25, 0.60)


def toe_out_deg(
    pose: PoseSequence, path: LegPath, stances: Sequence[Stance], *, mirrored: bool = False
) -> float | None:
    """Return about how far a flat foot points outwards, deg; None where its toe is not followed."""
    skeleton = SKELETONS[pose.skeleton]
    heel, toe = (pose.xy_px[:, skeleton.index(f"{path.side}_{part}"), 0] for part in ("heel", "foot_index"))
    flat = np.zeros(len(pose.times_s), bool)
    for stance in stances:
        share = stance.share_at(pose.times_s)
        flat |= (share >= _FLAT[0]) & (share <= _FLAT[1])
    across = (toe - heel)[flat]
    if not np.isfinite(across).any() or path.shank_px <= 0:
        return None
    outwards = OUTWARDS[path.side] * (-1.0 if mirrored else 1.0)
    sine = outwards * float(np.nanmedian(across)) / (FOOT_OF_SHANK * path.shank_px)
    return float(np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))) - TOE_LANDMARK_OUT_DEG


def whole(read: Sequence[tuple[FrameAngle, float]], stances: Sequence[Stance]) -> list[FrameAngle]:
    """Leave out the pictures in which the other foot hides a part of the heel's mark.

    The mark grows over stance as the foot nears the camera and the heel lifts; a part of it is smaller than its
    neighbours in phase. A parabola is fitted to the sizes, and what lies clearly below is left out, until nothing is.
    """
    phase = np.full(len(read), np.nan)
    for stance in stances:
        for i, (angle, _) in enumerate(read):
            share = stance.share_at(angle.time_s)
            if -0.45 <= share <= 1.0:
                phase[i] = share
    size = np.array([s for _, s in read])
    known = np.isfinite(phase)
    keep = known
    for _ in range(10):
        if keep.sum() < 8:
            break
        fit = np.polyval(np.polyfit(phase[keep], size[keep], 2), phase)
        still = known & (size > _HIDDEN * fit) & (size < fit / _HIDDEN**2)
        if (still == keep).all():
            break
        keep = still
    return [angle for (angle, _), k in zip(read, keep, strict=True) if k]


def _standing_frames(times_s: Floats, standing_s: Sequence[tuple[float, float]]) -> set[int]:
    """Return some frames in which the person stands still, evenly over that time."""
    inside = [int(i) for start, stop in standing_s for i in np.flatnonzero((times_s >= start) & (times_s <= stop))]
    return set(inside[:: max(1, -(-len(inside) // _MOST_STANDING))])


def lab_of_colour(colour: str) -> Floats:
    """Return the colour that a person named (``#rrggbb``) as blobs have it: CIE Lab, lightness weighted."""
    return np.asarray(lab_of(np.array([[rgb_of(colour)]], np.uint8))[0, 0])

"""Look at the standing feet in the pictures of a rear view: tape first, then the outline, else say why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gait.colours import rgb_of
from gait.model import Floats, PoseSequence, VideoInfo
from gait.rearfoot.angles import TAPE, FootAngles, FrameAngle, Stance
from gait.rearfoot.blobs import lab_of
from gait.rearfoot.patch import LegPatch, cut_leg
from gait.rearfoot.tape import Line, Tape, find_tape, tape_reader
from gait.skeleton import SKELETONS
from gait.video.decode import frames, pick_frames

MAX_STANCES = 30
"""Stances of a foot that are looked at, spread evenly: more do not narrow the interval by much."""

_FIND_FROM = 48
_HIDDEN = 0.85
_BEFORE_S = 0.035


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
    """

    info: VideoInfo
    mirrored: bool = False
    tape_lab: Floats | None = None

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
        paths = {side: LegPath.of(pose, side) for side in stances}
        tapes = {side: self._find(pose, paths[side], stances[side]) for side in stances}
        readers = {side: tape_reader(tape) for side, tape in tapes.items() if tape is not None}
        wanted = {side: set(frames_of(pose.times_s, stances[side])) for side in readers}
        still = _standing_frames(pose.times_s, standing_s)
        read: dict[str, list[tuple[FrameAngle, float]]] = {side: [] for side in readers}
        zero: dict[str, list[float]] = {side: [] for side in readers}
        for index, picture in self._pictures(pose, set().union(still, *wanted.values())):
            for side, reader in readers.items():
                if index not in wanted[side] and index not in still:
                    continue
                patch = self._patch(pose, paths[side], index, picture)
                lines = reader(patch) if patch is not None else None
                if patch is None or lines is None:
                    continue
                angle = self._angle(patch, *lines)
                if index in still:
                    zero[side].append(angle.heel_deg - angle.shank_deg)
                else:
                    read[side].append((angle, lines[1].size))
        return {
            side: self._foot(side, tapes[side], read.get(side, []), zero.get(side, []), stances) for side in stances
        }

    def _find(self, pose: PoseSequence, path: LegPath, stances: Sequence[Stance]) -> Tape | None:
        """Find the tape in pictures from the middle of stances spread over the clip."""
        wanted = []
        for stance in spread(stances, _FIND_FROM // 3):
            for share in (0.2, 0.4, 0.6):
                wanted.append(int(np.searchsorted(pose.times_s, stance.ic_s + share * (stance.to_s - stance.ic_s))))
        wanted = [i for i in wanted if i < len(pose.times_s)]
        pictures = pick_frames(self.info, [pose.first_frame + i for i in wanted])
        patches = [self._patch(pose, path, i - pose.first_frame, picture) for i, picture in pictures.items()]
        return find_tape([p for p in patches if p is not None], self.tape_lab)

    def _pictures(self, pose: PoseSequence, wanted: set[int]) -> Iterable[tuple[int, NDArray[np.uint8]]]:
        if not wanted:
            return
        first, last = min(wanted), max(wanted)
        for number, picture in frames(self.info, pose.first_frame + first, pose.first_frame + last + 1):
            if number - pose.first_frame in wanted:
                yield number - pose.first_frame, picture

    @staticmethod
    def _patch(pose: PoseSequence, path: LegPath, index: int, picture: NDArray[np.uint8]) -> LegPatch | None:
        time_s = float(pose.times_s[index])
        return cut_leg(picture, path.side, index, time_s, path.knee_px[index], path.ankle_px[index], path.shank_px)

    def _angle(self, patch: LegPatch, shank: Line, heel: Line) -> FrameAngle:
        lines = [patch.in_picture(line.points_px) for line in (shank, heel)]
        tilts = [self._tilt_deg(line) for line in lines]
        outlines = tuple(patch.in_picture(b.outline.astype(float)) for line in (shank, heel) for b in line.blobs)
        return FrameAngle(patch.frame, patch.time_s, tilts[0], tilts[1], lines[0], lines[1], outlines)

    def _tilt_deg(self, line_px: Floats) -> float:
        across, down = line_px[1] - line_px[0]
        return float(np.degrees(np.arctan2(-across if self.mirrored else across, down)))

    @staticmethod
    def _foot(
        side: str,
        tape: Tape | None,
        read: Sequence[tuple[FrameAngle, float]],
        zero: Sequence[float],
        stances: dict[str, list[Stance]],
    ) -> FootAngles:
        if tape is None:
            return FootAngles(side, None, reason="No tape was found on calf and heel.")
        shown = whole(read, stances[side])
        sign = 1.0 if side == "right" else -1.0
        return FootAngles(side, TAPE, tuple(shown), sign * float(np.median(zero)) if len(zero) >= 5 else None)


def whole(read: Sequence[tuple[FrameAngle, float]], stances: Sequence[Stance]) -> list[FrameAngle]:
    """Leave out the pictures in which the other foot hides a part of the heel's mark.

    The mark grows over stance as the foot nears the camera and the heel lifts; a part of it is smaller than its
    neighbours in phase. A parabola is fitted to the sizes, and what lies clearly below is left out, until nothing is.
    """
    phase = np.full(len(read), np.nan)
    for stance in stances:
        for i, (angle, _) in enumerate(read):
            share = (angle.time_s - stance.ic_s) / (stance.to_s - stance.ic_s)
            if -0.3 <= share <= 1.0:
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
    """Return up to 30 frames in which the person stands still."""
    inside = [int(i) for start, stop in standing_s for i in np.flatnonzero((times_s >= start) & (times_s <= stop))]
    return set(inside[:: max(1, len(inside) // 30)])


def lab_of_colour(colour: str) -> Floats:
    """Return the colour that a person named (``#rrggbb``) as blobs have it: CIE Lab, lightness weighted."""
    return np.asarray(lab_of(np.array([[rgb_of(colour)]], np.uint8))[0, 0])

"""Where the head is in every frame, so that no face is shown because tracking faltered for a moment."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from gait.model import Floats, PoseSequence
from gait.rearfoot.finder import is_close_up
from gait.report.pictures import RGB
from gait.skeleton import SKELETONS, Skeleton
from gait.video.face import HeadRegion, blur_region, head_region

_REACH_S = 1.0
"""How far in time a head position is carried; on a belt a runner stays within the widened region so long."""

_NEIGHBOURS_S = 0.25
_GROWTH_PER_S = 0.6

_LEG_AND_TRUNK_SHARE = 0.779
"""Trunk 0.288, thigh 0.245, shank 0.246 of stature (Drillis and Contini 1966, in Winter 2009, fig. 4.1)."""

_COARSE_PX = 12


@dataclass(frozen=True, eq=False)
class HeadTrack:
    """Head regions of a clip.

    Parameters
    ----------
    times_s : ndarray, shape (T,)
        Real time of each frame.
    centre_px, half_axes_px : ndarray, shape (T, 2)
        Ellipse of the head in each frame; NaN where it is not known.
    """

    times_s: Floats
    centre_px: Floats
    half_axes_px: Floats

    @classmethod
    def to_hide(cls, pose: PoseSequence, *, blur: bool) -> HeadTrack | None:
        """Return what must be hidden; None where nothing is to be, or where only lower legs are in the picture."""
        return cls.of(pose) if blur and not is_close_up(pose.estimator) else None

    @classmethod
    def of(cls, pose: PoseSequence) -> HeadTrack:
        """Find the head in every frame of a pose sequence."""
        skeleton = SKELETONS[pose.skeleton]
        height_px = body_height_px(pose.xy_px, skeleton)
        centre = np.full((len(pose.times_s), 2), np.nan)
        half = np.full_like(centre, np.nan)
        for i, xy_px in enumerate(pose.xy_px):
            region = head_region(xy_px, skeleton, body_height_px=height_px)
            if region is not None:
                centre[i], half[i] = region.centre_px, region.half_axes_px
        return cls(pose.times_s, centre, half)

    def cover(self, rgb: RGB, frame: int, scale: float = 1.0) -> bool:
        """Hide the head in one frame, in place.

        A frame without a head takes the nearest known one within 1 s, widened with the time between; a head
        that jumps away from its neighbours in time is hidden in both places. Where nothing is known within
        1 s the whole picture is made coarse.

        Parameters
        ----------
        rgb : ndarray of uint8, shape (H, W, 3)
            The picture.
        frame : int
            Index in this track.
        scale : float
            Pixels of ``rgb`` for each pixel of the landmarks.

        Returns
        -------
        bool
            False when the whole picture was made coarse.
        """
        regions = self._regions(frame)
        for region in regions:
            blur_region(rgb, _scaled(region, scale))
        if not regions:
            make_coarse(rgb)
        return bool(regions)

    def _regions(self, frame: int) -> list[HeadRegion]:
        near = np.abs(self.times_s - self.times_s[frame])
        known = np.isfinite(self.centre_px[:, 0])
        if not known[frame]:
            candidates = np.flatnonzero(known & (near <= _REACH_S))
            if not len(candidates):
                return []
            # The last known before and the first after: the head is near one, or on its way to the other.
            sides = (candidates[candidates < frame][-1:], candidates[candidates > frame][:1])
            return [self._region(int(i), 1.2 + _GROWTH_PER_S * float(near[i])) for side in sides for i in side]
        around = known & (near <= _NEIGHBOURS_S)
        usual = np.median(self.centre_px[around], axis=0)
        own = self._region(frame)
        jump = math.dist(own.centre_px, (float(usual[0]), float(usual[1])))
        if jump <= 0.5 * own.half_axes_px[1]:
            return [own]
        half = np.median(self.half_axes_px[around], axis=0) * 1.2
        return [own, HeadRegion((float(usual[0]), float(usual[1])), (float(half[0]), float(half[1])))]

    def _region(self, frame: int, growth: float = 1.0) -> HeadRegion:
        (x, y), (a, b) = self.centre_px[frame], self.half_axes_px[frame]
        return HeadRegion((float(x), float(y)), (float(a) * growth, float(b) * growth))


def _scaled(region: HeadRegion, scale: float) -> HeadRegion:
    (x, y), (a, b) = region.centre_px, region.half_axes_px
    return HeadRegion((x * scale, y * scale), (a * scale, b * scale))


def make_coarse(rgb: RGB) -> None:
    """Turn a whole picture into blocks, in place."""
    height, width = rgb.shape[:2]
    across = _COARSE_PX * max(width, height) / min(width, height)
    block = max(width, height) / across
    small = (max(round(width / block), 1), max(round(height / block), 1))
    coarse = cv2.resize(rgb, small, interpolation=cv2.INTER_AREA)
    rgb[:] = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST)


def body_height_px(xy_px: Floats, skeleton: Skeleton) -> float:
    """Estimate the runner's stature in the picture from trunk and leg, px; NaN when they were never seen.

    Parameters
    ----------
    xy_px : ndarray, shape (T, K, 2)
        Landmarks.
    skeleton : Skeleton
        Their names.
    """
    known = set(skeleton.landmarks)
    lengths = []
    for side in ("left", "right"):
        names = [f"{side}_{part}" for part in ("shoulder", "hip", "knee", "ankle")]
        if known.issuperset(names):
            chain = xy_px[:, skeleton.indices(names)]
            lengths.append(np.linalg.norm(np.diff(chain, axis=1), axis=2).sum(axis=1))
    seen = np.concatenate(lengths) if lengths else np.array([])
    seen = seen[np.isfinite(seen)]
    return float(np.median(seen)) / _LEG_AND_TRUNK_SHARE if len(seen) else math.nan

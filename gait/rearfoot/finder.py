"""Both lower legs in a picture from behind that shows no body: the clinic's close-up of shoes and calves.

A small network, trained on the drawn runners of ``sample_videos/outline_train.py``, marks calf, ankle and heel of both
legs. It looks at one square part of the picture, chosen once for the clip, because the camera stands still.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import Floats, PoseSequence, VideoInfo
from gait.pose.cache import SpanCache, prune
from gait.rearfoot.motion import FOLLOWED, PixelMotion, joined
from gait.rearfoot.network import chance, identity_of, seen_by
from gait.signals.filters import runs_of
from gait.skeleton import BLAZEPOSE, OUTWARDS, SKELETONS
from gait.video.decode import frames, pick_frames

ESTIMATOR = "lower-leg finder"
"""Name of the estimator: only legs below the knee are in its landmarks."""


def is_close_up(estimator: str) -> bool:
    """Whether an estimator follows lower legs without a body."""
    return estimator == ESTIMATOR


SIZE_PX = 160
MARKS = ("calf_upper", "calf_lower", "ankle", "heel_upper", "heel_lower")
"""Marks of one leg: at two and one third of the way from ankle to knee, the ankle joint, and the heel counter."""

USUAL_SHANK = 0.45
"""Length of the shank as a share of the square in which the network is surest: the middle of what it was trained on."""

SEEN = 0.4
"""Height of a mark's hill from which on it counts as seen."""

MIN_FRAMES = 0.5
"""Share of frames in which an ankle and a heel must be seen, for each leg, for the clip to count. [default of ours]"""

MIN_SURENESS = 0.5
"""Mean height of the hills of ankles and heels below which there are no legs from behind: 0.63 to 0.83 in five
close-ups of drawn and rendered runners, at most 0.48 in side views."""

_SAMPLES = 24
"""Pictures, evenly over the clip, by which the part of it to look at is chosen. [default of ours]"""

_VERSION = 1
"""Raise it when the way marks are made changes."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Square:
    """Part of a picture: middle and side, px."""

    x: float
    y: float
    side: float

    @property
    def there(self) -> Floats:
        """Map (2, 3) from the picture to the network's one."""
        scale = SIZE_PX / self.side
        return np.array([[scale, 0.0, SIZE_PX / 2 - scale * self.x], [0.0, scale, SIZE_PX / 2 - scale * self.y]])


def see_legs(rgb: NDArray[np.uint8], square: Square) -> tuple[Floats, Floats]:
    """Mark both legs in one picture.

    Returns
    -------
    points_px : ndarray, shape (2, 5, 2)
        Left leg, right leg; :data:`MARKS`; px of the picture.
    score : ndarray, shape (2, 5)
        Height of each mark's hill, 0 to 1.
    """
    there = square.there
    if there[0, 0] < 0.7:
        rgb = np.asarray(cv2.resize(rgb, None, fx=there[0, 0], fy=there[0, 0], interpolation=cv2.INTER_AREA), np.uint8)
        there = np.array([[1.0, 0.0, there[0, 2]], [0.0, 1.0, there[1, 2]]])
    view = cv2.warpAffine(rgb, there, (SIZE_PX, SIZE_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    maps, _ = seen_by("finder", view.astype(np.float32).transpose(2, 0, 1)[None] / 255.0 - 0.5)
    places, score = zip(*(_top(hill) for hill in chance(maps[0])), strict=True)
    points = np.array(places) * (square.side / SIZE_PX) + np.array([square.x, square.y]) - square.side / 2
    # The network has the right leg first.
    order = [*range(5, 10), *range(5)]
    return points[order].reshape(2, 5, 2), np.array(score)[order].reshape(2, 5)


def _top(hill: Floats) -> tuple[Floats, float]:
    """Return the top of a hill, px of the network's picture, and its height."""
    y, x = np.unravel_index(int(hill.argmax()), hill.shape)
    rows, columns = (slice(max(0, int(v) - 2), int(v) + 3) for v in (y, x))
    part = hill[rows, columns]
    grid_y, grid_x = np.mgrid[rows, columns][:, : part.shape[0], : part.shape[1]]
    total = float(part.sum()) + 1e-9
    # A cell of the map covers four pixels.
    return np.array([(part * grid_x).sum(), (part * grid_y).sum()]) / total * 4 + 1.5, float(hill[y, x])


def find_legs(
    info: VideoInfo, first: int, stop: int, on_frames: Callable[[int, int], None] | None = None
) -> PoseSequence | None:
    """Follow both lower legs through a clip.

    Parameters
    ----------
    info : VideoInfo
        The video.
    first, stop : int
        Range of frames.
    on_frames : callable, optional
        Told how many frames of how many are done.

    Returns
    -------
    PoseSequence or None
        In the pose model's landmarks, of which only knee (continued from the calf), ankle and heel are there. None
        where no two legs are seen.
    """
    kept = SpanCache(info.sha256, f"legs-{identity_of('finder')}-v{_VERSION}")
    found = kept.get(first, stop)
    if found is None:
        # As they come back from the cache, so that a second analysis gives the same.
        found = {name: a.astype(np.float32).astype(float) for name, a in _follow(info, first, stop, on_frames).items()}
        kept.put(first, stop, found)
        prune()
    return _as_pose(info, first, found["points"], found["score"], found["moved"]) if found else None


def _follow(info: VideoInfo, first: int, stop: int, on_frames: Callable[[int, int], None] | None) -> dict[str, Floats]:
    """Mark both legs in every picture, and see how their pixels move; nothing where no two legs are seen."""
    square = _choose(info, first, stop)
    if square is None:
        return {}
    count = stop - first
    points, score = np.full((count, 2, 5, 2), np.nan), np.zeros((count, 2, 5))
    moved = np.full((count, 2, len(FOLLOWED), 2), np.nan)
    follow = PixelMotion(USUAL_SHANK * square.side)
    for number, rgb in frames(info, first, stop):
        at = number - first
        points[at], score[at] = see_legs(rgb, square)
        points[at][score[at] < SEEN] = np.nan
        moved[at] = follow(rgb, points[at])
        if on_frames is not None:
            on_frames(at + 1, count)
    seen = np.isfinite(points[..., 0])
    usable = (seen[:, :, 2] & (seen[:, :, 3] | seen[:, :, 4])).mean(axis=0)
    _log.info("lower legs seen in %s of the frames, part of the picture %s", np.round(usable, 2), square)
    return {"points": points, "score": score, "moved": moved} if usable.min() >= MIN_FRAMES else {}


def _choose(info: VideoInfo, first: int, stop: int) -> Square | None:
    """Choose the part of the picture: first roughly among a few squares, then around the legs."""
    numbers = np.unique(np.linspace(first, stop - 1, _SAMPLES).round().astype(int))
    pictures = list(pick_frames(info, [int(n) for n in numbers]).values())
    if not pictures:
        return None
    width, height = info.size_px
    side = float(min(width, height))
    squares = [Square(x, y, side) for x in _places(width, side) for y in _places(height, side)]
    squares += [Square(width / 2, y, 0.6 * side) for y in (0.4 * height, 0.6 * height)]
    best = max((_tried(pictures, square) for square in squares), key=lambda tried: tried.sureness)
    for _ in range(2):
        closer = _around(best)
        if closer is None:
            break
        best = max(best, _tried(pictures, closer), key=lambda tried: tried.sureness)
    return best.square if best.sureness >= MIN_SURENESS else None


def _places(extent: float, side: float) -> list[float]:
    """Middles of squares of a side along an extent."""
    if extent < 1.2 * side:
        return [extent / 2]
    return [extent / 2, (extent + side / 2) / 3, extent - (extent + side / 2) / 3]


@dataclass(frozen=True, eq=False)
class _Tried:
    """What was seen of both legs in one square of some pictures: points (n, 2, 5, 2), px, and scores (n, 2, 5)."""

    square: Square
    points: Floats
    score: Floats

    @property
    def sureness(self) -> float:
        """Mean height of the hills of ankles and heels."""
        return float(self.score[:, :, [1, 2, 4]].mean())


def _tried(pictures: Sequence[NDArray[np.uint8]], square: Square) -> _Tried:
    points, score = zip(*(see_legs(rgb, square) for rgb in pictures), strict=True)
    return _Tried(square, np.array(points), np.array(score))


def _around(tried: _Tried) -> Square | None:
    """Return the square that shows the legs that were seen in another at the usual size."""
    sure = (tried.score[:, :, 1] > SEEN) & (tried.score[:, :, 2] > SEEN)
    ankles = tried.points[:, :, 2][sure]
    thirds = np.linalg.norm(ankles - tried.points[:, :, 1][sure], axis=1)
    if len(ankles) < 6:
        return None
    shank_px = 3.0 * float(np.percentile(thirds, 75))
    side = shank_px / USUAL_SHANK
    x, y = np.median(ankles, axis=0)
    lowest = float(np.percentile(ankles[:, 1], 95))
    # Shoes below, and most of the shank above.
    return Square(float(x), min(float(y), lowest + 0.3 * shank_px - 0.42 * side), side)


def _third_px(points: Floats) -> float:
    """A third of a shank, px, by marks (..., 5, 2): median from lower calf to ankle; NaN where never seen together."""
    lengths = np.linalg.norm(points[..., 2, :] - points[..., 1, :], axis=-1)
    seen = np.isfinite(lengths)
    return float(np.median(lengths[seen])) if seen.any() else float("nan")


def _steadied(times_s: Floats, points: Floats, moved: Floats) -> Floats:
    """Let ankle and heels move as the pixels of calf and heel do; the calf's marks stay where they are on the leg."""
    raw, points = points, points.copy()
    shank_px = 3.0 * _third_px(points)
    if not np.isfinite(shank_px):
        return raw
    for leg in range(2):
        for mark, part in ((2, 0), (3, 1), (4, 1)):
            place, step = raw[:, leg, mark] / shank_px, moved[:, leg, part] / shank_px
            points[:, leg, mark] = shank_px * joined(times_s, place, step)
        shifted = points[:, leg, 2] - raw[:, leg, 2]
        points[:, leg, :2] += np.where(np.isfinite(shifted), shifted, 0.0)[:, None]
    return points


def _as_pose(info: VideoInfo, first: int, points: Floats, score: Floats, moved: Floats | None = None) -> PoseSequence:
    """Put the marks into the landmarks of a whole body, whose others stay empty."""
    skeleton, count = BLAZEPOSE, len(points)
    if moved is not None:
        points = _steadied(info.times_s[first : first + count], points, moved)
    points, score = _swung_out(info.times_s[first : first + count], points, score)
    xy = np.full((count, len(skeleton.landmarks), 2), np.nan)
    sure = np.zeros((count, len(skeleton.landmarks)))
    ankle = points[:, :, 2]
    # The two marks on the calf are at thirds of the shank; where only one is seen it tells the knee by itself.
    by_lower, by_upper = ankle + 3.0 * (points[:, :, 1] - ankle), ankle + 1.5 * (points[:, :, 0] - ankle)
    knee = np.where(
        np.isfinite(by_upper), np.where(np.isfinite(by_lower), (by_lower + by_upper) / 2, by_upper), by_lower
    )
    for k, side in enumerate(("left", "right")):
        parts = {"knee": (knee, 1), "ankle": (ankle, 2), "heel": (points[:, :, 4], 4)}
        for part, (path, mark) in parts.items():
            index = skeleton.index(f"{side}_{part}")
            xy[:, index] = path[:, k]
            sure[:, index] = np.where(np.isfinite(path[:, k, 0]), np.maximum(score[:, k, mark], SEEN), 0.0)
    return PoseSequence(
        times_s=info.times_s[first : first + count],
        xy_px=xy,
        score=sure,
        depth=np.zeros(sure.shape),
        skeleton=skeleton.name,
        estimator=ESTIMATOR,
        version="1",
        first_frame=first,
    )


_LONGEST_SWING_S = 0.55
"""A foot that is out of sight for longer than a runner's swing is not led back along an arc. [default of ours]"""

_HIGH = 0.35
_APEX = 0.30
"""Where a foot must leave the picture and come back, from the top of what is seen of its path (0) to its bottom (1),
and by how much of that the arc rises above its ends. Its height is never measured. [defaults of ours]"""


def _swung_out(times_s: Floats, points: Floats, score: Floats) -> tuple[Floats, Floats]:
    """Let a foot that swings out through the top of a close picture come back where it went, along an arc.

    Its height in between is not known and never measured; but without it no rule can tell swing from stance. A gap
    counts as such where the ankle is well above its usual stance height before and after it.
    """
    points, score = points.copy(), score.copy()
    for leg in range(2):
        ankle, seen = points[:, leg, 2], np.isfinite(points[:, leg, 2, 0])
        if seen.sum() < 10:
            continue
        low, high = np.nanpercentile(ankle[:, 1], [90, 5])
        if not low - high > _third_px(points[:, leg]):
            continue  # this foot never swings in sight, so nothing tells where it is
        for gap in runs_of(~seen):
            before, after = gap.start - 1, gap.stop
            if before < 0 or after >= len(points) or times_s[after] - times_s[before] > _LONGEST_SWING_S:
                continue
            if max(ankle[before, 1], ankle[after, 1]) > high + _HIGH * (low - high):
                continue
            share = ((times_s[gap] - times_s[before]) / (times_s[after] - times_s[before]))[:, None, None]
            straight = points[before, leg] + share * (points[after, leg] - points[before, leg])
            straight[:, :, 1] -= _APEX * (low - high) * 4.0 * (share * (1.0 - share))[:, :, 0]
            points[gap, leg] = straight
            score[gap, leg] = SEEN
    return points, score


def with_stand_ins(pose: PoseSequence) -> PoseSequence:
    """Put hips and shoulders above the knees, standing still, so that rules for whole bodies find a leg's length.

    Nothing may be reported of them.
    """
    skeleton = SKELETONS[pose.skeleton]
    xy, score = pose.xy_px.copy(), pose.score.copy()
    knee, ankle = (xy[:, skeleton.indices([f"left_{p}", f"right_{p}"])] for p in ("knee", "ankle"))
    lengths = np.linalg.norm(ankle - knee, axis=-1)
    if not np.isfinite(lengths).any():
        return pose
    shank_px = float(np.nanpercentile(lengths, 75))
    above = np.array([np.nanmedian(knee[..., 0]), np.nanpercentile(knee[..., 1], 30)])
    for side, outwards in OUTWARDS.items():
        for part, up in (("hip", 1.0), ("shoulder", 2.2)):
            index = skeleton.index(f"{side}_{part}")
            xy[:, index] = above + shank_px * np.array([0.2 * outwards, -up])
            score[:, index] = 1.0
    return replace(pose, xy_px=xy, score=score)


def without_stand_ins(pose: PoseSequence) -> PoseSequence:
    """Take them out again, for drawing."""
    skeleton = SKELETONS[pose.skeleton]
    xy = pose.xy_px.copy()
    xy[:, skeleton.indices([f"{side}_{part}" for side in ("left", "right") for part in ("hip", "shoulder")])] = np.nan
    return replace(pose, xy_px=xy)

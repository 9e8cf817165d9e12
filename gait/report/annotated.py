"""The annotated video: skeleton, events, heel lines and stance strip, at true speed, as every browser plays it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from gait.metrics.rearfoot import Rearfoot
from gait.model import INITIAL_CONTACT, Floats, GaitAnalysis, GaitEvent, PoseSequence, VideoInfo
from gait.report.foot_lines import LEGEND, SeenFoot, draw_foot_lines
from gait.report.pictures import RGB
from gait.report.privacy import HeadTrack
from gait.report.stance_strip import StanceStrip
from gait.report.wording import number
from gait.skeleton import SKELETONS, Skeleton
from gait.video.decode import frames
from gait.video.draw import LEFT, RIGHT, draw_label, draw_skeleton
from gait.video.label import unit_px
from gait.video.write import VideoWriter

_MAX_RATE_HZ = 60.0
_MAX_SIDE_PX = 1280
_PANEL_SHARE = 0.13
_MIN_PANEL_PX = 64
_FLASH_S = 0.12
"""How long an event stays on the picture: long enough to be seen, short enough not to run into toe-off."""


def write_annotated(
    path: Path,
    info: VideoInfo,
    pose: PoseSequence,
    analysis: GaitAnalysis,
    *,
    blur: bool,
    feet: Mapping[str, Rearfoot] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write the annotated film of one video.

    A capture faster than 60 pictures per second loses pictures, slow motion plays in real time, and a
    variable rate becomes a constant one (nearest picture in time).

    Parameters
    ----------
    path : Path
        The mp4 to write.
    info : VideoInfo
        The video, its times already real (``time_scale`` set).
    pose : PoseSequence
        Its landmarks; the film covers the frames that these cover.
    analysis : GaitAnalysis
        Events, strides and cadence to show.
    blur : bool
        Whether to make the face unrecognisable.
    feet : mapping of str to Rearfoot, optional
        What was seen of the heels from behind; calf and heel line are drawn where they were read in a stance.
    on_progress : callable, optional
        Called with (frames written, frames in all).

    Raises
    ------
    VideoError
        When the video can no longer be read or the film cannot be written.
    """
    rate_hz = film_rate_hz(info.rate_hz)
    nearest = film_frames(pose.times_s, info.rate_hz, rate_hz)
    painter = _Painter(info, pose, analysis, blur, rate_hz, lines_by_frame(feet or {}))
    with VideoWriter(path, painter.size_px, rate_hz) as writer:
        for k, (index, rgb) in enumerate(_resampled(info, pose.first_frame, nearest)):
            writer.write(painter.paint(rgb, index, float(pose.times_s[0]) + k / rate_hz), k / rate_hz)
            if on_progress is not None:
                on_progress(k + 1, len(nearest))


def lines_by_frame(feet: Mapping[str, Rearfoot]) -> dict[int, list[SeenFoot]]:
    """Return what was read of both heels in each frame (row of the landmarks) that lies in a stance of that foot.

    The picture or two before contact, in which the heel is read, too, are left out: the foot is still in the air.
    """
    found: dict[int, list[SeenFoot]] = {}
    for side, foot in feet.items():
        for read in foot.angles.frames:
            if any(stance.ic_s <= read.time_s <= stance.to_s for stance in foot.stances):
                found.setdefault(read.frame, []).append(SeenFoot(side, read.shank_px, read.heel_px))
    return found


def film_key(
    info: VideoInfo,
    pose: PoseSequence,
    analysis: GaitAnalysis,
    *,
    blur: bool,
    feet: Mapping[str, Rearfoot] | None = None,
) -> str:
    """Return a hash of all that the film is drawn from: two analyses with the same key have the same film.

    Parameters
    ----------
    info, pose, analysis, blur, feet
        As for :func:`write_annotated`.
    """
    digest = hashlib.sha256()
    cadence = analysis.metric("cadence_spm")
    video = analysis.videos[0]
    drawn = (
        info.sha256,
        info.time_scale,
        pose.first_frame,
        video.view,
        blur,
        cadence.value if cadence else None,
        analysis.events,
        analysis.strides,
        analysis.software.get("gait"),
    )
    digest.update(repr(drawn).encode())
    digest.update(np.ascontiguousarray(pose.xy_px.round(2)).tobytes())
    for frame, lines in sorted(lines_by_frame(feet or {}).items()):
        drawn_lines = np.array([(line.calf_px, line.heel_px) for line in lines]).round(2)
        digest.update(repr((frame, drawn_lines.tolist())).encode())
    return digest.hexdigest()[:32]


def film_rate_hz(rate_hz: float) -> float:
    """Return the film's rate for a capture rate: the capture's own, or a whole fraction of it up to 60 Hz."""
    if rate_hz <= 0:
        return 30.0
    # 1 % of slack keeps 60.2 Hz, as phones write it, from being halved.
    return rate_hz / max(1, math.ceil(rate_hz / _MAX_RATE_HZ - 0.01))


def film_frames(times_s: Floats, source_rate_hz: float, rate_hz: float) -> list[int]:
    """Return for every picture of the film the index of the nearest source frame, shape (N,), not decreasing.

    The film lasts as long as the source: from the first frame to the end of the last.
    """
    last_s = 1 / source_rate_hz if source_rate_hz > 0 else 1 / rate_hz
    duration_s = float(times_s[-1] - times_s[0]) + last_s
    wanted = times_s[0] + np.arange(max(1, round(duration_s * rate_hz))) / rate_hz
    after = np.clip(np.searchsorted(times_s, wanted), 1, max(len(times_s) - 1, 1))
    if len(times_s) == 1:
        return [0] * len(wanted)
    # Halfway between two frames the earlier one is shown, however the sums round.
    closer = wanted - times_s[after - 1] <= times_s[after] - wanted + 1e-9
    return [int(i) for i in np.where(closer, after - 1, after)]


def _resampled(info: VideoInfo, first_frame: int, nearest: list[int]) -> Iterator[tuple[int, RGB]]:
    """Yield a (pose index, picture) for every picture of the film; a neighbour replaces a damaged frame."""
    waiting = iter(nearest)
    wanted = next(waiting, None)
    shown: tuple[int, RGB] | None = None
    for index, rgb in frames(info, first_frame, first_frame + nearest[-1] + 1):
        current = (index - first_frame, rgb)
        while wanted is not None and wanted <= current[0]:
            # A frame that never came: the last one before it stands in.
            yield current if wanted == current[0] or shown is None else shown
            wanted = next(waiting, None)
        shown = current
    while wanted is not None and shown is not None:
        yield shown
        wanted = next(waiting, None)


class _Painter:
    """Draws on one picture after the other; holds what is the same for all."""

    def __init__(
        self,
        info: VideoInfo,
        pose: PoseSequence,
        analysis: GaitAnalysis,
        blur: bool,
        rate_hz: float,
        lines: Mapping[int, list[SeenFoot]] = MappingProxyType({}),
    ) -> None:
        video = next((v for v in analysis.videos if v.sha256 == info.sha256), analysis.videos[0])
        width, height = info.size_px
        panel = _PANEL_SHARE * min(width, height)
        self.factor = min(1.0, _MAX_SIDE_PX / width, _MAX_SIDE_PX / (height + panel))
        self._picture_px = (_even(width * self.factor), _even(height * self.factor))
        panel_px = max(_even(_PANEL_SHARE * min(self._picture_px)), _MIN_PANEL_PX)
        self.size_px = (self._picture_px[0], self._picture_px[1] + panel_px)
        self._pose = pose
        self._skeleton: Skeleton = SKELETONS[pose.skeleton]
        self._near = video.view if video.view in ("left", "right") else None
        self._lines = lines
        self._heads = HeadTrack.to_hide(pose, blur=blur)
        # The first picture that shows an event is the one nearest to it in time.
        self._early_s = 0.5 / rate_hz
        self._events = tuple(e for e in analysis.events if e.video == video.id)
        cadence = analysis.metric("cadence_spm")
        value = cadence.value if cadence is not None else None
        self._legend = f"    {LEGEND}" if lines else ""
        self._cadence = f"cadence {number(value)} steps/min" if isinstance(value, (int, float)) else ""
        span_s = (float(pose.times_s[0]), float(pose.times_s[-1]))
        self._strip = StanceStrip.build(analysis, video.id, self._near, span_s, (self.size_px[0], panel_px))

    def paint(self, rgb: RGB, index: int, time_s: float) -> RGB:
        """Return the film's picture for source frame ``index`` shown at ``time_s``."""
        # The face goes before anything is scaled or drawn: nothing of it can survive.
        whole = self._heads is None or self._heads.cover(rgb, index)
        # Averaging over areas is worth its time only where several pixels become one.
        how = cv2.INTER_AREA if self.factor < 0.7 else cv2.INTER_LINEAR
        small = cv2.resize(rgb, self._picture_px, interpolation=how) if self.factor < 1 else rgb
        canvas = np.empty((self.size_px[1], self.size_px[0], 3), dtype=np.uint8)
        picture = np.ascontiguousarray(small[: self._picture_px[1], : self._picture_px[0]], dtype=np.uint8)
        xy_px = self._pose.xy_px[index] * self.factor
        lines = self._lines.get(index, [])
        draw_skeleton(picture, self._without_feet(xy_px, lines), self._skeleton, near_side=self._near)
        if not whole:
            draw_label(picture, "Runner not found: picture hidden", (12, 12))
        for event in self._events:
            if 0 < time_s - event.time_s + self._early_s <= _FLASH_S:
                self._flash(picture, event, xy_px)
        for line in lines:
            draw_foot_lines(picture, line.calf_px * self.factor, line.heel_px * self.factor)
        canvas[: picture.shape[0]] = picture
        text = f"{time_s:6.2f} s    {self._cadence}    bars: foot on the belt{self._legend}"
        canvas[picture.shape[0] :] = self._strip.at(time_s, text)
        return canvas

    def _without_feet(self, xy_px: Floats, lines: list[SeenFoot]) -> Floats:
        """Leave out the landmarks of a foot whose heel line is drawn: they would hide it."""
        hidden = [self._skeleton.index(f"{line.side}_{part}") for line in lines for part in ("heel", "foot_index")]
        shown = xy_px.copy()
        shown[hidden] = np.nan
        return shown

    def _flash(self, picture: RGB, event: GaitEvent, xy_px: Floats) -> None:
        part = "heel" if event.kind == INITIAL_CONTACT else "foot_index"
        foot = xy_px[self._skeleton.index(f"{event.side}_{part}")]
        if not np.isfinite(foot).all():
            return
        colour = LEFT if event.side == "left" else RIGHT
        unit = unit_px(picture)
        centre = (round(float(foot[0])), round(float(foot[1])))
        cv2.circle(picture, centre, round(20 * unit), (20, 22, 26), max(round(6 * unit), 1), cv2.LINE_AA)
        cv2.circle(picture, centre, round(20 * unit), colour, max(round(3.5 * unit), 1), cv2.LINE_AA)
        word = "contact" if event.kind == INITIAL_CONTACT else "toe-off"
        # The feet of one moment are apart, so labels under each foot do not meet.
        origin = (float(foot[0]), float(foot[1]) + 46 * unit)
        draw_label(picture, f"{event.side} {word}", origin, colour=colour, centred=True)


def _even(length: float) -> int:
    return max(2, round(length) - round(length) % 2)

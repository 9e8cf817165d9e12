"""The clips of one run, each with all that its pictures and tables are made from, and the one analysis of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gait.metrics.measure import ClipMeasurement
from gait.metrics.merge import Part, merged, merged_columns
from gait.model import GaitAnalysis, PoseSequence, VideoInfo
from gait.video.horizon import Horizon


@dataclass(frozen=True, eq=False)
class Clip:
    """One analysed video with all that its pictures and tables are made from; ``analysis`` is of this clip alone.

    ``horizon`` is the camera's roll as found in the picture and used; None where it was entered or not found.
    """

    info: VideoInfo
    pose: PoseSequence
    measured: ClipMeasurement
    analysis: GaitAnalysis
    horizon: Horizon | None = None

    @property
    def video_id(self) -> str:
        """Id of the video in the analysis."""
        return self.analysis.videos[0].id

    @property
    def part(self) -> Part:
        """What joining it with other clips needs."""
        return Part(self.analysis, self.measured.belt_leg_s)


@dataclass(frozen=True, eq=False)
class Visit:
    """All clips of one run, in the order in which they were given.

    Parameters
    ----------
    clips : tuple of Clip
        At least one; no two of the same view.
    analysis : GaitAnalysis
        What is saved and reported: of the one clip, or of all of them joined.
    """

    clips: tuple[Clip, ...]
    analysis: GaitAnalysis

    @classmethod
    def of(cls, clips: Sequence[Clip], config: Mapping[str, Any] | None = None) -> Visit:
        """Join clips.

        Parameters
        ----------
        clips : sequence of Clip
            One is taken as it is.
        config : mapping, optional
            Further entries of the saved configuration.
        """
        if len(clips) == 1:
            return cls(tuple(clips), clips[0].analysis)
        joined = merged([clip.part for clip in clips])
        return cls(tuple(clips), replace(joined, config=joined.config | dict(config or {})))

    def per_stride(self) -> dict[str, list[float | None]]:
        """Return the columns of the stride table, in the order of the analysis's strides."""
        tables = [clip.measured.per_stride for clip in self.clips]
        return merged_columns(tables, [len(clip.measured.strides) for clip in self.clips])

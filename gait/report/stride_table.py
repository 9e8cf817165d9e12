"""Every stride as a row: when it began, how long foot and stride lasted, and whether it was used."""

from __future__ import annotations

import math

from gait.metrics.merge import clip_words
from gait.model import GaitAnalysis, Stride
from gait.report.blocks import Cell, Column, Table
from gait.report.wording import leg_words, number
from gait.words import text


def stride_table(analysis: GaitAnalysis) -> Table | None:
    """List all strides in order, those that were dropped with the reason; None where there is none.

    Parameters
    ----------
    analysis : GaitAnalysis
        Times are real seconds from the file's first frame.
    """
    if not analysis.strides:
        return None
    several = len(analysis.videos) > 1
    views = {video.id: video.view for video in analysis.videos}
    names = (*(("clip",) if several else ()), "leg", "contact_s", "ground_ms", "stride_ms", "used")
    columns = tuple(
        Column(text(f"stride_table.{name}"), numeric=name.endswith(("_s", "_ms")), key=name == names[0])
        for name in names
    )
    rows = tuple(
        (
            *((Cell(clip_words(views.get(stride.video, stride.video))),) if several else ()),
            Cell(leg_words(analysis, stride.video, stride.side)),
            Cell(number(stride.ic_s, digits=2)),
            Cell(_ms(stride.to_s - stride.ic_s)),
            Cell(_ms(stride.next_ic_s - stride.ic_s)),
            Cell(_used(stride)),
        )
        for stride in sorted(analysis.strides, key=lambda stride: (stride.video, stride.ic_s))
    )
    return Table(columns, rows, caption=text("stride_table.caption"))


def _ms(seconds: float) -> str:
    return number(1000.0 * seconds, "ms") if math.isfinite(seconds) else "\N{EM DASH}"


def _used(stride: Stride) -> str:
    return text("stride_table.yes") if stride.reject_reason is None else stride.reject_reason

"""The stride table: every quantity of every stride, for `strides.csv` and whoever wants to look behind a median."""

from __future__ import annotations

import numpy as np

from gait.metrics.clip import ClipFacts
from gait.metrics.side import LENGTHS, stride_values
from gait.model import Stride


def per_stride_columns(clip: ClipFacts, strides: list[Stride]) -> dict[str, list[float | None]]:
    """Return columns of values, one per stride in the order given; None where a stride has no such value.

    Parameters
    ----------
    clip : ClipFacts
        The clip.
    strides : list of Stride
        All strides of the analysis, kept and dropped, both sides.
    """
    rows = [_row(clip, stride) for stride in strides]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [row.get(name) for row in rows] for name in names}


def _row(clip: ClipFacts, stride: Stride) -> dict[str, float | None]:
    row: dict[str, float | None] = {"cadence_spm": 120.0 / (stride.next_ic_s - stride.ic_s)}
    contact = stride.to_s - stride.ic_s
    if np.isfinite(contact):
        row["duty_factor_pct"] = 100.0 * contact / (stride.next_ic_s - stride.ic_s)
    if stride.reject_reason is None and stride.side == clip.near.side and clip.flat is not None:
        leg_px = clip.near.length_to_heel
        for name, value in stride_values(clip.near, stride, clip.flat).items():
            if name in LENGTHS:
                row[f"{name}_leg_pct"] = 100.0 * value / leg_px
                if clip.scale.px_per_m:
                    row[f"{name}_cm"] = 100.0 * value / clip.scale.px_per_m
            else:
                row[name] = value
    return {name: round(v, 3) if v is not None and np.isfinite(v) else None for name, v in row.items()}

"""Tables for spreadsheets and data frames: a row for each metric, stride or landmark, units in column names.

CSV is UTF-8 with a header row, a full stop as decimal mark and empty cells for what is missing. Text that a
spreadsheet would run as a formula is made harmless; numbers never are, so negative values stay numbers.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from gait.model import GaitAnalysis, MetricValue, PoseSequence
from gait.skeleton import SKELETONS

METRIC_COLUMNS = (
    "video",
    "name",
    "side",
    "value",
    "class",
    "unit",
    "n_strides",
    "sd",
    "ci95_low",
    "ci95_high",
    "confidence",
    "smallest_detectable_change",
    "smallest_detectable_change_origin",
    "method",
    "reference_mean",
    "reference_sd",
    "reference_percentile",
    "reference_mark",
    "reference_source",
    "reference_note",
    "reason",
)
STRIDE_COLUMNS = (
    "video",
    "side",
    "ic_s",
    "to_s",
    "next_ic_s",
    "stride_time_ms",
    "ground_contact_time_ms",
    "kept",
    "reject_reason",
)
LANDMARK_COLUMNS = ("video", "frame", "time_s", "landmark", "x_px", "y_px", "score")

#: First characters that spreadsheets take as the start of a formula (OWASP, "CSV injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def metrics_csv(analysis: GaitAnalysis) -> bytes:
    """Write one row for each metric, those without a value with their reason.

    Numbers stand in ``value``, classes (foot strike) in ``class``; ``sd``, interval and smallest detectable
    change are in the row's ``unit``.
    """
    return csv_table(METRIC_COLUMNS, (_metric_row(m) for m in analysis.metrics))


def _metric_row(metric: MetricValue) -> list[Any]:
    reference = metric.reference or {}
    low, high = metric.ci95 if metric.ci95 is not None else (None, None)
    text = isinstance(metric.value, str)
    return [
        metric.video,
        metric.name,
        metric.side,
        None if text else metric.value,
        metric.value if text else None,
        metric.unit,
        metric.n_strides,
        metric.sd,
        low,
        high,
        metric.confidence,
        metric.sdc,
        metric.sdc_origin,
        metric.method,
        *(reference.get(key) for key in ("mean", "sd", "percentile", "mark", "source", "note")),
        metric.reason,
    ]


def strides_csv(analysis: GaitAnalysis, per_stride: Mapping[str, Sequence[float | str | None]] | None = None) -> bytes:
    """Write one row for each stride, kept or dropped.

    Parameters
    ----------
    analysis : GaitAnalysis
        Whose strides.
    per_stride : mapping of str to sequence, optional
        Further columns: metric name (its unit is in it) to one value a stride, in the order of
        ``analysis.strides``; None or NaN leaves the cell empty.

    Raises
    ------
    ValueError
        When a further column has not one value for each stride.
    """
    extra = dict(per_stride or {})
    for name, values in extra.items():
        if len(values) != len(analysis.strides):
            raise ValueError(f"{name} has {len(values)} values for {len(analysis.strides)} strides")
    own = {name: values for name, values in extra.items() if name not in STRIDE_COLUMNS}
    # On a time base that cannot be right the durations are withheld, here as in the metrics.
    clock = not analysis.quality.times_withheld
    rows = (
        [
            s.video,
            s.side,
            s.ic_s,
            s.to_s,
            s.next_ic_s,
            round(1000 * (s.next_ic_s - s.ic_s), 3) if clock else None,
            round(1000 * (s.to_s - s.ic_s), 3) if clock and math.isfinite(s.to_s) else None,
            s.reject_reason is None,
            s.reject_reason,
            *(values[i] for values in own.values()),
        ]
        for i, s in enumerate(analysis.strides)
    )
    return csv_table((*STRIDE_COLUMNS, *own), rows)


def landmarks_parquet(poses: Mapping[str, PoseSequence]) -> bytes:
    """Write the landmarks as a tidy Parquet table, one row for each video, frame and landmark.

    Columns are those of `LANDMARK_COLUMNS`; ``frame`` counts from the start of the file, a landmark that was
    not found has null positions. Estimator, its version and the skeleton are in the schema's metadata.

    Parameters
    ----------
    poses : mapping of str to PoseSequence
        Landmarks by id of the video, at least one, all from the same pose model.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.concat_tables([_landmarks(pose, list(poses), i) for i, pose in enumerate(poses.values())])
    pose = next(iter(poses.values()))
    about = {"estimator": pose.estimator, "version": pose.version, "skeleton": pose.skeleton}
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(about), sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def _landmarks(pose: PoseSequence, videos: list[str], number: int) -> Any:
    """Return the table of one video; all share one dictionary of ids."""
    import pyarrow as pa

    n_frames, n_landmarks = pose.xy_px.shape[:2]
    n_rows = n_frames * n_landmarks
    skeleton = SKELETONS.get(pose.skeleton)
    names = skeleton.landmarks if skeleton else tuple(f"landmark_{k}" for k in range(n_landmarks))
    return pa.table(
        {
            "video": pa.DictionaryArray.from_arrays(pa.array(np.full(n_rows, number, np.int32)), pa.array(videos)),
            "frame": np.repeat(np.arange(n_frames, dtype=np.int32) + pose.first_frame, n_landmarks),
            "time_s": np.repeat(pose.times_s, n_landmarks),
            "landmark": pa.DictionaryArray.from_arrays(
                pa.array(np.tile(np.arange(n_landmarks, dtype=np.int32), n_frames)), pa.array(names)
            ),
            "x_px": pa.array(pose.xy_px[..., 0].ravel().astype(np.float32), from_pandas=True),
            "y_px": pa.array(pose.xy_px[..., 1].ravel().astype(np.float32), from_pandas=True),
            "score": pa.array(pose.score.ravel().astype(np.float32), from_pandas=True),
        }
    )


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Write a table as CSV; see the top of this file for the rules."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_cell(column) for column in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return repr(float(value)) if math.isfinite(value) else ""
    # One kind of line break: a bare carriage return would end the row for some readers.
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text

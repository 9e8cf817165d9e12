"""Tables: values survive the round trip, text cannot become a formula."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.interop.tables import (
    LANDMARK_COLUMNS,
    METRIC_COLUMNS,
    STRIDE_COLUMNS,
    landmarks_parquet,
    metrics_csv,
    strides_csv,
)
from gait.model import GaitAnalysis, MetricValue, PoseSequence, Quality, Recording, Stride
from gait.skeleton import BLAZEPOSE


def _analysis(metrics: tuple[MetricValue, ...] = (), strides: tuple[Stride, ...] = ()) -> GaitAnalysis:
    return GaitAnalysis(
        software={},
        videos=(),
        recording=Recording(),
        config={},
        quality=Quality("high"),
        metrics=metrics,
        strides=strides,
    )


METRICS = (
    MetricValue(
        "cadence_spm",
        "both",
        "side",
        168.87,
        "steps/min",
        n_strides=25,
        sd=2.1,
        ci95=(168.4, 169.3),
        confidence="high",
        method="median",
        sdc=2.6,
        reference={"mean": 160.0, "sd": 8.0, "mark": "M", "source": "6 men", "percentile": 86.0, "note": ""},
    ),
    MetricValue("ankle_dorsiflexion_ic_deg", "left", "side", -1.2, "deg", n_strides=13),
    MetricValue("foot_strike", "left", "side", "rearfoot", None, n_strides=13, confidence="low"),
    MetricValue("step_length_m", "left", "side", None, "m", reason="no belt speed, ä 跑"),
)
STRIDES = (
    Stride("side", "left", 0.5, 0.75, 1.2),
    Stride("side", "right", 0.85, 1.1, 1.55, "far foot hidden"),
)


def _read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def test_metrics_round_trip() -> None:
    data = metrics_csv(_analysis(METRICS))
    frame = pd.read_csv(io.BytesIO(data))
    assert tuple(frame.columns) == METRIC_COLUMNS
    assert frame["value"].tolist()[:2] == [168.87, -1.2]
    assert math.isnan(frame["value"][2])
    assert frame["class"][2] == "rearfoot"
    assert (frame["ci95_low"][0], frame["ci95_high"][0], frame["sd"][0]) == (168.4, 169.3, 2.1)
    assert (frame["reference_mean"][0], frame["reference_percentile"][0]) == (160.0, 86.0)
    assert frame["n_strides"].tolist() == [25, 13, 13, 0]
    assert frame["reason"][3] == "no belt speed, ä 跑"


def test_strides_round_trip_with_further_columns() -> None:
    rows = _read(strides_csv(_analysis(strides=STRIDES), {"knee_flexion_ic_deg": [12.25, math.nan]}))
    assert tuple(rows[0]) == (*STRIDE_COLUMNS, "knee_flexion_ic_deg")
    assert rows[0]["stride_time_ms"] == "700.0"
    assert rows[0]["ground_contact_time_ms"] == "250.0"
    assert (rows[0]["kept"], rows[0]["reject_reason"]) == ("true", "")
    assert (rows[1]["kept"], rows[1]["reject_reason"]) == ("false", "far foot hidden")
    assert [r["knee_flexion_ic_deg"] for r in rows] == ["12.25", ""]


def test_a_further_column_needs_one_value_a_stride() -> None:
    with pytest.raises(ValueError, match="1 values for 2 strides"):
        strides_csv(_analysis(strides=STRIDES), {"knee_flexion_ic_deg": [1.0]})


def test_a_further_column_never_doubles_one_that_is_there() -> None:
    header = strides_csv(_analysis(strides=STRIDES), {"ground_contact_time_ms": [1.0, 2.0]}).splitlines()[0]
    assert header.decode().split(",") == list(STRIDE_COLUMNS)


def test_empty_tables_still_have_a_header() -> None:
    assert metrics_csv(_analysis()).decode() == ",".join(METRIC_COLUMNS) + "\n"
    assert strides_csv(_analysis()).decode() == ",".join(STRIDE_COLUMNS) + "\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", '=HYPERLINK("x")'])
def test_text_that_could_be_a_formula_is_made_harmless(text: str) -> None:
    metric = MetricValue("cadence_spm", "both", "side", None, "steps/min", reason=text)
    assert _read(metrics_csv(_analysis((metric,))))[0]["reason"] == f"'{text}".replace("\r", "\n")


def test_negative_numbers_stay_numbers() -> None:
    assert _read(metrics_csv(_analysis(METRICS)))[1]["value"] == "-1.2"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30))
def test_any_text_comes_back_whole(text: str) -> None:
    metric = MetricValue("cadence_spm", "both", "side", None, "steps/min", reason=text)
    found = _read(metrics_csv(_analysis((metric,))))[0]["reason"]
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    assert found in (whole, f"'{whole}")
    assert not found.startswith(("=", "+", "-", "@"))


def test_landmarks_round_trip(tmp_path: Path) -> None:
    n, k = 4, len(BLAZEPOSE.landmarks)
    xy = np.arange(n * k * 2, dtype=float).reshape(n, k, 2) / 8
    xy[1, 5] = np.nan
    score = np.linspace(0, 1, n * k).reshape(n, k)
    pose = PoseSequence(
        np.arange(n) / 30, xy, score, np.zeros((n, k)), BLAZEPOSE.name, "estimator", "abc", first_frame=10
    )
    path = tmp_path / "landmarks.parquet"
    path.write_bytes(landmarks_parquet({"side": pose}))
    frame = pd.read_parquet(path)
    assert tuple(frame.columns) == LANDMARK_COLUMNS
    assert len(frame) == n * k
    assert frame["frame"].unique().tolist() == [10, 11, 12, 13]
    assert np.allclose(frame["time_s"].to_numpy().reshape(n, k)[:, 0], np.arange(n) / 30)
    found = frame[["x_px", "y_px"]].to_numpy(dtype=float).reshape(n, k, 2)
    assert np.array_equal(found, xy, equal_nan=True)
    assert np.allclose(frame["score"].to_numpy().reshape(n, k), score, atol=1e-6)
    row = frame[(frame["frame"] == 12) & (frame["landmark"] == "left_heel")].iloc[0]
    assert (row["x_px"], row["y_px"]) == tuple(xy[2, BLAZEPOSE.index("left_heel")])
    table = pq.read_table(path)
    assert table["x_px"].null_count == table["y_px"].null_count == 1
    assert table.schema.metadata[b"estimator"] == b"estimator"


def test_landmarks_of_the_same_sequence_are_the_same_bytes() -> None:
    k = len(BLAZEPOSE.landmarks)
    pose = PoseSequence(np.zeros(1), np.zeros((1, k, 2)), np.ones((1, k)), np.zeros((1, k)), BLAZEPOSE.name, "e", "v")
    assert landmarks_parquet({"side": pose}) == landmarks_parquet({"side": pose})


def test_landmarks_of_two_videos_keep_their_own_frames_and_places() -> None:
    k = len(BLAZEPOSE.landmarks)

    def pose(n: int, x_px: float, first: int) -> PoseSequence:
        xy = np.full((n, k, 2), x_px)
        times_s = (np.arange(n) + first) / 30
        return PoseSequence(times_s, xy, np.ones((n, k)), np.zeros((n, k)), BLAZEPOSE.name, "e", "v", first)

    frame = pd.read_parquet(io.BytesIO(landmarks_parquet({"v1": pose(3, 1.0, 0), "v2": pose(2, 2.0, 7)})))
    assert tuple(frame.columns) == LANDMARK_COLUMNS
    assert frame["video"].tolist() == ["v1"] * 3 * k + ["v2"] * 2 * k
    assert sorted(frame[frame["video"] == "v2"]["frame"].unique()) == [7, 8]
    assert set(frame[frame["video"] == "v1"]["x_px"]) == {1.0}
    assert set(frame[frame["video"] == "v2"]["x_px"]) == {2.0}
    assert set(frame["landmark"]) == set(BLAZEPOSE.landmarks)

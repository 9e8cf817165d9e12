"""The sample from behind: its truth agrees with itself, and its tape is where the truth says, in the right colour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "rear_60fps.mp4"
SIGN = {"R": 1.0, "L": -1.0}


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    saved: dict[str, Any] = json.loads(SAMPLE.with_suffix(".truth.json").read_text(encoding="utf-8"))
    return saved


def loading(truth: dict[str, Any], side: str) -> list[tuple[int, dict[str, Any]]]:
    """Frames (film frame number, row) from contact to two thirds of stance, when all marks face the camera."""
    marks = truth["events"][side]
    spans = [(t, min(off for off in marks["to"] if off > t)) for t in marks["ic"] if marks["to"][-1] > t]
    rows = enumerate(truth["frames"])
    return [
        (index * truth["frame_step"], row)
        for index, row in rows
        if any(begin <= row["t"] <= begin + 0.66 * (end - begin) for begin, end in spans)
    ]


def in_picture(tape: dict[str, list[float]], side: str) -> float:
    """Heel line against calf line in the picture (deg), everted positive: metrics.md, section 6."""

    def tilt(upper: list[float], lower: list[float]) -> float:
        return float(np.degrees(np.arctan2(lower[0] - upper[0], lower[1] - upper[1])))

    heel = tilt(tape["heel_upper"], tape["heel_lower"])
    return SIGN[side] * (heel - tilt(tape["calf_upper"], tape["calf_lower"]))


@pytest.mark.parametrize("side", ["R", "L"])
def test_marks_in_the_picture_show_the_true_angle(truth: dict[str, Any], side: str) -> None:
    rows = [row for _, row in loading(truth, side)]
    true = np.array([row[side]["eversion"] for row in rows])
    seen = np.array([in_picture(row[side]["tape"], side) for row in rows])
    assert len(rows) > 20
    # The projection costs a degree or two (sample_videos/README.md), a wrong sign or axis many more.
    assert np.abs(seen - true).max() < 2.5
    assert np.corrcoef(seen, true)[0, 1] > 0.98


def test_feet_differ_as_prescribed(truth: dict[str, Any]) -> None:
    for side, excursion in (("R", 14.0), ("L", 8.0)):
        assert truth["prescribed"][side]["excursion_deg"] == excursion
        drawn = [stance["excursion_deg"] for stance in truth["prescribed"][side]["stances"]]
        assert truth["metrics"][side]["rearfoot_excursion_deg"] == pytest.approx(np.median(drawn), abs=0.1)
        assert np.median(drawn) == pytest.approx(excursion, abs=1.0)


def test_tape_is_where_the_truth_says(truth: dict[str, Any]) -> None:
    wanted = {index: (side, row) for side in "RL" for index, row in loading(truth, side)}
    found = []
    with av.open(str(SAMPLE)) as film:
        for index, frame in enumerate(film.decode(video=0)):
            if index not in wanted:
                continue
            side, row = wanted[index]
            red, green, blue = np.moveaxis(frame.to_ndarray(format="rgb24").astype(int), -1, 0)
            for x, y in row[side]["tape"].values():
                at = int(y), int(x)
                found.append(green[at] > red[at] and green[at] > blue[at])
    assert len(found) > 150
    assert np.mean(found) > 0.95

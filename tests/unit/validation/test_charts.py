"""What the pictures of the agreement are drawn from."""

from __future__ import annotations

from typing import Any

import pytest

from gait.validation.chart_events import by_rate, events
from gait.validation.chart_metrics import bland_altman, coverage
from gait.validation.chart_style import limit_of, trial_words
from gait.validation.charts import pictures
from gait.validation.records import Case, Comparison, EventErrors, Outcome

MARKERS = Case("markers", "RBDS001runT25", "markers, no pose model", 120.0, "3 mm", "right")
VIDEO = Case("sample", "clip", "heavy", 60.0, "", "right")


def shin(error: float, case: Case = MARKERS) -> Comparison:
    value = 5.0 + error
    return Comparison(case, "shank_angle_ic_deg", "right", value, (value - 1.0, value + 1.0), 5.0, "high", "high")


def drawn_lines(panel: dict[str, Any]) -> list[float]:
    rules = [layer for layer in panel["layer"] if layer["mark"]["type"] == "rule" and "data" in layer]
    return sorted(row["at"] for layer in rules for row in layer["data"]["values"])


def test_two_clips_that_agree_are_not_blown_up() -> None:
    panel = bland_altman(Outcome((shin(0.01, VIDEO), shin(0.02, VIDEO))))["concat"][0]
    scales = [panel["layer"][-1]["encoding"][axis]["scale"]["domain"] for axis in "xy"]
    assert all(high - low >= 4.0 for low, high in scales)
    assert drawn_lines(panel) == [-2.0, 0.0, 2.0], "no error, and the target either way"


def test_bias_and_limits_of_agreement_are_drawn() -> None:
    panel = bland_altman(Outcome(tuple(shin(e) for e in (0.0, 1.0, 2.0))))["concat"][0]
    assert drawn_lines(panel) == pytest.approx([-2.0, 1.0 - 1.96, 0.0, 1.0, 2.0, 1.0 + 1.96])


def test_limits_are_those_of_the_targets() -> None:
    assert limit_of("initial_contact", "markers", ("rmse", "mae"), (120.0, "3 mm")) == 6.0
    assert limit_of("contact_time", "markers", ("rmse", "mae"), (120.0, "3 mm")) == 7.0
    assert limit_of("initial_contact", "markers", ("rmse",), (30.0, "3 mm")) == 0.0
    found = events(Outcome(events=(EventErrors(MARKERS, "right", "contact_time", (1.0, 2.0)),)))
    assert drawn_lines(found["hconcat"][0]) == [-7.0, 0.0, 7.0]
    assert found["hconcat"][0]["data"]["values"][0]["trial"] == "RBDS001, 2.5 m/s"
    assert trial_words("mine") == "mine"


def test_every_picture_has_a_title() -> None:
    outcome = Outcome(tuple(shin(e) for e in (0.0, 1.0, 3.0)))
    for spec in (bland_altman(outcome), coverage(outcome)):
        assert spec["title"]["text"]
        assert spec["title"]["subtitle"]


def test_nothing_to_draw_leaves_no_picture() -> None:
    assert pictures(Outcome(events=(EventErrors(VIDEO, "right", "toe_off", (), missed=3),))) == {}
    alone = Outcome(events=(EventErrors(MARKERS, "right", "toe_off", (1.0,)),))
    assert by_rate(alone) is None

"""What became of findings between two recordings."""

from __future__ import annotations

from typing import Any

import pytest
from visits import visit

from gait.findings.assess import assess, with_assessment
from gait.findings.follow_up import cadence_words, follow_up
from gait.metrics.change import compare
from gait.model import GaitAnalysis

KNEE = {"pain": "left knee"}
FAR = {"shank_angle_ic_deg": (14.0, 1.0), "overstride_cm": (26.0, 1.0)}


def assessed(told: dict[str, Any] = KNEE, **given: Any) -> GaitAnalysis:
    analysis = visit(told, **given)
    return with_assessment(analysis, assess(analysis))


@pytest.mark.parametrize(
    ("before", "after", "statuses", "words"),
    [
        (FAR, {}, ("raised", "absent"), "no longer so"),
        ({}, FAR, ("absent", "raised"), "new"),
        (FAR, FAR, ("raised", "raised"), "still so"),
        (FAR, {"shank_angle_ic_deg": (9.0, 2.0)}, ("raised", "borderline"), "cannot be told any more"),
        ({"shank_angle_ic_deg": (9.0, 2.0)}, FAR, ("borderline", "raised"), "could not be told before"),
    ],
)
def test_a_finding_is_followed(
    before: dict[str, Any], after: dict[str, Any], statuses: tuple[str, str], words: str
) -> None:
    rows = follow_up(compare(assessed(side=before), assessed(side=after)))

    assert [(row.rule, row.before, row.after) for row in rows] == [("overstride", *statuses)]
    assert words in rows[0].words


def test_a_change_of_status_without_a_real_change_of_its_numbers_is_left_open() -> None:
    just_over = {"shank_angle_ic_deg": (9.6, 0.6), "overstride_cm": (17.0, 1.0)}
    just_under = {"shank_angle_ic_deg": (8.2, 0.6), "overstride_cm": (17.0, 1.0)}
    (row,) = follow_up(compare(assessed(side=just_over), assessed(side=just_under)))

    assert row.backed is False
    assert "take it as open" in row.words


def test_a_view_that_was_not_filmed_again_is_no_improvement() -> None:
    dropping = {"pelvic_drop_deg": (10.0, 1.0)}
    rows = follow_up(compare(assessed(rear=dropping), assessed(views=("left",))))

    assert [(row.rule, row.after) for row in rows] == [("pelvic_drop", "not_assessed")]


def test_borderline_in_both_is_not_worth_a_line() -> None:
    straddling = {"shank_angle_ic_deg": (9.0, 2.0)}
    assert follow_up(compare(assessed(side=straddling), assessed(side=straddling))) == ()


def test_analyses_without_findings_are_compared_as_before() -> None:
    assert follow_up(compare(visit(), visit())) == ()
    assert cadence_words(compare(visit(), visit())) == ""


@pytest.mark.parametrize(("now", "words"), [(158.0, "is reached"), (155.0, "The first target is 158")])
def test_the_cadence_is_held_against_the_target_of_the_first_plan(now: float, words: str) -> None:
    before = assessed(side=FAR | {"cadence_spm": (150.0, 0.5)})
    after = assessed(side={"cadence_spm": (now, 0.5)})

    assert words in cadence_words(compare(before, after))


def test_no_cadence_is_held_against_a_target_under_a_red_flag_or_at_another_belt_speed() -> None:
    before = assessed(side=FAR | {"cadence_spm": (150.0, 0.5)})
    now = {"cadence_spm": (155.0, 0.5)}

    assert cadence_words(compare(before, assessed(side=now)))
    assert cadence_words(compare(before, assessed({"pain": "sole", "signs": "numbness"}, side=now))) == ""
    assert cadence_words(compare(before, assessed(side=now, belt_speed_m_s=3.0))) == ""

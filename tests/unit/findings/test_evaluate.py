"""How numbers and answers are held against limits: legs, intervals, what is not trusted and what is no number."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from visits import metric, visit

from gait.findings.entries import Rule
from gait.findings.evaluate import Outcome, belt_speed_m_s, evaluate
from gait.findings.facts import facts_of
from gait.findings.library import shipped_library
from gait.metrics.pelvis import FROM_MEAN_METHOD, HIP_LINE_METHOD
from gait.model import GaitAnalysis, MetricValue
from gait.told import Told
from gait.words import text

BASE = {
    **{"id": "mine", "kind": "form", "view": "any", "effect": 1, "origin": "default", "limit_origin": "default"},
    "advice": [{"id": "calf_raises"}],
}
STRAIGHT_KNEE, FOOT_PULLED_UP = ("knee_flexion_ic_deg", 0.0, 1.0), ("ankle_dorsiflexion_ic_deg", 20.0, 1.0)
BENT_KNEE, LEVEL_FOOT = ("knee_flexion_ic_deg", 12.0, 1.0), ("ankle_dorsiflexion_ic_deg", 2.0, 1.0)


def rule(*tests: dict[str, Any], **more: Any) -> Rule:
    return Rule.model_validate(BASE | {"tests": list(tests)} | more)


def held(asked: Rule, *metrics: MetricValue) -> Outcome:
    return evaluate(asked, measured(*metrics), facts_of(Told()))


def measured(*metrics: MetricValue) -> GaitAnalysis:
    return replace(visit(), metrics=metrics)


@pytest.mark.parametrize(
    ("left", "right", "state"),
    [
        ((STRAIGHT_KNEE, FOOT_PULLED_UP), (BENT_KNEE, LEVEL_FOOT), "raised"),
        ((BENT_KNEE, LEVEL_FOOT), (STRAIGHT_KNEE, FOOT_PULLED_UP), "raised"),
        ((STRAIGHT_KNEE, LEVEL_FOOT), (BENT_KNEE, FOOT_PULLED_UP), "clear"),
        ((STRAIGHT_KNEE,), (FOOT_PULLED_UP,), "not_assessed"),
        ((STRAIGHT_KNEE,), (BENT_KNEE, LEVEL_FOOT), "clear"),
    ],
)
def test_what_must_hold_together_must_hold_on_one_leg(left: Any, right: Any, state: str) -> None:
    asked = shipped_library().rules["straight_leg_landing"]
    legs = [metric(*given, side=side) for side, given in (("left", left), ("right", right)) for given in given]

    assert held(asked, *legs).state == state
    assert held(asked, *reversed(legs)).state == state


def test_what_has_no_side_counts_for_both_legs() -> None:
    asked = rule(
        {"metric": "knee_flexion_ic_deg", "below": 3.0}, {"metric": "cadence_spm", "below": 160.0}, match="all"
    )
    knee = metric("knee_flexion_ic_deg", 0.0, 1.0, side="right")

    assert held(asked, knee, metric("cadence_spm", 150.0, 1.0)).state == "raised"
    assert held(asked, knee, metric("cadence_spm", 170.0, 1.0)).state == "clear"


def test_one_leg_is_enough_for_a_finding() -> None:
    asked = rule({"metric": "knee_flexion_ic_deg", "below": 3.0})
    legs = (metric("knee_flexion_ic_deg", 9.0, 1.0, side="left"), metric("knee_flexion_ic_deg", 0.0, 1.0, side="right"))

    outcome = held(asked, *legs)
    assert (outcome.state, [row.state for row in outcome.evidence]) == ("raised", ["clear", "raised"])


def test_a_number_that_is_not_trusted_makes_no_finding_a_clear_one() -> None:
    asked = rule({"metric": "trunk_lean_deg", "above": 10.0, "strong": 20.0}, min_confidence="medium")
    trusted = metric("trunk_lean_deg", 12.0, 1.0, side="left")
    doubtful = metric("trunk_lean_deg", 30.0, 1.0, side="right", confidence="low")

    assert (held(asked, trusted, doubtful).state, held(asked, trusted, doubtful).strength) == ("raised", "slight")
    assert held(asked, doubtful).state == "not_assessed"
    assert held(asked, metric("trunk_lean_deg", 30.0, 1.0)).strength == "clear"


def test_a_limit_that_counts_itself_is_reached_by_it() -> None:
    exact = metric("cadence_spm", 160.0)

    assert held(rule({"metric": "cadence_spm", "at_least": 160.0}), exact).state == "raised"
    assert held(rule({"metric": "cadence_spm", "above": 160.0}), exact).state == "clear"
    assert held(rule({"metric": "cadence_spm", "below": 160.0}), exact).state == "clear"


def test_what_is_no_number_is_not_assessed() -> None:
    asked = rule({"metric": "trunk_lean_deg", "above": 10.0})

    assert held(asked, metric("trunk_lean_deg", math.nan)).state == "not_assessed"
    assert held(asked, replace(metric("trunk_lean_deg", 12.0), ci95=(math.nan, 14.0))).state == "not_assessed"
    assert held(asked, replace(metric("trunk_lean_deg", 12.0), value=None, ci95=None)).state == "not_assessed"
    assert held(asked).state == "not_assessed"


def test_left_against_right_is_clear_where_any_pair_could_be_judged() -> None:
    asked = shipped_library().rules["left_right"]
    judged = replace(metric("symmetry_shank_angle_ic_deg", 1.0, 2.0), reference={"threshold": 4.8})
    unjudged = replace(metric("symmetry_knee_flexion_ic_deg", 1.0, 2.0), reference=None)

    assert held(asked, unjudged).state == "not_assessed"
    assert held(asked, unjudged, judged).state == held(asked, judged, unjudged).state == "clear"


def test_a_belt_speed_saved_as_a_whole_number_is_one() -> None:
    seen = MetricValue("belt_speed_m_s", "both", "", 3, "m/s", confidence="high")  # as another program may write it

    assert belt_speed_m_s(replace(visit(belt_speed_m_s=None), metrics=(seen,))) == 3.0


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("left_right", {"views": ("left",)}, "findings.reason.both_sides"),
        ("left_right", {"views": ("left", "right")}, "findings.reason.not_measured"),
        ("left_right", {"views": ("rear",)}, "findings.reason.not_measured"),
        ("pelvic_drop", {"views": ("left",)}, "findings.reason.view_rear"),
        ("overstride", {"belt_speed_m_s": None}, "findings.reason.no_speed"),
        ("trunk_lean", {"quality": "unusable"}, "findings.reason.quality"),
    ],
)
def test_why_a_finding_could_not_be_looked_for(name: str, given: dict[str, Any], reason: str) -> None:
    outcome = evaluate(shipped_library().rules[name], visit(**given), facts_of(Told()))

    assert (outcome.state, outcome.reason) == ("not_assessed", text(reason))


@pytest.mark.parametrize(("drop_deg", "state"), [(3.0, "not_assessed"), (7.0, "borderline"), (12.0, "raised")])
def test_a_drop_about_a_mean_taken_as_level_is_never_clear(drop_deg: float, state: str) -> None:
    asked = shipped_library().rules["pelvic_drop"]
    seen = replace(metric("pelvic_drop_deg", drop_deg, 2.0), method="rear events" + HIP_LINE_METHOD)
    about_level = replace(seen, method=seen.method + FROM_MEAN_METHOD)

    assert held(asked, seen).state == ("clear" if state == "not_assessed" else state)
    found = held(asked, about_level)
    assert found.state == state
    assert (found.reason == text("findings.reason.about_level")) == (state == "not_assessed")


def test_a_speed_without_reference_runners_is_named() -> None:
    asked = rule({"metric": "cadence_spm", "below_band_sd": 1.0})
    fast = evaluate(asked, visit(belt_speed_m_s=6.0), facts_of(Told()))

    assert (fast.state, fast.reason) == ("not_assessed", text("findings.reason.speed", speed="6.0"))

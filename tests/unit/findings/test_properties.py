"""What must hold for any number and any answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from personas import PERSONAS
from visits import metric, visit

from gait.errors import ConfigError
from gait.findings.assess import assess, saved_assessment, with_assessment
from gait.findings.distance import LONGEST_WEEKS, RISE_LIMIT_PCT, distance_plan
from gait.findings.evaluate import band, evaluate
from gait.findings.facts import facts_of
from gait.findings.library import shipped_library
from gait.findings.predicate import holds
from gait.findings.types import Assessment
from gait.model import SIDES, GaitAnalysis
from gait.options import Option, options_of
from gait.told import PLACES, Told

LIBRARY = shipped_library()
ORDER = ("clear", "borderline", "raised")
SPEED = 2.5


def limit_of(name: str) -> tuple[str, float, bool]:
    """The metric, limit and direction of a rule with one number to look at."""
    test = next(test for test in LIBRARY.rules[name].tests if not test.supporting)
    if test.above_band_sd is not None or test.below_band_sd is not None:
        mean, sd = band(test.metric, SPEED) or (0.0, 0.0)
        up = test.above_band_sd is not None
        return test.metric, mean + sd * (test.above_band_sd if up else -(test.below_band_sd or 0.0)), up  # type: ignore[operator]
    up = test.below is None
    return test.metric, float(test.above if up else test.below), up  # type: ignore[arg-type]


ONE_NUMBER = ("low_cadence", "eversion", "pelvic_drop", "hip_adduction", "trunk_lean")


def state_of(rule: str, value: float, half: float) -> str:
    name, _, _ = limit_of(rule)
    analysis = visit()
    others = tuple(m for m in analysis.metrics if m.name != name)
    analysis = replace(analysis, metrics=(*others, metric(name, value, half)))
    return evaluate(LIBRARY.rules[rule], analysis, facts_of(Told())).state


@given(
    rule=st.sampled_from(ONE_NUMBER),
    beyond=st.floats(-30, 30).filter(lambda x: abs(x) > 1e-6),
    half=st.floats(0, 20),
    further=st.floats(0, 30),
)
@settings(deadline=None)
def test_a_limit_is_passed_by_the_whole_interval_or_not_at_all(
    rule: str, beyond: float, half: float, further: float
) -> None:
    _, limit, up = limit_of(rule)
    sign = 1.0 if up else -1.0
    near, far = beyond - half, beyond + half
    if min(abs(near), abs(far)) < 1e-6:
        return  # on the limit but for rounding
    found = state_of(rule, limit + sign * beyond, half)

    assert found == ("raised" if near > 0 else "borderline" if far > 0 else "clear")
    assert ORDER.index(state_of(rule, limit + sign * (beyond + further), half)) >= ORDER.index(found)


@given(half=st.floats(0, 10), wider=st.floats(0, 10), beyond=st.floats(-10, 10))
@settings(deadline=None)
def test_a_wider_interval_makes_nothing_surer(half: float, wider: float, beyond: float) -> None:
    _, limit, _ = limit_of("pelvic_drop")
    sure, unsure = (state_of("pelvic_drop", limit + beyond, h) for h in (half, half + wider))
    assert unsure in (sure, "borderline")


def mirrored(analysis: GaitAnalysis) -> GaitAnalysis:
    other = {"left": "right", "right": "left"}
    swapped = {"left": "right", "right": "left"}

    def turned(m: Any) -> Any:
        m = replace(m, side=other.get(m.side, m.side))
        if m.name.startswith("symmetry_") and m.value is not None:
            m = replace(m, value=-m.value, ci95=(-m.ci95[1], -m.ci95[0]))
        return m

    told = dict(analysis.recording.told)
    if "pain" in told:
        told["pain"] = [" ".join(swapped.get(word, word) for word in where.split()) for where in told["pain"]]
    return replace(
        analysis,
        metrics=tuple(turned(m) for m in analysis.metrics),
        videos=tuple(replace(video, view=other.get(video.view, video.view)) for video in analysis.videos),
        recording=replace(analysis.recording, told=told),
    )


def gist(found: Assessment) -> dict[str, Any]:
    return {
        "flags": [flag.rule for flag in found.red_flags],
        "conditions": [condition.rule for condition in found.conditions],
        "findings": [(finding.rule, finding.status, finding.strength) for finding in found.findings],
        "not_assessed": [finding.rule for finding in found.not_assessed],
        "plan": found.plan,
    }


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_a_mirrored_runner_gets_the_same(persona: Any) -> None:
    analysis = visit(persona.told, **persona.given)
    assert gist(assess(mirrored(analysis))) == gist(assess(analysis))


@given(value=st.floats(-20, 20), half=st.floats(0.1, 10), drop=st.floats(0, 15), side=st.sampled_from(SIDES))
@settings(deadline=None)
def test_left_and_right_are_treated_alike(value: float, half: float, drop: float, side: str) -> None:
    one = replace(metric("symmetry_shank_angle_ic_deg", value, half), reference={"threshold": 4.8})
    of_side = replace(metric("pelvic_drop_deg", drop, 1.0), side=side)
    analysis = visit({"pain": f"{side} knee"}, more=(one, of_side))
    assert gist(assess(mirrored(analysis))) == gist(assess(analysis))


def answer(option: Option) -> st.SearchStrategy[Any]:
    if option.name == "pain":
        where = st.sampled_from([f"{side}{place}" for place in PLACES for side in ("left ", "right ", "")])
        return st.just(("none",)) | st.lists(where, unique=True, max_size=4).map(tuple)
    if option.kind == "words":
        return st.lists(st.sampled_from(option.choices), unique=True).map(tuple)
    if option.kind == "choice":
        return st.sampled_from(option.choices)
    if option.kind == "switch":
        return st.booleans()
    if option.kind == "numbers":
        return st.lists(st.floats(option.low or 0.0, option.high), max_size=8).map(tuple)
    if option.kind == "count":
        return st.integers(int(option.low or 0), int(option.high or 100))
    if option.kind == "text":
        return st.text(max_size=40)
    return st.floats(option.low, option.high)


ASKED = {option.name: answer(option) for option in options_of(Told)}
GRAVE = ("signs", "bone_tender", "four_steps", "trend", "rest_week", "quinolone", "onset", "pain_when", "pain_kind")
HARMLESS = {name: given for name, given in ASKED.items() if name not in (*GRAVE, "grows_with_load")}
# Most mixtures of all answers hold a red flag: half of the examples are without.
ANSWERS = st.fixed_dictionaries({}, optional=ASKED) | st.fixed_dictionaries({}, optional=HARMLESS)
NUMBERS = st.fixed_dictionaries(
    {},
    optional={
        "side": st.just({"shank_angle_ic_deg": (13.0, 1.5), "knee_flexion_ic_deg": (0.0, 2.5)}),
        "rear": st.just({"rearfoot_excursion_deg": (24.0, 5.0), "pelvic_drop_deg": (10.0, 2.0)}),
        "strike": st.sampled_from(["rearfoot", "non-rearfoot", "indeterminate"]),
        "crossover": st.sampled_from(["crossing", "not crossing", "indeterminate"]),
        "views": st.sampled_from([("left",), ("rear",), ("left", "right", "rear")]),
        "belt_speed_m_s": st.sampled_from([None, 1.0, 2.5, 4.5, 8.0]),
        "quality": st.sampled_from(["high", "unusable"]),
    },
)


@given(answers=ANSWERS, numbers=NUMBERS)
@settings(max_examples=300, deadline=None)
def test_any_answers_give_an_assessment_that_keeps_the_promises(
    answers: dict[str, Any], numbers: dict[str, Any]
) -> None:
    try:
        told = Told(**answers)
    except ConfigError:
        reject()  # answers that contradict each other are refused where they are given
    analysis = visit(**numbers)
    analysis = replace(analysis, recording=replace(analysis.recording, told=told.answered()))
    found = assess(analysis)
    plan = found.plan
    items = (*plan.priorities, *plan.prevention)

    assert assess(analysis) == found
    assert saved_assessment(with_assessment(analysis, found)) == found
    if found.red_flags:
        assert plan.withheld
        assert (items, plan.cadence, plan.distance, plan.refilm_on, plan.summary) == ((), None, None, "", "")
    else:
        assert not plan.withheld
        assert {item.group for item in items} == {"footwear", "strength", "form", "progression"}
        assert plan.summary
    assert len(plan.priorities) <= 3
    assert [item.priority for item in plan.priorities] == list(range(1, len(plan.priorities) + 1))
    assert len({item.id for item in items}) == len(items)
    assert sum(LIBRARY.advice[item.id].uses_cadence for item in items) <= 1
    facts = facts_of(told)
    raised = {finding.rule: finding.status for finding in found.findings}
    facts |= {name: raised.get(name) in ("raised", "optional") for name in ("hard_landing", "eversion")}
    for item in items:
        assert not holds(LIBRARY.advice[item.id].not_with, facts)
    if {"back_of_ankle", "calf"} & set(facts["pain"]):
        assert not {item.id for item in items} & {"land_softly", "soft_landing_general"}
    if not told.has_complaint and not told.goal:
        kinds = {LIBRARY.rules[item.rule].kind for item in plan.priorities}
        assert not kinds & {"form", "load", "check"}


@given(
    weeks=st.lists(st.floats(0, 400), min_size=1, max_size=8).map(tuple),
    planned=st.none() | st.floats(0, 400),
    hurts=st.booleans(),
)
@settings(max_examples=500, deadline=None)
def test_distances_rise_no_faster_than_the_limit(weeks: tuple[float, ...], planned: float | None, hurts: bool) -> None:
    plan = distance_plan(Told(weekly_km=weeks, planned_km=planned, pain=("knee",) if hurts else ()), date(2026, 3, 2))
    if plan is None:
        assert planned == 0 or min(weeks[-1], sum(weeks[-4:]) / len(weeks[-4:])) < 1.0
        return
    km = [week.km for week in plan.weeks]

    assert km[0] <= weeks[-1] + 1e-9
    for earlier, later in zip(km, km[2:], strict=False):
        assert later <= earlier * (1 + RISE_LIMIT_PCT / 100) + 1e-9
    assert all(later >= earlier for earlier, later in pairwise(km))
    assert len(km) < 2 or km[1] <= weeks[-1] * (1 + RISE_LIMIT_PCT / 100) + 1e-9
    assert len(km) <= LONGEST_WEEKS
    assert max(km) <= (planned if planned is not None else weeks[-1]) + 1e-9
    assert [week.number for week in plan.weeks] == list(range(1, len(km) + 1))


@pytest.mark.parametrize(
    ("weeks", "planned", "expected"),
    [
        ((20.0,), None, [20.0]),
        ((20.0, 20.0, 20.0), 26.0, [20.0, 22.0, 24.0, 26.0]),
        ((20.0, 23.0, 26.0), None, [26.0]),
        ((60.0, 20.0, 20.0, 27.0), None, [27.0, 27.0]),
        ((20.0, 24.0, 28.0), None, [24.0, 24.0]),
        ((0.0, 0.0, 40.0), 40.0, [13.0, 13.0, 14.0]),
        ((3.0,), 4.0, [3.0, 3.3, 3.6, 3.9, 4.0]),
        ((30.0,), 20.0, [20.0]),
    ],
)
def test_plans_that_can_be_reckoned_by_hand(
    weeks: tuple[float, ...], planned: float | None, expected: list[float]
) -> None:
    plan = distance_plan(Told(weekly_km=weeks, planned_km=planned), date(2026, 3, 2))
    assert plan is not None
    assert [week.km for week in plan.weeks][: len(expected)] == expected
    assert len(plan.weeks) == len(expected) or weeks[0] == 0


def test_a_rise_of_exactly_the_limit_is_no_rapid_rise() -> None:
    for weeks in ((20.0, 23.0, 26.0), (10.0, 10.0, 13.0), (70.0, 80.0, 91.0)):
        assert not assess(visit({"weekly-km": list(weeks)})).findings
    assert [f.rule for f in assess(visit({"weekly-km": [20, 23, 26.1]})).findings] == ["rapid_rise"]


def test_a_return_after_weeks_off_is_flagged() -> None:
    plan = distance_plan(Told(weekly_km=(0.0, 0.0, 40.0)), date(2026, 3, 2))
    assert plan is not None
    assert "ran nothing" in plan.flag


@pytest.mark.parametrize(
    "told",
    [
        {"onset": "gradual"},
        {"pain-level": 3},
        {"pain-when": ["after"]},
        {"grows-with-load": True},
        {"four-steps": False},
        {"since": "today"},
        {"rest-week": "helped"},
        {},
    ],
)
def test_a_complaint_without_a_place_is_a_complaint(told: dict[str, Any]) -> None:
    assert Told.from_options(told or {"trend": "worse"}).has_complaint
    assert "worsening" in [flag.rule for flag in assess(visit(told | {"trend": "worse"})).red_flags]


def test_a_week_of_rest_without_effect_is_a_red_flag_by_itself() -> None:
    assert [flag.rule for flag in assess(visit({"rest-week": "no change"})).red_flags] == ["rest_did_not_help"]


@pytest.mark.parametrize(
    "told",
    [{}, {"pain": "none", "pain-level": 0}, {"four-steps": True}, {"shoe-fit": "poor"}, {"rest-week": "not tried"}],
)
def test_no_complaint_is_none(told: dict[str, Any]) -> None:
    assert not Told.from_options(told).has_complaint


def test_only_another_answer_speaks_against_a_sign() -> None:
    told = {"pain": "heel", "arch": "normal", "calf-tight": False, "pain-when": ["after"]}
    found = next(c for c in assess(visit(told)).conditions if c.rule == "plantar_fasciitis")
    assert {sign.text: sign.told for sign in found.causes} == {
        "Tight calves": "speaks_against",
        "A high arch": "speaks_against",
        "Hard ground": "not_told",
    }
    assert {sign.told for sign in found.signs[1:]} == {"not_told"}


def test_long_distances_are_those_that_were_run() -> None:
    def long_distances(told: dict[str, Any]) -> str:
        shin = {"pain": "shin", "pain-kind": ["dull"]}
        found = next(c for c in assess(visit(shin | told)).conditions if c.rule == "stress_fracture")
        return next(sign.told for sign in found.causes if sign.text == "Long distances")

    assert long_distances({"weekly-km": [20, 65]}) == "fits"
    assert long_distances({"weekly-km": [65, 20], "planned-km": 65}) == "not_told"


def test_a_withheld_plan_takes_what_is_known_of_findings_with_it() -> None:
    far = {"shank_angle_ic_deg": (13.0, 1.5)}
    flagged = assess(visit({"pain": "knee", "trend": "worse"}, side=far))
    lifted = assess(visit({"pain": "knee", "trend": "worse"}, side=far), set_aside=["worsening"])

    assert [finding.known for finding in flagged.findings] == [""]
    assert flagged.findings[0].plain == lifted.findings[0].plain
    assert "quicker steps" in lifted.findings[0].known
    assert {n.key for n in lifted.background} - {n.key for n in flagged.background} == {"treatment"}

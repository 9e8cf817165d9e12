"""What each persona gets: findings, referral, conditions and priorities, in order."""

from __future__ import annotations

import pytest
from personas import BOUNCY, FAR, KNEE, PERSONAS, STIFF, Persona
from visits import visit

from gait.findings.assess import assess


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_a_runner_gets_what_the_knowledge_says(persona: Persona) -> None:
    assessment = assess(visit(persona.told, **persona.given))

    def with_status(status: str) -> tuple[str, ...]:
        return tuple(sorted(finding.rule for finding in assessment.findings if finding.status == status))

    assert tuple(flag.rule for flag in assessment.red_flags) == persona.flags
    assert with_status("raised") == persona.raised
    assert with_status("optional") == persona.optional
    assert with_status("borderline") == persona.borderline
    assert tuple(item.id for item in assessment.plan.priorities) == persona.priorities
    assert tuple(sorted(condition.rule for condition in assessment.conditions)) == persona.conditions
    if persona.unseen:
        unseen = {finding.rule for finding in assessment.not_assessed}
        assert set(persona.unseen) <= unseen


@pytest.mark.parametrize("persona", [p for p in PERSONAS if p.flags], ids=lambda persona: persona.name)
def test_red_flags_withhold_form_cadence_exercises_and_distance(persona: Persona) -> None:
    told = persona.told | {"weekly-km": [20, 22], "planned-km": 30}
    plan = assess(visit(told, **persona.given)).plan

    assert plan.withheld
    withheld = (plan.priorities, plan.prevention, plan.cadence, plan.distance, plan.refilm_on)
    assert not any(withheld)


@pytest.mark.parametrize("persona", [p for p in PERSONAS if not p.flags], ids=lambda persona: persona.name)
def test_every_plan_has_the_four_kinds_of_prevention(persona: Persona) -> None:
    plan = assess(visit(persona.told, **persona.given)).plan
    groups = {item.group for item in (*plan.priorities, *plan.prevention)}

    assert groups == {"footwear", "strength", "form", "progression"}
    assert len(plan.priorities) <= 3
    assert plan.nothing_to_change == (not persona.raised)


def test_with_achilles_or_calf_pain_nothing_tells_to_land_softly_or_on_the_forefoot() -> None:
    for place in ("achilles", "calf"):
        for given in ({"side": STIFF | BOUNCY}, {"strike": "non-rearfoot"}, {}):
            plan = assess(visit({"pain": place}, **given)).plan
            ids = {item.id for item in (*plan.priorities, *plan.prevention)}
            assert not ids & {"land_softly", "soft_landing_general"}


def test_cadences_follow_the_measured_one() -> None:
    plan = assess(visit(KNEE, side=FAR | {"cadence_spm": (152.0, 0.5)})).plan

    assert plan.cadence is not None
    assert plan.cadence.first_spm == round(152 * 1.05)
    assert plan.cadence.further_spm == (round(152 * 1.075), round(152 * 1.10))
    assert "160 beats" in plan.priorities[0].drill
    assert plan.refilm_on == "2026-03-23"


def test_the_gravest_flag_comes_first() -> None:
    told = {"pain": "outer ankle", "signs": ["numbness"], "trend": "worse", "onset": "twist", "four-steps": False}
    flags = assess(visit(told)).red_flags

    assert [flag.urgency for flag in flags] == ["now", "today", "soon"]

"""Referral, plan and findings in the report: order, what red flags withhold, literal text."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from visits import visit

from gait.errors import VideoError
from gait.findings.assess import assess, saved_assessment, with_assessment
from gait.findings.edited import apply_edits
from gait.findings.edits import Edits, Reword
from gait.findings.entries import citations
from gait.findings.origin import origin_words
from gait.findings.types import Source
from gait.interop.analysis_json import from_dict, to_dict
from gait.model import GaitAnalysis
from gait.report.blocks import Actions, Callout, Document, Paragraph, Section, Subheading, Table
from gait.report.document import build_document
from gait.report.html import render_html

FAR = {"shank_angle_ic_deg": (14.0, 1.0), "overstride_cm": (26.0, 1.0), "cadence_spm": (150.0, 0.5)}


def assessed(told: dict[str, Any], **given: Any) -> GaitAnalysis:
    analysis = visit(told, **given)
    return with_assessment(analysis, assess(analysis))


def sections(document: Document) -> dict[str, Section]:
    return {section.key: section for section in document.sections}


def test_the_runner_reads_first_what_was_seen_then_what_to_do() -> None:
    document = build_document(assessed({"pain": "heel", "weekly-km": [20, 30]}, side=FAR), {})
    keys = [section.key for section in document.sections]

    assert keys[:7] == ["saw", "plan", "prevention", "help", "discuss", "background", "quality"]
    assert keys[7:9] == ["told", "findings"]
    assert [s.audience for s in document.sections[:7]] == ["everyone"] * 6 + ["professional"]


def test_priorities_are_numbered_and_say_cue_drill_dose_and_when_to_film() -> None:
    document = build_document(assessed({"pain": "knee"}, side=FAR), {})
    (action,) = next(b for b in sections(document)["plan"].blocks if isinstance(b, Actions)).items

    assert action.number == 1
    assert [label for label, _ in action.lines] == ["Think of", "Do", "How much", "Later", "Mind", "Film again"]
    assert dict(action.lines)["Film again"] == "23 March 2026"
    assert "doi:10.1249/MSS.0b013e3181ebedf4" in action.foot


def test_a_red_flag_comes_first_and_no_advice_follows() -> None:
    document = build_document(assessed({"pain": "sole", "signs": "numbness"}, side=FAR), {})
    found = sections(document)

    assert document.sections[0].key == "referral"
    assert not {"plan", "prevention"} & set(found)
    callout = next(b for b in found["referral"].blocks if isinstance(b, Callout))
    assert callout.label.startswith("Now:")
    assert "metronome" not in render_html(document).lower()


def test_the_weekly_distance_is_a_table_of_weeks() -> None:
    document = build_document(assessed({"weekly-km": [20, 20, 20], "planned-km": 28}), {})
    table = next(b for b in sections(document)["plan"].blocks if isinstance(b, Table))

    assert [cell.text for cell in table.rows[1]] == ["Distance", "20 km", "22 km", "24 km", "26 km", "28 km"]


def test_findings_name_their_numbers_limits_grades_and_sources() -> None:
    document = build_document(assessed({"pain": "knee"}, side=FAR), {})
    text = render_html(document)

    assert "Shin angle at landing: 14.0° (95 % interval 13.0 to 15.0); limit 8.9°" in text
    assert "grade B" in text
    assert "doi:10.1111/sms.13228" in text


def test_hostile_answers_stay_text() -> None:
    evil = "<script>alert(1)</script> #let x = 1 $a_b$ =1+1"
    text = render_html(build_document(assessed({"name": evil, "goal": evil}, side=FAR), {}))

    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #let x = 1 $a_b$ =1+1" in text


@pytest.mark.parametrize("told", [{}, {"pain": "sole", "signs": "numbness"}, {"pain": "heel", "weekly-km": [20, 30]}])
def test_an_assessment_survives_being_saved(told: dict[str, Any]) -> None:
    analysis = assessed(told, side=FAR)
    read = from_dict(to_dict(analysis))

    assert saved_assessment(read) == saved_assessment(analysis) == assess(analysis)


@pytest.mark.parametrize(
    "changes",
    [{"plan": {"cadence": "fast"}}, {"findings": ({"kind": "red_flags"},)}, {"advice": ({},)}, {"findings": ({},)}],
)
def test_findings_that_somebody_else_wrote_are_refused_in_one_line(changes: dict[str, Any]) -> None:
    with pytest.raises(VideoError, match="cannot be read"):
        saved_assessment(replace(assessed({}, side=FAR), **changes))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"status": "raised"', '"status": "certain"'),
        ('"origin": "article"', '"origin": "a friend"'),
        ('"group": "form"', '"group": "shape"'),
        ('"refilm_on": "2026-04-13"', '"refilm_on": "soon"'),
        ('"starts_on": "2026-03-02"', '"starts_on": "2026-02-30"'),
        ('"urgency": "now"', '"urgency": "later"'),
        ('"told": "not_told"', '"told": "perhaps"'),
    ],
)
def test_words_that_no_report_knows_are_refused_in_one_line(old: str, new: str) -> None:
    told = {"pain": "sole", "weekly-km": [20, 30]} | ({"signs": "numbness"} if "urgency" in old else {})
    saved = json.dumps(to_dict(assessed(told, side=FAR)))

    assert old in saved
    with pytest.raises(VideoError, match="cannot be read"):
        build_document(from_dict(json.loads(saved.replace(old, new))), {})


def test_a_citation_of_ones_own_is_printed_and_the_article_named_once() -> None:
    own = Source("default", "D", ("Own experience", citations()["article"]))

    assert origin_words(own) == "Origin: a default of ours, grade D; Own experience"


def test_cadences_say_where_they_come_from_and_optional_ones_stand_with_their_advice() -> None:
    optional = sections(build_document(assessed({}, side=FAR), {}))
    needed = sections(build_document(assessed({"pain": "knee"}, side=FAR), {}))["plan"].blocks

    assert "plan" not in optional
    assert "metronome to 158 beats" in render_html(build_document(assessed({}, side=FAR), {}))
    assert [b.text for b in needed if isinstance(b, Subheading)] == ["Your step rate"]
    assert any(isinstance(b, Paragraph) and "doi:10.1249/MSS.0b013e3181ebedf4" in b.text for b in needed)


def test_what_was_not_decided_is_for_the_clinician_only() -> None:
    def seen(key: str, **given: Any) -> str:
        return repr(sections(build_document(assessed({"pain": "calf"}, **given), {}))[key].blocks)

    for given in ({"strike": "indeterminate"}, {"side": {"trunk_lean_deg": (10.0, 2.0)}}):
        assert "Borderline" in seen("findings", **given)
        assert "cannot be told" not in seen("saw", **given)


def test_an_injury_leaves_its_two_questions_where_they_were_not_answered() -> None:
    asked = render_html(build_document(assessed({"pain": "outer ankle", "onset": "twist"}), {}))
    answered = render_html(build_document(assessed({"pain": "outer ankle", "onset": "twist", "four-steps": True}), {}))

    assert "can you take four steps" in asked
    assert "can you take four steps" not in answered
    assert "Calf raises" not in asked


def test_other_words_are_printed_as_the_therapists_own() -> None:
    analysis = assessed({"shoe-km": 900})
    edits = Edits("B. Author", reword=(Reword("replace_shoes", "text", "Buy new ones."),))
    edited = apply_edits(analysis, assess(analysis), edits)
    text = render_html(build_document(analysis, {}, edited))

    assert "Buy new ones." in text
    assert "reworded by B. Author" in text


@pytest.mark.parametrize("told", [{}, {"pain": "left knee"}])
def test_a_recording_that_shows_nothing_is_not_praised(told: dict[str, Any]) -> None:
    plan = assess(visit(told, quality="unusable")).plan

    assert "does not show enough" in plan.summary
    assert not plan.nothing_to_change
    assert plan.source is None
    assert assess(visit(told)).plan.nothing_to_change


@pytest.mark.parametrize("told", [{}, {"pain": "none"}])
def test_that_nothing_needs_changing_is_said_with_its_source(told: dict[str, Any]) -> None:
    text = render_html(build_document(assessed(told), {}))

    assert "Nothing that we looked at needs changing" in text
    assert "doi:10.2519/jospt.2022.10585" in text

"""The therapist decides: edits of a report, and the original that stays."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from visits import visit

from gait.errors import ConfigError
from gait.findings.assess import assess, saved_assessment, with_assessment
from gait.findings.edited import FIELDS, EditedAssessment, apply_edits, edits_template
from gait.findings.edits import EditNote, Edits, Reword, read_edits, saved_edits, with_edits
from gait.findings.types import Assessment
from gait.interop import analysis_json
from gait.model import GaitAnalysis

FAR = {"shank_angle_ic_deg": (13.0, 1.5)}
HOSTILE = '<script>alert("x")</script> {first} %s \\n `rm`\nsecond line\t\N{RIGHT-TO-LEFT OVERRIDE} **bold** | a | b'
BUSY = {"pain": "left knee", "weekly-km": [20, 24, 30], "shoe-km": 900, "calf-tight": True}
FLAGGED = {"pain": "right outer ankle", "onset": "twist", "four-steps": False, "trend": "worse"}


def busy() -> tuple[GaitAnalysis, Assessment]:
    analysis = visit(BUSY, side=FAR)
    return analysis, assess(analysis)


def edited(told: dict[str, Any], **changes: Any) -> EditedAssessment:
    analysis = visit(told, side=FAR)
    return apply_edits(analysis, assess(analysis), Edits("Ann Lee", **changes))


def refused(told: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        edited(told, **changes)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def ids(items: Any) -> list[str]:
    return [item.id for item in items]


def test_what_is_removed_is_gone_and_nothing_else() -> None:
    analysis, before = busy()
    after = apply_edits(
        analysis, before, Edits("Ann Lee", remove=("tight_calves", "ankle_circles", "clinic", "distance_plan"))
    ).assessment

    assert {f.rule for f in before.findings} - {f.rule for f in after.findings} == {"tight_calves"}
    gone = set(ids(before.plan.prevention)) - set(ids(after.plan.prevention))
    assert gone == {"calf_stretch", "ankle_circles"}, "advice goes with the finding that it answers"
    assert {n.key for n in before.background} - {n.key for n in after.background} == {"clinic"}
    assert after.plan.distance is None
    assert before.plan.distance is not None
    assert ids(after.plan.priorities) == ids(before.plan.priorities)
    assert after.plan.cadence == before.plan.cadence


def test_a_removed_priority_moves_the_others_up_and_cadences_go_with_it() -> None:
    _, before = busy()
    assert ids(before.plan.priorities) == ["cadence", "hold_distance", "replace_shoes"]
    plan = edited(BUSY, remove=("cadence",)).assessment.plan

    assert [(item.id, item.priority) for item in plan.priorities] == [("hold_distance", 1), ("replace_shoes", 2)]
    assert plan.cadence is None
    assert "2 things" in plan.summary
    assert plan.refilm_on == max(item.refilm_on for item in plan.priorities) == "2026-04-13"


def test_priorities_are_those_named_in_that_order() -> None:
    after = edited(BUSY, order=("calf_raises", "cadence")).assessment.plan

    assert [(item.id, item.priority) for item in after.priorities] == [("calf_raises", 1), ("cadence", 2)]
    assert {"hold_distance", "replace_shoes"} <= set(ids(after.prevention))
    assert all(item.priority == 0 for item in after.prevention)
    assert after.refilm_on == after.priorities[1].refilm_on != ""


def test_advice_stays_without_its_finding_where_it_is_named_a_priority() -> None:
    after = edited(BUSY, remove=("overstride",), order=("cadence",)).assessment

    assert "overstride" not in {finding.rule for finding in after.findings}
    assert ids(after.plan.priorities) == ["cadence"]


@pytest.mark.parametrize(("told", "cited"), [({"pain": "left knee"}, False), ({"goal": "run a marathon"}, True)])
def test_no_priority_and_no_finding_left_means_nothing_to_change(told: dict[str, Any], cited: bool) -> None:
    after = edited(told, remove=("overstride",), order=()).assessment.plan

    assert after.nothing_to_change
    assert (after.source is not None) == ("Studies" in after.summary) == cited
    assert after.summary.startswith("Nothing")


def test_a_finding_that_stays_without_a_priority_is_not_called_nothing() -> None:
    after = edited({"pain": "left knee"}, order=()).assessment

    assert [finding.rule for finding in after.findings if finding.status == "raised"] == ["overstride"]
    assert after.plan.summary.startswith("Something stands out")
    assert not after.plan.nothing_to_change


def test_cadences_are_as_optional_as_the_advice_that_asks_for_them() -> None:
    given = {"side": FAR}
    analysis = visit({}, **given)
    before = assess(analysis)
    after = apply_edits(analysis, before, Edits("Kim Lee", order=("cadence",))).assessment

    assert before.plan.cadence is not None
    assert before.plan.cadence.optional
    assert after.plan.cadence is not None
    assert not after.plan.cadence.optional


def test_other_words_stay_literal_in_every_field_of_every_kind() -> None:
    told = BUSY | {"pain": "right outer ankle"}
    before = assess(visit(told, side=FAR))
    some = {
        "condition": before.conditions[0].rule,
        "rule": "overstride",
        "advice": "cadence",
        "note": "treatment",
        "plan": "plan",
    }
    rows = tuple(Reword(name, field, HOSTILE) for kind, name in some.items() for field in FIELDS[kind])
    after = edited(told, reword=rows)
    found = after.assessment

    assert found.plan.summary == HOSTILE
    for item, kind in (
        (found.conditions[0], "condition"),
        (next(f for f in found.findings if f.rule == "overstride"), "rule"),
        (next(p for p in found.plan.priorities if p.id == "cadence"), "advice"),
        (next(n for n in found.background if n.key == "treatment"), "note"),
    ):
        assert {getattr(item, field) for field in FIELDS[kind]} == {HOSTILE}
    assert "advice.cadence.cue" in after.reworded
    assert len(after.reworded) == len(rows)


def test_notes_and_signature_come_with_the_report() -> None:
    after = edited(
        BUSY,
        when="2026-03-05",
        notes=(EditNote(HOSTILE, "cadence"), EditNote("Well done.")),
        signed="Ann Lee, physiotherapist",
    )

    assert after.notes == (EditNote(HOSTILE, "advice.cadence"), EditNote("Well done."))
    assert (after.who, after.when, after.signed) == ("Ann Lee", "2026-03-05", "Ann Lee, physiotherapist")


def test_a_red_flag_goes_only_with_a_reason() -> None:
    assert "ottawa cannot be removed without a reason" in refused(FLAGGED, remove=("ottawa",))
    assert "ottawa" in refused(FLAGGED, remove=("ottawa",), notes=(EditNote("X-ray clear."),))
    assert "ottawa" in refused(FLAGGED, remove=("flag.ottawa",), notes=(EditNote("Better.", "worsening"),))

    one_left = edited(FLAGGED, remove=("ottawa",), notes=(EditNote("X-ray clear.", "ottawa"),)).assessment
    # The general one, which the named one said more exactly, stands for itself now.
    assert [flag.rule for flag in one_left.red_flags] == ["cannot_walk", "worsening"]
    assert one_left.plan.withheld
    assert (one_left.plan.priorities, one_left.plan.prevention) == ((), ())


def test_without_the_last_red_flag_the_plan_is_made() -> None:
    told = FLAGGED | {"weekly-km": [20, 20]}
    names = ("ottawa", "worsening", "cannot_walk")
    notes = tuple(EditNote("Seen today, X-ray clear.", name) for name in names)
    after = edited(told, remove=names, notes=notes, order=("cadence",)).assessment

    assert after.red_flags == ()
    assert not after.plan.withheld
    assert ids(after.plan.priorities) == ["cadence"]
    assert after.plan.distance is not None
    assert {item.group for item in (*after.plan.priorities, *after.plan.prevention)} == {
        *("footwear", "strength", "form", "progression")
    }
    assert next(f for f in after.findings if f.rule == "overstride").known
    assert "treatment" in {note.key for note in after.background}


def test_advice_cannot_be_named_while_it_is_withheld() -> None:
    assert "withheld" in refused(FLAGGED, order=("cadence",))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"remove": ("cadance",)}, 'Did you mean "cadence"?'),
        ({"remove": ("achilles_tendinitis",)}, "does not have"),
        ({"order": ("overstride",)}, "cannot be a priority"),
        ({"order": ("cadence", "cadence")}, "twice"),
        ({"order": ("cadence",), "remove": ("cadence",)}, "both remove"),
        ({"reword": (Reword("cadence", "titel", "x"),)}, 'Did you mean "title"?'),
        ({"reword": (Reword("overstride", "cue", "x"),)}, 'no field "cue"'),
        ({"reword": (Reword("distance_plan", "words", "x"),)}, "only be removed"),
        ({"notes": (EditNote("x", "cadense"),)}, 'Did you mean "cadence"?'),
    ],
)
def test_what_the_report_does_not_have_is_refused(changes: dict[str, Any], said: str) -> None:
    assert said in refused(BUSY, **changes)


def test_the_original_stays_and_edits_read_back_give_the_same(tmp_path: Path) -> None:
    analysis, before = busy()
    analysis = with_assessment(analysis, before)
    edits = Edits(
        who="Ann Lee",
        when="2026-03-05",
        remove=("tight_calves", "clinic"),
        order=("cadence", "calf_raises"),
        reword=(Reword("cadence", "cue", HOSTILE),),
        notes=(EditNote(HOSTILE, "cadence"), EditNote("Two\nlines")),
        signed="Ann Lee, physiotherapist",
    )
    noted = with_edits(replace(analysis, edits=({"who": "B", "when": "", "what": "moved a contact"},)), edits)
    path = tmp_path / "analysis.json"
    path.write_text(analysis_json.to_json(noted), encoding="utf-8")
    again = analysis_json.read(path)

    assert saved_assessment(again) == before
    assert saved_edits(again) == edits
    assert again.edits[0]["what"] == "moved a contact"
    assert any("removed tight_calves" in row["what"] for row in again.edits)
    assert apply_edits(again, before, edits) == apply_edits(analysis, before, edits)
    other = Edits("Bo", remove=("clinic",))
    assert saved_edits(with_edits(again, other)) == other
    assert with_edits(again, other).edits[0]["what"] == "moved a contact"
    assert saved_edits(analysis) is None


def test_no_priorities_is_not_the_same_as_priorities_left_alone() -> None:
    analysis, before = busy()
    for order in (None, ()):
        edits = saved_edits(with_edits(analysis, Edits("Ann", order=order)))
        assert edits is not None
        assert edits.order == order
        assert bool(apply_edits(analysis, before, edits).assessment.plan.priorities) == (order is None)


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_a_file_of_edits_is_read(tmp_path: Path, suffix: str) -> None:
    given = {
        "who": "Ann  Lee",
        "when": "2026-03-05",
        "remove": ["tight_calves"],
        "order": ["cadence"],
        "reword": [{"id": "cadence", "field": "cue", "text": HOSTILE}],
        "note": [{"text": "Two\nlines", "about": "cadence"}, {"text": "One"}],
        "signed": "Ann Lee, physiotherapist",
    }
    path = tmp_path / f"edits.{suffix}"
    path.write_text(json.dumps(given) if suffix == "json" else tomli_w.dumps(given), encoding="utf-8")

    assert read_edits(path) == Edits(
        "Ann Lee",
        "2026-03-05",
        ("tight_calves",),
        ("cadence",),
        (Reword("cadence", "cue", HOSTILE),),
        (EditNote("Two\nlines", "cadence"), EditNote("One")),
        "Ann Lee, physiotherapist",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "who"),
        ('who = ""', "empty"),
        ("who = 3", "who"),
        ('who = "A"\nwhen = "soon"', "when"),
        ('who = "A"\nwhen = 2026-01-31', None),
        ('who = "A"\nremoves = ["x"]', 'Did you mean "remove"?'),
        ('who = "A"\norder = ["a", "b", "c", "d"]', "at most 3"),
        ('who = "A"\n[[note]]\ntext = "a\\u0000b"', "control characters"),
        ('who = "A"\n[[reword]]\nid = "cadence"\ntext = "x"', "reword 1 field"),
        ('who = "A', "not valid TOML"),
        ("[" * 5000, "not valid TOML"),
    ],
)
def test_a_bad_file_of_edits_is_refused_in_one_line(tmp_path: Path, content: str, said: str | None) -> None:
    path = tmp_path / "edits.toml"
    path.write_text(content, encoding="utf-8")
    if said is None:
        assert read_edits(path).when == "2026-01-31"
        return
    with pytest.raises(ConfigError, match=re.escape(said)) as caught:
        read_edits(path)
    assert "\n" not in str(caught.value)


def test_a_file_of_edits_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        read_edits(tmp_path / "none.toml")


@pytest.mark.parametrize("told", [BUSY, FLAGGED, {}])
def test_the_template_changes_nothing_and_lists_what_can_be_named(tmp_path: Path, told: dict[str, Any]) -> None:
    analysis = visit(told, side=FAR)
    before = assess(analysis)
    path = tmp_path / "edits.toml"
    path.write_text(edits_template(before), encoding="utf-8")

    assert read_edits(path) == Edits("Your name")
    assert apply_edits(analysis, before, read_edits(path)).assessment == before
    for flag in before.red_flags:
        assert re.search(rf"^#   {flag.rule} +{re.escape(flag.title)}$", path.read_text(), re.M)
    for item in (*before.plan.priorities, *before.plan.prevention):
        assert re.search(rf"^#   {item.id} +{re.escape(item.title)}$", path.read_text(), re.M)


def test_the_template_can_be_used_as_it_stands_without_its_hashes(tmp_path: Path) -> None:
    analysis, before = busy()
    head = edits_template(before).split("#\n# Fields")[0]
    lines = [line.removeprefix("# ") for line in head.splitlines() if not line.endswith((".", "a change."))]
    path = tmp_path / "edits.toml"
    path.write_text("\n".join(line for line in lines if line != "#"), encoding="utf-8")
    edits = read_edits(path)

    assert edits.remove
    assert edits.notes[0].text == "Your note."
    assert apply_edits(analysis, before, edits).removed


def test_the_origin_of_what_was_reworded_says_whose_words_they_are() -> None:
    rows = (
        Reword("cadence", "text", "Mine."),
        Reword("cadence", "cue", "Mine, too."),
        Reword("overstride", "plain", "M"),
    )
    _, before = busy()
    after = edited(BUSY, reword=rows).assessment

    assert after.plan.priorities[0].source == replace(before.plan.priorities[0].source, words_by="Ann Lee")
    assert after.findings[0].source.words_by == "Ann Lee"
    assert after.plan.priorities[1].source == before.plan.priorities[1].source

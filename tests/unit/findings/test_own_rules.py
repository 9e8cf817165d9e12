"""A therapist's own rules: added, put in place of ours, refused in one line, and written out again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from visits import metric, visit

from gait.errors import ConfigError
from gait.findings.assess import assess
from gait.findings.evaluate import evaluate
from gait.findings.facts import facts_of
from gait.findings.library import library, shipped_library
from gait.findings.own import as_toml
from gait.told import Told

DOCS = Path(__file__).parents[3] / "docs" / "rules.md"
RULE = """
[[rule]]
id = "mine"
kind = "training"
view = "none"
effect = 3
origin = "default"
limit_origin = "default"
tests = [{ told = "age_years", above = 40 }]
advice = [{ id = "calf_raises" }]
[rule.words]
title = "{first} <b>T</b>"
plain = "P %s"
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(content, encoding="utf-8")
    return path


def refused(folder: Path, content: str) -> str:
    with pytest.raises(ConfigError) as caught:
        library(written(folder, content))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_worked_example_runs(tmp_path: Path) -> None:
    example = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    assert len(example) == 1
    own = library(written(tmp_path, example[0]))
    contact = metric("ground_contact_time_ms", 330.0, 8.0)

    found = assess(visit({"pain": "left shin"}, more=(contact,)), own)
    finding = next(f for f in found.findings if f.rule == "long_contact")
    assert (finding.status, finding.title) == ("raised", "Long on the ground")
    assert finding.source.citations == ("Own experience with runners of our clinic",)
    assert [(item.id, item.text) for item in found.plan.priorities] == [
        ("skipping", "Skip on the spot before you run.")
    ]
    assert found.plan.refilm_on == "2026-03-30"

    assert not assess(visit({"pain": "left hip"}, more=(contact,)), own).findings
    tendon = {"pain": "left shin, right achilles"}
    plan = assess(visit(tendon, more=(contact,)), own).plan
    assert "skipping" not in {item.id for item in (*plan.priorities, *plan.prevention)}


def test_the_documents_commands_are_there() -> None:
    words = DOCS.read_text(encoding="utf-8")
    for rule in re.findall(r"gait explain (\w+)", words):
        assert rule in shipped_library().rules


def test_a_rule_about_an_answer_is_said_in_words_that_stay_literal(tmp_path: Path) -> None:
    found = assess(visit({"age": 50}), library(written(tmp_path, RULE)))
    finding = found.findings[0]

    assert (finding.title, finding.plain) == ("{first} <b>T</b>", "P %s")
    assert finding.evidence[0].words == "Age: 50"
    assert not assess(visit({"age": 40}), library(written(tmp_path, RULE))).findings
    assert not assess(visit({}), library(written(tmp_path, RULE))).findings


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ('told = "quinolone", is = [false]', {"quinolone": False}),
        ('told = "onset", is = ["gradual"]', {"onset": "gradual"}),
        ('told = "pain_when", is = ["after"]', {"pain-when": ["after", "morning"]}),
        ('told = "pain", is = ["knee"]', {"pain": "left knee"}),
        ('told = "pain_level", at_least = 3', {"pain-level": 3}),
        ('told = "goal_told", is = [true]', {"goal": "x"}),
        ('told = "since_days", above = 3.5', {"since": "1 week"}),
    ],
)
def test_any_question_can_be_asked(tmp_path: Path, test: str, told: dict[str, object]) -> None:
    own = library(written(tmp_path, RULE.replace('told = "age_years", above = 40', test)))
    finding = assess(visit(told), own).findings[0]

    assert finding.rule == "mine"
    assert finding.evidence[0].words


def test_a_shipped_rule_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    content = as_toml(shipped_library(), [shipped_library().rules["worn_shoes"]]).replace("800.0", "500.0")
    own = library(written(tmp_path, content))
    told = {"shoe-km": 600}

    assert not assess(visit(told)).findings
    assert [finding.rule for finding in assess(visit(told), own).findings] == ["worn_shoes"]
    assert list(own.rules) == list(shipped_library().rules)
    assert own.flags == shipped_library().flags


@pytest.mark.parametrize("name", shipped_library().rules)
def test_a_rule_written_out_and_read_back_is_the_same(tmp_path: Path, name: str) -> None:
    shipped = shipped_library()
    own = library(written(tmp_path, as_toml(shipped, [shipped.rules[name]])))

    def without_words(entry: object) -> dict[str, object]:
        return {key: value for key, value in vars(entry).items() if key != "words"}

    assert without_words(own.rules[name]) == without_words(shipped.rules[name])
    assert own.rules[name].words["plain"] == shipped.words("rule", shipped.rules[name], "plain")
    for choice in shipped.rules[name].advice:
        assert without_words(own.advice[choice.id]) == without_words(shipped.advice[choice.id])
    analysis = visit(
        {"pain": "left achilles, outer ankle", "weekly-km": [10, 10, 20], "shoe-km": 900, "calf-tight": True}
    )
    assert assess(analysis, own) == assess(analysis)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('told = "age_years", above = 40', 'metric = "cadense_spm", above = 4', 'Did you mean "cadence_spm"?'),
        ('told = "age_years", above = 40', 'metric = "nothing_*", above = 4', "no metric"),
        ('told = "age_years", above = 40', 'metric = "symmetry_*", above = 4', "differs"),
        ('told = "age_years", above = 40', 'metric = "cadence_spm", differs = true', "no left and right"),
        ('told = "age_years", above = 40', 'metric = "foot_strike", above = 4', "is a class"),
        ('told = "age_years", above = 40', 'metric = "foot_strike", is = ["heel"]', 'never "heel"'),
        ('told = "age_years", above = 40', 'metric = "step_length_m", above_band_sd = 1', "no reference runners"),
        ('told = "age_years", above = 40', 'metric = "cadence_spm", above = nan', "finite"),
        ('told = "age_years", above = 40', 'told = "age_years", above_band_sd = 1', "no band"),
        ('told = "age_years", above = 40', 'told = "age_year", above = 40', 'Did you mean "age_years"?'),
        ('told = "age_years", above = 40', 'told = "onset", above = 40', "list of answers"),
        ('told = "age_years", above = 40', 'told = "onset", is = ["kick"]', 'never answered "kick"'),
        ('told = "age_years", above = 40', 'told = "age_years", is = ["old"]', "needs a range"),
        ('told = "age_years", above = 40', 'told = "pain", is = ["left knee"]', 'never answered "left knee"'),
        ('told = "age_years", above = 40', 'told = "name", is = ["Bo"]', "nobody is asked"),
        ('told = "age_years", above = 40', 'told = "eversion", is = [true]', "is a finding"),
        ('told = "age_years", above = 40', 'told = "age_years", above = 4, below = 9', "exactly one limit"),
        ('told = "age_years"', 'told = "age_years", metric = "cadence_spm"', "either metric or told"),
        ('told = "age_years", above = 40', 'metric = "cadence_spm", above = 4, supporting = true', "not supporting"),
        ("effect = 3", "effect = 4", "rule mine effect"),
        ("effect = 3", 'effect = 3\nefect = "x"', "efect"),
        ("effect = 3", "effect = 3\nneeds = [{ weekly_rise_pct = { over = 3 } }]", "needs a range"),
        ("effect = 3", 'effect = 3\nneeds = [{ weekly_rise_pct = { above = "x" } }]', "must be numbers"),
        ("effect = 3", "effect = 3\nneeds = [{}]", "asks for nothing"),
        ("effect = 3", "effect = 3\nneeds = [{ hard_landing = [true] }]", "is a finding"),
        ("effect = 3", "effect = 3\nspeed_m_s = [4, 2]", "slower to the faster"),
        ("effect = 3", 'effect = 3\npart_of = "mine"', "part of itself"),
        ("effect = 3", 'effect = 3\npart_of = "other"', "which is not there"),
        ('id = "mine"', 'id = "My rule"', "rule My rule id"),
        ('kind = "training"\n', "", "kind"),
        ('id = "calf_raises"', 'id = "calf_rises"', "which is not there"),
        ('title = "{first} <b>T</b>"', "", "has no title"),
        ('title = "{first} <b>T</b>"', 'titel = "x"', 'Did you mean "title"?'),
        ("[[rule]]", "[ruel]\na = 1\n[[rule]]", "ruel"),
        ("[[rule]]", "[[rule]", "not valid TOML"),
        ("[[rule]]", '[[advice]]\nid = "a"\ngroup = "form"\norigin = "default"\n[[rule]]', "advice a has no title"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert RULE.count(old) == 1
    assert said in refused(tmp_path, RULE.replace(old, new))


def test_an_entry_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    assert "2 times" in refused(tmp_path, RULE + RULE)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.toml", "does not exist"), (tmp_path, "is a folder")):
        with pytest.raises(ConfigError, match=said):
            library(path)
    (tmp_path / "latin.toml").write_bytes(b'x = "\xff"')
    with pytest.raises(ConfigError, match="not text in UTF-8"):
        library(tmp_path / "latin.toml")
    (tmp_path / "large.toml").write_text("#" * 1_000_001)
    with pytest.raises(ConfigError, match="too large"):
        library(tmp_path / "large.toml")


def test_all_tests_of_a_rule_must_hold_where_it_says_so(tmp_path: Path) -> None:
    both = RULE.replace(
        'tests = [{ told = "age_years", above = 40 }]',
        'match = "all"\ntests = [{ told = "age_years", above = 40 }, { told = "calf_tight", is = [true] }]',
    )
    rule = library(written(tmp_path, both)).rules["mine"]
    for told, state in (
        ({"age": 50, "calf-tight": True}, "raised"),
        ({"age": 50, "calf-tight": False}, "clear"),
        ({"age": 30, "calf-tight": True}, "clear"),
        ({"age": 50}, "not_assessed"),
        ({}, "silent"),
    ):
        analysis = visit(told)
        assert evaluate(rule, analysis, facts_of(Told.from_options(told))).state == state

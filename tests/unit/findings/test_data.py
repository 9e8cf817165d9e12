"""What findings are made of, entry by entry: every citation, key, metric and question is there, and none is idle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import gait
from gait.findings.entries import WORD_FIELDS, citations, questions, shipped
from gait.findings.library import shipped_library
from gait.findings.predicate import fact_name
from gait.metrics.catalogue import CATALOGUE
from gait.words import catalogue, lookup

LIBRARY = shipped_library()
CODE = "\n".join(path.read_text(encoding="utf-8") for path in Path(gait.__file__).parent.rglob("*.py"))
SOURCE = re.compile(r"^[A-Zv][\w .\-]+ (19|20)\d\d( \([^)]+\))?, (doi:10\.\d{4,5}/[^\s,]+|PMID:\d{6,8})$")
REQUIRED = {"rule": ("title", "plain", "known"), "advice": ("title", "text")}


def leaves(node: dict[str, Any], path: str = "") -> Iterator[str]:
    for key, value in node.items():
        inner = f"{path}.{key}" if path else key
        yield from leaves(value, inner) if isinstance(value, dict) else (inner,)


def entries() -> list[Any]:
    return [*LIBRARY.rules.values(), *LIBRARY.advice.values(), *LIBRARY.flags, *LIBRARY.notes]


def test_ids_are_given_once() -> None:
    for file, table in (
        *(("rules", "rule"), ("advice", "advice"), ("red_flags", "flag"), ("conditions", "condition")),
        ("background", "note"),
    ):
        ids = [row["id"] for row in shipped(file)[table]]
        assert len(ids) == len(set(ids)) > 0


def test_every_citation_named_is_there() -> None:
    named = {key for entry in entries() for key in (*entry.sources, *getattr(entry, "published", ()))}
    assert named <= set(citations())


def test_every_citation_there_is_named() -> None:
    named = {key for entry in entries() for key in (*entry.sources, *getattr(entry, "published", ()))}
    assert {key for key in citations() if key not in named and f'"{key}"' not in CODE} == set()


@pytest.mark.parametrize("key", [key for key in citations() if key != "article"])
def test_a_published_source_has_year_and_doi_or_pmid(key: str) -> None:
    printed = citations()[key]
    assert SOURCE.match(printed), printed
    assert key.rpartition("_")[2] in printed


@pytest.mark.parametrize("wrong", ["Chan et al., doi:10.1177/1", "Chan et al. 2018", "Chan et al. 2018, doi:1177/036"])
def test_the_form_of_a_source_can_be_missed(wrong: str) -> None:
    assert not SOURCE.match(wrong)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_an_entry_says_where_it_comes_from(entry: Any) -> None:
    if entry.origin == "article":
        assert "article" in entry.sources
    elif entry.origin == "published":
        assert set(entry.sources) - {"article"}
        assert entry.grade
    else:
        assert not entry.sources


@pytest.mark.parametrize("table", ["rule", "advice"])
def test_rules_and_advice_have_their_words_and_no_others(table: str) -> None:
    ids = LIBRARY.rules if table == "rule" else LIBRARY.advice
    for name in ids:
        for field in REQUIRED[table]:
            assert lookup(f"{table}.{name}.{field}"), f"{table}.{name}.{field}"
    assert set(catalogue()[table]) == set(ids)
    for key in leaves(catalogue()[table], table):
        assert key.split(".")[2] in WORD_FIELDS[table], key


def test_red_flags_conditions_and_paragraphs_have_their_words_and_no_others() -> None:
    needed = {f"flag.{flag.id}.{field}" for flag in LIBRARY.flags for field in ("title", "why", "do", "say")}
    for entry in LIBRARY.conditions:
        needed |= {f"condition.{entry.id}.{field}" for field in ("title", "what", "note")}
        needed |= {f"condition.{entry.id}.sign.{sign.id}" for sign in entry.sign}
        needed |= {f"condition.{entry.id}.cause.{cause.id}" for cause in entry.cause}
    for note in LIBRARY.notes:
        needed |= {f"note.{note.id}.{field}" for field in ("title", "text", *(["published"] if note.published else []))}
    for flag in LIBRARY.flags:
        if lookup(f"flag.{flag.id}.why_1"):
            # One for each way to raise it, or none at all.
            needed |= {f"flag.{flag.id}.why_{number}" for number in range(1, len(flag.when) + 1)}
    there = {key for table in ("flag", "condition", "note") for key in leaves({table: catalogue()[table]})}

    assert needed - there == set()
    assert there - needed == set()


def test_every_sentence_of_findings_and_plan_is_used() -> None:
    no_gaps = re.sub(r"\{[^{}]*\}", "{}", CODE)
    named = re.findall(r"""["']((?:findings|plan)\.[^"']+)["']""", CODE + no_gaps)
    used = [re.escape(key).replace(re.escape("{}"), "[a-z0-9_]+") for key in named]
    keys = [key for table in ("findings", "plan") for key in leaves({table: catalogue()[table]})]

    assert [key for key in keys if not any(re.fullmatch(pattern, key) for pattern in used)] == []


def test_every_answer_that_a_rule_looks_at_has_a_line() -> None:
    for rule in LIBRARY.rules.values():
        for test in rule.tests:
            if test.told:
                ends = [f"_{str(one).lower()}" for one in test.classes if isinstance(one, bool)] or [""]
                assert all(lookup(f"findings.told.{test.told}{end}") for end in ends), test.told


def test_all_advice_can_be_reached() -> None:
    given = {choice.id for rule in LIBRARY.rules.values() for choice in rule.advice}
    given |= {entry.id for entry in LIBRARY.advice.values() if entry.everybody}
    assert given == set(LIBRARY.advice)


def test_every_metric_and_question_named_is_there() -> None:
    for rule in LIBRARY.rules.values():
        for test in rule.tests:
            assert test.metric in CATALOGUE or test.metric == "symmetry_*" or test.told in questions()
            if test.metric in CATALOGUE and rule.view in ("side", "rear"):
                assert CATALOGUE[test.metric].view in (rule.view, "any")
    whens = [table for flag in LIBRARY.flags for table in flag.when]
    whens += [table for entry in LIBRARY.conditions for sign in (*entry.sign, *entry.cause) for table in sign.when]
    assert {fact_name(name) for table in whens for name in table} <= set(questions())


def test_every_answer_that_asks_for_care_leads_somewhere() -> None:
    """No sign on the form is asked in vain: each raises a flag, fits a condition or starts a rule."""
    whens = [table for flag in LIBRARY.flags for table in flag.when]
    whens += [table for entry in LIBRARY.conditions for sign in (*entry.sign, *entry.cause) for table in sign.when]
    whens += [table for rule in LIBRARY.rules.values() for table in rule.needs]
    used = {one for table in whens for asked in table.values() if isinstance(asked, list) for one in asked}
    used |= {one for rule in LIBRARY.rules.values() for test in rule.tests for one in test.classes}
    for question in ("signs", "pain_when", "bone_tender", "onset"):
        assert set(questions()[question][1]) - used == set()


def test_advice_that_the_knowledge_forbids_carries_the_bar() -> None:
    for name in ("land_softly", "soft_landing_general"):
        assert LIBRARY.advice[name].not_with == ({"pain": ["back_of_ankle", "calf"]},)

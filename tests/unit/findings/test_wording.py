"""How the words read: plain enough, and never a diagnosis or a fright."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest
from personas import FAR, PERSONAS, STIFF
from reading import grade, sentences_of, syllables, words_of
from visits import visit

from gait.findings.assess import assess
from gait.findings.types import Assessment
from gait.report import findings as pages
from gait.words import catalogue, text

SECTIONS: tuple[Callable[[Assessment], Any], ...] = (
    *(pages.referral_section, pages.plan_section, pages.prevention_section, pages.discuss_section),
    *(pages.help_section, pages.background_section, pages.findings_section),
)
TABLE_GRADE, TEXT_GRADE = 9.0, 12.0
SENTENCE_WORDS = 6  # shorter ones are titles and labels

FORBIDDEN = re.compile(
    r"\byou (?:\w+ )?(?:have|had|has|got|suffer\w*|are suffering)(?: \w+){0,3} "
    r"(?:sprain(?!ed)|tend[io]n[io]tis|fracture|fasciitis|tendinopathy|rupture|arthritis|clot|syndrome)"
    r"|\bthis is an? (?:\w+ )?(?:sprain|tend[io]n[io]tis|fracture|fasciitis|rupture)"
    r"|\bsuffer|(?<!\bno )(?<!\bnot a )\bdiagnos|\babnormal|\bpatholog|\bdisease|\bdisorder|\bdysfunction"
    r"|\bover-?pronat|\bdamag|\bdegenerat|\bdestroy|\bcrippl|\bpermanent|\bdanger|\bdefect|\bdeform(?:ed|ity)"
    r"|(?<!\bnot a )\bfault"
    r"|\bwrong with you|\byour injury is|\byou are injured|(?<!what )\bcause[sd] your|\bnever run again"
    r"|\b(?:bad|poor|incorrect|wrong) (?:form|technique|running|gait)"
    r"|\d+ ?(?:%|per ?cent) (?:likely|probab|chance|risk|certain)|\b(?:probability|likelihood|chances?) (?:of|that)"
    r"|\b(?:probably|likely|certainly|surely) (?:an? |the )?(?:\w+ )?"
    r"(?:sprain|tend[io]n|fracture|fasciitis|rupture|clot)",
    re.IGNORECASE,
)


def leaves(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        inner = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from leaves(value, inner)
        elif isinstance(value, str):
            yield inner, value


def strings(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple) else ()
    return [one_text for one in inner for one_text in strings(one)]


# Under "also" stand other words for an answer, which are understood and never shown.
WORDS = {key: words for key, words in leaves(catalogue()) if ".also." not in key}
CLINICIAN = ("report.grades", "report.method.steps.numbers")
"""Texts of the clinician's pages alone."""

CLINICIAN_TABLES = ("report.method.",)
"""Tables of the clinician's pages alone: they must not lift or lower the grade of what the runner reads."""

TABLES = sorted({key.partition(".")[0] for key in WORDS})


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("run", 1), ("heel", 1), ("shoes", 1), ("bones", 1), ("pulled", 1), ("ankle", 2), ("muscles", 2)),
        *(("rested", 2), ("landing", 2), ("changes", 2), ("special", 2), ("gradual", 3), ("ligament", 3), ("idea", 3)),
        *(("exercises", 4), ("recovery", 4), ("situation", 4), ("inflammatory", 5), ("physiotherapist", 6)),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_heard(word: str, count: int) -> None:
    assert syllables(word) == count


def test_hard_words_and_long_sentences_raise_the_grade() -> None:
    plain = "Take short, quick steps. Let your foot land under you."
    hard = (
        "Excessive anterior displacement of the initial contact location relative to the centre of mass necessitates "
        "the immediate implementation of an individualised gait retraining intervention."
    )
    assert grade(plain) < 3
    assert grade(hard) > 20
    # 0.39 x 10 words + 11.8 x 11 syllables / 10 words - 15.59, by hand.
    assert grade("The dog sat on the mat and the cats ran.") == pytest.approx(3.9 + 11.8 - 15.59)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_reads_at_grade_nine_or_below(table: str) -> None:
    own = {k: words for k, words in WORDS.items() if k.startswith(f"{table}.") and not k.startswith(CLINICIAN_TABLES)}
    found = [sentence for words in own.values() for sentence in sentences_of(words)]
    long_enough = [sentence for sentence in found if len(words_of(sentence)) >= SENTENCE_WORDS]
    assert grade("\n".join(long_enough)) <= TABLE_GRADE


@pytest.mark.parametrize("key", [k for k, words in WORDS.items() if len(words_of(words)) > 15 and k not in CLINICIAN])
def test_no_single_text_is_hard(key: str) -> None:
    assert grade(WORDS[key]) <= TEXT_GRADE


@pytest.mark.parametrize("key", WORDS)
def test_no_words_diagnose_or_frighten(key: str) -> None:
    assert not FORBIDDEN.search(WORDS[key]), WORDS[key]


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_nothing_that_a_person_gets_diagnoses_or_frightens(persona: Any) -> None:
    for told in (persona.told, persona.told | {"weekly-km": [10, 20, 30], "signs": ["swelling", "pop", "tenderness"]}):
        for given in (persona.given, persona.given | {"side": FAR | STIFF}):
            found = assess(visit(told, **given))
            sections = [asdict(section) for make in SECTIONS if (section := make(found)) is not None]
            for words in strings([asdict(found), sections]):
                if " " not in words:
                    continue  # an id or a date
                assert not FORBIDDEN.search(words), words


@pytest.mark.parametrize(
    "planted",
    [
        "You have an ankle sprain.",
        "You probably have Achilles tendinitis.",
        "You have a small stress fracture.",
        "You suffer from plantar fasciitis.",
        "You were diagnosed with it.",
        "Our diagnosis: a sprain.",
        "There is another diagnosis.",
        "Your gait is abnormal.",
        "This is a pathological pattern.",
        "A disease of the tendon.",
        "You overpronate.",
        "This damages your knee.",
        "Something is wrong with you.",
        "Your injury is a sprain.",
        "You run with poor form.",
        "A stress fracture is 80 % likely.",
        "There is a 30 % chance of a sprain.",
        "The likelihood of a fracture is high.",
        "It is probably a sprain.",
        "This is a stress fracture.",
        "Your landing caused your pain.",
        "This is dangerous.",
        "A fault of your gait.",
    ],
)
def test_the_scan_finds_what_is_planted(planted: str) -> None:
    assert FORBIDDEN.search(planted)


@pytest.mark.parametrize(
    "fine",
    [
        "You have sprained an ankle before.",
        "It may be a sprain: have it looked at.",
        "It is no diagnosis: only an examination can tell.",
        "Ask whether a blood clot must be ruled out.",
        "Two weeks of feedback to land softer cut injuries by 62 %.",
        "It does not show what caused the pain.",
        "It is a difference from other runners, not a fault.",
    ],
)
def test_the_scan_leaves_plain_words_alone(fine: str) -> None:
    assert not FORBIDDEN.search(fine)


def test_conditions_come_with_no_number_of_how_likely_they_are() -> None:
    for persona in PERSONAS:
        for found in assess(visit(persona.told, **persona.given)).conditions:
            assert "%" not in "".join(strings(asdict(found)))


def test_a_withheld_plan_says_what_to_do_instead() -> None:
    assert "First" in text("plan.withheld")

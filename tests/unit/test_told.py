"""What the person tells: plain spellings are understood, nonsense is refused in one line, and nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
import told_answers
from hypothesis import given
from hypothesis import strategies as st

from gait.errors import ConfigError
from gait.told import GROUPS, Told
from gait.told_words import QUESTIONS


def read(**answers: Any) -> Told:
    return Told.from_options(answers)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("left knee, right heel", ("right heel", "left knee")),
        ("Achilles", ("back_of_ankle",)),
        ("left achilles tendon", ("left back_of_ankle",)),
        ("back of the ankle", ("back_of_ankle",)),
        ("heel, right", None),
        ("right outside of my ankle", ("right outer_ankle",)),
        ("outer-ankle right", ("right outer_ankle",)),
        ("left_outer_ankle", ("left outer_ankle",)),
        ("both heels", ("left heel", "right heel")),
        ("left and right heel", ("left heel", "right heel")),
        ("Calves; lower back", ("calf", "back")),
        ("ball of the foot", ("forefoot",)),
        ("back", ("back",)),
        ("none", ("none",)),
        ("no pain.", ("none",)),
        (["left heel", "left  HEEL"], ("left heel",)),
        (["left heel and sole"], ("left heel", "sole")),
        ([], ()),
        ("", ()),
        ("ankle", None),
        ("left", None),
        ("left right", None),
        ("left none", None),
        ("none, heel", None),
        ("elbow", None),
        (5, None),
        ([5], None),
        ({"heel": "left"}, None),
    ],
)
def test_places_of_pain(text: Any, places: tuple[str, ...] | None) -> None:
    if places is None:
        with pytest.raises(ConfigError) as refused:
            read(pain=text)
        assert "\n" not in str(refused.value)
        assert refused.value.hint
    else:
        assert read(pain=text).pain == places


def test_an_ankle_asks_which_part_of_it() -> None:
    with pytest.raises(ConfigError) as refused:
        read(pain="left ankle")
    assert "outer ankle" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3 weeks", 21),
        ("3 weeks ago", 21),
        ("since 3 weeks", 21),
        ("2,5 weeks", 17.5),
        ("half a year", 182.625),
        ("a week", 7),
        ("two months", 60.8),
        ("yesterday", 1),
        ("today", 0),
        ("10 d", 10),
        (10, 10),
        ("10", 10),
        ("don't know", None),
        ("", None),
    ],
)
def test_lengths_of_time(text: Any, days: float | None) -> None:
    assert read(since=text).since_days == (None if days is None else pytest.approx(days))


@pytest.mark.parametrize(
    "text", ["soon", "3 fortnights", "-3 weeks", True, [3], {"days": 3}, 1e9, 10**400, float("nan")]
)
def test_what_is_no_length_of_time(text: Any) -> None:
    with pytest.raises(ConfigError):
        read(since=text)


@pytest.mark.parametrize(
    ("text", "km"),
    [
        ("20, 24, 30", (20, 24, 30)),
        ("20, 24.5 and 30 km", (20, 24.5, 30)),
        ("20 km, 24 km & 30km", (20, 24, 30)),
        ("20,5 24,25 30", (20.5, 24.25, 30)),
        ("20,5; 24,25;30", (20.5, 24.25, 30)),
        ("20,5, 24, 30", (20.5, 24, 30)),
        ("20,24,30", (20, 24, 30)),
        ("24,5", (24.5,)),
        ("20 / 24 / 30", (20, 24, 30)),
        (25, (25,)),
        ([20, 24.5, "30 km"], (20, 24.5, 30)),
        ("", ()),
    ],
)
def test_weekly_distances(text: Any, km: tuple[float, ...]) -> None:
    assert read(**{"weekly-km": text}).weekly_km == km


@pytest.mark.parametrize(
    "text", ["20,24", "20-25", "much", [True], [[20]], "-5", [-5], [500], [float("inf")], {"a": 1}]
)
def test_what_are_no_weekly_distances(text: Any) -> None:
    with pytest.raises(ConfigError) as refused:
        read(**{"weekly-km": text})
    assert refused.value.hint


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        (True, True),
        (False, False),
        ("Yes", True),
        ("no", False),
        ("can\u2019t", False),
        ("cannot", False),
        ("I can", True),
        ("not sure", None),
        ("", None),
    ],
)
def test_yes_no_and_not_told(answer: Any, meant: bool | None) -> None:
    assert read(**{"four-steps": answer}).four_steps is meant


@pytest.mark.parametrize("answer", ["maybe", 2, [True], {"yes": 1}])
def test_neither_yes_nor_no(answer: Any) -> None:
    with pytest.raises(ConfigError, match="neither yes nor no"):
        read(**{"four-steps": answer})


@pytest.mark.parametrize(
    ("question", "answer", "field", "meant"),
    [
        ("onset", "sudden kick", "onset", "sudden_kick"),
        ("onset", "Suddenly, like a kick from behind", "onset", "sudden_kick"),
        ("onset", "Twisted it", "onset", "twist"),
        ("sex", "f", "sex", "female"),
        ("arch", "flat", "arch", "low"),
        ("rest-week", "did not help", "rest_week", "no_change"),
        ("past-ankle-injury", "no", "past_ankle_injury", "none"),
        ("pain-level", "7/10", "pain_level", 7),
        ("pain-level", "7 out of 10", "pain_level", 7),
        ("pain-level", 7.0, "pain_level", 7),
        ("age", "35 years old", "age_years", 35),
        ("pain-when", "in the morning, at night and after sitting", "pain_when", ("morning", "night", "after_sitting")),
        ("pain-when", ["wakes me at night"], "pain_when", ("night",)),
        ("signs", "swollen and numbness or tingling", "signs", ("swelling", "numbness")),
        ("signs", "Gives way, feels unstable", "signs", ("instability",)),
        ("signs", "none", "signs", ()),
        ("bone-tender", "base of the fifth metatarsal", "bone_tender", ("fifth_metatarsal",)),
        ("planned-km", "24,5 km", "planned_km", 24.5),
        ("shoe-age", "8 months", "shoe_age_days", pytest.approx(243.2)),
        ("sex", "unknown", "sex", None),
        ("goal", "  run\n10 km ", "goal", "run 10 km"),
    ],
)
def test_plain_words_are_understood(question: str, answer: Any, field: str, meant: Any) -> None:
    assert getattr(Told.from_options({question: answer}), field) == meant


@pytest.mark.parametrize("name", ["pain-level", "pain_level", "Pain level"])
def test_questions_are_found_by_flag_or_field(name: str) -> None:
    assert Told.from_options({name: 4}).pain_level == 4
    assert Told.from_options({"since_days": 4}) == Told.from_options({"since": 4}) == Told(since_days=4.0)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"pian": "heel"}, "no question"),
        ({"since": 4, "since_days": 5}, "twice"),
        ({"pain-level": 11}, "cannot be 11"),
        ({"pain-level": "6.5"}, "cannot be"),
        ({"age": 10**400}, "so large a number"),
        ({"age": "9" * 5000}, "cannot be"),
        ({"sex": ["female"]}, "cannot be"),
        ({"signs": ["swelling", "wings"]}, '"wings"'),
        ({"signs": {"a": 1}}, "cannot be"),
        ({"name": 5}, "is no text"),
        ({"goal": "x" * 301}, "too long"),
        ({"onset": "once\nupon\na time"}, "once upon"),
        ({"pain": "none", "pain-level": 7}, "pain-level"),
        ({"pain": "none", "pain-when": "at night"}, "pain-when"),
    ],
)
def test_what_makes_no_sense_is_one_line_with_the_file_and_a_hint(answers: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Told.from_options(answers, source="me.toml")
    assert refused.value.message.startswith("me.toml: ")
    assert words in refused.value.message
    assert refused.value.hint
    assert "\n" not in str(refused.value)
    assert len(refused.value.message) < 350


def test_only_what_cannot_both_be_meant_is_refused() -> None:
    told = read(pain="none", **{"pain-level": 0, "onset": "twist", "signs": "swelling", "since": "3 weeks"})
    assert told.pain == ("none",)
    assert not told.has_pain
    assert told.has_complaint


@given(told_answers.told())
def test_answers_come_back_from_the_saved_analysis(told: Told) -> None:
    saved = json.loads(json.dumps(told.answered()))
    assert Told.from_mapping(saved) == told


@given(
    st.dictionaries(
        st.sampled_from([*(o.flag for o in QUESTIONS.values()), "other"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
            max_leaves=5,
        ),
        max_size=4,
    )
)
def test_whatever_stands_in_a_file_ends_in_answers_or_in_one_line(values: dict[str, Any]) -> None:
    try:
        told, said = Told.from_options(values), ""
    except ConfigError as error:
        told, said = Told(), str(error)
    assert "\n" not in said
    assert Told.from_mapping(told.answered()) == told


def test_signs_that_no_file_can_hold_are_taken_out_of_texts() -> None:
    assert Told(name="A\ud800nna\x00 \x07B <b>").name == "A nna B <b>"
    Told(name="A\ud800").name.encode()


def test_every_question_belongs_to_a_heading_of_the_form() -> None:
    assert {option.group for option in QUESTIONS.values()} == set(GROUPS)
    assert len(QUESTIONS) == 27

"""What was told, in everyday words; odd answers of a saved analysis are shown as they stand."""

from __future__ import annotations

from typing import Any

import pytest
import told_answers
from hypothesis import given
from hypothesis import strategies as st

from gait.told import Told
from gait.told_words import QUESTIONS, answer_rows, answer_words, days_words, told_phrases


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (6, "6 days"),
        (7, "1 week"),
        (10, "10 days"),
        (21, "3 weeks"),
        (60.8, "2 months"),
        (243.2, "8 months"),
        (365.25, "12 months"),
        (912, "2.5 years"),
    ],
)
def test_lengths_of_time_in_the_unit_that_suits(days: float, words: str) -> None:
    assert days_words(days) == words


def test_complaints_in_one_line() -> None:
    told = Told(
        pain=("right outer_ankle", "left back_of_ankle", "knee"),
        onset="twist",
        since_days=21.0,
        pain_kind=("sharp", "dull"),
        pain_level=6,
        trend="worse",
        pain_when=("night", "hopping", "start"),
        signs=("swelling", "numbness"),
        four_steps=False,
        calf_tight=False,
        quinolone=True,
        past_ankle_injury="none",
        weekly_km=(20.0, 30.0),
        goal="run 10 km <b>",
        name="Anna",
    )
    assert "; ".join(told_phrases(told.answered())) == (
        "pain: right outer ankle, left back of the ankle, knee; began with a twist or roll; for 3 weeks; sharp, dull; "
        "6 of 10; lately worse; hurts: at night, when I hop on that leg, when I start to run; "
        "swelling, numb or tingling; cannot take four steps; took a quinolone antibiotic; goal: run 10 km <b>"
    )
    assert told_phrases({"pain": ["none"]}) == ("no pain",)
    assert told_phrases({}) == ()


def test_all_answers_as_rows() -> None:
    rows = answer_rows(Told(weekly_km=(20.0, 24.5), shoe_wear="none", four_steps=True, name="Anna").answered())
    assert rows == (
        ("Can you take four steps on it?", "Yes"),
        ("How far did you run in the last weeks, km?", "20, 24.5"),
        ("How worn are the soles?", "Like new"),
        ("Name", "Anna"),
    )


@given(told_answers.told())
def test_every_answer_has_words(told: Told) -> None:
    rows = answer_rows(told.answered())
    assert len(rows) == len(told.answered())
    assert all(label and words for label, words in rows)
    stored = {word for option in QUESTIONS.values() for word in option.choices if "_" in word}
    own = {told.name, told.goal}
    assert not any(word in words for word in stored for _, words in rows if words not in own)


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.sampled_from(["left", "none"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*QUESTIONS, "<script>", ""]), _ODD, max_size=5))
def test_odd_answers_never_crash(told: dict[str, Any]) -> None:
    assert len(answer_rows(told)) == len(told)
    assert all(isinstance(phrase, str) for phrase in told_phrases(told))


def test_what_is_not_understood_stands_as_it_is() -> None:
    assert answer_words("onset", "<b>fell</b>") == "<b>fell</b>"
    assert answer_words("pain", ["left elbow"]) == "['left elbow']"
    assert answer_words("new_question", 5) == "5"

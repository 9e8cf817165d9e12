"""The form "You": where it hurts on the body map, then what `gait.told.Told` asks; nothing has to be filled in."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gait.dashboard import style
from gait.dashboard.body_map import body_map_html
from gait.errors import ConfigError
from gait.model import SIDES
from gait.options import Option
from gait.told import HISTORY, NO_PAIN, PAIN, PERSON, PLACES, SIGNS, TRAINING
from gait.told_reading import MAX_TEXT
from gait.told_words import QUESTIONS, choice_words, days_words, place_words
from gait.words import text

_COMPLAINTS_ONLY = ("rest_week",)
"""Asked only where something hurts."""

_FULL_WIDTH = ("pain_when", "signs", "bone_tender")
"""Long lists of choices, which get a line to themselves."""


def told_fields() -> tuple[dict[str, Any], bool]:
    """Show the questions; those about pain only where something hurts.

    Returns
    -------
    dict
        Answers by field name, as stored; what was not answered is left out.
    bool
        True when every field could be read.
    """
    with st.container(key="told_form"):
        answers, good = _form()
    return {name: answer for name, answer in answers.items() if answer not in (None, "", (), [])}, good


def _form() -> tuple[dict[str, Any], bool]:
    answers: dict[str, Any] = {}
    feeling = st.pills(
        _label(text("told.feeling.label")),
        ("none", "some"),
        format_func=lambda word: text(f"told.feeling.{word}"),
        key="told_feeling",
    )
    complains, good = feeling == "some", True
    if feeling == "none":
        answers["pain"] = (NO_PAIN,)
    if complains:
        answers["pain"] = _places()
        good &= _questions(PAIN, answers, complains) & _questions(SIGNS, answers, complains)
    for group, icon in ((HISTORY, "history"), (TRAINING, "directions_run"), (PERSON, "person")):
        with st.expander(group, icon=f":material/{icon}:", expanded=complains and group == HISTORY):
            good &= _questions(group, answers, complains)
    return answers, good


def _label(question: str, help_line: str = "") -> str:
    return f"**{question}** :small[{help_line}]" if help_line else f"**{question}**"


def _places() -> tuple[str, ...]:
    """Show the body map beside a box to tick for each place and side."""
    st.markdown(_label(text("told.pain.label")))
    drawing, boxes = st.columns([5, 6], gap="medium")
    told = []
    with boxes, st.container(key="pain_boxes", gap=None):
        for place in PLACES:
            for side, column in zip(SIDES, st.columns(2, gap="small"), strict=True):
                words = place_words(f"{side} {place}")
                if column.checkbox(words[:1].upper() + words[1:], key=f"told_pain_{side}_{place}"):
                    told.append(f"{side} {place}")
    drawing.html(body_map_html(told))
    return tuple(told)


def _questions(group: str, answers: dict[str, Any], complains: bool) -> bool:
    """Show the questions of a heading, two beside each other where there is room; False when one cannot be read."""
    asked = [
        option
        for option in QUESTIONS.values()
        if option.group == group and option.name != "pain" and (complains or option.name not in _COMPLAINTS_ONLY)
    ]
    good = True
    while asked:
        pair = [asked.pop(0)]
        if asked and not {pair[0].name, asked[0].name} & set(_FULL_WIDTH):
            pair.append(asked.pop(0))
        for option, column in zip(pair, st.columns(len(pair), gap="medium"), strict=True):
            with column:
                good &= _question(option, answers)
    return good


def _question(option: Option, answers: dict[str, Any]) -> bool:
    """Show one question and keep its answer; False when it cannot be read."""
    name, key = option.name, f"told_{option.name}"
    label, example = _label(option.label, option.help), text("told.example", example=option.example)
    if option.kind in ("choice", "words"):
        mode: Any = "multi" if option.kind == "words" else "single"
        words = {choice: choice_words(name, choice) for choice in option.choices}
        answers[name] = st.pills(label, option.choices, selection_mode=mode, format_func=words.__getitem__, key=key)
    elif option.kind == "switch":
        chosen = st.pills(label, ("yes", "no"), format_func=lambda word: text(f"told.{word}"), key=key)
        answers[name] = None if chosen is None else chosen == "yes"
    elif name == "pain_level":
        answers[name] = st.pills(label, range(int(option.low or 0), int(option.high or 0) + 1), key=key)
    elif option.kind == "count":
        answers[name] = st.number_input(
            label, int(option.low or 0), int(option.high or 0), value=None, step=1, key=key, placeholder=example
        )
    elif option.kind == "quantity" and option.unit == "km":
        answers[name] = st.number_input(
            label, option.low, option.high, value=None, step=1.0, format="%g", key=key, placeholder=example
        )
    elif option.kind == "text":
        answers[name] = option.read(st.text_input(label, key=key, max_chars=MAX_TEXT))
    else:
        return _typed(option, label, answers)
    return True


def _typed(option: Option, label: str, answers: dict[str, Any]) -> bool:
    """Show a field for a length of time or a row of distances, and below it how it was understood."""
    given = st.text_input(label, key=f"told_{option.name}", placeholder=text("told.example", example=option.example))
    try:
        answers[option.name] = value = option.read(given)
    except ConfigError as error:
        style.note(f"{error.message} {error.hint}", wrong=True)
        return False
    if isinstance(value, float):
        style.note(f"= {days_words(value)}")
    elif value:
        style.note(f"= {', '.join(f'{week:g}' for week in value)} km")
    return True

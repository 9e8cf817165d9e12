"""What the person told us, in everyday words: for the form, the terminal, the report's header and its list of answers.

Answers may come from a saved analysis that somebody else wrote: whatever is not understood is shown as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gait.errors import ConfigError
from gait.model import SIDES
from gait.options import Option, options_of
from gait.told import NO_PAIN, PLACES, Told
from gait.told_reading import DAYS, clipped
from gait.words import has, text

QUESTIONS: Mapping[str, Option] = {option.name: option for option in options_of(Told)}
"""Every question by field name, in the order of the form."""

_MAX_ODD = 200


def choice_words(question: str, choice: str) -> str:
    """Return an answer of a question of choices as it stands on the form."""
    return text(f"told.{question}.choices.{choice}")


def place_words(where: str) -> str:
    """Return a place of pain as it is stored (``left back_of_ankle``) in words: ``left back of the ankle``."""
    if where == NO_PAIN:
        return text("told.none")
    side, _, place = where.rpartition(" ")
    parts = [text(f"told.sides.{side}")] if side in SIDES else [side] if side else []
    return " ".join([*parts, choice_words("pain", place) if place in PLACES else place])


def days_words(days: float) -> str:
    """Return a length of time in the unit that suits it: ``10 days``, ``3 weeks``, ``8 months``, ``2.5 years``."""
    n: float
    unit, n = "day", round(days)
    if days >= 2 * DAYS["year"]:
        unit, n = "year", round(days / DAYS["year"], 1)
    elif days > 8 * DAYS["week"]:
        unit, n = "month", round(days / DAYS["month"])
    elif days >= DAYS["week"] and round(days) % DAYS["week"] == 0:
        unit, n = "week", round(days / DAYS["week"])
    return text(f"told.lengths.{unit}") if n == 1 else text(f"told.lengths.{unit}s", n=f"{n:g}")


def answer_words(question: str, answer: Any) -> str:
    """Return one answer in words, as in a table of questions and answers.

    Parameters
    ----------
    question : str
        Field name.
    answer : object
        Stored value, as `Told.answered` gives it; what is not understood is shown as it stands.
    """
    option = QUESTIONS.get(question)
    try:
        value = option.check(answer) if option is not None else answer
    except (ConfigError, TypeError, ValueError):
        return clipped(answer, _MAX_ODD)
    if option is None or value is None:
        return clipped(answer, _MAX_ODD)
    if option.kind == "switch":
        return text("told.yes" if value else "told.no")
    if option.kind == "text_list":
        return ", ".join(place_words(where) for where in value)
    if option.kind == "choice":
        return choice_words(question, value)
    if option.kind == "words":
        return ", ".join(_inline(choice_words(question, word), first=not i) for i, word in enumerate(value))
    if option.kind == "numbers":
        return ", ".join(f"{number:g}" for number in value)
    if option.unit == "days":
        return days_words(value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _inline(label: str, *, first: bool = False) -> str:
    """Return a label as it stands inside a line; the word I stays as it is."""
    return label if first or label.startswith("I ") else label[:1].lower() + label[1:]


def answer_rows(told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return every question that was answered, in the order of the form, with the answer in words."""
    rows = [(option.label, answer_words(name, told[name])) for name, option in QUESTIONS.items() if name in told]
    return (*rows, *((clipped(name), answer_words(name, told[name])) for name in told if name not in QUESTIONS))


def told_phrases(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Return complaints, what came before them and the goal as the parts of one line.

    Training, shoes and the person are left out (:func:`answer_rows` has all), and so are answers that say that all is
    well: no tight calf, no earlier injury, no antibiotic.

    Parameters
    ----------
    told : mapping
        `gait.model.Recording.told`.
    """
    return tuple(phrase for name, option in QUESTIONS.items() if name in told for phrase in _phrase(option, told[name]))


def _phrase(option: Option, answer: Any) -> list[str]:
    if isinstance(answer, bool) and option.kind == "switch":
        key = f"told.{option.name}.{'yes' if answer else 'no'}"
        return [text(key)] if has(key) else []
    if not has(f"told.{option.name}.line") or (option.kind == "choice" and answer == "none"):
        return []
    words = answer_words(option.name, answer)
    if option.name == "pain" and words == text("told.none"):
        return [words]
    own_words = option.kind == "text"
    return [text(f"told.{option.name}.line", answer=words if own_words else _inline(words))] if words else []

"""Readers of what people answer: places of pain, lengths of time, distances, yes and no, and choices in plain words.

What else a choice may be called stands in the catalogue (`gait.words`), beside its label. Only what has one meaning is
understood; everything else is a :class:`~gait.errors.ConfigError` that says how to write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from gait import words
from gait.errors import ConfigError
from gait.model import SIDES
from gait.options import nearest

PLACES = (
    "inner_ankle",
    "outer_ankle",
    "back_of_ankle",
    "front_of_ankle",
    "heel",
    "sole",
    "forefoot",
    "calf",
    "shin",
    "knee",
    "hip",
    "back",
)
"""Places of the body map. ``none`` is said by :data:`NO_PAIN`."""

NO_PAIN = "none"
DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25}
"""Days of each unit of time; month and year are means."""
MAX_TEXT = 300
"""Letters of a name or a goal."""

_SIDE_WORDS = {side: (side,) for side in SIDES} | {"both": SIDES}
_NOT_TOLD = {"", "?", "unknown", "not sure", "unsure", "don't know", "dont know", "do not know", "not told"}
_YES = {"yes", "y", "true", "on", "can", "i can", "yes i can"}
_NO = {"no", "n", "false", "off", "not", "cannot", "can't", "cant", "can not", "i cannot", "i can't", "no i can't"}
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER = r"\d+(?:[.,]\d+)?"
_IDLE = {"the", "a", "an", "my", "of", "in", "at", "on", "when", "while", "it", "i", "to", "that"}
"""Words without which an answer means the same."""
_SPLIT = re.compile(r"\s*[,;\n]\s*")
_AND = re.compile(r"\s+(?:and|&)\s+")


def _plain(text: str) -> str:
    """Return an answer in small letters and single blanks, with straight apostrophes, without marks at its ends."""
    return _small(text.replace("_", " ").replace("-", " "))


def _small(text: str) -> str:
    """Return the same where a dash may be a minus sign."""
    return " ".join(text.replace("\u2019", "'").lower().split()).strip(" .!\"'")


def _core(text: str) -> str:
    """Return the words of an answer that carry its meaning; what matches is looked up by them."""
    kept = [word for word in _plain(text).split() if word not in _IDLE]
    return " ".join(kept) or _plain(text)


@lru_cache
def _meanings(question: str, choices: tuple[str, ...]) -> Mapping[str, str]:
    """Return the stored word of everything that a choice may be called."""
    also = {_core(other): stored for other, stored in words.table(f"told.{question}.also").items()}
    labels = {_core(words.text(f"told.{question}.choices.{choice}")): choice for choice in choices}
    return also | labels | {_core(choice): choice for choice in choices}


def choice_reader(question: str, choices: tuple[str, ...]) -> Callable[[object], Any]:
    """Return a reader of one of several words: as stored, as on the form, or what else it is called.

    Parameters
    ----------
    question : str
        Name of the field; its words are in the catalogue.
    choices : tuple of str
        Stored words. What means none of them is returned as it is, for the option's check to refuse.
    """

    def parse(given: object) -> Any:
        if not isinstance(given, str) or given in choices:
            return given
        if _plain(given) in _NOT_TOLD:
            return None
        return _meanings(question, choices).get(_core(given), given)

    return parse


def words_reader(question: str, choices: tuple[str, ...]) -> Callable[[object], Any]:
    """Return a reader of any of several words, from text (``"swelling and bruising"``) or a list.

    Parameters
    ----------
    question, choices
        As for :func:`choice_reader`.
    """

    def parse(given: object) -> Any:
        parts = [given] if isinstance(given, str) else given
        if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
            return given
        known = _meanings(question, choices)
        # A choice's own words may hold a comma or an "and": only what means nothing as a whole is divided.
        for divider in (_SPLIT, _AND):
            parts = [piece for part in parts for piece in ([part] if _core(part) in known else divider.split(part))]
        told = [part for part in parts if _plain(part) not in _NOT_TOLD]
        if [_plain(part) for part in told] in (["none"], ["no"], ["nothing"]):
            return ()
        return tuple(dict.fromkeys(known.get(_core(part), part) for part in told))

    return parse


@lru_cache
def _places() -> Mapping[str, str]:
    return {_singular(name): place for name, place in _meanings("pain", PLACES).items()} | {NO_PAIN: NO_PAIN}


def _singular(text: str) -> str:
    return " ".join(word.removesuffix("s") for word in text.split())


def parse_pain(given: object) -> tuple[str, ...]:
    """Read places of pain: ``"left knee, outer ankle right"`` or a list of them; ``both heels`` are two.

    Returns
    -------
    tuple of str
        ``"left knee"``, ``"knee"`` or ``"none"``; each once, in the order of the body map.

    Raises
    ------
    ConfigError
        For a place that is not on the map, or for none together with a place.
    """
    parts = [given] if isinstance(given, str) else given
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ConfigError("Pain must be a list of places.", 'Write it as "left knee, outer ankle".')
    found: set[str] = set()
    for part in parts:
        waiting: tuple[str, ...] = ()
        for piece in (piece for divided in _SPLIT.split(part) for piece in _AND.split(divided)):
            if _plain(piece) in _NOT_TOLD:
                continue
            told, place = _side_and_place(piece)
            sides = tuple(dict.fromkeys((*waiting, *told)))
            if not place:  # "left and right heel": the place comes with the next one
                waiting = sides
                continue
            waiting = ()
            found |= {f"{side} {place}" for side in sides} or {place}
        if waiting:
            raise ConfigError(f'Pain: "{part.strip()}" names no place.', 'Write it as "left knee".')
    if NO_PAIN in found and len(found) > 1:
        raise ConfigError('Pain cannot be "none" and somewhere.', "Keep one.")
    order = [NO_PAIN, *(f"{side}{place}" for place in PLACES for side in ("left ", "right ", ""))]
    return tuple(sorted(found, key=order.index))


def _side_and_place(piece: str) -> tuple[tuple[str, ...], str]:
    """Return the sides and the place of one piece; the place is empty where only a side is named."""
    told = _plain(piece).split()
    sides = [word for word in told if word in _SIDE_WORDS]
    named = _singular(_core(" ".join(word for word in told if word not in _SIDE_WORDS)))
    place = _places().get(named, "")
    if (named and not place) or len(sides) > 1 or (place == NO_PAIN and sides):
        hint = nearest(named.replace(" ", "_"), (*PLACES, NO_PAIN))
        if named in ("ankle", "foot", "leg"):
            hint = f'Say where: "outer ankle", "heel", "sole", "calf". Known are: {", ".join(PLACES)}.'
        raise ConfigError(f'Pain: "{clipped(piece.strip())}" is no place of the body map.', hint)
    return (_SIDE_WORDS[sides[0]] if sides else ()), place


def parse_days(given: object) -> float | None:
    """Read a time that has passed: ``3 weeks``, ``half a year``, ``2 months ago``; a bare number is days.

    Raises
    ------
    ConfigError
        When it is not understood.
    """
    if isinstance(given, int | float) and not isinstance(given, bool):
        return _number(given)
    text = _small(str(given)).removeprefix("since ").removeprefix("for ").removeprefix("about ").removesuffix(" ago")
    text = re.sub(r"^half an? ", "0.5 ", text)
    text = re.sub(r"^(?:an?|last) ", "1 ", {"today": "0", "yesterday": "1"}.get(text, text))
    text = re.sub(r"^([a-z]+) ", lambda m: f"{_COUNTS.index(m[1])} " if m[1] in _COUNTS else m[0], text)
    match = re.fullmatch(rf"({_NUMBER})\s*([a-z]*)", text)
    unit = match[2].removesuffix("s") if match else ""
    unit = {"d": "day", "wk": "week", "w": "week", "yr": "year", "y": "year"}.get(unit, unit)
    if text in _NOT_TOLD and not isinstance(given, bool):
        return None
    if match is None or unit not in ("", *DAYS):
        raise ConfigError(f'"{clipped(given)}" is no length of time.', "Write it as 10 days, 3 weeks or 2 months.")
    return float(match[1].replace(",", ".")) * DAYS.get(unit, 1.0)


def parse_weeks(given: object) -> tuple[float, ...]:
    """Read weekly distances, km, the oldest week first: ``"20, 24.5 and 30 km"`` or a list of numbers.

    A comma between two digits is a decimal point where the numbers are parted otherwise (``20,5 24 30``).

    Raises
    ------
    ConfigError
        When it is not a row of numbers, or ``20,24``, which may be one number or two.
    """
    hint = 'Write them as "20, 24, 30", the oldest week first.'
    parts = [given] if isinstance(given, int | float) and not isinstance(given, bool) else given
    if isinstance(parts, str):
        text = re.sub(r"\bkm\b|km\b|\band\b|&", " ", parts.lower()).strip(" .")
        if re.fullmatch(r"\d+,\d{2,}", text):
            raise ConfigError(f'"{text}" may be one distance or two.', f'Write "{text.replace(",", ", ")}" for two.')
        parts = re.split(r"[,;/]\s+|\s+|;", text)
        parts = [piece for part in parts for piece in (part.split(",") if part.count(",") > 1 else [part])]
    if not isinstance(parts, list | tuple):
        raise ConfigError("Weekly distances must be a row of numbers.", hint)
    numbers = []
    for part in parts:
        if isinstance(part, int | float) and not isinstance(part, bool):
            numbers.append(_number(part))
        elif isinstance(part, str) and (match := re.fullmatch(rf"({_NUMBER})(?:\s*km)?", part.strip(" ,;").lower())):
            numbers.append(float(match[1].replace(",", ".")))
        elif not (isinstance(part, str) and not part.strip(" ,;")):
            raise ConfigError(f'"{clipped(part)}" is no weekly distance.', hint)
    return tuple(numbers)


def parse_text(given: object) -> str:
    """Read words of a person's own: one line, shown literally wherever they stand.

    Raises
    ------
    ConfigError
        When it is no text, or longer than :data:`MAX_TEXT`.
    """
    if not isinstance(given, str):
        raise ConfigError(f'"{clipped(given)}" is no text.', "Write it in words.")
    # A newline would break tables and headings, and control signs and halves of letters (Cc, Cs) cannot be written to
    # every file; everything else a person writes is kept.
    kept = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in given)
    line = " ".join(kept.split())
    if len(line) > MAX_TEXT:
        raise ConfigError(f'"{clipped(line)}" is too long.', f"{MAX_TEXT} letters are enough.")
    return line


def km_reader(name: str) -> Callable[[object], float | None]:
    """Return a reader of a distance: ``25``, ``25 km``, ``24,5``."""

    def parse(given: object) -> float | None:
        if isinstance(given, int | float) and not isinstance(given, bool):
            return _number(given)
        if isinstance(given, str) and _plain(given) in _NOT_TOLD:
            return None
        match = re.fullmatch(rf"({_NUMBER})\s*(?:km)?", _small(str(given)))
        if match is None or isinstance(given, bool):
            raise ConfigError(f'{name} cannot be "{clipped(given)}".', "Write kilometres: 25 or 25 km.")
        return float(match[1].replace(",", "."))

    return parse


def count_reader(after: str) -> Callable[[object], Any]:
    """Return a reader of a whole number that may be followed by certain words (a pattern): ``35 years``, ``6/10``."""

    def parse(given: object) -> Any:
        if isinstance(given, float) and given.is_integer():
            return int(given)
        if isinstance(given, str):
            if _plain(given) in _NOT_TOLD:
                return None
            match = re.fullmatch(rf"(\d{{1,4}})\s*(?:{after})?", _small(given))
            return int(match[1]) if match else given
        return given

    return parse


def parse_yes_no(given: object) -> bool | None:
    """Read an answer of yes or no: ``true``, ``"yes"``, ``"can't"``; what is not known is None.

    Raises
    ------
    ConfigError
        When it is neither.
    """
    if given is None or isinstance(given, bool):
        return given
    text = _plain(given).replace(",", "") if isinstance(given, str) else None
    if text in _NOT_TOLD:
        return None
    if text not in _YES | _NO:
        raise ConfigError(f'"{clipped(given)}" is neither yes nor no.', "Write yes or no.")
    return text in _YES


def clipped(given: object, letters: int = 60) -> str:
    """Return the beginning of what somebody wrote, in one line, for a message."""
    try:
        line = " ".join(str(given).split())
    except ValueError:  # a whole number of more digits than Python writes
        return "this number"
    return line if len(line) <= letters else f"{line[:letters]} ..."


def _number(given: float) -> float:
    try:
        return float(given)
    except OverflowError:
        return float("inf")  # the range refuses it

"""How hard a text is to read: Flesch-Kincaid grade, with syllables counted by the vowels heard."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_HEARD_APART = re.compile(r"[aeo]ing|i(?:a|u)|ua|(?<![csxt])io|(?<=re)a|eo(?!n)")
_SILENT = re.compile(
    r"(?<![aeiouy])(?<![bcdfgkptz]l)e$"  # bone, but not ankle
    r"|(?<![aeioudt])ed$"  # pulled, but not rested
    r"|(?<![aeiousxzcg])(?<!sh)(?<!ch)(?<![bcdfgkptz]l)es$"  # bones, but not places and ankles
    r"|(?<=[ct])i(?=a)"  # special
)
_SAID = {
    **{"people": 2, "something": 2, "sometimes": 2, "someone": 2, "somewhere": 2, "guideline": 2, "guidelines": 2},
    **{"forefoot": 2, "kilometres": 4, "kilometre": 4, "reach": 1, "really": 2, "area": 3, "read": 1, "ready": 2},
    **{"achilles": 3, "physiotherapist": 6, "physiotherapists": 6, "idea": 3, "breathing": 2},
    **{"real": 1, "reason": 2, "reasons": 2, "treadmill": 2, "tread": 1, "breadth": 1, "great": 1, "increase": 2},
}
"""Words whose spelling misleads."""


def syllables(word: str) -> int:
    """Return the number of syllables of an English word, in lower case."""
    word = word.replace("'", "")
    if word in _SAID:
        return _SAID[word]
    count = len(_VOWELS.findall(word)) + len(_HEARD_APART.findall(word)) - len(_SILENT.findall(word))
    return max(1, count)


def words_of(text: str) -> list[str]:
    """Return the words of a text; numbers and signs are no words."""
    return _WORD.findall(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def sentences_of(text: str) -> list[str]:
    """Return its sentences: up to a full stop, question mark, exclamation mark or line break."""
    return [part for part in re.split(r"(?<=[.!?])\s+|\n", text) if words_of(part)]


def grade(text: str) -> float:
    """Return the school grade after Kincaid et al. 1975: 0.39 words/sentence + 11.8 syllables/word - 15.59."""
    words = words_of(text)
    if not words:
        return 0.0
    per_sentence = len(words) / len(sentences_of(text))
    return 0.39 * per_sentence + 11.8 * sum(map(syllables, words)) / len(words) - 15.59

"""What a rule, advice, a red flag, a condition and a paragraph may hold, and which questions they may ask."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, model_validator

from gait.findings.facts import NUMBER_FACTS, YES_NO_FACTS
from gait.findings.predicate import RANGES, fact_name
from gait.findings.types import ARTICLE, Source
from gait.metrics.catalogue import CATALOGUE
from gait.options import nearest, options_of
from gait.told import NO_PAIN, PLACES, Told

FORM, LOAD, CHECK = "form", "load", "check"
NUMBER, SWITCH, CHOICE = "number", "switch", "choice"
FINDING_FACTS = frozenset({"hard_landing", "eversion"})
"""Facts that are known only after the rules: advice, conditions and paragraphs may ask for them, rules may not."""

CLASSES = {
    "foot_strike": ("rearfoot", "non_rearfoot"),
    "foot_strike_three_way": ("rearfoot", "midfoot", "forefoot"),
    "crossover": ("crossing", "not_crossing"),
}
"""Classes of the metrics that are no number, with underscores for spaces and hyphens."""

WORD_FIELDS = {
    "rule": ("title", "plain", "known", "caveat"),
    "advice": (
        *("title", "text", "cue", "drill", "dose", "progression", "caveat"),
        *("drill_unmeasured", "progression_unmeasured"),
    ),
}
"""The sentences that a rule and a piece of advice may have."""


def shipped(name: str) -> dict[str, Any]:
    """Return a file of what comes with the program, as TOML gives it."""
    return tomllib.loads(files("gait.findings").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))


@cache
def citations() -> dict[str, str]:
    """Return all citations by key."""
    return {str(key): str(value) for key, value in shipped("sources").items()}


@cache
def questions() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return what entries may ask for: name to kind (number, switch, choice) and choices."""
    kinds = {"quantity": NUMBER, "count": NUMBER, "switch": SWITCH, "choice": CHOICE, "words": CHOICE}
    told = {o.name: (kinds[o.kind], o.choices) for o in options_of(Told) if o.kind in kinds}
    more = dict.fromkeys(NUMBER_FACTS, NUMBER) | dict.fromkeys((*YES_NO_FACTS, *FINDING_FACTS), SWITCH)
    return told | {name: (kind, ()) for name, kind in more.items()} | {"pain": (CHOICE, (*PLACES, NO_PAIN))}


def _checked(tables: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Refuse questions that nobody is asked and answers that nobody can give."""
    for table in tables:
        if not table:
            raise ValueError("an empty table asks for nothing")
        for name, asked in table.items():
            check_question(fact_name(name), asked)
    return tables


def check_question(name: str, asked: Any) -> None:
    """Refuse a question that nobody is asked, or an answer that nobody can give, with a ``ValueError``."""
    if name not in questions():
        raise ValueError(f'nobody is asked "{name}". {nearest(name, questions())}')
    kind, choices = questions()[name]
    if kind == NUMBER:
        if not isinstance(asked, Mapping) or not asked or set(asked) - set(RANGES):
            raise ValueError(f'"{name}" needs a range of {", ".join(RANGES)}')
        if not all(_is_number(limit) for limit in asked.values()):
            raise ValueError(f'the limits of "{name}" must be numbers')
        return
    if not isinstance(asked, list | tuple) or not asked:
        raise ValueError(f'"{name}" needs a list of answers')
    if kind == SWITCH:
        if not all(isinstance(one, bool) for one in asked):
            raise ValueError(f'"{name}" is answered true or false')
    elif unknown := [str(one) for one in asked if one not in choices]:
        raise ValueError(f'"{name}" is never answered "{unknown[0]}". {nearest(unknown[0], choices)}')


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


When = Annotated[tuple[dict[str, Any], ...], AfterValidator(_checked)]


class Test(_Strict):
    """One thing to hold against a limit: a metric, or an answer (``told``)."""

    metric: str = ""
    told: str = ""
    above: FiniteFloat | None = None
    at_least: FiniteFloat | None = None
    below: FiniteFloat | None = None
    strong: FiniteFloat | None = None
    above_band_sd: FiniteFloat | None = Field(None, gt=0)
    below_band_sd: FiniteFloat | None = Field(None, gt=0)
    strong_band_sd: FiniteFloat | None = Field(None, gt=0)
    differs: bool = False
    classes: tuple[str | bool, ...] = Field((), alias="is")
    supporting: bool = False

    @model_validator(mode="after")
    def _one_of_each(self) -> Test:
        if bool(self.metric) == bool(self.told):
            raise ValueError("a test needs either metric or told")
        ranges = {name: limit for name in RANGES if (limit := getattr(self, name)) is not None}
        bands = [limit for limit in (self.above_band_sd, self.below_band_sd) if limit is not None]
        if len(ranges) + len(bands) + self.differs + bool(self.classes) != 1:
            raise ValueError("a test needs exactly one limit: above, at_least, below, a band, differs or is")
        if self.told:
            if bands or self.differs or self.strong is not None or self.strong_band_sd is not None:
                raise ValueError("an answer has no band, no strong limit and no left and right")
            if self.told in FINDING_FACTS:
                raise ValueError(f'"{self.told}" is a finding, not an answer')
            check_question(self.told, list(self.classes) if self.classes else ranges)
        else:
            self._check_metric(banded=bool(bands))
        return self

    def _check_metric(self, *, banded: bool) -> None:
        """Refuse metrics that there are not, and limits that a metric cannot be held against."""
        wild = self.metric.endswith("*")
        stem = self.metric.removesuffix("*")
        specs = [spec for spec in CATALOGUE.values() if (spec.name.startswith(stem) if wild else spec.name == stem)]
        if not specs:
            raise ValueError(f'there is no metric "{self.metric}". {nearest(self.metric, CATALOGUE)}')
        if self.differs:
            if any(spec.of is None for spec in specs):
                raise ValueError(f'"{self.metric}" compares no left and right')
        elif wild:
            raise ValueError("a * goes with differs = true only")
        elif self.classes:
            known = CLASSES.get(self.metric, ())
            unknown = [c for c in self.classes if str(c).replace("-", "_").replace(" ", "_") not in known]
            if unknown:
                raise ValueError(f'"{self.metric}" is never "{unknown[0]}"')
        elif specs[0].unit is None:
            raise ValueError(f'"{self.metric}" is a class: use is')
        if (banded or self.strong_band_sd is not None) and not specs[0].reference_points:
            raise ValueError(f'"{self.metric}" has no reference runners')


class AdviceChoice(_Strict):
    """Advice that a rule gives where ``when`` holds, or always."""

    id: str
    when: When = ()


class _Worded(_Strict):
    """What all entries share: their key, where they come from, and words of their own."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    origin: Literal["article", "published", "default"]
    grade: Literal["", "A", "B", "C", "D"] = ""
    sources: tuple[str, ...] = ()
    words: dict[str, str] = Field(default_factory=dict)

    table: ClassVar[str] = ""

    @model_validator(mode="after")
    def _known_words(self) -> _Worded:
        fields = WORD_FIELDS.get(self.table, ())
        for field in self.words:
            if field not in fields:
                raise ValueError(f'there are no words "{field}". {nearest(field, fields)}')
        return self

    @property
    def source(self) -> Source:
        """Where it comes from, with the citations as printed."""
        known = citations()
        return Source(self.origin, self.grade, tuple(known.get(key, key) for key in self.sources))


class Rule(_Worded):
    """A finding and when it is raised."""

    table: ClassVar[str] = "rule"

    kind: Literal["form", "load", "training", "footwear", "check"]
    view: Literal["side", "rear", "any", "none"]
    effect: Literal[1, 2, 3]
    limit_origin: Literal["article", "published", "default"]
    tests: tuple[Test, ...] = Field(min_length=1)
    match: Literal["any", "all"] = "any"
    needs: When = ()
    speed_m_s: tuple[FiniteFloat, FiniteFloat] | None = None
    min_confidence: Literal["low", "medium", "high"] = "low"
    part_of: str = ""
    advice: tuple[AdviceChoice, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sensible(self) -> Rule:
        if all(test.supporting for test in self.tests):
            raise ValueError("a rule needs a test that is not supporting")
        if asked := {fact_name(name) for table in self.needs for name in table} & FINDING_FACTS:
            raise ValueError(f'"{sorted(asked)[0]}" is a finding, not an answer')
        if self.speed_m_s is not None and self.speed_m_s[0] >= self.speed_m_s[1]:
            raise ValueError("speed_m_s goes from the slower to the faster speed")
        return self


class AdviceEntry(_Worded):
    """A piece of advice."""

    table: ClassVar[str] = "advice"

    group: Literal["footwear", "strength", "form", "progression"]
    refilm_weeks: int = Field(0, ge=0, le=52)
    uses_cadence: bool = False
    everybody: bool = False
    part_of: str = ""
    not_with: When = ()
    only_with: When = ()


class FlagEntry(_Worded):
    """A red flag."""

    urgency: Literal["now", "today", "soon"]
    when: When = Field(min_length=1)
    part_of: str = ""


class SignEntry(_Strict):
    """A sign or cause of a condition."""

    id: str
    when: When = Field(min_length=1)
    against: When = ()
    needed: bool = False


class ConditionEntry(_Strict):
    """A condition to discuss."""

    id: str
    sign: tuple[SignEntry, ...] = Field(min_length=2)
    cause: tuple[SignEntry, ...] = ()

    @property
    def source(self) -> Source:
        """Where it comes from: all conditions are the article's."""
        return Source(ARTICLE, "", (citations()["article"],))


class NoteEntry(_Worded):
    """A paragraph of background."""

    always: bool = False
    with_red_flags: bool = True
    when: When = ()
    published: tuple[str, ...] = ()

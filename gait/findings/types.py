"""What the findings are made of: frozen dataclasses of plain values, saved as they are in `analysis.json`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

ARTICLE, PUBLISHED, DEFAULT = "article", "published", "default"
ORIGINS = (ARTICLE, PUBLISHED, DEFAULT)
RAISED, BORDERLINE, CLEAR, NOT_ASSESSED = "raised", "borderline", "clear", "not_assessed"
OPTIONAL = "optional"
"""Status of a finding that is raised where neither symptoms nor a goal ask for a change."""
FITS, SPEAKS_AGAINST, NOT_TOLD = "fits", "speaks_against", "not_told"
MOST_PRIORITIES = 3
GROUPS = ("footwear", "strength", "form", "progression")
"""The four kinds of prevention of the article; every plan has these parts."""
URGENCIES = ("now", "today", "soon")
"""How soon to be seen, the most urgent first."""


def _one_of(known: Collection[str]) -> Callable[[str], str]:
    def check(word: str) -> str:
        if word not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return word

    return check


def _iso_day(day: str) -> str:
    if day:
        date.fromisoformat(day)
    return day


# Checked only where a saved analysis is read, which may come from elsewhere: reports look words up by these.
_Origin = Annotated[str, AfterValidator(_one_of(ORIGINS))]
_State = Annotated[str, AfterValidator(_one_of((RAISED, BORDERLINE, CLEAR, NOT_ASSESSED)))]
_Status = Annotated[str, AfterValidator(_one_of((RAISED, OPTIONAL, BORDERLINE, NOT_ASSESSED)))]
_Answer = Annotated[str, AfterValidator(_one_of((FITS, SPEAKS_AGAINST, NOT_TOLD)))]
_Group = Annotated[str, AfterValidator(_one_of(GROUPS))]
_Urgency = Annotated[str, AfterValidator(_one_of(URGENCIES))]
_Day = Annotated[str, AfterValidator(_iso_day)]


@dataclass(frozen=True)
class Source:
    """Where a statement comes from.

    Parameters
    ----------
    origin : {"article", "published", "default"}
        The clinic's article, a published study or guideline, or a default of ours.
    grade : str
        A consistent trials or prospective studies, B limited trials or consistent mechanics, C case-control, D expert;
        empty where none applies.
    citations : tuple of str
        Author, year, DOI or PMID, as printed.
    words_by : str
        Who put it in other words; empty for our own.
    """

    origin: _Origin
    grade: str = ""
    citations: tuple[str, ...] = ()
    words_by: str = ""


@dataclass(frozen=True)
class Evidence:
    """One thing that a finding rests on: a measured number against its limit, or an answer.

    Parameters
    ----------
    name : str
        Metric, or question.
    side, video : str
        Of the metric; empty for an answer.
    value : float, str or None
        As measured or told.
    unit : str or None
        Of value, interval and limit.
    ci95 : (float, float) or None
        Of the value.
    limit : float or None
        What it was held against.
    state : {"raised", "borderline", "clear", "not_assessed"}
        How it came out.
    words : str
        All of it in one line.
    """

    name: str
    side: str
    video: str
    value: float | str | None
    unit: str | None
    ci95: tuple[float, float] | None
    limit: float | None
    state: _State
    words: str


@dataclass(frozen=True)
class RedFlag:
    """A reason to see a clinician before anything else; ``urgency`` is ``now``, ``today`` or ``soon``."""

    rule: str
    title: str
    urgency: _Urgency
    why: str
    do: str
    say: str
    source: Source


@dataclass(frozen=True)
class Sign:
    """One sign of a condition: what was told of it (``fits``, ``speaks_against`` or ``not_told``)."""

    text: str
    told: _Answer


@dataclass(frozen=True)
class Condition:
    """Something to discuss with a professional: which signs match and which do not; never how likely it is."""

    rule: str
    title: str
    what: str
    signs: tuple[Sign, ...]
    causes: tuple[Sign, ...]
    note: str
    source: Source


@dataclass(frozen=True)
class Finding:
    """What stood out in the measurements or answers.

    ``status`` is ``raised``, ``borderline`` (an interval straddles the limit) or ``optional`` (raised, but without
    symptoms or a goal there is no reason to change anything).
    """

    rule: str
    title: str
    status: _Status
    strength: str
    plain: str
    known: str
    evidence: tuple[Evidence, ...]
    source: Source
    caveat: str = ""


@dataclass(frozen=True)
class Advice:
    """Something to do.

    Parameters
    ----------
    id : str
        Key of the advice.
    rule : str
        The finding it answers; empty for what everybody is told.
    group : {"footwear", "strength", "form", "progression"}
        Kind of prevention.
    title, text : str
        What it is, in a few words and in one or two sentences.
    cue, drill, dose, progression, caveat : str
        What to think of while running, what to practise, how much, how to go on, what to mind; each may be empty.
    source : Source
        Where it comes from.
    priority : int
        1, 2 or 3 among the priorities, 0 elsewhere.
    optional : bool
        True where nothing needs changing, and one may still try it.
    refilm_on : str
        ISO date by which to film again; empty where that would show nothing.
    """

    id: str
    rule: str
    group: _Group
    title: str
    text: str
    source: Source
    cue: str = ""
    drill: str = ""
    dose: str = ""
    progression: str = ""
    caveat: str = ""
    priority: int = 0
    optional: bool = False
    refilm_on: _Day = ""


@dataclass(frozen=True)
class CadencePlan:
    """Cadences to run to at the same speed, steps/min: measured, first step, and the range to go on to if needed.

    ``optional`` where only optional advice asks for them; ``source`` is None in analyses that did not note it.
    """

    measured_spm: float
    first_spm: int
    further_spm: tuple[int, int]
    words: str
    source: Source | None = None
    optional: bool = False


@dataclass(frozen=True)
class Week:
    """One week of a distance plan."""

    number: int
    starts_on: _Day
    km: float


@dataclass(frozen=True)
class DistancePlan:
    """Weekly distances that rise no faster than the published limit; ``flag`` says what rose too fast, if anything."""

    weeks: tuple[Week, ...]
    flag: str
    words: str
    source: Source


@dataclass(frozen=True)
class Note:
    """A paragraph of background; ``published`` says where guidance differs from the article, if it does."""

    key: str
    title: str
    text: str
    source: Source
    published: str = ""
    published_source: Source | None = None


@dataclass(frozen=True)
class Plan:
    """What to do: at most three priorities, the four kinds of prevention, cadence and distance.

    With red flags it is ``withheld``: nothing but the reason stands in it. ``source`` is that of the summary, where it
    says what studies support.
    """

    withheld: str = ""
    summary: str = ""
    nothing_to_change: bool = False
    priorities: tuple[Advice, ...] = ()
    prevention: tuple[Advice, ...] = ()
    cadence: CadencePlan | None = None
    distance: DistancePlan | None = None
    refilm_on: _Day = ""
    source: Source | None = None


@dataclass(frozen=True)
class Assessment:
    """All that follows from one analysis and what the person told.

    ``not_assessed`` holds findings that could not be looked for, with the reason; ``background`` what the article says
    about ankles, diagnosis and treatment, where it applies.
    """

    red_flags: tuple[RedFlag, ...]
    conditions: tuple[Condition, ...]
    findings: tuple[Finding, ...]
    not_assessed: tuple[Finding, ...]
    plan: Plan
    background: tuple[Note, ...]

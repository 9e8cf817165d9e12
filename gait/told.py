"""What the person tells us besides the video: where it hurts, how it began, training, shoes, a goal; all optional.

The questions are declared once; the file of ``--person`` (`gait.told_file`), the page's form and the report's words
(`gait.told_words`) read them here. Labels, helps and the words of the choices are in the catalogue (`gait.words`) under
``[told]``. Places of pain are ``knee`` (side not told), ``left knee`` or ``right knee``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gait import told_reading as reading
from gait.errors import ConfigError
from gait.options import Optioned, declare, nearest, options_of, read_options
from gait.told_reading import NO_PAIN, PLACES
from gait.words import text

__all__ = ("GROUPS", "HISTORY", "NO_PAIN", "PAIN", "PERSON", "PLACES", "SIGNS", "TRAINING", "Told")

GROUPS = PAIN, SIGNS, HISTORY, TRAINING, PERSON = tuple(
    text(f"told.groups.{group}") for group in ("pain", "signs", "before", "training", "person")
)
"""Headings, in the order of the form."""


def _ask(name: str, flag: str, group: str, kind: str, default: Any = None, **described: Any) -> Any:
    """Declare a question; its label and help are in the catalogue under its name."""
    return declare(
        default,
        flag=flag,
        label=text(f"told.{name}.label"),
        help=text(f"told.{name}.help"),
        group=group,
        kind=kind,
        **described,
    )


def _one_of(name: str, flag: str, group: str, *choices: str) -> Any:
    return _ask(name, flag, group, "choice", choices=choices, parse=reading.choice_reader(name, choices))


def _any_of(name: str, flag: str, group: str, *choices: str) -> Any:
    return _ask(name, flag, group, "words", (), choices=choices, parse=reading.words_reader(name, choices))


def _yes_no(name: str, flag: str, group: str) -> Any:
    return _ask(name, flag, group, "switch", parse=reading.parse_yes_no)


def _quantity(name: str, flag: str, group: str, unit: str, high: float, example: str) -> Any:
    parse = reading.km_reader(flag) if unit == "km" else reading.parse_days
    return _ask(name, flag, group, "quantity", parse=parse, unit=unit, low=0.0, high=high, example=example)


@dataclass(frozen=True)
class Told(Optioned):
    """Answers of the person; None, an empty text or an empty tuple is "not told".

    Raises
    ------
    ConfigError
        When an answer is none of those that are known, is out of range, or takes another one back.
    """

    _called = "question"

    pain: tuple[str, ...] = _ask(
        "pain", "pain", PAIN, "text_list", (), parse=reading.parse_pain, example="right outer ankle, left heel"
    )
    onset: str | None = _one_of("onset", "onset", PAIN, "twist", "sudden_kick", "gradual")
    since_days: float | None = _quantity("since_days", "since", PAIN, "days", 30000.0, "3 weeks")
    pain_kind: tuple[str, ...] = _any_of(
        "pain_kind", "pain-kind", PAIN, "sharp", "dull", "stiff", "burning", "throbbing"
    )
    pain_level: int | None = _ask(
        "pain_level",
        "pain-level",
        PAIN,
        "count",
        parse=reading.count_reader(r"(?:/|of|out of)\s*10"),
        low=0,
        high=10,
        example="4",
    )
    trend: str | None = _one_of("trend", "trend", PAIN, "better", "same", "worse")
    pain_when: tuple[str, ...] = _any_of(
        "pain_when",
        "pain-when",
        PAIN,
        *("morning", "start", "during", "after", "after_sitting", "eases_moving", "night", "hopping"),
    )
    grows_with_load: bool | None = _yes_no("grows_with_load", "grows-with-load", PAIN)
    signs: tuple[str, ...] = _any_of(
        "signs",
        "signs",
        SIGNS,
        *("swelling", "severe_swelling", "bruising", "severe_bruising", "warmth", "deformity", "stiffness"),
        *(
            "tenderness",
            "limited_motion",
            "hard_to_bear_weight",
            "pop",
            "tendon_gap",
            "instability",
            "numbness",
            "fever",
        ),
    )
    bone_tender: tuple[str, ...] = _any_of(
        "bone_tender",
        "bone-tender",
        SIGNS,
        *("outer_ankle_bone", "inner_ankle_bone", "navicular", "fifth_metatarsal", "other_bone"),
    )
    four_steps: bool | None = _yes_no("four_steps", "four-steps", SIGNS)
    rest_week: str | None = _one_of("rest_week", "rest-week", HISTORY, "not_tried", "helped", "no_change")
    past_ankle_injury: str | None = _one_of(
        "past_ankle_injury", "past-ankle-injury", HISTORY, "none", "sprain", "other"
    )
    calf_tight: bool | None = _yes_no("calf_tight", "calf-tight", HISTORY)
    arch: str | None = _one_of("arch", "arch", HISTORY, "low", "normal", "high")
    quinolone: bool | None = _yes_no("quinolone", "quinolone", HISTORY)
    weekly_km: tuple[float, ...] = _ask(
        "weekly_km",
        "weekly-km",
        TRAINING,
        "numbers",
        (),
        parse=reading.parse_weeks,
        unit="km",
        low=0.0,
        high=400.0,
        example="20, 24, 30",
    )
    planned_km: float | None = _quantity("planned_km", "planned-km", TRAINING, "km", 400.0, "40")
    surface: tuple[str, ...] = _any_of("surface", "surface", TRAINING, "treadmill", "road", "track", "trail", "uneven")
    shoe_age_days: float | None = _quantity("shoe_age_days", "shoe-age", TRAINING, "days", 10000.0, "8 months")
    shoe_km: float | None = _quantity("shoe_km", "shoe-km", TRAINING, "km", 20000.0, "600")
    shoe_wear: str | None = _one_of("shoe_wear", "shoe-wear", TRAINING, "none", "visible", "worn_through")
    shoe_fit: str | None = _one_of("shoe_fit", "shoe-fit", TRAINING, "good", "poor")
    name: str = _ask("name", "name", PERSON, "text", "", parse=reading.parse_text, example="Anna Berg")
    age_years: int | None = _ask(
        "age_years",
        "age",
        PERSON,
        "count",
        parse=reading.count_reader("years?(?: old)?|y"),
        unit="years",
        low=5,
        high=110,
        example="35",
    )
    sex: str | None = _one_of("sex", "sex", PERSON, "female", "male", "other")
    goal: str = _ask("goal", "goal", PERSON, "text", "", parse=reading.parse_text, example="run 10 km without pain")

    def __post_init__(self) -> None:
        super().__post_init__()
        # Only what cannot both be meant: no pain, and what that pain is like.
        told = {"pain-level": self.pain_level, "pain-kind": self.pain_kind, "pain-when": self.pain_when}
        against = next((flag for flag, value in told.items() if value), None)
        if self.pain == (NO_PAIN,) and against:
            raise ConfigError(f'Pain is "none", yet {against} is told.', "Keep one: name the place, or leave it out.")

    @classmethod
    def from_options(cls, given: Mapping[str, Any], source: str = "") -> Told:
        """Build from flags and answers as people write them in a file.

        Parameters
        ----------
        given : mapping
            Answers under their flags (``pain-level``) or field names (``since_days``), with dashes or underscores.
            Nothing, an empty text and an empty list count as not told.
        source : str
            Where they come from (a file), for messages.

        Raises
        ------
        ConfigError
            When a question is unknown or an answer makes no sense.
        """
        about = f"{source}: " if source else ""
        flags = {option.name.replace("_", "-"): option.flag for option in options_of(cls)}
        known = set(flags.values())
        answers: dict[str, Any] = {}
        for name, answer in given.items():
            flag = "-".join(name.lower().replace("_", " ").replace("-", " ").split())
            flag = flag if flag in known else flags.get(flag, flag)
            if flag not in known:
                raise ConfigError(f'{about}There is no question "{reading.clipped(name)}".', nearest(flag, known))
            if flag in answers:
                raise ConfigError(f'{about}"{flag}" is told twice.', "Keep one.")
            answers[flag] = None if answer in ("", [], ()) else answer
        values = read_options(answers, (cls,), source=source)
        try:
            return cls(**values)
        except ConfigError as error:
            raise ConfigError(about + error.message, error.hint) from None

    def answered(self) -> dict[str, Any]:
        """Return the answers that were given, by field name, as plain values that JSON can hold."""
        return {
            option.name: list(value) if isinstance(value, tuple) else value
            for option in options_of(type(self))
            if (value := getattr(self, option.name)) != option.default
        }

    @property
    def has_pain(self) -> bool:
        """Whether pain was told anywhere."""
        return bool(self.pain) and self.pain != (NO_PAIN,)

    @property
    def says_how_it_is(self) -> bool:
        """Whether the person said that something hurts, or that nothing does."""
        return bool(self.pain) or self.has_complaint

    @property
    def has_complaint(self) -> bool:
        """Whether pain, a sign, or anything about a pain was told; none of the latter where it hurts nowhere."""
        if self.has_pain or self.signs or self.bone_tender or self.four_steps is False:
            return True
        about = (self.onset, self.pain_kind, self.pain_when, self.pain_level, self.grows_with_load, self.trend)
        since_or_rest = self.since_days is not None or self.rest_week in ("helped", "no_change")
        return not self.pain and (any(about) or since_or_rest)

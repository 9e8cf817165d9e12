"""What the person tells us besides the video: where it hurts, how it began, training, shoes, a goal; all optional.

The questions are declared once; the file (`gait.config`'s way of TOML, or JSON), the command line's ``--person`` and
the page's form read them here. Places of pain are ``knee`` (side not told), ``left knee`` or ``right knee``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gait.errors import ConfigError
from gait.model import SIDES
from gait.options import Optioned, declare, nearest, options_of, read_options

PAIN, SIGNS, HISTORY, TRAINING, PERSON = "Where it hurts", "Signs", "Before", "Training and shoes", "About you"

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
_SIDES_TOLD = (*SIDES, "both")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25}


def _joined(text: str) -> str:
    return "_".join(text.replace("-", " ").replace("_", " ").split())


_OTHER_NAMES = {"back_ankle": "back_of_ankle", "front_ankle": "front_of_ankle", "achilles": "back_of_ankle"}


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
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ConfigError("Pain must be a list of places.", 'Write it as "left knee, outer ankle".')
    found: set[str] = set()
    for part in parts:
        words = part.lower().replace("_", " ").replace("-", " ").split()
        if not words:
            continue
        sides = [word for word in words if word in _SIDES_TOLD]
        place = _joined(" ".join(word for word in words if word not in _SIDES_TOLD))
        place = _OTHER_NAMES.get(place, place)
        if place not in PLACES:
            place = place.removesuffix("s")
        if place == NO_PAIN and not sides:
            found.add(NO_PAIN)
        elif place in PLACES and len(sides) <= 1:
            which = SIDES if sides == ["both"] else sides
            found |= {f"{side} {place}" for side in which} or {place}
        else:
            raise ConfigError(
                f'Pain: "{part.strip()}" is no place of the body map.', nearest(place, (*PLACES, NO_PAIN))
            )
    if NO_PAIN in found and len(found) > 1:
        raise ConfigError('Pain cannot be "none" and somewhere.', "Keep one.")
    order = [NO_PAIN, *(f"{side}{place}" for place in PLACES for side in ("left ", "right ", ""))]
    return tuple(sorted(found, key=order.index))


def parse_days(given: object) -> float:
    """Read a time that has passed: ``3 weeks``, ``10 days``, ``2 months``; a bare number is days.

    Raises
    ------
    ConfigError
        When it is not understood.
    """
    text = str(given).strip().lower()
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)", text)
    unit = match[2].removesuffix("s") if match else ""
    if match is None or isinstance(given, bool) or unit not in ("", *_DAYS):
        raise ConfigError(f'"{given}" is no length of time.', "Write it as 10 days, 3 weeks or 2 months.")
    return float(match[1].replace(",", ".")) * _DAYS.get(unit, 1.0)


def parse_weeks(given: object) -> tuple[float, ...]:
    """Read weekly distances, km, the oldest week first: ``"20, 24, 30"`` or a list of numbers.

    Raises
    ------
    ConfigError
        When it is not a row of numbers.
    """
    parts = re.split(r"[,;]\s+|\s+", given.replace("km", " ").strip()) if isinstance(given, str) else given
    if isinstance(parts, str) or not isinstance(parts, list | tuple):
        raise ConfigError("Weekly distances must be a row of numbers.", 'Write them as "20, 24, 30", oldest first.')
    numbers = []
    for part in parts:
        if isinstance(part, int | float) and not isinstance(part, bool):
            numbers.append(float(part))
        elif isinstance(part, str) and _NUMBER.fullmatch(part.strip(" ,;")):
            numbers.append(float(part.strip(" ,;").replace(",", ".")))
        elif part != "":
            raise ConfigError(f'"{part}" is no weekly distance.', 'Write them as "20, 24, 30", oldest first.')
    return tuple(numbers)


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise ConfigError(f'"{given}" is no text.', "Write it in words.")
    # A newline would break tables and headings; everything else a person writes is kept and shown literally.
    return " ".join(given.split())


def _km(name: str) -> Any:
    def parse(given: object) -> float:
        match = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(?:km)?", str(given).strip().lower())
        if match is None or isinstance(given, bool):
            raise ConfigError(f'{name} cannot be "{given}".', "Write kilometres: 25 or 25 km.")
        return float(match[1].replace(",", "."))

    return parse


@dataclass(frozen=True)
class Told(Optioned):
    """Answers of the person; None, an empty text or an empty tuple is "not told".

    Raises
    ------
    ConfigError
        When an answer is none of those that are known, or out of range.
    """

    name: str = declare(
        "", flag="name", label="Name", help="As it shall stand on the report.", group=PERSON, kind="text", parse=_text
    )
    age_years: int | None = declare(
        None, flag="age", label="Age", help="Years.", group=PERSON, kind="count", unit="years", low=5, high=110
    )
    sex: str | None = declare(
        None,
        flag="sex",
        label="Sex",
        help="As it shall stand on the report.",
        group=PERSON,
        kind="choice",
        choices=("female", "male", "other"),
    )
    goal: str = declare(
        "",
        flag="goal",
        label="What do you want to reach?",
        help="In your own words.",
        group=PERSON,
        kind="text",
        parse=_text,
        example="run 10 km without pain",
    )
    pain: tuple[str, ...] = declare(
        (),
        flag="pain",
        label="Where does it hurt?",
        help="Places of the body map, with the side: left knee, right heel.",
        group=PAIN,
        kind="text_list",
        parse=parse_pain,
        example="right outer ankle",
    )
    onset: str | None = declare(
        None,
        flag="onset",
        label="How did it begin?",
        help="A twist or roll, like a sudden kick, or bit by bit.",
        group=PAIN,
        kind="choice",
        choices=("twist", "sudden_kick", "gradual"),
    )
    since_days: float | None = declare(
        None,
        flag="since",
        label="Since when?",
        help="How long ago it began.",
        group=PAIN,
        kind="quantity",
        parse=parse_days,
        unit="days",
        low=0.0,
        high=30000.0,
        example="3 weeks",
    )
    pain_kind: tuple[str, ...] = declare(
        (),
        flag="pain-kind",
        label="What is the pain like?",
        help="All that fit.",
        group=PAIN,
        kind="words",
        choices=("sharp", "dull", "stiff", "burning", "throbbing"),
    )
    pain_level: int | None = declare(
        None,
        flag="pain-level",
        label="How bad is it, 0 to 10?",
        help="0 is no pain, 10 the worst you can think of.",
        group=PAIN,
        kind="count",
        low=0,
        high=10,
    )
    trend: str | None = declare(
        None,
        flag="trend",
        label="Over time it gets ...",
        help="Compared with two weeks ago.",
        group=PAIN,
        kind="choice",
        choices=("better", "same", "worse"),
    )
    pain_when: tuple[str, ...] = declare(
        (),
        flag="pain-when",
        label="When does it hurt?",
        help="All that fit.",
        group=PAIN,
        kind="words",
        choices=(
            "morning",
            "start",
            "during",
            "after",
            "after_sitting",
            "eases_moving",
            "night",
            "hopping",
        ),
    )
    grows_with_load: bool | None = declare(
        None,
        flag="grows-with-load",
        label="Does it grow the longer you run?",
        help="A dull ache that builds up.",
        group=PAIN,
        kind="switch",
    )
    signs: tuple[str, ...] = declare(
        (),
        flag="signs",
        label="What else do you notice there?",
        help="All that fit.",
        group=SIGNS,
        kind="words",
        choices=(
            "swelling",
            "severe_swelling",
            "bruising",
            "severe_bruising",
            "warmth",
            "deformity",
            "stiffness",
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
    bone_tender: tuple[str, ...] = declare(
        (),
        flag="bone-tender",
        label="Where does a bone hurt when pressed?",
        help="Bony spots: tip or back edge of the outer or inner ankle bone, the top of the inner midfoot (navicular), "
        "the outer edge of the midfoot (fifth metatarsal), or another bone.",
        group=SIGNS,
        kind="words",
        choices=("outer_ankle_bone", "inner_ankle_bone", "navicular", "fifth_metatarsal", "other_bone"),
    )
    four_steps: bool | None = declare(
        None,
        flag="four-steps",
        label="Can you take four steps on it?",
        help="Limping counts as yes.",
        group=SIGNS,
        kind="switch",
    )
    rest_week: str | None = declare(
        None,
        flag="rest-week",
        label="Have you rested it for a week?",
        help="And did it help?",
        group=HISTORY,
        kind="choice",
        choices=("not_tried", "helped", "no_change"),
    )
    calf_tight: bool | None = declare(
        None, flag="calf-tight", label="Are your calves tight?", help="", group=HISTORY, kind="switch"
    )
    arch: str | None = declare(
        None,
        flag="arch",
        label="Arch of your foot",
        help="",
        group=HISTORY,
        kind="choice",
        choices=("low", "normal", "high"),
    )
    past_ankle_injury: str | None = declare(
        None,
        flag="past-ankle-injury",
        label="An ankle injury before?",
        help="",
        group=HISTORY,
        kind="choice",
        choices=("none", "sprain", "other"),
    )
    quinolone: bool | None = declare(
        None,
        flag="quinolone",
        label="A quinolone antibiotic in the last months?",
        help="Such as ciprofloxacin or levofloxacin.",
        group=HISTORY,
        kind="switch",
    )
    weekly_km: tuple[float, ...] = declare(
        (),
        flag="weekly-km",
        label="Distance of the last weeks, km",
        help="One number a week, the oldest first.",
        group=TRAINING,
        kind="numbers",
        parse=parse_weeks,
        unit="km",
        low=0.0,
        high=400.0,
        example="20, 24, 30",
    )
    planned_km: float | None = declare(
        None,
        flag="planned-km",
        label="Planned weekly distance, km",
        help="Where you want to get to.",
        group=TRAINING,
        kind="quantity",
        parse=_km("planned-km"),
        unit="km",
        low=0.0,
        high=400.0,
        example="40",
    )
    surface: tuple[str, ...] = declare(
        (),
        flag="surface",
        label="Where do you run?",
        help="All that fit.",
        group=TRAINING,
        kind="words",
        choices=("treadmill", "road", "track", "trail", "uneven"),
    )
    shoe_age_days: float | None = declare(
        None,
        flag="shoe-age",
        label="How old are the shoes?",
        help="",
        group=TRAINING,
        kind="quantity",
        parse=parse_days,
        unit="days",
        low=0.0,
        high=10000.0,
        example="8 months",
    )
    shoe_km: float | None = declare(
        None,
        flag="shoe-km",
        label="How far have they run, km?",
        help="A rough guess will do.",
        group=TRAINING,
        kind="quantity",
        parse=_km("shoe-km"),
        unit="km",
        low=0.0,
        high=20000.0,
        example="600",
    )
    shoe_wear: str | None = declare(
        None,
        flag="shoe-wear",
        label="Wear of the sole",
        help="",
        group=TRAINING,
        kind="choice",
        choices=("none", "visible", "worn_through"),
    )
    shoe_fit: str | None = declare(
        None,
        flag="shoe-fit",
        label="Do the shoes fit?",
        help="Room for the toes, no slipping heel, no pressure.",
        group=TRAINING,
        kind="choice",
        choices=("good", "poor"),
    )

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Told:
        """Build from field names and stored values, as `analysis.json` holds them; unknown names are refused.

        Raises
        ------
        ConfigError
            When a name is unknown or a value makes no sense.
        """
        names = {option.name for option in options_of(cls)}
        for name in values:
            if name not in names:
                raise ConfigError(f'There is no question "{name}".', nearest(name, names))
        return cls(**values)

    @classmethod
    def from_options(cls, given: Mapping[str, Any], source: str = "") -> Told:
        """Build from flags and answers as people write them in a file.

        Raises
        ------
        ConfigError
            When a question is unknown or an answer makes no sense.
        """
        return cls(**read_options(given, (cls,), source=source))

    def answered(self) -> dict[str, Any]:
        """Return the answers that were given, by field name, as plain values that JSON can hold."""
        return {
            option.name: list(value) if isinstance(value, tuple) else value
            for option in options_of(type(self))
            if (value := getattr(self, option.name)) != option.default
        }

    def pain_at(self, *places: str) -> bool:
        """Whether it hurts at one of these places, on either side."""
        return any(where.rpartition(" ")[2] in places for where in self.pain)

    def pain_sides(self, *places: str) -> frozenset[str]:
        """Return the sides told of pain at these places; a pain whose side was not told gives both."""
        found: set[str] = set()
        for where in self.pain:
            side, _, place = where.rpartition(" ")
            if place in places:
                found |= {side} if side else set(SIDES)
        return frozenset(found)

    @property
    def has_pain(self) -> bool:
        """Whether pain was told anywhere."""
        return bool(self.pain) and self.pain != (NO_PAIN,)

    @property
    def has_complaint(self) -> bool:
        """Whether pain, a sign, or anything about a pain was told; none of the latter where it hurts nowhere."""
        if self.has_pain or self.signs or self.bone_tender or self.four_steps is False:
            return True
        about = (self.onset, self.pain_kind, self.pain_when, self.pain_level, self.grows_with_load)
        return not self.pain and any(about)

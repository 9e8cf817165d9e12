"""What an option is: its flag, unit, range and help, and how a value given by a person is read and checked.

The options themselves are declared in :mod:`gait.config`.
"""

from __future__ import annotations

import difflib
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, ClassVar, Self

from gait.errors import ConfigError

MAX_SHOWN = 200
"""Letters of a value that was not understood, in a message."""


@dataclass(frozen=True)
class Option:
    """All that is known about one option.

    Parameters
    ----------
    flag : str
        Long name without the dashes; the key in a TOML file, too. For a switch that is on by default this
        is the positive name (``video``); ``no-video`` is understood everywhere.
    label : str
        Name on a form, in plain words.
    help : str
        One or two sentences.
    group : str
        Heading under which it is listed.
    kind : {"quantity", "choice", "words", "numbers", "switch", "path", "count", "text", "text_list"}
        How a value looks. ``words`` are any of the choices, ``numbers`` a row of quantities, ``text_list`` texts that
        ``parse`` reads and checks; these three are tuples. A switch
        whose default is None is a question that may stay unanswered.
    parse : callable or None
        Reader of text, for quantities and text.
    unit : str
        Unit of the stored value.
    low, high : float or None
        Inclusive range of the stored value.
    choices : tuple of str
        Allowed words.
    metavar : str
        What stands for the value in the help.
    example : str
        A value as a person would type it.
    slip : (str, float) or None
        A unit people forget, and what it is in the stored unit; for the hint ("did you mean 175 cm?").
    short : str
        One-letter flag, or nothing.
    only_off : bool
        True for a switch that is on by default; its help shows the ``no-`` form.
    affects_result : bool
        False where the numbers and pictures are the same whatever the value.
    name : str
        Field name; filled in from the dataclass.
    default : object
        Default value; filled in from the dataclass.
    """

    flag: str
    label: str
    help: str
    group: str
    kind: str
    parse: Callable[[object], Any] | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    metavar: str = ""
    example: str = ""
    slip: tuple[str, float] | None = None
    short: str = ""
    only_off: bool = False
    affects_result: bool = True
    name: str = ""
    default: Any = None

    @property
    def allowed(self) -> str:
        """What may be given, in words: ``between 1 and 2.3 m``."""
        if self.kind == "words":
            return f"some of {', '.join(self.choices)}"
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.kind == "switch":
            return "true or false"
        if self.kind == "path":
            return "the name of a file or folder"
        if self.low is not None and self.high is not None:
            return f"between {self.low:g} and {self.high:g} {self.unit}".rstrip()
        return f"like {self.example}"

    def read(self, given: object) -> Any:
        """Read a value as a person (or a TOML file) gives it and check it.

        Raises
        ------
        ConfigError
            When it is of the wrong type, cannot be understood or is out of range.
        """
        if self.kind == "count" and self.parse is None and isinstance(given, str):
            try:
                given = int(given)
            except ValueError:
                raise self._wrong(given) from None
        elif self.kind == "path" and isinstance(given, str) and given.strip():
            given = Path(given).expanduser()
        elif self.parse is not None:
            given = self.parse(given)
        elif self.kind == "choice" and isinstance(given, str):
            given = given.strip().lower()
            if given not in self.choices:
                given = _joined(given)
        elif self.kind == "words":
            parts = given.split(",") if isinstance(given, str) else given
            if isinstance(parts, list | tuple) and all(isinstance(part, str) for part in parts):
                given = tuple(dict.fromkeys(_joined(part) for part in parts if part.strip()))
        return self.check(given)

    def check(self, value: Any) -> Any:
        """Check a stored value (SI units) and return it with its proper type.

        Raises
        ------
        ConfigError
            When the type is wrong or the value lies outside the allowed ones.
        """
        if value is None and self.default is None:
            return None
        if self.kind == "switch":
            good = isinstance(value, bool)
        elif self.kind == "choice":
            good = value in self.choices
        elif self.kind == "words":
            good = isinstance(value, list | tuple)
            unknown = [word for word in value if word not in self.choices] if good else []
            if unknown:
                raise self._wrong(unknown[0])
            value = tuple(value) if good else value
        elif self.kind == "numbers":
            good = isinstance(value, list | tuple) and all(
                not isinstance(one, bool | str) and self._in_range(one) for one in value
            )
            value = tuple(float(one) for one in value) if good else value
        elif self.kind == "path":
            good = isinstance(value, str | Path) and bool(str(value).strip())
            value = Path(value) if good else value
        elif self.kind == "text":
            good = isinstance(value, str)
            value = self.parse(value) if good and self.parse is not None else value
        elif self.kind == "text_list":
            good = isinstance(value, list | tuple)
            value = self.parse(value) if good and self.parse is not None else value
        elif self.kind == "count":
            good = isinstance(value, int) and not isinstance(value, bool) and self._in_range(value)
        else:
            good = not isinstance(value, bool | str) and self._in_range(value)
            value = float(value) if good else value
        if not good:
            raise self._wrong(value)
        return value

    def _in_range(self, value: Any) -> bool:
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            return False
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return math.isfinite(number) and low <= number <= high

    def _wrong(self, value: object) -> ConfigError:
        hint = f"It must be {self.allowed}."
        if not isinstance(value, int | float) or isinstance(value, bool):
            line = " ".join(str(value).split())
            shown = f'"{line if len(line) <= MAX_SHOWN else line[:MAX_SHOWN] + " ..."}"'
        elif isinstance(value, int) and abs(value) > sys.maxsize:
            shown = "so large a number"
        else:
            shown = f"{value:.6g} {self.unit}".rstrip()
            if self.slip is not None and self._in_range(value * self.slip[1]):
                hint += f' Did you mean "{value:g} {self.slip[0]}"?'
        name = self.flag.removesuffix("-deg").replace("-", " ").capitalize()
        return ConfigError(f"{name} cannot be {shown}.", hint)


def _joined(words: str) -> str:
    """Return a word of a list of choices as it is stored: ``Outer ankle`` is ``outer_ankle``."""
    return "_".join(words.strip().lower().replace("-", " ").replace("_", " ").split())


def declare(default: Any, **described: Any) -> Any:
    """Return a dataclass field that carries its :class:`Option`."""
    return field(default=default, metadata={"option": Option(default=default, **described)})


class Optioned:
    """Checks every field of a frozen dataclass against its option; what all option classes share."""

    _called: ClassVar[str] = "setting"

    def __post_init__(self) -> None:
        for option in options_of(type(self)):
            object.__setattr__(self, option.name, option.check(getattr(self, option.name)))

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Self:
        """Build from field names and stored values, as `analysis.json` holds them; unknown names are refused.

        Raises
        ------
        ConfigError
            When a name is unknown or a value makes no sense.
        """
        names = {option.name for option in options_of(cls)}
        for name in values:
            if name not in names:
                raise ConfigError(f'There is no {cls._called} "{name}".', nearest(name, names))
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields (SI units) as plain values that JSON can hold."""
        return {k: str(v) if isinstance(v, Path) else v for k, v in asdict(self).items()}  # type: ignore[call-overload]


def options_of(cls: type) -> tuple[Option, ...]:
    """Return the options of a class of options, in order, with their field names filled in."""
    return tuple(replace(f.metadata["option"], name=f.name) for f in fields(cls))


def read_options(given: Mapping[str, Any], classes: tuple[type, ...], source: str = "") -> dict[str, Any]:
    """Read values under their long option names into field names and SI values.

    Parameters
    ----------
    given : mapping
        Long option names without dashes, values as typed. None counts as not given.
    classes : tuple of type
        The option classes whose names are allowed.
    source : str
        Where the values come from (a file), for messages.

    Returns
    -------
    dict
        Field names and checked values of those that were given.

    Raises
    ------
    ConfigError
        For an unknown name, or a value of the wrong type or out of range; names the option and the source.
    """
    known = {option.flag: (option, False) for cls in classes for option in options_of(cls)}
    known |= {f"no-{flag}": (option, True) for flag, (option, _) in known.items() if option.kind == "switch"}
    found: dict[str, Any] = {}
    said_by: dict[str, str] = {}
    for flag, value in given.items():
        if flag not in known:
            raise ConfigError(_from(source, f'there is no option "{flag}"'), nearest(flag, known))
        if value is None:
            continue
        option, negated = known[flag]
        if option.name in said_by:
            raise ConfigError(
                _from(source, f'"{said_by[option.name]}" and "{flag}" contradict each other'), "Keep one."
            )
        said_by[option.name] = flag
        try:
            read = option.read(value)
        except ConfigError as error:
            message = _from(source, f"option {flag}: {error.message}") if source else error.message
            raise ConfigError(message, error.hint) from None
        found[option.name] = not read if negated and read is not None else read
    return found


def _from(source: str, message: str) -> str:
    text = f"{source}: {message}" if source else message[0].upper() + message[1:]
    return text if text.endswith(".") else f"{text}."


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word closest to an unknown one, or all of them."""
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=1) or difflib.get_close_matches(
        name.lower().replace("_", "-"), known, n=1
    )
    return f'Did you mean "{close[0]}"?' if close else f"Known are: {', '.join(known)}."

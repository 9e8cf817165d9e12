"""Further clips of the same run (`--with`), and what can be said of each by itself.

``--with left.mp4`` names another clip; ``--with left.mp4,start=3,end=20`` also says something of it alone. Of the
options on the command line those about the runner, the processing and the output hold for all clips. Those about the
video: capture rate and mirroring hold for all clips, too, because one camera takes them all as a rule, but a file that
notes its own capture rate keeps it; start, end, view and camera roll are those of the first clip only. Whatever stands
after a clip's own name wins for that clip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gait.config import CAMERA, AnalysisConfig
from gait.errors import ConfigError, GaitError
from gait.options import Option, nearest, options_of, read_options

_OF_ONE_CAMERA = ("mirrored", "capture_rate_hz")

OPTIONS: dict[str, Option] = {o.flag: o for o in options_of(AnalysisConfig) if o.group == CAMERA}
"""What may stand after a clip's name, by flag."""


@dataclass(frozen=True)
class OtherClip:
    """Another clip of the same person and run.

    Parameters
    ----------
    path : Path
        The recording.
    own : dict
        Options of this clip alone, by field name, SI units.
    """

    path: Path
    own: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> OtherClip:
        """Read ``NAME`` or ``NAME,option=value,...`` as given to ``--with``.

        Raises
        ------
        ConfigError
            When the option is unknown, belongs to all clips, or its value makes no sense.
        """
        name, options = _split(text)
        given: dict[str, Any] = {}
        for part in options:
            flag, equals, value = (piece.strip() for piece in part.partition("="))
            if not flag:
                raise ConfigError(
                    f'In "--with {text}" an option is missing after a comma.',
                    f"Write --with {name}, or name an option of this clip: --with {name},start=3.",
                )
            if flag.removeprefix("no-") not in OPTIONS:
                raise ConfigError(f'"{flag}" after {name} is no option of a single clip.', nearest(flag, OPTIONS))
            is_switch = OPTIONS[flag.removeprefix("no-")].kind == "switch"
            if bool(equals and value) == is_switch:
                example = flag if is_switch else f"{flag}={OPTIONS[flag].example.partition(' ')[0]}"
                raise ConfigError(f'"{part.strip()}" after {name} was not understood.', f"Write it as {example}.")
            given[flag] = True if is_switch else value
        return cls(Path(name).expanduser(), read_options(given, (AnalysisConfig,), source=f"--with {name}"))

    def config(self, shared: AnalysisConfig) -> AnalysisConfig:
        """Return the configuration of this clip.

        Parameters
        ----------
        shared : AnalysisConfig
            What the command line says.

        Raises
        ------
        ConfigError
            When its own options contradict each other.
        """
        nothing = {o.name: o.default for o in OPTIONS.values() if o.name not in _OF_ONE_CAMERA}
        try:
            return replace(shared, **(nothing | self.own))
        except ConfigError as problem:
            raise clip_error(problem, self.path.name, is_other=True) from None

    @property
    def inherits_capture_rate(self) -> bool:
        """Whether a capture rate on the command line is meant for this clip only as far as its file is silent."""
        return "capture_rate_hz" not in self.own


def _split(text: str) -> tuple[str, list[str]]:
    """Part the name, which may hold commas, from the options after it."""
    parts = text.split(",")
    for count in range(len(parts), 0, -1):
        name = ",".join(parts[:count])
        if Path(name).expanduser().is_file():
            return name, parts[count:]
    # No such file: the message about it must name the file, not its options.
    count = len(parts)
    while count > 1 and _is_option(parts[count - 1]):
        count -= 1
    return ",".join(parts[:count]), parts[count:]


def _is_option(part: str) -> bool:
    """Whether a part after a comma is meant as an option; nothing at all is one that was forgotten."""
    flag = part.partition("=")[0].strip().removeprefix("no-")
    return not flag or flag in OPTIONS


def refuse_twice(paths: Iterable[Path]) -> None:
    """Raise when a file is named twice.

    Raises
    ------
    ConfigError
        One recording cannot show two sides.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.resolve() in seen:
            raise ConfigError(f"{path.name} is given twice.", "Give each clip once; `--with` names the other clips.")
        seen.add(path.resolve())


def clip_error(problem: GaitError, name: str, *, is_other: bool) -> GaitError:
    """Return an error that says which of several clips it is about, and where that clip's options go."""
    known = name in problem.message
    message = problem.message if known else f"{name}: {problem.message}"
    return type(problem)(message, clip_hint(problem.hint, name) if is_other else problem.hint)


def clip_hint(hint: str, name: str) -> str:
    """Return a hint that names options of a single clip with the way to give them to a clip of ``--with``."""
    option = next((o for o in OPTIONS.values() if f"--{o.flag}" in hint), None)
    if option is None:
        return hint
    value = re.search(rf"--{option.flag} ([^`\s]+)", hint)
    example = value[1] if value else option.example.partition(" ")[0]
    words = option.flag if option.kind == "switch" else f"{option.flag}={example}"
    return f"{hint} For this clip alone it goes after its name: `--with {name},{words}`."

"""Every option once: flag, unit, range, choices, help. The command line, TOML and the dashboard read it here.

Nothing heavy is imported, because ``gait --help`` needs this file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gait import colours, quantities
from gait.errors import ConfigError
from gait.options import Optioned, declare, options_of, read_options
from gait.own_file import read_own_file

VIEW_CHOICES = ("left", "right", "rear", "front")
MODEL_CHOICES = ("heavy", "full", "lite")

RUNNER, CAMERA, PROCESSING, OUTPUT = "The runner", "The video", "Processing", "Output"


def _number(name: str, unit_names: tuple[str, ...], forms: str) -> Callable[[object], float]:
    return lambda given: quantities.parse_number(given, name, unit_names, forms)


@dataclass(frozen=True)
class AnalysisConfig(Optioned):
    """What the person says about the run and how to analyse it; units are in the names.

    Raises
    ------
    ConfigError
        When a value, or the combination of start and end, makes no sense.
    """

    height_m: float | None = declare(
        None,
        flag="height",
        label="Runner's height",
        help="Body height; gives the scale for distances in metres. A bare number is metres.",
        group=RUNNER,
        kind="quantity",
        parse=quantities.parse_height_m,
        unit="m",
        low=1.0,
        high=2.3,
        metavar="LENGTH",
        example=quantities.HEIGHT_FORMS,
        slip=("cm", 0.01),
    )
    mass_kg: float | None = declare(
        None,
        flag="mass",
        label="Runner's mass",
        help="Body mass; needed for stiffness only. A bare number is kilograms.",
        group=RUNNER,
        kind="quantity",
        parse=quantities.parse_mass_kg,
        unit="kg",
        low=25.0,
        high=250.0,
        metavar="MASS",
        example=quantities.MASS_FORMS,
    )
    belt_speed_m_s: float | None = declare(
        None,
        flag="belt-speed",
        label="Belt speed",
        help="Speed that the treadmill shows, with its unit; gives step length and checks the time base.",
        group=RUNNER,
        kind="quantity",
        parse=quantities.parse_speed_m_s,
        unit="m/s",
        low=0.5,
        high=12.0,
        metavar="SPEED",
        example=quantities.SPEED_FORMS,
    )
    incline_pct: float | None = declare(
        None,
        flag="incline",
        label="Treadmill incline",
        help="Slope of the belt in per cent, uphill positive.",
        group=RUNNER,
        kind="quantity",
        parse=_number("incline", ("%", "pct", "percent"), "1 or 1.5 %"),
        unit="%",
        low=-10.0,
        high=25.0,
        metavar="PERCENT",
        example="1 or 1.5 %",
    )
    view: str | None = declare(
        None,
        flag="view",
        label="Side of the runner that faces the camera",
        help="The runner's side that faces the camera. Recognised from the video when not given.",
        group=CAMERA,
        kind="choice",
        choices=VIEW_CHOICES,
        metavar="|".join(VIEW_CHOICES),
        example="left",
    )
    mirrored: bool = declare(
        False,
        flag="mirrored",
        label="The picture is mirrored",
        help="The picture is a mirror image (selfie camera, or filmed in a mirror): swap left and right.",
        group=CAMERA,
        kind="switch",
    )
    capture_rate_hz: float | None = declare(
        None,
        flag="capture-rate",
        label="Camera's capture rate",
        help="Pictures a second that the camera took; for slow-motion files that do not say so themselves.",
        group=CAMERA,
        kind="quantity",
        parse=_number("capture rate", ("hz", "fps", "/s"), "240 or 240 Hz"),
        unit="Hz",
        low=10.0,
        high=2000.0,
        metavar="HZ",
        example="240",
    )
    start_s: float | None = declare(
        None,
        flag="start",
        label="Start at",
        help="Analyse from here on; seconds in the file, as a player shows them.",
        group=CAMERA,
        kind="quantity",
        parse=quantities.parse_time_s,
        unit="s",
        low=0.0,
        high=86400.0,
        metavar="TIME",
        example=quantities.TIME_FORMS,
    )
    end_s: float | None = declare(
        None,
        flag="end",
        label="End at",
        help="Analyse up to here; seconds in the file, as a player shows them.",
        group=CAMERA,
        kind="quantity",
        parse=quantities.parse_time_s,
        unit="s",
        low=0.0,
        high=86400.0,
        metavar="TIME",
        example=quantities.TIME_FORMS,
    )
    horizon_deg: float | None = declare(
        None,
        flag="horizon-deg",
        label="Camera roll",
        help="Angle of the true horizontal (belt, deck) in the picture, degrees; positive if its right end is higher. "
        "Found by upright and level edges, and by the deck's less the incline, where not given.",
        group=CAMERA,
        kind="quantity",
        parse=_number("camera roll", ("deg", "°", "degrees", "degree"), "1.5"),
        unit="deg",
        low=-45.0,
        high=45.0,
        metavar="DEG",
        example="1.5",
    )
    tape_color: str | None = declare(
        None,
        flag="tape-color",
        label="Colour of the tape on heels and calves",
        help="Colour of the tape on heels and calves, from behind; found by itself when not given.",
        group=CAMERA,
        kind="text",
        parse=colours.parse_colour,
        metavar="COLOUR",
        example=colours.COLOUR_FORMS,
    )
    model: str = declare(
        "heavy",
        flag="model",
        label="Pose model",
        help="Size of the pose network: heavy is the one to measure with; full and lite are fast and rough.",
        group=PROCESSING,
        kind="choice",
        choices=MODEL_CHOICES,
        metavar="|".join(MODEL_CHOICES),
        example="heavy",
    )
    model_dir: Path | None = declare(  # noqa: RUF009
        None,
        flag="model-dir",
        label="Folder with pose models",
        help="Folder with pose models, looked into before any other place; for computers without internet.",
        group=PROCESSING,
        kind="path",
        metavar="DIR",
        example="models",
    )
    video: bool = declare(
        True,
        flag="video",
        label="Make the annotated video",
        help="Leave out the annotated video; saves time.",
        group=OUTPUT,
        kind="switch",
        only_off=True,
    )
    blur_face: bool = declare(
        True,
        flag="blur-face",
        label="Blur the face in pictures and video",
        help="Leave the face visible in pictures and video.",
        group=OUTPUT,
        kind="switch",
        only_off=True,
    )
    rules: Path | None = declare(  # noqa: RUF009
        None,
        flag="rules",
        label="Rules file of your own",
        help="File of findings and advice of your own, added to those that come with the program; see docs/rules.md.",
        group=OUTPUT,
        kind="path",
        metavar="FILE",
        example="rules.toml",
    )
    jobs: int | None = declare(
        None,
        flag="jobs",
        label="Processor cores to use",
        help="Processor cores to use; all of them when not given. The result does not depend on it.",
        group=PROCESSING,
        kind="count",
        low=1,
        high=1024,
        metavar="N",
        example="4",
        affects_result=False,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.end_s is not None and self.end_s <= (self.start_s or 0.0):
            raise ConfigError(
                f"The end ({self.end_s:g} s) is not after the start ({self.start_s or 0:g} s).",
                "Give --end a later time than --start; both are seconds in the file.",
            )

    def result_dict(self) -> dict[str, Any]:
        """Return :meth:`to_dict` without the options that cannot change a result (the number of cores)."""
        unchanged = {option.name for option in options_of(type(self)) if not option.affects_result}
        return {name: value for name, value in self.to_dict().items() if name not in unchanged}

    @classmethod
    def from_options(cls, *layers: Mapping[str, Any]) -> AnalysisConfig:
        """Build from option names and values as people type them; later layers win.

        Parameters
        ----------
        *layers : mapping
            ``{"height": "5 ft 9", "no-video": True}``; values that are None count as not given.

        Raises
        ------
        ConfigError
            When a name is unknown or a value makes no sense.
        """
        merged: dict[str, Any] = {}
        for layer in layers:
            merged.update(read_options(layer, (cls,)))
        return cls(**merged)


@dataclass(frozen=True)
class RunOptions(Optioned):
    """Options that say where the output goes and how much is said meanwhile; they change no result."""

    out: Path | None = declare(  # noqa: RUF009
        None,
        flag="out",
        label="Output folder",
        help="Folder for the results. When not given: the video's name with _gait, in the current folder.",
        group=OUTPUT,
        kind="path",
        metavar="DIR",
        example="results",
        affects_result=False,
    )
    json: bool = declare(
        False,
        flag="json",
        label="Print JSON",
        help="Print the analysis as JSON on standard output, and nothing else there.",
        group=OUTPUT,
        kind="switch",
        affects_result=False,
    )
    quiet: bool = declare(
        False,
        flag="quiet",
        label="Quiet",
        help="Print errors only.",
        group=OUTPUT,
        kind="switch",
        short="q",
        affects_result=False,
    )
    verbose: bool = declare(
        False,
        flag="verbose",
        label="Verbose",
        help="Tell on standard error what is done.",
        group=OUTPUT,
        kind="switch",
        short="v",
        affects_result=False,
    )


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of options (``height = "5 ft 9"``, ``no-video = true``) into fields in SI units.

    Folder names in it are relative to the file, so that it means the same from wherever it is used.

    Raises
    ------
    ConfigError
        When the file cannot be read, is no TOML, or holds an unknown key or a value that makes no sense.
    """
    hint = 'Write one option a line, text in quotes: height = "175 cm".'
    values = read_own_file(path, what="The options file", option="--config", hint=hint, json_too=False)
    found = read_options(values, (AnalysisConfig, RunOptions), source=str(path))
    return {name: path.parent / value if isinstance(value, Path) else value for name, value in found.items()}


def write_toml(config: AnalysisConfig) -> str:
    """Return TOML text that :func:`read_toml` reads back to the same configuration; leaves out defaults."""
    lines = []
    for option in options_of(AnalysisConfig):
        value = getattr(config, option.name)
        if value == option.default:
            continue
        if isinstance(value, bool):
            lines.append(f"{option.flag if value else 'no-' + option.flag} = true")
        elif option.name == "belt_speed_m_s":
            lines.append(f'{option.flag} = "{value!r} m/s"')
        elif isinstance(value, int | float):
            lines.append(f"{option.flag} = {value!r}")
        else:
            quoted = str(value).replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'{option.flag} = "{quoted}"')
    return "\n".join(lines) + "\n" if lines else ""

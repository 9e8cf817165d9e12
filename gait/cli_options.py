"""The command line's options, made from :mod:`gait.config`, and how errors turn into exit codes."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from gait.config import OUTPUT, AnalysisConfig, RunOptions, read_toml
from gait.errors import GaitError
from gait.options import Option, options_of, read_options

INTERRUPTED = 130


@dataclass(frozen=True)
class Settings:
    """What the command line and the options file say together."""

    config: AnalysisConfig
    run: RunOptions


def say_error(message: str, hint: str = "") -> None:
    """Print one line on standard error: what happened, and what to do."""
    typer.echo(" ".join(part for part in (f"Error: {message}", hint) if part), err=True)


def say_warning(message: str) -> None:
    """Print one line on standard error about what did not stop anything."""
    typer.echo(f"Note: {message}", err=True)


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Make a command end in one line and an exit code, never in a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except GaitError as error:
            say_error(error.message, error.hint)
            code = error.exit_code
        except KeyboardInterrupt:
            say_error("Stopped.", "Nothing half-written was left behind.")
            code = INTERRUPTED
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if type(error).__module__.startswith("typer."):
                raise  # a usage error raised inside the command; Typer prints it and exits with 2
            from gait.faults import fault_words

            say_error(*fault_words(error))
            code = 1
        raise typer.Exit(code)

    return run


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command every option of :class:`AnalysisConfig` and :class:`RunOptions` and ``--config``.

    The command's last parameter must be ``settings``; the rest of its signature stays as it is.
    """
    classes: tuple[type, ...] = (AnalysisConfig, RunOptions)
    own = [p for name, p in inspect.signature(command, eval_str=True).parameters.items() if name != "settings"]
    added = [p for cls in classes for option in options_of(cls) for p in _parameters(option)]
    added.append(_config_parameter())
    flags = {p.name: p.name.removeprefix("opt_").replace("_", "-") for p in added}

    def run(**given: Any) -> Any:
        said = {flags[name]: given.pop(name) for name in flags}
        options_file = said.pop("config")
        values = read_toml(Path(options_file)) if options_file is not None else {}
        values |= read_options(said, classes)
        return command(**given, settings=_settings(values))

    parameters = [*own, *added]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__doc__, run.__name__ = command.__doc__, command.__name__
    return guarded(run)


def _settings(values: dict[str, Any]) -> Settings:
    names = {option.name for option in options_of(RunOptions)}
    return Settings(
        AnalysisConfig(**{k: v for k, v in values.items() if k not in names}),
        RunOptions(**{k: v for k, v in values.items() if k in names}),
    )


def _config_parameter() -> inspect.Parameter:
    help_text = "TOML file with any of these options under their long names; the command line wins over it."
    return _parameter("config", str, ("--config",), help=help_text, metavar="FILE.toml", rich_help_panel=OUTPUT)


def _parameters(option: Option) -> list[inspect.Parameter]:
    """Return the parameters of one option; a switch has a second, hidden one that turns it the other way."""
    shared: dict[str, Any] = {"help": _help(option), "rich_help_panel": option.group}
    short = (f"-{option.short}",) if option.short else ()
    if option.kind != "switch":
        return [_parameter(option.flag, str, (f"--{option.flag}", *short), metavar=option.metavar, **shared)]
    shown, hidden = option.flag, f"no-{option.flag}"
    if option.only_off:
        shown, hidden = hidden, shown
    return [
        _parameter(shown, bool, (f"--{shown}", *short), metavar="", **shared),
        _parameter(hidden, bool, (f"--{hidden}",), hidden=True, help=f"Undo --{shown} of an options file."),
    ]


def _help(option: Option) -> str:
    notes = []
    if option.kind == "quantity" and option.example:
        notes.append(f"e.g. {option.example}")
    if option.kind == "choice" and option.default:
        notes.append(f"default {option.default}")
    return f"{option.help} ({'; '.join(notes)})" if notes else option.help


def _parameter(flag: str, type_: type, names: tuple[str, ...], **described: Any) -> inspect.Parameter:
    # Everything is optional text here: gait.config reads it, so that file, form and command line agree.
    name = f"opt_{flag.replace('-', '_')}"
    annotation = Annotated[type_ | None, typer.Option(*names, show_default=False, **described)]  # type: ignore[valid-type]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def make_output_safe() -> None:
    """Keep a console that knows few characters (an old Windows code page) from ending the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")

"""The command line: thin commands around the engine."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gait.cli_options import Settings, guarded, make_output_safe, say_error, say_warning, with_options
from gait.config import CAMERA, RUNNER
from gait.errors import ConfigError, PoseError

if TYPE_CHECKING:
    from gait.batch import BatchResult, ClipJob, ClipOutcome
    from gait.model import GaitAnalysis
    from gait.pipeline import Progress

app = typer.Typer(
    name="gait",
    help="Treadmill running video to measurements with error bars. Not a medical device, not a diagnosis.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="List, fetch and verify the pose models.", invoke_without_command=True)
app.add_typer(models_app, name="models")


def _print_version(wanted: bool | None) -> None:
    if wanted:
        from gait.version import gait_version

        typer.echo(f"gait {gait_version()}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool | None,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = None,
) -> None:
    """Treadmill running video to measurements with error bars. Not a medical device, not a diagnosis."""


_WITH_HELP = (
    "Another clip of the same person and run, from the other side or from behind; may be repeated. --capture-rate and "
    "--mirrored hold for all clips; --start, --end, --view and --horizon-deg for VIDEO only. What holds for one clip "
    "alone goes after its name: left.mp4,start=3,end=20"
)


_PERSON_HELP = (
    "TOML or JSON file with what the person tells: where it hurts, training, shoes, goal. `gait person` prints one to "
    "fill in."
)


@app.command()
@with_options
def analyze(
    video: Annotated[Path, typer.Argument(help="The recording: mp4, mov, m4v, avi or mkv.", metavar="VIDEO")],
    others: Annotated[
        list[str] | None, typer.Option("--with", metavar="CLIP", help=_WITH_HELP, rich_help_panel=CAMERA)
    ] = None,
    person: Annotated[
        Path | None, typer.Option("--person", metavar="FILE", help=_PERSON_HELP, rich_help_panel=RUNNER)
    ] = None,
    *,
    settings: Settings,
) -> None:
    """Measure one recording, or several of one run, and leave a folder with report, tables, pictures and analysis."""
    _start_log(settings)
    from gait.clips import OtherClip

    further = [OtherClip.read(text) for text in others or ()]
    out = settings.run.out or Path(f"{video.stem}_gait")
    if out.exists() and not out.is_dir():
        raise ConfigError(f"The output folder {out} is a file.", "Choose another --out.")
    from gait.cli_render import print_summary, progress_reporter
    from gait.pipeline import run
    from gait.told_file import read_person

    told = read_person(person) if person is not None else None

    with progress_reporter(settings.run.quiet) as on_progress:
        analysis = run(video, settings.config, out, on_progress, others=further, told=told)
    if settings.run.json:
        _print_json(analysis)
    elif not settings.run.quiet:
        print_summary(analysis, out)


@app.command()
@with_options
def batch(
    folder: Annotated[Path, typer.Argument(help="Folder with clips; subfolders count, too.", metavar="FOLDER")],
    settings: Settings,
) -> None:
    """Measure every clip of a folder; what is done already is skipped, and a failure never stops the rest.

    What the person of anna.mp4 tells is read from anna.person.toml or anna.person.json beside it (see gait person).
    """
    _start_log(settings)
    from gait.batch import run_batch

    out = settings.run.out or Path(f"{folder.resolve().name}_gait")
    say_clip = _batch_speaker(settings)
    result = run_batch(folder, out, settings.config, _batch_progress(settings), say_clip)
    for path in result.stray:
        say_warning(f"{path} belongs to no clip: what it tells is in no report. Name it like its clip.")
    if settings.run.json:
        import json

        rows = [{"file": o.job.name, "status": o.status, "error": o.error or None} for o in result.outcomes]
        typer.echo(json.dumps({"summary": str(result.summary), "clips": rows}, indent=2))
    elif not settings.run.quiet:
        typer.echo(_batch_words(result))
    raise typer.Exit(result.exit_code)


def _batch_words(result: BatchResult) -> str:
    from gait.batch import DONE, FAILED, SKIPPED

    done, skipped, failed = (result.count(status) for status in (DONE, SKIPPED, FAILED))
    before = f", {skipped} done before" if skipped else ""
    clips = "1 clip" if len(result.outcomes) == 1 else f"{len(result.outcomes)} clips"
    return f"{clips}: {done} analysed{before}, {failed} failed. Table: {result.summary}"


def _batch_speaker(settings: Settings) -> Callable[[ClipOutcome], None]:
    def say(outcome: ClipOutcome) -> None:
        job = outcome.job
        if outcome.error:
            say_error(f"{job.name}: {outcome.error}", outcome.hint)
        elif not (settings.run.quiet or settings.run.json):
            told = "".join(f", with {path.name}" for path in job.person_files)
            typer.echo(f"[{job.number}/{job.total}] {job.name}: {outcome.status}{told}")

    return say


def _batch_progress(settings: Settings) -> Callable[[ClipJob, Progress], None] | None:
    if settings.run.quiet:
        return None
    from gait.cli_render import BatchReporter

    return BatchReporter()


@app.command()
@guarded
def person(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A sheet that is filled in: says how it is understood.")
    ] = None,
) -> None:
    """Print a sheet (TOML) to fill in with what you can tell about yourself: for `gait analyze --person`."""
    from gait.told_file import person_sheet, read_person

    if file is None:
        typer.echo(person_sheet(), nl=False)
        return
    from gait.cli_render import print_table
    from gait.told_words import answer_rows

    rows = answer_rows(read_person(file).answered())
    if rows:
        print_table(rows, ("Question", "Answer"))
    else:
        typer.echo("Nothing is told yet: take the # away from the lines that you answer.")


@models_app.callback()
@guarded
def models(context: typer.Context) -> None:
    """List the pose models and where they are."""
    if context.invoked_subcommand is not None:
        return
    from gait.cli_models import list_models

    list_models()


@models_app.command("fetch")
@guarded
def models_fetch(
    sizes: Annotated[list[str] | None, typer.Argument(help="heavy, full, lite; all of them when not given.")] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="Folder to put them into, for offline computers."),
    ] = None,
) -> None:
    """Fetch pose models into the cache, or into a folder to carry to a computer without internet."""
    from gait.cli_models import fetch_models

    fetch_models(sizes or [], to)


@models_app.command("verify")
@guarded
def models_verify(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Folder; the cache when not given.")] = None,
) -> None:
    """Compare the models in a folder with their known fingerprints."""
    from gait.cli_models import verify_models

    if not verify_models(folder):
        raise PoseError("There is no intact model, or a damaged one.", "Fetch them again: gait models fetch --to DIR.")


@app.command()
@guarded
def doctor() -> None:
    """Check the installation and say what to do about what is wrong."""
    from gait.doctor import checks

    bad = 0
    for check in checks():
        typer.echo(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.message}")
        if not check.ok:
            bad += 1
            if check.hint:
                typer.echo(f"     {check.hint}")
    if bad:
        say_error(f"{bad} of the checks failed.", "Follow the advice above, then run gait doctor again.")
        raise typer.Exit(1)


@app.command()
@guarded
def explain(
    name: Annotated[
        str | None,
        typer.Argument(help="A metric, a finding, advice, a red flag or a condition; all names when not given."),
    ] = None,
    toml: Annotated[
        bool, typer.Option("--toml", help="Print a finding's rule and its advice as a rules file to change.")
    ] = False,
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="FILE", help="Look into this rules file of your own, too.")
    ] = None,
) -> None:
    """Say how a metric is defined, or when a finding is raised, with limits, sources and advice."""
    from gait.cli_explain import explain_name

    explain_name(name, toml=toml, rules=rules)


@app.command()
@guarded
def compare(
    before: Annotated[
        Path, typer.Argument(metavar="BEFORE", help="Folder of the earlier results, or its analysis.json.")
    ],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="Folder of the later results, or its analysis.json.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON and nothing else.")] = False,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE.csv", help="Write the table to this file, too.")
    ] = None,
) -> None:
    """Say which differences between two recordings of one person are real, and which may be chance."""
    from gait.cli_compare import compare_analyses

    compare_analyses(before, after, as_json=as_json, csv_file=csv_file)


@app.command()
@guarded
def report(
    folder: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder that gait analyze wrote.")],
    pdf: Annotated[bool, typer.Option("--pdf", help="Write report.pdf; with neither this nor --html, both.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Write report.html.")] = False,
    clinic: Annotated[str, typer.Option("--clinic", metavar="NAME", help="Clinic in the report's head.")] = "",
    logo: Annotated[
        Path | None, typer.Option("--logo", metavar="FILE", help="Logo in the report's head: PNG, JPEG or SVG.")
    ] = None,
    therapist: Annotated[
        str, typer.Option("--therapist", metavar="NAME", help="Who hands the report out, with title.")
    ] = "",
    paper: Annotated[str, typer.Option("--paper", metavar="a4|letter", help="Sheet of the PDF.")] = "a4",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Another folder for the report.")
    ] = None,
    person: Annotated[
        Path | None,
        typer.Option("--person", metavar="FILE", help="What the person tells (see gait person), instead of before."),
    ] = None,
    edits: Annotated[
        Path | None,
        typer.Option("--edits", metavar="FILE", help="What the therapist changes and signs; see --edits-template."),
    ] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="FILE", help="Rules of your own; see docs/rules.md.")
    ] = None,
    take_home: Annotated[
        bool, typer.Option("--take-home", help="Leave the clinician's part out: what the runner takes home.")
    ] = False,
    template: Annotated[
        bool, typer.Option("--edits-template", help="Print a file of edits to fill in, and write nothing.")
    ] = False,
) -> None:
    """Make the report of a saved analysis again, to print and to hand out: PDF and web page, with a letterhead."""
    from gait.cli_report import print_edits_template, write_report

    if template:
        print_edits_template(folder)
        return
    write_report(
        folder,
        clinic=clinic,
        therapist=therapist,
        logo=logo,
        paper=paper,
        pdf=pdf,
        html=html,
        out=out,
        person=person,
        edits=edits,
        rules=rules,
        take_home=take_home,
    )


@app.command("validate")
@guarded
def validate_data(
    data: Annotated[Path, typer.Argument(help="Folder with fukuchi/, rendered/ and video/.", metavar="DATA")],
    readme: Annotated[
        Path | None,
        typer.Option("--readme", metavar="FILE", help="Write the table between the markers of this README."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the full table, plots and figures.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Only the conditions that have targets.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, metavar="N", help="Processes for marker trials.")] = 2,
) -> None:
    """Compare the measurements with force plates and true joints, and write the accuracy table.

    The project's own sample videos are added where gait runs from its source tree.
    """
    from gait.cli_validate import run_validation

    run_validation(data, readme, out, quick, jobs)


@app.command("app")
@guarded
def start_app(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port on this computer.", metavar="PORT")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="Do not open a browser window.")] = False,
) -> None:
    """Open the dashboard in the browser; it runs on this computer and nothing leaves it."""
    from gait.cli_app import serve

    serve(port, headless)


def _print_json(analysis: GaitAnalysis) -> None:
    import json

    from gait.interop.analysis_json import to_dict

    typer.echo(json.dumps(to_dict(analysis), indent=2, allow_nan=False))


def _start_log(settings: Settings) -> None:
    if settings.run.verbose:
        logging.basicConfig(
            level=logging.INFO,
            stream=sys.stderr,
            format="%(asctime)s %(name)s: %(message)s",
            datefmt="%H:%M:%S",
        )
        logging.getLogger("gait").setLevel(logging.DEBUG)


def main() -> None:
    """Run the command line; what the ``gait`` script calls."""
    make_output_safe()
    try:
        app()
    except BrokenPipeError:
        # The reader of a pipe went away (gait explain | head): nothing is wrong; keep the exit silent, too.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)


if __name__ == "__main__":
    main()

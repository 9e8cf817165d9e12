"""``gait report``: print a saved analysis again, with a letterhead."""

from __future__ import annotations

from pathlib import Path

import typer

from gait.errors import ConfigError, VideoError
from gait.findings.assess import saved_assessment
from gait.findings.edited import edits_template
from gait.findings.edits import read_edits
from gait.interop.analysis_json import read
from gait.report.blocks import Letterhead
from gait.report.letterhead import read_logo
from gait.report.pdf import PAPERS
from gait.reporting import make_report
from gait.told_file import read_person


def write_report(
    folder: Path,
    *,
    clinic: str,
    therapist: str,
    logo: Path | None,
    paper: str,
    pdf: bool,
    html: bool,
    out: Path | None,
    person: Path | None = None,
    edits: Path | None = None,
    rules: Path | None = None,
    take_home: bool = False,
) -> None:
    """Write the report of a saved analysis and say where it is; both kinds when neither is asked for.

    Raises
    ------
    GaitError
        When an option makes no sense, the analysis cannot be read or the report not be written.
    """
    sheet = next((known for known in PAPERS if known == paper.strip().lower()), None)
    if sheet is None:
        raise ConfigError(f'There is no paper "{paper}".', f"Choose one of: {', '.join(PAPERS)}.")
    head = Letterhead(clinic.strip(), therapist.strip(), read_logo(logo) if logo else None)
    both = pdf == html
    made = make_report(
        folder,
        letterhead=head,
        paper=sheet,
        pdf=pdf or both,
        html=html or both,
        out=out,
        told=read_person(person) if person else None,
        edits=read_edits(edits) if edits else None,
        rules=rules,
        take_home=take_home,
    )
    for path in made:
        typer.echo(f"Report: {path}")


def print_edits_template(folder: Path) -> None:
    """Print a file of edits to fill in for a saved analysis: all ids with their titles.

    Raises
    ------
    VideoError
        When the analysis cannot be read, or holds no findings.
    """
    assessment = saved_assessment(read(folder))
    if assessment is None:
        raise VideoError(f"The analysis in {folder} holds no findings.", "Make its report again first: gait report.")
    typer.echo(edits_template(assessment), nl=False)

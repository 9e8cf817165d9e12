"""``gait report``: print a saved analysis again, with a letterhead."""

from __future__ import annotations

from pathlib import Path

import typer

from gait.errors import ConfigError
from gait.report.blocks import Letterhead
from gait.report.letterhead import read_logo
from gait.report.pdf import PAPERS
from gait.reporting import make_report


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
    for path in make_report(folder, letterhead=head, paper=sheet, pdf=pdf or both, html=html or both, out=out):
        typer.echo(f"Report: {path}")

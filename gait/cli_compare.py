"""``gait compare``: read two analyses, say what really changed, and write it as JSON or CSV where asked for."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from gait.cli_compare_render import print_comparison
from gait.errors import ConfigError
from gait.files import write_whole
from gait.interop.analysis_json import read
from gait.interop.tables import csv_table
from gait.metrics.change import compare
from gait.report.comparison import COLUMNS, as_dict, csv_row


def compare_analyses(before: Path, after: Path, *, as_json: bool, csv_file: Path | None) -> None:
    """Compare two saved analyses and print the result.

    Parameters
    ----------
    before, after : Path
        Folders of results, or `analysis.json` files.
    as_json : bool
        Print JSON only.
    csv_file : Path or None
        Write the table there, too.

    Raises
    ------
    GaitError
        When one of them cannot be read, or the table cannot be written.
    """
    comparison = compare(read(before), read(after))
    if csv_file is not None:
        _refuse_results(csv_file)
        _write(csv_file, csv_table(COLUMNS, (csv_row(change) for change in comparison.changes)))
    if as_json:
        plain = as_dict(comparison, str(before), str(after))
        typer.echo(json.dumps(plain, indent=2, allow_nan=False))
        return
    print_comparison(comparison, str(before), str(after))
    if csv_file is not None:
        typer.echo(f"Table: {csv_file}")


def _refuse_results(csv_file: Path) -> None:
    """Keep a slip of the hand from replacing the results themselves."""
    if csv_file.is_dir():
        raise ConfigError(f"{csv_file} is a folder.", "Name a file: --csv changes.csv.")
    if csv_file.exists() and csv_file.suffix.lower() != ".csv":
        raise ConfigError(f"{csv_file} is there already and is no .csv file.", "Choose another name for --csv.")


def _write(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all."""
    try:
        # The byte order mark tells spreadsheets that the text is UTF-8.
        write_whole(path, b"\xef\xbb\xbf" + content)
    except OSError as problem:
        raise ConfigError(
            f"{path} cannot be written: {problem.strerror}.", "Choose another --csv, or close it in other programs."
        ) from None

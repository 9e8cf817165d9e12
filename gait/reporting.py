"""The report of a saved analysis, printed again: with a letterhead, on another paper, without the video."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gait.errors import ConfigError, VideoError
from gait.files import file_name, move_all
from gait.findings.assess import assess, saved_assessment, with_answers, with_assessment
from gait.findings.edited import EditedAssessment, apply_edits
from gait.findings.edits import Edits, saved_edits, with_edits
from gait.findings.library import library
from gait.interop.analysis_json import read, to_json
from gait.report.document import build_document
from gait.report.level_picture import level_picture_name

if TYPE_CHECKING:
    from gait.model import GaitAnalysis
    from gait.report.blocks import Document, Letterhead
    from gait.report.pdf import Paper
    from gait.told import Told

PDF_NAME, HTML_NAME = "report.pdf", "report.html"
OURS = {PDF_NAME: b"<pdf:Keywords>gait</pdf:Keywords>", HTML_NAME: b'<meta name="generator" content="gait">'}
"""What a report of ours holds, so that no file of somebody else is replaced."""


def make_report(
    folder: Path,
    *,
    letterhead: Letterhead,
    paper: Paper = "a4",
    pdf: bool = True,
    html: bool = True,
    out: Path | None = None,
    told: Told | None = None,
    edits: Edits | None = None,
    rules: Path | None = None,
    take_home: bool = False,
) -> tuple[Path, ...]:
    """Make the report of a saved analysis and write it, whole or not at all.

    Parameters
    ----------
    folder : Path
        What `gait analyze` wrote: `analysis.json` and the pictures in `keyframes`, or a saved analysis itself. Other
        results beside it stay untouched.
    letterhead : Letterhead
        Who hands the report out.
    paper : {"a4", "letter"}
        The sheet of the PDF.
    pdf, html : bool
        What to write; an earlier report of the kind that is not asked for stays.
    out : Path, optional
        Another folder for the report; made if missing. The saved analysis then stays as it is.
    told : Told, optional
        What the person tells, in place of what was told before; findings and plan are made again.
    edits : Edits, optional
        What the therapist changes, in place of earlier edits. The analysis notes them and keeps the original findings.
    rules : Path, optional
        Rules of one's own; findings and plan are made again.
    take_home : bool
        Leave the clinician's part out.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    GaitError
        When there is no saved analysis, a picture of it is damaged, or the report cannot be written.
    """
    home = folder if folder.is_dir() else folder.parent
    analysis = read(folder)
    if edits is None and (told, rules) != (None, None) and (noted := saved_edits(analysis)) is not None:
        # A red flag set aside, or a signature, holds for the answers and rules that the therapist saw.
        raise ConfigError(
            f"{noted.who} edited this report for other answers or rules.", "Look at it again and give --edits, too."
        )
    analysis = _assessed(analysis, told, rules)
    if edits is not None:
        analysis = with_edits(analysis, edits)
    edited = edited_assessment(analysis)
    document = replace(build_document(analysis, _pictures(analysis, home), edited), letterhead=letterhead)
    if take_home:
        shown = tuple(section for section in document.sections if section.audience == "everyone")
        document = replace(document, sections=shown)
    written = render(document, paper=paper, pdf=pdf, html=html)
    if out is None and (told, edits, rules) != (None, None, None):
        # Under the name that was read: beside it may lie the analysis of somebody else.
        written["analysis.json" if folder.is_dir() else folder.name] = to_json(analysis).encode()
    made = _publish(written, home if out is None else out)
    return tuple(path for path in made if path.name in OURS)


def edited_assessment(analysis: GaitAnalysis) -> EditedAssessment | None:
    """Return findings and plan with the edits that the analysis notes; None where it notes none."""
    noted, assessment = saved_edits(analysis), saved_assessment(analysis)
    if noted is None or assessment is None:
        return None
    return apply_edits(analysis, assessment, noted, library(_rules_of(analysis)))


def _assessed(analysis: GaitAnalysis, told: Told | None, rules: Path | None) -> GaitAnalysis:
    """Make findings and plan again where something new was told, or where an older version made none."""
    if told is None and rules is None and saved_assessment(analysis) is not None:
        return analysis
    if told is not None:
        analysis = with_answers(analysis, told)
    if rules is not None:
        analysis = replace(analysis, config=analysis.config | {"rules": str(rules)})
    return with_assessment(analysis, assess(analysis, library(_rules_of(analysis))))


def _rules_of(analysis: GaitAnalysis) -> Path | None:
    rules = analysis.config.get("rules")
    return Path(rules) if isinstance(rules, str) else None


def render(document: Document, *, paper: Paper = "a4", pdf: bool = True, html: bool = True) -> dict[str, bytes]:
    """Return a document's files by name."""
    found = {}
    if pdf:
        from gait.report.pdf import render_pdf

        found[PDF_NAME] = render_pdf(document, paper)
    if html:
        from gait.report.html import render_html

        found[HTML_NAME] = render_html(document).encode()
    return found


def _pictures(analysis: GaitAnalysis, home: Path) -> dict[str, bytes]:
    """Read the pictures that are there; a report can do without."""
    found = {}
    names = (*(k.file for k in analysis.keyframes), *(level_picture_name(v.id) for v in analysis.videos))
    for name in dict.fromkeys(names):
        path = home / "keyframes" / name
        # The name comes out of a file that somebody may have written by hand.
        if name and name == file_name(name) and path.is_file():
            found[name] = _picture(path)
    return found


def _picture(path: Path) -> bytes:
    from gait.report.pictures import size_px

    try:
        data = path.read_bytes()
        size_px(data)
    except (OSError, ValueError) as problem:
        raise VideoError(f"The picture {path} cannot be read.", "Remove it, or analyse the video again.") from problem
    return data


def _publish(written: dict[str, bytes], out: Path) -> tuple[Path, ...]:
    """Write files into a folder: all of them, or none; what they replace comes back if one cannot be written."""
    targets = [out / name for name in written]
    _refuse_foreign(targets, out)
    made = [p for p in (out, *out.parents) if not p.exists()]
    staging: Path | None = None
    try:
        out.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".gait-", dir=out))
        (staging / "old").mkdir()
        for name, content in written.items():
            (staging / name).write_bytes(content)
        away = [(target, staging / "old" / target.name) for target in targets if target.is_file()]
        move_all([*away, *((staging / target.name, target) for target in targets)])
        made = []
    except OSError as problem:
        raise ConfigError(
            f"The report could not be written to {out} ({problem.strerror}).",
            "Close programs that have it open, or choose another folder with `--out`.",
        ) from problem
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        for folder in made:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    return tuple(targets)


def _refuse_foreign(targets: list[Path], out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ConfigError(f"The output folder {out} is a file.", "Choose another with `--out`.")
    if (out / "analysis.json").is_file():
        return
    # A saved analysis that is written again was just read.
    for target in (target for target in targets if target.name in OURS):
        if target.exists() and not (target.is_file() and OURS[target.name] in target.read_bytes()):
            raise ConfigError(
                f"The folder {out} already holds {target.name}, which gait did not write.",
                "Choose another with `--out`.",
            )

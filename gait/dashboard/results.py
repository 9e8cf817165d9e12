"""A finished analysis on the page: quality first, main numbers, the report, everything to download."""

from __future__ import annotations

import zipfile
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from gait.dashboard import style
from gait.errors import GaitError
from gait.findings.assess import saved_assessment
from gait.findings.origin import origin_words
from gait.output import FILMS
from gait.report.findings import action_lines
from gait.report.measurements import cards
from gait.report.wording import confidence_words
from gait.words import text

if TYPE_CHECKING:
    from gait.dashboard.jobs import Job
    from gait.findings.types import Assessment
    from gait.model import GaitAnalysis
    from gait.report.blocks import KeyFigure

REPORT_HEIGHT_PX = 1000
DOWNLOADS = (
    ("report.pdf", "Report (PDF)", "application/pdf", ":material/picture_as_pdf:"),
    ("report.html", "Report (web page)", "text/html", ":material/description:"),
    *(
        (name, f"Annotated video{f' {n}' * (n > 1)}", "video/mp4", ":material/movie:")
        for n, name in enumerate(FILMS, 1)
    ),
    ("metrics.csv", "Numbers (CSV)", "text/csv", ":material/table:"),
    ("analysis.json", "Analysis (JSON)", "application/json", ":material/data_object:"),
)
QUALITY = {
    "high": (st.success, ":material/check_circle:", "Good recording: the numbers can be used as they stand."),
    "medium": (st.info, ":material/info:", "Usable recording: read the points beneath first."),
    "low": (st.warning, ":material/warning:", "Limited recording: take the numbers as rough."),
    "unusable": (st.error, ":material/error:", "This recording cannot be measured."),
}


def show_results(job: Job) -> None:
    """Show the results of a finished job."""
    from gait.interop import analysis_json

    try:
        analysis = analysis_json.read(job.results / "analysis.json")
    except (GaitError, OSError, ValueError) as error:
        st.error(f"The saved analysis cannot be read: {style.escaped(str(error))}", icon=":material/error:")
        return
    try:
        assessment = saved_assessment(analysis)
    except GaitError as error:
        st.error(style.escaped(str(error)), icon=":material/error:")
        return
    if assessment is not None:
        _referral(assessment)
    _quality(analysis)
    _numbers(analysis)
    if assessment is not None:
        _plan(assessment)
        _to_discuss(assessment)
    _downloads(job)
    report = job.results / "report.html"
    if report.is_file():
        st.subheader("Report")
        st.iframe(report, height=REPORT_HEIGHT_PX)


def _quality(analysis: GaitAnalysis) -> None:
    show, icon, words = QUALITY.get(analysis.quality.level, QUALITY["medium"])
    show(f"**Quality: {analysis.quality.level}.** {words}", icon=icon)
    for warning in analysis.quality.warnings:
        st.warning(style.escaped(f"{warning.message} {warning.hint}".strip()), icon=":material/priority_high:")


def _referral(assessment: Assessment) -> None:
    """Say what must be looked at first, and that advice waits."""
    for flag in assessment.red_flags:
        urgency = text(f"report.urgency_{flag.urgency}")
        words = f"{flag.why} {flag.do} {text('report.say')} {flag.say} ({origin_words(flag.source)})"
        title = style.escaped(f"{urgency}: {flag.title}.")
        st.error(f"**{title}** {style.escaped(words)}", icon=":material/emergency:")
    if assessment.plan.withheld:
        st.info(style.escaped(assessment.plan.withheld), icon=":material/pause_circle:")


def _plan(assessment: Assessment) -> None:
    """Show the priorities, each with what it rests on; nothing where advice is withheld."""
    if assessment.plan.withheld:
        return
    st.subheader(text("report.plan_title"))
    st.write(style.escaped(assessment.plan.summary))
    if assessment.plan.source is not None:
        st.caption(style.escaped(origin_words(assessment.plan.source)))
    because = {finding.rule: finding.plain for finding in assessment.findings}
    for item in assessment.plan.priorities:
        with st.expander(f"{item.priority}. {style.escaped(item.title)}", expanded=item.priority == 1):
            st.write(style.escaped(f"{because.get(item.rule, '')} {item.text}".strip()))
            st.markdown("\n".join(f"- **{label}:** {style.escaped(words)}" for label, words in action_lines(item)))
            st.caption(style.escaped(origin_words(item.source)))
    cadence, distance = assessment.plan.cadence, assessment.plan.distance
    if cadence is not None and not cadence.optional:
        origin = "" if cadence.source is None else f" {origin_words(cadence.source)}."
        st.caption(style.escaped(f"{cadence.words}{origin}"))
    if distance is not None:
        words = f"{distance.flag} {distance.words}".strip()
        st.markdown(f"**{text('report.distance_title')}.** {style.escaped(words)}")
        st.caption(style.escaped(f"{origin_words(distance.source)}."))


def _to_discuss(assessment: Assessment) -> None:
    """Name the conditions to discuss, and what an injury leaves to be asked; the report says more."""
    for note in assessment.background:
        if note.key == "after_injury":
            st.warning(f"**{style.escaped(note.title)}.** {style.escaped(note.text)}", icon=":material/help:")
    if assessment.conditions:
        titles = ", ".join(condition.title for condition in assessment.conditions)
        lead = f"{text('report.discuss_title')}: {titles}. {text('report.discuss_lead')}"
        st.info(style.escaped(lead), icon=":material/forum:")


def _numbers(analysis: GaitAnalysis) -> None:
    found = cards(analysis)
    if not found:
        st.info("No number can be given from this clip; the report says why.")
        return
    st.subheader("Main numbers")
    st.html(f'<div class="gait-cards">{"".join(_card(card) for card in found)}</div>')


def _card(card: KeyFigure) -> str:
    # A degree sign belongs to its number; a word stands apart.
    degree = card.unit == "\N{DEGREE SIGN}"
    value, unit = (card.value + card.unit, "") if degree else (card.value, card.unit)
    dots, word = confidence_words(card.confidence)
    return (
        f'<div class="gait-card"><div class="title">{escape(card.title)}</div>'
        f'<div class="value">{escape(value)} <span class="unit">{escape(unit)}</span></div>'
        f'<div class="interval">{escape(card.interval)}</div>'
        f'<div class="interval"><span aria-hidden="true">{dots}</span> {word} confidence</div>'
        f'<div class="plain">{escape(card.plain)}</div></div>'
    )


def _downloads(job: Job) -> None:
    st.subheader("Take it with you")
    with st.container(horizontal=True):
        for name, label, mime, icon in DOWNLOADS:
            file = job.results / name
            if file.is_file():
                st.download_button(
                    label,
                    partial(file.read_bytes),
                    f"{_stem(job)}_{name}",
                    mime,
                    on_click="ignore",
                    icon=icon,
                )
        st.download_button(
            "Everything (zip)",
            partial(_zipped, job.results, job.folder / "results.zip"),
            f"{_stem(job)}_gait.zip",
            "application/zip",
            on_click="ignore",
            icon=":material/folder_zip:",
        )
    st.caption(f"All files are in {style.escaped(str(job.results))}")


def _stem(job: Job) -> str:
    return Path(job.title).stem


def _zipped(folder: Path, target: Path) -> bytes:
    """Return all files of a folder as one zip; pictures and video are compressed already."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            archive.write(path, path.relative_to(folder))
    return target.read_bytes()

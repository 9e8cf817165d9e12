"""From an analysis to the report's document: which sections, in which order, and what they hold.

A later part (findings, plan, comparison) adds a builder to `SECTIONS`; a builder returns None when it has
nothing to say, so the report never shows an empty heading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gait.files import file_name
from gait.findings.assess import saved_assessment
from gait.findings.edited import EditedAssessment
from gait.findings.types import Assessment
from gait.metrics.merge import clip_words
from gait.model import GaitAnalysis, KeyFrame, VideoRecord
from gait.report.blocks import (
    Block,
    Bullets,
    Callout,
    ChartGrid,
    Details,
    Document,
    Facts,
    Gallery,
    KeyFigures,
    Level,
    Paragraph,
    Picture,
    Section,
    Subheading,
)
from gait.report.charts import curve_charts, stride_charts
from gait.report.findings import (
    background_section,
    discuss_section,
    findings_section,
    help_section,
    notes_section,
    plan_section,
    prevention_section,
    referral_section,
    seen_blocks,
)
from gait.report.measurements import cards, dropped_table, measurement_blocks
from gait.report.method import method_section
from gait.report.proof import accuracy_section
from gait.report.rearfoot import rearfoot_section
from gait.report.stride_table import stride_table
from gait.report.symmetry import symmetry_section
from gait.report.told import told
from gait.report.wording import (
    DEGREE,
    INTENDED_USE,
    MARKS_LEGEND,
    VIEWS,
    count,
    leg_words,
    number,
    phase_words,
    stored_word,
)
from gait.told_words import answer_rows
from gait.words import lookup, table, text

Pictures = Mapping[str, bytes]

_LEVELS: dict[str, Level] = {"high": "good", "medium": "note", "low": "caution", "unusable": "serious"}
"""How grave the word about each quality of a recording is."""


@dataclass(frozen=True, eq=False)
class Content:
    """What the sections are built from; ``assessment`` is None where nothing was assessed."""

    analysis: GaitAnalysis
    pictures: Pictures
    assessment: Assessment | None


def build_document(analysis: GaitAnalysis, pictures: Pictures, edited: EditedAssessment | None = None) -> Document:
    """Build the report of one analysis.

    Parameters
    ----------
    analysis : GaitAnalysis
        What was measured.
    pictures : mapping of str to bytes
        Encoded PNG or JPEG by key-frame file name (`KeyFrame.file`); those without a picture are left out.
    edited : EditedAssessment, optional
        Findings and plan as a therapist left them, in place of the saved ones.

    Returns
    -------
    Document
        The same document for the same arguments; its date is the analysis's own
        (``software["analysed_at"]``), never the clock's.
    """
    assessment = saved_assessment(analysis) if edited is None else edited.assessment
    content = Content(analysis, pictures, assessment)
    sections = [build(content) for build in SECTIONS]
    if edited is not None:
        sections.insert(_NOTES_AT, notes_section(edited))
    person = analysis.recording.person
    files = ", ".join(file_name(v.path) for v in analysis.videos)
    return Document(
        title=text("report.document.title"),
        subtitle=person or files,
        meta=_meta(analysis, files),
        sections=tuple(s for s in sections if s is not None and s.blocks),
        intended_use=INTENDED_USE,
        date=analysis.software.get("analysed_at", ""),
    )


def _meta(analysis: GaitAnalysis, files: str) -> tuple[tuple[str, str], ...]:
    label = table("report.document.head")
    items = [(label["recording" if len(analysis.videos) == 1 else "recordings"], files)]
    if analysis.recording.person:
        items.insert(0, (label["runner"], analysis.recording.person))
    when = analysis.software.get("analysed_at", "")
    if when:
        items.append((label["analysed"], when.replace("T", " ")[:16]))
    if len(analysis.videos) == 1:
        items += [(label["view"], _view(analysis.videos[0])), (label["filmed"], _filmed(analysis.videos[0]))]
    else:
        for v in analysis.videos:
            parts = (file_name(v.path), label["mirrored"] if v.mirrored else "", _filmed(v))
            items.append((f"{clip_words(v.view)} ({v.id})", ", ".join(part for part in parts if part)))
    items.append((label["told"], told(analysis.recording)))
    model = ", ".join(dict.fromkeys(v.pose_model for v in analysis.videos if v.pose_model))
    software = f"gait {analysis.software['gait']}" if "gait" in analysis.software else "gait"
    measured = text("report.document.head.with_model", software=software, model=model) if model else software
    items.append((label["measured_with"], measured))
    return tuple(items)


def _view(video: VideoRecord) -> str:
    words = VIEWS.get(video.view, video.view)
    words = words[:1].upper() + words[1:]
    return text("report.document.head.view_mirrored", view=words) if video.mirrored else words


def _filmed(video: VideoRecord) -> str:
    start, end = video.analysed_s
    parts = [text("report.document.head.duration", seconds=f"{video.duration_s:.1f}")]
    if end - start <= video.duration_s - 0.2:
        parts.append(text("report.document.head.part", start=f"{start:.1f}", end=f"{end:.1f}"))
    parts.append(text("report.document.head.rate", rate=f"{video.rate_hz:.0f}"))
    if video.time_scale < 0.99:
        parts.append(text("report.document.head.slow"))
    size = "\u00a0\u00d7\u00a0".join(str(side) for side in video.size_px)
    return ", ".join([*parts, text("report.document.head.size", size=size)])


def quality_section(content: Content) -> Section:
    """Say how far the recording can be trusted, and what to do about each warning."""
    analysis = content.analysis
    blocks = _quality_blocks(analysis, with_warnings=True)
    if not analysis.quality.warnings:
        blocks.append(Paragraph(text("report.document.quality.nothing"), "small"))
    return Section("quality", text("report.document.quality.title"), tuple(blocks), "professional")


def _quality_blocks(analysis: GaitAnalysis, *, with_warnings: bool) -> list[Block]:
    found = analysis.quality.level
    words = lookup(f"report.document.quality.{found}") if found in _LEVELS else None
    label = text("report.document.quality.label", level=stored_word("quality", found))
    warnings = analysis.quality.warnings if with_warnings else ()
    return [
        Callout(_LEVELS.get(found, "note"), label, words or ""),
        *(Callout("caution", text("report.document.quality.warning"), w.message, w.hint) for w in warnings),
    ]


def saw_section(content: Content) -> Section | None:
    """Say in plain words what was seen, with the few numbers to begin with."""
    analysis = content.analysis
    assessment = content.assessment
    shown = cards(analysis)
    blocks: list[Block] = []
    if analysis.quality.level != "high":
        blocks += _quality_blocks(analysis, with_warnings=analysis.quality.level != "medium")
    if assessment is not None:
        blocks += seen_blocks(assessment)
    if shown:
        blocks += [KeyFigures(shown, compact=True), Paragraph(text("report.more_numbers"), "small")]
    return Section("saw", text("report.saw_title"), tuple(blocks)) if blocks else None


def key_figures_section(content: Content) -> Section | None:
    """Show the main numbers, each with its reference."""
    analysis = content.analysis
    shown = cards(analysis)
    if not shown:
        return None
    lead = Paragraph(text("report.document.numbers.main_lead"))
    blocks = (lead, KeyFigures(shown), Paragraph(MARKS_LEGEND, "small"))
    return Section("key-figures", text("report.document.numbers.main_title"), blocks, "professional")


_IN_ONE_ROW = 5
"""Pictures of a side and of a rear clip, which stand in one row so that what the runner reads takes two pages."""


def pictures_section(content: Content) -> Section | None:
    """Show the key frames."""
    analysis, pictures = content.analysis, content.pictures
    by_clip = {
        video: tuple(
            _picture(analysis, k, pictures[k.file])
            for k in analysis.keyframes
            if k.video == video.id and k.file in pictures
        )
        for video in analysis.videos
    }
    galleries: list[Block] = []
    if sum(map(len, by_clip.values())) <= _IN_ONE_ROW:
        everything = tuple(picture for of_clip in by_clip.values() for picture in of_clip)
        galleries += [Gallery(everything)] if everything else []
    else:
        for video, of_clip in by_clip.items():
            if of_clip and len(analysis.videos) > 1:
                galleries.append(Subheading(clip_words(video.view)))
            galleries += [Gallery(of_clip)] if of_clip else []
    if not galleries:
        return None
    lead = "stride"
    if all(k.crop_px is not None for k in analysis.keyframes):
        lead = "enlarged"
    elif len(galleries) > 1 or len(analysis.keyframes) != 3:
        lead = "moments"
    leads = [text(f"report.document.pictures_lead_{lead}"), text("report.document.pictures_one")]
    if any(k.crop_px is not None for k in analysis.keyframes):
        leads.append(text("report.document.pictures_heel"))
    return Section(
        "pictures", text("report.document.pictures_title"), (Paragraph(" ".join(leads), "small"), *galleries)
    )


def _picture(analysis: GaitAnalysis, keyframe: KeyFrame, data: bytes) -> Picture:
    leg = leg_words(analysis, keyframe.video, keyframe.side)
    # An enlarged part says in its caption what is drawn.
    marks = keyframe.marks if keyframe.crop_px is None else ()
    angles = ", ".join(f"{m.label} {number(m.value_deg, digits=0)}{DEGREE}" for m in marks)
    title = text("report.document.picture_title", phase=phase_words(keyframe.phase), leg=leg)
    where = text("report.document.at", time=f"{keyframe.time_s:.2f}")
    parts = (keyframe.caption.rstrip("."), angles, "" if where in keyframe.caption else where)
    caption = ". ".join(part[:1].upper() + part[1:] for part in parts if part) + "."
    alt = text(f"report.document.picture_alt{'_angles' * bool(angles)}", title=title, where=where, angles=angles)
    return Picture(data, title, caption, alt)


def measurements_section(content: Content) -> Section | None:
    """List every measurement, and every one without a value with its reason."""
    analysis = content.analysis
    blocks = measurement_blocks(analysis)
    return (
        Section("measurements", text("report.document.numbers.all_title"), blocks, "professional") if blocks else None
    )


def curves_section(content: Content) -> Section | None:
    """Draw the angles over the gait cycle."""
    analysis = content.analysis
    charts = curve_charts(analysis)
    if not charts:
        return None
    blocks = (Paragraph(text("report.document.numbers.curves_lead")), ChartGrid(charts))
    return Section("curves", text("report.document.numbers.curves_title"), blocks, "professional")


def strides_section(content: Content) -> Section | None:
    """Draw every stride of each clip, used or dropped."""
    analysis = content.analysis
    charts = stride_charts(analysis)
    if not charts:
        return None
    blocks: list[Block] = [
        Paragraph(text("report.document.numbers.strides_lead")),
        *(ChartGrid((chart,)) for chart in charts),
    ]
    dropped = dropped_table(analysis)
    if dropped is not None:
        key = "dropped_one" if len(dropped.rows) == 1 else "dropped_many"
        summary = text(f"report.document.numbers.{key}", strides=count(len(dropped.rows), "stride"))
        blocks.append(Details(summary, (dropped,), on_paper=True))
    every = stride_table(analysis)
    if every is not None:
        blocks.append(Details(text("stride_table.title"), (every,), on_paper=True))
    title = "strides_title_clips" if len(charts) > 1 else "strides_title_clip"
    return Section("strides", text(f"report.document.numbers.{title}"), tuple(blocks), "professional")


def limits_section(content: Content) -> Section | None:
    """Say what the views that were filmed cannot show."""
    analysis = content.analysis
    views = {v.view for v in analysis.videos}
    if not views or not views <= {"left", "right", "rear"}:
        return None
    one_side = (text("report.document.limits.one_side"),)
    side, rear, camera = (tuple(table(f"report.document.limits.{of}").values()) for of in ("side", "rear", "camera"))
    if views == {"rear"}:
        title, limits = "title_rear", (*rear, *camera)
    elif "rear" in views:
        title, limits = "title_clips", (*(one_side if len(views) == 2 else ()), *rear, *camera)
    elif len(views) == 2:
        title, limits = "title_sides", (*side, *camera)
    else:
        title, limits = "title_side", (*one_side, *side, *camera)
    return Section("limits", text(f"report.document.limits.{title}"), (Bullets(limits),))


def told_section(content: Content) -> Section | None:
    """List every question that was answered, with the answer."""
    analysis = content.analysis
    rows = answer_rows(analysis.recording.told)
    return Section("told", text("report.told_title"), (Facts(rows),), "professional") if rows else None


def _accuracy(content: Content) -> Section | None:
    return accuracy_section(content.analysis)


def _rearfoot(content: Content) -> Section | None:
    return rearfoot_section(content.analysis)


def _symmetry(content: Content) -> Section | None:
    return symmetry_section(content.analysis)


def _method(content: Content) -> Section:
    return method_section(content.analysis, content.pictures)


def _assessed(build: Callable[[Assessment], Section | None]) -> SectionBuilder:
    """Make a section of the assessment; none where nothing was assessed."""

    def section(content: Content) -> Section | None:
        return build(content.assessment) if content.assessment is not None else None

    return section


SectionBuilder = Callable[[Content], Section | None]

SECTIONS: tuple[SectionBuilder, ...] = (
    _assessed(referral_section),
    saw_section,
    pictures_section,
    _assessed(plan_section),
    _assessed(prevention_section),
    _assessed(help_section),
    _assessed(discuss_section),
    _assessed(background_section),
    quality_section,
    told_section,
    _assessed(findings_section),
    key_figures_section,
    _rearfoot,
    _symmetry,
    measurements_section,
    curves_section,
    strides_section,
    limits_section,
    _accuracy,
    _method,
)
"""The report's sections in reading order: first the runner's, then the clinician's."""

_NOTES_AT = SECTIONS.index(pictures_section)
"""A therapist's notes come after what was seen, before the pictures."""

"""From an analysis to the report's document: which sections, in which order, and what they hold.

A later part (findings, plan, comparison) adds a builder to `SECTIONS`; a builder returns None when it has
nothing to say, so the report never shows an empty heading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gait.files import file_name
from gait.findings.assess import saved_assessment, with_assessment
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
)
from gait.told_words import answer_rows
from gait.words import text

Pictures = Mapping[str, bytes]

_LEVELS: dict[str, tuple[Level, str]] = {
    "high": ("good", "Good recording: the numbers below can be used as they stand, each with its interval."),
    "medium": ("note", "Usable recording: most numbers can be used. What to mind is said further down."),
    "low": (
        "caution",
        "Limited recording: take the numbers below as rough, and follow the advice beneath to film again.",
    ),
    "unusable": ("serious", "This recording cannot be measured. What to do is said beneath."),
}

_ONE_SIDE_LIMIT = (
    "Left against right for the foot and the knee: only the leg nearer the camera is measured in full. "
    "Film both sides for that, and analyse both clips together."
)
_SIDE_LIMITS = (
    "Rolling in of the foot (pronation), step width and whether the feet cross over: film from behind, too, best with "
    "tape on heels and calves, and give both clips.",
    "How far the pelvis drops on the side of the swinging leg: film from behind, too, and give both clips.",
)
_NO_CAMERA = (
    "Forces as a force plate measures them, loading rate, load on tendons and bones: no camera shows these. "
    "Where a force is given it is estimated from the times of contact and flight.",
    "The true centre of mass: the middle of the hips stands in for it.",
    "Whether a way of running is right or wrong: nobody has published validated limits for running form. "
    "A reference says how others ran, not how you should.",
)

_REAR_LIMITS = (
    "How far the pelvis drops to a degree: it is read through the clothes, by a network that was taught on drawn "
    "runners. For a sure number it needs markers on the pelvis.",
    "All of pronation: a camera sees the heel under the calf, not what the middle of the foot does, nor the heel "
    "inside the shoe.",
    "Which shoe suits a runner: how far a heel rolls in does not say that.",
)


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
    if edited is not None:
        analysis = with_assessment(analysis, edited.assessment)
    sections = [build(analysis, pictures) for build in SECTIONS]
    if edited is not None:
        sections.insert(_NOTES_AT, notes_section(edited))
    person = analysis.recording.person
    files = ", ".join(file_name(v.path) for v in analysis.videos)
    return Document(
        title="Running gait report",
        subtitle=person or files,
        meta=_meta(analysis, files),
        sections=tuple(s for s in sections if s is not None and s.blocks),
        intended_use=INTENDED_USE,
        date=analysis.software.get("analysed_at", ""),
    )


def _meta(analysis: GaitAnalysis, files: str) -> tuple[tuple[str, str], ...]:
    items = [("Recording" if len(analysis.videos) == 1 else "Recordings", files)]
    if analysis.recording.person:
        items.insert(0, ("Runner", analysis.recording.person))
    when = analysis.software.get("analysed_at", "")
    if when:
        items.append(("Analysed", when.replace("T", " ")[:16]))
    if len(analysis.videos) == 1:
        items += [("View", _view(analysis.videos[0])), ("Filmed", _filmed(analysis.videos[0]))]
    else:
        items += [
            (f"{clip_words(v.view)} ({v.id})", f"{file_name(v.path)}{', mirrored picture' * v.mirrored}, {_filmed(v)}")
            for v in analysis.videos
        ]
    items.append(("You told us", told(analysis.recording)))
    model = ", ".join(dict.fromkeys(v.pose_model for v in analysis.videos if v.pose_model))
    software = f"gait {analysis.software['gait']}" if "gait" in analysis.software else "gait"
    items.append(("Measured with", f"{software}, pose model {model}" if model else software))
    return tuple(items)


def _view(video: VideoRecord) -> str:
    text = VIEWS.get(video.view, video.view)
    text = text[:1].upper() + text[1:]
    return f"{text} (mirrored picture)" if video.mirrored else text


def _filmed(video: VideoRecord) -> str:
    start, end = video.analysed_s
    part = "" if end - start > video.duration_s - 0.2 else f", {start:.1f} to {end:.1f} s used"
    slow = ", slow motion put back to true speed" if video.time_scale < 0.99 else ""
    rate = f"{video.rate_hz:.0f} pictures per second"
    size = "\u00a0\u00d7\u00a0".join(str(side) for side in video.size_px)
    return f"{video.duration_s:.1f} s{part}, {rate}{slow}, {size} pixels"


def quality_section(analysis: GaitAnalysis, _: Pictures) -> Section:
    """Say how far the recording can be trusted, and what to do about each warning."""
    blocks = _quality_blocks(analysis, with_warnings=True)
    if not analysis.quality.warnings:
        blocks.append(Paragraph("Nothing about the recording calls for caution.", "small"))
    return Section("quality", "How good is this recording?", tuple(blocks), "professional")


def _quality_blocks(analysis: GaitAnalysis, *, with_warnings: bool) -> list[Block]:
    level, words = _LEVELS.get(analysis.quality.level, ("note", ""))
    warnings = analysis.quality.warnings if with_warnings else ()
    return [
        Callout(level, f"Quality: {analysis.quality.level}", words),
        *(Callout("caution", "Please note", w.message, w.hint) for w in warnings),
    ]


def saw_section(analysis: GaitAnalysis, _: Pictures) -> Section | None:
    """Say in plain words what was seen, with the few numbers to begin with."""
    assessment = saved_assessment(analysis)
    shown = cards(analysis)
    blocks: list[Block] = []
    if analysis.quality.level != "high":
        blocks += _quality_blocks(analysis, with_warnings=analysis.quality.level != "medium")
    if assessment is not None:
        blocks += seen_blocks(assessment)
    if shown:
        blocks += [KeyFigures(shown, compact=True), Paragraph(text("report.more_numbers"), "small")]
    return Section("saw", text("report.saw_title"), tuple(blocks)) if blocks else None


def key_figures_section(analysis: GaitAnalysis, _: Pictures) -> Section | None:
    """Show the main numbers, each with its reference."""
    shown = cards(analysis)
    if not shown:
        return None
    lead = (
        "The numbers to begin with. The interval says how precisely this recording shows your usual value; "
        "a reference says how others ran, not how you should."
    )
    blocks = (Paragraph(lead), KeyFigures(shown), Paragraph(MARKS_LEGEND, "small"))
    return Section("key-figures", "The main numbers", blocks, "professional")


_IN_ONE_ROW = 5
"""Pictures of a side and of a rear clip, which stand in one row so that what the runner reads takes two pages."""


def pictures_section(analysis: GaitAnalysis, pictures: Pictures) -> Section | None:
    """Show the key frames."""
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
    lead = "One stride, three moments. Lines and angles are drawn where they were measured."
    if all(k.crop_px is not None for k in analysis.keyframes):
        lead = "Each foot where its heel has rolled in furthest, enlarged. The lines are drawn where they were read."
    elif len(galleries) > 1 or len(analysis.keyframes) != 3:
        lead = "Moments of the stride. Lines and angles are drawn where they were measured."
    lead += " Angles are those of the one picture; the numbers are the middle of all strides."
    if any(k.crop_px is not None for k in analysis.keyframes):
        lead += " A heel's angle here is against the calf; how far it rolls in is counted from landing."
    return Section("pictures", "The moments that matter", (Paragraph(lead, "small"), *galleries))


def _picture(analysis: GaitAnalysis, keyframe: KeyFrame, data: bytes) -> Picture:
    leg = leg_words(analysis, keyframe.video, keyframe.side)
    # An enlarged part says in its caption what is drawn.
    marks = keyframe.marks if keyframe.crop_px is None else ()
    angles = ", ".join(f"{m.label} {number(m.value_deg, digits=0)}{DEGREE}" for m in marks)
    title = f"{phase_words(keyframe.phase)}, {leg} foot"
    where = f"at {keyframe.time_s:.2f} s"
    parts = (keyframe.caption.rstrip("."), angles, "" if where in keyframe.caption else where)
    caption = ". ".join(part[:1].upper() + part[1:] for part in parts if part) + "."
    alt = f"Picture of the runner: {title}, {where}" + (f", with {angles}" if angles else "") + "."
    return Picture(data, title, caption, alt)


def measurements_section(analysis: GaitAnalysis, _: Pictures) -> Section | None:
    """List every measurement, and every one without a value with its reason."""
    blocks = measurement_blocks(analysis)
    return Section("measurements", "All measurements", blocks, "professional") if blocks else None


def curves_section(analysis: GaitAnalysis, _: Pictures) -> Section | None:
    """Draw the angles over the gait cycle."""
    charts = curve_charts(analysis)
    if not charts:
        return None
    lead = (
        "Each line is the mean of all used strides, from one contact of the foot (0 %) to its next (100 %); "
        "the shaded band is one standard deviation either way. The grey part is the time on the belt."
    )
    return Section("curves", "Joint angles through the stride", (Paragraph(lead), ChartGrid(charts)), "professional")


def strides_section(analysis: GaitAnalysis, _: Pictures) -> Section | None:
    """Draw every stride of each clip, used or dropped."""
    charts = stride_charts(analysis)
    if not charts:
        return None
    blocks: list[Block] = [
        Paragraph(
            "Every point is one contact; the line is the middle value. A flat row of points means steady "
            "running and steady measuring. Strides that could not be measured cleanly are dropped, never "
            "guessed."
        ),
        *(ChartGrid((chart,)) for chart in charts),
    ]
    table = dropped_table(analysis)
    if table is not None:
        verb = "was" if len(table.rows) == 1 else "were"
        blocks.append(Details(f"Why {count(len(table.rows), 'stride')} {verb} dropped", (table,), on_paper=True))
    every = stride_table(analysis)
    if every is not None:
        blocks.append(Details(text("stride_table.title"), (every,), on_paper=True))
    title = f"Every stride in the clip{'s' * (len(charts) > 1)}"
    return Section("strides", title, tuple(blocks), "professional")


def limits_section(analysis: GaitAnalysis, _: Pictures) -> Section | None:
    """Say what the views that were filmed cannot show."""
    views = {v.view for v in analysis.videos}
    if not views or not views <= {"left", "right", "rear"}:
        return None
    if views == {"rear"}:
        return Section("limits", "What a rear view cannot show", (Bullets((*_REAR_LIMITS, *_NO_CAMERA)),))
    if "rear" in views:
        one_side = (_ONE_SIDE_LIMIT,) if len(views) == 2 else ()
        return Section("limits", "What these clips cannot show", (Bullets((*one_side, *_REAR_LIMITS, *_NO_CAMERA)),))
    if len(views) == 2:
        return Section("limits", "What two side views cannot show", (Bullets((*_SIDE_LIMITS, *_NO_CAMERA)),))
    limits = (_ONE_SIDE_LIMIT, *_SIDE_LIMITS, *_NO_CAMERA)
    return Section("limits", "What a single side view cannot show", (Bullets(limits),))


def told_section(analysis: GaitAnalysis, _: Pictures) -> Section | None:
    """List every question that was answered, with the answer."""
    rows = answer_rows(analysis.recording.told)
    return Section("told", text("report.told_title"), (Facts(rows),), "professional") if rows else None


def _accuracy(analysis: GaitAnalysis, _: Pictures) -> Section | None:
    return accuracy_section(analysis)


def _rearfoot(analysis: GaitAnalysis, _: Pictures) -> Section | None:
    return rearfoot_section(analysis)


def _symmetry(analysis: GaitAnalysis, _: Pictures) -> Section | None:
    return symmetry_section(analysis)


def _method(analysis: GaitAnalysis, pictures: Pictures) -> Section:
    return method_section(analysis, pictures)


def _assessed(build: Callable[[Assessment], Section | None]) -> SectionBuilder:
    """Make a section of the assessment that is saved with the analysis; none where nothing was assessed."""

    def section(analysis: GaitAnalysis, _: Pictures) -> Section | None:
        assessment = saved_assessment(analysis)
        return build(assessment) if assessment is not None else None

    return section


SectionBuilder = Callable[[GaitAnalysis, Pictures], Section | None]

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

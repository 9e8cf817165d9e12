"""Several clips of one person and run as one analysis: which clip speaks for which number.

Each clip was measured by itself. A leg's numbers come from the clip that films that leg as the near one; what the
other clip guessed of it as the far leg is dropped. What both legs share (cadence, trunk lean, vertical oscillation)
comes from one of the side clips: the better one by quality, of equals the one with more strides, then the left, so that
the order of the clips on the command line plays no part. What only a rear view shows comes from the rear clip; times
that the side views lack may come from there, too. There is exactly one row for each name and side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from gait.errors import QualityError
from gait.files import file_name
from gait.metrics.catalogue import CATALOGUE, place_of
from gait.metrics.conditions import relative_difference
from gait.metrics.quality import LEVELS, lower
from gait.metrics.symmetry import ClipView, speed_reason, speeds_differ, with_symmetry
from gait.model import SIDES, GaitAnalysis, MetricValue, Quality, QualityWarning
from gait.skeleton import other

CADENCE_TOLERANCE = 0.03
"""Relative difference of cadence from which two clips hardly show the same run. [default of ours]"""

_CLIP_WORDS = {"left": "Left-side clip", "right": "Right-side clip", "rear": "Rear clip"}
_VIEW_WORDS = {"left": "the runner's left side", "right": "the runner's right side", "rear": "the runner from behind"}


def clip_words(view: str) -> str:
    """Return what a clip of a view is called, where there is one of each: "Left-side clip"."""
    return _CLIP_WORDS.get(view, f"Clip of the {view}")


@dataclass(frozen=True, eq=False)
class Part:
    """One clip's own analysis (one video in it), and its belt speed in leg lengths per second where it was seen."""

    analysis: GaitAnalysis
    belt_leg_s: float | None = None

    @property
    def video(self) -> str:
        """Id of the clip."""
        return self.analysis.videos[0].id

    @property
    def view(self) -> str:
        """``left``, ``right`` or ``rear``."""
        return self.analysis.videos[0].view

    @property
    def is_side(self) -> bool:
        """Whether it is filmed from the side."""
        return self.view in SIDES

    @property
    def file_name(self) -> str:
        """Name of the file without its folders, wherever it was analysed."""
        return file_name(self.analysis.videos[0].path)

    @property
    def words(self) -> str:
        """What the clip is called in a message; views are distinct, so this names one clip."""
        return clip_words(self.view)


def refuse_unfit(part: Part, before: Sequence[Part]) -> None:
    """Raise unless a clip can be joined with those before it.

    Raises
    ------
    QualityError
        When its times cannot be right, or another clip shows the same view.
    """
    for earlier in before:
        if earlier.view == part.view:
            raise QualityError(
                f"{earlier.file_name} and {part.file_name} both show {_VIEW_WORDS.get(part.view, part.view)}: "
                "one clip of each side and one from behind can be joined.",
                "Analyse further trials one by one; if only one of the two is a mirror image, say so after its name "
                f"(`--with {part.file_name},mirrored`, or `,no-mirrored`).",
            )
    if part.analysis.quality.times_withheld:
        about = next((w for w in part.analysis.quality.warnings if w.code in _CLOCK_CODES), None)
        raise QualityError(
            f"{part.file_name} cannot be joined with other clips: its times cannot be right. "
            f"{about.message if about else ''}".strip(),
            about.hint if about else "Analyse it by itself.",
        )


_CLOCK_CODES = ("slow_motion_suspected", "cadence_implausible")


def merged(parts: Sequence[Part]) -> GaitAnalysis:
    """Join the analyses of clips with different views of one run into one.

    Parameters
    ----------
    parts : sequence of Part
        In the order in which they were given; each passed :func:`refuse_unfit`.

    Returns
    -------
    GaitAnalysis
        With all videos, events, strides, curves and key frames, one row for each metric and side, left against right,
        the worst quality level, and the warnings of all clips, each saying of which.
    """
    lead = _lead(parts)
    analyses = [part.analysis for part in parts]
    level = max((a.quality.level for a in analyses), key=LEVELS.index)
    other_run = bool(_about_cadence(parts))
    clips = [ClipView(p.video, p.view, p.belt_leg_s, p.analysis.videos[0].pose_model) for p in parts]
    first = analyses[0]
    return replace(
        first,
        software=first.software | {"processing": _processing(parts)},
        videos=tuple(video for a in analyses for video in a.videos),
        quality=Quality(
            lower(level, "low") if other_run else level,
            (*_between_clips(parts, clips), *_of_clips(parts)),
        ),
        events=tuple(event for a in analyses for event in a.events),
        strides=tuple(stride for a in analyses for stride in a.strides),
        metrics=tuple(_doubted(m) if other_run else m for m in with_symmetry(_merged_metrics(parts, lead), clips)),
        curves=tuple(curve for a in analyses for curve in a.curves),
        keyframes=tuple(keyframe for a in analyses for keyframe in a.keyframes),
    )


def _doubted(metric: MetricValue) -> MetricValue:
    """Lower the confidence of left against right where the clips hardly show the same run."""
    compared = metric.value is not None and metric.name in CATALOGUE and CATALOGUE[metric.name].of is not None
    return replace(metric, confidence="low") if compared else metric


def merged_columns(
    columns: Sequence[Mapping[str, Sequence[float | None]]], counts: Sequence[int]
) -> dict[str, list[float | None]]:
    """Join the per-stride columns of clips; a clip without a column leaves its cells empty.

    Parameters
    ----------
    columns : sequence of mapping
        For each clip, metric name to one value a stride.
    counts : sequence of int
        Number of strides of each clip.
    """
    names = dict.fromkeys(name for table in columns for name in table)
    return {
        name: [v for table, n in zip(columns, counts, strict=True) for v in table.get(name, [None] * n)]
        for name in names
    }


def _lead(parts: Sequence[Part]) -> Part:
    """Return the clip that speaks for what both legs share; see the module's description."""

    def rank(part: Part) -> tuple[bool, int, int, str]:
        kept = sum(s.reject_reason is None and (s.side == part.view or not part.is_side) for s in part.analysis.strides)
        return not part.is_side, LEVELS.index(part.analysis.quality.level), -kept, part.view

    return min(parts, key=rank)


def _processing(parts: Sequence[Part]) -> str:
    """What was done to the landmarks; once, where it was the same for all clips."""
    steps = {part.video: part.analysis.software.get("processing", "") for part in parts}
    same = len(set(steps.values())) == 1
    return next(iter(steps.values())) if same else "; ".join(f"{video}: {text}" for video, text in steps.items())


def _merged_metrics(parts: Sequence[Part], lead: Part) -> list[MetricValue]:
    names = dict.fromkeys(m.name for part in parts for m in part.analysis.metrics)
    found: list[MetricValue] = []
    for name in sorted(names, key=place_of):
        spec = CATALOGUE.get(name)
        if spec is None or spec.of is None:
            found += _rows(name, _speakers(spec.view if spec else "any", parts, lead), lead)
    return found


def _speakers(view: str, parts: Sequence[Part], lead: Part) -> list[Part]:
    """Return the clips that may give a metric that needs a certain view, the preferred first."""
    sides = sorted((p for p in parts if p.is_side), key=lambda p: p is not lead)
    others = [p for p in parts if not p.is_side]
    if view == "rear":
        return others or sides
    return sides or others if view == "side" else [*sides, *others]


def _rows(name: str, speakers: Sequence[Part], lead: Part) -> list[MetricValue]:
    """Choose one row for each side of a metric."""
    first = lead.view if lead.is_side else "left"
    found = {}
    for side in ("both", first, other(first)):
        own = [row for p in speakers if p.view == side and (row := p.analysis.metric(name, side))]
        rows = own or [row for p in speakers if (row := p.analysis.metric(name, side))]
        if rows:
            found[side] = next((row for row in rows if row.value is not None), rows[0])
    # "Not visible from behind" for the body as a whole says nothing beside what was said for each leg.
    if len(found) > 1 and "both" in found and found["both"].value is None:
        del found["both"]
    return list(found.values())


def _between_clips(parts: Sequence[Part], clips: Sequence[ClipView]) -> list[QualityWarning]:
    """Warn of what makes it doubtful that the clips show one run."""
    found = []
    levels = {part.analysis.quality.level for part in parts}
    if len(levels) > 1:
        listed = ", ".join(f"{part.analysis.quality.level} in {_in_text(part)}" for part in parts)
        found.append(
            QualityWarning(
                "quality_differs",
                f"The clips are not equally good: {listed}. The lowest stands for all; each number has the confidence "
                "of its own clip.",
            )
        )
    speeds_apart = speeds_differ(clips)
    if speeds_apart is not None:
        found.append(
            QualityWarning(
                "belt_speed_differs",
                f"Left and right are not compared. {speed_reason(speeds_apart)}",
                "Film both sides in one run, without changing the speed in between.",
            )
        )
    return [*found, *_about_cadence(parts)]


def _about_cadence(parts: Sequence[Part]) -> list[QualityWarning]:
    """Warn of clips whose cadence differs by more than it wanders within one run."""
    found = []
    for one, two in combinations(parts, 2):
        cadences = [part.analysis.metric("cadence_spm") for part in (one, two)]
        values = [m.value for m in cadences if m is not None and isinstance(m.value, float)]
        apart = relative_difference(*values) if len(values) == 2 else 0.0
        if apart > CADENCE_TOLERANCE:
            found.append(
                QualityWarning(
                    "cadence_differs",
                    f"The cadence is {values[0]:.1f} steps/min in {_in_text(one)} and {values[1]:.1f} in "
                    f"{_in_text(two)}, {100 * apart:.1f} % apart: they hardly show the same run. The quality is "
                    "therefore low: read the numbers of each clip by themselves, and no difference between them as "
                    "one between the legs.",
                    "Join clips of one person in one run at one speed; for slow motion check the capture rate of each.",
                )
            )
    return found


def _in_text(part: Part) -> str:
    return f"the {part.words[:1].lower()}{part.words[1:]}"


def _of_clips(parts: Sequence[Part]) -> list[QualityWarning]:
    """Collect the clips' own warnings, each said once with the clips that it is about; none named where it is all."""
    about: dict[QualityWarning, list[str]] = {}
    for part in parts:
        for warning in part.analysis.quality.warnings:
            if not _settled(warning, part, parts):
                about.setdefault(_fitted(warning, parts), []).append(part.words)
    return [
        warning if len(clips) == len(parts) else replace(warning, message=f"{_listed(clips)}: {warning.message}")
        for warning, clips in about.items()
    ]


def _listed(words: Sequence[str]) -> str:
    """Join what clips are called: "Right-side clip, rear clip"."""
    return ", ".join([words[0], *(f"{word[:1].lower()}{word[1:]}" for word in words[1:])])


def _settled(warning: QualityWarning, part: Part, parts: Sequence[Part]) -> bool:
    """Whether another clip made a warning pointless."""
    shown = {p.view for p in parts}
    return warning.code == "far_leg_differs" and part.is_side and other(part.view) in shown


def _fitted(warning: QualityWarning, parts: Sequence[Part]) -> QualityWarning:
    """Keep a rear clip's warning from asking for the side view that is there."""
    if warning.code == "rear_view" and any(p.is_side for p in parts):
        return replace(
            warning,
            message="Times are taken from the side, where they are more exact; steps, heels, pelvis, thigh and trunk "
            "from behind.",
            hint="",
        )
    return warning

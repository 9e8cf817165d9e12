"""Under which conditions two recordings were made, and which differences between them to tell before any number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gait.files import file_name
from gait.model import GaitAnalysis, QualityWarning, VideoRecord

SPEED_TOLERANCE = 0.03
"""Relative difference of belt speed up to which two runs count as equally fast: real belts run at 98 to 103 % of the
dial (published)."""

INCLINE_TOLERANCE_PCT = 0.5
"""Difference of incline, percentage points, that is told. [default of ours]"""

HEIGHT_TOLERANCE_M = 0.005
"""Difference of the height entered that is told: it sets the scale. [default of ours]"""

RATE_TOLERANCE = 0.1
"""Relative difference of capture rate that is told; 59.94 and 60 Hz are the same. [default of ours]"""


@dataclass(frozen=True)
class Conditions:
    """What differs between two recordings.

    Parameters
    ----------
    warnings : tuple of QualityWarning
        The gravest first.
    speed_differs : bool
        Belt speeds differ by more than :data:`SPEED_TOLERANCE`.
    speed_words : str
        Both speeds, as printed.
    """

    warnings: tuple[QualityWarning, ...]
    speed_differs: bool
    speed_words: str


def relative_difference(first: float, second: float) -> float:
    """Return a difference relative to the larger one, so that the order does not matter: 3.0 and 2.91 are 3 % apart."""
    larger = max(abs(first), abs(second))
    return round(abs(first - second) / larger, 9) if larger else 0.0


def conditions_of(
    before: GaitAnalysis,
    after: GaitAnalysis,
    *,
    seen_speeds_m_s: tuple[float, float] | None = None,
    seen_limit_m_s: float | None = None,
) -> Conditions:
    """Look for everything but the runner's movement that may make two recordings differ.

    Parameters
    ----------
    before, after : GaitAnalysis
        The two analyses.
    seen_speeds_m_s : (float, float), optional
        Belt speeds estimated from the pictures.
    seen_limit_m_s : float, optional
        By how much those two may differ by chance.
    """
    seen_differ = (
        seen_speeds_m_s is not None
        and seen_limit_m_s is not None
        and abs(seen_speeds_m_s[1] - seen_speeds_m_s[0]) > seen_limit_m_s
    )
    told_speeds = _told(before, after, "belt_speed_m_s")
    entered = told_speeds is not None
    speeds = told_speeds or seen_speeds_m_s
    differs = speeds is not None and relative_difference(*speeds) > SPEED_TOLERANCE and (entered or seen_differ)
    words = f"{speeds[0]:.2f} and {speeds[1]:.2f} m/s" if speeds is not None else ""
    in_doubt = _entered_in_doubt(told_speeds, seen_speeds_m_s, seen_limit_m_s)
    words += " as entered" if in_doubt else ""
    found = [
        *_same_pictures(before, after),
        *_people(before, after),
        *_software(before, after),
        *_views(before, after),
        *in_doubt,
        *_speed(differs, entered, words),
        *_incline(before, after),
        *_scale(before, after),
        *_quality(before, after),
    ]
    return Conditions(tuple(found), differs, words)


def same_method(before: GaitAnalysis, before_video: str, after: GaitAnalysis, after_video: str) -> bool:
    """Tell whether two numbers were measured on the same person by the same method.

    That is: same view, same pose model, same version of gait, no two different names or heights. Only then does what
    is wrong in the same way in both recordings cancel in their difference.
    """
    people, heights = _told(before, after, "person"), _told(before, after, "height_m")
    return (
        _made_by(before, before_video) == _made_by(after, after_video)
        and before.software.get("gait") == after.software.get("gait")
        and (people is None or _same_name(*people))
        and (heights is None or abs(heights[0] - heights[1]) <= HEIGHT_TOLERANCE_M)
    )


def _made_by(analysis: GaitAnalysis, video: str) -> tuple[tuple[str, str], ...]:
    """View and pose model of a video; of all videos where a number is not from one of them."""
    those = [v for v in analysis.videos if v.id == video] or analysis.videos
    return tuple(sorted((v.view, v.pose_model) for v in those))


def _told(before: GaitAnalysis, after: GaitAnalysis, name: str) -> tuple[Any, Any] | None:
    """Return what the person told for both recordings; None where it is missing in one."""
    values = getattr(before.recording, name), getattr(after.recording, name)
    return None if None in values else values


def _same_name(first: str, second: str) -> bool:
    return first.strip().casefold() == second.strip().casefold()


def _each(before: GaitAnalysis, after: GaitAnalysis, what: str) -> tuple[str, str]:
    """Return a field of all videos of each analysis, as one text."""

    def of(videos: Iterable[VideoRecord]) -> str:
        return ", ".join(dict.fromkeys(sorted(str(getattr(v, what)) for v in videos))) or "unknown"

    return of(before.videos), of(after.videos)


def _same_pictures(before: GaitAnalysis, after: GaitAnalysis) -> list[QualityWarning]:
    shared = [
        (a, b)
        for a in before.videos
        for b in after.videos
        if a.sha256 == b.sha256 and min(a.analysed_s[1], b.analysed_s[1]) > max(a.analysed_s[0], b.analysed_s[0])
    ]
    if not shared:
        return []
    whole = all(a.analysed_s == b.analysed_s for a, b in shared)
    what = "the same video" if whole else "overlapping parts of one video"
    return [
        QualityWarning(
            "same_pictures",
            f"Both analyses are of {what} ({file_name(shared[0][0].path)}).",
            "To see a change, compare two recordings.",
        )
    ]


def _people(before: GaitAnalysis, after: GaitAnalysis) -> list[QualityWarning]:
    people, heights = _told(before, after, "person"), _told(before, after, "height_m")
    found = []
    if people is not None and not _same_name(*people):
        found.append(
            QualityWarning(
                "person_differs",
                f"Two different people are named: {people[0]} and {people[1]}.",
                "What follows are differences between people, not changes.",
            )
        )
    if heights is not None and abs(heights[0] - heights[1]) > HEIGHT_TOLERANCE_M:
        found.append(
            QualityWarning(
                "height_differs",
                f"The heights entered differ: {heights[0]:.2f} and {heights[1]:.2f} m.",
                "Height sets the scale of everything in cm: analyse both with the same one, if it is the same person.",
            )
        )
    return found


def _software(before: GaitAnalysis, after: GaitAnalysis) -> list[QualityWarning]:
    found = []
    models = _each(before, after, "pose_model")
    if models[0] != models[1]:
        found.append(
            QualityWarning(
                "pose_model_differs",
                f"Different pose models: {models[0]} and {models[1]}. They place the joints differently.",
                "Analyse both videos with the same `--model`.",
            )
        )
    versions = tuple(a.software.get("gait", "unknown") for a in (before, after))
    if versions[0] != versions[1]:
        found.append(
            QualityWarning(
                "version_differs",
                f"Different versions of gait: {versions[0]} and {versions[1]}.",
                "Analyse both videos with the same version.",
            )
        )
    return found


def _views(before: GaitAnalysis, after: GaitAnalysis) -> list[QualityWarning]:
    views = _each(before, after, "view")
    if views[0] == views[1]:
        return []
    shown = tuple({v.view for v in a.videos} for a in (before, after))
    shared = sorted(shown[0] & shown[1])
    if shared:
        words = tuple(" and ".join(sorted(views)) for views in shown)
        return [
            QualityWarning(
                "view_differs",
                f"Filmed from {words[0]} before and from {words[1]} after.",
                f"Only what {' and '.join(shared)} shows in both can be compared; to compare the rest, film the same "
                "sides.",
            )
        ]
    return [
        QualityWarning(
            "view_differs",
            f"Filmed from different sides: {views[0]} and {views[1]}.",
            "Compare recordings of the same side: only the near leg is measured fully.",
        )
    ]


def _entered_in_doubt(
    entered: tuple[float, float] | None, seen: tuple[float, float] | None, limit: float | None
) -> list[QualityWarning]:
    """Tell when the speeds entered do not differ as those in the pictures do: one of them was entered wrongly.

    Only the differences are compared, because the speeds seen may both be off by what the height entered is off.
    """
    if entered is None or seen is None or limit is None:
        return []
    if abs((entered[1] - entered[0]) - (seen[1] - seen[0])) <= max(limit, SPEED_TOLERANCE * max(entered)):
        return []
    off = [relative_difference(told, shown) for told, shown in zip(entered, seen, strict=True)]
    which = off.index(max(off))
    return [
        QualityWarning(
            "entered_speed_in_doubt",
            f"The video of {('before', 'after')[which].upper()} shows about {seen[which]:.1f} m/s, not "
            f"{entered[which]:.1f}: check what was entered.",
            "Correct the belt speed, or the height, and analyse that video again.",
        )
    ]


def _speed(differs: bool, entered: bool, words: str) -> list[QualityWarning]:
    if differs:
        how = "" if entered else ", as seen in the pictures"
        return [
            QualityWarning(
                "speed_differs",
                f"The belt speeds differ by more than {100 * SPEED_TOLERANCE:.0f} %: {words}{how}.",
                "Most numbers change with speed by themselves: film both at the same speed.",
            )
        ]
    if not entered:
        return [
            QualityWarning(
                "speed_unknown",
                "The belt speed was not entered for both recordings.",
                "Most numbers change with speed by themselves: make sure that it was the same, and enter it.",
            )
        ]
    return []


def _incline(before: GaitAnalysis, after: GaitAnalysis) -> list[QualityWarning]:
    # A treadmill whose incline nobody mentions is taken to be level.
    inclines = tuple(a.recording.incline_pct or 0.0 for a in (before, after))
    if abs(inclines[0] - inclines[1]) <= INCLINE_TOLERANCE_PCT:
        return []
    return [
        QualityWarning(
            "incline_differs",
            f"The inclines differ: {inclines[0]:g} and {inclines[1]:g} %.",
            "A slope by itself changes landing, push-off and trunk lean: film both at the same incline.",
        )
    ]


def _scale(before: GaitAnalysis, after: GaitAnalysis) -> list[QualityWarning]:
    scales = tuple({v.scale_origin for v in a.videos if v.scale_origin} for a in (before, after))
    if not all(scales) or scales[0] == scales[1]:
        return []
    words = tuple(", ".join(sorted(scale)) for scale in scales)
    return [
        QualityWarning(
            "scale_differs",
            f"The scale comes from {words[0]} before and from {words[1]} after.",
            "Numbers in cm and m differ a little by that alone: enter the same for both recordings.",
        )
    ]


def _quality(before: GaitAnalysis, after: GaitAnalysis) -> list[QualityWarning]:
    found = []
    rates = tuple(min((v.rate_hz for v in a.videos), default=0.0) for a in (before, after))
    if relative_difference(*rates) > RATE_TOLERANCE:
        found.append(
            QualityWarning(
                "rate_differs",
                f"Different frame rates: {rates[0]:.0f} and {rates[1]:.0f} per second.",
                "Film both at the same rate, best 120 or 240.",
            )
        )
    levels = before.quality.level, after.quality.level
    if levels[0] != levels[1]:
        found.append(
            QualityWarning(
                "quality_differs",
                f"The quality of the recordings differs: {levels[0]} before, {levels[1]} after.",
                "The weaker one decides what can be told; its own warnings say why.",
            )
        )
    elif levels[0] in ("low", "unusable"):
        found.append(
            QualityWarning(
                "quality_low",
                f"Both recordings are of {levels[0]} quality.",
                "Take small changes with care; the warnings of each analysis say what to film differently.",
            )
        )
    return found

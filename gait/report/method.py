"""How the analysis was made: everything somebody needs to repeat it, folded away at the end of the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gait.config import AnalysisConfig
from gait.files import file_name
from gait.metrics.merge import clip_words
from gait.model import GaitAnalysis, VideoRecord
from gait.options import Option, options_of
from gait.report.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Details,
    Facts,
    Paragraph,
    Picture,
    Section,
    Subheading,
    Table,
)
from gait.report.level_picture import COLOUR_WORDS, level_picture_name
from gait.report.wording import DEGREE, number

_STEPS = (
    "Every picture gets its true time from the video file; slow motion is put back to real time.",
    "A pose model finds the joints in each picture, without smoothing over time. It sees every runner facing left, "
    "in a mirrored picture where needed, so that both sides are measured alike.",
    "Swapped legs are repaired over the whole clip, outliers removed, gaps of up to 50 ms filled, and the "
    "paths smoothed without shifting them in time.",
    "Landing is where speed against the belt and height of the foot together come to rest, push-off where the ankle "
    "has risen as far as the lean of the shank asks for; heights count from the line in which the standing foot moves. "
    "Each time has an uncertainty, and it is part of every interval.",
    "Every stride is kept, or dropped with a reason; a number is the median of the kept strides (cadence and "
    "stride time: the mean), its interval a bootstrap over them.",
)

_REAR_STEP = (
    "From behind, landing and push-off are read off the mean stride, each as the mean of several signs, and carried to "
    "every stride. The heels are read from the pictures themselves, in a cut-out around the standing foot at full "
    "size: calf line and heel line by tape marks, or by the outline of shoe and calf where there is no tape. One "
    "smooth curve over stance is fitted to all landings, and each landing departs from it as its own pictures say."
)


_LEVEL_TITLE = "What the camera's roll was read from"


def method_section(analysis: GaitAnalysis, pictures: Mapping[str, bytes] | None = None) -> Section:
    """Describe the method in a few sentences, and versions, settings and corrections in detail.

    ``pictures`` may hold those of what showed the camera's roll (:mod:`gait.report.level_picture`).
    """
    steps = (*_STEPS, _REAR_STEP) if any(video.view == "rear" for video in analysis.videos) else _STEPS
    blocks: list[Block] = [Details("How it was measured, step by step", (Bullets(steps),), on_paper=True)]
    facts = tuple(block for video in analysis.videos for block in _video_blocks(video, analysis, pictures or {}))
    if facts:
        what = "recording" if len(analysis.videos) == 1 else "recordings"
        blocks.append(Details(f"The {what}, as analysed", facts, on_paper=True))
    versions = Facts(tuple((key, str(value)) for key, value in sorted(analysis.software.items())))
    settings = _settings(analysis.config)
    saved = Paragraph(f"Format of the saved analysis: version {analysis.schema_version}.", "small")
    blocks.append(Details("Versions", (versions, saved), on_paper=True))
    if settings:
        blocks.append(Details("Settings", (Facts(settings),)))
    if analysis.edits:
        blocks.append(Details("Corrections made by hand", (_edits(analysis),), on_paper=True))
    return Section("method", "How it was measured", tuple(blocks), "professional")


def _video_blocks(video: VideoRecord, analysis: GaitAnalysis, pictures: Mapping[str, bytes]) -> tuple[Block, ...]:
    items = [
        ("File", file_name(video.path)),
        ("SHA-256", video.sha256),
        ("Codec", video.codec),
        ("Pictures", f"{video.n_frames} at {number(video.rate_hz)} per second of real time"),
        ("Real seconds per second of the file", f"{video.time_scale:.4g}"),
        ("Part analysed", f"{video.analysed_s[0]:.2f} to {video.analysed_s[1]:.2f} s"),
        (
            "View, travel in the picture",
            f"{video.view}, {video.travel}" + (", mirrored" if video.mirrored else ""),
        ),
        ("Pose model", video.pose_model),
        ("Scale", _scale(video)),
        ("Camera roll", _roll(video)),
    ]
    if video.spectral_cadence_spm is not None:
        cadence = analysis.metric("cadence_spm")
        text = f"{number(video.spectral_cadence_spm)} steps/min from the rhythm of the whole body"
        if cadence is not None and cadence.video == video.id and isinstance(cadence.value, (int, float)):
            text += f"; {number(float(cadence.value))} from the contacts"
        items.append(("Cadence, checked independently", text))
    facts = Facts(tuple((label, value) for label, value in items if value))
    title = f"{clip_words(video.view)} ({video.id})"
    name = level_picture_name(video.id)
    # On paper the words say enough; half a page for each clip would not.
    shown = (Details(_LEVEL_TITLE, (_level_picture(video, pictures[name]),)),) if name in pictures else ()
    return (Subheading(title), facts, *shown) if len(analysis.videos) > 1 else (facts, *shown)


def _roll(video: VideoRecord) -> str:
    """Say how the camera was turned, and what showed it; empty where an older analysis did not note it."""
    if video.camera_roll_deg is None:
        return ""
    if video.camera_roll_origin is None:
        return "taken to be level: no upright and level edges that agree were found, and none was entered"
    return f"{video.camera_roll_deg:+.1f}{DEGREE}, {video.camera_roll_origin}; turned back before measuring"


def _level_picture(video: VideoRecord, data: bytes) -> Picture:
    colours = "; ".join(COLOUR_WORDS.values())
    caption = f"The edges in the room that showed how level the camera was ({colours})."
    alt = (
        f"One picture of the clip with the edges that its camera roll of {video.camera_roll_deg:+.1f}{DEGREE} rests on."
    )
    return Picture(data, _LEVEL_TITLE, caption, alt)


def _scale(video: VideoRecord) -> str:
    if video.px_per_m is None:
        return "none (no height, no belt speed): distances are given in % of leg length"
    origin = f", from {video.scale_origin}" if video.scale_origin else ""
    return f"{number(video.px_per_m)} pixels per metre{origin}"


def _settings(config: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Say what was set in plain words, in the order in which it is asked for; file names without their folders."""
    options = {option.name: option for option in options_of(AnalysisConfig)}
    names = [*(name for name in options if name in config), *sorted(config.keys() - options.keys())]
    return tuple((_setting_title(name, options), _setting_words(config[name], options.get(name))) for name in names)


def _setting_title(name: str, options: dict[str, Option]) -> str:
    if name == "with":
        return "Further clips"
    return options[name].label if name in options else name.replace("_", " ").capitalize()


def _setting_words(value: Any, option: Option | None) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        own = {key: what for key, what in value.items() if key != "path"}
        words = [file_name(str(value["path"]))] if "path" in value else []
        return ", ".join([*words, *(f"{name}: {text}" for name, text in _settings(own))])
    if isinstance(value, (list, tuple)):
        return "; ".join(_setting_words(item, option) for item in value) or "none"
    if isinstance(value, float):
        return f"{value:g} {option.unit if option else ''}".strip()
    return file_name(value) if option is not None and option.kind == "path" else str(value)


def _edits(analysis: GaitAnalysis) -> Table:
    columns = (Column("When", key=True), Column("Who"), Column("What"))
    rows = tuple(tuple(Cell(str(edit.get(key, ""))) for key in ("when", "who", "what")) for edit in analysis.edits)
    return Table(columns, rows)

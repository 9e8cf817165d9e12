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
from gait.words import table, text


def method_section(analysis: GaitAnalysis, pictures: Mapping[str, bytes] | None = None) -> Section:
    """Describe the method in a few sentences, and versions, settings and corrections in detail.

    ``pictures`` may hold those of what showed the camera's roll (:mod:`gait.report.level_picture`).
    """
    steps = tuple(table("report.method.steps").values())
    if any(video.view == "rear" for video in analysis.videos):
        steps += tuple(table("report.method.rear_steps").values())
    blocks: list[Block] = [Details(text("report.method.steps_title"), (Bullets(steps),), on_paper=True)]
    facts = tuple(block for video in analysis.videos for block in _video_blocks(video, analysis, pictures or {}))
    if facts:
        key = "recording_title" if len(analysis.videos) == 1 else "recordings_title"
        blocks.append(Details(text(f"report.method.{key}"), facts, on_paper=True))
    versions = Facts(tuple((key, str(value)) for key, value in sorted(analysis.software.items())))
    settings = _settings(analysis.config)
    saved = Paragraph(text("report.method.format", version=analysis.schema_version), "small")
    blocks.append(Details(text("report.method.versions"), (versions, saved), on_paper=True))
    if settings:
        blocks.append(Details(text("report.method.settings"), (Facts(settings),)))
    if analysis.edits:
        blocks.append(Details(text("report.method.edits"), (_edits(analysis),), on_paper=True))
    return Section("method", text("report.method.title"), tuple(blocks), "professional")


def _video_blocks(video: VideoRecord, analysis: GaitAnalysis, pictures: Mapping[str, bytes]) -> tuple[Block, ...]:
    label = table("report.method.video")
    items = [
        (label["file"], file_name(video.path)),
        (label["sha256"], video.sha256),
        (label["codec"], video.codec),
        (label["pictures"], _said("pictures_words", n=video.n_frames, rate=number(video.rate_hz))),
        (label["time_scale"], f"{video.time_scale:.4g}"),
        (label["part"], _said("part_words", start=f"{video.analysed_s[0]:.2f}", end=f"{video.analysed_s[1]:.2f}")),
        (
            label["view"],
            _said("view_mirrored" if video.mirrored else "view_words", view=video.view, travel=video.travel),
        ),
        (label["pose_model"], video.pose_model),
        (label["scale"], _scale(video)),
        (label["roll"], _roll(video)),
        (label["cadence"], _checked_cadence(video, analysis)),
    ]
    facts = Facts(tuple((label, value) for label, value in items if value))
    title = f"{clip_words(video.view)} ({video.id})"
    name = level_picture_name(video.id)
    # On paper the words say enough; half a page for each clip would not.
    shown = (
        (Details(text("report.method.level.title"), (_level_picture(video, pictures[name]),)),)
        if name in pictures
        else ()
    )
    return (Subheading(title), facts, *shown) if len(analysis.videos) > 1 else (facts, *shown)


def _said(key: str, **values: object) -> str:
    return text(f"report.method.video.{key}", **values)


def _checked_cadence(video: VideoRecord, analysis: GaitAnalysis) -> str:
    """Say the cadence of the body's rhythm beside that of the contacts; empty where there is no such rhythm."""
    if video.spectral_cadence_spm is None:
        return ""
    rhythm = number(video.spectral_cadence_spm)
    cadence = analysis.metric("cadence_spm")
    if cadence is not None and cadence.video == video.id and isinstance(cadence.value, (int, float)):
        return _said("cadence_both", rhythm=rhythm, contacts=number(float(cadence.value)))
    return _said("cadence_words", rhythm=rhythm)


def _roll(video: VideoRecord) -> str:
    """Say how the camera was turned, and what showed it; empty where an older analysis did not note it."""
    if video.camera_roll_deg is None:
        return ""
    if video.camera_roll_origin is None:
        return _said("roll_none")
    return _said("roll_words", roll=f"{video.camera_roll_deg:+.1f}{DEGREE}", origin=video.camera_roll_origin)


def _level_picture(video: VideoRecord, data: bytes) -> Picture:
    colours = "; ".join(COLOUR_WORDS.values())
    caption = text("report.method.level.caption", colours=colours)
    alt = text("report.method.level.alt", roll=f"{video.camera_roll_deg:+.1f}{DEGREE}")
    return Picture(data, text("report.method.level.title"), caption, alt)


def _scale(video: VideoRecord) -> str:
    if video.px_per_m is None:
        return _said("scale_none")
    key = "scale_from" if video.scale_origin else "scale_words"
    return _said(key, scale=number(video.px_per_m), origin=video.scale_origin)


def _settings(config: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Say what was set in plain words, in the order in which it is asked for; file names without their folders."""
    options = {option.name: option for option in options_of(AnalysisConfig)}
    names = [*(name for name in options if name in config), *sorted(config.keys() - options.keys())]
    return tuple((_setting_title(name, options), _setting_words(config[name], options.get(name))) for name in names)


def _setting_title(name: str, options: dict[str, Option]) -> str:
    if name == "with":
        return text("report.method.setting.further_clips")
    return options[name].label if name in options else name.replace("_", " ").capitalize()


def _setting_words(value: Any, option: Option | None) -> str:
    if value is None:
        return text("report.method.setting.not_set")
    if isinstance(value, bool):
        return text("report.method.setting.yes" if value else "report.method.setting.no")
    if isinstance(value, dict):
        own = {key: what for key, what in value.items() if key != "path"}
        words = [file_name(str(value["path"]))] if "path" in value else []
        return ", ".join([*words, *(f"{name}: {said}" for name, said in _settings(own))])
    if isinstance(value, (list, tuple)):
        return "; ".join(_setting_words(item, option) for item in value) or text("report.method.setting.none")
    if isinstance(value, float):
        return f"{value:g} {option.unit if option else ''}".strip()
    return file_name(value) if option is not None and option.kind == "path" else str(value)


def _edits(analysis: GaitAnalysis) -> Table:
    columns = (
        Column(text("report.method.when"), key=True),
        Column(text("report.method.who")),
        Column(text("report.method.what")),
    )
    rows = tuple(tuple(Cell(str(edit.get(key, ""))) for key in ("when", "who", "what")) for edit in analysis.edits)
    return Table(columns, rows)

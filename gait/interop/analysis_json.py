"""The saved analysis: `analysis.json`, its JSON Schema, and the reader.

The pydantic models below are the contract with everything outside; :func:`json_schema` publishes them. A reader of an
older version keeps working: fields are only added within a major version, and unknown ones are ignored.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gait import model
from gait.errors import VideoError

Side = Literal["left", "right"]
SideOrBoth = Literal["left", "right", "both"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class VideoPart(_Part):
    """A video of the visit."""

    id: str
    path: str
    sha256: str
    view: Literal["left", "right", "rear", "front"]
    mirrored: bool
    time_scale: float = Field(description="real seconds per second of the file")
    size_px: tuple[int, int]
    rate_hz: float = Field(description="frames per real second")
    n_frames: int
    duration_s: float
    analysed_s: tuple[float, float]
    travel: str = ""
    codec: str = ""
    pose_model: str = ""
    px_per_m: float | None = None
    scale_origin: str | None = None
    spectral_cadence_spm: float | None = None
    camera_roll_deg: float | None = Field(
        None, description="roll that was turned back, positive where level things rise to the right; null if not noted"
    )
    camera_roll_origin: str | None = Field(None, description="what showed it; null: taken to be level")


class RecordingPart(_Part):
    """What the person told."""

    person: str | None = None
    belt_speed_m_s: float | None = None
    height_m: float | None = None
    mass_kg: float | None = None
    incline_pct: float | None = None
    footwear: str | None = None
    symptoms: tuple[str, ...] = ()
    told: dict[str, Any] = Field(default_factory=dict, description="answers about complaints, training, shoes, goal")


class WarningPart(_Part):
    """Something to know before trusting a number."""

    code: str
    message: str
    hint: str = ""


class QualityPart(_Part):
    """How far the recording can be trusted."""

    level: Literal["high", "medium", "low", "unusable"]
    warnings: tuple[WarningPart, ...] = ()


class EventPart(_Part):
    """A foot contact or toe-off; times are real seconds from the file's first frame."""

    video: str
    side: Side
    leg: Literal["near", "far", "both"]
    kind: Literal["initial_contact", "toe_off"]
    time_s: float
    uncertainty_s: float
    origin: Literal["detected", "manual"] = "detected"


class StridePart(_Part):
    """From one contact to the next of the same foot."""

    video: str
    side: Side
    ic_s: float
    to_s: float | None
    next_ic_s: float
    reject_reason: str | None = None


class MetricPart(_Part):
    """A measured quantity, or the reason why there is none."""

    name: str
    side: SideOrBoth
    video: str
    value: float | str | None
    unit: str | None
    n_strides: int = 0
    sd: float | None = None
    ci95: tuple[float, float] | None = None
    confidence: Literal["high", "medium", "low", "none"] = "none"
    method: str = ""
    sdc: float | None = Field(None, description="smallest detectable change")
    sdc_origin: Literal["published", "derived"] | None = None
    retest_se: float | None = Field(
        None, description="standard error between two recordings of the same person by the same method"
    )
    reference: dict[str, Any] | None = None
    reason: str | None = None


class CurvePart(_Part):
    """Mean and SD of a quantity over the gait cycle."""

    name: str
    side: Side
    video: str
    unit: str
    cycle_pct: tuple[float, ...]
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    n_strides: int
    toe_off_pct: float
    phase: Literal["stride", "stance"] = "stride"


class MarkPart(_Part):
    """An angle drawn on a key frame."""

    label: str
    value_deg: float
    points_px: tuple[tuple[float, float], ...]
    vertex: int = 0


class LinePart(_Part):
    """A line or outline drawn on a key frame."""

    label: str
    points_px: tuple[tuple[float, float], ...]
    closed: bool = False


class KeyFramePart(_Part):
    """A picture in `keyframes/`."""

    video: str
    side: Side
    phase: str
    frame: int
    time_s: float
    caption: str
    marks: tuple[MarkPart, ...] = ()
    file: str = ""
    lines: tuple[LinePart, ...] = ()
    crop_px: tuple[float, float, float, float] | None = None


class AnalysisPart(_Part):
    """The whole of `analysis.json`."""

    schema_version: str
    software: dict[str, str]
    videos: tuple[VideoPart, ...]
    recording: RecordingPart
    config: dict[str, Any]
    quality: QualityPart
    events: tuple[EventPart, ...] = ()
    strides: tuple[StridePart, ...] = ()
    metrics: tuple[MetricPart, ...] = ()
    curves: tuple[CurvePart, ...] = ()
    keyframes: tuple[KeyFramePart, ...] = ()
    edits: tuple[dict[str, Any], ...] = ()
    findings: tuple[dict[str, Any], ...] = ()
    advice: tuple[dict[str, Any], ...] = ()
    plan: dict[str, Any] = Field(default_factory=dict, description="priorities' dates, cadence, distance, background")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `analysis.json`."""
    schema = AnalysisPart.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"gait analysis {model.SCHEMA_VERSION}",
    } | {k: v for k, v in schema.items() if k != "title"}


def _plain(value: Any) -> Any:
    """Make a value JSON-ready: NaN and infinity become null, floats lose digits that mean nothing."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    if isinstance(value, Path):
        return str(value)
    return value.item() if hasattr(value, "item") else value


_ORDER = (
    "schema_version",
    "software",
    "videos",
    "recording",
    "config",
    "quality",
    "metrics",
    "strides",
    "events",
    "curves",
    "keyframes",
    "edits",
    "findings",
    "advice",
    "plan",
)


def to_dict(analysis: model.GaitAnalysis) -> dict[str, Any]:
    """Return an analysis as plain JSON types, validated against the contract."""
    plain = _plain(asdict(analysis))
    AnalysisPart.model_validate(plain)
    return {key: plain[key] for key in _ORDER}


def to_json(analysis: model.GaitAnalysis) -> str:
    """Return the text of `analysis.json`."""
    return json.dumps(to_dict(analysis), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read(path: Path) -> model.GaitAnalysis:
    """Read a saved analysis.

    Parameters
    ----------
    path : Path
        `analysis.json`, or the folder that holds it.

    Raises
    ------
    VideoError
        When there is none, or it is not one that this version can read.
    """
    file = path / "analysis.json" if path.is_dir() else path
    try:
        saved = json.loads(file.read_text(encoding="utf-8"))
        _check_version(saved, file)
        part = AnalysisPart.model_validate(saved)
    except OSError as problem:
        raise VideoError(
            f"There is no saved analysis at {file}.", "Name a folder that `gait analyze` wrote."
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise VideoError(f"{file} is not a saved analysis of gait.", "Analyse the video again.") from problem
    return from_dict(part.model_dump())


def _check_version(saved: Any, file: Path) -> None:
    """Refuse another major version first: its contents may look like anything."""
    version = saved.get("schema_version") if isinstance(saved, dict) else None
    if isinstance(version, str) and version.split(".")[0] != model.SCHEMA_VERSION.split(".")[0]:
        raise VideoError(
            f"{file} has format {version}, this gait reads {model.SCHEMA_VERSION}.",
            "Use the version of gait that wrote it, or analyse the video again.",
        )


@lru_cache
def _names(kind: type) -> frozenset[str]:
    return frozenset(f.name for f in fields(kind))


def _build(kind: type, values: dict[str, Any], **changes: Any) -> Any:
    return kind(**{k: v for k, v in values.items() if k in _names(kind)} | changes)


def from_dict(saved: dict[str, Any]) -> model.GaitAnalysis:
    """Build an analysis from validated plain values."""

    def each(kind: type, key: str) -> tuple[Any, ...]:
        return tuple(_build(kind, row) for row in saved[key])

    warnings = tuple(_build(model.QualityWarning, w) for w in saved["quality"]["warnings"])
    strides = tuple(
        _build(model.Stride, s, to_s=float("nan") if s["to_s"] is None else s["to_s"]) for s in saved["strides"]
    )
    keyframes = tuple(
        _build(
            model.KeyFrame,
            k,
            marks=tuple(_build(model.AngleMark, m) for m in k["marks"]),
            lines=tuple(_build(model.LineMark, m) for m in k["lines"]),
        )
        for k in saved["keyframes"]
    )
    return model.GaitAnalysis(
        software=saved["software"],
        videos=each(model.VideoRecord, "videos"),
        recording=_build(model.Recording, saved["recording"]),
        config=saved["config"],
        quality=model.Quality(saved["quality"]["level"], warnings),
        events=each(model.GaitEvent, "events"),
        strides=strides,
        metrics=each(model.MetricValue, "metrics"),
        curves=each(model.Curve, "curves"),
        keyframes=keyframes,
        edits=tuple(saved["edits"]),
        findings=tuple(saved["findings"]),
        advice=tuple(saved["advice"]),
        plan=saved["plan"],
        schema_version=saved["schema_version"],
    )

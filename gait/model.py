"""The types that flow through `gait`: frozen dataclasses of arrays. Nothing here computes; nothing imports less.

Times are real seconds from the file's first frame (a slow-motion file is already stretched back), image
coordinates are pixels of the picture as a viewer sees it (rotation applied), x to the right and y *down*.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SCHEMA_VERSION = "1.2"
VIEWS = ("left", "right", "rear", "front")
SIDES = ("left", "right")
INITIAL_CONTACT = "initial_contact"
TOE_OFF = "toe_off"


def regular_step_s(times_s: Floats) -> float:
    """Return the interval, s, of frames that come regularly but for lost ones.

    The mean step is more exact than the median where containers round to the millisecond (mkv); where fewer than four
    in five steps lie near the median, the rate is variable and the median it is.
    """
    steps_s = np.diff(times_s)
    median_s = float(np.median(steps_s))
    regular = np.abs(steps_s - median_s) <= 0.3 * median_s
    return float(steps_s[regular].mean()) if regular.mean() >= 0.8 else median_s


@dataclass(frozen=True, eq=False)
class VideoInfo:
    """What the container says about a video.

    Parameters
    ----------
    path : Path
        The file.
    sha256 : str
        Hash of the file's bytes, hexadecimal.
    size_px : (int, int)
        Width and height of the picture after rotation.
    rotation_deg : int
        Clockwise rotation (0, 90, 180, 270) that the decoder applies so that the picture stands upright.
    file_times_s : ndarray, shape (T,)
        Presentation time of every frame in seconds of the *file*, the first frame at 0.
    container, codec : str
        Names as FFmpeg gives them, for the record.
    capture_rate_hz : float or None
        Rate at which the camera took the frames, where the metadata say so.
    time_scale : float
        Real seconds per second of the file: 0.125 for 240 fps saved as 30 fps.
    """

    path: Path
    sha256: str
    size_px: tuple[int, int]
    rotation_deg: int
    file_times_s: Floats
    container: str
    codec: str
    capture_rate_hz: float | None = None
    time_scale: float = 1.0

    @property
    def times_s(self) -> Floats:
        """Real time of every frame, shape (T,), seconds."""
        return self.file_times_s * self.time_scale

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.file_times_s)

    @property
    def file_rate_hz(self) -> float:
        """Frame rate as the file plays, Hz: the mean of its regular steps."""
        return 1.0 / regular_step_s(self.file_times_s) if self.n_frames > 1 else 0.0

    @property
    def rate_hz(self) -> float:
        """Median frame rate in real time, Hz."""
        return self.file_rate_hz / self.time_scale


@dataclass(frozen=True)
class Recording:
    """What the person tells us about the run; everything may be unknown.

    ``told`` holds the answers of `gait.told.Told` by field name, as plain values.
    """

    person: str | None = None
    belt_speed_m_s: float | None = None
    height_m: float | None = None
    mass_kg: float | None = None
    incline_pct: float | None = None
    footwear: str | None = None
    symptoms: tuple[str, ...] = ()
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class PoseSequence:
    """Landmarks as the pose model gave them.

    Parameters
    ----------
    times_s : ndarray, shape (T,)
        Real time of each frame.
    xy_px : ndarray, shape (T, K, 2)
        Image position, NaN where the runner was not found.
    score : ndarray, shape (T, K)
        The model's own visibility, 0 to 1; 0 where missing.
    depth : ndarray, shape (T, K)
        The model's relative depth, towards the camera negative; only its sign is used.
    skeleton, estimator, version : str
        What the landmarks are and which network, of which hash, made them.
    first_frame : int
        Index in the file of the first frame here (not 0 where the clip was trimmed).
    """

    times_s: Floats
    xy_px: Floats
    score: Floats
    depth: Floats
    skeleton: str
    estimator: str
    version: str
    first_frame: int = 0


@dataclass(frozen=True, eq=False)
class Trajectories:
    """Cleaned landmark paths on a uniform time base.

    Parameters
    ----------
    times_s : ndarray, shape (N,)
        Uniform sample times.
    xy : ndarray, shape (N, K, 2)
        Positions, y *down* as in the image; NaN where nothing trustworthy was seen.
    unit : str
        ``"px"`` or ``"m"``.
    filled : ndarray of bool, shape (N, K)
        True where a sample was interpolated over a gap.
    skeleton : str
        Name of the landmark set.
    steps : tuple of str
        What was done to the landmarks, in order.
    noise : float
        Robust estimate of the landmark noise that the low-pass filter leaves, SD in ``unit``.
    """

    times_s: Floats
    xy: Floats
    unit: str
    filled: Bools
    skeleton: str
    steps: tuple[str, ...] = ()
    noise: float = 0.0

    @property
    def sampling_rate_hz(self) -> float:
        """Sampling rate, Hz."""
        return (len(self.times_s) - 1) / float(self.times_s[-1] - self.times_s[0])


@dataclass(frozen=True)
class GaitEvent:
    """One foot contact or toe-off."""

    video: str
    side: str
    leg: str
    kind: str
    time_s: float
    uncertainty_s: float
    origin: str = "detected"


@dataclass(frozen=True)
class Stride:
    """From one initial contact to the next of the same foot; kept, or dropped with a reason."""

    video: str
    side: str
    ic_s: float
    to_s: float
    next_ic_s: float
    reject_reason: str | None = None


@dataclass(frozen=True)
class MetricValue:
    """One measured quantity with its error bar, or the reason why there is none.

    ``value`` is a number, a class name (``unit`` None) or None with a ``reason``. ``sdc`` is the smallest detectable
    change in the metric's unit, ``sdc_origin`` ``"published"`` or ``"derived"``; ``retest_se`` is the standard error,
    in the same unit, between two recordings of the same person by the same method, None where it is not known.
    ``reference`` describes what the value may be compared with.
    """

    name: str
    side: str
    video: str
    value: float | str | None
    unit: str | None
    n_strides: int = 0
    sd: float | None = None
    ci95: tuple[float, float] | None = None
    confidence: str = "none"
    method: str = ""
    sdc: float | None = None
    sdc_origin: str | None = None
    retest_se: float | None = None
    reference: dict[str, Any] | None = None
    reason: str | None = None


@dataclass(frozen=True)
class QualityWarning:
    """Something the reader should know before trusting a number."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Quality:
    """How far the recording can be trusted: ``high``, ``medium``, ``low`` or ``unusable``."""

    level: str
    warnings: tuple[QualityWarning, ...] = ()

    @property
    def times_withheld(self) -> bool:
        """True where the time base cannot be right: no duration is shown then."""
        return self.level == "unusable"


@dataclass(frozen=True)
class Curve:
    """A quantity over the gait cycle (0-100 %, from initial contact to the next), mean and spread over strides.

    With ``phase`` ``"stance"``, 100 % is toe-off instead.
    """

    name: str
    side: str
    video: str
    unit: str
    cycle_pct: tuple[float, ...]
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    n_strides: int
    toe_off_pct: float
    phase: str = "stride"


@dataclass(frozen=True)
class AngleMark:
    """An angle to draw on a key frame: lines through image points (px), its value and what it is called."""

    label: str
    value_deg: float
    points_px: tuple[tuple[float, float], ...]
    vertex: int = 0


@dataclass(frozen=True)
class LineMark:
    """A line to draw on a key frame through two or more image points (px); ``closed`` for an outline."""

    label: str
    points_px: tuple[tuple[float, float], ...]
    closed: bool = False


@dataclass(frozen=True)
class KeyFrame:
    """A picture worth a look: where in the video it is and what to draw on it.

    ``crop_px`` (left, top, right, bottom) is the part to show enlarged; None shows the runner.
    """

    video: str
    side: str
    phase: str
    frame: int
    time_s: float
    caption: str
    marks: tuple[AngleMark, ...] = ()
    file: str = ""
    lines: tuple[LineMark, ...] = ()
    crop_px: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class VideoRecord:
    """What the saved analysis says of one video."""

    id: str
    path: str
    sha256: str
    view: str
    mirrored: bool
    time_scale: float
    size_px: tuple[int, int]
    rate_hz: float
    n_frames: int
    duration_s: float
    analysed_s: tuple[float, float]
    travel: str
    codec: str
    pose_model: str
    px_per_m: float | None = None
    scale_origin: str | None = None
    spectral_cadence_spm: float | None = None
    camera_roll_deg: float | None = None
    camera_roll_origin: str | None = None


@dataclass(frozen=True)
class GaitAnalysis:
    """Everything that one visit gave: the one thing that is saved, compared and reported."""

    software: dict[str, str]
    videos: tuple[VideoRecord, ...]
    recording: Recording
    config: dict[str, Any]
    quality: Quality
    events: tuple[GaitEvent, ...] = ()
    strides: tuple[Stride, ...] = ()
    metrics: tuple[MetricValue, ...] = ()
    curves: tuple[Curve, ...] = ()
    keyframes: tuple[KeyFrame, ...] = ()
    edits: tuple[dict[str, Any], ...] = ()
    findings: tuple[dict[str, Any], ...] = ()
    advice: tuple[dict[str, Any], ...] = ()
    plan: dict[str, Any] = field(default_factory=dict)
    schema_version: str = field(default=SCHEMA_VERSION)

    def metric(self, name: str, side: str | None = None) -> MetricValue | None:
        """Return a metric by name (and side), or None when the analysis has none of that name."""
        return next((m for m in self.metrics if m.name == name and side in (None, m.side)), None)

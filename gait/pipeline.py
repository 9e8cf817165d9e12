"""The only place that joins the stages: from a video file to a `GaitAnalysis` and its folder of results."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from gait.clip_record import clip_analysis, recording_of
from gait.clips import OtherClip, clip_error, refuse_twice
from gait.config import AnalysisConfig
from gait.errors import ConfigError, FrontViewError, GaitError, NoBodyError, QualityError, VideoError, WalkingError
from gait.findings.assess import assess, with_answers, with_assessment
from gait.findings.library import library
from gait.metrics.measure import ClipMeasurement, ClipOptions, measure
from gait.metrics.merge import refuse_unfit
from gait.metrics.options import ASSUMED_LEVEL, DETECTED, ENTERED
from gait.metrics.prepare import MIN_SECONDS
from gait.model import GaitAnalysis, VideoInfo
from gait.output import Staging
from gait.pelvis.look import RearLook
from gait.pose.follow import Scouting
from gait.pose.provision import ModelBundle, resolve
from gait.pose.sequence import Tracking, track
from gait.rearfoot.finder import find_legs
from gait.rearfoot.look import Look, lab_of_colour
from gait.signals.view import ALWAYS_HIPS, SEEN_HIPS, share_with_hips
from gait.told import Told
from gait.video.deck import deck_of
from gait.video.horizon import Horizon
from gait.video.level import believed_horizon
from gait.video.probe import check_complete, probe
from gait.visit import Clip, Visit

MIN_FRAMES = 10
_SETTLED_S = 2.0


@dataclass(frozen=True)
class Progress:
    """How far an analysis is.

    Parameters
    ----------
    stage : str
        ``video``, ``model``, ``pose``, ``legs`` (close-ups only), ``measure``, ``heels`` (from behind only), ``report``
        or ``annotated video``.
    done, total : int
        Frames, or bytes of the model; total 0 while unknown.
    rate_hz : float or None
        Units per second.
    remaining_s : float or None
        Time left in this stage.
    clip : str
        Name of the file that it is about, where several are analysed together.
    """

    stage: str
    done: int
    total: int
    rate_hz: float | None = None
    remaining_s: float | None = None
    clip: str = ""


OnProgress = Callable[[Progress], None]

_log = logging.getLogger(__name__)


@dataclass
class _Stage:
    """Turns counts of one stage into progress with rate and time left."""

    name: str
    on_progress: OnProgress | None
    clip: str = ""
    begun_s: float = field(default_factory=time.monotonic)

    def __call__(self, done: int, total: int) -> None:
        if self.on_progress is None:
            return
        elapsed = time.monotonic() - self.begun_s
        rate = done / elapsed if done and elapsed > 0 else None
        # The first moments go to starting up; a guess from them would only frighten.
        remaining = (total - done) / rate if rate and total and elapsed > _SETTLED_S else None
        self.on_progress(Progress(self.name, done, total, rate, remaining, self.clip))


def analyze(
    video: Path,
    config: AnalysisConfig,
    on_progress: OnProgress | None = None,
    others: Sequence[OtherClip] = (),
    told: Told | None = None,
) -> GaitAnalysis:
    """Analyse one video, or several of one person and run, and write nothing.

    Parameters
    ----------
    video : Path
        The recording.
    config : AnalysisConfig
        What the person told, and how to analyse.
    on_progress : callable, optional
        Told how far it is.
    others : sequence of OtherClip
        Further clips of the same run: the other side, or from behind.
    told : Told, optional
        What the person tells about themselves and their complaints; it changes no measurement.

    Raises
    ------
    GaitError
        When a video cannot be read or does not show what can be measured, or the clips cannot be joined; message and
        hint say what to do.
    """
    return analyze_visit(Path(video), config, on_progress, others, told).analysis


def run(
    video: Path,
    config: AnalysisConfig,
    out: Path,
    on_progress: OnProgress | None = None,
    others: Sequence[OtherClip] = (),
    told: Told | None = None,
) -> GaitAnalysis:
    """Analyse one video, or several of one run, and write the whole folder of results, or nothing at all.

    Parameters
    ----------
    video, config, on_progress, others, told
        As for :func:`analyze`.
    out : Path
        Folder for the results; made if missing. Files of an earlier analysis in it are replaced.

    Raises
    ------
    GaitError
        As :func:`analyze`, and when the folder cannot be written.
    """
    from gait.results import write_films, write_report, write_tables

    with Staging(Path(out), (Path(video), *(other.path for other in others))) as staging:
        visit = analyze_visit(Path(video), config, on_progress, others, told)
        if config.video:
            visit = write_films(visit, staging, lambda name: _Stage("annotated video", on_progress, name))
        write_tables(visit, staging)
        write_report(visit, staging, _Stage("report", on_progress))
        staging.publish()
    return visit.analysis


def analyze_visit(
    video: Path,
    config: AnalysisConfig,
    on_progress: OnProgress | None = None,
    others: Sequence[OtherClip] = (),
    told: Told | None = None,
) -> Visit:
    """Analyse the clips of one run and keep what pictures and tables need; see :func:`analyze`."""
    # A slip in a rules file must not cost the wait for the pictures.
    rules = library(config.rules)
    visit = _measured_visit(video, config, on_progress, others)
    analysis = visit.analysis if told is None else with_answers(visit.analysis, told)
    return replace(visit, analysis=with_assessment(analysis, assess(analysis, rules)))


def _measured_visit(
    video: Path, config: AnalysisConfig, on_progress: OnProgress | None, others: Sequence[OtherClip]
) -> Visit:
    """Measure every clip and join them."""
    if not others:
        return Visit.of([analyze_clip(video, config, on_progress)])
    refuse_twice([video, *(other.path for other in others)])
    sources = [(video, config, False), *((o.path, o.config(config), o.inherits_capture_rate) for o in others)]
    infos: list[VideoInfo] = []
    clips: list[Clip] = []
    for path, own, inherits in sources:
        with _about(path, is_other=bool(infos)):
            infos.append(_open(path, own, capture_rate_of_file_first=inherits))
            if infos[-1].sha256 in [info.sha256 for info in infos[:-1]]:
                raise ConfigError("This is the same recording as another clip.", "Give each clip once.")
    # All files were opened before the long part begins: a slip in the last name must not cost the wait for the first.
    for info, (path, own, _) in zip(infos, sources, strict=True):
        with _about(path, is_other=bool(clips)):
            clip = _analyze(info, own, on_progress, f"v{len(clips) + 1}", path.name)
            refuse_unfit(clip.part, [earlier.part for earlier in clips])
            clips.append(clip)
    return Visit.of(clips, config={"with": [_other_as_config(other) for other in others]})


def _other_as_config(other: OtherClip) -> dict[str, Any]:
    return {"path": str(other.path), **other.own}


@contextmanager
def _about(path: Path, *, is_other: bool) -> Iterator[None]:
    """Make every error inside say which clip it is about."""
    try:
        yield
    except GaitError as problem:
        raise clip_error(problem, path.name, is_other=is_other) from problem


def analyze_clip(video: Path, config: AnalysisConfig, on_progress: OnProgress | None = None) -> Clip:
    """Analyse one video and keep what pictures and tables need; see :func:`analyze`."""
    return _analyze(_open(video, config), config, on_progress, "v1")


def _open(video: Path, config: AnalysisConfig, *, capture_rate_of_file_first: bool = False) -> VideoInfo:
    """Read the container and refuse what is too short; before anything long begins.

    The capture rate of the configuration wins over that which the file notes, unless it was meant for another clip.
    """
    info = probe(video, capture_rate_hz=None if capture_rate_of_file_first else config.capture_rate_hz)
    if capture_rate_of_file_first and config.capture_rate_hz is not None and info.capture_rate_hz is None:
        info = probe(video, capture_rate_hz=config.capture_rate_hz)
    check_complete(info, config.end_s)
    _frames_wanted(info, config)
    return info


def _analyze(
    info: VideoInfo, config: AnalysisConfig, on_progress: OnProgress | None, video_id: str, name: str = ""
) -> Clip:
    """Follow and measure the runner in an opened video."""
    first, stop = _frames_wanted(info, config)
    _log.info(
        "%s: %s/%s, %d x %d px, %d frames at %.2f Hz, time scale %g; frames %d to %d",
        *(info.path, info.container, info.codec, *info.size_px, info.n_frames, info.file_rate_hz, info.time_scale),
        *(first, stop),
    )
    _Stage("video", on_progress, name)(info.n_frames, info.n_frames)
    model_stage = _Stage("model", on_progress, name)
    bundle = resolve(config.model, config.model_dir, on_progress=lambda _what, done, total: model_stage(done, total))
    _log.info("pose model %s (%s) from %s", bundle.size, bundle.sha256[:12], bundle.source)

    def stage(what: str) -> _Stage:
        return _Stage(what, on_progress, name)

    span = (first, stop)
    tracking, measured, horizon = _seen(info, bundle, config, span, video_id, stage)
    _log.info("%s; view %s; quality %s", "; ".join(measured.steps), measured.view.name, measured.quality.level)
    analysis = clip_analysis(info, config, bundle, tracking, measured, video_id)
    return Clip(info, tracking.pose, measured, analysis, horizon)


def _seen(
    info: VideoInfo,
    bundle: ModelBundle,
    config: AnalysisConfig,
    span: tuple[int, int],
    video_id: str,
    stage: Callable[[str], _Stage],
) -> tuple[Tracking, ClipMeasurement, Horizon | None]:
    """Follow and measure the whole runner, or two legs where no body is in the picture."""
    problem: GaitError | None = None
    tracking: Tracking | None = None
    hips = 0.0
    try:
        tracking = _followed(info, bundle, span, config, stage("pose"))
        hips = share_with_hips(tracking.pose, info.size_px)
        # A body that the pose model made up over a pair of legs might be measured, too.
        if hips >= SEEN_HIPS:
            return tracking, *_measured(info, config, tracking, span, video_id, stage)
    except (QualityError, ConfigError) as error:
        if not _may_be_legs(error, hips, config):
            raise
        problem = error
    legs = _legs_alone(info, config, span, stage)
    if legs is None and problem is not None:
        raise problem
    tracking = legs or tracking
    assert tracking is not None
    if problem is not None:
        _log.info("the body cannot be measured (%s); the lower legs are tried", problem.message)
    try:
        return tracking, *_measured(info, config, tracking, span, video_id, stage)
    except QualityError as error:
        raise problem or error from error


def _may_be_legs(problem: GaitError, hips: float, config: AnalysisConfig) -> bool:
    """Tell whether what spoils the body may be that the picture shows little more than two legs from behind."""
    if isinstance(problem, NoBodyError):
        return True
    # Legs alone tell neither front from behind nor walking from running. Whoever was there all the time and does not
    # run, does not run.
    if isinstance(problem, FrontViewError | WalkingError) or hips >= ALWAYS_HIPS:
        return False
    # A made-up body may seem to be seen from another side than the one that was entered.
    return isinstance(problem, QualityError) or (config.view == "rear" and hips > 0.0)


def _followed(
    info: VideoInfo, bundle: ModelBundle, span: tuple[int, int], config: AnalysisConfig, stage: _Stage
) -> Tracking:
    """Follow the whole runner."""
    tracking = track(info, bundle, first=span[0], stop=span[1], jobs=config.jobs, on_frames=stage)
    _log.info(
        "landmarks %s; %d people seen, %d frames of strangers",
        *("from the cache" if tracking.from_cache else "computed", tracking.scouting.people, tracking.strangers),
    )
    return tracking


def _legs_alone(
    info: VideoInfo, config: AnalysisConfig, span: tuple[int, int], stage: Callable[[str], _Stage]
) -> Tracking | None:
    """Follow the lower legs in a close-up of shoes and calves from behind; None where this is none."""
    legs = find_legs(info, *span, stage("legs")) if config.view in (None, "rear") else None
    return Tracking(legs, Scouting(1, None), 0, from_cache=False) if legs is not None else None


def _measured(
    info: VideoInfo,
    config: AnalysisConfig,
    tracking: Tracking,
    span: tuple[int, int],
    video_id: str,
    stage: Callable[[str], _Stage],
) -> tuple[ClipMeasurement, Horizon | None]:
    """Measure what was followed, against what stands upright and lies level where that was not entered."""
    progress, frames = stage("measure"), len(tracking.pose.times_s)
    progress(0, frames)
    may_be_side = config.view in (None, "left", "right")
    deck = deck_of(tracking.pose, config.incline_pct) if may_be_side else None
    horizon = believed_horizon(info, tracking.pose, span, deck) if config.horizon_deg is None else None
    colour = lab_of_colour(config.tape_color) if config.tape_color else None
    look = RearLook(Look(info, config.mirrored, colour, stage("heels")))
    measured = measure(tracking.pose, _options(info, config, video_id, horizon), look=look)
    progress(frames, frames)
    return measured, horizon


def _frames_wanted(info: VideoInfo, config: AnalysisConfig) -> tuple[int, int]:
    """Turn start and end, in seconds of the file, into frame numbers."""
    start_s, end_s = config.start_s or 0.0, config.end_s
    last_s = float(info.file_times_s[-1])
    if start_s > last_s:
        raise ConfigError(
            f"The start at {start_s:g} s lies behind the end of the video ({last_s:.1f} s).",
            "Choose an earlier `--start`.",
        )
    first = int(np.searchsorted(info.file_times_s, start_s - 1e-6))
    stop = info.n_frames if end_s is None else int(np.searchsorted(info.file_times_s, end_s + 1e-6, side="right"))
    lasting_s = float(info.times_s[stop - 1] - info.times_s[first]) if stop > first else 0.0
    if stop - first < MIN_FRAMES or lasting_s < MIN_SECONDS:
        raise VideoError(
            f"Only {lasting_s:.1f} seconds to analyse.",
            "Film, or choose with `--start` and `--end`, at least 10 seconds.",
        )
    return first, stop


def _options(info: VideoInfo, config: AnalysisConfig, video_id: str, horizon: Horizon | None = None) -> ClipOptions:
    entered = config.horizon_deg is not None
    return ClipOptions(
        video=video_id,
        size_px=info.size_px,
        recording=recording_of(config),
        file_rate_hz=info.file_rate_hz,
        time_scale=info.time_scale,
        view=config.view,
        mirrored=config.mirrored,
        # To a tenth of a degree: nothing finer is known, and a level camera is left alone.
        horizon_deg=config.horizon_deg or (round(horizon.angle_deg, 1) + 0.0 if horizon is not None else 0.0),
        horizon_origin=ENTERED if entered else DETECTED if horizon is not None else ASSUMED_LEVEL,
        horizon_sd_deg=horizon.sd_deg if horizon is not None else 0.0,
        horizon_evidence=horizon.words if horizon is not None else "",
    )

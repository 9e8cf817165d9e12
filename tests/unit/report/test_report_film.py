"""The annotated film and the key frames: true duration, a format that plays, and never a face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from sample_analysis import VIDEO, sample_analysis

from gait.model import INITIAL_CONTACT, TOE_OFF, AngleMark, GaitAnalysis, GaitEvent, KeyFrame, Stride
from gait.report.annotated import _Painter, film_frames, film_rate_hz, write_annotated
from gait.report.keyframes import drawn_angle, render_keyframes
from gait.report.privacy import HeadTrack, body_height_px
from gait.report.stance_strip import Contact, StanceStrip, contacts_of
from gait.skeleton import BLAZEPOSE


def _analysis(clip: Any, *events: GaitEvent) -> GaitAnalysis:
    video = replace(VIDEO, sha256=clip.info.sha256)
    return sample_analysis(videos=(video,), events=events, strides=())


def _pictures(path: Path) -> list[np.ndarray[Any, Any]]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.parametrize(
    ("capture_hz", "film_hz"),
    [(24.0, 24.0), (29.97, 29.97), (60.0, 60.0), (60.3, 60.3), (90.0, 45.0), (120.0, 60.0), (240.0, 60.0)],
)
def test_film_rate_is_a_whole_fraction_of_the_capture_rate(capture_hz: float, film_hz: float) -> None:
    assert film_rate_hz(capture_hz) == pytest.approx(film_hz)


def test_film_frames_take_the_nearest_picture_in_time() -> None:
    times_s = np.array([0.0, 0.1, 0.2, 0.5, 0.6])
    assert film_frames(times_s, 10.0, 10.0) == [0, 1, 2, 2, 3, 3, 4]


def test_every_fourth_picture_of_a_240_hz_capture_is_shown() -> None:
    assert film_frames(np.arange(16) / 240, 240.0, 60.0) == [0, 4, 8, 12]


@pytest.mark.parametrize(
    ("rate_hz", "n", "time_scale", "real_s", "film_hz"),
    [(30.0, 60, 1.0, 2.0, 30.0), (30.0, 96, 0.125, 0.4, 60.0), (25.0, 30, 1.0, 1.2, 25.0)],
)
def test_film_lasts_as_long_as_the_run_and_plays_in_browsers(
    make_clip: Callable[..., Any],
    tmp_path: Path,
    rate_hz: float,
    n: int,
    time_scale: float,
    real_s: float,
    film_hz: float,
) -> None:
    clip = make_clip(rate_hz, n, time_scale)
    out, seen = tmp_path / "annotated.mp4", []
    write_annotated(
        out, clip.info, clip.pose, _analysis(clip), blur=True, on_progress=lambda i, of: seen.append((i, of))
    )
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert float(stream.duration * stream.time_base) == pytest.approx(real_s, abs=1 / film_hz)
        assert stream.frames == round(real_s * film_hz)
        assert stream.width % 2 == stream.height % 2 == 0
    assert seen[-1] == (round(real_s * film_hz), round(real_s * film_hz))


def test_variable_rate_becomes_constant_and_keeps_its_length(make_clip: Callable[..., Any], tmp_path: Path) -> None:
    file_times_s = [*np.arange(20) / 20, *(1 + np.arange(20) / 40)]
    clip = make_clip(40.0, 40, 1.0, file_times_s)
    out = tmp_path / "annotated.mp4"
    write_annotated(out, clip.info, clip.pose, _analysis(clip), blur=True)
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        pts = [float(p.pts * stream.time_base) for p in container.demux(stream) if p.pts is not None]
    steps = np.diff(sorted(pts))
    assert steps.max() - steps.min() < 1e-4
    assert sorted(pts)[-1] + steps[0] == pytest.approx(1.475 + 0.05, abs=0.051)


def test_small_video_is_not_enlarged(make_clip: Callable[..., Any], tmp_path: Path) -> None:
    clip = make_clip(30.0, 2)
    out = tmp_path / "annotated.mp4"
    write_annotated(out, clip.info, clip.pose, _analysis(clip), blur=True)
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (240, 320 + 64)


def test_face_is_hidden_in_every_picture_even_where_tracking_was_lost(
    make_clip: Callable[..., Any], tmp_path: Path
) -> None:
    clip = make_clip(30.0, 60)
    lost = clip.pose.xy_px.copy()
    lost[20:40] = np.nan
    clip = replace(clip, pose=replace(clip.pose, xy_px=lost))
    out = tmp_path / "annotated.mp4"
    write_annotated(out, clip.info, clip.pose, _analysis(clip), blur=True)
    hidden = [clip.head_contrast(p) for p in _pictures(out)]
    write_annotated(out, clip.info, clip.pose, _analysis(clip), blur=False)
    shown = [clip.head_contrast(p) for p in _pictures(out)]
    assert len(hidden) == len(shown) == 60
    assert min(shown) > 40
    assert max(hidden) < 12


def test_picture_is_made_coarse_where_no_head_is_known_within_a_second(make_clip: Callable[..., Any]) -> None:
    clip = make_clip(30.0, 75)
    lost = clip.pose.xy_px.copy()
    lost[5:] = np.nan
    heads = HeadTrack.of(replace(clip.pose, xy_px=lost))
    chequers = np.indices((320, 240)).sum(axis=0) // 3 % 2 * 255
    picture = np.repeat(chequers[..., None], 3, axis=2).astype(np.uint8)
    near, far = picture.copy(), picture.copy()
    assert heads.cover(near, 30) is True
    assert np.array_equal(near[250:], picture[250:])
    assert heads.cover(far, 60) is False
    assert clip.head_contrast(far[200:]) < 12
    assert np.abs(np.diff(far[250:].astype(float), axis=1)).mean() < 12


def test_head_that_jumps_for_one_frame_is_hidden_in_both_places(make_clip: Callable[..., Any]) -> None:
    clip = make_clip(30.0, 30)
    wild = clip.pose.xy_px.copy()
    wild[15] += (80.0, 150.0)
    heads = HeadTrack.of(replace(clip.pose, xy_px=wild))
    chequers = np.indices((320, 240)).sum(axis=0) // 3 % 2 * 255
    picture = np.repeat(chequers[..., None], 3, axis=2).astype(np.uint8)
    heads.cover(picture, 15)
    assert clip.head_contrast(picture) < 12
    assert clip.head_contrast(np.roll(picture, (-150, -80), axis=(0, 1))) < 12


def test_body_height_comes_from_trunk_and_leg(make_clip: Callable[..., Any]) -> None:
    clip = make_clip(30.0, 3)
    assert body_height_px(clip.pose.xy_px, BLAZEPOSE) == pytest.approx((265 - 75) / 0.779)
    assert np.isnan(body_height_px(np.full_like(clip.pose.xy_px, np.nan), BLAZEPOSE))


def test_an_event_lights_up_at_its_time_only(make_clip: Callable[..., Any], tmp_path: Path) -> None:
    clip = make_clip(30.0, 30)
    out = tmp_path / "annotated.mp4"
    write_annotated(out, clip.info, clip.pose, _analysis(clip), blur=False)
    plain = _pictures(out)
    event = GaitEvent("side", "left", "near", INITIAL_CONTACT, 0.5, 0.01)
    write_annotated(out, clip.info, clip.pose, _analysis(clip, event), blur=False)
    marked = _pictures(out)
    foot = np.s_[250:300, 90:150]
    lit = [
        i
        for i, (a, b) in enumerate(zip(plain, marked, strict=True))
        if np.abs(a[foot].astype(int) - b[foot]).mean() > 3
    ]
    assert lit == [15, 16, 17, 18]


def test_contacts_pair_with_the_toe_off_of_the_same_foot() -> None:
    def event(side: str, kind: str, time_s: float) -> GaitEvent:
        return GaitEvent("side", side, "near", kind, time_s, 0.01)

    events = (
        event("left", INITIAL_CONTACT, 1.0),
        event("right", TOE_OFF, 1.1),
        event("left", TOE_OFF, 1.25),
        event("left", INITIAL_CONTACT, 1.7),
        event("left", INITIAL_CONTACT, 2.4),
        event("left", TOE_OFF, 3.3),
    )
    strides = (Stride("side", "left", 1.0, 1.25, 1.7),)
    analysis = sample_analysis(events=events, strides=strides)
    assert contacts_of(analysis, "side") == (Contact("left", 1.0, 1.25, True),)
    assert contacts_of(replace(analysis, strides=()), "side")[0].used is False


def test_strip_shows_the_foot_on_the_belt_at_the_play_position() -> None:
    events = (
        GaitEvent("side", "left", "near", INITIAL_CONTACT, 2.0, 0.01),
        GaitEvent("side", "left", "near", TOE_OFF, 2.3, 0.01),
    )
    strides = (Stride("side", "left", 2.0, 2.3, 2.7),)
    analysis = sample_analysis(events=events, strides=strides)
    strip = StanceStrip.build(analysis, "side", "left", (0.0, 5.0), (600, 80))

    def colour_ahead(time_s: float) -> tuple[int, ...]:
        panel = strip.at(time_s, "")
        # Two pixels after the white line, in the middle of the upper row.
        x = strip.left + round(1.5 * strip.px_per_s) + 3
        return tuple(int(v) for v in panel[strip.top + strip.band.shape[0] // 4 - 2, x])

    assert colour_ahead(2.15) == (86, 180, 233)
    assert colour_ahead(1.5) == colour_ahead(2.6) == (20, 22, 26)


def _keyframes() -> tuple[KeyFrame, ...]:
    marks = (AngleMark("shank", 8.2, ((116.0, 265.0), (116.0, 205.0), (116.0, 250.0)), 1),)
    return (
        KeyFrame("side", "left", "initial_contact", 5, 0.167, "contact", marks, "a.png"),
        KeyFrame("side", "left", "toe_off", 12, 0.4, "toe-off", (), "b.png"),
        KeyFrame("side", "left", "toe_off", 999, 9.9, "not in the video", (), "c.png"),
    )


def test_keyframes_are_cropped_alike_and_enlarged(make_clip: Callable[..., Any]) -> None:
    clip = make_clip(30.0, 20)
    found = render_keyframes(clip.info, clip.pose, _keyframes(), near_side="left", blur=True)
    assert list(found) == ["a.png", "b.png"]
    shapes = {cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape for data in found.values()}
    assert len(shapes) == 1
    height, width, _ = shapes.pop()
    assert height > 500
    assert 0.55 <= width / height <= 1.0


def test_keyframes_hide_the_face_unless_told_not_to(make_clip: Callable[..., Any]) -> None:
    clip = make_clip(30.0, 20)

    def contrast(blur: bool) -> float:
        data = render_keyframes(clip.info, clip.pose, _keyframes()[1:2], near_side="left", blur=blur)["b.png"]
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        # The head is in the upper third, in the middle; the title box lies to its left.
        height, width = picture.shape[:2]
        part = picture[height // 12 : height // 4, round(0.42 * width) : round(0.58 * width)].astype(float)
        return float(np.abs(np.diff(part.mean(axis=2), axis=1)).mean())

    assert contrast(False) > 4 * contrast(True)


def test_flexion_is_drawn_from_the_straight_continuation() -> None:
    # Thigh straight along (3, 4), shank along (4, 3): bent by atan(4/3) - atan(3/4) = 16.26 degrees.
    knee = AngleMark("knee", 16.26, ((0.0, 0.0), (30.0, 40.0), (70.0, 70.0)), 1)
    points, dashed = drawn_angle(knee)
    assert points.tolist() == [[45.0, 60.0], [30.0, 40.0], [70.0, 70.0]]
    assert dashed == [0]
    enclosed = AngleMark("knee", 163.74, knee.points_px, 1)
    assert drawn_angle(enclosed)[0].tolist() == [list(p) for p in knee.points_px]


def test_upright_and_level_rays_are_references() -> None:
    shank = AngleMark("shank", 8.0, ((0.0, 10.0), (5.0, 0.0), (5.0, 20.0)), 1)
    points, dashed = drawn_angle(shank)
    assert dashed == [2]
    assert np.array_equal(points, np.array(shank.points_px))


def test_film_of_a_large_portrait_video_fits_1280_with_its_strip(make_clip: Callable[..., Any]) -> None:
    clip = make_clip(30.0, 2)
    info = replace(clip.info, size_px=(1080, 1920))
    painter = _Painter(info, clip.pose, _analysis(clip), False, 30.0)
    width, height = painter.size_px
    assert 1270 <= height <= 1280
    assert width / (height - 0.13 * width) == pytest.approx(1080 / 1920, abs=0.01)

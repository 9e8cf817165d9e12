"""The report says how the camera was turned and what showed it, in words and in a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from sample_analysis import sample_analysis

from gait.model import GaitAnalysis
from gait.report.blocks import Details, Facts, Picture
from gait.report.document import build_document
from gait.report.level_picture import level_picture_name, render_level
from gait.report.pictures import png_bytes
from gait.video.horizon import DECK, LEVEL, UPRIGHT, Horizon

PICTURE = png_bytes(np.full((40, 30, 3), 90, dtype=np.uint8))


def recording(analysis: GaitAnalysis, pictures: dict[str, bytes]) -> tuple[dict[str, str], list[Picture]]:
    """Return the facts of the recording as analysed, and the pictures that are folded away and stay off paper."""
    section = next(s for s in build_document(analysis, pictures).sections if s.key == "method")
    details = next(b for b in section.blocks if isinstance(b, Details) and b.summary.endswith("as analysed"))
    facts = next(b for b in details.blocks if isinstance(b, Facts))
    folded = [b for b in details.blocks if isinstance(b, Details) and not b.on_paper]
    return dict(facts.items), [p for b in folded for p in b.blocks if isinstance(p, Picture)]


def turned(roll_deg: float | None, origin: str | None) -> GaitAnalysis:
    analysis = sample_analysis()
    video = replace(analysis.videos[0], camera_roll_deg=roll_deg, camera_roll_origin=origin)
    return replace(analysis, videos=(video,))


@pytest.mark.parametrize(
    ("roll_deg", "origin", "words"),
    [
        (1.2, "from 14 upright edges and 3 level edges (SD 0.2 deg)", "+1.2°, from 14 upright edges and 3 level edges"),
        (-2.0, "as entered", "-2.0°, as entered"),
        (0.0, None, "taken to be level"),
    ],
)
def test_the_method_tells_the_roll(roll_deg: float, origin: str | None, words: str) -> None:
    facts, pictures = recording(turned(roll_deg, origin), {})
    assert facts["Camera roll"].replace("\N{MINUS SIGN}", "-").startswith(words)
    assert pictures == []


def test_an_older_analysis_says_nothing_of_it() -> None:
    assert "Camera roll" not in recording(turned(None, None), {})[0]


def test_the_picture_stands_folded_with_its_recording_and_stays_off_paper() -> None:
    analysis = turned(1.2, "from 2 upright edges and 1 level edge (SD 0.2 deg)")
    name = level_picture_name(analysis.videos[0].id)
    (picture,) = recording(analysis, {name: PICTURE})[1]
    assert picture.data == PICTURE
    assert "+1.2°" in picture.alt


def test_every_edge_is_drawn_where_it_was_found(make_clip: Callable[..., Any]) -> None:
    clip = make_clip(30.0, 20)
    width, height = clip.info.size_px
    evidence = ((4.0, 10.0, 4.0, 60.0), (6.0, 80.0, 60.0, 80.0), (6.0, height - 6.0, width - 6.0, height - 6.0))
    horizon = Horizon(0.0, 0.2, evidence, (UPRIGHT, LEVEL, DECK))
    data = render_level(clip.info, clip.pose, horizon, blur=True)
    assert data is not None
    drawn = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1].astype(int)
    assert drawn.shape[:2] == (height, width)
    for (x, y), colour in (((4, 35), (0, 114, 178)), ((30, 80), (230, 159, 0)), ((30, height - 6), (0, 158, 115))):
        assert np.abs(drawn[y, x] - colour).max() < 40


@pytest.mark.parametrize("blur", [True, False])
def test_it_hides_the_face_unless_told_not_to(make_clip: Callable[..., Any], blur: bool) -> None:
    clip = make_clip(30.0, 20)
    horizon = Horizon(0.0, 0.2, ((4.0, 10.0, 4.0, 60.0),), (UPRIGHT,))
    data = render_level(clip.info, clip.pose, horizon, blur=blur)
    assert data is not None
    contrast = clip.head_contrast(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1])
    assert (contrast < 10.0) == blur

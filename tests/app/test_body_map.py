"""The body map: every place can be pointed at, and what was told is filled in."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

from gait.dashboard.body_map import body_map, body_map_html
from gait.told import PLACES
from gait.told_words import choice_words

FOOT = {"inner_ankle", "outer_ankle", "front_of_ankle", "heel", "sole", "forefoot"}


def _spots(drawing: str) -> dict[str, bool]:
    circles = [e.attrib for e in ElementTree.fromstring(drawing).iter() if "data-at" in e.attrib]
    return {circle["data-at"]: circle["fill"] != "#fff" for circle in circles}


def test_every_place_has_a_spot_and_a_label() -> None:
    spots = _spots(body_map())
    assert {at.rpartition(" ")[2] for at in spots} == set(PLACES)
    assert {at for at in spots if " " not in at} == FOOT | {"back_of_ankle"}
    for place in set(PLACES) - FOOT:
        assert {f"left {place}", f"right {place}"} <= set(spots)
    labels = {e.text for e in ElementTree.fromstring(body_map()).iter() if e.tag.endswith("text")}
    assert {choice_words("pain", place) for place in PLACES} <= labels
    assert not any(spots.values())


def test_what_was_told_is_filled_in() -> None:
    told = {at for at, filled in _spots(body_map(("left knee", "right heel", "right back_of_ankle"))).items() if filled}
    assert told == {"left knee", "heel", "back_of_ankle", "right back_of_ankle"}
    assert {at for at, filled in _spots(body_map(("hip",))).items() if filled} == {"left hip", "right hip"}
    assert not any(_spots(body_map(("none",))).values())


def test_left_is_left_from_behind_and_right_from_the_front() -> None:
    at = {
        e.attrib["data-at"]: float(e.attrib["cx"])
        for e in ElementTree.fromstring(body_map()).iter()
        if "data-at" in e.attrib
    }
    assert at["right knee"] < at["left knee"]
    assert at["left calf"] < at["right calf"]


def test_the_picture_for_the_page_asks_nothing_of_anybody() -> None:
    html = body_map_html(("left knee",))
    drawing = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    assert drawing is not None
    assert base64.b64decode(drawing[1]).decode() == body_map(("left knee",))
    assert 'alt="Body map' in html

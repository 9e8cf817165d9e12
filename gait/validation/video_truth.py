"""Truth files that lie beside videos: force-plate events and joints of a rendered body, or single counted values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gait.errors import GaitError
from gait.metrics.catalogue import CATALOGUE
from gait.model import INITIAL_CONTACT, SIDES, TOE_OFF, Floats, GaitEvent, regular_step_s
from gait.rearfoot.angles import OUTLINE, TAPE
from gait.signals.legs import MEASURED_PARTS, Leg
from gait.validation.compare import compare_events
from gait.validation.leg_truth import (
    Truths,
    shape_truths,
    speed_truths,
    time_truths,
    true_legs,
    true_strides,
)
from gait.validation.rear_truth import rear_truths, steady_frames
from gait.validation.rearfoot_truth import MIN_RATE_HZ, rearfoot_truths, stated_truths
from gait.validation.records import Case, EventErrors

EDGE_S = 0.35
"""Left out at both ends of a video."""

SUFFIX = ".truth.json"
_SEEN = 0.5
"""Share of frames in which hips and shoulders must lie inside the picture."""


@dataclass(frozen=True, eq=False)
class VideoTruth:
    """What is truly known about one video.

    ``saved`` holds some of: ``view`` (a text that names ``left``, ``right`` or ``rear``); ``height_m``; ``speed`` of
    the stance foot, m/s; ``events``, {"L": {"ic": [s], "to": [s]}, "R": ...}; ``frames``, a list of {"t": s, "L":
    {"p3": {joint: [x, y, z]}, "p2": {joint: [px, px]}, "eversion": deg}, "R": ...}, z up, the runner faces -y;
    ``tape``, what tape the film shows or null; ``metrics`` of a film from behind, by side where they have one;
    ``capture_rate_hz`` and ``file_rate_hz``; and metrics of the catalogue as numbers or as {"value", "uncertainty"}.
    """

    saved: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> VideoTruth:
        """Read a truth file.

        Raises
        ------
        GaitError
            When it is no JSON object.
        """
        try:
            saved = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise GaitError(f"{path.name} cannot be read.", "Copy it again from its source.") from problem
        if not isinstance(saved, dict):
            raise GaitError(f"{path.name} holds no truth.", "The README says under Prove it yourself what it may hold.")
        return cls(saved)

    @property
    def near(self) -> str:
        """Side towards the camera, or ``both`` from behind or in front."""
        view = str(self.saved.get("view", "")).lower()
        return next((side for side in SIDES if side in view), "both")

    @property
    def has_joints(self) -> bool:
        """True when every frame's joints are known."""
        return bool(self.saved.get("frames")) and "p3" in self.saved["frames"][0].get("L", {})

    @property
    def from_behind(self) -> bool:
        """True for a film from behind."""
        return "rear" in str(self.saved.get("view", "")).lower()

    @property
    def rearfoot_method(self) -> str:
        """How rearfoot angles should be read: ``tape`` where the film shows some, empty where the file does not say."""
        if "tape" not in self.saved:
            return ""
        return TAPE if self.saved["tape"] else OUTLINE

    @property
    def has_events(self) -> bool:
        """True when contacts are known."""
        return bool(self.saved.get("events"))

    @property
    def times_s(self) -> Floats:
        """Times of the frames with joints, shape (T,)."""
        return np.array([frame["t"] for frame in self.saved["frames"]])

    @property
    def rate_hz(self) -> float:
        """Frame rate in real time as the file states it, 0 where it does not: for videos that cannot be analysed."""
        return float(self.saved.get("capture_rate_hz") or self.saved.get("fps") or self.saved.get("file_rate_hz") or 0)

    @property
    def judged_s(self) -> tuple[float, float]:
        """Part of the video in which events are judged."""
        if self.has_joints:
            last_s = float(self.times_s[-1])
        else:
            last_s = float(self.saved.get("seconds") or max(self.events(s, TOE_OFF).max(initial=0.0) for s in SIDES))
        return EDGE_S, last_s - EDGE_S

    def whole_person(self) -> bool:
        """Tell whether hips and shoulders are in the picture; feet alone cannot be measured."""
        if not self.has_joints or "p2" not in self.saved["frames"][0]["L"] or "size" not in self.saved:
            return True
        points = np.array([[f[s]["p2"][j] for s in "LR" for j in ("hip", "shoulder")] for f in self.saved["frames"]])
        inside = ((points >= 0) & (points <= np.array(self.saved["size"]))).all(axis=(1, 2))
        return bool(inside.mean() >= _SEEN)

    def events(self, side: str, kind: str) -> Floats:
        """Return true times of ``initial_contact`` or ``toe_off`` of one foot, s."""
        return np.array(
            self.saved["events"][side[0].upper()][{INITIAL_CONTACT: "ic", TOE_OFF: "to"}[kind]], dtype=float
        )

    def contacts(self, side: str) -> Floats:
        """Return contacts as pairs of initial contact and toe-off, shape (n, 2).

        A contact that the video's beginning or end cuts has NaN for what is not in it.
        """
        pairs: list[tuple[float, float]] = []
        ends = list(self.events(side, TOE_OFF))
        starts = self.events(side, INITIAL_CONTACT)
        for k, start in enumerate(starts):
            following = starts[k + 1] if k + 1 < len(starts) else np.inf
            own = [end for end in ends if start < end < following]
            pairs.append((float(start), float(own[0]) if own else np.nan))
        taken = {end for _, end in pairs}
        loose = [(np.nan, float(end)) for end in ends if end not in taken]
        return np.array(loose + pairs).reshape(-1, 2)

    def agreement(self, case: Case, events: Iterable[GaitEvent]) -> tuple[EventErrors, ...]:
        """Match detected events with the true ones."""
        contacts = {side: self.contacts(side) for side in SIDES}
        return compare_events(case, events, contacts, *self.judged_s)

    def joint(self, side: str, name: str) -> Floats:
        """Forward and up position of a joint in metres, shape (T, 2)."""
        p3 = np.array([frame[side[0].upper()]["p3"][name] for frame in self.saved["frames"]])
        return np.stack([-p3[:, 1], p3[:, 2]], axis=1)

    def legs(self) -> dict[str, Leg]:
        """Return both legs as their joints move in space, in metres."""
        return true_legs(self.times_s, {s: {part: self.joint(s, part) for part in MEASURED_PARTS} for s in SIDES})

    def metrics(self) -> tuple[Truths, dict[str, float]]:
        """Return every true metric, and the half-width of its 95 % interval where the file gives one."""
        found: Truths = {}
        if self.has_events:
            whole = {side: self.whole_contacts(side) for side in SIDES}
            found |= time_truths(whole, *self.judged_s)
            if self.has_joints and self.near in SIDES:
                found |= self._shape(whole)
            elif self.has_joints and self.from_behind:
                found |= self._from_behind(whole)
        counted, uncertainties = _counted(self.saved)
        return found | {(name, "both"): value for name, value in counted.items()}, uncertainties

    def whole_contacts(self, side: str) -> Floats:
        """Return the contacts of which both ends are in the video, shape (n, 2)."""
        contacts = self.contacts(side)
        return contacts[np.isfinite(contacts).all(axis=1)]

    def _shape(self, contacts: dict[str, Floats]) -> Truths:
        legs = self.legs()
        strides = {side: true_strides(contacts[side], side, *self.judged_s) for side in SIDES}
        found = shape_truths(legs, strides, self.near)
        if "speed" in self.saved:
            found |= speed_truths(float(self.saved["speed"]), legs[self.near], strides[self.near])
        return found

    def _from_behind(self, contacts: dict[str, Floats]) -> Truths:
        if 1.0 / regular_step_s(self.times_s) < MIN_RATE_HZ:
            return stated_truths(self.saved)
        found = self._rearfoot(contacts)
        return found | (self._body_from_behind(contacts) if self.whole_person() else {})

    def _rearfoot(self, contacts: dict[str, Floats]) -> Truths:
        if "eversion" not in self.saved["frames"][0]["L"]:
            return {}
        angles = {s: np.array([f[s[0].upper()]["eversion"] for f in self.saved["frames"]], dtype=float) for s in SIDES}
        return rearfoot_truths(self.times_s, angles, contacts, *self.judged_s)

    def _body_from_behind(self, contacts: dict[str, Floats]) -> Truths:
        strides = {side: true_strides(contacts[side], side, *self.judged_s) for side in SIDES}
        seen, space = self._joints("p2"), self._joints("p3")
        steady = steady_frames(self.times_s, [space[s][part] for s in SIDES for part in ("hip", "shoulder")])
        # The feet of a body that jumps stay where they were.
        for part in ("hip", "knee", "shoulder"):
            for paths in (*seen.values(), *space.values()):
                paths[part][~steady] = np.nan
        # Picture: x right, y down. Space: x to the runner's left, z up; from behind the left is on the left.
        flat = {s: {part: path * np.array([1.0, -1.0]) for part, path in seen[s].items()} for s in SIDES}
        frontal = {s: {p: path[:, [0, 2]] * np.array([-1.0, 1.0]) for p, path in space[s].items()} for s in SIDES}
        whole_legs = self.legs()
        height = self.saved.get("height_m")
        return rear_truths(
            true_legs(self.times_s, flat),
            true_legs(self.times_s, frontal),
            strides,
            float(height) if height else None,
            float(np.mean([leg.length_to_heel for leg in whole_legs.values()])),
        )

    def _joints(self, key: str) -> dict[str, dict[str, Floats]]:
        """Paths of the joints by side and part, as the file holds them: ``p2`` (T, 2) px or ``p3`` (T, 3) m."""
        return {
            side: {
                part: np.array([frame[side[0].upper()][key][part] for frame in self.saved["frames"]], dtype=float)
                for part in MEASURED_PARTS
            }
            for side in SIDES
        }


def _counted(saved: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
    """Metrics that the file states itself at its top level, and their uncertainties."""
    values, uncertainties = {}, {}
    for name, given in saved.items():
        if name not in CATALOGUE:
            continue
        if isinstance(given, dict):
            uncertainties[name] = float(given.get("uncertainty", 0.0))
            given = given.get("value")
        if isinstance(given, int | float) and not isinstance(given, bool):
            values[name] = float(given)
    return values, uncertainties

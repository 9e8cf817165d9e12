"""Truth files of rendered clips, and how far an analysis is from them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

from gait.events.agreement import Agreement, match_events
from gait.model import GaitAnalysis

EDGE_S = 0.35
"""Left out at both ends of a clip: the issue's convention for videos."""


def value(analysis: GaitAnalysis, name: str) -> float:
    """Return the first number that an analysis has under a name."""
    metric = next(m for m in analysis.metrics if m.name == name and m.value is not None)
    assert isinstance(metric.value, float)
    return metric.value


@dataclass(frozen=True)
class Truth:
    """A clip's true events and, computed from its 3-D joints by the project's definitions, its true metrics."""

    saved: dict

    @classmethod
    def read(cls, path: Path) -> Truth:
        return cls(json.loads(path.read_text(encoding="utf-8")))

    @property
    def near(self) -> str:
        return "left" if self.saved["view"].endswith("left") else "right"

    @property
    def times_s(self) -> np.ndarray:
        return np.array([frame["t"] for frame in self.saved["frames"]])

    def events(self, side: str, kind: str) -> np.ndarray:
        return np.array(self.saved["events"][side[0].upper()][{"initial_contact": "ic", "toe_off": "to"}[kind]])

    def agreement(self, analysis: GaitAnalysis, side: str, kind: str) -> Agreement:
        found = [e.time_s for e in analysis.events if e.side == side and e.kind == kind]
        return match_events(found, self.events(side, kind), EDGE_S, float(self.times_s[-1]) - EDGE_S)

    def joint(self, side: str, name: str) -> np.ndarray:
        """Forward and up position in metres, shape (T, 2); the runner faces -y."""
        p3 = np.array([frame[side[0].upper()]["p3"][name] for frame in self.saved["frames"]])
        return np.stack([-p3[:, 1], p3[:, 2]], axis=1)

    def metrics(self) -> dict[str, float]:
        """Medians over the near leg's strides of what the joints themselves say."""
        side, t = self.near, self.times_s
        p = {name: self.joint(side, name) for name in ("hip", "knee", "ankle", "heel", "toe")}
        mid_hip = (self.joint("left", "hip") + self.joint("right", "hip")) / 2
        shank = _angle(p["ankle"] - p["knee"])
        thigh = _angle(p["knee"] - p["hip"])
        knee = thigh - shank
        lean = _angle(mid_hip - (self.joint("left", "shoulder") + self.joint("right", "shoulder")) / 2)
        foot = p["toe"] - p["heel"]
        pitch = np.degrees(np.arctan2(foot[:, 1], foot[:, 0]))
        curve = {
            name: CubicSpline(t, signal)
            for name, signal in {
                "shank": shank,
                "knee": knee,
                "thigh": thigh,
                "lean": -lean,
                "pitch": pitch,
                "reach": (p["ankle"] - mid_hip)[:, 0],
            }.items()
        }
        contacts = self._contacts(side)
        ic = np.array([a for a, _ in contacts])
        flat = [np.median(curve["pitch"](a + np.linspace(0.15, 0.30, 20) * (b - a))) for a, b in contacts]
        return {
            "cadence_spm": 120.0 / float(np.diff(self.events(side, "initial_contact")).mean()),
            "ground_contact_time_ms": 1000.0 * float(np.median([b - a for a, b in contacts])),
            "shank_angle_ic_deg": float(np.median(curve["shank"](ic))),
            "knee_flexion_ic_deg": float(np.median(curve["knee"](ic))),
            "knee_flexion_peak_stance_deg": float(
                np.median([curve["knee"](np.linspace(a, b, 100)).max() for a, b in contacts])
            ),
            "hip_extension_peak_deg": float(
                np.median([-curve["thigh"](np.linspace((a + b) / 2, b + 0.05, 100)).min() for a, b in contacts])
            ),
            "trunk_lean_deg": float(curve["lean"](np.linspace(ic[0], ic[-1], 2000)).mean()),
            "overstride_cm": 100.0 * float(np.median(curve["reach"](ic))),
            "foot_strike_angle_deg": float(np.median(curve["pitch"](ic) - np.array(flat))),
        }

    def _contacts(self, side: str) -> list[tuple[float, float]]:
        ends = self.events(side, "toe_off")
        last = float(self.times_s[-1]) - EDGE_S
        pairs = [(float(a), float(ends[ends > a][0])) for a in self.events(side, "initial_contact") if (ends > a).any()]
        return [(a, b) for a, b in pairs if a > EDGE_S and b < last]


def _angle(segment: np.ndarray) -> np.ndarray:
    """Angle of a downward segment against vertical, + forward, degrees."""
    return np.degrees(np.arctan2(segment[:, 0], -segment[:, 1]))

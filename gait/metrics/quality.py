"""How far a recording can be trusted, by a rule that is written down.

The level is the worst of its parts. Rate: high from 100 Hz, medium from 55 Hz, else low. Kept strides of the near leg:
high from 25, medium from 7, else low. Leg landmarks missing or filled: high below 2 %, medium below 8 %, else low.
Left/right exchanges: high below 3 % of frames, medium below 12 %. Leg length in the picture: high from 200 px, medium
from 110 px. The smaller pose models (full, lite) never give more than low. ``unusable`` is kept for a time base that
cannot be right. All limits are defaults of ours.
"""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = ("high", "medium", "low", "unusable")

FULL_RATE_HZ = 100.0
MIN_RATE_HZ = 55.0
"""Below about 60 fps every near-leg metric has low confidence; 55 lets through files of 59.94 Hz with lost frames."""

USABLE_STRIDES = 7
"""Below so many kept strides of the near leg the level is low."""


@dataclass(frozen=True)
class QualityFacts:
    """What the level depends on; fractions from 0 to 1."""

    rate_hz: float
    strides: int
    lost: float
    swapped: float
    leg_px: float
    time_base_ok: bool = True


def level_of(facts: QualityFacts) -> str:
    """Return the quality level of a recording."""
    if not facts.time_base_ok:
        return "unusable"
    return max(grades(facts).values(), key=LEVELS.index)


def grades(facts: QualityFacts) -> dict[str, str]:
    """Return the level of each part by its name among the facts; the worst is the recording's."""
    return {
        "rate": _grade(facts.rate_hz, FULL_RATE_HZ, MIN_RATE_HZ),
        "strides": _grade(facts.strides, 25, USABLE_STRIDES),
        "lost": _grade(-facts.lost, -0.02, -0.08),
        "swapped": _grade(-facts.swapped, -0.03, -0.12),
        "leg_px": _grade(facts.leg_px, 200.0, 110.0),
    }


def _grade(value: float, high: float, medium: float) -> str:
    return "high" if value >= high else "medium" if value >= medium else "low"


def lower(first: str, second: str) -> str:
    """Return the lower of two levels."""
    return max(first, second, key=LEVELS.index)

"""What one comparison with the truth leaves: flat records that tables, pictures and tests are made from."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gait.metrics.strike import INDETERMINATE

EVENT_KINDS = ("initial_contact", "toe_off", "contact_time")
"""Contact time is the difference of the errors of both events of one contact."""


@dataclass(frozen=True)
class Case:
    """One clip under one condition.

    Parameters
    ----------
    source : str
        Kind of truth: ``markers``, ``rendered``, ``sample`` or ``real``.
    clip : str
        Name of the trial or video.
    model : str
        Pose model, or that none was used.
    rate_hz : float
        Frame rate in real time.
    condition : str
        What was done to the clip, ``3 mm`` or ``3 mm, yaw +10 deg``; empty for videos as they are.
    near : str
        Side towards the camera, or ``both`` (from behind).
    """

    source: str
    clip: str
    model: str
    rate_hz: float
    condition: str
    near: str

    def leg(self, side: str) -> str:
        """Return what a body side is in this clip: ``near``, ``far`` or ``both``."""
        return "both" if "both" in (side, self.near) else "near" if side == self.near else "far"


@dataclass(frozen=True)
class Comparison:
    """A measured value beside its truth.

    ``uncertainty`` is the half-width of the truth's own 95 % interval, 0 where it is negligible; ``method`` is how it
    was read where there are several ways: ``tape`` or ``outline``.
    """

    case: Case
    metric: str
    side: str
    value: float
    ci95: tuple[float, float] | None
    truth: float
    confidence: str
    quality_level: str
    uncertainty: float = 0.0
    method: str = ""

    @property
    def quantity(self) -> str:
        """The metric."""
        return self.metric

    @property
    def error(self) -> float:
        """Measured minus true, in the metric's unit."""
        return self.value - self.truth

    @property
    def leg(self) -> str:
        """``near``, ``far`` or ``both``."""
        return self.case.leg(self.side)

    @property
    def covered(self) -> bool | None:
        """Whether the 95 % interval contains the truth; None without an interval."""
        if self.ci95 is None:
            return None
        low, high = (math.hypot(self.value - end, self.uncertainty) for end in self.ci95)
        return -low <= self.truth - self.value <= high


@dataclass(frozen=True)
class EventErrors:
    """Errors of one kind of event of one foot in one clip.

    Parameters
    ----------
    kind : str
        One of :data:`EVENT_KINDS`.
    errors_ms : tuple of float
        Detected minus true time (or contact time), matched events only.
    missed, false : int
        True events without a detection, detections without a true event.
    """

    case: Case
    side: str
    kind: str
    errors_ms: tuple[float, ...]
    missed: int = 0
    false: int = 0

    @property
    def leg(self) -> str:
        """``near``, ``far`` or ``both``."""
        return self.case.leg(self.side)


@dataclass(frozen=True)
class StrikeVerdict:
    """Class of foot strike of one foot beside its label.

    ``found`` is ``rearfoot``, ``non-rearfoot`` or ``indeterminate``; ``three_way`` a class or None where withheld;
    ``true_angle_deg`` the angle that markers and force give.
    """

    case: Case
    side: str
    label: str
    found: str
    three_way: str | None
    angle_deg: float
    ci95: tuple[float, float]
    true_angle_deg: float

    @property
    def quantity(self) -> str:
        """Always ``foot_strike``."""
        return "foot_strike"

    @property
    def leg(self) -> str:
        """``near``, ``far`` or ``both``."""
        return self.case.leg(self.side)

    @property
    def agrees(self) -> bool | None:
        """Whether rearfoot or not agrees with the label; None where indeterminate."""
        if self.found == INDETERMINATE:
            return None
        return (self.found == "rearfoot") == (self.label == "rearfoot")


@dataclass(frozen=True)
class Unmeasured:
    """A quantity with a truth and without a measured value: withheld, or of a clip that was refused.

    ``method`` is how it should have been read where that is known: ``tape`` where the film shows tape.
    """

    case: Case
    quantity: str
    side: str
    reason: str = ""
    method: str = ""

    @property
    def leg(self) -> str:
        """``near``, ``far`` or ``both``."""
        return self.case.leg(self.side)


@dataclass(frozen=True)
class Outcome:
    """All records of a validation, or of one case of it.

    ``unmeasured`` are the values that are missing; ``notes`` say what was repaired in the source, ``skipped`` what was
    left out and why.
    """

    comparisons: tuple[Comparison, ...] = ()
    events: tuple[EventErrors, ...] = ()
    strikes: tuple[StrikeVerdict, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    unmeasured: tuple[Unmeasured, ...] = ()


def merged(outcomes: list[Outcome]) -> Outcome:
    """Join many outcomes in order."""
    return Outcome(
        tuple(r for o in outcomes for r in o.comparisons),
        tuple(r for o in outcomes for r in o.events),
        tuple(r for o in outcomes for r in o.strikes),
        tuple(r for o in outcomes for r in o.notes),
        tuple(r for o in outcomes for r in o.skipped),
        tuple(r for o in outcomes for r in o.unmeasured),
    )

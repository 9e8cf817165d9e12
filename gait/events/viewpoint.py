"""What the camera adds to the times of events: constant shifts of the near and the far leg, and of a pose model."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gait.events.detector import Contacts


@dataclass(frozen=True)
class Shift:
    """How late the events come, s; taken off by :func:`without_shift`."""

    ic_s: float
    to_s: float

    def __add__(self, other: Shift) -> Shift:
        """Both shifts together."""
        return Shift(self.ic_s + other.ic_s, self.to_s + other.to_s)


NEAR_LEG = Shift(-0.001, 0.003)
FAR_LEG = Shift(0.001, -0.003)
"""A foot moves sideways during stance, and a camera at hip height looks down on it: the near foot then seems to rise
late, the far foot early. Marker trials filmed by virtual cameras at 3 to 6 m show -2 and +2 ms for contact, +4 and
-4 ms for toe-off; from far away nothing. A good half is taken off."""

POSE_MODELS = {"MediaPipe": Shift(-0.004, 0.003)}
"""By the beginning of the estimator's name. MediaPipe: mean of the near leg over films of a drawn, shod runner that the
marker trials move (`sample_videos/calibrate.py`), whose events are the force plate's; from clip to clip these means
scatter by 2 ms for contact and 3 ms for toe-off."""


def without_shift(contacts: Contacts, *, near: bool, estimator: str) -> Contacts:
    """Take the constant shifts off the events of a side view.

    Parameters
    ----------
    contacts : Contacts
        Of one leg.
    near : bool
        Whether it is the leg on the camera's side.
    estimator : str
        What made the landmarks.
    """
    shift = NEAR_LEG if near else FAR_LEG
    shift += next((s for name, s in POSE_MODELS.items() if estimator.startswith(name)), Shift(0.0, 0.0))
    return replace(
        contacts,
        ic_s=contacts.ic_s - shift.ic_s,
        to_s=contacts.to_s - shift.to_s,
        loose_to_s=contacts.loose_to_s - shift.to_s,
    )

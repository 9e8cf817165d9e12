"""What camera, pose model and landmark noise add to the times of events: constant shifts, and doubt."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gait.events.detector import Contacts
from gait.signals.placement import is_mediapipe


@dataclass(frozen=True)
class Lateness:
    """How late events come, s, and how far that differs between clips (SD, s)."""

    ic_s: float
    to_s: float
    ic_sd_s: float = 0.0
    to_sd_s: float = 0.0


NEAR_LEG = Lateness(-0.001, 0.003)
FAR_LEG = Lateness(0.001, -0.003)
"""A foot moves sideways during stance, and a camera at hip height looks down on it: the near foot then seems to rise
late, the far foot early. Marker trials filmed by virtual cameras at 3 to 6 m show -2 and +2 ms for contact, +4 and
-4 ms for toe-off; from far away nothing. A good half is taken off. The scatter is part of the rules' own."""

MEDIAPIPE = Lateness(-0.0023, -0.006, 0.0030, 0.0080)
"""MediaPipe (heavy): the rules on its landmarks less the same rules on the joints of a drawn runner, near leg, over
the 12 films of `sample_videos/calibrate.py` (:mod:`gait.validation.pose_offsets`): -2.3 ms (SD 1.3) for contact, -13
ms (SD 11) for toe-off. Of toe-off half is taken off: against the force plate the same events are 7 ms late (SD 7),
because the drawn body lifts its ankle later than the runner whose movement it follows. The SD here are those against
the plate."""

MEDIAPIPE_REAR = Lateness(0.0, 0.0, 0.0120, 0.0140)
"""MediaPipe (heavy) from behind: the rules on its landmarks less the same rules on the joints differ by +1 to +10 ms
for contact and -5 to +2 ms for toe-off on four feet of two rendered runners who move as people did (and lie within 4
and 8 ms of the force plate), and by -19 to +35 and -34 to -13 ms on four feet whose movement was made up. On six feet
of drawn runners of another make, moved by marker trials, it is -24 to +11 (RMS 11) and -34 to +8 ms (mean -14, RMS
19); bare feet instead of shoes change neither. No common shift: all is doubt, more than the first and less than the
made-up ones would show. [default of ours, between them]"""

HIDDEN_FACTOR = 1.5
"""How much less certain the events of the hidden leg are through a pose model: up to 24 ms off for toe-off on the same
films. [rounded, default of ours]"""


NOISE_S = (0.65, 1.2)
"""How far landmark noise, low-passed and in leg lengths, moves a contact and a toe-off: s per leg length. Marker trials
with 3 mm at 120 Hz and 6 mm at 60 Hz scatter by 1.0 and 2.6 ms (contact) and 1.9 and 5 ms (toe-off) more than without
noise."""


def as_seen(
    contacts: Contacts, estimator: str, *, near: bool, model_factor: float = 1.0, noise_legs: float = 0.0
) -> Contacts:
    """Take constant shifts off the events of a side view and add to their uncertainty what the picture does.

    Parameters
    ----------
    contacts : Contacts
        Of one leg.
    estimator : str
        What made the landmarks. Markers hide nothing and shift nothing.
    near : bool
        Whether it is the leg on the camera's side.
    model_factor : float
        How many times less exact this size of the pose model is than the heavy one.
    noise_legs : float
        Noise of the low-passed landmarks, SD in leg lengths.
    """
    camera = NEAR_LEG if near else FAR_LEG
    ic_s, to_s = camera.ic_s, camera.to_s
    ic_sd_s = np.hypot(contacts.ic_sd_s, NOISE_S[0] * noise_legs)
    to_sd_s = np.hypot(contacts.to_sd_s, NOISE_S[1] * noise_legs)
    ic_common_s, to_common_s = contacts.ic_common_sd_s, contacts.to_common_sd_s
    if is_mediapipe(estimator):
        ic_s, to_s = ic_s + MEDIAPIPE.ic_s, to_s + MEDIAPIPE.to_s
        hidden = 1.0 if near else HIDDEN_FACTOR
        ic_model_s, to_model_s = model_factor * MEDIAPIPE.ic_sd_s, model_factor * MEDIAPIPE.to_sd_s
        ic_sd_s, to_sd_s = hidden * np.hypot(ic_sd_s, ic_model_s), hidden * np.hypot(to_sd_s, to_model_s)
        ic_common_s = hidden * float(np.hypot(ic_common_s, ic_model_s))
        to_common_s = hidden * float(np.hypot(to_common_s, to_model_s))
    return replace(
        contacts,
        ic_s=contacts.ic_s - ic_s,
        to_s=contacts.to_s - to_s,
        ic_sd_s=ic_sd_s,
        to_sd_s=to_sd_s,
        loose_to_s=contacts.loose_to_s - to_s,
        ic_common_sd_s=ic_common_s,
        to_common_sd_s=to_common_s,
    )


def as_seen_from_behind(contacts: Contacts, estimator: str, *, model_factor: float = 1.0) -> Contacts:
    """Add to the uncertainty of a rear view's events what the pose model does; see :func:`as_seen`."""
    if not is_mediapipe(estimator):
        return contacts
    ic_model_s, to_model_s = model_factor * MEDIAPIPE_REAR.ic_sd_s, model_factor * MEDIAPIPE_REAR.to_sd_s
    return replace(
        contacts,
        ic_sd_s=np.hypot(contacts.ic_sd_s, ic_model_s),
        to_sd_s=np.hypot(contacts.to_sd_s, to_model_s),
        ic_common_sd_s=float(np.hypot(contacts.ic_common_sd_s, ic_model_s)),
        to_common_sd_s=float(np.hypot(contacts.to_common_sd_s, to_model_s)),
    )

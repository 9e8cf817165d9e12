"""From contacts to strides: every stride is kept, or dropped with a reason that a person can read."""

from __future__ import annotations

import numpy as np

from gait.events.detector import Contacts
from gait.model import Stride
from gait.signals.legs import Leg

CONTACT_LIMITS_S = (0.120, 0.400)
"""A running contact lies within; anything else is a detection fault or no running."""

STRIDE_TOLERANCE = 0.20
"""A stride further than this from the median is a stumble, a missed or a doubled contact. [default of ours]"""

CONTACT_TOLERANCE = 0.25
"""A contact further than this from the foot's median contact time is a detection fault. [default of ours]"""

LEG_PARTS = ("hip", "knee", "ankle", "heel", "toe")


def strides_of(contacts: Contacts, leg: Leg, video: str, needed: tuple[str, ...] = LEG_PARTS) -> list[Stride]:
    """Pair each contact with the next one of the same foot.

    Parameters
    ----------
    contacts : Contacts
        Of one foot, in order.
    leg : Leg
        The same leg; strides with missing landmarks are dropped.
    video : str
        Id of the video, stored with every stride.
    needed : tuple of str
        Parts of the leg that must be seen throughout a stride. None where only times are wanted: a stride with a
        doubtful toe-off is then kept without it.

    Returns
    -------
    list of Stride
        One fewer than there are contacts; times in the leg's time base. ``to_s`` is NaN where none was found.
    """
    if len(contacts) < 2:
        return []
    lasting = np.diff(contacts.ic_s)
    usual = float(np.median(lasting))
    contact_times = contacts.to_s - contacts.ic_s
    usual_contact = float(np.nanmedian(contact_times)) if np.isfinite(contact_times).any() else float("nan")
    strides = []
    for k, duration in enumerate(lasting):
        ic, to, following = float(contacts.ic_s[k]), float(contacts.to_s[k]), float(contacts.ic_s[k + 1])
        doubt = _contact_reason(to - ic, usual_contact)
        reason = _stride_reason(float(duration), usual) or _missing(leg, ic, following, needed)
        if needed:
            reason = doubt or reason
        elif doubt:
            to = float("nan")  # the stride's own time still holds
        strides.append(Stride(video, contacts.side, ic, to, following, reason))
    return strides


def _contact_reason(contact_s: float, usual_contact_s: float) -> str | None:
    low, high = CONTACT_LIMITS_S
    if not np.isfinite(contact_s):
        return "no toe-off found"
    if not low <= contact_s <= high:
        return f"contact of {contact_s * 1000:.0f} ms is outside {low * 1000:.0f} to {high * 1000:.0f} ms"
    if abs(contact_s / usual_contact_s - 1.0) > CONTACT_TOLERANCE:
        return f"contact of {contact_s * 1000:.0f} ms differs from the usual {usual_contact_s * 1000:.0f} ms"
    return None


def _stride_reason(stride_s: float, usual_s: float) -> str | None:
    if abs(stride_s / usual_s - 1.0) > STRIDE_TOLERANCE:
        return f"stride of {stride_s * 1000:.0f} ms differs from the usual {usual_s * 1000:.0f} ms"
    return None


def _missing(leg: Leg, start_s: float, stop_s: float, needed: tuple[str, ...]) -> str | None:
    window = leg.window(start_s, stop_s)
    for part in needed:
        lost = ~np.isfinite(leg.position[part][window, 0])
        if lost.any():
            return f"{part} not seen for {lost.sum():.0f} ms"
    return None

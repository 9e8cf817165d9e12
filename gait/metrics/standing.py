"""Where a clip shows quiet standing: the zero of angles, and no place for contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from gait.events.detector import Contacts
from gait.signals.filters import runs_of
from gait.signals.legs import EVENT_RATE_HZ, Leg

Span = tuple[float, float]


def standing_samples(leg: Leg, min_s: float = 0.5, max_range_legs: float = 0.05) -> list[slice]:
    """Find where the person stands still.

    Parameters
    ----------
    leg : Leg
        At 1 kHz.
    min_s : float
        Shortest standing time, s.
    max_range_legs : float
        Heel and toe stay within this range, in leg lengths, over ``min_s``; a stance foot on the belt crosses that in
        a few hundredths of a second. [default of ours]
    """
    window = round(min_s * EVENT_RATE_HZ)
    # A close-up from behind follows no toe.
    parts = [leg.position[part] for part in ("heel", "toe") if np.isfinite(leg.position[part]).any()]
    if not parts or len(parts[0]) < window:
        return []
    paths = np.concatenate(parts, axis=1)
    seen = np.asarray(np.isfinite(paths).all(axis=1))[:, None]
    highest = maximum_filter1d(np.where(seen, paths, np.inf), window, axis=0, mode="constant", cval=np.inf)
    lowest = minimum_filter1d(np.where(seen, paths, -np.inf), window, axis=0, mode="constant", cval=-np.inf)
    still = (highest - lowest < max_range_legs * leg.length).all(axis=1)
    # Each still sample stands for the window around it.
    half = window // 2
    return [slice(max(0, run.start - half), min(len(paths), run.stop + half)) for run in runs_of(np.asarray(still))]


def standing_spans(legs: Mapping[str, Leg]) -> list[Span]:
    """Return from when to when, s, both feet stand still."""
    first, second = (standing_samples(leg) for leg in legs.values())
    times_s = next(iter(legs.values())).times_s
    return [
        (float(times_s[max(a.start, b.start)]), float(times_s[min(a.stop, b.stop) - 1]))
        for a in first
        for b in second
        if min(a.stop, b.stop) > max(a.start, b.start)
    ]


def without_standing(contacts: Contacts, spans: Sequence[Span]) -> Contacts:
    """Leave out contacts that began, as it seemed, while both feet stood still.

    A toe-off that ends one after the standing is the first step: an event, but of no stride.
    """
    ic_s, to_s = contacts.ic_s, contacts.to_s
    still = np.zeros(len(ic_s), bool)
    first_steps = []
    for start_s, stop_s in spans:
        inside = (ic_s >= start_s) & (ic_s <= stop_s)
        still |= inside
        first_steps += [float(t) for t in to_s[inside] if t > stop_s]
    if not still.any():
        return contacts
    return replace(
        contacts,
        ic_s=ic_s[~still],
        to_s=to_s[~still],
        ic_sd_s=contacts.ic_sd_s[~still],
        to_sd_s=contacts.to_sd_s[~still],
        loose_to_s=np.sort(np.concatenate([contacts.loose_to_s, first_steps])),
    )

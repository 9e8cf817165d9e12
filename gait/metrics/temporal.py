"""Times: what both legs' events give, stride by stride."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.model import Floats, Stride


@dataclass(frozen=True, eq=False)
class StrideTimes:
    """Durations of the kept strides of one leg, arrays of shape (n,), seconds.

    ``flight_s`` runs to the next contact of the other foot and is NaN where that was not found.
    """

    stride_s: Floats
    contact_s: Floats
    flight_s: Floats


def stride_times(strides: list[Stride], other_ic_s: Floats) -> StrideTimes:
    """Measure the times of kept strides.

    Parameters
    ----------
    strides : list of Stride
        Of one leg; rejected ones are left out.
    other_ic_s : ndarray, shape (m,)
        Initial contacts of the other foot.
    """
    kept = [s for s in strides if s.reject_reason is None]
    flight = []
    for stride in kept:
        # The other foot lands about half a stride later; anything in the first or last fifth is a false contact.
        length = stride.next_ic_s - stride.ic_s
        share = (other_ic_s - stride.ic_s) / length
        between = other_ic_s[(share > 0.2) & (share < 0.8)]
        flight.append(float(between[0]) - stride.to_s if len(between) == 1 else np.nan)
    return StrideTimes(
        np.array([s.next_ic_s - s.ic_s for s in kept]),
        np.array([s.to_s - s.ic_s for s in kept]),
        np.array(flight),
    )

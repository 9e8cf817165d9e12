"""How well detected events agree with an independent truth."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gait.model import Floats

MATCH_WINDOW_S = 0.080


@dataclass(frozen=True, eq=False)
class Agreement:
    """Errors of matched events and the counts of those without a partner.

    Parameters
    ----------
    errors_s : ndarray, shape (n,)
        Detected minus true time.
    missed, false : int
        True events without a detection, detections without a true event.
    partners : dict of int to int
        Index of the detection by index of its true event, both as given; judged or not.
    """

    errors_s: Floats
    missed: int
    false: int
    partners: dict[int, int] = field(default_factory=dict)

    @property
    def bias_s(self) -> float:
        """Mean error, s."""
        return float(np.mean(self.errors_s)) if len(self.errors_s) else float("nan")

    @property
    def rmse_s(self) -> float:
        """Root mean square error, s."""
        return float(np.sqrt(np.mean(self.errors_s**2))) if len(self.errors_s) else float("nan")


def match_events(
    detected_s: Floats, true_s: Floats, start_s: float, stop_s: float, window_s: float = MATCH_WINDOW_S
) -> Agreement:
    """Pair each true event with the nearest detection within the window, each used once.

    Parameters
    ----------
    detected_s, true_s : array_like, shape (D,), (E,)
        Event times.
    start_s, stop_s : float
        True events outside are not judged; a detection outside is no false one.
    window_s : float
        Largest difference of a pair.
    """
    detection_order, true_order = np.argsort(detected_s), np.argsort(true_s)
    detected = np.asarray(detected_s, dtype=float)[detection_order]
    truth = np.asarray(true_s, dtype=float)[true_order]
    pairs = sorted(
        (abs(d - t), i, j) for i, t in enumerate(truth) for j, d in enumerate(detected) if abs(d - t) <= window_s
    )
    partner: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in partner and j not in partner.values():
            partner[i] = j
    judged = [i for i, t in enumerate(truth) if start_s <= t <= stop_s]
    errors = np.array([detected[partner[i]] - truth[i] for i in judged if i in partner])
    free = set(range(len(detected))) - set(partner.values())
    return Agreement(
        errors,
        sum(i not in partner for i in judged),
        sum(start_s <= detected[j] <= stop_s for j in free),
        {int(true_order[i]): int(detection_order[j]) for i, j in partner.items()},
    )

"""What every pose estimator takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gait.model import Floats


@dataclass(frozen=True, eq=False)
class Person:
    """The landmarks of one person in one picture.

    Parameters
    ----------
    xy_px : ndarray, shape (K, 2)
        Image position.
    score, depth : ndarray, shape (K,)
        Visibility 0 to 1, and relative depth (towards the camera negative).
    """

    xy_px: Floats
    score: Floats
    depth: Floats


class PoseSession(Protocol):
    """An open estimator: feed it the frames of one passage in order, then close it."""

    def __call__(self, rgb: NDArray[np.uint8]) -> list[Person]:
        """Return the people in the next frame, the one it follows first; empty when it sees nobody."""
        ...

    def forget(self) -> None:
        """Stop following whoever was followed; the next frame is searched afresh."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...

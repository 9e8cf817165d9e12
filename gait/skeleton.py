"""Landmark names, edges and left/right pairs of the pose models that `gait` can read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Skeleton:
    """The landmarks of one pose model, in the order of its output.

    Parameters
    ----------
    name : str
        Registry name, stored with every pose sequence.
    landmarks : tuple of str
        Landmark names in model order; those of a body side start with ``left_`` or ``right_``.
    edges : tuple of (str, str)
        Pairs of landmarks that a drawing joins by a line.
    """

    name: str
    landmarks: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.landmarks)}

    def index(self, landmark: str) -> int:
        """Return the position of a landmark in the model's output."""
        return self._index[landmark]

    def indices(self, landmarks: tuple[str, ...] | list[str]) -> list[int]:
        """Return the positions of several landmarks, in the order asked for."""
        return [self._index[name] for name in landmarks]

    @cached_property
    def mirror(self) -> tuple[int, ...]:
        """For every landmark the index of its counterpart on the other side of the body (itself on the midline)."""
        swapped = {"left": "right", "right": "left"}
        # The side comes first in most names, last in those of the corners of the mouth.
        return tuple(
            self._index["_".join(swapped.get(word, word) for word in name.split("_"))] for name in self.landmarks
        )


_FACE = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
)
_BODY_PARTS = (
    "shoulder",
    "elbow",
    "wrist",
    "pinky",
    "index",
    "thumb",
    "hip",
    "knee",
    "ankle",
    "heel",
    "foot_index",
)

FACE_LANDMARKS = _FACE

BLAZEPOSE = Skeleton(
    name="blazepose33",
    landmarks=_FACE + tuple(f"{side}_{part}" for part in _BODY_PARTS for side in ("left", "right")),
    edges=(
        ("left_shoulder", "right_shoulder"),
        ("left_hip", "right_hip"),
        *(
            (f"{side}_{a}", f"{side}_{b}")
            for side in ("left", "right")
            for a, b in (
                ("shoulder", "elbow"),
                ("elbow", "wrist"),
                ("shoulder", "hip"),
                ("hip", "knee"),
                ("knee", "ankle"),
                ("ankle", "heel"),
                ("heel", "foot_index"),
                ("ankle", "foot_index"),
            )
        ),
    ),
)
"""MediaPipe's 33 landmarks (Bazarevsky et al. 2020, doi:10.48550/arXiv.2006.10204); ``foot_index`` is the toe tip."""

SKELETONS = {BLAZEPOSE.name: BLAZEPOSE}

LEG_PARTS = ("hip", "knee", "ankle", "heel", "foot_index")


def leg(side: str) -> tuple[str, ...]:
    """Return the names of one leg's landmarks, hip to toe."""
    return tuple(f"{side}_{part}" for part in LEG_PARTS)


OUTWARDS = {"left": -1.0, "right": 1.0}
"""Direction away from the midline, from behind: x to the runner's right, as in a picture that is not mirrored."""


def other(side: str) -> str:
    """Return the other body side."""
    return {"left": "right", "right": "left"}[side]

"""What the measurement of one clip needs to know besides the landmarks."""

from __future__ import annotations

from dataclasses import dataclass, field

from gait.model import Recording


@dataclass(frozen=True)
class ClipOptions:
    """What a person may set, and what the container said.

    Parameters
    ----------
    video : str
        Id of the video.
    size_px : (int, int)
        Width and height of the picture.
    recording : Recording
        Height, mass, belt speed.
    file_rate_hz : float
        Frame rate as the file plays; a slow-motion proposal is made from it.
    time_scale : float
        Real seconds per second of the file that the given times already hold.
    view : str or None
        ``left``, ``right``, ``rear``, ``front``; None recognises it.
    mirrored : bool
        The picture is mirror-inverted.
    horizon_deg : float
        Angle of the true horizontal in the picture, positive where it rises to the right.
    """

    video: str
    size_px: tuple[int, int]
    recording: Recording = field(default_factory=Recording)
    file_rate_hz: float = 0.0
    time_scale: float = 1.0
    view: str | None = None
    mirrored: bool = False
    horizon_deg: float = 0.0

"""What the measurement of one clip needs to know besides the landmarks."""

from __future__ import annotations

from dataclasses import dataclass, field

from gait.model import Recording

ENTERED, DETECTED, ASSUMED_LEVEL = "entered", "detected", "none"
"""Where the camera's roll comes from."""


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
    horizon_origin : str
        Where that comes from: ``entered``, ``detected``, or ``none``, when the camera is taken to be level.
    horizon_sd_deg : float
        Its standard uncertainty, where it was detected.
    horizon_evidence : str
        What showed it, where it was detected: "14 upright edges and 3 level edges".
    """

    video: str
    size_px: tuple[int, int]
    recording: Recording = field(default_factory=Recording)
    file_rate_hz: float = 0.0
    time_scale: float = 1.0
    view: str | None = None
    mirrored: bool = False
    horizon_deg: float = 0.0
    horizon_origin: str = ASSUMED_LEVEL
    horizon_sd_deg: float = 0.0
    horizon_evidence: str = ""

    @property
    def roll_words(self) -> str:
        """What was taken as level, for the list of what was done."""
        if self.roll_origin is None:
            return "camera taken to be level"
        return f"camera roll {self.horizon_deg:+.1f} deg, {self.roll_origin}"

    @property
    def roll_origin(self) -> str | None:
        """Where the camera's roll comes from, in words; None where the camera is taken to be level."""
        if self.horizon_origin == DETECTED:
            return f"from {self.horizon_evidence or 'upright and level edges'} (SD {self.horizon_sd_deg:.1f} deg)"
        return "as entered" if self.horizon_origin == ENTERED or self.horizon_deg else None

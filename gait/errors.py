"""Errors a person can act on.

Every error that reaches the user carries one line that says what happened and one hint that says what to do.
The command line prints both and exits with :attr:`GaitError.exit_code`; a traceback goes to the log only.
"""

from __future__ import annotations


class GaitError(Exception):
    """Something the user can put right.

    Parameters
    ----------
    message : str
        What happened, in one plain sentence.
    hint : str
        What to do about it, in one plain sentence.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def __reduce__(self) -> tuple[type[GaitError], tuple[str, str]]:
        # Errors cross process borders (pose workers, batch); the default would lose the hint.
        return type(self), (self.message, self.hint)


class VideoError(GaitError):
    """The file cannot be read as a video, or holds too little of one."""


class PoseError(GaitError):
    """The pose model is missing, damaged or cannot run here."""


class QualityError(GaitError):
    """The video was read, but what it shows cannot be measured (nobody, walking, a front view)."""


class NoBodyError(QualityError):
    """No whole person is in the picture; lower legs by themselves may be."""


class FrontViewError(QualityError):
    """The runner is filmed from the front."""


class WalkingError(QualityError):
    """The person walks."""


class ConfigError(GaitError):
    """An option, or a combination of options, makes no sense."""

    exit_code = 2

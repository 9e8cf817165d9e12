"""Which camera roll found in the pictures of a clip is believed."""

from __future__ import annotations

import logging

import numpy as np

from gait.model import PoseSequence, VideoInfo
from gait.video.deck import Deck
from gait.video.horizon import Horizon, find_horizon

MAX_ROLL_SD_DEG = 1.2
"""A detected camera roll less certain than this (SD) is not used: a camera set up by eye is level to within 1 or 2 deg
anyway. What is used widens every interval that it moves. [default of ours]"""

_log = logging.getLogger(__name__)


def believed_horizon(
    info: VideoInfo, pose: PoseSequence, span: tuple[int, int], deck: Deck | None = None
) -> Horizon | None:
    """Find the camera's roll where the runner is.

    Parameters
    ----------
    info : VideoInfo
        The video.
    pose : PoseSequence
        The runner, in the picture as it is.
    span : (int, int)
        First frame analysed, and the one after the last.
    deck : Deck, optional
        Where a side view shows the deck.

    Returns
    -------
    Horizon or None
        None where it is not known well enough to be used.
    """
    seen_x_px = pose.xy_px[..., 0]
    seen_x_px = seen_x_px[np.isfinite(seen_x_px)]
    found = find_horizon(info, *span, float(np.median(seen_x_px)) if len(seen_x_px) else None, deck)
    if found is None:
        _log.info("no level and upright edges found that agree")
        return None
    _log.info("camera roll %.2f deg, SD %.2f, from %s", found.angle_deg, found.sd_deg, found.words)
    return found if found.sd_deg <= MAX_ROLL_SD_DEG else None

"""The strip under the annotated video: when each foot is on the belt, and where the film is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from gait.model import INITIAL_CONTACT, TOE_OFF, GaitAnalysis
from gait.report.pictures import RGB
from gait.report.wording import leg_words
from gait.video.draw import LEFT, RIGHT, draw_label
from gait.video.label import WHITE

_BACKGROUND = (20, 22, 26)
_RAIL = (90, 96, 104)
_SHOWN_S = 3.0
_LONGEST_CONTACT_S = 0.6


@dataclass(frozen=True)
class Contact:
    """A foot on the belt from ``start_s`` to ``end_s``; ``used`` tells whether its stride counts."""

    side: str
    start_s: float
    end_s: float
    used: bool


def contacts_of(analysis: GaitAnalysis, video: str) -> tuple[Contact, ...]:
    """Pair every initial contact with the toe-off of the same foot that follows it."""
    used = {(s.side, round(s.ic_s, 4)) for s in analysis.strides if s.video == video and s.reject_reason is None}
    found = []
    for side in ("left", "right"):
        events = sorted((e for e in analysis.events if e.video == video and e.side == side), key=lambda e: e.time_s)
        for event, following in pairwise(events):
            pair = (event.kind, following.kind) == (INITIAL_CONTACT, TOE_OFF)
            if pair and following.time_s - event.time_s <= _LONGEST_CONTACT_S:
                counts = (side, round(event.time_s, 4)) in used
                found.append(Contact(side, event.time_s, following.time_s, counts))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class StanceStrip:
    """The strip drawn once for the whole clip; a film shows the part around its play position.

    Parameters
    ----------
    base : ndarray of uint8, shape (H, W, 3)
        Panel with the names of the rows.
    band : ndarray of uint8, shape (h, n, 3)
        Contacts over the whole clip and half a window before and after.
    origin_s, px_per_s : float
        Time of the band's first column and its scale.
    top, left : int
        Where the band lies in the panel.
    """

    base: RGB
    band: RGB
    origin_s: float
    px_per_s: float
    top: int
    left: int

    @classmethod
    def build(
        cls,
        analysis: GaitAnalysis,
        video: str,
        near_side: str | None,
        span_s: tuple[float, float],
        size_px: tuple[int, int],
    ) -> StanceStrip:
        """Draw the strip of a video for a panel of ``size_px`` (width, height)."""
        width, height = size_px
        rows = _rows(near_side)
        base = np.full((height, width, 3), _BACKGROUND, dtype=np.uint8)
        text_px = height * 0.17
        # draw_label measures letters on a 720p picture; a panel is much lower than that.
        scale = text_px / 22.0 / max(min(base.shape[:2]) / 720, 0.4)
        left, top = round(0.2 * width), round(0.36 * height)
        row_px = (height - top) // 2
        for i, side in enumerate(rows):
            middle = top + i * row_px + row_px * 0.46
            name = leg_words(analysis, video, side)
            draw_label(base, name, (4, middle - text_px * 0.8), scale=scale, colour=_colour(side))
        px_per_s = (width - left) / _SHOWN_S
        origin_s = span_s[0] - _SHOWN_S / 2
        length = round((span_s[1] - span_s[0] + _SHOWN_S) * px_per_s) + 2
        band = np.full((2 * row_px, length, 3), _BACKGROUND, dtype=np.uint8)
        strip = cls(base, band, origin_s, px_per_s, top, left)
        for i, _ in enumerate(rows):
            cv2.line(band, (0, _middle(i, row_px)), (length, _middle(i, row_px)), _RAIL, 1)
        for contact in contacts_of(analysis, video):
            strip._draw_contact(contact, rows.index(contact.side), row_px)
        return strip

    def _draw_contact(self, contact: Contact, row: int, row_px: int) -> None:
        x0, x1 = (round((t - self.origin_s) * self.px_per_s) for t in (contact.start_s, contact.end_s))
        half = max(row_px // 3, 2)
        corners = ((x0, _middle(row, row_px) - half), (x1, _middle(row, row_px) + half))
        cv2.rectangle(self.band, *corners, _BACKGROUND, -1)
        # Hollow: seen, but not counted.
        cv2.rectangle(self.band, *corners, _colour(contact.side), -1 if contact.used else 1)

    def at(self, time_s: float, text: str) -> RGB:
        """Return the panel at a play position, with a line of text."""
        panel = self.base.copy()
        height, width = panel.shape[:2]
        shown_px = width - self.left
        first = round((time_s - _SHOWN_S / 2 - self.origin_s) * self.px_per_s)
        first = min(max(first, 0), max(self.band.shape[1] - shown_px, 0))
        part = self.band[:, first : first + shown_px]
        panel[self.top : self.top + part.shape[0], self.left : self.left + part.shape[1]] = part
        x = self.left + round((time_s - self.origin_s) * self.px_per_s) - first
        cv2.line(panel, (x, self.top - 2), (x, height), WHITE, 2)
        scale = height * 0.19 / 22.0 / max(min(panel.shape[:2]) / 720, 0.4)
        draw_label(panel, text, (4, 2), scale=scale)
        return panel


def _rows(near_side: str | None) -> tuple[str, str]:
    return ("right", "left") if near_side == "right" else ("left", "right")


def _middle(row: int, row_px: int) -> int:
    return round((row + 0.5) * row_px)


def _colour(side: str) -> tuple[int, int, int]:
    return LEFT if side == "left" else RIGHT

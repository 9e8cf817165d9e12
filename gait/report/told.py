"""What the person told us, in one line: for the report's header and the terminal."""

from __future__ import annotations

from gait.model import Recording
from gait.report.wording import number
from gait.told_words import told_phrases
from gait.words import text


def told_line(recording: Recording) -> str:
    """Return what was told about the run, then complaints and goal, in one line; empty where nothing was."""
    parts = []
    if recording.belt_speed_m_s is not None:
        v = recording.belt_speed_m_s
        speeds = {"m_s": f"{v:.2f}", "km_h": f"{3.6 * v:.1f}", "mph": f"{2.23694 * v:.1f}"}
        parts.append(text("report_numbers.told.belt", **speeds))
    if recording.incline_pct is not None:
        parts.append(text("report_numbers.told.incline", pct=number(recording.incline_pct, "%")))
    if recording.height_m is not None:
        parts.append(text("report_numbers.told.height", m=f"{recording.height_m:.2f}"))
    if recording.mass_kg is not None:
        parts.append(text("report_numbers.told.mass", kg=f"{recording.mass_kg:.0f}"))
    if recording.footwear:
        parts.append(text("report_numbers.told.shoes", shoes=recording.footwear))
    if recording.symptoms:
        parts.append(text("report_numbers.told.complaints", complaints=", ".join(recording.symptoms)))
    return "; ".join((*([", ".join(parts)] if parts else []), *told_phrases(recording.told)))


def told(recording: Recording) -> str:
    """Return :func:`told_line`; says so where nothing was told."""
    return told_line(recording) or text("report_numbers.told.nothing")

"""What the person told us, in one line: for the report's header and the terminal."""

from __future__ import annotations

from gait.model import Recording
from gait.report.wording import number
from gait.told_words import told_phrases


def told_line(recording: Recording) -> str:
    """Return what was told about the run, then complaints and goal, in one line; empty where nothing was."""
    parts = []
    if recording.belt_speed_m_s is not None:
        v = recording.belt_speed_m_s
        parts.append(f"belt {v:.2f} m/s ({3.6 * v:.1f} km/h, {2.23694 * v:.1f} mph)")
    if recording.incline_pct is not None:
        parts.append(f"incline {number(recording.incline_pct, '%')} %")
    if recording.height_m is not None:
        parts.append(f"height {recording.height_m:.2f} m")
    if recording.mass_kg is not None:
        parts.append(f"mass {recording.mass_kg:.0f} kg")
    if recording.footwear:
        parts.append(f"shoes: {recording.footwear}")
    if recording.symptoms:
        parts.append("complaints: " + ", ".join(recording.symptoms))
    return "; ".join((*([", ".join(parts)] if parts else []), *told_phrases(recording.told)))


def told(recording: Recording) -> str:
    """Return :func:`told_line`; says so where nothing was told."""
    return told_line(recording) or "nothing (no height, no belt speed)"

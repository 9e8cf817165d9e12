"""Print the accuracy table of the README: `python -m tests.accuracy.table` from the project's root.

Runs the whole pipeline on the rendered side view of the shared data (events from a force plate) and on the sample
videos (kinematics of the project's own), and compares with their truth. ``--readme`` writes the table into README.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from gait.config import AnalysisConfig
from gait.model import GaitAnalysis
from gait.pipeline import analyze
from tests.conftest import ROOT, shared_data
from tests.support.truth import Truth

BEGIN, END = "<!-- accuracy table: begin -->", "<!-- accuracy table: end -->"
METRICS = (
    ("cadence_spm", "Cadence, steps/min", 1),
    ("ground_contact_time_ms", "Contact time, ms", 0),
    ("foot_strike_angle_deg", "Foot angle at landing, deg", 1),
    ("shank_angle_ic_deg", "Shin angle at landing, deg", 1),
    ("knee_flexion_ic_deg", "Knee bend at landing, deg", 1),
    ("knee_flexion_peak_stance_deg", "Largest knee bend on the ground, deg", 1),
    ("hip_extension_peak_deg", "Thigh behind the body, deg", 1),
    ("trunk_lean_deg", "Trunk lean, deg", 1),
    ("overstride_cm", "Foot ahead of hips at landing, cm", 1),
)


def clips() -> Iterator[tuple[str, Path, AnalysisConfig]]:
    """Yield a title, the video and what the analysis is told."""
    rendered = shared_data() / "rendered" / "dev_side.mp4"
    if rendered.is_file():
        height = Truth.read(rendered.with_suffix(".truth.json")).saved["height_m"]
        yield "rendered runner, force-plate events, 60 fps", rendered, AnalysisConfig(height_m=height)
    told = AnalysisConfig(height_m=1.75, belt_speed_m_s=3.0)
    yield "sample, 60 fps", ROOT / "sample_videos" / "side_60fps.mp4", told
    slow = AnalysisConfig(height_m=1.75, belt_speed_m_s=3.0, capture_rate_hz=240.0)
    yield "sample, 240 fps", ROOT / "sample_videos" / "side_240fps_saved_as_30.mp4", slow


def rows() -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| clip | model | quantity | measured | truth | error |"
    yield "|---|---|---|---|---|---|"
    for title, video, config in clips():
        analysis = analyze(video, config)
        truth = Truth.read(video.with_suffix(".truth.json"))
        model = analysis.software["pose_model"]
        yield from (f"| {title} | {model} | {line} |" for line in _lines(analysis, truth))


def _lines(analysis: GaitAnalysis, truth: Truth) -> Iterator[str]:
    for kind, name in (("initial_contact", "Initial contact"), ("toe_off", "Toe-off")):
        agreement = truth.agreement(analysis, truth.near, kind)
        found = f"{len(agreement.errors_s)} of {len(agreement.errors_s) + agreement.missed}, {agreement.false} false"
        error = f"bias {agreement.bias_s * 1000:+.1f}, RMSE {agreement.rmse_s * 1000:.1f} ms"
        yield f"{name}, near leg | {found} | | {error}"
    true = truth.metrics()
    for name, words, digits in METRICS:
        metric = next(m for m in analysis.metrics if m.name == name and m.side in (truth.near, "both"))
        if isinstance(metric.value, float):
            error = metric.value - true[name]
            yield f"{words} | {metric.value:.{digits}f} | {true[name]:.{digits}f} | {error:+.{digits}f}"


def main() -> None:
    """Print the table, and write it into the README when asked to."""
    table = "\n".join(rows())
    print(table)
    if "--readme" in sys.argv[1:]:
        readme = ROOT / "README.md"
        text = readme.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        tail = rest.split(END)[1]
        readme.write_text(f"{head}{BEGIN}\n{table}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()

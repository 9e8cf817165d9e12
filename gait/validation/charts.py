"""Pictures of the agreement, as Vega-Lite made into PNG without a browser (vl-convert)."""

from __future__ import annotations

from collections.abc import Callable

from gait.validation.chart_events import by_rate, events
from gait.validation.chart_metrics import bland_altman, confusion, coverage, force
from gait.validation.chart_style import Spec, render_png
from gait.validation.records import Outcome

_MAKERS: dict[str, tuple[str, Callable[[Outcome], Spec | None]]] = {
    "events.png": (
        "Error of every foot in every marker trial (120 frames/s, 3 mm, near and far, both cameras): mean and one SD "
        "over its contacts. The band is the target for the RMSE, for contact time for the mean error size.",
        events,
    ),
    "events_by_rate.png": (
        "RMSE of events in marker trials by frame rate and landmark noise, camera square to the treadmill, with the "
        "targets.",
        by_rate,
    ),
    "bland_altman.png": (
        "Error against the mean of measured and true value (Bland-Altman), near leg, 120 frames/s and 3 mm for marker "
        "trials; the blue lines are bias and 95 % limits of agreement of the marker trials, the dotted ones the "
        "targets for videos.",
        bland_altman,
    ),
    "force.png": (
        "Peak vertical force: estimated from times against the force plate, 120 frames/s, 3 mm; the band is the target "
        "either way.",
        force,
    ),
    "coverage.png": ("Share of 95 % intervals that contain the truth; the band is 90 to 98 %.", coverage),
    "foot_strike.png": (
        "Foot strike: label of the source against the class by the angle alone, 120 frames/s, 3 mm.",
        confusion,
    ),
}


def pictures(outcome: Outcome) -> dict[str, tuple[str, bytes]]:
    """Draw everything that the records hold.

    Returns
    -------
    dict
        Caption and PNG by file name; a picture without data is left out.
    """
    drawn = {name: (caption, make(outcome)) for name, (caption, make) in _MAKERS.items()}
    return {name: (caption, render_png(spec)) for name, (caption, spec) in drawn.items() if spec is not None}

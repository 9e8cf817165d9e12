"""Every quantity that `gait` can report: what it is, its unit and sign, what to compare it with, and the source."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

REFERENCE_SPEED_TOLERANCE_M_S = 0.4
"""A reference is quoted only for runs within this speed of it."""

OF_BOTH_EVENTS = ("ground_contact_time_ms", "flight_time_ms", "duty_factor_pct")
"""Metrics that are as exact as the times of single contacts and toe-offs."""

MARKS = {
    "P": "published",
    "M": "measured on treadmill runners with a force plate",
    "D": "derived",
    "E": "a default of ours, not validated",
}


@dataclass(frozen=True)
class MetricSpec:
    """One row of the catalogue.

    Parameters
    ----------
    name : str
        Name in the saved analysis, with its unit.
    title, plain : str
        What a person reads: a short name, and one sentence in plain words.
    unit : str or None
        None for a class.
    definition, sign, reference, source : str
        In words.
    mark : str
        Where the reference comes from, a key of :data:`MARKS`.
    view : str
        ``side``, ``rear`` or ``any``.
    reference_points : tuple of (float, float, float)
        Belt speed in m/s, mean and SD.
    sdc : float or None
        Published smallest detectable change (the upper end of the range), in the metric's unit: Dingenen et al. 2018,
        doi:10.1016/j.ptsp.2018.06.009, 21 runners, 2D video, twice one week apart. None where none is published: it is
        then derived from each recording, see :mod:`gait.metrics.detectable`.
    sdc_source : str
        Which of that study's angles the figure is of, and the source; empty without a published one.
    change_words : (str, str)
        What a larger and a smaller value is called: "longer", "shorter".
    speed_dependent : bool
        Whether the number changes with belt speed; taken to be so unless nothing says that it does.
    rests_on : str or None
        For a class, the metric whose value decides it.
    symmetry : str or None
        How left and right are compared: ``relative`` or ``difference``; None where they are not.
    of : str or None
        For a comparison of left and right: the metric that is compared.
    """

    name: str
    title: str
    unit: str | None
    definition: str
    sign: str
    reference: str
    source: str
    mark: str
    view: str
    plain: str
    reference_points: tuple[tuple[float, float, float], ...] = ()
    sdc: float | None = None
    sdc_source: str = ""
    change_words: tuple[str, str] = ("more", "less")
    speed_dependent: bool = True
    rests_on: str | None = None
    symmetry: str | None = None
    of: str | None = None


_LEFT_RIGHT = "left against right"


def _symmetry_of(base: MetricSpec) -> MetricSpec:
    """Return the catalogue's row for left against right of a metric."""
    relative = base.symmetry == "relative"
    stem = base.name.removesuffix("_ms").removesuffix("_pct")
    what = base.title[:1].lower() + base.title[1:]
    subtract = "100 x (left - right) / mean of left and right" if relative else "Left minus right"
    limit = "the smallest detectable change" if base.unit != "deg" else "3 deg and the smallest detectable change"
    return MetricSpec(
        name=f"symmetry_{stem}_pct" if relative else f"symmetry_{base.name}",
        title=f"{base.title}, {_LEFT_RIGHT}",
        unit="%" if relative else base.unit,
        definition=f"{subtract}; compared: {base.definition[:1].lower()}{base.definition[1:]}",
        sign="Positive: larger on the left.",
        reference=f"Called a difference only beyond {limit}, and only when the 95 % interval leaves out 0.",
        source="No validated limit is known; the rule is a default of ours",
        mark="E",
        view=base.view,
        plain=f"How much your left and your right leg differ: {what}.",
        change_words=("more on the left", "more on the right"),
        speed_dependent=base.speed_dependent,
        of=base.name,
    )


def _load() -> dict[str, MetricSpec]:
    text = files("gait.metrics").joinpath("catalogue.toml").read_text(encoding="utf-8")
    specs = {}
    for name, row in tomllib.loads(text).items():
        points = tuple((float(v), float(m), float(s)) for v, m, s in row.pop("reference_points", ()))
        if "change_words" in row:
            row["change_words"] = tuple(row["change_words"])
        specs[name] = MetricSpec(name=name, unit=row.pop("unit", None), reference_points=points, **row)
    compared = [_symmetry_of(spec) for spec in specs.values() if spec.symmetry]
    return specs | {spec.name: spec for spec in compared}


CATALOGUE: dict[str, MetricSpec] = _load()
_PLACE = {name: place for place, name in enumerate(CATALOGUE)}


def place_of(name: str) -> int:
    """Return a metric's place in the catalogue's order; one that it does not know comes last."""
    return _PLACE.get(name, len(_PLACE))


def reference_for(name: str, value: float | str | None, belt_speed_m_s: float | None) -> dict[str, Any] | None:
    """Return what a value may be compared with at this belt speed.

    Parameters
    ----------
    name : str
        Metric.
    value : float, str or None
        The measured value; a percentile is given only for a number.
    belt_speed_m_s : float or None
        Speed of the run; None when unknown.

    Returns
    -------
    dict or None
        ``mean``, ``sd``, ``speed_m_s``, ``percentile``, ``unit``, ``mark``, ``source``, ``note``. Percentiles come from
        mean and SD of a normal distribution, only within 0.4 m/s of the reference's speed. Without a comparable one
        only ``note``, ``mark`` and ``source`` are there. None when the catalogue knows no reference at all.
    """
    spec = CATALOGUE[name]
    said: dict[str, Any] = {"note": spec.reference, "mark": spec.mark, "source": spec.source, "unit": spec.unit}
    if not spec.reference_points:
        return said
    if belt_speed_m_s is None:
        return said | {"note": f"{spec.reference} Belt speed unknown: no comparison made."}
    speed, mean, sd = min(spec.reference_points, key=lambda p: abs(p[0] - belt_speed_m_s))
    if abs(speed - belt_speed_m_s) > REFERENCE_SPEED_TOLERANCE_M_S:
        return said | {"note": f"No comparable reference at {belt_speed_m_s:.1f} m/s. {spec.reference}"}
    said |= {"mean": mean, "sd": sd, "speed_m_s": speed}
    if isinstance(value, float) and math.isfinite(value):
        said["percentile"] = round(50.0 * (1.0 + math.erf((value - mean) / (sd * math.sqrt(2.0)))))
    return said

"""From what was seen of the rearfoot in single pictures to its metrics, its curve and its key frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.events.detector import Contacts
from gait.events.strides import CONTACT_LIMITS_S, CONTACT_TOLERANCE
from gait.metrics.clip import ClipFacts, no_value, with_value
from gait.metrics.quality import lower
from gait.metrics.statistics import MIN_STEPS
from gait.model import SIDES, Bools, Curve, Floats, MetricValue, QualityWarning, Stride
from gait.rearfoot.angles import (
    MIN_PICTURES,
    NAMED_TAPE_MISSING,
    OUTLINE,
    ROUGH_CONTACT_S,
    TAPE,
    FootAngles,
    Stance,
    StanceCurves,
    StanceValues,
    stance_curves,
    stance_values,
)
from gait.rearfoot.finder import is_close_up

NAMES = ("rearfoot_angle_ic_deg", "rearfoot_angle_peak_deg", "rearfoot_excursion_deg", "rearfoot_time_to_peak_ms")

CURVE = "rearfoot_angle_deg"

MIN_AT_CONTACT = 5
"""Stances whose heel must be free of the other foot around contact, and at least half of all: where it mostly is not,
what is seen there is often half hidden, too. The other stances carry the shape of the curve. [default of ours]"""

METHOD_SD = {TAPE: 1.0, OUTLINE: 2.5}
"""Standard uncertainty, deg, of an excursion that all strides share: how lines in the picture follow the foot in space.
With tape 1.0 deg RMS, bias -0.6, at worst 2.0, over ten feet of four drawn and one rendered runner
(:mod:`gait.validation.rearfoot_set`)."""

ZERO_SD = {"standing": 1.0, TAPE: 4.0, OUTLINE: 4.0}
"""Standard uncertainty, deg, of where 0 is: read while standing, or taken where the two lines are parallel."""

TIME_TO_PEAK_SD_MS = 12.0
"""The top of the curve is flat, and contact is told by the rearfoot's own turn, which is this far (SD) from the plate's
contact in marker trials; on the rendered and drawn feet the time itself was 8 ms off (RMS)."""

_ROUGHER = 1.7
"""How much less sure the time is where contact is read from the curve's rise alone: 27 ms off at worst in close-ups."""

MAX_TOE_OUT_DEG = 10.0
"""Beyond this much toe-out the heel is seen from its side, and what looks like eversion is in part yaw. [default]"""

MAX_SCATTER_DEG = {TAPE: 1.5, OUTLINE: 0.7}
"""Scatter of single pictures about the curve of their stance beyond which nothing is believed, deg, by method. Outline:
0.3 to 0.6 on drawn runners in shoes, 0.9 to 1.9 on rendered bodies unlike those it was trained on. Tape: 0.3 to 0.73 on
21 feet, 2.7 where spots of another kind were taken for tape. [defaults of ours]"""

LEAST_TIMED_DEG = 3.0
"""Roll-in from landing below which its largest has no clear time: on a drawn heel of 0.1 deg it came out 100 ms off.
[default of ours]"""

_SHORTEST_CURVE = 30

UNCLEAR = "No tape was found, and the outline of calf and heel was not clear enough to follow."

STRAY_MARKS = "Bright spots were found, but they do not move as tape on heel and calf does."

HARDLY_ROLLS = "This heel hardly rolls in, so there is no clear moment when it has rolled in most."

READ_FROM = {TAPE: "from tape marks", OUTLINE: "from the outline of shoe and calf"}
"""How the lines were found, as the method of every number says it."""

ZERO_STANDING, ZERO_PARALLEL = "0 is standing", "0 where calf and heel line are parallel"

ASK = (
    "For this, put two marks of bright tape on the back of each heel and two on each calf, and film from straight "
    "behind at knee height or lower, at 60 frames a second or more."
)
LONGER = "Film at least 10 seconds of running."
HIDDEN = (
    "Where this foot lands its heel was seen too rarely, or its landing does not show in the curve: often the other "
    "foot hides it. Move the camera a little to this side, or raise it to knee height. "
)


@dataclass(frozen=True, eq=False)
class Rearfoot:
    """One foot: what was seen, in which stances, and the curves that follow (None where it was too little)."""

    angles: FootAngles
    stances: list[Stance]
    curves: StanceCurves | None
    values: StanceValues | None
    rough: bool = False

    @classmethod
    def of(cls, angles: FootAngles, stances: list[Stance], *, rough: bool = False) -> Rearfoot:
        """Join the pictures to curves.

        Where the pictures scatter about their curve more than those of a real heel do, nothing is kept.
        ``rough`` has contact read from the curve's steepest rise.
        """
        curves = stance_curves(angles, stances) if angles.method else None
        if curves is not None and curves.scatter_deg > MAX_SCATTER_DEG[angles.method or OUTLINE]:
            reason = UNCLEAR if angles.method == OUTLINE else STRAY_MARKS
            return cls(FootAngles(angles.side, None, reason=reason), stances, None, None, rough)
        return cls(angles, stances, curves, stance_values(curves, stances, rough=rough) if curves else None, rough)


def is_rough(contacts: Contacts, estimator: str) -> bool:
    """Whether contact is to be read from the rise of the heel's curve alone.

    In a close-up, too: the other foot hides the heel about contact there more often, and the rule for whole runners has
    not been shown to do better.
    """
    return is_close_up(estimator) or contacts.ic_common_sd_s > ROUGH_CONTACT_S


def stances_of(contacts: Contacts) -> list[Stance]:
    """Return the contacts of one foot that have a toe-off and last as long as a running contact does."""
    lasting = contacts.to_s - contacts.ic_s
    # Where both times are rough a running contact may seem shorter or longer than one can be.
    rough = contacts.ic_common_sd_s > ROUGH_CONTACT_S
    slack_s = 2.0 * float(np.hypot(contacts.ic_common_sd_s, contacts.to_common_sd_s)) if rough else 0.0
    low_s, high_s = CONTACT_LIMITS_S[0] - slack_s, CONTACT_LIMITS_S[1] + slack_s
    good = np.isfinite(lasting) & (lasting >= low_s) & (lasting <= high_s)
    if not good.any():
        return []
    usual = float(np.median(lasting[good]))
    good &= np.abs(lasting / usual - 1.0) <= CONTACT_TOLERANCE
    return [
        Stance(contacts.side, float(ic), float(to))
        for ic, to in zip(contacts.ic_s[good], contacts.to_s[good], strict=True)
    ]


def rearfoot_metrics(clip: ClipFacts, feet: dict[str, Rearfoot]) -> list[MetricValue]:
    """Return the four values of each foot, or why there are none."""
    return [metric for side in SIDES for metric in _of_foot(clip, side, feet.get(side))]


def _of_foot(clip: ClipFacts, side: str, foot: Rearfoot | None) -> list[MetricValue]:
    if foot is None:
        reason = f"The heel was not looked at in the pictures. {ASK}"
        return [no_value(name, side, clip.video, reason) for name in NAMES]
    if foot.values is None or foot.curves is None:
        reason = foot.angles.reason or "The heel was seen in too few pictures."
        return [no_value(name, side, clip.video, f"{reason} {ASK}") for name in NAMES]
    return [_value(clip, side, name, foot, foot.curves, foot.values) for name in NAMES]


def _value(
    clip: ClipFacts, side: str, name: str, foot: Rearfoot, curves: StanceCurves, values: StanceValues
) -> MetricValue:
    found, sd = _values_and_sd(clip, side, name, foot, curves, values)
    seen = int(_counted(curves).sum())
    needs_contact = name != "rearfoot_angle_peak_deg"
    # Contact is the least of a curve: where the curve does not show its rise either, its least is no contact.
    whole = np.isfinite(values.excursion_deg) if needs_contact else True
    usable = int((np.isfinite(found) & whole).sum())
    if name == "rearfoot_time_to_peak_ms" and _median(values.excursion_deg) < LEAST_TIMED_DEG:
        return no_value(name, side, clip.video, HARDLY_ROLLS)
    if seen < MIN_STEPS:
        # Tape helps where landings were missed, not where there were too few.
        ask = LONGER if len(foot.stances) <= MIN_STEPS else ASK
        return no_value(
            name, side, clip.video, f"The heel was seen in only {seen} landings; {MIN_STEPS} are needed. {ask}"
        )
    if usable < MIN_AT_CONTACT or usable < 0.5 * seen:
        reason = HIDDEN if needs_contact else "The heel was seen in too few pictures. "
        return no_value(name, side, clip.video, _with_tape_asked(reason, foot))
    if not np.isfinite(sd):
        return no_value(name, side, clip.video, _with_tape_asked(HIDDEN, foot))
    return with_value(clip, name, side, found, sd, _method(clip, foot.angles), _confidence(clip, name, foot.angles))


def _with_tape_asked(reason: str, foot: Rearfoot) -> str:
    """Add what to do to a reason; who wears tape already is not asked to."""
    return reason.strip() if foot.angles.method == TAPE else reason + ASK


def _counted(curves: StanceCurves) -> Bools:
    """Tell which stances have pictures enough to count, shape (S,)."""
    return np.array([len(own) >= MIN_PICTURES for own in curves.seen])


def _values_and_sd(
    clip: ClipFacts, side: str, name: str, foot: Rearfoot, curves: StanceCurves, values: StanceValues
) -> tuple[Floats, float]:
    """Return one value per stance and the uncertainty that all of them share."""
    method = METHOD_SD[foot.angles.method or OUTLINE]
    zero = ZERO_SD["standing" if foot.angles.zero_deg is not None else foot.angles.method or OUTLINE]

    def timing(field: str) -> float:
        if foot.rough:
            # Contact is read from the curve itself, wherever the times have it.
            return 0.0
        contact_s = float(np.median([s.to_s - s.ic_s for s in foot.stances]))
        late = clip.contacts[side].ic_common_sd_s / contact_s
        moved = [stance_values(curves.shifted(share), foot.stances) for share in (late, -late)]
        middle, *off = (_median(getattr(v, field)) for v in (values, *moved))
        return float(np.mean(np.abs(np.array(off) - middle)))

    found = _per_stance(values, name)
    if name == "rearfoot_angle_ic_deg":
        return found, float(np.hypot(np.hypot(method, zero), timing("at_ic_deg")))
    if name == "rearfoot_angle_peak_deg":
        return found, float(np.hypot(method, zero))
    if name == "rearfoot_excursion_deg":
        return found, float(np.hypot(method, timing("excursion_deg")))
    return found, TIME_TO_PEAK_SD_MS * (_ROUGHER if foot.rough else 1.0)


def _median(values: Floats) -> float:
    """Median of the finite values, NaN when there are none."""
    return float(np.nanmedian(values)) if np.isfinite(values).any() else float("nan")


def _method(clip: ClipFacts, angles: FootAngles) -> str:
    zero = ZERO_STANDING if angles.zero_deg is not None else ZERO_PARALLEL
    return f"{clip.method}; {READ_FROM[angles.method or OUTLINE]}; {zero}"


def method_of(metric: MetricValue) -> str:
    """Return how a rearfoot angle was read, ``tape`` or ``outline``; empty for other metrics and without a value."""
    if metric.name not in NAMES:
        return ""
    return next((method for method, words in READ_FROM.items() if words in metric.method), "")


def _confidence(clip: ClipFacts, name: str, angles: FootAngles) -> str:
    """Medium at best, low from the outline, and low for the angles themselves where 0 is not known."""
    level = lower(clip.level if clip.level != "unusable" else "low", "medium")
    absolute = name in ("rearfoot_angle_ic_deg", "rearfoot_angle_peak_deg")
    if angles.method == OUTLINE or (absolute and angles.zero_deg is None):
        level = "low"
    return level


def rearfoot_per_stride(
    feet: dict[str, Rearfoot], strides: Sequence[Stride], metrics: Sequence[MetricValue]
) -> dict[str, list[float | None]]:
    """Return columns of the stride table: each stride's own values.

    Parameters
    ----------
    feet : dict
        What was seen, by side.
    strides : sequence of Stride
        All strides of the analysis, in its order, kept or dropped.
    metrics : sequence of MetricValue
        Those of :func:`rearfoot_metrics`; a foot's column stays empty where its metric has no value.

    Returns
    -------
    dict of str to list
        One entry per stride, None where it was not seen; no column where there is no value at all.
    """
    given = {(m.name, m.side) for m in metrics if m.value is not None}
    columns: dict[str, list[float | None]] = {}
    for name in NAMES:
        found: dict[tuple[str, float], float] = {}
        for side, foot in feet.items():
            if foot.values is not None and (name, side) in given:
                values = _per_stance(foot.values, name)
                found |= {(side, s.ic_s): float(v) for s, v in zip(foot.stances, values, strict=True) if np.isfinite(v)}
        if found:
            values_of = (found.get((stride.side, stride.ic_s)) for stride in strides)
            columns[name] = [None if value is None else round(value, 3) for value in values_of]
    return columns


def _per_stance(values: StanceValues, name: str) -> Floats:
    """One value per stance in the metric's unit."""
    return {
        "rearfoot_angle_ic_deg": values.at_ic_deg,
        "rearfoot_angle_peak_deg": values.peak_deg,
        "rearfoot_excursion_deg": values.excursion_deg,
        "rearfoot_time_to_peak_ms": values.time_to_peak_s * 1000,
    }[name]


def rearfoot_warnings(feet: dict[str, Rearfoot]) -> list[QualityWarning]:
    """Say what keeps the heel's angles from being what they seem."""
    found = []
    methods = {foot.angles.method for foot in feet.values()}
    if methods == {TAPE, OUTLINE}:
        found.append(
            QualityWarning(
                "heels_read_differently",
                "One heel was read from tape, the other from its outline: left and right are hard to compare.",
                "Put tape on both heels and calves.",
            )
        )
    for side, foot in feet.items():
        if NAMED_TAPE_MISSING in foot.angles.notes:
            found.append(
                QualityWarning(
                    "named_tape_not_found",
                    f"No tape of the colour named was found on the {side} leg; its outline was looked at instead.",
                    "Leave `--tape-color` out, or name another colour.",
                )
            )
        out = foot.angles.toe_out_deg
        if foot.curves is not None and out is not None and out > MAX_TOE_OUT_DEG:
            found.append(
                QualityWarning(
                    "toe_out",
                    f"The {side} foot points outwards by about {out:.0f} degrees: seen from straight behind, a part of "
                    "how its heel rolls in is hidden.",
                    "Compare this foot only with itself, filmed the same way.",
                )
            )
    return found


def rearfoot_curve(video: str, side: str, foot: Rearfoot) -> Curve | None:
    """Return the angle over stance, mean and spread over stances; None with fewer than 7."""
    if foot.curves is None:
        return None
    enough = _counted(foot.curves)
    shown = np.flatnonzero(foot.curves.covered() & (foot.curves.grid >= 0))
    if enough.sum() < MIN_STEPS or len(shown) < _SHORTEST_CURVE:
        return None
    # From the first to the last place where the foot was seen; what lies beyond would be invented.
    stance = slice(int(shown[0]), int(shown[-1]) + 1)
    strides = foot.curves.strides[enough][:, stance]
    return Curve(
        name=CURVE,
        side=side,
        video=video,
        unit="deg",
        cycle_pct=tuple(float(v) for v in np.round(foot.curves.grid[stance] * 100, 6)),
        mean=tuple(float(v) for v in np.round(strides.mean(axis=0), 3)),
        sd=tuple(float(v) for v in np.round(strides.std(axis=0, ddof=1), 3)),
        n_strides=len(strides),
        toe_off_pct=100.0,
        phase="stance",
    )

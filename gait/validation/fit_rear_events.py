"""Find the numbers of the rear view's event rules on marker trials, and how well they do on a runner left out.

`python -m gait.validation.fit_rear_events DATA [FOLDS.toml]` prints the fitted numbers and the errors with each runner
left out, and writes the numbers of every fold. Each number is a mean, or a straight line, over feet of trials.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from gait.events.ensemble import Strides
from gait.events.rear import (
    MeanStride,
    RearContactRule,
    RearToeOffRule,
    leg_strides,
    mean_stride,
    placed,
)
from gait.metrics.options import ClipOptions
from gait.metrics.prepare import prepare
from gait.model import SIDES, Floats
from gait.signals.legs import Leg, legs_of
from gait.validation.camera import RearCamera
from gait.validation.marker_cases import EDGE_S
from gait.validation.markers import MarkerTrial, load_trial, read_runners, trial_files

CAMERAS = (
    RearCamera(120.0, 0.003),
    RearCamera(120.0, 0.003, height_m=0.5),
    RearCamera(120.0, 0.003, height_m=1.2, distance_m=4.0, focal_px=1600.0),
    RearCamera(60.0, 0.006, height_m=0.8, aside_m=0.3),
)
"""At hip height, low, high and far, and askew."""


class OfRunner(Protocol):
    """Whatever belongs to one runner."""

    @property
    def runner(self) -> str:
        """The runner's name."""
        ...


AnyFoot = TypeVar("AnyFoot", bound=OfRunner)
Rules = TypeVar("Rules", bound=tuple[object, ...])

_SIGNS = ("heel", "lift", "knee", "hip")


@dataclass(frozen=True, eq=False)
class Foot:
    """One foot of one trial through one camera: its mean stride, and where the true events lie on it, s."""

    runner: str
    mean: MeanStride
    ic_s: float
    to_s: float


def feet_of(trials: Sequence[MarkerTrial], cameras: Sequence[RearCamera]) -> list[Foot]:
    """Film all trials through all cameras."""
    found = []
    for trial in trials:
        for camera in cameras:
            options = ClipOptions("v", camera.size_px, file_rate_hz=camera.rate_hz, view="rear")
            prepared = prepare(camera(trial), options)
            legs = legs_of(prepared.body(options))
            for side in SIDES:
                found += list(_foot(trial, legs[side], prepared.stride_s))
    return found


def _foot(trial: MarkerTrial, leg: Leg, stride_s: float) -> Iterator[Foot]:
    strides = leg_strides(leg, stride_s)
    mean = mean_stride(strides, stride_s)
    if mean is None:
        return
    yield Foot(trial.runner, mean, *true_offsets_s(trial, leg, strides, RearContactRule()(mean).at_s))


def true_offsets_s(trial: MarkerTrial, leg: Leg, strides: Strides, near_s: float) -> tuple[float, float]:
    """Return where the true contact and toe-off lie on the mean stride, s from its anchor.

    Parameters
    ----------
    trial : MarkerTrial
    leg : Leg
    strides : Strides
        The leg's strides.
    near_s : float
        About where contact lies.
    """
    true = trial.contacts[leg.side]
    true = true[(true[:, 0] > leg.times_s[0] + EDGE_S) & (true[:, 1] < leg.times_s[-1] - EDGE_S)]
    offsets = []
    for events_s, guess_s in ((true[:, 0], near_s), (true[:, 1], near_s + float(np.median(true[:, 1] - true[:, 0])))):
        # Where a stride was put by its movement around the event, less where it truly was.
        at_s = placed(leg, strides, guess_s)
        at_s = at_s[np.isfinite(at_s)]
        nearest = at_s[np.abs(at_s[:, None] - events_s).argmin(axis=0)]
        offsets.append(guess_s + float(np.median(events_s - nearest)))
    return offsets[0], offsets[1]


def fitted(feet: Sequence[Foot]) -> tuple[RearContactRule, RearToeOffRule]:
    """Find the numbers of both rules; toe-offs are fitted from the contacts that the first rule gives."""
    plain = RearContactRule()
    cues = np.array([plain.cues(foot.mean) for foot in feet])
    ic_s = np.array([foot.ic_s for foot in feet])
    fall_s, tip_s = (float(np.nanmean(ic_s - cues[:, 0])), float(np.nanmean(cues[:, 1] - ic_s)))
    contact = replace(plain, fall_s=fall_s, tip_s=tip_s)
    heel, lift, knee, hip = (_line(feet, contact, sign) for sign in _SIGNS)
    return contact, RearToeOffRule(heel, lift, knee, hip)


def _line(feet: Sequence[Foot], contact: RearContactRule, sign: str) -> tuple[float, float]:
    rule = RearToeOffRule()
    begun_s = [contact(foot.mean).at_s for foot in feet]
    after_s = np.array(
        [rule.cues(foot.mean, ic_s, foot.to_s - ic_s)[sign] for foot, ic_s in zip(feet, begun_s, strict=True)]
    )
    lasting_s = np.array([foot.to_s for foot in feet]) - np.array(begun_s)
    ok = np.isfinite(after_s) & np.isfinite(lasting_s)
    factor, constant = np.polyfit(after_s[ok], lasting_s[ok], 1)
    return float(constant), float(factor)


def errors_s(feet: Sequence[Foot], contact: RearContactRule, toe_off: RearToeOffRule) -> Floats:
    """Errors of contact and toe-off on the mean stride of every foot, shape (n, 2)."""
    found = []
    for foot in feet:
        ic_s = contact(foot.mean).at_s
        found.append((ic_s - foot.ic_s, toe_off(foot.mean, ic_s).at_s - foot.to_s))
    return np.array(found).reshape(-1, 2)


def main() -> None:
    """Fit, leave out, print; write the folds where a second argument names a file."""
    folder = Path(sys.argv[1]) / "fukuchi"
    runners = read_runners(folder / "runners.csv")
    feet = feet_of([load_trial(path, runners) for path in trial_files(folder)], CAMERAS)
    folds, left_out = each_left_out(feet, fitted, errors_s)
    contact, toe_off = fitted(feet)
    print(f"contact: fall {contact.fall_s:.4f} s, tip {contact.tip_s:.4f} s")
    print("toe-off: " + ", ".join(f"{sign} ({_pair(getattr(toe_off, sign))})" for sign in _SIGNS))
    print_errors("runner left out", left_out)
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(folds_toml(folds), encoding="utf-8")


def each_left_out(
    feet: Sequence[AnyFoot], fit: Callable[[Sequence[AnyFoot]], Rules], errors: Callable[..., Floats]
) -> tuple[dict[str, Rules], Floats]:
    """Fit without each runner in turn; return the rules by the runner left out, and their errors on that runner."""
    folds = {name: fit([f for f in feet if f.runner != name]) for name in sorted({f.runner for f in feet})}
    left_out = [errors([f for f in feet if f.runner == name], *rules) for name, rules in folds.items()]
    return folds, np.concatenate(left_out)


def print_errors(what: str, errors: Floats) -> None:
    """Print mean, RMS and worst error of contact and toe-off, s, shape (n, 2)."""
    for k, name in enumerate(("contact", "toe-off")):
        e = 1000.0 * errors[:, k]
        lacking = int(np.isnan(e).sum())
        print(
            f"{name}, {what}: mean {np.nanmean(e):+.1f}, RMS {np.sqrt(np.nanmean(e**2)):.1f},"
            f" worst {np.nanmax(np.abs(e)):.1f} ms over {len(e) - lacking} feet; {lacking} without"
        )


def folds_toml(folds: dict[str, tuple[RearContactRule, RearToeOffRule]]) -> str:
    """Write the numbers of every fold as :mod:`gait.validation.trial` reads them."""
    lines = [
        "# Numbers of the rear view's event rules found without one runner, by that runner: marker trials filmed from",
        "# behind are judged with them.",
        "# Made by `python -m gait.validation.fit_rear_events DATA gait/validation/rear_event_folds.toml`.",
    ]
    for runner, (contact, toe_off) in folds.items():
        lines += ["", f"[{runner}.contact]", f"fall_s = {contact.fall_s:.4f}", f"tip_s = {contact.tip_s:.4f}"]
        lines += [f"[{runner}.toe_off]", *(f"{sign} = [{_pair(getattr(toe_off, sign))}]" for sign in _SIGNS)]
    return "\n".join(lines) + "\n"


def _pair(line: tuple[float, float]) -> str:
    return f"{line[0]:.4f}, {line[1]:.3f}"


if __name__ == "__main__":
    main()

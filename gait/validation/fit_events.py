"""Find the numbers of the event rules on marker trials, and how well they do on a runner left out.

`python -m gait.validation.fit_events DATA` prints the fitted numbers beside those in use, and the errors of every fold.
The weights and the level of each rule minimise the error over foot-trials but for the mean of the near and of the far
leg, which a camera shifts apart (:mod:`gait.events.viewpoint`); every foot-trial counts alike.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from gait.events.kinematic import ContactRule, KinematicDetector, ToeOffRule, belt_under
from gait.metrics.options import ClipOptions
from gait.metrics.prepare import prepare
from gait.model import SIDES, Floats
from gait.signals.legs import Leg, legs_of
from gait.validation.camera import VirtualCamera
from gait.validation.marker_cases import EDGE_S
from gait.validation.markers import MarkerTrial, load_trial, read_runners, trial_files

CAMERAS = (
    VirtualCamera(120.0, 0.003, "right"),
    VirtualCamera(120.0, 0.003, "left"),
    VirtualCamera(120.0, 0.003, "right", 10.0),
    VirtualCamera(120.0, 0.003, "left", -10.0),
    VirtualCamera(120.0, 0.003, "left", 5.0, 3.0, focal_px=900.0),
    VirtualCamera(120.0, 0.003, "right", 0.0, 400.0, focal_px=120_000.0),
    VirtualCamera(60.0, 0.006, "left"),
    VirtualCamera(60.0, 0.006, "right", -5.0, 400.0, focal_px=120_000.0),
    VirtualCamera(60.0, 0.003, "right", 5.0, 6.0, focal_px=1800.0),
)
"""Near, far, turned, and from so far away that perspective is gone."""

_EVERY = 4
"""Every fourth contact of a trial is enough: neighbours are alike."""

_SIDEWAYS_S = 0.060
_BIAS_WEIGHT = 0.3
"""How much a rule whose own crossing is late counts against it: the correction of a large bias does not carry over."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Terms of one rule around true events.

    Parameters
    ----------
    terms : ndarray, shape (n, k, m)
        k terms of the rule at m samples of 1 ms around each of n events; the first has weight 1.
    offset_s : ndarray, shape (m,)
        Time of the samples after the event.
    runner, foot_trial : ndarray of str, shape (n,)
        Who ran; which foot in which trial through which camera.
    near : ndarray of bool, shape (n,)
    """

    terms: Floats
    offset_s: Floats
    runner: np.ndarray
    foot_trial: np.ndarray
    near: np.ndarray

    def of(self, keep: np.ndarray) -> Examples:
        """Some of the events."""
        return Examples(self.terms[keep], self.offset_s, self.runner[keep], self.foot_trial[keep], self.near[keep])

    @property
    def weight(self) -> Floats:
        """One over the number of events of the same foot-trial, shape (n,)."""
        _, which, count = np.unique(self.foot_trial, return_inverse=True, return_counts=True)
        return np.asarray(1.0 / count[which])


@dataclass(frozen=True, eq=False)
class Fit:
    """Fitted weights (of all terms but the first) and level, and the mean error of near and far leg, s."""

    numbers: Floats
    near_s: float
    far_s: float

    def errors_s(self, examples: Examples) -> Floats:
        """Error of every event less the mean of its leg, shape (n,)."""
        return crossings_s(examples, self.numbers) - np.where(examples.near, self.near_s, self.far_s)


def crossings_s(examples: Examples, numbers: Floats) -> Floats:
    """When the rule's signal first rises through its level, s after the event, shape (n,); at most 60 ms off."""
    weights = np.concatenate([[1.0], numbers[:-1]])
    signal = np.einsum("nkm,k->nm", examples.terms, weights) - numbers[-1]
    above = signal >= 0.0
    first = np.clip(above.argmax(axis=1), 1, None)
    row = np.arange(len(signal))
    before, after = signal[row, first - 1], signal[row, first]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = examples.offset_s[first - 1] - before / (after - before) * (examples.offset_s[1] - examples.offset_s[0])
    found = np.where(above[:, 0], -_SIDEWAYS_S, np.where(above.any(axis=1), found, _SIDEWAYS_S))
    return np.clip(found, -_SIDEWAYS_S, _SIDEWAYS_S)


def fit(examples: Examples, start: Floats, bias_s: float) -> Fit:
    """Fit a rule.

    Parameters
    ----------
    examples : Examples
    start : ndarray, shape (k,)
        First guess of weights and level.
    bias_s : float
        Mean lateness of the crossing that is wanted.
    """
    weight, near = examples.weight, examples.near

    def means(found: Floats) -> tuple[float, float]:
        near_s, far_s = (float(np.average(found[leg], weights=weight[leg])) for leg in (near, ~near))
        return near_s, far_s

    def loss(numbers: Floats) -> float:
        found = crossings_s(examples, numbers)
        near_s, far_s = means(found)
        left = found - np.where(near, near_s, far_s)
        return float(np.sqrt(np.average(left**2, weights=weight)) + _BIAS_WEIGHT * abs((near_s + far_s) / 2 - bias_s))

    numbers = np.asarray(start, dtype=float)
    for _ in range(2):
        options = {"maxiter": 500, "xatol": 1e-4, "fatol": 1e-7}
        numbers = minimize(loss, numbers, method="Nelder-Mead", options=options).x
    return Fit(numbers, *means(crossings_s(examples, numbers)))


def folds(examples: Examples, start: Floats, bias_s: float) -> dict[str, Fit]:
    """Fit once for every runner, on all the others."""
    return {
        str(runner): fit(examples.of(examples.runner != runner), start, bias_s) for runner in np.unique(examples.runner)
    }


def left_out_errors_s(examples: Examples, found: dict[str, Fit]) -> Floats:
    """Errors of every event with the numbers found on the other runners, s, shape (n,)."""
    errors = np.full(len(examples.runner), np.nan)
    for runner, other in found.items():
        own = examples.runner == runner
        errors[own] = other.errors_s(examples.of(own))
    return errors


def examples_of(trials: Sequence[MarkerTrial], cameras: Sequence[VirtualCamera]) -> tuple[Examples, Examples]:
    """Film all trials through all cameras; contacts, then toe-offs."""
    rows: tuple[list[tuple[Floats, str, str, bool]], ...] = ([], [])
    for trial in trials:
        for number, camera in enumerate(cameras):
            pose = camera(trial)
            options = ClipOptions("v", camera.size_px, file_rate_hz=camera.rate_hz, view=camera.near)
            prepared = prepare(pose, options)
            legs = legs_of(prepared.body(options))
            for side in SIDES:
                key = f"{trial.name} {side} {number}"
                found = _terms(legs[side], trial, side, prepared.stride_s, prepared.frame_s)
                for into, term in zip(rows, found, strict=True):
                    into.extend((t, trial.runner, key, side == camera.near) for t in term)
    return _gathered(rows[0], 0.05), _gathered(rows[1], 0.06)


def _gathered(rows: list[tuple[Floats, str, str, bool]], before_s: float) -> Examples:
    terms = np.array([r[0] for r in rows])
    offset = np.arange(terms.shape[2]) / 1000.0 - before_s
    return Examples(
        terms, offset, np.array([r[1] for r in rows]), np.array([r[2] for r in rows]), np.array([r[3] for r in rows])
    )


def _terms(
    leg: Leg, trial: MarkerTrial, side: str, stride_s: float, frame_s: float
) -> tuple[list[Floats], list[Floats]]:
    """Terms of both rules around the true events of one foot, each (k, m); the signal of contact is negated to rise."""
    found = KinematicDetector()(leg, stride_s, frame_s)
    whole = np.isfinite(found.to_s)
    belt = belt_under(leg, found.ic_s[whole], found.to_s[whole])
    contact, toe_off = ContactRule(), ToeOffRule()
    contacts, toe_offs = [], []
    judged = trial.contacts[side]
    judged = judged[(judged[:, 0] > leg.times_s[0] + EDGE_S) & (judged[:, 1] < leg.times_s[-1] - EDGE_S)]
    for ic_s, to_s in judged[::_EVERY]:
        landing = contact.terms(leg, belt, ic_s)
        if landing is not None:
            contacts.append(-np.stack(landing[1:])[:, 20:131])
        leaving = toe_off.terms(leg, belt, ic_s, to_s + 0.09, stride_s)
        if leaving is not None and len(leaving[1]) >= 151:
            toe_offs.append(np.stack(leaving[1:])[:, -151:])
    return [c for c in contacts if c.shape[1] == 111], toe_offs


def report(name: str, used: Floats, examples: Examples, bias_s: float) -> dict[str, Fit]:
    """Fit on all and on all but one, print both, and return the folds."""
    best = fit(examples, used, bias_s)
    found = folds(examples, best.numbers, bias_s)
    errors_ms = 1000.0 * left_out_errors_s(examples, found)
    worst = max(np.sqrt(np.mean(errors_ms[examples.foot_trial == f] ** 2)) for f in np.unique(examples.foot_trial))
    print(f"{name}: in use {np.round(used, 4)}, fitted {np.round(best.numbers, 4)}")
    print(f"  mean error of the near leg {best.near_s * 1000:+.1f} ms, of the far leg {best.far_s * 1000:+.1f} ms")
    print(f"  left out: RMSE {np.sqrt(np.mean(errors_ms**2)):.1f} ms, worst foot-trial {worst:.1f} ms")
    return found


def main() -> None:
    """Fit, leave out, print; write the folds where a second argument names a file."""
    folder = Path(sys.argv[1]) / "fukuchi"
    runners = read_runners(folder / "runners.csv")
    contacts, toe_offs = examples_of([load_trial(path, runners) for path in trial_files(folder)], CAMERAS)
    ic, to = ContactRule(), ToeOffRule()
    landing = report(
        "initial contact (height weight, level)", np.array([ic.height_weight, -ic.level]), contacts, ic.bias_s
    )
    leaving = report(
        "toe-off (rise weight, lean weight, level)",
        np.array([to.rise_weight, to.lean_weight, to.level]),
        toe_offs,
        to.bias_s,
    )
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(folds_toml(landing, leaving), encoding="utf-8")


def folds_toml(landing: dict[str, Fit], leaving: dict[str, Fit]) -> str:
    """Write the numbers of every fold as :mod:`gait.validation.trial` reads them."""
    lines = [
        "# Numbers of the event rules found without one runner, by that runner: marker trials are judged with them.",
        "# Made by `python -m gait.validation.fit_events DATA gait/validation/event_folds.toml`.",
    ]
    for runner, ic in landing.items():
        to = leaving[runner]
        lines += [
            "",
            f"[{runner}.contact]",
            f"height_weight = {ic.numbers[0]:.2f}",
            f"level = {-ic.numbers[1]:.4f}",
            f"bias_s = {(ic.near_s + ic.far_s) / 2:.4f}",
            f"[{runner}.toe_off]",
            f"rise_weight = {to.numbers[0]:.4f}",
            f"lean_weight = {to.numbers[1]:.4f}",
            f"level = {to.numbers[2]:.4f}",
            f"bias_s = {(to.near_s + to.far_s) / 2:.4f}",
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

"""The markers of one shoe: mixed-up labels put right, lost and stray ones rebuilt from the others.

Marker files of running hold labelling faults: the two toe markers exchanged, one of them missing, one in the other's
place. A shoe is nearly rigid, so its own standing trial shows such faults: what counts are the distances between its
markers, which in good trials stay within a few millimetres of standing and bend by some 13 mm at the toes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from gait.errors import GaitError
from gait.model import Floats
from gait.validation.rigid import MIN_MARKERS, follow

HEEL_MARKERS = ("Heel.Bottom", "Heel.Lateral", "Heel.Top")
TOE_MARKERS = ("MT1", "MT5")
FOOT_MARKERS = HEEL_MARKERS + TOE_MARKERS

MISFIT_M = 0.004
"""Mean difference of the distances from standing above which labels are doubted: good trials stay below 2.5 mm, an
exchange of the toe markers gives 9 to 13."""

STRAY_M = 0.025
"""A marker whose distance from every heel marker differs this much from standing is not where it belongs."""


@dataclass(frozen=True, eq=False)
class Foot:
    """One shoe's markers in a running trial.

    Parameters
    ----------
    paths : dict of str to ndarray, shape (T, 3)
        Of :data:`FOOT_MARKERS`, complete but for frames with fewer than three markers.
    notes : tuple of str
        What was put right.
    """

    paths: dict[str, Floats]
    notes: tuple[str, ...]


def repaired_foot(running: dict[str, Floats], standing: dict[str, Floats]) -> Foot:
    """Put the labels of one shoe right and rebuild what is missing.

    Parameters
    ----------
    running : dict of str to ndarray, shape (T, 3)
        Paths by marker name without the side; some may be missing.
    standing : dict of str to ndarray, shape (3,)
        Mean position while standing.

    Raises
    ------
    GaitError
        When fewer than three markers are there.
    """
    lacking = [name for name in FOOT_MARKERS if name not in standing]
    given = {name: path for name, path in running.items() if name in FOOT_MARKERS}
    if lacking or len(given) < MIN_MARKERS:
        missing = ", ".join(lacking) if lacking else "most foot markers"
        raise GaitError(f"The foot cannot be followed: {missing} missing.", "Check the labels of the file.")
    names, notes = _true_names(given, standing)
    paths = {true: given[label].copy() for label, true in names.items()}
    for name, path in paths.items():
        stray = _stray(name, paths, standing)
        if stray.any():
            path[stray] = np.nan
            notes.append(f"marker {name} is out of place in {stray.mean():.0%} of frames; rebuilt from the others")
    frames = len(next(iter(given.values())))
    absent = [name for name in FOOT_MARKERS if name not in paths]
    notes += [f"marker {name} is missing; rebuilt from the others" for name in absent]
    moving = np.stack([paths.get(name, np.full((frames, 3), np.nan)) for name in FOOT_MARKERS], axis=1)
    still = np.stack([standing[name] for name in FOOT_MARKERS])
    rebuilt = follow(still, moving, still)
    whole = np.where(np.isfinite(moving), moving, rebuilt)
    return Foot({name: whole[:, k] for k, name in enumerate(FOOT_MARKERS)}, tuple(notes))


def _true_names(given: dict[str, Floats], standing: dict[str, Floats]) -> tuple[dict[str, str], list[str]]:
    """Map labels to the markers whose distances they show; as labelled unless that plainly fits worse."""
    labels = list(given)
    seen = {pair: _median_distance(given[pair[0]], given[pair[1]]) for pair in combinations(labels, 2)}

    def misfit(names: tuple[str, ...]) -> float:
        true = dict(zip(labels, names, strict=True))
        gaps = [abs(d - np.linalg.norm(standing[true[a]] - standing[true[b]])) for (a, b), d in seen.items()]
        return float(np.nanmean(gaps))

    as_labelled = misfit(tuple(labels))
    best = min(permutations(FOOT_MARKERS, len(labels)), key=misfit)
    if as_labelled <= MISFIT_M or misfit(best) > as_labelled / 2:
        return {label: label for label in labels}, []
    found = dict(zip(labels, best, strict=True))
    return found, _relabelled_words({label: true for label, true in found.items() if label != true})


def _relabelled_words(wrong: dict[str, str]) -> list[str]:
    """Say which labels were put right: pairs as swapped, others one by one."""
    notes = []
    for label, true in wrong.items():
        if wrong.get(true) != label:
            notes.append(f"the marker labelled {label} is {true}; corrected")
        elif label < true:
            notes.append(f"markers {label} and {true} are swapped in the file; corrected")
    return notes


def _median_distance(a: Floats, b: Floats) -> float:
    return float(np.nanmedian(np.linalg.norm(a - b, axis=1)))


def _stray(name: str, paths: dict[str, Floats], standing: dict[str, Floats]) -> np.ndarray:
    """Frames in which a marker is far from where every heel marker says it should be, shape (T,)."""
    gaps = [
        np.abs(np.linalg.norm(paths[name] - paths[heel], axis=1) - np.linalg.norm(standing[name] - standing[heel]))
        for heel in HEEL_MARKERS
        if heel != name and heel in paths
    ]
    if not gaps:
        return np.zeros(len(paths[name]), dtype=bool)
    return np.asarray(np.nan_to_num(np.fmin.reduce(gaps)) > STRAY_M)

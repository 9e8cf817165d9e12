"""Find the pose model, or fetch it: a folder the user names, the cache, then each source in turn.

Nothing is used before its SHA-256 is one of those pinned in `gait.pose.networks`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gait.errors import ConfigError, PoseError
from gait.pose.networks import CATALOGUE, DEFAULT_SIZE, FALLBACK, Catalogue, DamagedError
from gait.pose.paths import models_dir, named_model_dir
from gait.pose.sources import SOURCES, Source
from gait.pose.store import DAMAGED, MISSING, ModelBundle, ModelStatus, scan, state, stored
from gait.pose.transfer import Progress, SourceError

RETRY_AFTER_S = 3600.0
"""A size that no source had is not asked for again so soon while another stands in; `fetch` always asks."""

_FETCH_HINT = (
    "On a machine with network run `gait models fetch --to FOLDER`, bring the folder here and name it with "
    "`--model-dir FOLDER`."
)


def resolve(
    size: str = DEFAULT_SIZE,
    model_dir: Path | None = None,
    *,
    offline: bool = False,
    on_progress: Progress | None = None,
    catalogue: Catalogue = CATALOGUE,
    sources: Sequence[Source] = SOURCES,
) -> ModelBundle:
    """Find a pose model of the size asked for, or fetch it into the cache.

    Parameters
    ----------
    size : str
        ``heavy``, ``full`` or ``lite``.
    model_dir : Path or None
        Folder the user names; None takes ``GAIT_MODEL_DIR`` where set.
    offline : bool
        Look on the disk only.
    on_progress : callable or None
        Told what is loaded, bytes done and bytes in total (0 while unknown).
    catalogue, sources : optional
        What is accepted and where it can be had; tests give their own.

    Returns
    -------
    ModelBundle
        Heavy falls back to full when it cannot be had; ``fallback`` and ``notes`` then say so.

    Raises
    ------
    ConfigError
        When there is no such size.
    PoseError
        When the named folder does not exist or holds a damaged model, and when every source failed.
    """
    _check_size(size, catalogue)
    folder = _existing(named_model_dir(model_dir))
    refused: dict[str, list[str]] = {}
    not_here: dict[str, list[str]] = {}
    notes: list[str] = []
    given_up: set[str] = set()
    for wanted in filter(None, (size, FALLBACK.get(size))):
        not_here[wanted] = []
        bundle = _on_disk(wanted, folder, catalogue, notes, not_here[wanted])
        known = _recent_failure(wanted)
        if bundle is None and known:
            not_here[wanted].append(known)
        elif bundle is None and not offline:
            refused[wanted] = []
            bundle = _from_sources(wanted, models_dir(), catalogue, sources, on_progress, refused[wanted], given_up)
        if bundle is None:
            continue
        if wanted != size:
            notes.append(_fallback_note(size, wanted, not_here[size] + refused.get(size, [])))
            if size in refused:
                _remember_failure(size, refused[size])
        return replace(bundle, requested=size, notes=tuple(notes))
    reasons = "; ".join(f"{wanted}: {', '.join(why + refused.get(wanted, []))}" for wanted, why in not_here.items())
    raise PoseError(f"The pose model cannot be had ({reasons}).", _FETCH_HINT)


def _fallback_note(size: str, used: str, reasons: list[str]) -> str:
    return (
        f"The {size} pose model cannot be had ({', '.join(reasons)}); {used} is used instead. "
        f"`gait models fetch {size}` tries again."
    )


def fetch(
    sizes: Sequence[str],
    to: Path | None = None,
    on_progress: Progress | None = None,
    *,
    catalogue: Catalogue = CATALOGUE,
    sources: Sequence[Source] = SOURCES,
) -> list[ModelBundle]:
    """Bring pose models into a folder, from the cache where it has them: for machines without network.

    Parameters
    ----------
    sizes : sequence of str
        Sizes to fetch; each must be had, nothing stands in.
    to : Path or None
        The folder, created when missing; None is the cache.
    on_progress : callable or None
        As in :func:`resolve`.

    Returns
    -------
    list of ModelBundle
        One a size, verified in the folder.

    Raises
    ------
    ConfigError
        When there is no such size.
    PoseError
        When a size cannot be had; the others are fetched all the same.
    """
    for size in sizes:
        _check_size(size, catalogue)
    folder = models_dir() if to is None else Path(to)
    bundles: list[ModelBundle] = []
    failures: list[str] = []
    given_up: set[str] = set()
    for size in dict.fromkeys(sizes):
        tried: list[str] = []
        bundle = stored(size, folder, "cache" if folder == models_dir() else "folder", catalogue)
        if bundle is None and (cached := stored(size, models_dir(), "cache", catalogue)):
            bundle = _copy(cached, folder, catalogue)
        if bundle is None:
            bundle = _from_sources(size, folder, catalogue, sources, on_progress, tried, given_up)
        if bundle is None:
            failures.append(f"{size}: {', '.join(tried) or 'no further source'}")
        else:
            bundles.append(bundle)
    if failures:
        raise PoseError(
            f"Not every pose model could be fetched ({'; '.join(failures)}).",
            "Try again on a network that reaches one of these, or with npm installed.",
        )
    return bundles


def status(model_dir: Path | None = None, *, catalogue: Catalogue = CATALOGUE) -> list[ModelStatus]:
    """Say for every size where an analysis would find it without the network, and whether it is sound."""
    folder = _existing(named_model_dir(model_dir))
    places = [(folder, "folder")] if folder else []
    places.append((models_dir(), "cache"))
    found = []
    for size in catalogue.sizes:
        states = [state(size, place, source, catalogue) for place, source in places]
        found.append(next((one for one in states if one.state != MISSING), states[-1]))
    return found


def verify(folder: Path, *, catalogue: Catalogue = CATALOGUE) -> list[ModelStatus]:
    """Say for every size whether a folder holds it, and whether it is sound.

    Raises
    ------
    PoseError
        When there is no such folder.
    """
    place = _existing(Path(folder)) or Path(folder)
    return [state(size, place, "folder", catalogue) for size in catalogue.sizes]


# The disk


def _on_disk(
    size: str, folder: Path | None, catalogue: Catalogue, notes: list[str], tried: list[str]
) -> ModelBundle | None:
    """Look in the user's folder, where damage is an error, then in the cache, where it is put aside."""
    if folder:
        bundle = stored(size, folder, "folder", catalogue)
        found_here = state(size, folder, "folder", catalogue)
        if found_here.state == DAMAGED:
            raise PoseError(
                f"The pose model file {found_here.message}.",
                "Copy it again from where it came from, or fetch it with `gait models fetch --to FOLDER`.",
            )
        if bundle:
            return bundle
        tried.append(found_here.message)
    found, damaged = scan(size, models_dir(), catalogue)
    for file in damaged if found is None else ():
        path = models_dir() / file.name
        notes.append(f"{path} was damaged (expected SHA-256 {file.expected}) and has been put aside.")
        tried.append(f"{path} is damaged")
        try:
            path.replace(path.with_name(f"{path.name}.damaged"))
        except OSError:
            continue  # gone meanwhile, or held by a virus scanner; a download replaces it
    if found is None and not damaged:
        tried.append("not in the cache")
    return stored(size, models_dir(), "cache", catalogue)


def _copy(cached: ModelBundle, folder: Path, catalogue: Catalogue) -> ModelBundle | None:
    files = catalogue.sizes[cached.size]
    if cached.detector is None:
        files.task.save(cached.path.read_bytes(), folder)
    else:
        files.landmarks.save(cached.path.read_bytes(), folder)
        cached.detector.save((cached.path.parent / cached.detector.name).read_bytes(), folder)
    return stored(cached.size, folder, "cache", catalogue)


# The sources


def _from_sources(
    size: str,
    folder: Path,
    catalogue: Catalogue,
    sources: Sequence[Source],
    on_progress: Progress | None,
    tried: list[str],
    given_up: set[str],
) -> ModelBundle | None:
    """Ask the sources in turn; one that could not be reached is added to ``given_up`` and not asked again."""
    for source in sources:
        if not source.offers(size) or source.name in given_up:
            continue
        try:
            source.fetch(size, folder, catalogue, on_progress or _silent)
        except SourceError as error:
            given_up.add(source.name)
            tried.append(f"{source.name}: {error}")
            continue
        except DamagedError as error:
            tried.append(f"{source.name}: {error.message}")
            continue
        if bundle := stored(size, folder, source.name, catalogue):
            return bundle
        tried.append(f"{source.name}: what it left is not complete")
    return None


def _silent(_what: str, _done: int, _total: int) -> None:
    return None


def _stamp(size: str) -> Path:
    return models_dir() / f"{size}.unavailable"


def _remember_failure(size: str, tried: list[str]) -> None:
    try:
        _stamp(size).write_text("; ".join(tried), "utf-8")
    except OSError:
        return  # the next run asks again, that is all


def _recent_failure(size: str) -> str | None:
    """Return what a recent failed attempt said: asking anew would cost seconds on every run."""
    stamp = _stamp(size)
    try:
        age_s = time.time() - stamp.stat().st_mtime
        return stamp.read_text("utf-8") if 0 <= age_s < RETRY_AFTER_S else None
    except OSError:
        return None


# Small checks


def _check_size(size: str, catalogue: Catalogue) -> None:
    if size not in catalogue.sizes:
        raise ConfigError(f"There is no pose model {size!r}.", f"Choose one of: {', '.join(catalogue.sizes)}.")


def _existing(folder: Path | None) -> Path | None:
    if folder is not None and not folder.is_dir():
        raise PoseError(f"The model folder {folder} does not exist.", "Name the folder that holds the pose models.")
    return folder

"""Where `gait` keeps what it can fetch or compute again."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

CACHE_DIR_VARIABLE = "GAIT_CACHE_DIR"
MODEL_DIR_VARIABLE = "GAIT_MODEL_DIR"


def cache_dir() -> Path:
    """Return the root of the user's cache; it may not exist yet.

    Returns
    -------
    Path
        What the environment variable ``GAIT_CACHE_DIR`` names, else the platform's cache folder for `gait`.
    """
    named = os.environ.get(CACHE_DIR_VARIABLE)
    return Path(named).expanduser() if named else user_cache_path("gait", appauthor=False)


def models_dir() -> Path:
    """Return the folder of the cache that holds pose networks; it may not exist yet."""
    return cache_dir() / "models"


def named_model_dir(model_dir: Path | None = None) -> Path | None:
    """Return the folder of pose networks the user named: the argument, else ``GAIT_MODEL_DIR``, else None."""
    named = os.environ.get(MODEL_DIR_VARIABLE)
    return Path(model_dir) if model_dir else Path(named).expanduser() if named else None

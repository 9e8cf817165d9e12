"""The version of gait, as installed; kept in every analysis."""

from __future__ import annotations

UNKNOWN = "unknown"


def gait_version() -> str:
    """Return the installed version, or ``"unknown"`` in a checkout that was never installed."""
    # Imported here, because it costs more than all else that `gait --help` needs of this package.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("gait")
    except PackageNotFoundError:
        return UNKNOWN

"""Shared libraries that MediaPipe and OpenCV link: which is missing, and what to install."""

from __future__ import annotations

import re
import sys

_PACKAGES = {
    "libGL": ("libgl1", "libglvnd-glx"),
    "libEGL": ("libegl1", "libglvnd-egl"),
    "libGLESv2": ("libgles2", "libglvnd-gles"),
    "libglib-2": ("libglib2.0-0", "glib2"),
    "libgthread-2": ("libglib2.0-0", "glib2"),
    "libxcb": ("libxcb1", "libxcb"),
    "libSM": ("libsm6", "libSM"),
    "libICE": ("libice6", "libICE"),
    "libXext": ("libxext6", "libXext"),
    "libXrender": ("libxrender1", "libXrender"),
    "libX11": ("libx11-6", "libX11"),
    "libgomp": ("libgomp1", "libgomp"),
    "libstdc++": ("libstdc++6", "libstdc++"),
}
"""Start of the library's file name: package in Debian and Ubuntu, package in Fedora."""

SERVER_PACKAGES = dict(_PACKAGES[stem] for stem in ("libGL", "libEGL", "libGLESv2", "libglib-2"))
"""All that a bare server lacks, Debian name to Fedora name (``ldd`` of MediaPipe 1.2 and OpenCV 5.0)."""

_LINUX = re.compile(r"(lib[\w+.-]+?\.so[\w.]*): cannot open shared object file")
_MACOS = re.compile(r"Library not loaded: (\S+)")
_WINDOWS = re.compile(r"DLL load failed|Could not find module|WinError 126|WinError 127")


def missing_library_hint(error: ImportError | OSError) -> str | None:
    """Turn an error of ``import cv2``, ``import mediapipe`` or of MediaPipe's first use into what to install.

    MediaPipe 1.2 loads its C library by `ctypes` when the first task is created, not on import, so a missing
    library arises there, as an `OSError`; OpenCV raises an `ImportError` on import.

    Parameters
    ----------
    error : ImportError or OSError
        What was raised.

    Returns
    -------
    str or None
        One line with the library and the package that holds it; None when the error is about something else.
    """
    text = str(error)
    if found := _LINUX.search(text):
        return _linux_hint(found.group(1))
    if found := _MACOS.search(text):
        return f"The library {found.group(1)} is missing. Install gait again in a fresh environment."
    if sys.platform == "win32" and _WINDOWS.search(text):
        return "A Windows library is missing. Install the Microsoft Visual C++ Redistributable (x64)."
    return None


def _linux_hint(library: str) -> str:
    stem = next((stem for stem in _PACKAGES if library.startswith(f"{stem}.")), None)
    if stem is None:
        return f"The shared library {library} is missing. Install the system package that holds it."
    debian, fedora = _PACKAGES[stem]
    if debian in SERVER_PACKAGES:  # where one of these is missing, the others mostly are, too
        debian, fedora = " ".join(SERVER_PACKAGES), " ".join(SERVER_PACKAGES.values())
    return (
        f"The shared library {library} is missing. Install it with `sudo apt-get install {debian}` "
        f"(Debian, Ubuntu) or `sudo dnf install {fedora}` (Fedora)."
    )

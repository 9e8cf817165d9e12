"""The small networks in the package, run by OpenCV: maps of marks as logits, and what else each of them says."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import resources

import cv2
import numpy as np
from numpy.typing import NDArray

from gait.model import Floats


@cache
def _network(name: str, room: str) -> cv2.dnn.Net:
    with resources.as_file(resources.files(room).joinpath(f"{name}.onnx")) as path:
        return cv2.dnn.readNetFromONNX(str(path))


@cache
def identity_of(name: str) -> str:
    """Return the first 16 digits of the SHA-256 of a network."""
    return sha256(resources.files("gait.rearfoot").joinpath(f"{name}.onnx").read_bytes()).hexdigest()[:16]


def run(
    name: str, pictures: NDArray[np.float32], outputs: tuple[str, str], *, room: str = "gait.rearfoot"
) -> tuple[Floats, Floats]:
    """Show pictures to a network and return two of its outputs.

    Parameters
    ----------
    name : str
        File of the network, without its ending.
    pictures : ndarray of float32, shape (n, 3, H, W)
        RGB, -0.5 to 0.5.
    outputs : (str, str)
        Names of the outputs.
    room : str
        The package that holds it.
    """
    network = _network(name, room)
    network.setInput(pictures)
    first, second = network.forward(list(outputs))
    return np.asarray(first), np.asarray(second)


def seen_by(name: str, pictures: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """Show pictures to a network of marks.

    Parameters
    ----------
    name : str
        ``outline`` or ``finder``.
    pictures : ndarray of float32, shape (n, 3, H, W)
        RGB, -0.5 to 0.5.

    Returns
    -------
    maps : ndarray, shape (n, marks, H / 4, W / 4)
    seen : ndarray, shape (n, marks)
    """
    return run(name, pictures, ("maps", "seen"))


def centres_of(maps: Floats) -> Floats:
    """Return the centre of each map's weight, px of the picture that the network was shown.

    Parameters
    ----------
    maps : ndarray, shape (..., H / 4, W / 4)
        Logits.

    Returns
    -------
    ndarray, shape (..., 2)
    """
    *outer, height, width = maps.shape
    share = maps.reshape(*outer, -1).astype(float)
    share = np.exp(share - share.max(axis=-1, keepdims=True))
    share = (share / share.sum(axis=-1, keepdims=True)).reshape(maps.shape)
    x, y = share.sum(axis=-2) @ np.arange(width), share.sum(axis=-1) @ np.arange(height)
    # A cell of the map covers four pixels.
    return np.asarray(np.stack([x, y], axis=-1) * 4 + 1.5)


def chance(logits: Floats) -> Floats:
    """Turn logits into probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(logits, float))))

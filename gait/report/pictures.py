"""Encoded pictures: PNG for files, JPEG for the report where size counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RGB = NDArray[np.uint8]

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_bytes(rgb: RGB) -> bytes:
    """Encode a picture, shape (H, W, 3), uint8, as PNG."""
    import cv2

    ok, data = cv2.imencode(".png", np.ascontiguousarray(rgb[..., ::-1]))
    if not ok:  # pragma: no cover - OpenCV refuses only impossible shapes
        raise ValueError("the picture could not be encoded")
    return bytes(data)


def as_jpeg(data: bytes, *, max_side_px: int = 1000, quality: int = 84) -> bytes:
    """Return a picture as a JPEG of at most ``max_side_px``; a JPEG that is small enough stays as it is.

    Raises
    ------
    ValueError
        When the bytes are no picture.
    """
    import cv2

    picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR) if data else None
    if picture is None:
        raise ValueError("these bytes are not a picture")
    factor = max_side_px / max(picture.shape[:2])
    if factor >= 1 and not data.startswith(_PNG_SIGNATURE):
        return data
    if factor < 1:
        picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    ok, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:  # pragma: no cover
        raise ValueError("the picture could not be encoded")
    return bytes(encoded)


def size_px(data: bytes) -> tuple[int, int]:
    """Return width and height of an encoded picture."""
    import cv2

    picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("these bytes are not a picture")
    return int(picture.shape[1]), int(picture.shape[0])

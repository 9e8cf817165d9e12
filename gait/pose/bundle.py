"""Make a MediaPipe Tasks bundle from bare BlazePose networks, in memory.

The Tasks API takes a bundle: an uncompressed zip of a detector and a landmark network, each with TFLite
metadata that say how the picture is normalised. The bare networks that the registries carry lack these
metadata. A TFLite file is a FlatBuffer, and FlatBuffer offsets are relative and point forward, so the
metadata go *in front*: a new root table that refers to everything in the untouched old file, plus the
metadata. No schema compiler, no copy of the weights' layout, and the network's own bytes stay as they were
pinned.

Notes
-----
Layouts: TFLite ``schema.fbs`` (``Model``, ``Metadata``, ``Buffer``) and ``metadata_schema.fbs``
(``ModelMetadata`` down to ``NormalizationOptions``), both by the TensorFlow authors; field numbers below are
theirs. Detector input is (rgb - 127.5) / 127.5, landmark input rgb / 255, as in MediaPipe's own pose graphs.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from gait.errors import PoseError

DETECTOR_NORMALISATION = (127.5, 127.5)
LANDMARK_NORMALISATION = (0.0, 255.0)

_ALIGNMENT = 64
"""Of the old file within the new one and of both within the zip; TFLite asks for 16, its kernels like 64."""

_MODEL_VERSION, _MODEL_BUFFERS, _MODEL_METADATA = 0, 4, 6
_METADATA_NAME = b"TFLITE_METADATA"
_RGB, _IMAGE_PROPERTIES, _NORMALISATION_OPTIONS = 1, 2, 1


def tasks_bundle(detector: bytes, landmarks: bytes) -> bytes:
    """Join a detector and a landmark network into a bundle for ``model_asset_buffer``.

    Parameters
    ----------
    detector, landmarks : bytes
        Bare TFLite networks; metadata they already have are replaced.

    Returns
    -------
    bytes
        The bundle; equal inputs give equal bytes.

    Raises
    ------
    PoseError
        When one of them is not a TFLite file.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as bundle:
        for name, network, (mean, std) in (
            ("pose_detector.tflite", detector, DETECTOR_NORMALISATION),
            ("pose_landmarks_detector.tflite", landmarks, LANDMARK_NORMALISATION),
        ):
            entry = zipfile.ZipInfo(name)
            entry.extra = _padding(archive.tell() + 30 + len(name))
            bundle.writestr(entry, with_metadata(network, mean, std))
    return archive.getvalue()


def with_metadata(network: bytes, mean: float, std: float) -> bytes:
    """Return a TFLite network with metadata that state its input normalisation, (rgb - mean) / std.

    Raises
    ------
    PoseError
        When ``network`` is not a TFLite file.
    """
    if network[4:8] != b"TFL3":
        raise PoseError("The pose network is not a TFLite file.", "Fetch it again with `gait models fetch`.")
    fields = _fields(network, _uint(network, 0))
    buffers = [_Old(at) for at in _vector(network, fields.get(_MODEL_BUFFERS))]
    metadata = [
        _Old(at)
        for at in _vector(network, fields.get(_MODEL_METADATA))
        if _metadata_name(network, at) != _METADATA_NAME
    ]
    root: dict[int, _Node] = {slot: _Old(_target(network, at)) for slot, at in fields.items() if slot != _MODEL_VERSION}
    root[_MODEL_VERSION] = _uint(network, fields[_MODEL_VERSION])
    root[_MODEL_BUFFERS] = [*buffers, _Table({0: _Blob(_image_metadata(mean, std), alignment=16)})]
    root[_MODEL_METADATA] = [*metadata, _Table({0: _Blob(_METADATA_NAME), 1: len(buffers)})]
    return _flatbuffer(_Table(root), b"TFL3", body=network)


def _image_metadata(mean: float, std: float) -> bytes:
    options = _Table({0: (mean,), 1: (std,)})
    unit = _Table({0: _NORMALISATION_OPTIONS, 1: options})
    content = _Table({0: _IMAGE_PROPERTIES, 1: _Table({0: _RGB})})
    image = _Table({0: _Blob(b"image"), 3: content, 4: [unit]})
    model = _Table({3: [_Table({2: [image]})], 7: _Blob(b"1.0.0")})
    return _flatbuffer(model, b"M001")


# Reading: just enough of the format to find the root table's fields.


def _uint(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])


def _target(data: bytes, at: int) -> int:
    return at + _uint(data, at)


def _fields(data: bytes, table: int) -> dict[int, int]:
    """Return slot -> position of the fields that a table has."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    n_fields = (struct.unpack_from("<H", data, vtable)[0] - 4) // 2
    offsets = struct.unpack_from(f"<{n_fields}H", data, vtable + 4)
    return {slot: table + offset for slot, offset in enumerate(offsets) if offset}


def _vector(data: bytes, field: int | None) -> list[int]:
    """Return the positions of a vector's tables; none when the field is absent."""
    if field is None:
        return []
    start = _target(data, field)
    return [_target(data, start + 4 + 4 * i) for i in range(_uint(data, start))]


def _metadata_name(data: bytes, table: int) -> bytes:
    field = _fields(data, table).get(0)
    start = _target(data, field) if field is not None else 0
    return data[start + 4 : start + 4 + _uint(data, start)] if start else b""


# Writing: parents before children, so that every offset points forward.


@dataclass(frozen=True)
class _Old:
    """Something in the old file, by its position there."""

    at: int


@dataclass(frozen=True)
class _Blob:
    """A string, or bytes whose first one must lie on a multiple of ``alignment``."""

    data: bytes
    alignment: int = 4


@dataclass(frozen=True)
class _Table:
    """Slot -> field. Every field takes four bytes: an unsigned scalar, or the offset of what follows."""

    fields: Mapping[int, _Node]


_Node = int | tuple[float, ...] | list["_Table | _Old"] | _Blob | _Table | _Old


def _flatbuffer(root: _Table, identifier: bytes, body: bytes = b"") -> bytes:
    out = bytearray(4) + identifier
    links: list[tuple[int, _Old]] = []
    struct.pack_into("<I", out, 0, _write(out, root, links))
    if not body:
        return bytes(out)
    out += bytes(-len(out) % _ALIGNMENT)
    for slot, old in links:
        struct.pack_into("<I", out, slot, len(out) + old.at - slot)
    return bytes(out) + body


def _write(out: bytearray, node: _Node, links: list[tuple[int, _Old]]) -> int:
    """Append a node and all below it; return its position. Offsets into the old file go to ``links``."""
    match node:
        case _Blob(data, alignment):
            out += bytes(-(len(out) + 4) % alignment)
            position = len(out)
            out += struct.pack("<I", len(data)) + data + b"\0"  # the zero ends a string; bytes do not mind
        case tuple():
            out += bytes(-len(out) % 4)
            position = len(out)
            out += struct.pack(f"<I{len(node)}f", len(node), *node)
        case list():
            out += bytes(-len(out) % 4)
            position = len(out)
            out += struct.pack("<I", len(node)) + bytes(4 * len(node))
            _link(out, {position + 4 + 4 * i: child for i, child in enumerate(node)}, links)
        case _Table(fields):
            slots = sorted(fields)
            n_vtable = 4 + 2 * (slots[-1] + 1)
            out += bytes(-(len(out) + n_vtable) % 4)
            offsets = [4 + 4 * slots.index(slot) if slot in fields else 0 for slot in range(slots[-1] + 1)]
            out += struct.pack(f"<{2 + len(offsets)}H", n_vtable, 4 + 4 * len(slots), *offsets)
            position = len(out)
            out += struct.pack("<i", n_vtable) + bytes(4 * len(slots))
            _link(out, {position + offsets[slot]: fields[slot] for slot in slots}, links)
        case _:
            raise TypeError(node)
    return position


def _link(out: bytearray, children: Mapping[int, _Node], links: list[tuple[int, _Old]]) -> None:
    for slot, child in children.items():
        if isinstance(child, _Old):
            links.append((slot, child))
        else:
            value = child if isinstance(child, int) else _write(out, child, links) - slot
            struct.pack_into("<I", out, slot, value)


def _padding(position: int) -> bytes:
    """Return a zip extra field (as Android's zipalign writes it) after which ``position`` is aligned."""
    n_fill = -(position + 6) % _ALIGNMENT
    return struct.pack("<HHH", 0xD935, 2 + n_fill, _ALIGNMENT) + bytes(n_fill)

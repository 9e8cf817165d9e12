"""Bundles made from bare networks, read back with MediaPipe's own schema and run by MediaPipe itself."""

from __future__ import annotations

import io
import warnings
import zipfile

import flatbuffers
import numpy as np
import pytest
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as schema

from gait.errors import PoseError
from gait.pose.bundle import tasks_bundle, with_metadata
from gait.pose.provision import resolve

WEIGHTS = np.arange(37, dtype=np.uint8)


def network(*metadata: tuple[bytes, bytes], description: bytes | None = b"a small one") -> bytes:
    """A TFLite file with an empty graph, one buffer of weights, and the given metadata."""
    model = schema.ModelT()
    model.version, model.description = 3, description
    model.subgraphs = [schema.SubGraphT()]
    model.subgraphs[0].name = b"main"
    model.buffers = [schema.BufferT(), schema.BufferT()]
    model.buffers[1].data = WEIGHTS
    for name, content in metadata:
        entry = schema.MetadataT()
        entry.name, entry.buffer = name, len(model.buffers)
        model.metadata = [*(model.metadata or []), entry]
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(content, np.uint8)
        model.buffers.append(buffer)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def metadata_of(model: bytes) -> dict[bytes, bytes]:
    """Metadata by name, as TFLite's own schema reads them."""
    read = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    assert len({entry.name for entry in read.metadata}) == len(read.metadata)
    return {entry.name: bytes(read.buffers[entry.buffer].data) for entry in read.metadata}


def normalisation_of(model: bytes) -> tuple[float, float]:
    """(mean, std) from the metadata, as MediaPipe's own schema reads them."""
    blob = metadata_of(model)[b"TFLITE_METADATA"]
    assert metadata_schema.ModelMetadata.ModelMetadataBufferHasIdentifier(blob, 0)
    read = metadata_schema.ModelMetadataT.InitFromObj(metadata_schema.ModelMetadata.GetRootAs(blob, 0))
    assert read.minParserVersion == b"1.0.0"
    (image,) = read.subgraphMetadata[0].inputTensorMetadata
    assert image.content.contentPropertiesType == metadata_schema.ContentProperties.ImageProperties
    assert image.content.contentProperties.colorSpace == metadata_schema.ColorSpaceType.RGB
    (unit,) = image.processUnits
    assert unit.optionsType == metadata_schema.ProcessUnitOptions.NormalizationOptions
    return float(unit.options.mean[0]), float(unit.options.std[0])


@pytest.mark.parametrize("mean_std", [(127.5, 127.5), (0.0, 255.0)])
@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param((), id="none before"),
        pytest.param(((b"min_runtime_version", b"1.5.0"),), id="others are kept"),
        pytest.param(((b"TFLITE_METADATA", b"old"), (b"min_runtime_version", b"1.5.0")), id="old ones replaced"),
    ],
)
def test_metadata_are_added_and_all_else_stays(metadata, mean_std):
    before = network(*metadata)
    after = with_metadata(before, *mean_std)
    assert normalisation_of(after) == mean_std
    kept = {name: content for name, content in metadata_of(after).items() if name != b"TFLITE_METADATA"}
    assert kept == {name: content for name, content in metadata if name != b"TFLITE_METADATA"}
    read = schema.ModelT.InitFromObj(schema.Model.GetRootAs(after, 0))
    assert (read.version, read.description, read.subgraphs[0].name) == (3, b"a small one", b"main")
    assert read.buffers[0].data is None
    assert bytes(read.buffers[1].data) == bytes(WEIGHTS)
    assert len(read.buffers) == 2 + len(metadata) + 1


def test_the_network_itself_is_untouched_and_aligned():
    before = network()
    after = with_metadata(before, 0, 255)
    assert after.endswith(before)
    assert (len(after) - len(before)) % 64 == 0
    assert schema.Model.ModelBufferHasIdentifier(after, 0)


def test_absent_fields_stay_absent():
    read = schema.ModelT.InitFromObj(schema.Model.GetRootAs(with_metadata(network(description=None), 0, 1), 0))
    assert read.description is None
    assert read.signatureDefs is None


def test_bundle_is_an_uncompressed_aligned_zip_and_reproducible():
    detector, landmarks = network(), network((b"min_runtime_version", b"1"))
    data = tasks_bundle(detector, landmarks)
    assert data == tasks_bundle(detector, landmarks)
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        assert bundle.testzip() is None
        assert bundle.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
        assert {entry.compress_type for entry in bundle.infolist()} == {zipfile.ZIP_STORED}
        contents = [bundle.read(name) for name in bundle.namelist()]
    assert [normalisation_of(model) for model in contents] == [(127.5, 127.5), (0.0, 255.0)]
    assert [data.index(model) % 64 for model in contents] == [0, 0]


@pytest.mark.parametrize("junk", [b"", b"<html>", bytes(100)])
def test_junk_is_refused(junk):
    with pytest.raises(PoseError, match="not a TFLite file"):
        with_metadata(junk, 0, 1)


@pytest.mark.parametrize("size", ["lite", "full", "heavy"])
def test_mediapipe_runs_the_real_networks(size):
    try:
        model = resolve(size, offline=True)
    except PoseError as error:
        model, reason = None, str(error)
    if model is None or model.fallback:
        reason = reason if model is None else model.notes[-1]
        warnings.warn(f"NOT TESTED, no {size} pose model here: {reason}", stacklevel=1)
        pytest.skip(f"no {size} pose model here; `gait models fetch {size}` brings it")
    mediapipe = pytest.importorskip("mediapipe")
    vision = mediapipe.tasks.vision
    options = vision.PoseLandmarkerOptions(
        base_options=mediapipe.tasks.BaseOptions(model_asset_buffer=model.load()),
        running_mode=vision.RunningMode.VIDEO,
    )
    empty = np.full((240, 320, 3), 90, np.uint8)
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        result = landmarker.detect_for_video(mediapipe.Image(mediapipe.ImageFormat.SRGB, empty), 0)
    assert result.pose_landmarks == []

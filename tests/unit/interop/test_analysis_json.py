"""`analysis.json`: what is written validates, comes back the same, and old files keep working."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import runner as sim

import gait.interop
from gait import model
from gait.errors import VideoError
from gait.interop.analysis_json import AnalysisPart, json_schema, read, to_dict, to_json
from gait.metrics.measure import measure
from gait.model import GaitAnalysis, Recording, VideoRecord
from gait.told import Told


@lru_cache
def analysis() -> GaitAnalysis:
    """The simulated runner, measured; one foot is hidden for a while, so that strides are dropped."""
    pose = sim.occluded(sim.runner(60, noise_px=0.5), 500, 40)
    clip = measure(pose, sim.options(recording=Recording(person="Änne", height_m=1.75, symptoms=("knee", "shin"))))
    video = VideoRecord(
        id="clip",
        path="clip.mp4",
        sha256="0" * 64,
        view=clip.view.name,
        mirrored=False,
        time_scale=1.0,
        size_px=(1280, 720),
        rate_hz=60.0,
        n_frames=630,
        duration_s=10.5,
        analysed_s=clip.analysed_s,
        travel=clip.view.travel,
        codec="h264",
        pose_model="truth",
        px_per_m=clip.scale.px_per_m,
        scale_origin=clip.scale.origin,
        spectral_cadence_spm=clip.spectral.cadence_spm,
    )
    return GaitAnalysis(
        software={"gait": "0.1.0"},
        videos=(video,),
        recording=Recording(person="Änne", height_m=1.75, symptoms=("knee", "shin")),
        config={"height_m": 1.75, "start_s": None, "out": Path("some/folder")},
        quality=clip.quality,
        events=clip.events,
        strides=clip.strides,
        metrics=clip.metrics,
        curves=clip.curves,
        keyframes=clip.keyframes,
        edits=({"who": "me", "when": "now", "what": "moved a contact"},),
    )


def saved() -> dict[str, Any]:
    found = json.loads(to_json(analysis()))
    assert isinstance(found, dict)
    return found


def write(folder: Path, content: dict[str, Any] | str) -> Path:
    path = folder / "analysis.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def assert_close(first: Any, second: Any, at: str = "") -> None:
    """Compare nested values; numbers to the six decimals that are saved."""
    if isinstance(first, float) and isinstance(second, (float, int)):
        assert first == pytest.approx(second, abs=1e-6, nan_ok=True), at
    elif isinstance(first, dict):
        assert set(first) == set(second), at
        for key, value in first.items():
            assert_close(value, second[key], f"{at}.{key}")
    elif isinstance(first, (list, tuple)):
        assert len(first) == len(second), at
        for i, (a, b) in enumerate(zip(first, second, strict=True)):
            assert_close(a, b, f"{at}[{i}]")
    elif hasattr(first, "__dataclass_fields__"):
        for f in fields(first):
            assert_close(getattr(first, f.name), getattr(second, f.name), f"{at}.{f.name}")
    else:
        assert first == second, at


def test_round_trip(tmp_path: Path) -> None:
    found = read(write(tmp_path, to_json(analysis())))
    whole = replace(analysis(), config={"height_m": 1.75, "start_s": None, "out": str(Path("some/folder"))})
    assert_close(whole, found)
    assert len(found.metrics) > 40
    assert any(s.reject_reason for s in found.strides)
    assert found.recording.person == "Änne"
    assert found.keyframes[0].marks[0].points_px == analysis().keyframes[0].marks[0].points_px


def test_the_folder_is_enough(tmp_path: Path) -> None:
    write(tmp_path, to_json(analysis()))
    found = read(tmp_path)
    assert found.quality == analysis().quality
    assert [m.name for m in found.metrics] == [m.name for m in analysis().metrics]


def test_saving_again_changes_nothing(tmp_path: Path) -> None:
    text = to_json(analysis())
    assert to_json(read(write(tmp_path, text))) == text


def test_the_schema_is_a_schema_and_the_file_obeys_it() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(saved(), schema, cls=jsonschema.Draft202012Validator)
    assert model.SCHEMA_VERSION in schema["title"]


def test_the_published_schema_is_this_one() -> None:
    published = Path(gait.interop.__file__).parent / "analysis.schema.json"
    assert json.loads(published.read_text(encoding="utf-8")) == json_schema(), (
        "write json_schema() to gait/interop/analysis.schema.json again (json.dumps, indent=1)"
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("quality", "level"), "splendid"),
        (("videos", 0, "view"), "above"),
        (("strides", 0, "side"), "both"),
        (("events", 0, "kind"), "landing"),
        (("metrics", 0, "ci95"), [1.0]),
        (("metrics", 0, "confidence"), "certain"),
    ],
)
def test_the_schema_refuses_what_is_not_in_the_contract(path: tuple[Any, ...], value: Any) -> None:
    spoilt = saved()
    at: Any = spoilt
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, json_schema(), cls=jsonschema.Draft202012Validator)


def test_keys_of_the_contract() -> None:
    found = saved()
    assert list(found)[:6] == ["schema_version", "software", "videos", "recording", "config", "quality"]
    assert {"events", "strides", "metrics", "edits", "findings", "advice"} <= set(found)
    assert set(found["strides"][0]) == {"video", "side", "ic_s", "to_s", "next_ic_s", "reject_reason"}
    assert set(found["events"][0]) == {"video", "side", "leg", "kind", "time_s", "uncertainty_s", "origin"}
    assert set(found["metrics"][0]) == {
        "name", "side", "video", "value", "unit", "n_strides", "sd", "ci95", "confidence", "method", "sdc",
        "sdc_origin", "retest_se", "reference", "reason",
    }  # fmt: skip


def test_every_field_of_the_types_is_in_the_contract() -> None:
    # A field that the reader does not know would be lost on the way.
    schema = json_schema()["$defs"]
    for kind, part in (
        (model.VideoRecord, "VideoPart"),
        (model.Recording, "RecordingPart"),
        (model.GaitEvent, "EventPart"),
        (model.Stride, "StridePart"),
        (model.MetricValue, "MetricPart"),
        (model.Curve, "CurvePart"),
        (model.KeyFrame, "KeyFramePart"),
        (model.AngleMark, "MarkPart"),
        (model.QualityWarning, "WarningPart"),
    ):
        assert {f.name for f in fields(kind)} == set(schema[part]["properties"]), part
    assert {f.name for f in fields(GaitAnalysis)} == set(AnalysisPart.model_fields)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), np.float64("nan")])
def test_nan_and_infinity_never_reach_the_file(bad: float, tmp_path: Path) -> None:
    strides = (replace(analysis().strides[0], to_s=bad),)
    curves = (replace(analysis().curves[0], toe_off_pct=61.0),)
    text = to_json(replace(analysis(), strides=strides, curves=curves, config={"x": bad, "y": [1.0, bad]}))
    found = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in the file"))
    assert found["strides"][0]["to_s"] is None
    assert found["config"] == {"x": None, "y": [1.0, None]}
    back = read(write(tmp_path, text))
    assert np.isnan(back.strides[0].to_s)


def test_a_mandatory_number_that_is_missing_is_refused_at_once() -> None:
    broken = replace(analysis(), strides=(replace(analysis().strides[0], ic_s=float("nan")),))
    with pytest.raises(ValueError, match="ic_s"):
        to_dict(broken)


def test_numbers_from_numpy_are_plain() -> None:
    metric = replace(analysis().metrics[0], value=float(np.float64(170.123456789)), n_strides=int(np.int64(14)))
    found = to_dict(replace(analysis(), metrics=(metric,), config={"n": np.int64(3), "x": np.float32(0.5)}))
    assert found["metrics"][0]["value"] == 170.123457
    assert json.dumps(found["config"]) == '{"n": 3, "x": 0.5}'


OPTIONAL = {
    "videos": [
        "travel",
        "codec",
        "pose_model",
        "px_per_m",
        "scale_origin",
        "spectral_cadence_spm",
        "camera_roll_deg",
        "camera_roll_origin",
    ],
    "metrics": [
        "n_strides",
        "sd",
        "ci95",
        "confidence",
        "method",
        "sdc",
        "sdc_origin",
        "retest_se",
        "reference",
        "reason",
    ],
    "strides": ["reject_reason"],
    "events": ["origin"],
}


def test_an_older_file_without_later_keys_reads(tmp_path: Path) -> None:
    old = saved()
    for table, keys in OPTIONAL.items():
        for row in old[table]:
            for key in keys:
                row.pop(key, None)
    for key in ("curves", "keyframes", "edits", "findings", "advice"):
        old.pop(key)
    old["recording"] = {}
    found = read(write(tmp_path, old))
    assert found.curves == found.keyframes == found.findings == ()
    assert found.recording == Recording()
    assert found.metrics[0].confidence == "none"
    assert found.events[0].origin == "detected"
    assert [s.ic_s for s in found.strides] == pytest.approx([s.ic_s for s in analysis().strides], abs=1e-6)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_earlier_minor_versions_read(version: str, tmp_path: Path) -> None:
    old = saved() | {"schema_version": version}
    old["recording"].pop("told")
    found = read(write(tmp_path, old))
    assert found.schema_version == version
    assert found.recording.told == {}


def test_what_the_person_told_comes_back(tmp_path: Path) -> None:
    told = Told(pain=("left heel",), since_days=21.0, four_steps=False, weekly_km=(20.0, 24.5), goal="<b>\u00e4")
    spoken = replace(analysis(), recording=Recording(person="\u00c4nne", told=told.answered()))
    found = read(write(tmp_path, to_json(spoken)))
    assert Told.from_mapping(found.recording.told) == told
    jsonschema.validate(to_dict(spoken), json_schema(), cls=jsonschema.Draft202012Validator)


def test_keys_of_a_later_minor_version_are_ignored(tmp_path: Path) -> None:
    later = saved()
    major, minor = later["schema_version"].split(".")
    later["schema_version"] = f"{major}.{int(minor) + 7}"
    later["plans"] = [{"what": "run less"}]
    later["metrics"][0]["colour"] = "amber"
    later["quality"]["score"] = 3
    found = read(write(tmp_path, later))
    assert found.schema_version == f"{major}.{int(minor) + 7}"
    assert found.metrics[0].name == analysis().metrics[0].name


@pytest.mark.parametrize("version", ["2.0", "0.9", "10.0"])
def test_another_major_version_is_refused(version: str, tmp_path: Path) -> None:
    other = saved() | {"schema_version": version}
    with pytest.raises(VideoError, match=f"format {version}, this gait reads {model.SCHEMA_VERSION}") as caught:
        read(write(tmp_path, other))
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"schema_version": "1.0"}', "null"])
def test_something_else_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="not a saved analysis of gait"):
        read(write(tmp_path, text))


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="no saved analysis"):
        read(tmp_path / "nowhere")
    with pytest.raises(VideoError, match="no saved analysis"):
        read(tmp_path)


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "analysis.json"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(VideoError, match="not a saved analysis"):
        read(path)


def test_a_metric_is_found_by_name_and_side() -> None:
    right = analysis().metric("ground_contact_time_ms", "right")
    assert right is not None
    assert right.side == "right"
    assert analysis().metric("no_such_metric") is None

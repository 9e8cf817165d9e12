"""The options: ranges, TOML files, round trips."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.config import AnalysisConfig, RunOptions, read_toml, write_toml
from gait.errors import ConfigError
from gait.options import options_of, read_options

ISSUE_OPTIONS = [
    "out",
    "height",
    "mass",
    "belt-speed",
    "incline",
    "view",
    "mirrored",
    "capture-rate",
    "start",
    "end",
    "horizon-deg",
    "tape-color",
    "model",
    "model-dir",
    "rules",
    "jobs",
    "json",
    "quiet",
    "verbose",
]

EVERY_OPTION = """
height = "5 ft 9"
mass = 70
belt-speed = "10 km/h"
incline = 1.5
view = "left"
mirrored = true
capture-rate = 240
start = "0:02"
end = 30.5
horizon-deg = -1
tape-color = "green"
model = "full"
model-dir = "models"
rules = "own.toml"
no-video = true
no-blur-face = true
jobs = 2
out = "results"
json = true
quiet = true
verbose = true
"""

DIRECT = [
    ({}, None),
    ({"height_m": 1.0}, None),
    ({"height_m": 2.3}, None),
    ({"height_m": 2}, None),
    ({"incline_pct": -10, "horizon_deg": 45.0, "jobs": 3}, None),
    ({"start_s": 2.0, "end_s": 2.1}, None),
    ({"height_m": 0.99}, "between 1 and 2.3 m"),
    ({"height_m": 175.0}, '"175 cm"'),
    ({"height_m": -1.7}, "between 1 and 2.3 m"),
    ({"height_m": math.nan}, "between 1 and 2.3 m"),
    ({"height_m": "1.75"}, "between 1 and 2.3 m"),
    ({"height_m": True}, "between 1 and 2.3 m"),
    ({"mass_kg": 24.9}, "between 25 and 250 kg"),
    ({"mass_kg": math.inf}, "between 25 and 250 kg"),
    ({"belt_speed_m_s": 0.49}, "between 0.5 and 12 m/s"),
    ({"belt_speed_m_s": 12.1}, "between 0.5 and 12 m/s"),
    ({"incline_pct": 26}, "between -10 and 25 %"),
    ({"capture_rate_hz": 9}, "between 10 and 2000 Hz"),
    ({"capture_rate_hz": 2001}, "between 10 and 2000 Hz"),
    ({"horizon_deg": 46}, "between -45 and 45 deg"),
    ({"start_s": -1}, "between 0 and 86400 s"),
    ({"view": "top"}, "left, right, rear, front"),
    ({"view": 3}, "left, right, rear, front"),
    ({"model": "huge"}, "heavy, full, lite"),
    ({"model": None}, "heavy, full, lite"),
    ({"mirrored": "yes"}, "true or false"),
    ({"video": 1}, "true or false"),
    ({"jobs": 0}, "between 1 and 1024"),
    ({"jobs": 2.5}, "between 1 and 1024"),
    ({"jobs": True}, "between 1 and 1024"),
    ({"model_dir": ""}, "file or folder"),
    ({"start_s": 5, "end_s": 5}, "later time than --start"),
    ({"start_s": 5, "end_s": 4}, "later time than --start"),
    ({"end_s": 0}, "later time than --start"),
]


@pytest.mark.parametrize(("values", "hint"), DIRECT)
def test_ranges(values, hint) -> None:
    if hint is None:
        config = AnalysisConfig(**values)
        assert {name: getattr(config, name) for name in values} == values
    else:
        with pytest.raises(ConfigError) as caught:
            AnalysisConfig(**values)
        assert hint in caught.value.hint
        assert caught.value.exit_code == 2


def test_the_options_are_those_of_the_issue() -> None:
    flags = [option.flag for cls in (AnalysisConfig, RunOptions) for option in options_of(cls)]
    assert sorted(flags) == sorted([*ISSUE_OPTIONS, "video", "blur-face"])


@pytest.mark.parametrize(
    "option",
    [o for cls in (AnalysisConfig, RunOptions) for o in options_of(cls)],
    ids=lambda option: option.flag,
)
def test_every_option_is_described(option) -> None:
    assert option.help.endswith(".")
    assert option.label
    assert option.group
    assert option.unit or option.kind != "quantity"
    if option.example and option.kind in ("quantity", "choice"):
        for example in option.example.replace(" or ", ", ").split(", "):
            option.read(example)  # the help must not show what is then refused


def test_the_file_gives_every_option_and_the_command_line_wins(tmp_path: Path) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text(
        EVERY_OPTION,
        encoding="utf-8",
    )
    values = read_toml(file)
    assert values == {
        "height_m": pytest.approx(1.7526),
        "mass_kg": 70.0,
        "belt_speed_m_s": pytest.approx(10 / 3.6),
        "incline_pct": 1.5,
        "view": "left",
        "mirrored": True,
        "capture_rate_hz": 240.0,
        "start_s": 2.0,
        "end_s": 30.5,
        "horizon_deg": -1.0,
        "tape_color": "#14b446",
        "model": "full",
        "model_dir": tmp_path / "models",
        "rules": tmp_path / "own.toml",
        "video": False,
        "blur_face": False,
        "jobs": 2,
        "out": tmp_path / "results",
        "json": True,
        "quiet": True,
        "verbose": True,
    }
    assert set(values) == {o.name for cls in (AnalysisConfig, RunOptions) for o in options_of(cls)}
    merged = values | read_options({"height": "1.80", "video": True}, (AnalysisConfig, RunOptions))
    assert (merged["height_m"], merged["video"], merged["mass_kg"]) == (1.8, True, 70.0)


BAD_FILES = [
    ("hight = 1.75", '"hight"', '"height"'),
    ("belt_speed = '10 km/h'", '"belt_speed"', '"belt-speed"'),
    ("height_m = 1.75", '"height_m"', '"height"'),
    ("belt-speed = 10", "option belt-speed", "10 km/h"),
    ("height = [1.75]", "option height", "1.75"),
    ("height = true", "option height", "1.75"),
    ("height = nan", "option height", "1.75"),
    ("height = 175", "option height", '"175 cm"'),
    ("height = 2001-01-01", "option height", "1.75"),
    ("mirrored = 'yes'", "option mirrored", "true or false"),
    ("no-video = 1", "option no-video", "true or false"),
    ("video = true\nno-video = true", '"no-video" contradict', "Keep one"),
    ("jobs = 1.5", "option jobs", "between 1 and 1024"),
    ("view = 1", "option view", "left, right"),
    ("model-dir = 3", "option model-dir", "file or folder"),
    ("[analyze]\nheight = 1.75", '"analyze"', "Known are"),
    ("height = 1.75 m", "not valid TOML", "in quotes"),
    ("height = ", "not valid TOML", "in quotes"),
]


@pytest.mark.parametrize(("text", "message", "hint"), BAD_FILES)
def test_bad_files_name_key_and_file(text, message, hint, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_toml(file)
    assert str(file) in caught.value.message
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_file_that_is_not_there_or_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        read_toml(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="is a folder"):
        read_toml(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ConfigError, match="not text in UTF-8"):
        read_toml(tmp_path / "binary.toml")


configs = st.builds(
    AnalysisConfig,
    height_m=st.none() | st.floats(1.0, 2.3),
    mass_kg=st.none() | st.floats(25, 250),
    belt_speed_m_s=st.none() | st.floats(0.5, 12),
    incline_pct=st.none() | st.floats(-10, 25),
    view=st.none() | st.sampled_from(("left", "right", "rear", "front")),
    mirrored=st.booleans(),
    capture_rate_hz=st.none() | st.floats(10, 2000),
    start_s=st.none() | st.floats(0, 50),
    end_s=st.none() | st.floats(51, 100),
    horizon_deg=st.none() | st.floats(-45, 45),
    model=st.sampled_from(("heavy", "full", "lite")),
    model_dir=st.none() | st.just(Path("models") / 'a "b" c'),
    rules=st.none() | st.just(Path("own rules.toml")),
    video=st.booleans(),
    blur_face=st.booleans(),
    jobs=st.none() | st.integers(1, 64),
)


@given(configs)
def test_round_trips(config: AnalysisConfig) -> None:
    saved = json.loads(json.dumps(config.to_dict(), allow_nan=False))
    assert AnalysisConfig.from_mapping(saved) == config


@given(configs)
def test_toml_round_trip(tmp_path_factory, config: AnalysisConfig) -> None:
    file = tmp_path_factory.mktemp("toml") / "options.toml"
    file.write_text(write_toml(config), encoding="utf-8")
    back = AnalysisConfig(**read_toml(file))
    for option in options_of(AnalysisConfig):
        value, read = getattr(config, option.name), getattr(back, option.name)
        if isinstance(value, Path):
            value = file.parent / value
        assert read == value, option.name


def test_saved_settings_with_an_unknown_name_are_refused() -> None:
    with pytest.raises(ConfigError, match='no setting "height"') as caught:
        AnalysisConfig.from_mapping({"height": 1.75})
    assert '"height_m"' in caught.value.hint


def test_the_number_of_cores_is_no_part_of_the_result() -> None:
    assert AnalysisConfig(jobs=1).result_dict() == AnalysisConfig(jobs=8).result_dict()
    assert AnalysisConfig(height_m=1.7).result_dict() != AnalysisConfig(height_m=1.8).result_dict()


def test_a_configuration_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        AnalysisConfig().height_m = 1.7  # type: ignore[misc]

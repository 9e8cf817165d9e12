"""The form "You": nothing is required, what is answered reaches the analysis, and it goes with the upload."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gait.dashboard import jobs
from gait.interop import analysis_json
from gait.told import PLACES, Told
from gait.told_words import QUESTIONS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(data: Path) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not at.exception
    return at


def _button(at: AppTest, label: str) -> Any:
    return next(button for button in at.button if button.label == label)


def _fields(at: AppTest) -> dict[str, Any]:
    kinds = (at.text_input, at.number_input, at.checkbox, at.pills)
    return {w.key: w for kind in kinds for w in kind if w.key and w.key.startswith("told_")}


def _analysed(page: AppTest, tmp_path: Path, wait) -> jobs.Job:
    clip = tmp_path / "anna.mp4"
    clip.write_text("run")
    page.segmented_control[0].set_value("Name a file on this computer").run()
    page.text_input(key="path").set_value(str(clip)).run()
    _button(page, "Analyse").click().run()
    named = page.query_params["analysis"]
    job = jobs.find(named if isinstance(named, str) else named[0])
    assert job is not None
    wait(lambda: job.state != jobs.RUNNING)
    assert (job.state, job.error) == (jobs.DONE, "")
    return job


def _told(job: jobs.Job) -> Told:
    return Told.from_mapping(analysis_json.read(job.results / "analysis.json").recording.told)


def test_nothing_is_required(page: AppTest, tmp_path: Path, wait) -> None:
    assert _told(_analysed(page, tmp_path, wait)) == Told()


def test_pain_is_asked_about_only_where_something_hurts(page: AppTest) -> None:
    quiet = set(_fields(page))
    assert {"told_feeling", "told_quinolone", "told_weekly_km", "told_age_years"} <= quiet
    assert "told_pain_level" not in quiet
    page.pills(key="told_feeling").set_value("some").run()
    assert not page.exception
    fields = _fields(page)
    boxes = {f"told_pain_{side}_{place}" for side in ("left", "right") for place in PLACES}
    assert set(fields) == {"told_feeling", *boxes, *(f"told_{name}" for name in QUESTIONS if name != "pain")}
    assert fields["told_pain_left_back_of_ankle"].label == "Left back of the ankle"
    for name, option in QUESTIONS.items():
        if name != "pain":
            assert option.label in fields[f"told_{name}"].label
    page.pills(key="told_feeling").set_value("none").run()
    assert set(_fields(page)) == quiet


def test_no_pain_is_an_answer(page: AppTest, tmp_path: Path, wait) -> None:
    page.pills(key="told_feeling").set_value("none").run()
    assert _told(_analysed(page, tmp_path, wait)) == Told(pain=("none",))


def test_answers_reach_the_saved_analysis_and_go_with_it(page: AppTest, data: Path, tmp_path: Path, wait) -> None:
    page.pills(key="told_feeling").set_value("some").run()
    page.checkbox(key="told_pain_right_heel").set_value(True)
    page.pills(key="told_signs").set_value(["swelling", "numbness"])
    page.pills(key="told_four_steps").set_value("no")
    page.pills(key="told_calf_tight").set_value("yes")
    page.pills(key="told_pain_level").set_value(0)
    page.pills(key="told_sex").set_value("female")
    page.text_input(key="told_since_days").set_value("3 weeks")
    page.text_input(key="told_weekly_km").set_value("20, 24,5")
    page.number_input(key="told_age_years").set_value(35)
    page.number_input(key="told_planned_km").set_value(42.5)
    page.text_input(key="told_goal").set_value("<script>alert(1)</script> 10 km")
    page.text_input(key="told_name").set_value("Anna *Berg*").run()
    assert not page.exception
    job = _analysed(page, tmp_path, wait)
    meant = Told(
        pain=("right heel",),
        signs=("swelling", "numbness"),
        four_steps=False,
        calf_tight=True,
        pain_level=0,
        sex="female",
        since_days=21.0,
        weekly_km=(20.0, 24.5),
        age_years=35,
        planned_km=42.5,
        goal="<script>alert(1)</script> 10 km",
        name="Anna *Berg*",
    )
    assert _told(job) == meant
    assert analysis_json.read(job.results / "analysis.json").recording.person == "Anna *Berg*"
    assert Told.from_mapping(json.loads((job.folder / jobs.JOB_FILE).read_text())["told"]) == meant
    page.run()
    assert not page.exception
    _button(page, "Delete for good").click().run()
    assert list(data.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "text", "line", "good"),
    [
        ("weekly_km", "20, 24 and 30 km", "= 20, 24, 30 km", True),
        ("weekly_km", "20,24", "may be one distance or two", False),
        ("shoe_age_days", "half a year", "= 6 months", True),
        ("shoe_age_days", "<b>", "&lt;b&gt;&quot; is no length of time", False),
        ("shoe_age_days", "not sure", "", True),
    ],
)
def test_typed_fields_say_how_they_were_understood(name: str, text: str, line: str, good: bool, page: AppTest) -> None:
    page.text_input(key=f"told_{name}").set_value(text).run()
    assert not page.exception
    assert line in " ".join(element.proto.body for element in page.get("html"))
    assert _button(page, "Analyse").disabled is not good

"""Every page starts, reads its fields like the command line, and shows results and errors in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gait.cli_app import STREAMLIT_SETTINGS, arguments
from gait.config import AnalysisConfig
from gait.dashboard import jobs
from gait.dashboard.form import FIRST
from gait.options import options_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(data: Path) -> AppTest:
    """The freshly opened page."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not at.exception
    return at


def _button(at: AppTest, label: str):
    return next(button for button in at.button if button.label == label)


def _job(at: AppTest) -> jobs.Job:
    """Return the job that the page's address names."""
    named = at.query_params["analysis"]
    job = jobs.find(named if isinstance(named, str) else named[0])
    assert job is not None
    return job


def _named(page: AppTest, clip: Path) -> AppTest:
    """Choose to name a file, and name it."""
    page.segmented_control[0].set_value("Name a file on this computer").run()
    return page.text_input(key="path").set_value(str(clip)).run()


def _analysed(page: AppTest, clip: Path, wait) -> AppTest:
    _button(_named(page, clip), "Analyse").click().run()
    job = _job(page)
    wait(lambda: job.state != jobs.RUNNING)
    page.run()
    assert not page.exception
    return page


def _html(at: AppTest) -> str:
    return " ".join(element.proto.body for element in at.get("html"))


def test_the_page_says_first_what_it_is_and_that_nothing_leaves(page: AppTest) -> None:
    assert page.title[0].value == "Treadmill running analysis"
    text = _html(page)
    assert "Not a medical device, not a diagnosis." in text
    assert "Everything stays on this computer" in text
    assert not page.error


def test_every_option_has_a_field_with_help(page: AppTest) -> None:
    fields = {w.key: w for kind in (page.text_input, page.selectbox, page.toggle) for w in kind}
    for option in options_of(AnalysisConfig):
        field = fields[f"option_{option.name}"]
        assert field.label == option.label
        assert field.help
    assert [page.text_input[i].key for i in range(2)] == [f"option_{name}" for name in FIRST]


@pytest.mark.parametrize(
    ("name", "text", "line", "good"),
    [
        ("height_m", "5 ft 9", "= 1.753 m", True),
        ("height_m", "175 cm", "= 1.75 m", True),
        ("height_m", "175", "Did you mean &quot;175 cm&quot;?", False),
        ("height_m", "<b>", "The height &quot;&lt;b&gt;&quot; was not understood", False),
        ("belt_speed_m_s", "10 km/h", "= 2.78 m/s, 10.0 km/h, 6:00 min/km", True),
        ("belt_speed_m_s", "10", "has no unit", False),
        ("start_s", "1:05", "= 65 s", True),
        ("jobs", "0", "between 1 and 1024", False),
    ],
)
def test_fields_say_how_they_were_understood(name, text, line, good, page: AppTest) -> None:
    page.text_input(key=f"option_{name}").set_value(text).run()
    assert line in _html(page)
    assert _button(page, "Analyse").disabled is not good


def test_a_clip_becomes_a_report(page: AppTest, data: Path, tmp_path: Path, wait) -> None:
    (tmp_path / "anna.mp4").write_text("run")
    page.text_input(key="option_height_m").set_value("175 cm").run()
    page.toggle(key="option_video").set_value(False).run()
    page.selectbox(key="option_view").set_value("left").run()
    _analysed(page, tmp_path / "anna.mp4", wait)
    assert [h.value for h in page.header] == ["anna.mp4"]
    assert "Quality: medium" in page.info[0].value
    assert "Only 60 pictures a second. Film at 120." in page.warning[0].value
    numbers = _html(page)
    assert "168.9" in numbers
    assert "95 % interval 168.1 to 169.6" in numbers
    assert "Rearfoot" in numbers
    labels = [d.proto.label for d in page.get("download_button")]
    reports = ["Report (PDF)", "Report (web page)"]
    assert labels == [*reports, "Annotated video", "Numbers (CSV)", "Analysis (JSON)", "Everything (zip)"]
    assert "This is the report." in page.get("iframe")[0].proto.srcdoc
    job = _job(page)
    from gait.interop import analysis_json

    saved = AnalysisConfig.from_mapping(analysis_json.read(job.results / "analysis.json").config)
    assert saved == AnalysisConfig(height_m=1.75, video=False, view="left")
    assert (tmp_path / "anna.mp4").exists()


def test_further_clips_of_the_run_go_along(page: AppTest, tmp_path: Path, wait) -> None:
    for name in ("right", "left", "rear"):
        (tmp_path / f"{name}.mp4").write_text(f"run {name}")
    _named(page, tmp_path / "right.mp4")
    page.text_area(key="paths").set_value(f'"{tmp_path / "left.mp4"}"\n\n{tmp_path / "rear.mp4"}\n').run()
    _button(page, "Analyse").click().run()
    job = _job(page)
    wait(lambda: job.state != jobs.RUNNING)
    from gait.interop import analysis_json

    assert job.state == jobs.DONE
    assert job.title == "right.mp4"
    assert analysis_json.read(job.results / "analysis.json").software["others"] == "left.mp4 rear.mp4"


def test_a_further_clip_that_is_not_there_is_said_at_once(page: AppTest, data: Path, tmp_path: Path) -> None:
    (tmp_path / "right.mp4").write_text("run")
    _named(page, tmp_path / "right.mp4")
    page.text_area(key="paths").set_value(str(tmp_path / "left.mp4")).run()
    _button(page, "Analyse").click().run()
    assert "There is no file" in page.error[0].value
    assert not data.exists() or list(data.iterdir()) == []


def test_results_can_be_deleted_and_the_named_clip_stays(page: AppTest, data: Path, tmp_path: Path, wait) -> None:
    (tmp_path / "anna.mp4").write_text("run")
    _analysed(page, tmp_path / "anna.mp4", wait)
    assert len(list(data.iterdir())) == 1
    _button(page, "Delete for good").click().run()
    assert list(data.iterdir()) == []
    assert (tmp_path / "anna.mp4").exists()
    assert page.subheader[0].value.endswith("The clip")


@pytest.mark.parametrize(
    ("text", "words"),
    [("no video", "**This is no video.** Film again"), ("crash", "This is a fault of gait, not yours")],
)
def test_errors_of_the_engine_are_plain_words(text, words, page: AppTest, tmp_path: Path, wait) -> None:
    (tmp_path / "anna.mp4").write_text(text)
    _analysed(page, tmp_path / "anna.mp4", wait)
    assert words in page.error[0].value.replace("\\", "")
    assert "Traceback" not in page.error[0].value


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "There is no clip yet."), ("nowhere.mp4", "There is no file"), (".", "There is no file")],
)
def test_a_clip_must_be_there(name: str, words: str, page: AppTest, data: Path) -> None:
    _button(_named(page, Path(name) if name else ""), "Analyse").click().run()  # type: ignore[arg-type]
    assert words in page.error[0].value.replace("\\", "")
    assert not data.exists()


def test_fields_that_contradict_each_other(page: AppTest, data: Path) -> None:
    page.text_input(key="option_start_s").set_value("10").run()
    page.text_input(key="option_end_s").set_value("5").run()
    _button(page, "Analyse").click().run()
    assert "is not after the start" in page.error[0].value


def test_progress_is_shown_and_the_job_can_be_stopped(page: AppTest, tmp_path: Path, wait) -> None:
    (tmp_path / "anna.mp4").write_text("slow")
    _button(_named(page, tmp_path / "anna.mp4"), "Analyse").click().run()
    job = _job(page)
    wait(lambda: job.progress.get("done") == 150)
    page.run()
    bar = page.get("progress")[0].proto
    assert bar.value == 50
    assert bar.text == "Step 3 of 6: Following the runner"
    assert "150 of 300, 34.6 frames/s, 4 s left" in _html(page)
    _button(page, "Stop").click().run()
    assert job.state == jobs.STOPPED
    assert page.info[0].value == "The analysis was stopped before it was done."


def test_earlier_analyses_are_listed(page: AppTest, tmp_path: Path, wait) -> None:
    (tmp_path / "anna.mp4").write_text("run")
    _analysed(page, tmp_path / "anna.mp4", wait)
    _button(page, "Analyse another clip").click().run()
    assert "Earlier analyses on this computer (1)" in [e.label for e in page.expander]
    _button(page, "Open").click().run()
    assert page.header[0].value == "anna.mp4"


def test_checkout_and_installed_package_have_the_same_settings() -> None:
    import tomllib

    tables = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    flat = {f"{table}.{key}": value for table, values in tables.items() for key, value in values.items()}
    written = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in flat.items()}
    assert written == STREAMLIT_SETTINGS
    assert flat["browser.gatherUsageStats"] is False
    assert flat["server.address"] == "localhost"
    assert flat["server.maxUploadSize"] == 2048


def test_the_command_for_streamlit() -> None:
    given = arguments(8600, headless=True)
    assert given[0] == "run"
    assert Path(given[1]).is_file()
    assert {"--server.port=8600", "--server.headless=true", "--browser.gatherUsageStats=false"} <= set(given)
    assert not any(text.startswith("--server.port") for text in arguments(None, headless=False))

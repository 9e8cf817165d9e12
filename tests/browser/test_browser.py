"""The dashboard as a person meets it: the installed command, a real browser, the real engine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
try:
    from playwright.sync_api import Browser, Page, expect, sync_playwright
except ImportError:
    sync_playwright = None  # type: ignore[assignment]

if sync_playwright is None or CHROMIUM is None:
    MISSING = "the playwright package" if sync_playwright is None else "a Chromium browser"
    warnings.warn(f"BROWSER TESTS NOT RUN: {MISSING} is missing", stacklevel=1)
    pytest.skip(f"{MISSING} is missing", allow_module_level=True)

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
START_TIMEOUT_S = 60


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for uploads and logs of this test run."""
    return tmp_path_factory.mktemp("gait-data")


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[str]:
    """Start ``gait app`` away from the checkout, so that only what the package holds can count."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "GAIT_DATA_DIR": str(data), "XDG_STATE_HOME": str(data / "state")}
    command = [sys.executable, "-m", "gait.cli", "app", "--port", str(port), "--headless"]
    log = (data / "server.log").open("w")
    process = subprocess.Popen(command, cwd=data, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        end = time.monotonic() + START_TIMEOUT_S
        while not _answers(address):
            assert process.poll() is None, (data / "server.log").read_text()
            assert time.monotonic() < end, (data / "server.log").read_text()
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it."""
    with sync_playwright() as playwright:
        # Containers run tests as root, where Chromium's own sandbox cannot start.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    """The page, opened; fails when anything was asked of another computer or a script failed."""
    context = browser.new_context(viewport=request.param)
    opened = context.new_page()
    asked, faults = set(), []
    opened.on("request", lambda r: asked.add(urlsplit(r.url).hostname) if r.url.startswith(("http", "ws")) else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto(server)
    expect(opened.get_by_role("heading", name="Treadmill running analysis")).to_be_visible(timeout=30_000)
    yield opened
    context.close()
    assert asked == {"localhost"}
    assert faults == []


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_the_page_opens_and_fits(page: Page) -> None:
    expect(page.get_by_text("Not a medical device, not a diagnosis.")).to_be_visible()
    expect(page.get_by_text("Everything stays on this computer")).to_be_visible()
    button = page.get_by_role("button", name="Analyse", exact=True)
    expect(button).to_be_enabled()
    assert _fits(page)
    page.get_by_text("More options").click()
    expect(page.get_by_role("textbox", name="Runner's mass")).to_be_visible()
    assert _fits(page)


def test_a_speed_without_unit_is_asked_for_its_unit(page: Page) -> None:
    field = page.get_by_role("textbox", name="Belt speed")
    field.fill("10")
    field.press("Tab")
    expect(page.get_by_text("Say which: write 10 km/h, 10 mph or 10 m/s.")).to_be_visible()
    expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_disabled()
    field.fill("10 km/h")
    field.press("Tab")
    expect(page.get_by_text("= 2.78 m/s, 10.0 km/h, 6:00 min/km")).to_be_visible()
    expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_enabled()


def test_the_form_about_complaints_fits_and_shows_where_it_hurts(page: Page) -> None:
    page.get_by_text("Something hurts or feels wrong").click()
    box = page.get_by_text("Right back of the ankle", exact=True)
    expect(box).to_be_visible(timeout=30_000)
    drawing = page.get_by_alt_text("Body map", exact=False)
    before = drawing.get_attribute("src")
    box.click()
    expect(drawing).not_to_have_attribute("src", before or "", timeout=30_000)
    # Left and right beside each other, and every answer inside the page, on a phone, too.
    left = page.get_by_text("Left back of the ankle", exact=True).bounding_box()
    right = box.bounding_box()
    assert left is not None
    assert right is not None
    assert abs(left["y"] - right["y"]) < 5
    assert left["x"] < right["x"]
    for words in ("10", "Suddenly, like a kick from behind", "Bump on the outer midfoot (fifth metatarsal)"):
        place = page.get_by_test_id("stButtonGroup").get_by_text(words, exact=True).bounding_box()
        assert place is not None
        assert place["x"] + place["width"] < (page.viewport_size or PHONE)["width"]
    assert _fits(page)


def test_a_file_that_is_no_video_ends_in_plain_words_and_can_be_deleted(page: Page, data: Path, tmp_path: Path) -> None:
    clip = tmp_path / "holiday notes.mp4"
    clip.write_text("text, not a video\n" * 100)
    page.locator("input[type=file]").first.set_input_files(clip)
    expect(page.get_by_test_id("stFileUploader").get_by_text("holiday notes.mp4")).to_be_visible()
    page.get_by_role("button", name="Analyse", exact=True).click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible(timeout=60_000)
    said = alert.locator("p").inner_text()
    assert "Traceback" not in said
    assert "fault of gait" not in said
    assert "video" in said.lower()
    assert len(said.splitlines()) == 1
    assert _fits(page)
    kept = list((data / "dashboard").glob("*/holiday notes.mp4"))
    assert len(kept) == 1
    page.reload()  # the address still names the job
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Delete this upload and its results").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="The clip")).to_be_visible()
    assert not kept[0].parent.exists()

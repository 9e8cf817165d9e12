"""Analyses as processes: progress, errors, stopping, deleting."""

from __future__ import annotations

from pathlib import Path

import pytest

from gait.config import AnalysisConfig
from gait.dashboard import jobs


def _start(text: str, config: AnalysisConfig | None = None, uploaded: bool = True) -> jobs.Job:
    job_id, folder = jobs.new_folder()
    (folder / "clip.mp4").write_text(text)
    return jobs.start(job_id, folder, folder / "clip.mp4", config or AnalysisConfig(), "anna.mp4", uploaded)


def test_a_job_runs_in_its_own_process_and_leaves_results(data: Path, wait) -> None:
    job = _start("run", AnalysisConfig(height_m=1.75, model_dir=Path("models")))
    wait(lambda: job.state != jobs.RUNNING)
    assert (job.state, job.error) == (jobs.DONE, "")
    told = {"stage": "pose", "done": 300, "total": 300, "rate_hz": 34.567, "remaining_s": 0.0, "clip": ""}
    assert job.progress == told
    assert (job.results / "analysis.json").is_file()
    assert jobs.find(job.id) is job


@pytest.mark.parametrize(
    ("text", "error", "hint"),
    [
        ("no video", "This is no video.", "Film again."),
        ("crash", "This is a fault of gait, not yours: RuntimeError.", "faults.log"),
    ],
)
def test_errors_come_back_as_words(text: str, error: str, hint: str, data: Path, wait) -> None:
    job = _start(text)
    wait(lambda: job.state != jobs.RUNNING)
    assert (job.state, job.error) == (jobs.FAILED, error)
    assert hint in job.hint


def test_a_worker_that_dies_without_a_word_is_a_fault(data: Path, wait, tmp_path: Path) -> None:
    job = _start("slow")
    wait(lambda: bool(job.progress))
    job.process.kill()
    wait(lambda: job.state != jobs.RUNNING)
    assert job.state == jobs.FAILED
    assert job.error.startswith("This is a fault of gait, not yours")
    assert "worker ended with" in (tmp_path / "logs" / "faults.log").read_text()


def test_a_job_can_be_stopped_and_leaves_no_half_results(data: Path, wait) -> None:
    job = _start("slow")
    wait(lambda: job.progress.get("done") == 150)
    job.stop()
    assert job.state == jobs.STOPPED
    assert job.process.poll() == 130
    assert not job.results.exists()


def test_the_worker_ends_when_the_server_does(data: Path, wait) -> None:
    job = _start("slow")
    wait(lambda: bool(job.progress))
    job.process.stdin.close()
    wait(lambda: job.process.poll() is not None)
    assert job.process.poll() == 130


def test_deleting_removes_upload_and_results(data: Path, wait) -> None:
    job = _start("run")
    wait(lambda: job.state == jobs.DONE)
    assert [j.id for j in jobs.earlier_jobs()] == [job.id]
    job.delete()
    assert not job.folder.exists()
    assert jobs.find(job.id) is None
    assert jobs.earlier_jobs() == []


def test_finished_jobs_of_an_earlier_server_are_found(data: Path, wait) -> None:
    job = _start("run")
    wait(lambda: job.state == jobs.DONE)
    jobs._JOBS.clear()
    found = jobs.find(job.id)
    assert (found.state, found.title, found.uploaded) == (jobs.DONE, "anna.mp4", True)
    found.delete()


@pytest.mark.parametrize("name", ["", "..", "../data", "nothing", "/"])
def test_an_address_cannot_name_another_folder(name: str, data: Path) -> None:
    jobs.new_folder()
    assert jobs.find(name) is None

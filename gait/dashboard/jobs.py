"""Analyses as jobs in a process of their own: the page stays alive, and a job can be stopped.

A separate process, because Streamlit replaces ``__main__`` by the page's script: pose workers spawned from a
thread of the server would run the page again in every worker.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from platformdirs import user_data_path

from gait.config import AnalysisConfig
from gait.files import file_sha256
from gait.told import Told

DATA_DIR_VARIABLE = "GAIT_DATA_DIR"
RUNNING, DONE, FAILED, STOPPED = "running", "done", "failed", "stopped"
STOP_GRACE_S = 5.0
JOB_FILE = "job.json"
WORKER = (sys.executable, "-m", "gait.dashboard.worker")


def jobs_folder() -> Path:
    """Return the folder of uploads and results: in ``GAIT_DATA_DIR`` if set, else in the user data folder."""
    named = os.environ.get(DATA_DIR_VARIABLE)
    root = Path(named).expanduser() if named else user_data_path("gait", appauthor=False)
    return root / "dashboard"


@dataclass
class Job:
    """One analysis: its folder, its process and what is known of its progress."""

    id: str
    folder: Path
    title: str
    uploaded: bool
    state: str = RUNNING
    progress: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    hint: str = ""
    process: subprocess.Popen[str] | None = None

    @property
    def results(self) -> Path:
        """Folder with the results."""
        return self.folder / "results"

    @property
    def begun(self) -> datetime:
        """When it was started: clips of one phone are told apart by that."""
        file = self.folder / JOB_FILE
        return datetime.fromtimestamp(file.stat().st_mtime if file.exists() else 0.0)

    def stop(self) -> None:
        """Ask the process to stop, and make it stop when it does not."""
        process, self.state = self.process, STOPPED
        if process is None or process.poll() is not None:
            return
        if process.stdin is not None:
            process.stdin.close()  # the worker watches for this
        try:
            process.wait(STOP_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def delete(self) -> None:
        """Stop it and remove the upload and all results from the disk."""
        self.stop()
        if self.uploaded:
            self._forget_landmarks()
        shutil.rmtree(self.folder, ignore_errors=True)
        _JOBS.pop(self.id, None)

    def _forget_landmarks(self) -> None:
        """Delete what the cache holds of the uploaded clip: it goes with the clip that it came from."""
        from gait.pose.cache import forget

        with suppress(OSError, ValueError, KeyError):
            order = json.loads((self.folder / JOB_FILE).read_text(encoding="utf-8"))
            for video in (order["video"], *order.get("others", ())):
                forget(file_sha256(Path(video)))


_JOBS: dict[str, Job] = {}
"""Jobs of this server: a module lives as long as the server, so that a reloaded page finds its job again."""


def new_folder() -> tuple[str, Path]:
    """Make an empty folder for a job and return its unguessable id and path."""
    job_id = secrets.token_urlsafe(9)
    folder = jobs_folder() / job_id
    folder.mkdir(parents=True)
    return job_id, folder


def start(
    job_id: str,
    folder: Path,
    video: Path,
    config: AnalysisConfig,
    title: str,
    uploaded: bool,
    others: Sequence[Path] = (),
    told: Told | None = None,
) -> Job:
    """Start an analysis in its own process.

    Parameters
    ----------
    job_id, folder : str and Path
        From :func:`new_folder`.
    video : Path
        The clip.
    config : AnalysisConfig
        Options.
    title : str
        Name of the clip as the person knows it.
    uploaded : bool
        Whether the clip is a copy of ours that goes when the job is deleted.
    others : sequence of Path
        Further clips of the same run.
    told : Told, optional
        What the person tells; it lies in the job's folder and goes with it.
    """
    order = {
        "video": str(video),
        "others": [str(other) for other in others],
        "out": str(folder / "results"),
        "config": config.to_dict(),
        "told": told.answered() if told is not None else {},
        "title": title,
        "uploaded": uploaded,
    }
    (folder / JOB_FILE).write_text(json.dumps(order), encoding="utf-8")
    job = Job(job_id, folder, title, uploaded)
    job.process = subprocess.Popen(
        [*WORKER, str(folder / JOB_FILE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    _JOBS[job_id] = job
    last_words: deque[str] = deque(maxlen=50)
    drain = threading.Thread(target=_keep, args=(job.process.stderr, last_words), daemon=True)
    drain.start()
    threading.Thread(target=_follow, args=(job, drain, last_words), daemon=True).start()
    return job


def find(job_id: str) -> Job | None:
    """Return a job of this server, or a finished one that an earlier server left on the disk."""
    if job_id in _JOBS:
        return _JOBS[job_id]
    known = {folder.name: folder for folder in _job_folders()}
    return _from_disk(known[job_id]) if job_id in known else None


def earlier_jobs() -> list[Job]:
    """Return everything that lies in the jobs folder, newest first."""
    folders = sorted(_job_folders(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    return [_JOBS.get(folder.name) or _from_disk(folder) for folder in folders]


def _job_folders() -> Iterator[Path]:
    root = jobs_folder()
    return (f for f in root.iterdir() if f.is_dir()) if root.is_dir() else iter(())


def _from_disk(folder: Path) -> Job:
    try:
        order = json.loads((folder / JOB_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        order = {}
    job = Job(folder.name, folder, str(order.get("title", "unknown clip")), bool(order.get("uploaded", True)))
    job.state = DONE if (job.results / "analysis.json").is_file() else STOPPED
    return job


def _keep(stream: IO[str] | None, into: deque[str]) -> None:
    for line in stream or ():
        into.append(line.rstrip())


def _follow(job: Job, drain: threading.Thread, last_words: deque[str]) -> None:
    """Read what the worker says until it ends."""
    process = job.process
    assert process is not None  # set before the thread starts
    for line in process.stdout or ():
        try:
            said = json.loads(line)
        except ValueError:
            continue  # a library's print, not ours
        if "error" in said:
            job.error, job.hint = said["error"], said.get("hint", "")
        elif "stage" in said:
            job.progress = said
    code = process.wait()
    drain.join(timeout=1)
    if job.state != RUNNING:
        return
    if code == 0:
        job.state = DONE
        return
    if not job.error:
        from gait.faults import fault_words

        job.error, job.hint = fault_words(RuntimeError(f"worker ended with {code}: " + "\n".join(last_words)))
    job.state = FAILED

"""The page: choose a clip, say what is known about the run, watch the analysis, read the report."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from gait.batch import EXTENSIONS
from gait.dashboard import jobs, style
from gait.dashboard.form import config_from, option_fields
from gait.dashboard.results import show_results
from gait.dashboard.told_form import told_fields
from gait.errors import ConfigError, GaitError, VideoError
from gait.progress_words import STEPS, details_words, stage_words
from gait.report.wording import INTENDED_USE
from gait.told import Told

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

UPLOAD, PATH = "Drop a clip here", "Name a file on this computer"
FURTHER = (
    "With a clip of each side, both legs are measured in full and compared. All clips must show the same person in the "
    "same run at one belt speed. Start, end, side and camera roll, if you give them below, are those of the first clip."
)
JOB_PARAMETER = "analysis"
REFRESH_S = 0.5
PRIVATE = (
    "Everything stays on this computer: neither the clip nor what you tell is sent anywhere. An uploaded clip, your "
    "answers and the results are kept in your user folder until you delete them."
)


def page() -> None:
    """Show the page: the form, or the job that the address names."""
    st.title("Treadmill running analysis")
    style.paragraphs(INTENDED_USE.split(". ")[0] + ".", PRIVATE)
    job = jobs.find(st.query_params.get(JOB_PARAMETER, ""))
    if job is None:
        _choose()
    elif job.state == jobs.RUNNING:
        _watch(job)
    else:
        _after(job)


def _choose() -> None:
    with st.container(border=True):
        st.subheader("1 · The clip")
        st.markdown("20 to 30 seconds of steady running, filmed from the side, the whole runner in the picture.")
        way = st.segmented_control("How", (UPLOAD, PATH), default=UPLOAD, required=True, label_visibility="collapsed")
        uploads: list[UploadedFile] = []
        paths: list[str] = []
        if way == PATH:
            paths = [st.text_input("File", placeholder="folder/clip.mp4", key="path")]
        else:
            kinds = [extension[1:] for extension in EXTENSIONS]
            upload = st.file_uploader("Clip", type=kinds, label_visibility="collapsed", key="upload")
            uploads = [upload] if upload is not None else []
        with st.expander("The same run from the other side, or from behind (optional)", icon=":material/flip:"):
            st.markdown(FURTHER)
            if way == PATH:
                further = st.text_area("Further files, one a line", placeholder="folder/other_side.mp4", key="paths")
                paths += [line for line in further.splitlines() if line.strip()]
            else:
                more = st.file_uploader("Further clips", type=kinds, accept_multiple_files=True, key="uploads")
                uploads += more if uploads else []
    with st.container(border=True):
        st.subheader("2 · The run")
        st.markdown("Both may stay empty. With them, distances come in centimetres and the speed is checked.")
        values, good = option_fields()
    with st.container(border=True):
        st.subheader("3 · You (optional)")
        st.markdown("What you tell here goes with the numbers into your report. Leave out what you like.")
        answers, understood = told_fields()
        good &= understood
    if not good:
        style.note("One of the fields above was not understood; the line below it says what to write.", wrong=True)
    if st.button("Analyse", type="primary", icon=":material/play_arrow:", disabled=not good, width="stretch"):
        try:
            config, told = config_from(values), Told.from_mapping(answers)
            job_id, folder, videos = _store(uploads) if uploads else _named(paths)
        except GaitError as error:
            _say(error.message, error.hint)
            return
        title = uploads[0].name if uploads else videos[0].name
        jobs.start(job_id, folder, videos[0], config, title, uploaded=bool(uploads), others=videos[1:], told=told)
        st.query_params[JOB_PARAMETER] = job_id
        st.rerun()
    _earlier()


def _store(uploads: list[UploadedFile]) -> tuple[str, Path, list[Path]]:
    """Put the clips into a folder of their own."""
    job_id, folder = jobs.new_folder()
    videos: list[Path] = []
    try:
        for upload in uploads:
            suffix = Path(upload.name).suffix.lower()
            stem = _safe_stem(upload.name)
            name = f"{stem}{suffix if suffix in EXTENSIONS else '.mp4'}"
            # Cameras number their clips anew on every card: two may have one name.
            taken = any(name.casefold() == video.name.casefold() for video in videos)
            videos.append(folder / (f"{len(videos) + 1}_{name}" if taken else name))
            with videos[-1].open("wb") as copy:
                shutil.copyfileobj(upload, copy, 1 << 20)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise VideoError(f"The clip could not be stored: {error.strerror}.", "Make room on the disk.") from None
    return job_id, folder, videos


def _named(paths: list[str]) -> tuple[str, Path, list[Path]]:
    """Look whether the named files are there."""
    if not paths or not paths[0].strip():
        raise ConfigError("There is no clip yet.", "Drop one above, or name a file on this computer.")
    # A path copied from a file manager often comes in quotes.
    videos = [Path(path.strip().strip("\"'")).expanduser() for path in paths]
    for video in videos:
        if not video.is_file():
            raise VideoError(f"There is no file {video}.", "Check its name; the path must be the full one.")
    return (*jobs.new_folder(), [video.resolve() for video in videos])


def _safe_stem(name: str) -> str:
    """Return the stem of an uploaded file's name with only those signs that every disk takes."""
    stem = Path(name.replace("\\", "/")).stem
    return "".join(c if c.isalnum() or c in "-_ " else "_" for c in stem).strip()[:80] or "clip"


def _watch(job: jobs.Job) -> None:
    with st.container(border=True):
        st.subheader(f"Analysing {style.escaped(job.title)}")
        _progress(job)


@st.fragment(run_every=REFRESH_S)
def _progress(job: jobs.Job) -> None:
    if job.state != jobs.RUNNING:
        st.rerun(scope="app")
    from gait.pipeline import Progress

    now = Progress(**(job.progress or {"stage": "video", "done": 0, "total": 0, "rate_hz": None, "remaining_s": None}))
    stages = list(STEPS)
    step = f"Step {stages.index(now.stage) + 1} of {len(stages)}: " if now.stage in stages else ""
    of_clip = f"{style.escaped(now.clip)}: " if now.clip else ""
    st.progress(min(1.0, now.done / now.total) if now.total else 0.0, text=of_clip + step + stage_words(now.stage))
    style.note(details_words(now) or "Working out how long this takes.")
    if st.button("Stop", icon=":material/stop:", key="stop"):
        with st.spinner("Stopping"):
            job.stop()
        st.rerun(scope="app")


def _after(job: jobs.Job) -> None:
    st.header(style.escaped(job.title))
    if job.state == jobs.FAILED:
        _say(job.error, job.hint)
    elif job.state == jobs.STOPPED:
        st.info("The analysis was stopped before it was done.", icon=":material/stop_circle:")
    with st.container(horizontal=True):
        if st.button("Analyse another clip", icon=":material/arrow_back:"):
            _back()
        what = "Delete this upload and its results" if job.uploaded else "Delete these results (the clip stays)"
        with st.popover(what, icon=":material/delete:"):
            st.write("This cannot be undone.")
            sure = st.button("Delete for good", type="primary")
        if sure:
            job.delete()
            _back()
    if job.state == jobs.DONE:
        show_results(job)


def _back() -> None:
    st.query_params.pop(JOB_PARAMETER, None)
    for key in ("upload", "uploads"):
        st.session_state.pop(key, None)
    st.rerun()


def _earlier() -> None:
    """List what lies on the disk, so that nothing stays there unseen."""
    earlier = jobs.earlier_jobs()
    if not earlier:
        return
    with st.expander(f"Earlier analyses on this computer ({len(earlier)})", icon=":material/history:"):
        for job in earlier:
            name, opened, deleted = st.columns([4, 1, 1], vertical_alignment="center")
            name.markdown(f"{style.escaped(job.title)} · {job.begun:%Y-%m-%d %H:%M} · {job.state}")
            if opened.button("Open", key=f"open_{job.id}"):
                st.query_params[JOB_PARAMETER] = job.id
                st.rerun()
            if deleted.button("Delete", key=f"delete_{job.id}"):
                job.delete()
                st.rerun()


def _say(message: str, hint: str) -> None:
    st.error(f"**{style.escaped(message)}** {style.escaped(hint)}", icon=":material/error:")

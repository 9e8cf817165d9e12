"""Downloads that end: https with time-outs, and the registries' own clients watched while they run."""

from __future__ import annotations

import http.client
import importlib.util
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

Progress = Callable[[str, int, int], None]
"""Called with what is loaded, bytes done and bytes in total (0 while unknown)."""

CLIENT_STALL_S = 30.0
CLIENT_TIMEOUT_S = 600.0
_POLL_S = 0.2


class SourceError(Exception):
    """Why a source did not deliver, in a few words."""


class _Connection(http.client.HTTPSConnection):
    read_timeout_s = 15.0

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self.read_timeout_s)


class _HttpsOnly(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if not newurl.startswith("https://"):
            raise SourceError("the server sent us on to an address without https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(
    url: str, limit_bytes: int, connect_timeout_s: float, read_timeout_s: float, on_progress: Progress
) -> bytes:
    """Download a file over https.

    Parameters
    ----------
    url : str
        Must start with ``https://``.
    limit_bytes : int
        A longer file is refused, at once when the server announces its length.
    connect_timeout_s, read_timeout_s : float
        Time for a connection, and without any data.
    on_progress : callable
        Told the bytes as they come.

    Raises
    ------
    SourceError
        When the server cannot be reached, refuses, stalls, or sends more than ``limit_bytes``.
    """
    if not url.startswith("https://"):
        raise SourceError("the address is not https")
    name = url.rsplit("/", 1)[-1]
    try:
        # Name look-up and proxies have no time-out of their own: the wait for an answer gets one here.
        with _within(
            connect_timeout_s + read_timeout_s, lambda: _open(url, connect_timeout_s, read_timeout_s)
        ) as answer:
            total = int(answer.headers.get("Content-Length") or 0)
            data = bytearray()
            while total <= limit_bytes and len(data) <= limit_bytes and (block := answer.read(1 << 18)):
                data += block
                on_progress(name, len(data), total)
    except urllib.error.HTTPError as error:
        raise SourceError(f"the server answered {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        raise SourceError(f"no connection ({brief(error.reason)})") from error
    except (OSError, http.client.HTTPException) as error:
        raise SourceError(f"the connection broke off ({brief(error)})") from error
    if max(total, len(data)) > limit_bytes:
        raise SourceError("the server offers a different file")
    return bytes(data)


def _open(url: str, connect_timeout_s: float, read_timeout_s: float) -> Any:
    class Connection(_Connection):
        pass

    Connection.read_timeout_s = read_timeout_s
    context = ssl.create_default_context()
    if importlib.util.find_spec("certifi"):  # some Python installers for macOS come without certificates
        import certifi

        context.load_verify_locations(certifi.where())

    class Handler(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Connection, req, context=context)  # type: ignore[arg-type]

    opener = urllib.request.build_opener(Handler(), _HttpsOnly())
    return opener.open(urllib.request.Request(url, headers={"User-Agent": "gait"}), timeout=connect_timeout_s)


def _within(seconds: float, work: Callable[[], Any]) -> Any:
    """Run ``work`` in a thread that may be left behind; return what it returns, or raise what it raises."""
    outcome: list[tuple[Any, Exception | None]] = []

    def run() -> None:
        try:
            outcome.append((work(), None))
        except Exception as error:
            outcome.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise TimeoutError(f"no answer within {seconds:.0f} s")
    result, error = outcome[0]
    if error is not None:
        raise error
    return result


def pip_command() -> list[str] | None:
    """Return how to start pip: this Python's, any other (the platform is given anyway), or by uv."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    for name in ("pip", "pip3"):
        if found := shutil.which(name):
            return [found]
    uv = shutil.which("uv")
    return [uv, "tool", "run", "--python", sys.executable, "pip"] if uv else None


def run_client(
    command: Sequence[str],
    work: Path,
    name: str,
    n_bytes: int,
    on_progress: Progress,
    stall_s: float = CLIENT_STALL_S,
    timeout_s: float = CLIENT_TIMEOUT_S,
) -> None:
    """Run a registry's client in the folder ``work``, where its temporary files go, too.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    work : Path
        Existing folder; the growth of its files is the progress.
    name : str
        What to call the download in progress reports.
    n_bytes : int
        Size of the package.
    on_progress : callable
        Told the growth of the folder.
    stall_s, timeout_s : float
        The client is ended after so long without a byte, and after so long in all.

    Raises
    ------
    SourceError
        With the last line the client printed, when it fails, stalls or cannot be started.
    """
    environment = {**os.environ, "TMPDIR": str(work), "TEMP": str(work), "TMP": str(work)}
    group: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        if os.name == "nt"
        else {"start_new_session": True}
    )
    log = work / "client.log"
    # To a file, not a pipe: a grandchild that outlives its parent would hold a pipe open.
    with log.open("wb") as output:
        try:
            client = subprocess.Popen(
                command,
                cwd=work,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **group,
            )
        except OSError as error:
            raise SourceError(f"{Path(command[0]).name} does not start ({error.strerror or error})") from error
        try:
            problem = _watch(client, work, name, n_bytes, on_progress, stall_s, timeout_s)
        finally:
            if client.poll() is None:
                _end(client)
    if problem or client.returncode != 0:
        raise SourceError(problem or _last_error(log.read_text("utf-8", "replace"), client.returncode))


def _watch(
    client: subprocess.Popen[bytes],
    work: Path,
    name: str,
    n_bytes: int,
    on_progress: Progress,
    stall_s: float,
    timeout_s: float,
) -> str:
    """Wait for the client; return what went wrong, or nothing."""
    start = grew = time.monotonic()
    done = 0
    while True:
        try:
            client.wait(_POLL_S)
            return ""
        except subprocess.TimeoutExpired:
            pass
        now, size = time.monotonic(), _folder_bytes(work)
        if size > done:
            done, grew = size, now
            on_progress(name, min(done, n_bytes), n_bytes)
        if now - grew > stall_s:
            return f"nothing came for {stall_s:.0f} s"
        if now - start > timeout_s:
            return f"not done after {timeout_s:.0f} s"


def _folder_bytes(folder: Path) -> int:
    total = 0
    for root, _, files in os.walk(folder):
        for file in files:
            try:
                total += os.stat(os.path.join(root, file)).st_size
            except OSError:  # it was moved on meanwhile
                continue
    return total


def _end(client: subprocess.Popen[bytes]) -> None:
    """End the client and what it started."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(client.pid)], capture_output=True, timeout=10)
    else:
        os.killpg(client.pid, signal.SIGKILL)
    client.wait(10)


def _last_error(output: str, code: int) -> str:
    if "No module named pip" in output:
        return "pip is not installed"
    if "connection broken by" in output:  # pip then ends with "no matching distribution", which misleads
        return "no connection"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "npm err"))]
    # npm names the kind of failure first and ends with where its log is; pip's last line says it all.
    first = bool(errors) and errors[0].startswith("npm")
    line = (errors or lines or [f"exit code {code}"])[0 if first else -1]
    return line.removeprefix("ERROR: ")[:160]


def brief(error: object) -> str:
    """Return the first line of what an error says."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0][:120]

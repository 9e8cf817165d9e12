"""Starting the dashboard from an installed package, where no `.streamlit` folder is at hand."""

from __future__ import annotations

import importlib.util
import socket
from pathlib import Path

from gait.errors import ConfigError

# The same as in .streamlit/config.toml, which only counts in a checkout; a test compares the two.
STREAMLIT_SETTINGS: dict[str, str] = {
    "server.address": "localhost",
    "server.maxUploadSize": "2048",
    "server.showEmailPrompt": "false",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    # Hides the developer hints that Streamlit would otherwise lay over the page; serve() tells the address itself.
    "logger.hideWelcomeMessage": "true",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "theme.base": "light",
    "theme.primaryColor": "#0b3d5c",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f5f7f8",
    "theme.textColor": "#15202b",
    "theme.baseRadius": "0.6rem",
}


def arguments(port: int | None, headless: bool) -> list[str]:
    """Return what Streamlit's own command line is given.

    Parameters
    ----------
    port : int or None
        Port to listen on; Streamlit looks for a free one from 8501 on when not given.
    headless : bool
        True to leave the browser closed.
    """
    page = Path(__file__).parent / "dashboard" / "main.py"
    settings = {**STREAMLIT_SETTINGS, "server.headless": str(headless).lower()}
    if port is not None:
        settings["server.port"] = str(port)
    return ["run", str(page), *(f"--{name}={value}" for name, value in settings.items())]


def free_port(first: int = 8501) -> int:
    """Return the first port from ``first`` on that nobody on this computer listens to."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            if probe.connect_ex(("localhost", port)) != 0:
                return port
    return first


def serve(port: int | None, headless: bool) -> None:
    """Serve the dashboard in this process until it is stopped.

    Raises
    ------
    ConfigError
        When Streamlit is not installed.
    """
    if importlib.util.find_spec("streamlit") is None:
        raise ConfigError(
            "The dashboard needs Streamlit, which is not installed.", "Install it: pip install streamlit."
        )
    from streamlit.web import cli

    if port is not None and free_port(port) != port:
        raise ConfigError(f"Port {port} is in use.", f"Leave out `--port`, or use {free_port(port + 1)}.")
    port = free_port() if port is None else port
    print(f"Open http://localhost:{port} in your browser. Ctrl+C here stops it.", flush=True)
    cli.main(args=arguments(port, headless), prog_name="gait app", standalone_mode=False)

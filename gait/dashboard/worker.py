"""The process that analyses one clip for the dashboard: an order in a file, progress as JSON lines on stdout.

``python -m gait.dashboard.worker ORDER.json``; it stops when its standard input is closed.
"""

from __future__ import annotations

import _thread
import contextlib
import json
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.errors import GaitError

if TYPE_CHECKING:
    from gait.pipeline import Progress


def main(order_file: str) -> int:
    """Analyse what the order says and return the exit code."""
    voice = sys.stdout
    # A server started in the background hands down that interrupts are ignored; this process is stopped by one.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=_stop_when_left_alone, daemon=True).start()
    try:
        order = json.loads(Path(order_file).read_text(encoding="utf-8"))
        # Whatever a library prints must not end up between our lines.
        with contextlib.redirect_stdout(sys.stderr):
            from gait.clips import OtherClip
            from gait.config import AnalysisConfig
            from gait.pipeline import run
            from gait.told import Told

            def report(progress: Progress) -> None:
                _say(voice, asdict(progress))

            config = AnalysisConfig.from_mapping(order["config"])
            others = [OtherClip(Path(other)) for other in order.get("others", ())]
            told = Told.from_mapping(order.get("told", {}))
            run(Path(order["video"]), config, Path(order["out"]), report, others=others, told=told)
    except GaitError as error:
        _say(voice, {"error": error.message, "hint": error.hint})
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from gait.faults import fault_words

        message, hint = fault_words(error)
        _say(voice, {"error": message, "hint": hint})
        return 1
    return 0


def _say(voice: Any, words: dict[str, Any]) -> None:
    print(json.dumps(words), file=voice, flush=True)


def _stop_when_left_alone() -> None:
    """Interrupt the analysis when the dashboard closes our standard input or ends."""
    sys.stdin.read()
    if hasattr(signal, "pthread_kill"):
        # A real signal also wakes a main thread that waits for its workers.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

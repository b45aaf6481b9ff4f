"""The embedded model's own process: llama.cpp's OpenAI-compatible server on a loopback port.

`local.Engine` starts it as `python -m gui.providers.engine FILE` or, frozen, as `gprochat --engine FILE`, with the key
that each request must carry in the environment. It prints one line of JSON on stdout, {"url": "http://127.0.0.1:PORT"},
{"failed": "engine"} (not installed) or {"failed": "model"} (stderr says why), and lives until its stdin ends:
that is also how it learns that the program was killed.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

KEY_VARIABLE = "GPROCHAT_ENGINE_KEY"
CONTEXT_VARIABLE = "GPROCHAT_ENGINE_CONTEXT"
READY_LIMIT = 60.0
"""Seconds from the start of the process to its line on stdout, for a small file."""

SLOW_DISK = 30_000_000  # bytes a second
CONTEXT_TOKENS = 4096


def ready_limit(model: Path) -> float:
    """Seconds that a file of its size may take."""
    try:
        return READY_LIMIT + model.stat().st_size / SLOW_DISK
    except OSError:
        return READY_LIMIT


def run_engine() -> NoReturn:
    """Serve the GGUF file named by the last argument; never returns."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches us too; the program decides
    # llama.cpp may print on stdout: keep the pipe for our line alone.
    stdout = os.dup(1)
    os.dup2(2, 1)
    watch = threading.Thread(target=_leave_when_stdin_ends, daemon=True)
    watch.start()
    model = Path(sys.argv[-1])
    _watch_without_the_interpreter(ready_limit(model))

    try:
        import xllamacpp
    except ImportError as error:
        _leave(stdout, "engine", error)

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    parameters.model_alias = {model.stem}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [os.environ.pop(KEY_VARIABLE)]
    parameters.ui = False
    parameters.cors_origins = "http://127.0.0.1"
    parameters.cors_credentials = False
    parameters.offline = True
    parameters.verbosity = 1  # errors
    parameters.n_ctx = int(os.environ.pop(CONTEXT_VARIABLE, CONTEXT_TOKENS))
    parameters.n_parallel = 1
    parameters.n_batch = parameters.n_ubatch = 64  # a stop takes effect between two batches
    parameters.cache_ram_mib = 256  # the prompts it keeps for switching between conversations; 8 GB by default
    parameters.cpuparams.n_threads = max(1, (os.cpu_count() or 1) - 1)
    try:
        server = xllamacpp.Server(parameters)
    except RuntimeError as error:
        _leave(stdout, "model", error)
    faulthandler.cancel_dump_traceback_later()

    _print(stdout, {"url": server.listening_address})
    watch.join()
    os._exit(0)


def _leave_when_stdin_ends() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)  # an ordinary shutdown hangs while a request is served


def _watch_without_the_interpreter(seconds: float) -> None:
    """Leave when stdin ends even while the model loads: loading holds the GIL, so that no thread of ours runs."""
    if sys.platform == "linux":
        import fcntl

        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(0, fcntl.F_SETFL, os.O_ASYNC)  # the end of the pipe raises SIGIO, which ends the process
    # Elsewhere it may outlive the program by the time loading takes, but not for longer than this.
    faulthandler.dump_traceback_later(seconds, exit=True, file=2)


def _print(stdout: int, line: dict[str, str]) -> None:
    os.write(stdout, json.dumps(line).encode() + b"\n")


def _leave(stdout: int, failed: str, error: Exception) -> NoReturn:
    os.write(2, f"{error}\n".encode())
    _print(stdout, {"failed": failed})
    os._exit(1)


if __name__ == "__main__":
    run_engine()

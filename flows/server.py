"""Prefect's server as a process that ends with whoever started it, however that one ended.

``python -m flows.server --host 127.0.0.1 --port 4200``, with standard input held open.
"""

import os
import runpy
import signal
import sys
from threading import Thread


def main() -> None:
    Thread(target=_end_with_the_starter, daemon=True).start()
    sys.argv = ["prefect", "server", "start", *sys.argv[1:]]
    runpy.run_module("prefect", run_name="__main__")


def _end_with_the_starter() -> None:
    # A pipe ends when the last process that holds its other end does, even one that was killed.
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()

"""Runs a Python step in a process of its own, and ends it when its time, or the execution, is over."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processors.media.sandbox import clean_environment
from processors.workflows.child import OUT_OF_MEMORY
from processors.workflows.errors import StepClosed, StepFailed

LOOK_SECONDS = 1.0
"""How often the step is asked whether it is still wanted."""
MAX_LOG_BYTES = 10 << 20
READ_BYTES = 1 << 16

Report = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class PythonRunner:
    """Runs functions that this server allows."""

    allowed: frozenset[str]
    memory_bytes: int

    def run(self, entry: str, folder: Path, *, is_wanted: Callable[[], bool], report: Report) -> bytes:
        """Call the function with the step that `folder` holds; gives what it printed.

        Raises StepFailed for what the function did, StepClosed when the step was no longer wanted.
        """
        if entry not in self.allowed:
            raise StepFailed(
                "ENTRY_POINT_REFUSED",
                f"This server no longer allows the entry point {entry!r}: name it in INTERNEG_PYTHON_PIPELINES.",
            )
        reader, writer = os.pipe()
        with os.fdopen(reader, "rb", buffering=0) as reports:
            try:
                process = self._started(entry, folder, writer)
            finally:
                os.close(writer)
            with process:
                watch = _Watch(process, reports.fileno(), report)
                try:
                    watch.follow(is_wanted)
                finally:
                    _end(process)
            return _outcome(process.returncode, watch)

    def _started(self, entry: str, folder: Path, report_fd: int) -> subprocess.Popen[bytes]:
        arguments = [str(folder), entry, str(self.memory_bytes), str(report_fd)]
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-u", "-m", "processors.workflows.child", *arguments],
            pass_fds=[report_fd],
            env=clean_environment(),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


class _Watch:
    """Reads what a process prints and reports until it ends."""

    def __init__(self, process: subprocess.Popen[bytes], report_fd: int, report: Report) -> None:
        assert process.stdout is not None
        self._process = process
        self._report = report
        self._unread = b""
        self.log = bytearray()
        self.is_closed = False
        self._selector = selectors.DefaultSelector()
        self._selector.register(process.stdout.fileno(), selectors.EVENT_READ, self._printed)
        self._selector.register(report_fd, selectors.EVENT_READ, self._reported)

    def follow(self, is_wanted: Callable[[], bool]) -> None:
        """Return when the process has ended, or is no longer wanted, which `is_closed` then says."""
        asked = time.monotonic()
        while self._process.poll() is None:
            self._read(LOOK_SECONDS)
            if time.monotonic() - asked >= LOOK_SECONDS:
                asked = time.monotonic()
                if not is_wanted():
                    self.is_closed = True
                    return
        while self._read(0):
            pass

    def _read(self, timeout: float) -> bool:
        if not self._selector.get_map():
            time.sleep(min(timeout, LOOK_SECONDS))
            return False
        ready = self._selector.select(timeout)
        for key, _ in ready:
            chunk = os.read(key.fd, READ_BYTES)
            if not chunk:
                self._selector.unregister(key.fd)
            key.data(chunk)
        return bool(ready)

    def _printed(self, chunk: bytes) -> None:
        self.log += chunk[: max(0, MAX_LOG_BYTES + 1 - len(self.log))]

    def _reported(self, chunk: bytes) -> None:
        *lines, self._unread = (self._unread + chunk).split(b"\n")
        for line in lines:
            try:
                found = json.loads(line)
            except ValueError:
                continue  # Something else in the process wrote to the descriptor.
            if isinstance(found, dict):
                self._report(found)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the step's session: the process itself, and what it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # All of it has ended.


def _outcome(status: int, watch: _Watch) -> bytes:
    log = bytes(watch.log)
    if watch.is_closed:
        raise StepClosed
    if status == 0:
        return log
    last = log.decode(errors="replace").strip().rpartition("\n")[2][:500]
    if status == OUT_OF_MEMORY:
        raise StepFailed("OUT_OF_MEMORY", last, log=log)
    ending = f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
    raise StepFailed("CRASHED", f"The process of the step ended {ending}{f': {last}' if last else ''}", log=log)

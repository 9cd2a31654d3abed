"""Runs media jobs where a crash, a hang or a bomb ends one process and nothing else."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from processors.media.fork_server import LENGTH, PID, WAIT_STATUS
from processors.media.job import RENDER, Finished, JobRequest, decoded_report
from processors.media.limits import Limits
from processors.media.rejections import MediaRejected, RejectionCode
from processors.media.results import MediaResult
from processors.media.settings import RenderSettings

START_SECONDS = 60.0
STOP_SECONDS = 10.0
"""How long a killed child may take to be reaped, and the server to end."""
READ_BYTES = 1 << 20


class SandboxUnavailable(Exception):
    """The process that forks jobs did not start or ended under a job. No fault of the file: try again."""


class MediaSandbox:
    """A fork server and the jobs it forks. Threads may call `run` at once; each call is one fresh process.

    `entry` is the `module:function` that a job calls.
    """

    def __init__(
        self, *, limits: Limits | None = None, settings: RenderSettings | None = None, entry: str = RENDER
    ) -> None:
        self._limits = limits or Limits()
        self._settings = settings or RenderSettings()
        self._entry = entry
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, source: Path, out_dir: Path, *, name: str, settings: RenderSettings | None = None) -> MediaResult:
        """Inspects `source` and writes its renditions into `out_dir`, which must exist and be the job's own.

        `name` is the file's path in its asset; `settings` are for this job alone. Raises MediaRejected for the file,
        SandboxUnavailable for the sandbox itself.
        """
        request = JobRequest(
            source=str(source.resolve()),
            out_dir=str(out_dir.resolve()),
            name=name,
            limits=self._limits,
            settings=settings or self._settings,
        )
        report_reader, report_writer = os.pipe()
        ours, theirs = socket.socketpair()
        with os.fdopen(report_reader, "rb", buffering=0) as report_pipe, ours:
            try:
                self._start_job(request, (report_writer, theirs.fileno()))
            finally:
                os.close(report_writer)
                theirs.close()
            report, is_late = _read_until(report_pipe.fileno(), self._limits)
            if is_late or len(report) > self._limits.report_bytes:
                ours.shutdown(socket.SHUT_WR)
            wait_status = _wait_status(ours)
        return self._outcome(report, wait_status, is_late=is_late, request=request)

    def close(self) -> None:
        """Ends the server and whatever jobs are still running."""
        with self._lock:
            self._end_server()

    def _start_job(self, request: JobRequest, fds: tuple[int, int]) -> None:
        """Hands the request to the server, started when there is none and once more when it has died."""
        body = msgspec.msgpack.encode(request)
        with self._lock:
            for is_last_try in (False, True):
                control = self._control or self._started()
                try:
                    socket.send_fds(control, [LENGTH.pack(len(body)), body], list(fds))
                    _received(control, PID.size)
                    return
                except (OSError, SandboxUnavailable) as error:
                    self._end_server()
                    if is_last_try:
                        raise SandboxUnavailable("the media fork server ended twice in a row") from error

    def _started(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            self._server = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
                [sys.executable, "-m", "processors.media.fork_server", str(theirs.fileno()), self._entry],
                pass_fds=[theirs.fileno()],
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control = ours
        ours.settimeout(START_SECONDS)
        _received(ours, PID.size)
        return ours

    def _end_server(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._server is not None:
            try:
                self._server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None

    def _outcome(self, report: bytes, wait_status: int | None, *, is_late: bool, request: JobRequest) -> MediaResult:
        if is_late:
            message = f"{request.name} took longer than the {self._limits.wall_seconds:g} seconds a job has."
            raise MediaRejected(RejectionCode.TIMED_OUT, message)
        if len(report) > self._limits.report_bytes:
            message = f"the headers of {request.name} fill more than {self._limits.report_bytes} bytes."
            raise MediaRejected(RejectionCode.TOO_LARGE, message)
        if not report:
            raise _death(wait_status, request.name, self._limits)
        outcome = decoded_report(report)
        if isinstance(outcome, Finished):
            return _inside(outcome.result, Path(request.out_dir))
        raise MediaRejected(outcome.code, outcome.message, outcome.inspection)


def clean_environment() -> dict[str, str]:
    """No credentials and no threads: a process that forks must have one thread."""
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "LC_ALL": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def _inside(result: MediaResult, out_dir: Path) -> MediaResult:
    """The result with every path in the job's own folder; what a child writes is not to be trusted."""
    renditions = tuple(msgspec.structs.replace(one, path=out_dir / one.path.name) for one in result.renditions)
    return msgspec.structs.replace(result, renditions=renditions)


def _death(wait_status: int | None, name: str, limits: Limits) -> MediaRejected | SandboxUnavailable:
    """What to say of a job that ended without a report."""
    if wait_status is None:
        return SandboxUnavailable(f"the media fork server ended while it worked on {name}")
    exit_code = os.waitstatus_to_exitcode(wait_status)
    if exit_code == -signal.SIGXCPU:
        message = f"{name} used up the {limits.cpu_seconds} seconds of processor time a job has."
        return MediaRejected(RejectionCode.TIMED_OUT, message)
    ending = signal.Signals(-exit_code).name if exit_code < 0 else f"exit code {exit_code}"
    message = f"the process that read {name} ended by {ending}; the file is likely damaged."
    return MediaRejected(RejectionCode.CRASHED, message)


def _read_until(report_fd: int, limits: Limits) -> tuple[bytes, bool]:
    """What the job wrote until it ended or went over its size, and whether its time ran out first."""
    deadline = time.monotonic() + limits.wall_seconds
    report = bytearray()
    while len(report) <= limits.report_bytes:
        readable, _, _ = select.select([report_fd], [], [], max(0.0, deadline - time.monotonic()))
        if not readable:
            return bytes(report), True
        chunk = os.read(report_fd, READ_BYTES)
        if not chunk:
            break
        report += chunk
    return bytes(report), False


def _wait_status(status: socket.socket) -> int | None:
    """How the child ended; None when the server ended before it could tell."""
    status.settimeout(STOP_SECONDS)
    try:
        return int(WAIT_STATUS.unpack(_received(status, WAIT_STATUS.size))[0])
    except (SandboxUnavailable, OSError):
        return None


def _received(connection: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length:
        chunk = connection.recv(length - len(received))
        if not chunk:
            raise SandboxUnavailable("the media fork server closed its connection")
        received += chunk
    return received

"""The process that has the image libraries loaded and forks one fresh child for each job.

Started by MediaSandbox with a clean environment, so no credential is in reach of a decoder. It ends, and its
jobs with it, when the sandbox's end of the control socket closes.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import struct
import sys
from types import FrameType

import msgspec

from processors.media.job import JobRequest, Render, perform, warmed

LENGTH = struct.Struct("!I")
PID = struct.Struct("!q")
WAIT_STATUS = struct.Struct("!i")
REQUEST_FDS = 2
_requests = msgspec.msgpack.Decoder(JobRequest)


class ForkServer:
    """Owns the control socket and the children. One thread; every event comes through one selector."""

    def __init__(self, control: socket.socket, render: Render) -> None:
        self._control = control
        self._render = render
        self._selector = selectors.DefaultSelector()
        self._jobs: dict[int, socket.socket] = {}
        self._child_exits = _child_exit_socket()

    def run(self) -> None:
        """Serves until the sandbox closes the control socket."""
        self._selector.register(self._control, selectors.EVENT_READ)
        self._selector.register(self._child_exits, selectors.EVENT_READ)
        while self._step():
            pass
        for pid in self._jobs:
            os.kill(pid, signal.SIGKILL)

    def _step(self) -> bool:
        is_open = True
        for key, _ in self._selector.select():
            if key.fileobj is self._control:
                is_open = self._accept()
            elif key.fileobj is self._child_exits:
                self._child_exits.recv(4096)
                self._reap()
            elif key.data in self._jobs:
                self._stop(key.data)
        return is_open

    def _accept(self) -> bool:
        """Starts one job; False at the end of the control socket."""
        head, fds, _, _ = socket.recv_fds(self._control, LENGTH.size, REQUEST_FDS)
        if not head:
            return False
        (length,) = LENGTH.unpack(head)
        request = _requests.decode(self._control.recv(length, socket.MSG_WAITALL))
        report_fd, status_fd = fds
        pid = os.fork()
        if pid == 0:
            self._become_job(request, report_fd)
        os.close(report_fd)
        self._jobs[pid] = socket.socket(fileno=status_fd)
        self._selector.register(self._jobs[pid], selectors.EVENT_READ, data=pid)
        self._control.sendall(PID.pack(pid))
        return True

    def _become_job(self, request: JobRequest, report_fd: int) -> None:
        """Runs in the child and never returns: holds nothing of the server's but the report's pipe."""
        exit_code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(report_fd, 3)
            os.closerange(4, os.sysconf("SC_OPEN_MAX"))
            perform(request, self._render, 3)
            exit_code = 0
        finally:
            os._exit(exit_code)

    def _stop(self, pid: int) -> None:
        """The sandbox closed the job's socket: its time is up. The pid is ours until it is reaped."""
        self._selector.unregister(self._jobs[pid])
        os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        while self._jobs:
            pid, wait_status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            status = self._jobs.pop(pid)
            if status in self._selector.get_map():
                self._selector.unregister(status)
            _tell(status, wait_status)


def _tell(status: socket.socket, wait_status: int) -> None:
    with status:
        try:
            status.sendall(WAIT_STATUS.pack(wait_status))
        except (BrokenPipeError, ConnectionResetError):
            return  # The sandbox gave the job up and no longer listens.


def _child_exit_socket() -> socket.socket:
    """Readable when a child has ended; the handler only has to exist for the wake-up to be written."""
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    signal.signal(signal.SIGCHLD, _noticed)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
    return reader


def _noticed(_signal_number: int, _frame: FrameType | None) -> None:
    return None


def main() -> None:
    """Arguments: the control socket's descriptor and the `module:function` that jobs call."""
    control = socket.socket(fileno=int(sys.argv[1]))
    render = warmed(sys.argv[2])
    control.sendall(PID.pack(os.getpid()))
    ForkServer(control, render).run()


if __name__ == "__main__":
    main()

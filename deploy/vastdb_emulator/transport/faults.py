"""Faults that are injected on purpose: which, into which requests, and how often."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock

from deploy.vastdb_emulator.transport.messages import Request

FAULTS_PATH = "/.emulator/faults"  # no bucket has a name that begins with a dot
COMMANDS = {
    "begin": ("POST", "transaction"),
    "commit": ("PUT", "transaction"),
    "rollback": ("DELETE", "transaction"),
    "insert": ("POST", "rows"),
    "update": ("PUT", "rows"),
    "delete": ("DELETE", "rows"),
    "select": ("GET", "data"),
    "import": ("POST", "data"),
    "create-table": ("POST", "table"),
    "drop-table": ("DELETE", "table"),
    "stats": ("GET", "stats"),
    "columns": ("GET", "column"),
}


class Fault(StrEnum):
    """What goes wrong with a request."""

    SLOW_DOWN = "slow-down"
    UNAVAILABLE = "unavailable"
    INTERNAL_ERROR = "internal-error"
    CONFLICT = "conflict"
    OUT_OF_SPACE = "out-of-space"
    REFUSE = "refuse"
    LOSE_BEFORE = "lose-before"
    LOSE_AFTER = "lose-after"
    TRUNCATE = "truncate"
    FAIL_QUERY = "fail-query"


class UnknownFault(ValueError):
    """The text names no fault, or no command."""


@dataclass(frozen=True)
class Injection:
    """A fault for the next `times` requests of a command, after `skip` of them; `command` None means every request."""

    fault: Fault
    command: str | None = None
    times: int = 1
    skip: int = 0

    @classmethod
    def parse(cls, text: str) -> Injection:
        """Read `FAULT[@COMMAND][*TIMES][+SKIP]`, for example `lose-after@commit` or `slow-down*3`."""
        match = re.fullmatch(r"([a-z-]+)(?:@([a-z-]+))?(?:\*(\d+))?(?:\+(\d+))?", text)
        if match is None or match[1] not in set(Fault):
            raise UnknownFault(f"'{text}' is not FAULT[@COMMAND][*TIMES][+SKIP] with one of {', '.join(Fault)}")
        if match[2] is not None and match[2] not in COMMANDS:
            raise UnknownFault(f"'{match[2]}' is none of the commands {', '.join(COMMANDS)}")
        return cls(Fault(match[1]), match[2], int(match[3] or 1), int(match[4] or 0))

    def __str__(self) -> str:
        command = f"@{self.command}" if self.command else ""
        return f"{self.fault}{command}*{self.times}+{self.skip}"

    def concerns(self, request: Request) -> bool:
        """Whether this request is one of those that the fault is for."""
        if self.fault is Fault.REFUSE:
            return False
        return self.command is None or COMMANDS[self.command] == (request.method, request.command)


class FaultPlan:
    """The faults still to come; shared by all connections."""

    def __init__(self, injections: tuple[Injection, ...] = ()) -> None:
        self._lock = Lock()
        self._pending = injections

    def replace(self, injections: tuple[Injection, ...]) -> None:
        """Forget what is pending and plan these instead."""
        with self._lock:
            self._pending = injections

    def pending(self) -> tuple[Injection, ...]:
        """What has not happened yet."""
        with self._lock:
            return self._pending

    def for_request(self, request: Request) -> Fault | None:
        """The fault that this request meets, now counted as having happened."""
        with self._lock:
            return self._take(lambda injection: injection.concerns(request))

    def refuses_connection(self) -> bool:
        """Whether a new connection is to be closed at once."""
        with self._lock:
            return self._take(lambda injection: injection.fault is Fault.REFUSE) is not None

    def _take(self, concerns: Callable[[Injection], bool]) -> Fault | None:
        for index, injection in enumerate(self._pending):
            if not concerns(injection):
                continue
            if injection.skip:
                self._put(index, replace(injection, skip=injection.skip - 1))
                continue
            self._put(index, replace(injection, times=injection.times - 1))
            return injection.fault
        return None

    def _put(self, index: int, injection: Injection) -> None:
        rest = (injection,) if injection.times else ()
        self._pending = (*self._pending[:index], *rest, *self._pending[index + 1 :])

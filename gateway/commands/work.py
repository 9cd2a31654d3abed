"""interneg work: followers and jobs, as many processes as wanted beside a gateway."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

from gateway import composition, database
from gateway.collector import spare_what_is_there
from gateway.composition import Parts
from gateway.consumers.errors import is_transient
from gateway.consumers.prints import Part
from gateway.settings import Settings
from gateway.stopping import READY, STOPPING, tell_service_manager

logger = logging.getLogger(__name__)
START_SECONDS = 60.0
"""How long a start waits for a database or another service that is away, as they may be restarted at the same time."""
RETRY_SECONDS = 1.0


def work(settings: Settings, arguments: argparse.Namespace) -> int:
    """Work until interrupted."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    names = tuple(arguments.names)
    with database.visitor(settings) as database_url, _prepared(settings, database_url, stop, names=names) as parts:
        if parts is not None:
            with composition.working(parts, names):
                spare_what_is_there()
                tell_service_manager(READY)
                stop.wait()
                tell_service_manager(STOPPING)
    return 0


@contextmanager
def _prepared(
    settings: Settings, database_url: str, stop: threading.Event, *, names: tuple[str, ...]
) -> Iterator[Parts | None]:
    """The parts, once they could be opened and prepared; None when `stop` is set first. Raises what does not pass."""
    began = monotonic()
    with ExitStack() as stack:
        while not stop.is_set():
            try:
                with ExitStack() as attempt:
                    parts = attempt.enter_context(
                        composition.parts(settings, database_url, public_url=settings.public_url)
                    )
                    composition.prepare(parts, part=Part.FOLLOWS, names=names)
                    stack.push(attempt.pop_all())
            except Exception as error:
                if not is_transient(error) or monotonic() - began > START_SECONDS:
                    raise
                logger.warning("Cannot start yet, trying again: %s", error)
                stop.wait(RETRY_SECONDS)
            else:
                yield parts
                return
        yield None

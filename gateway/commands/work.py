"""interneg work: followers and jobs, as many processes as wanted beside a gateway."""

from __future__ import annotations

import argparse
import signal
import threading

from gateway import composition, database
from gateway.consumers.prints import Part
from gateway.settings import Settings
from gateway.stopping import READY, STOPPING, tell_service_manager


def work(settings: Settings, arguments: argparse.Namespace) -> int:
    """Work until interrupted."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with (
        database.visitor(settings) as database_url,
        composition.parts(settings, database_url, public_url=settings.public_url) as parts,
    ):
        names = tuple(arguments.names)
        composition.prepare(parts, part=Part.FOLLOWS, names=names)
        with composition.working(parts, names):
            tell_service_manager(READY)
            stop.wait()
            tell_service_manager(STOPPING)
    return 0

"""A process that rebuilds one projection and prints what that took: DATA_DIR NAME."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from gateway import database
from gateway.composition import parts
from gateway.consumers.rebuild import discard, rebuild
from gateway.settings import Settings


def main(data_dir: str, name: str) -> None:
    """Drop what is left of earlier rebuilds, and strike the print again."""
    settings = Settings(data_dir=Path(data_dir))
    with (
        database.visitor(settings) as database_url,
        parts(settings, database_url, public_url="http://127.0.0.1") as opened,
    ):
        projection = opened.projections[name]
        discard(projection, opened.pool)
        began, cpu = time.perf_counter(), time.process_time()
        rebuild(projection, opened.log.feed, opened.pool, progress=lambda _: None)
        took = {
            "events": opened.log.recorder.max_notification_id(),
            "seconds": time.perf_counter() - began,
            "cpu_seconds": time.process_time() - cpu,
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
    sys.stdout.write(json.dumps(took) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

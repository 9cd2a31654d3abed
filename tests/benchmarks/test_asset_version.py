"""What a version of 10 000 files costs: the event, and its rows against the bare INSERT … SELECT of those rows."""

from __future__ import annotations

import sys
import time
from statistics import median
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from domain.assets.events import AssetVersionCreated
from domain.event import encode
from projections.vams.fold import fold_batch
from projections.vams.projection import TablesProjection
from tests.projections.vams.samples import ASSET, DATABASE, asset, observed
from tests.projections.vams.tape import Tape, cause

FILES = 10_000
VERSIONS = 5
BARE = """
INSERT INTO asset_file_versions_storage
SELECT database_id, asset_id, %s, path, s3_version_id, size_bytes, etag, last_modified
FROM asset_files WHERE database_id = 'shows' AND asset_id = 'shot_010'
"""


def _timed(connection: Connection[Any], work: Any) -> float:
    """Seconds of the work, which leaves nothing behind."""
    with connection.transaction(force_rollback=True):
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


@pytest.mark.benchmark
def test_a_version_of_10000_files_is_a_small_event_and_under_four_times_a_bare_insert(
    empty_database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tape = Tape()
    tape.add(DATABASE, asset(), *(observed(f"beauty/shot.{frame:05}.exr") for frame in range(FILES)))
    event = AssetVersionCreated(**ASSET, asset_version_id=1, comment="Everything")
    size_bytes = len(encode(cause(1), event))
    projection = TablesProjection()
    with psycopg.connect(empty_database_url) as connection:
        projection.create(connection, generation=1)
        tape.fold(connection)
        version = tape.add(event)
        folding, inserting = [], []
        for number in range(VERSIONS):
            folding.append(_timed(connection, lambda: fold_batch([version], connection)))
            inserting.append(_timed(connection, lambda: connection.execute(BARE.encode(), [number])))  # noqa: B023
        connection.rollback()
    ratio = median(folding) / median(inserting)
    with capsys.disabled():
        sys.stdout.write(
            f"\na version of {FILES:,} files: an event of {size_bytes} bytes, rows in {median(folding) * 1000:.0f} ms, "
            f"{ratio:.1f} times the bare INSERT … SELECT\n"
        )
    assert size_bytes < 500
    assert median(folding) < 1  # second of projection work, wherever this runs
    assert ratio < 4

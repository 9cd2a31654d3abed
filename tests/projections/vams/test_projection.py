"""The projection as the runner uses it: prints side by side."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import Connection

from domain.assets.events import AssetRenamed
from projections.printing import Target
from projections.vams.projection import TablesProjection
from tests.projections.vams.samples import ASSET, BUCKET, DATABASE, asset, entry, observed
from tests.projections.vams.tape import Tape

LIVE, SCRATCH = Target(1, is_live=True), Target(2, is_live=False)


@pytest.fixture
def prints(empty_database_url: str) -> Any:
    """A connection with a live and a scratch print, in one transaction."""
    with psycopg.connect(empty_database_url) as connection:
        projection = TablesProjection()
        projection.create(connection, generation=1)
        projection.publish(connection, generation=1, replaced=None)
        projection.create(connection, generation=2)
        yield connection
        connection.rollback()


def _log() -> Tape:
    tape = Tape()
    tape.add(BUCKET, DATABASE, asset(metadata=(entry("lens", "35"),)), observed("a.0001.exr"))
    tape.add(AssetRenamed(**ASSET, asset_name="Opening"), observed("a.0002.exr"))
    return tape


def test_a_print_struck_again_has_no_difference(prints: Connection[Any]) -> None:
    projection, entries = TablesProjection(), _log().entries
    projection.apply(entries, prints, target=LIVE)
    for one in entries:
        projection.apply([one], prints, target=SCRATCH)
    assert list(projection.differences(prints, live=LIVE, scratch=SCRATCH, limit=10)) == []
    counts = projection.row_counts(prints, target=LIVE)
    assert counts == projection.row_counts(prints, target=SCRATCH)
    assert (counts["asset_files"], counts["asset_storage_history"], counts["log_index"]) == (2, 4, 6)


def test_a_batch_goes_to_its_own_print_alone(prints: Connection[Any]) -> None:
    projection = TablesProjection()
    projection.apply(_log().entries, prints, target=SCRATCH)
    assert set(projection.row_counts(prints, target=LIVE).values()) == {0}
    different = projection.differences(prints, live=LIVE, scratch=SCRATCH, limit=3)
    assert [found.live for found in different] == [None, None, None]

"""What happens to versions after they were made, and how reverts go."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from domain.assets.events import (
    AssetReverted,
    AssetRevertFailed,
    AssetRevertRequested,
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionUnarchived,
)
from projections.vams.fold import fold_batch
from projections.vams.rows import AssetRevertRow, AssetVersionRow
from projections.vams.sheets import ASSETS, REVERTS, VERSIONS
from tests.projections.vams.samples import ASSET, DATABASE, asset
from tests.projections.vams.tape import Tape, at, history, rows

FIRST = AssetVersionRow("shows", "shot_010", 1, "delivery", "First", False, at(3), "user:ada", 3)


def _tape() -> Tape:
    tape = Tape()
    tape.add(DATABASE, asset())
    tape.add(AssetVersionCreated(**ASSET, asset_version_id=1, comment="First", version_alias="delivery"))
    return tape


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_version_has_every_state_it_passed_through(tables: Connection[Any], size: int) -> None:
    tape = _tape()
    tape.add(AssetVersionDescribed(**ASSET, asset_version_id=1, comment="Sent"))
    tape.add(AssetVersionAliased(**ASSET, asset_version_id=1, version_alias=None))
    tape.add(AssetVersionArchived(**ASSET, asset_version_id=1))
    tape.add(AssetVersionUnarchived(**ASSET, asset_version_id=1))
    for start in range(0, len(tape.entries), size):
        fold_batch(tape.entries[start : start + size], tables)
    sent = FIRST._replace(comment="Sent")
    nameless = sent._replace(version_alias=None)
    assert rows(tables, VERSIONS) == [nameless]
    assert history(tables, VERSIONS) == [
        (FIRST, 3, 4),
        (sent, 4, 5),
        (nameless, 5, 6),
        (nameless._replace(is_archived=True), 6, 7),
        (nameless, 7, None),
    ]
    assert [(row.revision, row.position, row.current_version) for row in rows(tables, ASSETS)] == [(6, 7, 1)]


@pytest.mark.parametrize("size", [1, 100])
def test_a_revert_is_shown_from_its_request_to_its_end(tables: Connection[Any], size: int) -> None:
    tape = _tape()
    wanted: Any = {"asset_version_id": 1, "version_position": 3, "comment": "Back", "with_metadata": True}
    tape.add(AssetRevertRequested(**ASSET, revert_id=1, **wanted))
    tape.add(AssetRevertFailed(**ASSET, revert_id=1, message="The store is gone."))
    tape.add(AssetRevertRequested(**ASSET, revert_id=2, **wanted))
    tape.add(AssetVersionCreated(**ASSET, asset_version_id=2, comment="Back (reverted from v1)", files=()))
    tape.add(AssetReverted(**ASSET, revert_id=2, reverted_from=1, asset_version_id=2, skipped_paths=("a.exr",)))
    tape.add(AssetRevertRequested(**ASSET, revert_id=3, **wanted))
    for start in range(0, len(tape.entries), size):
        fold_batch(tape.entries[start : start + size], tables)
    wish = ("shows", "shot_010", 1, 1, "Back", True)
    assert rows(tables, REVERTS) == [
        AssetRevertRow(*wish, "FAILED", None, [], "The store is gone.", at(4), "user:ada", at(5), 5),
        AssetRevertRow(*wish, "DONE", 2, ["a.exr"], None, at(6), "user:ada", at(8), 8)._replace(revert_id=2),
        AssetRevertRow(*wish, "REQUESTED", None, [], None, at(9), "user:ada", None, 9)._replace(revert_id=3),
    ]

"""The flags of an asset's document say which links it has."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from domain.event import Event
from domain.links.events import RelationshipType
from tests.projections.search.logs import BUCKET, asset, linked, log, unlinked
from tests.projections.search.postgres import document, fold

RELATED, PARENT_CHILD = RelationshipType.RELATED, RelationshipType.PARENT_CHILD
FLAGS = ("bool_has_asset_children", "bool_has_asset_parents", "bool_has_assets_related")


def _flags(connection: Connection[Any], *events: Event, batch_size: int = 500) -> dict[str, list[bool]]:
    fold(connection, log(BUCKET, asset("door"), asset("wall"), asset("sky"), *events), batch_size=batch_size)
    documents = {name: document(connection, f"films:{name}") for name in ("door", "wall", "sky")}
    return {name: [found[flag] for flag in FLAGS] for name, found in documents.items() if found}


@pytest.mark.parametrize("batch_size", [1, 500])
def test_both_ends_of_a_link_show_it(connection: Connection[Any], batch_size: int) -> None:
    events = (linked(PARENT_CHILD), linked(RELATED, start="sky", end="wall"))
    assert _flags(connection, *events, batch_size=batch_size) == {
        "door": [True, False, False],
        "wall": [False, True, True],
        "sky": [False, False, True],
    }


@pytest.mark.parametrize("batch_size", [1, 500])
def test_a_link_that_is_gone_is_shown_no_more(connection: Connection[Any], batch_size: int) -> None:
    made = (linked(PARENT_CHILD), linked(PARENT_CHILD, start="door", end="sky"), linked(RELATED))
    gone = (unlinked(PARENT_CHILD), unlinked(RELATED))
    assert _flags(connection, *made, *gone, batch_size=batch_size) == {
        "door": [True, False, False],
        "wall": [False, False, False],
        "sky": [False, True, False],
    }

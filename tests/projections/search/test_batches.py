"""Where one batch ends and the next begins leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from domain.assets.events import (
    AssetArchived,
    AssetDescribed,
    AssetMetadataRemoved,
    AssetMetadataSet,
    AssetPermanentlyDeleted,
    AssetPreviewDeleted,
    AssetPreviewSet,
    AssetRenamed,
    AssetRetagged,
    AssetUnarchived,
    AssetVersionCreated,
)
from domain.event import Event
from domain.files.events import (
    FileArchived,
    FileAttributesRemoved,
    FileAttributesSet,
    FileMetadataRemoved,
    FileMetadataSet,
    FilePermanentlyDeleted,
    FileUnarchived,
)
from domain.links.events import RelationshipType
from projections.search.projection import fold_batch
from tests.projections.search.logs import (
    BUCKET,
    asset,
    entry,
    linked,
    log,
    moved_away,
    stored,
    thumbnail,
    unlinked,
    uploaded,
)
from tests.projections.search.postgres import TABLES, fold, rows

ASSETS = ("door", "wall")
PATHS = ("a.exr", "dir/b.png", "c")
TEXTS = ("red", "GarageDoor 010", "")
KEYS = ("colour", "note", "_hidden")


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """What may happen to two assets and three files of each, in an order the domain allows."""
    created: set[tuple[str, ...]] = set()
    open_links: dict[RelationshipType, str] = {}
    events: list[Event] = [BUCKET]
    for _ in range(draw(st.integers(1, 30))):
        asset_id, path = draw(st.sampled_from(_left(events))), draw(st.sampled_from(PATHS))
        if (asset_id,) not in created:
            events.append(asset(asset_id, metadata=(entry("colour", "blue"),), tags=("first",)))
        elif (asset_id, path) not in created and draw(st.booleans()):
            events.append(uploaded(asset_id, path))
            created.add((asset_id, path))
        elif draw(st.integers(0, 5)) == 0:
            kind = draw(st.sampled_from(RelationshipType))
            # An id is never used again, so each link is named by the place of its first event.
            name = open_links.pop(kind, None)
            if name is None:
                open_links[kind] = f"link-{len(events)}"
            events.append(unlinked(kind, name=name) if name else linked(kind, name=open_links[kind]))
        elif (asset_id, path) in created and draw(st.integers(0, 3)) == 0:
            deleted = FilePermanentlyDeleted(database_id="films", asset_id=asset_id, path=path)
            events.append(draw(st.sampled_from([moved_away(asset_id, path), deleted])))
            created.remove((asset_id, path))
        elif (asset_id, path) in created and draw(st.booleans()):
            events.append(draw(st.sampled_from(list(_file_events(draw(st.sampled_from(TEXTS)), asset_id, path)))))
        else:
            events.append(draw(st.sampled_from(list(_asset_events(draw(st.sampled_from(TEXTS)), asset_id)))))
        created.add((asset_id,))
    return events


def _left(events: list[Event]) -> list[str]:
    """The assets that were not deleted."""
    deleted = {event.asset_id for event in events if isinstance(event, AssetPermanentlyDeleted)}
    return [name for name in (*ASSETS, "gone") if name not in deleted]


def _asset_events(text: str, asset_id: str) -> Iterator[Event]:
    key: dict[str, Any] = {"database_id": "films", "asset_id": asset_id}
    yield AssetRenamed(**key, asset_name=text)
    yield AssetDescribed(**key, description=text)
    yield AssetRetagged(**key, tags=(text,) if text else ())
    yield AssetArchived(**key)
    yield AssetUnarchived(**key)
    yield AssetMetadataSet(**key, entries=tuple(entry(name, text) for name in KEYS))
    yield AssetMetadataRemoved(**key, keys=KEYS[:1])
    yield AssetPreviewSet(**key, stored=stored(f"assets/{asset_id}/preview.png"))
    yield AssetPreviewDeleted(**key)
    if asset_id == "gone":
        yield AssetPermanentlyDeleted(**key, reason="Wrong")
    yield AssetVersionCreated(**key, asset_version_id=1, comment=text)


def _file_events(text: str, asset_id: str, path: str) -> Iterator[Event]:
    key = {"database_id": "films", "asset_id": asset_id, "path": path}
    yield uploaded(asset_id, path, version="2")
    yield FileMetadataSet(**key, entries=tuple(entry(name, text) for name in KEYS))
    yield FileMetadataRemoved(**key, keys=KEYS[1:])
    yield FileAttributesSet(**key, entries=(entry("colour", text),))
    yield FileAttributesRemoved(**key, keys=("colour",))
    yield FileArchived(**key)
    yield FileUnarchived(**key)
    yield thumbnail(asset_id, path, version="1", preview_key="1.jpg")
    yield thumbnail(asset_id, path, version="2", preview_key=f"2{len(text)}.jpg")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), sizes=st.lists(st.integers(1, 6), min_size=31, max_size=31))
def test_any_cut_into_batches_gives_the_same_rows(
    connection: Connection[Any], history: list[Event], sizes: Sequence[int]
) -> None:
    recorded = log(*history)
    _empty(connection)
    fold(connection, recorded)
    at_once = rows(connection)
    _empty(connection)
    first = 0
    for size in sizes:
        fold_batch(recorded[first : first + size], connection)
        first += size
    assert rows(connection) == at_once


def test_a_file_that_is_described_and_uploaded_again_in_one_batch_has_the_later_position(
    connection: Connection[Any],
) -> None:
    described = FileMetadataSet(database_id="films", asset_id="door", path="c", entries=(entry("colour", "red"),))
    recorded = log(BUCKET, asset("door"), uploaded("door", "c"), described, uploaded("door", "c", version="2"))
    fold_batch(recorded[:3], connection)
    fold_batch(recorded[3:], connection)
    assert [file["position"] for file in rows(connection)["files"]] == [5]


def test_a_batch_takes_the_same_few_statements_whatever_its_size(connection: Connection[Any]) -> None:
    """Rows differ a hundredfold, statements do not."""
    counts = []
    for number in (1, 100):
        _empty(connection)
        recorded = log(BUCKET, asset("door"), [uploaded("door", f"{n}.exr") for n in range(number)])
        statements: list[object] = []
        fold_batch(recorded, Counting(connection, statements))  # type: ignore[arg-type]
        counts.append(len(statements))
    assert counts == [6, 6]


class Counting:
    """A connection that notes what passes through it."""

    def __init__(self, connection: Connection[Any], statements: list[object]) -> None:
        self._connection = connection
        self._statements = statements

    def execute(self, statement: str, *arguments: Any) -> object:
        self._statements.append(statement)
        return self._connection.execute(statement.encode(), *arguments)

    def cursor(self, **options: Any) -> Counting:
        return self


def _empty(connection: Connection[Any]) -> None:
    connection.execute(f"TRUNCATE {', '.join(TABLES)}".encode())

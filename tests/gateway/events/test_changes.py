"""Every event about an asset says what it changed, with the values before and after, or is known to change nothing."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from psycopg import Connection

from domain.catalogue import EVENTS
from domain.databases.events import DatabaseEvent
from domain.event import Event, Recorded
from domain.links.events import AssetLinkEvent, AssetParentEvent, RelatedPairEvent
from gateway.events.changes import BRANCHES
from gateway.events.unchanged import UNCHANGED
from tests.gateway.events.tape import TAPE, expected
from tests.gateway.events.telling import Told, changes
from tests.projections.vams.commanding import logs
from tests.projections.vams.model import Model

OF_LINKS = (AssetLinkEvent, AssetParentEvent, RelatedPairEvent)


def _is_about_an_asset(event: type[Event]) -> bool:
    return {"database_id", "asset_id"} <= set(event.__struct_fields__) or issubclass(event, OF_LINKS)


def _telling() -> set[str]:
    """Names of the events that the statement looks for changes of."""
    return {name for branch in BRANCHES for name in re.findall(r"'([A-Z]\w+[a-z])'", branch)} & {
        event.__name__ for event in EVENTS
    }


def test_every_event_about_an_asset_tells_its_changes_or_changes_nothing() -> None:
    about = {event for event in EVENTS if _is_about_an_asset(event) or issubclass(event, DatabaseEvent)}
    assert {event.__name__ for event in about - UNCHANGED.keys()} == _telling()
    assert UNCHANGED.keys() <= about
    assert all(why.endswith(".") for why in UNCHANGED.values())


def test_the_tape_has_every_event_that_tells_its_changes() -> None:
    assert {type(event).__name__ for event, _ in TAPE} >= _telling()


def test_an_event_tells_exactly_what_it_changed(tables: Connection[Any]) -> None:
    log, told = expected()
    found = changes(tables, log)
    for entry in log:
        said = [tuple(change) for change in found.get(entry.position, [])]
        assert said == told[entry.position], f"{entry.position} {type(entry.event).__name__}"


def test_an_event_of_an_older_class_version_tells_the_same(tables: Connection[Any]) -> None:
    log, told = expected()
    found = changes(tables, [msgspec.structs.replace(entry, is_lifted=True) for entry in log])
    assert {position: [tuple(change) for change in said] for position, said in found.items()} == {
        position: said for position, said in told.items() if said
    }


class Replayed:
    """The library that the changes alone tell of."""

    def __init__(self) -> None:
        self.values: dict[tuple[Any, ...], Any] = {}

    def apply(self, entry: Recorded, told: list[Told]) -> None:
        event = entry.event
        owner = () if isinstance(event, AssetLinkEvent) else (_of(event, "database_id"), _of(event, "asset_id"))
        for change in told:
            key = (change.entity, *owner, change.entity_id, change.field, change.key)
            if change.field != "versions":
                assert change.before == self.values.get(key), (entry.position, change)
            self.values[key] = change.after
            if change.after is None:
                del self.values[key]
        if any(change.entity == "ASSET" and change.field == "assetName" and change.after is None for change in told):
            self.values = {key: value for key, value in self.values.items() if key[1:3] != owner}

    def rows(self, entity: str, *fields: str) -> set[tuple[Any, ...]]:
        """The key of each thing of a kind, and its fields."""
        keys = {key[1:-2] for key in self.values if key[0] == entity and key[-2] not in ("metadata", "attributes")}
        return {(*key, *(_plain(self.values.get((entity, *key, field, None))) for field in fields)) for key in keys}

    def entries(self, entity: str, field: str) -> set[tuple[Any, ...]]:
        """The key of each owner, and the key and value of each of its entries."""
        return {
            (*key[1:-2], key[-1], value["value"])
            for key, value in self.values.items()
            if (key[0], key[-2]) == (entity, field)
        }


def _of(event: Event, name: str) -> Any:
    return getattr(event, name, None)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(value.values())
    return tuple(value) if isinstance(value, list) else value


def _assets(replayed: Replayed) -> set[tuple[Any, ...]]:
    found = replayed.rows("ASSET", "assetName", "tags", "archived", "assetType", "currentVersion")
    return {(row[0], row[1], *row[3:-1], None if row[-1] is None else int(row[-1])) for row in found}


def _links(replayed: Replayed) -> set[tuple[Any, ...]]:
    kinds = {"RELATED": "related", "PARENT_CHILD": "parentChild"}
    found = replayed.rows("LINK", "from", "to", "relationshipType", "assetLinkAliasId", "tags")
    return {(row[0], row[1][1], row[2][1], kinds[row[3]], *row[4:]) for row in found}


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(log=logs)
def test_the_changes_up_to_every_position_are_the_library_of_that_position(
    tables: Connection[Any], log: list[Recorded]
) -> None:
    with tables.transaction(force_rollback=True):
        told = changes(tables, log)
        model, replayed = Model(), Replayed()
        for entry in log:
            model.apply(entry)
            replayed.apply(entry, told.get(entry.position, []))
            assert _assets(replayed) == model.asset_rows()
            assert replayed.rows("FILE", "s3VersionId", "archived", "primaryType") == model.file_rows()
            of_assets = {(*row[:2], "/", *row[3:]) for row in replayed.entries("ASSET", "metadata")}
            assert of_assets | replayed.entries("FILE", "metadata") == model.metadata_rows()
            assert replayed.entries("FILE", "attributes") == model.attribute_rows()
            assert _links(replayed) == model.link_rows()
            assert replayed.entries("LINK", "metadata") == model.link_metadata_rows()
            assert replayed.rows("FOLDER") == model.folder_rows()

"""Given events, when a command, then events: the words of the domain's tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.assets.commands import create_asset
from domain.buckets.bucket import bucket_id
from domain.buckets.commands import register_bucket
from domain.cause import ActorKind, Cause, Order
from domain.databases.commands import create_database
from domain.errors import DomainError
from domain.event import Event, Recorded
from domain.files.commands import ObservedFile, register_files
from domain.files.events import StoredObject
from domain.ledger import Ledger, recorded
from domain.metadata import MetadataEntry, MetadataValueType
from domain.tags.commands import create_tag, create_tag_type
from tests.doubles.memory_ledger import MemoryLedger

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WRITTEN = datetime(2026, 4, 1, tzinfo=UTC)
BUCKET_ID = bucket_id("media", "library/")
ASSET: Any = {"database_id": "shows", "asset_id": "shot_010"}
LOCATION = "library/shot_010/"


def order(*, after: timedelta = timedelta(0), **values: Any) -> Order:
    """An order by ada, that long after the tests' now."""
    cause = Cause(actor_kind=ActorKind.USER, actor_id="ada", correlation_id="request-1", at=NOW + after)
    return Order(**({"cause": cause} | values))


def log(ledger: MemoryLedger) -> list[Recorded]:
    """Everything recorded so far."""
    return [recorded(notification) for notification in ledger.recorder.select_notifications(None, 1_000_000)]


class Then:
    """What was recorded inside the block it stands for."""

    def __init__(self) -> None:
        self.entries: list[Recorded] = []

    @property
    def events(self) -> list[Event]:
        return [entry.event for entry in self.entries]


@contextmanager
def recording(ledger: MemoryLedger) -> Iterator[Then]:
    """Collect what the block records."""
    before, then = len(log(ledger)), Then()
    yield then
    then.entries = log(ledger)[before:]


@contextmanager
def refused(ledger: MemoryLedger, error: type[DomainError], *path: str) -> Iterator[None]:
    """The block raises exactly this error, about this input field, and records nothing."""
    before = log(ledger)
    with pytest.raises(error) as caught:
        yield
    assert type(caught.value) is error
    assert caught.value.path == path
    assert str(caught.value)
    assert log(ledger) == before


def given_database(ledger: Ledger, database_id: str = "shows", **values: Any) -> None:
    """A database, with its bucket."""
    register_bucket(ledger, "media", base_assets_prefix="library/", order=order())
    create_database(ledger, database_id, description="All shows", default_bucket_id=BUCKET_ID, order=order(), **values)


def given_asset(ledger: Ledger, asset_id: str = "shot_010", *, database_id: str = "shows", **values: Any) -> None:
    """An asset in a database that exists."""
    given = {"asset_name": "Shot 10", "description": "The opening", "is_distributable": True, "order": order()}
    create_asset(ledger, database_id, asset_id, **(given | values))  # type: ignore[arg-type]


def given_tags(ledger: Ledger, *names: str, tag_type_name: str = "look", is_required: bool = False) -> None:
    """Tags, with the type of this name that they are of."""
    create_tag_type(ledger, tag_type_name, is_required=is_required, order=order())
    for name in names:
        create_tag(ledger, name, tag_type_name=tag_type_name, order=order())


def given_file(ledger: Ledger, path: str, version: str = "v1", *, asset_id: str = "shot_010") -> None:
    """A registered file of an asset that exists."""
    files = [ObservedFile(path, stored(path, version))]
    register_files(ledger, "shows", asset_id, files=files, order=order())


def stored(path: str, version: str = "v1", **values: Any) -> StoredObject:
    """An object version at the key of a path of the asset."""
    given: dict[str, Any] = {"size_bytes": 1000, "etag": f"etag-{version}", "last_modified": WRITTEN}
    return StoredObject(s3_bucket="media", s3_key=f"{LOCATION}{path}", s3_version_id=version, **(given | values))


def entry(key: str, value: str, value_type: MetadataValueType = MetadataValueType.STRING) -> MetadataEntry:
    """A metadata entry."""
    return MetadataEntry(key=key, value=value, value_type=value_type)

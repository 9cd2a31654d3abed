"""A memory ledger with a bucket, a database and an asset, and short names for what tests do to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from domain.assets.commands import create_asset
from domain.buckets.bucket import bucket_id
from domain.buckets.commands import register_bucket
from domain.cause import ActorKind, Cause, Order
from domain.databases.commands import create_database
from domain.event import Event
from domain.files.commands import ObservedFile, register_files
from domain.files.events import StoredObject
from domain.ledger import Ledger, recorded

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
ADA = Cause(actor_kind=ActorKind.USER, actor_id="ada", correlation_id="r1", at=NOW)
BUCKET_ID = bucket_id("media", "/")
ASSET = ("shows", "shot_010")
KEY = {"database_id": "shows", "asset_id": "shot_010"}


def order(expected_revision: int | None = None) -> Order:
    """An order of Ada's."""
    return Order(cause=ADA, expected_revision=expected_revision)


def furnish(ledger: Ledger, *assets: str) -> None:
    """Make the bucket, the database `shows` and these assets in it."""
    register_bucket(ledger, "media", base_assets_prefix="/", order=order())
    create_database(ledger, "shows", description="All shows", default_bucket_id=BUCKET_ID, order=order())
    for asset_id in assets or ("shot_010",):
        make_asset(ledger, asset_id)


def make_asset(ledger: Ledger, asset_id: str, database_id: str = "shows") -> None:
    """A plain asset."""
    create_asset(
        ledger,
        database_id,
        asset_id,
        asset_name=asset_id,
        description="A shot",
        is_distributable=True,
        order=order(),
    )


def stored(path: str, version_id: str) -> StoredObject:
    """An object version of a file of the asset."""
    return StoredObject(
        s3_bucket="media",
        s3_key=f"shot_010/{path}",
        s3_version_id=version_id,
        size_bytes=10,
        etag=f"etag-{version_id}",
        last_modified=NOW,
    )


def register(ledger: Ledger, **files: str) -> None:
    """Observe one version of each of these files; `a=...` is the file `a.exr`."""
    observed = [ObservedFile(f"{name}.exr", stored(f"{name}.exr", version)) for name, version in files.items()]
    register_files(ledger, *ASSET, files=observed, order=order())


def events(ledger: Ledger, after: int = 0) -> list[Event]:
    """The events of the log after a position."""
    return [recorded(n).event for n in ledger.recorder.select_notifications(after + 1, 1_000_000)]


def made(ledger: Ledger, command: Callable[[], object]) -> list[Event]:
    """The events that the command records."""
    before = ledger.head()
    command()
    return events(ledger, before)

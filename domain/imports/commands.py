"""Commands of imports: an asset where its objects already are, and where things came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.assets.asset import ASSETS
from domain.assets.errors import AssetAlreadyExists
from domain.assets.events import AssetCreated
from domain.assets.rules import check_asset_id, check_asset_name
from domain.buckets.bucket import LOCATIONS, Location
from domain.buckets.commands import require_bucket
from domain.buckets.events import AssetLocationReserved
from domain.cause import Order
from domain.databases.commands import load_database
from domain.databases.database import check_description
from domain.databases.roster import enrolment
from domain.imports.errors import LocationTaken
from domain.imports.events import OriginRecorded
from domain.ledger import Ledger
from domain.stream import Aggregate, Change, Decision, Outcome
from domain.tags.rules import check_tags
from domain.tags.use import asset_holder, change_tags


@dataclass(frozen=True, kw_only=True)
class ImportedAsset:
    """An asset with the place of its objects."""

    database_id: str
    asset_id: str
    asset_name: str
    description: str
    is_distributable: bool
    tags: tuple[str, ...]
    bucket_id: str
    asset_location: str
    """Key prefix of its files, ending in "/"."""


def import_asset(ledger: Ledger, asset: ImportedAsset, *, order: Order) -> Outcome:
    """Create an asset without files whose objects stay where they are; tag types are not required of it.

    Raises DatabaseNotFound, DatabaseIsDeleted, AssetAlreadyExists, LocationTaken, TagNotFound, NotFound, Invalid.
    """
    check_asset_id(asset.asset_id)
    check_asset_name(asset.asset_name)
    check_description(asset.description)
    tags = check_tags(asset.tags)

    def decide() -> Decision:
        enrolled = enrolment(ledger, asset.database_id, asset.asset_id)
        load_database(ledger, asset.database_id)[1].require_active()
        stream = ledger.load(ASSETS, asset.database_id, asset.asset_id)
        if stream.state:
            raise AssetAlreadyExists(asset.asset_id)
        bucket = require_bucket(ledger, asset.bucket_id)
        event = AssetCreated(
            database_id=asset.database_id,
            asset_id=asset.asset_id,
            asset_name=asset.asset_name,
            description=asset.description,
            is_distributable=asset.is_distributable,
            tags=tags,
            bucket_id=bucket.bucket_id,
            s3_bucket=bucket.bucket_name,
            asset_location=asset.asset_location,
        )
        holder = asset_holder(asset.database_id, asset.asset_id)
        tagging = change_tags(ledger, holder, before=(), after=tags, are_types_required=False)
        reservation = _reserve(ledger, bucket.bucket_name, asset)
        return Decision((reservation, enrolled, stream.then(event), *tagging.changes), held=tagging.held)

    return ledger.carry_out(order, decide)


def record_origins(ledger: Ledger, origins: Sequence[OriginRecorded], *, order: Order) -> Outcome:
    """Record where these came from; what is recorded already with the same values is passed over."""

    def decide() -> Decision:
        streams = ledger.load_many(ORIGINS, [(one.source, one.subject_kind, *one.subject) for one in origins])
        return Decision(
            tuple(
                stream.then(origin) for stream, origin in zip(streams, origins, strict=True) if stream.state != origin
            )
        )

    return ledger.carry_out(order, decide)


def _reserve(ledger: Ledger, bucket_name: str, asset: ImportedAsset) -> Change:
    stream = ledger.load(LOCATIONS, bucket_name, asset.asset_location)
    if stream.state not in (None, Location(asset.database_id, asset.asset_id)):
        raise LocationTaken(asset.asset_location)
    event = AssetLocationReserved(
        bucket_id=asset.bucket_id,
        asset_location=asset.asset_location,
        database_id=asset.database_id,
        asset_id=asset.asset_id,
    )
    return stream.then(*(() if stream.state else (event,)))


def _evolve(_: OriginRecorded | None, event: OriginRecorded) -> OriginRecorded:
    return event


ORIGINS = Aggregate("origin", _evolve)

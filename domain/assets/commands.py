"""Commands on assets: load, decide, record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.adoptions.adoption import ADOPTIONS
from domain.adoptions.events import AssetAdoptionRequested
from domain.adoptions.prefix import adopt_prefix
from domain.assets.asset import ASSETS, Asset
from domain.assets.errors import AssetAlreadyExists, AssetIdSpent, AssetNotFound
from domain.assets.events import AssetCreated, AssetEvent
from domain.assets.rules import check_asset_id, check_asset_name
from domain.buckets.bucket import LOCATIONS, Bucket, Location
from domain.buckets.commands import require_bucket
from domain.buckets.events import AssetLocationReserved
from domain.cause import Order
from domain.databases.commands import load_database
from domain.databases.database import check_description
from domain.databases.roster import enrolment
from domain.ledger import Ledger
from domain.metadata import MetadataEntry, check_entries
from domain.owners.commands import change_metadata
from domain.owners.owner import AssetOwner, MetadataChange, Removal, Setting
from domain.schemas.rulebook import Rulebook
from domain.stream import Change, Decision, Outcome, Stream
from domain.tags.rules import check_tags
from domain.tags.use import asset_holder, change_tags
from domain.text import check_text

MAX_REASON_LENGTH = 256


def create_asset(
    ledger: Ledger,
    database_id: str,
    asset_id: str,
    *,
    asset_name: str,
    description: str,
    is_distributable: bool,
    tags: tuple[str, ...] = (),
    metadata: tuple[MetadataEntry, ...] = (),
    bucket_existing_key: str | None = None,
    order: Order,
) -> Outcome:
    """Create an asset without files, whose metadata gets the defaults of schemas for keys that are not given.

    With `bucket_existing_key`, a key prefix of the database's bucket, the objects below it are asked to become files.
    Raises DatabaseNotFound, DatabaseIsDeleted, AssetAlreadyExists, AssetIdSpent, TagNotFound, RequiredTagTypeMissing,
    MetadataNotCompliant, TooManyMetadataEntries, AdoptedPrefixInvalid, AdoptedPrefixTaken, Invalid.
    """
    check_asset_id(asset_id)
    check_asset_name(asset_name)
    check_description(description)
    check_entries(metadata, field="metadata")
    unique_tags = check_tags(tags)

    def decide() -> Decision:
        enrolled = enrolment(ledger, database_id, asset_id)
        _, database = load_database(ledger, database_id)
        database.require_active()
        stream = ledger.load(ASSETS, database_id, asset_id)
        if stream.state:
            raise AssetIdSpent(asset_id) if stream.state.is_deleted else AssetAlreadyExists(asset_id)
        bucket = require_bucket(ledger, database.default_bucket_id)
        rulebook = Rulebook(ledger)
        reservation, location = _reserve(ledger, bucket, (database_id, asset_id), bucket_existing_key)
        event = AssetCreated(
            database_id=database_id,
            asset_id=asset_id,
            asset_name=asset_name,
            description=description,
            is_distributable=is_distributable,
            tags=unique_tags,
            bucket_id=bucket.bucket_id,
            s3_bucket=bucket.bucket_name,
            asset_location=location,
            metadata=rulebook.of_asset(database_id).first(metadata, field="metadata"),
        )
        adopted = [] if bucket_existing_key is None else [_adoption(ledger, event)]
        holder = asset_holder(database_id, asset_id)
        tagging = change_tags(ledger, holder, before=(), after=unique_tags, are_types_required=True)
        return Decision(
            (*reservation, enrolled, stream.then(event), *tagging.changes, *adopted),
            {"databaseId": database_id, "assetId": asset_id},
            held=(*tagging.held, *rulebook.held),
        )

    return ledger.carry_out(order, decide)


def update_asset(
    ledger: Ledger,
    database_id: str,
    asset_id: str,
    *,
    asset_name: str | None = None,
    description: str | None = None,
    is_distributable: bool | None = None,
    tags: tuple[str, ...] | None = None,
    order: Order,
) -> Outcome:
    """Change what is given and differs; None leaves a value.

    Raises AssetNotFound, AssetAlreadyArchived, Invalid and, only where tags change, TagNotFound and
    RequiredTagTypeMissing.
    """
    if asset_name is not None:
        check_asset_name(asset_name)
    if description is not None:
        check_description(description)
    unique_tags = None if tags is None else check_tags(tags)

    def decide() -> Decision:
        stream, asset = load_asset(ledger, database_id, asset_id)
        stream.expect(order)
        events = asset.update(
            asset_name=asset_name, description=description, is_distributable=is_distributable, tags=unique_tags
        )
        if unique_tags in (None, asset.tags):
            return Decision((stream.then(*events),))
        holder = asset_holder(database_id, asset_id)
        tagging = change_tags(ledger, holder, before=asset.tags, after=unique_tags, are_types_required=True)
        return Decision((stream.then(*events), *tagging.changes), held=tagging.held)

    return ledger.carry_out(order, decide)


def archive_asset(
    ledger: Ledger, database_id: str, asset_id: str, *, reason: str | None = None, order: Order
) -> Outcome:
    """Take the asset out of the working set. Raises AssetNotFound, AssetAlreadyArchived, Invalid."""
    check_text(reason, name="reason", longest=MAX_REASON_LENGTH)
    return change_asset(ledger, (database_id, asset_id), lambda asset: (asset.archive(reason),), order=order)


def unarchive_asset(
    ledger: Ledger, database_id: str, asset_id: str, *, reason: str | None = None, order: Order
) -> Outcome:
    """Bring the asset back as it was. Raises AssetNotFound, AssetNotArchived, DatabaseIsDeleted, Invalid."""
    check_text(reason, name="reason", longest=MAX_REASON_LENGTH)

    def decide() -> Decision:
        enrolled = enrolment(ledger, database_id, asset_id)
        stream, asset = load_asset(ledger, database_id, asset_id)
        stream.expect(order)
        event = asset.unarchive(reason)
        load_database(ledger, database_id)[1].require_active()
        return Decision((enrolled, stream.then(event)))

    return ledger.carry_out(order, decide)


def set_asset_metadata(
    ledger: Ledger,
    database_id: str,
    asset_id: str,
    *,
    entries: Sequence[MetadataEntry],
    replace_all: bool = False,
    order: Order,
) -> Outcome:
    """Add or replace entries by key; with `replace_all`, remove every other key. Raises what change_metadata does."""
    owner = AssetOwner(database_id, asset_id)
    return change_metadata(ledger, MetadataChange(owner, Setting(entries, replace_all)), order=order)


def remove_asset_metadata(
    ledger: Ledger, database_id: str, asset_id: str, *, keys: Sequence[str], order: Order
) -> Outcome:
    """Remove entries by key; keys that do not exist are passed over. Raises what change_metadata does."""
    return change_metadata(ledger, MetadataChange(AssetOwner(database_id, asset_id), Removal(keys)), order=order)


def change_asset(
    ledger: Ledger, key: tuple[str, str], change: Callable[[Asset], Sequence[AssetEvent]], *, order: Order
) -> Outcome:
    """Load the asset, hold it to the expected revision, and record what `change` decides."""

    def decide() -> Decision:
        stream, asset = load_asset(ledger, *key)
        stream.expect(order)
        return Decision((stream.then(*change(asset)),))

    return ledger.carry_out(order, decide)


def load_asset(ledger: Ledger, database_id: str, asset_id: str) -> tuple[Stream[Asset], Asset]:
    """The stream and state of an existing asset. Raises AssetNotFound, also for one that was permanently deleted."""
    stream = ledger.load(ASSETS, database_id, asset_id)
    if stream.state is None or stream.state.is_deleted:
        raise AssetNotFound(asset_id)
    return stream, stream.state


def location_of_new(
    ledger: Ledger, asset: tuple[str, str], *, bucket_existing_key: str | None = None
) -> tuple[str, str]:
    """Bucket and key prefix that an asset (database id, asset id) would get if it were created now.

    Raises DatabaseNotFound, DatabaseIsDeleted, AssetAlreadyExists, AssetIdSpent, AdoptedPrefixInvalid,
    AdoptedPrefixTaken.
    """
    _, database = load_database(ledger, asset[0])
    database.require_active()
    present = ledger.load(ASSETS, *asset).state
    if present:
        raise AssetIdSpent(asset[1]) if present.is_deleted else AssetAlreadyExists(asset[1])
    bucket = require_bucket(ledger, database.default_bucket_id)
    return bucket.bucket_name, _reserve(ledger, bucket, asset, bucket_existing_key)[1]


def _reserve(
    ledger: Ledger, bucket: Bucket, asset: tuple[str, str], bucket_existing_key: str | None
) -> tuple[list[Change], str]:
    """Reserve the asset's key prefix: the one that it adopts, or its id, or id@database where that is not free.

    "@" is not a character of asset ids, so the last form can neither be taken nor lie below another asset.
    """
    if bucket_existing_key is not None:
        return adopt_prefix(ledger, bucket, bucket_existing_key, owner=asset)
    database_id, asset_id = asset
    for name in (asset_id, f"{asset_id}@{database_id}"):
        location = bucket.location(name)
        stream = ledger.load(LOCATIONS, bucket.bucket_name, location)
        if stream.state in (None, Location(database_id, asset_id)):
            event = AssetLocationReserved(
                bucket_id=bucket.bucket_id, asset_location=location, database_id=database_id, asset_id=asset_id
            )
            return [stream.then(*(() if stream.state else (event,)))], location
    raise AssetAlreadyExists(asset_id)


def _adoption(ledger: Ledger, asset: AssetCreated) -> Change:
    key = (asset.database_id, asset.asset_id)
    requested = AssetAdoptionRequested(
        database_id=key[0], asset_id=key[1], s3_bucket=asset.s3_bucket, asset_location=asset.asset_location
    )
    return ledger.load(ADOPTIONS, *key).then(requested)

"""Create an asset whose key prefix is as it must be in the store: empty, or full where it is to be adopted."""

from __future__ import annotations

from typing import Any

from domain.adoptions.errors import AdoptedPrefixEmpty, AssetPrefixNotEmpty
from domain.assets.commands import create_asset, location_of_new
from domain.cause import Order
from domain.ledger import Ledger
from domain.stream import Outcome
from processors.objects.errors import StoreRejected
from processors.objects.store import ObjectStore


def create(
    ledger: Ledger,
    asset: tuple[str, str],
    *,
    objects: ObjectStore,
    bucket_existing_key: str | None,
    order: Order,
    **values: Any,
) -> Outcome:
    """Create the asset (database id, asset id), with the values that `create_asset` takes.

    Raises what that raises, AdoptedPrefixEmpty, AssetPrefixNotEmpty, StoreUnavailable.
    """
    remembered = ledger.remembered(order)
    if remembered:
        return remembered
    bucket, location = location_of_new(ledger, asset, bucket_existing_key=bucket_existing_key)
    is_empty = _is_empty(objects, bucket, location)
    if is_empty and bucket_existing_key is not None:
        raise AdoptedPrefixEmpty(location)
    if not is_empty and bucket_existing_key is None:
        raise AssetPrefixNotEmpty(location)
    return create_asset(ledger, *asset, bucket_existing_key=bucket_existing_key, order=order, **values)


def _is_empty(objects: ObjectStore, bucket: str, location: str) -> bool:
    """Whether no object is below the prefix now; a bucket that the store does not have holds none either."""
    try:
        return next(iter(objects.objects(bucket, location)), None) is None
    except StoreRejected:
        return True

"""Register objects that are in an asset's bucket already: look each up, then record them in one command."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from domain.assets.asset import Asset
from domain.assets.commands import load_asset
from domain.cause import Order
from domain.files.commands import ObservedFile, check_paths, register_files
from domain.files.errors import FileVersionNotFound
from domain.ledger import Ledger
from domain.stream import Outcome
from processors.objects.errors import ObjectMissing
from processors.objects.store import ObjectStore
from processors.uploads.complete import stored_object
from processors.uploads.start import PARALLEL_CALLS


class ObjectNotInBucket(FileVersionNotFound):
    """A file was to be registered whose object is not below the asset's prefix."""

    def __init__(self, key: str, *, index: int) -> None:
        super().__init__(key)
        self.message = f"The bucket holds no object {key!r}: put it there first, then register it."
        self.path = ("files", str(index), "path")


def register(
    ledger: Ledger,
    store: ObjectStore,
    asset: tuple[str, str],
    *,
    files: Sequence[tuple[str, str | None]],
    order: Order,
) -> Outcome:
    """Register (path, object version id or None for the latest) below the asset's prefix. Raises what
    `register_files` raises, and ObjectNotInBucket.
    """
    remembered = ledger.remembered(order)
    if remembered:
        return remembered
    _, found = load_asset(ledger, *asset)
    found.require_active()
    paths = check_paths([path for path, _ in files])
    wanted = [(i, path, version) for i, (path, (_, version)) in enumerate(zip(paths, files, strict=True))]
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
        observed = list(pool.map(lambda file: _observed(store, found, *file), wanted))
    return register_files(ledger, *asset, files=observed, order=order)


def _observed(store: ObjectStore, asset: Asset, index: int, path: str, version_id: str | None) -> ObservedFile:
    key = f"{asset.asset_location}{path}"
    try:
        return ObservedFile(path, stored_object(store.head(asset.s3_bucket, key, version_id=version_id)))
    except ObjectMissing as error:
        raise ObjectNotInBucket(key, index=index) from error

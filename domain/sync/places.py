"""Whose an object is: the asset that owns the key's prefix, or the one that it would be made for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.assets.rules import check_asset_id
from domain.buckets.bucket import BUCKETS, LOCATIONS, Bucket, Enclosure, Location, bucket_id
from domain.errors import Invalid
from domain.files.paths import RENDITIONS_FOLDER, WORKING_FOLDER, check_key, check_path
from domain.ledger import Ledger
from domain.stream import Stream
from domain.sync.verdicts import Kind, Verdict

RESERVED_FOLDERS = frozenset(
    word + ending for word in ("temp-upload", "preview", "pipeline", "workspace") for ending in ("", "s")
)
"""First folders that VAMS keeps for itself; they become no asset."""
ROOT = "/"


@dataclass(frozen=True)
class Owned:
    """The key of a file of an asset that has this prefix."""

    database_id: str
    asset_id: str
    location: str
    path: str

    @property
    def file(self) -> tuple[str, str, str]:
        """The natural key of the file."""
        return self.database_id, self.asset_id, self.path


@dataclass(frozen=True)
class Unowned:
    """The key of a file of an asset that does not exist yet."""

    bucket: Bucket
    asset_id: str
    location: str
    path: str


Place = Owned | Unowned | Verdict
"""A verdict says why the key can belong to no file."""


def find_places(ledger: Ledger, keys: Sequence[tuple[str, str]], *, assumed: Bucket | None = None) -> list[Place]:
    """The place of each (bucket name, key), in order, by two reads of the store."""
    names = {bucket for bucket, _ in keys}
    folders = {(bucket, folder) for bucket, key in keys for folder in _folders(key)}
    locations = _loaded(ledger, LOCATIONS, sorted(folders))
    bases = [(name, prefix) for name, prefix in sorted(folders | {(name, ROOT) for name in names})]
    streams = ledger.load_many(BUCKETS, [(bucket_id(*base),) for base in bases])
    buckets = {base: stream.state for base, stream in zip(bases, streams, strict=True) if stream.state}
    if assumed is not None:
        buckets[assumed.bucket_name, assumed.base_assets_prefix] = assumed
    return [_place(bucket, key, locations, buckets) for bucket, key in keys]


def _loaded(ledger: Ledger, aggregate: object, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], object]:
    streams: Iterable[Stream[object]] = ledger.load_many(aggregate, keys)  # type: ignore[arg-type]
    return {key: stream.state for key, stream in zip(keys, streams, strict=True)}


def _place(
    bucket: str, key: str, locations: dict[tuple[str, str], object], buckets: dict[tuple[str, str], Bucket]
) -> Place:
    for folder in _folders(key):
        owner = locations.get((bucket, folder))
        if isinstance(owner, Location):
            return _owned(owner, folder, key)
    base = next((prefix for prefix in reversed((ROOT, *_folders(key))) if (bucket, prefix) in buckets), None)
    if base is None:
        return _refused("BUCKET_NOT_REGISTERED", f"No registered bucket and prefix holds {key!r}: use registerBucket.")
    return _unowned(buckets[bucket, base], key, locations)


def _owned(owner: Location, location: str, key: str) -> Place:
    path = key.removeprefix(location)
    return _misnamed(key, path) or Owned(owner.database_id, owner.asset_id, location, path)


def _unowned(bucket: Bucket, key: str, locations: dict[tuple[str, str], object]) -> Place:
    asset_id, slash, path = key.removeprefix(bucket.base_assets_prefix.removeprefix(ROOT)).partition("/")
    if not slash:
        return _refused("NO_ASSET_FOLDER", f"{key!r} lies in no folder: the first folder is the id of its asset.")
    if asset_id in RESERVED_FOLDERS:
        return Verdict(Kind.PASSED_OVER, "RESERVED_FOLDER", f"The folder {asset_id!r} is kept for other things.")
    location = bucket.location(asset_id)
    if isinstance(locations.get((bucket.bucket_name, location)), Enclosure):
        return _refused("PREFIX_ENCLOSED", f"{location!r} holds the prefixes of assets and can belong to none.")
    try:
        check_asset_id(asset_id)
    except Invalid as fault:
        return _refused("ASSET_ID_INVALID", fault.message)
    return _misnamed(key, path) or Unowned(bucket, asset_id, location, path)


def _misnamed(key: str, path: str) -> Verdict | None:
    """Why the key is no file's, though it lies below an asset's prefix."""
    if path == "" or path.endswith("/"):
        return Verdict(Kind.PASSED_OVER, "FOLDER", "A folder is not a file.")
    if RENDITIONS_FOLDER in path.split("/"):
        return Verdict(Kind.PASSED_OVER, "RENDITION", "Renditions belong to their sources.")
    if path.partition("/")[0] == WORKING_FOLDER:
        return Verdict(Kind.PASSED_OVER, "WORKING_FOLDER", "What executions of workflows keep here is no file.")
    try:
        if check_path(path) != path:
            return _refused("PATH_INVALID", f"The path {path[:80]!r} begins with '/'.")
        check_key(key, field=())
    except Invalid as fault:
        return _refused("PATH_INVALID", fault.message)
    return None


def _refused(code: str, message: str) -> Verdict:
    return Verdict(Kind.REFUSED, code, message)


def _folders(key: str) -> list[str]:
    """The prefixes of a key that end in a slash, shortest first."""
    return [key[: index + 1] for index, char in enumerate(key) if char == "/"]

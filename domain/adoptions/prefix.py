"""Which key prefixes can become an asset's, and the reservation that makes one its own for ever."""

from __future__ import annotations

from domain.adoptions.errors import AdoptedPrefixInvalid, AdoptedPrefixTaken
from domain.buckets.bucket import LOCATIONS, Bucket, Enclosure, Location, enclosing
from domain.buckets.events import AssetLocationEnclosed, AssetLocationReserved
from domain.files.paths import PathInvalid, check_path
from domain.ledger import Ledger
from domain.stream import Change
from domain.sync.places import RESERVED_FOLDERS

LONGEST_PREFIX_BYTES = 512


def adopt_prefix(ledger: Ledger, bucket: Bucket, key: str, *, owner: tuple[str, str]) -> tuple[list[Change], str]:
    """The changes that give the prefix to the owner (database id, asset id), and the prefix in its stored form.

    Every prefix that it lies in is enclosed, so that no asset can get one. Raises AdoptedPrefixInvalid,
    AdoptedPrefixTaken.
    """
    prefix = check_prefix(bucket, key)
    places = enclosing(prefix)
    streams = ledger.load_many(LOCATIONS, [(bucket.bucket_name, place) for place in places])
    *above, own = zip(places, streams, strict=True)
    changes = []
    for place, stream in above:
        if isinstance(stream.state, Location):
            raise AdoptedPrefixTaken(prefix, f"lies inside {place!r}, which belongs to an asset")
        if stream.state is None:
            changes.append(stream.then(AssetLocationEnclosed(bucket_name=bucket.bucket_name, asset_location=place)))
    state = own[1].state
    if isinstance(state, Enclosure):
        raise AdoptedPrefixTaken(prefix, "holds the prefixes of other assets")
    if state not in (None, Location(*owner)):
        raise AdoptedPrefixTaken(prefix, "belongs to another asset")
    if state is None:
        reserved = AssetLocationReserved(
            bucket_id=bucket.bucket_id, asset_location=prefix, database_id=owner[0], asset_id=owner[1]
        )
        changes.append(own[1].then(reserved))
    return changes, prefix


def check_prefix(bucket: Bucket, key: str) -> str:
    """The prefix in its stored form: without a leading slash, ending in one. Raises AdoptedPrefixInvalid."""
    prefix = f"{key.removeprefix('/').removesuffix('/')}/"
    base = bucket.base_assets_prefix.removeprefix("/")
    below = prefix.removeprefix(base)
    if not prefix.startswith(base) or below in ("", "/"):
        raise AdoptedPrefixInvalid(key, f"does not lie below {bucket.base_assets_prefix!r} of the database's bucket")
    if below.partition("/")[0] in RESERVED_FOLDERS:
        raise AdoptedPrefixInvalid(key, "is kept for other things than assets")
    if len(prefix.encode(errors="surrogatepass")) > LONGEST_PREFIX_BYTES:
        raise AdoptedPrefixInvalid(key, f"has more than {LONGEST_PREFIX_BYTES} bytes")
    try:
        check_path(f"{prefix}file", field=())
    except PathInvalid as fault:
        raise AdoptedPrefixInvalid(key, f"can't hold files: {fault.message}".removesuffix(".")) from fault
    return prefix

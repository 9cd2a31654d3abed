"""Commands on buckets."""

from __future__ import annotations

from domain.buckets.bucket import BUCKETS, LOCATIONS, Bucket, Location, bucket_id, enclosing
from domain.buckets.errors import PrefixBelongsToAsset
from domain.buckets.events import AssetLocationEnclosed, BucketRegistered
from domain.cause import Order
from domain.errors import Invalid, NotFound
from domain.ledger import Ledger
from domain.stream import Change, Decision, Outcome
from domain.text import check_text

MAX_PREFIX_LENGTH = 256


def register_bucket(ledger: Ledger, bucket_name: str, *, base_assets_prefix: str, order: Order) -> Outcome:
    """Make a versioned bucket and base prefix usable. Registering the same pair again changes nothing.

    Raises Invalid, PrefixBelongsToAsset.
    """
    check_prefix(base_assets_prefix)
    identity = bucket_id(bucket_name, base_assets_prefix)

    def decide() -> Decision:
        stream = ledger.load(BUCKETS, identity)
        if stream.state:
            return Decision((), {"bucketId": identity})
        event = BucketRegistered(
            bucket_id=identity,
            bucket_name=bucket_name,
            base_assets_prefix=base_assets_prefix,
            is_versioning_enabled=True,
        )
        enclosures = _enclose(ledger, bucket_name, base_assets_prefix)
        return Decision((*enclosures, stream.then(event)), {"bucketId": identity})

    return ledger.carry_out(order, decide)


def _enclose(ledger: Ledger, bucket_name: str, base_assets_prefix: str) -> list[Change]:
    """Keep the base prefix, and every prefix that it lies in, from ever belonging to an asset."""
    changes = []
    for location in enclosing(base_assets_prefix):
        stream = ledger.load(LOCATIONS, bucket_name, location)
        if isinstance(stream.state, Location):
            raise PrefixBelongsToAsset(location)
        if stream.state is None:
            changes.append(stream.then(AssetLocationEnclosed(bucket_name=bucket_name, asset_location=location)))
    return changes


def check_prefix(base_assets_prefix: str) -> None:
    """Raise Invalid unless it is "/" or parts of a key, each followed by "/"."""
    if not base_assets_prefix.endswith("/"):
        raise Invalid(f"The base prefix {base_assets_prefix!r} must end in '/'.", path=("baseAssetsPrefix",))
    check_text(base_assets_prefix, name="baseAssetsPrefix", longest=MAX_PREFIX_LENGTH)
    if base_assets_prefix != "/" and not all(base_assets_prefix[:-1].split("/")):
        raise Invalid(
            f"The base prefix {base_assets_prefix!r} has an empty part: write it as 'library/shows/'.",
            path=("baseAssetsPrefix",),
        )


def require_bucket(ledger: Ledger, identity: str) -> Bucket:
    """The registered bucket. Raises NotFound."""
    bucket = ledger.load(BUCKETS, identity).state
    if bucket is None:
        raise NotFound("bucket", identity, path=("defaultBucketId",))
    return bucket

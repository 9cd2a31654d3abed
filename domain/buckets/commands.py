"""Commands on buckets."""

from __future__ import annotations

from domain.buckets.bucket import BUCKETS, Bucket, bucket_id
from domain.buckets.events import BucketRegistered
from domain.cause import Order
from domain.errors import Invalid, NotFound
from domain.ledger import Ledger
from domain.stream import Decision, Outcome


def register_bucket(ledger: Ledger, bucket_name: str, *, base_assets_prefix: str, order: Order) -> Outcome:
    """Make a versioned bucket and base prefix usable. Registering the same pair again changes nothing."""
    if not base_assets_prefix.endswith("/"):
        raise Invalid(f"The base prefix {base_assets_prefix!r} must end in '/'.", path=("baseAssetsPrefix",))
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
        return Decision((stream.then(event),), {"bucketId": identity})

    return ledger.carry_out(order, decide)


def require_bucket(ledger: Ledger, identity: str) -> Bucket:
    """The registered bucket. Raises NotFound."""
    bucket = ledger.load(BUCKETS, identity).state
    if bucket is None:
        raise NotFound("bucket", identity, path=("defaultBucketId",))
    return bucket

"""registerBucket, setBucketSyncDatabase."""

from __future__ import annotations

import strawberry

from domain.buckets.commands import check_prefix, register_bucket
from domain.cause import Order
from domain.errors import Invalid
from domain.ledger import Ledger
from domain.stream import Outcome
from domain.sync.destination import set_bucket_sync_database
from gateway.buckets.types import Bucket
from gateway.context import Context, Info
from gateway.payloads import Payload, filled
from gateway.reads.root import read_one
from processors.objects.errors import StoreRejected
from processors.objects.store import ObjectStore


@strawberry.input(description="A bucket and prefix that databases may place assets in.")
class RegisterBucketInput:
    """Input of registerBucket."""

    bucket_name: str = strawberry.field(description="Made with versioning on when the store has none of this name.")
    base_assets_prefix: str = strawberry.field(description="Ends in '/'; '/' alone is the root.")
    idempotency_key: str | None = None


@strawberry.type(description="The registered bucket.")
class RegisterBucketPayload(Payload):
    """Payload of registerBucket."""

    @strawberry.field(description="The bucket; null when the request was refused.")
    async def bucket(self, info: Info) -> Bucket | None:
        return None if self.key is None else await read_one(info, "Bucket", self.key, returns=Bucket)


@strawberry.input(description="Which database takes what others put into a bucket.")
class SetBucketSyncDatabaseInput:
    """Input of setBucketSyncDatabase."""

    bucket_id: str
    sync_database_id: str | None = strawberry.field(
        description="Its new folders become assets of this database; null leaves that to its only database."
    )
    idempotency_key: str | None = None


@strawberry.type(description="The changed bucket.")
class SetBucketSyncDatabasePayload(RegisterBucketPayload):
    """Payload of setBucketSyncDatabase."""


@strawberry.type
class BucketMutations:
    """Mutations of buckets."""

    @strawberry.mutation(description="Make a versioned bucket usable; registering the same pair again changes nothing.")
    async def register_bucket(self, info: Info, input: RegisterBucketInput) -> RegisterBucketPayload:  # noqa: A002
        context: Context = info.context
        order = context.order("registerBucket", input)
        done = await context.carry_out(
            _register, context.services.objects, input.bucket_name, prefix=input.base_assets_prefix, order=order
        )
        return RegisterBucketPayload(**filled(done, bucket_id=done.result.get("bucketId", "")))

    @strawberry.mutation(description="Choose the database for what others put into a bucket.")
    async def set_bucket_sync_database(
        self,
        info: Info,
        input: SetBucketSyncDatabaseInput,  # noqa: A002
    ) -> SetBucketSyncDatabasePayload:
        context: Context = info.context
        done = await context.carry_out(
            set_bucket_sync_database,
            input.bucket_id,
            sync_database_id=input.sync_database_id,
            order=context.order("setBucketSyncDatabase", input),
        )
        return SetBucketSyncDatabasePayload(**filled(done, bucket_id=input.bucket_id))


def _register(ledger: Ledger, objects: ObjectStore, name: str, *, prefix: str, order: Order) -> Outcome:
    """Register a bucket that the store has, or can make, with versioning on. Raises Invalid, StoreUnavailable."""
    check_prefix(prefix)
    try:
        objects.ensure_bucket(name)
    except StoreRejected as refusal:
        raise Invalid(str(refusal), path=("bucketName",)) from refusal
    return register_bucket(ledger, name, base_assets_prefix=prefix, order=order)

"""The command that chooses the database of what others put into a bucket."""

from __future__ import annotations

from domain.buckets.bucket import BUCKETS
from domain.buckets.events import BucketSyncDatabaseSet
from domain.cause import Order
from domain.databases.commands import load_database
from domain.errors import NotFound
from domain.ledger import Ledger
from domain.stream import Decision, Outcome


def set_bucket_sync_database(ledger: Ledger, bucket_id: str, *, sync_database_id: str | None, order: Order) -> Outcome:
    """Have assets made in this database for the folders that others put into the bucket; None leaves it open.

    Raises NotFound for the bucket, DatabaseNotFound, DatabaseIsDeleted.
    """

    def decide() -> Decision:
        stream = ledger.load(BUCKETS, bucket_id)
        if stream.state is None:
            raise NotFound("bucket", bucket_id, path=("bucketId",))
        if stream.state.sync_database_id == sync_database_id:
            return Decision(())
        event = BucketSyncDatabaseSet(bucket_id=bucket_id, sync_database_id=sync_database_id)
        if sync_database_id is None:
            return Decision((stream.then(event),))
        database_stream, database = load_database(ledger, sync_database_id)
        database.require_active()
        return Decision((stream.then(event),), held=(database_stream,))

    return ledger.carry_out(order, decide)

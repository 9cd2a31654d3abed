"""Which database takes the assets of folders that nobody registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.buckets.bucket import Bucket
from domain.sync.verdicts import Kind, Verdict

NAMES_SHOWN = 5


@dataclass(frozen=True)
class Homes:
    """Where new assets go: to the database that was named, the bucket's own, or the only one that uses the bucket."""

    users: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Ids of the active databases by the id of their default bucket."""
    named: str | None = None
    assumed: Bucket | None = None
    """A bucket that is not registered, and is judged as if it were."""

    def of(self, bucket: Bucket) -> str | Verdict:
        """A database id, or why there is none."""
        chosen = self.named or bucket.sync_database_id
        if chosen is not None:
            return chosen
        users = self.users.get(bucket.bucket_id, ())
        if len(users) == 1:
            return users[0]
        advice = "name one by setBucketSyncDatabase."
        if not users:
            return Verdict(Kind.REFUSED, "DATABASE_UNKNOWN", f"No database uses this bucket and prefix: {advice}")
        some = ", ".join(sorted(users)[:NAMES_SHOWN])
        return Verdict(Kind.REFUSED, "DATABASE_AMBIGUOUS", f"Several databases use this bucket ({some}): {advice}")

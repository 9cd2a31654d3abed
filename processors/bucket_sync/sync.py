"""Brings the log up to what the store shows at keys: looks, records the news in one transaction, notes the problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.buckets.bucket import Bucket
from domain.cause import Order
from domain.ledger import Ledger
from domain.sync.commands import Assessment, assess, record_sightings
from domain.sync.homes import Homes
from domain.sync.sightings import Sighting
from domain.sync.verdicts import PROBLEMS, Kind, Verdict
from processors.bucket_sync import tables
from processors.bucket_sync.looking import Key, Looker, OwnMarkers
from processors.bucket_sync.tables import Problem
from processors.lifecycle import visibility
from processors.objects.store import ObjectStore

ATTEMPTS = 8
"""Looks at a key that others keep changing, before it is left to a later notice."""


@dataclass(frozen=True)
class Synced:
    """What became of keys."""

    verdicts: Mapping[Key, Verdict]
    position: int
    """Of the log's last event when it was done."""
    new_assets: frozenset[tuple[str, str]]


class BucketSync:
    """Sync of keys, over the ledger, the object store and the tables of bucket sync."""

    def __init__(
        self,
        ledger: Ledger,
        objects: ObjectStore,
        pool: ConnectionPool[Connection[Any]],
        *,
        assumed: Bucket | None = None,
        own_markers: OwnMarkers | None = None,
    ) -> None:
        """`assumed` is a bucket that is not registered, for runs that record nothing.

        `own_markers` are those that the pool's database knows, unless given.
        """
        known = own_markers or partial(visibility.own_markers, pool)
        self.looker = Looker(ledger, objects, assumed=assumed, own_markers=known)
        self._assumed = assumed
        self._ledger = ledger
        self._pool = pool

    def homes(self, *, named: str | None = None) -> Homes:
        """Where new assets go, as of the follower's position."""
        with self._pool.connection() as connection:
            return Homes(tables.users_of_buckets(connection), named, self._assumed)

    def sync(
        self,
        keys: Sequence[Key],
        *,
        homes: Homes,
        order: Order | None,
        first_look: Sequence[Sighting] = (),
    ) -> Synced:
        """Record what is news at these keys; without an order, only say what it would be.

        `first_look` are sightings of other keys that were made already. Raises StoreUnavailable.
        """
        verdicts: dict[Key, Verdict] = {}
        position, new_assets = int(self._ledger.head()), set[tuple[str, str]]()
        sightings = [*first_look, *self.looker.look(list(dict.fromkeys(keys)))]
        for attempt in range(ATTEMPTS):
            if attempt:
                sightings = self.looker.look([key for key, verdict in verdicts.items() if verdict.kind is Kind.STALE])
            if not sightings:
                break
            found, position = self._judged(sightings, homes, order, position)
            new_assets |= set(found.new_assets)
            for sighting, verdict in zip(sightings, found.verdicts, strict=True):
                verdicts[sighting.s3_bucket, sighting.s3_key] = verdict
        return Synced(verdicts, position, frozenset(new_assets))

    def tell(self, problems: Sequence[Problem], synced: Synced) -> None:
        """Note the problems, and that other keys have none any more."""
        settled = [key for key, verdict in synced.verdicts.items() if verdict.kind not in (*PROBLEMS, Kind.STALE)]
        with self._pool.connection() as connection:
            tables.tell(connection, problems, solved=settled)

    def _judged(
        self, sightings: Sequence[Sighting], homes: Homes, order: Order | None, position: int
    ) -> tuple[Assessment, int]:
        if order is None:
            return assess(self._ledger, sightings, homes=homes), position
        outcome, found = record_sightings(self._ledger, sightings, homes=homes, order=order)
        return found, outcome.position

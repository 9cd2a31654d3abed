"""Reconciles a bucket with the log: streams the listing beside the keys that the log knows, and syncs what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any, TypeVar

from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.cause import Order
from domain.stream import Stream
from domain.sync.homes import Homes
from domain.sync.sightings import is_in_order
from domain.sync.verdicts import Kind, Verdict
from processors.bucket_sync import tables
from processors.bucket_sync.looking import Key, sighted
from processors.bucket_sync.receiving import problem_of
from processors.bucket_sync.sync import BucketSync, Synced
from processors.objects.store import ListedVersion, ObjectStore

T = TypeVar("T")
BATCH_KEYS = 500
Listed = tuple[str, list[ListedVersion]]
"""A key and its versions, newest first."""


@dataclass
class Report:
    """What a reconciliation found, or would do."""

    keys: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    new_assets: set[tuple[str, str]] = field(default_factory=set)
    """As (database id, asset id)."""


Tell = Callable[[Report, Sequence[tuple[Key, Verdict]]], None]
"""Told after each batch: the report so far, and the keys of the batch that are not simply unchanged."""


@dataclass(frozen=True)
class Inventory:
    """Reconciles buckets, batch by batch; interrupted and run again, it goes on where the log is."""

    sync: BucketSync
    objects: ObjectStore
    pool: ConnectionPool[Connection[Any]]

    def reconcile(
        self, bucket: str, prefix: str, *, homes: Homes, new_order: Callable[[], Order] | None, tell: Tell
    ) -> Report:
        """Look at every key under the prefix, in the store and in the log.

        Without `new_order` nothing is recorded or noted. Raises StoreUnavailable, StoreRejected.
        """
        report, last = Report(), ""
        for batch in _batches(self._listed(bucket, prefix)):
            known = {(bucket, key): versions for key, versions in batch}
            absent = [key for key in self._known(bucket, prefix, after=last, until=batch[-1][0]) if key not in known]
            self._reconcile(known, absent, report, homes=homes, new_order=new_order, tell=tell)
            last = batch[-1][0]
        for rest in _batches(self._known(bucket, prefix, after=last, until=None)):
            self._reconcile({}, rest, report, homes=homes, new_order=new_order, tell=tell)
        return report

    def _listed(self, bucket: str, prefix: str) -> Iterator[Listed]:
        for key, versions in groupby(self.objects.versions(bucket, prefix), key=lambda version: version.key):
            yield key, list(versions)

    def _known(self, bucket: str, prefix: str, *, after: str, until: str | None) -> Iterator[Key]:
        """Keys that ever held a file, page by page."""
        while True:
            with self.pool.connection() as connection:
                page = tables.known_keys(connection, bucket, prefix, after=after, until=until, limit=BATCH_KEYS)
            yield from ((bucket, key) for key in page)
            if len(page) < BATCH_KEYS:
                return
            after = page[-1]

    def _reconcile(
        self,
        listed: dict[Key, list[ListedVersion]],
        absent: list[Key],
        report: Report,
        *,
        homes: Homes,
        new_order: Callable[[], Order] | None,
        tell: Tell,
    ) -> None:
        keys = [*listed, *absent]
        new, doubtful, settled = self._sorted(keys, listed)
        first_look = self.sync.looker.look_at_new(new)
        order = new_order() if new_order else None
        synced = self.sync.sync(doubtful, homes=homes, order=order, first_look=first_look)
        verdicts = {**settled, **synced.verdicts}
        if order is not None:
            found = [problem for key, verdict in verdicts.items() if (problem := problem_of(key, verdict))]
            self.sync.tell(found, Synced(verdicts, synced.position, synced.new_assets))
        report.keys += len(keys)
        report.kinds.update(verdict.kind for verdict in verdicts.values())
        report.codes.update(verdict.code for verdict in verdicts.values() if verdict.code)
        report.new_assets |= synced.new_assets
        tell(report, [(key, verdicts[key]) for key in keys if verdicts[key].kind is not Kind.UNCHANGED])

    def _sorted(
        self, keys: Sequence[Key], listed: dict[Key, list[ListedVersion]]
    ) -> tuple[list[tuple[Key, list[ListedVersion]]], list[Key], dict[Key, Verdict]]:
        """The keys without a file, those that may differ from theirs, and those that are settled as they are."""
        new, doubtful, settled = [], [], {}
        for key, file in zip(keys, self.sync.looker.files(keys), strict=True):
            versions = listed.get(key, [])
            if isinstance(file, Verdict) and file.kind is Kind.PASSED_OVER:
                settled[key] = file
            elif not isinstance(file, Stream) or file.state is None:
                new.append((key, versions))
            elif is_in_order(file.state, sighted(versions)):
                settled[key] = Verdict(Kind.UNCHANGED)
            else:
                doubtful.append(key)
        return new, doubtful, settled


def _batches(items: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(items, BATCH_KEYS)):
        yield batch

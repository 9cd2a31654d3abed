"""Transactions on the cluster: begun, committed with a known outcome, rolled back when nobody needs them any more."""

from __future__ import annotations

import logging
import threading
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import vastdb
from vastdb import errors
from vastdb.bucket import Bucket
from vastdb.config import BackoffConfig, QueryConfig
from vastdb.schema import Schema
from vastdb.session import Session
from vastdb.table_metadata import TableMetadata, TableRef

from projections.columnar.errors import ColumnarError, Unavailable
from projections.columnar.vast_db.config import VastDBConfig
from projections.columnar.vast_db.outages import reported

# The SDK logs each refusal and retry as a warning; what matters of them is in the errors raised here.
logging.getLogger("vastdb").setLevel(logging.CRITICAL)

_TRIES = 6
_LONGEST_PAUSE_SECONDS = 2.0
_BATCH_ROWS = 65_536


class OutcomeUnknown(Unavailable):
    """A commit was sent and not answered, and the cluster could not be asked since."""


class Server:
    """The one session with a cluster; it is opened by the first transaction. Safe to share between threads."""

    def __init__(self, config: VastDBConfig) -> None:
        self.config = config
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._abandoned: deque[int] = deque()

    def __str__(self) -> str:
        return str(self.config)

    def begin(self) -> Transaction:
        """A transaction; it sees the cluster as it is now. Raises Unavailable."""
        with reported(str(self)):
            session = self.session()
            self._end_abandoned(session)
            return Transaction(self, session)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that changes nothing and ends with the block."""
        tx = self.begin()
        try:
            yield tx
        finally:
            tx.roll_back()

    def version(self) -> str:
        """The release that the cluster says it is. Raises Unavailable."""
        with reported(str(self)):
            return ".".join(map(str, self.session().api.vast_version))

    def abandon(self, number: int) -> None:
        """End a transaction that nobody holds any more, at the next occasion; it may be any thread that says so."""
        self._abandoned.append(number)

    def session(self) -> Session:
        """The SDK's session."""
        with self._lock:
            if self._session is None:
                config = self.config
                backoff = BackoffConfig(
                    max_tries=_TRIES, max_time=config.attempt_seconds, max_value=_LONGEST_PAUSE_SECONDS
                )
                self._session = vastdb.connect(
                    endpoint=config.endpoint,
                    access=config.access_key,
                    secret=config.secret_key,
                    timeout=config.timeout_seconds,
                    backoff_config=backoff,
                )
            return self._session

    def _end_abandoned(self, session: Session) -> None:
        while self._abandoned:
            try:
                session.api.rollback_transaction(self._abandoned.popleft())
            except errors.NotFound:
                # The cluster has ended it by itself.
                continue


class Transaction:
    """One transaction. Dropped without an end, it is rolled back with the next one that begins."""

    def __init__(self, server: Server, session: Session) -> None:
        self.where = str(server)
        self._config = server.config
        self._session = session
        self._tx: Any = session.transaction().__enter__()
        self._number: int = self._tx.active_txid
        self._drop = weakref.finalize(self, server.abandon, self._number)
        self._drop.atexit = False
        self.located: str | None = None
        """The name of the schema as the catalog found it in this transaction."""

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return bool(self._tx.is_active)

    def table(self, metadata: TableMetadata) -> Any:
        """The table, as loaded before by `load`."""
        return self._tx.table_from_metadata(metadata)

    def load(self, table: str, *, schema: str) -> TableMetadata | None:
        """What the cluster says of a table; None when there is none. Raises Unavailable for a missing bucket."""
        metadata = TableMetadata(TableRef(bucket=self._config.bucket, schema=schema, table=table))
        with reported(self.where):
            try:
                metadata.load(self._tx)
            except errors.NotFound:
                self._tx.bucket(self._config.bucket)
                return None
        return metadata

    def schema(self, name: str) -> Schema | None:
        """A schema of the bucket by name. Raises Unavailable for a missing bucket."""
        with reported(self.where):
            try:
                return self._bucket.schema(name, fail_if_missing=False)
            except errors.NotFound:
                self._tx.bucket(self._config.bucket)
                return None

    def create_schema(self, name: str) -> Schema:
        """A schema of the bucket, made now if need be."""
        with reported(self.where):
            self._tx.bucket(self._config.bucket)
            return self._bucket.create_schema(name, fail_if_exists=False)

    def select(
        self,
        table: Any,
        columns: list[str],
        predicate: Any = None,
        *,
        row_ids: bool = False,
        limit: int | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Rows of the table that match, a batch at a time; there is a batch even when there are no rows."""
        config = QueryConfig(
            data_endpoints=[self._config.endpoint] * self._config.threads, limit_rows_per_sub_split=_BATCH_ROWS
        )
        with reported(self.where):
            reader = table.select(list(columns), predicate, config, internal_row_id=row_ids, limit_rows=limit)
        while True:
            with reported(self.where):
                try:
                    batch = reader.read_next_batch()
                except StopIteration:
                    return
            yield batch

    def commit(self) -> None:
        """Make what was done visible, and the transaction's end. Raises OutcomeUnknown when no answer comes."""
        self._end()
        try:
            with reported(self.where):
                self._session.api.commit_transaction(self._number)
        except Unavailable as error:
            raise OutcomeUnknown(f"{self.where}: a commit was not answered: {error}") from error

    def roll_back(self) -> None:
        """Undo what was done; a transaction that ended already is no error.

        Whatever else goes wrong here changes nothing: the cluster ends what is not used.
        """
        if self.is_active:
            self._end()
            try:
                self.forbid_commit()
            except (ColumnarError, errors.NotFound):
                return

    def forbid_commit(self) -> None:
        """After this, a commit that is still under way can have no effect. Raises errors.NotFound once it had one."""
        with reported(self.where):
            self._session.api.rollback_transaction(self._number)

    @property
    def _bucket(self) -> Bucket:
        return Bucket(self._config.bucket, self._tx)

    def _end(self) -> None:
        self._drop.detach()
        self._tx.txid = None

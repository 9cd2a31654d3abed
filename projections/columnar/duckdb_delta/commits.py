"""The Delta log of one table: versions to read, and commits that happen whole or not at all."""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, CommitProperties, PostCommitHookProperties, RemoveAction, Transaction

from projections.columnar.duckdb_delta.config import Storage
from projections.columnar.duckdb_delta.files import sync
from projections.columnar.duckdb_delta.layout import delta_schema
from projections.columnar.duckdb_delta.outages import reported
from projections.columnar.duckdb_delta.snapshots import Snapshot, key_settings, snapshot_of
from projections.columnar.errors import Conflict, Overtaken, Unavailable, UnknownTable, UnknownVersion
from projections.columnar.schemas import RESERVED_COLUMN
from projections.columnar.store import AsOf

_ATTEMPTS = 60
_LONGEST_PAUSE_SECONDS = 0.5
_TRUSTED_SECONDS = 60.0
"""How long the absence of a next local log file proves that a version is the last; far below retention."""
_COMMITS_BETWEEN_CLEANINGS = 100
"""Old log files are looked for this often: it costs a look at every file of the log, which each commit would pay."""
_REPLACEMENT = "interneg/replacement"
"""Every commit that was planned from what is in the table carries this application id. Delta lets no two
commits with a common id pass each other, so two replacements never work from the same version, also when
neither found a file to remove."""


@dataclass(frozen=True, slots=True)
class Change:
    """Files that a commit adds and removes; nothing of both commits nothing."""

    added: list[AddAction] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    is_replacement: bool = False
    """True when the change depends on what the version has, and so must not pass another such change."""
    data_change: bool = True
    """False when the rows stay the same and only their files differ."""


Plan = Callable[[Snapshot], Change]
"""What to commit on top of a version; called again with a later one when others committed first."""


class TableLog:
    """The one reader and writer of a table's Delta log in this process; safe to share between threads."""

    def __init__(self, storage: Storage, table: str) -> None:
        self._storage = storage
        self._table = table
        self._where = f"table {table!r} in {storage}"
        self._lock = threading.RLock()
        self._delta: DeltaTable | None = None
        self._snapshot: Snapshot | None = None
        self._refreshed_at = 0.0

    def exists(self) -> bool:
        """Whether the table was created. Raises Unavailable."""
        try:
            with self._lock:
                self._refresh()
        except UnknownTable:
            return False
        return True

    def create(self, schema: pa.Schema, *, partition_by: tuple[str, ...], sort_by: tuple[str, ...]) -> None:
        """Create the table, or leave it as it is when another process was first."""
        try:
            with reported(self._where):
                DeltaTable.create(
                    self._storage.table_uri(self._table),
                    delta_schema(schema),
                    mode="error",
                    partition_by=[RESERVED_COLUMN],
                    configuration={
                        **key_settings(partition_by, sort_by),
                        # Write ids are remembered for as long as the log is kept.
                        "delta.setTransactionRetentionDuration": "interval 30 days",
                    },
                    raise_if_key_not_exists=False,
                    storage_options=self._storage.delta_options,
                )
        except (Unavailable, CommitFailedError):
            if not self.exists():
                raise

    def forget(self) -> None:
        """Drop what is cached of the table; the next use reads its log anew."""
        with self._lock:
            self._delta = self._snapshot = None

    def snapshot(self, as_of: AsOf | None = None) -> Snapshot:
        """The last version, or an earlier one. Raises UnknownTable, Unavailable."""
        if as_of is not None:
            return self._past(as_of)
        with self._lock:
            delta = self._refresh()
            if self._snapshot is None or self._snapshot.version != delta.version():
                with reported(self._where):
                    self._snapshot = snapshot_of(delta, self._table, self._actions)
            return self._snapshot

    def has_seen(self, write_id: str) -> bool:
        """Whether a commit with this write id is in the log."""
        with self._lock:
            delta = self._refresh()
            with reported(self._where):
                return delta.transaction_version(_application_id(write_id)) is not None

    def commit(self, plan: Plan, *, write_id: str | None = None) -> bool:
        """Commit what the plan makes of the last version, planning again after every lost race.

        False when the write id is already in the log, and then nothing is committed. Raises Conflict after
        many lost races.
        """
        for attempt in range(_ATTEMPTS):
            with self._lock:
                if write_id is not None and self.has_seen(write_id):
                    return False
                snapshot = self.snapshot()
                change = plan(snapshot)
                if not change.added and not change.removed:
                    return True
                if self._try(change, snapshot, write_id):
                    return True
            # A random pause lets one of the racing writers win; it grows so that many of them spread out.
            time.sleep(random.uniform(0, min(0.01 * 2**attempt, _LONGEST_PAUSE_SECONDS)))  # noqa: S311
        raise Conflict(f"{self._where}: others committed first in {_ATTEMPTS} attempts; write again later")

    def restore(self, version: int) -> int:
        """Let the table hold again exactly what it held at an earlier version; the number of the commit that does.

        Raises Overtaken when others commit meanwhile.
        """
        with self._lock:
            newest = self.snapshot().version
            delta = self._open()
            properties = CommitProperties(app_transactions=[_transaction(_REPLACEMENT, newest)])
            try:
                with reported(self._where):
                    if delta.version() == newest:
                        delta.restore(version, commit_properties=properties)
            except CommitFailedError as error:
                raise Overtaken(self._table, newest, newest + 1) from error
            restored = delta.version()
            if restored != newest + 1:
                raise Overtaken(self._table, newest, restored)
            self._sync_log(newest)
            return restored

    def evolve(self, change: Callable[[pa.Schema], pa.Schema]) -> None:
        """Commit the schema that the change makes of the stored one; equal schemas commit nothing."""
        for _ in range(_ATTEMPTS):
            with self._lock:
                snapshot = self.snapshot()
                schema = change(snapshot.schema)
                if schema.equals(snapshot.schema):
                    return
                if self._try_schema(schema, snapshot.version):
                    return
        raise Conflict(f"{self._where}: others changed the schema first in {_ATTEMPTS} attempts; try again")

    def vacuum(self, retention: dt.timedelta) -> int:
        """Delete unneeded files older than the retention; how many."""
        with self._lock, reported(self._where):
            hours = max(retention // dt.timedelta(hours=1), 0)
            return len(self._refresh().vacuum(hours, dry_run=False, enforce_retention_duration=False, full=True))

    def _past(self, as_of: AsOf) -> Snapshot:
        if isinstance(as_of, dt.datetime) and as_of.tzinfo is None:
            as_of = as_of.replace(tzinfo=dt.UTC)
        with reported(self._where):
            delta = self._open()
            try:
                delta.load_as_version(as_of)
            except DeltaError as error:
                raise UnknownVersion(f"{self._where} has no version {as_of} to read: {error}") from error
            return snapshot_of(delta, self._table, self._actions)

    def _open(self, version: int | None = None) -> DeltaTable:
        if self._storage.is_local:
            # The library says "not found" for every local failure, so ask the operating system first.
            try:
                Path(self._storage.path(self._table, "_delta_log")).stat()
            except FileNotFoundError as error:
                raise UnknownTable(self._table, str(self._storage)) from error
        try:
            uri, options = self._storage.table_uri(self._table), self._storage.delta_options
            return DeltaTable(uri, version=version, storage_options=options)
        except TableNotFoundError as error:
            raise UnknownTable(self._table, str(self._storage)) from error

    def _refresh(self) -> DeltaTable:
        with reported(self._where):
            if self._delta is None:
                self._delta = self._open()
            elif self._is_current():
                return self._delta
            else:
                self._delta.update_incremental()
        self._refreshed_at = time.monotonic()
        return self._delta

    def _actions(self, version: int) -> pa.Table:
        with self._lock, reported(self._where):
            delta = self._delta
            if delta is None or delta.version() != version:
                delta = self._open(version)
            return pa.table(delta.get_add_actions(flatten=True))

    def _is_current(self) -> bool:
        """Whether a local log provably has no later version; one stat instead of a directory listing."""
        if self._delta is None or not self._storage.is_local:
            return False
        if time.monotonic() - self._refreshed_at > _TRUSTED_SECONDS:
            return False
        version = self._delta.version()
        return self._log_file(version).exists() and not self._log_file(version + 1).exists()

    def _log_file(self, version: int) -> Path:
        return Path(self._storage.path(self._table, f"_delta_log/{version:020}.json"))

    def _try(self, change: Change, snapshot: Snapshot, write_id: str | None) -> bool:
        delta = self._delta
        if delta is None or delta.version() != snapshot.version:
            return False
        applications = [] if write_id is None else [_transaction(_application_id(write_id), 0)]
        if change.is_replacement:
            applications.append(_transaction(_REPLACEMENT, snapshot.version))
        try:
            with reported(self._where):
                delta.create_write_transaction(
                    [*change.added, *_removals(change, snapshot)],
                    "append",
                    delta.schema(),
                    [RESERVED_COLUMN],
                    commit_properties=CommitProperties(app_transactions=applications),
                    post_commithook_properties=_tidying(snapshot.version),
                )
        except CommitFailedError:
            return self._is_committed(change)
        self._sync_log(snapshot.version)
        return True

    def _is_committed(self, change: Change) -> bool:
        """Whether the change is in the log although the commit said it failed: an answer that got lost."""
        self._snapshot = None
        paths = self.snapshot().files.column("path").to_pylist()
        return bool(change.added) and change.added[0].path in paths

    def _try_schema(self, schema: pa.Schema, version: int) -> bool:
        delta = self._delta
        if delta is None or delta.version() != version:
            return False
        try:
            with reported(self._where):
                # Replacing the rows of a partition that cannot exist changes the schema and no row.
                delta.create_write_transaction(
                    [],
                    "overwrite",
                    delta_schema(schema),
                    [RESERVED_COLUMN],
                    [(RESERVED_COLUMN, "=", "no partition")],
                    commit_properties=CommitProperties(app_transactions=[_transaction(_REPLACEMENT, version)]),
                )
        except CommitFailedError:
            return False
        self._sync_log(version)
        return True

    def _sync_log(self, base: int) -> None:
        """Put the commit itself on the disk; the library leaves that to the operating system's cache."""
        if not self._storage.is_local:
            return
        version = base + 1
        written = []
        while (path := self._log_file(version)).exists():
            written.append(path)
            version += 1
        sync(written)


def _removals(change: Change, snapshot: Snapshot) -> list[RemoveAction]:
    if not change.removed:
        return []
    gone = set(change.removed)
    now = time.time_ns() // 1_000_000
    columns = (snapshot.files.column(name).to_pylist() for name in ("path", "size_bytes", "partition"))
    return [
        RemoveAction(path, change.data_change, now, size, {RESERVED_COLUMN: partition})
        for path, size, partition in zip(*columns, strict=True)
        if path in gone
    ]


def _tidying(version: int) -> PostCommitHookProperties:
    """The library writes its checkpoints when they are due, but would look for old log files at every commit."""
    return PostCommitHookProperties(cleanup_expired_logs=None if version % _COMMITS_BETWEEN_CLEANINGS == 0 else False)


def _transaction(application_id: str, version: int) -> Transaction:
    return Transaction(application_id, version, time.time_ns() // 1_000_000)


def _application_id(write_id: str) -> str:
    return f"interneg/write/{write_id}"

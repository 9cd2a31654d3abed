"""Where the log is kept in the database, and the one migration step that makes it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import psycopg
from psycopg.sql import SQL, Composable, Identifier, Literal

MIGRATION_LOCK = zlib.crc32(b"interneg.ledger.migrate")
SUPPORTS_LZ4 = "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
CURRENT_STAMP = "SELECT obj_description(to_regclass('{schema}.{table}'), 'pg_class')"


@dataclass(frozen=True)
class LogTable:
    """The names of one log: its table and everything that belongs to that table alone."""

    schema: str = "ledger"
    table: str = "events"

    @property
    def channel(self) -> str:
        """The NOTIFY channel that says something was appended; it carries no payload."""
        return f"{self.schema}_{self.table}"

    @property
    def lock_key(self) -> int:
        """The advisory lock that every append holds until its commit."""
        return zlib.crc32(f"{self.schema}.{self.table}".encode())

    def names(self) -> dict[str, Composable]:
        """What the statements of this package are formatted with."""
        return {
            "schema": Identifier(self.schema),
            "table": Identifier(self.table),
            # Named for its table, so that two logs in one schema cannot append to each other.
            "append": Identifier(f"{self.table}_append"),
            "append_held": Identifier(f"{self.table}_append_held"),
            "hold": Identifier(f"{self.table}_hold"),
            "channel": Identifier(self.channel),
            "key": Literal(self.lock_key),
            "notification_index": Identifier(f"{self.table}_notification_id_idx"),
            "topic_index": Identifier(f"{self.table}_topic_idx"),
        }


LOG = LogTable()
CHANNEL = LOG.channel


@cache
def statement(text: str, log: LogTable) -> bytes:
    """The statement with this log's names filled in."""
    return SQL(text).format(**log.names()).as_bytes(None)


def migrate(database_url: str, *, log: LogTable = LOG) -> None:
    """Make what is missing of the log. Any number of processes may at once; each returns when it is complete."""
    ddl = files("gateway.ledger").joinpath("schema.sql").read_text()
    stamp = f"interneg log, schema {zlib.crc32(ddl.encode()):08x}"
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATION_LOCK])
        if connection.execute(statement(CURRENT_STAMP, log)).fetchone() == (stamp,):
            # Even a statement that changes nothing would wait for a running VACUUM, and appends behind it.
            return
        has_lz4 = connection.execute(SUPPORTS_LZ4).fetchone() == (True,)
        names = log.names() | {
            "stamp": Literal(stamp),
            "compression": SQL("COMPRESSION lz4" if has_lz4 else ""),
        }
        connection.execute("SET LOCAL client_min_messages = warning")
        connection.execute(SQL(ddl).format(**names))

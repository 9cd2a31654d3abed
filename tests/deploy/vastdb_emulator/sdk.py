"""Sessions of the real SDK, and short ways to the table that a test is about."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import vastdb
from vastdb.config import BackoffConfig
from vastdb.session import Session

from deploy.vastdb_emulator.process import ACCESS_KEY, SECRET_KEY

BUCKET = "vastdb"
TIMEOUT_SECONDS = 60
NUMBERS = pa.schema([("number", pa.int64()), ("name", pa.string())])


def connect(endpoint: str, *, max_tries: int = 2, secret: str = SECRET_KEY) -> Session:
    """A session that gives up soon."""
    backoff = BackoffConfig(max_tries=max_tries, max_time=30, max_value=0.1)
    return vastdb.connect(
        endpoint=endpoint, access=ACCESS_KEY, secret=secret, timeout=TIMEOUT_SECONDS, backoff_config=backoff
    )


def create(session: Session, schema: str, columns: pa.Schema = NUMBERS, **options: Any) -> None:
    """Create the table `t` and commit."""
    with session.transaction() as tx:
        tx.bucket(BUCKET).schema(schema).create_table("t", columns, **options)


def table(tx: Any, schema: str) -> Any:
    """The table `t` in a transaction."""
    return tx.bucket(BUCKET).schema(schema).table("t")


def rows(*numbers: int) -> pa.Table:
    """Rows of a table with the columns NUMBERS."""
    return pa.table({"number": pa.array(numbers, pa.int64()), "name": [f"n{number}" for number in numbers]})


def insert(session: Session, schema: str, *numbers: int) -> None:
    """Append rows and commit."""
    with session.transaction() as tx:
        table(tx, schema).insert(rows(*numbers))


def stored(session: Session, schema: str) -> list[int]:
    """The numbers that a new transaction sees, in the table's order."""
    with session.transaction() as tx:
        found: list[int] = table(tx, schema).select(["number"]).read_all()["number"].to_pylist()
        return found


def delete(tx: Any, schema: str, *numbers: int) -> None:
    """Delete the rows with these numbers."""
    found = table(tx, schema)
    found.delete(found.select(["number"], found["number"].isin(numbers), internal_row_id=True).read_all())

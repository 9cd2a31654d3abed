"""What two prints of a table do not agree on, row by row, without holding either in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from projections.columnar.duckdb_delta.reading.sql import names
from projections.columnar.store import ColumnarStore
from projections.columnar.streams import streams
from projections.printing import Difference

IDENTITIES = {
    "files": ("file_id",),
    "parts": ("file_id", "part_index"),
    "channels": ("file_id", "part_index", "channel_name"),
    "attributes": ("file_id", "part_index", "attr_name"),
    "proxy_outputs": ("file_id",),
    "events": ("position",),
    "asset_files": ("database_id", "asset_id", "path", "s3_version_id"),
    "assets": ("database_id", "asset_id"),
    "asset_versions": ("database_id", "asset_id", "asset_version_id"),
    "metadata": ("owner", "owner_id", "is_attribute", "metadata_key"),
}
"""The columns that name one row of a table."""

BALANCE = """
SELECT {columns}, sum(side)::BIGINT AS balance
FROM (SELECT *, 1 AS side FROM live UNION ALL SELECT *, -1 AS side FROM rebuilt)
GROUP BY {columns} HAVING sum(side) <> 0 ORDER BY {keys}, balance DESC LIMIT {limit}
"""


def differences(live: ColumnarStore, rebuilt: ColumnarStore, table: str, *, limit: int) -> Iterator[Difference]:
    """At most `limit` rows of the table, by key. A row that one print has more often than the other differs too."""
    identity = IDENTITIES[table]
    columns = live.get_schema(table).names
    query = BALANCE.format(columns=names(columns), keys=names(identity), limit=2 * limit)
    with streams(live=live.scan(table), rebuilt=rebuilt.scan(table)) as connection:
        rows = connection.sql(query).to_arrow_table().to_pylist()
    found: dict[tuple[Any, ...], Difference] = {}
    for row in rows:
        is_live = row.pop("balance") > 0
        key = {column: row[column] for column in identity}
        known = found.get(tuple(key.values()), Difference(table, key, None, None))
        sides = (row, known.rebuilt) if is_live else (known.live, row)
        found[tuple(key.values())] = Difference(table, key, *sides)
    yield from list(found.values())[:limit]

"""The rows of an export in a temporary table, so that all that belongs to one asset is found together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from psycopg import Connection
from psycopg.rows import tuple_row

from processors.vams_import.dynamodb import Item
from processors.vams_import.tables import KEYS
from processors.vams_import.values import active_id, parts, text

TABLE = """
CREATE TEMPORARY TABLE vams_rows (place bigint, vams_table text, asset text, key text COLLATE "C", item text);
"""
INDEX = "CREATE INDEX ON vams_rows (vams_table, asset, key, place); ANALYZE vams_rows"
PAGE = 1000

OF_ASSETS = {
    "AssetStorageTable",
    "AssetVersionsStorageTableV2",
    "AssetFileVersionsStorageTableV2",
    "AssetFileMetadataVersionsStorageTable",
    "AssetFileMetadataStorageTableV2",
    "FileAttributeStorageTableV2",
}
OF_ASSET_IDS = {"AssetVersionsStorageTable", "AssetFileVersionsStorageTable", "CommentStorageTable"}
"""Tables that know no database."""


@dataclass(frozen=True)
class Row:
    """One item with its place in VAMS."""

    table: str
    item: Item

    @property
    def key(self) -> tuple[str, ...]:
        """The values of its key attributes; empty texts for those it lacks."""
        return tuple(text(self.item.get(name)) for name in KEYS[self.table])

    def get(self, name: str) -> Any:
        """The attribute; None when it has none."""
        return self.item.get(name)


class Staging:
    """Rows by table and asset. The connection must be in autocommit and is this object's alone."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._cursors = count()
        connection.execute("DROP TABLE IF EXISTS vams_rows")
        connection.execute(TABLE)

    def fill(self, rows: Iterable[Row]) -> None:
        """Take all rows, in one COPY."""
        with self._connection.cursor() as cursor, cursor.copy("COPY vams_rows FROM STDIN") as copy:
            for place, row in enumerate(rows):
                copy.write_row((place, row.table, _asset(row), "\n".join(_printable(row.key)), json.dumps(row.item)))
        self._connection.execute(INDEX)

    def of_table(self, table: str) -> Iterator[Row]:
        """All rows of a table by key, a page at a time."""
        yield from self._read("SELECT item FROM vams_rows WHERE vams_table = %s ORDER BY asset, key, place", table)

    def of_asset(self, table: str, asset: str) -> Iterator[Row]:
        """The rows of one asset (`databaseId:assetId`, or the asset id alone where the table knows no more)."""
        query = "SELECT item FROM vams_rows WHERE vams_table = %s AND asset = %s ORDER BY key, place"
        yield from self._read(query, table, asset)

    def assets(self) -> Iterator[str]:
        """Every asset that any row belongs to, whether the table of assets has it or not, by name."""
        query = "SELECT DISTINCT asset FROM vams_rows WHERE vams_table = ANY (%s) ORDER BY asset"
        for (asset,) in self._pages(query, (list(OF_ASSETS),)):
            yield asset

    def databases_of(self, asset_id: str) -> list[str]:
        """The databases that have an asset of this id, archived or not."""
        query = "SELECT DISTINCT asset FROM vams_rows WHERE vams_table = 'AssetStorageTable' AND asset LIKE %s"
        ending = ":" + asset_id.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return sorted(row[0].partition(":")[0] for row in self._pages(query, (f"%{ending}",)))

    def _read(self, query: str, *parameters: str) -> Iterator[Row]:
        for (item,) in self._pages(query, parameters):
            yield Row(parameters[0], json.loads(item))

    def _pages(self, query: str, parameters: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        name = f"vams_rows_{next(self._cursors)}"
        with self._connection.cursor(name, row_factory=tuple_row, withhold=True) as cursor:
            cursor.itersize = PAGE
            cursor.execute(query.encode(), parameters)
            yield from cursor


def _asset(row: Row) -> str:
    """The asset a row belongs to, without the mark of an archived one; empty for none."""
    if row.table == "AssetStorageTable":
        return f"{active_id(text(row.get('databaseId')))[0]}:{text(row.get('assetId'))}"
    if row.table in OF_ASSET_IDS:
        return active_id(row.key[0].partition(":")[0])[0]
    if row.table in OF_ASSETS:
        named = zip(KEYS[row.table], row.key, strict=True)
        composite = next(value for name, value in named if name.startswith("databaseId:assetId"))
        found = parts(composite, 2)
        return ":".join([active_id(found[0])[0], found[1].partition(":")[0]]) if found else ""
    return ""


def _printable(key: tuple[str, ...]) -> list[str]:
    return [part.replace("\x00", "") for part in key]

"""The manifest of an asset and of what hangs on it: one JSON document a line, in one snapshot, never all in memory."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files
from itertools import count
from typing import Any

import orjson
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from domain.assets.errors import AssetNotFound
from gateway.exports.options import ExportOptions, camel
from processors.objects.store import ObjectStore

FORMAT = "interneg-export/1"
ROWS_A_FETCH = 500
LIVE = "tables"
RECORDS = ("file", "assetVersion", "assetVersionFile", "assetVersionMetadata", "comment", "relationship")
QUERIES = {
    name: query.replace("print.", f"{LIVE}.")
    for name, query in re.findall(
        r"-- name: (\w+)\n(.*?)(?=\n-- name:|\Z)", files(__package__).joinpath("records.sql").read_text("utf-8"), re.S
    )
}

AssetKey = tuple[str, str]


class PrintReplaced(Exception):
    """The tables were rebuilt while they were read, so that the manifest would mix two prints."""

    def __init__(self) -> None:
        super().__init__("The tables were rebuilt during the export: export again.")


@dataclass(frozen=True)
class Found:
    """An asset of the tree."""

    key: AssetKey
    is_root: bool = False
    omitted: str | None = None
    """Why it is named and no more: ARCHIVED or MAX_ASSETS."""


class Export:
    """One manifest in the making. It holds a connection until `lines` has ended, or `close` was called."""

    def __init__(
        self, pool: ConnectionPool[Connection[Any]], objects: ObjectStore, root: AssetKey, options: ExportOptions
    ) -> None:
        """Raises AssetNotFound, before anything is written."""
        self._objects = objects
        self._root = root
        self._options = options
        self._counts: dict[str, int] = {}
        self._numbers = count()
        self._held = ExitStack()
        try:
            self._connection = self._held.enter_context(pool.connection())
            self._held.enter_context(self._connection.transaction())
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self._print = self._print_now()
            if not self._rows("asset", root):
                raise AssetNotFound(root[1])
        except BaseException:
            self._held.close()
            raise

    def close(self) -> None:
        """Give the connection back."""
        self._held.close()

    def lines(self) -> Generator[bytes, None, None]:
        """The lines, the first of which says what follows, and the last that it is complete or why it is not."""
        try:
            yield self._line("manifest", self._head())
            for found in self._tree():
                yield from self._asset(found)
            yield self._line("end", {"isComplete": True, "counts": dict(self._counts)})
        except PrintReplaced as replaced:
            yield self._line("end", {"isComplete": False, "message": str(replaced)})
        finally:
            self.close()

    def _head(self) -> dict[str, Any]:
        query = f"SELECT position FROM consumers.positions WHERE name = '{LIVE}' AND role = 'live'"
        row = self._connection.execute(query.encode()).fetchone()
        assert row
        return {
            "format": FORMAT,
            "databaseId": self._root[0],
            "assetId": self._root[1],
            "position": str(row[0]),
            "exportedAt": datetime.now(UTC),
            "options": {camel(name): value for name, value in asdict(self._options).items()},
        }

    def _tree(self) -> Iterator[Found]:
        """The root and its children, level by level; those past a limit are named after the others of their level."""
        yield Found(self._root, is_root=True)
        seen, level, exported = {self._root}, [self._root], 1
        for _ in range(self._options.children_depth):
            below: list[AssetKey] = []
            for database_id, asset_id, is_archived in self._children(level):
                key = (database_id, asset_id)
                if key in seen:
                    continue
                seen.add(key)
                if is_archived and not self._options.include_archived_assets:
                    yield Found(key, omitted="ARCHIVED")
                elif exported >= self._options.max_assets:
                    yield Found(key, omitted="MAX_ASSETS")
                else:
                    exported += 1
                    below.append(key)
                    yield Found(key)
            level = below
            if not level:
                return

    def _children(self, level: list[AssetKey]) -> list[tuple[str, str, bool]]:
        self._check()
        parameters = {"databases": [key[0] for key in level], "assets": [key[1] for key in level]}
        return self._connection.execute(QUERIES["children"].encode(), parameters).fetchall()

    def _asset(self, found: Found) -> Iterator[bytes]:
        database_id, asset_id = found.key
        if found.omitted:
            yield self._line("asset", {"databaseId": database_id, "assetId": asset_id, "omitted": found.omitted})
            return
        (asset,) = self._rows("asset", found.key)
        yield self._line("asset", {**asset, "isRootLookupAsset": found.is_root})
        for record in RECORDS:
            for row in self._stream(record, found.key):
                if record == "file" and self._options.generate_presigned_urls:
                    row["presignedUrl"] = self._url(row) if asset["isDistributable"] else None
                yield self._line(record, row)

    def _url(self, file: dict[str, Any]) -> str:
        return self._objects.sign_download(
            file["bucketName"],
            file["key"],
            version_id=file["versionId"],
            expires_seconds=self._options.url_expires_seconds,
            file_name=file["relativePath"].rsplit("/", 1)[-1],
        )

    def _rows(self, record: str, key: AssetKey) -> list[dict[str, Any]]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(QUERIES[record].encode(), self._parameters(key)).fetchall()

    def _stream(self, record: str, key: AssetKey) -> Iterator[dict[str, Any]]:
        self._check()
        with self._connection.cursor(f"export_{next(self._numbers)}", row_factory=dict_row) as cursor:
            cursor.itersize = ROWS_A_FETCH
            cursor.execute(QUERIES[record].encode(), self._parameters(key))
            self._check()
            yield from cursor

    def _parameters(self, key: AssetKey) -> dict[str, Any]:
        options = asdict(self._options)
        options["file_extensions"] = list(self._options.file_extensions)
        return {**options, "database_id": key[0], "asset_id": key[1]}

    def _line(self, record: str, values: dict[str, Any]) -> bytes:
        self._counts[record] = self._counts.get(record, 0) + 1
        return orjson.dumps({"record": record, **values}, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z)

    def _check(self) -> None:
        """Names are looked up as they are now, whatever the snapshot: a swap shows in what they stand for."""
        if self._print_now() != self._print:
            raise PrintReplaced

    def _print_now(self) -> Any:
        row = self._connection.execute("SELECT to_regclass(%s)::oid", (f"{LIVE}.asset_storage",)).fetchone()
        assert row
        return row[0]

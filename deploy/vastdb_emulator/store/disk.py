"""The committed state in a directory: files that never change, and one manifest that is replaced by renaming."""

from __future__ import annotations

import errno
import fcntl
import json
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import pyarrow as pa

from deploy.vastdb_emulator.errors import OutOfSpace
from deploy.vastdb_emulator.store import table_file
from deploy.vastdb_emulator.store.catalog import Catalog, SchemaRef, TableRef
from deploy.vastdb_emulator.store.chunks import Chunk
from deploy.vastdb_emulator.store.table import Table

MANIFEST = "manifest.json"
FORMAT = 1
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DirectoryInUse(Exception):
    """Another emulator has this directory open."""


class Disk:
    """The state that was committed last, in files; one process at a time has a directory.

    Everything a manifest names is written before it. The death of the process at any moment leaves either the old
    manifest or the new one, and the files of both; what no manifest names is removed at the next start.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        for folder in ("tables", "chunks"):
            (directory / folder).mkdir(parents=True, exist_ok=True)
        self._lock = _locked(directory / "lock")
        self._chunks: set[str] = set()
        self._tables: dict[int, tuple[Table, str]] = {}

    def load(self) -> Catalog:
        """The state that was committed last; an empty one in a new directory."""
        path = self._directory / MANIFEST
        catalog = self._read(json.loads(path.read_bytes())) if path.exists() else Catalog()
        self._remove_others()
        return catalog

    def save(self, catalog: Catalog) -> None:
        """Replace the committed state; OutOfSpace where it cannot be written, and then nothing has changed."""
        try:
            self._save(catalog)
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise OutOfSpace(f"Nothing more can be written to {self._directory}: {error.strerror}.") from error

    def close(self) -> None:
        """Let another process open the directory."""
        self._lock.close()

    def _save(self, catalog: Catalog) -> None:
        tables = {handle: self._write_table(table) for handle, table in catalog.tables.items()}
        manifest = {
            "format": FORMAT,
            "buckets": catalog.buckets,
            "schemas": [[*ref, properties] for ref, properties in catalog.schemas.items()],
            "tables": [[*ref, tables[handle][1]] for ref, handle in catalog.names.items()],
        }
        self._write(MANIFEST, json.dumps(manifest).encode())
        replaced = {file for _, file in self._tables.values()} - {file for _, file in tables.values()}
        chunks = {chunk.name for table in catalog.tables.values() for chunk in table.chunks}
        self._remove([f"tables/{file}" for file in replaced] + [f"chunks/{name}" for name in self._chunks - chunks])
        self._tables, self._chunks = tables, chunks

    def _write_table(self, table: Table) -> tuple[Table, str]:
        known = self._tables.get(table.handle)
        if known is not None and known[0] is table:
            return known
        for chunk in table.chunks:
            if chunk.name not in self._chunks:
                self._write_chunk(chunk)
        file = f"{table.handle}-{uuid4().hex}.json"
        self._write(f"tables/{file}", table_file.encode(table))
        return table, file

    def _write_chunk(self, chunk: Chunk) -> None:
        with pa.ipc.new_file(str(self._directory / "chunks" / chunk.name), chunk.rows.schema) as writer:
            writer.write_batch(chunk.rows)

    def _write(self, name: str, content: bytes) -> None:
        path = self._directory / name
        written = path.with_name(f"{path.name}.{uuid4().hex}.new")
        written.write_bytes(content)
        written.replace(path)

    def _read(self, manifest: dict[str, Any]) -> Catalog:
        names: dict[TableRef, int] = {}
        for bucket, schema, name, file in manifest["tables"]:
            table = table_file.decode((self._directory / "tables" / file).read_bytes(), self._read_chunk)
            names[TableRef(bucket, schema, name)] = table.handle
            self._tables[table.handle] = (table, file)
        return Catalog(
            buckets=tuple(manifest["buckets"]),
            schemas={SchemaRef(bucket, path): properties for bucket, path, properties in manifest["schemas"]},
            names=names,
            tables={handle: table for handle, (table, _) in self._tables.items()},
        )

    def _read_chunk(self, name: str) -> Chunk:
        self._chunks.add(name)
        with pa.memory_map(str(self._directory / "chunks" / name)) as source:
            return Chunk(name, pa.ipc.open_file(source).get_batch(0))

    def _remove_others(self) -> None:
        kept = {file for _, file in self._tables.values()} | self._chunks
        for folder in ("tables", "chunks"):
            found = [path.name for path in (self._directory / folder).iterdir()]
            self._remove([f"{folder}/{name}" for name in found if name not in kept])
        self._remove([path.name for path in self._directory.glob(f"{MANIFEST}.*.new")])

    def _remove(self, names: list[str]) -> None:
        for name in names:
            (self._directory / name).unlink(missing_ok=True)


def _locked(path: Path) -> IO[bytes]:
    file = path.open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise DirectoryInUse(f"{path.parent} is open in another emulator; stop it or name another folder") from error
    return file

"""Everything a transaction can see: buckets, schemas and tables, as one value that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from deploy.vastdb_emulator.errors import Conflict, NotFound
from deploy.vastdb_emulator.store.table import Table


class SchemaRef(NamedTuple):
    """The place of a schema; `path` has the names of its parents, divided by slashes."""

    bucket: str
    path: str


class TableRef(NamedTuple):
    """The place of a table; `schema` is a path."""

    bucket: str
    schema: str
    name: str

    @property
    def parent(self) -> SchemaRef:
        """The schema that holds the table."""
        return SchemaRef(self.bucket, self.schema)


@dataclass(frozen=True)
class Catalog:
    """A state of the database. Schemas and tables are in the order of their creation."""

    buckets: tuple[str, ...] = ()
    schemas: Mapping[SchemaRef, str] = field(default_factory=dict)
    names: Mapping[TableRef, int] = field(default_factory=dict)
    tables: Mapping[int, Table] = field(default_factory=dict)

    def require_bucket(self, name: str) -> None:
        """Raise NotFound unless the bucket exists."""
        if name not in self.buckets:
            raise NotFound(f"Bucket {name} does not exist.")

    def require_schema(self, ref: SchemaRef) -> None:
        """Raise NotFound unless the schema exists; a bucket itself is the schema with the empty path."""
        self.require_bucket(ref.bucket)
        if ref.path and ref not in self.schemas:
            raise NotFound(f"Schema {ref.bucket}/{ref.path} does not exist.")

    def child_schemas(self, parent: SchemaRef) -> list[SchemaRef]:
        """The schemas directly below another one."""
        prefix = f"{parent.path}/" if parent.path else ""
        return [
            ref
            for ref in self.schemas
            if ref.bucket == parent.bucket and ref.path.startswith(prefix) and "/" not in ref.path[len(prefix) :]
        ]

    def tables_in(self, schema: SchemaRef) -> list[tuple[str, Table]]:
        """The tables directly in a schema, with their names."""
        return [(ref.name, self.tables[handle]) for ref, handle in self.names.items() if ref.parent == schema]

    def handle(self, ref: TableRef) -> int:
        """The handle of the table; NotFound without one."""
        if ref not in self.names:
            raise NotFound(f"Table {'/'.join(ref)} does not exist.")
        return self.names[ref]

    def table(self, handle: int) -> Table:
        """The table of this handle; Conflict where another transaction has dropped it."""
        if handle not in self.tables:
            raise Conflict(f"The table with handle {handle} was dropped by another transaction.")
        return self.tables[handle]

    def with_bucket(self, name: str) -> Catalog:
        """With one more bucket, or as it is."""
        return self if name in self.buckets else replace(self, buckets=(*self.buckets, name))

    def with_schema(self, ref: SchemaRef, properties: str = "") -> Catalog:
        """With one more schema."""
        parent = ref.path.rpartition("/")[0]
        self.require_schema(SchemaRef(ref.bucket, parent))
        if ref in self.schemas:
            raise Conflict(f"Schema {ref.bucket}/{ref.path} exists already.")
        return replace(self, schemas={**self.schemas, ref: properties})

    def without_schema(self, ref: SchemaRef) -> Catalog:
        """Without a schema, which must be empty."""
        self.require_schema(ref)
        if self.child_schemas(ref) or self.tables_in(ref):
            raise Conflict(f"Schema {ref.bucket}/{ref.path} is not empty.")
        return replace(self, schemas={key: value for key, value in self.schemas.items() if key != ref})

    def with_table(self, table: Table) -> Catalog:
        """With another version of a table that exists."""
        self.table(table.handle)
        return replace(self, tables={**self.tables, table.handle: table})

    def with_new_table(self, ref: TableRef, table: Table) -> Catalog:
        """With one more table."""
        self.require_schema(ref.parent)
        if ref in self.names:
            raise Conflict(f"Table {'/'.join(ref)} exists already.")
        names = {**self.names, ref: table.handle}
        return replace(self, names=names, tables={**self.tables, table.handle: table})

    def without_table(self, handle: int) -> Catalog:
        """Without a table."""
        self.table(handle)
        return replace(
            self,
            names={ref: other for ref, other in self.names.items() if other != handle},
            tables={other: table for other, table in self.tables.items() if other != handle},
        )

    def with_table_at(self, handle: int, ref: TableRef) -> Catalog:
        """With a table under another name, in the same place of the order."""
        self.table(handle)
        self.require_schema(ref.parent)
        if ref in self.names:
            raise Conflict(f"Table {'/'.join(ref)} exists already.")
        return replace(self, names={ref if other == handle else old: other for old, other in self.names.items()})

    def with_schema_at(self, old: SchemaRef, new: SchemaRef) -> Catalog:
        """With a schema, and all that is in it, under another path."""
        self.require_schema(old)
        if new in self.schemas:
            raise Conflict(f"Schema {new.bucket}/{new.path} exists already.")

        def moved(bucket: str, path: str) -> str:
            is_inside = bucket == old.bucket and (path == old.path or path.startswith(f"{old.path}/"))
            return new.path + path[len(old.path) :] if is_inside else path

        return replace(
            self,
            schemas={SchemaRef(ref.bucket, moved(*ref)): value for ref, value in self.schemas.items()},
            names={
                TableRef(ref.bucket, moved(ref.bucket, ref.schema), ref.name): handle
                for ref, handle in self.names.items()
            },
        )

"""What a command is given: the request, what it is about, and the parts of the server that it may use."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from deploy.vastdb_emulator.errors import NotFound
from deploy.vastdb_emulator.objects.object_store import ObjectStore
from deploy.vastdb_emulator.store.catalog import Catalog, SchemaRef, TableRef
from deploy.vastdb_emulator.store.chunks import RowIds
from deploy.vastdb_emulator.store.table import Table
from deploy.vastdb_emulator.store.transactions import Transactions
from deploy.vastdb_emulator.transport.messages import Request, Response

SNAPSHOTS = ".snapshot"
IMPORTED_OBJECTS = "vastdb-imported-objects"


@dataclass(frozen=True)
class Server:
    """The parts that all commands share; `version` is the first two numbers of the emulated release."""

    version: tuple[int, int]
    transactions: Transactions
    objects: ObjectStore


@dataclass(frozen=True)
class Call:
    """One request being answered."""

    request: Request
    server: Server

    @property
    def txid(self) -> int:
        """The transaction; 0 asks for one of the statement's own."""
        return int(self.request.headers.get("tabular-txid", "0"))

    @property
    def view(self) -> Catalog:
        """The state that the transaction sees."""
        return self.server.transactions.view(self.txid)

    @property
    def path(self) -> tuple[str, ...]:
        """The parts of the path, a snapshot left out: every snapshot shows what is there now."""
        parts = self.request.path_parts
        return (parts[0], *parts[3:]) if parts[1:2] == (SNAPSHOTS,) else parts

    @property
    def bucket(self) -> str:
        """The bucket; NotFound for the root path."""
        if not self.path:
            raise NotFound("The path names no bucket.")
        return self.path[0]

    @property
    def schema(self) -> SchemaRef:
        """The schema that the whole path is; the bucket itself has the empty path."""
        return SchemaRef(self.bucket, "/".join(self.path[1:]))

    @property
    def table_ref(self) -> TableRef:
        """The table that the path is."""
        if len(self.path) < 3:
            raise NotFound(f"The path {self.request.raw_path} names no table.")
        return TableRef(self.path[0], "/".join(self.path[1:-1]), self.path[-1])

    @property
    def table(self) -> Table:
        """The table that the path is, as the transaction sees it."""
        view = self.view
        return view.table(view.handle(self.table_ref))

    @property
    def is_about_imports(self) -> bool:
        """Whether the request is about the list of objects imported into the table."""
        return self.request.parameters.get("sub-table") == IMPORTED_OBJECTS

    def change(self, change: Callable[[Catalog], Catalog], *claims: Hashable) -> Response:
        """Apply a change in the transaction."""
        self.server.transactions.change(self.txid, change, claims=claims)
        return Response()

    def change_table(
        self, handle: int, change: Callable[[Table], Table], *, declares: bool = False, row_ids: RowIds | None = None
    ) -> Response:
        """Apply a change to a table; `declares` claims its declaration, `row_ids` claims rows of it."""

        def changed(catalog: Catalog) -> Catalog:
            return catalog.with_table(change(catalog.table(handle)))

        self.server.transactions.change(
            self.txid,
            changed,
            claims=[("table", handle)] if declares else [],
            rows=None if row_ids is None else (handle, row_ids),
        )
        return Response()

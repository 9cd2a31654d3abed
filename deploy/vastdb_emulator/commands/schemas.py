"""Schemas: list, create, rename, drop."""

from __future__ import annotations

from vastdb.vast_flatbuf.tabular.CreateSchemaRequest import CreateSchemaRequest

from deploy.vastdb_emulator.commands.call import Call
from deploy.vastdb_emulator.store.catalog import SchemaRef
from deploy.vastdb_emulator.transport.messages import Response
from deploy.vastdb_emulator.wire import listings
from deploy.vastdb_emulator.wire.listings import Details


def list_schemas(call: Call) -> Response:
    """List the schemas directly in a schema, by their last names."""
    view = call.view
    view.require_schema(call.schema)
    details = [
        Details(ref.path.rpartition("/")[2], properties=view.schemas[ref]) for ref in view.child_schemas(call.schema)
    ]
    return listings.schemas(listings.page_of(call.request, details, lambda item: item.name), call.bucket)


def create(call: Call) -> Response:
    """Create a schema in one that exists."""
    schema = call.schema
    properties = (CreateSchemaRequest.GetRootAs(call.request.body).Properties() or b"").decode()
    return call.change(lambda catalog: catalog.with_schema(schema, properties), schema)


def alter(call: Call) -> Response:
    """Rename a schema."""
    old = call.schema
    new = call.request.parameters.get("tabular-new-schema-name", old.path)
    if new == old.path:
        call.view.require_schema(old)
        return Response()
    renamed = SchemaRef(old.bucket, new)
    return call.change(lambda catalog: catalog.with_schema_at(old, renamed), old, renamed)


def drop(call: Call) -> Response:
    """Drop a schema that is empty."""
    schema = call.schema
    return call.change(lambda catalog: catalog.without_schema(schema), schema)

"""The documents and words of tests about metadata schemas."""

from __future__ import annotations

from typing import Any

from domain.files.commands import ObservedFile, register_files
from domain.files.events import StoredObject
from tests.domain.library import WRITTEN, order
from tests.gateway.product import Product
from tests.system.client import Client


def mutation(name: str, selection: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"""mutation($input: {kind}!) {{ {name}(input: $input) {{
      {selection} position errors {{ code message path }} }} }}"""


SCHEMA = """metadataSchema { id metadataSchemaId databaseId entityType schemaName fileKeyTypeRestriction allowsOtherKeys
  enabled fields { key valueType required sequence dependsOn controlledListKeys defaultValue }
  createdBy modifiedBy revision }"""
CREATE = mutation("createMetadataSchema", SCHEMA)
UPDATE = mutation("updateMetadataSchema", SCHEMA)
ENABLE = mutation("enableMetadataSchema", SCHEMA)
DISABLE = mutation("disableMetadataSchema", SCHEMA)
DELETE = mutation("deleteMetadataSchema", "deletedMetadataSchemaId")
DEFAULTS = mutation("createDefaultMetadataSchemas", "metadataSchemas { metadataSchemaId schemaName }")
SET = mutation("setMetadata", "entries { key value valueType }")
REMOVE = mutation("removeMetadata", "entries { key value valueType }")
REFUSALS = "appliedCount refusals { index error { code message path } }"
SET_MANY = mutation("setMetadataInBulk", REFUSALS)
REMOVE_MANY = mutation("removeMetadataInBulk", REFUSALS)
LINK = mutation("createAssetLink", "assetLink { assetLinkId }")


def given(client: Client, schema_id: str, *fields: dict[str, Any], **values: Any) -> Any:
    """A schema of assets of the database `shows`, unless the values say otherwise."""
    scope = {"databaseId": "shows", "entityType": "ASSET_METADATA", "schemaName": schema_id, **values}
    return client.done(CREATE, metadataSchemaId=schema_id, fields=fields, **scope)["metadataSchema"]


def given_files(library: Product, *paths: str, asset_id: str = "shot_010", database_id: str = "shows") -> None:
    """Registered files of an asset."""
    files = [
        ObservedFile(
            path,
            StoredObject(
                s3_bucket="assets",
                s3_key=f"{asset_id}/{path}",
                s3_version_id="v1",
                size_bytes=1,
                etag="e",
                last_modified=WRITTEN,
            ),
        )
        for path in paths
    ]
    register_files(library.ledger, database_id, asset_id, files=files, order=order())


def clear(client: Client) -> None:
    """Delete every schema."""
    found = client.one("{ metadataSchemas(first: 1000) { edges { node { metadataSchemaId } } } }")
    for edge in found["edges"]:
        client.done(DELETE, metadataSchemaId=edge["node"]["metadataSchemaId"], confirm=True)

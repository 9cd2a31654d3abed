"""The documents of the tests of links, and a short way to make one."""

from __future__ import annotations

from typing import Any

from tests.system.client import Client


def mutation(name: str, selection: str) -> str:
    """The document of a mutation with this selection of its payload."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"""mutation($input: {kind}!) {{ {name}(input: $input) {{
      {selection} position errors {{ code message path }} }} }}"""


FIELDS = """id assetLinkId relationshipType assetLinkAliasId tags revision metadata { key value }
  from { databaseId assetId } to { databaseId assetId }"""
CREATE = mutation("createAssetLink", f"assetLink {{ {FIELDS} }}")
UPDATE = mutation("updateAssetLink", f"assetLink {{ {FIELDS} }}")
DELETE = mutation("deleteAssetLink", "deletedAssetLinkId")
SET_METADATA = mutation("setMetadata", "entries { key value valueType }")
REMOVE_METADATA = mutation("removeMetadata", "entries { key value valueType }")
ARCHIVE = mutation("archiveAsset", "asset { archived }")
UNARCHIVE = mutation("unarchiveAsset", "asset { archived }")
LINK = f"query($id: ID!, $asOf: AsOf) {{ assetLink(assetLinkId: $id, asOf: $asOf) {{ {FIELDS} }} }}"


def ends(start: str, end: str) -> dict[str, Any]:
    """Input of a link from a parent to its child; an asset is `b`, or `props/b` outside the database `shows`."""
    (start_database, start_asset), (end_database, end_asset) = (_key(name) for name in (start, end))
    return {
        "fromDatabaseId": start_database,
        "fromAssetId": start_asset,
        "toDatabaseId": end_database,
        "toAssetId": end_asset,
        "relationshipType": "PARENT_CHILD",
    }


def link(client: Client, start: str, end: str, **given: Any) -> str:
    """The id of a new link, from a parent to its child unless told otherwise."""
    identity: str = client.done(CREATE, **(ends(start, end) | given))["assetLink"]["assetLinkId"]
    return identity


def _key(name: str) -> tuple[str, str]:
    database_id, _, asset_id = name.rpartition("/")
    return database_id or "shows", asset_id

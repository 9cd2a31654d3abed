"""Where the fields of links live, and the recursive statement that follows them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from domain.errors import Invalid
from gateway.metadata import metadata_source
from gateway.metadata_schemas.governing import FIELD_ORDER, LINK_ENTRY
from gateway.reads.sources import (
    Column,
    Field,
    Many,
    Narrowing,
    One,
    OrderKey,
    Pages,
    Source,
    global_id,
    timestamp,
)

MAX_DEPTH = 100
FROM = ("from_asset_database_id", "from_asset_id")
TO = ("to_asset_database_id", "to_asset_id")
OWN = "{p}.database_id, {p}.asset_id"
THEN = "valid_from <= {as_of} AND (valid_to IS NULL OR valid_to > {as_of})"

# The far end is the other asset in a tree: for CHILDREN the one that a link goes to.
TREE = """(
WITH RECURSIVE reached (database_id, asset_id, depth) AS (
    SELECT {parent}.database_id, {parent}.asset_id, 0
    UNION
    SELECT l.{far_database}, l.{far_asset}, r.depth + 1
    FROM reached r JOIN {links} l ON l.{near_database} = r.database_id AND l.{near_asset} = r.asset_id
    JOIN {assets} a ON a.database_id = l.{far_database} AND a.asset_id = l.{far_asset}
    WHERE r.depth < {depth} AND l.relationship_type = 'parentChild' AND {wanted}
)
SELECT l.asset_link_id, l.{far_database} AS database_id, l.{far_asset} AS asset_id, min(r.depth) + 1 AS depth
FROM reached r JOIN {links} l ON l.{near_database} = r.database_id AND l.{near_asset} = r.asset_id
JOIN {assets} a ON a.database_id = l.{far_database} AND a.asset_id = l.{far_asset}
WHERE r.depth < {depth} AND l.relationship_type = 'parentChild' AND {wanted}
GROUP BY l.asset_link_id, l.{far_database}, l.{far_asset}
)"""


def _columns(row: str, columns: tuple[str, str]) -> str:
    return f"{row}.{columns[0]}, {row}.{columns[1]}"


def _tables(as_of: str | None) -> tuple[str, str]:
    """Links and assets as they are, or as they were."""
    if as_of is None:
        return "asset_links_storage", "asset_storage"
    then = THEN.replace("{as_of}", as_of)
    return f"(SELECT * FROM asset_links_history WHERE {then})", f"(SELECT * FROM asset_storage_history WHERE {then})"


def _hidden(as_of: str | None) -> str:
    links, assets = _tables(as_of)
    counts = (
        f"(SELECT count(*) FROM {links} l JOIN {assets} a ON (a.database_id, a.asset_id) = ({_columns('l', far)})"
        f" WHERE ({_columns('l', near)}) = ({{t}}.database_id, {{t}}.asset_id) AND a.archived_at IS NOT NULL)"
        for near, far in ((FROM, TO), (TO, FROM))
    )
    return f"({' + '.join(counts)})"


def _without_archived(narrowing: Narrowing) -> Iterator[str]:
    """Leave out links whose other end is archived, unless they are asked for."""
    if narrowing.arguments.get("includeArchived"):
        return
    row, own = narrowing.row, f"{narrowing.parent}.database_id, {narrowing.parent}.asset_id"
    _, assets = _tables(narrowing.as_of)
    ends = f"(({_columns(row, FROM)}), ({_columns(row, TO)}))"
    yield (
        f"NOT EXISTS (SELECT FROM {assets} a WHERE (a.database_id, a.asset_id) IN {ends}"
        f" AND (a.database_id, a.asset_id) <> ({own}) AND a.archived_at IS NOT NULL)"
    )


def linked_assets(narrowing: Narrowing) -> str:
    """The FROM item of Asset.linkTree. Raises Invalid for a depth out of bounds."""
    arguments = narrowing.arguments
    depth = arguments.get("depth")
    if depth is None or not 1 <= depth <= MAX_DEPTH:
        raise Invalid(f"depth is 1 to {MAX_DEPTH}, not {depth}.", path=("depth",))
    near, far = (TO, FROM) if _raw(arguments.get("direction")) == "PARENTS" else (FROM, TO)
    links, assets = _tables(narrowing.as_of)
    return TREE.format(
        parent=narrowing.parent,
        links=links,
        assets=assets,
        near_database=near[0],
        near_asset=near[1],
        far_database=far[0],
        far_asset=far[1],
        depth=narrowing.bind(depth, "integer"),
        wanted="true" if arguments.get("includeArchived") else "a.archived_at IS NULL",
    )


def _raw(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


ORDER = "{t}.from_asset_database_id, {t}.from_asset_id, {t}.to_asset_database_id, {t}.to_asset_id, {t}.asset_link_id"
IS_FROM, IS_TO = f"({_columns('{t}', FROM)}) = ({OWN})", f"({_columns('{t}', TO)}) = ({OWN})"

ASSET_LINK_FIELDS: dict[str, Field] = {
    "links": One("AssetLinks", "true"),
    "linkTree": Pages("LinkedAsset", "true", (OrderKey("{t}.depth", "integer"), OrderKey("{t}.asset_link_id", "text"))),
}
"""Fields of Asset."""

SOURCES = {
    "AssetLink": Source(
        "AssetLink",
        "asset_links_storage",
        {
            "id": global_id("AssetLink", "{t}.asset_link_id"),
            "assetLinkId": Column("{t}.asset_link_id"),
            "relationshipType": Column(
                "CASE {t}.relationship_type WHEN 'related' THEN 'RELATED' ELSE 'PARENT_CHILD' END"
            ),
            "assetLinkAliasId": Column("{t}.asset_link_alias_id"),
            "tags": Column("to_json({t}.tags)"),
            "from": One("Asset", f"({{t}}.database_id, {{t}}.asset_id) = ({_columns('{p}', FROM)})"),
            "to": One("Asset", f"({{t}}.database_id, {{t}}.asset_id) = ({_columns('{p}', TO)})"),
            "metadata": Many("LinkMetadata", "{t}.asset_link_id = {p}.asset_link_id", "{t}.metadata_key"),
            "metadataFields": Many("LinkFields", "true", FIELD_ORDER),
            "createdAt": timestamp("{t}.created_at"),
            "updatedAt": timestamp("{t}.updated_at"),
            "revision": Column("{t}.revision"),
        },
        history="asset_links_history",
    ),
    "AssetLinks": Source(
        "AssetLinks",
        f"(SELECT {OWN})",
        {
            "parents": Many(
                "AssetLink", f"{IS_TO} AND {{t}}.relationship_type = 'parentChild'", ORDER, _without_archived
            ),
            "children": Many(
                "AssetLink", f"{IS_FROM} AND {{t}}.relationship_type = 'parentChild'", ORDER, _without_archived
            ),
            "related": Many(
                "AssetLink", f"({IS_FROM} OR {IS_TO}) AND {{t}}.relationship_type = 'related'", ORDER, _without_archived
            ),
            "hiddenCount": Column(_hidden(None), as_of=_hidden("{as_of}")),
        },
    ),
    "LinkedAsset": Source(
        "LinkedAsset",
        "",
        {
            "depth": Column("{t}.depth"),
            "link": One("AssetLink", "{t}.asset_link_id = {p}.asset_link_id"),
            "asset": One("Asset", "({t}.database_id, {t}.asset_id) = ({p}.database_id, {p}.asset_id)"),
        },
        rows=linked_assets,
    ),
    **metadata_source("LinkMetadata", LINK_ENTRY),
}

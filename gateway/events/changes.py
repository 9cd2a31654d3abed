"""What an event changed, with the values before and after: the states that begin and end at its position.

The histories of the tables say it; a row an event touches costs two reads of an index. `{p}` is the event's row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.assets.events import AssetCreated, AssetEvent
from domain.catalogue import EVENTS
from domain.comments.events import CommentEvent
from domain.databases.events import DatabaseEvent
from domain.event import Event
from domain.files.events import FileEvent, FileMovedAway, FilePermanentlyDeleted, FileVersionVanished
from domain.folders.events import FolderEvent
from domain.links.events import AssetLinkEvent
from gateway.events.unchanged import UNCHANGED
from gateway.reads.sources import Column, Many, Source


def payload(path: str = "") -> str:
    """Expression of the event in its current class version, or of a part of it: `->> 'reason'`."""
    return (
        "(coalesce((SELECT x.event::json FROM log_lifted x WHERE x.position = {p}.position),"
        " (SELECT convert_from(l.state, 'UTF8')::json -> 'event' FROM ledger.events l"
        f" WHERE l.notification_id = {{p}}.position)) {path})"
    )


def names(*bases: type[Event]) -> tuple[str, ...]:
    """Names of the event classes with one of these bases that change something."""
    return tuple(event.__name__ for event in EVENTS if issubclass(event, bases) and event not in UNCHANGED)


def _array(events: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{name}'" for name in events)
    return f"ARRAY[{listed}]::text[]"


def _when(events: tuple[str, ...]) -> str:
    return f"{{p}}.event_type = ANY({_array(events)})"


def _time(sql: str) -> str:
    return f"""to_char({sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


@dataclass(frozen=True)
class Entity:
    """A kind of thing with one row a state."""

    name: str
    history: str
    key: Mapping[str, str]
    """Columns of its key, and the expression of each over the event, or over its payload `e.event`."""
    fields: Mapping[str, str]
    """What callers see of it: the GraphQL name, and the expression over the row `h`."""
    events: tuple[str, ...]
    identity: str = "NULL::text"

    def branch(self, rank: int) -> str:
        """Its changed fields: rank, entity, entity_id, field, key, before, after."""
        same = " AND ".join(f"h.{column} = {expression}" for column, expression in self.key.items())
        values = ", ".join(
            f"({n}, '{name}', {_of('b', sql)}, {_of('a', sql)})" for n, (name, sql) in enumerate(self.fields.items())
        )
        return (
            f"SELECT {rank} + f.n AS rank, '{self.name}' AS entity, {self.identity} AS entity_id, f.field,"
            f" NULL::text AS key, f.before, f.after FROM {_payload(self)}"
            f" LEFT JOIN LATERAL (SELECT h.* FROM {self.history} h WHERE {same} AND h.valid_from = {{p}}.position) a"
            f" ON true LEFT JOIN LATERAL (SELECT h.* FROM {self.history} h WHERE {same}"
            " AND h.valid_from < {p}.position ORDER BY h.valid_from DESC LIMIT 1) b ON b.valid_to = {p}.position"
            f" CROSS JOIN LATERAL (VALUES {values}) f (n, field, before, after)"
            f" WHERE {_when(self.events)} AND f.before::text IS DISTINCT FROM f.after::text"
        )


def _payload(entity: Entity) -> str:
    """FROM item `e`: the payload, read only where the key needs it."""
    if any("e.event" in sql for sql in (*entity.key.values(), entity.identity)):
        return f"(SELECT CASE WHEN {_when(entity.events)} THEN {payload()} END AS event) e"
    return "(SELECT NULL::json AS event) e"


def _of(row: str, sql: str) -> str:
    return f"CASE WHEN {row}.valid_from IS NOT NULL THEN to_json({sql.replace('h.', f'{row}.')}) END"


@dataclass(frozen=True)
class Entries:
    """A kind of entries by key; an event names the keys that it touches."""

    owner: str
    """Expression of the entity that owns them."""
    history: str
    key: Mapping[str, str]
    events: tuple[str, ...]
    field: str = "metadata"
    prefix: str = "metadata"
    identity: str = "NULL::text"
    lists: tuple[str, ...] = ("keys",)
    """Names of fields of the payload that hold keys."""
    entries: tuple[str, ...] = ("entries",)
    """Names of fields of the payload that hold entries."""
    all_by: tuple[str, ...] = ()
    """Events that take all entries of their owner without naming them."""

    def branch(self, rank: int) -> str:
        """Its changed entries, as Entity.branch gives fields."""
        same = " AND ".join(f"h.{column} = {expression}" for column, expression in self.key.items())
        one = f"{same} AND h.{self.prefix}_key = k.key"
        before, after = (self._value(row) for row in "ba")
        return (
            f"SELECT {rank} AS rank, {self.owner} AS entity, {self.identity} AS entity_id, '{self.field}' AS field,"
            f" k.key, {before} AS before, {after} AS after"
            f" FROM (SELECT CASE WHEN {_when(self.events)} THEN {payload()} END AS event) e"
            f" CROSS JOIN LATERAL ({self._keys(same)}) k"
            f" LEFT JOIN LATERAL (SELECT h.* FROM {self.history} h WHERE {one} AND h.valid_from = {{p}}.position) a"
            f" ON true LEFT JOIN LATERAL (SELECT h.* FROM {self.history} h WHERE {one}"
            " AND h.valid_from < {p}.position ORDER BY h.valid_from DESC LIMIT 1) b ON b.valid_to = {p}.position"
            f" WHERE {_when(self.events)} AND {before}::text IS DISTINCT FROM {after}::text"
        )

    def _value(self, row: str) -> str:
        value, value_type = f"{row}.{self.prefix}_value", f"upper({row}.{self.prefix}_value_type)"
        return (
            f"CASE WHEN {row}.valid_from IS NOT NULL"
            f" THEN json_build_object('value', {value}, 'valueType', {value_type}) END"
        )

    def _keys(self, same: str) -> str:
        keys = [f"SELECT x.value AS key FROM json_array_elements_text(e.event -> '{name}') x" for name in self.lists]
        keys += [f"SELECT x.value ->> 'key' FROM json_array_elements(e.event -> '{name}') x" for name in self.entries]
        if self.all_by:
            keys.append(
                f"SELECT h.{self.prefix}_key FROM {self.history} h"
                f" WHERE {_when(self.all_by)} AND {same} AND h.valid_to = {{p}}.position"
            )
        return " UNION ".join(keys)


_ASSET = {"database_id": "{p}.database_id", "asset_id": "{p}.asset_id"}
_FILE = {**_ASSET, "path": "{p}.path"}
_OWNER = {**_ASSET, "file_path": "coalesce({p}.path, '/')"}
_LINK_ID = "e.event ->> 'asset_link_id'"
_ENDS = "json_build_object('databaseId', h.{0}_asset_database_id, 'assetId', h.{0}_asset_id)"

ENTITIES = (
    Entity(
        "DATABASE",
        "database_storage_history",
        {"database_id": "{p}.database_id"},
        {
            "description": "h.description",
            "defaultBucketId": "h.default_bucket_id",
            "restrictMetadataOutsideSchemas": "h.restrict_metadata_outside_schemas",
            "restrictFileUploadsToExtensions": "h.restrict_file_uploads_to_extensions",
            "blockedFileExtensions": "h.blocked_file_extensions",
            "archived": "h.archived_at IS NOT NULL",
        },
        names(DatabaseEvent),
    ),
    Entity(
        "ASSET",
        "asset_storage_history",
        _ASSET,
        {
            "assetName": "h.asset_name",
            "assetType": "h.asset_type",
            "description": "h.description",
            "isDistributable": "h.is_distributable",
            "tags": "h.tags",
            "archived": "h.archived_at IS NOT NULL",
            "archivedReason": "h.archived_reason",
            "currentVersion": "h.current_version::text",
            "bucketId": "h.bucket_id",
            "assetLocation": "h.asset_location",
            "previewLocation": "h.preview_location",
            "previewVersionId": "h.preview_version_id",
        },
        names(AssetEvent, FileEvent),
    ),
    Entity(
        "FILE",
        "asset_files_history",
        _FILE,
        {
            "s3VersionId": "h.s3_version_id",
            "s3Bucket": "h.s3_bucket",
            "s3Key": "h.s3_key",
            "sizeBytes": "h.size_bytes",
            "etag": "h.etag",
            "contentType": "h.content_type",
            "contentSha256": "h.content_sha256",
            "lastModified": _time("h.last_modified"),
            "archived": "h.archived_at IS NOT NULL",
            "primaryType": "h.primary_type",
            "primaryTypeOther": "h.primary_type_other",
            "previewOf": "h.preview_of",
        },
        names(FileEvent),
        "{p}.path",
    ),
    Entity(
        "FOLDER",
        "asset_folders_history",
        _FILE,
        {"isMade": "h.path IS NOT NULL"},
        names(FolderEvent),
        "{p}.path",
    ),
    Entity(
        "VERSION",
        "asset_versions_storage_history",
        {**_ASSET, "asset_version_id": "(e.event ->> 'asset_version_id')::integer"},
        {"versionAlias": "h.version_alias", "comment": "h.comment", "isArchived": "h.is_archived"},
        tuple(name for name in names(AssetEvent) if name.startswith("AssetVersion")),
        "e.event ->> 'asset_version_id'",
    ),
    Entity(
        "LINK",
        "asset_links_history",
        {"asset_link_id": _LINK_ID},
        {
            "relationshipType": "CASE h.relationship_type WHEN 'related' THEN 'RELATED' ELSE 'PARENT_CHILD' END",
            "from": _ENDS.format("from"),
            "to": _ENDS.format("to"),
            "assetLinkAliasId": "h.asset_link_alias_id",
            "tags": "h.tags",
        },
        names(AssetLinkEvent),
        _LINK_ID,
    ),
    Entity(
        "COMMENT",
        "comment_storage_history",
        {**_ASSET, "comment_id": "e.event ->> 'comment_id'"},
        {"commentBody": "CASE WHEN h.date_deleted IS NULL THEN h.comment_body END"},
        names(CommentEvent),
        "e.event ->> 'comment_id'",
    ),
)


def _touching(base: type[Event], word: str) -> tuple[str, ...]:
    return tuple(name for name in names(base) if word in name)


ENTRIES = (
    Entries(
        "'DATABASE'",
        "database_metadata_history",
        {"database_id": "{p}.database_id"},
        _touching(DatabaseEvent, "Metadata"),
    ),
    Entries(
        "CASE WHEN {p}.path IS NULL THEN 'ASSET' ELSE 'FILE' END",
        "asset_file_metadata_history",
        _OWNER,
        (
            *_touching(AssetEvent, "Metadata"),
            *_touching(FileEvent, "Metadata"),
            *(event.__name__ for event in (AssetCreated, FileMovedAway, FilePermanentlyDeleted)),
        ),
        identity="{p}.path",
        lists=("keys", "metadata_keys"),
        entries=("entries", "metadata"),
        all_by=(FilePermanentlyDeleted.__name__,),
    ),
    Entries(
        "'FILE'",
        "file_attribute_history",
        _OWNER,
        (*_touching(FileEvent, "Attributes"), FileMovedAway.__name__, FilePermanentlyDeleted.__name__),
        field="attributes",
        prefix="attribute",
        identity="{p}.path",
        lists=("keys", "attribute_keys"),
        all_by=(FilePermanentlyDeleted.__name__,),
    ),
    Entries(
        "'LINK'",
        "asset_link_metadata_history",
        {"asset_link_id": _LINK_ID},
        _touching(AssetLinkEvent, "Metadata"),
        identity=_LINK_ID,
    ),
)

STEPS = {
    "AssetRevertRequested": ("NULL::json", "to_json('REQUESTED'::text)"),
    "AssetReverted": ("to_json('REQUESTED'::text)", "to_json('DONE'::text)"),
    "AssetRevertFailed": ("to_json('REQUESTED'::text)", "to_json('FAILED'::text)"),
    "FileRevertRequested": ("NULL::json", "to_json('REQUESTED'::text)"),
    "FileReverted": ("to_json('REQUESTED'::text)", "to_json('DONE'::text)"),
    "FileRevertFailed": ("to_json('REQUESTED'::text)", "to_json('FAILED'::text)"),
}
"""States of a revert before and after; it has no other order."""


def _step(n: int) -> str:
    whens = " ".join(f"WHEN '{name}' THEN {step[n]}" for name, step in STEPS.items())
    return f"CASE {{p}}.event_type {whens} END"


def _reverts(rank: int) -> str:
    identity = payload("->> 'revert_id'")
    return (
        f"SELECT {rank}, 'REVERT', {identity}, 'state', NULL::text, {_step(0)}, {_step(1)} WHERE {_when(tuple(STEPS))}"
    )


def _vanished(rank: int) -> str:
    """An object version that is gone from the versions of a file."""
    text, value = payload("->> 's3_version_id'"), payload("-> 's3_version_id'")
    return (
        f"SELECT {rank}, 'FILE', {{p}}.path, 'versions', {text}, {value}, NULL::json"
        f" WHERE {_when((FileVersionVanished.__name__,))}"
    )


_RANKS = 100
KINDS: tuple[Entity | Entries, ...] = (*ENTITIES, *ENTRIES)
BRANCHES = [kind.branch(n * _RANKS) for n, kind in enumerate(KINDS)]
BRANCHES += [_reverts(len(BRANCHES) * _RANKS), _vanished((len(BRANCHES) + 1) * _RANKS)]

CHANGES = f"({' UNION ALL '.join(BRANCHES)})"
"""FROM item of the changes of the event `{p}`."""

CHANGES_OF_EVENT = Many("Change", "true", "{t}.rank, {t}.key")

SOURCES = {
    "Change": Source(
        "Change",
        CHANGES,
        {
            "entity": Column("{t}.entity"),
            "entityId": Column("{t}.entity_id"),
            "field": Column("{t}.field"),
            "key": Column("{t}.key"),
            "before": Column("{t}.before"),
            "after": Column("{t}.after"),
        },
    )
}

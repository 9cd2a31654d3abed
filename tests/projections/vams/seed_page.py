"""Reads the seed's page: tables with their keys, indexes, streams and attributes. The page lost its borders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.contracts.columnar.conftest import missing

PAGE = Path("shared") / "spec" / "seed-vams-data-model.txt"
HEADING = re.compile(r"^([A-Z][\w ]+ Table)(?: \((V2)\))?$")
KEY = re.compile(r"^(\S+)String(Partition|Sort) Key$")
INDEX = re.compile(r"^(\w+?(?:GSI|Index))(?=[a-zA-Z])(\S+?)(?:Keys Only|ALL)$")
LOCAL_INDEX = re.compile(r"^(\w+?LSI)(\S+)$")
SHORT = re.compile(r"^(\w+?StorageTable)(\S+)(?: \(GSIs?: ([\w, ]+)\))?$")
HEADERS = (
    "AttributeTypeKey",
    "GSI NamePartition KeySort KeyProjection",
    "LSI NameSort Key",
    "TablePartition KeySort Key",
)

LOST_HEADINGS = {
    "Stores directional relationships between assets (parent, child, related).": "Asset Links Storage Table (V2)",
    "Stores metadata attached to asset relationships.": "Asset Links Metadata Storage Table",
}
"""The headings that the page lost, by the sentence below them; the names are those of VAMS's inventory of tables."""
LOST_INDEX_KEYS = {
    "apiKeyHashIndex": ("apiKeyHash", None),
    "userIdIndex": ("userId", "apiKeyId"),
    "bucketNameGSI": ("bucketName", "baseAssetsPrefix"),
}
"""The keys of the indexes that the page only names."""
KEYS_OF_INDEXES_ONLY = {
    "bucketId",
    "UserId",
    "createdAt",
    "groupId",
    "userId",
    "objectType",
    "fromAssetDatabaseId:fromAssetId",
    "toAssetDatabaseId:toAssetId",
    "workflowDatabaseId:workflowId",
}
"""Attributes that are keys of an index and of no table: needed to tell where a partition key ends on the page."""


@dataclass
class SeedTable:
    """One table of the page."""

    name: str
    """As VAMS names it: AssetVersionsStorageTableV2."""
    partition_key: str = ""
    sort_key: str | None = None
    indexes: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
    has_stream: bool = False
    joined_keys: str = ""
    """Both keys in one word, as the page's short tables have them, until they are told apart."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The attributes of the primary key."""
        return (self.partition_key,) if self.sort_key is None else (self.partition_key, self.sort_key)


def seed_tables() -> list[SeedTable]:
    """Every table, in the page's order."""
    lines = [line.strip() for line in _page().splitlines()]
    lines = lines[lines.index("Amazon DynamoDB Table Schemas") : lines.index("Amazon S3 Bucket Organization")]
    tables = list(_tables(line for line in lines if line))
    known = _vocabulary(tables)
    for table in tables:
        table.indexes = {name: _keys(name, joined, known) for name, joined in _joined(table)}
    return tables


def _page() -> str:
    found = [parent / PAGE for parent in Path(__file__).resolve().parents if (parent / PAGE).is_file()]
    if not found:
        missing(f"no {PAGE} beside the checkout")
    return found[0].read_text(encoding="utf-8")


def _tables(lines: Iterable[str]) -> Iterable[SeedTable]:
    table: SeedTable | None = None
    for line in lines:
        heading = HEADING.match(LOST_HEADINGS.get(line, line))
        short = SHORT.match(line)
        if heading:
            table = SeedTable(heading[1].replace(" ", "") + (heading[2] or ""))
            yield table
        elif short and line not in HEADERS:
            yield _short(short)
        elif table and line not in HEADERS:
            _read(table, line)


def _short(row: re.Match[str]) -> SeedTable:
    table = SeedTable(row[1], joined_keys=row[2])
    table.indexes = {name: LOST_INDEX_KEYS[name] for name in (row[3] or "").split(", ") if name}
    return table


def _read(table: SeedTable, line: str) -> None:
    if key := KEY.match(line):
        if key[2] == "Partition":
            table.partition_key = key[1]
        else:
            table.sort_key = key[1]
    elif index := INDEX.match(line):
        table.indexes[index[1]] = (index[2], None)
    elif index := LOCAL_INDEX.match(line):
        table.indexes[index[1]] = (table.partition_key + index[2], None)
    elif line.startswith("Common Attributes: "):
        table.attributes = tuple(line.removeprefix("Common Attributes: ").split(", "))
    elif line == "DynamoDB Streams: NEW_IMAGE":
        table.has_stream = True
    elif line.endswith(("Keys Only", "ALL", " Key")):
        pytest.fail(f"A row of the seed's page is not understood: {line}")


def _vocabulary(tables: list[SeedTable]) -> set[str]:
    """Every attribute that can be a key; the short tables' joined keys are told apart by the rest of the page."""
    known = {key for table in tables for key in table.keys if key} | KEYS_OF_INDEXES_ONLY | {"eventName"}
    known |= {part for key in known for part in key.split(":")}
    for table in tables:
        if table.joined_keys.endswith("--"):
            table.partition_key = table.joined_keys.removesuffix("--")
        elif table.joined_keys:
            table.partition_key = max((key for key in known if table.joined_keys.startswith(key)), key=len)
            table.sort_key = table.joined_keys.removeprefix(table.partition_key)
    return known | {key for table in tables for key in table.keys}


def _joined(table: SeedTable) -> list[tuple[str, str | tuple[str, str | None]]]:
    return [(name, keys if name in LOST_INDEX_KEYS else keys[0]) for name, keys in table.indexes.items()]


def _keys(name: str, joined: str | tuple[str, str | None], known: set[str]) -> tuple[str, str | None]:
    if isinstance(joined, tuple):
        return joined
    if joined.endswith("--"):
        return joined.removesuffix("--"), None
    found = [(key, joined.removeprefix(key)) for key in known if joined.startswith(key)]
    splits = [split for split in found if split[1] in known]
    assert len(splits) == 1, f"The keys of {name}, {joined!r}, cannot be told apart: {splits}"
    return splits[0]

"""A document of the print as OpenSearch is given it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import msgspec

from projections.search.opensearch.places import path_places, places

MAX_ID_BYTES = 512
"""OpenSearch's limit for `_id`."""
MAX_TERM_BYTES = 32_000
"""Lucene takes terms of 32 766 bytes; a flat_object's hold the key too."""
MAX_METADATA_WORD_BYTES = 500_000
"""What the Postgres index takes of one document's metadata; values beyond it are not found by word."""
OPTIONAL = ("path", "file_extension", "size_bytes")
CHUNK, OVERLAP = 8_000, 1_000
"""Substrings are looked for in pieces of a value that overlap, so one of up to 1000 characters is never cut."""


class Entry(NamedTuple):
    """A row of the print's metadata."""

    kind: str
    key: str
    value: str
    searchable: str
    number: float | None
    moment: int | None
    """Microseconds since 1970, UTC."""
    latitude: float | None
    longitude: float | None
    has_words: bool


class Printed(NamedTuple):
    """A row of the print's documents, with its metadata; a row whose entity is None has gone."""

    document_id: str
    entity: str | None
    database_id: str
    asset_id: str
    path: str | None
    asset_type: str
    tags: list[str]
    file_extension: str | None
    is_archived: bool
    position: int
    title: str
    size_bytes: int | None
    document: dict[str, Any]
    entries: list[list[Any]] | None


def entity_of(document_id: str) -> str:
    """ASSET or FILE; ids of databases and assets hold no colon."""
    return "FILE" if document_id.count(":") > 1 else "ASSET"


def index_id(document_id: str) -> str:
    """The document's id in its index: the seed's, or a digest of it where OpenSearch's 512 bytes don't hold it."""
    encoded = document_id.encode()
    if len(encoded) <= MAX_ID_BYTES:
        return document_id
    return f"sha256:{hashlib.sha256(encoded).hexdigest()}"


def comparable_value(value: str) -> str:
    """What equality is decided by: the value, or a digest where it is too long to be a term."""
    encoded = value.encode()
    if len(encoded) <= MAX_TERM_BYTES:
        return value
    return f"sha256:{hashlib.sha256(encoded).hexdigest()}"


def rendered(row: Printed) -> dict[str, Any]:
    """The seed's fields and, in `interneg`, what questions are asked of."""
    entries = [Entry(*entry) for entry in row.entries or ()]
    fields: dict[str, Any] = {
        **row.document,
        **{name: _flat(row.document[name]) for name in ("MD_", "AB_") if name in row.document},
    }
    fields["interneg"] = {
        "document_id": row.document_id,
        "entity": row.entity,
        "database_id": row.database_id,
        "asset_id": row.asset_id,
        "asset_type": row.asset_type,
        "tags": row.tags,
        "is_archived": row.is_archived,
        "position": row.position,
        "title": row.title,
        **{name: value for name in OPTIONAL if (value := getattr(row, name)) is not None},
        **_words(row, entries),
        "metadata": [_entry(entry) for entry in entries],
    }
    return fields


def encoded(row: Printed) -> bytes:
    """The same as JSON."""
    return msgspec.json.encode(rendered(row))


def _flat(values: Mapping[str, str]) -> dict[str, str]:
    """Without the values that Lucene can't take; `interneg.metadata` has them all."""
    return {key: value for key, value in values.items() if len(key.encode()) + len(value.encode()) <= MAX_TERM_BYTES}


def _entry(entry: Entry) -> dict[str, Any]:
    compared = {"number": entry.number, "moment": entry.moment}
    place = None if entry.latitude is None else {"lat": entry.latitude, "lon": entry.longitude}
    return {
        "kind": entry.kind,
        "key": entry.key,
        "value": comparable_value(entry.value),
        "searchable": _pieces(entry.searchable),
        "is_text": entry.has_words,
        **{name: value for name, value in (*compared.items(), ("place", place)) if value is not None},
    }


def _pieces(text: str) -> list[str]:
    starts = range(0, max(len(text) - OVERLAP, 1), CHUNK - OVERLAP)
    return [text[start : start + CHUNK] for start in starts]


def _words(row: Printed, entries: Sequence[Entry]) -> dict[str, list[str]]:
    """The words of each field in its weight, and all of them as `words`, where phrases are looked for."""
    spoken = [places(entry.value) for entry in entries if entry.has_words]
    kept = [
        text for text, size in zip(spoken, accumulate(map(len, spoken)), strict=True) if size < MAX_METADATA_WORD_BYTES
    ]
    tags = places("\n".join(row.tags))
    name = places(row.document["str_assetname"])
    if row.path is None:
        weighed = {
            "a": [name],
            "b": [places(row.asset_id), tags],
            "c": [places(row.document["str_description"]), places(row.document.get("str_asset_version_comment", ""))],
            "d": kept,
        }
        everything = [text for texts in weighed.values() for text in texts]
    else:
        whole, file_name, folders = path_places(row.path)
        weighed = {"a": [file_name], "b": [folders], "c": [name, tags], "d": kept}
        everything = [whole, name, tags, *kept]
    return {"words": _said(everything), **{f"words_{weight}": _said(texts) for weight, texts in weighed.items()}}


def _said(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if text]

"""The two indexes: the seed's fields and templates, and beside them one object that our questions are asked of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.search.words import MAX_WORD_LENGTH

TEXT = {"type": "text", "fields": {"keyword": {"type": "keyword"}}}
KEYWORD = {"type": "keyword"}
BOOLEAN = {"type": "boolean"}
DATE = {"type": "date"}
FLAT = {"type": "flat_object"}

ASSET_FIELDS: Mapping[str, Any] = {
    "str_databaseid": TEXT,
    "str_assetid": TEXT,
    "str_assetname": TEXT,
    "str_assettype": TEXT,
    "str_description": TEXT,
    "str_bucketid": TEXT,
    "str_bucketname": TEXT,
    "str_bucketprefix": TEXT,
    "str_asset_version_id": TEXT,
    "str_asset_version_comment": TEXT,
    "str_assetlocationkey": TEXT,
    "str_previewfilekey": TEXT,
    "bool_isdistributable": BOOLEAN,
    "list_tags": TEXT,
    "date_asset_version_createdate": DATE,
    "bool_has_asset_children": BOOLEAN,
    "bool_has_asset_parents": BOOLEAN,
    "bool_has_assets_related": BOOLEAN,
    "bool_archived": BOOLEAN,
    "MD_": FLAT,
    "_rectype": KEYWORD,
}
"""The seed's asset index."""

FILE_FIELDS: Mapping[str, Any] = {
    "str_key": TEXT,
    "str_databaseid": TEXT,
    "str_assetid": TEXT,
    "str_assetname": TEXT,
    "str_bucketid": TEXT,
    "str_bucketname": TEXT,
    "str_bucketprefix": TEXT,
    "str_fileext": TEXT,
    "str_etag": TEXT,
    "str_s3_version_id": TEXT,
    "str_previewfilekey": TEXT,
    "date_lastmodified": DATE,
    "num_filesize": {"type": "long"},
    "bool_archived": BOOLEAN,
    "list_tags": TEXT,
    "MD_": FLAT,
    "AB_": FLAT,
    "_rectype": KEYWORD,
}
"""The seed's file index."""

DYNAMIC_TEMPLATES = [
    {"core_strings": {"match": "str_*", "mapping": TEXT}},
    {"core_numeric": {"match": "num_*", "mapping": {"type": "long"}}},
    {"core_boolean": {"match": "bool_*", "mapping": BOOLEAN}},
    {"core_dates": {"match": "date_*", "mapping": DATE}},
    {"core_lists": {"match": "list_*", "mapping": TEXT}},
]
"""The seed's templates, word for word."""

PLACES = {"type": "text", "analyzer": "places", "norms": False, "index_options": "docs"}
METADATA = {
    "kind": KEYWORD,
    "key": KEYWORD,
    "value": {"type": "keyword", "doc_values": False},
    # With doc values, because OpenSearch 2 looks for the values of nested documents in vain elsewhere.
    "searchable": {"type": "wildcard", "doc_values": True},
    "is_text": BOOLEAN,
    "number": {"type": "double"},
    "moment": {"type": "long"},
    "place": {"type": "geo_point"},
}
OURS = {
    "dynamic": "strict",
    "properties": {
        "document_id": KEYWORD,
        "entity": KEYWORD,
        "database_id": KEYWORD,
        "asset_id": KEYWORD,
        "path": {"type": "keyword", "index": False, "doc_values": False},
        "asset_type": KEYWORD,
        "tags": KEYWORD,
        "file_extension": KEYWORD,
        "is_archived": BOOLEAN,
        "position": {"type": "long"},
        "title": KEYWORD,
        "size_bytes": {"type": "long"},
        "words": {**PLACES, "index_options": "positions", "position_increment_gap": 100},
        **{f"words_{weight}": PLACES for weight in "abcd"},
        "metadata": {"type": "nested", "dynamic": "strict", "properties": METADATA},
    },
}
"""Nothing here is derived by OpenSearch: words are cut by words.py, `moment` is in microseconds since 1970, UTC."""

# A place holds a word, or a word and another form of it behind a plus sign (`010+#10`, `crypto+cryptoobject`). All
# forms share the place: `=form` is the word itself, the beginnings stand as they are, and `~form` are words of letters
# that a slip of the finger may have meant.
SECOND = "^[^+]+\\+"
ANALYSIS = {
    "filter": {
        "whole": {"type": "pattern_replace", "pattern": "^([^+]+).*$", "replacement": "=$1"},
        "whole_second": {"type": "pattern_replace", "pattern": f"{SECOND}(.+)$", "replacement": "=$1"},
        "first": {"type": "pattern_replace", "pattern": "^([^+]+).*$", "replacement": "$1"},
        "second": {"type": "pattern_replace", "pattern": f"{SECOND}(.+)$", "replacement": "$1"},
        "beginnings": {"type": "edge_ngram", "min_gram": 1, "max_gram": MAX_WORD_LENGTH},
        "spelled": {"type": "pattern_replace", "pattern": "^([^0-9#+]{4,32})([+].*)?$", "replacement": "~$1"},
        "spelled_second": {"type": "pattern_replace", "pattern": f"{SECOND}([^0-9#+]{{4,32}})$", "replacement": "~$1"},
        "forms": {
            "type": "multiplexer",
            "preserve_original": False,
            "filters": [
                "whole",
                "whole_second",
                "first, beginnings",
                "second, beginnings",
                "spelled",
                "spelled_second",
            ],
        },
    },
    "analyzer": {"places": {"type": "custom", "tokenizer": "whitespace", "filter": ["forms"]}},
}

SETTINGS = {
    "number_of_shards": 1,
    "refresh_interval": "1s",
    # A deleted document's version is remembered, so that a late write of an owner that stalled can't bring it back.
    "gc_deletes": "1h",
    "analysis": ANALYSIS,
}


def index_body(fields: Mapping[str, Any], *, replicas: int) -> dict[str, Any]:
    """What an index with these fields of the seed is created from."""
    return {
        "settings": {"index": {**SETTINGS, "number_of_replicas": replicas}},
        "mappings": {
            "dynamic_templates": DYNAMIC_TEMPLATES,
            "properties": {**fields, "interneg": OURS},
        },
    }

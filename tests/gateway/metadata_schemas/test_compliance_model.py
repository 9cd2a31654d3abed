"""What SQL says of entries is what a few lines of Python say, for many random ones."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.gateway.metadata_schemas.asking import clear, given
from tests.gateway.product import Product

FIELDS: list[dict[str, Any]] = [
    {"key": "unit", "required": True},
    {"key": "lens", "valueType": "NUMBER", "dependsOn": ["unit"]},
    {"key": "look", "valueType": "INLINE_CONTROLLED_LIST", "controlledListKeys": ["1", "2"], "required": True},
    {"key": "take", "dependsOn": ["unit", "lens"]},
]
KEYS = [field["key"] for field in FIELDS]
TYPES = ["STRING", "NUMBER", "INLINE_CONTROLLED_LIST"]
ASSETS = 60
LISTED = """{ assets(databaseId: "model", first: 1000) { edges { node { assetId metadataFields { key reasons } } } }
  nonCompliantEntities(entityType: ASSET_METADATA, databaseId: "model", first: 1000) {
    edges { node { assetId faults { key reasons } } } } }"""


def _reasons(field: dict[str, Any], entries: dict[str, dict[str, str]]) -> list[str]:
    entry = entries.get(field["key"])
    value = entry["value"] if entry else ""
    wrong = {
        "REQUIRED_VALUE_MISSING": field.get("required", False) and not value,
        "VALUE_TYPE_DIFFERS": entry is not None and entry["valueType"] != field.get("valueType", "STRING"),
        "VALUE_NOT_IN_LIST": "controlledListKeys" in field and value not in ("", *field.get("controlledListKeys", [])),
        "DEPENDENCY_MISSING": bool(value) and any(not _value(entries, key) for key in field.get("dependsOn", [])),
    }
    return [reason for reason, holds in wrong.items() if holds]


def _value(entries: dict[str, dict[str, str]], key: str) -> str:
    return entries[key]["value"] if key in entries else ""


@pytest.mark.parametrize("seed", range(2))
def test_fields_and_faults_are_those_of_the_model(library: Product, seed: int) -> None:
    client, random = library.client, Random(seed)
    expected: dict[str, dict[str, list[str]]] = {}
    for number in range(ASSETS):
        asset_id = f"a{seed}-{number:02}"
        chosen = random.sample(KEYS, random.randint(0, len(KEYS)))
        entries = {
            key: {"key": key, "value": random.choice(["", "1", "2", "3"]), "valueType": random.choice(TYPES)}
            for key in chosen
        }
        client.create_asset("model", asset_id, metadata=list(entries.values()))
        expected[asset_id] = {field["key"]: _reasons(field, entries) for field in FIELDS}
    given(client, "model", *FIELDS, databaseId="model")
    data = client.data(LISTED)
    clear(client)
    shown = {
        edge["node"]["assetId"]: {field["key"]: field["reasons"] for field in edge["node"]["metadataFields"]}
        for edge in data["assets"]["edges"]
    }
    faults = {
        edge["node"]["assetId"]: {fault["key"]: fault["reasons"] for fault in edge["node"]["faults"]}
        for edge in data["nonCompliantEntities"]["edges"]
    }
    wrong = {
        asset_id: {key: reasons for key, reasons in fields.items() if reasons} for asset_id, fields in expected.items()
    }
    assert {asset_id: shown[asset_id] for asset_id in expected} == expected
    assert {asset_id: faults.get(asset_id, {}) for asset_id in expected} == wrong
    assert any(wrong.values())

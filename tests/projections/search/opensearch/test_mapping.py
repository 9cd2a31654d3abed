"""The two indexes of a real OpenSearch have the fields and templates that the seed's page lists."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.projections.search.opensearch.mirror import Mirror
from tests.required import require

SEED = Path(__file__).parents[5] / "shared" / "spec" / "seed-vams-data-model.txt"
TEXT = {"type": "text", "fields": {"keyword": {"type": "keyword"}}}
TYPES = {
    "text + keyword": TEXT,
    "keyword": {"type": "keyword"},
    "boolean": {"type": "boolean"},
    "date": {"type": "date"},
    "long": {"type": "long"},
    "flat_object": {"type": "flat_object"},
}
FIELD = re.compile(
    r"^(_rectype|(?:str|num|bool|date|list)_\w+|MD_|AB_)(text \+ keyword|keyword|boolean|date|long|flat_object)"
)


@pytest.fixture(scope="module")
def seed() -> str:
    require(SEED.exists(), f"{SEED.name} is not beside this checkout")
    return SEED.read_text()


def seed_fields(seed: str, heading: str) -> dict[str, Any]:
    section = seed.split(heading, 1)[1].split("\n\n", 1)[1].split("Document ID", 1)[1].split("Schema\n", 1)[0]
    section = section.split("Dynamic Templates", 1)[0]
    return {found[1]: TYPES[found[2]] for line in section.splitlines() if (found := FIELD.match(line))}


@pytest.mark.parametrize(
    ("entity", "heading", "count"), [("ASSET", "Asset Index Schema", 21), ("FILE", "File Index Schema", 18)]
)
def test_every_field_of_the_seed_has_its_type(mirror: Mirror, seed: str, entity: str, heading: str, count: int) -> None:
    wanted = seed_fields(seed, heading)
    assert len(wanted) == count
    found = mapping(mirror, entity)["properties"]
    assert {name: found[name] for name in wanted} == wanted
    assert set(found) - set(wanted) == {"interneg"}


@pytest.mark.parametrize("entity", ["ASSET", "FILE"])
def test_the_dynamic_templates_are_those_of_the_seed(mirror: Mirror, seed: str, entity: str) -> None:
    start = seed.index('{\n"dynamic_templates"')
    wanted, _ = json.JSONDecoder().raw_decode(seed[start:])
    assert mapping(mirror, entity)["dynamic_templates"] == wanted["dynamic_templates"]


def mapping(mirror: Mirror, entity: str) -> Any:
    name = mirror.indices.name(entity, 1)
    return mirror.indices.client.indices.get_mapping(index=name)[name]["mappings"]

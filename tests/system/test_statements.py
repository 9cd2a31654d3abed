"""Every root field that reads is one planned statement, however deep the query; search and frames take two."""

from __future__ import annotations

import pytest

from tests.system.client import Client
from tests.system.server import RunningServer

FIELD = "key value reasons schemas { schemaName fields { key } }"
FILE = f"""path sizeBytes downloadUrl versions {{ s3VersionId assetVersionIds }} metadata {{ key field {{ {FIELD} }} }}
  attributes {{ key field {{ {FIELD} }} }} metadataFields {{ {FIELD} }} attributeFields {{ {FIELD} }}"""
FILE += """
  renditions { kind state url } rendition(kind: PROXY) { width }
  media { parts { partName channels { channelName } } attributes(partIndex: 0) { attrName value } }"""
FOUND_FILE = (
    FILE.replace("versions {", "fileVersions: versions {")
    .replace("metadata {", "fileMetadata: metadata {")
    .replace("metadataFields {", "fileFields: metadataFields {")
)
VERSION = "assetVersionId files(first: 50) { totalCount edges { node { path isLatest } } } metadata { key value }"
ASSET = f"""assetName database {{ databaseId metadata {{ key }} }} bucket {{ bucketName }} previewUrl
  currentVersion {{ {VERSION} }} versions {{ totalCount edges {{ node {{ {VERSION} }} }} }}
  files(first: 50) {{ totalCount pageInfo {{ hasNextPage }} edges {{ cursor node {{ {FILE} }} }} }}
  sequences {{ pattern missing {{ firstFrame }} proxy {{ state }} }} metadata {{ key value field {{ {FIELD} }} }}
  metadataFields {{ {FIELD} }} history(first: 5) {{ edges {{ node {{ position payload }} }} }}"""
QUERIES = {
    "asset": (1, f'{{ asset(databaseId: "demo", assetId: "spheres") {{ {ASSET} }} }}'),
    "the past": (1, f'{{ asset(databaseId: "demo", assetId: "spheres", asOf: {{ position: "110" }}) {{ {ASSET} }} }}'),
    "assets": (1, f"{{ assets(first: 10) {{ totalCount edges {{ node {{ {ASSET} }} }} }} }}"),
    "databases": (1, f"{{ databases {{ edges {{ node {{ assets {{ edges {{ node {{ {ASSET} }} }} }} }} }} }} }}"),
    "file": (1, f'{{ file(databaseId: "demo", assetId: "reference", path: "stills/front.png") {{ {FILE} }} }}'),
    "events": (1, "{ events(first: 100) { totalCount edges { node { position eventType payload } } } }"),
    "what events changed": (
        1,
        """{ events(first: 100) { edges { node { reason actorName user { roles { roleName } } apiKey { apiKeyName }
          cause { eventType changes { field } } changes { entity field before after } } } } }""",
    ),
    "lists of the past": (
        1,
        f'{{ assets(asOf: {{ position: "110" }}) {{ totalCount edges {{ node {{ {ASSET} }} }} }} }}',
    ),
    "links of the past": (
        1,
        '{ assetLinks(asOf: { position: "110" }) { totalCount edges { node { from { assetName } tags } } } }',
    ),
    "buckets": (1, "{ buckets { totalCount edges { node { bucketName } } } }"),
    "search": (
        2,
        f"""{{ search(query: "spheres", facets: [TAG, FILE_EXTENSION], first: 30) {{ totalCount facets {{ facet }}
          edges {{ score highlights {{ field }}
            node {{ ... on Asset {{ {ASSET} }} ... on File {{ {FOUND_FILE} }} }} }} }} }}""",
    ),
    "frames": (
        1,
        f'{{ frames(filter: {{ channelsAny: ["depth.Z"] }}) {{ edges {{ node {{ path file {{ {FILE} }} }} }} }} }}',
    ),
    "metadata schemas": (1, "{ metadataSchemas { totalCount edges { node { schemaName fields { key } } } } }"),
    "what does not comply": (
        1,
        f"""{{ nonCompliantEntities(entityType: FILE_METADATA) {{ totalCount pageInfo {{ hasNextPage }} edges {{ node {{
          faults {{ key reasons schemas {{ schemaName }} }} asset {{ {ASSET} }} file {{ {FILE} }} }} }} }} }}""",
    ),
    "three root fields": (
        3,
        f"""{{ a: asset(databaseId: "demo", assetId: "spheres") {{ {ASSET} }} databases {{ totalCount }}
          b: asset(databaseId: "demo", assetId: "reference") {{ {ASSET} }} }}""",
    ),
}
"""Statements on the tables and the search index, and the query; frames are found by DuckDB and joined by one."""


@pytest.fixture(scope="module")
def loaded(running_server: RunningServer, client: Client) -> Client:
    """A client of a server with the demo library."""
    done = running_server.run("demo", "--url", running_server.url)
    assert done.returncode == 0, done.stderr
    return client


def statements(client: Client) -> float:
    """Planned statements run since the server started."""
    return client.metric("interneg_read_statements")


@pytest.mark.parametrize("name", QUERIES)
def test_a_root_field_is_one_statement_whatever_its_nesting(loaded: Client, name: str) -> None:
    expected, document = QUERIES[name]
    before = statements(loaded)
    loaded.data(document)
    assert statements(loaded) - before == expected

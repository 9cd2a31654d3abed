"""Lists and single things of the past are what they were: answers kept at the time are given again later."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.graphql.errors import ClientError
from gateway.reads.past import AsOf, reach
from tests.gateway.product import Product
from tests.system.client import Client

VERSION = "assetVersionId versionAlias comment isArchived isCurrent"
FILE = "path sizeBytes archived primaryType versions { s3VersionId } metadata { key value } attributes { key }"
ASSET = f"""assetId assetName assetType tags archived archivedReason revision updatedAt description
  database {{ databaseId description assetCount revision metadata {{ key value }} }}
  currentVersion {{ {VERSION} }} versions(includeArchived: true) {{ totalCount edges {{ node {{ {VERSION} }} }} }}
  files(includeArchived: true) {{ totalCount edges {{ cursor node {{ {FILE} }} }} }} folders {{ path fileCount }}
  sequences {{ pattern frameCount }} metadata {{ key value valueType }} metadataFields {{ key }}
  links {{ hiddenCount parents {{ tags from {{ assetName }} }} children {{ metadata {{ key }} to {{ assetName }} }} }}
  history(first: 1000) {{ totalCount }}"""
PAGE = f"totalCount pageInfo {{ hasNextPage endCursor }} edges {{ cursor node {{ {ASSET} }} }}"
WHOLE = f"""query($asOf: AsOf) {{
  assets(databaseId: "then", first: 2, asOf: $asOf) {{ {PAGE} }}
  byName: assets(orderBy: [{{field: ASSET_NAME, direction: DESC}}], filter: {{includeArchived: true}}, asOf: $asOf) {{
    {PAGE} }}
  tagged: assets(filter: {{tagsAny: ["red"]}}, orderBy: [{{field: UPDATED_AT}}], last: 1, asOf: $asOf) {{ {PAGE} }}
  typed: assets(filter: {{assetTypes: [".txt"], archived: false}}, asOf: $asOf) {{
    totalCount edges {{ node {{ assetId }} }} }}
  databases(filter: {{includeArchived: true}}, asOf: $asOf) {{ totalCount edges {{ node {{
    databaseId description archived assetCount metadata {{ key value }}
    assets(filter: {{nameContains: "a"}}) {{ totalCount edges {{ node {{ assetName }} }} }} }} }} }}
  database(databaseId: "then", asOf: $asOf) {{ description assetCount }}
  asset(databaseId: "then", assetId: "a", asOf: $asOf) {{ {ASSET} }}
  assetLinks(filter: {{databaseId: "then", relationshipType: PARENT_CHILD}}, asOf: $asOf) {{ totalCount edges {{
    cursor node {{ tags from {{ assetName }} to {{ assetName archived }} }} }} }}
  others: assetLinks(filter: {{databaseId: "shows"}}, asOf: $asOf) {{ totalCount }}
  red: assetLinks(filter: {{tagsAny: ["red"]}}, asOf: $asOf) {{ totalCount }}
  related: assetLinks(filter: {{relationshipType: RELATED}}, asOf: $asOf) {{ totalCount }}
  file(databaseId: "then", assetId: "a", path: "n.txt", asOf: $asOf) {{ {FILE} }} }}"""
STEPS = """
updateAsset {databaseId: "then", assetId: "a", assetName: "zebra"}
updateAsset {databaseId: "then", assetId: "b", tags: ["red"]}
setMetadata {owner: {databaseId: "then", assetId: "a"}, entries: [{key: "lens", value: "35"}]}
setMetadata {owner: {databaseId: "then"}, entries: [{key: "unit", value: "A"}]}
updateDatabase {databaseId: "then", description: "Described"}
createAssetLink {fromDatabaseId: "then", fromAssetId: "a", toDatabaseId: "then", toAssetId: "b", ENDS}
UPLOAD
setMetadata {owner: {databaseId: "then", assetId: "a", path: "n.txt"}, entries: [{key: "take", value: "1"}]}
createAssetVersion {databaseId: "then", assetId: "a", comment: "first", versionAlias: "one"}
createFolder {databaseId: "then", assetId: "a", path: "maps"}
UPLOAD
archiveFiles {databaseId: "then", assetId: "a", paths: ["n.txt"]}
archiveAsset {databaseId: "then", assetId: "b", reason: "On hold"}
removeMetadata {owner: {databaseId: "then", assetId: "a"}, keys: ["lens"]}
unarchiveAsset {databaseId: "then", assetId: "b"}
unarchiveFiles {databaseId: "then", assetId: "a", paths: ["n.txt"]}
deleteFilesPermanently {databaseId: "then", assetId: "a", paths: ["m.txt"], confirmPermanentDelete: true}
deleteAssetPermanently {databaseId: "then", assetId: "c", reason: "Made in error", confirmPermanentDelete: true}
"""


def _do(client: Client, step: str) -> str:
    """Carry a step out; gives its position."""
    name, _, given = step.replace("ENDS", 'relationshipType: PARENT_CHILD, tags: ["red"]').partition(" ")
    if name == "UPLOAD":
        body = str(client.head()).encode()
        return str(client.upload(("then", "a"), {"n.txt": body, "m.txt": b"m"})["position"])
    payload = client.one(f"mutation {{ {name}(input: {given}) {{ position errors {{ message }} }} }}")
    assert payload["errors"] == [], (step, payload)
    return str(payload["position"])


@pytest.fixture(scope="module")
def kept(library: Product) -> list[tuple[str, Any]]:
    """Positions, and everything as it was answered at each of them."""
    client = library.client
    client.name_tags("red")
    for asset_id in ("a", "b", "c"):
        client.create_asset("then", asset_id, tags=["red"] if asset_id == "a" else [])
    found = []
    for step in STEPS.strip().splitlines():
        position = _do(client, step)
        found.append((position, client.data(WHOLE)))
    return found


def test_every_position_gives_what_was_answered_then(library: Product, kept: list[tuple[str, Any]]) -> None:
    answers = [answer for _, answer in kept]
    assert all(one != other for one, other in pairwise(answers))
    for position, answer in kept:
        assert library.client.data(WHOLE, asOf={"position": position}) == answer, position


def test_links_are_listed_by_what_they_are(kept: list[tuple[str, Any]]) -> None:
    counts = [
        tuple(answer[name]["totalCount"] for name in ("assetLinks", "others", "red", "related")) for _, answer in kept
    ]
    assert (counts[0], counts[-1]) == ((0, 0, 0, 0), (1, 0, 1, 0))


def test_every_moment_gives_what_was_answered_then(library: Product, kept: list[tuple[str, Any]]) -> None:
    client = library.client
    times = """query($after: Position) { events(after: $after, first: 1) { edges { node { recordedAt } } } }"""
    for position, answer in kept:
        (edge,) = client.one(times, after=str(int(position) - 1))["edges"]
        assert client.data(WHOLE, asOf={"time": edge["node"]["recordedAt"]}) == answer, position


def test_the_pages_of_the_past_are_walked_by_their_cursors(library: Product, kept: list[tuple[str, Any]]) -> None:
    document = """query($asOf: AsOf, $after: String) { assets(databaseId: "then", asOf: $asOf, first: 1, after: $after,
      orderBy: [{field: ASSET_NAME, direction: DESC}]) {
      pageInfo { hasNextPage endCursor } edges { node { assetName } } } }"""
    met, cursor = [], None
    while True:
        page = library.client.one(document, asOf={"position": kept[0][0]}, after=cursor)
        met += [edge["node"]["assetName"] for edge in page["edges"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert met == ["zebra", "c", "b"]


@pytest.mark.parametrize("as_of", [{"position": "0"}, {"time": "2001-01-01T00:00:00Z"}])
def test_before_the_library_began_there_is_nothing(library: Product, kept: object, as_of: Any) -> None:
    found = library.client.data(WHOLE, asOf=as_of)
    empty = {"totalCount": 0, "edges": []}
    assert (found["asset"], found["database"], found["file"]) == (None, None, None)
    assert (found["typed"], found["databases"]) == (empty, empty)
    assert (found["assets"]["totalCount"], found["assets"]["edges"]) == (0, [])


def _refusal(library: Product, document: str, **values: Any) -> tuple[str, str]:
    error = library.client.answer(document, **values)["errors"][0]
    return error["extensions"].get("code"), error["message"]


NAMES = "query($asOf: AsOf) { assets(asOf: $asOf) { edges { node { assetName } } } }"


def test_the_future_is_refused(library: Product, kept: object) -> None:
    head = library.client.head()
    code, message = _refusal(library, NAMES, asOf={"position": str(head + 1000)})
    assert (code, message) == (
        "INVALID",
        f"asOf.position {head + 1000} lies in the future: the log ends at position {library.client.head()}.",
    )
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    code, message = _refusal(library, NAMES, asOf={"time": later})
    assert code == "INVALID"
    assert "lies in the future: it is " in message


@pytest.mark.parametrize("as_of", [{}, {"position": "1", "time": "2026-01-01T00:00:00Z"}])
def test_a_moment_is_given_by_exactly_one_of_its_fields(library: Product, as_of: Any) -> None:
    assert _refusal(library, NAMES, asOf=as_of) == ("INVALID", "asOf takes exactly one of position and time.")


def test_an_object_version_is_not_asked_for_at_a_moment(library: Product) -> None:
    document = """{ file(databaseId: "then", assetId: "a", path: "n.txt", versionId: "v", asOf: {position: "1"}) {
      path } }"""
    code, message = _refusal(library, document)
    assert (code, message) == (
        "INVALID",
        "Give versionId or asOf, not both: an object version is the same at all times.",
    )


def test_a_search_is_of_the_present_only(library: Product) -> None:
    document = '{ search(query: "a", asOf: {position: "1"}) { totalCount } }'
    code, message = _refusal(library, document)
    assert (code, message) == (
        "INVALID",
        "The search index holds the present only: leave asOf away, or ask assets(asOf:) with a filter.",
    )


def _lagging(*, reached: int, head: int, has_passed: bool) -> tuple[Any, list[int]]:
    """A context whose tables are behind, and the positions that were waited for in vain."""
    waited: list[int] = []

    async def wait_for(position: int) -> None:
        if position > reached:
            waited.append(position)
            raise ClientError("Behind.", "UNAVAILABLE")

    async def read(work: Any) -> Any:
        return work()

    async def row(statement: str, values: Any) -> tuple[bool]:
        return (has_passed,)

    services = SimpleNamespace(
        positions=SimpleNamespace(reached=lambda name: reached),
        feed=SimpleNamespace(newest=lambda: head),
        reader=SimpleNamespace(row=row),
    )
    return SimpleNamespace(services=services, read=read, wait_for=wait_for), waited


@pytest.mark.parametrize(
    ("as_of", "has_passed", "waited"),
    [
        (AsOf(position=5), False, []),  # type: ignore[arg-type]
        (AsOf(position=7), False, [7]),  # type: ignore[arg-type]
        (AsOf(time=datetime(2026, 1, 1, tzinfo=UTC)), True, []),
        (AsOf(time=datetime(2026, 1, 1, tzinfo=UTC)), False, [9]),
    ],
)
def test_what_the_tables_do_not_show_yet_is_waited_for(as_of: AsOf, has_passed: bool, waited: list[int]) -> None:
    context, found = _lagging(reached=5, head=9, has_passed=has_passed)
    if waited:
        with pytest.raises(ClientError, match="Behind"):
            asyncio.run(reach(context, as_of))
    else:
        asyncio.run(reach(context, as_of))
    assert found == waited

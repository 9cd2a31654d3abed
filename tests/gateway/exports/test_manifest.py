"""Manifests over HTTP: what is in them, what is left out, and what is refused."""

from __future__ import annotations

import tracemalloc
from dataclasses import asdict
from pathlib import Path

import pytest
from psycopg.sql import SQL

from gateway.consumers.rebuild import rebuild
from gateway.exports.manifest import Export
from gateway.exports.options import HELP, ExportOptions
from tests.gateway.exports.conftest import Exporting, await_tables, fill
from tests.gateway.exports.manifests import Manifest
from tests.gateway.product import Product, product

ROOT = ("shows", "shot")


def names(found: Manifest) -> list[str]:
    return [f"{one['assetId']} {one['omitted']}" if one.get("omitted") else one["assetId"] for one in found["asset"]]


def test_a_manifest_holds_the_asset_and_everything_of_it(shown: Product, exporting: Exporting) -> None:
    found = exporting()
    (head,) = found["manifest"]
    assert (head["format"], head["position"]) == ("interneg-export/1", str(shown.ledger.head()))
    assert head["options"]["maxAssets"] == 100
    (asset,) = found["asset"]
    assert (asset["assetName"], asset["assetLocation"], asset["isRootLookupAsset"]) == ("Shot", "shot/", True)
    assert asset["metadata"] == {"lens": {"valueType": "string", "value": "35"}}
    first, second = found["file"]
    assert (first["relativePath"], first["key"], first["versionId"], first["size"]) == (
        "/a.exr",
        "shot/a.exr",
        "v1",
        7,
    )
    assert (first["metadata"], first["attributes"]) == ({"take": {"valueType": "string", "value": "3"}}, {})
    assert (second["relativePath"], second["metadata"], "presignedUrl" in second) == ("/b/notes.txt", {}, False)
    (version,) = found["assetVersion"]
    assert (version["assetVersionId"], version["versionAlias"], version["comment"]) == ("1", "layout", "First")
    assert [one["relativePath"] for one in found["assetVersionFile"]] == ["/a.exr", "/b/notes.txt"]
    entries = [(one["relativePath"], one["metadataKey"]) for one in found["assetVersionMetadata"]]
    assert entries == [("/", "lens"), ("/a.exr", "take")]
    assert [(one["commentBody"], one["commentOwnerId"]) for one in found["comment"]] == [("Too dark", "user:ada")]
    assert found["end"] == [
        {
            "isComplete": True,
            "counts": {
                "manifest": 1,
                "asset": 1,
                "file": 2,
                "assetVersion": 1,
                "assetVersionFile": 2,
                "assetVersionMetadata": 2,
                "comment": 1,
                "relationship": 3,
            },
        }
    ]


def test_links_name_both_ends_and_what_became_of_them(exporting: Exporting) -> None:
    found = {one["assetLinkId"]: one for one in exporting()["relationship"]}
    assert {name: one["toAssetState"] for name, one in found.items()} == {
        "l1": "active",
        "l3": "archived",
        "l4": "active",
    }
    assert found["l1"]["metadata"] == {"place": {"valueType": "string", "value": "left"}}
    with_parents = exporting(includeParentRelationships="true", includeAssetLinkMetadata="false")["relationship"]
    assert [(one["assetLinkId"], one["metadata"]) for one in with_parents] == [
        ("l1", None),
        ("l3", None),
        ("l4", None),
        ("l5", None),
    ]
    assert exporting(fetchAssetRelationships="false")["relationship"] == []


def test_children_become_assets_of_the_manifest_as_deep_as_wanted(exporting: Exporting) -> None:
    assert names(exporting(childrenDepth=1)) == ["shot", "old ARCHIVED", "set"]
    assert names(exporting(childrenDepth=9)) == ["shot", "old ARCHIVED", "set", "prop"]
    assert names(exporting(childrenDepth=9, includeArchivedAssets="true")) == ["shot", "old", "set", "prop"]
    assert names(exporting(childrenDepth=9, maxAssets=2)) == ["shot", "old ARCHIVED", "set", "prop MAX_ASSETS"]


def test_files_are_chosen_by_extension_and_primary_type(exporting: Exporting) -> None:
    assert [one["relativePath"] for one in exporting(fileExtensions=".TXT,.mov")["file"]] == ["/b/notes.txt"]
    assert exporting(includeOnlyPrimaryTypeFiles="true")["file"] == []


def test_what_is_switched_off_is_not_there(exporting: Exporting) -> None:
    off = ("includeFileMetadata", "includeAssetMetadata", "includeVersions", "includeComments")
    found = exporting(**dict.fromkeys(off, "false"))
    assert (found["asset"][0]["metadata"], found["file"][0]["metadata"]) == (None, None)
    assert [found[name] for name in ("assetVersion", "assetVersionFile", "assetVersionMetadata", "comment")] == [[]] * 4


def test_files_have_urls_where_they_are_wanted(exporting: Exporting) -> None:
    first, _ = exporting(generatePresignedUrls="true", urlExpiresSeconds=60)["file"]
    assert first["presignedUrl"].startswith("http://product/objects/media/shot/a.exr?")


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/export/assets/shows/none", 404, "There is no asset 'none'."),
        ("/export/assets/shows/shot?childrenDepth=1001", 400, "childrenDepth is 0 to 1000, not 1001."),
        ("/export/assets/shows/shot?maxAssets=many", 400, "maxAssets is a whole number, not 'many'."),
        ("/export/assets/shows/shot?includeVersions=1", 400, "includeVersions is true or false, not '1'."),
        ("/export/assets/shows/shot?fileExtensions=exr", 400, "An extension begins with its dot; 'exr' does not."),
    ],
)
def test_what_is_refused(shown: Product, exporting: Exporting, path: str, status: int, message: str) -> None:
    response = shown.client.http.get(shown.client.url + path)
    assert (response.status_code, response.json()["message"]) == (status, message)


def test_an_unknown_option_is_refused_with_those_there_are(shown: Product, exporting: Exporting) -> None:
    response = shown.client.http.get(f"{shown.client.url}/export/assets/shows/shot?depth=1")
    assert response.status_code == 400
    assert response.json()["message"].startswith("There is no option 'depth': give childrenDepth, ")


MANY_FILES = SQL(
    "INSERT INTO tables.asset_files"
    " SELECT (jsonb_populate_record(f, jsonb_build_object('path', 'many/' || n || '.exr'))).*"
    " FROM tables.asset_files f, generate_series(1, %s) n WHERE asset_id = 'shot' AND path = 'a.exr'"
)


@pytest.mark.parametrize("files", [20_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_the_files_of_an_asset_are_never_all_in_memory(shown: Product, exporting: Exporting, files: int) -> None:
    with shown.parts.pool.connection() as connection:
        connection.execute(MANY_FILES, (files,))
    lines = Export(shown.parts.pool, shown.parts.objects, ROOT, ExportOptions()).lines()
    next(lines)
    tracemalloc.start()
    written = sum(1 for _ in lines)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert written == files + 13
    assert peak_bytes < 4_000_000


def test_a_rebuild_meanwhile_ends_the_manifest_and_says_so(shown: Product) -> None:
    fill(shown.ledger)
    await_tables(shown)
    lines = Export(shown.parts.pool, shown.parts.objects, ROOT, ExportOptions()).lines()
    found = Manifest().add([next(lines), next(lines)])
    projection = shown.parts.projections["tables"]
    rebuild(projection, shown.parts.log.feed, shown.parts.pool, progress=lambda _: None)
    found.add(lines)
    assert found["end"] == [
        {"isComplete": False, "message": "The tables were rebuilt during the export: export again."}
    ]


def test_whoever_stops_reading_gives_the_connection_back(shown: Product, exporting: Exporting) -> None:
    for _ in range(40):
        lines = Export(shown.parts.pool, shown.parts.objects, ROOT, ExportOptions()).lines()
        next(lines)
        lines.close()
    assert exporting()["end"][0]["isComplete"]


def test_every_option_is_described() -> None:
    assert set(HELP) == set(asdict(ExportOptions()))


def test_a_manifest_needs_the_key_that_graphql_needs(database_url: str, tmp_path: Path) -> None:
    with product(database_url, tmp_path, api_key="secret") as closed:
        fill(closed.ledger)
        await_tables(closed)
        url = f"{closed.client.url}/export/assets/shows/shot"
        assert closed.client.http.get(url).status_code == 401
        assert closed.client.http.get(url, headers={"authorization": "Bearer secret"}).status_code == 200

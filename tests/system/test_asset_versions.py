"""Versions of an asset through the public API of a running server: described, archived, compared, reverted."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.system.client import Client

SHOT = ("shots", "versioned")
NAMED = {"databaseId": "shots", "assetId": "versioned"}
ERRORS = "position errors { code message path }"
CREATE = (
    """mutation($input: CreateAssetVersionInput!) { createAssetVersion(input: $input) {
  assetVersion { assetVersionId } skippedPaths """
    + ERRORS
    + " } }"
)
UPDATE = (
    """mutation($input: UpdateAssetVersionInput!) { updateAssetVersion(input: $input) {
  assetVersion { assetVersionId comment versionAlias } """
    + ERRORS
    + " } }"
)
ARCHIVE = (
    """mutation($input: ArchiveAssetVersionInput!) { archiveAssetVersion(input: $input) {
  assetVersion { isArchived } """
    + ERRORS
    + " } }"
)
UNARCHIVE = (
    """mutation($input: UnarchiveAssetVersionInput!) { unarchiveAssetVersion(input: $input) {
  assetVersion { isArchived } """
    + ERRORS
    + " } }"
)
REVERT = (
    """mutation($input: RevertAssetVersionInput!) { revertAssetVersion(input: $input) {
  revert { revertId state revertedFrom withMetadata } """
    + ERRORS
    + " } }"
)
SET_METADATA = "mutation($input: SetMetadataInput!) { setMetadata(input: $input) { " + ERRORS + " } }"
VERSION = """query($v: String, $a: String, $asOf: AsOf) {
  asset(databaseId: "shots", assetId: "versioned", asOf: $asOf) {
    version(assetVersionId: $v, alias: $a) { assetVersionId comment versionAlias isArchived } } }"""
LISTED = """query($all: Boolean) { asset(databaseId: "shots", assetId: "versioned") {
  versions(includeArchived: $all) { edges { node { assetVersionId } } } } }"""
COMPARE = """query($from: String!, $to: String) {
  compareAssetVersions(databaseId: "shots", assetId: "versioned", from: $from, to: $to) {
    fromVersion { assetVersionId } toVersion { assetVersionId }
    files { totalCount edges { node { path change fromSizeBytes toSizeBytes } } }
    metadata { path key change fromValue toValue isAttribute } } }"""
STATE = """{ asset(databaseId: "shots", assetId: "versioned") {
  reverts { revertId state failure skippedPaths assetVersion { assetVersionId comment
    files { edges { node { path sizeBytes isLatest } } } } }
  metadata { key value }
  files { edges { node { path sizeBytes } } } } }"""


@pytest.fixture(scope="module")
def versioned(client: Client) -> Client:
    """Two versions; a file changed, one came and one entry changed between them."""
    client.create_asset(*SHOT, metadata=[{"key": "lens", "value": "35"}])
    client.upload(SHOT, {"a.txt": b"a", "b.txt": b"b"})
    client.done(CREATE, **NAMED, comment="First", versionAlias="delivery")
    client.upload(SHOT, {"a.txt": b"a, changed", "c.txt": b"c"})
    lens = [{"key": "lens", "value": "50"}]
    client.done(SET_METADATA, owner=NAMED, entries=lens)
    client.done(CREATE, **NAMED, comment="Second")
    return client


def _nodes(connection: Any) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def _numbers(client: Client, **variables: Any) -> list[str]:
    return [node["assetVersionId"] for node in _nodes(client.one(LISTED, **variables)["versions"])]


def test_a_version_is_found_by_number_and_by_alias(versioned: Client) -> None:
    first = {"assetVersionId": "1", "comment": "First", "versionAlias": "delivery", "isArchived": False}
    assert versioned.one(VERSION, v="1")["version"] == first
    assert versioned.one(VERSION, a="delivery")["version"] == first
    assert versioned.one(VERSION, v="9")["version"] is None
    (error,) = versioned.answer(VERSION)["errors"]
    assert error["message"] == "Asset.version takes either assetVersionId or alias."


def test_comment_and_alias_change_and_the_past_keeps_them(versioned: Client) -> None:
    before = versioned.head()
    done = versioned.done(UPDATE, **NAMED, assetVersionId="1", comment="Sent", versionAlias="client")
    assert done["assetVersion"] == {"assetVersionId": "1", "comment": "Sent", "versionAlias": "client"}
    then = versioned.one(VERSION, v="1", asOf={"position": str(before)})["version"]
    assert (then["comment"], then["versionAlias"]) == ("First", "delivery")
    cleared = versioned.done(UPDATE, **NAMED, assetVersionId="1", comment="First", versionAlias="")
    assert cleared["assetVersion"] == {"assetVersionId": "1", "comment": "First", "versionAlias": None}
    assert versioned.refused(UPDATE, **NAMED, assetVersionId="x", comment="No")["code"] == "NOT_FOUND"


def test_an_archived_version_leaves_the_default_list(versioned: Client) -> None:
    assert versioned.done(ARCHIVE, **NAMED, assetVersionId="1")["assetVersion"] == {"isArchived": True}
    assert (_numbers(versioned), _numbers(versioned, all=True)) == (["2"], ["2", "1"])
    again = versioned.refused(ARCHIVE, **NAMED, assetVersionId="1")
    assert again["code"] == "ASSET_VERSION_ALREADY_ARCHIVED"
    assert versioned.done(UNARCHIVE, **NAMED, assetVersionId="1")["assetVersion"] == {"isArchived": False}
    assert versioned.refused(UNARCHIVE, **NAMED, assetVersionId="1")["code"] == "ASSET_VERSION_NOT_ARCHIVED"
    current = versioned.refused(ARCHIVE, **NAMED, assetVersionId="2")
    assert (current["code"], current["path"]) == ("ASSET_VERSION_IS_CURRENT", ["assetVersionId"])


def test_two_versions_are_compared_both_ways_and_with_now(versioned: Client) -> None:
    lens = {"path": None, "key": "lens", "change": "CHANGED", "isAttribute": False}
    forward = versioned.one(COMPARE, **{"from": "1", "to": "2"})
    assert _nodes(forward["files"]) == [
        {"path": "a.txt", "change": "CHANGED", "fromSizeBytes": 1, "toSizeBytes": 10},
        {"path": "c.txt", "change": "ADDED", "fromSizeBytes": None, "toSizeBytes": 1},
    ]
    assert forward["metadata"] == [{**lens, "fromValue": "35", "toValue": "50"}]
    assert forward["files"]["totalCount"] == 2
    backward = versioned.one(COMPARE, **{"from": "2", "to": "1"})
    assert [(node["path"], node["change"]) for node in _nodes(backward["files"])] == [
        ("a.txt", "CHANGED"),
        ("c.txt", "REMOVED"),
    ]
    now = versioned.one(COMPARE, **{"from": "1"})
    assert now["toVersion"] is None
    assert (now["files"], now["metadata"]) == (forward["files"], forward["metadata"])
    same = versioned.one(COMPARE, **{"from": "2"})
    assert (same["files"]["totalCount"], same["metadata"]) == (0, [])
    assert versioned.one(COMPARE, **{"from": "7"}) is None


def test_a_revert_makes_a_version_of_exactly_the_old_files(versioned: Client) -> None:
    asked = versioned.done(REVERT, **NAMED, assetVersionId="1", comment="Back", revertMetadata=True)
    assert asked["revert"]["revertedFrom"] == "1"
    state = _ended(versioned)
    (revert,) = state["reverts"]
    assert (revert["state"], revert["failure"], revert["skippedPaths"]) == ("DONE", None, [])
    assert revert["assetVersion"]["assetVersionId"] == "3"
    assert revert["assetVersion"]["comment"] == "Back (reverted from v1)"
    assert _nodes(revert["assetVersion"]["files"]) == [
        {"path": "a.txt", "sizeBytes": 1, "isLatest": True},
        {"path": "b.txt", "sizeBytes": 1, "isLatest": True},
    ]
    assert state["metadata"] == [{"key": "lens", "value": "35"}]
    sizes = [("a.txt", 1), ("b.txt", 1), ("c.txt", 1)]
    assert [(node["path"], node["sizeBytes"]) for node in _nodes(state["files"])] == sizes
    unchanged = versioned.one(COMPARE, **{"from": "1", "to": "3"})
    assert (unchanged["files"]["totalCount"], unchanged["metadata"]) == (0, [])


def _ended(client: Client) -> Any:
    """The asset once no revert is open; the job runs within seconds of its request."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        state = client.one(STATE)
        if all(revert["state"] != "REQUESTED" for revert in state["reverts"]):
            return state
        time.sleep(0.1)
    pytest.fail("The revert did not end within 30 seconds.")

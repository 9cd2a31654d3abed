"""The documents of transfers, and waiting for one."""

from __future__ import annotations

import time
from typing import Any

from tests.system.client import Client

FIELDS = """transferId kind state databaseId assetId destinationDatabaseId destinationAssetId metadataPolicy reason
  totalCount doneCount failedCount leftOver requestedBy endedAt
  files(first: 50) { edges { node { sourcePath destinationPath state failureCode failure } } }"""
MOVE = f"""mutation($input: MoveFilesInput!) {{ moveFiles(input: $input) {{
  fileTransfer {{ {FIELDS} }} position visible errors {{ code message path }} }} }}"""
COPY = f"""mutation($input: CopyFilesInput!) {{ copyFiles(input: $input) {{
  fileTransfer {{ {FIELDS} }} position visible errors {{ code message path }} }} }}"""
TRANSFER = f"query($id: ID!) {{ fileTransfer(transferId: $id) {{ {FIELDS} }} }}"
PATHS = """query($d: String!, $a: String!, $at: AsOf) { asset(databaseId: $d, assetId: $a, asOf: $at) {
  assetType files(first: 100) { edges { node { path } } } } }"""
FILE = """query($d: String!, $a: String!, $p: String!, $v: String) {
  file(databaseId: $d, assetId: $a, path: $p, versionId: $v) {
    path s3VersionId sizeBytes revision
    metadata { key value } attributes { key value }
    origin { kind databaseId assetId path s3VersionId transferId }
    versions { s3VersionId origin { path } } } }"""
ENDED = ("DONE", "DONE_WITH_ERRORS", "FAILED")


def ended(client: Client, payload: Any) -> Any:
    """The transfer of a payload once it is over."""
    identity, deadline = payload["fileTransfer"]["transferId"], time.monotonic() + 60
    while (found := client.one(TRANSFER, id=identity))["state"] not in ENDED:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return found


def paths(client: Client, asset: tuple[str, str], at: int | None = None) -> list[str]:
    """Paths of an asset's files, now or after a position."""
    moment = None if at is None else {"position": str(at)}
    found = client.one(PATHS, d=asset[0], a=asset[1], at=moment)
    return [edge["node"]["path"] for edge in found["files"]["edges"]]


def asset_type(client: Client, asset: tuple[str, str], at: int | None = None) -> str:
    """The type of an asset, now or after a position."""
    moment = None if at is None else {"position": str(at)}
    return str(client.one(PATHS, d=asset[0], a=asset[1], at=moment)["assetType"])


def file(client: Client, asset: tuple[str, str], path: str, version: str | None = None) -> Any:
    """A file as the API shows it."""
    return client.one(FILE, d=asset[0], a=asset[1], p=path, v=version)

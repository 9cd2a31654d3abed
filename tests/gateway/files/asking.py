"""The documents of files, and waiting for what follows from them."""

from __future__ import annotations

from typing import Any

from tests.system.client import Client

REPORT = "changedCount skipped { path reason } position visible errors { code message path }"
ARCHIVE = f"mutation($input: ArchiveFilesInput!) {{ archiveFiles(input: $input) {{ {REPORT} }} }}"
UNARCHIVE = f"mutation($input: UnarchiveFilesInput!) {{ unarchiveFiles(input: $input) {{ {REPORT} }} }}"
DELETE = f"mutation($input: DeleteFilesPermanentlyInput!) {{ deleteFilesPermanently(input: $input) {{ {REPORT} }} }}"
FILE_FIELDS = """path archived s3VersionId primaryType primaryTypeOther previewOf previewFile { path } previewUrl
  revision  versions { s3VersionId archived } metadata { key value } renditions { kind state }
  reverts { revertId revertedFrom state s3VersionId failure requestedBy }"""
FILE = f"""query($d: String!, $a: String!, $p: String!) {{ file(databaseId: $d, assetId: $a, path: $p) {{
  {FILE_FIELDS} }} }}"""
PLACE = """query($d: String!, $a: String!) { asset(databaseId: $d, assetId: $a) {
  assetLocation bucket { bucketName } } }"""
START = "mutation($input: StartUploadInput!) { startUpload(input: $input) { position errors { code message path } } }"
FILES = """query($d: String!, $a: String!, $all: Boolean, $at: AsOf) { asset(databaseId: $d, assetId: $a, asOf: $at) {
  assetType files(first: 100, includeArchived: $all) { edges { node { path archived } } }
  objectJobs { kind state paths failure attempts } } }"""
VERSION = """query($d: String!, $a: String!) { asset(databaseId: $d, assetId: $a) { version(assetVersionId: "1") {
  files { edges { node { path permanentlyDeleted isLatest } } } } } }"""
CREATE_VERSION = """mutation($input: CreateAssetVersionInput!) { createAssetVersion(input: $input) {
  position errors { code message path } } }"""
ARCHIVE_ASSET = (
    "mutation($input: ArchiveAssetInput!) { archiveAsset(input: $input) { position errors { code message path } } }"
)


def named(asset: tuple[str, str], **given: Any) -> dict[str, Any]:
    """Input that names an asset."""
    return {"databaseId": asset[0], "assetId": asset[1], **given}


def paths(client: Client, asset: tuple[str, str], **options: Any) -> list[str]:
    """The paths of an asset's files."""
    found = client.one(FILES, d=asset[0], a=asset[1], **options)
    return [edge["node"]["path"] for edge in found["files"]["edges"]]


def asset_type(client: Client, asset: tuple[str, str]) -> str:
    return str(client.one(FILES, d=asset[0], a=asset[1])["assetType"])


def file(client: Client, asset: tuple[str, str], path: str) -> Any:
    """A file as the API shows it."""
    return client.one(FILE, d=asset[0], a=asset[1], p=path)

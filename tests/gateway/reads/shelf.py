"""The library that planned reads are asked about: names that repeat, files, versions, metadata."""

from __future__ import annotations

from tests.system.client import Client

NAMES = ["chair", "table", "lamp", "chair", "door"]
ASSETS = [(f"a{n:02}", NAMES[n % len(NAMES)]) for n in range(23)]
"""Asset id and name, in the order of their ids; names repeat, so that an order by name has ties."""
FILES = {"maps/b.txt": b"bb", "maps/a.txt": b"a", "zed.txt": b"zzz", "Upper.txt": b""}
METADATA = [{"key": "lens", "value": "35"}, {"key": "artist", "value": "ada"}]

VERSION = """mutation($input: CreateAssetVersionInput!) { createAssetVersion(input: $input) {
  position errors { message } } }"""
ARCHIVE = "mutation($input: ArchiveAssetInput!) { archiveAsset(input: $input) { position errors { message } } }"


def fill(client: Client) -> None:
    """Database `shelf` with 23 assets, the first of them with files and two versions; `other` with an archived one."""
    for asset_id, name in ASSETS:
        tags = ["even"] if int(asset_id[1:]) % 2 == 0 else ["odd", "uneven"]
        metadata = METADATA if asset_id == "a00" else []
        client.create_asset("shelf", asset_id, assetName=name, tags=tags, metadata=metadata)
    client.upload(("shelf", "a00"), FILES)
    client.done(VERSION, databaseId="shelf", assetId="a00", comment="first", versionAlias="one")
    client.upload(("shelf", "a00"), {"zed.txt": b"changed"})
    client.done(VERSION, databaseId="shelf", assetId="a00", comment="second")
    client.create_asset("other", "gone")
    client.done(ARCHIVE, databaseId="other", assetId="gone", reason="made in error")

"""Load the demo library. Every change has an idempotency key, so that loading it again changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from itertools import count

from gateway.demo import library
from gateway.demo.api import Api

START = """upload { uploadId state files { path parts {
  partNumber offset sizeBytes url headers { name value } received } } }"""
OVER = ("EXPIRED", "ABORTED")

Tell = Callable[[str], None]
"""Tell(line) says what was just done."""


def load(api: Api, tell: Tell) -> None:
    """Bring the library to its two versions. Raises DemoNotLoaded."""
    given = {"databaseId": library.DATABASE, "description": "A small library to look around in."}
    api.change("createDatabase", "position", **given, idempotencyKey="demo database")
    for asset in library.ASSETS:
        _create(api, asset)
    tell(f"database {library.DATABASE} with the assets {library.SHOT} and {library.STILLS}")
    _upload(api, library.STILLS, library.stills(), tell=tell)
    _upload(api, library.SHOT, library.frames(), tell=tell)
    _version(api, "First light", alias="first-light")
    _upload(api, library.SHOT, [library.relit_frame()], tell=tell)
    owner = {"databaseId": library.DATABASE, "assetId": library.SHOT}
    api.change(
        "setMetadata", "position", owner=owner, entries=library.APPROVED_METADATA, idempotencyKey="demo approval"
    )
    _version(api, "Key light raised on one frame, approved", alias="approved")
    tell(f"two versions of {library.SHOT}: first-light and approved")


def _create(api: Api, asset: library.Asset) -> None:
    api.change(
        "createAsset",
        "position",
        databaseId=library.DATABASE,
        assetId=asset.asset_id,
        assetName=asset.name,
        description=asset.description,
        isDistributable=True,
        tags=asset.tags,
        metadata=asset.metadata,
        idempotencyKey=f"demo asset {asset.asset_id}",
    )


def _version(api: Api, comment: str, *, alias: str) -> None:
    given = {"databaseId": library.DATABASE, "assetId": library.SHOT, "comment": comment, "versionAlias": alias}
    api.change("createAssetVersion", "position", **given, idempotencyKey=f"demo version {alias}")


def _upload(api: Api, asset_id: str, files: Iterable[tuple[str, bytes]], *, tell: Tell) -> None:
    """Upload the files in one session, unless they were; a session that ran out is followed by another."""
    bodies = dict(files)
    listed = [
        {"path": path, "sizeBytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        for path, body in bodies.items()
    ]
    content = hashlib.sha256(repr(listed).encode()).hexdigest()
    owner = {"databaseId": library.DATABASE, "assetId": asset_id}
    for attempt in count(1):
        key = f"demo upload {attempt} {content}"
        upload = api.change("startUpload", START, **owner, files=listed, idempotencyKey=key)["upload"]
        if upload["state"] not in OVER:
            break
    if upload["state"] == "STARTED":
        sent = [
            {"path": file["path"], "parts": [api.put(part, bodies[file["path"]]) for part in file["parts"]]}
            for file in upload["files"]
        ]
        api.change("completeUpload", "position", uploadId=upload["uploadId"], files=sent)
    tell(f"{len(bodies)} {'file' if len(bodies) == 1 else 'files'} in {asset_id}")

"""Commands that bring files."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.files.file import FILES
from gateway.settings import Settings
from tests.gateway.machine.beside import Beside
from tests.gateway.machine.model import Library
from tests.gateway.machine.values import assets, folders, free, paths, seldom
from tests.system.client import COMPLETE, START
from tests.waiting import until

TRANSFER = """query($id: ID!) { fileTransfer(transferId: $id) { state failedCount
  files { edges { node { state failure } } } } }"""
ON_TOP = """query($databaseId: String!, $assetId: String!, $path: String!) {
  file(databaseId: $databaseId, assetId: $assetId, path: $path) { s3VersionId } }"""
ADOPTION = """query($databaseId: String!, $assetId: String!) { asset(databaseId: $databaseId, assetId: $assetId) {
  adoption { state } } }"""
BUCKET = Settings().bucket
LOCATION = """query($databaseId: String!, $assetId: String!) { asset(databaseId: $databaseId, assetId: $assetId) {
  assetLocation bucket { bucketName } } }"""


class Files(Beside):
    """Rules of the machine."""

    @rule(asset=assets, files=st.dictionaries(paths, st.binary(max_size=3), min_size=1))
    def upload(self, asset: str, files: dict[str, bytes]) -> None:
        listed = [{"path": path, "sizeBytes": len(body)} for path, body in files.items()]
        begun = self.give(
            "startUpload",
            lambda library, _: library.active(asset).require_writable(files),
            START,
            assetId=asset,
            files=listed,
        )
        if begun is None:
            return
        sent = self.client.send(begun["upload"], files)

        def see(library: Library, payload: Any) -> None:
            made = {one["path"]: (one["s3VersionId"], one["sizeBytes"]) for one in payload["files"]} if payload else {}
            library.see_files(asset, made)

        self.give("completeUpload", see, COMPLETE, uploadId=begun["upload"]["uploadId"], files=sent)
        self.compare(asset)

    @rule(asset=assets, path=paths, body=st.binary(max_size=3))
    def register_file(self, asset: str, path: str, body: bytes) -> None:
        """An object that somebody put into the bucket is made known."""
        location = self.client.one(LOCATION, databaseId=self.database_id, assetId=asset)
        if location is None:
            return
        key = location["assetLocation"] + path
        made = self.product.parts.objects.put(
            location["bucket"]["bucketName"], key, body, content_type="text/plain", metadata={}
        )
        self.give(
            "registerFiles",
            lambda library, _: library.see_files(asset, {path: (made.version_id, len(body))}),
            assetId=asset,
            files=[{"path": path}],
        )
        self.compare(asset)

    @rule(asset=assets, path=paths)
    def archive_file(self, asset: str, path: str) -> None:
        self.give(
            "archiveFiles",
            lambda library, _: library.archive_file(asset, path),
            assetId=asset,
            paths=[path],
            twice=True,
        )
        self.compare(asset)

    @rule(asset=assets, path=paths)
    def unarchive_file(self, asset: str, path: str) -> None:
        self.give("unarchiveFiles", lambda library, _: library.unarchive_file(asset, path), assetId=asset, paths=[path])
        self.compare(asset)

    @rule(asset=assets, path=paths)
    def delete_file(self, asset: str, path: str) -> None:
        done = self.give(
            "deleteFilesPermanently",
            lambda library, _: library.delete_file(asset, path),
            assetId=asset,
            paths=[path],
            confirmPermanentDelete=True,
        )
        if done is not None:
            key = (self.database_id, asset, path)
            until(lambda: self.product.ledger.load(FILES, *key).state, lambda file: not file.is_being_erased)
            self.past.append((self.client.head(), self.model.copy()))
        self.compare(asset)

    @rule(asset=assets, folder=folders, is_made=st.booleans())
    def change_folder(self, asset: str, folder: str, is_made: bool) -> None:
        def change(library: Library, _: Any) -> None:
            (library.create_folder if is_made else library.delete_folder)(asset, folder)

        self.give("createFolder" if is_made else "deleteFolder", change, assetId=asset, path=folder, twice=True)
        self.compare(asset)

    @rule(asset=seldom, files=st.dictionaries(paths, st.binary(max_size=3), min_size=1))
    def adopt(self, asset: str, files: dict[str, bytes]) -> None:
        """An asset is made of what lies below a prefix of the bucket."""
        prefix, store, bucket = f"adopted/{self.database_id}-{next(self.keys)}/", self.product.parts.objects, BUCKET
        made = {
            path: store.put(bucket, f"{prefix}{path}", body, content_type="text/plain", metadata={}).version_id
            for path, body in files.items()
        }
        begun = self.give(
            "createAsset",
            lambda library, _: library.create(asset, [], {}),
            assetId=asset,
            assetName=asset,
            description="made by the machine",
            isDistributable=True,
            bucketExistingKey=prefix,
        )
        if begun is None:
            return
        key = {"databaseId": self.database_id, "assetId": asset}
        until(lambda: self.client.one(ADOPTION, **key)["adoption"]["state"], lambda state: state == "DONE")
        self.past.pop()
        self.model.see_files(asset, {path: (made[path], len(body)) for path, body in files.items()})
        self.past.append((self.client.head(), self.model.copy()))
        self.compare(asset)

    @rule(asset=assets, path=paths, primary_type=st.sampled_from(("", "primary", "lod1")))
    def set_primary_type(self, asset: str, path: str, primary_type: str) -> None:
        self.give(
            "setPrimaryType",
            lambda library, _: library.set_primary_type(asset, path, primary_type),
            assetId=asset,
            path=path,
            primaryType=primary_type,
        )
        self.compare(asset)

    @rule(start=assets, source=paths, end=assets, destination=free)
    def move(self, start: str, source: str, end: str, destination: str) -> None:
        self.transfer(start, source, end, destination, is_move=True)

    @rule(start=assets, source=paths, end=assets, destination=free)
    def copy(self, start: str, source: str, end: str, destination: str) -> None:
        self.transfer(start, source, end, destination, is_move=False)

    def transfer(self, start: str, source: str, end: str, destination: str, *, is_move: bool) -> None:
        def check(library: Library, _: Any) -> None:
            library.copy().transfer((start, source), (end, destination), is_move=is_move, made="new")

        asked = self.give(
            "moveFiles" if is_move else "copyFiles",
            check,
            assetId=start,
            destinationAssetId=end,
            files=[{"sourcePath": source, "destinationPath": destination}],
            answer="fileTransfer { transferId }",
        )
        if asked is None:
            return
        identity = asked["fileTransfer"]["transferId"]
        done = until(lambda: self.client.one(TRANSFER, id=identity), lambda found: "DONE" in found["state"])
        assert done["failedCount"] == 0, done
        arrived = self.client.one(ON_TOP, databaseId=self.database_id, assetId=end, path=destination)
        self.model.transfer((start, source), (end, destination), is_move=is_move, made=arrived["s3VersionId"])
        self.past.append((self.client.head(), self.model.copy()))
        self.compare(start, end)

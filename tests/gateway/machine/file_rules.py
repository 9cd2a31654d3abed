"""Commands that bring files."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.gateway.machine.beside import Beside
from tests.gateway.machine.model import Library
from tests.gateway.machine.values import assets, paths
from tests.system.client import COMPLETE, START

LOCATION = """query($databaseId: String!, $assetId: String!) { asset(databaseId: $databaseId, assetId: $assetId) {
  assetLocation bucket { bucketName } } }"""


class Files(Beside):
    """Rules of the machine."""

    @rule(asset=assets, files=st.dictionaries(paths, st.binary(max_size=3), min_size=1))
    def upload(self, asset: str, files: dict[str, bytes]) -> None:
        listed = [{"path": path, "sizeBytes": len(body)} for path, body in files.items()]
        begun = self.give("startUpload", lambda library, _: library.active(asset), START, assetId=asset, files=listed)
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

"""Commands on versions, and the way back to one."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.gateway.machine.beside import Beside
from tests.gateway.machine.file_rules import ON_TOP
from tests.gateway.machine.model import Library
from tests.gateway.machine.values import aliases, assets, numbers, paths, picks, words
from tests.waiting import until

REVERTS = """query($databaseId: String!, $assetId: String!) { asset(databaseId: $databaseId, assetId: $assetId) {
  reverts { state skippedPaths assetVersion { files { edges { node { path s3VersionId } } } } } } }"""


class Versions(Beside):
    """Rules of the machine."""

    @rule(
        asset=assets,
        alias=aliases,
        chosen=st.none() | st.dictionaries(paths, picks, max_size=3),
        twice=st.booleans(),
    )
    def create_version(self, asset: str, alias: str | None, chosen: dict[str, int] | None, twice: bool) -> None:
        files = None if chosen is None else {path: self.file_version(asset, path, n) for path, n in chosen.items()}
        listed = None if files is None else [{"path": p, "s3VersionId": v} for p, v in files.items()]
        self.give(
            "createAssetVersion",
            lambda library, _: library.create_version(asset, "A version", alias or None, files),
            assetId=asset,
            comment="A version",
            versionAlias=alias,
            files=listed,
            twice=twice,
        )
        self.compare(asset)

    @rule(asset=assets, number=numbers, comment=st.none() | words, alias=aliases)
    def update_version(self, asset: str, number: int, comment: str | None, alias: str | None) -> None:
        self.give(
            "updateAssetVersion",
            lambda library, _: library.update_version(asset, number, comment=comment, alias=alias),
            assetId=asset,
            assetVersionId=str(number),
            comment=comment,
            versionAlias=alias,
        )
        self.compare(asset)

    @rule(asset=assets, number=numbers)
    def archive_version(self, asset: str, number: int) -> None:
        self.give(
            "archiveAssetVersion",
            lambda library, _: library.archive_version(asset, number),
            assetId=asset,
            assetVersionId=str(number),
        )
        self.compare(asset)

    @rule(asset=assets, number=numbers)
    def unarchive_version(self, asset: str, number: int) -> None:
        self.give(
            "unarchiveAssetVersion",
            lambda library, _: library.unarchive_version(asset, number),
            assetId=asset,
            assetVersionId=str(number),
        )
        self.compare(asset)

    @rule(asset=assets, number=numbers, with_metadata=st.booleans())
    def revert(self, asset: str, number: int, with_metadata: bool) -> None:
        if self.holds_archived(asset, number):
            return
        asked = self.give(
            "revertAssetVersion",
            lambda library, _: library.active(asset).version(number),
            assetId=asset,
            assetVersionId=str(number),
            comment="Back",
            revertMetadata=with_metadata,
        )
        if asked is None:
            return
        held = self.model.assets[asset].version(number).files
        lost = sorted(path for path in held if held[path] in self.model.assets[asset].files[path].erased)
        done = self.reverted(asset)
        if lost and len(lost) == len(held):
            assert done["state"] == "FAILED", done
            return
        assert (done["state"], done["skippedPaths"]) == ("DONE", lost)
        made = {edge["node"]["path"]: edge["node"]["s3VersionId"] for edge in done["assetVersion"]["files"]["edges"]}
        held = {path: version for path, version in held.items() if path not in lost}
        latest = {path: file.latest for path, file in self.model.assets[asset].present().items() if path in held}
        assert set(made) == set(held)
        assert {path for path in latest if latest[path] == held[path]} <= {
            path for path in made if made[path] == held[path]
        }
        self.model.revert(asset, number, with_metadata=with_metadata, files=made)
        self.past.append((self.client.head(), self.model.copy()))
        self.compare(asset)

    def holds_archived(self, asset: str, number: int) -> bool:
        """Whether a file of the version is archived now: what a revert makes of it is for tests of its own."""
        found = self.model.assets.get(asset)
        if found is None or number > len(found.versions):
            return False
        return any(found.files[path].is_archived for path in found.versions[number - 1].files)

    def reverted(self, asset: str) -> Any:
        """The newest revert, once it is over."""
        key = {"databaseId": self.database_id, "assetId": asset}
        return until(lambda: self.client.one(REVERTS, **key)["reverts"][0], lambda one: one["state"] != "REQUESTED")

    @rule(asset=assets, path=paths, pick=picks)
    def revert_file(self, asset: str, path: str, pick: int) -> None:
        version = self.file_version(asset, path, pick)

        def check(library: Library, _: Any) -> None:
            library.copy().revert_file(asset, path, version=version, made="new")

        if self.give("revertFile", check, assetId=asset, path=path, s3VersionId=version) is None:
            return
        before, key = self.model.assets[asset].files[path].latest, {"databaseId": self.database_id, "assetId": asset}
        on_top = until(lambda: self.client.one(ON_TOP, path=path, **key)["s3VersionId"], lambda top: top != before)
        self.model.revert_file(asset, path, version=version, made=on_top)
        self.past.append((self.client.head(), self.model.copy()))
        self.compare(asset)

    def file_version(self, asset: str, path: str, pick: int) -> str:
        """An object version of a path, or of nobody."""
        found = self.model.assets[asset].files.get(path) if asset in self.model.assets else None
        return list(found.sizes)[pick] if found and pick < len(found.sizes) else "none"

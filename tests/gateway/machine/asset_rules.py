"""Commands on assets and their metadata."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.gateway.machine.beside import Beside
from tests.gateway.machine.values import ASSETS, assets, entries, inputs, paths, seldom, tags, words


class Assets(Beside):
    """Rules of the machine."""

    @rule(asset=seldom, tags=tags, metadata=entries, twice=st.booleans())
    def create_asset(self, asset: str, tags: list[str], metadata: dict[str, str], twice: bool) -> None:
        self.give(
            "createAsset",
            lambda library, _: library.create(asset, tags, metadata),
            assetId=asset,
            assetName=asset,
            description="made by the machine",
            isDistributable=True,
            tags=tags,
            metadata=inputs(metadata),
            twice=twice,
        )
        self.compare(asset)

    @rule(
        asset=assets,
        changes=st.fixed_dictionaries(
            {}, optional={"assetName": words, "description": words, "isDistributable": st.booleans(), "tags": tags}
        ),
        twice=st.booleans(),
    )
    def update_asset(self, asset: str, changes: dict[str, Any], twice: bool) -> None:
        changes = {key: f"as it was {value}" if key == "description" else value for key, value in changes.items()}
        self.give(
            "updateAsset",
            lambda library, _: library.update(asset, changes),
            assetId=asset,
            **changes,
            twice=twice,
        )
        self.compare(asset)

    @rule(asset=seldom, reason=st.none() | words)
    def archive_asset(self, asset: str, reason: str | None) -> None:
        self.give("archiveAsset", lambda library, _: library.archive(asset, reason), assetId=asset, reason=reason)
        self.compare(*ASSETS)

    @precondition(lambda self: any(asset.is_archived for asset in self.model.assets.values()))
    @rule(asset=seldom)
    def unarchive_asset(self, asset: str) -> None:
        self.give("unarchiveAsset", lambda library, _: library.unarchive(asset), assetId=asset)
        self.compare(*ASSETS)

    @rule(
        asset=assets,
        path=st.none() | paths,
        attributes=st.booleans(),
        given=entries,
        replace=st.booleans(),
        twice=st.booleans(),
    )
    def set_metadata(
        self, asset: str, path: str | None, attributes: bool, given: dict[str, str], replace: bool, twice: bool
    ) -> None:
        attributes = attributes and path is not None
        owner = {"databaseId": self.database_id, "assetId": asset, "path": path, "attributes": attributes}
        self.give(
            "setMetadata",
            lambda library, _: library.set_entries(asset, path, attributes, given=given, replace=replace),
            owner=owner,
            entries=inputs(given),
            replaceAll=replace,
            twice=twice,
        )
        self.compare(asset)

    @rule(asset=assets, path=st.none() | paths, attributes=st.booleans(), given=entries)
    def remove_metadata(self, asset: str, path: str | None, attributes: bool, given: dict[str, str]) -> None:
        attributes = attributes and path is not None
        owner = {"databaseId": self.database_id, "assetId": asset, "path": path, "attributes": attributes}
        keys = list(given)
        self.give(
            "removeMetadata",
            lambda library, _: library.remove_entries(asset, path, attributes, keys=keys),
            owner=owner,
            keys=keys,
        )
        self.compare(asset)

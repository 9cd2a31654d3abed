"""Commands on links and their metadata."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.gateway.machine.beside import Beside
from tests.gateway.machine.model import Library, Link
from tests.gateway.machine.values import ABSENT, ASSETS, aliases, assets, entries, inputs, picks, tags


class Links(Beside):
    """Rules of the machine."""

    @rule(ends=st.tuples(assets, assets), is_related=st.booleans(), alias=aliases, tags=tags, twice=st.booleans())
    def create_link(
        self, ends: tuple[str, str], is_related: bool, alias: str | None, tags: list[str], twice: bool
    ) -> None:
        kind = "RELATED" if is_related else "PARENT_CHILD"

        def change(library: Library, payload: Any) -> None:
            made = payload["assetLink"]["assetLinkId"] if payload else "new"
            library.link(made, Link(*ends, kind, alias or None, tags))

        self.give(
            "createAssetLink",
            change,
            fromDatabaseId=self.database_id,
            fromAssetId=ends[0],
            toDatabaseId=self.database_id,
            toAssetId=ends[1],
            relationshipType=kind,
            assetLinkAliasId=alias,
            tags=tags,
            answer="assetLink { assetLinkId }",
            twice=twice,
        )
        self.compare(*ends)

    @precondition(lambda self: bool(self.model.links))
    @rule(pick=picks, alias=aliases, tags=st.none() | tags)
    def update_link(self, pick: int, alias: str | None, tags: list[str] | None) -> None:
        link = self.linked(pick)
        self.give(
            "updateAssetLink",
            lambda library, _: library.update_link(link, alias=alias, tags=tags),
            assetLinkId=link,
            assetLinkAliasId=alias,
            tags=tags,
        )
        self.compare(*ASSETS)

    @precondition(lambda self: bool(self.model.links))
    @rule(pick=picks, given=entries, replace=st.booleans())
    def set_link_metadata(self, pick: int, given: dict[str, str], replace: bool) -> None:
        link = self.linked(pick)
        self.give(
            "setMetadata",
            lambda library, _: library.set_entries(link, None, False, given=given, replace=replace),
            assetLinkId=link,
            entries=inputs(given),
            replaceAll=replace,
        )
        self.compare(*ASSETS)

    @precondition(lambda self: bool(self.model.links))
    @rule(pick=picks)
    def delete_link(self, pick: int) -> None:
        link = self.linked(pick)
        self.give("deleteAssetLink", lambda library, _: library.unlink(link), assetLinkId=link)
        self.compare(*ASSETS)

    def linked(self, pick: int) -> str:
        """A link of the model, or of nobody."""
        return list(self.model.links)[pick] if pick < len(self.model.links) else ABSENT

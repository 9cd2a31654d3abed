"""Random commands through GraphQL on a real product, and the model that has to agree about every one of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.gateway.machine.model import TAGS, Library, Link, Refused
from tests.gateway.machine.view import PATHS, VIEW, expected, shown
from tests.gateway.product import Product
from tests.system.client import COMPLETE, START

ASSETS = ("cam", "lamp", "room")
VIEWS_AT_ONCE = 12
"""Their aliases together stay below the limit of a request."""
SECONDS_TO_REVERT = 30
LOCATION = """query($databaseId: String!, $assetId: String!) { asset(databaseId: $databaseId, assetId: $assetId) {
  assetLocation bucket { bucketName } } }"""
REVERTS = """query($databaseId: String!, $assetId: String!) { asset(databaseId: $databaseId, assetId: $assetId) {
  reverts { state skippedPaths assetVersion { files { edges { node { path s3VersionId } } } } } } }"""
ABSENT = "00000000-0000-0000-0000-000000000000"
NUMBERS = count(1)
Effect = Callable[[Library, Any], object]
"""What a command does to the model. It is given the payload, or None to find out whether it would be refused."""

assets = st.sampled_from(("cam", "cam", "cam", "lamp", "lamp", "room", "never"))
seldom = st.sampled_from(("room", "lamp", "cam", "never"))
paths = st.sampled_from(PATHS)
words = st.sampled_from(("one", "two", "three"))
entries = st.dictionaries(st.sampled_from(("lens", "note", "take")), words, max_size=3)
tags = st.lists(st.sampled_from((*TAGS, *TAGS, "ghost")), max_size=2, unique=True)
picks = st.sampled_from((0, 0, 0, 1, 1, 2, 3))
numbers = st.sampled_from((1, 1, 1, 2, 2, 3, 9))
aliases = st.none() | st.sampled_from(("", "final", "wip"))


class LibraryMachine(RuleBasedStateMachine):
    """One database of a product that others use before and after."""

    product: Product

    def __init__(self) -> None:
        super().__init__()
        self.client = self.product.client
        self.database_id = f"machine-{next(NUMBERS)}"
        self.model = Library()
        self.past: list[tuple[int, Library]] = []
        self.keys = count(1)

    @initialize(tags=tags, metadata=entries, files=st.dictionaries(paths, st.binary(max_size=3), min_size=1))
    def begin(self, tags: list[str], metadata: dict[str, str], files: dict[str, bytes]) -> None:
        """Two assets with files, a version and a link, so that most commands have something to change."""
        self.give("createDatabase", lambda *_: None, description="of the machine", twice=False)
        for asset in ("cam", "lamp"):
            self.create_asset(asset, [tag for tag in tags if tag in TAGS], metadata, False)
            self.upload(asset, files)
            self.create_version(asset, "final", None, False)
            self.set_metadata(asset, next(iter(files)), False, metadata, False, False)
            self.create_version(asset, None, None, False)
        self.create_link(("cam", "lamp"), False, None, [], False)

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
            metadata=_inputs(metadata),
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

    @rule(asset=assets, number=numbers, with_metadata=st.booleans())
    def revert(self, asset: str, number: int, with_metadata: bool) -> None:
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
        done = self.reverted(asset)
        made = {edge["node"]["path"]: edge["node"]["s3VersionId"] for edge in done["assetVersion"]["files"]["edges"]}
        held = self.model.assets[asset].version(number).files
        latest = {path: self.model.assets[asset].files[path].latest for path in held}
        assert set(made) == set(held)
        assert {path for path in held if latest[path] == held[path]} <= {
            path for path in made if made[path] == held[path]
        }
        self.model.revert(asset, number, with_metadata=with_metadata, files=made)
        self.past.append((self.client.head(), self.model.copy()))
        self.compare(asset)

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

        def change(library: Library, _: Any) -> None:
            _set(library.entries(asset, path, attributes), given, replace)

        owner = {"databaseId": self.database_id, "assetId": asset, "path": path, "attributes": attributes}
        self.give("setMetadata", change, owner=owner, entries=_inputs(given), replaceAll=replace, twice=twice)
        self.compare(asset)

    @rule(asset=assets, path=st.none() | paths, attributes=st.booleans(), given=entries)
    def remove_metadata(self, asset: str, path: str | None, attributes: bool, given: dict[str, str]) -> None:
        attributes = attributes and path is not None

        def change(library: Library, _: Any) -> None:
            _remove(library.entries(asset, path, attributes), given)

        owner = {"databaseId": self.database_id, "assetId": asset, "path": path, "attributes": attributes}
        self.give("removeMetadata", change, owner=owner, keys=list(given))
        self.compare(asset)

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

        def change(library: Library, _: Any) -> None:
            _set(library.entries(link, None, False), given, replace)

        self.give("setMetadata", change, assetLinkId=link, entries=_inputs(given), replaceAll=replace)
        self.compare(*ASSETS)

    @precondition(lambda self: bool(self.model.links))
    @rule(pick=picks)
    def delete_link(self, pick: int) -> None:
        link = self.linked(pick)
        self.give("deleteAssetLink", lambda library, _: library.unlink(link), assetLinkId=link)
        self.compare(*ASSETS)

    def teardown(self) -> None:
        """Every earlier position still shows what the model was then."""
        self.compare(*ASSETS)
        moments = ((position, library, asset) for position, library in self.past for asset in ASSETS)
        for some in _chunks(moments, VIEWS_AT_ONCE):
            wanted = [expected(library, asset) for _, library, asset in some]
            found = self.read([(asset, position) for position, _, asset in some])
            for (position, _, asset), then, now in zip(some, wanted, found, strict=True):
                assert now == then, f"{asset} as of {position}"

    def reverted(self, asset: str) -> Any:
        """The newest revert, once it is done."""
        until = time.monotonic() + SECONDS_TO_REVERT
        while time.monotonic() < until:
            newest = self.client.one(REVERTS, databaseId=self.database_id, assetId=asset)["reverts"][0]
            if newest["state"] != "REQUESTED":
                assert (newest["state"], newest["skippedPaths"]) == ("DONE", [])
                return newest
            time.sleep(0.01)
        raise TimeoutError(f"The revert of {asset} is not done after {SECONDS_TO_REVERT} s.")

    def linked(self, pick: int) -> str:
        """A link of the model, or of nobody."""
        return list(self.model.links)[pick] if pick < len(self.model.links) else ABSENT

    def file_version(self, asset: str, path: str, pick: int) -> str:
        """An object version of a path, or of nobody."""
        found = self.model.assets[asset].files.get(path) if asset in self.model.assets else None
        return list(found.sizes)[pick] if found and pick < len(found.sizes) else "none"

    def give(
        self,
        name: str,
        effect: Effect,
        document: str | None = None,
        *,
        answer: str = "",
        twice: bool = False,
        **given: Any,
    ) -> Any:
        """Give a command, twice under one idempotency key if so; its payload, None when it was refused as expected."""
        wanted = _refusal(self.model.copy(), effect)
        document = document or (
            f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{"
            f" {answer} position visible errors {{ code message path }} }} }}"
        )
        if not any(key in given for key in ("owner", "assetLinkId", "fromAssetId", "uploadId")):
            given |= {"databaseId": self.database_id}
        if twice:
            given |= {"idempotencyKey": f"{self.database_id}-{next(self.keys)}"}
        payload = self.client.one(document, input=given)
        assert [error["code"] for error in payload["errors"]] == ([wanted] if wanted else [])
        if wanted:
            return None
        effect(self.model, payload)
        if twice:
            again = self.client.one(document, input=given)
            assert (again["position"], again["errors"]) == (payload["position"], [])
        self.past.append((int(payload["position"]), self.model.copy()))
        return payload

    def compare(self, *asset_ids: str) -> None:
        """The assets are what the model says."""
        found = self.read([(asset_id, None) for asset_id in asset_ids])
        assert found == [expected(self.model, asset_id) for asset_id in asset_ids]

    def read(self, wanted: list[tuple[str, int | None]]) -> list[Any]:
        """Assets as they are, or were right after a position."""
        fields = [
            f'v{n}: asset(databaseId: "{self.database_id}", assetId: "{asset}"'
            + (f', asOf: {{position: "{position}"}}' if position else "")
            + ") { ...View }"
            for n, (asset, position) in enumerate(wanted)
        ]
        return [shown(one) for one in self.client.data(f"{{ {' '.join(fields)} }} {VIEW}").values()]


def _refusal(library: Library, effect: Effect) -> str | None:
    try:
        effect(library, None)
    except Refused as refused:
        return refused.code
    return None


def _inputs(given: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in given.items()]


def _set(entries: dict[str, str], given: Mapping[str, str], replace: bool) -> None:
    if replace:
        entries.clear()
    entries.update(given)


def _remove(entries: dict[str, str], keys: Iterable[str]) -> None:
    for key in keys:
        entries.pop(key, None)


def _chunks(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    found: list[Any] = []
    for item in items:
        found.append(item)
        if len(found) == size:
            yield found
            found = []
    if found:
        yield found

"""What moveFiles and copyFiles refuse, and that nothing is recorded then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from domain.files.lifecycle import archive_files, delete_files_permanently
from domain.files.reverts import revert_file
from domain.transfers.commands import FilePair, WantedTransfer, request_transfer
from domain.transfers.events import TransferKind
from tests.domain.schemas.describing import FILES, NUMBER, given_schema, one
from tests.gateway.product import Product, order_of
from tests.gateway.recording import nothing_recorded
from tests.gateway.transfers.asking import COPY, MOVE, ended
from tests.system.client import Client

SOURCE, RESTRICTED = ("shows", "refusing"), ("restricted", "stills")
BOTH = pytest.mark.parametrize("document", [MOVE, COPY], ids=["moveFiles", "copyFiles"])
SET_METADATA = """mutation($input: SetMetadataInput!) { setMetadata(input: $input) {
  position errors { code message path } } }"""
CREATE_DATABASE = """mutation($input: CreateDatabaseInput!) { createDatabase(input: $input) {
  position errors { code message path } } }"""
ARCHIVE = (
    "mutation($input: ArchiveAssetInput!) { archiveAsset(input: $input) { position errors { code message path } } }"
)


@pytest.fixture(scope="module", autouse=True)
def given(library: Product, client: Client) -> None:
    """An asset with a.exr, its preview, b.exr and an archived file; a database for stills; one with a schema."""
    for asset in (SOURCE, ("shows", "elsewhere"), ("shows", "put_away"), ("plates", "shot")):
        client.create_asset(*asset)
    client.upload(SOURCE, {"a.exr": b"a", "b.exr": b"b", "archived.exr": b"c", "noted.exr": b"d"})
    client.upload(SOURCE, {"a.exr.previewFile.png": b"p"})
    client.upload(SOURCE, {"b.exr": b"b again"})
    client.done(CREATE_DATABASE, databaseId="restricted", description="x" * 9, restrictFileUploadsToExtensions=[".jpg"])
    client.create_asset(*RESTRICTED)
    client.done(ARCHIVE, databaseId="shows", assetId="put_away")
    archive_files(library.ledger, *SOURCE, paths=["archived.exr"], order=order_of("bob"))
    given_schema(library.ledger, one("take", NUMBER), entity_type=FILES, database_id="plates")
    owner = {"databaseId": SOURCE[0], "assetId": SOURCE[1], "path": "noted.exr"}
    client.done(SET_METADATA, owner=owner, entries=[{"key": "take", "value": "first"}])


def _pair(source: str = "a.exr", destination: str = "x.exr") -> dict[str, str]:
    return {"sourcePath": source, "destinationPath": destination}


def _to(asset: tuple[str, str]) -> dict[str, str]:
    return {"destinationDatabaseId": asset[0], "destinationAssetId": asset[1]}


FROM, TO = ["files", "0", "sourcePath"], ["files", "0", "destinationPath"]
REFUSALS: list[tuple[str, list[str], dict[str, Any]]] = [
    ("NOT_FOUND", FROM, {"files": [_pair("none.exr")]}),
    ("NOT_FOUND", ["assetId"], {"files": [_pair()], "assetId": "nobody"}),
    ("NOT_FOUND", ["assetId"], {"files": [_pair()], "destinationAssetId": "nobody"}),
    ("NOT_FOUND", ["sourcePrefix"], {"sourcePrefix": "none/"}),
    ("DESTINATION_EXISTS", TO, {"files": [_pair("a.exr", "b.exr")]}),
    ("DESTINATION_EXISTS", TO, {"files": [_pair("a.exr", "archived.exr")]}),
    ("DESTINATION_EXISTS", ["destinationPrefix"], {"sourcePrefix": "a", "destinationPrefix": "b"}),
    ("TRANSFER_ONTO_ITSELF", TO, {"files": [_pair("a.exr", "a.exr")]}),
    ("PATH_GIVEN_TWICE", ["files", "1", "destinationPath"], {"files": [_pair(), _pair("b.exr")]}),
    ("PREVIEW_FOLLOWS_FILE", FROM, {"files": [_pair("a.exr.previewFile.png")]}),
    ("PATH_INVALID", TO, {"files": [_pair("a.exr", "a//b")]}),
    ("FILE_EXTENSION_REFUSED", TO, {"files": [_pair()], **_to(RESTRICTED)}),
    ("FILE_ALREADY_ARCHIVED", FROM, {"files": [_pair("archived.exr")]}),
    ("ASSET_ALREADY_ARCHIVED", ["assetId"], {"files": [_pair()], "destinationAssetId": "put_away"}),
    ("METADATA_NOT_COMPLIANT", TO, {"files": [_pair("noted.exr")], **_to(("plates", "shot"))}),
    ("INVALID", ["files"], {}),
    ("INVALID", ["files"], {"files": [_pair()], "sourcePrefix": "a"}),
    ("INVALID", ["reason"], {"files": [_pair()], "reason": "x" * 257}),
    ("LIMIT_EXCEEDED", ["files"], {"files": [_pair(f"{n}", f"x{n}") for n in range(10_001)]}),
]


def refused(client: Client, document: str, **values: Any) -> tuple[str, list[str]]:
    """Code and path of the refusal."""
    with nothing_recorded(client):
        error = client.refused(document, **({"databaseId": SOURCE[0], "assetId": SOURCE[1]} | values))
    return error["code"], error["path"]


@BOTH
@pytest.mark.parametrize(("code", "path", "values"), REFUSALS)
def test_what_is_refused_records_nothing(
    client: Client, document: str, code: str, path: list[str], values: dict[str, Any]
) -> None:
    assert refused(client, document, **values) == (code, path)


def test_one_file_does_not_move_to_two_places(client: Client) -> None:
    files = [_pair(), _pair("a.exr", "y.exr")]
    assert refused(client, MOVE, files=files) == ("PATH_GIVEN_TWICE", ["files", "1", "sourcePath"])


@contextmanager
def workers_held(library: Product) -> Iterator[None]:
    """Jobs wait for a lock during the block, as if the worker were busy elsewhere."""
    with library.parts.pool.connection() as connection, connection.transaction():
        connection.execute("LOCK TABLE procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
        yield


def test_what_another_transfer_claims_or_takes_away_is_refused(client: Client, library: Product) -> None:
    client.create_asset("shows", "claimed")
    client.upload(("shows", "claimed"), {"a.exr": b"a", "b.exr": b"b"})
    asset = {"databaseId": "shows", "assetId": "claimed", "destinationAssetId": "elsewhere"}
    pairs = [FilePair("a.exr", "z.exr")]
    wanted = WantedTransfer(TransferKind.MOVE, ("shows", "claimed"), ("shows", "elsewhere"), pairs)
    with workers_held(library):
        request_transfer(library.ledger, "held", wanted, order=order_of("bob"))
        for document in (MOVE, COPY):
            claimed = refused(client, document, **asset, files=[_pair("b.exr", "z.exr")])
            assert claimed == ("DESTINATION_CLAIMED", TO)
        assert refused(client, MOVE, **asset, files=[_pair("a.exr", "y.exr")]) == ("SOURCE_LEAVING", FROM)


@BOTH
def test_a_path_whose_bytes_are_being_erased_takes_no_file(client: Client, library: Product, document: str) -> None:
    asset = ("shows", f"erased_{'move' if document == MOVE else 'copy'}")
    client.create_asset(*asset)
    client.upload(asset, {"a.exr": b"a", "b.exr": b"b"})
    given = {"databaseId": asset[0], "assetId": asset[1], "files": [_pair("a.exr", "b.exr")]}
    with workers_held(library):
        delete_files_permanently(library.ledger, *asset, paths=["b.exr"], is_confirmed=True, order=order_of("bob"))
        assert refused(client, document, **given) == ("FILE_BEING_ERASED", TO)


def test_a_file_that_is_being_reverted_does_not_move(client: Client, library: Product) -> None:
    versions = """{ file(databaseId: "shows", assetId: "refusing", path: "b.exr") { versions { s3VersionId } } }"""
    oldest = client.one(versions)["versions"][-1]["s3VersionId"]
    with workers_held(library):
        revert_file(library.ledger, (*SOURCE, "b.exr"), s3_version_id=oldest, order=order_of("bob"))
        assert refused(client, MOVE, files=[_pair("b.exr")]) == ("FILE_REVERT_IN_PROGRESS", ["path"])


@BOTH
def test_differing_entries_are_refused_by_the_policy_of_failing(client: Client, document: str) -> None:
    asset = ("shows", f"failing_{'move' if document == MOVE else 'copy'}")
    client.create_asset(*asset)
    client.upload(asset, {"a.exr": b"a", "b.exr": b"b"})
    owner = {"databaseId": asset[0], "assetId": asset[1]}
    for path, value in (("a.exr", "1"), ("b.exr", "2")):
        client.done(SET_METADATA, owner={**owner, "path": path}, entries=[{"key": "take", "value": value}])
    ended(client, client.done(MOVE, **owner, files=[_pair("a.exr", "away.exr")]))
    given = {**owner, "files": [_pair("b.exr", "a.exr")], "metadataPolicy": "FAIL"}
    assert refused(client, document, **given) == ("METADATA_CONFLICT", TO)


@BOTH
def test_a_key_that_was_used_for_something_else_is_refused(client: Client, document: str) -> None:
    name = "moved" if document == MOVE else "copied"
    client.create_asset("shows", f"keyed_{name}")
    client.upload(("shows", f"keyed_{name}"), {"a.exr": b"a"})
    asset = {"databaseId": "shows", "assetId": f"keyed_{name}", "idempotencyKey": f"key-{name}"}
    ended(client, client.done(document, **asset, files=[_pair()]))
    assert refused(client, document, **asset, files=[_pair("a.exr", "y.exr")])[0] == "IDEMPOTENCY_KEY_REUSED"

"""deleteFilesPermanently: what is gone, what stays as the record, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.files.asking import (
    ARCHIVE,
    ARCHIVE_ASSET,
    CREATE_VERSION,
    DELETE,
    FILES,
    PLACE,
    VERSION,
    asset_type,
    file,
    named,
    paths,
)
from tests.gateway.product import Product
from tests.gateway.recording import nothing_recorded, recording
from tests.system.client import Client
from tests.waiting import until

PREVIEW = "a.exr.previewFile.png"
SET_METADATA = """mutation($input: SetMetadataInput!) { setMetadata(input: $input) {
  position errors { code message path } } }"""


def _asset(client: Client, name: str, files: dict[str, bytes]) -> tuple[str, str]:
    asset = ("shows", name)
    client.create_asset(*asset)
    client.upload(asset, files)
    return asset


def _keys(library: Product, asset: tuple[str, str]) -> set[str]:
    """Every key below the asset that has any version or marker."""
    found = library.client.one(PLACE, d=asset[0], a=asset[1])
    versions = library.parts.objects.versions(found["bucket"]["bucketName"], found["assetLocation"])
    return {version.key.removeprefix(found["assetLocation"]) for version in versions}


def test_deleted_files_are_gone_but_for_the_record(library: Product, client: Client) -> None:
    asset = _asset(client, "deleted", {"a.exr": b"a", PREVIEW: b"p", "b.exr": b"b", "c.exr": b"c"})
    client.upload(asset, {"a.exr": b"again"})
    client.done(SET_METADATA, owner=named(asset, path="a.exr"), entries=[{"key": "take", "value": "3"}])
    client.done(CREATE_VERSION, **named(asset, comment="Before"))
    client.done(ARCHIVE, **named(asset, paths=["b.exr"]))
    head = client.head()
    with recording(client) as then:
        given = named(asset, paths=["a.exr", "b.exr", "gone"], confirmPermanentDelete=True, reason="Wrong plate")
        done = client.done(DELETE, **given)
        until(lambda: _keys(library, asset), lambda found: found == {"c.exr"})
        until(lambda: library.recorded()[-3:], lambda found: found == ["FileErased"] * 3)
    assert (done["changedCount"], done["skipped"]) == (3, [{"path": "gone", "reason": "NOT_FOUND"}])
    assert then.types == [*["FilePermanentlyDeleted"] * 3, *["FileErased"] * 3]
    assert paths(client, asset, all=True) == ["c.exr"]
    assert file(client, asset, "a.exr") is None
    assert asset_type(client, asset) == ".exr"
    assert paths(client, asset, all=True, at={"position": str(head)}) == ["a.exr", PREVIEW, "b.exr", "c.exr"]
    version = client.one(VERSION, d=asset[0], a=asset[1])["version"]["files"]["edges"]
    assert [edge["node"] for edge in version] == [
        {"path": "a.exr", "permanentlyDeleted": True, "isLatest": False},
        {"path": PREVIEW, "permanentlyDeleted": True, "isLatest": False},
        {"path": "b.exr", "permanentlyDeleted": True, "isLatest": False},
        {"path": "c.exr", "permanentlyDeleted": False, "isLatest": True},
    ]
    client.upload(asset, {"a.exr": b"a new one"})
    new = file(client, asset, "a.exr")
    assert (new["metadata"], len(new["versions"])) == ([], 1)
    assert client.one(VERSION, d=asset[0], a=asset[1])["version"]["files"]["edges"][0]["node"]["permanentlyDeleted"]


def test_the_erasure_is_shown_as_a_job(client: Client) -> None:
    asset = _asset(client, "shown", {"a.exr": b"a"})
    client.done(DELETE, **named(asset, prefix="a", confirmPermanentDelete=True))
    jobs = until(
        lambda: client.one(FILES, d=asset[0], a=asset[1])["objectJobs"],
        lambda found: [job["state"] for job in found] == ["DONE"],
    )
    assert (jobs[0]["kind"], jobs[0]["paths"]) == ("FILE_ERASURE", ["a.exr"])


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"paths": ["a.exr"], "confirmPermanentDelete": False}, "DELETION_NOT_CONFIRMED", ["confirmPermanentDelete"]),
        ({"paths": ["gone.exr"]}, "NOT_FOUND", ["paths", "0"]),
        ({"paths": ["a//b"]}, "PATH_INVALID", ["paths", "0"]),
        ({"prefix": "gone/"}, "NOT_FOUND", ["prefix"]),
        ({"paths": []}, "INVALID", ["paths"]),
        ({"paths": ["a.exr"], "assetId": "gone"}, "NOT_FOUND", ["assetId"]),
        ({"paths": ["a.exr"], "assetId": "asleep"}, "ASSET_ALREADY_ARCHIVED", ["assetId"]),
    ],
)
def test_what_cannot_be_done_is_refused_and_records_nothing(
    client: Client, refusing: tuple[str, str], given: dict[str, Any], code: str, path: list[str]
) -> None:
    with nothing_recorded(client):
        error = client.refused(DELETE, **(named(refusing, confirmPermanentDelete=True) | given))
    assert (error["code"], error["path"]) == (code, path)


@pytest.fixture(scope="module")
def refusing(client: Client) -> tuple[str, str]:
    """An asset with a file, beside one that is archived."""
    client.create_asset("shows", "asleep")
    client.done(ARCHIVE_ASSET, **named(("shows", "asleep")))
    return _asset(client, "refusing", {"a.exr": b"a"})

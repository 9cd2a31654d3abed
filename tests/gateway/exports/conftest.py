"""A product with a small library in it: an asset with two files, and three below it, one under the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.assets.commands import archive_asset, create_asset, set_asset_metadata
from domain.assets.versions import create_asset_version
from domain.buckets.commands import register_bucket
from domain.comments.commands import create_comment
from domain.databases.commands import create_database
from domain.files.commands import ObservedFile, register_files, set_file_metadata
from domain.files.events import StoredObject
from domain.ledger import Ledger
from domain.links.commands import create_asset_link, set_link_metadata
from domain.links.events import RelationshipType
from domain.links.link import AssetKey
from domain.metadata import MetadataEntry
from gateway.consumers import positions
from tests.domain.library import WRITTEN, order
from tests.gateway.exports.manifests import Manifest, read
from tests.gateway.product import Product, product

Exporting = Callable[..., Manifest]


@pytest.fixture
def shown(database_url: str, tmp_path: Path) -> Iterator[Product]:
    with product(database_url, tmp_path) as made:
        yield made


@pytest.fixture
def exporting(shown: Product) -> Exporting:
    """The manifest of `shows/shot`, over HTTP, with options by the names of their parameters."""
    fill(shown.ledger)
    await_tables(shown)

    def export(**options: Any) -> Manifest:
        response = shown.client.http.get(f"{shown.client.url}/export/assets/shows/shot", params=options)
        assert (response.status_code, response.headers["content-type"]) == (200, "application/x-ndjson")
        return read(response.content)

    return export


def fill(ledger: Ledger) -> None:
    """shot, with files, a version and a comment; its child set, its child prop; and old, an archived child of shot."""
    bucket = register_bucket(ledger, "media", base_assets_prefix="/", order=order()).result["bucketId"]
    create_database(ledger, "shows", description="All shows", default_bucket_id=bucket, order=order())
    for name in ("shot", "set", "prop", "old", "other"):
        create_asset(
            ledger, "shows", name, asset_name=name.title(), description="An asset", is_distributable=True, order=order()
        )
    register_files(ledger, "shows", "shot", files=[observed("a.exr"), observed("b/notes.txt")], order=order())
    set_asset_metadata(ledger, "shows", "shot", entries=[MetadataEntry(key="lens", value="35")], order=order())
    take = [MetadataEntry(key="take", value="3")]
    set_file_metadata(ledger, ("shows", "shot", "a.exr"), entries=take, order=order())
    create_asset_version(ledger, "shows", "shot", comment="First", version_alias="layout", order=order())
    create_comment(ledger, ("shows", "shot", "c1"), comment_body="Too dark", order=order())
    for link_id, start, end, kind in (
        ("l1", "shot", "set", RelationshipType.PARENT_CHILD),
        ("l2", "set", "prop", RelationshipType.PARENT_CHILD),
        ("l3", "shot", "old", RelationshipType.PARENT_CHILD),
        ("l4", "other", "shot", RelationshipType.RELATED),
        ("l5", "other", "shot", RelationshipType.PARENT_CHILD),
    ):
        ends: Any = {"from_asset": AssetKey("shows", start), "to_asset": AssetKey("shows", end)}
        create_asset_link(ledger, link_id, **ends, relationship_type=kind, order=order())
    set_link_metadata(ledger, "l1", entries=[MetadataEntry(key="place", value="left")], order=order())
    archive_asset(ledger, "shows", "old", order=order())


def observed(path: str) -> ObservedFile:
    stored = StoredObject(
        s3_bucket="media",
        s3_key=f"shot/{path}",
        s3_version_id="v1",
        size_bytes=7,
        etag="e1",
        last_modified=WRITTEN,
        content_type="image/x-exr",
    )
    return ObservedFile(path, stored)


def await_tables(shown: Product) -> None:
    """Wait until the tables show everything."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with shown.parts.pool.connection() as connection:
            if positions.live(connection, "tables").position >= shown.ledger.head():
                return
        time.sleep(0.05)
    pytest.fail("The tables did not reach the head of the log.")

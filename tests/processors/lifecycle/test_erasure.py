"""Permanent deletion leaves no version, marker, rendition or part in either store, and nothing of others goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.assets.asset import ASSETS
from domain.assets.commands import archive_asset, create_asset, load_asset
from domain.assets.deletion import delete_asset_permanently, delete_asset_preview
from domain.assets.errors import AssetIdSpent, AssetNotFound
from domain.assets.events import AssetErased, AssetPreviewSet
from domain.files.commands import ObservedFile, register_files
from domain.files.errors import FileBeingErased
from domain.files.events import FileErased
from domain.files.file import FILES
from domain.files.lifecycle import archive_files, delete_files_permanently
from domain.links.commands import create_asset_link, set_link_metadata
from domain.links.events import AssetLinkDeleted, AssetLinkEvent, AssetLinkMetadataRemoved, RelationshipType
from domain.links.link import AssetKey
from domain.media.commands import MediaKey, Produced, record_renditions, request_renditions
from domain.media.inspection import Inspection
from domain.stream import Decision
from domain.uploads.commands import DeclaredFile, load_upload
from domain.uploads.events import UploadType
from domain.uploads.upload import UploadState
from processors.lifecycle import tools
from processors.objects.errors import MultipartMissing
from processors.uploads.complete import stored_object
from processors.uploads.start import start
from tests.domain.library import entry, order
from tests.processors.lifecycle.life import PREFIX, SHOT, Life
from tests.processors.lifecycle.transferring import Interrupted, Interrupting

OTHER = ("shows", "shot_020")


def _delete(life: Life, *paths: str) -> None:
    delete_files_permanently(life.ledger, *SHOT, paths=paths, is_confirmed=True, order=order())


def _delete_asset(life: Life) -> None:
    delete_asset_permanently(life.ledger, *SHOT, reason="Wrong plate", is_confirmed=True, order=order())


def _pictures(life: Life, path: str) -> MediaKey:
    """Renditions of the file as a media worker leaves them, whose attempt is still open."""
    request_renditions(life.ledger, (*SHOT, path), again=False, order=order())
    stored = _file(life, path).latest
    folder, _, name = path.rpartition("/")
    stem = f"{PREFIX}{folder}{'/' if folder else ''}.proxies/{name.rpartition('.')[0]}"
    for suffix in ("_thumb.jpg", "_proxy.jpg"):
        life.objects.put(life.bucket, f"{stem}{suffix}", b"picture", content_type="image/jpeg", metadata={})
    return MediaKey(stored.s3_bucket, stored.s3_key, stored.s3_version_id, 1)


def _file(life: Life, path: str) -> Any:
    return life.ledger.load(FILES, *SHOT, path).state


def test_nothing_of_a_deleted_file_is_left_and_everything_of_others_is(life: Life) -> None:
    life.put("a.exr", b"1"), life.put("a.exr", b"2"), life.put("a.exr.previewFile.png")
    kept, near = life.put("a_b.exr"), life.put("a.exr2")
    life.objects.delete(life.bucket, f"{PREFIX}a.exr")
    life.objects.put(life.bucket, f"{PREFIX}a.exr", b"unknown", content_type="image/x-exr", metadata={})
    _pictures(life, "a.exr")
    _pictures(life, "a_b.exr")
    archive_files(life.ledger, *SHOT, paths=["a.exr"], order=order())
    life.run()
    _delete(life, "a.exr")
    life.run()
    left = life.stored()
    assert left.keys() == {"a_b.exr", "a.exr2", ".proxies/a_b_thumb.jpg", ".proxies/a_b_proxy.jpg"}
    assert (left["a_b.exr"], left["a.exr2"]) == ([kept], [near])
    assert [event.path for event in life.events() if isinstance(event, FileErased)] == [
        "a.exr",
        "a.exr.previewFile.png",
    ]
    assert life.jobs()[-1] == ("FILE_ERASURE", "DONE", ["a.exr", "a.exr.previewFile.png"], None)


def test_a_path_takes_no_file_before_the_bytes_are_gone_and_a_new_one_after(life: Life) -> None:
    old = life.put("a.exr")
    _delete(life, "a.exr")
    with pytest.raises(FileBeingErased):
        life.put("a.exr", b"too early")
    life.run()
    assert life.stored() == {}
    new = life.put("a.exr", b"new")
    assert life.stored() == {"a.exr": [new]}
    assert (_file(life, "a.exr").versions, _file(life, "a.exr").erased) == (frozenset({new}), frozenset({old}))


def test_an_object_seen_before_a_deletion_is_not_registered_after_it(life: Life) -> None:
    life.put("a.exr")
    seen = life.objects.put(life.bucket, f"{PREFIX}a.exr", b"2", content_type="image/x-exr", metadata={})
    _delete(life, "a.exr")
    life.run()
    late = ObservedFile("a.exr", stored_object(seen), deletions=0)
    with pytest.raises(FileBeingErased):
        register_files(life.ledger, *SHOT, files=[late], order=order())


def test_pictures_that_come_after_the_erasure_are_not_recorded(life: Life) -> None:
    life.put("a.exr")
    key = _pictures(life, "a.exr")
    _delete(life, "a.exr")
    life.run()
    made = Produced(Inspection(format_name="openexr", is_deep=False, frame_number=None, parts=()), (), "r", 1.0)
    assert record_renditions(life.ledger, key, produced=made, order=order()).result == {"deleted": "true"}


def test_nothing_of_a_deleted_asset_is_left(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "CHUNK", 3)
    for path in ("a.exr", "b/c.exr", "b/c.exr.previewFile.png"):
        life.put(path, b"1")
        life.put(path, b"2")
    _pictures(life, "b/c.exr")
    kept = life.put("a.exr", asset=OTHER)
    archive_asset(life.ledger, *SHOT, order=order())
    life.run()
    _delete_asset(life)
    life.run()
    assert life.stored("library/") == {"shot_020/a.exr": [kept]}
    assert isinstance(life.events()[-1], AssetErased)
    assert life.jobs()[-1] == ("ASSET_ERASURE", "DONE", None, None)
    with life.pool.connection() as connection:
        for table in ("delete_markers", "open_uploads", "asset_links"):
            assert connection.execute(f"SELECT count(*) FROM lifecycle.{table}".encode()).fetchone() == (0,)
        assert connection.execute("SELECT asset_id FROM lifecycle.asset_paths").fetchall() == [("shot_020",)]


def test_the_links_of_a_deleted_asset_go_with_their_metadata(life: Life) -> None:
    ends: Any = {"from_asset": AssetKey(*SHOT), "to_asset": AssetKey(*OTHER)}
    create_asset_link(life.ledger, "l1", **ends, relationship_type=RelationshipType.PARENT_CHILD, order=order())
    set_link_metadata(life.ledger, "l1", entries=[entry("offset", "1")], order=order())
    life.run()
    _delete_asset(life)
    life.run()
    about_link = [event for event in life.events() if isinstance(event, AssetLinkEvent)]
    assert [type(event) for event in about_link[-2:]] == [AssetLinkMetadataRemoved, AssetLinkDeleted]
    assert isinstance(life.events()[-1], AssetErased)


def test_the_open_uploads_of_a_deleted_asset_are_aborted_and_their_parts_removed(life: Life) -> None:
    files = [DeclaredFile("a.exr", 10)]
    given: Any = {"asset": SHOT, "upload_type": UploadType.ASSET_FILE, "files": files, "lifetime": timedelta(days=7)}
    start(life.ledger, life.objects, "u1", **given, order=order())
    life.run()
    _delete_asset(life)
    life.run()
    _, upload = load_upload(life.ledger, "u1")
    assert upload.state is UploadState.ABORTED
    (planned,) = upload.files
    assert planned.multipart_id is not None
    with pytest.raises(MultipartMissing):
        life.objects.parts(life.bucket, planned.s3_key, multipart_id=planned.multipart_id)


def test_the_id_of_a_deleted_asset_stays_taken(life: Life) -> None:
    _delete_asset(life)
    life.run()
    values: Any = {"asset_name": "Again", "description": "Another", "is_distributable": True}
    with pytest.raises(AssetIdSpent):
        create_asset(life.ledger, *SHOT, **values, order=order())
    with pytest.raises(AssetNotFound):
        load_asset(life.ledger, *SHOT)


@pytest.mark.parametrize("is_done_first", [True, False])
def test_an_erasure_that_dies_again_and_again_ends_with_nothing(
    life: Life, monkeypatch: pytest.MonkeyPatch, is_done_first: bool
) -> None:
    monkeypatch.setattr(tools, "CHUNK", 2)
    for n in range(9):
        life.put(f"{n}.exr")
    _delete(life, *(f"{n}.exr" for n in range(4)))
    _delete_asset(life)
    dying = Interrupting(life.objects, calls=3, is_done_first=is_done_first)
    for name, arguments in life.follow():
        for _ in range(30):
            try:
                life.work(name, arguments, dying)
            except Interrupted:
                continue
            break
    assert dying.deaths > 0
    assert life.stored() == {}
    asset = life.ledger.load(ASSETS, *SHOT).state
    assert asset is not None
    assert asset.is_erased


def test_a_deleted_preview_image_is_erased_and_a_file_with_its_key_is_not(life: Life) -> None:
    def show(body: bytes) -> None:
        made = life.objects.put(life.bucket, f"{PREFIX}preview.png", body, content_type="image/png", metadata={})
        stream, asset = load_asset(life.ledger, *SHOT)
        change = stream.then(AssetPreviewSet(**asset.key, stored=stored_object(made)))
        life.ledger.carry_out(order(), lambda: Decision((change,)))

    show(b"1")
    show(b"2")
    file = life.put("preview.png", b"a file of this name")
    delete_asset_preview(life.ledger, *SHOT, order=order())
    life.run()
    assert life.stored() == {"preview.png": [file]}
    assert life.jobs() == [("PREVIEW_ERASURE", "DONE", None, None)]

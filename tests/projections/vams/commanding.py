"""Random sequences of commands on a memory ledger, and the log they leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from hypothesis import strategies as st

from domain.assets.commands import (
    archive_asset,
    create_asset,
    remove_asset_metadata,
    set_asset_metadata,
    unarchive_asset,
    update_asset,
)
from domain.assets.deletion import delete_asset_permanently, record_asset_erased
from domain.assets.events import AssetRevertRequested, ChosenFile
from domain.assets.reverts import record_revert_failure, revert_asset_version
from domain.assets.versions import archive_asset_version, create_asset_version, update_asset_version
from domain.buckets.bucket import bucket_id
from domain.buckets.commands import register_bucket
from domain.cause import Order
from domain.databases.commands import create_database, remove_database_metadata, set_database_metadata
from domain.errors import DomainError
from domain.event import Recorded
from domain.files.commands import (
    ObservedFile,
    register_files,
    remove_file_metadata,
    set_file_metadata,
    set_primary_type,
)
from domain.files.events import FileRevertRequested, StoredObject
from domain.files.file import FILES
from domain.files.lifecycle import archive_files, delete_files_permanently, record_files_erased, unarchive_files
from domain.files.reverts import record_file_revert, record_file_revert_failure, revert_file
from domain.folders.commands import create_folder, delete_folder
from domain.ledger import recorded
from domain.media.commands import ALL_KINDS, MediaKey, Produced, record_failure, record_renditions, request_renditions
from domain.media.events import Rendition, RenditionKind
from domain.media.inspection import Inspection
from domain.media.media import MEDIA
from domain.metadata import MetadataEntry
from domain.uploads.acceptance import CompletedFile
from domain.uploads.commands import (
    DeclaredFile,
    abort_upload,
    complete_upload,
    plan_upload,
    start_upload,
)
from domain.uploads.events import UploadType
from tests.doubles.memory_ledger import MemoryLedger
from tests.projections.vams.describing import describing
from tests.projections.vams.linking import GIVEN_TAGS, tagging_and_linking
from tests.projections.vams.samples import WRITTEN
from tests.projections.vams.tape import cause
from tests.projections.vams.transferring import transferring

Command: TypeAlias = Callable[[MemoryLedger, Order], object]
BUCKET_ID = bucket_id("media", "/")

databases = st.sampled_from(["shows", "shows", "shows", "plates"])
assets = st.sampled_from(["shot_010", "shot_010", "shot_020"])
paths = st.sampled_from(["a.0001.exr", "a.0001.exr.previewFile.png", "b/c.jpg", "README"])
versions = st.sampled_from(["v1", "v2", "v3"])
words = st.sampled_from(["", "x", "y", "z"])
keys = st.sampled_from(["lens", "note", "take"])
entries = st.dictionaries(keys, words, min_size=1).map(
    lambda given: tuple(MetadataEntry(key=key, value=value) for key, value in given.items())
)


def log_of(commands: list[Command]) -> list[Recorded]:
    """The log after these commands, after a few that make an asset with files; refused ones leave nothing."""
    ledger = MemoryLedger()
    given: list[Command] = [
        lambda ledger, order: register_bucket(ledger, "media", base_assets_prefix="/", order=order),
        lambda ledger, order: create_database(
            ledger, "shows", description="All shows", default_bucket_id=BUCKET_ID, order=order
        ),
        *GIVEN_TAGS,
        _create_asset("shows", "shot_010", ()),
        _create_asset("shows", "prop", ()),
        _register("shows", "shot_010", {"a.0001.exr": "v1", "b/c.jpg": "v1"}),
    ]
    for number, command in enumerate([*given, *commands], 1):
        key = f"key-{number}" if number % 3 == 0 else None
        try:
            command(ledger, Order(cause=cause(number), idempotency_key=key))
        except DomainError:
            continue
    return [recorded(notification) for notification in ledger.recorder.select_notifications(None, 100_000)]


def _create_asset(database: str, asset: str, given: tuple[MetadataEntry, ...]) -> Command:
    return lambda ledger, order: create_asset(
        ledger,
        database,
        asset,
        asset_name=asset,
        description="A shot",
        is_distributable=True,
        metadata=given,
        order=order,
    )


def _stored(database: str, asset: str, path: str, version: str) -> StoredObject:
    return StoredObject(
        s3_bucket="media",
        s3_key=f"{database}/{asset}/{path}",
        s3_version_id=version,
        size_bytes=len(path),
        etag=version,
        last_modified=WRITTEN,
    )


def _register(database: str, asset: str, files: dict[str, str]) -> Command:
    return lambda ledger, order: register_files(
        ledger,
        database,
        asset,
        files=[ObservedFile(path, _stored(database, asset, path, version)) for path, version in files.items()],
        order=order,
    )


def _start(database: str, asset: str, path: str, upload: str) -> Command:
    def start(ledger: MemoryLedger, order: Order) -> None:
        declared = [DeclaredFile(path, 10)]
        target = (database, asset)
        _, planned = plan_upload(ledger, *target, upload_type=UploadType.ASSET_FILE, files=declared)
        start_upload(
            ledger,
            f"{upload}-{order.cause.correlation_id}",
            asset=target,
            upload_type=UploadType.ASSET_FILE,
            s3_bucket="media",
            files=planned,
            lifetime=timedelta(days=7),
            order=order,
        )

    return start


def _upload(database: str, asset: str, path: str, version: str | None) -> Command:
    def upload(ledger: MemoryLedger, order: Order) -> None:
        _start(database, asset, path, "upload")(ledger, Order(cause=order.cause))
        done = CompletedFile(path, _stored(database, asset, path, version)) if version else None
        failed = CompletedFile(path, None, error_code="TOO_LARGE", error_message="More than declared.")
        complete_upload(ledger, f"upload-{order.cause.correlation_id}", files=[done or failed], order=order)

    return upload


def _abort(database: str, asset: str, path: str) -> Command:
    def abort(ledger: MemoryLedger, order: Order) -> None:
        _start(database, asset, path, "upload")(ledger, Order(cause=order.cause))
        abort_upload(ledger, f"upload-{order.cause.correlation_id}", order=order)

    return abort


def _request(database: str, asset: str, path: str) -> Command:
    return lambda ledger, order: request_renditions(ledger, (database, asset, path), again=True, order=order)


def _attempt(ledger: MemoryLedger, file: tuple[str, str, str], order: Order) -> MediaKey:
    """A new attempt at the file's latest version, or the open one."""
    request_renditions(ledger, file, again=True, order=Order(cause=order.cause))
    latest = ledger.load(FILES, *file).state
    assert latest is not None
    stored = latest.latest
    media = ledger.load(MEDIA, stored.s3_bucket, stored.s3_version_id, stored.s3_key).state
    assert media is not None
    return MediaKey(stored.s3_bucket, stored.s3_key, stored.s3_version_id, media.request.attempt)


def _picture(kind: RenditionKind) -> Rendition:
    return Rendition(
        kind=kind,
        s3_key="t.jpg",
        s3_version_id="t1",
        content_type="image/jpeg",
        width=256,
        height=1,
        size_bytes=1,
        color_space="sRGB",
        source_color_space="sRGB",
        color_rule="tag",
    )


def _make(file: tuple[str, str, str], kinds: tuple[RenditionKind, ...]) -> Command:
    found = Inspection(format_name="openexr", is_deep=False, frame_number=1, parts=())
    made = Produced(found, tuple(map(_picture, kinds)), recipe="r", processing_seconds=1.0)
    return lambda ledger, order: record_renditions(ledger, _attempt(ledger, file, order), produced=made, order=order)


def _fail(file: tuple[str, str, str]) -> Command:
    return lambda ledger, order: record_failure(
        ledger, _attempt(ledger, file, order), code="BAD", message="Bad.", order=order
    )


def _version(database: str, asset: str, chosen: dict[str, str] | None) -> Command:
    files = None if chosen is None else tuple(ChosenFile(path=p, s3_version_id=v) for p, v in chosen.items())
    return lambda ledger, order: create_asset_version(
        ledger, database, asset, comment="A version", files=files, order=order
    )


def _revert(asset: str, number: int) -> Command:
    def revert(ledger: MemoryLedger, order: Order) -> None:
        key = ("shows", asset, number)
        revert_asset_version(ledger, key, comment="Back", with_metadata=False, order=Order(cause=order.cause))
        request = recorded(ledger.recorder.select_notifications(ledger.head(), 1)[0]).event
        assert isinstance(request, AssetRevertRequested)
        record_revert_failure(ledger, request, message="No.", order=order)

    return revert


def _file_revert(path: str, version: str, *, is_done: bool) -> Command:
    def revert(ledger: MemoryLedger, order: Order) -> None:
        key = ("shows", "shot_010", path)
        revert_file(ledger, key, s3_version_id=version, order=Order(cause=order.cause))
        request = recorded(ledger.recorder.select_notifications(ledger.head(), 1)[0]).event
        assert isinstance(request, FileRevertRequested)
        if is_done:
            stored = _stored("shows", "shot_010", path, f"copy-{order.cause.correlation_id}")
            record_file_revert(ledger, request, stored=stored, order=order)
        else:
            record_file_revert_failure(ledger, request, message="No.", order=order)

    return revert


def _delete_files(given: list[str], *, is_erased: bool) -> Command:
    def delete(ledger: MemoryLedger, order: Order) -> None:
        plain = Order(cause=order.cause)
        delete_files_permanently(ledger, "shows", "shot_010", paths=given, is_confirmed=True, order=plain)
        if is_erased:
            record_files_erased(ledger, "shows", "shot_010", paths=given, order=order)

    return delete


def _delete_asset(asset: str) -> Command:
    def delete(ledger: MemoryLedger, order: Order) -> None:
        plain = Order(cause=order.cause)
        delete_asset_permanently(ledger, "shows", asset, reason="Wrong", is_confirmed=True, order=plain)
        record_asset_erased(ledger, "shows", asset, order=order)

    return delete


def _asset_metadata(database: str, asset: str, given: tuple[MetadataEntry, ...], replace_all: bool) -> Command:
    return lambda ledger, order: set_asset_metadata(
        ledger, database, asset, entries=given, replace_all=replace_all, order=order
    )


def _file_metadata(key: tuple[str, str, str], given: tuple[MetadataEntry, ...], attributes: bool) -> Command:
    return lambda ledger, order: set_file_metadata(
        ledger, key, entries=given, replace_all=True, attributes=attributes, order=order
    )


def _create_database(database: str) -> Command:
    return lambda ledger, order: create_database(
        ledger, database, description="More", default_bucket_id=BUCKET_ID, order=order
    )


files = st.tuples(databases, assets, paths)
some_paths = st.lists(paths, min_size=1, max_size=3, unique=True)
life_cycle: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        lambda given: lambda ledger, order: archive_files(ledger, "shows", "shot_010", paths=given, order=order),
        some_paths,
    ),
    st.builds(
        lambda given: lambda ledger, order: unarchive_files(ledger, "shows", "shot_010", paths=given, order=order),
        some_paths,
    ),
    st.builds(_delete_files, some_paths, is_erased=st.booleans()),
    st.builds(_delete_asset, st.just("shot_020")),
    st.builds(_file_revert, paths, versions, is_done=st.booleans()),
    st.builds(
        lambda path, role: (
            lambda ledger, order: set_primary_type(ledger, ("shows", "shot_010", path), primary_type=role, order=order)
        ),
        paths,
        st.sampled_from(["", "primary", "lod3"]),
    ),
    st.builds(
        lambda asset, path: lambda ledger, order: create_folder(ledger, ("shows", asset, path), order=order),
        assets,
        st.sampled_from(["b", "empty"]),
    ),
    st.builds(
        lambda path: lambda ledger, order: delete_folder(ledger, ("shows", "shot_010", path), order=order),
        st.sampled_from(["b", "empty"]),
    ),
)
kinds = st.sampled_from([ALL_KINDS, ALL_KINDS[:1], ()])
commands: st.SearchStrategy[Command] = st.one_of(
    describing,
    tagging_and_linking,
    tagging_and_linking,
    life_cycle,
    life_cycle,
    life_cycle,
    st.builds(_create_database, databases),
    st.builds(_create_asset, databases, assets, entries),
    st.builds(_register, databases, assets, st.dictionaries(paths, versions, min_size=1, max_size=4)),
    st.builds(_register, st.just("shows"), st.just("shot_010"), st.dictionaries(paths, versions, min_size=1)),
    st.builds(_upload, st.just("shows"), assets, paths, st.none() | versions),
    st.builds(_abort, st.just("shows"), assets, paths),
    st.builds(_version, st.just("shows"), assets, st.none() | st.dictionaries(paths, versions)),
    st.builds(
        lambda a, number, word: (
            lambda ledger, order: update_asset_version(
                ledger, ("shows", a, number), comment=f"Comment {word}", version_alias=word, order=order
            )
        ),
        assets,
        st.integers(1, 2),
        words,
    ),
    st.builds(
        lambda a, number: lambda ledger, order: archive_asset_version(ledger, ("shows", a, number), order=order),
        assets,
        st.integers(1, 2),
    ),
    st.builds(_revert, assets, st.integers(1, 2)),
    st.builds(_asset_metadata, st.just("shows"), assets, entries, st.booleans()),
    st.builds(_file_metadata, files, entries, st.booleans()),
    st.builds(_file_metadata, st.just(("shows", "shot_010", "b/c.jpg")), entries, st.booleans()),
    st.builds(_request, st.just("shows"), assets, paths),
    st.builds(_make, files, kinds),
    st.builds(_fail, files),
    st.builds(lambda d, a: lambda ledger, order: archive_asset(ledger, d, a, order=order), databases, assets),
    st.builds(lambda d, a: lambda ledger, order: unarchive_asset(ledger, d, a, order=order), databases, assets),
    st.builds(
        lambda d, a, word: (
            lambda ledger, order: update_asset(
                ledger, d, a, asset_name=f"Name {word}", tags=(word,) if word else (), order=order
            )
        ),
        databases,
        assets,
        words,
    ),
    st.builds(
        lambda d, a, key: lambda ledger, order: remove_asset_metadata(ledger, d, a, keys=[key], order=order),
        databases,
        assets,
        keys,
    ),
    st.builds(
        lambda key, name, attributes: (
            lambda ledger, order: remove_file_metadata(ledger, key, keys=[name], attributes=attributes, order=order)
        ),
        st.just(("shows", "shot_010", "b/c.jpg")),
        keys,
        st.booleans(),
    ),
    st.builds(
        lambda d, given: lambda ledger, order: set_database_metadata(ledger, d, entries=given, order=order),
        databases,
        entries,
    ),
    st.builds(
        lambda d, key: lambda ledger, order: remove_database_metadata(ledger, d, keys=[key], order=order),
        databases,
        keys,
    ),
    transferring(databases, assets, paths),
)
logs = st.lists(commands, min_size=20, max_size=50).map(log_of)

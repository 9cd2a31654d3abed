"""Sightings of many keys become one transaction, and every key has its verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.assets.commands import archive_asset
from domain.assets.events import AssetCreated
from domain.buckets.bucket import Bucket, bucket_id
from domain.buckets.commands import register_bucket
from domain.buckets.events import AssetLocationReserved, BucketSyncDatabaseSet
from domain.databases.deletion import delete_database
from domain.databases.errors import DatabaseIsDeleted, DatabaseNotFound
from domain.databases.events import AssetEnrolled
from domain.errors import NotFound
from domain.executions.commands import Run, cancel_workflow_execution, run_workflow
from domain.files.commands import ObservedFile, register_files
from domain.files.events import FileVersionObserved, StoredObject
from domain.files.reverts import revert_file
from domain.ledger import Ledger
from domain.sync.commands import assess, record_sightings
from domain.sync.destination import set_bucket_sync_database
from domain.sync.homes import Homes
from domain.sync.sightings import SightedVersion, Sighting
from domain.sync.verdicts import Kind, Verdict
from domain.transfers.commands import FilePair, WantedTransfer, request_transfer
from domain.transfers.events import TransferKind
from domain.transfers.recording import give_up_transfer
from tests.domain.library import BUCKET_ID, WRITTEN, given_asset, given_database, given_file, order, recording, refused
from tests.domain.pipelines.scene import given_pipeline, given_workflow
from tests.doubles.memory_ledger import MemoryLedger

HOMES = Homes({BUCKET_ID: ["shows"]})


def _sighting(key: str, *, revision: int = 0, version_id: str = "v1", bucket: str = "media", **seen: Any) -> Sighting:
    stored = StoredObject(
        s3_bucket=bucket, s3_key=key, s3_version_id=version_id, size_bytes=5, etag="e", last_modified=WRITTEN
    )
    return Sighting(bucket, key, revision, (SightedVersion(version_id, stored=stored, **seen),))


def _verdicts(ledger: Ledger, *sightings: Sighting, homes: Homes = HOMES) -> list[Verdict]:
    return list(record_sightings(ledger, sightings, homes=homes, order=order())[1].verdicts)


def _codes(ledger: Ledger, *keys: str, homes: Homes = HOMES, bucket: str = "media") -> list[tuple[Kind, str]]:
    found = _verdicts(ledger, *(_sighting(key, bucket=bucket) for key in keys), homes=homes)
    return [(verdict.kind, verdict.code) for verdict in found]


@pytest.fixture
def shot(ledger: MemoryLedger) -> MemoryLedger:
    given_database(ledger)
    given_asset(ledger)
    return ledger


def test_files_of_known_and_new_assets_are_recorded_together(shot: MemoryLedger) -> None:
    keys = ("library/shot_010/a.exr", "library/fresh/a.exr", "library/fresh/b/c.exr")
    with recording(shot) as then:
        assert [verdict.kind for verdict in _verdicts(shot, *map(_sighting, keys))] == [Kind.NEW] * 3
    enrolled, reserved, created, *files = then.events
    assert isinstance(enrolled, AssetEnrolled)
    assert reserved == AssetLocationReserved(
        bucket_id=BUCKET_ID, asset_location="library/fresh/", database_id="shows", asset_id="fresh"
    )
    assert created == AssetCreated(
        database_id="shows",
        asset_id="fresh",
        asset_name="fresh",
        description="Found in the bucket.",
        is_distributable=True,
        tags=(),
        bucket_id=BUCKET_ID,
        s3_bucket="media",
        asset_location="library/fresh/",
    )
    assert [(event.asset_id, event.path) for event in files if isinstance(event, FileVersionObserved)] == [
        ("shot_010", "a.exr"),
        ("fresh", "a.exr"),
        ("fresh", "b/c.exr"),
    ]


def test_many_new_assets_of_one_part_of_the_roster_are_enrolled_at_once(shot: MemoryLedger) -> None:
    keys = [f"library/fresh {number}/a.exr" for number in range(100)]
    with recording(shot) as then:
        assert _codes(shot, *keys) == [(Kind.NEW, "")] * 100
    assert sum(isinstance(event, AssetCreated) for event in then.events) == 100
    assert sum(isinstance(event, AssetEnrolled) for event in then.events) == 100


def test_an_assessment_records_nothing(shot: MemoryLedger) -> None:
    with recording(shot) as then:
        found = assess(shot, [_sighting("library/fresh/a.exr")], homes=HOMES)
    assert ([verdict.kind for verdict in found.verdicts], found.new_assets) == ([Kind.NEW], (("shows", "fresh"),))
    assert then.events == []


def test_a_sighting_of_before_the_file_moved_on_is_stale(shot: MemoryLedger) -> None:
    key = "library/shot_010/a.exr"
    observed = ObservedFile("a.exr", _sighting(key, version_id="v0").versions[0].stored)  # type: ignore[arg-type]
    register_files(shot, "shows", "shot_010", files=[observed], order=order())
    with recording(shot) as then:
        assert _verdicts(shot, _sighting(key)) == [Verdict(Kind.STALE)]
    assert then.events == []
    assert _verdicts(shot, _sighting(key, revision=1)) == [Verdict(Kind.CHANGED)]


def test_what_an_open_transfer_or_upload_makes_is_left_to_it(shot: MemoryLedger) -> None:
    given_asset(shot, "other")
    source = _sighting("library/shot_010/a.exr")
    _verdicts(shot, source)
    pair = FilePair("a.exr", "b.exr")
    wanted = WantedTransfer(TransferKind.COPY, ("shows", "shot_010"), ("shows", "other"), [pair])
    request_transfer(shot, "transfer-1", wanted, order=order())
    copied = _sighting("library/other/b.exr", version_id="c1", transfer_id="transfer-1")
    elsewhere = _sighting("library/other/c.exr", version_id="c2", transfer_id="transfer-1")
    with recording(shot) as then:
        assert _verdicts(shot, copied, elsewhere) == [Verdict(Kind.UNCHANGED), Verdict(Kind.NEW)]
    assert [event.path for event in then.events if isinstance(event, FileVersionObserved)] == ["c.exr"]
    give_up_transfer(shot, "transfer-1", message="Not any more", order=order())
    assert _verdicts(shot, copied) == [Verdict(Kind.NEW)]


def test_what_an_open_execution_makes_is_left_to_it(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    given_pipeline(shot, "denoise", asset_type=".exr")
    given_workflow(shot, "clean", "denoise")
    run = Run(workflow=("shows", "clean"), asset=("shows", "shot_010"), paths=("a.exr",))
    run_workflow(shot, "e1", run=run, order=order())
    output = _sighting("library/shot_010/a.clean.exr", version_id="o1", execution_id="e1")
    elsewhere = _sighting("library/other/a.exr", version_id="o2", execution_id="e1")
    with recording(shot) as then:
        assert _verdicts(shot, output, elsewhere) == [Verdict(Kind.UNCHANGED), Verdict(Kind.NEW)]
    assert [event.asset_id for event in then.events if isinstance(event, FileVersionObserved)] == ["other"]
    cancel_workflow_execution(shot, "e1", reason="Not any more", order=order())
    assert _verdicts(shot, output) == [Verdict(Kind.NEW)]


def test_what_an_open_revert_makes_is_left_to_it(shot: MemoryLedger) -> None:
    key = "library/shot_010/a.exr"
    known = [_sighting(key, version_id=version).versions[0] for version in ("v1", "v2")]
    for version in known:
        assert version.stored is not None
        register_files(shot, "shows", "shot_010", files=[ObservedFile("a.exr", version.stored)], order=order())
    revert_file(shot, ("shows", "shot_010", "a.exr"), s3_version_id="v1", order=order())

    def seen(version_id: str, revert: int) -> Sighting:
        top = _sighting(key, revision=3, version_id=version_id, file_revert_id=revert)
        return replace(top, versions=(*top.versions, *reversed(known)))

    assert _verdicts(shot, seen("v3", 1)) == [Verdict(Kind.UNCHANGED)]
    assert _verdicts(shot, seen("v4", 7)) == [Verdict(Kind.CHANGED)]


def test_keys_that_can_be_no_file_say_why(shot: MemoryLedger) -> None:
    register_bucket(shot, "media", base_assets_prefix="library/shows/deep/", order=order())
    with recording(shot) as then:
        assert _codes(
            shot,
            "library/a.exr",
            "library/shows/a.exr",
            "library/a:b/c.exr",
            "library/shot_010/a//b.exr",
            "library/shot_010/../b.exr",
            f"library/shot_010/{'x' * 701}",
            "elsewhere/shot_010/a.exr",
            "library/shot_010/",
            "library/shot_010/.proxies/a_thumb.jpg",
            "library/temp-uploads/a.exr",
        ) == [
            (Kind.REFUSED, "NO_ASSET_FOLDER"),
            (Kind.REFUSED, "PREFIX_ENCLOSED"),
            (Kind.REFUSED, "ASSET_ID_INVALID"),
            (Kind.REFUSED, "PATH_INVALID"),
            (Kind.REFUSED, "PATH_INVALID"),
            (Kind.REFUSED, "PATH_INVALID"),
            (Kind.REFUSED, "BUCKET_NOT_REGISTERED"),
            (Kind.PASSED_OVER, "FOLDER"),
            (Kind.PASSED_OVER, "RENDITION"),
            (Kind.PASSED_OVER, "RESERVED_FOLDER"),
        ]
    assert then.events == []


def test_a_key_that_can_be_no_file_and_is_not_there_is_no_problem(shot: MemoryLedger) -> None:
    gone = Sighting("media", "library/a.exr", 0, (SightedVersion("m1", is_delete_marker=True),))
    assert _verdicts(shot, gone) == [Verdict(Kind.UNCHANGED)]


def test_nothing_is_recorded_of_what_is_archived_deleted_or_unwanted(shot: MemoryLedger) -> None:
    given_asset(shot, "resting")
    archive_asset(shot, "shows", "resting", order=order())
    create = {"restrict_file_uploads_to_extensions": (".exr",)}
    given_database(shot, "picky", **create)
    given_database(shot, "gone")
    delete_database(shot, "gone", order=order())
    with recording(shot) as then:
        assert _codes(shot, "library/resting/a.exr") == [(Kind.IGNORED, "ASSET_ALREADY_ARCHIVED")]
        for home, key, expected in (
            ("picky", "library/x/a.jpg", (Kind.REFUSED, "FILE_EXTENSION_REFUSED")),
            ("gone", "library/x/a.exr", (Kind.IGNORED, "DATABASE_IS_DELETED")),
            ("never", "library/x/a.exr", (Kind.REFUSED, "DATABASE_UNKNOWN")),
        ):
            assert _codes(shot, key, homes=Homes(named=home)) == [expected]
    assert then.events == []


def test_an_asset_of_the_name_elsewhere_is_not_mixed_with_the_folder(shot: MemoryLedger) -> None:
    register_bucket(shot, "media", base_assets_prefix="other/", order=order())
    homes = Homes(named="shows")
    with recording(shot) as then:
        assert _codes(shot, "other/shot_010/a.exr", homes=homes) == [(Kind.REFUSED, "ASSET_ELSEWHERE")]
    assert then.events == []


def test_the_database_is_the_named_one_the_bucket_s_own_or_its_only_user(shot: MemoryLedger) -> None:
    given_database(shot, "second")
    both = Homes({BUCKET_ID: ["second", "shows"]})
    nobody = Homes({})
    assert _codes(shot, "library/x/a.exr", homes=nobody) == [(Kind.REFUSED, "DATABASE_UNKNOWN")]
    assert _codes(shot, "library/x/a.exr", homes=both) == [(Kind.REFUSED, "DATABASE_AMBIGUOUS")]
    with recording(shot) as then:
        set_bucket_sync_database(shot, BUCKET_ID, sync_database_id="second", order=order())
        set_bucket_sync_database(shot, BUCKET_ID, sync_database_id="second", order=order())
    assert then.events == [BucketSyncDatabaseSet(bucket_id=BUCKET_ID, sync_database_id="second")]
    for key, homes, database_id in (("x", both, "second"), ("y", Homes(named="shows"), "shows")):
        found = assess(shot, [_sighting(f"library/{key}/a.exr")], homes=homes)
        assert found.new_assets == ((database_id, key),)


def test_a_database_for_a_bucket_exists_and_is_not_deleted(shot: MemoryLedger) -> None:
    given_database(shot, "gone")
    delete_database(shot, "gone", order=order())
    with refused(shot, NotFound, "bucketId"):
        set_bucket_sync_database(shot, "none", sync_database_id=None, order=order())
    with refused(shot, DatabaseNotFound, "databaseId"):
        set_bucket_sync_database(shot, BUCKET_ID, sync_database_id="none", order=order())
    with refused(shot, DatabaseIsDeleted, "databaseId"):
        set_bucket_sync_database(shot, BUCKET_ID, sync_database_id="gone", order=order())


def test_an_unregistered_bucket_can_be_assessed_as_if_it_were_registered(shot: MemoryLedger) -> None:
    assumed = Bucket(bucket_id("vendors", "/"), "vendors", "/")
    homes = Homes(named="shows", assumed=assumed)
    found = assess(shot, [_sighting("scan/a.exr", bucket="vendors")], homes=homes)
    assert (found.verdicts, found.new_assets) == ((Verdict(Kind.NEW),), (("shows", "scan"),))

"""A generated log is what commands would have recorded: it reads the same, and any command may follow it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from eventsourcing.persistence import StoredEvent

from domain.assets.commands import update_asset
from domain.assets.events import AssetArchived, AssetCreated
from domain.buckets.commands import register_bucket
from domain.comments.commands import create_comment
from domain.databases.commands import update_database
from domain.databases.events import DatabaseCreated
from domain.errors import DomainError
from domain.event import Event, encode, stored_topic
from domain.files.commands import set_file_metadata
from domain.files.events import FileArchived, FileEvent, FileUploaded, FileVersionObserved, FileVersionSeen
from domain.links.commands import set_link_metadata
from domain.links.events import AssetLinkCreated
from domain.media.commands import request_renditions
from domain.media.events import MediaEvent, MediaInspected, RenditionsRequested
from domain.metadata import MetadataEntry
from domain.stream import Outcome
from domain.tags.commands import create_tag, delete_tag
from domain.tags.errors import TagInUse
from domain.uploads.commands import abort_upload
from domain.uploads.errors import UploadClosed
from domain.uploads.events import UploadCompleted
from gateway.demo.studio.draft import Draft
from gateway.demo.studio.errors import LogTooLong
from gateway.demo.studio.generate import generate
from gateway.ledger.errors import LogMoved
from gateway.ledger.opening import OpenLedger, open_ledger
from gateway.ledger.schema import migrate
from tests.gateway.demo.studio.making import EVENTS, SEED, events, order, rows

ENTRY = MetadataEntry(key="checked", value="yes")


def _generate(log: OpenLedger, *, seed: int = SEED) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    bucket = register_bucket(log.ledger, "assets", base_assets_prefix="/", order=order())
    generate(
        log.recorder,
        bucket.result["bucketId"],
        events=EVENTS,
        seed=seed,
        tell=lambda done, wanted: told.append((done, wanted)),
    )
    return told


def _records(log: OpenLedger, command: Callable[[], Outcome]) -> bool:
    head = log.ledger.head()
    return command().position == log.ledger.head() > head


def _active_assets(found: Sequence[Event]) -> set[tuple[str, str]]:
    created = {(event.database_id, event.asset_id) for event in found if isinstance(event, AssetCreated)}
    return created - {(event.database_id, event.asset_id) for event in found if isinstance(event, AssetArchived)}


def _place(event: FileEvent | MediaEvent) -> tuple[str, str, str]:
    return event.database_id, event.asset_id, event.path


def test_it_has_at_least_as_many_events_as_asked_for_in_every_noun(log: OpenLedger) -> None:
    counts = Counter(row.topic for row in rows(log))
    assert counts.total() > EVENTS
    assert {
        "asset-created", "asset-described", "asset-retagged", "asset-metadata-set", "asset-version-created",
        "file-uploaded", "file-version-observed", "file-attributes-set", "upload-started", "upload-completed",
        "renditions-requested", "media-inspected", "renditions-produced", "asset-link-created", "tag-applied",
        "database-created", "asset-enrolled",
    } <= counts.keys()  # fmt: skip


def test_positions_and_revisions_have_no_gap(log: OpenLedger) -> None:
    stored = rows(log)
    assert [row.position for row in stored] == list(range(1, len(stored) + 1))
    revisions: Counter[object] = Counter()
    for row in stored:
        revisions[row.stream_id] += 1
        assert row.revision == revisions[row.stream_id]


def test_every_state_is_what_the_log_would_store_of_the_event(log: OpenLedger) -> None:
    for row, entry in zip(rows(log), events(log), strict=True):
        assert (row.topic, row.state) == (stored_topic(type(entry.event)), encode(entry.cause, entry.event))


def test_time_goes_forward_and_answers_name_what_they_answer(log: OpenLedger) -> None:
    log_events = list(events(log))[1:]
    times = [entry.cause.at for entry in log_events]
    assert times == sorted(times)
    by_position = {entry.position: entry.event for entry in log_events}
    requests = [entry for entry in log_events if isinstance(entry.event, RenditionsRequested)]
    for entry in requests:
        cause = by_position[entry.cause.causation_position or 0]
        assert isinstance(cause, FileUploaded | FileVersionObserved)
        assert isinstance(entry.event, RenditionsRequested)
        assert cause.path == entry.event.path
    inspections = [entry for entry in log_events if isinstance(entry.event, MediaInspected)]
    assert all(
        isinstance(by_position[entry.cause.causation_position or 0], RenditionsRequested) for entry in inspections
    )
    assert len(inspections) > 50


def test_a_seed_gives_the_same_log_and_another_seed_another(log: OpenLedger, empty_database_url: str) -> None:
    migrate(empty_database_url)
    with open_ledger(empty_database_url) as other:
        told = _generate(other)
        assert rows(other)[1:] == rows(log)[1:]
        assert told[-1] == (len(rows(other)) - 1, EVENTS)
        _generate(other, seed=8)
        assert len({event.event.asset_id for event in events(other) if isinstance(event.event, AssetCreated)}) > 1


def test_every_database_and_active_asset_takes_a_next_command(log: OpenLedger) -> None:
    found = [entry.event for entry in events(log)]
    databases = [event.database_id for event in found if isinstance(event, DatabaseCreated)]
    for database_id in databases:
        assert _records(log, lambda i=database_id: update_database(log.ledger, i, description="after", order=order()))  # type: ignore[misc]
    assert len(databases) == 7
    assets = _active_assets(found)
    for key in assets:
        assert _records(log, lambda key=key: update_asset(log.ledger, *key, tags=("final", "wip"), order=order()))  # type: ignore[misc]
        assert _records(
            log,
            lambda key=key: create_comment(log.ledger, (*key, "after"), comment_body="After.", order=order()),  # type: ignore[misc]
        )
    assert len(assets) > 5


def test_every_file_and_picture_in_work_takes_a_next_command(log: OpenLedger) -> None:
    found = [entry.event for entry in events(log)]
    active = _active_assets(found)
    resting = {_place(event) for event in found if isinstance(event, FileArchived)}
    files = {_place(event) for event in found if isinstance(event, FileVersionSeen)} - resting
    files = {file for file in files if file[:2] in active}
    for file in sorted(files)[::3]:
        assert _records(log, lambda file=file: set_file_metadata(log.ledger, file, entries=[ENTRY], order=order()))  # type: ignore[misc]
    pictures = {_place(event) for event in found if isinstance(event, RenditionsRequested)} & files
    for file in sorted(pictures)[::3]:
        assert _records(log, lambda file=file: request_renditions(log.ledger, file, again=True, order=order()))  # type: ignore[misc]
    assert len(files) > len(pictures) > 50


def test_every_link_takes_a_next_command_and_every_upload_is_over(log: OpenLedger) -> None:
    found = [entry.event for entry in events(log)]
    links = [event.asset_link_id for event in found if isinstance(event, AssetLinkCreated)]
    for link in links:
        assert _records(log, lambda link=link: set_link_metadata(log.ledger, link, entries=[ENTRY], order=order()))  # type: ignore[misc]
    uploads = [event.upload_id for event in found if isinstance(event, UploadCompleted)]
    for upload_id in uploads:
        with pytest.raises(UploadClosed):
            abort_upload(log.ledger, upload_id, order=order())
    assert links
    assert uploads


def test_its_tags_are_in_use_and_their_vocabulary_goes_on(log: OpenLedger) -> None:
    create_tag(log.ledger, "retired", tag_type_name="status", order=order())
    with pytest.raises(TagInUse):
        delete_tag(log.ledger, "sequence", order=order())
    delete_tag(log.ledger, "retired", order=order())


def test_the_same_seed_twice_is_refused_and_records_nothing(log: OpenLedger) -> None:
    before = log.ledger.head()
    with pytest.raises(DomainError, match="aurora-7"):
        _generate(log)
    assert log.ledger.head() == before


def test_a_log_that_is_long_already_is_refused(log: OpenLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.demo.studio.generate.MOST_BEFORE", 10)
    with pytest.raises(LogTooLong, match="a data directory or database of its own"):
        _generate(log, seed=8)


def test_nothing_is_recorded_beside_another_writer(log: OpenLedger) -> None:
    draft = Draft(log.recorder, after=log.recorder.last_given_position())
    row = rows(log)[-1]
    create_tag(log.ledger, "meanwhile", tag_type_name="status", order=order())
    before = rows(log)
    draft.insert_events([StoredEvent(row.stream_id, row.revision + 1, row.topic, row.state)])
    with pytest.raises(LogMoved, match="another process writes to it"):
        draft.flush()
    assert rows(log) == before

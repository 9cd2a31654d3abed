"""32 writers in two processes of their own, on one real Postgres: what they leave behind is one documented state."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from domain.assets.events import AssetArchived, AssetCreated, AssetVersionCreated
from domain.catalogue import TOPICS
from domain.event import Event
from domain.files.events import FileArchived, FileUploaded
from domain.files.file import FILES
from domain.links.events import AssetLinkCreated
from domain.tags.events import TagDeleted
from domain.uploads.events import UploadCompleted
from gateway.ledger.opening import OpenLedger, open_ledger
from tests.domain.library import given_asset, given_database, given_file, given_tags
from tests.gateway.races.contestant import FILE, IN_A_PROCESS, SHOT, WRITERS, start

ROOT = Path(__file__).parents[3]
ROUNDS = range(3)
ARCHIVERS = 4


@pytest.fixture
def log(database_url: str) -> Iterator[OpenLedger]:
    """The log of a library with one asset, which has a file, and a tag."""
    with open_ledger(database_url) as log:
        given_database(log.ledger)
        given_asset(log.ledger)
        given_file(log.ledger, FILE)
        given_tags(log.ledger, "hero", "other")
        yield log


def _held(url: str, contest: str) -> list[str | None]:
    """Hold the contest; how the command of each writer ended."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.gateway.races.contestant", url, contest, str(first)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for first in range(0, WRITERS, IN_A_PROCESS)
    ]
    answers: list[str | None] = []
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        answered, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        answers += json.loads(answered)
    return answers


def _events(log: OpenLedger) -> list[Event]:
    return [TOPICS.decode(row.topic, row.state).event for row in log.recorder.select_page(0, 100_000)]


def _counts(answers: list[str | None]) -> dict[str | None, int]:
    return {answer: answers.count(answer) for answer in set(answers)}


def test_versions_are_numbered_without_gap_or_repeat(log: OpenLedger, database_url: str) -> None:
    assert _held(database_url, "version") == [None] * WRITERS
    made = [event.asset_version_id for event in _events(log) if isinstance(event, AssetVersionCreated)]
    assert made == list(range(1, WRITERS + 1))


@pytest.mark.parametrize("round_number", ROUNDS)
def test_links_that_together_close_a_ring_leave_it_open(log: OpenLedger, database_url: str, round_number: int) -> None:
    for number in range(WRITERS):
        given_asset(log.ledger, f"a{number}")
    assert _counts(_held(database_url, "ring")) == {None: WRITERS - 1, "LinkWouldCycle": 1}
    links = [event for event in _events(log) if isinstance(event, AssetLinkCreated)]
    assert len(links) == WRITERS - 1
    TopologicalSorter({link.to_asset_id: [link.from_asset_id] for link in links}).prepare()


@pytest.mark.parametrize("round_number", ROUNDS)
def test_a_tag_is_deleted_or_used_and_never_both(log: OpenLedger, database_url: str, round_number: int) -> None:
    counts = _counts(_held(database_url, "tag"))
    events = _events(log)
    tagged = [event for event in events if isinstance(event, AssetCreated) and "hero" in event.tags]
    if any(isinstance(event, TagDeleted) for event in events):
        assert tagged == []
        assert counts == {None: 1, "TagNotFound": WRITERS - 1}
    else:
        assert len(tagged) == WRITERS - ARCHIVERS
        assert counts == {None: WRITERS - ARCHIVERS, "TagInUse": ARCHIVERS}


@pytest.mark.parametrize("round_number", ROUNDS)
def test_an_upload_comes_before_the_asset_is_archived_or_is_refused(
    log: OpenLedger, database_url: str, round_number: int
) -> None:
    for writer in range(WRITERS):
        start(log.ledger, writer, path=f"{writer}.exr")
    counts = _counts(_held(database_url, "asset"))
    events = _events(log)
    (archived,) = (place for place, event in enumerate(events) if isinstance(event, AssetArchived))
    uploaded = [place for place, event in enumerate(events) if isinstance(event, FileUploaded)]
    completed = [place for place, event in enumerate(events) if isinstance(event, UploadCompleted)]
    assert all(place < archived for place in (*uploaded, *completed))
    assert counts == {None: len(uploaded) + 1, "AssetAlreadyArchived": WRITERS - len(uploaded) - 1}


@pytest.mark.parametrize("round_number", ROUNDS)
def test_a_file_is_archived_with_every_version_that_came_before_and_none_after(
    log: OpenLedger, database_url: str, round_number: int
) -> None:
    for writer in range(WRITERS):
        start(log.ledger, writer, path=FILE)
    counts = _counts(_held(database_url, "file"))
    events = _events(log)
    (archived,) = (place for place, event in enumerate(events) if isinstance(event, FileArchived))
    uploaded = [place for place, event in enumerate(events) if isinstance(event, FileUploaded)]
    assert all(place < archived for place in uploaded)
    assert counts == {None: WRITERS - ARCHIVERS + 1, "FileAlreadyArchived": ARCHIVERS - 1}
    file = log.ledger.load(FILES, *SHOT, FILE).state
    assert file is not None
    assert file.is_archived
    errors = [one.error_code for event in events if isinstance(event, UploadCompleted) for one in event.files]
    assert errors.count("FILE_ALREADY_ARCHIVED") == WRITERS - ARCHIVERS - len(uploaded)

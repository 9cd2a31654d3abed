"""What a sighting adds to a file, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from domain.files.events import (
    FileArchived,
    FileDeleteMarkerObserved,
    FileDeleteMarkerVanished,
    FileEvent,
    FileMovedAway,
    FilePermanentlyDeleted,
    FilePlace,
    FileUnarchived,
    FileVersionObserved,
    FileVersionVanished,
    StoredObject,
)
from domain.files.file import File, evolve
from domain.sync.sightings import MARKED, STILL_ARCHIVED, UNMARKED, SightedVersion, is_in_order, news, to_describe
from domain.sync.verdicts import Kind
from tests.domain.library import ASSET, WRITTEN

KEY: Any = {**ASSET, "path": "a.exr"}


def _stored(version_id: str) -> StoredObject:
    return StoredObject(
        s3_bucket="media",
        s3_key="library/shot_010/a.exr",
        s3_version_id=version_id,
        size_bytes=5,
        etag="e",
        last_modified=WRITTEN,
    )


def _seen(*ids: str) -> list[SightedVersion]:
    """Newest first; ids that begin with m are markers, those that begin with ? have not been described."""
    return [
        SightedVersion(one.strip("?"), is_delete_marker=one[0] == "m", stored=None if one[0] in "m?" else _stored(one))
        for one in ids
    ]


def _file(*events: FileEvent) -> File:
    file = None
    for event in events:
        file = evolve(file, event)
    assert file is not None
    return file


def _observed(version_id: str) -> FileVersionObserved:
    return FileVersionObserved(**KEY, stored=_stored(version_id))


def _vanished(version_id: str) -> FileVersionVanished:
    return FileVersionVanished(**KEY, s3_version_id=version_id)


MARK = FileDeleteMarkerObserved(**KEY, s3_version_id="m1")
ONE, TWO = _observed("v1"), _observed("v2")
ARCHIVED = FileArchived(**KEY, reason=MARKED)
BY_HAND = FileArchived(**KEY, reason="By hand")
LEFT = FileMovedAway(
    **KEY, transfer_id="t", destination=FilePlace(database_id="shows", asset_id="shot_010", path="b.exr")
)


@pytest.mark.parametrize(
    ("file", "seen", "kind", "events"),
    [
        pytest.param(None, [], Kind.UNCHANGED, [], id="nothing is there and nothing is known"),
        pytest.param(None, ["v2", "v1"], Kind.NEW, [ONE, TWO], id="a new file has all its versions, oldest first"),
        pytest.param(None, ["m1"], Kind.UNCHANGED, [], id="a marker alone is no file"),
        pytest.param(None, ["m1", "v1"], Kind.NEW, [ONE, MARK, ARCHIVED], id="a file that was deleted before"),
        pytest.param(None, ["v2", "m1"], Kind.NEW, [TWO], id="a marker below everything is no news"),
        pytest.param([ONE], ["v1"], Kind.UNCHANGED, [], id="all is known"),
        pytest.param([ONE], ["v2", "v1"], Kind.CHANGED, [TWO], id="a version on top"),
        pytest.param([TWO], ["v2", "v1"], Kind.UNCHANGED, [], id="older versions stay in the unrecorded past"),
        pytest.param([ONE], ["m1", "v1"], Kind.ARCHIVED, [MARK, ARCHIVED], id="a marker on top"),
        pytest.param([ONE], ["v2", "m1", "v1"], Kind.CHANGED, [MARK, TWO], id="a marker that was covered"),
        pytest.param([ONE], ["m1", "v2", "v1"], Kind.ARCHIVED, [TWO, MARK, ARCHIVED], id="a version and a marker"),
        pytest.param([ONE, BY_HAND], ["v1"], Kind.UNCHANGED, [], id="archived by hand stays archived"),
        pytest.param([ONE, BY_HAND], ["m1", "v1"], Kind.ARCHIVED, [MARK], id="archived is archived once"),
        pytest.param([ONE, BY_HAND], ["v2", "v1"], Kind.CHANGED, [TWO], id="new bytes bring a file back"),
        pytest.param(
            [ONE, MARK, ARCHIVED],
            ["v1"],
            Kind.RESTORED,
            [FileDeleteMarkerVanished(**KEY, s3_version_id="m1"), FileUnarchived(**KEY, reason=UNMARKED)],
            id="a marker was taken away",
        ),
        pytest.param(
            [ONE, MARK, ARCHIVED, FileUnarchived(**KEY)],
            ["m1", "v1"],
            Kind.UNCHANGED,
            [],
            id="a marker that people overruled",
        ),
        pytest.param([ONE, TWO], ["v2"], Kind.VANISHED, [_vanished("v1")], id="an old version was erased"),
        pytest.param([ONE, TWO], ["v1"], Kind.VANISHED, [_vanished("v2"), ONE], id="the latest was erased"),
        pytest.param([ONE], [], Kind.VANISHED, [_vanished("v1")], id="all was erased"),
        pytest.param([ONE, _vanished("v1")], [], Kind.UNCHANGED, [], id="it is erased once"),
        pytest.param([ONE, _vanished("v1")], ["v2"], Kind.CHANGED, [TWO], id="bytes come again after all was erased"),
        pytest.param(
            [ONE, TWO, BY_HAND],
            ["v1"],
            Kind.VANISHED,
            [_vanished("v2"), ONE, FileArchived(**KEY, reason=STILL_ARCHIVED)],
            id="an archived file stays archived when its latest version is erased",
        ),
        pytest.param(
            [ONE, MARK, TWO],
            ["m1", "v1"],
            Kind.ARCHIVED,
            [_vanished("v2"), ONE, MARK, ARCHIVED],
            id="a marker is on top again when what covered it is erased",
        ),
        pytest.param(
            [ONE, MARK, FileDeleteMarkerObserved(**KEY, s3_version_id="m2"), ARCHIVED],
            ["m1", "v1"],
            Kind.VANISHED,
            [FileDeleteMarkerVanished(**KEY, s3_version_id="m2"), MARK],
            id="a marker below the one that was taken away",
        ),
        pytest.param(
            [ONE, MARK, ARCHIVED],
            [],
            Kind.VANISHED,
            [FileDeleteMarkerVanished(**KEY, s3_version_id="m1"), _vanished("v1")],
            id="marker and version are gone",
        ),
        pytest.param([ONE, LEFT], ["m1", "v1"], Kind.UNCHANGED, [], id="our own marker where a file moved away"),
        pytest.param([ONE, LEFT], ["v2", "m1", "v1"], Kind.NEW, [TWO], id="another file where one moved away"),
        pytest.param(
            [ONE, FilePermanentlyDeleted(**KEY)], ["v1"], Kind.UNCHANGED, [], id="deleted versions never come back"
        ),
        pytest.param([ONE, FilePermanentlyDeleted(**KEY)], ["v2"], Kind.NEW, [TWO], id="another file after a deletion"),
    ],
)
def test_what_is_seen_says_what_is_new(
    file: list[FileEvent] | None, seen: list[str], kind: Kind, events: list[FileEvent]
) -> None:
    state = None if file is None else _file(*file)
    found = news(state, KEY, _seen(*seen))
    assert (found.kind, list(found.events)) == (kind, events)
    for event in found.events:
        state = evolve(state, event)
    again = news(state, KEY, _seen(*seen))
    assert (again.kind, again.events) == (Kind.UNCHANGED, ())
    if file is not None:
        assert is_in_order(_file(*file), _seen(*seen)) == (not events)
        assert is_in_order(_file(*file, *events), _seen(*seen))


@pytest.mark.parametrize(
    ("file", "seen", "expected"),
    [
        (None, ["?v2", "?v1"], ["v2", "v1"]),
        ([ONE], ["?v3", "m1", "?v2", "?v1"], ["v3", "v2"]),
        ([ONE], ["?v1"], []),
        ([ONE, TWO], ["?v1"], ["v1"]),
        ([ONE], [], []),
        ([ONE], ["m1"], []),
        ([ONE, LEFT], ["m1", "?v1"], []),
    ],
)
def test_only_what_may_be_recorded_is_described(
    file: list[FileEvent] | None, seen: list[str], expected: list[str]
) -> None:
    assert to_describe(None if file is None else _file(*file), _seen(*seen)) == expected


def test_a_version_that_was_gone_before_it_could_be_described_is_left_out() -> None:
    assert news(None, KEY, _seen("?v1")).events == ()
    assert news(_file(ONE), KEY, _seen("?v2", "v1")).events == ()

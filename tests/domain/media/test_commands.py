"""Asking for renditions and recording what became of it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from domain.errors import NotFound
from domain.files.errors import FileNotFound
from domain.files.paths import PathInvalid
from domain.media.commands import MediaKey, Produced, record_failure, record_renditions, request_renditions
from domain.media.events import (
    MediaInspected,
    Rendition,
    RenditionKind,
    RenditionsFailed,
    RenditionsProduced,
    RenditionsRequested,
    RenditionStemReserved,
)
from domain.media.inspection import Inspection
from domain.stream import Outcome
from tests.domain.library import ASSET, LOCATION, WRITTEN, given_file, order, recording, refused, stored
from tests.doubles.memory_ledger import MemoryLedger

KINDS = (RenditionKind.THUMBNAIL, RenditionKind.PROXY)
FOUND = Inspection(format_name="openexr", is_deep=False, frame_number=None, parts=())
PICTURE = Rendition(
    kind=RenditionKind.THUMBNAIL,
    s3_key="t.jpg",
    s3_version_id="t1",
    content_type="image/jpeg",
    width=256,
    height=144,
    size_bytes=4096,
    color_space="sRGB",
    source_color_space="ACEScg",
    color_rule="extension",
)
MADE = Produced(FOUND, (PICTURE,), recipe="r1", processing_seconds=0.5)


def _source(path: str = "a.exr", version: str = "v1") -> Any:
    return {
        **ASSET,
        "path": path,
        "s3_bucket": "media",
        "s3_key": f"{LOCATION}{path}",
        "s3_version_id": version,
        "size_bytes": 1000,
        "last_modified": WRITTEN,
    }


def _requested(path: str = "a.exr", stem: str = "a", *, version: str = "v1", attempt: int = 1) -> RenditionsRequested:
    return RenditionsRequested(
        **_source(path, version), attempt=attempt, kinds=KINDS, rendition_stem=f"{LOCATION}.proxies/{stem}"
    )


def _reserved(path: str, stem: str) -> RenditionStemReserved:
    return RenditionStemReserved(
        s3_bucket="media", rendition_stem=f"{LOCATION}.proxies/{stem}", s3_key=f"{LOCATION}{path}"
    )


def _request(ledger: MemoryLedger, path: str = "a.exr", *, again: bool = False, **values: Any) -> Outcome:
    return request_renditions(ledger, ("shows", "shot_010", path), again=again, order=order(), **values)


def _key(attempt: int = 1, *, path: str = "a.exr", version: str = "v1") -> MediaKey:
    return MediaKey("media", f"{LOCATION}{path}", version, attempt)


def test_a_request_reserves_a_stem_and_opens_the_first_attempt(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    with recording(shot) as then:
        _request(shot, "/a.exr")
    assert then.events == [_reserved("a.exr", "a"), _requested()]


def test_sources_that_differ_in_extension_only_get_stems_of_their_own(shot: MemoryLedger) -> None:
    digest = sha256(f"{LOCATION}a.exr".encode()).hexdigest()[:16]
    expected = {"a.exr": "a", "a.jpg": "a.jpg", "a.exr.tif": "a.exr", "b/a.exr": None}
    stems = []
    for path in expected:
        given_file(shot, path)
        with recording(shot) as then:
            _request(shot, path)
        stems.append(then.events[0])
    assert stems[:3] == [_reserved(path, stem) for path, stem in expected.items() if stem]
    folder = RenditionStemReserved(
        s3_bucket="media", rendition_stem=f"{LOCATION}b/.proxies/a", s3_key=f"{LOCATION}b/a.exr"
    )
    assert stems[3] == folder
    assert digest not in str(stems)


def test_a_source_whose_two_stems_are_taken_gets_one_with_its_digest(shot: MemoryLedger) -> None:
    for path in ("a.jpg", "a.exr.tif", "a.exr"):
        given_file(shot, path)
    _request(shot, "a.jpg")
    _request(shot, "a.exr.tif")
    digest = sha256(f"{LOCATION}a.exr".encode()).hexdigest()[:16]
    with recording(shot) as then:
        _request(shot, "a.exr")
    stem = f"a.exr.{digest}"
    assert then.events == [_reserved("a.exr", stem), _requested("a.exr", stem)]


def test_no_file_name_can_take_the_last_stem_of_another(shot: MemoryLedger) -> None:
    first = sha256(f"{LOCATION}a.exr".encode()).hexdigest()[:16]
    second = sha256(f"{LOCATION}a.exr/".encode()).hexdigest()[:16]
    for path in ("a.jpg", "a.exr.tif", f"a.exr.{first}.tif"):
        given_file(shot, path)
        _request(shot, path)
    given_file(shot, "a.exr")
    with recording(shot) as then:
        _request(shot, "a.exr")
    assert then.events[0] == _reserved("a.exr", f"a.exr.{second}")


def test_another_version_of_a_source_keeps_its_stem(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr", "v1")
    _request(shot)
    given_file(shot, "a.exr", "v2")
    with recording(shot) as then:
        _request(shot)
    assert then.events == [_requested(version="v2")]


def test_an_older_version_may_be_named(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr", "v1")
    given_file(shot, "a.exr", "v2")
    with recording(shot) as then:
        _request(shot, stored=stored("a.exr", "v1"))
    assert then.events == [_reserved("a.exr", "a"), _requested(version="v1")]


def test_an_open_request_is_left_as_it_is(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    _request(shot)
    with recording(shot) as then:
        _request(shot)
        _request(shot, again=True)
    assert then.events == []


def test_a_finished_request_is_repeated_only_when_asked_again(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    _request(shot)
    record_failure(shot, _key(), code="BAD", message="Bad.", order=order())
    with recording(shot) as then:
        _request(shot)
        _request(shot, again=True)
    assert then.events == [_requested(attempt=2)]


def test_what_an_attempt_made_is_recorded_once(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    _request(shot)
    with recording(shot) as then:
        record_renditions(shot, _key(), produced=MADE, order=order())
        record_renditions(shot, _key(), produced=MADE, order=order())
        record_failure(shot, _key(), code="BAD", message="Bad.", order=order())
    assert then.events == [
        MediaInspected(**_source(), attempt=1, inspection=FOUND),
        RenditionsProduced(**_source(), attempt=1, recipe="r1", processing_seconds=0.5, renditions=(PICTURE,)),
    ]


def test_why_an_attempt_made_nothing_is_recorded_once(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    _request(shot)
    with recording(shot) as then:
        record_failure(shot, _key(), code="TRUNCATED", message="It ends early.", order=order())
        record_failure(shot, _key(), code="TRUNCATED", message="It ends early.", order=order())
        record_renditions(shot, _key(), produced=MADE, order=order())
    assert then.events == [
        RenditionsFailed(**_source(), attempt=1, kinds=KINDS, code="TRUNCATED", message="It ends early.")
    ]


def test_the_result_of_an_attempt_that_is_over_is_dropped(shot: MemoryLedger) -> None:
    given_file(shot, "a.exr")
    _request(shot)
    record_failure(shot, _key(), code="LOST", message="The worker died.", order=order())
    _request(shot, again=True)
    with recording(shot) as then:
        record_renditions(shot, _key(1), produced=MADE, order=order())
        record_failure(shot, _key(3), code="BAD", message="Bad.", order=order())
    assert then.events == []
    with recording(shot) as then:
        record_renditions(shot, _key(2), produced=MADE, order=order())
    assert [type(event) for event in then.events] == [MediaInspected, RenditionsProduced]


def test_what_does_not_exist_is_refused(shot: MemoryLedger) -> None:
    with refused(shot, FileNotFound, "path"):
        _request(shot)
    with refused(shot, PathInvalid, "path"):
        _request(shot, "../a.exr")
    with refused(shot, NotFound):
        record_renditions(shot, _key(), produced=MADE, order=order())
    with refused(shot, NotFound):
        record_failure(shot, _key(), code="BAD", message="Bad.", order=order())

"""Every object store takes multipart uploads by signed URLs like this; S3 defines it."""

from __future__ import annotations

import hashlib

import httpx
import pytest

from processors.objects.errors import MultipartMissing, PartMismatch, StoreRejected
from processors.objects.store import ObjectVersion, StoredPart
from tests.contracts.object_stores import StoreUnderTest

KEY = "temp-uploads/shot #1/plate é.mov"
LARGE = b"L" * (5 * 1024**2)


def md5(body: bytes) -> str:
    return hashlib.md5(body).hexdigest()


def begin(under_test: StoreUnderTest) -> str:
    return under_test.store.create_multipart(
        under_test.bucket, KEY, content_type="video/quicktime", metadata={"uploadid": "u1"}
    )


def send(
    under_test: StoreUnderTest,
    multipart_id: str,
    number: int,
    *,
    body: bytes,
    signed_bytes: int | None = None,
) -> httpx.Response:
    size_bytes = len(body) if signed_bytes is None else signed_bytes
    request = under_test.store.sign_part(
        under_test.bucket,
        KEY,
        multipart_id=multipart_id,
        part_number=number,
        size_bytes=size_bytes,
        expires_seconds=60,
    )
    assert (request.method, request.headers) == ("PUT", (("Content-Length", str(size_bytes)),))
    return under_test.send(request, body)


def complete(under_test: StoreUnderTest, multipart_id: str, *parts: tuple[int, str]) -> ObjectVersion:
    return under_test.store.complete_multipart(under_test.bucket, KEY, multipart_id=multipart_id, parts=parts)


def parts(under_test: StoreUnderTest, multipart_id: str) -> list[StoredPart]:
    return under_test.store.parts(under_test.bucket, KEY, multipart_id=multipart_id)


def versions(under_test: StoreUnderTest) -> list[str]:
    return [v.version_id for v in under_test.store.versions(under_test.bucket, "")]


def test_parts_become_one_object(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    answers = [send(under_test, multipart_id, number, body=body) for number, body in ((4, b"tail"), (2, LARGE))]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.headers["etag"] for answer in answers] == [f'"{md5(b"tail")}"', f'"{md5(LARGE)}"']
    assert parts(under_test, multipart_id) == [
        StoredPart(part_number=2, etag=md5(LARGE), size_bytes=len(LARGE)),
        StoredPart(part_number=4, etag=md5(b"tail"), size_bytes=4),
    ]
    assert versions(under_test) == []
    made = complete(under_test, multipart_id, (2, md5(LARGE)), (4, md5(b"tail")))
    joined = hashlib.md5(bytes.fromhex(md5(LARGE) + md5(b"tail"))).hexdigest()
    assert (made.key, made.etag, made.size_bytes) == (KEY, f"{joined}-2", len(LARGE) + 4)
    assert (made.content_type, made.metadata) == ("video/quicktime", {"uploadid": "u1"})
    assert under_test.store.head(under_test.bucket, KEY) == made
    end = under_test.store.open_range(
        under_test.bucket, KEY, version_id=made.version_id, start=len(LARGE) - 2, length=100
    )
    assert end == b"LLtail"


def test_an_etag_may_keep_the_quotes_it_came_with(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    answer = send(under_test, multipart_id, 1, body=b"only")
    assert complete(under_test, multipart_id, (1, answer.headers["etag"])).size_bytes == 4


def test_parts_that_are_not_named_are_left_out(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    for number in (1, 2, 3):
        send(under_test, multipart_id, number, body=b"%d" % number)
    assert complete(under_test, multipart_id, (2, md5(b"2"))).size_bytes == 1
    body = under_test.store.open_range(under_test.bucket, KEY, version_id=None, start=0, length=9)
    assert body == b"2"


def test_a_part_sent_again_replaces_the_first(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    for body in (b"first", b"second", b"third!"):
        send(under_test, multipart_id, 1, body=body)
    assert parts(under_test, multipart_id) == [StoredPart(part_number=1, etag=md5(b"third!"), size_bytes=6)]


def test_an_empty_part_is_a_part(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    assert send(under_test, multipart_id, 1, body=b"").status_code == 200
    assert complete(under_test, multipart_id, (1, md5(b""))).size_bytes == 0


@pytest.mark.parametrize("body", [b"1234", b"123456", b""])
def test_a_part_of_another_size_than_signed_is_refused(under_test: StoreUnderTest, body: bytes) -> None:
    multipart_id = begin(under_test)
    answer = send(under_test, multipart_id, 1, body=body, signed_bytes=5)
    assert answer.status_code in (400, 403)
    assert "<Code>" in answer.text
    assert parts(under_test, multipart_id) == []


@pytest.mark.parametrize(
    ("changed", "to"),
    [("/temp-uploads/", "/temp-upload/"), ("expires", "Expires"), ("ignature=", "ignature=0")],
)
def test_a_changed_part_url_is_refused(under_test: StoreUnderTest, changed: str, to: str) -> None:
    multipart_id = begin(under_test)
    request = under_test.store.sign_part(
        under_test.bucket, KEY, multipart_id=multipart_id, part_number=1, size_bytes=1, expires_seconds=60
    )
    url = request.url.replace(changed, to) if changed in request.url else request.url + "&X-Amz-Expires=9"
    answer = under_test.client.put(url, content=b"x")
    assert answer.status_code in (400, 403)
    assert "<Code>" in answer.text
    assert parts(under_test, multipart_id) == []


def test_a_url_for_one_part_does_not_serve_another_method(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    request = under_test.store.sign_part(
        under_test.bucket, KEY, multipart_id=multipart_id, part_number=1, size_bytes=1, expires_seconds=60
    )
    assert under_test.client.get(request.url).status_code == 403


@pytest.mark.parametrize(("number", "stored"), [(1, md5(b"x")), (7, None)])
def test_a_wrong_etag_is_a_mismatch_and_changes_nothing(
    under_test: StoreUnderTest, number: int, stored: str | None
) -> None:
    multipart_id = begin(under_test)
    send(under_test, multipart_id, 1, body=b"x")
    for declared in (md5(b"other"), "not-an-etag"):
        with pytest.raises(PartMismatch) as refused:
            complete(under_test, multipart_id, (number, declared))
        error = refused.value
        assert (error.part_number, error.declared, error.stored) == (number, declared, stored)
    assert versions(under_test) == []
    assert complete(under_test, multipart_id, (1, md5(b"x"))).size_bytes == 1


def test_parts_out_of_order_none_and_too_small_are_rejected_and_change_nothing(
    under_test: StoreUnderTest,
) -> None:
    multipart_id = begin(under_test)
    send(under_test, multipart_id, 1, body=LARGE[:-1])
    send(under_test, multipart_id, 2, body=b"2")
    first, second = (1, md5(LARGE[:-1])), (2, md5(b"2"))
    for named in ((second, first), (first, first), (), (first, second)):
        with pytest.raises(StoreRejected):
            complete(under_test, multipart_id, *named)
    assert versions(under_test) == []
    assert complete(under_test, multipart_id, first).size_bytes == len(LARGE) - 1


def test_completing_again_gives_the_version_it_made(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    send(under_test, multipart_id, 1, body=b"once")
    made = complete(under_test, multipart_id, (1, md5(b"once")))
    assert complete(under_test, multipart_id, (1, md5(b"once"))) == made
    assert versions(under_test) == [made.version_id]


def test_a_completed_upload_is_not_open_any_more(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    send(under_test, multipart_id, 1, body=b"once")
    made = complete(under_test, multipart_id, (1, md5(b"once")))
    with pytest.raises(MultipartMissing):
        parts(under_test, multipart_id)
    assert send(under_test, multipart_id, 2, body=b"late").status_code == 404
    under_test.store.abort_multipart(under_test.bucket, KEY, multipart_id=multipart_id)
    assert versions(under_test) == [made.version_id]


def test_an_aborted_upload_is_gone_and_aborting_again_is_no_error(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    send(under_test, multipart_id, 1, body=b"x")
    for _ in range(2):
        under_test.store.abort_multipart(under_test.bucket, KEY, multipart_id=multipart_id)
    with pytest.raises(MultipartMissing):
        complete(under_test, multipart_id, (1, md5(b"x")))
    assert send(under_test, multipart_id, 1, body=b"x").status_code == 404
    assert versions(under_test) == []


@pytest.mark.parametrize("multipart_id", ["unknown", "0" * 32, "..", "../uploads"])
def test_an_unknown_upload_is_missing(under_test: StoreUnderTest, multipart_id: str) -> None:
    with pytest.raises(MultipartMissing) as refused:
        parts(under_test, multipart_id)
    assert refused.value.multipart_id == multipart_id
    with pytest.raises(MultipartMissing):
        complete(under_test, multipart_id, (1, md5(b"x")))
    under_test.store.abort_multipart(under_test.bucket, KEY, multipart_id=multipart_id)


def test_an_upload_is_open_for_its_own_key_only(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    with pytest.raises(MultipartMissing):
        under_test.store.parts(under_test.bucket, "other", multipart_id=multipart_id)
    under_test.store.abort_multipart(under_test.bucket, "other", multipart_id=multipart_id)
    assert parts(under_test, multipart_id) == []


def test_more_parts_than_a_page_holds_are_all_listed(under_test: StoreUnderTest) -> None:
    multipart_id = begin(under_test)
    for number in range(1, 1003):
        assert send(under_test, multipart_id, number, body=b"x").status_code == 200
    assert [part.part_number for part in parts(under_test, multipart_id)] == list(range(1, 1003))


@pytest.mark.parametrize(
    ("part_number", "size_bytes", "expires_seconds"),
    [(0, 1, 60), (10_001, 1, 60), (1, -1, 60), (1, 5 * 1024**3 + 1, 60), (1, 1, 0), (1, 1, 604_801)],
)
def test_what_no_part_can_be_is_not_signed(
    under_test: StoreUnderTest, part_number: int, size_bytes: int, expires_seconds: int
) -> None:
    with pytest.raises(StoreRejected):
        under_test.store.sign_part(
            under_test.bucket,
            KEY,
            multipart_id="any",
            part_number=part_number,
            size_bytes=size_bytes,
            expires_seconds=expires_seconds,
        )

"""Every object store hands out downloads by signed URLs like this; S3 defines it."""

from __future__ import annotations

import pytest

from processors.objects.errors import StoreRejected
from processors.objects.store import ObjectVersion
from tests.contracts.object_stores import StoreUnderTest

KEY = "shot #1/ä plate.png"


def put(under_test: StoreUnderTest, body: bytes = b"0123456789") -> ObjectVersion:
    return under_test.store.put(under_test.bucket, KEY, body, content_type="image/png", metadata={})


def sign(under_test: StoreUnderTest, version_id: str | None, file_name: str | None = None) -> str:
    return under_test.store.sign_download(
        under_test.bucket, KEY, version_id=version_id, expires_seconds=60, file_name=file_name
    )


def test_a_signed_url_gives_the_body_and_what_it_is(under_test: StoreUnderTest) -> None:
    stored = put(under_test)
    answer = under_test.client.get(sign(under_test, stored.version_id))
    assert (answer.status_code, answer.content) == (200, b"0123456789")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["etag"] == f'"{stored.etag}"'
    assert answer.headers["accept-ranges"] == "bytes"
    assert "content-disposition" not in answer.headers


def test_a_url_without_a_version_gives_the_latest(under_test: StoreUnderTest) -> None:
    old = put(under_test, b"old")
    latest, pinned = sign(under_test, None), sign(under_test, old.version_id)
    put(under_test, b"new")
    assert under_test.client.get(latest).content == b"new"
    assert under_test.client.get(pinned).content == b"old"


@pytest.mark.parametrize(
    ("file_name", "disposition"),
    [
        ("plate.png", "attachment; filename=\"plate.png\"; filename*=UTF-8''plate.png"),
        ('é "1".png', "attachment; filename=\"_ _1_.png\"; filename*=UTF-8''%C3%A9%20%221%22.png"),
    ],
)
def test_a_download_carries_its_file_name(under_test: StoreUnderTest, file_name: str, disposition: str) -> None:
    stored = put(under_test)
    answer = under_test.client.get(sign(under_test, stored.version_id, file_name))
    assert answer.headers["content-disposition"] == disposition


@pytest.mark.parametrize(
    ("asked", "content", "content_range"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
    ],
)
def test_a_range_is_partial_content(under_test: StoreUnderTest, asked: str, content: bytes, content_range: str) -> None:
    stored = put(under_test)
    answer = under_test.client.get(sign(under_test, stored.version_id), headers={"range": asked})
    assert (answer.status_code, answer.content) == (206, content)
    assert answer.headers["content-range"] == content_range


def test_a_range_past_the_end_is_not_satisfiable(under_test: StoreUnderTest) -> None:
    stored = put(under_test)
    answer = under_test.client.get(sign(under_test, stored.version_id), headers={"range": "bytes=10-"})
    assert answer.status_code == 416
    assert "<Code>InvalidRange</Code>" in answer.text


def test_a_known_body_is_not_sent_again(under_test: StoreUnderTest) -> None:
    stored = put(under_test)
    answer = under_test.client.get(sign(under_test, stored.version_id), headers={"if-none-match": f'"{stored.etag}"'})
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_changed_download_url_is_refused(under_test: StoreUnderTest) -> None:
    stored, other = put(under_test, b"one"), put(under_test, b"two")
    url = sign(under_test, stored.version_id)
    answer = under_test.client.get(url.replace(stored.version_id, other.version_id))
    assert answer.status_code == 403
    assert "<Code>SignatureDoesNotMatch</Code>" in answer.text


def test_a_bare_url_is_refused(under_test: StoreUnderTest) -> None:
    stored = put(under_test)
    url = sign(under_test, stored.version_id).split("?")[0]
    assert under_test.client.get(url).status_code == 403


def test_a_url_of_a_deleted_object_finds_nothing(under_test: StoreUnderTest) -> None:
    put(under_test)
    url = sign(under_test, None)
    under_test.store.delete(under_test.bucket, KEY)
    answer = under_test.client.get(url)
    assert answer.status_code == 404
    assert "<Code>NoSuchKey</Code>" in answer.text


@pytest.mark.parametrize("expires_seconds", [-1, 0, 604_801])
def test_a_life_no_url_can_have_is_rejected(under_test: StoreUnderTest, expires_seconds: int) -> None:
    with pytest.raises(StoreRejected):
        under_test.store.sign_download(
            under_test.bucket, KEY, version_id=None, expires_seconds=expires_seconds, file_name=None
        )

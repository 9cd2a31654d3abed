"""A signed URL grants what it says, until it expires, and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.objects.errors import SignatureMismatch, UrlExpired
from processors.objects.signing import DownloadGrant, PartGrant, UrlSigner

PART = PartGrant(bucket="library", key="a/b #é", multipart_id="m", part_number=3, size_bytes=9, expires_at=1_000)
DOWNLOAD = DownloadGrant(bucket="library", key="a/b #é", version_id="v", file_name="é.png", expires_at=1_000)
text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


def signer(*, secret: bytes = b"secret", now: float = 1_000.0) -> UrlSigner:
    return UrlSigner(base_url="http://gateway.test/", secret=secret, clock=lambda: now)


def taken_apart(url: str) -> tuple[str, str, dict[str, str]]:
    split = urlsplit(url)
    _, _, bucket, key = split.path.split("/", 3)
    return bucket, unquote(key), dict(parse_qsl(split.query, keep_blank_values=True))


def test_a_url_is_below_the_base_url_and_carries_the_key() -> None:
    url = signer().url(DOWNLOAD)
    assert url.startswith("http://gateway.test/objects/library/a/b%20%23%C3%A9?")


def test_a_part_grant_comes_back_as_it_was_signed() -> None:
    assert signer().verify_part(*taken_apart(signer().url(PART))) == PART


@given(text, st.none() | text, st.none() | text)
def test_a_download_grant_comes_back_as_it_was_signed(key: str, version_id: str | None, file_name: str | None) -> None:
    grant = DownloadGrant(bucket="library", key=key, version_id=version_id, file_name=file_name, expires_at=1_000)
    assert signer().verify_download(*taken_apart(signer().url(grant))) == grant


@pytest.mark.parametrize("file_name", ["null", "", "0", "true"])
def test_a_file_name_that_looks_like_another_type_is_text(file_name: str) -> None:
    grant = msgspec.structs.replace(DOWNLOAD, file_name=file_name)
    assert signer().verify_download(*taken_apart(signer().url(grant))) == grant


@pytest.mark.parametrize(
    "changed",
    [
        {"bucket": "other"},
        {"key": "a/b"},
        {"multipart_id": "n"},
        {"part_number": 4},
        {"size_bytes": 10},
        {"expires_at": 1_001},
    ],
)
def test_no_claim_of_a_part_url_can_be_changed(changed: dict[str, str | int]) -> None:
    _, _, query = taken_apart(signer().url(PART))
    forged = msgspec.structs.replace(PART, **changed)
    bucket, key, claims = taken_apart(signer().url(forged))
    with pytest.raises(SignatureMismatch):
        signer().verify_part(bucket, key, claims | {"signature": query["signature"]})


@pytest.mark.parametrize(
    "changed", [{"version_id": "w"}, {"version_id": None}, {"file_name": "x"}, {"file_name": None}]
)
def test_no_claim_of_a_download_url_can_be_changed(changed: dict[str, str | None]) -> None:
    _, _, query = taken_apart(signer().url(DOWNLOAD))
    forged = msgspec.structs.replace(DOWNLOAD, **changed)
    bucket, key, claims = taken_apart(signer().url(forged))
    with pytest.raises(SignatureMismatch):
        signer().verify_download(bucket, key, claims | {"signature": query["signature"]})


@pytest.mark.parametrize("signature", ["", "é", "0" * 64, None])
def test_a_wrong_or_absent_signature_is_refused(signature: str | None) -> None:
    bucket, key, query = taken_apart(signer().url(PART))
    del query["signature"]
    with pytest.raises(SignatureMismatch):
        signer().verify_part(bucket, key, query if signature is None else query | {"signature": signature})


@pytest.mark.parametrize("value", ["", "x", "1e3", "-1"])
def test_a_claim_of_another_form_is_refused(value: str) -> None:
    bucket, key, query = taken_apart(signer().url(PART))
    with pytest.raises(SignatureMismatch):
        signer().verify_part(bucket, key, query | {"part-number": value})


def test_another_secret_signs_nothing_for_this_one() -> None:
    url = signer(secret=b"another").url(PART)
    with pytest.raises(SignatureMismatch):
        signer().verify_part(*taken_apart(url))


def test_a_url_is_good_up_to_its_last_second() -> None:
    url = signer().url(PART)
    assert signer(now=1_000.0).verify_part(*taken_apart(url)) == PART
    with pytest.raises(UrlExpired) as refused:
        signer(now=1_000.1).verify_part(*taken_apart(url))
    assert refused.value.expired_at == 1_000


def test_an_expiry_counts_from_now() -> None:
    assert signer(now=99.9).expiry(60) == 159

"""Listings that begin behind a key, and those of one key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.contracts.object_stores import StoreUnderTest


def _put(under_test: StoreUnderTest, key: str) -> str:
    stored = under_test.store.put(under_test.bucket, key, b"x", content_type="text/plain", metadata={})
    return stored.version_id


def test_a_listing_goes_on_behind_a_key(under_test: StoreUnderTest) -> None:
    for key in ("a/1", "a/2", "a/2", "a/20", "a/3", "b"):
        _put(under_test, key)

    def keys(after: str | None) -> list[str]:
        return [version.key for version in under_test.store.versions(under_test.bucket, "a/", after=after)]

    assert keys(None) == ["a/1", "a/2", "a/2", "a/20", "a/3"]
    assert keys("a/1") == ["a/2", "a/2", "a/20", "a/3"]
    assert keys("a/2") == ["a/20", "a/3"]
    assert keys("a/25") == ["a/3"]
    assert keys("a/3") == []


def test_the_versions_of_a_key_are_not_those_of_keys_that_begin_with_it(under_test: StoreUnderTest) -> None:
    first = _put(under_test, "f.1")
    for number in range(60):
        _put(under_test, f"f.1{number:02}")
    second = _put(under_test, "f.1")
    marker = under_test.store.delete(under_test.bucket, "f.1")
    found = under_test.store.versions_of(under_test.bucket, "f.1")
    assert (found[0].key, found[0].is_latest, found[0].is_delete_marker) == ("f.1", True, True)
    assert {version.version_id for version in found} == {first, second, marker}
    assert under_test.store.versions_of(under_test.bucket, "f") == []


def test_a_listing_of_several_pages_names_every_version_once(under_test: StoreUnderTest) -> None:
    keys = [f"many/{number:04}" for number in range(1100)]
    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(lambda key: _put(under_test, key), keys))
    for after, first in ((None, 0), (keys[49], 50)):
        listed = list(under_test.store.versions(under_test.bucket, "many/", after=after))
        assert [(version.key, version.version_id) for version in listed] == list(
            zip(keys[first:], versions[first:], strict=True)
        )
    assert [version.key for version in under_test.store.objects(under_test.bucket, "many/")] == keys


def test_a_key_of_several_pages_of_versions_names_every_one_once(under_test: StoreUnderTest) -> None:
    versions = [_put(under_test, "one") for _ in range(120)]
    listed = under_test.store.versions_of(under_test.bucket, "one")
    assert (listed[0].version_id, len(listed)) == (versions[-1], 120)
    assert {version.version_id for version in listed} == set(versions)

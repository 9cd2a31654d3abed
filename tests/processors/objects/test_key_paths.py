"""Every key has a directory of its own, inside the root, and the tree lists in S3's order."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path, PurePosixPath

from hypothesis import example, given, settings
from hypothesis import strategies as st

from processors.objects.disk.key_paths import VERSIONS, versions_directory, walk

ROOT = Path("/root")

segment = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.sampled_from(
        ["", ".", "..", "@", "%", "+", "!a", "A", "a", "%2e", "é", "e\u0301", "x" * 200 + "..", "日" * 100]
    ),
)
keys = st.lists(segment, min_size=1, max_size=6).map("/".join).filter(lambda key: 1 <= len(key.encode()) <= 1024)


def path_of(key: str) -> PurePosixPath:
    return PurePosixPath(versions_directory(ROOT, key))


@given(keys)
@example("/" * 1024)
@example("." * 1024)
@example("\0" * 1024)
@example("x" * 200 + "..")
@example("x" * 199 + "../../../etc")
def test_a_key_stays_inside_the_root_in_names_any_file_system_takes(key: str) -> None:
    path = path_of(key)
    names = path.relative_to(ROOT).parts
    assert names[-1] == VERSIONS
    assert len(names) <= 50
    for name in names[:-1]:
        assert name not in ("", ".", "..", VERSIONS)
        assert len(name) <= 210
        assert name == unicodedata.normalize("NFD", name).lower()
        assert name.isascii()
        assert name.isprintable()


@given(keys, keys)
@example("A", "!a")
@example("A", "a")
@example("a%2e", "a.")
@example("a/", "a")
@example("a//b", "a/b")
@example("é", "e\u0301")
@example("/" * 40, "/" * 41)
@example("/" * 32 + "a/b", "/" * 32 + "a%2fb")
@example("x" * 201, "x" * 200 + "/x")
@example("x" * 200 + "+x", "x" * 201)
def test_two_keys_never_share_a_directory(one: str, other: str) -> None:
    assert (path_of(one) == path_of(other)) == (one == other)


@settings(max_examples=60, deadline=None)
@given(st.sets(keys, max_size=12), keys)
@example({"a-b", "a/b", "a", "a0", "a/", "/"}, "a")
@example({"/" * 31 + "-", "/" * 32 + "b", "/" * 33, "/" * 32, "/" * 1024}, "/" * 4)
@example({"x" * 300, "x" * 300 + "/y", "x" * 200}, "x" * 250)
def test_the_walk_finds_every_key_under_the_prefix_in_byte_order(stored: set[str], prefix: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        for key in stored:
            versions_directory(Path(directory), key).mkdir(parents=True, exist_ok=True)
        cut = prefix[: len(prefix) // 2]
        found = list(walk(Path(directory), cut))
        assert [key for key, _ in found] == sorted((k for k in stored if k.startswith(cut)), key=str.encode)
        assert all(path == versions_directory(Path(directory), key) for key, path in found)

"""The signing secret is made once, kept to its owner, and refused when it is not safe."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from processors.objects.secret import SecretUnusable, load_or_create_secret


def test_a_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret"
    made = load_or_create_secret(path)
    assert len(made) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_create_secret(path) == made
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_makers_at_once_agree_on_one(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def load(_: int) -> bytes:
        together.wait()
        return load_or_create_secret(tmp_path / "secret")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(load, range(8)))) == 1


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    load_or_create_secret(path)
    path.chmod(0o640)
    with pytest.raises(SecretUnusable, match="others than its owner"):
        load_or_create_secret(path)


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"short")
    path.chmod(0o600)
    with pytest.raises(SecretUnusable, match="has 5 bytes"):
        load_or_create_secret(path)

"""A local store killed with SIGKILL at any moment keeps what it acknowledged and shows nothing half done."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from processors.objects.errors import MultipartMissing
from processors.objects.local import LocalObjectStore

BUCKET = "library"
CHECKOUT = Path(__file__).parents[3]
WRITER = Path(__file__).with_name("writing_until_killed.py")
MULTIPART_FIRST_BYTES = 5 * 1024**2

Line = dict[str, Any]


def write_until_killed(root: Path, *, seed: int) -> list[Line]:
    """Let a process write for up to half a second, kill it, and return the whole lines it said."""
    process = subprocess.Popen(
        [sys.executable, WRITER, root, str(seed)],
        stdout=subprocess.PIPE,
        cwd=CHECKOUT,
        env={"PYTHONPATH": str(CHECKOUT)},
    )
    assert process.stdout is not None
    with process, process.stdout:
        first = process.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=random.Random(seed).uniform(0, 0.5))
        process.kill()
        said = first + process.stdout.read()
    assert process.returncode == -9
    return [json.loads(line) for line in said.splitlines(keepends=True) if line.endswith(b"\n")]


def true_etag(body: bytes, etag: str) -> str:
    if "-" not in etag:
        return hashlib.md5(body).hexdigest()
    parts = (body[:MULTIPART_FIRST_BYTES], body[MULTIPART_FIRST_BYTES:])
    digests = b"".join(hashlib.md5(part).digest() for part in parts)
    return f"{hashlib.md5(digests).hexdigest()}-2"


def check_versions(store: LocalObjectStore, said: list[Line], *, read: set[str]) -> None:
    """Hold the listing to what was said, and read every body that is not in `read` yet."""
    erasing = {line["version_id"] for line in said if line["did"] == "erasing"}
    erased = {line["version_id"] for line in said if line["did"] == "erased"}
    acknowledged = {line["version_id"]: line["etag"] for line in said if line["did"] == "put"}
    listed = {v.version_id: v for v in store.versions(BUCKET, "")}
    assert acknowledged.keys() - erasing <= listed.keys()
    assert not erased & listed.keys()
    for version in listed.values():
        assert acknowledged.get(version.version_id, version.etag) == version.etag
        if not version.is_delete_marker and version.version_id not in read:
            located = store.locate(BUCKET, version.key, version_id=version.version_id)
            body = located.body.read_bytes()
            read.add(version.version_id)
            assert (len(body), true_etag(body, version.etag)) == (version.size_bytes, version.etag)


def check_multiparts(store: LocalObjectStore, said: list[Line]) -> int:
    """Finish every upload that was cut off; returns how many there were."""
    began = {line["multipart_id"]: line["key"] for line in said if line["did"] == "began"}
    completing = {line["multipart_id"] for line in said if line["did"] == "completing"}
    completed = {line["multipart_id"] for line in said if line["did"] == "put" and "multipart_id" in line}
    for multipart_id, key in began.items():
        sent = {
            line["part_number"]: line["etag"]
            for line in said
            if line["did"] == "sent" and line["multipart_id"] == multipart_id
        }
        if multipart_id in completed:
            with pytest.raises(MultipartMissing):
                store.parts(BUCKET, key, multipart_id=multipart_id)
        elif multipart_id in completing:
            check_completes_once(store, key, multipart_id, sent=sent)
        else:
            stored = {p.part_number: p.etag for p in store.parts(BUCKET, key, multipart_id=multipart_id)}
            assert sent.items() <= stored.items()
            store.abort_multipart(BUCKET, key, multipart_id=multipart_id)
    return len(began.keys() - completed)


def check_completes_once(store: LocalObjectStore, key: str, multipart_id: str, *, sent: dict[int, str]) -> None:
    made = [
        store.complete_multipart(BUCKET, key, multipart_id=multipart_id, parts=list(sent.items())) for _ in range(2)
    ]
    assert made[0] == made[1]
    same = [v for v in store.versions(BUCKET, key) if v.key == key and v.etag == made[0].etag]
    assert [v.version_id for v in same] == [made[0].version_id]


def check_unheard_uploads(store: LocalObjectStore, uploads: Path, said: list[Line]) -> None:
    """An upload may exist whose id was never heard: whole, and at most one for each thread."""
    heard = {line["multipart_id"] for line in said if line["did"] == "began"}
    left = list(uploads.iterdir())
    assert not heard & {upload.name for upload in left}
    assert len(left) <= 4
    for upload in left:
        key = json.loads((upload / "upload.json").read_bytes())["key"]
        assert store.parts(BUCKET, key, multipart_id=upload.name) == []
        store.abort_multipart(BUCKET, key, multipart_id=upload.name)
    assert list(uploads.iterdir()) == []


def test_twenty_kills_lose_nothing_acknowledged_and_show_nothing_half_done(tmp_path: Path) -> None:
    said: list[Line] = []
    read: set[str] = set()
    cut_off = 0
    for seed in range(20):
        lines = write_until_killed(tmp_path, seed=seed)
        said += lines
        store = LocalObjectStore(tmp_path, "http://gateway.test", b"s" * 32)
        check_versions(store, said, read=read)
        cut_off += check_multiparts(store, lines)
        (lock,) = (tmp_path / "drafts").glob("*.lock")
        assert sorted((tmp_path / "drafts").iterdir()) == [lock.with_suffix(""), lock]
        check_unheard_uploads(store, tmp_path / "buckets" / BUCKET / "uploads", said)
        assert list(lock.with_suffix("").iterdir()) == []
        store.close()
    assert sum(line["did"] == "put" for line in said) > 200
    assert cut_off > 5

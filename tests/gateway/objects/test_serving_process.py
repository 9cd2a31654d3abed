"""A real server process takes parts and gives bodies that are larger than any buffer on the way."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from processors.objects.local import LocalObjectStore

BUCKET = "library"
KEY = "plates/ä #1.mov"
CHECKOUT = Path(__file__).parents[3]
PART = bytes(range(256)) * 32_768


@pytest.fixture
def served(tmp_path: Path) -> Iterator[LocalObjectStore]:
    """A store of this process on a root that another process serves."""
    listener = socket.create_server(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    process = subprocess.Popen(
        [
            sys.executable,
            Path(__file__).with_name("serving_store.py"),
            tmp_path,
            base_url,
            str(listener.fileno()),
        ],
        pass_fds=[listener.fileno()],
        cwd=CHECKOUT,
        env={"PYTHONPATH": str(CHECKOUT)},
    )
    listener.close()
    store = LocalObjectStore(tmp_path, base_url, b"s" * 32)
    store.ensure_bucket(BUCKET)
    try:
        yield store
    finally:
        store.close()
        process.terminate()
        process.wait()


def send(store: LocalObjectStore, multipart_id: str, number: int) -> str:
    request = store.sign_part(
        BUCKET, KEY, multipart_id=multipart_id, part_number=number, size_bytes=len(PART), expires_seconds=60
    )
    answer = httpx.request(request.method, request.url, headers=request.headers, content=PART, timeout=60)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["etag"])


def test_parts_sent_at_once_come_back_as_one_body(served: LocalObjectStore) -> None:
    multipart_id = served.create_multipart(BUCKET, KEY, content_type="video/quicktime", metadata={})
    with ThreadPoolExecutor(4) as pool:
        etags = list(pool.map(lambda number: send(served, multipart_id, number), range(1, 5)))
    made = served.complete_multipart(BUCKET, KEY, multipart_id=multipart_id, parts=list(enumerate(etags, start=1)))
    url = served.sign_download(BUCKET, KEY, version_id=made.version_id, expires_seconds=60, file_name="ä.mov")
    answer = httpx.get(url, timeout=60)
    assert made.size_bytes == 4 * len(PART)
    assert hashlib.md5(answer.content).digest() == hashlib.md5(PART * 4).digest()
    middle = httpx.get(url, headers={"range": f"bytes={len(PART) - 3}-{len(PART) + 2}"})
    assert (middle.status_code, middle.content) == (206, PART[-3:] + PART[:3])


def test_a_part_larger_than_signed_is_refused_before_it_is_sent(served: LocalObjectStore) -> None:
    multipart_id = served.create_multipart(BUCKET, KEY, content_type="a/b", metadata={})
    request = served.sign_part(BUCKET, KEY, multipart_id=multipart_id, part_number=1, size_bytes=4, expires_seconds=60)
    answer = httpx.put(request.url, content=b"12345")
    assert answer.status_code == 400
    assert "<Code>EntityTooLarge</Code>" in answer.text
    assert served.parts(BUCKET, KEY, multipart_id=multipart_id) == []

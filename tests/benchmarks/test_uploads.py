"""One session of thousands of files, each step beside what the object store alone takes for the same objects."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from processors.objects.local import LocalObjectStore
from processors.objects.signing import PartGrant
from processors.uploads.start import PARALLEL_CALLS
from tests.system.client import Client
from tests.system.server import serving

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

FILES = 5_000
SHOT = ("shows", "shot_010")
BODY = b"frame"
COMPLETE = """mutation($input: CompleteUploadInput!) { completeUpload(input: $input) {
  upload { state } position errors { code message } } }"""
T = TypeVar("T")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _bare(store: LocalObjectStore, paths: list[str]) -> tuple[float, float]:
    """Seconds to begin all multipart uploads, and to complete them, as the processor calls the store."""
    store.ensure_bucket("bare")
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:

        def begin(path: str) -> str:
            return store.create_multipart("bare", path, content_type="image/x-exr", metadata={})

        def send(path: str, multipart_id: str) -> str:
            grant = PartGrant(
                bucket="bare",
                key=path,
                multipart_id=multipart_id,
                part_number=1,
                size_bytes=len(BODY),
                expires_at=0,
            )
            reception = store.receive_part(grant)
            reception.write(BODY)
            etag = reception.commit().etag
            reception.close()
            return etag

        def complete(path: str, multipart_id: str, etag: str) -> None:
            store.complete_multipart("bare", path, multipart_id=multipart_id, parts=[(1, etag)])

        begun, beginning = _timed(lambda: list(pool.map(begin, paths)))
        etags = list(pool.map(send, paths, begun))
        _, completing = _timed(lambda: list(pool.map(complete, paths, begun, etags)))
    return beginning, completing


def test_a_session_of_five_thousand_files(tmp_path: Path) -> None:
    body = {f"renders/f.{number:05}.exr": BODY for number in range(FILES)}
    store = LocalObjectStore(tmp_path / "bare", "http://localhost", b"s" * 32)
    beginning, completing = _bare(store, list(body))
    store.close()
    with serving(tmp_path / "data", media_jobs="1") as server, httpx.Client(timeout=600) as http:
        client = Client(server.url, http)
        client.create_asset(*SHOT)
        upload, starting = _timed(lambda: client.start(SHOT, body))
        with ThreadPoolExecutor(8) as pool:
            sent = list(pool.map(lambda file: client.send({"files": [file]}, body)[0], upload["files"]))
        done, ending = _timed(lambda: client.done(COMPLETE, uploadId=upload["uploadId"], files=sent))
    assert done["upload"]["state"] == "COMPLETED"
    sys.stdout.write(
        f"{FILES} files: startUpload {starting:.1f} s with all signed parts ({starting / beginning:.1f} times the bare"
        f" store), completeUpload {ending:.1f} s ({ending / completing:.1f} times)\n"
    )

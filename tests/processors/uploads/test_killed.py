"""A completion killed between the store's work and the record of it is finished by a repetition, or tidied up."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from domain.ledger import Ledger
from domain.uploads.commands import DeclaredFile, load_upload
from domain.uploads.events import UploadType
from domain.uploads.upload import UploadState
from gateway.ledger.opening import open_ledger
from processors.objects.local import LocalObjectStore
from processors.objects.signing import PartGrant
from processors.uploads.complete import SentFile, complete
from processors.uploads.ending import ExpiryWorker, RemainsWorker
from processors.uploads.start import start
from tests.domain.library import given_asset, given_database, order

CHECKOUT = Path(__file__).parents[3]
COMPLETER = Path(__file__).with_name("completing_until_killed.py")
BUCKET = "media"
PATHS = [f"{number}.exr" for number in range(5)]
JOB = {"position": 1, "correlation_id": "c", "upload_id": "upload-1"}


@dataclass
class Place:
    """A started session of five files whose parts are all there."""

    ledger: Ledger
    store: LocalObjectStore
    root: Path
    database_url: str
    sent: list[SentFile]

    def killed(self, survivors: int) -> None:
        """Complete it in a process that is killed after so many objects."""
        sent = json.dumps([(file.path, file.parts) for file in self.sent])
        arguments = [self.database_url, str(self.root), sent, str(survivors)]
        ended = subprocess.run([sys.executable, COMPLETER, *arguments], cwd=CHECKOUT, env={"PYTHONPATH": "."})
        assert ended.returncode == -signal.SIGKILL

    def versions(self) -> dict[str, list[str]]:
        """The object versions by key."""
        found: dict[str, list[str]] = {}
        for version in self.store.versions(BUCKET, ""):
            found.setdefault(version.key, []).append(version.version_id)
        return found


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    store = LocalObjectStore(tmp_path, "http://localhost", b"s" * 32)
    store.ensure_bucket(BUCKET)
    with open_ledger(database_url) as log:
        ledger = log.ledger
        given_database(ledger)
        given_asset(ledger)
        start(
            ledger,
            store,
            "upload-1",
            asset=("shows", "shot_010"),
            upload_type=UploadType.ASSET_FILE,
            files=[DeclaredFile(path, 5) for path in PATHS],
            lifetime=timedelta(days=36_500),
            order=order(),
        )
        sent = []
        for file in load_upload(ledger, "upload-1")[1].files:
            grant = PartGrant(
                bucket=BUCKET,
                key=file.s3_key,
                multipart_id=file.multipart_id or "",
                part_number=1,
                size_bytes=5,
                expires_at=0,
            )
            reception = store.receive_part(grant)
            reception.write(b"frame")
            sent.append(SentFile(file.path, ((1, reception.commit().etag),)))
            reception.close()
        yield Place(ledger, store, tmp_path, database_url, sent)
    store.close()


@pytest.mark.parametrize("survivors", [1, 5])
def test_a_repetition_finishes_it_with_the_objects_that_are_there(place: Place, survivors: int) -> None:
    place.killed(survivors)
    assert load_upload(place.ledger, "upload-1")[1].state is UploadState.STARTED
    before = place.versions()
    assert len(before) >= survivors
    complete(place.ledger, place.store, "upload-1", files=place.sent, order=order())
    after = place.versions()
    assert after.keys() == {f"library/shot_010/{path}" for path in PATHS}
    assert {key: versions for key, versions in after.items() if key in before} == before
    assert all(len(versions) == 1 for versions in after.values())
    _, upload = load_upload(place.ledger, "upload-1")
    assert (upload.state, upload.made) == (UploadState.COMPLETED, frozenset(v for (v,) in after.values()))


def test_when_nobody_repeats_it_the_session_expires_and_leaves_nothing(place: Place) -> None:
    place.killed(3)
    assert len(place.versions()) >= 3
    ExpiryWorker(place.ledger).run(**JOB)
    assert load_upload(place.ledger, "upload-1")[1].state is UploadState.EXPIRED
    RemainsWorker(place.ledger, place.store).run(**JOB)
    assert place.versions() == {}

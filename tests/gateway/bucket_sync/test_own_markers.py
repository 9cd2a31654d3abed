"""Files archived through the API: notifications of the delete markers on them record nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.bucket_sync.conftest import TOKEN, Bystander
from tests.gateway.files.asking import ARCHIVE, FILES, UNARCHIVE, file, named
from tests.gateway.product import product
from tests.waiting import until

ASSET = ("shows", "shot_010")


@pytest.fixture
def bystander(database_url: str, tmp_path: Path) -> Iterator[Bystander]:
    """Of a product that puts delete markers on what is archived."""
    with product(database_url, tmp_path, "lifecycle", "bucket-sync", "jobs", s3_events_token=TOKEN) as running:
        running.client.create_asset(*ASSET)
        yield Bystander(running)


def _jobs_done(bystander: Bystander) -> list[str]:
    found = bystander.client.one(FILES, d=ASSET[0], a=ASSET[1])["objectJobs"]
    return [job["state"] for job in found]


def test_archiving_and_unarchiving_are_not_observed_as_somebody_elses(bystander: Bystander) -> None:
    client, key = bystander.client, "shot_010/a.exr"
    client.upload(ASSET, {"a.exr": b"1"})
    client.done(ARCHIVE, **named(ASSET, paths=["a.exr"]))
    until(lambda: _jobs_done(bystander), lambda states: states == ["DONE"])
    with bystander.nothing_recorded():
        assert bystander.tell(key, name="ObjectRemoved:DeleteMarkerCreated")["outcomes"] == {"UNCHANGED": 1}
    client.done(UNARCHIVE, **named(ASSET, paths=["a.exr"]))
    until(lambda: _jobs_done(bystander), lambda states: states == ["DONE", "DONE"])
    with bystander.nothing_recorded():
        assert bystander.tell(key, name="ObjectRemoved:Delete")["outcomes"] == {"UNCHANGED": 1}
    assert not file(client, ASSET, "a.exr")["archived"]

"""interneg import bucket: reports, records, and finds nothing to do the second time, on the local store."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.files.events import FileVersionObserved, FileVersionVanished
from domain.ledger import recorded
from gateway.cli import main
from processors.bucket_sync import inventory
from processors.objects.errors import StoreUnavailable
from processors.objects.local import LocalObjectStore
from tests.gateway.bucket_sync.conftest import BUCKET, Bystander
from tests.gateway.product import Product, product


@pytest.fixture
def bystander(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bystander]:
    """Of a product whose command line runs in this process, on its database and directory."""
    monkeypatch.setenv("INTERNEG_DATABASE_URL", database_url)
    monkeypatch.setenv("INTERNEG_DATA_DIR", str(tmp_path))
    with product(database_url, tmp_path, "bucket-sync") as running:
        running.client.create_asset("shows", "shot_010")
        yield Bystander(running)


def _import(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["import", "bucket", *arguments])
    return code, capsys.readouterr().out


def _events(running: Product) -> Counter[str]:
    return Counter(running.recorded())


def test_a_dry_run_records_nothing_and_prints_what_a_run_then_does(
    bystander: Bystander, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in ("shot_010/a.exr", "shot_010/b/c.exr", "fresh/a.exr", "fresh/b.exr", "shot_010/.proxies/a_thumb.jpg"):
        bystander.put(key)
    with bystander.nothing_recorded():
        code, dry = _import(capsys, BUCKET, "--dry-run")
    assert (code, dry) == (
        0,
        "Nothing was recorded, as this was a dry run. 5 keys: 4 new, 1 passed over, 1 new assets.\n"
        "       1 RENDITION\n",
    )
    before = _events(bystander.running)
    code, done = _import(capsys, BUCKET)
    assert (code, done) == (0, dry.removeprefix("Nothing was recorded, as this was a dry run. "))
    assert _events(bystander.running) - before == {
        "AssetEnrolled": 1,
        "AssetLocationReserved": 1,
        "AssetCreated": 1,
        "FileVersionObserved": 4,
    }
    with bystander.nothing_recorded():
        code, again = _import(capsys, BUCKET)
    assert (code, again) == (0, "5 keys: 4 unchanged, 1 passed over.\n       1 RENDITION\n")


def test_what_changed_and_vanished_while_nobody_listened_is_found(
    bystander: Bystander, capsys: pytest.CaptureFixture[str]
) -> None:
    versions = {key: bystander.put(key) for key in ("shot_010/a.exr", "shot_010/b.exr", "shot_010/z.exr")}
    _import(capsys, BUCKET)
    changed = bystander.put("shot_010/a.exr", b"other bytes")
    bystander.erase("shot_010/z.exr", versions["shot_010/z.exr"])
    bystander.put("shot_010/bad\\name.exr")
    position = bystander.running.ledger.head()
    code, out = _import(capsys, BUCKET, "--verbose")
    assert code == 3
    assert out.splitlines()[:-1] == [
        "changed      shot_010/a.exr",
        "refused      shot_010/bad\\name.exr (PATH_INVALID: The path 'bad\\\\name.exr' holds a backslash, a control "
        "character or a character outside Unicode.)",
        "vanished     shot_010/z.exr",
        "4 keys: 1 vanished, 1 changed, 1 unchanged, 1 refused.",
    ]
    log = bystander.running.parts.log.recorder.select_notifications(position + 1, 10)
    observed, vanished = (recorded(notification).event for notification in log)
    assert isinstance(observed, FileVersionObserved)
    assert isinstance(vanished, FileVersionVanished)
    assert (observed.stored.s3_version_id, vanished.s3_version_id) == (changed, versions["shot_010/z.exr"])
    assert [one["key"] for one in bystander.problems()] == ["shot_010/bad\\name.exr"]
    with bystander.nothing_recorded():
        code, out = _import(capsys, BUCKET)
    assert (code, out.splitlines()[-2]) == (3, "4 keys: 3 unchanged, 1 refused.")


def test_only_keys_under_the_prefix_are_looked_at(bystander: Bystander, capsys: pytest.CaptureFixture[str]) -> None:
    for key in ("shot_010/a.exr", "shot_010/b/c.exr", "shot_011/a.exr"):
        bystander.put(key)
    assert _import(capsys, BUCKET, "--prefix", "shot_010/b") == (0, "1 keys: 1 new.\n")
    assert _import(capsys, BUCKET, "--prefix", "shot_010/") == (0, "2 keys: 1 new, 1 unchanged.\n")


def test_a_bucket_that_nobody_registered_is_registered_below_the_prefix(
    bystander: Bystander, capsys: pytest.CaptureFixture[str]
) -> None:
    objects = bystander.running.parts.objects
    objects.ensure_bucket("vendors")
    for key in ("in/scan_1/a.exr", "in/scan_2/a.exr", "out/x.exr"):
        objects.put("vendors", key, b"x", content_type="image/x-exr", metadata={})
    arguments = ("vendors", "--prefix", "in/", "--database", "shows")
    with bystander.nothing_recorded():
        code, dry = _import(capsys, *arguments, "--dry-run")
    assert (code, dry) == (0, "Nothing was recorded, as this was a dry run. 2 keys: 2 new, 2 new assets.\n")
    assert _import(capsys, *arguments) == (0, "2 keys: 2 new, 2 new assets.\n")
    place = """query($at: Position) {
      asset(databaseId: "shows", assetId: "scan_2", atLeast: $at) { assetLocation } }"""
    assert bystander.client.one(place, at=str(bystander.client.head()))["assetLocation"] == "in/scan_2/"
    assert _import(capsys, *arguments) == (0, "2 keys: 2 unchanged.\n")


def test_what_can_not_begin_says_why_and_records_nothing(
    bystander: Bystander, capsys: pytest.CaptureFixture[str]
) -> None:
    bystander.put("fresh/a.exr")
    cases = {
        ("nowhere",): "interneg: Could not use bucket 'nowhere': there is no such bucket; ensure_bucket creates it.\n",
        (BUCKET, "--database", "none"): "interneg: There is no database 'none'.\n",
    }
    for arguments, message in cases.items():
        with bystander.nothing_recorded():
            assert main(["import", "bucket", *arguments]) == 1
        assert message in capsys.readouterr().err


def test_an_interrupted_import_goes_on_where_the_log_is(
    bystander: Bystander, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        bystander.put(f"shot_010/{number}.exr")
    monkeypatch.setattr(inventory, "BATCH_KEYS", 3)
    versions = LocalObjectStore.versions

    def ending(store: LocalObjectStore, bucket: str, prefix: str):  # type: ignore[no-untyped-def]
        for version in versions(store, bucket, prefix):
            if version.key == "shot_010/5.exr":
                raise StoreUnavailable("list the bucket", "the test says so")
            yield version

    with monkeypatch.context() as patched:
        patched.setattr(LocalObjectStore, "versions", ending)
        assert main(["import", "bucket", BUCKET]) == 1
    assert "Could not list the bucket" in capsys.readouterr().err
    assert _events(bystander.running)["FileVersionObserved"] == 3
    assert _import(capsys, BUCKET) == (0, "7 keys: 4 new, 3 unchanged.\n")
    assert _events(bystander.running)["FileVersionObserved"] == 7


def test_lines_tell_how_far_it_is_where_there_is_no_terminal(
    bystander: Bystander, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        bystander.put(f"shot_010/{number}.exr")
    monkeypatch.setattr(inventory, "BATCH_KEYS", 2)
    capsys.readouterr()
    main(["import", "bucket", BUCKET])
    lines = [line for line in capsys.readouterr().err.splitlines() if re.fullmatch(r"\d+ keys, \d+ new", line)]
    assert lines == ["2 keys, 2 new", "4 keys, 4 new", "5 keys, 5 new"]

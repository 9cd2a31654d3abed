"""interneg import vams: what it prints, writes and answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.cli import main
from tests.gateway.product import Product
from tests.processors.vams_import.dynamodb_writing import write_scan

BUCKET = {"bucketId": "b1", "bucketName:baseAssetsPrefix": "scans:/"}
DATABASE = {"databaseId": "props", "description": "Props of all shows", "defaultBucketId": "b1"}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "vams"
    folder.mkdir()
    write_scan(folder, "S3AssetBucketsStorageTable", [BUCKET])
    write_scan(folder, "DatabaseStorageTable", [DATABASE])
    return folder


@contextmanager
def untouched(shown: Product) -> Iterator[None]:
    """The log is as long afterwards as it was before."""
    before = shown.ledger.head()
    yield
    assert shown.ledger.head() == before


def test_a_dry_run_records_nothing_and_counts_what_a_run_records(
    shown: Product, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with untouched(shown):
        assert main(["import", "vams", str(export), "--dry-run"]) == 0
    dry = capsys.readouterr().out
    before = shown.ledger.head()
    assert main(["import", "vams", str(export)]) == 0
    done = capsys.readouterr().out
    recorded = shown.ledger.head() - before
    assert dry.splitlines()[-1] == f"The import would record {recorded} events."
    assert done.splitlines()[-1] == f"The import recorded {recorded} events."
    assert done.splitlines()[:-1] == dry.splitlines()[:-1]
    assert done.splitlines()[2].split() == ["DatabaseStorageTable", "1", "0", "0"]
    assert main(["import", "vams", str(export)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "The import recorded 0 events."


def test_rows_that_were_left_out_are_lines_and_make_the_exit_code_3(
    shown: Product, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_scan(export, "AssetUploadsStorageTable", [{"uploadId": "y1", "assetId": "x1"}])
    assert main(["import", "vams", str(export)]) == 3
    assert (
        "not imported AssetUploadsStorageTable y1 / x1: uploads that VAMS had not ended are begun anew here\n"
        in capsys.readouterr().err
    )


def test_a_report_is_a_file_of_json_lines_with_the_counts_last(shown: Product, export: Path, tmp_path: Path) -> None:
    write_scan(export, "TagStorageTable", [{"tagName": "night", "tagTypeName": "mood"}])
    report = tmp_path / "report.jsonl"
    assert main(["import", "vams", str(export), "--report", str(report)]) == 0
    change, summary = [json.loads(line) for line in report.read_text().splitlines()]
    assert change == {
        "table": "TagStorageTable",
        "key": ["night"],
        "fate": "changed",
        "reason": "its tag type 'mood' is in no table and was made",
    }
    assert summary["dryRun"] is False
    assert summary["summary"]["tables"]["TagStorageTable"] == {"read": 1, "imported": 1, "changes": 1, "notImported": 0}


@pytest.mark.parametrize("rule", ["and-or=perhaps", "colour=red", "and-or"])
def test_an_unknown_rule_is_refused_with_those_there_are(
    shown: Product, export: Path, rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with untouched(shown):
        assert main(["import", "vams", str(export), "--rule", rule]) == 1
    assert capsys.readouterr().err == (
        f"interneg: There is no rule '{rule}': give and-or=alternatives|all, dangling-tags=drop|create.\n"
    )


def test_a_folder_without_exports_is_refused(
    shown: Product, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with untouched(shown):
        assert main(["import", "vams", str(empty)]) == 1
    assert f"interneg: Nothing below {empty} is an export of a VAMS table" in capsys.readouterr().err

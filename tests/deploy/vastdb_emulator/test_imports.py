"""Imports of Parquet objects: once each, wholly or not at all."""

from __future__ import annotations

import io
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from vastdb.errors import ImportFilesError
from vastdb.session import Session

from deploy.vastdb_emulator.process import ACCESS_KEY, SECRET_KEY, EmulatorProcess
from tests.deploy.vastdb_emulator.sdk import BUCKET, create, rows, stored, table


@pytest.fixture
def s3(running: EmulatorProcess) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=running.endpoint,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        region_name="us-east-1",
    )


def _put(s3: Any, key: str, content: pa.Table) -> str:
    buffer = io.BytesIO()
    pq.write_table(content, buffer)
    s3.put_object(Bucket=BUCKET, Key=key, Body=buffer.getvalue())
    return f"/{BUCKET}/{key}"


def test_an_object_is_imported_once(session: Session, schema: str, s3: Any) -> None:
    create(session, schema)
    path = _put(s3, f"{schema}/a b/ü.parquet", rows(1, 2))
    for _ in range(2):
        with session.transaction() as tx:
            table(tx, schema).import_files([path])
    assert stored(session, schema) == [1, 2]
    with session.transaction() as tx:
        listed = table(tx, schema).imports_table().select(["ObjectName"]).read_all()
    assert listed["ObjectName"].to_pylist() == [f"{schema}/a b/ü.parquet"]


def test_an_import_that_fails_leaves_nothing(session: Session, schema: str, s3: Any) -> None:
    create(session, schema)
    good = _put(s3, f"{schema}/1", rows(1))
    bad = _put(s3, f"{schema}/2", pa.table({"other": [1]}))
    with pytest.raises(ImportFilesError, match="TabularMismatchColumnName"), session.transaction() as tx:
        table(tx, schema).import_files([good, bad])
    assert stored(session, schema) == []


def test_an_object_that_is_not_there_is_not_imported(session: Session, schema: str) -> None:
    create(session, schema)
    with pytest.raises(ImportFilesError, match="has no object"), session.transaction() as tx:
        table(tx, schema).import_files([f"/{BUCKET}/{schema}/none"])


def test_objects_are_written_read_listed_and_deleted(schema: str, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=f"{schema}/x", Body=b"0123456789")
    assert s3.get_object(Bucket=BUCKET, Key=f"{schema}/x", Range="bytes=2-4")["Body"].read() == b"234"
    assert s3.get_object(Bucket=BUCKET, Key=f"{schema}/x", Range="bytes=-3")["Body"].read() == b"789"
    assert s3.head_object(Bucket=BUCKET, Key=f"{schema}/x")["ContentLength"] == 10
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix=schema)
    assert [entry["Key"] for entry in listed["Contents"]] == [f"{schema}/x"]
    s3.delete_object(Bucket=BUCKET, Key=f"{schema}/x")
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix=schema)

"""The example queries of the proxy_outputs page, as they are written there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from vastdb.session import Session

from deploy.vastdb_emulator.process import EmulatorProcess
from tests.deploy.vastdb_emulator.sdk import connect

FILES = pa.schema([("file_id", pa.string()), ("file_path", pa.string()), ("size_bytes", pa.int64())])
PROXY_OUTPUTS = pa.schema(
    [
        *[(name, pa.string()) for name in ("proxy_id", "file_id", "s3_key", "s3_bucket", "asset_id")],
        *[(name, pa.string()) for name in ("thumbnail_s3_key", "proxy_s3_key")],
        *[(name, pa.int64()) for name in ("thumbnail_size_bytes", "proxy_size_bytes", "source_size_bytes")],
        *[(name, pa.string()) for name in ("source_colorspace", "thumb_colorspace", "proxy_colorspace")],
        *[(name, pa.string()) for name in ("thumb_resolution", "proxy_resolution")],
        ("processing_time_seconds", pa.float64()),
        *[(name, pa.string()) for name in ("generated_timestamp", "generator_version")],
    ]
)
PATHS = {"0123456789abcdef": "renders/shot_010/beauty.0001.exr", "fedcba9876543210": "renders/shot_010/beauty.0002.exr"}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """The tables of the page, with two files."""
    with EmulatorProcess(tmp_path / "data", arguments=["--bucket", "sergio-db"]) as emulator:
        session = connect(emulator.endpoint)
        with session.transaction() as tx:
            schema = tx.bucket("sergio-db").create_schema("exr_metadata_2")
            files = [{"file_id": key, "file_path": path, "size_bytes": 7} for key, path in PATHS.items()]
            schema.create_table("files", FILES).insert(pa.Table.from_pylist(files, FILES))
            proxies = [_proxy(key, path) for key, path in PATHS.items()]
            schema.create_table("proxy_outputs", PROXY_OUTPUTS).insert(pa.Table.from_pylist(proxies, PROXY_OUTPUTS))
        yield session


def _proxy(file_id: str, path: str) -> dict[str, object]:
    stem = path.replace("shot_010/", "shot_010/.proxies/").removesuffix(".exr")
    return {
        "file_id": file_id,
        "s3_key": path,
        "proxy_s3_key": f"{stem}_proxy.mp4",
        "thumbnail_s3_key": f"{stem}_thumb.jpg",
        "proxy_size_bytes": 1000,
        "source_colorspace": "linear",
        "processing_time_seconds": 1.5,
    }


def test_the_proxy_of_a_file(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    with session.transaction() as tx:
        table = tx.bucket("sergio-db").schema("exr_metadata_2").table("proxy_outputs")
        reader = table.select(
            columns=["proxy_s3_key", "proxy_size_bytes", "source_colorspace"],
            predicate=ibis.literal("renders/shot_010/beauty.0001.exr") == ibis._["s3_key"],
        )
        print(reader.read_all())  # noqa: T201 - as the page has it
    printed = capsys.readouterr().out
    assert "renders/shot_010/.proxies/beauty.0001_proxy.mp4" in printed
    assert "beauty.0002" not in printed


def test_the_join_of_proxies_with_the_metadata(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    with session.transaction() as tx:
        schema = tx.bucket("sergio-db").schema("exr_metadata_2")
        files = schema.table("files")
        proxies = schema.table("proxy_outputs")

        file_reader = files.select(
            columns=["file_id", "file_path", "size_bytes"],
            predicate=ibis.literal("renders/shot_010/beauty.0001.exr") == ibis._["file_path"],
        )
        file_row = file_reader.read_all()
        fid = file_row.column("file_id")[0].as_py()

        proxy_reader = proxies.select(
            columns=["proxy_s3_key", "thumbnail_s3_key", "processing_time_seconds"],
            predicate=ibis.literal(fid) == ibis._["file_id"],
        )
        print(proxy_reader.read_all())  # noqa: T201
    assert fid == "0123456789abcdef"
    printed = capsys.readouterr().out
    assert "renders/shot_010/.proxies/beauty.0001_thumb.jpg" in printed
    assert "beauty.0002" not in printed

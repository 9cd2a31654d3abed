"""Storage that does not answer, or answers with damage, is an error and never an empty result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from projections.columnar.duckdb_delta.config import DuckDBParquetConfig
from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.errors import AccessRefused, Unavailable
from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import IMAGE_KEYS, IMAGES, Backend, ids, image_rows
from tests.contracts.columnar.losing import LosingProxy, Moment, losing_proxy

CALLS: list[Callable[[ColumnarStore], object]] = [
    lambda store: store.count("images"),
    lambda store: store.count("images", {"score": {"gte": 0}}),
    lambda store: list(store.read("images")),
    lambda store: store.bulk_read("images"),
    lambda store: store.distinct_values("images", ["month"]),
    lambda store: list(store.join("images", "images", "image_id")),
    lambda store: store.write("images", image_rows()),
    lambda store: store.create_table("images", IMAGES, partition_by=IMAGE_KEYS),
    lambda store: store.register_table("images", IMAGES, partition_by=IMAGE_KEYS),
]
READS_OF_ROWS = CALLS[1:4]


@pytest.mark.parametrize("backend", ["duckdb-s3"], indirect=True)
@pytest.mark.parametrize("changes", [{"s3_endpoint": "127.0.0.1:1"}, {"s3_secret_key": "wrong"}], ids=str)
def test_an_unreachable_or_refusing_server_is_unavailable(
    images: ColumnarStore, backend: Backend, changes: dict[str, str]
) -> None:
    assert images.count("images") == 12
    kind = AccessRefused if "s3_secret_key" in changes else Unavailable
    for call in CALLS:
        with pytest.raises(kind, match="images") as refused:
            call(backend.open(s3_timeout_seconds=0.3, **changes))
        assert refused.type is kind
    assert ids(images.read("images")) == ids(image_rows())


@pytest.fixture
def proxy(backend: Backend) -> Iterator[LosingProxy]:
    with losing_proxy(backend.settings["s3_endpoint"]) as proxy:
        yield proxy


@pytest.mark.parametrize("backend", ["duckdb-s3"], indirect=True)
@pytest.mark.parametrize("moments", [["before"], ["after"], ["after", "after"]], ids="-".join)
@pytest.mark.parametrize("is_overwrite", [False, True])
def test_a_lost_commit_to_s3_happens_once(
    images: ColumnarStore, backend: Backend, proxy: LosingProxy, moments: list[Moment], is_overwrite: bool
) -> None:
    behind = backend.open(s3_endpoint=proxy.address)
    assert behind.count("images") == 12
    proxy.moments.extend(moments)
    new = [{**image_rows()[0], "image_id": "new"}]
    assert behind.write("images", new, overwrite=is_overwrite)
    assert len(proxy.lost) == len(moments)
    for store in (behind, images, backend.open()):
        assert store.count("images", {"image_id": "new"}) == 1
        assert store.count("images") == (10 if is_overwrite else 13)


@pytest.fixture
def local(tmp_path: Path) -> DuckDBParquetStore:
    store = DuckDBParquetStore(DuckDBParquetConfig(root=tmp_path / "columnar"))
    store.create_table("images", IMAGES, partition_by=IMAGE_KEYS)
    store.write("images", image_rows())
    return store


def reopened(tmp_path: Path) -> DuckDBParquetStore:
    return DuckDBParquetStore(DuckDBParquetConfig(root=tmp_path / "columnar"))


@pytest.mark.parametrize("call", CALLS)
def test_a_root_that_is_no_directory_is_unavailable(tmp_path: Path, call: Callable[[ColumnarStore], object]) -> None:
    (tmp_path / "columnar").write_text("not a directory")
    with pytest.raises(Unavailable):
        call(reopened(tmp_path))


@pytest.mark.parametrize("call", CALLS)
def test_a_damaged_log_is_unavailable(
    local: DuckDBParquetStore, tmp_path: Path, call: Callable[[ColumnarStore], object]
) -> None:
    assert local.count("images") == 12
    (tmp_path / "columnar" / "images" / "_delta_log" / f"{1:020}.json").write_text("{torn")
    with pytest.raises(Unavailable):
        call(reopened(tmp_path))


@pytest.mark.parametrize("call", READS_OF_ROWS)
@pytest.mark.parametrize("damage", ["missing", "torn", "empty"])
def test_a_damaged_data_file_is_unavailable(
    local: DuckDBParquetStore, tmp_path: Path, call: Callable[[ColumnarStore], object], damage: str
) -> None:
    file = next((tmp_path / "columnar" / "images").glob("*.parquet"))
    content = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes(content[: len(content) // 2] if damage == "torn" else b"")
    with pytest.raises(Unavailable):
        call(local)


def test_an_unfinished_file_of_a_crashed_writer_is_never_read(local: DuckDBParquetStore, tmp_path: Path) -> None:
    (tmp_path / "columnar" / "images" / "0123456789abcdef-00000000.parquet").write_bytes(b"PAR1 torn")
    assert len(list(local.read("images"))) == 12
    assert reopened(tmp_path).count("images", {"score": {"gte": 0}}) == 12


@pytest.mark.parametrize("root", ["", "s3:", "s3://", "s3://bucket/a b", "s3://bucket/%41", "dir/50%"])
def test_a_root_that_cannot_be_meant_is_refused(root: str) -> None:
    with pytest.raises(ValueError, match="root"):
        DuckDBParquetConfig(root=root)


@pytest.mark.parametrize("name", ["a b", "x*[a]?", "#h", "é'\"q", "a,b;{}", "p=q"])
def test_a_local_root_may_have_any_other_name(tmp_path: Path, name: str) -> None:
    store = DuckDBParquetStore(DuckDBParquetConfig(root=f"{tmp_path}/{name}/"))
    store.create_table("images", IMAGES, partition_by=IMAGE_KEYS)
    store.write("images", image_rows())
    assert store.count("images", {"score": {"gte": 0.5}}) == 7
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_making_a_store_opens_and_writes_nothing(tmp_path: Path) -> None:
    DuckDBParquetStore(DuckDBParquetConfig(root=tmp_path / "columnar"))
    DuckDBParquetStore(DuckDBParquetConfig(root="s3://bucket/prefix", s3_endpoint="nowhere.invalid:1"))
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_not_shown() -> None:
    config = DuckDBParquetConfig(root="s3://b", s3_secret_key="hush", s3_session_token="hush")
    assert "hush" not in repr(config)

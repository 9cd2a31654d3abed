"""Names that try to be SQL or paths: a typed error, and nothing read, written or deleted elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from projections.columnar.errors import ColumnarError
from projections.columnar.store import ColumnarStore
from tests.contracts.columnar.backends import IMAGES, ids, image_rows

HOSTILE = [
    "k\" = 'zzz' OR 1=1 OR \"k",
    "x\" UNION ALL SELECT * FROM read_csv('/etc/hostname') --",
    "image_id); DROP TABLE images; --",
    "../images",
    "$v0",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_an_unknown_name(images: ColumnarStore, name: str) -> None:
    calls: list[Any] = [
        lambda: images.read("images", {name: 1}),
        lambda: images.read("images", columns=[name]),
        lambda: images.read("images", order_by=[name]),
        lambda: images.distinct_values("images", [name]),
        lambda: images.join("images", "images", name),
        lambda: images.join("images", "images", "image_id", {name: 1}),
        lambda: images.count(name),
        lambda: images.join("images", name, "image_id"),
        lambda: images.create_table(name, IMAGES),
        lambda: images.write(name, image_rows()),
        lambda: images.drop_table(name),
        lambda: images.replace_rows("images", image_rows(), key=[name]),
    ]
    for call in calls:
        with pytest.raises(ColumnarError):
            call()
    assert ids(images.read("images")) == ids(image_rows())


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_only_a_value(images: ColumnarStore, value: str) -> None:
    row = {**image_rows()[0], "image_id": value, "instrument": value}
    images.write("images", [row], overwrite=True)
    assert list(images.read("images", {"instrument": value})) == [row]
    assert list(images.read("images", {"image_id": {"in": [value]}})) == [row]
    assert images.count("images", {"image_id": {"prefix": value}}) == 1
    assert images.count("images", {"image_id": {"contains": value}}) == 1
    assert images.count("images") == 13


def test_duckdb_reads_nothing_outside_the_root(tmp_path: Path) -> None:
    from projections.columnar.duckdb_delta.config import DuckDBParquetConfig, Storage
    from projections.columnar.duckdb_delta.reading.queries import Engine

    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    engine = Engine(Storage(DuckDBParquetConfig(root=tmp_path / "columnar")), threads=None)
    for statement in (
        f"FROM read_csv('{tmp_path}/secret.csv')",
        "INSTALL httpfs",
        "SET enable_external_access=true",
    ):
        with pytest.raises(Exception, match=r"disabled|locked|Permission|Cannot"):
            engine.cursor().execute(statement)

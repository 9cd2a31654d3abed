"""The code examples of the page this store is modelled on, run as written but for the import line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from projections.columnar.duckdb_delta.store import DuckDBParquetStore
from projections.columnar.filters import columns_of, parse
from tests.contracts.columnar.backends import REPOSITORY, Backend
from tests.contracts.columnar.conftest import missing

IMPORT = "from amplify_db_utils import DuckDBParquetConfig, DuckDBParquetStore"
OUR_IMPORT = "from projections.columnar.duckdb_delta.store import DuckDBParquetConfig, DuckDBParquetStore"


@pytest.fixture
def page() -> list[str]:
    name = Path("shared") / "spec" / "seed-columnar-store.txt"
    found = [parent / name for parent in REPOSITORY.parents if (parent / name).is_file()]
    if not found:
        missing("no shared/spec/seed-columnar-store.txt beside the checkout")
    return found[0].read_text().splitlines()


def example(page: list[str], first: str, heading: str) -> str:
    """The lines from the first one that starts so, up to the heading."""
    start = next(index for index, line in enumerate(page) if line.startswith(first))
    return "\n".join(page[start : page.index(heading, start)])


def test_the_examples_run_as_written_on_every_backend(
    page: list[str], backend: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {}

    def run(first: str, heading: str) -> None:
        source = example(page, first, heading).replace(IMPORT, OUR_IMPORT)
        # The page has no __future__ import, which exec would otherwise take from this module.
        exec(compile(source, first, "exec", dont_inherit=True), names)

    run(IMPORT, "Examples")
    assert isinstance(names["store"], DuckDBParquetStore)
    # The page names a directory and a server of its own, so the rest runs on the store under test.
    store = names["store"] = backend.open()

    run("from datetime import datetime", "Write records")
    run('store.write("images", [', "Read and query")
    run("# Iterate rows", "Overwrite a partition")
    assert capsys.readouterr().out == "D20240101T120000_IFCB107_00001\n"
    assert isinstance(names["table"], pa.Table)
    assert names["table"].column("timestamp").to_pylist() == [dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)]
    assert names["n"] == 1
    assert names["partitions"] == [{"instrument": "IFCB107", "year": 2024, "month": 1}]

    row = {
        "image_id": "new",
        "timestamp": dt.datetime(2024, 1, 2),
        "instrument": "IFCB107",
        "year": 2024,
        "month": 1,
    }
    names["new_records"] = [row]
    run('store.write("images", new_records', "Cross-table join")
    assert [found["image_id"] for found in store.read("images")] == ["new"]

    store.create_table(
        "geolocation_index",
        pa.schema([("image_id", pa.string()), ("lat", pa.float64()), ("lon", pa.float64())]),
    )
    store.write(
        "geolocation_index",
        [{"image_id": "new", "lat": 41.0, "lon": -70.5}, {"image_id": "new", "lat": 0.0, "lon": 0.0}],
    )
    run("# Spatial filter", "Filter syntax")
    assert list(names["rows"]) == [{**row, "timestamp": dt.datetime(2024, 1, 2, tzinfo=dt.UTC)}]

    run("filters = {", "Design notes")
    node = parse(names["filters"])
    assert node is not None
    assert list(columns_of(node)) == ["instrument", "timestamp", "timestamp", "class_name"]

"""interneg export asset: writes the manifest, to a file or to standard output."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli import main
from tests.gateway.exports.conftest import await_tables, fill
from tests.gateway.exports.manifests import read
from tests.gateway.product import Product


@pytest.fixture
def library(shown: Product) -> Product:
    fill(shown.ledger)
    await_tables(shown)
    return shown


def test_the_manifest_is_what_the_server_gives(library: Product, tmp_path: Path) -> None:
    path = tmp_path / "shot.ndjson"
    flags = ["--children-depth", "9", "--no-include-versions", "--file-extensions", ".EXR", ".mov"]
    assert main(["export", "asset", "shows", "shot", "--output", str(path), *flags]) == 0
    given: dict[str, str | int] = {"childrenDepth": 9, "includeVersions": "false", "fileExtensions": ".exr,.mov"}
    answer = library.client.http.get(f"{library.client.url}/export/assets/shows/shot", params=given)
    written, served = read(path.read_bytes()), read(answer.content)
    for found in (written, served):
        del found["manifest"][0]["exportedAt"]
    assert written.records == served.records
    assert [one["assetId"] for one in written["asset"]] == ["shot", "old", "set", "prop"]


def test_it_is_written_to_standard_output_without_a_file(
    library: Product, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["export", "asset", "shows", "prop"]) == 0
    found = read(capfdbinary.readouterr().out)
    assert (found["asset"][0]["assetName"], found["end"][0]["isComplete"]) == ("Prop", True)


def test_an_asset_that_is_not_there_is_refused(library: Product, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "asset", "shows", "none"]) == 1
    assert capsys.readouterr().err == "interneg: There is no asset 'none'.\n"


def test_a_number_out_of_range_is_refused(library: Product, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "asset", "shows", "shot", "--max-assets", "0"]) == 1
    assert capsys.readouterr().err == "interneg: maxAssets is 1 to 10000, not 0.\n"

"""The fixture that opens pages in headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.graphiql.page import STATIC
from tests.browser.chromium import PageFactory, chromium_pages, find_chromium
from tests.required import require


@pytest.fixture
def page_factory(tmp_path: Path) -> Iterator[PageFactory]:
    """Opens recorded pages; asks for a built GraphiQL too, because every page of ours is that one."""
    executable = find_chromium()
    require(executable is not None, "there is no chromium.")
    require((STATIC / "manifest.json").is_file(), "GraphiQL is not built: run make setup.")
    with chromium_pages(str(executable), tmp_path / "profile") as factory:
        yield factory

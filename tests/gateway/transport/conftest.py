"""The toy application, asked over in-process ASGI or served by a real uvicorn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway.asking import Asker
from tests.gateway.transport.server import running_server
from tests.gateway.transport.toy import toy_app


@pytest.fixture
def toy() -> Asker:
    return Asker(toy_app())


@pytest.fixture(scope="session")
def toy_url() -> Iterator[str]:
    with running_server("tests.gateway.transport.toy:toy_app") as url:
        yield url

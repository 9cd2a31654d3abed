"""The object stores the contract suite runs on: the local one behind real HTTP, and a real S3 server."""

from __future__ import annotations

import socket
import threading
import uuid
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from gateway.objects.routes import object_routes
from processors.objects.local import LocalObjectStore
from processors.objects.s3 import connect
from processors.objects.store import ObjectStore
from tests.contracts.object_stores import (
    StoreUnderTest,
    running_versitygw,
    s3_connection,
)


@pytest.fixture(scope="session")
def local_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalObjectStore]:
    listener = socket.create_server(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    store = LocalObjectStore(tmp_path_factory.mktemp("objects"), base_url, b"s" * 32)
    app = Starlette(routes=object_routes(store))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield store
    server.should_exit = True
    thread.join()
    store.close()


@pytest.fixture(scope="session")
def s3_endpoint_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_versitygw(tmp_path_factory.mktemp("s3"), "--keep-alive") as url:
        yield url


@pytest.fixture(params=["local", "s3"])
def under_test(request: pytest.FixtureRequest) -> Iterator[StoreUnderTest]:
    store: ObjectStore
    if request.param == "local":
        store = request.getfixturevalue("local_store")
    else:
        store = connect(s3_connection(request.getfixturevalue("s3_endpoint_url")))
    bucket = f"contract-{uuid.uuid4().hex[:12]}"
    store.ensure_bucket(bucket)
    with httpx.Client(timeout=30) as client:
        yield StoreUnderTest(kind=request.param, store=store, bucket=bucket, client=client)

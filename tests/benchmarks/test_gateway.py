"""What a running gateway does a second over HTTP, each beside the part alone that should decide it."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import OpenImageIO as oiio
import psycopg
import pytest
from starlette.applications import Starlette

from gateway import composition
from gateway.app import routes
from gateway.reads.run import JsonBytes
from gateway.settings import Settings
from processors.objects.local import LocalObjectStore
from tests.benchmarks.conftest import Say
from tests.benchmarks.rates import one_each, posting, rate
from tests.system.accounts import client_of, wait_for_media
from tests.system.client import Client
from tests.system.server import RunningServer, serving

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

CLIENTS = (1, 8, 32)
BULK_FILES = 10_000
LIST_ASSETS, VERSIONS, ENTRIES = 100, 3, 5
PICTURES, WIDTH, HEIGHT = 24, 1920, 1080
JOBS = 2
CREATE = """mutation($input: CreateAssetInput!) { createAsset(input: $input) { position errors { code message } } }"""
VERSION = """mutation($input: CreateAssetVersionInput!) { createAssetVersion(input: $input) {
  position errors { code } } }"""
REGISTER = """mutation($input: RegisterFilesInput!) { registerFiles(input: $input) {
  registeredCount position errors { code message } } }"""
LIST = """{ assets(databaseId: "list", first: 100) { edges { node {
  assetId assetName description tags createdAt metadata { key value valueType }
  versions { edges { node { assetVersionId versionAlias comment createdAt } } } } } } }"""


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with (
        tempfile.TemporaryDirectory(prefix="interneg-bench-") as directory,
        serving(Path(directory), media_jobs=str(JOBS)) as running,
    ):
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[Client]:
    with client_of(server) as found:
        yield found


def test_mutations(server: RunningServer, client: Client, say: Say) -> None:
    client.create_asset("write", "first")
    names = count()
    given = {"databaseId": "write", "assetName": "n", "description": "made by a benchmark", "isDistributable": True}
    with inserting(server) as insert, posting(server.url) as gateway:
        for clients in CLIENTS:
            rows = rate(clients, insert)
            done = rate(clients, lambda: gateway.post(CREATE, input={**given, "assetId": f"asset-{next(names)}"}))
            say(
                f"createAsset, {clients:2} clients: {done:7,.0f}/s and visible to reads; "
                f"{done / rows:.3f} of one-row INSERTs on as many connections ({rows:,.0f}/s)"
            )


@contextmanager
def inserting(server: RunningServer) -> Iterator[Callable[[], object]]:
    """Commits one row of an event's size, on a connection of each thread."""
    url = server.run("db", "url").stdout.strip()
    with (
        psycopg.connect(url, autocommit=True) as connection,
        one_each(lambda: psycopg.connect(url, autocommit=True)) as connections,
    ):
        connection.execute("CREATE TABLE public.plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text)")
        yield lambda: connections().execute("INSERT INTO public.plain (text) VALUES (%s)", ["x" * 400])
        connection.execute("DROP TABLE public.plain")


def test_bulk_registration(server: RunningServer, client: Client, say: Say) -> None:
    client.create_asset("bulk", "frames")
    with closing(LocalObjectStore(server.data_dir / "objects", server.url, b"puts only")) as store:
        paths = [f"cache/{number:05}.bgeo" for number in range(BULK_FILES)]
        with ThreadPoolExecutor(8) as pool:
            put = partial(_put, store)
            list(pool.map(put, paths))
            began = time.perf_counter()
            list(pool.map(lambda path: store.head("assets", f"frames/{path}"), paths))
            heads = time.perf_counter() - began
    began = time.perf_counter()
    files = [{"path": path} for path in paths]
    done = client.done(REGISTER, databaseId="bulk", assetId="frames", files=files)
    took = time.perf_counter() - began
    assert done["registeredCount"] == BULK_FILES
    document = """query($at: Position) { asset(databaseId: "bulk", assetId: "frames", atLeast: $at) {
      files { totalCount } } }"""
    assert client.one(document, at=done["position"]) == {"files": {"totalCount": BULK_FILES}}
    visible = time.perf_counter() - began
    say(
        f"registerFiles, {BULK_FILES} in one call: {BULK_FILES / took:,.0f} files/s, visible after {visible:.1f} s; "
        f"{took / heads:.1f} times the time of looking up the objects alone ({BULK_FILES / heads:,.0f}/s)"
    )


def _put(store: LocalObjectStore, path: str) -> None:
    store.put("assets", f"frames/{path}", b"x", content_type="application/octet-stream", metadata={})


def test_asset_list(server: RunningServer, client: Client, say: Say) -> None:
    _fill_list(client)
    statement, values = asyncio.run(_planned(server))
    url = server.run("db", "url").stdout.strip()
    with one_each(lambda: _reading(url)) as connections, posting(server.url) as gateway:
        for clients in CLIENTS:
            floor = rate(clients, lambda: connections().execute(statement, values).fetchall())
            done = rate(clients, lambda: gateway.post(LIST))
            say(
                f"{LIST_ASSETS} assets with {VERSIONS} versions and {ENTRIES} entries, {clients:2} clients: "
                f"{done:5.0f} queries/s, {done / floor:.2f} of the same SQL alone ({floor:.0f}/s)"
            )
        (alone,) = connections().execute(statement, values).fetchone() or ("",)
        assert json.loads(gateway.post(LIST))["data"]["assets"] == json.loads(alone)


def _reading(url: str) -> psycopg.Connection[Any]:
    options = "-c search_path=tables,search,public -c timezone=UTC -c jit=off"
    connection: psycopg.Connection[Any] = psycopg.connect(url, autocommit=True, options=options)
    connection.adapters.register_loader("json", JsonBytes)
    return connection


def _fill_list(client: Client) -> None:
    metadata = [{"key": f"key-{number}", "value": f"value {number}"} for number in range(ENTRIES)]
    client.create_asset("list", "asset-000", metadata=metadata)

    def fill(number: int) -> None:
        asset_id = f"asset-{number:03}"
        if number:
            client.create_asset("list", asset_id, metadata=metadata)
        for version in range(VERSIONS):
            client.done(VERSION, databaseId="list", assetId=asset_id, comment=f"take {version}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fill, range(LIST_ASSETS)))


async def _planned(server: RunningServer) -> tuple[Any, Any]:
    """The one statement that the gateway makes of the query, and its values."""
    url, seen = server.run("db", "url").stdout.strip(), []
    with (
        tempfile.TemporaryDirectory() as directory,
        composition.parts(Settings(data_dir=Path(directory)), url, public_url=server.url) as parts,
    ):
        async with composition.services(parts, default_bucket_id="") as services:
            rows = services.reader.rows

            async def watched(statement: Any, values: Any) -> Any:
                seen.append((statement, values))
                return await rows(statement, values)

            services.reader.rows = watched  # type: ignore[method-assign]
            transport = httpx.ASGITransport(app=Starlette(routes=routes(services)))
            async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as asking:
                await asking.post("/graphql", json={"query": LIST})
    ((statement, values),) = seen
    return statement, values


def test_media(server: RunningServer, client: Client, say: Say, tmp_path: Path) -> None:
    for suffix in ("exr", "png"):
        made = [_picture(tmp_path / f"{number:02}.{suffix}", seed=number) for number in range(PICTURES)]
        client.create_asset("media", suffix)
        before = _ended(client)
        upload = client.start(("media", suffix), {path.name: path.read_bytes() for path in made})
        sent = client.send(upload, {path.name: path.read_bytes() for path in made})
        began = time.perf_counter()
        client.complete(upload, sent)
        wait_for_media(client, before + PICTURES)
        done = PICTURES / (time.perf_counter() - began)
        with ThreadPoolExecutor(JOBS) as pool:
            began = time.perf_counter()
            list(pool.map(_decode, made))
            decoded = PICTURES / (time.perf_counter() - began)
        say(
            f"media, {suffix} {WIDTH}x{HEIGHT}, {JOBS} jobs on {os.cpu_count()} cores, completed upload to pictures: "
            f"{done:.1f} files/s, {done / decoded:.2f} of decoding alone ({decoded:.1f}/s)"
        )


def _ended(client: Client) -> int:
    document = "query($f: EventFilter) { events(filter: $f) { totalCount } }"
    found = client.one(document, f={"eventTypes": ["RenditionsProduced", "RenditionsFailed"]})
    return int(found["totalCount"])


def _picture(path: Path, *, seed: int) -> Path:
    """A soft picture with grain, as a plate has."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    soft = np.stack([np.sin(rows / 300), np.cos(columns / 500), np.sin((rows + columns) / 700)], -1) * 0.4 + 0.5
    grain = random.normal(0, 0.01, soft.shape).astype(np.float32)
    spec = oiio.ImageSpec(WIDTH, HEIGHT, 3, "half" if path.suffix == ".exr" else "uint8")
    output = oiio.ImageOutput.create(str(path))
    assert output is not None, oiio.geterror()
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(np.clip(soft + grain, 0, 1)), output.geterror()
    output.close()
    return path


def _decode(path: Path) -> None:
    image = oiio.ImageInput.open(str(path))
    assert image is not None
    assert image.read_image(0, 0, 0, 3, image.spec().format) is not None

"""A whole deployment as deploy/README.md says: started at once, loaded, upgraded process by process, and stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import pytest

from tests.deploy.asking import asking
from tests.deploy.fleet import Fleet, deployed
from tests.deploy.later_release import LIFTED
from tests.system import pictures
from tests.system.accounts import PROJECTIONS
from tests.system.client import Client
from tests.waiting import eventually

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1200)]

NOW, LATER = "gateway.cli", "tests.deploy.later_release"
PICTURES = 6
FILES = """{ asset(databaseId: "plates", assetId: "garden") { description files { edges { node { path
  renditions { kind state url } } } } } }"""
DESCRIBE = """mutation($input: UpdateAssetInput!) { updateAsset(input: $input) {
  position errors { code message path } } }"""
DESCRIPTION = """query($at: AsOf) { asset(databaseId: "plates", assetId: "garden", asOf: $at) { description } }"""
FOLLOWERS = "{ projections { name generation state failure position head } }"
EVENTS = "{ events(first: 1000) { edges { node { position } } } }"


@pytest.fixture
def fleet(empty_database_url: str) -> Iterator[Fleet]:
    with (
        tempfile.TemporaryDirectory(prefix="interneg-fleet-") as directory,
        deployed(Path(directory), empty_database_url, NOW) as running,
    ):
        yield running


def test_a_deployment_is_upgraded_without_a_failed_request(fleet: Fleet) -> None:
    with fleet.client() as client:
        client.create_asset("plates", "garden")
        random = Random(7)
        client.upload(("plates", "garden"), {f"{n:02}.exr": pictures.exr(random) for n in range(PICTURES)})
        client.done(DESCRIBE, databaseId="plates", assetId="garden", description="by the first release")
        eventually(lambda: _thumbnails(client) == PICTURES)
        before = _generations(client)
        with asking(fleet) as (asked, heard):
            for service in fleet.workers:
                service.restart(LATER)
            eventually(lambda: all(_generations(client)[name] > before[name] for name in PROJECTIONS))
            after = _generations(client)
            fleet.gateways[0].restart(NOW)
            assert _generations(client) == after, "a gateway of the earlier release undid the upgrade"
            for service in fleet.gateways:
                service.restart(LATER)
            client.done(DESCRIBE, databaseId="plates", assetId="garden", description="by the later release")
        assert asked.failures == []
        assert asked.answers > 50
        _check_heard(client, heard.positions)
        assert heard.connections >= 2, "the gateway that served the subscription was restarted"
        _check_library(client, len(asked.created))
        _check_described(client)
    for name in PROJECTIONS:
        verified = fleet.workers[0].run("projections", "verify", name)
        assert (verified.returncode, verified.stdout.splitlines()[-1:]) == (0, ["No difference."]), verified.stderr
    for service in fleet.services:
        service.stop()


def _thumbnails(client: Client) -> int:
    """How many thumbnails can be fetched from S3."""
    found = 0
    for edge in client.one(FILES)["files"]["edges"]:
        for rendition in edge["node"]["renditions"]:
            if rendition["kind"] == "THUMBNAIL" and rendition["state"] == "READY":
                found += httpx.get(rendition["url"]).content[:4] in (b"\x89PNG", b"RIFF", b"\xff\xd8\xff\xe0")
    return found


def _generations(client: Client) -> dict[str, int]:
    return {one["name"]: int(one["generation"]) for one in client.one(FOLLOWERS)}


def _check_heard(client: Client, positions: list[int]) -> None:
    """Every event once and in order, whichever gateway delivered it."""
    edges = client.one(EVENTS)["edges"]
    recorded = [int(edge["node"]["position"]) for edge in edges]
    assert positions == recorded[: len(positions)]
    assert len(positions) > len(recorded) - 20


def _check_library(client: Client, created: int) -> None:
    """Every follower is at the head, and what clients were told is done can be read and found."""
    eventually(lambda: all(one["position"] == one["head"] for one in client.one(FOLLOWERS)))
    assert {one["state"] for one in client.one(FOLLOWERS)} == {"LIVE"}
    assert client.one("{ assets { totalCount } }")["totalCount"] == created + 1
    assert client.one('{ search(query: "turntable") { totalCount } }')["totalCount"] == created
    assert client.one("{ frames { totalCount } }")["totalCount"] == PICTURES
    assert _thumbnails(client) == PICTURES


def _check_described(client: Client) -> None:
    """The event that the first release recorded was lifted when the prints were struck again; the new one was not."""
    events = client.one(
        """{ events(filter: {eventTypes: ["AssetDescribed"]}, first: 10) { edges { node { position payload } } } }"""
    )
    nodes = [edge["node"] for edge in events["edges"]]
    lifted = [f"by the first release{LIFTED}", "by the later release"]
    assert [node["payload"]["description"] for node in nodes] == lifted
    described = [client.one(DESCRIPTION, at={"position": node["position"]})["description"] for node in nodes]
    assert described == lifted

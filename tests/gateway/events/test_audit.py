"""The history of an asset: who, when, why and what changed; and the log, asked by every condition."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product as every
from typing import Any

import pytest

from domain.assets.commands import update_asset
from domain.cause import ActorKind, Cause, Order
from domain.users.commands import create_user
from tests.gateway.product import Product
from tests.system.client import Client

DATABASE, HERO, CHAIR = "audited", "hero", "chair"
UPDATE = "mutation($input: UpdateAssetInput!) { updateAsset(input: $input) { position errors { message } } }"
ARCHIVE = "mutation($input: ArchiveAssetInput!) { archiveAsset(input: $input) { position errors { message } } }"
UNARCHIVE = "mutation($input: UnarchiveAssetInput!) { unarchiveAsset(input: $input) { position errors { message } } }"
SET = "mutation($input: SetMetadataInput!) { setMetadata(input: $input) { position errors { message } } }"
LINK = """mutation($input: CreateAssetLinkInput!) { createAssetLink(input: $input) {
  assetLink { assetLinkId } position errors { message } } }"""
CHANGES = "changes { entity entityId field key before after }"
WHO = "actor actorKind actorId actorName user { userId } apiKey { apiKeyId } reason correlationId"
HISTORY = f"""query(
  $a: String!, $after: Position, $first: Int, $last: Int, $before: Position, $asOf: AsOf, $at: Position
) {{
  asset(databaseId: "audited", assetId: $a, asOf: $asOf, atLeast: $at) {{
    history(after: $after, first: $first, last: $last, before: $before) {{
      totalCount pageInfo {{ hasNextPage hasPreviousPage }} edges {{ node {{
        position eventType topic recordedAt {WHO} causationPosition cause {{ position eventType }} {CHANGES}
      }} }} }} }} }}"""
EVENTS = """query($filter: EventFilter, $after: Position, $first: Int, $last: Int, $before: Position) {
  events(filter: $filter, after: $after, first: $first, last: $last, before: $before) { totalCount edges { node {
    position eventType topic recordedAt actor correlationId databaseId assetId path } } } }"""
ADA = Cause(actor_kind=ActorKind.USER, actor_id="ada", correlation_id="elsewhere", at=datetime(2020, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def audited(library: Product) -> Product:
    """An asset that was described, archived and unarchived, linked, and changed by a processor in answer to that."""
    client = library.client
    client.create_asset(DATABASE, HERO, metadata=[{"key": "lens", "value": "35", "valueType": "NUMBER"}])
    client.create_asset(DATABASE, CHAIR)
    here = {"databaseId": DATABASE, "assetId": HERO}
    client.done(SET, owner=here, entries=[{"key": "lens", "value": "50", "valueType": "NUMBER"}])
    client.upload((DATABASE, HERO), {"a.txt": b"one"})
    client.done(ARCHIVE, **here, reason="On hold")
    back = client.done(UNARCHIVE, **here)["position"]
    ends = {"fromDatabaseId": DATABASE, "fromAssetId": CHAIR, "toDatabaseId": DATABASE, "toAssetId": HERO}
    client.done(LINK, **ends, relationshipType="PARENT_CHILD")
    create_user(library.ledger, "ada", email="ada@example.com", order=Order(cause=ADA))
    update_asset(library.ledger, DATABASE, CHAIR, asset_name="Chair", order=Order(cause=ADA))
    robot = Cause(
        actor_kind=ActorKind.PROCESSOR,
        actor_id="workflows",
        correlation_id="elsewhere",
        at=datetime.now(UTC),
        causation_position=int(back),
    )
    update_asset(library.ledger, DATABASE, HERO, description="By a robot", order=Order(cause=robot))
    return library


def _history(client: Client, asset_id: str, **values: Any) -> list[Any]:
    found = client.one(HISTORY, a=asset_id, at=str(client.head()), **{"first": 100, **values})["history"]
    return [edge["node"] for edge in found["edges"]]


def _told(node: Any) -> list[tuple[Any, ...]]:
    return [tuple(change.values()) for change in node["changes"]]


def test_a_history_tells_what_changed_from_what_to_what(audited: Product) -> None:
    by_type = {node["eventType"]: node for node in _history(audited.client, HERO)}
    lens = [{"value": value, "valueType": "NUMBER"} for value in ("35", "50")]
    assert _told(by_type["AssetMetadataSet"]) == [("ASSET", None, "metadata", "lens", *lens)]
    assert _told(by_type["AssetArchived"]) == [
        ("ASSET", None, "archived", None, False, True),
        ("ASSET", None, "archivedReason", None, None, "On hold"),
    ]
    assert ("FILE", "a.txt", "sizeBytes", None, None, 3) in _told(by_type["FileUploaded"])
    assert _told(by_type["UploadStarted"]) == []
    created = {change[2]: change[4:] for change in _told(by_type["AssetCreated"])}
    assert created["assetName"] == (None, HERO)
    assert created["metadata"] == (None, lens[0])


def test_a_history_tells_who_did_it_and_why(audited: Product) -> None:
    nodes = {node["eventType"]: node for node in _history(audited.client, HERO)}
    archived, described = nodes["AssetArchived"], nodes["AssetDescribed"]
    assert (archived["actorKind"], archived["actorId"], archived["reason"]) == ("USER", "developer", "On hold")
    assert (archived["topic"], archived["cause"], archived["actorName"]) == ("asset-archived", None, None)
    assert (described["actor"], described["actorKind"]) == ("processor:workflows", "PROCESSOR")
    assert described["cause"] == {
        "position": described["causationPosition"],
        "eventType": "AssetUnarchived",
    }
    (renamed,) = [node for node in _history(audited.client, CHAIR) if node["eventType"] == "AssetRenamed"]
    assert (renamed["actorName"], renamed["user"]) == ("ada@example.com", {"userId": "ada"})


def test_a_link_is_in_the_histories_of_both_its_assets(audited: Product) -> None:
    found = {}
    for asset_id in (HERO, CHAIR):
        (found[asset_id],) = [
            node for node in _history(audited.client, asset_id) if node["eventType"] == "AssetLinkCreated"
        ]
    assert found[HERO] == found[CHAIR]
    told = {change[2]: change[-1] for change in _told(found[HERO])}
    assert told["to"] == {"databaseId": DATABASE, "assetId": HERO}


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_history_is_paged_both_ways(audited: Product, size: int) -> None:
    client, whole = audited.client, _history(audited.client, HERO)
    positions = [int(node["position"]) for node in whole]
    assert positions == sorted(set(positions))
    forward: list[Any] = []
    while page := _history(client, HERO, first=size, after=forward[-1]["position"] if forward else None):
        forward += page
    backward: list[Any] = []
    while page := _history(client, HERO, first=None, last=size, before=backward[0]["position"] if backward else None):
        backward = page + backward
    assert forward == backward == whole


def test_the_history_of_the_past_ends_there(audited: Product) -> None:
    whole = _history(audited.client, HERO)
    (archived,) = [node for node in whole if node["eventType"] == "AssetArchived"]
    then = _history(audited.client, HERO, asOf={"position": archived["position"]})
    assert then == [node for node in whole if int(node["position"]) <= int(archived["position"])]


def _events(client: Client, **values: Any) -> list[Any]:
    return [edge["node"] for edge in client.one(EVENTS, **{"first": 1000, **values})["edges"]]


def _conditions(log: list[Any]) -> dict[str, list[tuple[Any, Any]]]:
    """Values to filter by, each with what it means for an event as the log shows it."""
    middle = log[len(log) // 2]
    moment, position = middle["recordedAt"], int(middle["position"])
    about = {DATABASE: {HERO, CHAIR}}
    linked = {node["position"] for node in log if node["eventType"] == "AssetLinkCreated"}
    return {
        "actors": [(["user:ada"], lambda e: e["actor"] == "user:ada"), (["user:bob"], lambda e: False)],
        "topics": [
            (["asset-archived", "asset-renamed"], lambda e: e["topic"] in ("asset-archived", "asset-renamed")),
        ],
        "eventTypes": [(["AssetCreated"], lambda e: e["eventType"] == "AssetCreated"), ([], lambda e: False)],
        "databaseId": [(DATABASE, lambda e: e["databaseId"] in about)],
        "assetId": [
            (HERO, lambda e: e["assetId"] == HERO or e["position"] in linked),
            (CHAIR, lambda e: e["assetId"] == CHAIR),
        ],
        "path": [("a.txt", lambda e: e["path"] == "a.txt")],
        "correlationIds": [(["elsewhere"], lambda e: e["correlationId"] == "elsewhere")],
        "recordedAtGte": [(moment, lambda e: e["recordedAt"] >= moment)],
        "recordedAtLt": [
            (moment, lambda e: e["recordedAt"] < moment),
            ("2020-01-01T00:00:00.000001Z", lambda e: e["recordedAt"] < "2020-01-01T00:00:00.000001Z"),
        ],
        "positionGte": [(str(position), lambda e: int(e["position"]) >= position)],
        "positionLte": [(str(position), lambda e: int(e["position"]) <= position)],
    }


def test_every_condition_and_every_pair_of_them_gives_what_the_whole_log_has_of_it(audited: Product) -> None:
    client = audited.client
    client.head()
    log = _events(client)
    choices = _conditions(log)
    singles = [{name: choice} for name, given in choices.items() for choice in given]
    pairs = [{**one, **two} for one, two in every(singles, singles) if next(iter(one)) < next(iter(two))]
    for wanted in [*singles, *pairs]:
        given = {name: value for name, (value, _) in wanted.items()}
        meant = [event for event in log if all(holds(event) for _, holds in wanted.values())]
        assert _events(client, filter=given) == meant, given
    assert any(node["recordedAt"].startswith("2020") for node in log)


def test_the_newest_events_are_the_last_without_before(audited: Product) -> None:
    log = _events(audited.client)
    assert _events(audited.client, first=None, last=3) == log[-3:]
    assert _events(audited.client, first=None, last=2, before=log[-3]["position"]) == log[-5:-3]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"topics": ["asset-archive"]}, "There is no topic 'asset-archive'"),
        ({"eventTypes": ["AssetArchive"]}, "There is no event type 'AssetArchive'"),
    ],
)
def test_a_name_that_no_event_has_is_refused(audited: Product, wanted: Any, sentence: str) -> None:
    (error,) = audited.client.answer(EVENTS, filter=wanted)["errors"]
    assert error["extensions"]["code"] == "INVALID"
    assert sentence in error["message"]

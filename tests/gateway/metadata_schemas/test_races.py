"""Schemas and entries written by many at once, on real Postgres: neither passes the other unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import combinations
from random import Random

import pytest

from domain.assets.commands import remove_asset_metadata, set_asset_metadata
from domain.assets.events import AssetMetadataRemoved, AssetMetadataSet
from domain.databases.commands import set_database_metadata, update_database
from domain.databases.events import DatabaseRestrictionsSet
from domain.errors import DomainError
from domain.ledger import Ledger
from domain.metadata import Metadata, MetadataValueType, merged
from domain.owners.commands import change_metadata_in_bulk
from domain.owners.owner import AssetOwner, MetadataChange, Setting
from domain.schemas.book import SchemaBook, evolve, load_book
from domain.schemas.commands import (
    delete_metadata_schema,
    disable_metadata_schema,
    enable_metadata_schema,
    update_metadata_schema,
)
from domain.schemas.events import MetadataSchemaEvent
from domain.schemas.fields import GLOBAL, MetadataEntityType
from domain.schemas.rules import rules_of
from tests.domain.library import entry, given_asset, given_database, order
from tests.domain.schemas.describing import ASSETS, NUMBER, STRING, given_schema, one
from tests.gateway.racing import Racers, racers

WRITERS = 32
DUELS = 60


@pytest.fixture
def racing(database_url: str) -> Iterator[Racers]:
    """Two ledgers over a library of 32 assets, a0 to a31."""
    with racers(database_url) as racing:
        given_database(racing.ledger)
        for number in range(WRITERS):
            given_asset(racing.ledger, f"a{number}")
        yield racing


def _set(key: str, value: str, ledger: Ledger, *, asset: str = "a0", value_type: MetadataValueType = STRING) -> None:
    set_asset_metadata(ledger, "shows", asset, entries=[entry(key, value, value_type)], order=order())


def _schemas(racing: Racers) -> SchemaBook:
    return load_book(racing.ledger)[1]


def _require_agreement(book: SchemaBook) -> None:
    """No two enabled schemas that can meet say different things."""
    enabled = [schema for schema in book.schemas.values() if schema.is_enabled]
    for one_schema, other in combinations(enabled, 2):
        if one_schema.meets(other):
            assert list(one_schema.disagreements(other)) == []


def _require_compliance(racing: Racers) -> int:
    """Every change of an asset's entries complies with the schemas as they were at its place in the log."""
    book, is_restricted, states, checked = SchemaBook(), False, dict[str, Metadata](), 0
    for recorded in racing.log():
        event = recorded.event
        if isinstance(event, MetadataSchemaEvent):
            book = evolve(book, event)
        elif isinstance(event, DatabaseRestrictionsSet):
            is_restricted = event.restrict_metadata_outside_schemas
        elif isinstance(event, AssetMetadataSet | AssetMetadataRemoved):
            rules = rules_of(book.applying(ASSETS, frozenset(("shows",))), is_restricted=is_restricted, most=None)
            before, checked = states.get(event.asset_id, {}), checked + 1
            if isinstance(event, AssetMetadataSet):
                assert rules.setting(before, event.entries)[1] == ()
                states[event.asset_id] = merged(before, event.entries, ())
            else:
                assert rules.removing(before, event.keys) == event.keys
                states[event.asset_id] = merged(before, (), event.keys)
    return checked


@pytest.mark.parametrize("entity_type", [MetadataEntityType.ASSET_METADATA, MetadataEntityType.ASSET_LINK_METADATA])
def test_of_schemas_that_disagree_one_is_made(racing: Racers, entity_type: MetadataEntityType) -> None:
    def create(number: int, ledger: Ledger) -> None:
        given_schema(
            ledger,
            one("key", default=str(number)),
            schema_id=f"s{number}",
            database_id="shows" if number % 2 else GLOBAL,
            entity_type=entity_type,
        )

    answers = racing.at_once([partial(create, number) for number in range(WRITERS)])
    assert sorted(answers, key=str) == ["MetadataSchemasDisagree"] * (WRITERS - 1) + [None]
    assert len(_schemas(racing).schemas) == 1


def test_of_disabled_schemas_that_disagree_one_is_enabled(racing: Racers) -> None:
    for number in range(WRITERS):
        given_schema(racing.ledger, one("key", default=str(number)), schema_id=f"s{number}", is_enabled=False)

    def enable(number: int, ledger: Ledger) -> None:
        enable_metadata_schema(ledger, f"s{number}", order=order())

    answers = racing.at_once([partial(enable, number) for number in range(WRITERS)])
    assert sorted(answers, key=str) == ["MetadataSchemasDisagree"] * (WRITERS - 1) + [None]
    assert [schema.is_enabled for schema in _schemas(racing).schemas.values()].count(True) == 1


def test_of_a_schema_and_an_entry_that_breaks_it_one_is_first_and_the_other_knows(racing: Racers) -> None:
    outcomes = set()
    for number in range(DUELS):
        key = f"lens {number}"

        def describe(ledger: Ledger, key: str = key) -> None:
            given_schema(ledger, one(key, NUMBER), schema_id=key)

        racers_now: list[Callable[[Ledger], None]] = [describe, partial(_set, key, "wide")]
        answers = racing.at_once(racers_now if number % 2 else racers_now[::-1])
        outcomes.add(tuple(sorted(answers, key=str)))
    assert outcomes <= {(None, None), ("MetadataNotCompliant", None)}
    _require_compliance(racing)


def test_of_a_restriction_and_a_free_key_one_is_first_and_the_other_knows(racing: Racers) -> None:
    given_schema(racing.ledger, one("unit"))

    def restrict(value: bool, ledger: Ledger) -> None:
        update_database(ledger, "shows", restrict_metadata_outside_schemas=value, order=order())

    for number in range(DUELS):
        restrict(False, racing.ledger)
        answers = racing.at_once([partial(restrict, True), partial(_set, f"free {number}", "x")])
        assert answers in ([None, None], [None, "MetadataNotCompliant"])
    _require_compliance(racing)


def test_writers_of_entries_do_not_contend_with_each_other(racing: Racers) -> None:
    update_database(racing.ledger, "shows", restrict_metadata_outside_schemas=True, order=order())
    given_schema(racing.ledger, one("unit", is_required=True), one("fps", NUMBER, default="24"))

    def write(number: int, ledger: Ledger) -> None:
        for value in "ABCD":
            _set("unit", value, ledger, asset=f"a{number}")

    answers = racing.at_once([partial(write, number) for number in range(WRITERS)])
    assert (answers, racing.conflicts) == ([None] * WRITERS, 0)


def test_a_bulk_change_complies_with_a_schema_that_is_made_meanwhile(racing: Racers) -> None:
    for number in range(10):
        key = f"lens {number}"
        changes = [
            MetadataChange(AssetOwner("shows", f"a{asset}"), Setting([entry(key, "wide"), entry("note", str(number))]))
            for asset in range(WRITERS)
        ]

        def change(ledger: Ledger, changes: list[MetadataChange] = changes) -> None:
            change_metadata_in_bulk(ledger, changes, order=order())

        def describe(ledger: Ledger, key: str = key) -> None:
            given_schema(ledger, one(key, NUMBER), schema_id=key)

        answers = racing.at_once([change, describe])
        assert answers in ([None, None], ["ItemsRefused", None])
    _require_compliance(racing)


KINDS = (STRING, NUMBER)


def _write_schemas(random: Random, ledger: Ledger) -> None:
    schema_id, key = random.choice("stuv"), random.choice("abc")
    fields = (one(key, random.choice(KINDS), is_required=random.random() < 0.3), one("base", is_required=True))
    match random.randrange(5):
        case 0:
            given_schema(ledger, *fields, schema_id=schema_id, database_id=random.choice(("shows", GLOBAL)))
        case 1:
            update_metadata_schema(ledger, schema_id, fields=fields, order=order())
        case 2:
            enable_metadata_schema(ledger, schema_id, order=order())
        case 3:
            disable_metadata_schema(ledger, schema_id, order=order())
        case 4:
            delete_metadata_schema(ledger, schema_id, is_confirmed=True, order=order())


def _write_entries(random: Random, ledger: Ledger) -> None:
    asset, key = f"a{random.randrange(6)}", random.choice("abcd")
    match random.randrange(4):
        case 0:
            remove_asset_metadata(ledger, "shows", asset, keys=[key], order=order())
        case 1:
            set_database_metadata(ledger, "shows", entries=[entry(key, "x")], order=order())
        case _:
            _set(key, random.choice(("1", "")), ledger, asset=asset, value_type=random.choice(KINDS))


@pytest.mark.parametrize("seed", range(3))
def test_storms_of_every_command_leave_agreement_and_compliance(racing: Racers, seed: int) -> None:
    def work(number: int, ledger: Ledger) -> None:
        random = Random(seed * WRITERS + number)
        for _ in range(10):
            with suppress(DomainError):
                (_write_schemas if number % 4 == 0 else _write_entries)(random, ledger)

    assert racing.at_once([partial(work, number) for number in range(WRITERS)]) == [None] * WRITERS
    _require_agreement(_schemas(racing))
    assert _require_compliance(racing) > 20

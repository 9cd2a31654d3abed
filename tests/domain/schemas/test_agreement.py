"""Schemas that can apply to one entity agree about its keys, or the later one is refused."""

from __future__ import annotations

from typing import Any

import pytest

from domain.schemas.commands import disable_metadata_schema, enable_metadata_schema, update_metadata_schema
from domain.schemas.errors import MetadataSchemasDisagree
from domain.schemas.fields import GLOBAL, MetadataEntityType, SchemaField
from tests.domain.library import given_database, order, refused
from tests.domain.schemas.describing import (
    ASSETS,
    ATTRIBUTES,
    DATABASES,
    FILES,
    LINKS,
    LIST,
    NUMBER,
    given_schema,
    one,
)
from tests.doubles.memory_ledger import MemoryLedger

NEED = one("need")
BASE = one("key", LIST, depends_on=("need",), controlled_list=("a", "b"), default="a")
DIFFERENCES: dict[str, tuple[SchemaField, str]] = {
    "value type": (one("key", NUMBER, depends_on=("need",), default="1"), "value type and default and controlled list"),
    "required": (
        one("key", LIST, is_required=True, depends_on=("need",), controlled_list=("a", "b"), default="a"),
        "required",
    ),
    "dependsOn": (one("key", LIST, controlled_list=("a", "b"), default="a"), "dependsOn"),
    "default": (one("key", LIST, depends_on=("need",), controlled_list=("a", "b"), default="b"), "default"),
    "no default": (one("key", LIST, depends_on=("need",), controlled_list=("a", "b")), "default"),
    "list": (one("key", LIST, depends_on=("need",), controlled_list=("a", "c"), default="a"), "controlled list"),
}


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_a_field_that_differs_is_refused_with_the_other_schema_and_what_differs(
    shows: MemoryLedger, difference: str
) -> None:
    field, words = DIFFERENCES[difference]
    given_schema(shows, BASE, NEED)
    with refused(shows, MetadataSchemasDisagree, "fields"):
        given_schema(shows, field, NEED, schema_id="s2")
    with pytest.raises(MetadataSchemasDisagree) as caught:
        given_schema(shows, field, NEED, schema_id="s2")
    assert (caught.value.key, caught.value.other) == ("key", "'s1' (shows, id s1)")
    assert f"'key' differs in {words} from that of the enabled schema 's1' (shows, id s1)," in str(caught.value)


def test_places_and_orders_may_differ(shows: MemoryLedger) -> None:
    given_schema(shows, BASE, NEED)
    other = one("key", LIST, depends_on=("need",), controlled_list=("b", "a"), default="a", sequence=7)
    given_schema(shows, one("need", sequence=9), other, schema_id="s2")


@pytest.mark.parametrize("entity_type", list(MetadataEntityType))
@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        ("shows", "shows", True),
        ("shows", GLOBAL, True),
        (GLOBAL, "shows", True),
        (GLOBAL, GLOBAL, True),
        ("shows", "films", False),
    ],
)
def test_databases_meet_themselves_and_global_and_links_meet_all(
    shows: MemoryLedger, entity_type: MetadataEntityType, first: str, second: str, is_refused: bool
) -> None:
    given_database(shows, "films")
    given_schema(shows, one("key", is_required=True), database_id=first, entity_type=entity_type)
    later: Any = {"schema_id": "s2", "database_id": second, "entity_type": entity_type}
    if is_refused or entity_type is LINKS:
        with refused(shows, MetadataSchemasDisagree, "fields"):
            given_schema(shows, one("key"), **later)
    else:
        given_schema(shows, one("key"), **later)


@pytest.mark.parametrize("entity_type", [FILES, ATTRIBUTES])
@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        ((), (), True),
        ((".exr",), (), True),
        ((), (".exr",), True),
        ((".exr", ".dpx"), (".DPX", ".jpg"), True),
        ((".exr",), (".jpg",), False),
        ((".exr",), (".jpg", ".all"), True),
    ],
)
def test_files_meet_where_an_extension_is_in_both(
    shows: MemoryLedger,
    entity_type: MetadataEntityType,
    first: tuple[str, ...],
    second: tuple[str, ...],
    is_refused: bool,
) -> None:
    given_schema(shows, one("key", is_required=True), entity_type=entity_type, file_key_type_restriction=first)
    later: Any = {"schema_id": "s2", "entity_type": entity_type, "file_key_type_restriction": second}
    if is_refused:
        with refused(shows, MetadataSchemasDisagree, "fields"):
            given_schema(shows, one("key"), **later)
    else:
        given_schema(shows, one("key"), **later)


def test_other_entities_and_other_keys_do_not_meet(shows: MemoryLedger) -> None:
    for number, entity_type in enumerate((ASSETS, DATABASES, FILES, ATTRIBUTES, LINKS)):
        field = one("key", is_required=bool(number % 2), default=str(number))
        given_schema(shows, field, schema_id=f"s{number}", entity_type=entity_type)
    given_schema(shows, one("other", is_required=True), schema_id="another")


def test_a_disabled_schema_may_say_anything_until_it_is_enabled(shows: MemoryLedger) -> None:
    given_schema(shows, one("key", is_required=True))
    given_schema(shows, one("key"), schema_id="s2", is_enabled=False)
    with refused(shows, MetadataSchemasDisagree, "fields"):
        enable_metadata_schema(shows, "s2", order=order())
    disable_metadata_schema(shows, "s1", order=order())
    enable_metadata_schema(shows, "s2", order=order())
    with refused(shows, MetadataSchemasDisagree, "fields"):
        enable_metadata_schema(shows, "s1", order=order())


def test_a_change_is_held_to_agreement_and_not_with_itself(shows: MemoryLedger) -> None:
    given_schema(shows, one("key", is_required=True))
    given_schema(shows, one("other"), schema_id="s2")
    with refused(shows, MetadataSchemasDisagree, "fields"):
        update_metadata_schema(shows, "s2", fields=(one("other"), one("key")), order=order())
    update_metadata_schema(shows, "s1", fields=(one("key"),), order=order())
    update_metadata_schema(shows, "s2", fields=(one("other"), one("key")), order=order())


def test_a_wider_restriction_is_held_to_agreement(shows: MemoryLedger) -> None:
    given_schema(shows, one("key"), entity_type=FILES, file_key_type_restriction=(".exr",))
    given_schema(shows, one("key", NUMBER), schema_id="s2", entity_type=FILES, file_key_type_restriction=(".jpg",))
    with refused(shows, MetadataSchemasDisagree, "fields"):
        update_metadata_schema(shows, "s2", file_key_type_restriction=(), order=order())
    update_metadata_schema(shows, "s2", file_key_type_restriction=(".png",), order=order())


def test_a_disabled_schema_is_changed_without_agreement(shows: MemoryLedger) -> None:
    given_schema(shows, one("key", is_required=True))
    given_schema(shows, one("other"), schema_id="s2", is_enabled=False)
    update_metadata_schema(shows, "s2", fields=(one("key"),), order=order())

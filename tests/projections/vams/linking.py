"""Random commands on tags and links; link ids are few, so that commands meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from hypothesis import strategies as st

from domain.cause import Order
from domain.links.commands import (
    create_asset_link,
    delete_asset_link,
    remove_link_metadata,
    set_link_metadata,
    update_asset_link,
)
from domain.links.events import RelationshipType
from domain.links.link import AssetKey
from domain.metadata import MetadataEntry
from domain.tags.commands import (
    create_tag,
    create_tag_type,
    delete_tag,
    delete_tag_type,
    update_tag,
    update_tag_type,
)
from tests.doubles.memory_ledger import MemoryLedger

Command: TypeAlias = Callable[[MemoryLedger, Order], object]
TAG_TYPES = ("look", "mood")
TAGS = ("x", "y", "z")
LINKS = ("link-1", "link-2", "link-3")

tag_types = st.sampled_from(TAG_TYPES)
tags = st.sampled_from(TAGS)
tag_lists = st.lists(tags, max_size=2).map(tuple)
links = st.sampled_from(LINKS)
assets = st.sampled_from([AssetKey("shows", "shot_010"), AssetKey("shows", "shot_020"), AssetKey("shows", "prop")])
aliases = st.sampled_from(["", "left", "right"])
words = st.sampled_from(["", "one", "two"])


def _link(link: str, ends: tuple[AssetKey, AssetKey], kind: RelationshipType, given: tuple[str, ...]) -> Command:
    def create(ledger: MemoryLedger, order: Order) -> None:
        create_asset_link(
            ledger,
            f"{link}-{order.cause.correlation_id}" if len(given) == 2 else link,
            from_asset=ends[0],
            to_asset=ends[1],
            relationship_type=kind,
            alias="left" if given and kind is RelationshipType.PARENT_CHILD else None,
            tags=given,
            order=order,
        )

    return create


def _describe(link: str, key: str, value: str, replace_all: bool) -> Command:
    entries = [MetadataEntry(key=key, value=value)]
    return lambda ledger, order: set_link_metadata(ledger, link, entries=entries, replace_all=replace_all, order=order)


def _given(command: Callable[..., object], *strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Command]:
    """Commands on one noun, whose further values are named by the last strategy."""

    def build(*key: Any) -> Command:
        *names, values = key
        return lambda ledger, order: command(ledger, *names, **values, order=order)

    return st.builds(build, *strategies)


def _values(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(strategies)


GIVEN_TAGS: list[Command] = [
    lambda ledger, order: create_tag_type(ledger, "look", order=order),
    *(lambda ledger, order, tag=tag: create_tag(ledger, tag, tag_type_name="look", order=order) for tag in TAGS),
]
tagging_and_linking: st.SearchStrategy[Command] = st.one_of(
    _given(create_tag_type, tag_types, _values(description=words, is_required=st.booleans())),
    _given(update_tag_type, tag_types, _values(description=words, is_required=st.booleans())),
    _given(delete_tag_type, tag_types, _values()),
    _given(create_tag, tags, _values(tag_type_name=tag_types, description=words)),
    _given(update_tag, tags, _values(tag_type_name=tag_types, description=words)),
    _given(delete_tag, tags, _values()),
    st.builds(_link, links, st.tuples(assets, assets), st.sampled_from(RelationshipType), tag_lists),
    st.builds(_link, links, st.tuples(assets, assets), st.sampled_from(RelationshipType), tag_lists),
    _given(update_asset_link, links, _values(alias=aliases, tags=tag_lists)),
    _given(delete_asset_link, links, _values()),
    st.builds(_describe, links, words.filter(bool), words, st.booleans()),
    st.builds(_describe, links, words.filter(bool), words, st.booleans()),
    _given(remove_link_metadata, links, _values(keys=st.lists(words, max_size=2))),
)

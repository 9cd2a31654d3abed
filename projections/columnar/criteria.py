"""What is asked of frames, as conditions that the store pushes down."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from projections.columnar.filters import AllOf, AnyOf, Column, Filter, Operator

FIRST_PART = Column("part_index").eq(0)
IN_WORK = Column("asset_key").in_table("assets", "asset_key", Column("is_archived").eq(value=False))
"""Files of assets that are not archived."""


@dataclass(frozen=True, slots=True)
class AttributeCriterion:
    """One header attribute of any part with this name and, where given, such a value; without one it exists."""

    key: str
    equals: str | None = None
    """Compared with the text, and with the number when this is one."""
    contains: str | None = None
    """Part of the text; capitals count."""
    gte: str | None = None
    """Inclusive. Numbers compare with numbers, anything else with the text in its own order, as EXR dates allow."""
    lte: str | None = None


@dataclass(frozen=True, slots=True)
class FrameCriteria:
    """Conditions on the latest versions of inspected files in work; all must hold, None and () ask nothing.

    Width, height and compression are the first part's; channels, layers and attributes are any part's.
    """

    database_id: str | None = None
    asset_id: str | None = None
    path_prefix: str | None = None
    channels_any: tuple[str, ...] = ()
    layers_any: tuple[str, ...] = ()
    compression_in: tuple[str, ...] = ()
    is_deep: bool | None = None
    frame_number_gte: int | None = None
    frame_number_lte: int | None = None
    min_width: int | None = None
    min_height: int | None = None
    attribute: AttributeCriterion | None = None
    include_archived: bool = False
    """Take archived files and files of archived assets too."""


def condition(criteria: FrameCriteria) -> Filter:
    """The condition on rows of asset_files; archived files and files of archived assets are frames only if wanted."""
    in_work = () if criteria.include_archived else (Column("is_archived").eq(value=False), IN_WORK)
    return AllOf((Column("is_latest").eq(value=True), *in_work, *_link(criteria), *_headers(criteria)))


def _link(criteria: FrameCriteria) -> Iterator[Filter]:
    if criteria.database_id is not None:
        yield Column("database_id").eq(criteria.database_id)
    if criteria.asset_id is not None:
        yield Column("asset_id").eq(criteria.asset_id)
    if criteria.path_prefix:
        yield Column("path").starts_with(criteria.path_prefix)


def _headers(criteria: FrameCriteria) -> Iterator[Filter]:
    yield _of("files", AllOf(tuple(_file(criteria))))
    part = tuple(_part(criteria))
    if part:
        yield _of("parts", AllOf((FIRST_PART, *part)))
    if criteria.channels_any:
        yield _of("channels", Column("channel_name").is_in(criteria.channels_any))
    if criteria.layers_any:
        yield _of("channels", Column("layer_name").is_in(criteria.layers_any))
    if criteria.attribute is not None:
        yield _of("attributes", AllOf(tuple(_attribute(criteria.attribute))))


def _of(table: str, where: Filter) -> Filter:
    return Column("file_id").in_table(table, "file_id", where)


def _file(criteria: FrameCriteria) -> Iterator[Filter]:
    if criteria.is_deep is not None:
        yield Column("is_deep").eq(criteria.is_deep)
    if criteria.frame_number_gte is not None:
        yield Column("frame_number").gte(criteria.frame_number_gte)
    if criteria.frame_number_lte is not None:
        yield Column("frame_number").lte(criteria.frame_number_lte)


def _part(criteria: FrameCriteria) -> Iterator[Filter]:
    if criteria.compression_in:
        yield Column("compression").is_in(criteria.compression_in)
    if criteria.min_width is not None:
        yield Column("width").gte(criteria.min_width)
    if criteria.min_height is not None:
        yield Column("height").gte(criteria.min_height)


def _attribute(criterion: AttributeCriterion) -> Iterator[Filter]:
    yield Column("attr_name").eq(criterion.key)
    if criterion.equals is not None:
        yield AnyOf((Column("value_text").eq(criterion.equals), *_same_number(criterion.equals)))
    if criterion.contains is not None:
        yield Column("value_text").contains(criterion.contains)
    if criterion.gte is not None:
        yield _bound("gte", criterion.gte)
    if criterion.lte is not None:
        yield _bound("lte", criterion.lte)


def _same_number(text: str) -> Iterator[Filter]:
    number = _number(text)
    if number is not None:
        yield Column("value_float").eq(number)


def _bound(operator: Operator, bound: str) -> Filter:
    number = _number(bound)
    column, value = ("value_text", bound) if number is None else ("value_float", number)
    return Column(column).gte(value) if operator == "gte" else Column(column).lte(value)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None

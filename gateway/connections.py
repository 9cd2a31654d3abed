"""The Relay shapes every list uses."""

from __future__ import annotations

from typing import Generic, NoReturn, TypeVar

import strawberry

NodeType = TypeVar("NodeType")


@strawberry.interface(description="Anything with a global id.")
class Node:
    """The Relay node."""

    id: strawberry.ID = strawberry.field(
        description="Global id; opaque. Natural keys are accepted everywhere beside it."
    )


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """The Relay page info."""

    has_next_page: bool = strawberry.field(description="Whether rows follow the page.")
    has_previous_page: bool = strawberry.field(description="Whether rows lie before the page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first edge; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last edge; null on an empty page.")


@strawberry.type(description="A row of a page.")
class Edge(Generic[NodeType]):
    """The Relay edge."""

    cursor: str = strawberry.field(description="Opaque place of the row in its order; give it as after or before.")
    node: NodeType = strawberry.field(description="The row itself.")


@strawberry.type(description="A page of a list: first/after reads forward, last/before backward where it is offered.")
class Connection(Generic[NodeType]):
    """The Relay connection."""

    edges: list[Edge[NodeType]] = strawberry.field(description="The rows of the page in the order of the list.")
    page_info: PageInfo = strawberry.field(description="Whether there is more, and from where to go on.")
    total_count: int = strawberry.field(description="Rows of the whole list; counted only when it is asked for.")


class ReadOutsidePlan(Exception):
    """A field that SQL answers was resolved in Python: its root field must be planned."""


def unplanned(field: str) -> NoReturn:
    """Body of fields with arguments that a plan answers; they are never called."""
    raise ReadOutsidePlan(f"{field} is answered by the plan of its root field and was called on its own.")

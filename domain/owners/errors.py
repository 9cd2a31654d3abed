"""Refusals of changes of many owners at once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.errors import Conflict, DomainError


class Refusal(msgspec.Struct, frozen=True):
    """Why one item of a bulk command was refused, as it is kept with the command's result."""

    index: int
    error: str
    """Name of the error's class."""
    message: str
    path: tuple[str, ...]


class ItemsRefused(Conflict):
    """Items of a bulk command were refused and nothing was recorded; `errors` has one for each of them."""

    def __init__(self, errors: Sequence[DomainError], items: int) -> None:
        super().__init__(f"{len(errors)} of {items} items were refused, and nothing was changed.", path=("items",))
        self.errors = tuple(errors)

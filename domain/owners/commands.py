"""The one way that metadata entries are set and removed, of one owner or of many, by whomever."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.cause import Order
from domain.errors import DomainError, Invalid, LimitExceeded
from domain.ledger import Ledger
from domain.owners.errors import ItemsRefused, Refusal
from domain.owners.opened import OpenedOwners
from domain.owners.owner import MetadataChange, checked
from domain.stream import Decision, Outcome

MAX_ITEMS = 10_000


def change_metadata(ledger: Ledger, change: MetadataChange, *, order: Order) -> Outcome:
    """Change the entries of one owner.

    Raises NotFound or Archived for the owner, MetadataInvalid, PathInvalid, MetadataNotCompliant,
    MetadataValueTypeFixed, TooManyMetadataEntries.
    """
    wanted = checked(change)

    def decide() -> Decision:
        opened = OpenedOwners(ledger, [wanted.owner])
        opened.apply(wanted, order=order)
        return Decision(opened.changes(), held=opened.held)

    return ledger.carry_out(order, decide)


def change_metadata_in_bulk(
    ledger: Ledger, changes: Sequence[MetadataChange], *, is_all_or_nothing: bool = False, order: Order
) -> Outcome:
    """Change the entries of up to 10 000 owners in one transaction, one item after the other.

    Items that are refused change nothing; the result has how many were `applied`, and the others in `refusals`, the
    JSON of a list of Refusal. Raises ItemsRefused when all are refused, or, with `is_all_or_nothing`, any.
    """
    if not changes:
        raise Invalid("At least one item is needed.", path=("items",))
    if len(changes) > MAX_ITEMS:
        raise LimitExceeded(f"One call takes at most {MAX_ITEMS} items, not {len(changes)}.", path=("items",))
    wanted, faults = _checked(changes)

    def decide() -> Decision:
        opened = OpenedOwners(ledger, [change.owner for _, change in wanted])
        errors = dict(faults)
        for index, change in wanted:
            try:
                opened.apply(change)
            except DomainError as error:
                errors[index] = _placed(error, index)
        if errors and (is_all_or_nothing or len(errors) == len(changes)):
            raise ItemsRefused([errors[index] for index in sorted(errors)], len(changes))
        return Decision(opened.changes(), _result(errors, len(changes)), held=opened.held)

    return ledger.carry_out(order, decide)


def _checked(changes: Sequence[MetadataChange]) -> tuple[list[tuple[int, MetadataChange]], dict[int, DomainError]]:
    """The items that can be decided on, with their places, and what is wrong with the others by themselves."""
    wanted: list[tuple[int, MetadataChange]] = []
    faults: dict[int, DomainError] = {}
    for index, change in enumerate(changes):
        try:
            wanted.append((index, checked(change)))
        except DomainError as error:
            faults[index] = _placed(error, index)
    return wanted, faults


def _placed(error: DomainError, index: int) -> DomainError:
    """The error with the place of its item at the head of its path."""
    error.path = ("items", str(index), *error.path)
    return error


def _result(errors: dict[int, DomainError], items: int) -> dict[str, str]:
    refusals = [
        Refusal(index, type(errors[index]).__name__, errors[index].message, errors[index].path)
        for index in sorted(errors)
    ]
    return {"applied": str(items - len(errors)), "refusals": msgspec.json.encode(refusals).decode()}

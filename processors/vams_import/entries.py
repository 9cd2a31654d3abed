"""Metadata entries out of rows, and their application to many owners at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from domain.errors import DomainError
from domain.metadata import MetadataEntry, MetadataInvalid, MetadataValueType, check_entries
from domain.owners.commands import MAX_ITEMS, change_metadata_in_bulk
from domain.owners.errors import ItemsRefused, Refusal
from domain.owners.owner import MetadataChange, Owner, Removal, Setting
from processors.vams_import.session import Session
from processors.vams_import.staging import Row
from processors.vams_import.values import text

Entries = dict[str, tuple[MetadataEntry, Row]]
"""The entries of one owner by key, each with the row it came from."""
Wanted = tuple[Owner, Mapping[str, tuple[MetadataEntry, Row]], Entries]
"""An owner, what it has, and what it is to have."""


def entry_of(session: Session, row: Row, name: str, *, key: str | None = None) -> MetadataEntry | None:
    """The entry of a row whose attributes begin with `name`; None, and told of the row, when it can't be stored."""
    found = _typed(session, row, name, text(row.get(f"{name}Key")) if key is None else key)
    for entry in (found, msgspec.structs.replace(found, value_type=MetadataValueType.STRING)):
        try:
            check_entries([entry])
        except MetadataInvalid as error:
            fault = error
        else:
            if entry is not found:
                session.change(row, f"it is a string here: {fault.message}")
            return entry
    session.refuse(row, fault.message)
    return None


def _typed(session: Session, row: Row, name: str, key: str) -> MetadataEntry:
    given = row.get(f"{name}Value")
    value = json.dumps(given) if isinstance(given, dict | list | bool) else text(given)
    named = text(row.get(f"{name}ValueType")).lower() or MetadataValueType.STRING
    try:
        value_type = MetadataValueType(named)
    except ValueError:
        session.change(row, f"it is a string here: there is no type {named!r}")
        value_type = MetadataValueType.STRING
    if value_type is MetadataValueType.BOOLEAN and value.lower() in ("true", "false") and value != value.lower():
        session.change(row, f"the boolean {value!r} is {value.lower()!r} here")
        value = value.lower()
    return MetadataEntry(key=key, value=value, value_type=value_type)


def apply_entries(session: Session, wanted: Sequence[Wanted], *, seed: tuple[Any, ...]) -> set[Owner]:
    """Give owners the entries they are to have, in as few commands as there can be.

    Refusals are told of the rows; returns the owners that were refused anything, whose entries are not known now.
    """
    changes: list[tuple[MetadataChange, list[Row]]] = []
    for owner, before, after in wanted:
        changes += _changes(owner, before, after)
    refused: set[Owner] = set()
    for start in range(0, len(changes), MAX_ITEMS):
        refused |= _apply(session, changes[start : start + MAX_ITEMS], (*seed, start))
    return refused


def _changes(
    owner: Owner, before: Mapping[str, tuple[MetadataEntry, Row]], after: Entries
) -> list[tuple[MetadataChange, list[Row]]]:
    """What turns one into the other; a key whose type changes is removed first, because types are fixed."""
    had = {key: entry for key, (entry, _) in before.items()}
    wanted = {key: entry for key, (entry, _) in after.items()}
    gone = [key for key in had if key not in wanted or wanted[key].value_type != had[key].value_type]
    new = [key for key in wanted if had.get(key) != wanted[key]]
    changes: list[tuple[MetadataChange, list[Row]]] = []
    if gone:
        changes.append((MetadataChange(owner, Removal(gone)), []))
    if new:
        setting = MetadataChange(owner, Setting([wanted[key] for key in new]))
        changes.append((setting, [after[key][1] for key in new]))
    return changes


def _apply(session: Session, changes: list[tuple[MetadataChange, list[Row]]], seed: tuple[Any, ...]) -> set[Owner]:
    order = session.order(*seed, [repr(change) for change, _ in changes])
    try:
        outcome = change_metadata_in_bulk(session.ledger, [change for change, _ in changes], order=order)
        refusals = msgspec.json.decode(outcome.result["refusals"], type=list[Refusal])
        reasons = {refusal.index: refusal.message for refusal in refusals}
    except ItemsRefused as refused:
        reasons = {int(error.path[1]): error.message for error in refused.errors}
    except DomainError as error:
        reasons = dict.fromkeys(range(len(changes)), error.message)
    for index, reason in reasons.items():
        session.refuse_all(changes[index][1], reason)
    return {changes[index][0].owner for index in reasons}

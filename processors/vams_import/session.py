"""One run of an import: where rows come from, what commands are given, and what is told of every row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from domain.cause import Cause, Order
from domain.errors import AlreadyExists, DomainError
from domain.imports.commands import record_origins
from domain.imports.events import OriginRecorded
from domain.ledger import Ledger
from domain.stream import Outcome
from domain.subscriptions.targets import DeliveryPolicy
from processors.objects.store import ObjectStore
from processors.vams_import.report import Report
from processors.vams_import.staging import Row, Staging
from processors.vams_import.values import moment, text

SOURCE = "vams"
ORIGINS_A_COMMAND = 1000
SHORTEST_DESCRIPTION = 4
LONGEST_DESCRIPTION = 256
MADE_AT = ("createdAt", "dateCreated", "createdOn")
MADE_BY = ("createdBy",)


class AndOr(StrEnum):
    """What a constraint means that has criteria of both kinds."""

    ALTERNATIVES = "alternatives"
    """All of one kind or any of the other, as VAMS 2.5 reads it: becomes two constraints."""
    ALL = "all"
    """All of one kind and any of the other, as VAMS 2.6 reads it."""


class DanglingTags(StrEnum):
    """What becomes of a tag that is in no table of tags."""

    DROP = "drop"
    CREATE = "create"


@dataclass(frozen=True)
class Rules:
    """What to do where the export leaves a choice."""

    and_or: AndOr | None = None
    """None leaves out constraints that have criteria of both kinds."""
    dangling_tags: DanglingTags = DanglingTags.DROP
    delivery: DeliveryPolicy = field(default_factory=DeliveryPolicy)
    """What this server's settings allow subscriptions."""


@dataclass
class Session:
    """The state of one run."""

    ledger: Ledger
    staging: Staging
    report: Report
    cause: Cause
    rules: Rules
    objects: ObjectStore | None = None
    """Where to look whether files' objects are there; None does not look."""
    buckets: dict[str, str] = field(default_factory=dict)
    """Bucket ids here by those of VAMS."""
    databases: dict[str, str] = field(default_factory=dict)
    """Bucket ids of the databases that are there, by database id."""
    deleted_databases: list[str] = field(default_factory=list)
    tag_types: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    archived: dict[tuple[str, str], str] = field(default_factory=dict)
    """Reasons by asset: what is archived when everything else is done."""
    _origins: list[OriginRecorded] = field(default_factory=list)

    def order(self, *seed: Any) -> Order:
        """An order that a later run with the same export repeats instead of giving it anew."""
        digest = hashlib.sha256(json.dumps(seed, sort_keys=True, default=str).encode()).hexdigest()
        return Order(cause=self.cause, idempotency_key=f"vams:{digest}", fingerprint=digest)

    def attempt(self, row: Row, command: partial[Outcome], *, may_exist: bool = False) -> Outcome | None:
        """Give the command and return what it did; None when it was refused, which is told of the row.

        Where it may exist already, what is there is kept as it is.
        """
        try:
            return command(order=self._order_of(row, command))
        except AlreadyExists as error:
            if may_exist:
                self.change(row, f"what is there already was kept as it is: {error.message}")
                return Outcome(0, {})
            self.report.refuse(row.table, row.key, error.message)
        except DomainError as error:
            self.report.refuse(row.table, row.key, error.message)
        return None

    def amend(self, row: Row, command: partial[Outcome], *, otherwise: str) -> Outcome | None:
        """Like attempt, for a part of a row: when it is refused, the row was taken over without it."""
        try:
            return command(order=self._order_of(row, command))
        except DomainError as error:
            self.change(row, f"{otherwise}: {error.message}")
            return None

    def _order_of(self, row: Row, command: partial[Outcome]) -> Order:
        return self.order(row.table, row.key, command.func.__name__, command.args[1:], command.keywords)

    def change(self, row: Row, reason: str) -> None:
        """The row is taken over in another form."""
        self.report.change(row.table, row.key, reason)

    def refuse(self, row: Row, reason: str) -> None:
        """The row is not taken over."""
        self.report.refuse(row.table, row.key, reason)

    def refuse_all(self, rows: Iterable[Row], reason: str) -> None:
        """None of the rows is taken over."""
        for row in rows:
            self.refuse(row, reason)

    def description(self, row: Row, *, name: str = "description") -> str:
        """A description that may be stored: VAMS's own, made longer or shorter where it breaks the rule."""
        given = text(row.get(name)).replace("\x00", "\ufffd")
        if SHORTEST_DESCRIPTION <= len(given) <= LONGEST_DESCRIPTION:
            return given
        stored = given[:LONGEST_DESCRIPTION] if len(given) > LONGEST_DESCRIPTION else f"{given} (imported)".strip()
        self.change(row, f"its {name} {given!r} has {len(given)} characters and became {stored!r}")
        return stored

    def tags_of(self, row: Row, given: Sequence[str], create: Callable[[Row, str], bool]) -> tuple[str, ...]:
        """Those of the tags that exist; the others are made or left out, as the rule has it."""
        kept = []
        for tag in given:
            if tag in self.tags or (self.rules.dangling_tags is DanglingTags.CREATE and create(row, tag)):
                kept.append(tag)
            else:
                self.change(row, f"its tag {tag!r} does not exist and was left out")
        return tuple(kept)

    def came_from(self, row: Row, kind: str, subject: Sequence[str], carried: Collection[str]) -> None:
        """Keep where the row's subject came from, with the attributes that were not carried over."""
        dates = [moment(row.get(name)) for name in MADE_AT if row.get(name) is not None]
        authors = [text(row.get(name)) for name in (*MADE_BY, "commentOwnerID") if row.get(name)]
        left = {name: value for name, value in row.item.items() if name not in carried and value not in (None, "")}
        self._origins.append(
            OriginRecorded(
                source=SOURCE,
                subject_kind=kind,
                subject=tuple(subject),
                source_key=row.key,
                made_at=next((date for date in dates if date), None),
                made_by=next(iter(authors), None),
                attributes=left,
            )
        )
        if len(self._origins) >= ORIGINS_A_COMMAND:
            self.flush()

    def flush(self) -> None:
        """Record the origins that are kept so far."""
        if self._origins:
            origins, self._origins = self._origins, []
            record_origins(self.ledger, origins, order=Order(cause=self.cause))

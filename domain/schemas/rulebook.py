"""The rules of every entity that one decision touches, and the streams that it must hold for them."""

from __future__ import annotations

from typing import Any

from domain.databases.database import DATABASES, Database
from domain.files.paths import extension
from domain.ledger import Ledger
from domain.schemas.book import load_book
from domain.schemas.fields import MetadataEntityType
from domain.schemas.rules import Rules, rules_of
from domain.stream import Stream


class Rulebook:
    """Made anew for each attempt of a decision, which must hold `held`: then no schema passes it unseen.

    Whoever changes metadata only holds these streams, so that writers of metadata do not contend with each other.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._stream, self._book = load_book(ledger)
        self._databases: dict[str, Stream[Database]] = {}
        self._rules: dict[tuple[MetadataEntityType, frozenset[str], str | None], Rules] = {}

    @property
    def held(self) -> tuple[Stream[Any], ...]:
        """What was read so far."""
        return (self._stream, *self._databases.values())

    def of_database(self, database_id: str) -> Rules:
        """For a database's own metadata."""
        return self._of(MetadataEntityType.DATABASE_METADATA, frozenset((database_id,)))

    def of_asset(self, database_id: str) -> Rules:
        """For an asset's metadata."""
        return self._of(MetadataEntityType.ASSET_METADATA, frozenset((database_id,)))

    def of_file(self, database_id: str, path: str, *, attributes: bool = False) -> Rules:
        """For the metadata of a file, or for its attributes."""
        kind = MetadataEntityType.FILE_ATTRIBUTE if attributes else MetadataEntityType.FILE_METADATA
        return self._of(kind, frozenset((database_id,)), extension(path))

    def of_link(self, from_database_id: str, to_database_id: str) -> Rules:
        """For the metadata of a link between assets of these databases."""
        return self._of(MetadataEntityType.ASSET_LINK_METADATA, frozenset((from_database_id, to_database_id)))

    def _of(self, entity_type: MetadataEntityType, databases: frozenset[str], suffix: str | None = None) -> Rules:
        key = (entity_type, databases, suffix)
        if key not in self._rules:
            schemas = self._book.applying(entity_type, databases, suffix)
            is_restricted = bool(schemas) and self._restrict(databases)
            most = self._ledger.limits.metadata_entries
            self._rules[key] = rules_of(schemas, is_restricted=is_restricted, most=most)
        return self._rules[key]

    def _restrict(self, databases: frozenset[str]) -> bool:
        """Whether any of the databases takes only keys of schemas."""
        missing = sorted(databases - self._databases.keys())
        found = self._ledger.load_many(DATABASES, [(database_id,) for database_id in missing]) if missing else []
        self._databases.update(zip(missing, found, strict=True))
        states = (self._databases[database_id].state for database_id in databases)
        return any(state is not None and state.restrict_metadata_outside_schemas for state in states)
